//! Berger & Nasr 1998, cases 1 to 4. The first contribution is counted, at the start; promotion falls in the
//! middle of each cycle.

use super::numeric::quadrature;

/// Contribution and promotion at a steady rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Steady {
    /// Contribution per cycle, yuan.
    pub contribution: f64,
    /// Promotion per cycle (2b: per year), yuan.
    pub promotion: f64,
    /// Share that comes back from one cycle to the next.
    pub retention: f64,
    /// Discount per year.
    pub discount: f64,
    /// Years.
    pub horizon: f64,
}

/// Profit that grows with the square of time, then settles: h·t² + v up to `turn`, then
/// h·turn² + v + N·(1 − e^(turn − t)).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Growing {
    /// h, yuan per year³.
    pub growth: f64,
    /// v, yuan per year.
    pub start: f64,
    /// g, years.
    pub turn: f64,
    /// N, yuan per year.
    pub further: f64,
    /// Share that stays per year.
    pub retention: f64,
    /// Discount per year.
    pub discount: f64,
    /// Years.
    pub horizon: f64,
}

impl Steady {
    /// Case 1: one cycle a year.
    #[must_use]
    pub fn case_1(&self) -> f64 {
        self.cycles_a_year(1.0)
    }

    /// Case 2a: so many cycles a year; contribution, promotion and retention are those of a cycle.
    #[must_use]
    pub fn case_2a(&self, cycles_a_year: f64) -> f64 {
        self.cycles_a_year(cycles_a_year)
    }

    /// Case 2b: a cycle of so many years; promotion goes out every year.
    #[must_use]
    pub fn case_2b(&self, years_a_cycle: f64) -> f64 {
        let yearly = 1.0 + self.discount;
        let contributions: f64 = (0..=whole(self.horizon / years_a_cycle))
            .map(|i| self.retention.powi(i as i32) / yearly.powf(i as f64 * years_a_cycle))
            .sum();
        let promotions: f64 = (1..=whole(self.horizon))
            .map(|year| {
                let year = year as f64;
                self.retention.powf((year - 1.0) / years_a_cycle) / yearly.powf(year - 0.5)
            })
            .sum();
        self.contribution * contributions - self.promotion * promotions
    }

    fn cycles_a_year(&self, cycles: f64) -> f64 {
        let last = whole(self.horizon * cycles);
        let yearly = 1.0 + self.discount;
        let contributions: f64 =
            (0..=last).map(|i| self.retention.powi(i as i32) / yearly.powf(i as f64 / cycles)).sum();
        let promotions: f64 = (1..=last)
            .map(|i| self.retention.powi(i as i32 - 1) / yearly.powf((i as f64 - 0.5) / cycles))
            .sum();
        self.contribution * contributions - self.promotion * promotions
    }
}

impl Growing {
    /// Profit per year at a relation's age in years.
    #[must_use]
    pub fn profit(&self, age: f64) -> f64 {
        let early = age.min(self.turn);
        let late = (age - self.turn).max(0.0);
        self.growth * early * early + self.start - self.further * f64::exp_m1(-late)
    }

    /// Case 3: year by year, from year 0 to the horizon.
    #[must_use]
    pub fn case_3(&self) -> f64 {
        let ratio = self.retention / (1.0 + self.discount);
        (0..=whole(self.horizon)).map(|year| self.profit(year as f64) * ratio.powi(year as i32)).sum()
    }

    /// Case 4: the same without steps.
    #[must_use]
    pub fn case_4(&self) -> f64 {
        let decay = (self.retention / (1.0 + self.discount)).ln();
        if decay == f64::NEG_INFINITY {
            return 0.0;
        }
        let piece = |from: f64, to: f64| {
            let width = (4.0 / (1.0 + decay.abs())).min(2.0);
            // What lies so far out that e to its power is nothing needs no panels.
            let to = if decay < 0.0 { to.min(from + 750.0 / -decay) } else { to };
            quadrature::integral(from, to, width, |age| self.profit(age) * (decay * age).exp())
        };
        let bend = self.turn.clamp(0.0, self.horizon);
        piece(0.0, bend) + piece(bend, self.horizon)
    }
}

/// Whole cycles in a span that may miss them by rounding.
fn whole(cycles: f64) -> usize {
    (cycles + 1e-9).floor() as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(value: f64) -> String {
        format!("{value:.4}")
    }

    const GROWING: Growing = Growing {
        growth: 4.0,
        start: 55.0,
        turn: 5.0,
        further: 20.0,
        retention: 0.9,
        discount: 0.2,
        horizon: 8.0,
    };

    #[test]
    fn the_examples() {
        let case_1 =
            Steady { contribution: 260.0, promotion: 50.0, retention: 0.75, discount: 0.2, horizon: 10.0 };
        assert_eq!(shown(case_1.case_1()), "568.7831");
        let case_2a =
            Steady { contribution: 125.0, promotion: 25.0, retention: 0.8, discount: 0.2, horizon: 4.0 };
        assert_eq!(shown(case_2a.case_2a(2.0)), "354.6884");
        let case_2b =
            Steady { contribution: 7000.0, promotion: 95.0, retention: 0.3, discount: 0.2, horizon: 12.0 };
        assert_eq!(shown(case_2b.case_2b(3.0)), "8273.2869");
        assert_eq!(shown(GROWING.case_3()), "322.2679");
        assert_eq!(shown(GROWING.case_4()), "284.7518");
    }

    proptest! {
        #[test]
        fn cases_2_with_a_cycle_of_one_year_are_case_1(
            retention in 0.0..1.0_f64, discount in 0.0..0.5_f64, horizon in 0..30_u8,
        ) {
            let steady = Steady {
                contribution: 100.0, promotion: 7.0, retention, discount, horizon: f64::from(horizon),
            };
            prop_assert!((steady.case_2a(1.0) - steady.case_1()).abs() < 1e-9);
            prop_assert!((steady.case_2b(1.0) - steady.case_1()).abs() < 1e-9);
        }

        #[test]
        fn many_short_years_are_the_continuous_case(horizon in 6..12_u8, retention in 0.5..1.0_f64) {
            let growing = Growing { retention, horizon: f64::from(horizon), ..GROWING };
            let ratio: f64 = retention / 1.2;
            let steps = 4_000;
            let sum: f64 = (0..steps)
                .map(|step| {
                    let age = f64::from(horizon) * (f64::from(step) + 0.5) / f64::from(steps);
                    growing.profit(age) * ratio.powf(age) * f64::from(horizon) / f64::from(steps)
                })
                .sum();
            prop_assert!((sum - growing.case_4()).abs() < 1e-3 * growing.case_4());
        }
    }
}
