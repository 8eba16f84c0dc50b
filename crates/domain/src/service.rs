//! Services that a customer has or had.

use crate::code::codes;

codes! {
    /// Why a service ended: the one list of causes, with a relation's own.
    pub enum EndReason ("end-reason") {
        /// 价格.
        Price = "price",
        /// 质量.
        Quality = "quality",
        /// 服务.
        Service = "service",
        /// 竞争.
        Competitor = "competitor",
        /// 关停.
        Closed = "closed",
        /// 搬迁.
        Moved = "moved",
        /// 合并.
        Merged = "merged",
        /// 其他.
        Other = "other",
    }
}

codes! {
    /// Who pays for a member's line.
    pub enum Payer ("payer") {
        /// 统付.
        Company = "company",
        /// 个付.
        Person = "person",
    }
}
