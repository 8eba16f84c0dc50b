//! 自定义字段: the operator's own fields of customers, for administrators; and how they are shown and asked for elsewhere.

use domain::customer::CustomerCategory;
use domain::field::{CODE, Field, FieldHome, FieldKind, FieldType, FieldValue, HINT, NAME};
use maud::{Markup, html};
use service::archive::OwnField;
use service::customer::{CustomerQuery, FieldCondition, Fields};
use service::field::list::FieldList;
use service::field::{Draft, FieldForm, NEW_OPTIONS, OptionDraft};

use crate::ui::{Room, Ui, badge, empty, field, figure, page, section};

/// Draws the fields that are defined.
#[must_use]
pub fn render(ui: &Ui<'_>, list: &FieldList) -> Markup {
    let title = ui.t("nav-fields");
    let groups = list.fields.chunk_by(|one, other| one.home == other.home);
    let body = html! {
        header.head {
            h1 { (title) span.count { (figure(list.fields.len() as u64)) } }
            div.end.actions { a.button.primary href="/fields/new" { (ui.t("own-define")) } }
        }
        @if list.fields.is_empty() { (empty(&ui.t("own-none"), Some(&ui.t("own-none-next")), None)) }
        @for (place, group) in groups.enumerate() {
            @if let Some(first) = group.first() {
                (section(&format!("home-{place}"), &home(ui, &first.home), Some(group.len() as u64), table(ui, list, group)))
            }
        }
        p.note { (ui.t("own-caption")) }
    };
    page(ui, Some(Room::Fields), &title, body)
}

/// Which customers have a field.
fn home(ui: &Ui<'_>, home: &FieldHome) -> String {
    match home {
        FieldHome::All => ui.t("own-of-all").into_owned(),
        FieldHome::Category(category) => ui.t(category.text_key()).into_owned(),
        FieldHome::Industry(category, industry) => format!("{} · {industry}", ui.t(category.text_key())),
    }
}

fn table(ui: &Ui<'_>, list: &FieldList, group: &[Field]) -> Markup {
    html! {
        table.list.cards.fields {
            thead {
                tr {
                    th scope="col" { (ui.t("own-name")) }
                    th scope="col" { (ui.t("own-code")) }
                    th scope="col" { (ui.t("own-kind")) }
                    th.number scope="col" { (ui.t("own-filled")) }
                    th scope="col" { (ui.t("own-state")) }
                    th scope="col" { span.hidden { (ui.t("archive-change")) } }
                }
            }
            tbody { @for (place, field) in group.iter().enumerate() { (line(ui, list, field, place, group.len())) } }
        }
    }
}

fn line(ui: &Ui<'_>, list: &FieldList, field: &Field, place: usize, of: usize) -> Markup {
    let values = list.uses.get(&field.id).map(|uses| uses.values).unwrap_or_default();
    let name = field.name.of(ui.lang);
    let turn = |turn: &str, key: &str| {
        html! {
            form method="post" action={ "/fields/" (field.id) "/" (turn) } {
                button.quiet type="submit" aria-label={ (ui.t(key)) " " (name) } { (ui.t(key)) }
            }
        }
    };
    html! {
        tr {
            th scope="row" {
                a.name href={ "/fields/" (field.id) } { (name) }
                @if !field.unit.is_empty() { small { (field.unit.of(ui.lang)) } }
                @if !field.hint.is_empty() { small { (field.hint.of(ui.lang)) } }
            }
            td data-label=(ui.t("own-code")) { span.code { (field.code) } }
            td data-label=(ui.t("own-kind")) {
                (ui.t(field.kind.kind().text_key()))
                @if let FieldType::Choice(options) = &field.kind {
                    @let names: Vec<&str> = options.iter().filter(|option| !option.retired).map(|option| option.name.of(ui.lang)).collect();
                    div { small { (names.join(" / ")) } }
                }
            }
            td.number data-label=(ui.t("own-filled")) { (figure(values)) }
            td data-label=(ui.t("own-state")) {
                @if field.retired { (badge("calm", &ui.t("own-retired"))) } @else { (badge("good", &ui.t("own-in-use"))) }
                @if field.required { " " (badge("warn", &ui.t("own-required"))) }
            }
            td {
                div.actions {
                    @if place > 0 { (turn("up", "own-up")) }
                    @if place + 1 < of { (turn("down", "own-down")) }
                    a.button.quiet href={ "/fields/" (field.id) } aria-label={ (ui.t("archive-change")) " " (name) } { (ui.t("archive-change")) }
                    @if field.retired { (turn("restore", "own-restore")) } @else { (turn("retire", "own-retire")) }
                }
            }
        }
    }
}

