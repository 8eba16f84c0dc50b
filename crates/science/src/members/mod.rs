//! Members of customers month by month: how satisfied they are and how likely they leave, learnt from those who
//! answered and those who left, and what that says of their customers.
//!
//! What is said of month *t* rests on nothing after it.

mod drift;
mod features;
mod learner;
mod risk;
mod rollup;
mod sample;
mod trial;

pub use drift::Drift;
pub use features::{
    CustomerSituation, FEATURES, Features, MemberSituation, Readings, Trace, Use, delights, features, reasons,
};
pub use learner::{HeldOut, MemberLearner, SatisfactionCard, Told};
pub use risk::MemberRiskCard;
pub use rollup::CustomerSum;
pub use sample::{MemberSample, Past};
pub use trial::Trial;
