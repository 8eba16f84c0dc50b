//! The segments that are kept, with what they amount to.

use maud::{Markup, html};
use service::customer::CustomerQuery;
use service::segment::certify::KeptCertificate;
use service::segment::{SavedSegment, SegmentBuilder, filled};

use super::build::in_words;
use crate::address;
use crate::ui::{Ui, badge, empty, figure, section, stage_mix};

pub(super) fn draw(ui: &Ui<'_>, groups: &[CustomerQuery], builder: &SegmentBuilder) -> Markup {
    let compares = !filled(groups).is_empty();
    section(
        "kept",
        &ui.t("segment-saved-question"),
        Some(builder.saved.len() as u64),
        html! {
            @if builder.saved.is_empty() {
                (empty(&ui.t("segment-saved-none"), Some(&ui.t("segment-saved-none-next")), None))
            } @else {
                p.note { (ui.t("segment-saved-caption")) }
                table.list.cards {
                    thead {
                        tr {
                            th scope="col" { (ui.t("segment")) }
                            th.number scope="col" { (ui.t("segment-size")) }
                            th.number scope="col" { (ui.t("revenue-12m")) }
                            th.number scope="col" { (ui.t("profit-12m")) }
                            th scope="col" { (ui.t("stage-mix")) }
                            th.number scope="col" { (ui.t("segment-risk-mean")) }
                            th.number scope="col" { (ui.t("expected-loss")) }
                            @if compares { th.number scope="col" { (ui.t("segment-overlap")) } }
                            th scope="col" { span.hidden { (ui.t("segment-change")) } }
                        }
                    }
                    tbody { @for segment in &builder.saved { (line(ui, builder, segment, compares)) } }
                }
            }
        },
    )
}

fn line(ui: &Ui<'_>, builder: &SegmentBuilder, segment: &SavedSegment, compares: bool) -> Markup {
    let figures = &segment.figures;
    let conditions: Vec<String> = segment.groups.iter().map(|group| in_words(ui, builder, group)).collect();
    let list = CustomerQuery { segment: Some(segment.id), ..CustomerQuery::first() };
    html! {
        tr {
            th scope="row" {
                a.name href=(address::customers(&list)) { (segment.name) }
                small { (conditions.join(&format!(" {} ", ui.t("segments-or")))) }
                @for text in segment.goal.iter().chain(&segment.play) { small { (text) } }
                small { (ui.t("segment-owner")) " " (segment.owner) }
                (certificate(ui, &segment.certificate))
            }
            td.number data-label=(ui.t("segment-size")) { (figure(figures.customers)) }
            td.number data-label=(ui.t("revenue-12m")) { (ui.money(figures.revenue_12m)) }
            td.number data-label=(ui.t("profit-12m")) { (ui.money(figures.profit_12m)) }
            td data-label=(ui.t("stage-mix")) { (stage_mix(ui, &figures.by_stage)) }
            td.number data-label=(ui.t("segment-risk-mean")) { (figures.risk.map_or_else(|| "–".to_owned(), text::share)) }
            td.number data-label=(ui.t("expected-loss")) { (ui.money(figures.expected_loss)) }
            @if compares { td.number data-label=(ui.t("segment-overlap")) { (text::share(segment.overlap)) } }
            td {
                div.actions {
                    a.button href=(address::segments(&segment.groups)) { (ui.t("segment-change")) }
                    @if segment.is_own {
                        form method="post" action={ "/segments/" (segment.id) "/delete" } {
                            button.quiet type="submit" aria-label=(ui.with("segment-delete-named", [("name", segment.name.as_str().into())])) {
                                (ui.t("segment-delete"))
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Whether it holds, and which faults it has and why.
fn certificate(ui: &Ui<'_>, certificate: &KeptCertificate) -> Markup {
    let (tone, key) = match (certificate.certified, certificate.is_tried) {
        (false, _) => ("bad", "segment-kept-refused"),
        (true, false) => ("warn", "segment-kept-untried"),
        (true, true) => ("good", "segment-kept-certified"),
    };
    html! {
        small { (badge(tone, &ui.t(key))) }
        @for finding in certificate.findings.iter().filter(|finding| finding.found) {
            @let reasons: Vec<String> = finding.reasons.iter().map(|reason| ui.say(reason)).collect();
            small { (ui.t(finding.fault.text_key())) ": " (reasons.join(&ui.t("list-joint"))) }
        }
    }
}
