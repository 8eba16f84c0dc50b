//! Contracts.

use crate::code::codes;

codes! {
    /// The service level agreed.
    pub enum Sla ("sla") {
        /// 金.
        Gold = "gold",
        /// 银.
        Silver = "silver",
        /// 铜.
        Bronze = "bronze",
        /// 无.
        None = "none",
    }
}
