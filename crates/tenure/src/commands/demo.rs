//! `tenure demo`: from nothing to the pages of a sample operator. Each step is skipped when its result is there,
//! so a demo that was interrupted goes on where it was.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use domain::org::OrgLevel;
use domain::staff::Role;
use domain::{Message, Problem, ProblemKind};
use serde::{Deserialize, Serialize};
use service::Services;
use service::cycle::CycleOptions;
use service::data::RunState;
use service::import::ImportOptions;
use service::user;

use crate::arguments::{Common, Demo};
use crate::commands::serve::Server;
use crate::commands::simulate::world;
use crate::commands::user::salt;
use crate::progress::Shown;
use crate::{ambient, house, report};

const EXTRACT: &str = "demo-extract";
const LOGINS: &str = "demo-logins.json";

/// A sample login.
#[derive(Serialize, Deserialize)]
struct Login {
    role: Role,
    level: OrgLevel,
    unit: String,
    username: String,
    password: String,
}

#[derive(Serialize)]
struct Document<'a> {
    url: &'a str,
    logins: &'a [Login],
}

/// Makes what is missing, then serves.
pub async fn run(options: &Demo, common: &Common) -> Result<ExitCode, Problem> {
    let (services, _lake) = house::open(common).await?;
    refuse_foreign_data(&services, &common.data).await?;
    prepare(&services, options, common).await?;
    let logins = logins(&services, &common.data).await?;
    let server = Server::bind(options.port).await?;
    if common.json {
        report::json(&Document { url: &server.url, logins: &logins })?;
    } else {
        announce(&logins, &server.url, common);
    }
    server.serve(Arc::new(services), common).await
}

/// Refuses a folder with data that no demo made: its own passwords would open an operator's data.
async fn refuse_foreign_data(services: &Services, data: &Path) -> Result<(), Problem> {
    if [EXTRACT, LOGINS].iter().any(|own| data.join(own).exists()) {
        return Ok(());
    }
    if services.manifest().await?.facts.is_empty() && user::sample_staff(services).await?.is_empty() {
        return Ok(());
    }
    let folder = data.display().to_string();
    let cause = Message::new("problem-demo-foreign").with("folder", folder.as_str());
    let hint = Message::new("hint-demo-foreign").with("folder", folder);
    Err(Problem::new(ProblemKind::Conflict, cause).hint(hint))
}

async fn prepare(services: &Services, options: &Demo, common: &Common) -> Result<(), Problem> {
    let folder = common.data.join(EXTRACT);
    if services.manifest().await?.facts.is_empty() {
        simulate::write(
            &world(&options.world)?.with_duplicates(DUPLICATES)?,
            &folder,
            &Shown::new(common.lang),
        )?;
        import(services, folder.clone(), common).await?;
    }
    cycle(services, common).await?;
    let deliveries = service::data::imports_done(services).await?;
    if deliveries < DELIVERIES {
        import(services, folder.join(simulate::CORRECTIONS), common).await?;
        cycle(services, common).await?;
        service::duplicate::find::keep(services, &ambient::now).await?;
    }
    Ok(())
}

/// Share of the sample customers that are entered twice, or have a look-alike.
const DUPLICATES: f64 = 0.01;
/// The extract, and what was corrected later.
const DELIVERIES: u64 = 2;

async fn import(services: &Services, folder: PathBuf, common: &Common) -> Result<(), Problem> {
    let options = ImportOptions { folder, mapping: None, dry_run: false, skip_bad: false, lang: common.lang };
    let progress = Arc::new(Shown::new(common.lang));
    let done = service::import::run(services, &options, ambient::now(), &ambient::now, progress).await?;
    match done.state {
        RunState::Done => Ok(()),
        _ => Err(Problem::internal("the sample operator does not pass its own checks")),
    }
}

async fn cycle(services: &Services, common: &Common) -> Result<(), Problem> {
    let options = CycleOptions { month: None, all: false, lang: common.lang };
    let progress = Arc::new(Shown::new(common.lang));
    service::cycle::run(services, options, ambient::now(), &ambient::now, progress).await?;
    Ok(())
}

/// The sample logins: those of the first start, or one per role and level with passwords drawn now.
async fn logins(services: &Services, data: &Path) -> Result<Vec<Login>, Problem> {
    let file = data.join(LOGINS);
    if let Ok(kept) = std::fs::read(&file) {
        return serde_json::from_slice(&kept).map_err(Problem::internal);
    }
    // An interrupted start may have made users without keeping their passwords: all get a new name then.
    let start = u64::from_le_bytes(ambient::random()[..8].try_into().unwrap_or_default()) % 10_000;
    let mut logins = Vec::new();
    for sample in user::sample_staff(services).await? {
        let username = match &sample.username {
            Some(_) => format!("{}-{}-{start:04}", sample.role, sample.level),
            None => format!("{}-{}", sample.role, sample.level),
        };
        let password = user::one_time_password(ambient::random());
        user::create::run(services, &username, &password, sample.staff, salt(), ambient::now()).await?;
        logins.push(Login { role: sample.role, level: sample.level, unit: sample.unit, username, password });
    }
    keep(&file, &logins)?;
    Ok(logins)
}

fn keep(file: &Path, logins: &[Login]) -> Result<(), Problem> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let failed = |error| Problem::io(file, error);
    let text = serde_json::to_string_pretty(logins).map_err(Problem::internal)?;
    let part = file.with_extension("json.part");
    let mut options = std::fs::OpenOptions::new();
    let mut out = options.write(true).create(true).truncate(true).mode(0o600).open(&part).map_err(failed)?;
    out.write_all(text.as_bytes()).and_then(|()| out.sync_all()).map_err(failed)?;
    std::fs::rename(&part, file).map_err(failed)
}

fn announce(logins: &[Login], url: &str, common: &Common) {
    let lang = common.lang;
    let file = common.data.join(LOGINS).display().to_string();
    report::line(lang, &Message::new("cli-logins").with("file", file));
    let row = |cells: [&str; 5]| {
        let widths = [22, 14, 24, 30, 12];
        let line: String =
            cells.iter().zip(widths).map(|(cell, width)| report::padded(cell, width)).collect();
        report::plain(&format!("  {}", line.trim_end()));
    };
    let title = |key: &str| text::get(lang, key).into_owned();
    row([
        &title("cli-login-role"),
        &title("cli-login-level"),
        &title("cli-login-unit"),
        &title("cli-login-username"),
        &title("cli-login-password"),
    ]);
    for login in logins {
        let (role, level) = (title(login.role.text_key()), title(login.level.text_key()));
        row([&role, &level, &login.unit, &login.username, &login.password]);
    }
    report::line(lang, &Message::new("cli-ready").with("url", url));
}
