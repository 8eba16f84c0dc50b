//! The certificate of a division into segments: too coarse, mixed, too many, arbitrary (`domain.md` §7).

use domain::{Arg, Message, Problem, ProblemKind};
use serde::Serialize;

use super::difference::{Difference, Method};
use super::outcome::Outcome;
use super::split::{Split, cells};
use super::validation::validate;
use crate::frame::Frame;
use crate::significance::benjamini_hochberg;
use crate::table::column;

/// What to certify.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// What the segments ought to tell apart; not one of the columns that made them.
    pub outcome: String,
    /// The columns that divide the customers; several make a cell of each combination.
    pub by: Vec<String>,
    /// Customers below whom a segment is too small.
    pub smallest: usize,
    /// Largest overlap with another live segment, 0 to 1, as [`super::Bitmap::overlap`] finds it. Segments of one
    /// division do not overlap.
    pub overlap: f64,
    /// Goal and play, where the segments are to be used.
    pub declared: Declared,
    /// Of the folds.
    pub seed: u64,
}

/// What a segment is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Declared {
    /// Not asked: only the data are judged, as on a table of one's own.
    NotAsked,
    /// Asked of a segment that campaigns may use.
    Asked {
        /// Its goal, if there is one.
        goal: Option<String>,
        /// Its play or service, if there is one.
        play: Option<String>,
    },
}

/// The four faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// 细分不细: within the segments the outcome varies as much as outside.
    TooCoarse,
    /// 细分混淆: overlaps with another.
    Mixed,
    /// 过度细分: more segments than the data support.
    TooMany,
    /// 随意细分: no goal, no play, or a dividing column without effect.
    Arbitrary,
}

/// The verdict on one fault.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// Which.
    pub fault: Fault,
    /// Whether the division has it.
    pub found: bool,
    /// Why, or why not, with figures.
    #[serde(skip)]
    pub reasons: Vec<Message>,
}

/// One segment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Segment {
    /// The values that make it.
    pub name: String,
    /// Customers.
    pub size: usize,
    /// Mean of the outcome; of words: share of the last one.
    pub mean: f64,
}

/// The effect of one dividing column.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TestOfColumn {
    /// Its name.
    pub column: String,
    /// The test and its effect size.
    #[serde(flatten)]
    pub test: Difference,
    /// P-value after allowing for the number of columns (Benjamini–Hochberg).
    pub p_adjusted: f64,
    /// Whether it is significant and material.
    pub holds: bool,
}

/// What came out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Certificate {
    /// Customers judged.
    pub n: usize,
    /// Customers whose outcome or dividing column is not known: left out.
    pub left_out: usize,
    /// None of the faults.
    pub certified: bool,
    /// Each fault in turn.
    pub findings: Vec<Finding>,
    /// The segments.
    pub segments: Vec<Segment>,
    /// The dividing columns.
    pub tests: Vec<TestOfColumn>,
    /// Share of the outcome's variance that the segments explain on customers not seen (cross-validated; below
    /// nothing: less than the common mean).
    pub explained: f64,
    /// How many segments explain most, when those most alike are merged.
    pub supported: usize,
}

/// Chance of taking a useless column for one with effect. Below the usual .05 so that of a hundred useless
/// divisions fewer than five pass this test, whatever their shape.
const LEVEL: f64 = 0.03;
/// Effect below which a significant column is still not worth dividing by: η² or ε², Cramér's V.
const MATERIAL_SHARE: f64 = 0.01;
const MATERIAL_V: f64 = 0.1;
/// Overlap above which two segments are mixed.
const MOST_OVERLAP: f64 = 0.2;
/// How much larger its error on customers not seen must be than that of a coarser one before a division counts
/// as too many: less is within what chance decides for a few hundred customers in half a dozen segments.
const LOST_BY_TOO_MANY: f64 = 0.03;
/// Segments above which merging is not tried: no enterprise base supports as many.
const MOST_SEGMENTS: usize = 100;
/// Customers below whom nothing can be said.
const FEWEST: usize = 20;

