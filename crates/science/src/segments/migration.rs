//! Who moved from one segment to another between two months.

/// Moves between segments.
#[derive(Debug, Clone, PartialEq)]
pub struct Migration {
    /// Customers by segment before (row) and after (column); the last of each counts those in none.
    pub counts: Vec<Vec<usize>>,
    /// Share of those in a segment before that are in the same one after; none without any.
    pub stayed: Option<f64>,
}

/// Compares two months, customer by customer; a segment is a number below `segments`, anything else is none.
#[must_use]
pub fn migration(before: &[usize], after: &[usize], segments: usize) -> Migration {
    let mut counts = vec![vec![0; segments + 1]; segments + 1];
    for (&from, &to) in before.iter().zip(after) {
        counts[from.min(segments)][to.min(segments)] += 1;
    }
    let all: usize = counts[..segments].iter().flatten().sum();
    let same: usize = (0..segments).map(|segment| counts[segment][segment]).sum();
    Migration { counts, stayed: (all > 0).then(|| same as f64 / all as f64) }
}
