//! Long work on sheets, so that pages tell how far it has come. It is kept in memory: with the process it ends, and nothing
//! of it is half done.

use std::sync::{Arc, Mutex, PoisonError};

use domain::id::{SheetImportId, UserId};
use domain::{Message, Problem};
use hashbrown::HashMap;

use super::plan::Planned;

/// How far work on a sheet has come.
#[derive(Debug, Clone, PartialEq)]
pub enum At {
    /// At a step, by the key of its name.
    Step(&'static str),
    /// It failed, for this, with what to do about it.
    Failed(Message, Option<Message>),
}

/// Work on sheets.
#[derive(Clone, Default)]
pub struct SheetRuns {
    at: Arc<Mutex<HashMap<SheetImportId, At>>>,
    /// What was worked out last, for whom: bringing it in need not work it out again.
    last: Arc<Mutex<Option<(SheetImportId, UserId, Planned)>>>,
}

/// Work under way; it is over when this is dropped.
pub struct Working {
    runs: SheetRuns,
    id: SheetImportId,
}

impl SheetRuns {
    /// How far work on a sheet has come, if there is any.
    pub fn at(&self, id: SheetImportId) -> Option<At> {
        self.lock().get(&id).cloned()
    }

    /// Begins work on a sheet, unless some is under way.
    pub fn begin(&self, id: SheetImportId, step: &'static str) -> Option<Working> {
        let mut at = self.lock();
        if matches!(at.get(&id), Some(At::Step(_))) {
            return None;
        }
        at.insert(id, At::Step(step));
        Some(Working { runs: self.clone(), id })
    }

    /// Keeps what was worked out.
    pub(super) fn keep(&self, id: SheetImportId, by: UserId, planned: Planned) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some((id, by, planned));
    }

    /// Gives what was worked out last, if it is for this.
    pub(super) fn take(&self, id: SheetImportId, by: UserId) -> Option<Planned> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.take_if(|(of, whose, _)| (*of, *whose) == (id, by)).map(|(_, _, planned)| planned)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<SheetImportId, At>> {
        self.at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Working {
    /// Goes on to a step.
    pub fn step(&self, step: &'static str) {
        self.runs.lock().insert(self.id, At::Step(step));
    }

    /// It is over: how it ended if it failed is told until the next.
    pub fn end<T>(self, outcome: &Result<T, Problem>) {
        if let Err(problem) = outcome {
            let failed = At::Failed(problem.cause.clone(), problem.hint.clone());
            self.runs.lock().insert(self.id, failed);
        }
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        let mut at = self.runs.lock();
        if matches!(at.get(&self.id), Some(At::Step(_))) {
            at.remove(&self.id);
        }
    }
}
