//! `tenure lab rfm`: recency, frequency, monetary as points over a base.

use domain::{Lang, Message, Problem, date};
use science::frame::Column;
use science::rfm::{self, Report};

use super::arguments::Rfm;
use super::{SHOWN, figure, named, numbers, read, show, warn, word, written};
use crate::arguments::Common;
use crate::report;

/// Scores customers, or those of a log of purchases.
pub fn score(options: &Rfm, common: &Common) -> Result<(), Problem> {
    let frame = read(&options.input, common)?;
    let scored = rfm::evaluate(&frame, options.points, options.as_of.map(date::days))?;
    if scored.left_out > 0 {
        warn(common.lang, [Message::new("lab-rfm-left-out").with("count", scored.left_out)]);
    }
    if let Some(file) = &options.output {
        let ids: Vec<&str> = scored.customers.iter().map(|customer| customer.id.as_str()).collect();
        let points = |name, of: fn(&domain::assessment::Rfm) -> u8| {
            numbers(name, scored.customers.iter().map(|customer| f64::from(of(&customer.points))).collect())
        };
        let columns = [
            Column::infer("id".to_owned(), &ids),
            points("recency", |rfm| rfm.recency),
            points("frequency", |rfm| rfm.frequency),
            points("monetary", |rfm| rfm.monetary),
        ];
        lake::table::write_csv(file, &columns.iter().collect::<Vec<_>>())?;
    }
    show(common, &frame, &scored, |lang| {
        print(&scored, lang);
        if let Some(file) = &options.output {
            written(lang, file);
        }
    })
}

fn print(scored: &Report, lang: Lang) {
    let title = Message::new("lab-rfm-scored")
        .with("count", text::count(scored.n as i64))
        .with("points", i64::from(scored.points));
    report::line(lang, &title);
    let head = ["lab-rfm-recency", "lab-rfm-frequency", "lab-rfm-monetary"].map(|key| word(lang, key));
    if let Some(response) = &scored.response {
        report::plain(&word(lang, "lab-rfm-response"));
        let share = |share: &Option<f64>| share.map_or_else(|| "–".to_owned(), text::share);
        let mut rows = vec![[vec![word(lang, "lab-rfm-points")], head.to_vec()].concat()];
        let by = response.recency.iter().zip(&response.frequency).zip(&response.monetary);
        for (place, ((recency, frequency), monetary)) in by.enumerate() {
            rows.push(vec![(place + 1).to_string(), share(recency), share(frequency), share(monetary)]);
        }
        report::table(&rows);
        report::table(&[
            named(lang, "lab-rfm-base", text::share(response.base)),
            named(lang, "lab-rfm-best", share(&response.best_cell)),
            named(lang, "lab-rfm-worst", share(&response.worst_cell)),
            named(lang, "lab-rfm-auc", response.auc.map_or_else(|| "–".to_owned(), figure)),
        ]);
    }
    let mut rows = vec![[vec!["id".to_owned()], head.to_vec()].concat()];
    for customer in scored.customers.iter().take(SHOWN) {
        let points = [customer.points.recency, customer.points.frequency, customer.points.monetary];
        let points = points.into_iter().map(|points| points.to_string());
        rows.push(std::iter::once(customer.id.clone()).chain(points).collect());
    }
    report::table(&rows);
    if let Some(more) = scored.customers.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        report::line(lang, &Message::new("lab-more").with("count", text::count(more as i64)));
    }
}
