//! The organisation: five levels, and the subtree that a user sees (`domain.md` §3).

use crate::code::codes;

codes! {
    /// A level of the organisation.
    pub enum OrgLevel ("level") {
        /// 总部.
        Hq = "hq",
        /// 省份.
        Province = "province",
        /// 地市.
        City = "city",
        /// 区县.
        County = "county",
        /// 网格.
        Grid = "grid",
    }
}
