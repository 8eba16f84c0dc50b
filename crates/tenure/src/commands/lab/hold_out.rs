//! `tenure lab uplift hold-out`: who is to be left alone by a play, and the smallest effect it could then show.

use std::collections::HashSet;

use domain::star::StarRating;
use domain::{Arg, Lang, Message, Problem, ProblemKind};
use science::frame::Frame;
use science::table;
use science::uplift::{Candidate, HoldOut, smallest_detectable, smallest_detectable_mean};
use serde::Serialize;

use super::arguments::HoldOutOptions;
use super::{keep, read, show, warn, word, written, yes_or_no};
use crate::arguments::Common;
use crate::report;

/// The design as a document.
#[derive(Serialize)]
struct Design {
    play: String,
    n: usize,
    trees: usize,
    treated: usize,
    alone: usize,
    by_star: Vec<Stratum>,
    /// Share that responds without the play; none for an amount.
    base_rate: Option<f64>,
    /// Standard deviation of the amount hoped for.
    deviation: Option<f64>,
    /// Smallest effect that is seen four times in five: a difference of shares, or of the mean amount. None if
    /// either arm is empty.
    smallest_detectable: Option<f64>,
}

#[derive(Serialize)]
struct Stratum {
    star: u8,
    customers: usize,
    alone: usize,
}

/// What the outcome without the play is like.
enum Past {
    Rate(f64),
    Deviation(f64),
}

/// Plans the hold-out of a play on the customers of a table: columns `id`, perhaps `tree` and `star`.
pub fn plan(options: &HoldOutOptions, common: &Common) -> Result<(), Problem> {
    let frame = read(&options.input, common)?;
    let trees = match frame.column("tree") {
        Some(tree) => tree,
        None => table::column(&frame, "id")?,
    };
    let names: Vec<String> = (0..frame.rows()).map(|row| trees.text(row)).collect();
    let stars = stars(&frame)?;
    let candidates: Vec<Candidate<'_>> =
        names.iter().zip(&stars).map(|(tree, &star)| Candidate { tree, star }).collect();
    let plan = HoldOut::plan(&options.play, &candidates, options.held_out);
    let mut highest = std::collections::HashMap::new();
    for candidate in &candidates {
        let star = highest.entry(candidate.tree).or_insert(candidate.star);
        *star = (*star).max(candidate.star);
    }
    let alone: Vec<bool> = names.iter().map(|tree| plan.leaves_alone(tree, highest[tree.as_str()])).collect();
    let left_alone = alone.iter().filter(|&&alone| alone).count();
    let treated = alone.len() - left_alone;
    let past = past(&frame, options)?;
    let detectable = match past {
        Past::Rate(rate) => smallest_detectable(rate, treated, left_alone),
        Past::Deviation(deviation) => smallest_detectable_mean(deviation, treated, left_alone),
    };
    let by_star = (1..=5).map(|star| {
        let of = || stars.iter().zip(&alone).filter(move |(found, _)| found.get() == star);
        Stratum { star, customers: of().count(), alone: of().filter(|(_, alone)| **alone).count() }
    });
    let design = Design {
        play: options.play.clone(),
        n: alone.len(),
        trees: names.iter().collect::<HashSet<_>>().len(),
        treated,
        alone: left_alone,
        by_star: by_star.filter(|stratum| stratum.customers > 0).collect(),
        base_rate: if let Past::Rate(rate) = past { Some(rate) } else { None },
        deviation: if let Past::Deviation(deviation) = past { Some(deviation) } else { None },
        smallest_detectable: Some(detectable).filter(|effect| effect.is_finite()),
    };
    if design.smallest_detectable.is_none() {
        warn(common.lang, [Message::new("lab-hold-out-empty-arm")]);
    }
    keep(options.output.as_ref(), &frame, &[yes_or_no("left_alone", alone.into_iter().map(Some))])?;
    show(common, &frame, &design, |lang| {
        print(&design, lang);
        if let Some(file) = &options.output {
            written(lang, file);
        }
    })
}

/// The star of each row; all alike where the table has none.
fn stars(frame: &Frame) -> Result<Vec<StarRating>, Problem> {
    if frame.column("star").is_none() {
        return Ok(vec![StarRating::ONE; frame.rows()]);
    }
    let star = |(row, value): (usize, &f64)| {
        let whole = Some(*value).filter(|value| value.fract() == 0.0 && (1.0..=5.0).contains(value));
        whole.and_then(|value| StarRating::try_from(value as u8).ok()).ok_or_else(|| {
            let cause = Message::new("clv-problem-range").with("row", row + 1).with("column", "star");
            Problem::new(ProblemKind::BadInput, cause.with("value", value.to_string()))
        })
    };
    table::numbers(frame, "star")?.iter().enumerate().map(star).collect()
}

fn past(frame: &Frame, options: &HoldOutOptions) -> Result<Past, Problem> {
    let Some(column) = &options.past else {
        return Ok(Past::Rate(options.base_rate.unwrap_or_default()));
    };
    let known: Vec<f64> =
        table::numbers(frame, column)?.iter().copied().filter(|value| value.is_finite()).collect();
    let count = known.len().max(1) as f64;
    let mean = known.iter().sum::<f64>() / count;
    if known.iter().all(|value| *value == 0.0 || *value == 1.0) {
        return Ok(Past::Rate(mean));
    }
    Ok(Past::Deviation((known.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt()))
}

fn print(design: &Design, lang: Lang) {
    let title = Message::new("lab-hold-out-planned")
        .with("play", design.play.as_str())
        .with("count", text::count(design.n as i64))
        .with("alone", text::count(design.alone as i64))
        .with("trees", text::count(design.trees as i64));
    report::line(lang, &title);
    let head = ["lab-hold-out-star", "lab-segments-size", "lab-hold-out-alone"].map(|key| word(lang, key));
    let mut rows = vec![head.to_vec()];
    for stratum in &design.by_star {
        rows.push(vec![stratum.star.to_string(), stratum.customers.to_string(), stratum.alone.to_string()]);
    }
    report::table(&rows);
    if let Some(effect) = design.smallest_detectable {
        let message = Message::new(if design.base_rate.is_some() {
            "lab-hold-out-detectable"
        } else {
            "lab-hold-out-detectable-amount"
        });
        let effect = if design.base_rate.is_some() { Arg::Share(effect) } else { Arg::Number(effect) };
        report::line(lang, &message.with("effect", effect));
    }
}
