//! Manager, heads and administrator walk the pages in both languages in a real browser.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use serde::Deserialize;

use crate::browser::Browser;
use crate::world::command;

#[derive(Deserialize)]
struct Ready {
    url: String,
    logins: Vec<Login>,
}

#[derive(Deserialize)]
struct Login {
    role: String,
    level: String,
    unit: String,
    username: String,
    password: String,
}

/// A running demo that ends with the test.
struct Demo {
    process: Child,
    ready: Ready,
    _data: tempfile::TempDir,
}

impl Demo {
    fn start(customers: &str) -> Self {
        let data = tempfile::tempdir().expect("a folder");
        let path = data.path().join("data").display().to_string();
        let mut process =
            command(&["demo", "--port", "0", "--json", "--customers", customers, "--data", &path])
                .stdout(Stdio::piped())
                .spawn()
                .expect("the demo starts");
        let mut line = String::new();
        let out = process.stdout.take().expect("its output");
        BufReader::new(out).read_line(&mut line).expect("a line");
        let ready: Ready = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        Self { process, ready, _data: data }
    }

    fn login(&self, role: &str, level: &str) -> &Login {
        let fits = |login: &&Login| login.role == role && login.level == level;
        self.ready.logins.iter().find(fits).unwrap_or_else(|| panic!("no login for {role} at {level}"))
    }

    fn page(&self, path: &str) -> String {
        format!("{}{path}", self.ready.url)
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ended = self.process.kill();
        let _reaped = self.process.wait();
    }
}

async fn sign_in(browser: &Browser, demo: &Demo, login: &Login) {
    browser.open(&demo.page("/login?lang=zh-CN")).await;
    browser.type_into("input[name=username]", &login.username).await;
    browser.type_into("input[name=password]", &login.password).await;
    browser.click("form[action='/login'] button[type=submit]").await;
    browser.wait_for("form[action='/logout']").await;
}

async fn sign_out(browser: &Browser) {
    browser.click("form[action='/logout'] button").await;
    browser.wait_for("input[name=username]").await;
}

/// Whether an address is that of a customer, not of a list or a file.
fn is_customer(link: &str) -> bool {
    link.strip_prefix("/customers/").is_some_and(|id| id.parse::<u64>().is_ok())
}

