//! 疑似重复: customers that may be one, side by side, and those that were merged.

use domain::{Arg, Message};
use maud::{Markup, html};
use service::LONGEST_REASON;
use service::data::RunState;
use service::duplicate::list::{Duplicates, PAGE, Shown, Side, SuspectedPair};
use service::duplicate::{DuplicateRun, Evidence, MergeRow, RELATIONS, RelationCounts};

use crate::address;
use crate::ui::{Room, Ui, badge, empty, page, section, table};

/// Bits from which on something speaks for itself, and from which on it says anything.
const STRONG: f64 = 8.0;
const SAYS: f64 = 0.5;
/// Two customers are never called one for certain before somebody has looked.
const SUREST: f64 = 0.99;
/// Telephone numbers shown of a customer.
const PHONES: usize = 3;

/// Draws the page; `refused`: why what was asked was not done.
#[must_use]
pub fn render(ui: &Ui<'_>, duplicates: &Duplicates, refused: Option<&Message>) -> Markup {
    let title = ui.t("nav-duplicates");
    let body = html! {
        header.head { h1 { (title) } }
        section.panel {
            h2 { (ui.t("duplicates-question")) span.count { (duplicates.total) } }
            p.note { (ui.t("duplicates-caption")) }
            (run(ui, duplicates.run.as_ref()))
            @if let Some(why) = refused { p.error role="alert" { (ui.say(why)) } }
            @if duplicates.pairs.is_empty() && duplicates.run.is_some() {
                (empty(&ui.t("duplicates-none"), Some(&ui.t("duplicates-none-next")), None))
            }
        }
        @for pair in &duplicates.pairs { (shown(ui, pair)) }
        (paging(ui, duplicates))
        @if !duplicates.merges.is_empty() { (merges(ui, &duplicates.merges)) }
    };
    page(ui, Some(Room::Duplicates), &title, body)
}

/// What the last run found, and the way to another.
fn run(ui: &Ui<'_>, run: Option<&DuplicateRun>) -> Markup {
    let is_running = run.is_some_and(|run| run.state == RunState::Running);
    html! {
        form.filters method="post" action="/duplicates/find" {
            @match run {
                None => p.note { (ui.t("duplicates-never")) },
                Some(run) if is_running => p.note role="status" {
                    (badge("calm", &ui.t("duplicates-running"))) " "
                    (ui.with("duplicates-since", [("at", run.started_at.to_minute().to_string().into())]))
                },
                Some(run) if run.state == RunState::Done => p.note {
                    (ui.with("duplicates-found", [
                        ("at", run.ended_at.unwrap_or(run.started_at).to_minute().to_string().into()),
                        ("customers", text::count(run.customers.unwrap_or_default()).into()),
                        ("pairs", text::count(run.pairs.unwrap_or_default()).into()),
                    ]))
                },
                Some(run) => p.error {
                    (ui.with("duplicates-failed", [("at", run.started_at.to_minute().to_string().into()), ("why", run.failure.clone().unwrap_or_default().into())]))
                },
            }
            @if is_running {
                a.button href="/duplicates" { (ui.t("duplicates-look")) }
            } @else {
                button type="submit" { (ui.t("duplicates-find")) }
            }
        }
    }
}

