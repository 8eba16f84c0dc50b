//! `tenure user`: a login for a member of staff.

use std::io::BufRead;
use std::process::ExitCode;

use domain::{Message, Problem, ProblemKind};
use serde::Serialize;
use service::user::{self, SampleStaff};

use crate::arguments::{Common, User};
use crate::{ambient, house, report};

#[derive(Serialize)]
struct Document<'a> {
    username: &'a str,
    staff: &'a str,
}

/// Makes the login; the password is the first line of standard input.
pub async fn run(options: &User, common: &Common) -> Result<ExitCode, Problem> {
    let mut password = String::new();
    let read = std::io::stdin().lock().read_line(&mut password).unwrap_or(0);
    let password = password.trim_end_matches(['\r', '\n']);
    if read == 0 || password.is_empty() {
        let cause = Message::new("problem-password");
        return Err(Problem::new(ProblemKind::BadInput, cause).hint(Message::new("hint-password")));
    }
    let (services, _lake) = house::open(common).await?;
    let staff = find(&services, options).await?;
    let salt = salt();
    user::create::run(&services, &options.username, password, staff.0, salt, ambient::now()).await?;
    if common.json {
        report::json(&Document { username: &options.username, staff: &staff.1 })?;
    } else {
        let made = Message::new("cli-user-made")
            .with("username", options.username.as_str())
            .with("name", staff.1.as_str());
        report::line(common.lang, &made);
    }
    Ok(ExitCode::SUCCESS)
}

/// A salt that nobody can guess.
pub fn salt() -> [u8; 16] {
    let mut salt = [0; 16];
    salt.copy_from_slice(&ambient::random()[..16]);
    salt
}

async fn find(
    services: &service::Services,
    options: &User,
) -> Result<(domain::id::StaffId, String), Problem> {
    let asked = options.staff.clone().or(options.staff_role.map(|role| role.to_string())).unwrap_or_default();
    let unknown = || {
        let cause = Message::new("problem-staff-unknown").with("staff", asked.clone());
        Problem::new(ProblemKind::NotFound, cause).hint(Message::new("hint-staff-unknown"))
    };
    if let Some(code) = &options.staff {
        let staff = user::staff_by_code(services, code).await?.ok_or_else(unknown)?;
        return Ok((staff, code.clone()));
    }
    let samples: Vec<SampleStaff> = user::sample_staff(services).await?;
    let highest = samples.into_iter().filter(|s| Some(s.role) == options.staff_role).min_by_key(|s| s.level);
    highest.map(|sample| (sample.staff, sample.name)).ok_or_else(unknown)
}
