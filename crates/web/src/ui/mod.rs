//! What every page is made of: language, theme and user of a visit, the frame, and small parts.

pub(crate) mod frame;
mod icon;
mod parts;
mod table;

use std::borrow::Cow;

use domain::{Arg, Date, Lang, Message, Money, date};
use maud::Markup;
use service::Actor;

pub use frame::{Room, bare, page};
pub use icon::{Icon, icon};
pub use parts::{
    Versions, alert, badge, both_versions, change_in_count, change_in_share, empty, field, figure,
    money_change, reasons, section, stage, stage_mix, stage_shape, stars, tile,
};
pub use table::{Column, Row, table};

/// Light, dark, or as the system says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Every theme with its name in cookies and addresses.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::System, "system"), (Self::Light, "light"), (Self::Dark, "dark")];

    /// The theme of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|&(_, known)| known == name).map(|(theme, _)| theme)
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// For whom a page is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Ui<'a> {
    /// In which language.
    pub lang: Lang,
    /// In which theme.
    pub theme: Theme,
    /// Who looks; nobody before signing in.
    pub actor: Option<&'a Actor>,
    /// The address of this page, path and query, without language and theme.
    pub here: &'a str,
}

impl Ui<'_> {
    /// The text of a key.
    #[must_use]
    pub fn t(&self, key: &str) -> Cow<'static, str> {
        text::get(self.lang, key)
    }

    /// The text of a key with arguments.
    #[must_use]
    pub fn with<const N: usize>(&self, key: &'static str, args: [(&'static str, Arg); N]) -> String {
        text::say(self.lang, &Message { key, args: args.into() })
    }

    /// A message in words.
    #[must_use]
    pub fn say(&self, message: &Message) -> String {
        text::say(self.lang, message)
    }

    /// An amount in words.
    #[must_use]
    pub fn money(&self, amount: Money) -> String {
        text::money(self.lang, amount)
    }

    /// This page with one more parameter in its address.
    #[must_use]
    pub fn here_with(&self, name: &str, value: &str) -> String {
        let joint = if self.here.contains('?') { '&' } else { '?' };
        format!("{}{joint}{name}={value}", self.here)
    }
}

/// A page as text, ready to be sent.
#[must_use]
pub fn document(markup: Markup) -> String {
    markup.into_string()
}

/// The day so many days after another.
#[must_use]
pub fn after(day: Date, days: i64) -> Date {
    date::from_days(date::days(day) + days).unwrap_or(day)
}
