//! The codes of every table, for import.

use domain::extract::{Keeping, Table};
use domain::import::{Catalog, Codes};

use crate::error::Result;
use crate::packed::Column::Plain;
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
            packed::scan(
                self.database.readers(),
                table.code(),
                &[Plain("id"), Plain("code")],
                &mut |chunk| {
                    let texts = chunk.texts(1)?.into_iter().flatten();
                    codes.extend(texts.zip(chunk.wholes(0)?).map(|(code, id)| ((&*code).into(), id)));
                    Ok(())
                },
            )
            .await?;
            *catalog.codes_mut(table) = Codes::from_stored(codes);
        }
        Ok(catalog)
    }
}
