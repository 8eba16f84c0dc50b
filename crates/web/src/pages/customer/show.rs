//! The one view of a customer: who, where the relation stands and why, and everything known.

use domain::archive::Sheet;
use domain::assessment::Assessment;
use domain::contact::CuteRole;
use domain::outlook::{ExitRisk, LifetimeValue};
use domain::policy::Action;
use domain::satisfaction::{MemberMonth, Satisfaction};
use domain::segment::Segment;
use domain::{Arg, Instant, Money};
use maud::{Markup, Render, html};
use service::archive::Target;
use service::archive::list::SheetView;
use service::customer::{ContactRow, ContractRow, CustomerView, ServiceRow, TicketRow, TreeNode};

use crate::address;
use crate::chart::relation;
use crate::pages::archive;
use crate::pages::contact::ask;
use crate::pages::today::no_cycle_yet;
use crate::pages::{fields, members, timeline, visits};
use crate::ui::{Column, Room, Row, Ui, badge, field, page, reasons, section, stage, stars, table};

/// Draws the page.
#[must_use]
pub fn render(ui: &Ui<'_>, customer: &CustomerView, removed: Option<(Sheet, i64)>) -> Markup {
    let row = &customer.row;
    let sheets = |of: &[Sheet]| {
        let shown = customer.sheets.iter().filter(|view| of.contains(&view.sheet));
        let note = |view: &SheetView| review_due(ui, customer).filter(|_| view.sheet == Sheet::Review);
        html! { @for view in shown { (archive::sheet(ui, row.id, view, customer.may_edit, note(view))) } }
    };
    let body = html! {
        @if let Some(removed) = removed.filter(|_| customer.may_edit) { (archive::taken_out(ui, row.id, removed)) }
        header.head.customer {
            nav.path aria-label=(ui.t("path")) {
                a href="/customers" { (ui.t("nav-customers")) }
                @for unit in &customer.units { span { (unit.name) } }
            }
            h1 { (row.name) (stars(ui, row.assessment.as_ref().and_then(|a| a.star))) }
            p.meta {
                span.code { (row.code) }
                span { (ui.t(row.category.text_key())) }
                @if let Some(industry) = &row.industry { span { (industry) } }
                span { (row.unit) }
                @if customer.may_edit {
                    a.button.quiet href=(archive::address_of(Target::Customer(row.id))) { (ui.t("archive-change")) }
                }
            }
            @for merge in &customer.merged {
                p.note {
                    (ui.with("customer-stands-for", [("name", merge.merged_name.as_str().into()), ("code", merge.merged_code.as_str().into()), ("day", merge.at.date().into())]))
                    @if ui.actor.is_some_and(|actor| actor.role.may(Action::MergeCustomers)) { " " a href="/duplicates#merges" { (ui.t("merge-end")) } }
                }
            }
        }
        (standing(ui, customer))
        (contents(ui, customer))
        @match relation::draw(ui, &customer.months) {
            Some(curve) => div.panel #relation { (curve) },
            None => (no_cycle_yet(ui)),
        }
        div.columns {
            div {
                (stage_history(ui, customer))
                (services(ui, &customer.services))
                (contracts(ui, &customer.contracts))
                (tickets(ui, &customer.tickets))
                (members(ui, customer))
                (sheets(&[Sheet::Presence, Sheet::Purchase]))
            }
            div {
                (contacts(ui, customer))
                (tasks(ui, customer))
                (planned(ui, customer))
                (happened(ui, customer))
                (sheets(&[Sheet::Review, Sheet::Move]))
                (sheets(&[Sheet::Programme, Sheet::ProgrammeActivity, Sheet::ProgrammeMember]))
                (tree(ui, &customer.row.code, &customer.tree))
                (facts(ui, customer))
            }
        }
    };
    page(ui, Some(Room::Customers), &row.name, body)
}

