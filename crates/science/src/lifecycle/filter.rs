//! The filter: what is believed of a customer's stage and level of usage, and how a month changes it.

use super::state::Codec;

/// Hidden regimes: stages, some in a slow and a fast form.
pub(super) const REGIMES: usize = 9;

/// Belief over the regimes and, within each, over the level of usage (log yuan).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Belief {
    /// Probability of each regime.
    pub weight: [f32; REGIMES],
    /// Mean of the log level under each regime.
    pub mean: [f32; REGIMES],
    /// Its variance.
    pub variance: [f32; REGIMES],
    /// Highest smoothed level so far, log yuan.
    pub peak: f32,
    /// This customer's own noise, as a variance of log usage.
    pub noise: f32,
    /// What each of the last twelve months lay above the level, log; newest first.
    pub residual: [i8; 12],
}

impl Default for Belief {
    fn default() -> Self {
        Self {
            weight: [0.0; REGIMES],
            mean: [0.0; REGIMES],
            variance: [0.0; REGIMES],
            peak: f32::NAN,
            noise: f32::NAN,
            residual: [i8::MIN; 12],
        }
    }
}

impl Belief {
    /// Bytes of it.
    pub const SIZE: usize = 3 * 4 * REGIMES + 2 * 4 + 12;

    pub(super) fn fields(&mut self, codec: &mut impl Codec) {
        for values in [&mut self.weight, &mut self.mean, &mut self.variance] {
            values.iter_mut().for_each(|value| codec.f32(value));
        }
        codec.f32(&mut self.peak);
        codec.f32(&mut self.noise);
        for value in &mut self.residual {
            let mut byte = *value as u8;
            codec.u8(&mut byte);
            *value = byte as i8;
        }
    }
}
