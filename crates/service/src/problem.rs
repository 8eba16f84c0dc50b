//! What use cases refuse, and why.

use documents::read::ReadError;
use domain::archive::Sheet;
use domain::sign_in::PasswordFault;
use domain::{Arg, Date, Message, Month, Problem, ProblemKind};

use crate::sheet_import;

/// It is not there, or not for this user.
pub fn not_found() -> Problem {
    Problem::new(ProblemKind::NotFound, Message::new("problem-not-found"))
        .hint(Message::new("hint-not-found"))
}

/// Another import or cycle is at work on the data folder.
pub fn run_at_work(folder: String) -> Problem {
    Problem::new(ProblemKind::Conflict, Message::new("problem-run-at-work").with("folder", folder))
        .hint(Message::new("hint-run-at-work"))
}

/// There is nothing to compute from.
pub fn no_usage() -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-cycle-no-usage"))
        .hint(Message::new("hint-cycle-no-usage"))
}

/// A month has no usage, though the first or the last month with usage would allow it.
pub fn month_outside(month: Month, first: Month, last: Month) -> Problem {
    let cause = Message::new("problem-cycle-month-outside")
        .with("month", month)
        .with("first", first)
        .with("last", last);
    Problem::new(ProblemKind::BadInput, cause).hint(Message::new("hint-cycle-month-outside"))
}

/// A month between others has no usage.
pub fn month_missing(month: Month) -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-cycle-month-missing").with("month", month))
        .hint(Message::new("hint-cycle-month-missing").with("month", month))
}

/// The month before is not published, or out of date.
pub fn month_out_of_order(month: Month, before: Month) -> Problem {
    let cause = Message::new("problem-cycle-out-of-order").with("month", month).with("before", before);
    Problem::new(ProblemKind::BadInput, cause).hint(Message::new("hint-cycle-out-of-order"))
}

/// The rules file names provinces that are none.
pub fn unknown_provinces(codes: &[&str], known: &[&str]) -> Problem {
    let cause = Message::new("problem-rules-province")
        .with("codes", codes.join(", "))
        .with("known", known.join(", "));
    Problem::new(ProblemKind::BadInput, cause).hint(Message::new("hint-rules-province"))
}

/// No customer has this code.
pub fn no_customer(code: &str) -> Problem {
    Problem::new(ProblemKind::NotFound, Message::new("problem-no-customer").with("code", code))
        .hint(Message::new("hint-no-customer"))
}

/// Nobody has this code or name to sign in with.
pub fn no_person(named: &str) -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-grant-no-person").with("person", named))
        .hint(Message::new("hint-grant-no-person"))
}

/// No unit within sight has this code or name.
pub fn no_unit(named: &str) -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-grant-no-unit").with("unit", named))
        .hint(Message::new("hint-grant-no-unit"))
}

/// Neither a unit nor a customer is named, or both are.
pub fn nothing_to_grant() -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-grant-nothing"))
        .hint(Message::new("hint-grant-nothing"))
}

/// Some of the customers to be shown belong to units that are not the giver's.
pub fn not_ones_own(customers: usize) -> Problem {
    let count = i64::try_from(customers).unwrap_or(i64::MAX);
    Problem::new(ProblemKind::BadInput, Message::new("problem-grant-not-own").with("customers", count))
        .hint(Message::new("hint-grant-not-own"))
}

/// A grant that ends before it begins, or lasts too long.
pub fn bad_grant_term(today: Date, longest: i64) -> Problem {
    let cause = Message::new("problem-grant-term").with("today", today).with("days", longest);
    Problem::new(ProblemKind::BadInput, cause).hint(Message::new("hint-grant-term"))
}

/// No unit has this code or name, or several have the name.
pub fn unknown_unit(named: &str) -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-unit-unknown").with("unit", named))
        .hint(Message::new("hint-unit-unknown"))
}

/// A customer at the top of a tree to be worked on that belongs to another's unit.
pub fn not_own_tree(code: &str) -> Problem {
    let cause = Message::new("problem-collaboration-not-own").with("customer", code);
    Problem::new(ProblemKind::BadInput, cause).hint(Message::new("hint-collaboration-not-own"))
}

