//! Reading on one thread, checking on two, collecting in the order of the file.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};

use domain::Problem;

use crate::import::pieces::{Piece, Rows};

/// Threads that check rows; the machines this runs on have two cores or more.
const WORKERS: usize = 2;
/// Pieces under way between two threads.
const UNDER_WAY: usize = 4;

/// Where the reader of files puts its pieces.
pub(super) struct Sender {
    next: u64,
    pieces: SyncSender<(u64, Piece)>,
}

/// Nobody listens any more: something failed elsewhere, and reading can stop.
pub(super) struct Stopped;

impl Sender {
    /// Hands on a piece.
    pub(super) fn send(&mut self, piece: Piece) -> Result<(), Stopped> {
        self.pieces.send((self.next, piece)).map_err(|_| Stopped)?;
        self.next += 1;
        Ok(())
    }
}

/// A piece with its rows checked.
pub(super) enum Step<T> {
    /// Checked rows, and how many bytes they took.
    Checked(T, u64),
    /// Anything else, as it came.
    Other(Piece),
}

/// Runs `read` on its own thread, `check` on two, and `collect` here, in the order in which `read` sent.
pub(super) fn run<T: Send>(
    read: impl FnOnce(&mut Sender) -> Result<(), Stopped> + Send,
    check: impl Fn(Rows) -> T + Sync,
    mut collect: impl FnMut(Step<T>) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let (pieces, to_check) = sync_channel(UNDER_WAY);
    let (steps, checked) = sync_channel(UNDER_WAY);
    let to_check = Mutex::new(Some(to_check));
    std::thread::scope(|scope| {
        let (to_check, check) = (&to_check, &check);
        scope.spawn(move || {
            let mut sender = Sender { next: 0, pieces };
            // An error says that nobody listens, so there is nobody to tell.
            let _ = read(&mut sender);
        });
        for _ in 0..WORKERS {
            let steps = steps.clone();
            scope.spawn(move || work(to_check, &steps, check));
        }
        drop(steps);
        let result = in_order(&checked, &mut collect);
        // When collecting failed, these two end the workers and the reader.
        drop(checked);
        to_check.lock().unwrap_or_else(PoisonError::into_inner).take();
        result
    })
}

fn work<T>(
    pieces: &Mutex<Option<Receiver<(u64, Piece)>>>,
    steps: &SyncSender<(u64, Step<T>)>,
    check: &impl Fn(Rows) -> T,
) {
    loop {
        let received = match pieces.lock().as_deref() {
            Ok(Some(pieces)) => pieces.recv(),
            _ => return,
        };
        let Ok((number, piece)) = received else { return };
        let step = match piece {
            Piece::Rows(rows) => {
                let bytes = rows.bytes;
                Step::Checked(check(rows), bytes)
            }
            other => Step::Other(other),
        };
        if steps.send((number, step)).is_err() {
            return;
        }
    }
}

fn in_order<T>(
    steps: &Receiver<(u64, Step<T>)>,
    collect: &mut impl FnMut(Step<T>) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let mut next = 0;
    let mut early = BTreeMap::new();
    for (number, step) in steps {
        early.insert(number, step);
        while let Some(step) = early.remove(&next) {
            collect(step)?;
            next += 1;
        }
    }
    Ok(())
}
