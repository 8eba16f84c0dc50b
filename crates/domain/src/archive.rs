//! The archive: what people keep by hand of a customer and all around it. One description serves form, check, table and
//! audit of each sheet, in the words of the extract, so that a row typed and a row imported are the same row.

use unicode_normalization::UnicodeNormalization;

use crate::Message;
use crate::code::codes;
use crate::contact::CuteRole;
use crate::credit_code::CreditCode;
use crate::extract::{Cell, Column, ColumnType, Table};
use crate::interaction::{Channel, Direction};
use crate::policy::Action;
use crate::product::ProductFamily;

codes! {
    /// A sheet of the archive. Its code is the name of its table.
    pub enum Sheet ("sheet") {
        /// The customer itself.
        Customer = "customers",
        /// People there.
        Contact = "contacts",
        /// Competitors that serve it too.
        Presence = "competitor_presences",
        /// What the operator buys from it (reciprocity).
        Purchase = "purchases",
        /// What was done for the relation with a person there.
        Move = "relationship_moves",
        /// How good the relation is, quarter by quarter.
        Review = "relationship_reviews",
        /// 专班: what an executive leads for it by name.
        Programme = "engagement_programmes",
        /// Who works in a programme.
        ProgrammeMember = "programme_members",
        /// What was done in a programme.
        ProgrammeActivity = "programme_activities",
        /// Contacts by any channel.
        Interaction = "interactions",
        /// Visits planned.
        Visit = "visits",
        /// What is to be done by a day.
        Task = "tasks",
    }
}

codes! {
    /// How far a programme of executive engagement has come (`S0`).
    pub enum ProgrammeState ("programme") {
        /// Planned: the people are named.
        Planned = "planned",
        /// At work.
        Running = "running",
        /// The framework agreement is signed.
        Agreed = "agreed",
        /// Over, with its result.
        Closed = "closed",
    }
}

codes! {
    /// What a programme does together with the customer (`S0`, `S1b`).
    pub enum ActivityKind ("activity") {
        /// A talk of executives.
        Talk = "talk",
        /// A gathering or dinner.
        Gathering = "gathering",
        /// A match.
        Match = "match",
        /// Training or a lecture.
        Training = "training",
        /// A survey on site or a trial.
        Trial = "trial",
        /// A negotiation.
        Negotiation = "negotiation",
        /// A signing.
        Signing = "signing",
        /// Anything else.
        Other = "other",
    }
}

codes! {
    /// 建、做、拉、用关系: the steps in which a relation with a person grows (`S1e`).
    pub enum RelationStep ("step") {
        /// 建.
        Build = "build",
        /// 做.
        Do = "do",
        /// 拉.
        DrawCloser = "draw_closer",
        /// 用.
        Use = "use",
    }
}

/// Characters of a name or a line, as in the extract.
const NAME: ColumnType = ColumnType::Text(200);
const LINE: ColumnType = ColumnType::Text(500);
/// Characters of what people write down.
pub const PROSE: usize = 2_000;
const WORDS: ColumnType = ColumnType::Text(PROSE);
const PERCENT: ColumnType = ColumnType::Whole(0, 100);

const fn must(name: &'static str, kind: ColumnType) -> Column {
    Column { name, kind, required: true }
}

const fn may(name: &'static str, kind: ColumnType) -> Column {
    Column { name, kind, required: false }
}

const STAFF: ColumnType = ColumnType::Reference(Table::Staff);
const CUSTOMER: Column = must("customer_code", ColumnType::Reference(Table::Customers));

const PROGRAMME: Column = must("programme", ColumnType::Row("engagement_programmes"));