/// Certifies the division of a table's rows.
///
/// # Errors
/// A column that is not there, an outcome among the dividing columns, unknown, constant or of more than 20 words,
/// or fewer than 20 customers with both.
pub fn certify(frame: &Frame, options: &Options) -> Result<Certificate, Problem> {
    let bad = |cause: Message| Err(Problem::new(ProblemKind::BadInput, cause));
    if options.by.is_empty() {
        return bad(Message::new("problem-segments-no-columns"));
    }
    if options.by.contains(&options.outcome) {
        return bad(Message::new("problem-segments-circular").with("column", options.outcome.as_str()));
    }
    let splits: Vec<Split> =
        options.by.iter().map(|name| column(frame, name).map(Split::of)).collect::<Result<_, _>>()?;
    let (mut outcome, known) = Outcome::read(frame, &options.outcome)?;
    let kept: Vec<bool> =
        known.iter().map(|&row| splits.iter().all(|split| split.groups[row].is_some())).collect();
    outcome.keep(&kept);
    let rows: Vec<usize> = known.iter().zip(&kept).filter(|&(_, &kept)| kept).map(|(&row, _)| row).collect();
    if rows.len() < FEWEST {
        return bad(Message::new("problem-segments-few").with("count", rows.len()).with("least", FEWEST));
    }
    let (groups, names) = cells(&splits, &rows);
    let tests = tests(&options.by, &splits, &rows, &outcome);
    let segments: Vec<Segment> = names
        .into_iter()
        .enumerate()
        .map(|(group, name)| {
            let members = || (0..groups.len()).filter(|&row| groups[row] == group);
            Segment { name, size: members().count(), mean: outcome.mean(members()) }
        })
        .collect();
    let explained = if segments.len() > MOST_SEGMENTS {
        Vec::new()
    } else {
        validate(&outcome.columns(), &groups, segments.len(), options.seed).explained
    };
    let of_all = explained.last().copied().unwrap_or(f64::NEG_INFINITY);
    let (supported, most) =
        explained.iter().enumerate().fold((1, f64::NEG_INFINITY), |best, (at, &share)| {
            if share > best.1 { (at + 1, share) } else { best }
        });
    let findings = vec![
        too_coarse(most),
        mixed(options.overlap),
        too_many(&segments, options.smallest, supported, (most - of_all) / (1.0 - most)),
        arbitrary(&options.declared, &tests),
    ];
    Ok(Certificate {
        n: outcome.len(),
        left_out: frame.rows() - outcome.len(),
        certified: findings.iter().all(|finding| !finding.found),
        findings,
        segments,
        tests,
        explained: of_all,
        supported,
    })
}

/// A key account may be a segment of one: only goal and play are asked.
#[must_use]
pub fn certify_single(declared: &Declared) -> Finding {
    arbitrary(declared, &[])
}

/// What can be said of a segment before anything is known of what came of its customers: overlap, goal and play.
#[must_use]
pub fn certify_untried(declared: &Declared, overlap: f64) -> Vec<Finding> {
    vec![mixed(overlap), arbitrary(declared, &[])]
}

fn tests(by: &[String], splits: &[Split], rows: &[usize], outcome: &Outcome) -> Vec<TestOfColumn> {
    let found: Vec<Difference> = splits
        .iter()
        .map(|split| {
            let groups: Vec<usize> = rows.iter().filter_map(|&row| split.groups[row]).collect();
            outcome.test(&groups)
        })
        .collect();
    let adjusted = benjamini_hochberg(&found.iter().map(|test| test.p).collect::<Vec<_>>());
    let judged = by.iter().zip(found).zip(adjusted);
    judged
        .map(|((column, test), p_adjusted)| {
            let material = if test.method == Method::ChiSquared { MATERIAL_V } else { MATERIAL_SHARE };
            let holds = p_adjusted < LEVEL && test.effect >= material;
            TestOfColumn { column: column.clone(), test, p_adjusted, holds }
        })
        .collect()
}