/// That the relation is to be reviewed, where whoever looks may do it.
fn review_due(ui: &Ui<'_>, customer: &CustomerView) -> Option<Markup> {
    let is_late = customer.review_due_on.is_none_or(|day| day < customer.today);
    (customer.may_edit && is_late).then(|| match customer.review_due_on {
        Some(day) => {
            html! { (badge("warn", &ui.t("review-late"))) " " (ui.with("review-due", [("day", day.into())])) }
        }
        None => html! { (badge("calm", &ui.t("review-never"))) " " (ui.t("review-never-note")) },
    })
}

/// The first screen: stage with since and why, value, who answers for it.
fn standing(ui: &Ui<'_>, customer: &CustomerView) -> Markup {
    let row = &customer.row;
    html! {
        @let at_risk = row.assessment.as_ref().is_some_and(|a| a.risk.is_some());
        div.standing.without-risk[!at_risk] {
            @match &row.assessment {
                Some(a) => {
                    (stage_card(ui, a, customer.months.len()))
                    (value_card(ui, a, customer.wallet))
                    @if let Some(risk) = &a.risk { (risk_card(ui, risk)) }
                },
                None => section.panel { h2 { (ui.t("stage")) } p.faint { (ui.t("not-assessed")) } },
            }
            div.stack {
            @if let Some(told) = row.assessment.as_ref().and_then(|a| a.satisfaction.as_ref()) { (satisfaction_card(ui, told)) }
            section.panel.owner {
                h2 { (ui.t("owner")) }
                p.figure { @match &row.manager { Some(name) => (name), None => span.faint { (ui.t("owner-none")) } } }
                dl.facts {
                    (field(&ui.t("unit"), Some(&row.unit)))
                    (field(&ui.t("competitor"), customer.competitor.as_ref()))
                    (field(&ui.t("last-interaction"), customer.last_contact.map(|at| at.date().to_string())))
                    (field(&ui.t("visit-due-on"), customer.visit_due_on.map(|due| html! {
                        (due) @if due < customer.today { " " (badge("bad", &ui.t("task-overdue"))) }
                    })))
                    (field(&ui.t("open-tickets"), Some(customer.tickets.iter().filter(|t| t.closed_at.is_none()).count())))
                }
            }
            }
        }
    }
}

fn stage_card(ui: &Ui<'_>, a: &Assessment, months_known: usize) -> Markup {
    let months = a.month - a.stage_since + 1;
    let since_ever = usize::try_from(months).is_ok_and(|months| months >= months_known);
    html! {
        section class={ "panel stage-card stage-" (a.stage.code()) } {
            h2 { (ui.t("stage")) }
            p.figure { (stage(ui, a.stage)) }
            p.since {
                (ui.with(if since_ever { "stage-since-at-least" } else { "stage-since-long" }, [
                    ("month", a.stage_since.into()),
                    ("months", Arg::Count(i64::from(months))),
                ]))
                " · "
                (ui.with("stage-sure", [("share", Arg::Share(f64::from(a.stage_confidence)))]))
                " · "
                (ui.with("five-stage-is", [("stage", Arg::Key(a.stage.five().text_key()))]))
            }
            @if !a.stage_reasons.is_empty() {
                h3 { (ui.t("stage-why")) }
                ul.reasons { @for reason in &a.stage_reasons { li { (ui.say(&reason.message())) } } }
            }
            @if a.naive_stage != a.stage {
                p.note { (ui.with("stage-naive", [("stage", Arg::Key(a.naive_stage.text_key()))])) }
            }
        }
    }
}