impl Sheet {
    /// Its columns: those of the extract first, where the extract knows the table.
    #[must_use]
    pub const fn columns(self) -> &'static [Column] {
        use ColumnType::{Code, Date, Instant, Money, OneOf, Reference};
        match self {
            Self::Customer => Table::Customers.columns(),
            Self::Contact => {
                const {
                    &[
                        must("code", Code),
                        CUSTOMER,
                        must("name", NAME),
                        may("title", NAME),
                        may("phone", NAME),
                        may("email", NAME),
                        may("cute_role", OneOf(CuteRole::CODES)),
                        may("style", NAME),
                        may("closeness", PERCENT),
                        may("trust", PERCENT),
                        may("favour", PERCENT),
                        may("prefers", LINE),
                        may("left_on", Date),
                    ]
                }
            }
            Self::Presence => {
                const {
                    &[
                        CUSTOMER,
                        must("operator", NAME),
                        may("family", OneOf(ProductFamily::CODES)),
                        may("share", PERCENT),
                        may("monthly_yuan", Money),
                        may("since_on", Date),
                        may("contract_ends_on", Date),
                        may("note", WORDS),
                    ]
                }
            }
            Self::Purchase => {
                const {
                    &[
                        CUSTOMER,
                        must("item", NAME),
                        may("yearly_yuan", Money),
                        may("since_on", Date),
                        may("until_on", Date),
                        may("note", WORDS),
                    ]
                }
            }
            Self::Move => {
                const {
                    &[
                        CUSTOMER,
                        must("done_on", Date),
                        must("step", OneOf(RelationStep::CODES)),
                        may("contact_code", Reference(Table::Contacts)),
                        must("what", LINE),
                        may("outcome", LINE),
                        may("next_on", Date),
                    ]
                }
            }
            Self::Review => {
                const {
                    &[
                        CUSTOMER,
                        must("reviewed_on", Date),
                        must("closeness", PERCENT),
                        must("trust", PERCENT),
                        must("favour", PERCENT),
                        may("strengths", WORDS),
                        may("risks", WORDS),
                        may("next_step", LINE),
                    ]
                }
            }
            Self::Programme => {
                const {
                    &[
                        CUSTOMER,
                        must("name", NAME),
                        must("programme_state", OneOf(ProgrammeState::CODES)),
                        must("sponsor", NAME),
                        must("begins_on", Date),
                        may("ends_on", Date),
                        must("goal", LINE),
                        may("agreement", WORDS),
                        may("signed_on", Date),
                        may("result", WORDS),
                    ]
                }
            }
            Self::ProgrammeMember => {
                const {
                    &[
                        CUSTOMER,
                        must("person", NAME),
                        PROGRAMME,
                        may("department", NAME),
                        may("duty", LINE),
                        may("left_on", Date),
                    ]
                }
            }
            Self::ProgrammeActivity => {
                const {
                    &[
                        CUSTOMER,
                        must("done_on", Date),
                        PROGRAMME,
                        must("activity", OneOf(ActivityKind::CODES)),
                        must("what", LINE),
                        may("contact_code", Reference(Table::Contacts)),
                        may("outcome", LINE),
                        may("next_step", LINE),
                        may("next_on", Date),
                    ]
                }
            }
            Self::Interaction => {
                const {
                    &[
                        must("code", Code),
                        must("at", Instant),
                        CUSTOMER,
                        may("contact_code", Reference(Table::Contacts)),
                        may("staff_code", STAFF),
                        must("channel", OneOf(Channel::CODES)),
                        must("direction", OneOf(Direction::CODES)),
                        may("purpose", LINE),
                        may("outcome", LINE),
                        may("place", LINE),
                        may("note", WORDS),
                    ]
                }
            }
            Self::Visit => {
                const {
                    &[
                        CUSTOMER,
                        must("planned_on", Date),
                        may("planned_at", ColumnType::Text(5)),
                        may("contact_code", Reference(Table::Contacts)),
                        may("goal", LINE),
                        may("staff_code", STAFF),
                    ]
                }
            }
            Self::Task => {
                const {
                    &[
                        CUSTOMER,
                        must("title", NAME),
                        must("due_on", Date),
                        may("staff_code", STAFF),
                        may("note", WORDS),
                    ]
                }
            }
        }
    }

    /// The columns that a person fills in, with their places; whose customer it is, the page knows.
    pub fn fields(self) -> impl Iterator<Item = (usize, &'static Column)> {
        self.columns().iter().enumerate().filter(|(_, column)| column.name != CUSTOMER.name)
    }

    /// The place of a column.
    #[must_use]
    pub fn place(self, name: &str) -> Option<usize> {
        self.columns().iter().position(|column| column.name == name)
    }

    /// The text in the column of this name of a row; none where something else stands there, or nothing.
    #[must_use]
    pub fn text_in<'a>(self, cells: &'a [Cell], name: &str) -> Option<&'a str> {
        match cells.get(self.place(name)?)? {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The table of the extract whose rows these are, if it has one.
    #[must_use]
    pub const fn table(self) -> Option<Table> {
        match self {
            Self::Customer => Some(Table::Customers),
            Self::Contact => Some(Table::Contacts),
            Self::Interaction => Some(Table::Interactions),
            _ => None,
        }
    }

    /// What whoever fills it in must be allowed to.
    #[must_use]
    pub const fn action(self) -> Action {
        match self {
            Self::Interaction | Self::Visit | Self::Task => Action::LogContacts,
            _ => Action::EditCustomers,
        }
    }
}

