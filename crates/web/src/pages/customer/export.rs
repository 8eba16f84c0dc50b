//! The list as a file for spreadsheets: the same rows and columns as on the page.

use domain::Lang;
use domain::assessment::Assessment;
use futures::stream::{Stream, try_unfold};
use service::customer::CustomerRow;
use tokio::task::{JoinError, spawn_blocking};

use crate::csv::{self, cell};
use crate::ui::{Theme, Ui, reasons};

/// Bytes after which a piece is sent.
const PIECE: usize = 64 * 1024;

/// The file piece by piece, each made off the threads that serve and only when the one before is on its way: a
/// slow reader holds neither a thread nor more than a piece.
pub fn pieces(
    lang: Lang,
    customers: impl Iterator<Item = CustomerRow> + Send + 'static,
) -> impl Stream<Item = Result<String, JoinError>> {
    try_unfold((header(lang), customers), move |(mut piece, mut customers)| async move {
        spawn_blocking(move || {
            let ui = Ui { lang, theme: Theme::System, actor: None, here: "" };
            while piece.len() < PIECE {
                let Some(row) = customers.next() else { break };
                piece.push_str(&line(&ui, &row));
            }
            (!piece.is_empty()).then(|| (piece, (String::new(), customers)))
        })
        .await
    })
}

/// The first line: names of columns in the user's language.
#[must_use]
pub fn header(lang: Lang) -> String {
    let keys = [
        "code",
        "customer",
        "stage",
        "stage-since",
        "stage-confidence",
        "stage-why",
        "star",
        "category",
        "industry",
        "unit",
        "manager",
        "revenue-12m-yuan",
        "profit-12m-yuan",
        "lifetime-value-yuan",
        "exit-risk",
        "exit-cause",
        "expected-loss-yuan",
        "segment-value",
        "buying-factor",
        "ict-need",
    ];
    csv::header(lang, &keys)
}

/// A line; amounts in yuan with two decimals, months `YYYY-MM`, confidence and risk 0 to 1.
#[must_use]
pub fn line(ui: &Ui<'_>, row: &CustomerRow) -> String {
    let a = row.assessment.as_ref();
    let of = |say: &dyn Fn(&Assessment) -> String| a.map(say).unwrap_or_default();
    let (risk, segment) = (a.and_then(|a| a.risk.as_ref()), a.and_then(|a| a.segment));
    let name = |key: Option<&str>| cell(&key.map(|key| ui.t(key)).unwrap_or_default());
    let cells = [
        cell(&row.code),
        cell(&row.name),
        cell(&of(&|a| ui.t(a.stage.text_key()).into_owned())),
        of(&|a| a.stage_since.to_string()),
        of(&|a| format!("{:.2}", a.stage_confidence)),
        cell(&of(&|a| reasons(ui, &a.stage_reasons, Assessment::REASONS))),
        of(&|a| a.star.map(|star| star.get().to_string()).unwrap_or_default()),
        cell(&ui.t(row.category.text_key())),
        cell(row.industry.as_deref().unwrap_or_default()),
        cell(&row.unit),
        cell(row.manager.as_deref().unwrap_or_default()),
        of(&|a| a.revenue_12m.to_string()),
        of(&|a| a.profit_12m.to_string()),
        of(&|a| a.value.map(|value| value.amount.to_string()).unwrap_or_default()),
        risk.map(|risk| format!("{:.4}", risk.probability)).unwrap_or_default(),
        name(risk.and_then(|risk| risk.cause).map(|cause| cause.text_key())),
        risk.map(|risk| risk.expected_loss.to_string()).unwrap_or_default(),
        name(segment.and_then(|of| of.value).map(|(value, _)| value.text_key())),
        name(segment.map(|of| of.buying_factor.0.text_key())),
        name(segment.map(|of| of.ict_need.0.text_key())),
    ];
    format!("{}\r\n", cells.join(","))
}
