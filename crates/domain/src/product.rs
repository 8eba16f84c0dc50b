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

/// A set of families.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Families(u16);

impl Families {
    /// Adds a family.
    pub const fn insert(&mut self, family: ProductFamily) {
        self.0 |= 1 << family.index();
    }

    /// The families in it, in the order of the list.
    pub fn iter(self) -> impl Iterator<Item = ProductFamily> {
        ProductFamily::ALL.iter().copied().filter(move |family| self.0 & 1 << family.index() != 0)
    }

    /// These and others.
    #[must_use]
    pub const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }
}

impl FromIterator<ProductFamily> for Families {
    fn from_iter<I: IntoIterator<Item = ProductFamily>>(families: I) -> Self {
        let mut set = Self::default();
        families.into_iter().for_each(|family| set.insert(family));
        set
    }
}