/// A unit that is to lead and is another's.
pub fn lead_not_own(named: &str) -> Problem {
    let cause = Message::new("problem-collaboration-lead").with("unit", named);
    Problem::new(ProblemKind::BadInput, cause).hint(Message::new("hint-collaboration-lead"))
}

/// No unit assists, or one is named twice.
pub fn bad_parties() -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-collaboration-parties"))
        .hint(Message::new("hint-collaboration-parties"))
}

/// A last day that lies behind or too far ahead.
pub fn bad_due(today: Date, longest: i64) -> Problem {
    let cause = Message::new("problem-grant-term").with("today", today).with("days", longest);
    Problem::new(ProblemKind::BadInput, cause).hint(Message::new("hint-collaboration-due"))
}

/// Nothing is said of what is to be done together.
pub fn no_subject() -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-collaboration-subject"))
        .hint(Message::new("hint-collaboration-subject"))
}

/// Nothing is said of what came of it.
pub fn no_outcome() -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-collaboration-outcome"))
        .hint(Message::new("hint-collaboration-outcome"))
}

/// Nobody will know what it was for.
pub fn no_reason() -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-no-reason"))
        .hint(Message::new("hint-no-reason"))
}

/// No published month is among those asked for.
pub fn not_published() -> Problem {
    Problem::new(ProblemKind::NotFound, Message::new("problem-not-published"))
        .hint(Message::new("hint-not-published"))
}

/// Too many attempts to sign in failed.
pub fn locked_out(minutes: i64) -> Problem {
    Problem::new(ProblemKind::Conflict, Message::new("problem-locked-out").with("minutes", minutes))
        .hint(Message::new("hint-locked-out"))
}

/// A user's name that is empty or too long, or holds spaces.
pub fn bad_username(longest: usize) -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-username").with("longest", longest))
        .hint(Message::new("hint-username"))
}

/// A password that is too short or too long.
pub fn bad_password(shortest: usize) -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-password-short").with("shortest", shortest))
        .hint(Message::new("hint-password-short"))
}

/// A password that contains the name to sign in with.
fn password_has_username() -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-password-username"))
        .hint(Message::new("hint-password-username"))
}

/// A password that everyone tries first.
fn common_password() -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-password-common"))
        .hint(Message::new("hint-password-common"))
}

/// A password with a fault.
pub fn password_fault(fault: PasswordFault, shortest: u16) -> Problem {
    match fault {
        PasswordFault::Short | PasswordFault::Long => bad_password(usize::from(shortest)),
        PasswordFault::Username => password_has_username(),
        PasswordFault::Common => common_password(),
    }
}

/// A new password that is the old one.
pub fn same_password() -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-password-same"))
        .hint(Message::new("hint-password-same"))
}

/// A new password that was typed in two ways.
pub fn different_passwords() -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-password-twice"))
        .hint(Message::new("hint-password-twice"))
}

/// One's own password, wrong.
pub fn wrong_password() -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-password-wrong"))
        .hint(Message::new("hint-password-wrong"))
}

/// A code that does not fit, or was used.
pub fn wrong_code() -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-code-wrong"))
        .hint(Message::new("hint-code-wrong"))
}

/// Nobody within sight has this code or name.
pub fn no_such_person(named: &str) -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-user-no-person").with("person", named))
        .hint(Message::new("hint-user-no-person"))
}

/// Several people have this name.
pub fn several_people(named: &str, codes: &[&str]) -> Problem {
    let cause = Message::new("problem-user-several").with("person", named).with("codes", codes.join(", "));
    Problem::new(ProblemKind::BadInput, cause).hint(Message::new("hint-user-several"))
}

/// A person who has a user already.
pub fn has_user(username: &str) -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-user-has-one").with("username", username))
        .hint(Message::new("hint-user-has-one"))
}

/// What one does to oneself under My account, or not at all.
pub fn not_to_oneself() -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-user-self"))
        .hint(Message::new("hint-user-self"))
}

/// The only one who may let others in.
pub fn last_admin() -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-user-last-admin"))
        .hint(Message::new("hint-user-last-admin"))
}

