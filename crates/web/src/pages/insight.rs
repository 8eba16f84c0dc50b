//! 洞察: sums over customers, from headquarters down to the grid; every row adds up to the one above.

use std::array;

use domain::outlook::ExitCause;
use domain::satisfaction::SatisfactionLabel;
use domain::{LifecycleStage, Money, Month};
use maud::{Markup, html};
use service::actor::UnitName;
use service::customer::{CustomerQuery, CustomerSort};
use service::insight::{Insight, SatisfactionCell, SatisfactionMatrix, UnitLine, UnitSums};

use crate::address;
use crate::chart::stages::{self, ByStage, Stages};
use crate::chart::{ages, concentration, flow, on_axis, yuan_on_axis};
use crate::pages::today::{data_through, no_cycle_yet};
use crate::pages::worth;
use crate::ui::{
    Room, Ui, change_in_count, money_change, page, section, stage, stage_mix, stars, table, tile,
};

/// Draws the page of a unit.
#[must_use]
pub fn render(ui: &Ui<'_>, insight: &Insight) -> Markup {
    let title = format!("{} · {}", ui.t("nav-insight"), insight.unit.name);
    let months_by = |of: fn(&UnitSums) -> ByStage| -> Vec<(Month, ByStage)> {
        insight.months.iter().map(|(month, sums)| (*month, of(sums))).collect()
    };
    let customers = months_by(|sums| sums.customers.map(|count| count as f64));
    let revenue = months_by(|sums| sums.revenue.map(Money::yuan));
    let body = html! {
        (head(ui, insight))
        (tiles(ui, insight))
        div.pair {
            @if let Some(chart) = stages::draw(ui, &Stages {
                question: &ui.t("stages-question"),
                caption: &ui.t("stages-caption"),
                months: &customers,
                on_axis: &|value| on_axis(ui.lang, value),
                in_table: &|value| text::count(value as i64),
            }) { div.panel { (chart) } }
            @if let Some(chart) = stages::draw(ui, &Stages {
                question: &ui.t("stages-revenue-question"),
                caption: &ui.t("stages-revenue-caption"),
                months: &revenue,
                on_axis: &|value| yuan_on_axis(ui.lang, value),
                in_table: &|value| ui.money(Money::from_fen((value * 100.0).round() as i64)),
            }) { div.panel { (chart) } }
        }
        (stage_table(ui, insight))
        div.pair {
            div.panel { (flow::draw(ui, &insight.flows, insight.now.total_customers())) }
            @if let Some(curve) = &insight.concentration { div.panel { (concentration::draw(ui, curve)) } }
        }
        (worth::by_stage(ui, insight))
        (at_risk(ui, insight))
        @if let Some(found) = &insight.ages { (ages::draw(ui, found)) }
        @if let Some(matrix) = &insight.satisfaction { (satisfaction(ui, matrix)) }
        @if !insight.below.is_empty() { (unit_table(ui, insight)) }
    };
    page(ui, Some(Room::Insight), &title, body)
}

/// Draws the page before the first cycle.
#[must_use]
pub fn render_empty(ui: &Ui<'_>) -> Markup {
    let title = ui.t("nav-insight");
    page(ui, Some(Room::Insight), &title, html! { header.head { h1 { (title) } } (no_cycle_yet(ui)) })
}

fn unit_address(unit: &UnitName) -> String {
    format!("/insight?unit={}", unit.id)
}

fn head(ui: &Ui<'_>, insight: &Insight) -> Markup {
    let list = CustomerQuery { unit: Some(insight.unit.id), ..CustomerQuery::first() };
    html! {
        header.head {
            @if insight.path.len() > 1 {
                nav.path aria-label=(ui.t("path")) {
                    @for unit in insight.path.iter().filter(|unit| unit.id != insight.unit.id) {
                        a href=(unit_address(unit)) { (unit.name) }
                    }
                }
            }
            h1 { (insight.unit.name) small { (ui.t(insight.unit.level.text_key())) } }
            (data_through(ui, insight.month))
            @if !insight.elsewhere.is_empty() {
                p.meta {
                    span { (ui.t("insight-elsewhere")) }
                    @for unit in &insight.elsewhere { a href=(unit_address(unit)) { (unit.name) } }
                }
            }
            a.button.end href=(address::customers(&list)) { (ui.t("insight-customers")) }
        }
    }
}

