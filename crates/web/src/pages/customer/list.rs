//! The list of customers: filters as chips in the address, sorting, paging by key.

use domain::policy::Action;
use domain::{Arg, LifecycleStage};
use maud::{Markup, html};
use service::customer::{CustomerPage, CustomerQuery, CustomerRow, CustomerSort, Measure};

use super::filters::filters;
use crate::address;
use crate::pages::today::data_through;
use crate::ui::{Icon, Room, Ui, empty, figure, icon, page, reasons, stage, stars};

/// Draws the page.
#[must_use]
pub fn render(ui: &Ui<'_>, query: &CustomerQuery, customers: &CustomerPage) -> Markup {
    let title = ui.t("nav-customers");
    let may = |action| ui.actor.is_some_and(|actor| actor.may(action));
    let body = html! {
        header.head {
            (unit_path(ui, query, customers))
            h1 { (title) span.count { (figure(customers.total)) } }
            @if let Some(month) = customers.month { (data_through(ui, month)) }
            div.end.actions {
            @if may(Action::EditCustomers) { a.button href="/customers/new" { (icon(Icon::Add)) (ui.t("customer-add")) } }
            @if query.segment.is_none() && !query.conditions().is_empty() && may(Action::BuildSegments) {
                a.button href=(address::segments(std::slice::from_ref(query))) { (icon(Icon::Segments)) (ui.t("segment-from-list")) }
            }
            @if may(Action::AssignCustomers) && !query.pairs().is_empty() && customers.total > 0 {
                a.button href=(address::reassign(query)) { (icon(Icon::Assignments)) (ui.t("customers-reassign")) }
            }
            @if may(Action::ExportCustomers) && customers.total > 0 {
                a.button href=(address::customers_csv(query)) download { (icon(Icon::Export)) (ui.t("export")) }
            }
            }
        }
        (stage_tabs(ui, query, customers))
        (filters(ui, query, customers))
        (chips(ui, query, customers))
        @if customers.rows.is_empty() { (nothing(ui, query)) }
        @else {
            (table(ui, query, &customers.rows))
            (paging(ui, query, customers))
        }
    };
    page(ui, Some(Room::Customers), &title, body)
}

/// The same query from its first page.
fn changed(query: &CustomerQuery, change: impl FnOnce(&mut CustomerQuery)) -> String {
    let mut query = CustomerQuery { after: None, ..query.clone() };
    change(&mut query);
    address::customers(&query)
}

fn toggle<T: PartialEq>(list: &mut Vec<T>, value: T) {
    match list.iter().position(|known| *known == value) {
        Some(place) => {
            list.remove(place);
        }
        None => list.push(value),
    }
}

fn stage_tabs(ui: &Ui<'_>, query: &CustomerQuery, customers: &CustomerPage) -> Markup {
    if customers.month.is_none() {
        return html! {};
    }
    html! {
        nav.tabs aria-label=(ui.t("filter-stage")) {
            a href=(changed(query, |query| query.stages.clear())) aria-current=[query.stages.is_empty().then_some("true")] {
                (ui.t("all")) span.count { (figure(customers.by_stage.iter().sum())) }
            }
            @for (&each, &count) in LifecycleStage::ALL.iter().zip(&customers.by_stage) {
                a href=(changed(query, |query| toggle(&mut query.stages, each)))
                    aria-current=[query.stages.contains(&each).then_some("true")]
                {
                    (stage(ui, each)) span.count { (figure(count)) }
                }
            }
            a.apart href=(changed(query, |query| query.changed = !query.changed)) aria-current=[query.changed.then_some("true")] {
                (ui.t("filter-changed"))
            }
        }
    }
}

/// Where the unit chosen lies, each unit above it a way back.
fn unit_path(ui: &Ui<'_>, query: &CustomerQuery, customers: &CustomerPage) -> Markup {
    let Some((chosen, above)) = customers.choices.path.split_last().filter(|_| query.unit.is_some()) else {
        return html! {};
    };
    html! {
        nav.path aria-label=(ui.t("unit")) {
            @for unit in above {
                a href=(changed(query, |query| query.unit = Some(unit.id))) { (unit.name) }
            }
            span { (chosen.name) }
        }
    }
}

/// A filter that holds, and the address without it.
struct Chip {
    name: String,
    value: String,
    without: String,
}

fn chips(ui: &Ui<'_>, query: &CustomerQuery, customers: &CustomerPage) -> Markup {
    let chips = list_chips(ui, query, customers);
    if chips.is_empty() {
        return html! {};
    }
    html! {
        ul.chips aria-label=(ui.t("filters-held")) {
            @for chip in &chips {
                li {
                    a.chip href=(chip.without)
                        title=(ui.with("filter-remove", [("name", chip.name.as_str().into()), ("value", chip.value.as_str().into())]))
                    {
                        span.name { (chip.name) } (chip.value) (icon(Icon::Close))
                    }
                }
            }
            @if chips.len() > 1 { li { a.clear href="/customers" { (ui.t("filter-clear")) } } }
        }
    }
}

