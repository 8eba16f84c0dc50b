//! The Qini coefficient: how much better a ranking spends contacts than chance, against a perfect one.
//!
//! The curve gives, after each group of equal scores from the top, the positives among the treated minus those
//! among the customers left alone, scaled to the same number of customers (Radcliffe 2007). The coefficient is
//! the area between curve and chance line over that of the perfect ranking, which may use negative effects.

/// What is known of a customer of the experiment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// Whether the play was used on this customer.
    pub treated: bool,
    /// Whether the customer did what was hoped for.
    pub positive: bool,
}

impl Outcome {
    const fn group(self) -> usize {
        (self.treated as usize) * 2 + self.positive as usize
    }
}

/// Normalised Qini coefficient of scores, higher first; none when the perfect ranking is no better than chance.
#[must_use]
pub fn qini(scores: &[f64], outcomes: &[Outcome]) -> Option<f64> {
    Ranking::new(scores, outcomes).qini(|_| 1.0)
}

/// A ranking sorted once, so that samples with replacement only weigh it anew.
pub(super) struct Ranking {
    /// Rows with their group, highest score first; the flag ends a group of equal scores.
    steps: Vec<(u32, u8, bool)>,
}

impl Ranking {
    pub(super) fn new(scores: &[f64], outcomes: &[Outcome]) -> Self {
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
        let steps = order
            .iter()
            .enumerate()
            .map(|(place, &row)| {
                let ends = order.get(place + 1).is_none_or(|&next| scores[next] != scores[row]);
                (row as u32, outcomes[row].group() as u8, ends)
            })
            .collect();
        Self { steps }
    }

    /// The coefficient when each row counts with a weight.
    pub(super) fn qini(&self, weight: impl Fn(usize) -> f64) -> Option<f64> {
        let mut walk = Walk::default();
        for &(row, group, ends) in &self.steps {
            walk.counts[usize::from(group)] += weight(row as usize);
            if ends {
                walk.step();
            }
        }
        let (area, counts) = (walk.area, walk.counts);
        let chance = walk.value() * walk.contacts() / 2.0;
        let perfect = perfect(counts) - chance;
        (perfect > 0.0).then(|| (area - chance) / perfect)
    }
}

const CONTROL: usize = 0;
const CONTROL_POSITIVE: usize = 1;
const TREATED: usize = 2;
const TREATED_POSITIVE: usize = 3;

#[derive(Default)]
struct Walk {
    /// By group, so far.
    counts: [f64; 4],
    last: (f64, f64),
    area: f64,
}

impl Walk {
    fn contacts(&self) -> f64 {
        self.counts.iter().sum()
    }

    fn value(&self) -> f64 {
        let treated = self.counts[TREATED] + self.counts[TREATED_POSITIVE];
        let control = self.counts[CONTROL] + self.counts[CONTROL_POSITIVE];
        let scale = if control > 0.0 { treated / control } else { 0.0 };
        self.counts[TREATED_POSITIVE] - self.counts[CONTROL_POSITIVE] * scale
    }

    fn step(&mut self) {
        let (contacts, value) = (self.contacts(), self.value());
        self.area += (contacts - self.last.0) * (value + self.last.1) / 2.0;
        self.last = (contacts, value);
    }
}

/// Area of the perfect ranking: those who respond when treated, those who would not when left alone, then the
/// smaller harm first.
fn perfect(counts: [f64; 4]) -> f64 {
    let last = if counts[CONTROL_POSITIVE] > counts[TREATED] {
        [CONTROL_POSITIVE, TREATED]
    } else {
        [TREATED, CONTROL_POSITIVE]
    };
    let mut walk = Walk::default();
    for group in [TREATED_POSITIVE, CONTROL].into_iter().chain(last) {
        walk.counts[group] = counts[group];
        walk.step();
    }
    walk.area
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn outcome((treated, positive): (bool, bool)) -> Outcome {
        Outcome { treated, positive }
    }

    #[test]
    fn equal_scores_are_worth_nothing_and_perfect_ones_everything() {
        let outcomes: Vec<Outcome> = [(true, true), (false, false), (true, false), (false, true)]
            .repeat(5)
            .into_iter()
            .map(outcome)
            .collect();
        assert!(qini(&[0.0; 20], &outcomes).expect("a figure").abs() < 1e-12);
        let best: Vec<f64> = outcomes
            .iter()
            .map(|o| if o.treated { f64::from(u8::from(o.positive)) * 2.0 } else { 1.0 })
            .collect();
        let perfect: Vec<f64> = outcomes
            .iter()
            .zip(best)
            .map(|(o, score)| if !o.treated && o.positive { -1.0 } else { score })
            .collect();
        assert!((qini(&perfect, &outcomes).expect("a figure") - 1.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn only_the_order_counts(rows in prop::collection::vec((0..9_u8, any::<bool>(), any::<bool>()), 1..60)) {
            let outcomes: Vec<Outcome> = rows.iter().map(|&(_, t, y)| outcome((t, y))).collect();
            let scores: Vec<f64> = rows.iter().map(|&(score, ..)| f64::from(score)).collect();
            let grown: Vec<f64> = scores.iter().map(|score| score.exp() + 3.0).collect();
            prop_assert_eq!(qini(&scores, &outcomes), qini(&grown, &outcomes));
            if let Some(figure) = qini(&scores, &outcomes) {
                prop_assert!(figure.is_finite());
            }
        }

        #[test]
        fn a_weight_of_two_is_the_row_twice(rows in prop::collection::vec((0..9_u8, any::<bool>(), any::<bool>()), 1..40)) {
            let outcomes: Vec<Outcome> = rows.iter().map(|&(_, t, y)| outcome((t, y))).collect();
            let scores: Vec<f64> = rows.iter().map(|&(score, ..)| f64::from(score)).collect();
            let once = Ranking::new(&scores, &outcomes).qini(|row| if row == 0 { 2.0 } else { 1.0 });
            let (mut more, mut more_scores) = (outcomes, scores);
            more.push(more[0]);
            more_scores.push(more_scores[0]);
            let twice = qini(&more_scores, &more);
            prop_assert!(once.zip(twice).is_none_or(|(a, b)| (a - b).abs() < 1e-9));
        }
    }
}
