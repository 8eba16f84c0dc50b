//! Contacts by any channel.

use crate::code::codes;

codes! {
    /// The way a contact takes place.
    pub enum Channel ("channel") {
        /// 电话.
        Phone = "phone",
        /// 网站.
        Web = "web",
        /// 邮件.
        Email = "email",
        /// 传真.
        Fax = "fax",
        /// 短信.
        Sms = "sms",
        /// 营业厅.
        Hall = "hall",
        /// APP.
        App = "app",
        /// 拜访.
        Visit = "visit",
    }
}

codes! {
    /// Who began it.
    pub enum Direction ("direction") {
        /// 来.
        In = "in",
        /// 去.
        Out = "out",
    }
}
