//! `tenure check`.

use std::process::ExitCode;

use domain::{Arg, Message, Problem, ProblemKind};
use serde::Serialize;
use service::audit::AuditCheck;
use service::audit::check::{self, Checked};
use service::{Services, hex};

use crate::arguments::{Check, Common};
use crate::progress::Shown;
use crate::{house, report};

#[derive(Serialize)]
struct Document {
    whole: bool,
    records: ChainDocument,
    sessions: ChainDocument,
    missing_files: Vec<String>,
}

#[derive(Serialize)]
struct ChainDocument {
    entries: u64,
    seal: Option<String>,
    /// The entries that do not fit: after the first, up to the second.
    broken: Option<(i64, i64)>,
    unsealed: u64,
}

/// Checks the audit and the files of a data folder; what does not stand as it was kept ends with code 1.
pub async fn run(options: &Check, common: &Common) -> Result<ExitCode, Problem> {
    // Opening would make what is not there, and find it in order.
    if !Services::are_in(&common.data) {
        let cause =
            Message::new("problem-check-no-records").with("folder", common.data.display().to_string());
        return Err(Problem::new(ProblemKind::Environment, cause).hint(Message::new("hint-check-no-records")));
    }
    let asked = options.seal.as_deref().map(|text| seal(text).ok_or_else(|| bad_seal(text))).transpose()?;
    let (services, _lake) = house::open(common).await?;
    let found = check::run(&services, asked, &Shown::new(common.lang)).await?;
    let wrong = wrong(&found, options.seal.as_deref());
    if common.json {
        let chain = |chain: &AuditCheck| ChainDocument {
            entries: chain.entries,
            seal: chain.head.map(|seal| hex(&seal)),
            broken: chain.broken,
            unsealed: chain.unsealed,
        };
        report::json(&Document {
            whole: wrong.is_none(),
            records: chain(&found.records),
            sessions: chain(&found.sessions),
            missing_files: found.missing.iter().map(|path| path.display().to_string()).collect(),
        })?;
    }
    if let Some(problem) = wrong {
        return Err(problem);
    }
    if !common.json {
        for (what, chain) in chains(&found) {
            let said = match chain.head {
                Some(seal) => Message::new("check-chain")
                    .with("what", Arg::Key(what))
                    .with("entries", text::count(i64::try_from(chain.entries).unwrap_or(i64::MAX)))
                    .with("seal", hex(&seal)),
                None => Message::new("check-chain-empty").with("what", Arg::Key(what)),
            };
            report::line(common.lang, &said);
        }
        report::line(common.lang, &Message::new("check-files").with("files", found.files));
    }
    Ok(ExitCode::SUCCESS)
}

fn chains(found: &Checked) -> [(&'static str, &AuditCheck); 2] {
    [("check-records", &found.records), ("check-sessions", &found.sessions)]
}

/// The first thing that does not stand as it was kept.
fn wrong(found: &Checked, asked: Option<&str>) -> Option<Problem> {
    let problem = |cause: Message, hint: Message| Problem::new(ProblemKind::Environment, cause).hint(hint);
    for (what, chain) in chains(found) {
        if let Some((after, until)) = chain.broken {
            let cause = Message::new("problem-audit-broken").with("after", after).with("until", until);
            let hint = Message::new("hint-audit-broken").with("after", after);
            return Some(problem(cause.with("what", Arg::Key(what)), hint));
        }
        if chain.unsealed > 0 {
            let cause = Message::new("problem-audit-unsealed").with("count", chain.unsealed as i64);
            return Some(problem(cause.with("what", Arg::Key(what)), Message::new("hint-audit-unsealed")));
        }
    }
    if let Some(asked) = asked.filter(|_| !found.records.holds && !found.sessions.holds) {
        let cause = Message::new("problem-audit-seal-gone").with("seal", asked);
        return Some(problem(cause, Message::new("hint-audit-seal-gone")));
    }
    let first = found.missing.first()?;
    let cause = Message::new("problem-check-missing")
        .with("count", found.missing.len())
        .with("file", first.display().to_string());
    Some(problem(cause, Message::new("hint-check-missing")))
}

fn bad_seal(text: &str) -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-check-seal").with("seal", text))
        .hint(Message::new("hint-check-seal"))
}

fn seal(text: &str) -> Option<[u8; 32]> {
    let digits = text.trim().as_bytes();
    let mut seal = [0; 32];
    if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    for (byte, pair) in seal.iter_mut().zip(digits.chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(seal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_is_read_as_it_is_printed() {
        let kept = std::array::from_fn(|place| place as u8 * 7);
        assert_eq!(seal(&hex(&kept)), Some(kept));
        for wrong in ["", "ab", &"g".repeat(64), &"é".repeat(32)] {
            assert_eq!(seal(wrong), None, "{wrong}");
        }
    }
}
