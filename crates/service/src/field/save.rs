//! Keeping a definition.

use domain::customer::CustomerCategory;
use domain::extract::Table;
use domain::field::{
    Field, FieldHome, FieldKind, FieldOption, FieldType, HINT, NAME, OPTIONS, Words, folded, read_code,
    read_longest, read_words,
};
use domain::id::FieldId;
use domain::policy::Action;
use domain::{Instant, Lang, Message, Problem};
use store::field::Redefined;

use super::{Draft, FieldForm, MOST, form};
use crate::services::authorise;
use crate::{Actor, Services, problem};

/// What became of a definition.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It is kept.
    Kept(FieldId),
    /// Something is wrong with it, or someone was faster: the form with what was typed, to be sent again.
    Again(Box<FieldForm>),
}

/// Defines a field, or changes the one with this number whose state `seen` was shown. A line of an option with nothing in it
/// takes the option out.
///
/// # Errors
/// When the role may not define fields, there is no such field, or the records cannot be written.
pub async fn run(
    services: &Services,
    actor: &Actor,
    id: Option<FieldId>,
    draft: Draft,
    seen: i64,
    now: Instant,
) -> Result<Outcome, Problem> {
    authorise(actor, Action::DefineFields)?;
    let mut form = form::run(services, actor, id).await?;
    let kept = std::mem::replace(&mut form.draft, draft);
    for option in &mut form.draft.options {
        if let Some(known) = kept.options.iter().find(|known| known.code == option.code) {
            (option.used, option.is_kept) = (known.used, true);
        }
    }
    if id.is_some() {
        form.draft.code.clone_from(&kept.code);
        if form.seen != seen {
            form.other = Some(kept);
            return Ok(Outcome::Again(Box::new(form)));
        }
    }
    let fields = services.store().fields().await?;
    let before = fields.iter().find(|field| Some(field.id) == id);
    let mut wrong = Vec::new();
    let field = read(&form.draft, before, &mut wrong);
    taken(&field, &fields, &mut wrong);
    if before.is_none() && fields.len() >= MOST {
        wrong.push(("code", Message::new("own-too-many").with("limit", MOST)));
    }
    if !wrong.is_empty() {
        form.wrong = wrong;
        return Ok(Outcome::Again(Box::new(form)));
    }
    let Some(id) = id else {
        return match services.store().define_field(&field, actor.user, now).await {
            Ok(id) => Ok(Outcome::Kept(id)),
            Err(error) if error.is_duplicate() => {
                form.wrong = vec![("code", Message::new("own-code-taken"))];
                Ok(Outcome::Again(Box::new(form)))
            }
            Err(error) => Err(error.into()),
        };
    };
    match services.store().change_field(&field, actor.user, now).await? {
        Redefined::Done => return Ok(Outcome::Kept(id)),
        Redefined::Gone => return Err(problem::not_found()),
        Redefined::Changed => {
            let theirs = form::run(services, actor, Some(id)).await?;
            (form.other, form.seen) = (Some(theirs.draft), theirs.seen);
        }
        Redefined::OfAnotherKind => {
            form.wrong.push(("kind", Message::new("own-kind-fixed").with("count", form.values)));
        }
        Redefined::TooShort => form.wrong.push(("longest", Message::new("own-too-short"))),
        Redefined::OptionInUse => form.wrong.push(("option", Message::new("own-option-used"))),
    }
    Ok(Outcome::Again(Box::new(form)))
}

