//! `tenure lab segments`: whether a division of customers deserves to be used.

use domain::{Arg, Lang, Message, Problem};
use science::segments::{self, Certificate, Choice, Declared, Options};
use science::table;
use serde::Serialize;

use super::arguments::{Certify, Choose};
use super::{figure, keep, numbers, read, show, warn, word, written};
use crate::arguments::Common;
use crate::report;

/// Certifies a division, or says which of the four faults it has.
pub fn certify(options: &Certify, common: &Common) -> Result<(), Problem> {
    let frame = read(&options.input, common)?;
    let asked = Options {
        outcome: options.outcome.clone(),
        by: options.by.clone(),
        smallest: options.smallest,
        // The cells of one table never share a customer.
        overlap: 0.0,
        declared: Declared::NotAsked,
        seed: options.seed,
    };
    let certificate = segments::certify(&frame, &asked)?;
    if certificate.left_out > 0 {
        warn(common.lang, [Message::new("lab-segments-left-out").with("count", certificate.left_out)]);
    }
    show(common, &frame, &certificate, |lang| print(&certificate, lang))
}

fn print(certificate: &Certificate, lang: Lang) {
    report::line(lang, &certificate.message());
    for finding in &certificate.findings {
        let mark = if finding.found { "lab-segments-found" } else { "lab-segments-not-found" };
        let reasons: Vec<String> = finding.reasons.iter().map(|reason| text::say(lang, reason)).collect();
        let line = Message::new(mark)
            .with("fault", text::get(lang, finding.fault.text_key()).into_owned())
            .with("reasons", reasons.join("; "));
        report::line(lang, &line);
    }
    let head = ["lab-segments-segment", "lab-segments-size", "lab-segments-mean"].map(|key| word(lang, key));
    let mut rows = vec![head.to_vec()];
    for segment in &certificate.segments {
        rows.push(vec![segment.name.clone(), text::count(segment.size as i64), figure(segment.mean)]);
    }
    report::table(&rows);
}

/// How many segments, as a document.
#[derive(Serialize)]
struct Chosen {
    n: usize,
    left_out: usize,
    /// None: do not divide.
    segments: Option<usize>,
    choices: Vec<Choice>,
}

/// How many segments of customers who are alike in some columns of numbers.
pub fn choose(options: &Choose, common: &Common) -> Result<(), Problem> {
    let frame = read(&options.input, common)?;
    let mut columns = Vec::with_capacity(options.alike.len());
    for name in &options.alike {
        columns.push(table::numbers(&frame, name)?);
    }
    let rows: Vec<usize> =
        (0..frame.rows()).filter(|&row| columns.iter().all(|values| values[row].is_finite())).collect();
    let mut points: Vec<Vec<f64>> = vec![Vec::with_capacity(columns.len()); rows.len()];
    for values in columns {
        let count = rows.len().max(1) as f64;
        let mean = rows.iter().map(|&row| values[row]).sum::<f64>() / count;
        let spread = (rows.iter().map(|&row| (values[row] - mean).powi(2)).sum::<f64>() / count).sqrt();
        for (point, &row) in points.iter_mut().zip(&rows) {
            point.push(if spread > 0.0 { (values[row] - mean) / spread } else { 0.0 });
        }
    }
    let (choices, best) = segments::choose(&points, options.most, options.seed);
    let chosen = Chosen { n: rows.len(), left_out: frame.rows() - rows.len(), segments: best, choices };
    if chosen.left_out > 0 {
        warn(common.lang, [Message::new("lab-segments-not-chosen-from").with("count", chosen.left_out)]);
    }
    let mut of_rows = vec![f64::NAN; frame.rows()];
    let clusters = segments::k_means(&points, best.unwrap_or(1), options.seed).clusters;
    for (&row, cluster) in rows.iter().zip(clusters) {
        of_rows[row] = cluster as f64 + 1.0;
    }
    keep(options.output.as_ref(), &frame, &[numbers("segment", of_rows)])?;
    show(common, &frame, &chosen, |lang| {
        print_chosen(&chosen, lang);
        if let Some(file) = &options.output {
            written(lang, file);
        }
    })
}

fn print_chosen(chosen: &Chosen, lang: Lang) {
    let title = match chosen.segments {
        Some(segments) => Message::new("lab-segments-chosen").with("segments", segments),
        None => Message::new("lab-segments-none-chosen"),
    };
    report::line(lang, &title.with("count", Arg::Text(text::count(chosen.n as i64))));
    let head = ["lab-segments-many", "lab-segments-silhouette", "lab-segments-gap", "lab-segments-stability"];
    let mut rows = vec![head.map(|key| word(lang, key)).to_vec()];
    for choice in &chosen.choices {
        let gap = format!("{} ± {}", figure(choice.gap), figure(choice.gap_error));
        rows.push(vec![choice.k.to_string(), figure(choice.silhouette), gap, figure(choice.stability)]);
    }
    report::table(&rows);
}