/// By what the segments explain at best, as they are or with those most alike merged: that they are too many is
/// another fault.
fn too_coarse(explained: f64) -> Finding {
    let found = explained <= 0.0;
    let key = if found { "segments-too_coarse" } else { "segments-not-too_coarse" };
    let reasons = if explained.is_finite() {
        vec![Message::new(key).with("share", Arg::Share(explained.max(-1.0)))]
    } else {
        Vec::new()
    };
    Finding { fault: Fault::TooCoarse, found: found && explained.is_finite(), reasons }
}

fn mixed(overlap: f64) -> Finding {
    let found = overlap > MOST_OVERLAP;
    let key = if found { "segments-mixed" } else { "segments-not-mixed" };
    let reason =
        Message::new(key).with("overlap", Arg::Share(overlap)).with("most", Arg::Share(MOST_OVERLAP));
    Finding { fault: Fault::Mixed, found, reasons: vec![reason] }
}

fn too_many(segments: &[Segment], smallest: usize, supported: usize, lost: f64) -> Finding {
    let mut reasons = Vec::new();
    let small = segments.iter().filter(|segment| segment.size < smallest).count();
    if small > 0 {
        let reason = Message::new("segments-too_many-small").with("count", small).with("smallest", smallest);
        reasons.push(reason);
    }
    if segments.len() > MOST_SEGMENTS {
        let reason = Message::new("segments-too_many-most").with("count", segments.len());
        reasons.push(reason.with("most", MOST_SEGMENTS));
    } else if lost >= LOST_BY_TOO_MANY && supported > 1 {
        let reason = Message::new("segments-too_many-unsupported").with("count", segments.len());
        reasons.push(reason.with("supported", supported).with("lost", Arg::Share(lost)));
    }
    let found = !reasons.is_empty();
    if !found {
        reasons.push(Message::new("segments-not-too_many").with("count", segments.len()));
    }
    Finding { fault: Fault::TooMany, found, reasons }
}

fn arbitrary(declared: &Declared, tests: &[TestOfColumn]) -> Finding {
    let mut reasons = Vec::new();
    if let Declared::Asked { goal, play } = declared {
        let is_missing = |text: &Option<String>| text.as_ref().is_none_or(|text| text.trim().is_empty());
        if is_missing(goal) {
            reasons.push(Message::new("segments-arbitrary-no-goal"));
        }
        if is_missing(play) {
            reasons.push(Message::new("segments-arbitrary-no-play"));
        }
    }
    let say = |key, test: &TestOfColumn| {
        Message::new(key)
            .with("column", test.column.as_str())
            .with("measure", Arg::Key(measure(test.test.method)))
            .with("effect", Arg::Text(format!("{:.3}", test.test.effect)))
            .with("p", Arg::Text(format!("{:.4}", test.p_adjusted)))
    };
    reasons.extend(
        tests.iter().filter(|test| !test.holds).map(|test| say("segments-arbitrary-no-effect", test)),
    );
    let found = !reasons.is_empty();
    if !found {
        reasons.extend(tests.iter().map(|test| say("segments-not-arbitrary", test)));
    }
    Finding { fault: Fault::Arbitrary, found, reasons }
}

const fn measure(method: Method) -> &'static str {
    match method {
        Method::Anova => "segments-eta_squared",
        Method::KruskalWallis => "segments-epsilon_squared",
        Method::ChiSquared => "segments-cramers_v",
    }
}

impl Certificate {
    /// The verdict in words.
    #[must_use]
    pub fn message(&self) -> Message {
        let faults = self.findings.iter().filter(|finding| finding.found).count();
        let key = if self.certified { "segments-certified" } else { "segments-refused" };
        Message::new(key).with("segments", self.segments.len()).with("faults", faults)
    }
}

impl Fault {
    /// The key of its name in the locale files.
    #[must_use]
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::TooCoarse => "segments-fault-too_coarse",
            Self::Mixed => "segments-fault-mixed",
            Self::TooMany => "segments-fault-too_many",
            Self::Arbitrary => "segments-fault-arbitrary",
        }
    }
}
