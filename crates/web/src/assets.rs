//! The stylesheet, the script and the icon: in the binary, named by their content so that browsers keep them.

use std::sync::LazyLock;

/// A file that pages load.
#[derive(Debug)]
pub struct Asset {
    name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// Its content.
    pub content: String,
}

impl Asset {
    fn new(stem: &str, extension: &str, media_type: &'static str, content: String) -> Self {
        Self { name: format!("{stem}-{:016x}.{extension}", fnv1a(content.as_bytes())), media_type, content }
    }

    /// Where it is served.
    #[must_use]
    pub fn address(&self) -> String {
        format!("/assets/{}", self.name)
    }
}

static STYLESHEET: LazyLock<Asset> = LazyLock::new(|| Asset::new("app", "css", "text/css", style()));
static SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("app", "js", "text/javascript", include_str!("../assets/app.js").to_owned()));
static ICON: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("icon", "svg", "image/svg+xml", include_str!("../assets/icon.svg").to_owned())
});

/// The stylesheet.
#[must_use]
pub fn stylesheet() -> &'static Asset {
    &STYLESHEET
}

/// The script: everything works without it.
#[must_use]
pub fn script() -> &'static Asset {
    &SCRIPT
}

/// The icon in the browser's tab.
#[must_use]
pub fn icon() -> &'static Asset {
    &ICON
}

/// The asset of a file name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Asset> {
    [stylesheet(), script(), icon()].into_iter().find(|asset| asset.name == name)
}

/// The dark colours hold when the system says so and nobody chose otherwise, and when someone chose them; never in print.
fn style() -> String {
    let base = include_str!("../assets/app.css");
    let dark = include_str!("../assets/dark.css");
    format!(
        "{base}\n@media screen{{:root[data-theme=dark]{{{dark}}}}}\n\
         @media screen and (prefers-color-scheme:dark){{:root:not([data-theme]){{{dark}}}}}\n"
    )
}

/// A name for content, not a defence.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