/// Nobody signs in with this name.
pub fn no_user(username: &str) -> Problem {
    Problem::new(ProblemKind::NotFound, Message::new("problem-user-unknown").with("username", username))
        .hint(Message::new("hint-user-unknown"))
}

/// The second step is not on.
pub fn no_two_factor() -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-two-factor-off"))
        .hint(Message::new("hint-two-factor-off"))
}

/// The role asks for the second step.
pub fn two_factor_owed() -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-two-factor-owed"))
        .hint(Message::new("hint-two-factor-owed"))
}

/// A token without a name, or with one that is too long.
pub fn bad_token_name(longest: usize) -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-token-name").with("longest", longest))
        .hint(Message::new("hint-token-name"))
}

/// A token that opens nothing, or what the role may not do.
pub fn bad_token_actions() -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-token-actions"))
        .hint(Message::new("hint-token-actions"))
}

/// A token's last day that lies behind or too far ahead.
pub fn bad_token_term(today: Date, longest: i64) -> Problem {
    let cause = Message::new("problem-grant-term").with("today", today).with("days", longest);
    Problem::new(ProblemKind::BadInput, cause).hint(Message::new("hint-token-term"))
}

/// So many tokens that nobody looks after them.
pub fn too_many_tokens(most: usize) -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-token-many").with("most", most))
        .hint(Message::new("hint-token-many"))
}

/// A user's name that is taken.
pub fn username_taken(username: &str) -> Problem {
    Problem::new(ProblemKind::Conflict, Message::new("problem-username-taken").with("username", username))
        .hint(Message::new("hint-username-taken"))
}

/// A segment's name that is empty or too long.
pub fn bad_segment_name(longest: usize) -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-segment-name").with("longest", longest))
        .hint(Message::new("hint-segment-name"))
}

/// A segment's name that the unit uses already.
pub fn segment_name_taken(name: &str) -> Problem {
    Problem::new(ProblemKind::Conflict, Message::new("problem-segment-taken").with("name", name))
        .hint(Message::new("hint-segment-taken"))
}

/// A segment without conditions.
pub fn no_conditions() -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-segment-everyone"))
        .hint(Message::new("hint-segment-everyone"))
}

/// No segment is kept that the user sees.
pub fn no_segments() -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-segments-none"))
        .hint(Message::new("hint-segments-none"))
}

/// A value that its column does not take.
pub fn bad_value(wrong: Message) -> Problem {
    Problem::new(ProblemKind::BadInput, wrong)
}

/// No file was chosen.
pub fn no_sheet() -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-sheet-none"))
        .hint(Message::new("hint-sheet-none"))
}

/// A file that is too large to be uploaded.
pub fn sheet_too_large() -> Problem {
    let most = i64::try_from(sheet_import::LARGEST >> 20).unwrap_or_default();
    Problem::new(ProblemKind::BadInput, Message::new("problem-sheet-large").with("most", most))
        .hint(Message::new("hint-sheet-large"))
}

/// A file that is no sheet, or more than is read.
pub fn bad_sheet(error: &ReadError) -> Problem {
    let (cause, hint) = match error {
        ReadError::Empty => ("problem-sheet-empty", "hint-sheet-empty"),
        ReadError::NoRows => ("problem-sheet-no-rows", "hint-sheet-empty"),
        ReadError::NoSheet => ("problem-sheet-kind", "hint-sheet-kind"),
        ReadError::OldWorkbook => ("problem-sheet-old", "hint-sheet-kind"),
        ReadError::Damaged(_) => ("problem-sheet-damaged", "hint-sheet-kind"),
        ReadError::Unpacked => ("problem-sheet-unpacked", "hint-sheet-large"),
        ReadError::Rows => ("problem-sheet-rows", "hint-sheet-large"),
        ReadError::Columns => ("problem-sheet-columns", "hint-sheet-columns"),
        ReadError::OpenQuote(_) => ("problem-sheet-quote", "hint-sheet-quote"),
    };
    let line = if let ReadError::OpenQuote(line) = error { *line } else { 0 };
    let cause = Message::new(cause).with("most", sheet_import::MOST_ROWS).with("line", line);
    Problem::new(ProblemKind::BadInput, cause).hint(Message::new(hint))
}

