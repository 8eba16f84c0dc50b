//! People who work for the operator.

use crate::code::codes;

codes! {
    /// What a person does; decides the actions open to them.
    pub enum Role ("role") {
        /// 客户经理.
        AccountManager = "account_manager",
        /// 社区经理.
        CommunityManager = "community_manager",
        /// 单位负责人.
        UnitHead = "unit_head",
        /// 营销分析.
        Analyst = "analyst",
        /// 定价.
        Pricing = "pricing",
        /// 服务座席.
        ServiceAgent = "service_agent",
        /// 工程师.
        Engineer = "engineer",
        /// 营业员.
        HallClerk = "hall_clerk",
        /// 代理商.
        ChannelAgent = "channel_agent",
        /// 管理员.
        Admin = "admin",
    }
}
