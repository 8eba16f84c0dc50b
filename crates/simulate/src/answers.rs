//! What members answered when they were asked how satisfied they are: the mood of the relation at that time, and
//! much that nobody else sees.

use domain::{Instant, Month, date};

use crate::dice::Dice;
use crate::relation::Relation;
use crate::rows::{Member, SurveyAnswer};

/// Share of the members present who are asked by the yearly study in a month, and by text message after a service.
const ASKED: [f64; 2] = [0.012, 0.006];
const HOUR_MICROS: i64 = 3_600_000_000;

/// Answers of members, numbered apart from those of contacts, so that a later extract goes on with the numbers; who
/// answered the yearly study keeps the last score.
pub fn make(
    dice: &mut Dice,
    number: u32,
    relation: &Relation,
    first: Month,
    months: i32,
    members: &mut [Member],
) -> Vec<SurveyAnswer> {
    let mut answers: Vec<SurveyAnswer> = Vec::new();
    for month in 0..months {
        let at = first + month;
        let end = at.last_day();
        let moment = relation.at(month);
        let mood = if moment.pace > 0.0 { moment.mood } else { 0.0 };
        for (place, member) in members.iter_mut().enumerate() {
            let present = member.joined_on <= end && member.left_on.is_none_or(|left| left > end);
            if !present {
                continue;
            }
            let [yearly, by_text] = ASKED.map(|chance| dice.chance(chance));
            if !yearly && !by_text {
                continue;
            }
            let earliest =
                if Month::of(member.joined_on) == at { i32::from(member.joined_on.day()) } else { 1 };
            let day = date::days(at.first_day()) + i64::from(dice.whole(earliest, 28.max(earliest))) - 1;
            // Between nine and seventeen o'clock in Beijing.
            let when =
                Instant::from_micros(day * 24 * HOUR_MICROS + i64::from(dice.whole(1, 9)) * HOUR_MICROS);
            let mut felt = |slope: f64| (7.2 + slope * mood + 1.6 * dice.normal()).round().clamp(1.0, 10.0);
            let mut say = |study, question, score: f64, scale| {
                answers.push(SurveyAnswer {
                    code: format!("V{number:07}-{}", answers.len() + 1),
                    at: when,
                    study,
                    member: Some(place),
                    contact: None,
                    question,
                    answer: None,
                    score: Some(score as u8),
                    scale: Some(scale),
                });
            };
            if yearly {
                let (overall, recommends) = (felt(1.3), felt(1.1));
                say("成员年度满意度调查", "您对我们的总体服务满意吗?", overall, 10);
                say("成员年度满意度调查", "您愿意把我们推荐给同事吗?", recommends, 10);
                member.survey_score = Some(overall as u8);
            }
            if by_text {
                let of_five = (1.0 + (felt(1.3) - 1.0) * 4.0 / 9.0).round();
                say("短信回访", "您对最近的服务满意吗?", of_five, 5);
            }
        }
    }
    answers
}
