//! The codes of every table, for import.

use domain::extract::{Keeping, Table};
use domain::import::{Catalog, Codes, Node};

use crate::error::Result;
use crate::upsert::LAST_GIVEN;
use crate::{Store, packed};

impl Store {
    /// Every stored code with its id. To be read under the lock of the data folder: import gives out ids by it.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn catalog(&self) -> Result<Catalog> {
        let mut catalog = Catalog::default();
        for &table in Table::ALL.iter().filter(|table| table.keeping() == Keeping::Records) {
            let mut codes: Vec<(Box<str>, i64)> = Vec::new();
            packed::scan(self.database.readers(), table.code(), &["id", "code"], &mut |chunk| {
                let texts = chunk.texts(1)?.into_iter().flatten();
                codes.extend(texts.zip(chunk.wholes(0)?).map(|(code, id)| ((&*code).into(), id)));
                Ok(())
            })
            .await?;
            *catalog.codes_mut(table) = Codes::from_stored(codes);
        }
        self.place_units(catalog.codes_mut(Table::OrgUnits)).await?;
        self.place_customers(catalog.codes_mut(Table::Customers)).await?;
        let given: i64 = sqlx::query_scalar(LAST_GIVEN).fetch_one(self.database.readers()).await?;
        catalog.codes_mut(Table::Customers).go_on_after(given);
        Ok(catalog)
    }

    async fn place_units(&self, codes: &mut Codes) -> Result<()> {
        let columns = &["id", "parent_id", "level"];
        packed::scan(self.database.readers(), Table::OrgUnits.code(), columns, &mut |chunk| {
            let parents = chunk.optional_wholes(1)?;
            for ((id, parent), level) in chunk.wholes(0)?.into_iter().zip(parents).zip(chunk.texts(2)?) {
                let level = level.and_then(|level| level.parse().ok());
                codes.place(id, Node { parent, level });
            }
            Ok(())
        })
        .await
    }

    async fn place_customers(&self, codes: &mut Codes) -> Result<()> {
        let columns = &["id", "parent_id"];
        packed::scan(self.database.readers(), Table::Customers.code(), columns, &mut |chunk| {
            for (id, parent) in chunk.wholes(0)?.into_iter().zip(chunk.optional_wholes(1)?) {
                // A customer without one above can close no circle.
                if parent.is_some() {
                    codes.place(id, Node { parent, level: None });
                }
            }
            Ok(())
        })
        .await
    }
}
