//! The lifecycle of a relation: six stages and the moves between them (`S4`, `S1a`).

use crate::code::codes;

codes! {
    /// Where a relation stands, month by month.
    pub enum LifecycleStage ("stage") {
        /// 潜在期: no service yet, mutual exploration.
        Potential = "potential",
        /// 开发期: first decision made, trials, part of the lines.
        Development = "development",
        /// 成长期: usage and lines grow.
        Growth = "growth",
        /// 成熟期: usage high and stable.
        Maturity = "maturity",
        /// 衰退期: usage falls against the customer's own peak.
        Decline = "decline",
        /// 终止期: services ended.
        Termination = "termination",
    }
}

codes! {
    /// The five-stage view of `S1a`, a projection of the six.
    pub enum FiveStage ("five-stage") {
        /// 获取.
        Acquisition = "acquisition",
        /// 提升.
        Enhancement = "enhancement",
        /// 成熟.
        Mature = "mature",
        /// 衰退.
        Declining = "declining",
        /// 离网.
        Exited = "exited",
    }
}

impl LifecycleStage {
    /// Number of stages.
    pub const COUNT: usize = Self::ALL.len();

    /// Whether a relation may go from this stage to `next` from one month to the next; staying is always allowed.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        use LifecycleStage::{Decline, Development, Growth, Maturity, Potential, Termination};
        matches!(
            (self, next),
            (Potential, Potential | Development)
                | (Development, Development | Growth | Decline | Termination)
                | (Growth, Growth | Maturity | Decline | Termination)
                | (Maturity, Maturity | Growth | Decline | Termination)
                | (Decline, Decline | Growth | Maturity | Termination)
                | (Termination, Termination | Development)
        )
    }

    /// Whether the relation is one of service: neither before it nor after it.
    #[must_use]
    pub const fn is_served(self) -> bool {
        !matches!(self, Self::Potential | Self::Termination)
    }

    /// The five-stage view.
    #[must_use]
    pub const fn five(self) -> FiveStage {
        match self {
            Self::Potential | Self::Development => FiveStage::Acquisition,
            Self::Growth => FiveStage::Enhancement,
            Self::Maturity => FiveStage::Mature,
            Self::Decline => FiveStage::Declining,
            Self::Termination => FiveStage::Exited,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_are_those_of_the_field() {
        let allowed: Vec<String> = LifecycleStage::ALL
            .iter()
            .flat_map(|&from| LifecycleStage::ALL.iter().map(move |&to| (from, to)))
            .filter(|&(from, to)| from != to && from.may_become(to))
            .map(|(from, to)| format!("{from}>{to}"))
            .collect();
        assert_eq!(
            allowed.join(" "),
            "potential>development development>growth development>decline development>termination \
             growth>maturity growth>decline growth>termination maturity>growth maturity>decline \
             maturity>termination decline>growth decline>maturity decline>termination termination>development"
        );
    }
}
