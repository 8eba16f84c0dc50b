//! The filters of the list as a form; each choice says how many customers it would show.

use domain::id::OrgUnitId;
use domain::star::StarRating;
use maud::{Markup, html};
use service::actor::UnitName;
use service::customer::{CustomerPage, CustomerQuery, Facet, Measure, MeasureKind};

use crate::pages::fields;
use crate::ui::{Ui, figure};

/// Names of what is asked of the operator's own fields begin so.
const OWN: &str = "field.";

/// The form of the filters.
pub(super) fn filters(ui: &Ui<'_>, query: &CustomerQuery, customers: &CustomerPage) -> Markup {
    let choices = &customers.choices;
    // What the form does not set itself stays as it is.
    let set_here = ["q", "industry", "unit", "manager"];
    let is_bound = |name: &str| {
        let of_measure = name.rsplit_once('-').map(|(name, _)| name);
        Measure::ALL.iter().any(|measure| Some(measure.name()) == of_measure)
    };
    let kept: Vec<(String, String)> = query
        .pairs()
        .into_iter()
        .filter(|(name, _)| name != "after" && !set_here.contains(&name.as_str()) && !name.starts_with(OWN))
        .filter(|(name, _)| customers.month.is_none() || !is_bound(name))
        .collect();
    let more_held = query.chosen.iter().any(|(facet, _)| facet != Facet::Category)
        || query.ranges.iter().next().is_some();
    html! {
        form.filters action="/customers" method="get" data-auto-submit {
            @for (name, value) in &kept { input type="hidden" name=(name) value=(value); }
            label.grow {
                span { (ui.t("filter-text")) }
                input type="search" name="q" value=(query.text.as_deref().unwrap_or_default()) maxlength="100"
                    placeholder=(ui.t("search-placeholder"));
            }
            (facet_choice(ui, query, customers, Facet::Category))
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
            @if choices.path.len() > 1 || !choices.below.is_empty() || query.unit.is_some() {
                label {
                    span { (ui.t("unit")) }
                    (unit_choice(ui, query.unit, &choices.path, &choices.below))
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
            @if customers.month.is_some() {
                details.more open[more_held] {
                    summary { (ui.t("filters-more")) }
                    div {
                        @for &facet in Facet::ALL.iter().filter(|&&facet| facet != Facet::Category) {
                            (facet_choice(ui, query, customers, facet))
                        }
                        @for &measure in Measure::ALL { (range(ui, query, measure)) }
                    }
                }
            }
            (fields::asked(ui, &customers.fields, query))
            button type="submit" { (ui.t("filter-apply")) }
        }
    }
}

/// The codes of a facet that are not chosen yet, with how many customers each would show.
fn facet_choice(ui: &Ui<'_>, query: &CustomerQuery, customers: &CustomerPage, facet: Facet) -> Markup {
    let counts = &customers.by_code[facet as usize];
    html! {
        label {
            span { (ui.t(facet.title_key())) }
            select name=(facet.name()) {
                option value="" { (ui.t("add-filter")) }
                @for (place, code) in facet.codes().iter().enumerate().filter(|&(place, _)| !query.chosen.contains(facet, place)) {
                    option value=(code) {
                        (ui.t(facet.text_key(place))) " · " (figure(counts.get(place).copied().unwrap_or_default()))
                    }
                }
            }
        }
    }
}

/// The bounds of a figure, a month or a day.
pub(crate) fn range(ui: &Ui<'_>, query: &CustomerQuery, measure: Measure) -> Markup {
    let (from, to) = query.ranges.of(measure);
    let title = ui.t(measure.title_key());
    let (kind, mode) = match measure.kind() {
        MeasureKind::Figure => ("text", Some("decimal")),
        MeasureKind::Month => ("month", None),
        MeasureKind::Day => ("date", None),
    };
    let bound = |end: &str, bound: Option<i64>| {
        let what = ui.t(if end == "from" { "range-least" } else { "range-most" });
        html! {
            input type=(kind) inputmode=[mode] name={ (measure.name()) "-" (end) } maxlength="16"
                aria-label={ (title) " " (what) } placeholder=(what) value=[bound.map(|bound| measure.write(bound))];
        }
    };
    html! {
        div.range.time[kind != "text"] { span { (title) } div { (bound("from", from)) "–" (bound("to", to)) } }
    }
}

/// The units that can be chosen: those above, the one chosen, and those below it, up to two levels.
pub(crate) fn unit_choice(
    ui: &Ui<'_>,
    chosen: Option<OrgUnitId>,
    path: &[UnitName],
    below: &[(UnitName, Vec<UnitName>)],
) -> Markup {
    let draw = |unit: &UnitName| {
        html! {
            option value=(unit.id) selected[chosen == Some(unit.id)] { (ui.t(unit.level.text_key())) " · " (unit.name) }
        }
    };
    html! {
        select name="unit" {
            option value="" { (ui.t("any")) }
            @if path.len() > 1 || (chosen.is_some() && !path.is_empty()) {
                optgroup label=(ui.t("path")) { @for unit in path { (draw(unit)) } }
            }
            @if below.iter().any(|(_, deeper)| !deeper.is_empty()) {
                @for (unit, deeper) in below {
                    optgroup label=(unit.name) { (draw(unit)) @for unit in deeper { (draw(unit)) } }
                }
            } @else if let Some(here) = path.last() {
                optgroup label=(here.name) { @for (unit, _) in below { (draw(unit)) } }
            }
        }
    }
}

fn all_stars() -> impl Iterator<Item = StarRating> {
    (1..=5).rev().filter_map(|stars: u8| stars.try_into().ok())
}