/// The columns of a kind of row, by the name that it has in the records and in the audit.
#[must_use]
pub fn columns_of(noun: &str) -> Option<&'static [Column]> {
    noun.parse::<Sheet>().map(Sheet::columns).or_else(|_| noun.parse::<Table>().map(Table::columns)).ok()
}

/// The key of a column's name in the locale files.
#[must_use]
pub fn field_key(column: &Column) -> String {
    format!("field-{}", column.name)
}

/// The key of the name of a code that stands in a column.
#[must_use]
pub fn choice_key(column: &Column, code: &str) -> String {
    let list = match column.name {
        "cute_role" => "cute",
        "programme_state" => "programme",
        name => name,
    };
    format!("{list}-{code}")
}

/// What was typed into one line or several, without what cannot be seen: marks that turn the direction of writing or join
/// and part characters with no width can make one name look like another. What is composed of parts is put together.
fn tidy(typed: &str, lines: bool) -> String {
    let is_kept = |character: &char| match character {
        '\u{00ad}' | '\u{061c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => false,
        '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' => false,
        '\n' => lines,
        // Browsers send both ends of a line.
        '\r' => false,
        _ => true,
    };
    let plain: String = typed.nfc().map(|c| if c == '\t' { ' ' } else { c }).filter(is_kept).collect();
    plain.trim().to_owned()
}

/// What was typed without what cannot be seen; where form counts and not wording, full-width characters are those of any
/// keyboard.
#[must_use]
pub fn tidied(column: &Column, typed: &str) -> String {
    let lines = matches!(column.kind, ColumnType::Text(limit) if limit >= PROSE);
    let text = tidy(typed, lines);
    let is_wording = matches!(column.kind, ColumnType::Text(_))
        && !matches!(column.name, "phone" | "email" | "credit_code" | "planned_at");
    if is_wording {
        return text;
    }
    let plain: String = text.nfkc().collect();
    match column.kind {
        ColumnType::Money | ColumnType::SignedMoney => {
            plain.trim_start_matches('¥').trim_end_matches('元').replace([',', ' '], "")
        }
        // What browsers send of a moment is the clock on the wall, which is Beijing's everywhere in the country.
        ColumnType::Instant if plain.len() == 16 => plain + ":00+08:00",
        ColumnType::Instant if plain.len() == 19 => plain + "+08:00",
        _ if column.name == "credit_code" => plain.replace(' ', "").to_uppercase(),
        _ => plain,
    }
}

/// Whether writing of several scripts that look alike is mixed within one word: `Ηuawei` with a Greek letter at its head is
/// another name than it seems.
#[must_use]
pub fn mixes_scripts(text: &str) -> bool {
    let script = |character: char| match character {
        'a'..='z' | 'A'..='Z' => Some(0),
        '\u{0370}'..='\u{03ff}' => Some(1),
        '\u{0400}'..='\u{052f}' => Some(2),
        _ => None,
    };
    text.split(|c: char| !c.is_alphanumeric()).any(|word| {
        let mut scripts = word.chars().filter_map(script);
        let first = scripts.next();
        scripts.any(|other| Some(other) != first)
    })
}