fn value_card(ui: &Ui<'_>, a: &Assessment, wallet: Option<Money>) -> Markup {
    let ratio =
        |part: Money, whole: Money| (whole > Money::ZERO).then(|| text::share(part.yuan() / whole.yuan()));
    html! {
        section.panel.value {
            h2 { (ui.t("value")) }
            p.figure { (ui.money(a.revenue_12m)) small { (ui.t("revenue-12m")) } }
            dl.facts {
                (field(&ui.t("profit-12m"), Some(ui.money(a.profit_12m))))
                (field(&ui.t("lifetime-value"), a.value.map(|value| html! {
                    span title=(ui.t("lifetime-value-why")) { (ui.money(value.amount)) }
                })))
                (field(&ui.t("lifetime-value-range"), a.value.map(|value| lifetime_value_range(ui, value))))
                (field(&ui.t("segment"), a.segment.map(|segment| segment_told(ui, segment))))
                (field(&ui.t("margin"), ratio(a.profit_12m, a.revenue_12m)))
                (field(&ui.t("star"), Some(stars(ui, a.star))))
                (field(&ui.t("share-of-wallet"), wallet.and_then(|wallet| ratio(a.revenue_12m, wallet))))
                (field(&ui.t("rfm"), a.rfm.map(|rfm| html! {
                    span title=(ui.t("rfm-why")) { (rfm.recency) " · " (rfm.frequency) " · " (rfm.monetary) }
                })))
            }
        }
    }
}

/// Value × key buying factor × ICT need, each with how sure it is and what speaks for it.
fn segment_told(ui: &Ui<'_>, segment: Segment) -> Markup {
    let (factor, factor_sure) = segment.buying_factor;
    let (need, need_sure) = segment.ict_need;
    let mut parts = vec![
        (factor.text_key(), factor_sure, Some(segment.factor_reason)),
        (need.text_key(), need_sure, Some(segment.need_reason)),
    ];
    parts.splice(0..0, segment.value.map(|(value, sure)| (value.text_key(), sure, None)));
    html! {
        @for (key, sure, reason) in parts {
            div {
                (ui.t(key)) " "
                small.faint {
                    (ui.with("segment-sure", [("share", Arg::Share(f64::from(sure)))]))
                    @if let Some(reason) = reason { " · " (ui.t(reason.text_key())) }
                }
            }
        }
    }
}

/// In which range, by which model.
fn lifetime_value_range(ui: &Ui<'_>, value: LifetimeValue) -> Markup {
    html! {
        span { (ui.money(value.low)) "–" (ui.money(value.high)) } " "
        small.faint { (ui.t(value.model.text_key())) }
    }
}

/// How satisfied its members are, and why not more.
fn satisfaction_card(ui: &Ui<'_>, told: &Satisfaction) -> Markup {
    html! {
        section.panel.satisfaction {
            h2 title=(ui.t("satisfaction-why-not")) { (ui.t("satisfaction")) }
            p.figure {
                (members::label(ui, told))
                small { (text::share(f64::from(told.score))) }
            }
            @if !told.reasons.is_empty() {
                ul.reasons { @for reason in &told.reasons { li { (ui.say(&reason.message())) } } }
            }
        }
    }
}

/// How likely it leaves, why, and what that would cost.
fn risk_card(ui: &Ui<'_>, risk: &ExitRisk) -> Markup {
    html! {
        section.panel.risk {
            h2 { (ui.t("exit-risk")) }
            p.figure {
                (text::share(f64::from(risk.probability)))
                small { (ui.t("exit-risk-within")) }
            }
            dl.facts {
                (field(&ui.t("expected-loss"), Some(ui.money(risk.expected_loss))))
                (field(&ui.t("exit-cause"), risk.cause.map(|cause| ui.t(cause.text_key()))))
                (field(&ui.t("model"), Some(ui.t(risk.model.text_key()))))
            }
            @if !risk.evidence.is_empty() {
                h3 { (ui.t("exit-risk-why")) }
                ul.reasons { @for reason in &risk.evidence { li { (ui.say(&reason.message())) } } }
            }
        }
    }
}

