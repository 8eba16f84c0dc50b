//! Files of the public data, and tables.

use std::path::PathBuf;

use science::frame::Frame;

/// A file of the data folder; none, with a word why, where it is not at hand.
pub fn text(file: &str) -> Option<String> {
    let folder = std::env::var_os("TENURE_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let path = folder.join(file);
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: no {} (set TENURE_DATA)", path.display());
        return None;
    };
    Some(text)
}

/// A table of the data folder, likewise.
pub fn table(file: &str) -> Option<Frame> {
    text(file).map(|text| parse(&text))
}

/// A table of comma-separated cells; quotes keep a comma.
pub fn parse(text: &str) -> Frame {
    let mut lines = text.lines();
    let names = lines.next().expect("names").split(',');
    let mut columns: Vec<(String, Vec<String>)> = names.map(|name| (name.to_owned(), Vec::new())).collect();
    for line in lines {
        let mut quoted = false;
        let cells = line.split(|c| {
            quoted ^= c == '"';
            c == ',' && !quoted
        });
        for (cell, (_, cells)) in cells.zip(&mut columns) {
            cells.push(cell.trim_matches('"').to_owned());
        }
    }
    Frame::from_text(columns)
}