fn list_chips(ui: &Ui<'_>, query: &CustomerQuery, customers: &CustomerPage) -> Vec<Chip> {
    let mut chips = Vec::new();
    let mut push = |key: &str, value: String, without: String| {
        chips.push(Chip { name: ui.t(key).into_owned(), value, without });
    };
    if let Some(text) = &query.text {
        push("filter-text", text.clone(), changed(query, |query| query.text = None));
    }
    for &each in &query.stages {
        push(
            "stage",
            ui.t(each.text_key()).into_owned(),
            changed(query, |query| toggle(&mut query.stages, each)),
        );
    }
    for &each in &query.stars {
        let value = ui.with("star-count", [("count", i64::from(each.get()).into())]);
        push("star", value, changed(query, |query| toggle(&mut query.stars, each)));
    }
    for (facet, place) in query.chosen.iter() {
        let value = ui.t(facet.text_key(place)).into_owned();
        push(facet.title_key(), value, changed(query, |query| query.chosen.toggle(facet, place)));
    }
    for (measure, from, to) in query.ranges.iter() {
        push(
            measure.title_key(),
            bounds(ui, measure, from, to),
            changed(query, |query| query.ranges.set(measure, (None, None))),
        );
    }
    if query.segment.is_some() {
        let name = customers.segment.clone().unwrap_or_default();
        push("segment", name, changed(query, |query| query.segment = None));
    }
    if let Some(industry) = &query.industry {
        push("industry", industry.clone(), changed(query, |query| query.industry = None));
    }
    if let Some(id) = query.unit {
        let unit = customers.choices.path.iter().find(|unit| unit.id == id);
        let name = unit.map_or_else(|| id.to_string(), |unit| unit.name.clone());
        push("unit", name, changed(query, |query| query.unit = None));
    }
    if let Some(id) = query.manager {
        let manager = customers.choices.managers.iter().find(|(known, _)| *known == id);
        let name = manager.map_or_else(|| id.to_string(), |(_, name)| name.clone());
        push("manager", name, changed(query, |query| query.manager = None));
    }
    if query.changed {
        push("stage", ui.t("filter-changed").into_owned(), changed(query, |query| query.changed = false));
    }
    chips
}

/// The bounds of a figure in words.
pub(crate) fn bounds(ui: &Ui<'_>, measure: Measure, from: Option<i64>, to: Option<i64>) -> String {
    let say = |bound: i64| Arg::Text(measure.write(bound));
    match (from, to) {
        (Some(from), Some(to)) => ui.with("range-between", [("from", say(from)), ("to", say(to))]),
        (Some(from), None) => ui.with("range-from", [("from", say(from))]),
        (None, Some(to)) => ui.with("range-to", [("to", say(to))]),
        (None, None) => ui.t("any").into_owned(),
    }
}

fn nothing(ui: &Ui<'_>, query: &CustomerQuery) -> Markup {
    let filtered = !query.conditions().is_empty() || query.segment.is_some();
    if filtered {
        return html! {
            (empty(&ui.t("customers-none-match"), Some(&ui.t("customers-none-match-next")), None))
            p.centre { a.button href="/customers" { (ui.t("filter-clear")) } }
        };
    }
    empty(&ui.t("customers-none"), Some(&ui.t("customers-none-next")), None)
}

fn table(ui: &Ui<'_>, query: &CustomerQuery, rows: &[CustomerRow]) -> Markup {
    html! {
        table.list.customers.cards {
            caption.hidden { (ui.t("nav-customers")) }
            thead {
                tr {
                    (sorted(ui, query, CustomerSort::Name, "customer", ""))
                    (sorted_also(ui, query, [(CustomerSort::Stage, "stage"), (CustomerSort::StageSince, "stage-since")], "w-stage"))
                    th.wide scope="col" { (ui.t("stage-why")) }
                    (sorted_also(ui, query, [(CustomerSort::Star, "star"), (CustomerSort::Satisfaction, "satisfaction")], "medium w-star"))
                    th.wide.w-kind scope="col" { (ui.t("category-and-industry")) }
                    (sorted_also(ui, query, [(CustomerSort::BuyingFactor, "buying-factor"), (CustomerSort::IctNeed, "ict-need")], "wide w-kind"))
                    th.medium.w-owner scope="col" { (ui.t("manager-and-unit")) }
                    (sorted_also(ui, query, [(CustomerSort::Revenue, "revenue-12m"), (CustomerSort::Profit, "profit-12m")], "number w-money"))
                    (sorted_also(ui, query, [(CustomerSort::Value, "lifetime-value"), (CustomerSort::Band, "segment-value")], "number medium w-money"))
                    (sorted(ui, query, CustomerSort::Risk, "exit-risk", "number medium w-risk"))
                    (sorted(ui, query, CustomerSort::ExpectedLoss, "expected-loss", "number medium w-money"))
                }
            }
            tbody { @for row in rows { (draw_row(ui, row)) } }
        }
    }
}