/// Two columns of a sheet are to be the same of customers.
pub fn sheet_column_twice(name: &str) -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-sheet-twice").with("column", named(name)))
        .hint(Message::new("hint-sheet-twice"))
}

/// No column of a sheet is one that is needed.
pub fn sheet_column_missing(name: &str) -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-sheet-missing").with("column", named(name)))
        .hint(Message::new("hint-sheet-missing"))
}

/// The name of a column of customers, in the language of whoever reads it.
fn named(name: &str) -> Arg {
    match Sheet::Customer.place(name).map(|place| &Sheet::Customer.columns()[place]) {
        Some(column) => Arg::Field(column.name),
        None => Arg::Text(name.to_owned()),
    }
}

/// A sheet that was brought in already.
pub fn sheet_done() -> Problem {
    Problem::new(ProblemKind::Conflict, Message::new("problem-sheet-done"))
        .hint(Message::new("hint-sheet-done"))
}

/// A sheet that was not tried.
pub fn sheet_not_tried() -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-sheet-untried"))
        .hint(Message::new("hint-sheet-untried"))
}

/// Bringing a sheet in would do something else than what was shown.
pub fn sheet_changed() -> Problem {
    Problem::new(ProblemKind::Conflict, Message::new("problem-sheet-changed"))
        .hint(Message::new("hint-sheet-changed"))
}

/// No customer would be changed.
pub fn nothing_to_edit() -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-edit-nothing"))
        .hint(Message::new("hint-edit-nothing"))
}

/// A view without a name, or with one that is none.
pub fn bad_view_name(longest: usize) -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-view-name").with("longest", longest))
        .hint(Message::new("hint-view-name"))
}

/// A view's name that is used already.
pub fn view_name_taken(name: &str) -> Problem {
    Problem::new(ProblemKind::Conflict, Message::new("problem-view-taken").with("name", name))
        .hint(Message::new("hint-view-taken"))
}

/// More conditions than a view keeps.
pub fn view_too_long() -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-view-long"))
        .hint(Message::new("hint-view-long"))
}

/// As many views as a person or a unit can have.
pub fn too_many_views(most: u32) -> Problem {
    Problem::new(ProblemKind::Conflict, Message::new("problem-views-most").with("most", i64::from(most)))
        .hint(Message::new("hint-views-most"))
}

/// As many pinned views as there is room for.
pub fn too_many_pins(most: u32) -> Problem {
    Problem::new(ProblemKind::Conflict, Message::new("problem-pins-most").with("most", i64::from(most)))
        .hint(Message::new("hint-pins-most"))
}

/// A person who is not there.
pub fn no_staff() -> Problem {
    Problem::new(ProblemKind::NotFound, Message::new("problem-no-staff")).hint(Message::new("hint-no-staff"))
}

/// An import is giving out the numbers of new rows.
pub fn import_at_work() -> Problem {
    Problem::new(ProblemKind::Conflict, Message::new("problem-import-at-work"))
        .hint(Message::new("hint-import-at-work"))
}

/// The customers are to go to whom they lie with.
pub fn assigned_to_same() -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-assign-same"))
        .hint(Message::new("hint-assign-same"))
}

/// No customer would move.
pub fn nothing_to_assign() -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-assign-nothing"))
        .hint(Message::new("hint-assign-nothing"))
}

/// More customers than one step may move.
pub fn too_many_to_assign(count: usize, most: usize) -> Problem {
    let cause = Message::new("problem-assign-too-many").with("count", count).with("most", most);
    Problem::new(ProblemKind::BadInput, cause).hint(Message::new("hint-assign-too-many"))
}

/// A customer is not in the pool, or no longer.
pub fn not_in_pool() -> Problem {
    Problem::new(ProblemKind::Conflict, Message::new("problem-pool-gone"))
        .hint(Message::new("hint-pool-gone"))
}

/// As many were claimed this month as may be.
pub fn claimed_enough(most: u64) -> Problem {
    Problem::new(ProblemKind::Conflict, Message::new("problem-pool-enough").with("most", most))
        .hint(Message::new("hint-pool-enough"))
}