fn contents(ui: &Ui<'_>, customer: &CustomerView) -> Markup {
    let rows = |sheet: Sheet| {
        customer.sheets.iter().find(|view| view.sheet == sheet).map_or(0, |view| view.rows.len())
    };
    let parts: [(&str, &str, Option<usize>); 10] = [
        ("history", "stage-history", Some(relation::stage_runs(&customer.months).len())),
        ("services", "services", Some(customer.services.len())),
        ("contracts", "contracts", Some(customer.contracts.len())),
        ("tickets", "tickets", Some(customer.tickets.len())),
        ("members", "members", Some(usize::try_from(customer.members.0).unwrap_or(usize::MAX))),
        ("contacts", "contacts", Some(customer.contacts.len())),
        (Sheet::Review.code(), Sheet::Review.text_key(), Some(rows(Sheet::Review))),
        (Sheet::Presence.code(), Sheet::Presence.text_key(), Some(rows(Sheet::Presence))),
        // Only the newest are read here.
        ("timeline", "timeline", None),
        ("tree", "customer-tree", Some(customer.tree.len())),
    ];
    html! {
        nav.contents aria-label=(ui.t("contents")) {
            @for (id, key, count) in parts.into_iter().filter(|&(id, _, count)| id != "history" || count > Some(0)) {
                a href={ "#" (id) } { (ui.t(key)) @if let Some(count) = count { span.count { (count) } } }
            }
        }
    }
}

fn stage_history(ui: &Ui<'_>, customer: &CustomerView) -> Markup {
    let runs = relation::stage_runs(&customer.months);
    if runs.is_empty() {
        return html! {};
    }
    section(
        "history",
        &ui.t("stage-history"),
        None,
        html! {
            ol.history {
                @for (index, run) in runs.iter().enumerate().rev() {
                    @let months = run.last.month - run.first.month + 1;
                    li class={ "stage-" (run.stage.code()) } {
                        div.when {
                            (stage(ui, run.stage))
                            span.months {
                                (run.first.month) "–"
                                @if index + 1 < runs.len() { (run.last.month) } @else { (ui.t("until-now")) }
                            }
                            span.faint { (ui.with("months-long", [("months", Arg::Count(i64::from(months)))])) }
                        }
                        p.why {
                            (reasons(ui, &run.first.reasons, Assessment::REASONS))
                            " "
                            span.faint { (ui.with("stage-sure-then", [("share", Arg::Share(f64::from(run.first.confidence)))])) }
                        }
                    }
                }
            }
        },
    )
}

/// Many rows scroll within their panel, so that what follows stays in reach.
fn in_reach(name: &str, rows: usize, body: Markup) -> Markup {
    const AT_ONCE: usize = 10;
    html! {
        @if rows > AT_ONCE { div.scroll.tall tabindex="0" role="region" aria-label=(name) { (body) } }
        @else { div.scroll { (body) } }
    }
}

/// A table with its heading, or why it is empty; text key and id of the part are one.
fn part<T, const N: usize, R: Into<Row<N>>>(
    ui: &Ui<'_>,
    key: &'static str,
    count: u64,
    rows: &[T],
    columns: [Column; N],
    row: impl Fn(&T) -> R,
) -> Markup {
    let name = ui.t(key);
    let body = html! {
        @if rows.is_empty() { p.none { (ui.t("none-known")) } }
        @else { (in_reach(&name, rows.len(), table(ui, columns, rows.iter().map(row), None))) }
    };
    section(key, &name, Some(count), body)
}

/// The class of what is over.
fn over(is_over: bool) -> &'static str {
    if is_over { "over" } else { "" }
}

fn services(ui: &Ui<'_>, services: &[ServiceRow]) -> Markup {
    let columns = [
        ("product-name", ""),
        ("quantity", "number"),
        ("price-month", "number"),
        ("started-on", "month"),
        ("ended-on", "month"),
        ("state", ""),
    ];
    part(ui, "services", services.len() as u64, services, columns, |service| {
        let state = html! {
            @match (service.ended_on, service.end_reason) {
                (Some(_), Some(reason)) => (ui.with("ended-because", [("reason", Arg::Key(reason.text_key()))])),
                (Some(_), None) => (ui.t("state-ended")),
                (None, _) if service.trial => (badge("warn", &ui.t("state-trial"))),
                (None, _) => (badge("good", &ui.t("state-running"))),
            }
        };
        let cells = [
            html! { (service.product) small { (ui.t(service.family.text_key())) } },
            html! { (text::compact(ui.lang, service.quantity)) },
            maybe(service.price.map(|price| ui.money(price))),
            html! { (service.started_on) },
            maybe(service.ended_on.map(|date| date.to_string())),
            state,
        ];
        Row::of(over(service.ended_on.is_some()), cells)
    })
}

