//! What imports and cycles have in common.

use std::fmt;
use std::str::FromStr;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunState {
    /// Still at it.
    Running,
    /// Done.
    Done,
    /// Refused for what came in; nothing was stored.
    Refused,
    /// Broke off; what was not yet published is not stored.
    Failed,
}

impl RunState {
    /// The code kept in the records.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

impl fmt::Display for RunState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A text that is not the state of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the state of a run")]
pub struct RunStateError;

impl FromStr for RunState {
    type Err = RunStateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Running, Self::Done, Self::Refused, Self::Failed]
            .into_iter()
            .find(|state| state.code() == text)
            .ok_or(RunStateError)
    }
}
