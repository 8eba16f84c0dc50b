//! Signing in: what makes a good password, how long a session lasts, and what one owes before anything else.

use serde::{Deserialize, Serialize};

use crate::Instant;
use crate::code::codes;
use crate::rules::{RulesError, range};
use crate::staff::Role;

/// Rules of passwords and sessions; the same for all provinces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Characters that a password has at least.
    pub password_shortest: u16,
    /// Whether it must not contain the name to sign in with.
    pub password_not_username: bool,
    /// Whether it must not be among the commonest passwords.
    pub password_not_common: bool,
    /// Days after which it must be changed; 0 for never.
    pub password_days: u16,
    /// Days that a password lasts which an administrator handed out.
    pub one_time_days: u16,
    /// Hours that a session lasts at most …
    pub session_hours: u16,
    /// … and minutes without a request after which it ends.
    pub idle_minutes: u16,
    /// Failures after which a name is locked …
    pub attempts: u32,
    /// … until so many minutes have passed since the last.
    pub locked_minutes: u16,
    /// Roles that must confirm signing in by a code.
    pub two_factor_roles: Vec<Role>,
}

/// What is wrong with a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordFault {
    /// Fewer characters than it must have.
    Short,
    /// So long that hashing it only keeps the machine busy.
    Long,
    /// It contains the name to sign in with.
    Username,
    /// Everyone tries it first.
    Common,
}

/// What someone must do before anything else is open to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    /// Choose a password of one's own.
    Password,
    /// Set up the second step, which the role asks for.
    TwoFactor,
}

codes! {
    /// How an attempt to sign in came out.
    pub enum SignInOutcome ("sign-in") {
        /// Signed in with the password.
        Password = "password",
        /// Signed in with password and code.
        Code = "code",
        /// Signed in with password and a recovery code.
        Recovery = "recovery",
        /// The password was wrong.
        WrongPassword = "wrong_password",
        /// The password was right, the code was not.
        WrongCode = "wrong_code",
        /// The password was right, the user is suspended.
        Suspended = "suspended",
        /// The password was right, and was handed out too long ago.
        Lapsed = "lapsed",
    }
}

impl SignInOutcome {
    /// Whether a session began.
    #[must_use]
    pub const fn is_in(self) -> bool {
        matches!(self, Self::Password | Self::Code | Self::Recovery)
    }
}

/// Bytes of a password at most.
const LONGEST: usize = 1024;

/// What people choose first, in lower case; shorter than the shortest allowed is refused anyway.
const COMMON: &str = include_str!("common_passwords.txt");

impl SignIn {
    /// What is wrong with a password for a user of this name, if anything is.
    #[must_use]
    pub fn fault(&self, password: &str, username: &str) -> Option<PasswordFault> {
        let lower = password.to_lowercase();
        if password.chars().count() < usize::from(self.password_shortest) {
            Some(PasswordFault::Short)
        } else if password.len() > LONGEST {
            Some(PasswordFault::Long)
        } else if self.password_not_username && lower.contains(&username.to_lowercase()) {
            Some(PasswordFault::Username)
        } else if self.password_not_common && COMMON.split_whitespace().any(|common| common == lower) {
            Some(PasswordFault::Common)
        } else {
            None
        }
    }

    /// When a session that begins now is over at the latest.
    #[must_use]
    pub fn session_ends(&self, now: Instant) -> Instant {
        now.plus_seconds(i64::from(self.session_hours) * 3_600)
    }

    /// Sessions without a request since this moment are over.
    #[must_use]
    pub fn idle_since(&self, now: Instant) -> Instant {
        now.plus_seconds(-60 * i64::from(self.idle_minutes))
    }

    /// Failures up to this moment no longer count.
    #[must_use]
    pub fn failures_since(&self, now: Instant) -> Instant {
        now.plus_seconds(-60 * i64::from(self.locked_minutes))
    }

    /// Whether a password that was set then must be changed.
    #[must_use]
    pub fn is_outworn(&self, set_at: Instant, now: Instant) -> bool {
        self.password_days > 0 && set_at.plus_seconds(i64::from(self.password_days) * 86_400) <= now
    }

    /// Whether a password that an administrator handed out then is good no more.
    #[must_use]
    pub fn is_lapsed(&self, set_at: Instant, now: Instant) -> bool {
        set_at.plus_seconds(i64::from(self.one_time_days) * 86_400) <= now
    }

    pub(crate) fn check(&self) -> Result<(), RulesError> {
        range((1..=128).contains(&self.password_shortest), "sign_in.password_shortest", "1 to 128")?;
        range(self.one_time_days > 0, "sign_in.one_time_days", "at least 1")?;
        range(self.session_hours > 0, "sign_in.session_hours", "at least 1")?;
        range(self.idle_minutes > 0, "sign_in.idle_minutes", "at least 1")?;
        range(self.attempts > 0, "sign_in.attempts", "at least 1")?;
        range(self.locked_minutes > 0, "sign_in.locked_minutes", "at least 1")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RuleBook;

    #[test]
    fn passwords_that_are_guessed_first_are_refused() {
        let mut rules = RuleBook::parse(None).expect("the shipped rules").default.sign_in;
        let fault = |rules: &SignIn, password: &str| rules.fault(password, "li.lei");
        for (password, expected) in [
            ("short", Some(PasswordFault::Short)),
            ("短的密码七个字", Some(PasswordFault::Short)),
            ("八个字的密码就够", None),
            ("PassWord123", Some(PasswordFault::Common)),
            ("my LI.LEI password", Some(PasswordFault::Username)),
            ("a long password", None),
        ] {
            assert_eq!(fault(&rules, password), expected, "{password}");
        }
        assert_eq!(fault(&rules, &"x".repeat(LONGEST + 1)), Some(PasswordFault::Long));
        (rules.password_not_common, rules.password_not_username) = (false, false);
        assert_eq!(fault(&rules, "password123"), None);
        assert_eq!(fault(&rules, "li.lei.li.lei"), None);
    }

    #[test]
    fn the_commonest_passwords_are_in_lower_case_and_stand_once() {
        let mut words: Vec<&str> = COMMON.split_whitespace().collect();
        assert!(words.iter().all(|word| *word == word.to_lowercase()));
        let count = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), count);
    }
}
