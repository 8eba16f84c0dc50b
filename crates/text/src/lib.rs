//! What the product says: the locale files, and numbers as people write them.

mod format;

use std::borrow::Cow;
use std::sync::LazyLock;

use domain::{Arg, Lang, Message};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

pub use format::{compact, count, money, month, number, share};

/// The locale files of both languages, one per noun: `locales/<tag>/<name>.ftl`.
macro_rules! files {
    ($($name:literal),+ $(,)?) => {
        [
            &[$(include_str!(concat!("../../../locales/zh-CN/", $name, ".ftl"))),+],
            &[$(include_str!(concat!("../../../locales/en/", $name, ".ftl"))),+],
        ]
    };
}

static SOURCES: [&[&str]; 2] = files![
    "access",
    "allocation",
    "archive",
    "assessment",
    "assignments",
    "audit",
    "churn",
    "cli",
    "clv",
    "codes",
    "credit-code",
    "customers",
    "cycle",
    "duplicates",
    "fields",
    "import",
    "lab",
    "problem",
    "satisfaction",
    "search",
    "segments",
    "service",
    "sheets",
    "simulate",
    "table",
    "uplift",
    "users",
    "visits",
    "web"
];

static BUNDLES: LazyLock<[FluentBundle<FluentResource>; 2]> = LazyLock::new(|| {
    let mut bundles = Lang::ALL.map(|lang| {
        let tag = lang.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        // The marks that keep mixed scripts apart show up as boxes in terminals and break searching on pages.
        bundle.set_use_isolating(false);
        bundle
    });
    for (bundle, sources) in bundles.iter_mut().zip(SOURCES) {
        for source in sources {
            // A file that does not parse fails the tests of this crate; what does parse is kept.
            let resource =
                FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(resource, _)| resource);
            bundle.add_resource_overriding(resource);
        }
    }
    bundles
});

fn bundle(lang: Lang) -> &'static FluentBundle<FluentResource> {
    match lang {
        Lang::ZhCn => &BUNDLES[0],
        Lang::En => &BUNDLES[1],
    }
}

/// Whether there is a text for a key.
#[must_use]
pub fn has(lang: Lang, key: &str) -> bool {
    bundle(lang).get_message(key).is_some_and(|message| message.value().is_some())
}

/// The text of a key without arguments. A key without text shows as itself.
#[must_use]
pub fn get(lang: Lang, key: &str) -> Cow<'static, str> {
    let bundle = bundle(lang);
    match bundle.get_message(key).and_then(|message| message.value()) {
        Some(pattern) => bundle.format_pattern(pattern, None, &mut Vec::new()),
        None => Cow::Owned(key.to_owned()),
    }
}

/// A message in words.
#[must_use]
pub fn say(lang: Lang, message: &Message) -> String {
    let bundle = bundle(lang);
    let Some(pattern) = bundle.get_message(message.key).and_then(|message| message.value()) else {
        return message.to_string();
    };
    let mut args = FluentArgs::with_capacity(message.args.len());
    for (name, arg) in &message.args {
        args.set(*name, value(lang, arg));
    }
    bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned()
}

fn value(lang: Lang, arg: &Arg) -> FluentValue<'static> {
    match arg {
        Arg::Text(text) => text.clone().into(),
        // A number, so that English can choose its plural.
        Arg::Count(number) => (*number).into(),
        Arg::Number(plain) => number(*plain).into(),
        Arg::Share(part) => share(*part).into(),
        Arg::Money(amount) => money(lang, *amount).into(),
        Arg::Month(at) => at.to_string().into(),
        Arg::Date(date) => date.to_string().into(),
        Arg::Key(key) => get(lang, key).into_owned().into(),
        Arg::Field(column) => get(lang, &format!("field-{column}")).into_owned().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_file_parses_and_says_nothing_twice() {
        for sources in SOURCES {
            let mut seen = BTreeSet::new();
            for source in sources {
                let resource = FluentResource::try_new((*source).to_owned()).map_err(|(_, errors)| errors);
                resource.expect("a locale file that parses");
                for key in keys(source) {
                    assert!(seen.insert(key.clone()), "{key} stands twice");
                }
            }
        }
    }

    #[test]
    fn both_languages_have_the_same_keys() {
        let [zh, en] = SOURCES.map(|sources| sources.iter().flat_map(|s| keys(s)).collect::<BTreeSet<_>>());
        assert_eq!(zh.difference(&en).collect::<Vec<_>>(), Vec::<&String>::new(), "only in zh-CN");
        assert_eq!(en.difference(&zh).collect::<Vec<_>>(), Vec::<&String>::new(), "only in en");
    }

    #[test]
    fn both_languages_use_the_same_arguments() {
        let arguments = |sources: &[&str]| -> std::collections::BTreeMap<String, BTreeSet<String>> {
            sources
                .iter()
                .flat_map(|s| entries(s))
                .map(|(key, body)| {
                    let names = body.split('$').skip(1).map(|rest| {
                        rest.chars()
                            .take_while(|c| c.is_ascii_alphanumeric() || *c == '_' || *c == '-')
                            .collect()
                    });
                    (key, names.collect())
                })
                .collect()
        };
        let [zh, en] = SOURCES.map(arguments);
        assert_eq!(zh, en);
    }

    #[test]
    fn every_code_of_the_domain_has_a_name() {
        use domain::{
            assessment::ReasonKind,
            contact::CuteRole,
            contract::Sla,
            customer::{CustomerCategory, Managed, Visited},
            extract::Table,
            interaction::{Channel, Direction},
            lifecycle::{FiveStage, LifecycleStage},
            opportunity::{FunnelStage, OpportunityOutcome},
            org::OrgLevel,
            policy::Action,
            product::ProductFamily,
            segment::{BuyingFactor, IctNeed, SegmentReason, SegmentValue},
            service::{EndReason, Payer},
            sheet_import::{SheetKey, SheetMode},
            staff::Role,
            ticket::TicketKind,
        };
        macro_rules! named {
            ($($list:ty),+ $(,)?) => { $( for code in <$list>::ALL { for lang in Lang::ALL {
                assert!(has(lang, code.text_key()), "{} has no text in {lang}", code.text_key());
            } } )+ };
        }
        named!(
            ReasonKind,
            CuteRole,
            Sla,
            CustomerCategory,
            Managed,
            Visited,
            SheetMode,
            SheetKey,
            Table,
            Channel,
            Direction,
            FiveStage,
            LifecycleStage,
            FunnelStage,
            OpportunityOutcome,
            OrgLevel,
            Action,
            ProductFamily,
            SegmentValue,
            SegmentReason,
            BuyingFactor,
            IctNeed,
            EndReason,
            Payer,
            Role,
            TicketKind
        );
    }

    fn keys(source: &str) -> Vec<String> {
        entries(source).into_iter().map(|(key, _)| key).collect()
    }

    fn entries(source: &str) -> Vec<(String, String)> {
        let mut entries: Vec<(String, String)> = Vec::new();
        for line in source.lines() {
            let starts = line.starts_with(|c: char| c.is_ascii_alphabetic());
            match (starts, line.split_once('='), entries.last_mut()) {
                (true, Some((key, body)), _) => entries.push((key.trim().to_owned(), body.to_owned())),
                (false, _, Some((_, body))) if !line.starts_with('#') => body.push_str(line),
                _ => {}
            }
        }
        entries
    }
}
