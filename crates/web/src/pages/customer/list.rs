//! The list of customers: filters as chips in the address, sorting, paging by key.

use domain::policy::Action;
use domain::{Arg, LifecycleStage};
use maud::{Markup, html};
use service::customer::{
    Column, CustomerPage, CustomerQuery, CustomerRow, CustomerSort, Measure, MeasureKind, Told,
};
use service::view::SavedView;

use super::cells::draw;
use super::columns::columns;
use super::filters::filters;
use super::views;
use crate::address;
use crate::pages::fields;
use crate::pages::today::data_through;
use crate::ui::{Icon, Room, Ui, empty, figure, icon, page, stage};

/// Draws the page.
#[must_use]
pub fn render(ui: &Ui<'_>, query: &CustomerQuery, customers: &CustomerPage, views: &[SavedView]) -> Markup {
    let title = ui.t("nav-customers");
    let may = |action| ui.actor.is_some_and(|actor| actor.may(action));
    let body = html! {
        header.head {
            (unit_path(ui, query, customers))
            h1 { (title) span.count { (figure(customers.total)) } }
            @if let Some(month) = customers.month { (data_through(ui, month)) }
            div.end.actions {
            @if may(Action::EditCustomers) { a.button href="/customers/new" { (icon(Icon::Add)) (ui.t("customer-add")) } }
            @if may(Action::ImportCustomers) { a.button href="/imports" { (ui.t("sheets-title")) } }
            @if query.segment.is_none() && !query.conditions().is_empty() && may(Action::BuildSegments) {
                a.button href=(address::segments(std::slice::from_ref(query))) { (icon(Icon::Segments)) (ui.t("segment-from-list")) }
            }
            @if may(Action::AssignCustomers) && query.narrows() && customers.total > 0 {
                a.button href=(address::reassign(query)) { (icon(Icon::Assignments)) (ui.t("customers-reassign")) }
            }
            @if may(Action::EditCustomers) && query.narrows() && customers.total > 0 {
                a.button href=(address::edits(query)) { (ui.t("customers-edit")) }
            }
            @if may(Action::ExportCustomers) && customers.total > 0 {
                a.button href=(address::customers_xlsx(query)) download { (icon(Icon::Export)) (ui.t("export-xlsx")) }
                a.button href=(address::customers_csv(query)) download { (ui.t("export-csv")) }
            }
            }
        }
        (views::tabs(ui, query, views))
        (stage_tabs(ui, query, customers))
        (filters(ui, query, customers))
        (chips(ui, query, customers))
        div.tools { (views::keep(ui, query, views)) (columns(ui, query, &customers.fields)) }
        @if customers.rows.is_empty() { (nothing(ui, query)) }
        @else {
            (with_ticks(ui, query, may(Action::EditCustomers), may(Action::AssignCustomers), |ticks| table(ui, query, &customers.rows, ticks)))
            (paging(ui, query, customers))
        }
    };
    page(ui, Some(Room::Customers), &title, body)
}

