//! Independent pieces of work on some workers.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use domain::Problem;

/// Does something for each of `count` places, on as many threads as there are workers, each with a worker of its own;
/// results in the order of places. After a failure no further place is begun by the worker that failed.
pub(crate) fn map<W: Sync, T: Send>(
    workers: &[W],
    count: usize,
    work: impl Fn(&W, usize) -> Result<T, Problem> + Sync,
) -> Result<Vec<T>, Problem> {
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<Option<T>>> = Mutex::new((0..count).map(|_| None).collect());
    let labour = |worker: &W| -> Result<(), Problem> {
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            if place >= count {
                return Ok(());
            }
            let result = work(worker, place)?;
            results.lock().unwrap_or_else(PoisonError::into_inner)[place] = Some(result);
        }
    };
    thread::scope(|scope| {
        let threads: Vec<_> = workers.iter().map(|worker| scope.spawn(|| labour(worker))).collect();
        let stopped = |_| Err(Problem::internal("a worker stopped"));
        threads.into_iter().try_for_each(|thread| thread.join().unwrap_or_else(stopped))
    })?;
    let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(results.into_iter().flatten().collect())
}
