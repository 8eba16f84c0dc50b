//! Addresses: what a list shows is in its address, so that it can be kept and passed on.

use domain::id::CustomerId;
use service::customer::{CustomerQuery, Pairs};

/// The address of a customer.
#[must_use]
pub fn customer(id: CustomerId) -> String {
    format!("/customers/{id}")
}

/// The address where others are asked to work on a customer tree, by the code of its customer.
#[must_use]
pub fn collaborate(code: &str) -> String {
    format!("/collaborations?customer={}#open", percent(code))
}

/// The address of the list that a query describes.
#[must_use]
pub fn customers(query: &CustomerQuery) -> String {
    with_query("/customers", query)
}

/// The address of the file that a query describes.
#[must_use]
pub fn customers_csv(query: &CustomerQuery) -> String {
    with_query("/customers/export.csv", &CustomerQuery { after: None, ..query.clone() })
}

/// The same as a workbook.
#[must_use]
pub fn customers_xlsx(query: &CustomerQuery) -> String {
    with_query("/customers/export.xlsx", &CustomerQuery { after: None, ..query.clone() })
}

/// The address where the customers of a list are given to someone else.
#[must_use]
pub fn reassign(query: &CustomerQuery) -> String {
    with_pairs("/assignments", &vec![("query".to_owned(), encode(&query.pairs()))])
}

/// The address where the customers of a list are edited together.
#[must_use]
pub fn edits(query: &CustomerQuery) -> String {
    with_pairs("/edits", &vec![("query".to_owned(), encode(&query.itself().pairs()))])
}

fn with_query(path: &str, query: &CustomerQuery) -> String {
    with_pairs(path, &query.pairs())
}

/// An address with what narrows it.
#[must_use]
pub fn with_pairs(path: &str, pairs: &Pairs) -> String {
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", encode(pairs)) }
}

/// The address of the segment builder with these groups of conditions.
#[must_use]
pub fn segments(groups: &[CustomerQuery]) -> String {
    with_pairs("/segments", &group_pairs(groups))
}

/// Stands between the pairs of two groups.
pub const OR: &str = "or";

/// The pairs of groups, one group after the other.
#[must_use]
pub fn group_pairs(groups: &[CustomerQuery]) -> Pairs {
    let mut pairs = Pairs::new();
    for (place, group) in groups.iter().enumerate() {
        if place > 0 {
            pairs.push((OR.to_owned(), "1".to_owned()));
        }
        pairs.extend(group.conditions());
    }
    pairs
}

/// Reads groups; there is always a last one, whose conditions may be none.
#[must_use]
pub fn parse_groups(pairs: &[(String, String)]) -> Vec<CustomerQuery> {
    pairs.split(|(name, _)| name == OR).map(CustomerQuery::parse).collect()
}

/// Pairs as a query string.
#[must_use]
pub fn encode(pairs: &Pairs) -> String {
    let encoded: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{}={}", percent(name), percent(value))).collect();
    encoded.join("&")
}

fn percent(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(byte as char),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// Reads a query string; what is no text in UTF-8 is left out.
#[must_use]
pub fn decode(query: &str) -> Pairs {
    let text = |part: &str| {
        let mut bytes = Vec::with_capacity(part.len());
        let mut rest = part.as_bytes();
        while let [first, after @ ..] = rest {
            let digits =
                after.get(..2).filter(|_| *first == b'%').and_then(|two| std::str::from_utf8(two).ok());
            match digits.and_then(|two| u8::from_str_radix(two, 16).ok()) {
                Some(byte) => {
                    bytes.push(byte);
                    rest = &after[2..];
                }
                None => {
                    bytes.push(if *first == b'+' { b' ' } else { *first });
                    rest = after;
                }
            }
        }
        String::from_utf8(bytes).ok()
    };
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter_map(|(name, value)| Some((text(name)?, text(value)?))).collect()
}

/// An address within this site, for going on after signing in; anything else would lead astray.
#[must_use]
pub fn local(address: &str) -> Option<&str> {
    let within = address.starts_with('/')
        && !address.starts_with("//")
        && !address.contains(['\\', '\r', '\n', '\t'])
        && !address.starts_with("/login");
    within.then_some(address)
}