/// Another customer has this code.
pub fn customer_code_taken(code: &str) -> Problem {
    Problem::new(ProblemKind::Conflict, Message::new("problem-customer-code-taken").with("code", code))
        .hint(Message::new("hint-customer-code-taken"))
}

/// Two customers do not both belong to units that one answers for.
pub fn not_ones_own_pair(unit: &str) -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-pair-not-own").with("unit", unit))
        .hint(Message::new("hint-pair-not-own"))
}

/// Somebody else was faster.
pub fn decided_already() -> Problem {
    Problem::new(ProblemKind::Conflict, Message::new("problem-pair-decided"))
        .hint(Message::new("hint-pair-decided"))
}

/// A customer would stand for itself, or hang below itself.
pub fn merge_circle() -> Problem {
    Problem::new(ProblemKind::BadInput, Message::new("problem-merge-circle"))
        .hint(Message::new("hint-merge-circle"))
}

/// Duplicates are being looked for.
pub fn duplicates_sought() -> Problem {
    Problem::new(ProblemKind::Conflict, Message::new("problem-duplicates-sought"))
        .hint(Message::new("hint-duplicates-sought"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Lang;

    #[test]
    fn columns_of_sheets_are_named_as_people_know_them() {
        let cause = sheet_column_twice("employees").cause;
        assert!(text::say(Lang::ZhCn, &cause).contains("员工人数"), "{}", text::say(Lang::ZhCn, &cause));
    }

    #[test]
    fn every_refusal_has_its_words_in_both_languages() {
        let month = Month::from_number(2026 * 12);
        let problems = [
            not_found(),
            run_at_work("folder".to_owned()),
            no_usage(),
            month_outside(month, month, month),
            month_missing(month),
            month_out_of_order(month, month),
            unknown_provinces(&["P9"], &["P1"]),
            no_customer("C1"),
            not_published(),
            locked_out(15),
            bad_username(64),
            bad_password(8),
            username_taken("li.lei"),
            no_staff(),
            bad_segment_name(60),
            segment_name_taken("name"),
            no_conditions(),
            no_segments(),
            nothing_to_edit(),
            no_sheet(),
            sheet_too_large(),
            bad_sheet(&ReadError::Empty),
            bad_sheet(&ReadError::NoRows),
            bad_sheet(&ReadError::NoSheet),
            bad_sheet(&ReadError::OldWorkbook),
            bad_sheet(&ReadError::Damaged(String::new())),
            bad_sheet(&ReadError::Unpacked),
            bad_sheet(&ReadError::Rows),
            bad_sheet(&ReadError::Columns),
            bad_sheet(&ReadError::OpenQuote(3)),
            sheet_column_twice("name"),
            sheet_column_missing("code"),
            sheet_done(),
            sheet_not_tried(),
            sheet_changed(),
            bad_view_name(40),
            view_name_taken("name"),
            view_too_long(),
            too_many_views(50),
            too_many_pins(8),
            unknown_unit("U9"),
            not_own_tree("C1"),
            lead_not_own("U9"),
            bad_parties(),
            no_subject(),
            no_outcome(),
            bad_due(month.first_day(), 366),
            import_at_work(),
            assigned_to_same(),
            nothing_to_assign(),
            too_many_to_assign(30_000, 20_000),
            not_in_pool(),
            claimed_enough(20),
            customer_code_taken("C1"),
            password_fault(PasswordFault::Username, 8),
            password_fault(PasswordFault::Common, 8),
            same_password(),
            different_passwords(),
            wrong_password(),
            wrong_code(),
            no_such_person("C1"),
            several_people("C1", &["a", "b"]),
            has_user("li.lei"),
            not_to_oneself(),
            last_admin(),
            no_user("li.lei"),
            no_two_factor(),
            two_factor_owed(),
            bad_token_name(60),
            bad_token_actions(),
            bad_token_term(month.first_day(), 366),
            too_many_tokens(20),
        ];
        for problem in problems {
            for message in problem.hint.iter().chain([&problem.cause]) {
                for lang in Lang::ALL {
                    assert!(text::has(lang, message.key), "{}", message.key);
                    assert!(!text::say(lang, message).contains('$'), "{}", message.key);
                }
            }
        }
    }
}
