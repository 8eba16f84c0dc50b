//! `tenure admin`: users, looked after on the machine itself, for when nobody can sign in.

use std::process::ExitCode;

use domain::{Message, Problem};
use serde::Serialize;
use service::user::list::ListedUser;
use service::user::{self, Standing};
use service::{Services, two_factor};

use crate::arguments::{Admin, AdminUser, Common};
use crate::{ambient, house, report};

/// A user, as programs read it.
#[derive(Serialize)]
struct Document {
    username: String,
    staff: String,
    name: String,
    role: String,
    unit: String,
    standing: &'static str,
    two_factor: bool,
    last_sign_in: Option<String>,
    sessions: u64,
}

/// What was done to a user.
#[derive(Serialize)]
struct Done<'a> {
    username: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<&'a str>,
}

/// Does what is asked.
pub async fn run(what: &Admin, common: &Common) -> Result<ExitCode, Problem> {
    let (services, _lake) = house::open(common).await?;
    match what {
        Admin::Users => users(&services, common).await?,
        Admin::Password(user) => password(&services, user, common).await?,
        Admin::TwoFactorOff(user) => two_factor_off(&services, user, common).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn users(services: &Services, common: &Common) -> Result<(), Problem> {
    let users = user::list::everyone(services, ambient::now()).await?;
    if common.json {
        return report::json(&users.into_iter().map(document).collect::<Vec<_>>());
    }
    let word = |key: &str| text::get(common.lang, key).into_owned();
    let titles = [
        "user-name",
        "user-person",
        "user-role",
        "user-unit",
        "user-last",
        "user-two-factor",
        "user-standing",
    ];
    let mut rows = vec![titles.map(word).to_vec()];
    rows.extend(users.iter().map(|user| {
        let row = &user.row;
        vec![
            row.username.clone(),
            row.name.clone(),
            word(row.role.text_key()),
            row.unit_name.clone(),
            user.last.map_or_else(|| word("never"), |at| at.to_minute()),
            word(if row.two_factor { "two-factor-is-on" } else { "two-factor-is-off" }),
            word(&format!("standing-{}", standing(user.standing))),
        ]
    }));
    report::table(&rows);
    Ok(())
}

fn document(user: ListedUser) -> Document {
    Document {
        username: user.row.username,
        staff: user.row.staff_code,
        name: user.row.name,
        role: user.row.role.to_string(),
        unit: user.row.unit_name,
        standing: standing(user.standing),
        two_factor: user.row.two_factor,
        last_sign_in: user.last.map(|at| at.to_string()),
        sessions: user.sessions,
    }
}

const fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Open => "open",
        Standing::Fresh => "fresh",
        Standing::Locked => "locked",
        Standing::Suspended => "suspended",
    }
}

async fn password(services: &Services, of: &AdminUser, common: &Common) -> Result<(), Problem> {
    let random = [ambient::random(), ambient::random()];
    let handed = user::reset::on_machine(services, &of.username, random, ambient::now()).await?;
    if common.json {
        return report::json(&Done { username: &handed.username, password: Some(&handed.password) });
    }
    let said =
        Message::new("cli-handed-out").with("username", handed.username).with("password", handed.password);
    report::line(common.lang, &said);
    Ok(())
}

async fn two_factor_off(services: &Services, of: &AdminUser, common: &Common) -> Result<(), Problem> {
    two_factor::off::on_machine(services, &of.username, ambient::now()).await?;
    if common.json {
        return report::json(&Done { username: &of.username, password: None });
    }
    report::line(common.lang, &Message::new("cli-two-factor-off").with("username", of.username.as_str()));
    Ok(())
}
