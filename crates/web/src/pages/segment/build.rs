//! The segment builder: conditions as a form whose address is the segment.

use domain::{LifecycleStage, Message};
use maud::{Markup, html};
use service::customer::{CustomerQuery, Facet, Measure};
use service::segment::save::{Draft, LONGEST_NAME, LONGEST_TEXT};
use service::segment::{SegmentBuilder, SegmentFigures, filled};

use super::Examined;
use super::certificate;
use super::saved;
use crate::address;
use crate::pages::customer::filters::{range, unit_choice};
use crate::pages::customer::list::bounds;
use crate::pages::fields;
use crate::pages::today::{data_through, no_cycle_yet};
use crate::ui::{Room, Ui, figure, page, section, stage, stage_mix, tile};

/// Draws the page; `refused` holds what could not be kept and why.
#[must_use]
pub fn render(
    ui: &Ui<'_>,
    groups: &[CustomerQuery],
    builder: &SegmentBuilder,
    examined: &Examined,
    refused: Option<(&Draft, &Message)>,
) -> Markup {
    let title = ui.t("nav-segments");
    let Some(month) = builder.month else {
        return page(
            ui,
            Some(Room::Segments),
            &title,
            html! { header.head { h1 { (title) } } (no_cycle_yet(ui)) },
        );
    };
    let body = html! {
        header.head { h1 { (title) } (data_through(ui, month)) }
        (conditions(ui, groups, builder))
        (result(ui, groups, builder, refused))
        (saved::draw(ui, groups, builder))
        (certificate::draw(ui, builder, examined))
    };
    page(ui, Some(Room::Segments), &title, body)
}

fn conditions(ui: &Ui<'_>, groups: &[CustomerQuery], builder: &SegmentBuilder) -> Markup {
    let unchosen = CustomerQuery::first();
    let (last, earlier) = groups.split_last().unwrap_or((&unchosen, &[]));
    section(
        "conditions",
        &ui.t("segments-question"),
        None,
        html! {
            @for (place, group) in earlier.iter().enumerate() {
                p.group {
                    (in_words(ui, builder, group)) " "
                    @let others: Vec<_> = groups.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, group)| group.clone()).collect();
                    a href=(address::segments(&others)) { (ui.t("segment-group-remove")) }
                }
                p.or { (ui.t("segments-or")) }
            }
            form.conditions action="/segments" method="get" {
                @for (name, value) in address::group_pairs(earlier) { input type="hidden" name=(name) value=(value); }
                @if !earlier.is_empty() { input type="hidden" name=(address::OR) value="1"; }
                p.note { (ui.t("segment-group-this")) }
                div.lists {
                    (stages(ui, last))
                    (stars(ui, last))
                    @for &facet in Facet::ALL { (codes(ui, last, facet)) }
                }
                div.ranges {
                    @for &measure in Measure::ALL { (range(ui, last, measure)) }
                    label {
                        span { (ui.t("industry")) }
                        select name="industry" {
                            option value="" { (ui.t("any")) }
                            @if let Some(chosen) = last.industry.as_ref().filter(|chosen| !builder.choices.industries.contains(chosen)) {
                                option value=(chosen) selected { (chosen) }
                            }
                            @for industry in &builder.choices.industries {
                                option value=(industry) selected[last.industry.as_ref() == Some(industry)] { (industry) }
                            }
                        }
                    }
                    @if builder.choices.path.len() > 1 || !builder.choices.below.is_empty() || last.unit.is_some() {
                        label {
                            span { (ui.t("unit")) }
                            (unit_choice(ui, last.unit, &builder.choices.path, &builder.choices.below))
                        }
                    }
                    // What the form does not offer stays as it is.
                    @if let Some(text) = &last.text { input type="hidden" name="q" value=(text); }
                    @if let Some(manager) = last.manager { input type="hidden" name="manager" value=(manager); }
                    @for customer in &last.only { input type="hidden" name="only" value=(customer); }
                    @if last.changed { input type="hidden" name="changed" value="1"; }
                }
                (fields::asked(ui, &builder.fields, last))
                div.actions {
                    button.primary type="submit" { (ui.t("segment-measure")) }
                    @if !last.conditions().is_empty() {
                        button type="submit" name=(address::OR) value="1" { (ui.t("segment-group-add")) }
                    }
                    a.button href="/segments" { (ui.t("filter-clear")) }
                }
            }
        },
    )
}

fn stages(ui: &Ui<'_>, group: &CustomerQuery) -> Markup {
    html! {
        fieldset {
            legend { (ui.t("stage")) }
            @for each in LifecycleStage::ALL {
                label { input type="checkbox" name="stage" value=(each) checked[group.stages.contains(each)]; (stage(ui, *each)) }
            }
        }
    }
}

fn stars(ui: &Ui<'_>, group: &CustomerQuery) -> Markup {
    html! {
        fieldset {
            legend { (ui.t("star")) }
            @for count in (1..=5_u8).rev() {
                label {
                    input type="checkbox" name="star" value=(count) checked[group.stars.iter().any(|star| star.get() == count)];
                    (ui.with("star-count", [("count", i64::from(count).into())]))
                }
            }
        }
    }
}

fn codes(ui: &Ui<'_>, group: &CustomerQuery, facet: Facet) -> Markup {
    html! {
        fieldset {
            legend { (ui.t(facet.title_key())) }
            @for (place, code) in facet.codes().iter().enumerate() {
                label {
                    input type="checkbox" name=(facet.name()) value=(code) checked[group.chosen.contains(facet, place)];
                    (ui.t(facet.text_key(place)))
                }
            }
        }
    }
}