fn sorted(ui: &Ui<'_>, query: &CustomerQuery, sort: CustomerSort, key: &str, class: &str) -> Markup {
    html! {
        th class=(class) scope="col" aria-sort=[direction(query, &[sort])] { (sort_link(ui, query, sort, key)) }
    }
}

/// A column with a second figure below the first, sorted by either.
fn sorted_also(
    ui: &Ui<'_>,
    query: &CustomerQuery,
    [first, second]: [(CustomerSort, &str); 2],
    class: &str,
) -> Markup {
    html! {
        th class=(class) scope="col" aria-sort=[direction(query, &[first.0, second.0])] {
            (sort_link(ui, query, first.0, first.1))
            span.also { (sort_link(ui, query, second.0, second.1)) }
        }
    }
}

fn direction(query: &CustomerQuery, sorts: &[CustomerSort]) -> Option<&'static str> {
    let direction = if query.descending { "descending" } else { "ascending" };
    sorts.contains(&query.sort).then_some(direction)
}

fn sort_link(ui: &Ui<'_>, query: &CustomerQuery, sort: CustomerSort, key: &str) -> Markup {
    let current = query.sort == sort;
    let descending = if current { !query.descending } else { sort.descends_first() };
    let href = changed(query, |query| {
        query.sort = sort;
        query.descending = descending;
    });
    html! {
        a href=(href) {
            (ui.t(key))
            @if current { span.order aria-hidden="true" { (if query.descending { "↓" } else { "↑" }) } }
        }
    }
}

fn draw_row(ui: &Ui<'_>, row: &CustomerRow) -> Markup {
    let assessment = row.assessment.as_ref();
    html! {
        tr {
            th scope="row" {
                a.name href=(address::customer(row.id)) title=(row.name) { (row.name) }
                small.code { (row.code) }
            }
            td data-label=(ui.t("stage")) { @if let Some(a) = assessment { (stage(ui, a.stage)) small { (a.stage_since) } } }
            td.wide.why data-label=(ui.t("stage-why")) {
                @if let Some(a) = assessment {
                    @let why = reasons(ui, &a.stage_reasons, 1);
                    span title=(reasons(ui, &a.stage_reasons, domain::assessment::Assessment::REASONS)) { (why) }
                }
            }
            td.medium data-label={ (ui.t("star")) " / " (ui.t("satisfaction")) } {
                (stars(ui, assessment.and_then(|a| a.star)))
                @if let Some(told) = assessment.and_then(|a| a.satisfaction.as_ref()) { small { (ui.t(told.label.text_key())) } }
            }
            td.wide data-label=(ui.t("category-and-industry")) { (ui.t(row.category.text_key())) small { (row.industry.as_deref().unwrap_or_default()) } }
            td.wide data-label={ (ui.t("buying-factor")) " / " (ui.t("ict-need")) } {
                @if let Some(segment) = assessment.and_then(|a| a.segment) {
                    (ui.t(segment.buying_factor.0.text_key())) small { (ui.t(segment.ict_need.0.text_key())) }
                }
            }
            td.medium data-label=(ui.t("manager-and-unit")) { (row.manager.as_deref().unwrap_or("–")) small { (row.unit) } }
            td.number data-label={ (ui.t("revenue-12m")) " / " (ui.t("money-profit")) } {
                @if let Some(a) = assessment { (ui.money(a.revenue_12m)) small { (ui.money(a.profit_12m)) } }
            }
            td.number.medium data-label=(ui.t("lifetime-value")) {
                @if let Some(value) = assessment.and_then(|a| a.value) { (ui.money(value.amount)) }
                @let band = assessment.and_then(|a| a.segment.as_ref()).and_then(|segment| segment.value);
                @if let Some((band, _)) = band { small { (ui.t(band.text_key())) } }
            }
            @let risk = assessment.and_then(|a| a.risk.as_ref());
            td.number.medium data-label=(ui.t("exit-risk")) {
                @if let Some(risk) = risk {
                    (text::share(f64::from(risk.probability)))
                    @if let Some(cause) = risk.cause { small { (ui.t(cause.text_key())) } }
                }
            }
            td.number.medium data-label=(ui.t("expected-loss")) { @if let Some(risk) = risk { (ui.money(risk.expected_loss)) } }
        }
    }
}

fn paging(ui: &Ui<'_>, query: &CustomerQuery, customers: &CustomerPage) -> Markup {
    html! {
        nav.paging aria-label=(ui.t("paging")) {
            span { (ui.with("paging-shown", [
                ("shown", customers.rows.len().into()),
                ("total", Arg::Text(figure(customers.total))),
            ])) }
            @if query.after.is_some() { a.button href=(changed(query, |_| ())) { (ui.t("paging-first")) } }
            @if let Some(next) = customers.next {
                a.button rel="next" href=(changed(query, |query| query.after = Some(next))) {
                    (ui.t("paging-next")) (icon(Icon::Next))
                }
            }
        }
    }
}
