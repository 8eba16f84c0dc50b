//! Files for spreadsheets.

use domain::Lang;

/// Spreadsheets read UTF-8 only with this mark.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The first line: names of columns in a language.
pub fn header(lang: Lang, keys: &[&str]) -> String {
    header_of(keys.iter().map(|key| text::get(lang, key)))
}

/// The first line: names of columns.
pub fn header_of(names: impl Iterator<Item = impl AsRef<str>>) -> String {
    let names: Vec<String> = names.map(|name| cell(name.as_ref())).collect();
    format!("{BYTE_ORDER_MARK}{}\r\n", names.join(","))
}

/// Text that a spreadsheet neither splits nor takes for a formula.
pub fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn names_are_never_formulas() {
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(cell("=HYPERLINK(\"http://x\",\"y\")"), "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"");
        assert_eq!(cell("示例, 公司"), "\"示例, 公司\"");
        assert_eq!(cell("示例公司"), "示例公司");
    }
}
