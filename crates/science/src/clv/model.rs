//! The models by name: what each assumes, how well founded it is, what kind of relation it is for.

use serde::{Deserialize, Serialize};

use super::booking::{Booking, Convention, OwnBooking};

macro_rules! models {
    ($( $model:ident = $name:literal, $family:ident, $mark:ident, $contract:ident, $relation:ident, [$($assumption:literal),+]; )+) => {
        /// A model of lifetime value.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[expect(missing_docs, reason = "each name says it; the locale files have it in words")]
        pub enum Model {
            $( #[serde(rename = $name)] $model, )+
        }

        impl Model {
            /// Every model.
            pub const ALL: &[Self] = &[$(Self::$model),+];

            /// The name it is called by.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$model => $name),+ }
            }

            /// The key of its name in words.
            #[must_use]
            pub const fn text_key(self) -> &'static str {
                match self { $(Self::$model => concat!("clv-model-", $name)),+ }
            }

            /// What it assumes and where it comes from.
            #[must_use]
            pub const fn card(self) -> Card {
                match self { $(Self::$model => Card {
                    family: Family::$family,
                    mark: Mark::$mark,
                    contract: Contract::$contract,
                    relation: Relation::$relation,
                    assumptions: &[$(concat!("clv-assumes-", $assumption)),+],
                }),+ }
            }
        }
    };
}

/// What stands on screen beside every value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Card {
    /// The family that reviews sort it into.
    pub family: Family,
    /// How well founded our form of it is.
    pub mark: Mark,
    /// Whether one sees a customer leave.
    pub contract: Contract,
    /// Whether one who left comes back.
    pub relation: Relation,
    /// Keys of what it assumes.
    pub assumptions: &'static [&'static str],
}

/// The families of the reviews.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Sums of cash flows at given rates.
    CashFlow,
    /// Chains of states.
    Markov,
    /// Probability models of behaviour.
    Probability,
    /// Hazards over time.
    Econometric,
    /// Growth and diffusion.
    Growth,
}

/// How well founded our form of a model is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Mark {
    /// Reproduces published numbers.
    #[serde(rename = "S")]
    Published,
    /// Reproduces remembered numbers exactly.
    #[serde(rename = "M+")]
    Remembered,
    /// From memory, consistent with itself.
    #[serde(rename = "M")]
    Memory,
    /// Our own form in the spirit of an author.
    #[serde(rename = "R")]
    Own,
}

/// Whether one sees a customer leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Contract {
    /// Leaving is seen.
    Contractual,
    /// Leaving is not seen.
    NonContractual,
    /// Either.
    Either,
}

/// Whether one who left comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Who left is lost.
    LostForGood,
    /// Who left may come back.
    AlwaysAShare,
}

impl Model {
    /// When the model's payments are booked.
    ///
    /// # Errors
    /// If another convention is asked for than the one its formula has.
    pub fn convention(self, asked: Option<Booking>) -> Result<Convention, domain::Problem> {
        let own = match self {
            Self::BergerNasr1
            | Self::BergerNasr2a
            | Self::BergerNasr2b
            | Self::BergerNasr3
            | Self::BergerNasr5
            | Self::DwyerRetention
            | Self::DwyerMigration
            | Self::PfeiferCarraway => OwnBooking::FirstIncluded,
            Self::BergerNasr4 => OwnBooking::Continuous,
            Self::Sbg | Self::Bdw => OwnBooking::RenewalDue,
            Self::BgNbd | Self::MbgNbd | Self::ParetoNbd => OwnBooking::AsPurchased,
            Self::GammaGamma | Self::RelationAge | Self::Bass => OwnBooking::NoPayments,
            Self::Retention
            | Self::LoyalRevenue
            | Self::LoyalProfit
            | Self::LoyalContribution
            | Self::LoyalContributionWallet
            | Self::Reichheld
            | Self::ShareOfWallet
            | Self::DynamicRetention
            | Self::IntermittentLoss
            | Self::StageChain => return Ok(Convention::Asked(asked.unwrap_or_default())),
        };
        let is_own = match asked {
            None => true,
            Some(asked) => asked == Booking::FirstIncluded && own == OwnBooking::FirstIncluded,
        };
        let own = Convention::Own(own);
        if is_own {
            return Ok(own);
        }
        let cause = domain::Message::new("clv-problem-booking")
            .with("model", domain::Arg::Key(self.text_key()))
            .with("booking", domain::Arg::Key(own.text_key()));
        Err(domain::Problem::new(domain::ProblemKind::BadInput, cause)
            .hint(domain::Message::new("clv-hint-booking")))
    }
}

