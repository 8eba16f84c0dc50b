//! `tenure lab segments`: whether a division of customers deserves to be used.

use domain::{Lang, Message, Problem};
use science::segments::{self, Certificate, Declared, Options};

use super::arguments::Certify;
use super::{figure, read, show, warn, word};
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
