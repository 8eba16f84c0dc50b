//! Independent pieces of work on the machine's cores; the results do not depend on how many there are.

use std::num::NonZero;
use std::sync::Mutex;

/// Cores at hand.
pub(super) fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}

/// One result per item, in their order.
pub(crate) fn map<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    if items.len() < 2 || threads() < 2 {
        return items.into_iter().map(work).collect();
    }
    let mut results: Vec<Option<R>> = items.iter().map(|_| None).collect();
    let waiting = Mutex::new(items.into_iter().zip(&mut results));
    let next = || waiting.lock().ok().and_then(|mut waiting| waiting.next());
    std::thread::scope(|scope| {
        for _ in 0..threads() {
            scope.spawn(|| {
                while let Some((item, result)) = next() {
                    *result = Some(work(item));
                }
            });
        }
    });
    drop(waiting);
    results.into_iter().flatten().collect()
}