models! {
    Retention = "retention", CashFlow, Published, Contractual, LostForGood, ["constant-retention", "constant-margin", "booking"];
    BergerNasr1 = "berger-nasr-1", CashFlow, Remembered, Contractual, LostForGood, ["constant-retention", "constant-margin", "first-counts"];
    BergerNasr2a = "berger-nasr-2a", CashFlow, Memory, Contractual, LostForGood, ["constant-retention", "constant-margin", "first-counts", "short-cycles"];
    BergerNasr2b = "berger-nasr-2b", CashFlow, Remembered, Contractual, LostForGood, ["constant-retention", "constant-margin", "first-counts", "long-cycles"];
    BergerNasr3 = "berger-nasr-3", CashFlow, Memory, Contractual, LostForGood, ["constant-retention", "growing-margin", "first-counts"];
    BergerNasr4 = "berger-nasr-4", CashFlow, Memory, Contractual, LostForGood, ["constant-retention", "growing-margin", "continuous"];
    BergerNasr5 = "berger-nasr-5", Markov, Memory, NonContractual, AlwaysAShare, ["recency-decides", "constant-margin", "first-counts"];
    DwyerRetention = "dwyer-retention", CashFlow, Remembered, Contractual, LostForGood, ["constant-retention", "constant-margin", "first-counts"];
    DwyerMigration = "dwyer-migration", Markov, Memory, NonContractual, AlwaysAShare, ["recency-decides", "constant-margin", "first-counts"];
    PfeiferCarraway = "pfeifer-carraway", Markov, Published, NonContractual, AlwaysAShare, ["recency-decides", "constant-margin", "first-counts"];
    Sbg = "sbg", Probability, Published, Contractual, LostForGood, ["own-constant-risk", "renewal-due-counts"];
    Bdw = "bdw", Probability, Published, Contractual, LostForGood, ["own-changing-risk", "renewal-due-counts"];
    BgNbd = "bg-nbd", Probability, Published, NonContractual, LostForGood, ["poisson-purchases", "leaves-after-repeat", "spend-independent"];
    MbgNbd = "mbg-nbd", Probability, Published, NonContractual, LostForGood, ["poisson-purchases", "leaves-after-any", "spend-independent"];
    ParetoNbd = "pareto-nbd", Probability, Published, NonContractual, LostForGood, ["poisson-purchases", "leaves-any-time", "spend-independent"];
    GammaGamma = "gamma-gamma", Probability, Published, NonContractual, LostForGood, ["spend-independent", "spend-only"];
    LoyalRevenue = "loyal-revenue", CashFlow, Own, Contractual, LostForGood, ["constant-retention", "booking", "own-form"];
    LoyalProfit = "loyal-profit", CashFlow, Own, Contractual, LostForGood, ["constant-retention", "booking", "own-form"];
    LoyalContribution = "loyal-contribution", CashFlow, Own, Contractual, LostForGood, ["constant-retention", "booking", "own-form"];
    LoyalContributionWallet = "loyal-contribution-wallet", CashFlow, Own, Contractual, LostForGood, ["constant-retention", "wallet-known", "booking", "own-form"];
    Reichheld = "reichheld", CashFlow, Own, Contractual, LostForGood, ["constant-retention", "booking", "own-form"];
    ShareOfWallet = "share-of-wallet", CashFlow, Own, Contractual, LostForGood, ["constant-retention", "wallet-known", "booking", "own-form"];
    DynamicRetention = "dynamic-retention", Econometric, Own, Contractual, LostForGood, ["retention-by-tenure", "constant-margin", "booking", "own-form"];
    IntermittentLoss = "intermittent-loss", Markov, Own, Contractual, AlwaysAShare, ["pauses", "constant-margin", "booking", "own-form"];
    RelationAge = "relation-age", Econometric, Own, Either, LostForGood, ["inverted-u", "own-form"];
    StageChain = "stage-chain", Markov, Own, Either, AlwaysAShare, ["stage-decides", "own-level", "booking", "own-form"];
    Bass = "bass", Growth, Memory, Either, LostForGood, ["imitation"];
}

impl std::str::FromStr for Model {
    type Err = domain::Problem;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|model| model.name() == name).ok_or_else(|| {
            let names: Vec<&str> = Self::ALL.iter().map(|model| model.name()).collect();
            domain::Problem::new(
                domain::ProblemKind::BadInput,
                domain::Message::new("clv-problem-model").with("model", name),
            )
            .hint(domain::Message::new("clv-hint-model").with("models", names.join(", ")))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_model_is_found_by_its_name() {
        for model in Model::ALL {
            assert_eq!(model.name().parse::<Model>().unwrap(), *model);
            assert_eq!(serde_json::to_value(model).unwrap(), model.name());
        }
        assert_eq!("none".parse::<Model>().unwrap_err().cause.to_string(), "clv-problem-model model=none");
    }
}
