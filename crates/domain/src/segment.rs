//! The three dimensions of a customer: value × key buying factor × ICT need (`S3`).

use crate::code::codes;

/// Where a customer stands in the three dimensions, inferred, each with how sure that is (0 to 1).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Segment {
    /// Band of lifetime value; none before there is one.
    pub value: Option<(SegmentValue, f32)>,
    /// What decides whether it buys.
    pub buying_factor: (BuyingFactor, f32),
    /// What speaks most for that buying factor.
    pub factor_reason: SegmentReason,
    /// How far up the ladder of information technology.
    pub ict_need: (IctNeed, f32),
    /// What speaks most for that need.
    pub need_reason: SegmentReason,
}

codes! {
    /// What places a customer in a dimension: the weightiest piece of evidence.
    pub enum SegmentReason ("segment-reason") {
        /// Nothing is known.
        Nothing = "nothing",
        /// Said in so many words by the customer or noted by its manager.
        Stated = "stated",
        /// Named by complaints and in talks.
        Named = "named",
        /// Opportunities were won or lost for it.
        Decided = "decided",
        /// Services at less than the list price.
        Discount = "discount",
        /// Faults and complaints about the network.
        Faults = "faults",
        /// A high service level agreed.
        Sla = "sla",
        /// What took too long, and complaints about that.
        Late = "late",
        /// Poorly rated handling, and complaints about that.
        LowScores = "low_scores",
        /// Solutions held or under negotiation.
        Solutions = "solutions",
        /// Visits and talks.
        Visits = "visits",
        /// Years with us alone.
        LoyalYears = "loyal_years",
        /// Traits of the category.
        Category = "category",
        /// Traits of the industry.
        Industry = "industry",
        /// Services held.
        Held = "held",
        /// Services under negotiation.
        Wanted = "wanted",
        /// Requests for more.
        Requests = "requests",
        /// Number of employees.
        Employees = "employees",
        /// The value lies clearly within the band.
        ValueClear = "value_clear",
        /// The value lies near the edge of the band.
        ValueNear = "value_near",
    }
}

codes! {
    /// 价值: band of lifetime value.
    pub enum SegmentValue ("segment-value") {
        /// 高.
        High = "high",
        /// 中.
        Medium = "medium",
        /// 低.
        Low = "low",
    }
}

codes! {
    /// 关键购买因素: what decides whether this customer buys.
    pub enum BuyingFactor ("buying-factor") {
        /// 价格.
        Price = "price",
        /// 网络质量.
        NetworkQuality = "network_quality",
        /// 服务.
        Service = "service",
        /// 品牌.
        Brand = "brand",
        /// 交付速度.
        DeliverySpeed = "delivery_speed",
        /// 行业方案.
        IndustrySolution = "industry_solution",
        /// 关系.
        Relationship = "relationship",
    }
}

codes! {
    /// 信息化需求: how far up the ladder of information technology.
    pub enum IctNeed ("ict-need") {
        /// 基础语音.
        BasicVoice = "basic_voice",
        /// 网络连接.
        Connectivity = "connectivity",
        /// 办公应用.
        Office = "office",
        /// 行业应用.
        IndustryApplication = "industry_application",
        /// 综合信息化.
        IntegratedIct = "integrated_ict",
    }
}
