//! Whether a division holds: what to examine, and the certificate in words.

use domain::Message;
use maud::{Markup, html};
use service::customer::Facet;
use service::segment::SegmentBuilder;
use service::segment::certify::{Certificate, Dimension, Finding, SegmentOutcome};

use crate::ui::{Ui, badge, section};

/// What was asked to be examined, and what came out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Examined {
    /// What divides the customers; nothing is examined without.
    pub by: Vec<Dimension>,
    /// By what it is judged.
    pub outcome: SegmentOutcome,
    /// The certificate; none before there are months enough, or why there is none.
    pub certificate: Option<Result<Option<Certificate>, Message>>,
}

/// Reads what is to be examined.
#[must_use]
pub fn parse(pairs: &[(String, String)]) -> Examined {
    let mut examined = Examined::default();
    for (name, value) in pairs {
        match name.as_str() {
            "by" => {
                let known = Dimension::ALL.into_iter().chain([Dimension::Saved]);
                examined.by.extend(
                    known
                        .filter(|dimension| dimension.name() == value && !examined.by.contains(dimension))
                        .collect::<Vec<_>>(),
                );
            }
            "outcome" => {
                let known = SegmentOutcome::ALL.into_iter().find(|(_, known)| known == value);
                examined.outcome = known.map_or(examined.outcome, |(outcome, _)| outcome);
            }
            _ => {}
        }
    }
    examined
}

pub(super) fn draw(ui: &Ui<'_>, builder: &SegmentBuilder, examined: &Examined) -> Markup {
    let saved = (!builder.saved.is_empty()).then_some(Dimension::Saved);
    let is_chosen = |dimension: Dimension| match examined.by.is_empty() {
        true => dimension == Dimension::Of(Facet::Value),
        false => examined.by.contains(&dimension),
    };
    section(
        "certificate",
        &ui.t("segment-certificate-question"),
        None,
        html! {
            p.note { (ui.t("segment-certificate-caption")) }
            form.conditions action="/segments#certificate" method="get" {
                div.lists {
                    fieldset {
                        legend { (ui.t("segment-certificate-by")) }
                        @for dimension in Dimension::ALL.into_iter().chain(saved) {
                            label {
                                input type="checkbox" name="by" value=(dimension.name()) checked[is_chosen(dimension)];
                                (ui.t(dimension.title_key()))
                            }
                        }
                    }
                    fieldset {
                        legend { (ui.t("segment-certificate-outcome")) }
                        @for (outcome, name) in SegmentOutcome::ALL {
                            label {
                                input type="radio" name="outcome" value=(name) checked[outcome == examined.outcome];
                                (ui.t(outcome.title_key()))
                            }
                        }
                    }
                }
                div.actions { button type="submit" { (ui.t("segment-certify")) } }
            }
            @match &examined.certificate {
                None => {},
                Some(Err(why)) => { p.error role="alert" { (ui.say(why)) } },
                Some(Ok(None)) => { p.none { (ui.t("segment-certificate-months")) } },
                Some(Ok(Some(certificate))) => { (verdict(ui, certificate)) },
            }
        },
    )
}

fn verdict(ui: &Ui<'_>, certificate: &Certificate) -> Markup {
    html! {
        p.verdict {
            (badge(if certificate.certified { "good" } else { "bad" }, &ui.say(&certificate.message())))
        }
        dl.findings { @for finding in &certificate.findings { (draw_finding(ui, finding)) } }
        table.list.cards {
            thead {
                tr {
                    th scope="col" { (ui.t("segment")) }
                    th.number scope="col" { (ui.t("segment-size")) }
                    th.number scope="col" { (ui.t("segment-outcome-mean")) }
                }
            }
            tbody {
                @for segment in &certificate.segments {
                    tr {
                        th scope="row" { (segment.name) }
                        td.number data-label=(ui.t("segment-size")) { (text::count(segment.size as i64)) }
                        td.number data-label=(ui.t("segment-outcome-mean")) { (text::share(segment.mean)) }
                    }
                }
            }
        }
    }
}

fn draw_finding(ui: &Ui<'_>, finding: &Finding) -> Markup {
    let (tone, key) =
        if finding.found { ("bad", "segment-fault-found") } else { ("good", "segment-fault-free") };
    let reasons: Vec<String> = finding.reasons.iter().map(|reason| ui.say(reason)).collect();
    html! {
        div {
            dt { (ui.t(finding.fault.text_key())) " " (badge(tone, &ui.t(key))) }
            dd { (reasons.join(&ui.t("list-joint"))) }
        }
    }
}
