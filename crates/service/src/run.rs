//! What imports and cycles have in common: one at a time, and nothing left of those that were killed.

use std::sync::Arc;

use domain::engine::Manifest;
use domain::{Instant, Lang, Problem};

use crate::Services;
use crate::lock::RunLock;
use crate::services::off_thread;

/// Takes the lock, closes the books of killed runs and clears away what they left.
pub async fn begin(services: &Services, lang: Lang, now: Instant) -> Result<(RunLock, Manifest), Problem> {
    let lock = RunLock::take(services.data_dir())?;
    services.store().close_killed_runs(&text::get(lang, "run-interrupted"), now).await?;
    let manifest = sweep(services).await?;
    Ok((lock, manifest))
}

/// Deletes files that nothing names.
pub async fn sweep(services: &Services) -> Result<Manifest, Problem> {
    let manifest = services.store().manifest().await?;
    let engine = Arc::clone(services.engine());
    off_thread(move || {
        engine.sweep(&manifest)?;
        Ok(manifest)
    })
    .await
}

/// Whole milliseconds from one moment to another.
pub fn milliseconds(from: Instant, to: Instant) -> u64 {
    u64::try_from((to.micros() - from.micros()) / 1000).unwrap_or(0)
}