/// Draws the form of a definition.
#[must_use]
pub fn render_form(ui: &Ui<'_>, form: &FieldForm) -> Markup {
    let title = ui.t(if form.id.is_some() { "own-edit" } else { "own-define" });
    let action = form.id.map_or_else(|| "/fields/new".to_owned(), |id| format!("/fields/{id}"));
    let draft = &form.draft;
    let body = html! {
        header.head {
            nav.path aria-label=(ui.t("path")) { a href="/fields" { (ui.t("nav-fields")) } }
            h1 { (title) @if form.retired { " " (badge("calm", &ui.t("own-retired"))) } }
        }
        section.panel {
            @if form.other.is_some() { p.error role="alert" { (ui.t("own-changed")) } }
            @if !form.wrong.is_empty() { p.error role="alert" { (ui.with("archive-wrong", [("count", form.wrong.len().into())])) } }
            form.sheet method="post" action=(action) autocomplete="off" {
                input type="hidden" name="seen" value=(form.seen);
                button.default type="submit" tabindex="-1" aria-hidden="true" { (ui.t("archive-keep")) }
                @if form.id.is_some() {
                    div.field { span.note { (ui.t("own-code")) } span.code { (draft.code) } }
                } @else {
                    (input(ui, form, "code", "own-code", CODE, true, |draft| &draft.code))
                }
                (input(ui, form, "name-zh", "own-name-zh", NAME, true, |draft| &draft.name.0))
                (input(ui, form, "name-en", "own-name-en", NAME, true, |draft| &draft.name.1))
                (kinds(ui, form))
                (input(ui, form, "longest", "own-longest", 4, false, |draft| &draft.longest))
                (categories(ui, form))
                (industries(ui, form))
                (input(ui, form, "unit-zh", "own-unit-zh", NAME, false, |draft| &draft.unit.0))
                (input(ui, form, "unit-en", "own-unit-en", NAME, false, |draft| &draft.unit.1))
                (input(ui, form, "hint-zh", "own-hint-zh", HINT, false, |draft| &draft.hint.0))
                (input(ui, form, "hint-en", "own-hint-en", HINT, false, |draft| &draft.hint.1))
                label.check { input type="checkbox" name="required" value="1" checked[draft.required]; span { (ui.t("own-must")) } }
                (options(ui, form))
                div.actions {
                    button.primary type="submit" { (ui.t("archive-keep")) }
                    a.button.quiet href="/fields" { (ui.t("archive-cancel")) }
                }
            }
        }
    };
    page(ui, Some(Room::Fields), &title, body)
}

/// What is wrong with an input, and what someone else made of it.
fn notes(ui: &Ui<'_>, form: &FieldForm, name: &str, other: Option<String>) -> Markup {
    let wrong = form.wrong(name);
    html! {
        @if wrong.is_some() || other.is_some() {
            div.notes id={ "own-" (name) "-notes" } {
                @if let Some(wrong) = wrong { p.problem { (ui.say(wrong)) } }
                @if let Some(other) = &other {
                    @let other = if other.is_empty() { ui.t("archive-nothing").into_owned() } else { other.clone() };
                    p.other { (ui.with("archive-other", [("text", other.into())])) }
                }
            }
        }
    }
}

