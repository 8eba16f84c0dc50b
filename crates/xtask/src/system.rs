//! What the machine has and what is installed for the tests.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};

/// The workspace's root.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap_or(Path::new("."))
}

/// Programs and fonts of the browser journeys with the Debian packages that bring them.
const BROWSER: [(&str, &str); 3] = [
    ("/usr/bin/chromium", "chromium"),
    ("/usr/bin/chromedriver", "chromium-driver"),
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", "fonts-noto-cjk"),
];

/// Installs what is missing on Debian when run by root; elsewhere the journeys say that they skip.
pub fn install_browser() -> Result<()> {
    let missing: Vec<&str> =
        BROWSER.iter().filter(|(path, _)| !Path::new(path).exists()).map(|(_, package)| *package).collect();
    if missing.is_empty() || !Path::new("/usr/bin/apt-get").exists() {
        return Ok(());
    }
    if !is_root() {
        eprintln!("xtask: the browser journeys need: apt-get install {}", missing.join(" "));
        return Ok(());
    }
    apt(&["update", "-q"])?;
    apt(&[&["install", "-y", "-q", "--no-install-recommends"], missing.as_slice()].concat())
}

fn apt(arguments: &[&str]) -> Result<()> {
    let status = Command::new("apt-get").args(arguments).env("DEBIAN_FRONTEND", "noninteractive").status()?;
    ensure!(status.success(), "apt-get {} failed", arguments.join(" "));
    Ok(())
}

fn is_root() -> bool {
    let uid = Command::new("id").arg("-u").output();
    uid.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// A Python with the named packages from PyPI, in a virtual environment below `target`.
pub fn python(packages: &[&str]) -> Result<PathBuf> {
    let environment = root().join("target/bench-python");
    let python = environment.join("bin/python");
    if !python.exists() {
        let status = Command::new("python3").args(["-m", "venv"]).arg(&environment).status()?;
        ensure!(status.success(), "python3 -m venv failed: apt-get install python3-venv");
    }
    let status = Command::new(&python)
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
        .args(packages)
        .status()?;
    ensure!(status.success(), "pip install {} failed", packages.join(" "));
    Ok(python)
}
