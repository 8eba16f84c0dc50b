//! Visits by rhythm: the more stars a customer has, the more often it is visited.

use crate::rules::Visits;
use crate::star::StarRating;
use crate::{Date, date};

impl Visits {
    /// At least every how many days a customer is visited; none if there is no rhythm for it.
    #[must_use]
    pub fn rhythm(&self, star: Option<StarRating>) -> Option<u16> {
        let days = match star {
            Some(star) => self.star_days.get(usize::from(star.get()) - 1).copied(),
            None => Some(self.unrated_days),
        };
        days.filter(|days| *days > 0)
    }

    /// The day by which a customer is to be visited: a rhythm after the last visit or, of one that was never visited, after it
    /// became known.
    #[must_use]
    pub fn due_on(&self, star: Option<StarRating>, last: Option<Date>, known_since: Date) -> Option<Date> {
        date::from_days(date::days(last.unwrap_or(known_since)) + i64::from(self.rhythm(star)?))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rules::RuleBook;

    fn day(days: i64) -> Date {
        date::from_days(days).expect("a day")
    }

    fn star(stars: u8) -> Option<StarRating> {
        stars.try_into().ok()
    }

    #[test]
    fn five_stars_are_visited_weekly_and_one_quarterly() {
        let visits = RuleBook::parse(None).expect("the shipped rules").default.visits;
        let rhythms = [1, 2, 3, 4, 5].map(|stars| visits.rhythm(star(stars)));
        assert_eq!(rhythms, [90, 60, 30, 14, 7].map(Some));
        let as_it_comes = Visits { unrated_days: 0, ..visits };
        assert_eq!(as_it_comes.due_on(None, Some(day(20_000)), day(19_000)), None);
    }

    proptest! {
        #[test]
        fn a_visit_puts_off_the_next_by_one_rhythm(
            stars in 0_u8..=5, known in 10_000_i64..20_000, last in prop::option::of(10_000_i64..30_000), later in 1_i64..400,
        ) {
            let visits = RuleBook::parse(None).expect("the shipped rules").default.visits;
            let due = |last: Option<i64>| visits.due_on(star(stars), last.map(day), day(known)).expect("a rhythm");
            let rhythm = i64::from(visits.rhythm(star(stars)).expect("a rhythm"));
            let from = last.unwrap_or(known);
            prop_assert_eq!(date::days(due(last)), from + rhythm);
            // Who is visited is due later, never earlier; who has more stars earlier, never later.
            prop_assert!(due(Some(from + later)) > due(last));
            if (1..5).contains(&stars) {
                let more = visits.due_on(star(stars + 1), last.map(day), day(known));
                prop_assert!(more.is_some_and(|more| more < due(last)));
            }
        }
    }
}
