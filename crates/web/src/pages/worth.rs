//! Lifetime value by stage, on Insight.

use domain::{LifecycleStage, Money};
use maud::{Markup, html};
use service::insight::{Insight, StageWorth};

use crate::ui::{Ui, section, stage};

const WIDTH: f64 = 96.0;

/// Mean and total lifetime value of the unit's customers in each stage, with bars as long as the total.
pub(super) fn by_stage(ui: &Ui<'_>, insight: &Insight) -> Markup {
    if insight.worth.iter().all(|worth| worth.customers == 0) {
        return html! {};
    }
    let all = insight.worth.iter().copied().fold(StageWorth::default(), StageWorth::plus);
    let largest = insight.worth.iter().map(|worth| worth.total.fen().abs()).max().unwrap_or(0).max(1);
    section(
        "worth",
        &ui.t("worth-question"),
        None,
        html! {
            p.note { (ui.t("worth-caption")) " " a href="/models#value-test" { (ui.t("worth-tested")) } }
            div.scroll {
                table.list.cards {
                    thead { tr {
                        th scope="col" { (ui.t("stage")) }
                        th.number scope="col" { (ui.t("customers")) }
                        th.number scope="col" { (ui.t("worth-mean")) }
                        th.number scope="col" { (ui.t("worth-range")) }
                        th.number.first scope="col" { (ui.t("worth-total")) }
                        th.number scope="col" { (ui.t("worth-range")) }
                        th scope="col" { span.hidden { (ui.t("worth-total")) } }
                    } }
                    tbody {
                        @for (&each, worth) in LifecycleStage::ALL.iter().zip(&insight.worth) {
                            tr {
                                th scope="row" { (stage(ui, each)) }
                                (cells(ui, worth))
                                td { (bar(each, worth.total, largest)) }
                            }
                        }
                    }
                    tfoot { tr { th scope="row" { (ui.t("total")) } (cells(ui, &all)) td {} } }
                }
            }
        },
    )
}

fn cells(ui: &Ui<'_>, worth: &StageWorth) -> Markup {
    let range = |of: Money, reach: Money| format!("{} – {}", ui.money(of - reach), ui.money(of + reach));
    let unknown = || std::array::from_fn(|_| "–".to_owned());
    let [mean, mean_range, total, total_range] = worth.mean().map_or_else(unknown, |(mean, reach)| {
        [ui.money(mean), range(mean, reach), ui.money(worth.total), range(worth.total, worth.reach)]
    });
    html! {
        td.number data-label=(ui.t("customers")) { (text::count(worth.customers)) }
        td.number data-label=(ui.t("worth-mean")) { (mean) }
        td.number data-label=(ui.t("worth-range")) { (mean_range) }
        td.number.first data-label=(ui.t("worth-total")) { (total) }
        td.number data-label=(ui.t("worth-range")) { (total_range) }
    }
}

/// Nothing is drawn of a stage that costs more than it brings.
fn bar(stage: LifecycleStage, total: Money, largest: i64) -> Markup {
    let width = total.fen().max(0) as f64 / largest as f64 * WIDTH;
    html! {
        svg.mix viewBox="0 0 96 12" aria-hidden="true" {
            rect class={ "fill stage-" (stage.code()) } x="0" y="0" width=(format!("{width:.1}")) height="12" {}
        }
    }
}