fn shown(ui: &Ui<'_>, pair: &SuspectedPair) -> Markup {
    let [one, other] = &pair.sides;
    let id = format!("p{}-{}", one.id, other.id);
    let heading = ui.with("duplicate-pair", [("share", Arg::Share(pair.probability.min(SUREST)))]);
    let columns = [("", "told"), ("duplicate-one", ""), ("duplicate-other", "")];
    let row = |key: &str, differs: bool, cell: &dyn Fn(&Side) -> Markup| {
        [
            html! { (ui.t(key)) @if differs { " " (badge("warn", &ui.t("duplicate-differs"))) } },
            cell(one),
            cell(other),
        ]
    };
    let both = one.shown.as_ref().zip(other.shown.as_ref());
    let differs = |of: fn(&Shown) -> &Option<String>| {
        both.is_some_and(|(one, other)| of(one).is_some() && of(other).is_some() && of(one) != of(other))
    };
    let or_none = |text: &Option<String>| match text {
        Some(text) => html! { (text) },
        None => html! { span.faint { (ui.t("none-known")) } },
    };
    let mut rows = vec![row("duplicate-name", one.name != other.name, &|side| match side.shown {
        Some(_) => html! { a href=(address::customer(side.id)) { (side.name) } },
        None => html! { (side.name) },
    })];
    // Of one out of sight, no more is told than name, unit and owner; the other's alone is nothing to compare.
    if let Some((ours, theirs)) = both {
        let told = |cell: &dyn Fn(&Shown) -> Markup| [cell(ours), cell(theirs)];
        let mut add = |key: &str, differs: bool, [ours, theirs]: [Markup; 2]| {
            rows.push([
                html! { (ui.t(key)) @if differs { " " (badge("warn", &ui.t("duplicate-differs"))) } },
                ours,
                theirs,
            ]);
        };
        add("duplicate-code", false, told(&|shown| html! { span.code { (shown.code) } }));
        add("credit-code", differs(|shown| &shown.credit_code), told(&|shown| or_none(&shown.credit_code)));
        add("address", differs(|shown| &shown.address), told(&|shown| or_none(&shown.address)));
        add("duplicate-phones", false, told(&|shown| phones(ui, shown)));
    }
    rows.push(row("unit", one.unit != other.unit, &|side| match &side.unit {
        Some(unit) => html! { (unit.name) " " small { (ui.t(unit.level.text_key())) } },
        None => html! {},
    }));
    rows.push(row("owner", one.manager != other.manager, &|side| or_none(&side.manager)));
    if let Some((ours, theirs)) = both {
        let revenue = |shown: &Shown| match shown.revenue {
            Some(revenue) => html! { (ui.money(revenue)) },
            None => html! { span.faint { (ui.t("none-known")) } },
        };
        rows.push([html! { (ui.t("duplicate-revenue")) }, revenue(ours), revenue(theirs)]);
        let counts = |shown: &Shown| counts(ui, &shown.counts);
        rows.push([html! { (ui.t("duplicate-counts")) }, counts(ours), counts(theirs)]);
    }
    let body = html! {
        @if let Some(evidence) = &pair.evidence {
            ul.reasons { @for key in why(evidence) { li { (ui.t(key)) } } }
        }
        div.sides { (table(ui, columns, rows, None)) }
        @if pair.is_own {
            (forms(ui, pair))
        } @else {
            p.note {
                @match &pair.decides {
                    Some(unit) => (ui.with("duplicate-decides", [("unit", unit.name.as_str().into())])),
                    None => (ui.t("duplicate-decides-above")),
                }
            }
        }
    };
    section(&id, &heading, None, body)
}

fn phones(ui: &Ui<'_>, shown: &Shown) -> Markup {
    // Those that both have first.
    let mut phones: Vec<&(String, bool)> = shown.phones.iter().collect();
    phones.sort_by_key(|(_, is_shared)| !is_shared);
    let more = phones.len().saturating_sub(PHONES);
    html! {
        @if phones.is_empty() { span.faint { (ui.t("none-known")) } }
        @for (place, (phone, is_shared)) in phones.into_iter().take(PHONES).enumerate() {
            @if place > 0 { " · " }
            span.code { (phone) } @if *is_shared { " " (badge("calm", &ui.t("duplicate-shared"))) }
        }
        @if more > 0 { " " small { "+" (more) } }
    }
}

fn counts(ui: &Ui<'_>, counts: &RelationCounts) -> Markup {
    let some: Vec<(&str, i64)> =
        RELATIONS.into_iter().zip(counts.counts).filter(|(_, count)| *count > 0).collect();
    html! {
        @if some.is_empty() { span.faint { (ui.t("none-known")) } }
        @for (place, (relation, count)) in some.into_iter().enumerate() {
            @if place > 0 { " · " }
            (ui.t(&format!("relation-{relation}"))) " " (count)
        }
    }
}

