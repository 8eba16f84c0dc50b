//! The enterprise customer (集团客户).

use crate::code::codes;

codes! {
    /// 客户类别: how a customer is handled (`S1d`).
    pub enum CustomerCategory ("category") {
        /// 大客户.
        KeyAccount = "key_account",
        /// 专网客户.
        PrivateNetwork = "private_network",
        /// 行业客户: vertically managed branches.
        Industry = "industry",
        /// 中小商业客户.
        Sme = "sme",
        /// 公众客户.
        Public = "public",
    }
}
