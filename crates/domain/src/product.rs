//! Products.

use crate::code::codes;

codes! {
    /// What kind of product it is.
    pub enum ProductFamily ("family") {
        /// 移动.
        Mobile = "mobile",
        /// 固话.
        Fixed = "fixed",
        /// 宽带.
        Broadband = "broadband",
        /// 专线.
        LeasedLine = "leased_line",
        /// 短信.
        Sms = "sms",
        /// 商务总机.
        Switchboard = "switchboard",
        /// 企业邮箱.
        Mailbox = "mailbox",
        /// IDC.
        Idc = "idc",
        /// 物联网.
        Iot = "iot",
        /// ICT.
        Ict = "ict",
        /// 增值业务.
        Vas = "vas",
    }
}
