//! Subscriber lines of people at the customer.

use domain::service::Payer;
use domain::{LifecycleStage, Money, Month};

use crate::customer::{Traits, date};
use crate::dice::Dice;
use crate::relation::{Relation, Spell, When};
use crate::rows::{Member, MemberUsage};

const PLANS: [(&str, f64); 5] =
    [("畅享59", 59.0), ("畅享99", 99.0), ("商务129", 129.0), ("商务199", 199.0), ("基础29", 29.0)];

/// A member while it is being made.
struct Line {
    plan_yuan: f64,
    joined: When,
    left: Option<When>,
    talk: f64,
    data: f64,
}

/// Members and their usage by month.
pub fn make(
    dice: &mut Dice,
    traits: &Traits,
    relation: &Relation,
    first: Month,
    months: i32,
) -> (Vec<Member>, Vec<MemberUsage>) {
    let mut members = Vec::new();
    let mut lines = Vec::new();
    let usual = 3.0 * (traits.capacity / 900.0).powf(0.45) * dice.around(1.0, 0.35);
    let number = (usual.round() as i32).clamp(1, 40);
    let mut add = |dice: &mut Dice, payer: Payer, joined: When, left: Option<When>| {
        let (plan, plan_yuan) = dice.pick(&PLANS);
        members.push(Member {
            code: format!("M{:07}-{}", traits.index + 1, members.len() + 1),
            plan,
            payer,
            joined_on: date(first, joined),
            left_on: left.map(|when| date(first, when)),
            survey_score: None,
        });
        let talk = dice.around(3.0 * plan_yuan, 0.4);
        lines.push(Line { plan_yuan, joined, left, talk, data: dice.around(90.0 * plan_yuan, 0.5) });
    };
    // People who pay for themselves, served or not: penetration, no relation.
    if dice.chance(0.4) && relation.created.month < months {
        for _ in 0..dice.whole(1, 2) {
            add(dice, Payer::Person, relation.created, None);
        }
    }
    for spell in relation.spells.iter().filter(|spell| spell.start.month < months) {
        for nth in 0..number {
            let threshold = 0.9 * (f64::from(nth) + 0.5) / f64::from(number);
            if let Some((joined, left)) = belongs(dice, relation, spell, threshold, months) {
                let payer = if dice.chance(0.7) { Payer::Company } else { Payer::Person };
                add(dice, payer, joined, left);
            }
        }
    }
    let usage = observe(dice, relation, first, months, &lines);
    (members, usage)
}

/// From when to when a line belongs to the customer that only comes with so much use.
fn belongs(
    dice: &mut Dice,
    relation: &Relation,
    spell: &Spell,
    threshold: f64,
    months: i32,
) -> Option<(When, Option<When>)> {
    let begin = spell.start.month.max(-crate::relation::BEFORE);
    let end = spell.end.map_or(months, |(when, _)| when.month);
    let enough = |month: &i32| relation.at(*month).pace >= threshold;
    let month = (begin..end.min(months)).find(enough)?;
    let joined = if month == begin { spell.start } else { When { month, day: dice.whole(1, 28) } };
    let gone = (month + 1..end.min(months)).find(|later| relation.at(*later).pace < 0.75 * threshold);
    let left = match (gone, spell.end) {
        (Some(month), _) => Some(When { month, day: dice.whole(1, 28) }),
        (None, Some((when, _))) if when.month < months => Some(when.max(joined)),
        _ => None,
    };
    // Who left long ago is in no system any more.
    let kept = left.is_none_or(|when| when.month >= 0);
    kept.then_some((joined, left))
}

fn observe(
    dice: &mut Dice,
    relation: &Relation,
    first: Month,
    months: i32,
    lines: &[Line],
) -> Vec<MemberUsage> {
    let mut rows = Vec::new();
    for month in 0..months {
        let moment = relation.at(month);
        let angry = moment.stage == Some(LifecycleStage::Decline) || moment.mood < -1.0;
        for (member, line) in lines.iter().enumerate() {
            let over = line.left.is_some_and(|left| left.month < month);
            if line.joined.month > month || over {
                continue;
            }
            let [talk, data, extra, trouble] = dice.four();
            let slower = if angry { 0.85 } else { 1.0 };
            let voice_min = (line.talk * slower * (0.6 + 0.8 * talk)) as u32;
            let data_mb = (line.data * slower * (0.5 + data)) as u32;
            let over_plan = f64::from(voice_min) - 3.3 * line.plan_yuan;
            let hotline_calls = if angry { (trouble * 1.6) as u32 } else { (trouble * 1.06) as u32 };
            rows.push(MemberUsage {
                month: first + month,
                member,
                voice_min,
                data_mb,
                sms: (extra * 30.0) as u32,
                vas_count: (extra * 2.5) as u32,
                charge: Money::from_fen(((line.plan_yuan + 0.1 * over_plan.max(0.0)) * 100.0) as i64),
                hotline_calls,
                complaints: if angry { (trouble * 1.25) as u32 } else { (trouble * 1.015) as u32 },
                promotions: (talk * 1.05) as u32,
            });
        }
    }
    rows
}