/// The evidence in words, by key.
fn why(evidence: &Evidence) -> impl Iterator<Item = &'static str> {
    let key = |bits: f64, [strong, says, against]: [&'static str; 3]| match bits {
        bits if bits >= STRONG => Some(strong),
        bits if bits >= SAYS => Some(says),
        bits if bits <= -SAYS => Some(against),
        _ => None,
    };
    let name = ["duplicate-why-name-strong", "duplicate-why-name", "duplicate-why-name-against"];
    let branch = ["duplicate-why-branch-against"; 3];
    let code = ["duplicate-why-code-strong", "duplicate-why-code", "duplicate-why-code-against"];
    let contact = ["duplicate-why-contact-strong", "duplicate-why-contact", "duplicate-why-contact-against"];
    [
        key(evidence.name, name),
        key(evidence.branch, branch),
        key(evidence.credit_code, code),
        key(evidence.contact, contact),
    ]
    .into_iter()
    .flatten()
}

/// What whoever answers for both can decide.
fn forms(ui: &Ui<'_>, pair: &SuspectedPair) -> Markup {
    let [one, other] = &pair.sides;
    let at = format!("/duplicates/{}/{}", one.id, other.id);
    let together = both_counts(pair);
    html! {
        form.filters.keep method="post" action={ (at) "/merge" } {
            label.grow { span { (ui.t("duplicate-stays")) }
                select name="into" {
                    @for side in &pair.sides {
                        option value=(side.id) { (side.name) @if let Some(shown) = &side.shown { " · " (shown.code) } }
                    }
                }
            }
            label.grow { span { (ui.t("duplicate-reason")) } input name="reason" required maxlength=(LONGEST_REASON); }
            button type="submit" { (ui.t("duplicate-merge")) }
        }
        @if let Some(together) = together {
            p.note { (ui.t("duplicate-together")) " " (counts(ui, &together)) }
        }
        form.filters.keep method="post" action={ (at) "/dismiss" } {
            label.grow { span { (ui.t("duplicate-reason")) } input name="reason" required maxlength=(LONGEST_REASON); }
            button type="submit" { (ui.t("duplicate-dismiss")) }
        }
    }
}

/// What the one that stays shows after a merge.
fn both_counts(pair: &SuspectedPair) -> Option<RelationCounts> {
    let [one, other] = &pair.sides;
    let (one, other) = (one.shown.as_ref()?.counts, other.shown.as_ref()?.counts);
    let mut together = one;
    together.counts.iter_mut().zip(other.counts).for_each(|(one, other)| *one += other);
    Some(together)
}

fn paging(ui: &Ui<'_>, duplicates: &Duplicates) -> Markup {
    let next = duplicates.from + duplicates.pairs.len();
    html! {
        @if duplicates.total > PAGE {
            nav.paging {
                span.count { (duplicates.from + 1) "–" (next) " / " (duplicates.total) }
                @if duplicates.from > 0 {
                    a.button rel="prev" href={ "/duplicates?from=" (duplicates.from.saturating_sub(PAGE)) } { (ui.t("duplicates-before")) }
                }
                @if next < duplicates.total {
                    a.button rel="next" href={ "/duplicates?from=" (next) } { (ui.t("duplicates-next")) }
                }
            }
        }
    }
}

fn merges(ui: &Ui<'_>, merges: &[MergeRow]) -> Markup {
    let columns =
        [("merge-merged", "told"), ("merge-into", ""), ("duplicate-reason", ""), ("merge-by", ""), ("", "")];
    let rows = merges.iter().map(|merge| {
        [
            html! { (merge.merged_name) " " span.code { (merge.merged_code) } },
            html! { a href=(address::customer(merge.into)) { (merge.into_name) } " " span.code { (merge.into_code) } },
            html! { (merge.reason) },
            html! { (merge.by) " " small { (merge.at.date()) } },
            html! {
                form method="post" action={ "/duplicates/merges/" (merge.id) "/end" } {
                    button.quiet type="submit" aria-label={ (ui.t("merge-end")) " " (merge.merged_name) } { (ui.t("merge-end")) }
                }
            },
        ]
    });
    let body = html! {
        p.note { (ui.t("merges-caption")) }
        (table(ui, columns, rows, None))
    };
    section("merges", &ui.t("merges-title"), Some(merges.len() as u64), body)
}
