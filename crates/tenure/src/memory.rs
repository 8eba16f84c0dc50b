//! The allocator, and how long it keeps what is freed.

// The system allocator halves the throughput of two-threaded import and cycle.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Starts this command once more with an allocator that keeps what is freed, for work that soon needs it again and
/// ends with the process.
///
/// The allocator gives freed memory back after a second and reads otherwise only from the environment, as the process
/// loads. A month of a cycle takes longer: fetching and clearing the same memory again was an eighth of a full cycle
/// of a million customers. A command that cannot start again goes on as it is.
#[cfg(unix)]
pub fn keep_what_is_freed() {
    use std::os::unix::process::CommandExt;

    const DELAY: &str = "MIMALLOC_PURGE_DELAY";
    if std::env::var_os(DELAY).is_some() {
        return;
    }
    let mut arguments = std::env::args_os();
    if let (Ok(program), Some(name)) = (std::env::current_exe(), arguments.next()) {
        let error = std::process::Command::new(program).arg0(name).args(arguments).env(DELAY, "-1").exec();
        tracing::warn!(%error, "freed memory is not kept");
    }
}

/// Elsewhere a process cannot become another, and the cycle takes its eighth longer.
#[cfg(not(unix))]
pub fn keep_what_is_freed() {}
