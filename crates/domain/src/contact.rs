//! People at a customer.

use crate::code::codes;

codes! {
    /// The part a contact plays in buying.
    pub enum CuteRole ("cute") {
        /// 教练.
        Coach = "coach",
        /// 使用者.
        User = "user",
        /// 技术把关者.
        Technical = "technical",
        /// 经济决策者.
        Economic = "economic",
    }
}
