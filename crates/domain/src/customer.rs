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

codes! {
    /// Whether a customer is on someone's list.
    pub enum Managed ("managed") {
        /// Someone answers for it.
        Someone = "someone",
        /// It is in the pool.
        Nobody = "nobody",
    }
}

codes! {
    /// Whether a customer was ever visited.
    pub enum Visited ("visited") {
        /// At least once.
        Once = "once",
        /// Not so far.
        Never = "never",
    }
}

/// A number for an industry as operators name it: 0 for unknown, else 1 to 255, the same for the same text in
/// every run. Two industries may share a number; they are then taken for one.
#[must_use]
pub fn industry_group(industry: Option<&str>) -> u8 {
    let Some(industry) = industry.map(str::trim).filter(|text| !text.is_empty()) else {
        return 0;
    };
    // FNV-1a: short, and stable across versions and machines.
    let hash = industry.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash % 255) as u8 + 1
}

#[cfg(test)]
mod tests {
    use super::industry_group;

    #[test]
    fn an_industry_keeps_its_group_and_unknown_is_zero() {
        assert_eq!(industry_group(None), 0);
        assert_eq!(industry_group(Some("  ")), 0);
        assert_eq!(industry_group(Some("教育")), industry_group(Some(" 教育 ")));
        assert_ne!(industry_group(Some("教育")), industry_group(Some("金融")));
        assert_ne!(industry_group(Some("教育")), 0);
    }
}
