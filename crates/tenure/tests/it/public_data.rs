//! The two shipped mappings: real data of other layouts go in, and the cycle runs on them.

use std::path::PathBuf;

use crate::world::{error_text, tenure, text};

/// A folder of the public data, or nothing where they are not at hand.
pub fn public(name: &str) -> Option<String> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let data = std::env::var_os("TENURE_DATA").map_or_else(|| root.join("../shared/data"), PathBuf::from);
    let folder = data.join(name);
    if !folder.exists() {
        eprintln!("skipped: {} is not there", folder.display());
        return None;
    }
    Some(folder.display().to_string())
}

fn through(mapping: &str, folder: &str) -> (tempfile::TempDir, String) {
    let kept = tempfile::tempdir().expect("a folder");
    let data = kept.path().join("data").display().to_string();
    let mapping = format!("{}/../../mappings/{mapping}.toml", env!("CARGO_MANIFEST_DIR"));
    let imported = tenure(&["import", folder, "--mapping", &mapping, "--data", &data]);
    assert!(imported.status.success(), "{}", error_text(&imported));
    let cycled = tenure(&["cycle", "--data", &data, "--json"]);
    assert!(cycled.status.success(), "{}", error_text(&cycled));
    (kept, text(&cycled))
}

#[test]
fn purchases_of_cdnow_go_through_the_cycle() {
    let Some(folder) = public("cdnow") else { return };
    let (_kept, cycled) = through("cdnow", &folder);
    assert_eq!(cycled.matches(r#""month":"#).count(), 18, "{cycled}");
    assert!(cycled.contains(r#""month":"1998-06","customers":23570"#), "{cycled}");
}

#[test]
fn subscribers_of_the_public_telco_file_go_through_the_cycle() {
    let Some(folder) = public("ibm_telco") else { return };
    let (_kept, cycled) = through("ibm_telco", &folder);
    assert!(cycled.contains(r#""month":"#), "{cycled}");
}
