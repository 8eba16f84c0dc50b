//! Customers whom the play drives away.

use super::learner::School;
use super::logistic::forward;
use crate::significance::{benjamini_hochberg, normal};

/// Share of mistakes that the list may hold.
const MISTAKES: f64 = 0.05;

/// Customers whose effect is negative for sure: by the S-learner and the spread of its coefficients, with at most
/// one in twenty of the list there by mistake (Benjamini–Hochberg over all customers).
pub(super) fn list(school: &School<'_>) -> Vec<usize> {
    let rows: Vec<usize> = (0..school.outcomes.len()).collect();
    let model = school.single(&rows, None);
    let p_values: Vec<f64> = rows
        .iter()
        .map(|&row| {
            let (effect, slope) = school.effect(&model, row);
            let spread = forward(&model.curvature, &slope).iter().map(|part| part * part).sum::<f64>().sqrt();
            let two_sided = normal(effect / spread);
            if effect < 0.0 { two_sided / 2.0 } else { 1.0 - two_sided / 2.0 }
        })
        .collect();
    let adjusted = benjamini_hochberg(&p_values);
    rows.into_iter().filter(|&row| adjusted[row] < MISTAKES).collect()
}
