//! `tenure duplicates`: looks for customers entered twice and keeps the pairs for the page.

use std::process::ExitCode;

use domain::{Arg, Message, Problem};
use serde::Serialize;
use service::duplicate::find;

use crate::arguments::Common;
use crate::{ambient, house, report};

#[derive(Serialize)]
struct Document {
    customers: usize,
    pairs: usize,
}

/// Looks through all customers, as a schedule may after each import.
pub async fn run(common: &Common) -> Result<ExitCode, Problem> {
    let (services, _lake) = house::open(common).await?;
    let (customers, pairs) = find::keep(&services, &ambient::now).await?;
    if common.json {
        report::json(&Document { customers, pairs })?;
        return Ok(ExitCode::SUCCESS);
    }
    let count = |count: usize| Arg::Count(i64::try_from(count).unwrap_or(i64::MAX));
    let kept =
        Message::new("cli-duplicates-kept").with("customers", count(customers)).with("pairs", count(pairs));
    report::line(common.lang, &kept);
    Ok(ExitCode::SUCCESS)
}