fn in_relation(sums: &UnitSums) -> i64 {
    LifecycleStage::ALL
        .iter()
        .zip(sums.customers)
        .filter(|(stage, _)| stage.is_served())
        .map(|(_, count)| count)
        .sum()
}

fn declining(sums: &UnitSums) -> i64 {
    sums.customers[LifecycleStage::Decline.index()]
}

fn tiles(ui: &Ui<'_>, insight: &Insight) -> Markup {
    let (now, month, year) = (&insight.now, insight.last_month.as_ref(), insight.last_year.as_ref());
    let count = |key: &str, of: fn(&UnitSums) -> i64, rising_is_good| {
        let changes = html! {
            span { (change_in_count(of(now), month.map(of), rising_is_good)) " " (ui.t("against-last-month")) }
            span { (change_in_count(of(now), year.map(of), rising_is_good)) " " (ui.t("against-last-year")) }
        };
        tile(&ui.t(key), text::count(of(now)), changes, None)
    };
    let amount = |key: &str, of: fn(&UnitSums) -> Money| {
        let changes = html! {
            span { (money_change(of(now), month.map(of))) " " (ui.t("against-last-month")) }
            span { (money_change(of(now), year.map(of))) " " (ui.t("against-last-year")) }
        };
        tile(&ui.t(key), ui.money(of(now)), changes, None)
    };
    html! {
        div.tiles {
            (count("insight-in-relation", in_relation, true))
            (count("insight-declining", declining, false))
            (amount("month-revenue", UnitSums::total_revenue))
            (amount("month-profit", UnitSums::profit))
            (amount("revenue-12m", |sums| sums.revenue_12m))
            (amount("profit-12m", |sums| sums.profit_12m))
        }
    }
}

/// The stages now, against last month and last year.
fn stage_table(ui: &Ui<'_>, insight: &Insight) -> Markup {
    let (now, month, year) = (&insight.now, insight.last_month.as_ref(), insight.last_year.as_ref());
    let customers = now.total_customers();
    let revenue = now.total_revenue();
    let share =
        |part: f64, whole: f64| if whole > 0.0 { text::share(part / whole) } else { "–".to_owned() };
    section(
        "stages",
        &ui.t("stages-now"),
        None,
        html! {
            div.scroll {
                table.list.cards {
                    thead {
                        tr {
                            th scope="col" { (ui.t("stage")) }
                            th.number scope="col" { (ui.t("customers")) }
                            th.number scope="col" { (ui.t("share")) }
                            th.number scope="col" { (ui.t("against-last-month")) }
                            th.number scope="col" { (ui.t("against-last-year")) }
                            th.number.first scope="col" { (ui.t("month-revenue")) }
                            th.number scope="col" { (ui.t("share")) }
                            th.number scope="col" { (ui.t("against-last-month")) }
                            th.number scope="col" { (ui.t("against-last-year")) }
                        }
                    }
                    tbody {
                        @for (index, &each) in LifecycleStage::ALL.iter().enumerate() {
                            @let rising_is_good = !matches!(each, LifecycleStage::Decline | LifecycleStage::Termination);
                            @let list = CustomerQuery {
                                unit: Some(insight.unit.id),
                                stages: vec![each],
                                ..CustomerQuery::first()
                            };
                            tr {
                                th scope="row" { a href=(address::customers(&list)) { (stage(ui, each)) } }
                                td.number data-label=(ui.t("customers")) { (text::count(now.customers[index])) }
                                td.number data-label=(ui.t("share")) { (share(now.customers[index] as f64, customers as f64)) }
                                td.number data-label=(ui.t("against-last-month")) { (change_in_count(now.customers[index], month.map(|s| s.customers[index]), rising_is_good)) }
                                td.number data-label=(ui.t("against-last-year")) { (change_in_count(now.customers[index], year.map(|s| s.customers[index]), rising_is_good)) }
                                td.number.first data-label=(ui.t("month-revenue")) { (ui.money(now.revenue[index])) }
                                td.number data-label=(ui.t("share")) { (share(now.revenue[index].yuan(), revenue.yuan())) }
                                td.number data-label=(ui.t("against-last-month")) { (money_change(now.revenue[index], month.map(|s| s.revenue[index]))) }
                                td.number data-label=(ui.t("against-last-year")) { (money_change(now.revenue[index], year.map(|s| s.revenue[index]))) }
                            }
                        }
                    }
                    tfoot {
                        tr {
                            th scope="row" { (ui.t("total")) }
                            td.number data-label=(ui.t("customers")) { (text::count(customers)) }
                            td.number data-label=(ui.t("share")) { (share(1.0, 1.0)) }
                            td.number data-label=(ui.t("against-last-month")) { (change_in_count(customers, month.map(UnitSums::total_customers), true)) }
                            td.number data-label=(ui.t("against-last-year")) { (change_in_count(customers, year.map(UnitSums::total_customers), true)) }
                            td.number.first data-label=(ui.t("month-revenue")) { (ui.money(revenue)) }
                            td.number data-label=(ui.t("share")) { (share(1.0, 1.0)) }
                            td.number data-label=(ui.t("against-last-month")) { (money_change(revenue, month.map(UnitSums::total_revenue))) }
                            td.number data-label=(ui.t("against-last-year")) { (money_change(revenue, year.map(UnitSums::total_revenue))) }
                        }
                    }
                }
            }
        },
    )
}

