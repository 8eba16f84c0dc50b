//! Opportunities: the seven-stage funnel (`S3`).

use crate::code::codes;

codes! {
    /// Where an opportunity stands.
    pub enum FunnelStage ("funnel") {
        /// 关注.
        Attention = "attention",
        /// 理解.
        Understanding = "understanding",
        /// 探究.
        Exploration = "exploration",
        /// 开发.
        Development = "development",
        /// 呈现.
        Presentation = "presentation",
        /// 实施.
        Implementation = "implementation",
        /// 确认.
        Confirmation = "confirmation",
    }
}

codes! {
    /// How it ended.
    pub enum OpportunityOutcome ("opportunity-outcome") {
        /// 赢单.
        Won = "won",
        /// 输单.
        Lost = "lost",
    }
}
