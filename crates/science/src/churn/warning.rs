//! What a reader of a report or a score should know.

use domain::Message;
use serde::{Deserialize, Serialize};

/// Something noticed in the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// What sort.
    pub kind: WarningKind,
    /// The columns concerned.
    pub columns: Vec<String>,
    /// How many rows or cells, or columns where it is about columns.
    pub count: usize,
}

/// Sorts of warnings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WarningKind {
    /// The same everywhere: not used.
    Constant,
    /// Nothing known: not used.
    AllMissing,
    /// Names rows: not used.
    Identifier,
    /// Gives the answer away: used because allowed.
    Leak,
    /// Words or infinities among numbers: those cells count as unknown.
    Misfits,
    /// Mostly numbers, but too many words: read as words.
    Mixed,
    /// Dates: read as days.
    Dates,
    /// Very many words: read by how often each left.
    ManyCategories,
    /// To be dropped, but not there.
    NothingToDrop,
    /// Rows that stand several times: kept in one fold.
    Duplicates,
    /// Rows that do not say whether they left: not used.
    UnknownTarget,
    /// Fewer than [`FEW_POSITIVES`] left: the figures are rough.
    FewPositives,
    /// Columns of the training that a scored table lacks: unknown.
    LackingColumns,
    /// Words that the training never saw.
    UnseenCategories,
}

/// Below this many positives the figures are rough.
pub const FEW_POSITIVES: usize = 50;

impl WarningKind {
    const fn key(self) -> &'static str {
        match self {
            Self::Constant => "churn-warning-constant",
            Self::AllMissing => "churn-warning-all-missing",
            Self::Identifier => "churn-warning-identifier",
            Self::Leak => "churn-warning-leak",
            Self::Misfits => "churn-warning-misfits",
            Self::Mixed => "churn-warning-mixed",
            Self::Dates => "churn-warning-dates",
            Self::ManyCategories => "churn-warning-many-categories",
            Self::NothingToDrop => "churn-warning-nothing-to-drop",
            Self::Duplicates => "churn-warning-duplicates",
            Self::UnknownTarget => "churn-warning-unknown-target",
            Self::FewPositives => "churn-warning-few-positives",
            Self::LackingColumns => "churn-warning-lacking-columns",
            Self::UnseenCategories => "churn-warning-unseen-categories",
        }
    }
}

impl Warning {
    pub(super) fn about(kind: WarningKind, columns: Vec<String>, count: usize) -> Self {
        Self { kind, columns, count }
    }

    /// In words.
    #[must_use]
    pub fn message(&self) -> Message {
        Message::new(self.kind.key()).with("columns", self.columns.join(", ")).with("count", self.count)
    }
}