/// The conditions of a group in words.
pub(super) fn in_words(ui: &Ui<'_>, builder: &SegmentBuilder, group: &CustomerQuery) -> String {
    let mut said: Vec<String> = Vec::new();
    let mut say = |key: &str, values: Vec<String>| {
        if !values.is_empty() {
            said.push(format!("{} {}", ui.t(key), values.join(" / ")));
        }
    };
    say("filter-text", group.text.iter().cloned().collect());
    say("stage", group.stages.iter().map(|stage| ui.t(stage.text_key()).into_owned()).collect());
    say("star", group.stars.iter().map(|star| star.get().to_string()).collect());
    for &facet in Facet::ALL {
        say(
            facet.title_key(),
            group.chosen.of(facet).map(|place| ui.t(facet.text_key(place)).into_owned()).collect(),
        );
    }
    for (measure, from, to) in group.ranges.iter() {
        say(measure.title_key(), vec![bounds(ui, measure, from, to)]);
    }
    say("industry", group.industry.iter().cloned().collect());
    let unit = |id| builder.units.iter().find(|(known, _)| *known == id).map(|(_, name)| name.clone());
    let manager = |id| builder.managers.iter().find(|(known, _)| *known == id).map(|(_, name)| name.clone());
    say("unit", group.unit.map(|id| unit(id).unwrap_or_else(|| id.to_string())).into_iter().collect());
    say(
        "manager",
        group.manager.map(|id| manager(id).unwrap_or_else(|| id.to_string())).into_iter().collect(),
    );
    let chosen =
        (!group.only.is_empty()).then(|| ui.with("chosen-count", [("count", group.only.len().into())]));
    say("chosen", chosen.into_iter().collect());
    say("stage", group.changed.then(|| ui.t("filter-changed").into_owned()).into_iter().collect());
    for held in &group.fields {
        let (name, value) = fields::condition(ui, &builder.fields, held);
        said.push(format!("{name} {value}"));
    }
    said.join(" · ")
}

fn result(
    ui: &Ui<'_>,
    groups: &[CustomerQuery],
    builder: &SegmentBuilder,
    refused: Option<(&Draft, &Message)>,
) -> Markup {
    let (figures, all) = (&builder.figures, &builder.everyone);
    let held = filled(groups);
    let everyone = held.is_empty();
    section(
        "result",
        &ui.t("segment-result"),
        Some(figures.customers),
        html! {
            @if everyone { p.note { (ui.t("segment-result-everyone")) } }
            (tiles(ui, figures, all))
            @if !everyone {
                div.actions {
                    @if let [group] = held.as_slice() { a.button href=(address::customers(group)) { (ui.t("segment-open")) } }
                }
                (save_form(ui, &held, refused))
            }
        },
    )
}

fn tiles(ui: &Ui<'_>, figures: &SegmentFigures, all: &SegmentFigures) -> Markup {
    let part = |of: f64, whole: f64| text::share(if whole > 0.0 { of / whole } else { 0.0 });
    let of_all = part(figures.customers as f64, all.customers as f64);
    let of_revenue = part(figures.revenue_12m.yuan(), all.revenue_12m.yuan());
    let risk = |of: &SegmentFigures| of.risk.map_or_else(|| "–".to_owned(), text::share);
    html! {
        div.tiles {
            (tile(&ui.t("customers"), figure(figures.customers), html! { (ui.with("segment-of-all", [("share", of_all.into())])) }, None))
            (tile(&ui.t("revenue-12m"), ui.money(figures.revenue_12m), html! { (ui.with("segment-of-revenue", [("share", of_revenue.into())])) }, None))
            (tile(&ui.t("profit-12m"), ui.money(figures.profit_12m), html! {}, None))
            (tile(&ui.t("segment-risk-mean"), risk(figures), html! { (ui.with("segment-risk-all", [("share", risk(all).into())])) }, None))
            (tile(&ui.t("expected-loss"), ui.money(figures.expected_loss), html! {}, None))
            (tile(&ui.t("stage-mix"), stage_mix(ui, &figures.by_stage), stage_legend(ui, figures), None))
        }
    }
}

fn stage_legend(ui: &Ui<'_>, figures: &SegmentFigures) -> Markup {
    html! {
        @for (&each, &count) in LifecycleStage::ALL.iter().zip(&figures.by_stage) {
            @if count > 0 { span { (stage(ui, each)) " " (figure(count)) } }
        }
    }
}

fn save_form(ui: &Ui<'_>, groups: &[CustomerQuery], refused: Option<(&Draft, &Message)>) -> Markup {
    let typed = |of: fn(&Draft) -> &String| refused.map(|(draft, _)| of(draft).as_str());
    html! {
        form.filters.keep method="post" action="/segments" {
            @for (name, value) in address::group_pairs(groups) { input type="hidden" name=(name) value=(value); }
            @if let Some((_, why)) = refused { p.error role="alert" #why { (ui.say(why)) } }
            label { span { (ui.t("segment-name")) }
                input name="segment-name" required maxlength=(LONGEST_NAME) value=[typed(|draft| &draft.name)]
                    aria-describedby=[refused.map(|_| "why")]; }
            label { span { (ui.t("segment-goal")) } input name="segment-goal" maxlength=(LONGEST_TEXT) value=[typed(|draft| &draft.goal)]; }
            label { span { (ui.t("segment-play")) } input name="segment-play" maxlength=(LONGEST_TEXT) value=[typed(|draft| &draft.play)]; }
            button type="submit" { (ui.t("segment-save")) }
            p.note { (ui.t("segment-save-why")) }
        }
    }
}
