//! How far long work has come, on standard error: a bar on a terminal, plain lines elsewhere.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::Instant;

use domain::progress::Progress;
use domain::{Lang, Message};
use indicatif::{ProgressBar, ProgressState, ProgressStyle};

/// Shows steps in a language. Steps of the same kind that follow each other, or run side by side, are one line:
/// two hundred files are read, not two hundred lines written.
pub struct Shown {
    lang: Lang,
    terminal: bool,
    step: Mutex<Option<Step>>,
}

struct Step {
    key: &'static str,
    began: Instant,
    ended: Instant,
    rows: u64,
    bar: ProgressBar,
}

impl Shown {
    /// On this process's standard error.
    pub fn new(lang: Lang) -> Self {
        Self { lang, terminal: std::io::stderr().is_terminal(), step: Mutex::new(None) }
    }

    fn with_step(&self, change: impl FnOnce(&mut Option<Step>)) {
        // A panic elsewhere must not silence the bar.
        let mut step = self.step.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        change(&mut step);
    }

    fn bar(&self, key: &'static str) -> ProgressBar {
        if !self.terminal {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new(0).with_prefix(text::get(self.lang, key).into_owned());
        let left = text::get(self.lang, "cli-left");
        let template = format!("{{prefix}} {{bar:24}} {{percent:>3}}% {{msg}} {left} {{left}}");
        match ProgressStyle::with_template(&template) {
            Ok(style) => bar.with_style(style.with_key("left", time_left)),
            Err(_) => bar,
        }
    }

    fn rate(&self, rows: u64, seconds: f64) -> String {
        let per_second = if seconds > 0.0 { rows as f64 / seconds } else { 0.0 };
        let message = Message::new("cli-rate")
            .with("rows", text::count(i64::try_from(rows).unwrap_or(i64::MAX)))
            .with("rate", text::compact(self.lang, per_second.round()));
        text::say(self.lang, &message)
    }

    fn close(&self, step: Option<Step>) {
        if let Some(step) = step {
            step.bar.finish_and_clear();
            let seconds = (step.ended - step.began).as_secs_f64();
            let title = text::get(self.lang, step.key);
            eprintln!("{title}  {}  {seconds:.1} s", self.rate(step.rows, seconds));
        }
    }
}

fn time_left(state: &ProgressState, out: &mut dyn std::fmt::Write) {
    let seconds = state.eta().as_secs();
    // A bar that cannot be drawn is no reason to stop the work.
    let _drawn = write!(out, "{}:{:02}", seconds / 60, seconds % 60);
}

impl Progress for Shown {
    fn begin(&self, key: &'static str, subject: &str, total: u64) {
        self.with_step(|step| {
            if step.as_ref().is_none_or(|step| step.key != key) {
                let now = Instant::now();
                let next = Step { key, began: now, ended: now, rows: 0, bar: self.bar(key) };
                self.close(step.replace(next));
            }
            if let Some(step) = step {
                step.bar.inc_length(total);
                step.bar.set_message(subject.to_owned());
            }
        });
    }

    fn advance(&self, amount: u64, rows: u64) {
        self.with_step(|step| {
            if let Some(step) = step {
                step.rows += rows;
                if self.terminal {
                    step.bar.set_message(self.rate(step.rows, step.began.elapsed().as_secs_f64()));
                }
                step.bar.inc(amount);
            }
        });
    }

    fn end(&self) {
        self.with_step(|step| {
            if let Some(step) = step {
                step.ended = Instant::now();
            }
        });
    }
}

/// The last line is said when nothing follows.
impl Drop for Shown {
    fn drop(&mut self) {
        self.with_step(|step| self.close(step.take()));
    }
}
