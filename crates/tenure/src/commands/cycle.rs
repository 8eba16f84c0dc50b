//! `tenure cycle`.

use std::process::ExitCode;
use std::sync::Arc;

use domain::engine::Explanation;
use domain::{Lang, LifecycleStage, Message, Month, Problem};
use serde::Serialize;
use service::Services;
use service::cycle::{CycleOptions, CycleReport};

use crate::arguments::{Common, Cycle};
use crate::progress::Shown;
use crate::{ambient, house, report};

#[derive(Serialize)]
struct Document {
    months: Vec<MonthDocument>,
    stale_months: Vec<Month>,
    duration_ms: u64,
}

#[derive(Serialize)]
struct MonthDocument {
    month: Month,
    customers: u64,
    corrected: bool,
    duration_ms: u64,
}

#[derive(Serialize)]
struct ExplanationDocument {
    month: Month,
    stage: &'static str,
    since: Month,
    confidence: f32,
    naive_stage: &'static str,
    reasons: Vec<String>,
    posterior: Vec<(&'static str, f64)>,
    features: Vec<FeatureDocument>,
}

#[derive(Serialize)]
struct FeatureDocument {
    feature: &'static str,
    value: Option<f64>,
    log_likelihood: Vec<(&'static str, f64)>,
}

/// Runs the cycle, or explains a customer.
pub async fn run(options: Cycle, common: &Common) -> Result<ExitCode, Problem> {
    let (services, _lake) = house::open(common).await?;
    if let Some(code) = &options.explain {
        return explain(&services, code, options.month, common).await;
    }
    let asked = CycleOptions { month: options.month, all: options.all, lang: common.lang };
    let progress = Arc::new(Shown::new(common.lang));
    let done = service::cycle::run(&services, asked, ambient::now(), &ambient::now, progress).await?;
    if common.json {
        report::json(&Document {
            months: done
                .months
                .iter()
                .map(|month| MonthDocument {
                    month: month.month,
                    customers: month.customers,
                    corrected: month.corrected,
                    duration_ms: month.duration_ms,
                })
                .collect(),
            stale_months: done.stale,
            duration_ms: done.duration_ms,
        })?;
    } else {
        report::line(common.lang, &summary(&done));
    }
    Ok(ExitCode::SUCCESS)
}

fn summary(done: &CycleReport) -> Message {
    let (Some(first), Some(last)) = (done.months.first(), done.months.last()) else {
        return Message::new("cli-cycle-nothing");
    };
    Message::new("cli-cycle-done")
        .with("months", done.months.len())
        .with("first", first.month)
        .with("last", last.month)
        .with("customers", text::count(i64::try_from(last.customers).unwrap_or(i64::MAX)))
        .with("seconds", format!("{:.1}", done.duration_ms as f64 / 1000.0))
}

async fn explain(
    services: &Services,
    code: &str,
    month: Option<Month>,
    common: &Common,
) -> Result<ExitCode, Problem> {
    let months = month.map(|month| (month, month));
    let (_customer, explanations) = service::cycle::explain(services, code, months).await?;
    if common.json {
        let documents: Vec<_> = explanations.iter().map(|e| explanation_document(e, common.lang)).collect();
        report::json(&documents)?;
        return Ok(ExitCode::SUCCESS);
    }
    for explanation in &explanations {
        print(explanation, common.lang);
    }
    Ok(ExitCode::SUCCESS)
}

fn print(explanation: &Explanation, lang: Lang) {
    const WIDTH: usize = 14;
    let assessment = &explanation.month.assessment;
    let title = Message::new("cli-explain-month")
        .with("month", assessment.month)
        .with("stage", domain::Arg::Key(assessment.stage.text_key()))
        .with("confidence", domain::Arg::Share(f64::from(assessment.stage_confidence)))
        .with("since", assessment.stage_since);
    report::line(lang, &title);
    for reason in &assessment.stage_reasons {
        report::plain(&format!("  · {}", text::say(lang, &reason.message())));
    }
    let naive = domain::Arg::Key(assessment.naive_stage.text_key());
    report::plain(&format!("  {}", text::say(lang, &Message::new("cli-explain-naive").with("stage", naive))));
    let row = |name: &str, value: &str, cells: &[String]| {
        let cells: String = cells.iter().map(|cell| report::padded(cell, WIDTH)).collect();
        report::plain(&format!("  {}{}{cells}", report::padded(name, 30), report::padded(value, WIDTH)));
    };
    let stages: Vec<String> =
        LifecycleStage::ALL.iter().map(|stage| text::get(lang, stage.text_key()).into_owned()).collect();
    row(&text::get(lang, "cli-explain-feature"), &text::get(lang, "cli-explain-value"), &stages);
    for (name, value, likelihoods) in &explanation.features {
        let value = value.map_or_else(String::new, |value| format!("{value:.3}"));
        row(&text::get(lang, name), &value, &likelihoods.map(|l| format!("{l:.2}")));
    }
    row("P", "", &explanation.posterior.map(|p| format!("{p:.3}")));
    report::plain("");
}

fn explanation_document(explanation: &Explanation, lang: Lang) -> ExplanationDocument {
    let by_stage = |values: &[f64; LifecycleStage::COUNT]| {
        LifecycleStage::ALL.iter().map(|stage| stage.code()).zip(*values).collect()
    };
    let assessment = &explanation.month.assessment;
    ExplanationDocument {
        month: assessment.month,
        stage: assessment.stage.code(),
        since: assessment.stage_since,
        confidence: assessment.stage_confidence,
        naive_stage: assessment.naive_stage.code(),
        reasons: assessment.stage_reasons.iter().map(|reason| text::say(lang, &reason.message())).collect(),
        posterior: by_stage(&explanation.posterior),
        features: explanation
            .features
            .iter()
            .map(|(feature, value, likelihoods)| FeatureDocument {
                feature,
                value: *value,
                log_likelihood: by_stage(likelihoods),
            })
            .collect(),
    }
}