/// Revenue at risk by likely cause: bars as long as the expected loss.
fn at_risk(ui: &Ui<'_>, insight: &Insight) -> Markup {
    let largest = insight.at_risk.iter().map(|sum| sum.expected_loss.fen()).max().unwrap_or(0).max(1);
    let list = CustomerQuery {
        unit: Some(insight.unit.id),
        sort: CustomerSort::ExpectedLoss,
        descending: true,
        ..CustomerQuery::first()
    };
    section(
        "at-risk",
        &ui.t("at-risk-question"),
        None,
        html! {
            p.note { (ui.t("at-risk-caption")) }
            div.scroll {
                table.list.cards {
                    thead {
                        tr {
                            th scope="col" { (ui.t("exit-cause")) }
                            th.number scope="col" { (ui.t("customers")) }
                            th.number scope="col" { (ui.t("revenue-12m")) }
                            th.number scope="col" { (ui.t("expected-loss")) }
                            th scope="col" { span.hidden { (ui.t("expected-loss")) } }
                        }
                    }
                    tbody {
                        @for (place, sum) in insight.at_risk.iter().enumerate() {
                            @let cause = ExitCause::from_index(place);
                            tr {
                                th scope="row" { (ui.t(cause.map_or("exit-cause-unknown", ExitCause::text_key))) }
                                td.number data-label=(ui.t("customers")) { (text::count(sum.customers)) }
                                td.number data-label=(ui.t("revenue-12m")) { (ui.money(sum.revenue_12m)) }
                                td.number data-label=(ui.t("expected-loss")) { (ui.money(sum.expected_loss)) }
                                td {
                                    svg.mix viewBox="0 0 96 12" aria-hidden="true" {
                                        @let width = sum.expected_loss.fen() as f64 / largest as f64 * 96.0;
                                        rect class="fill stage-decline" x="0" y="0" width=(format!("{width:.1}")) height="12" {}
                                    }
                                }
                            }
                        }
                    }
                }
            }
            p {
                a.button href=(address::customers(&list)) { (ui.t("at-risk-customers")) } " "
                a.button href="/models" { (ui.t("models")) }
            }
        },
    )
}

/// Customers by stars and satisfaction, their revenue below.
fn satisfaction(ui: &Ui<'_>, matrix: &SatisfactionMatrix) -> Markup {
    let number = |key| (key, "number");
    let [bad, fair, good, best] = array::from_fn(|label| number(SatisfactionLabel::ALL[label].text_key()));
    let columns = [("star", ""), bad, fair, good, best, number("satisfaction-unknown"), number("total")];
    let cell = |cell: SatisfactionCell| {
        html! {
            @if cell.customers > 0 { (text::count(cell.customers)) small { (ui.money(cell.revenue_12m)) } }
            @else { span.faint { "–" } }
        }
    };
    let row = |name: Markup, cells: [SatisfactionCell; 5]| {
        let total = cells.iter().sum();
        let [bad, fair, good, best, unknown] = cells.map(cell);
        [name, bad, fair, good, best, unknown, cell(total)]
    };
    let rows = matrix.iter().enumerate().map(|(place, cells)| {
        let held = u8::try_from(5 - place).unwrap_or_default();
        row(stars(ui, held.try_into().ok()), *cells)
    });
    let below = array::from_fn(|label| matrix.iter().map(|cells| &cells[label]).sum());
    section(
        "satisfaction",
        &ui.t("satisfaction-question"),
        None,
        html! {
            p.note { (ui.t("satisfaction-caption")) }
            div.scroll { (table(ui, columns, rows, Some(row(html! { (ui.t("total")) }, below)))) }
            p { a.button href="/members" { (ui.t("uneasy-members")) } }
        },
    )
}