/// The first code of a customer on a page.
fn code_in(text: &str) -> String {
    let is_code = |word: &&str| word.strip_prefix('K').is_some_and(|digits| digits.parse::<u64>().is_ok());
    text.split_whitespace().find(is_code).unwrap_or_else(|| panic!("no code in {text}")).to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn roles_walk_from_today_to_insight_and_a_manager_sees_only_their_own_and_what_was_granted() {
    let Some(browser) = Browser::start().await else { return };
    let demo = Demo::start("800");
    browser.resize(1440, 900).await;

    // A manager: Today, then the customer of the first line, in both languages.
    sign_in(&browser, &demo, demo.login("account_manager", "county")).await;
    assert!(browser.text().await.contains("工作台"), "{}", browser.text().await);
    browser.picture("today-zh").await;
    let own = browser.links("main a[href^='/customers/']").await;
    assert!(!own.is_empty(), "a manager's Today must not be empty");
    browser.open(&demo.page(&own[0])).await;
    assert!(browser.text().await.contains("期"), "{}", browser.text().await);
    browser.open(&demo.page(&format!("{}?lang=en", own[0]))).await;
    let english = browser.text().await;
    assert!(english.contains("Contracts") && english.contains("Customers"), "{english}");
    assert!(!browser.has("nav a[href='/insight']").await, "a manager has no Insight");
    browser.open(&demo.page("/insight?lang=zh-CN")).await;
    let refused_insight = browser.text().await;
    browser.open(&demo.page("/customers")).await;
    let listed = browser.links("main a[href^='/customers/']").await;
    sign_out(&browser).await;

    // A head of headquarters sees every customer, drills down and walks back up.
    sign_in(&browser, &demo, demo.login("unit_head", "hq")).await;
    browser.open(&demo.page("/customers")).await;
    browser.picture("customers-zh").await;
    let all = browser.links("main a[href^='/customers/']").await;
    let foreign = all.iter().find(|link| !listed.contains(link) && !own.contains(link));
    let foreign = foreign.unwrap_or_else(|| panic!("only the manager's own among {all:?}")).clone();
    browser.open(&demo.page(&foreign)).await;
    browser.picture("customer-zh").await;
    assert!(browser.has("figure.chart svg.plot").await, "the head sees its relation curve");
    browser.open(&demo.page("/insight")).await;
    browser.picture("insight-zh").await;
    assert!(browser.text().await.contains("洞察"));
    browser.click("main table a[href^='/insight?unit=']").await;
    assert!(browser.address().await.contains("unit="));
    browser.open(&demo.page("/insight?lang=en")).await;
    assert!(browser.text().await.contains("Insight"));
    browser.picture("insight-en").await;
    browser.resize(390, 844).await;
    browser.open(&demo.page("/?lang=zh-CN")).await;
    browser.picture("today-phone-zh").await;
    browser.resize(1440, 900).await;
    sign_out(&browser).await;

    // The manager asks for that customer by its address, and for one that does not exist: the answers are the same.
    sign_in(&browser, &demo, demo.login("account_manager", "county")).await;
    browser.open(&demo.page(&foreign)).await;
    let refused = browser.text().await;
    browser.open(&demo.page("/customers/999999999")).await;
    assert_eq!(refused, browser.text().await);
    assert_eq!(refused, refused_insight);
    sign_out(&browser).await;

    // A county head lets the manager see another's customer of the county, and says what for.
    sign_in(&browser, &demo, demo.login("unit_head", "county")).await;
    browser.open(&demo.page("/customers?lang=zh-CN")).await;
    let of_county = browser.links("main a[href^='/customers/']").await;
    let other = of_county.iter().find(|link| !listed.contains(link) && is_customer(link));
    let other = other.unwrap_or_else(|| panic!("only the manager's own among {of_county:?}")).clone();
    browser.open(&demo.page(&other)).await;
    let code = code_in(&browser.text().await);
    browser.open(&demo.page("/access")).await;
    let manager = demo.login("account_manager", "county");
    browser.type_into("form[method=post][action='/access'] input[name=person]", &manager.username).await;
    browser.type_into("form[method=post][action='/access'] input[name=customer]", &code).await;
    browser.type_into("form[method=post][action='/access'] input[name=reason]", "跨省专线").await;
    browser.click("form[method=post][action='/access'] button[type=submit]").await;
    browser.wait_for("form[action$='/end']").await;
    assert!(browser.text().await.contains("跨省专线"), "{}", browser.text().await);
    browser.picture("access-zh").await;
    sign_out(&browser).await;
    sign_in(&browser, &demo, manager).await;
    browser.open(&demo.page(&other)).await;
    assert!(browser.text().await.contains(&code), "{}", browser.text().await);
    sign_out(&browser).await;

    // The administrator sees who did that, and what came in and was computed.
    let admin = demo.login("admin", "hq");
    assert!(!admin.unit.is_empty());
    sign_in(&browser, &demo, admin).await;
    browser.open(&demo.page("/audit?action=grant.give")).await;
    assert!(browser.text().await.contains("跨省专线"), "{}", browser.text().await);
    browser.picture("audit-zh").await;
    browser.open(&demo.page("/audit?lang=en&action=grant.give")).await;
    assert!(browser.text().await.contains("granted sight"), "{}", browser.text().await);
    browser.open(&demo.page("/data?lang=zh-CN")).await;
    browser.picture("data-zh").await;
    assert!(browser.text().await.contains("2025-12"), "{}", browser.text().await);
    browser.open(&demo.page("/data?lang=en")).await;
    assert!(browser.text().await.contains("Import"), "{}", browser.text().await);
    sign_out(&browser).await;
    browser.quit().await;
}
