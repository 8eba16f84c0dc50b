//! Addresses: what a list shows is in its address, so that it can be kept and passed on.

use std::fmt::Display;
use std::str::FromStr;

use domain::id::CustomerId;
use service::customer::{CustomerQuery, CustomerSort};

/// Name and value pairs of an address's query, decoded.
pub type Pairs = Vec<(String, String)>;

/// The address of a customer.
#[must_use]
pub fn customer(id: CustomerId) -> String {
    format!("/customers/{id}")
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

fn with_query(path: &str, query: &CustomerQuery) -> String {
    let pairs = customer_pairs(query);
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", encode(&pairs)) }
}

/// The list nobody has filtered yet: most revenue first.
#[must_use]
pub fn default_customer_query() -> CustomerQuery {
    CustomerQuery { descending: true, ..CustomerQuery::default() }
}

/// Whether an order starts with the largest when a person first asks for it.
#[must_use]
pub const fn descends_first(sort: CustomerSort) -> bool {
    !matches!(sort, CustomerSort::Name | CustomerSort::Code | CustomerSort::Stage)
}

/// Reads a query; what is not understood is left out.
#[must_use]
pub fn parse_customer_query(pairs: &Pairs) -> CustomerQuery {
    let mut query = default_customer_query();
    let mut order = None;
    for (name, value) in pairs {
        let value = value.trim();
        match name.as_str() {
            "q" => query.text = some_text(value),
            "stage" => add(&mut query.stages, value),
            "star" => add_parsed(&mut query.stars, value.parse::<u8>().ok().and_then(|n| n.try_into().ok())),
            "category" => add(&mut query.categories, value),
            "industry" => query.industry = some_text(value),
            "unit" => query.unit = value.parse().ok(),
            "manager" => query.manager = value.parse().ok(),
            "changed" => query.changed = value == "1",
            "sort" => {
                if let Some(&(sort, _)) = CustomerSort::ALL.iter().find(|(_, name)| *name == value) {
                    query.sort = sort;
                }
            }
            "order" => order = Some(value == "desc"),
            "after" => query.after = value.parse().ok(),
            _ => {}
        }
    }
    query.descending = order.unwrap_or_else(|| descends_first(query.sort));
    query
}

/// The pairs of a query, without what goes without saying.
#[must_use]
pub fn customer_pairs(query: &CustomerQuery) -> Pairs {
    let mut pairs = Pairs::new();
    let mut push = |name: &str, value: &dyn Display| pairs.push((name.to_owned(), value.to_string()));
    if let Some(text) = &query.text {
        push("q", text);
    }
    query.stages.iter().for_each(|stage| push("stage", stage));
    query.stars.iter().for_each(|star| push("star", &star.get()));
    query.categories.iter().for_each(|category| push("category", category));
    if let Some(industry) = &query.industry {
        push("industry", industry);
    }
    if let Some(unit) = query.unit {
        push("unit", &unit);
    }
    if let Some(manager) = query.manager {
        push("manager", &manager);
    }
    if query.changed {
        push("changed", &1);
    }
    if query.sort != CustomerSort::default() {
        push("sort", &sort_name(query.sort));
    }
    if query.descending != descends_first(query.sort) {
        push("order", &if query.descending { "desc" } else { "asc" });
    }
    if let Some(after) = query.after {
        push("after", &after);
    }
    pairs
}

/// The name of an order in addresses.
#[must_use]
pub fn sort_name(sort: CustomerSort) -> &'static str {
    CustomerSort::ALL.iter().find(|(known, _)| *known == sort).map_or("revenue", |(_, name)| name)
}

fn some_text(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.to_owned())
}

fn add<T: FromStr + PartialEq>(list: &mut Vec<T>, value: &str) {
    add_parsed(list, value.parse().ok());
}

fn add_parsed<T: PartialEq>(list: &mut Vec<T>, value: Option<T>) {
    if let Some(value) = value.filter(|value| !list.contains(value)) {
        list.push(value);
    }
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

/// An address within this site, for going on after signing in; anything else would lead astray.
#[must_use]
pub fn local(address: &str) -> Option<&str> {
    let within = address.starts_with('/')
        && !address.starts_with("//")
        && !address.contains(['\\', '\r', '\n', '\t'])
        && !address.starts_with("/login");
    within.then_some(address)
}
