//! What happened with a customer, newest first.

use domain::archive::Sheet;
use domain::id::CustomerId;
use domain::timeline::TimelineKind;
use domain::{Arg, Money};
use maud::{Markup, html};
use service::archive::Target;
use service::timeline::{Happening, TimelineEntry, TimelineEvent, TimelinePage, TimelineQuery};

use crate::address;
use crate::pages::archive;
use crate::ui::{Room, Ui, empty, page, reasons, stage};

/// Draws the page.
#[must_use]
pub fn render(ui: &Ui<'_>, query: &TimelineQuery, timeline: &TimelinePage) -> Markup {
    let (id, name) = &timeline.customer;
    let path = format!("{}/timeline", address::customer(*id));
    let at = |query: TimelineQuery| address::with_pairs(&path, &query.pairs());
    let title = ui.with("timeline-of", [("name", name.as_str().into())]);
    let first = TimelineQuery { after: None, ..query.clone() };
    let body = html! {
        header.head {
            nav.path aria-label=(ui.t("path")) {
                a href="/customers" { (ui.t("nav-customers")) }
                a href=(address::customer(*id)) { (name) }
            }
            h1 { (title) }
            @if timeline.may_log {
                p.meta { a.button href=(archive::address_of(Target::Row(*id, Sheet::Interaction, None))) { (ui.t("timeline-log")) } }
            }
        }
        section.panel {
            nav.tabs aria-label=(ui.t("timeline-narrow")) {
                a href=(at(TimelineQuery { kinds: Vec::new(), ..first.clone() })) aria-current=[query.kinds.is_empty().then_some("true")] { (ui.t("all")) }
                @for &kind in TimelineKind::ALL {
                    @let is_chosen = query.kinds.contains(&kind);
                    a href=(at(toggled(&first, kind))) aria-current=[is_chosen.then_some("true")] { (ui.t(kind.text_key())) }
                }
            }
            form.filters action=(path) method="get" {
                @for kind in &query.kinds { input type="hidden" name="kind" value=(kind); }
                label { span { (ui.t("timeline-from")) } input type="date" name="from" value=[query.from.map(|day| day.to_string())]; }
                label { span { (ui.t("timeline-until")) } input type="date" name="until" value=[query.until.map(|day| day.to_string())]; }
                @if timeline.in_tree > 1 || query.tree {
                    label {
                        span { (ui.t("timeline-whom")) }
                        select name="tree" {
                            option value="" { (ui.t("timeline-itself")) }
                            option value="1" selected[query.tree] { (ui.with("timeline-tree", [("count", timeline.in_tree.into())])) }
                        }
                    }
                }
                button type="submit" { (ui.t("filter-apply")) }
            }
            @if query.tree { p.note { (ui.t("timeline-tree-note")) } }
            @if timeline.entries.is_empty() { (empty(&ui.t("timeline-empty"), Some(&ui.t("timeline-empty-next")), None)) }
            @else { (entries(ui, &timeline.entries, query.tree, timeline.may_log.then_some(*id))) }
            @if let Some(next) = timeline.next {
                p.paging { a.button href=(at(TimelineQuery { after: Some(next), ..query.clone() })) { (ui.t("timeline-older")) } }
            }
        }
    };
    page(ui, Some(Room::Customers), &title, body)
}

fn toggled(query: &TimelineQuery, kind: TimelineKind) -> TimelineQuery {
    let mut kinds = query.kinds.clone();
    match kinds.iter().position(|known| *known == kind) {
        Some(place) => drop(kinds.remove(place)),
        None => kinds.push(kind),
    }
    kinds.sort_unstable();
    TimelineQuery { kinds, ..query.clone() }
}

/// Entries as a list; with whom, where several customers are told of. Contacts with `own` can be changed.
#[must_use]
pub fn entries(ui: &Ui<'_>, entries: &[TimelineEntry], of_tree: bool, own: Option<CustomerId>) -> Markup {
    html! {
        ol.timeline {
            @for entry in entries {
                li {
                    // What happened on a day stands at its beginning.
                    @let at = entry.place.at.to_minute();
                    time datetime=(entry.place.at) { @match at.strip_suffix(" 00:00") { Some(day) => (day), None => (at) } }
                    div {
                        @if of_tree { a href=(address::customer(entry.customer.0)) { (entry.customer.1) } }
                        (said(ui, entry, own == Some(entry.customer.0)))
                    }
                }
            }
        }
    }
}