fn input(
    ui: &Ui<'_>,
    form: &FieldForm,
    name: &str,
    title: &str,
    longest: usize,
    must: bool,
    of: fn(&Draft) -> &String,
) -> Markup {
    let text = of(&form.draft);
    let other = form.other.as_ref().map(of).filter(|other| *other != text).cloned();
    let described = (form.wrong(name).is_some() || other.is_some()).then(|| format!("own-{name}-notes"));
    html! {
        div.field.wrong[form.wrong(name).is_some()] {
            label for={ "own-" (name) } { (ui.t(title)) @if must { span.must title=(ui.t("field-must")) { "*" } } }
            input id={ "own-" (name) } name=(name) value=(text) maxlength=(longest) required[must] autocapitalize="none"
                inputmode=[(name == "longest").then_some("numeric")]
                aria-invalid=[form.wrong(name).map(|_| "true")] aria-describedby=[described];
            (notes(ui, form, name, other))
        }
    }
}

fn kinds(ui: &Ui<'_>, form: &FieldForm) -> Markup {
    let draft = &form.draft;
    let say = |code: &str| {
        code.parse::<FieldKind>().map(|kind| ui.t(kind.text_key()).into_owned()).unwrap_or_default()
    };
    let other = form.other.as_ref().filter(|other| other.kind != draft.kind).map(|other| say(&other.kind));
    html! {
        div.field.wrong[form.wrong("kind").is_some()] {
            label for="own-kind" { (ui.t("own-kind")) span.must title=(ui.t("field-must")) { "*" } }
            select id="own-kind" name="kind" required {
                @if draft.kind.is_empty() { option value="" { (ui.t("archive-unset")) } }
                // With values it stays of its kind.
                @for &kind in FieldKind::ALL.iter().filter(|kind| form.values == 0 || kind.code() == draft.kind) {
                    option value=(kind) selected[kind.code() == draft.kind] { (ui.t(kind.text_key())) }
                }
            }
            (notes(ui, form, "kind", other))
            @if form.values > 0 { p.note { (ui.with("own-kind-fixed", [("count", form.values.into())])) } }
        }
    }
}

fn categories(ui: &Ui<'_>, form: &FieldForm) -> Markup {
    let draft = &form.draft;
    let say = |code: &str| match code.parse::<CustomerCategory>() {
        Ok(category) => ui.t(category.text_key()).into_owned(),
        Err(_) => ui.t("own-of-all").into_owned(),
    };
    let other = form
        .other
        .as_ref()
        .filter(|other| other.category != draft.category)
        .map(|other| say(&other.category));
    html! {
        div.field.wrong[form.wrong("category").is_some()] {
            label for="own-category" { (ui.t("own-home")) }
            select id="own-category" name="category" {
                option value="" { (ui.t("own-of-all")) }
                @for &category in CustomerCategory::ALL {
                    option value=(category) selected[category.code() == draft.category] { (ui.t(category.text_key())) }
                }
            }
            (notes(ui, form, "category", other))
        }
    }
}

fn industries(ui: &Ui<'_>, form: &FieldForm) -> Markup {
    let text = &form.draft.industry;
    let other = form.other.as_ref().map(|other| &other.industry).filter(|other| *other != text).cloned();
    html! {
        div.field.wrong[form.wrong("industry").is_some()] {
            label for="own-industry" { (ui.t("own-industry")) }
            input id="own-industry" name="industry" value=(text) maxlength=(HINT) list="own-industries";
            datalist id="own-industries" { @for industry in &form.industries { option value=(industry) {} } }
            (notes(ui, form, "industry", other))
        }
    }
}

