//! What a relation is worth from here on and what threatens it, month by month beside the lifecycle stage.
//!
//! Everything said of month *t* rests on parameters learnt from months before *t*: moves between stages and profit
//! by stage from all customers, the risk to leave from a sample of them whose next months are known by then.

mod cards;
mod chain;
mod evidence;
mod features;
mod risk;
mod sample;
mod segment;

pub use cards::{Inferences, SegmentCard, StageCard, StageFate};
pub use chain::{Chain, ChainLearner};
pub use evidence::evidence;
pub use features::{Circumstances, Contract, FEATURES, Features, features};
pub(crate) use risk::groups;
pub use risk::{Judged, JudgedOn, RiskCard, RiskLearner, Scores};
pub use sample::{Sample, is_sampled};
pub use segment::{Leaning, Recorded};