fn contracts(ui: &Ui<'_>, contracts: &[ContractRow]) -> Markup {
    let columns = [
        ("contract", "code"),
        ("sla", ""),
        ("signed-on", "month"),
        ("starts-on", "month"),
        ("ends-on", "month"),
        ("prepaid", "number"),
    ];
    part(ui, "contracts", contracts.len() as u64, contracts, columns, |contract| {
        [
            html! { (contract.code) },
            maybe(contract.sla.map(|sla| ui.t(sla.text_key()))),
            html! { (contract.signed_on) },
            html! { (contract.starts_on) },
            html! { @match contract.ends_on { Some(date) => (date), None => (ui.t("contract-open-ended")) } },
            maybe(contract.prepaid.map(|amount| ui.money(amount))),
        ]
    })
}

fn tickets(ui: &Ui<'_>, tickets: &[TicketRow]) -> Markup {
    let columns = [
        ("ticket", ""),
        ("opened-at", "month"),
        ("first-responder", ""),
        ("cause", ""),
        ("state", ""),
        ("score", "number"),
    ];
    part(ui, "tickets", tickets.len() as u64, tickets, columns, |ticket| {
        [
            html! { (ui.t(ticket.kind.text_key())) small { (ui.t(ticket.channel.text_key())) " · " (ticket.code) } },
            html! { (ticket.opened_at.to_minute()) },
            maybe(ticket.first_responder.as_ref()),
            maybe(ticket.cause.as_ref()),
            ticket_state(ui, ticket),
            maybe(ticket.score),
        ]
    })
}

fn ticket_state(ui: &Ui<'_>, ticket: &TicketRow) -> Markup {
    let late = |until: Instant| ticket.due_at.is_some_and(|due| until > due);
    match ticket.closed_at {
        Some(closed) if late(closed) => {
            html! { (ui.with("closed-late-on", [("date", closed.date().into())])) }
        }
        Some(closed) => html! { (ui.with("closed-on", [("date", closed.date().into())])) },
        None => html! {
            (badge("warn", &ui.t("state-open")))
            @if let Some(due) = ticket.due_at { " " small { (ui.with("due-on", [("date", due.date().into())])) } }
        },
    }
}

/// A member's risk to leave, what it would cost, and the first of what speaks for it with the others on hover.
fn leaving(ui: &Ui<'_>, told: &MemberMonth) -> Option<Markup> {
    let risk = told.risk?;
    Some(html! {
        (text::share(f64::from(risk)))
        @if let Some(loss) = told.expected_loss() { small title=(ui.t("member-expected-loss")) { (ui.money(loss)) } }
        @if let Some(first) = told.risk_reasons.first() {
            small title=(members::why(ui, &told.risk_reasons)) { (ui.say(&first.message())) }
        }
    })
}

