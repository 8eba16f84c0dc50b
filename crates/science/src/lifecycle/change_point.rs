//! Where a level changed at once: one shift of the mean in a short series, the likeliest of all (Hawkins 1977).

/// Months on either side of a change, at least: fewer are an odd month.
const LEAST: usize = 2;
/// The statistic from which a change is one: what chance alone exceeds in one of twenty series of this length.
const CERTAIN: f32 = 3.2;
/// Spread that a series has at least, log: a level that never moved would make anything a change.
const SPREAD: f32 = 0.05;

/// A change of level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChangePoint {
    /// Months since, the latest included.
    pub months: u16,
    /// The level since less the level before, in the unit of the series.
    pub change: f32,
}

/// The change in a series, newest first, not a number where unknown. `Some(None)`: none to be seen; none at all where too
/// little is known to say.
#[must_use]
pub fn change_point(series: &[f32]) -> Option<Option<ChangePoint>> {
    let known = series.iter().filter(|value| !value.is_nan());
    let (count, sum, squares) =
        known.fold((0_usize, 0.0_f32, 0.0_f32), |(n, sum, squares), v| (n + 1, sum + v, squares + v * v));
    if count < 3 * LEAST {
        return None;
    }
    let (mut since, mut sum_since) = (0_usize, 0.0);
    // The likeliest change is the one that explains most of the squares: the statistic grows with them.
    let (mut most, mut at) = (-1.0, None);
    for (place, value) in series.iter().enumerate().filter(|(_, value)| !value.is_nan()) {
        since += 1;
        sum_since += value;
        let before = count - since;
        if since < LEAST || before < LEAST {
            continue;
        }
        let change = sum_since / since as f32 - (sum - sum_since) / before as f32;
        let explained = change * change * (since * before) as f32 / count as f32;
        if explained > most {
            (most, at) = (explained, Some(ChangePoint { months: place as u16 + 1, change }));
        }
    }
    let within = squares - sum * sum / count as f32 - most;
    let spread = (within.max(0.0) / (count - 2) as f32).sqrt().max(SPREAD);
    at.map(|found| (most.sqrt() >= CERTAIN * spread).then_some(found))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    fn noise(random: &mut Random) -> f32 {
        // Twelve uniforms less six: near enough to normal.
        ((0..12).map(|_| random.unit()).sum::<f64>() - 6.0) as f32 * 0.12
    }

    #[test]
    fn a_drop_is_found_where_it_happened() {
        let mut random = Random::new(1);
        let mut found = 0;
        for _ in 0..200 {
            let series: Vec<f32> =
                (0..15).map(|ago| if ago < 4 { -0.5 } else { 0.0 } + noise(&mut random)).collect();
            let change = change_point(&series).expect("enough is known");
            found += usize::from(change.is_some_and(|at| (3..=5).contains(&at.months) && at.change < -0.3));
        }
        assert!(found > 180, "{found} of 200");
    }

    #[test]
    fn chance_alone_is_a_change_in_about_one_of_twenty() {
        let mut random = Random::new(2);
        let series = |random: &mut Random| (0..15).map(|_| noise(random)).collect::<Vec<f32>>();
        let found =
            (0..1_000).filter(|_| change_point(&series(&mut random)).expect("known").is_some()).count();
        assert!((15..90).contains(&found), "{found} of 1000");
    }

    #[test]
    fn with_little_known_nothing_is_said_and_gaps_keep_the_months_right() {
        assert_eq!(change_point(&[0.0, 0.0, 1.0, 1.0, 1.0]), None);
        let gap = f32::NAN;
        let series = [0.0, 0.0, gap, 0.01, 1.0, 1.0, 1.01, 1.0];
        let change = change_point(&series).flatten().expect("a change");
        assert_eq!(change.months, 4);
        assert!((change.change + 1.0).abs() < 0.01, "{change:?}");
        assert_eq!(change_point(&[0.5; 12]), Some(None));
    }
}
