//! Debian's Chromium behind its driver.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use thirtyfour::prelude::*;

/// A browser that ends with the test.
pub struct Browser {
    driver: WebDriver,
    process: Child,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// A browser, or nothing where none is installed.
    pub async fn start() -> Option<Self> {
        if !Path::new("/usr/bin/chromedriver").exists() || !Path::new("/usr/bin/chromium").exists() {
            eprintln!("skipped: no chromium and chromedriver in /usr/bin");
            return None;
        }
        let port = free_port();
        let process = Command::new("/usr/bin/chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let profile = tempfile::tempdir().expect("a profile");
        let mut wishes = DesiredCapabilities::chrome();
        for argument in [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            "--lang=zh-CN",
        ] {
            wishes.add_arg(argument).expect("an argument");
        }
        wishes.add_arg(&format!("--user-data-dir={}", profile.path().display())).expect("an argument");
        let address = format!("http://127.0.0.1:{port}");
        let mut driver = WebDriver::new(&address, wishes.clone()).await;
        for _ in 0..50 {
            if driver.is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
            driver = WebDriver::new(&address, wishes.clone()).await;
        }
        Some(Self { driver: driver.expect("a browser session"), process, _profile: profile })
    }

    /// Shows pages at a width and height, in CSS pixels.
    pub async fn resize(&self, width: u32, height: u32) {
        let metrics = serde_json::json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500
        });
        self.driver.cdp().send_raw("Emulation.setDeviceMetricsOverride", metrics).await.expect("a size");
    }

    pub async fn open(&self, address: &str) {
        self.driver.goto(address).await.expect("a page");
    }

    pub async fn address(&self) -> String {
        self.driver.current_url().await.expect("an address").to_string()
    }

    pub async fn text(&self) -> String {
        self.driver.find(By::Tag("body")).await.expect("a body").text().await.expect("text")
    }

    pub async fn type_into(&self, css: &str, text: &str) {
        let field = self.driver.find(By::Css(css)).await.expect("a field");
        field.clear().await.expect("cleared");
        field.send_keys(text).await.expect("typed");
    }

    pub async fn click(&self, css: &str) {
        let found = self.driver.find(By::Css(css)).await;
        let element = found.unwrap_or_else(|error| panic!("{css}: {error}"));
        element.scroll_into_view().await.expect("in view");
        element.click().await.expect("clicked");
    }

    pub async fn has(&self, css: &str) -> bool {
        !self.driver.find_all(By::Css(css)).await.expect("a look").is_empty()
    }

    /// Waits until the page has what fits, at most ten seconds.
    pub async fn wait_for(&self, css: &str) {
        for _ in 0..100 {
            if self.has(css).await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{css} did not come: {}", self.text().await);
    }

    /// The `href` of each element that fits, as written in the page.
    pub async fn links(&self, css: &str) -> Vec<String> {
        let mut links = Vec::new();
        for element in self.driver.find_all(By::Css(css)).await.expect("a look") {
            links.extend(element.attr("href").await.expect("an attribute"));
        }
        links
    }

    /// Saves a picture where `TENURE_PICTURES` says, if it does.
    pub async fn picture(&self, name: &str) {
        if let Ok(folder) = std::env::var("TENURE_PICTURES") {
            let path = Path::new(&folder).join(format!("{name}.png"));
            self.driver.screenshot(&path).await.expect("a picture");
        }
    }

    pub async fn quit(self) {
        self.driver.clone().quit().await.expect("the end");
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Nothing to do about a driver that ended by itself.
        let _ended = self.process.kill();
        let _reaped = self.process.wait();
    }
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}
