//! What the cycle reads of the records.

use domain::customer;
use domain::cycle::{Base, BaseCustomer, BaseProduct, BaseService, BaseUnit};
use domain::id::{CustomerId, OrgUnitId, ProductId};

use crate::error::Result;
use crate::row::{RowExt, date_from_days};
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
            let (customers, services) =
                futures::future::try_join(self.base_customers(), self.base_services()).await?;
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
        let columns = &["id", "org_id", "created_on", "industry"];
        let mut customers = Vec::new();
        packed::scan(self.database.readers(), "customers", columns, &mut |chunk| {
            let (ids, units, days) = (chunk.wholes(0)?, chunk.wholes(1)?, chunk.wholes(2)?);
            for (row, industry) in chunk.texts(3)?.iter().enumerate() {
                customers.push(BaseCustomer {
                    id: CustomerId::new(ids[row]),
                    unit: OrgUnitId::new(units[row]),
                    created_on: date_from_days("customers.created_on", days[row])?,
                    industry: customer::industry_group(industry.as_deref()),
                });
            }
            Ok(())
        })
        .await?;
        Ok(customers)
    }

    async fn base_services(&self) -> Result<Vec<BaseService>> {
        let columns = &["customer_id", "started_on", "ended_on", "trial"];
        let mut services = Vec::new();
        packed::scan(self.database.readers(), "services", columns, &mut |chunk| {
            let (starts, ends, trials) =
                (chunk.wholes(1)?, chunk.optional_wholes(2)?, chunk.optional_wholes(3)?);
            for (row, customer) in chunk.wholes(0)?.into_iter().enumerate() {
                services.push(BaseService {
                    customer: CustomerId::new(customer),
                    started_on: date_from_days("services.started_on", starts[row])?,
                    ended_on: ends[row].map(|days| date_from_days("services.ended_on", days)).transpose()?,
                    trial: trials[row] == Some(1),
                });
            }
            Ok(())
        })
        .await?;
        services.sort_by_key(|service| service.customer);
        Ok(services)
    }
}
