//! Small parts that pages share: stages, stars, changes, tiles, sections, empty states.

use domain::assessment::Reason;
use domain::star::StarRating;
use domain::{LifecycleStage, Money, Problem};
use maud::{Markup, Render, html};

use super::Ui;

/// A stage by shape, colour and name: never by colour alone.
#[must_use]
pub fn stage(ui: &Ui<'_>, stage: LifecycleStage) -> Markup {
    html! {
        span class={ "stage stage-" (stage.code()) } { (stage_shape(stage)) (ui.t(stage.text_key())) }
    }
}

/// The shape of a stage, in its colour.
#[must_use]
pub fn stage_shape(stage: LifecycleStage) -> Markup {
    html! {
        svg.shape viewBox="0 0 10 10" aria-hidden="true" { path d=(shape_path(stage)) {} }
    }
}

const fn shape_path(stage: LifecycleStage) -> &'static str {
    match stage {
        LifecycleStage::Potential => {
            "M5 .5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 0 0 0-9zM5 2.200a2.8 2.8 0 1 1 0 5.600a2.8 2.8 0 0 1 0-5.600z"
        }
        LifecycleStage::Development => "M5 .5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 0 0 0-9zM5 2a3 3 0 0 1 0 6z",
        LifecycleStage::Growth => "M5 .800L9.6 9H.4z",
        LifecycleStage::Maturity => "M1 1h8v8H1z",
        LifecycleStage::Decline => "M5 9.200L.4 1h9.200z",
        LifecycleStage::Termination => {
            "M1.9.6L5 3.700L8.1.6L9.4 1.900L6.3 5L9.4 8.100L8.1 9.400L5 6.300L1.9 9.400L.6 8.100L3.7 5L.6 1.900z"
        }
    }
}

/// Customers by stage as one bar.
#[must_use]
pub fn stage_mix(ui: &Ui<'_>, customers: &[u64; LifecycleStage::COUNT]) -> Markup {
    const WIDTH: f64 = 96.0;
    let total = customers.iter().sum::<u64>().max(1) as f64;
    let mut left = 0.0;
    let parts: Vec<_> = LifecycleStage::ALL
        .iter()
        .zip(customers)
        .filter(|&(_, &count)| count > 0)
        .map(|(stage, &count)| {
            let width = count as f64 / total * WIDTH;
            left += width;
            (stage, left - width, width)
        })
        .collect();
    let said: Vec<String> = LifecycleStage::ALL
        .iter()
        .zip(customers)
        .map(|(stage, &count)| format!("{} {}", ui.t(stage.text_key()), figure(count)))
        .collect();
    html! {
        svg.mix.hover viewBox="0 0 96 12" role="img" aria-label=(said.join(", ")) {
            @for (stage, x, width) in parts {
                rect class={ "fill stage-" (stage.code()) } x=(format!("{x:.1}")) y="0" width=(format!("{width:.1}")) height="12" {}
            }
            title { (said.join("\n")) }
        }
    }
}

/// Stars, with the number for those who do not see them.
#[must_use]
pub fn stars(ui: &Ui<'_>, star: Option<StarRating>) -> Markup {
    let Some(star) = star else {
        return html! { span.faint title=(ui.t("star-none")) { "–" } };
    };
    let (full, rest) = (usize::from(star.get()), 5 - usize::from(star.get()));
    html! {
        span.stars role="img" aria-label=(ui.with("star-count", [("count", i64::from(star.get()).into())])) {
            span aria-hidden="true" { ("★".repeat(full)) span.off { ("★".repeat(rest)) } }
        }
    }
}

/// Why the stage, in words: as a sentence list.
#[must_use]
pub fn reasons(ui: &Ui<'_>, reasons: &[Reason], at_most: usize) -> String {
    let said: Vec<String> = reasons.iter().take(at_most).map(|reason| ui.say(&reason.message())).collect();
    said.join(&ui.t("list-joint"))
}

/// A short label with a tone: `good`, `bad`, `warn`, `calm`.
#[must_use]
pub fn badge(tone: &str, text: &str) -> Markup {
    html! { span class={ "badge " (tone) } { (text) } }
}

/// A change as a share of what was before; rising is good.
#[must_use]
pub fn money_change(now: Money, before: Option<Money>) -> Markup {
    let Some(before) = before else { return none() };
    change_in_share(now.yuan(), before.yuan())
}