fn unit_table(ui: &Ui<'_>, insight: &Insight) -> Markup {
    let total = UnitLine {
        unit: None,
        now: insight.now,
        last_month: insight.last_month,
        last_year: insight.last_year,
    };
    section(
        "units",
        &ui.t("units-question"),
        None,
        html! {
            p.note { (ui.t("units-caption")) }
            div.scroll {
                table.list.units.cards {
                    thead {
                        tr {
                            th scope="col" rowspan="2" { (ui.t("unit")) }
                            th scope="col" rowspan="2" { (ui.t("stage-mix")) }
                            th.group scope="colgroup" colspan="3" { (ui.t("insight-in-relation")) }
                            th.group scope="colgroup" colspan="3" { (ui.t("insight-declining")) }
                            th.group scope="colgroup" colspan="3" { (ui.t("month-revenue")) }
                            th.group scope="colgroup" colspan="3" { (ui.t("month-profit")) }
                            th.number.first scope="col" rowspan="2" { (ui.t("revenue-12m")) }
                            th.number scope="col" rowspan="2" { (ui.t("profit-12m")) }
                        }
                        tr {
                            @for _ in 0..4 {
                                th.number.first scope="col" { (ui.t("now")) }
                                th.number scope="col" { (ui.t("short-last-month")) }
                                th.number scope="col" { (ui.t("short-last-year")) }
                            }
                        }
                    }
                    tbody { @for line in &insight.below { (unit_line(ui, line, &own_name(ui, line))) } }
                    tfoot { (unit_line(ui, &total, &html! { (ui.t("total")) })) }
                }
            }
        },
    )
}

fn own_name(ui: &Ui<'_>, line: &UnitLine) -> Markup {
    match &line.unit {
        Some(unit) => html! { a href=(unit_address(unit)) { (unit.name) } },
        None => html! { span.faint { (ui.t("unit-itself")) } },
    }
}

fn unit_line(ui: &Ui<'_>, line: &UnitLine, name: &Markup) -> Markup {
    let (now, month, year) = (&line.now, line.last_month.as_ref(), line.last_year.as_ref());
    let count = |name: &str, of: fn(&UnitSums) -> i64, rising_is_good| {
        html! {
            td.number.first data-label=(ui.t(name)) { (text::count(of(now))) }
            td.number data-label=(ui.t("against-last-month")) { (change_in_count(of(now), month.map(of), rising_is_good)) }
            td.number data-label=(ui.t("against-last-year")) { (change_in_count(of(now), year.map(of), rising_is_good)) }
        }
    };
    let amount = |name: &str, of: fn(&UnitSums) -> Money| {
        html! {
            td.number.first data-label=(ui.t(name)) { (exact(ui, of(now))) }
            td.number data-label=(ui.t("against-last-month")) { (money_change(of(now), month.map(of))) }
            td.number data-label=(ui.t("against-last-year")) { (money_change(of(now), year.map(of))) }
        }
    };
    html! {
        tr {
            th scope="row" { (name) }
            td { (stage_mix(ui, &now.customers.map(|count| count as u64))) }
            (count("insight-in-relation", in_relation, true))
            (count("insight-declining", declining, false))
            (amount("month-revenue", UnitSums::total_revenue))
            (amount("month-profit", UnitSums::profit))
            td.number.first data-label=(ui.t("revenue-12m")) { (exact(ui, now.revenue_12m)) }
            td.number data-label=(ui.t("profit-12m")) { (exact(ui, now.profit_12m)) }
        }
    }
}

/// Rounded to read, exact to the fen on hover.
fn exact(ui: &Ui<'_>, amount: Money) -> Markup {
    html! { span title={ "¥" (amount) } { (ui.money(amount)) } }
}
