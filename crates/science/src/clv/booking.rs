//! When payments are booked. The same customer is worth a third more or less by this alone, so it is never left
//! unsaid.

use serde::{Deserialize, Serialize};

/// Which payment is the first that counts, and when in its period a payment falls.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Booking {
    /// As of today: the payment that has just been made is not counted, the next is due a period from now.
    #[default]
    FirstExcluded,
    /// The payment at the start of the first period counts, undiscounted.
    FirstIncluded,
    /// The payment of the first period counts and falls at the period's end.
    AtPeriodEnd,
}

impl Booking {
    /// Every convention.
    pub const ALL: [Self; 3] = [Self::FirstExcluded, Self::FirstIncluded, Self::AtPeriodEnd];

    /// The period of the first payment that counts: survival to it is what counts.
    pub(crate) const fn first(self) -> usize {
        match self {
            Self::FirstExcluded => 1,
            Self::FirstIncluded | Self::AtPeriodEnd => 0,
        }
    }

    /// The periods by which the payment of period `t` is discounted, beyond `t`.
    pub(crate) const fn delay(self) -> i32 {
        match self {
            Self::AtPeriodEnd => 1,
            Self::FirstExcluded | Self::FirstIncluded => 0,
        }
    }

    /// The key of its name in the locale files.
    #[must_use]
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::FirstExcluded => "clv-booking-first_excluded",
            Self::FirstIncluded => "clv-booking-first_included",
            Self::AtPeriodEnd => "clv-booking-at_period_end",
        }
    }
}

/// What a model's value counts: as the option asks, or as the model's own formula has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Convention {
    /// As asked.
    Asked(Booking),
    /// By its formula, whatever is asked.
    Own(OwnBooking),
}

/// Conventions of models that know but one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnBooking {
    /// The payment at the start counts, undiscounted.
    FirstIncluded,
    /// The renewal that is due counts, undiscounted; those after it a period apart.
    RenewalDue,
    /// A steady flow from today on.
    Continuous,
    /// Purchases from now on, each discounted from its own time.
    AsPurchased,
    /// No payments: the amount of one purchase, a point of a curve.
    NoPayments,
}

impl Convention {
    /// The key of its name in the locale files.
    #[must_use]
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::Asked(booking) => booking.text_key(),
            Self::Own(OwnBooking::FirstIncluded) => Booking::FirstIncluded.text_key(),
            Self::Own(OwnBooking::RenewalDue) => "clv-booking-renewal_due",
            Self::Own(OwnBooking::Continuous) => "clv-booking-continuous",
            Self::Own(OwnBooking::AsPurchased) => "clv-booking-as_purchased",
            Self::Own(OwnBooking::NoPayments) => "clv-booking-no_payments",
        }
    }
}

/// A constant margin with a constant retention: what `margin` per period is worth under a convention, over
/// `horizon` payments or for ever. Infinite if it lasts for ever without discount or loss.
#[must_use]
pub fn retention_value(
    margin: f64,
    retention: f64,
    discount: f64,
    horizon: Option<usize>,
    booking: Booking,
) -> f64 {
    let ratio = retention / (1.0 + discount);
    let start = ratio.powi(booking.first() as i32) / (1.0 + discount).powi(booking.delay());
    let payments = match horizon {
        Some(count) if ratio == 1.0 => count as f64,
        Some(count) => -f64::exp_m1(count as f64 * ratio.ln()) / (1.0 - ratio),
        None => 1.0 / (1.0 - ratio),
    };
    margin * start * payments
}

/// What `flow(t)` is worth if a customer is still there at `t` with probability `survival(t)`, over `horizon`
/// payments.
pub(crate) fn present_value(
    flow: impl Fn(usize) -> f64,
    survival: impl Fn(usize) -> f64,
    discount: f64,
    horizon: usize,
    booking: Booking,
) -> f64 {
    let first = booking.first();
    let mut factor = (1.0 + discount).powi(-(first as i32) - booking.delay());
    let mut sum = 0.0;
    for t in first..first + horizon {
        sum += flow(t) * survival(t) * factor;
        factor /= 1.0 + discount;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_same_customer_under_three_conventions() {
        let value = |booking| retention_value(100.0, 0.8, 0.1, None, booking);
        assert_eq!(format!("{:.4}", value(Booking::FirstIncluded)), "366.6667");
        assert_eq!(format!("{:.4}", value(Booking::default())), "266.6667");
        assert_eq!(format!("{:.4}", value(Booking::AtPeriodEnd)), "333.3333");
    }

    proptest! {
        #[test]
        fn the_sum_is_the_closed_form(r in 0.0..1.0_f64, d in 0.0..0.5_f64, n in 0..40_usize) {
            for booking in Booking::ALL {
                let closed = retention_value(3.0, r, d, Some(n), booking);
                let sum = present_value(|_| 3.0, |t| r.powi(t as i32), d, n, booking);
                prop_assert!((closed - sum).abs() < 1e-9, "{closed} {sum}");
            }
        }

        #[test]
        fn a_long_horizon_is_for_ever(r in 0.0..0.95_f64, d in 0.01..0.5_f64) {
            for booking in Booking::ALL {
                let long = retention_value(1.0, r, d, Some(2_000), booking);
                let ever = retention_value(1.0, r, d, None, booking);
                prop_assert!((long - ever).abs() < 1e-9);
            }
        }
    }
}