/// A change as a share of what was before; rising is good.
#[must_use]
pub fn change_in_share(now: f64, before: f64) -> Markup {
    if before <= 0.0 {
        return none();
    }
    let share = now / before - 1.0;
    // Below half a per mille it would read as ±0.0%.
    if share.abs() < 0.0005 {
        return html! { span.change { "±0%" } };
    }
    let text = if share.abs() < 0.0995 {
        format!("{:.1}%", share.abs() * 100.0)
    } else if share.abs() < 9.995 {
        format!("{:.0}%", share.abs() * 100.0)
    } else {
        format!("×{:.0}", now / before)
    };
    arrow(share > 0.0, share > 0.0, &text)
}

/// A change in a count; `rising_is_good` decides the tone.
#[must_use]
pub fn change_in_count(now: i64, before: Option<i64>, rising_is_good: bool) -> Markup {
    let Some(before) = before else { return none() };
    let change = now - before;
    if change == 0 {
        return html! { span.change { "±0" } };
    }
    arrow(change > 0, (change > 0) == rising_is_good, &text::count(change.abs()))
}

fn arrow(up: bool, good: bool, text: &str) -> Markup {
    let (sign, spoken) = if up { ("▲", "+") } else { ("▼", "−") };
    html! {
        span.change.good[good].bad[!good] { span.arrow aria-hidden="true" { (sign) } (spoken) (text) }
    }
}

fn none() -> Markup {
    html! { span.change.faint { "–" } }
}

/// A figure with its name and what it is compared with.
#[must_use]
pub fn tile(name: &str, figure: impl Render, below: Markup, href: Option<&str>) -> Markup {
    let inner = html! {
        span.name { (name) }
        span.figure { (figure) }
        span.below { (below) }
    };
    html! {
        @if let Some(href) = href { a.tile href=(href) { (inner) } }
        @else { div.tile { (inner) } }
    }
}

/// A part of a page with its heading and how many things are in it.
#[must_use]
pub fn section(id: &str, heading: &str, count: Option<u64>, body: Markup) -> Markup {
    let heading_id = format!("{id}-heading");
    html! {
        section.panel id=(id) aria-labelledby=(heading_id) {
            h2 id=(heading_id) {
                (heading)
                @if let Some(count) = count { span.count { (figure(count)) } }
            }
            (body)
        }
    }
}

/// What cannot be kept unseen, since someone else was faster: how it is by now, what was to be made of it, and a form that keeps the
/// latter all the same.
pub struct Versions<'a> {
    /// Who changed it, and when.
    pub said: String,
    /// How it is by now.
    pub now: Markup,
    /// What was to be made of it.
    pub yours: Markup,
    /// Where the form is sent.
    pub action: &'a str,
    /// Its fields.
    pub fields: &'a [(&'static str, String)],
    /// Where it is left as it is.
    pub leave: &'a str,
}

/// Draws both versions.
#[must_use]
pub fn both_versions(ui: &Ui<'_>, versions: &Versions<'_>) -> Markup {
    section(
        "both",
        &ui.t("versions"),
        None,
        html! {
            p.error role="alert" { (versions.said) }
            dl.facts {
                div { dt { (ui.t("versions-now")) } dd.prose { (versions.now) } }
                div { dt { (ui.t("versions-yours")) } dd.prose { (versions.yours) } }
            }
            form.actions method="post" action=(versions.action) {
                @for (name, value) in versions.fields { input type="hidden" name=(name) value=(value); }
                button type="submit" { (ui.t("versions-keep-yours")) }
                a.button href=(versions.leave) { (ui.t("versions-leave")) }
            }
        },
    )
}

/// A count with groups of three digits.
#[must_use]
pub fn figure(count: u64) -> String {
    text::count(i64::try_from(count).unwrap_or(i64::MAX))
}

/// Nothing here: why, and what to do next.
#[must_use]
pub fn empty(what: &str, next: Option<&str>, command: Option<&str>) -> Markup {
    html! {
        div.empty {
            p { strong { (what) } }
            @if let Some(next) = next { p { (next) } }
            @if let Some(command) = command { p { code { (command) } } }
        }
    }
}

/// Why something was refused, and what to do about it.
#[must_use]
pub fn alert(ui: &Ui<'_>, problem: &Problem) -> Markup {
    html! {
        p.error role="alert" { (ui.say(&problem.cause)) @if let Some(hint) = &problem.hint { br; (ui.say(hint)) } }
    }
}

/// A name and its value in a list of facts; nothing if it is not known.
#[must_use]
pub fn field(name: &str, value: Option<impl Render>) -> Markup {
    html! {
        @if let Some(value) = value { div { dt { (name) } dd { (value) } } }
    }
}
