//! A new model beside the one that it would replace.

use domain::Month;
use serde::{Deserialize, Serialize};

use crate::outlook::Judged;

/// How both did on the latest cases that neither had seen. The new one is taken unless its log loss is larger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// When.
    pub month: Month,
    /// The new one.
    pub tried: Judged,
    /// The one in use until then.
    pub in_use: Judged,
    /// Whether the new one was taken.
    pub taken: bool,
}

impl Trial {
    /// `worse_at_most`: share by which the log loss may be larger.
    pub(super) fn of(month: Month, tried: Judged, in_use: Judged, worse_at_most: f64) -> Self {
        let taken = tried.log_loss <= in_use.log_loss * (1.0 + worse_at_most);
        Self { month, tried, in_use, taken }
    }

    /// How the one did that is in use since.
    #[must_use]
    pub const fn held(&self) -> &Judged {
        if self.taken { &self.tried } else { &self.in_use }
    }
}