/// What is wrong with a value that has the form of its column.
#[must_use]
pub fn doubt(column: &Column, typed: &str) -> Option<Message> {
    match column.name {
        "credit_code" => {
            let wrong = typed.parse::<CreditCode>().err()?;
            Some(wrong.message())
        }
        "email" => {
            let (name, host) = typed.split_once('@').unwrap_or_default();
            let is_address = !name.is_empty()
                && host.contains('.')
                && !typed.contains(char::is_whitespace)
                && !host.contains('@');
            (!is_address).then(|| Message::new("field-email-wrong"))
        }
        "phone" => {
            let digits = typed.chars().filter(char::is_ascii_digit).count();
            let is_number = (5..=20).contains(&digits)
                && typed.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')'));
            (!is_number).then(|| Message::new("field-phone-wrong"))
        }
        "planned_at" => {
            let is_time = typed.split_once(':').is_some_and(|(hour, minute)| {
                let below = |text: &str, limit: u8| {
                    let is_number = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
                    is_number && text.parse().is_ok_and(|number: u8| number < limit)
                };
                below(hour, 24) && below(minute, 60)
            });
            (!is_time).then(|| Message::new("field-time-wrong"))
        }
        "name" | "operator" | "person" | "sponsor" if mixes_scripts(typed) => {
            Some(Message::new("field-scripts-mixed"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_of_the_extract_begin_with_its_columns() {
        for &sheet in Sheet::ALL {
            let Some(table) = sheet.table() else {
                assert_eq!(sheet.columns()[0], CUSTOMER, "{sheet}");
                continue;
            };
            assert_eq!(table.code(), sheet.code());
            assert_eq!(&sheet.columns()[..table.columns().len()], table.columns());
        }
    }

    #[test]
    fn what_cannot_be_seen_is_taken_out() {
        assert_eq!(tidy(" 同\u{200b}创\u{202e}生物 ", false), "同创生物");
        assert_eq!(tidy("a\r\nb\tc", true), "a\nb c");
        assert_eq!(tidy("a\r\nb", false), "ab");
        // One character instead of a letter and an accent.
        assert_eq!(tidy("Cafe\u{301}", false), "Caf\u{e9}");
    }

    #[test]
    fn numbers_may_be_typed_at_full_width_and_with_signs() {
        let (money, name) = (may("yearly_yuan", ColumnType::Money), must("name", NAME));
        assert_eq!(tidied(&money, "¥１２,３００.50元"), "12300.50");
        assert_eq!(tidied(&name, "同创(株洲)"), "同创(株洲)");
        assert_eq!(tidied(&may("credit_code", NAME), "9143 0200ma4l1234xx"), "91430200MA4L1234XX");
    }

    #[test]
    fn letters_that_only_look_latin_are_doubted() {
        let name = must("name", NAME);
        assert!(doubt(&name, "\u{0397}uawei").is_some());
        assert!(doubt(&name, "华为 Huawei 技术").is_none());
        assert!(doubt(&name, "Завод Huawei").is_none());
    }

    #[test]
    fn moments_are_read_off_the_clock_on_the_wall() {
        let (at, time) = (must("at", ColumnType::Instant), may("planned_at", ColumnType::Text(5)));
        assert_eq!(tidied(&at, "2026-11-24T09:30"), "2026-11-24T09:30:00+08:00");
        assert_eq!(tidied(&at, "2026-11-24T09:30:05"), "2026-11-24T09:30:05+08:00");
        assert!(doubt(&time, "09:30").is_none() && doubt(&time, "23:59").is_none());
        assert!(
            ["24:00", "9:30", "0930", "noon!", "+1:30"].iter().all(|typed| doubt(&time, typed).is_some())
        );
    }

    #[test]
    fn phones_and_addresses_have_their_form() {
        let (phone, email) = (may("phone", NAME), may("email", NAME));
        assert!(doubt(&phone, "+86 731-2822 0000").is_none());
        assert!(doubt(&phone, "call me").is_some() && doubt(&phone, "12").is_some());
        assert!(doubt(&email, "wang@example.com").is_none());
        assert!(
            ["wang", "@example.com", "a@b@c.d", "a b@c.d"].iter().all(|typed| doubt(&email, typed).is_some())
        );
    }
}
