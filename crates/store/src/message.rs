//! Messages as text: kept with their arguments, so that they can be said in either language later.

use std::collections::HashSet;
use std::sync::{LazyLock, Mutex, PoisonError};

use domain::{Arg, Message, Money, Month};
use serde_json::{Value, json};

/// A message as JSON: `{"key": …, "args": [[name, kind, value], …]}`.
pub fn to_json(message: &Message) -> String {
    let args = message.args.iter().map(|(name, arg)| match arg {
        Arg::Text(text) => json!([name, "text", text]),
        Arg::Count(count) => json!([name, "count", count]),
        Arg::Number(number) => json!([name, "number", number]),
        Arg::Share(share) => json!([name, "share", share]),
        Arg::Money(money) => json!([name, "fen", money.fen()]),
        Arg::Month(month) => json!([name, "month", month.number()]),
        Arg::Date(date) => json!([name, "days", domain::date::days(*date)]),
        Arg::Key(key) => json!([name, "key", key]),
        Arg::Field(column) => json!([name, "field", column]),
    });
    json!({"key": message.key, "args": args.collect::<Vec<_>>()}).to_string()
}

/// The message behind what [`to_json`] wrote.
pub fn from_json(text: &str) -> Option<Message> {
    let value: Value = serde_json::from_str(text).ok()?;
    let mut message = Message::new(interned(value.get("key")?.as_str()?));
    for arg in value.get("args")?.as_array()? {
        let [name, kind, value] = arg.as_array()?.as_slice() else {
            return None;
        };
        let arg = match kind.as_str()? {
            "text" => Arg::Text(value.as_str()?.to_owned()),
            "count" => Arg::Count(value.as_i64()?),
            "number" => Arg::Number(value.as_f64()?),
            "share" => Arg::Share(value.as_f64()?),
            "fen" => Arg::Money(Money::from_fen(value.as_i64()?)),
            "month" => Arg::Month(Month::from_number(value.as_i64()?.try_into().ok()?)),
            "days" => Arg::Date(domain::date::from_days(value.as_i64()?)?),
            "key" => Arg::Key(interned(value.as_str()?)),
            "field" => Arg::Field(interned(value.as_str()?)),
            _ => return None,
        };
        message.args.push((interned(name.as_str()?), arg));
    }
    Some(message)
}

/// Keys and names of arguments are written by this program and few, so that keeping each once for good is no leak.
fn interned(text: &str) -> &'static str {
    static KNOWN: LazyLock<Mutex<HashSet<&'static str>>> = LazyLock::new(Mutex::default);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = known.get(text) {
        return found;
    }
    let kept: &'static str = Box::leak(text.to_owned().into_boxed_str());
    known.insert(kept);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_argument_survives() {
        let month = Month::new(2026, 1).expect("a month");
        let message = Message::new("some-key")
            .with("text", "a \"quoted\" word")
            .with("count", -3_i64)
            .with("number", Arg::Number(0.1))
            .with("share", Arg::Share(0.25))
            .with("money", Money::from_fen(-105))
            .with("month", month)
            .with("date", month.last_day())
            .with("key", Arg::Key("other-key"))
            .with("field", Arg::Field("employees"));
        assert_eq!(from_json(&to_json(&message)), Some(message));
        assert_eq!(from_json("{}"), None);
    }
}
