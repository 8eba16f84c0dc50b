//! The languages people read.

use std::fmt;
use std::str::FromStr;

/// A language of the product. Both are complete, always.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// Chinese, what users live in.
    #[default]
    ZhCn,
    /// English.
    En,
}

impl Lang {
    /// Both.
    pub const ALL: [Self; 2] = [Self::ZhCn, Self::En];

    /// Its tag, `zh-CN` or `en`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::En => "en",
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

impl FromStr for Lang {
    type Err = crate::UnknownCode;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "zh-CN" | "zh" => Ok(Self::ZhCn),
            "en" => Ok(Self::En),
            _ => Err(crate::UnknownCode { list: "Lang", value: text.to_owned() }),
        }
    }
}
