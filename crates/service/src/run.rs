//! What imports and cycles have in common: one at a time, and nothing left of those that were killed.

use std::fmt::Display;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use domain::engine::Manifest;
use domain::{Instant, Lang, Month, Problem};

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

/// Published months to be computed again: what they rest on changed, or another version of the program computed
/// them.
pub async fn stale_months(services: &Services, manifest: &Manifest) -> Result<Vec<Month>, Problem> {
    let (engine, manifest) = (Arc::clone(services.engine()), manifest.clone());
    let mut months = off_thread(move || engine.outdated(&manifest)).await?;
    months.extend(services.store().stale_months().await?);
    months.sort_unstable();
    months.dedup();
    Ok(months)
}

/// What a run that failed could not clear away itself, the next one does; to be told is why it failed.
pub fn left_to_the_next<T>(cleared: Result<T, impl Display>) {
    if let Err(error) = cleared {
        tracing::warn!(%error, "a failed run could not be cleared away");
    }
}

/// Keeps a file of the data folder that is about to be replaced, where the audit says it will be. Costs no space
/// until the file itself is swept.
pub async fn keep(services: &Services, path: &Path) -> Result<(), Problem> {
    let from = services.data_dir().join(path);
    let to = services.data_dir().join(store::lake_file::kept(path));
    off_thread(move || {
        let folder = to.parent().unwrap_or(&to);
        std::fs::create_dir_all(folder).map_err(|error| Problem::io(folder, error))?;
        match std::fs::hard_link(&from, &to).map_err(|error| (error.kind(), error)) {
            // Kept by a run that broke off, or lost already.
            Ok(()) | Err((ErrorKind::AlreadyExists | ErrorKind::NotFound, _)) => Ok(()),
            Err((_, error)) => Err(Problem::io(&to, error)),
        }
    })
    .await
}

/// Whole milliseconds from one moment to another.
pub fn milliseconds(from: Instant, to: Instant) -> u64 {
    u64::try_from((to.micros() - from.micros()) / 1000).unwrap_or(0)
}