fn members(ui: &Ui<'_>, customer: &CustomerView) -> Markup {
    let (count, members) = &customer.members;
    let columns = [
        ("member", "code"),
        ("plan", ""),
        ("joined-on", "month"),
        ("satisfaction", "told"),
        ("member-risk", "number"),
        ("member-value", "number"),
        ("survey-score", "number"),
    ];
    let rows = part(ui, "members", *count, members, columns, |member| {
        let told = customer.members_told.get(&member.id);
        let satisfaction = told.and_then(|told| told.satisfaction.as_ref()).map(|told| {
            html! {
                (members::label(ui, told))
                @if let Some(first) = told.reasons.first() {
                    small title=(members::why(ui, &told.reasons)) { (ui.say(&first.message())) }
                }
            }
        });
        let cells = [
            html! { (member.code) },
            html! {
                (maybe(member.plan.as_ref()))
                @if let Some(payer) = member.payer { small { (ui.t(payer.text_key())) } }
            },
            html! {
                (member.joined_on)
                @if let Some(left) = member.left_on { small { (ui.with("left-on-day", [("date", left.into())])) } }
            },
            maybe(satisfaction),
            maybe(told.and_then(|told| leaving(ui, told))),
            maybe(told.map(|told| ui.money(told.value))),
            maybe(member.survey_score),
        ];
        Row::of(over(member.left_on.is_some()), cells)
    });
    html! {
        (rows)
        @if (members.len() as u64) < *count && !members.is_empty() {
            p.note { (ui.with("members-shown", [("shown", members.len().into()), ("total", (*count).into())])) }
        }
    }
}

fn contacts(ui: &Ui<'_>, customer: &CustomerView) -> Markup {
    let contacts = &customer.contacts;
    let may_reveal = ui.actor.is_some_and(|actor| actor.may(Action::RevealContact));
    let there = || contacts.iter().filter(|contact| contact.left_on.is_none());
    let held = |role: CuteRole| there().filter(|contact| contact.cute_role == Some(role)).count();
    let uncovered = CuteRole::ALL.iter().filter(|&&role| held(role) == 0).count();
    section(
        "contacts",
        &ui.t("contacts"),
        Some(there().count() as u64),
        html! {
            ul.cute aria-label=(ui.t("cute-cover")) {
                @for &role in CuteRole::ALL {
                    li.missing[held(role) == 0] {
                        span { (ui.t(role.text_key())) }
                        @if held(role) == 0 { (badge("warn", &ui.t("cute-uncovered"))) }
                        @else { (badge("good", &ui.t("cute-covered"))) }
                    }
                }
            }
            @if uncovered > 0 { p.note { (ui.with("cute-uncovered-note", [("count", uncovered.into())])) } }
            // A tie that hangs on one person goes with them.
            @if there().count() == 1 { p.note { (badge("warn", &ui.t("contacts-single"))) " " (ui.t("contacts-single-note")) } }
            ul.people { @for each in contacts { (person(ui, customer, each, may_reveal)) } }
            @if customer.may_edit { (archive::add(ui, customer.row.id, Sheet::Contact)) }
        },
    )
}

/// A contact; one whose hidden parts may be shown can be asked for them.
fn person(ui: &Ui<'_>, customer: &CustomerView, contact: &ContactRow, may_reveal: bool) -> Markup {
    let hides = contact.phone.is_some() || contact.email.is_some();
    let id = customer.row.id;
    html! {
        li.over[contact.left_on.is_some()] {
            div.name {
                strong { (contact.name) }
                @if let Some(title) = &contact.title { span { (title) } }
                @if let Some(role) = contact.cute_role { (badge("calm", &ui.t(role.text_key()))) }
                @if let Some(left) = contact.left_on { small { (ui.with("contact-left", [("day", left.into())])) } }
                @if customer.may_edit {
                    a.quiet.edit href=(archive::address_of(Target::Row(id, Sheet::Contact, Some(contact.id.get())))) { (ui.t("archive-change")) }
                }
            }
            @if let Some(prefers) = &contact.prefers { p.note { (prefers) } }
            div.meta {
                @if let Some(style) = &contact.style { span { (style) } }
                @if let Some(phone) = &contact.phone { span { (phone) } }
                @if let Some(email) = &contact.email { span { (email) } }
            }
            @if hides && may_reveal {
                details.reveal {
                    summary { (ui.t("contact-reveal")) }
                    (ask(ui, id, contact.id, None))
                }
            }
            div.ties {
                @for (key, value) in
                    [("closeness", contact.closeness), ("trust", contact.trust), ("favour", contact.favour)]
                {
                    @if let Some(value) = value {
                        label { (ui.t(key)) meter min="0" max="100" value=(value) {} span.number { (value) } }
                    }
                }
            }
        }
    }
}

