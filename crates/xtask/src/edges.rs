//! The edges between crates, as `ARCHITECTURE.md` draws them.

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::{Path, PathBuf};

    use crate::system::root;

    /// For each crate, the crates of this workspace that it may name outside its tests.
    const EDGES: [(&str, &[&str]); 11] = [
        ("documents", &[]),
        ("domain", &[]),
        ("lake", &["domain", "science", "text"]),
        ("science", &["domain"]),
        ("service", &["documents", "domain", "science", "store", "text"]),
        ("simulate", &["domain"]),
        ("store", &["domain"]),
        (
            "tenure",
            &["documents", "domain", "lake", "science", "service", "simulate", "store", "text", "web"],
        ),
        ("text", &["domain"]),
        ("web", &["documents", "domain", "service", "text"]),
        ("xtask", &[]),
    ];

    /// Libraries that only some crates may name.
    const KEPT_APART: [(&str, &[&str]); 6] = [
        ("axum", &["web"]),
        ("datafusion", &["lake"]),
        ("maud", &["web"]),
        ("rand", &["simulate", "tenure"]),
        ("sqlx", &["store"]),
        ("tokio", &["lake", "service", "store", "tenure", "web"]),
    ];

    #[test]
    fn crates_name_only_what_the_map_allows() {
        let members: BTreeSet<&str> = EDGES.iter().map(|(name, _)| *name).collect();
        for (name, allowed) in EDGES {
            let dependencies = dependencies(name);
            for dependency in &dependencies {
                let inside = members.contains(dependency.as_str());
                assert!(!inside || allowed.contains(&dependency.as_str()), "{name} names {dependency}");
                if let Some((_, owners)) = KEPT_APART.iter().find(|(library, _)| library == dependency) {
                    assert!(owners.contains(&name), "{name} names {dependency}");
                }
            }
        }
    }

    #[test]
    fn every_crate_is_on_the_map() {
        let folders: BTreeSet<String> = fs::read_dir(root().join("crates"))
            .expect("the crates")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        let drawn: BTreeSet<String> = EDGES.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(folders, drawn);
        let architecture = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("the map");
        for name in drawn {
            assert!(architecture.contains(&format!("| `{name}` |")), "ARCHITECTURE.md has no row for {name}");
        }
    }

    #[test]
    fn domain_and_science_do_no_io() {
        for name in ["domain", "science"] {
            for file in sources(&root().join("crates").join(name).join("src")) {
                let text = fs::read_to_string(&file).expect("a source");
                for word in ["std::fs", "std::net", "std::env", "std::process", "async fn"] {
                    assert!(!text.contains(word), "{} has {word}", file.display());
                }
            }
        }
    }

    #[test]
    fn statements_of_the_records_stand_in_store_only() {
        for name in ["domain", "science", "service", "simulate", "web", "tenure"] {
            for file in sources(&root().join("crates").join(name).join("src")) {
                let text = fs::read_to_string(&file).expect("a source");
                for word in ["INSERT INTO", "DELETE FROM", "SELECT *", "CREATE TABLE"] {
                    assert!(!text.contains(word), "{} has {word}", file.display());
                }
            }
        }
    }

    fn dependencies(name: &str) -> Vec<String> {
        let path = root().join("crates").join(name).join("Cargo.toml");
        let text = fs::read_to_string(path).expect("a manifest");
        let mut inside = false;
        let mut names = Vec::new();
        for line in text.lines() {
            if line.starts_with('[') {
                inside = line == "[dependencies]";
            } else if let Some((key, _)) = line.split_once('=').filter(|_| inside) {
                names.push(key.trim().trim_end_matches(".workspace").to_owned());
            }
        }
        names
    }

    fn sources(folder: &Path) -> Vec<PathBuf> {
        let mut files = Vec::new();
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                files.extend(sources(&path));
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                files.push(path);
            }
        }
        files
    }
}
