//! The models against real data and against made-up worlds.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "a test that cannot go on says why")]

mod allocation;
mod cdnow;
mod churn;
mod clv_cohorts;
mod clv_purchases;
mod clv_tables;
mod duplicates;
mod lifecycle;
mod other_world;
mod panel;
mod rfm_and_concentration;
mod satisfaction;
mod segments;
mod table;
mod uplift;
mod value;