/// The newest of what happened, and the way to all of it.
fn happened(ui: &Ui<'_>, customer: &CustomerView) -> Markup {
    let id = customer.row.id;
    let body = html! {
        @if customer.timeline.is_empty() { p.none { (ui.t("none-known")) } }
        @else {
            (timeline::entries(ui, &customer.timeline, false, customer.may_log.then_some(id)))
            p.note { a href={ (address::customer(id)) "/timeline" } { (ui.t("timeline-all")) } }
        }
        @if customer.may_log {
            p.add { a.button.quiet href=(archive::address_of(Target::Row(id, Sheet::Interaction, None))) { (ui.t("timeline-log")) } }
        }
    };
    section("timeline", &ui.t("timeline"), None, body)
}

fn tasks(ui: &Ui<'_>, customer: &CustomerView) -> Markup {
    let drawn = |task| visits::task(ui, task, None, customer.today, customer.may_log);
    let lines: Vec<Markup> = customer.tasks.iter().map(drawn).collect();
    let add = html! { @if customer.may_log { (archive::add(ui, customer.row.id, Sheet::Task)) } };
    visits::lines(ui, "tasks", "sheet-tasks", &lines, add)
}

fn planned(ui: &Ui<'_>, customer: &CustomerView) -> Markup {
    let drawn = |visit| visits::visit(ui, visit, None, customer.today, customer.may_log);
    let lines: Vec<Markup> = customer.visits.iter().map(drawn).collect();
    let add = html! { @if customer.may_log { (archive::add(ui, customer.row.id, Sheet::Visit)) } };
    visits::lines(ui, "visits", "sheet-visits", &lines, add)
}

fn tree(ui: &Ui<'_>, code: &str, nodes: &[TreeNode]) -> Markup {
    let works_together = ui.actor.is_some_and(|actor| actor.may(Action::Collaborate));
    section(
        "tree",
        &ui.t("customer-tree"),
        Some(nodes.len() as u64),
        html! {
            ul.tree {
                @for node in nodes {
                    li class={ "depth-" (node.depth.min(6)) } aria-current=[node.is_self.then_some("true")] {
                        @match node.open {
                            Some(id) if !node.is_self => a href=(address::customer(id)) { (node.name) },
                            _ => span { (node.name) },
                        }
                        small { (node.unit) @if let Some(manager) = &node.manager { " · " (manager) } }
                        @if node.open.is_none() && !node.is_self { small.faint title=(ui.t("tree-outside-why")) { (ui.t("tree-outside")) } }
                    }
                }
            }
            @if works_together {
                p.note { a href=(address::collaborate(code)) { (ui.t("collaboration-start")) } }
            }
        },
    )
}

fn facts(ui: &Ui<'_>, customer: &CustomerView) -> Markup {
    let unit = customer.units.last();
    section(
        "archive",
        &ui.t("archive"),
        None,
        html! {
            dl.facts {
                (field(&ui.t("credit-code"), customer.credit_code.as_ref()))
                (field(&ui.t("employees"), customer.employees.map(text::count)))
                (field(&ui.t("address"), customer.address.as_ref()))
                (field(&ui.t("created-on"), Some(customer.created_on.to_string())))
                (field(&ui.t("wallet"), customer.wallet.map(|wallet| ui.money(wallet))))
                (field(&ui.t("level"), unit.map(|unit| ui.t(unit.level.text_key()))))
                (fields::facts(ui, &customer.own))
            }
            p.note { a href={ (address::customer(customer.row.id)) "/known" } { (ui.t("known-open")) } }
        },
    )
}

fn maybe(value: Option<impl Render>) -> Markup {
    html! { @match value { Some(value) => (value), None => span.faint { "–" } } }
}
