//! What the cycle reads of the records.

use domain::customer;
use domain::cycle::{Base, BaseCustomer, BaseProduct, BaseService, BaseUnit};
use domain::id::{CustomerId, OrgUnitId, ProductId};

use crate::error::Result;
use crate::row::RowExt;
use crate::{Store, packed};

impl Store {
    /// Units, products, customers and services, as they are now.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn base(&self) -> Result<Base> {
        loop {
            let version = self.versions().await?.base;
            let (units, products) = (self.base_units().await?, self.base_products().await?);
            let (customers, services) = (self.base_customers().await?, self.base_services().await?);
            if self.versions().await?.base == version {
                return Ok(Base { version, units, products, customers, services });
            }
        }
    }

    async fn base_units(&self) -> Result<Vec<BaseUnit>> {
        let units = self.units().await?;
        let base = units.into_iter().map(|unit| BaseUnit {
            id: unit.id,
            code: unit.code,
            level: unit.level,
            parent: unit.parent,
        });
        Ok(base.collect())
    }

    async fn base_products(&self) -> Result<Vec<BaseProduct>> {
        let rows = sqlx::query("SELECT id, list_price_fen FROM products ORDER BY id")
            .fetch_all(self.database.readers())
            .await?;
        rows.iter()
            .map(|row| {
                let id = ProductId::new(row.value("id")?);
                Ok(BaseProduct { id, list_price: row.optional_money("list_price_fen")? })
            })
            .collect()
    }

    async fn base_customers(&self) -> Result<Vec<BaseCustomer>> {
        let columns =
            ["id".to_owned(), "org_id".to_owned(), "created_on".to_owned(), packed::text("industry")];
        let mut customers = Vec::new();
        packed::scan(self.database.readers(), "customers", &columns, &mut |fields| {
            customers.push(BaseCustomer {
                id: CustomerId::new(fields.number()?),
                unit: OrgUnitId::new(fields.number()?),
                created_on: fields.date()?,
                industry: customer::industry_group(Some(fields.text()?)),
            });
            Ok(())
        })
        .await?;
        Ok(customers)
    }

    async fn base_services(&self) -> Result<Vec<BaseService>> {
        let columns = [
            "customer_id".to_owned(),
            "product_id".to_owned(),
            packed::real("quantity"),
            "started_on".to_owned(),
            packed::whole("ended_on"),
            packed::whole("trial"),
        ];
        let mut services = Vec::new();
        packed::scan(self.database.readers(), "services", &columns, &mut |fields| {
            services.push(BaseService {
                customer: CustomerId::new(fields.number()?),
                product: ProductId::new(fields.number()?),
                quantity: fields.number()?,
                started_on: fields.date()?,
                ended_on: fields
                    .optional_number()?
                    .map(|days| crate::row::date_from_days("services.ended_on", days))
                    .transpose()?,
                trial: fields.optional_number::<i64>()? == Some(1),
            });
            Ok(())
        })
        .await?;
        services.sort_by_key(|service| service.customer);
        Ok(services)
    }
}