fn said(ui: &Ui<'_>, entry: &TimelineEntry, may_change: bool) -> Markup {
    let event = match &entry.what {
        Happening::Event(event) => event,
        Happening::Stage { from, to } => {
            return html! {
                strong { (ui.t("timeline-kind-stage")) }
                span { (stage(ui, *from)) " → " (stage(ui, to.stage)) }
                span.faint { (reasons(ui, &to.reasons, 2)) }
            };
        }
    };
    let amount = |amount: &Option<Money>| amount.map(|amount| ui.money(amount));
    match event {
        TimelineEvent::Contact { id, channel, direction, purpose, outcome, staff, contact, place, note } => {
            html! {
                strong { (ui.t(channel.text_key())) }
                span.faint { (ui.t(direction.text_key())) }
                (words(purpose)) (led_to(outcome))
                (people(&[staff, contact]))
                @if let Some(place) = place { span.faint { (ui.t("field-place")) " " (place) } }
                @if let Some(note) = note { p.prose { (note) } }
                @if may_change { a.quiet.edit href=(archive::address_of(Target::Row(entry.customer.0, Sheet::Interaction, Some(id.get())))) { (ui.t("archive-change")) } }
            }
        }
        TimelineEvent::TicketOpened { code, kind, channel, cause, staff } => html! {
            strong { (ui.with("timeline-ticket-opened", [("kind", Arg::Key(kind.text_key()))])) }
            span.code { (code) } span.faint { (ui.t(channel.text_key())) } (words(cause)) (people(&[staff]))
        },
        TimelineEvent::TicketClosed { code, kind, score } => html! {
            strong { (ui.with("timeline-ticket-closed", [("kind", Arg::Key(kind.text_key()))])) }
            span.code { (code) }
            @if let Some(score) = score { span { (ui.with("timeline-rated", [("score", (*score).into())])) } }
        },
        TimelineEvent::ServiceStarted { product, quantity, price, trial } => html! {
            strong { (ui.t(if *trial { "timeline-trial-started" } else { "timeline-service-started" })) }
            span { (product) " × " (text::compact(ui.lang, *quantity)) }
            @if let Some(price) = amount(price) { span { (ui.t("price-month")) " " (price) } }
        },
        TimelineEvent::ServiceEnded { product, reason } => html! {
            strong { (ui.t("timeline-service-ended")) } span { (product) }
            @if let Some(reason) = reason { span.faint { (ui.t(reason.text_key())) } }
        },
        TimelineEvent::ContractSigned { code, ends_on, prepaid } => html! {
            strong { (ui.t("timeline-contract-signed")) } span.code { (code) }
            @if let Some(ends_on) = ends_on { span.faint { (ui.with("timeline-until-day", [("day", (*ends_on).into())])) } }
            @if let Some(prepaid) = amount(prepaid) { span { (ui.t("prepaid")) " " (prepaid) } }
        },
        TimelineEvent::Move { step, what, outcome, contact } => html! {
            strong { (ui.t(step.text_key())) } span { (what) } (led_to(outcome)) (people(&[contact]))
        },
        TimelineEvent::Activity { kind, what, outcome, contact, programme } => html! {
            strong { (ui.t(kind.text_key())) } span { (what) } (words(programme)) (led_to(outcome)) (people(&[contact]))
        },
        TimelineEvent::Review { scores, next_step } => html! {
            strong { (ui.t("sheet-relationship_reviews")) }
            @for (key, score) in ["closeness", "trust", "favour"].into_iter().zip(scores) { span { (ui.t(key)) " " (score) } }
            (led_to(next_step))
        },
        TimelineEvent::OpportunityOpened { product, amount: worth, stage, staff } => html! {
            strong { (ui.t("timeline-opportunity-opened")) } (words(product))
            @if let Some(worth) = amount(worth) { span { (worth) } }
            span.faint { (ui.with("timeline-stands-at", [("stage", Arg::Key(stage.text_key()))])) } (people(&[staff]))
        },
        TimelineEvent::OpportunityClosed { product, amount: worth, outcome, reason, competitor } => html! {
            strong { (ui.t("timeline-opportunity-closed")) }
            @if let Some(outcome) = outcome { span { (ui.t(outcome.text_key())) } }
            (words(product))
            @if let Some(worth) = amount(worth) { span { (worth) } }
            (words(reason)) (people(&[competitor]))
        },
        TimelineEvent::Survey { study, question, answer, score, contact } => html! {
            strong { (study) } span { (question) } (led_to(answer))
            @match score {
                (Some(score), Some(scale)) => span { (score) " / " (scale) },
                (Some(score), None) => span { (score) },
                _ => {},
            }
            (people(&[contact]))
        },
    }
}

fn words(words: &Option<String>) -> Markup {
    html! { @if let Some(words) = words { span { (words) } } }
}

fn led_to(outcome: &Option<String>) -> Markup {
    html! { @if let Some(outcome) = outcome { span { "→ " (outcome) } } }
}

fn people(people: &[&Option<String>]) -> Markup {
    let known: Vec<&str> = people.iter().filter_map(|name| name.as_deref()).collect();
    html! { @if !known.is_empty() { span.faint { (known.join(" · ")) } } }
}
