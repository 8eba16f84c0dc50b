//! Uplift: what a play adds, measured against customers who were left alone, and whom it is worth contacting.

mod aftermath;
mod design;
mod effect;
mod experiment;
mod holdout;
mod learner;
mod logistic;
mod never_contact;
mod offer;
mod qini;
mod report;

pub use effect::{Estimate, difference, smallest_detectable, smallest_detectable_mean};
pub use experiment::Options;
pub use holdout::{Candidate, HoldOut};
pub use learner::Learner;
pub use offer::{Offer, WinBack};
pub use qini::{Outcome, qini};
pub use report::{LeftOut, LeftOutReason, Report, Verdict, evaluate};
