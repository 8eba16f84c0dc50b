//! A set of customers as one bit each.

/// Which of a table's rows belong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bitmap {
    words: Vec<u64>,
    rows: usize,
}

impl Bitmap {
    /// The rows for which `belongs` holds.
    #[must_use]
    pub fn of(rows: usize, belongs: impl Fn(usize) -> bool) -> Self {
        let word = |at: usize| {
            let from = at * 64;
            (from..rows.min(from + 64)).fold(0, |word, row| word | u64::from(belongs(row)) << (row - from))
        };
        Self { words: (0..rows.div_ceil(64)).map(word).collect(), rows }
    }

    /// How many belong.
    #[must_use]
    pub fn size(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether a row belongs.
    #[must_use]
    pub fn contains(&self, row: usize) -> bool {
        row < self.rows && self.words[row / 64] >> (row % 64) & 1 == 1
    }

    /// The rows that belong, in order.
    pub fn rows(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(at, &word)| {
            let mut left = word;
            std::iter::from_fn(move || {
                let bit = left.trailing_zeros() as usize;
                (left != 0).then(|| {
                    left &= left - 1;
                    at * 64 + bit
                })
            })
        })
    }

    /// What two sets share, as part of the smaller one: 1 when it lies within the other, 0 when one is empty.
    #[must_use]
    pub fn overlap(&self, other: &Self) -> f64 {
        let both: u32 = self.words.iter().zip(&other.words).map(|(a, b)| (a & b).count_ones()).sum();
        let smaller = self.size().min(other.size());
        if smaller == 0 { 0.0 } else { f64::from(both) / smaller as f64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_its_rows_and_shares_them_with_others() {
        let third = Bitmap::of(200, |row| row % 3 == 0);
        assert_eq!(third.rows().collect::<Vec<_>>(), (0..200).step_by(3).collect::<Vec<_>>());
        assert_eq!(
            (third.size(), third.contains(198), third.contains(199), third.contains(201)),
            (67, true, false, false)
        );
        let sixth = Bitmap::of(200, |row| row % 6 == 0);
        assert_eq!((third.overlap(&sixth), third.overlap(&Bitmap::of(200, |_| false))), (1.0, 0.0));
    }
}
