//! The list of customers: filters as chips in the address, sorting, paging by key.

use domain::customer::CustomerCategory;
use domain::policy::Action;
use domain::star::StarRating;
use domain::{Arg, LifecycleStage};
use maud::{Markup, html};
use service::customer::{CustomerPage, CustomerQuery, CustomerRow, CustomerSort};

use crate::address;
use crate::pages::today::data_through;
use crate::ui::{Icon, Room, Ui, empty, figure, icon, page, reasons, stage, stars};

/// Draws the page.
#[must_use]
pub fn render(ui: &Ui<'_>, query: &CustomerQuery, customers: &CustomerPage) -> Markup {
    let title = ui.t("nav-customers");
    let body = html! {
        header.head {
            h1 { (title) span.count { (figure(customers.total)) } }
            @if let Some(month) = customers.month { (data_through(ui, month)) }
            @if ui.actor.is_some_and(|actor| actor.role.may(Action::ExportCustomers)) && customers.total > 0 {
                a.button.end href=(address::customers_csv(query)) download { (icon(Icon::Export)) (ui.t("export")) }
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

fn filters(ui: &Ui<'_>, query: &CustomerQuery, customers: &CustomerPage) -> Markup {
    let choices = &customers.choices;
    // What the form does not set itself stays as it is.
    let kept: Vec<(String, String)> = address::customer_pairs(query)
        .into_iter()
        .filter(|(name, _)| {
            matches!(name.as_str(), "stage" | "star" | "category" | "changed" | "sort" | "order")
        })
        .collect();
    html! {
        form.filters action="/customers" method="get" data-auto-submit {
            @for (name, value) in &kept { input type="hidden" name=(name) value=(value); }
            label.grow {
                span { (ui.t("filter-text")) }
                input type="search" name="q" value=(query.text.as_deref().unwrap_or_default()) maxlength="100"
                    placeholder=(ui.t("search-placeholder"));
            }
            label {
                span { (ui.t("category")) }
                select name="category" {
                    option value="" { (ui.t("add-filter")) }
                    @for category in CustomerCategory::ALL.iter().filter(|c| !query.categories.contains(c)) {
                        option value=(category) { (ui.t(category.text_key())) }
                    }
                }
            }
            label {
                span { (ui.t("star")) }
                select name="star" {
                    option value="" { (ui.t("add-filter")) }
                    @for star in all_stars().filter(|star| !query.stars.contains(star)) {
                        option value=(star.get()) { (ui.with("star-count", [("count", i64::from(star.get()).into())])) }
                    }
                }
            }
            label {
                span { (ui.t("industry")) }
                select name="industry" {
                    option value="" { (ui.t("any")) }
                    @if let Some(chosen) = query.industry.as_ref().filter(|chosen| !choices.industries.contains(chosen)) {
                        option value=(chosen) selected { (chosen) }
                    }
                    @for industry in &choices.industries {
                        option value=(industry) selected[query.industry.as_ref() == Some(industry)] { (industry) }
                    }
                }
            }
            @if !choices.units.is_empty() || query.unit.is_some() {
                label {
                    span { (ui.t("unit")) }
                    select name="unit" {
                        option value="" { (ui.t("any")) }
                        @for unit in &choices.units {
                            option value=(unit.id) selected[query.unit == Some(unit.id)] {
                                (ui.t(unit.level.text_key())) " · " (unit.name)
                            }
                        }
                    }
                }
            }
            @if !choices.managers.is_empty() || query.manager.is_some() {
                label {
                    span { (ui.t("manager")) }
                    select name="manager" {
                        option value="" { (ui.t("any")) }
                        @for (id, name) in &choices.managers {
                            option value=(id) selected[query.manager == Some(*id)] { (name) }
                        }
                    }
                }
            }
            button type="submit" { (ui.t("filter-apply")) }
        }
    }
}

fn all_stars() -> impl Iterator<Item = StarRating> {
    (1..=5).rev().filter_map(|stars: u8| stars.try_into().ok())
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
    for &each in &query.categories {
        let value = ui.t(each.text_key()).into_owned();
        push("category", value, changed(query, |query| toggle(&mut query.categories, each)));
    }
    if let Some(industry) = &query.industry {
        push("industry", industry.clone(), changed(query, |query| query.industry = None));
    }
    if let Some(id) = query.unit {
        let unit = customers.choices.units.iter().find(|unit| unit.id == id);
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

fn nothing(ui: &Ui<'_>, query: &CustomerQuery) -> Markup {
    let filtered = address::customer_pairs(&CustomerQuery { after: None, ..query.clone() });
    let filtered = filtered.iter().any(|(name, _)| name != "sort" && name != "order");
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
        table.list.customers {
            caption.hidden { (ui.t("nav-customers")) }
            thead {
                tr {
                    (sorted(ui, query, CustomerSort::Name, "customer", ""))
                    (sorted_also(ui, query, [(CustomerSort::Stage, "stage"), (CustomerSort::StageSince, "stage-since")], "w-stage"))
                    th.wide scope="col" { (ui.t("stage-why")) }
                    (sorted(ui, query, CustomerSort::Star, "star", "medium w-star"))
                    th.wide.w-kind scope="col" { (ui.t("category-and-industry")) }
                    th.medium.w-owner scope="col" { (ui.t("manager-and-unit")) }
                    (sorted_also(ui, query, [(CustomerSort::Revenue, "revenue-12m"), (CustomerSort::Profit, "profit-12m")], "number w-money"))
                    (sorted(ui, query, CustomerSort::Value, "lifetime-value", "number medium w-money"))
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
    let descending = if current { !query.descending } else { address::descends_first(sort) };
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
            td { @if let Some(a) = assessment { (stage(ui, a.stage)) small { (a.stage_since) } } }
            td.wide.why {
                @if let Some(a) = assessment {
                    @let why = reasons(ui, a, 1);
                    span title=(reasons(ui, a, domain::assessment::Assessment::REASONS)) { (why) }
                }
            }
            td.medium { (stars(ui, assessment.and_then(|a| a.star))) }
            td.wide { (ui.t(row.category.text_key())) small { (row.industry.as_deref().unwrap_or_default()) } }
            td.medium { (row.manager.as_deref().unwrap_or("–")) small { (row.unit) } }
            td.number {
                @if let Some(a) = assessment { (ui.money(a.revenue_12m)) small { (ui.money(a.profit_12m)) } }
            }
            td.number.medium { @if let Some(value) = assessment.and_then(|a| a.value) { (ui.money(value.amount)) } }
            @let risk = assessment.and_then(|a| a.risk.as_ref());
            td.number.medium {
                @if let Some(risk) = risk {
                    (text::share(f64::from(risk.probability)))
                    @if let Some(cause) = risk.cause { small { (ui.t(cause.text_key())) } }
                }
            }
            td.number.medium { @if let Some(risk) = risk { (ui.money(risk.expected_loss)) } }
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