/// The same query from its first page.
pub(super) fn changed(query: &CustomerQuery, change: impl FnOnce(&mut CustomerQuery)) -> String {
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

/// The list without filters, in the same order and with the same columns.
fn cleared(query: &CustomerQuery) -> String {
    address::customers(&CustomerQuery {
        sort: query.sort,
        descending: query.descending,
        columns: query.columns.clone(),
        ..CustomerQuery::first()
    })
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
            @if chips.len() > 1 { li { a.clear href=(cleared(query)) { (ui.t("filter-clear")) } } }
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
    for held in &query.fields {
        let (name, value) = fields::condition(ui, &customers.fields, held);
        let without = changed(query, |query| query.fields.retain(|known| known != held));
        chips.push(Chip { name, value, without });
    }
    let mut push = |key: &str, value: String, without: String| {
        chips.push(Chip { name: ui.t(key).into_owned(), value, without });
    };
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
    if !query.only.is_empty() {
        let count = ui.with("chosen-count", [("count", query.only.len().into())]);
        push("chosen", count, changed(query, |query| query.only.clear()));
    }
    if query.changed {
        push("stage", ui.t("filter-changed").into_owned(), changed(query, |query| query.changed = false));
    }
    chips
}

/// The bounds of a figure in words.
pub(crate) fn bounds(ui: &Ui<'_>, measure: Measure, from: Option<i64>, to: Option<i64>) -> String {
    let say = |bound: i64| Arg::Text(measure.write(bound));
    let is_time = measure.kind() != MeasureKind::Figure;
    match (from, to) {
        (Some(from), None) if is_time => ui.with("range-since", [("from", say(from))]),
        (None, Some(to)) if is_time => ui.with("range-until", [("to", say(to))]),
        (Some(from), Some(to)) => ui.with("range-between", [("from", say(from)), ("to", say(to))]),
        (Some(from), None) => ui.with("range-from", [("from", say(from))]),
        (None, Some(to)) => ui.with("range-to", [("to", say(to))]),
        (None, None) => ui.t("any").into_owned(),
    }
}

fn nothing(ui: &Ui<'_>, query: &CustomerQuery) -> Markup {
    if query.narrows() {
        return html! {
            (empty(&ui.t("customers-none-match"), Some(&ui.t("customers-none-match-next")), None))
            p.centre { a.button href=(cleared(query)) { (ui.t("filter-clear")) } }
        };
    }
    empty(&ui.t("customers-none"), Some(&ui.t("customers-none-next")), None)
}

/// The table in a form in which customers are ticked, for those who may do something with them.
fn with_ticks(
    ui: &Ui<'_>,
    query: &CustomerQuery,
    may_edit: bool,
    may_assign: bool,
    table: impl FnOnce(bool) -> Markup,
) -> Markup {
    if !may_edit && !may_assign {
        return table(false);
    }
    let kept = query.itself().pairs().into_iter().filter(|(name, _)| name != "only");
    html! {
        form.ticks action="/customers" method="get" {
            @for (name, value) in kept { input type="hidden" name=(name) value=(value); }
            (table(true))
            p.ticked {
                span { (ui.t("ticked")) }
                button.quiet type="submit" { (ui.t("ticked-show")) }
                @if may_edit { button.quiet type="submit" name="then" value="edit" { (ui.t("customers-edit")) } }
                @if may_assign { button.quiet type="submit" name="then" value="reassign" { (ui.t("customers-reassign")) } }
            }
        }
    }
}

fn table(ui: &Ui<'_>, query: &CustomerQuery, rows: &[CustomerRow], ticks: bool) -> Markup {
    let cells = query.columns.cells();
    let is_chosen = !query.columns.are_first();
    let has_code = query.columns.contains(Column::Code);
    let classes: Vec<&str> = cells.iter().map(|(column, _)| class(*column, is_chosen)).collect();
    let labels: Vec<String> = cells.iter().map(|(column, below)| label(ui, *column, *below)).collect();
    html! {
        div.across[is_chosen] {
            table.list.customers.cards.chosen[is_chosen] {
                caption.hidden { (ui.t("nav-customers")) }
                thead {
                    tr {
                        th scope="col" aria-sort=[direction(query, &[CustomerSort::Name])] { (sort_link(ui, query, CustomerSort::Name, "customer")) }
                        @for ((column, below), class) in cells.iter().zip(&classes) { (heading(ui, query, *column, *below, class)) }
                        @for (field, _) in rows.first().into_iter().flat_map(|row| &row.own) { th class=(fields::class(field)) scope="col" { (field.name.of(ui.lang)) } }
                    }
                }
                tbody {
                    @for row in rows {
                        tr {
                            th scope="row" {
                                @if ticks { input.tick type="checkbox" name="only" value=(row.id) aria-label=(row.name); }
                                a.name href=(address::customer(row.id)) title=(row.name) { (row.name) }
                                @if has_code { small.code { (row.code) } }
                            }
                            @for (((column, below), class), label) in cells.iter().zip(&classes).zip(&labels) {
                                td class=(class) data-label=(label) { (cell(ui, row, *column, *below)) }
                            }
                            @for (field, value) in &row.own {
                                td class=(fields::class(field)) data-label=(field.name.of(ui.lang)) { @if let Some(value) = value { (fields::in_words(ui, field, value)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// How wide a column is and whether it gives way to others; one that was chosen never does.
const fn class(column: Column, is_chosen: bool) -> &'static str {
    match (column, is_chosen) {
        (Column::Stage, false) => "w-stage",
        (Column::Why, false) => "wide why",
        (Column::Star, false) => "medium w-star",
        (Column::Category | Column::BuyingFactor, false) => "wide w-kind",
        (Column::Manager, false) => "medium w-owner",
        (Column::Revenue, false) => "number w-money",
        (Column::Value | Column::ExpectedLoss, false) => "number medium w-money",
        (Column::Risk, false) => "number medium w-risk",
        (Column::Why, true) => "why",
        (
            Column::Revenue
            | Column::Profit
            | Column::Value
            | Column::Risk
            | Column::ExpectedLoss
            | Column::Confidence
            | Column::Lines,
            _,
        ) => "number",
        _ => "",
    }
}

fn label(ui: &Ui<'_>, column: Column, below: Option<Column>) -> String {
    let title = ui.t(column.title_key()).into_owned();
    below.map_or(title.clone(), |below| format!("{title} / {}", ui.t(below.title_key())))
}

/// What is told of a customer; what stands below has a dash above it where nothing is known.
fn cell(ui: &Ui<'_>, row: &CustomerRow, column: Column, below: Option<Column>) -> Markup {
    let below = below.map(|below| below.of(row)).filter(|told| *told != Told::Nothing);
    html! {
        @match (column.of(row), below) {
            (Told::Nothing, Some(_)) => span.faint { "–" },
            (told, _) => (draw(ui, told)),
        }
        @if let Some(below) = below { small { (draw(ui, below)) } }
    }
}

/// The head of a column with that of the one below it, each sorting the list where it can be sorted by.
fn heading(ui: &Ui<'_>, query: &CustomerQuery, column: Column, below: Option<Column>, class: &str) -> Markup {
    let sorts: Vec<CustomerSort> =
        [Some(column), below].into_iter().flatten().filter_map(Column::sort).collect();
    let title = |column: Column| {
        html! {
            @match column.sort() {
                Some(sort) => (sort_link(ui, query, sort, column.title_key())),
                None => (ui.t(column.title_key())),
            }
        }
    };
    html! {
        th class=(class) scope="col" aria-sort=[direction(query, &sorts)] {
            (title(column))
            @if let Some(below) = below { span.also { (title(below)) } }
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
