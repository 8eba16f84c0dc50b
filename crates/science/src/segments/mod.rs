//! Segments that hold: tests with effect sizes, the certificate against the four faults, migration, choice of
//! how many, and the three dimensions of a customer (`domain.md` §7).

mod bitmap;
mod certificate;
mod choice;
mod difference;
pub(crate) mod dimensions;
mod kmeans;
mod migration;
mod outcome;
mod split;
mod validation;

pub use bitmap::Bitmap;
pub use certificate::{
    Certificate, Declared, Fault, Finding, Options, Segment, TestOfColumn, certify, certify_single,
    certify_untried,
};
pub use choice::{Choice, choose};
pub(crate) use difference::ranks;
pub use difference::{Difference, Method, anova, chi_squared, kruskal_wallis};
pub use dimensions::{BuyingEvidence, Inferred, NeedEvidence, ValueEvidence, buying_factor, ict_need, value};
pub use kmeans::{KMeans, k_means};
pub use migration::{Migration, migration};
