//! Whether a model still meets the members that it was learnt for.

use serde::{Deserialize, Serialize};

use crate::learn::drift::Spread;

/// How far the scores of the latest month have moved from those there were when the model was new.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Drift {
    /// Population stability index.
    pub stability: f64,
    /// Whether that is above the alarm.
    pub alarm: bool,
}

impl Drift {
    /// Of the latest scores; the first ones after a model was learnt are what later ones are compared with.
    pub(super) fn note(first: &mut Option<Spread>, said: Vec<f64>, alarm_above: f64) -> Option<Self> {
        let Some(spread) = first else {
            *first = Spread::of(said);
            return None;
        };
        let stability = spread.stability(&said);
        Some(Self { stability, alarm: stability > alarm_above })
    }
}