fn options(ui: &Ui<'_>, form: &FieldForm) -> Markup {
    let told = |options: &[OptionDraft]| {
        let told: Vec<String> =
            options.iter().map(|option| format!("{} / {}", option.name.0, option.name.1)).collect();
        told.join("; ")
    };
    let other = form.other.as_ref().map(|other| told(&other.options));
    let other = other.filter(|other| *other != told(&form.draft.options));
    let typed =
        form.draft.options.iter().filter(|option| option.is_kept || *option != &OptionDraft::default());
    let lines: Vec<OptionDraft> =
        typed.cloned().chain(std::iter::repeat_n(OptionDraft::default(), NEW_OPTIONS)).collect();
    let cell = |name: &str, key: &str, value: &str, place: usize| {
        html! { input name=(name) value=(value) maxlength=(NAME) autocapitalize="none" aria-label={ (ui.t(key)) " " (place + 1) }; }
    };
    html! {
        fieldset.field.wide.options.wrong[form.wrong("option").is_some()] {
            legend { (ui.t("own-options")) }
            p.note { (ui.t("own-options-note")) }
            (notes(ui, form, "option", other))
            table.list.cards {
                thead {
                    tr {
                        th scope="col" { (ui.t("own-code")) }
                        th scope="col" { (ui.t("own-name-zh")) }
                        th scope="col" { (ui.t("own-name-en")) }
                        th.number scope="col" { (ui.t("own-filled")) }
                        th scope="col" { (ui.t("own-retired")) }
                    }
                }
                tbody {
                    @for (place, option) in lines.iter().enumerate() {
                        tr {
                            td data-label=(ui.t("own-code")) {
                                @if option.is_kept { input type="hidden" name="option-code" value=(option.code); span.code { (option.code) } }
                                @else { (cell("option-code", "own-code", &option.code, place)) }
                            }
                            td data-label=(ui.t("own-name-zh")) { (cell("option-zh", "own-name-zh", &option.name.0, place)) }
                            td data-label=(ui.t("own-name-en")) { (cell("option-en", "own-name-en", &option.name.1, place)) }
                            td.number data-label=(ui.t("own-filled")) { @if option.is_kept { (figure(option.used)) } }
                            td data-label=(ui.t("own-retired")) {
                                @if option.is_kept {
                                    input type="checkbox" name="option-retired" value=(option.code) checked[option.retired]
                                        aria-label={ (ui.t("own-retired")) " " (option.name.0) };
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// One of the operator's own fields in the form of a customer.
#[must_use]
pub fn drawn(ui: &Ui<'_>, own: &OwnField) -> Markup {
    let field = &own.field;
    let (key, id) = (field.key(), format!("own-{}", field.code));
    let notes = format!("{id}-notes");
    let has_notes = own.wrong.is_some() || own.other.is_some() || !field.hint.is_empty();
    let described = has_notes.then_some(notes.as_str());
    let invalid = own.wrong.as_ref().map(|_| "true");
    let is_long = matches!(field.kind, FieldType::Text(longest) if longest > LONG);
    let text = &own.text;
    html! {
        div.field.wide[is_long].wrong[own.wrong.is_some()] {
            label for=(id) {
                (titled(ui, field))
                @if field.required { span.must title=(ui.t("field-must")) { "*" } }
            }
            @match &field.kind {
                FieldType::YesNo => select id=(id) name=(key) required[field.required] aria-invalid=[invalid] aria-describedby=[described] {
                    option value="" { (ui.t("archive-unset")) }
                    option value="yes" selected[text == "yes"] { (ui.t("own-yes")) }
                    option value="no" selected[text == "no"] { (ui.t("own-no")) }
                },
                FieldType::Choice(options) => select id=(id) name=(key) required[field.required] aria-invalid=[invalid] aria-describedby=[described] {
                    option value="" { (ui.t("archive-unset")) }
                    // One that is not offered any more stays where it is chosen.
                    @for option in options.iter().filter(|option| !option.retired || option.code == *text) {
                        option value=(option.code) selected[option.code == *text] { (option.name.of(ui.lang)) }
                    }
                },
                FieldType::Text(longest) if is_long => textarea id=(id) name=(key) rows="3" maxlength=(longest) required[field.required]
                    aria-invalid=[invalid] aria-describedby=[described] { (text) },
                kind => {
                    @let (shape, mode, longest) = match kind {
                        FieldType::Date => ("date", None, None),
                        FieldType::Whole => ("text", Some("numeric"), Some(24)),
                        FieldType::Money => ("text", Some("decimal"), Some(24)),
                        FieldType::Text(longest) => ("text", None, Some(*longest)),
                        FieldType::YesNo | FieldType::Choice(_) => ("text", None, None),
                    };
                    input id=(id) name=(key) type=(shape) inputmode=[mode] maxlength=[longest] value=(text) required[field.required]
                        autocomplete="off" aria-invalid=[invalid] aria-describedby=[described];
                },
            }
            @if has_notes {
                div.notes id=(notes) {
                    @if let Some(wrong) = &own.wrong { p.problem { (ui.say(wrong)) } }
                    @if let Some(other) = &own.other { p.other { (ui.with("archive-other", [("text", said(ui, field, other).into())])) } }
                    @if !field.hint.is_empty() { p.extract { (field.hint.of(ui.lang)) } }
                }
            }
        }
    }
}

/// The name of a field, with what it is counted in.
fn titled(ui: &Ui<'_>, field: &Field) -> String {
    let name = field.name.of(ui.lang);
    match (field.unit.of(ui.lang), &field.kind) {
        ("", FieldType::Money) => ui.with("own-in-yuan", [("name", name.into())]),
        ("", _) => name.to_owned(),
        (unit, _) => ui.with("own-in-unit", [("name", name.into()), ("unit", unit.into())]),
    }
}

/// Characters beyond which a text has lines.
const LONG: usize = 100;

/// What was typed, in words.
fn said(ui: &Ui<'_>, field: &Field, typed: &str) -> String {
    match field.kind.read(typed) {
        Ok(Some(value)) => in_words(ui, field, &value),
        _ => ui.t("archive-nothing").into_owned(),
    }
}

/// How a column of a field stands: figures to the right.
#[must_use]
pub const fn class(field: &Field) -> &'static str {
    match field.kind {
        FieldType::Whole | FieldType::Money => "number",
        _ => "",
    }
}

/// What stands in a field, as people read it, with its unit.
#[must_use]
pub fn in_words(ui: &Ui<'_>, field: &Field, value: &FieldValue) -> String {
    let told = match (&field.kind, value) {
        (FieldType::Money, FieldValue::Whole(fen)) => ui.money(domain::Money::from_fen(*fen)),
        _ => service::customer::in_words(field, value, ui.lang),
    };
    let unit = field.unit.of(ui.lang);
    if unit.is_empty() { told } else { format!("{told} {unit}") }
}

/// The operator's own fields among the facts of a customer.
#[must_use]
pub fn facts(ui: &Ui<'_>, own: &[(std::sync::Arc<Field>, Option<FieldValue>)]) -> Markup {
    html! {
        @for (known, value) in own {
            (field(known.name.of(ui.lang), value.as_ref().map(|value| in_words(ui, known, value))))
        }
    }
}

/// What the operator's own fields can be asked for, as parts of a form.
#[must_use]
pub fn asked(ui: &Ui<'_>, fields: &Fields, group: &CustomerQuery) -> Markup {
    let held = |field: &Field| group.fields.iter().find(|condition| condition.code == field.code);
    let offered: Vec<_> =
        fields.all().iter().filter(|field| !field.retired || held(field).is_some()).collect();
    let unknown = group.fields.iter().filter(|condition| fields.named(&condition.code).is_none());
    html! {
        // What is no field any more stays in the conditions.
        @for condition in unknown { (hidden(condition)) }
        @if !offered.is_empty() {
            details.more open[!group.fields.is_empty()] {
                summary { (ui.t("nav-fields")) }
                div.own-fields {
                    @for field in offered {
                        @let nothing = FieldCondition::default();
                        (ask(ui, field, held(field).unwrap_or(&nothing)))
                    }
                }
            }
        }
    }
}

fn hidden(condition: &FieldCondition) -> Markup {
    let query = CustomerQuery { fields: vec![condition.clone()], ..CustomerQuery::first() };
    html! { @for (name, value) in query.conditions() { input type="hidden" name=(name) value=(value); } }
}

fn ask(ui: &Ui<'_>, field: &Field, held: &FieldCondition) -> Markup {
    let (code, name) = (&field.code, field.name.of(ui.lang));
    let bound = |name: String, value: &Option<String>, key: &str| {
        let (shape, mode) =
            if field.kind == FieldType::Date { ("date", None) } else { ("text", Some("decimal")) };
        html! {
            input type=(shape) inputmode=[mode] name=(name) maxlength="24" aria-label={ (field.name.of(ui.lang)) " " (ui.t(key)) }
                placeholder=(ui.t(key)) value=[value.as_deref()];
        }
    };
    let check = |value: &str, title: &str| {
        html! {
            label { input type="checkbox" name=(FieldCondition::is_name(code)) value=(value) checked[held.among.iter().any(|known| known == value)]; (title) }
        }
    };
    html! {
        fieldset.own {
            legend { (titled(ui, field)) }
            @match &field.kind {
                FieldType::Choice(options) => {
                    @for option in options.iter().filter(|option| !option.retired || held.among.contains(&option.code)) {
                        (check(&option.code, option.name.of(ui.lang)))
                    }
                },
                FieldType::YesNo => { (check("yes", &ui.t("own-yes"))) (check("no", &ui.t("own-no"))) },
                FieldType::Text(_) => input type="text" name=(FieldCondition::has_name(code)) maxlength="100"
                    aria-label={ (name) " " (ui.t("own-has")) } placeholder=(ui.t("own-has")) value=[held.has.as_deref()];,
                FieldType::Whole | FieldType::Money | FieldType::Date => div.range {
                    div { (bound(FieldCondition::from_name(code), &held.from, "range-least")) "–" (bound(FieldCondition::to_name(code), &held.to, "range-most")) }
                },
            }
            select name=(FieldCondition::filled_name(code)) aria-label={ (name) " " (ui.t("own-filled-or-not")) } {
                option value="" { (ui.t("own-filled-or-not")) }
                option value="1" selected[held.filled == Some(true)] { (ui.t("own-is-filled")) }
                option value="0" selected[held.filled == Some(false)] { (ui.t("own-is-empty")) }
            }
        }
    }
}

/// A condition on a field: its name, and what it must hold.
#[must_use]
pub fn condition(ui: &Ui<'_>, fields: &Fields, condition: &FieldCondition) -> (String, String) {
    let Some(field) = fields.named(&condition.code) else {
        return (condition.code.clone(), ui.t("own-gone").into_owned());
    };
    let mut said: Vec<String> = Vec::new();
    if !condition.among.is_empty() {
        let names: Vec<String> = match &field.kind {
            FieldType::Choice(_) => condition.options(field, ui.lang).map(str::to_owned).collect(),
            _ => condition.among.iter().map(|code| said_of(ui, field, code)).collect(),
        };
        said.push(names.join(" / "));
    }
    let of = |bound: &Option<String>| bound.clone().unwrap_or_default();
    match (&condition.from, &condition.to) {
        (Some(_), Some(_)) => {
            said.push(ui.with(
                "range-between",
                [("from", of(&condition.from).into()), ("to", of(&condition.to).into())],
            ))
        }
        (Some(_), None) => said.push(ui.with("range-from", [("from", of(&condition.from).into())])),
        (None, Some(_)) => said.push(ui.with("range-to", [("to", of(&condition.to).into())])),
        (None, None) => {}
    }
    said.extend(condition.has.as_ref().map(|has| ui.with("own-has-text", [("text", has.as_str().into())])));
    said.extend(
        condition.filled.map(|is| ui.t(if is { "own-is-filled" } else { "own-is-empty" }).into_owned()),
    );
    let mut name = field.name.of(ui.lang).to_owned();
    if field.retired {
        name.push_str(&format!(" ({})", ui.t("own-retired")));
    }
    (name, said.join(" · "))
}

fn said_of(ui: &Ui<'_>, field: &Field, code: &str) -> String {
    match field.kind.read(code) {
        Ok(Some(value)) => in_words(ui, field, &value),
        _ => code.to_owned(),
    }
}