/// What was typed as a definition; what is wrong with it is added to `wrong`.
fn read(draft: &Draft, before: Option<&Field>, wrong: &mut Vec<(&'static str, Message)>) -> Field {
    let mut text = |name: &'static str, typed: &str, longest: usize, must: bool| {
        let read = read_words(typed, longest).and_then(|text| match text.is_empty() && must {
            true => Err(Message::new("import-cell-required")),
            false => Ok(text),
        });
        read.unwrap_or_else(|why| {
            wrong.push((name, why));
            String::new()
        })
    };
    let name = Words {
        zh: text("name-zh", &draft.name.0, NAME, true),
        en: text("name-en", &draft.name.1, NAME, true),
    };
    let hint = Words {
        zh: text("hint-zh", &draft.hint.0, HINT, false),
        en: text("hint-en", &draft.hint.1, HINT, false),
    };
    let unit = Words {
        zh: text("unit-zh", &draft.unit.0, NAME, false),
        en: text("unit-en", &draft.unit.1, NAME, false),
    };
    let industry = text("industry", &draft.industry, HINT, false);
    let code = match before {
        Some(before) => before.code.clone(),
        None => read_code(&draft.code).unwrap_or_else(|why| {
            wrong.push(("code", why));
            String::new()
        }),
    };
    let category = match draft.category.as_str() {
        "" => None,
        category => category.parse::<CustomerCategory>().map(Some).unwrap_or_else(|_| {
            wrong.push(("category", Message::new("import-cell-required")));
            None
        }),
    };
    let home = match (category, industry) {
        (None, industry) => {
            if !industry.is_empty() {
                wrong.push(("category", Message::new("own-industry-alone")));
            }
            FieldHome::All
        }
        (Some(category), industry) if industry.is_empty() => FieldHome::Category(category),
        (Some(category), industry) => FieldHome::Industry(category, industry),
    };
    let kind = match draft.kind.parse::<FieldKind>() {
        Ok(FieldKind::Text) => FieldType::Text(read_longest(&draft.longest).unwrap_or_else(|why| {
            wrong.push(("longest", why));
            1
        })),
        Ok(FieldKind::Whole) => FieldType::Whole,
        Ok(FieldKind::Money) => FieldType::Money,
        Ok(FieldKind::Date) => FieldType::Date,
        Ok(FieldKind::YesNo) => FieldType::YesNo,
        Ok(FieldKind::Choice) => FieldType::Choice(options(draft, before, wrong)),
        Err(_) => {
            wrong.push(("kind", Message::new("import-cell-required")));
            FieldType::Whole
        }
    };
    Field {
        id: before.map_or(FieldId::new(0), |before| before.id),
        code,
        name,
        hint,
        unit,
        kind,
        home,
        required: draft.required,
        place: before.map_or(0, |before| before.place),
        retired: before.is_some_and(|before| before.retired),
        revision: before.map_or(0, |before| before.revision),
    }
}

fn options(
    draft: &Draft,
    before: Option<&Field>,
    wrong: &mut Vec<(&'static str, Message)>,
) -> Vec<FieldOption> {
    let known = before.map(|before| before.kind.options()).unwrap_or_default();
    let mut next = known.iter().map(|option| option.number).max().unwrap_or_default();
    let mut options: Vec<FieldOption> = Vec::new();
    for typed in &draft.options {
        let names = [&typed.name.0, &typed.name.1].map(|name| read_words(name, NAME));
        let [Ok(zh), Ok(en)] = names else {
            let why = names.into_iter().find_map(Result::err);
            wrong.extend(why.map(|why| ("option", why)));
            continue;
        };
        let is_kept = known.iter().find(|option| option.code == typed.code);
        if zh.is_empty() && en.is_empty() && (is_kept.is_some() || typed.code.trim().is_empty()) {
            continue;
        }
        let code = match read_code(&typed.code) {
            Ok(code) => code,
            Err(why) => {
                wrong.push(("option", why));
                continue;
            }
        };
        if zh.is_empty() || en.is_empty() {
            wrong.push(("option", Message::new("own-option-names").with("code", code.as_str())));
            continue;
        }
        let same = |known: &FieldOption| {
            known.code == code
                || folded(&known.name.zh) == folded(&zh)
                || folded(&known.name.en) == folded(&en)
        };
        if options.iter().any(same) {
            wrong.push(("option", Message::new("own-option-twice").with("code", code.as_str())));
            continue;
        }
        let number = is_kept.map_or_else(
            || {
                next += 1;
                next
            },
            |option| option.number,
        );
        options.push(FieldOption { number, code, name: Words { zh, en }, retired: typed.retired });
    }
    if options.len() > OPTIONS {
        wrong.push(("option", Message::new("own-too-many").with("limit", OPTIONS)));
    }
    if options.iter().all(|option| option.retired) && !wrong.iter().any(|(name, _)| *name == "option") {
        wrong.push(("option", Message::new("own-option-none")));
    }
    options
}

/// Two fields are never called the same: sheets are read by codes and names.
fn taken(field: &Field, fields: &[Field], wrong: &mut Vec<(&'static str, Message)>) {
    let others = || fields.iter().filter(|other| other.id != field.id);
    let columns = Table::Customers.columns();
    let is_column = |name: &str, lang: Lang| {
        columns
            .iter()
            .any(|column| folded(&text::get(lang, &domain::archive::field_key(column))) == folded(name))
    };
    if !field.code.is_empty()
        && (others().any(|other| other.code == field.code)
            || columns.iter().any(|column| column.name == field.code))
    {
        wrong.push(("code", Message::new("own-code-taken")));
    }
    for (name, typed, lang) in
        [("name-zh", &field.name.zh, Lang::ZhCn), ("name-en", &field.name.en, Lang::En)]
    {
        let is_taken = others().any(|other| other.is_headed(typed)) || is_column(typed, lang);
        if !typed.is_empty() && is_taken {
            wrong.push((name, Message::new("own-name-taken")));
        }
    }
}
