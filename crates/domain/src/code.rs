//! Closed lists of codes: one macro, so that every list parses, prints and is counted the same way.

/// A text that is not in a closed list of codes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{value}` is not one of the codes of {list}")]
pub struct UnknownCode {
    /// The name of the list.
    pub list: &'static str,
    /// What was found instead.
    pub value: String,
}

/// Defines a closed list: an enum whose variants have a stable code in files, records and addresses.
macro_rules! codes {
    (
        $(#[$meta:meta])*
        pub enum $name:ident ($key:literal) {
            $( $(#[$variant_meta:meta])* $variant:ident = $code:literal, )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[repr(u8)]
        pub enum $name {
            $( $(#[$variant_meta])* #[serde(rename = $code)] $variant, )+
        }

        impl $name {
            /// Every value, in the order of the field.
            pub const ALL: &[Self] = &[$(Self::$variant),+];
            /// Every code, in the same order.
            pub const CODES: &[&'static str] = &[$($code),+];

            /// The code used in files, records and addresses.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The key of its name in the locale files, e.g. `stage-growth`.
            #[must_use]
            pub const fn text_key(self) -> &'static str {
                match self { $(Self::$variant => concat!($key, "-", $code)),+ }
            }

            /// Its place in [`Self::ALL`].
            #[must_use]
            pub const fn index(self) -> usize {
                self as usize
            }

            /// The value at a place of [`Self::ALL`].
            #[must_use]
            pub fn from_index(index: usize) -> Option<Self> {
                Self::ALL.get(index).copied()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::UnknownCode;

            fn from_str(value: &str) -> Result<Self, Self::Err> {
                match value {
                    $( $code => Ok(Self::$variant), )+
                    _ => Err($crate::UnknownCode { list: stringify!($name), value: value.to_owned() }),
                }
            }
        }
    };
}

pub(crate) use codes;
