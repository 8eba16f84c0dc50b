//! What is measured of the network at a customer's site.

use crate::code::codes;

codes! {
    /// A network indicator.
    pub enum Indicator ("indicator") {
        /// Share of the time that the service was there.
        Availability = "availability",
        /// Delay.
        Latency = "latency",
        /// Packets lost.
        Loss = "loss",
        /// Strength of the signal.
        Signal = "signal",
        /// Hours until a fault was repaired.
        RepairHours = "repair_hours",
        /// Days until an access was built.
        AccessDays = "access_days",
    }
}

impl Indicator {
    /// Whether a reading misses what was agreed, both in the unit of the reading.
    #[must_use]
    pub fn misses(self, value: f64, target: f64) -> bool {
        match self {
            Self::Availability | Self::Signal => value < target,
            Self::Latency | Self::Loss | Self::RepairHours | Self::AccessDays => value > target,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_is_better_or_worse_by_indicator() {
        assert!(Indicator::Availability.misses(99.8, 99.9) && !Indicator::Availability.misses(99.9, 99.9));
        assert!(Indicator::RepairHours.misses(4.5, 4.0) && !Indicator::RepairHours.misses(4.0, 4.0));
        assert!(Indicator::Signal.misses(-110.0, -95.0) && !Indicator::Latency.misses(9.0, 20.0));
    }
}
