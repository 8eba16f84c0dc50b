//! Signing in and out.

pub mod authenticate;
pub mod confirm;
pub mod end;
pub mod sign_in;
pub mod sign_out;

pub use store::session::{Origin, SessionRow, SignInRow};

use domain::policy::Scope;
use domain::sign_in::Duty;
use domain::{Instant, Problem};
use store::session::SessionUser;

use crate::actor::{Through, UnitName};
use crate::{Actor, Services, password};

/// What is kept of a token.
pub(crate) fn kept(token: &str) -> [u8; 32] {
    password::digest(token.as_bytes())
}

/// A user who asks through something, with what the person may see today and owes.
pub(crate) async fn actor(
    services: &Services,
    user: SessionUser,
    through: Through,
    now: Instant,
) -> Result<Actor, Problem> {
    let granted = services.store().granted(user.staff, now.date()).await?;
    let rules = services.sign_in_rules();
    let duty = if user.must_change || rules.is_outworn(user.password_set_at, now) {
        Some(Duty::Password)
    } else {
        (!user.two_factor && rules.two_factor_roles.contains(&user.role)).then_some(Duty::TwoFactor)
    };
    Ok(Actor {
        user: user.user,
        staff: user.staff,
        name: user.name,
        role: user.role,
        unit: UnitName { id: user.unit, name: user.unit_name, level: user.level },
        scope: Scope::new(user.role.home(user.staff, user.unit), granted),
        through,
        duty,
    })
}
