//! What is known of a member at a month's end, as numbers.

use domain::LifecycleStage;
use domain::assessment::{Assessment, Reason, ReasonKind};
use domain::outlook::EventKind;
use domain::service::Payer;

use crate::frame::{Column, Frame, UNKNOWN, Values};

/// Log-odds below which a part is not told.
const LEAST: f64 = 0.05;
/// A change in use or charge that is worth a word.
const CHANGE: f32 = 0.05;
/// Months over which nothing went wrong, when that is told.
const QUARTER: u16 = 3;
/// Months from which a relation is long.
const LONG: u16 = 24;
/// What counts as hardly any: minutes, megabytes, yuan.
const LITTLE: f32 = 10.0;

/// A member's use in a month; not a number where unknown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Use {
    /// Minutes.
    pub voice: f32,
    /// Megabytes.
    pub data: f32,
    /// Messages.
    pub sms: f32,
    /// Value-added services.
    pub vas: f32,
    /// Yuan.
    pub charge: f32,
    /// Calls to the hotline.
    pub hotline: f32,
    /// Complaints.
    pub complaints: f32,
    /// Campaigns joined.
    pub promotions: f32,
}

/// The use of the last months, the latest first; none where no row tells of the member.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Trace {
    /// By months ago.
    pub months: [Option<Use>; Trace::MONTHS],
}

impl Trace {
    /// Months that count.
    pub const MONTHS: usize = 4;

    /// A month goes by of which nothing is known yet.
    pub const fn pass_month(&mut self) {
        self.months = [None, self.months[0], self.months[1], self.months[2]];
    }

    fn latest(&self, of: fn(&Use) -> f32) -> f32 {
        self.months[0].as_ref().map_or(f32::NAN, of)
    }

    /// The latest month against the mean of those before, as a logarithm.
    fn change(&self, of: fn(&Use) -> f32) -> f32 {
        let before: Vec<f32> =
            self.months[1..].iter().flatten().map(of).filter(|value| value.is_finite()).collect();
        if before.is_empty() {
            return f32::NAN;
        }
        let mean = before.iter().sum::<f32>() / before.len() as f32;
        ((self.latest(of).max(0.0) + LITTLE) / (mean.max(0.0) + LITTLE)).ln()
    }

    fn sum(&self, of: fn(&Use) -> f32) -> f32 {
        let known = self.months.iter().flatten().map(of).filter(|value| value.is_finite());
        known.reduce(|sum, value| sum + value).unwrap_or(f32::NAN)
    }

    /// Months without use up to now.
    fn silent(&self) -> u16 {
        let is_silent = |month: &&Option<Use>| {
            month.as_ref().is_none_or(|month| month.voice.max(0.0) + month.data.max(0.0) <= 0.0)
        };
        self.months.iter().take_while(is_silent).count() as u16
    }
}

/// What the records say of a member's customer at a month's end.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct CustomerSituation {
    /// Its stage.
    pub stage: Option<LifecycleStage>,
    /// For how many months.
    pub stage_months: u16,
    /// Members present.
    pub members: u32,
    /// Members who left within the last three months.
    pub left_lately: u32,
    /// Events of the last three months, by kind.
    pub counts: [u8; EventKind::COUNT],
    /// Network readings of the last three months.
    pub readings: Readings,
}

/// Network readings for which something was agreed, and how many of them missed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Readings {
    /// Taken.
    pub taken: u16,
    /// Short of what was agreed.
    pub missed: u16,
}

/// What the records say of a member at a month's end.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct MemberSituation {
    /// Months since it joined.
    pub age_months: u16,
    /// Who pays.
    pub payer: Option<Payer>,
    /// Its own tickets of the last half year, by kind.
    pub counts: [u8; EventKind::COUNT],
    /// Its customer.
    pub customer: CustomerSituation,
}

/// Names of the features.
pub const FEATURES: [&str; 29] = [
    "age",
    "payer",
    "voice",
    "voice_change",
    "data",
    "data_change",
    "sms",
    "vas",
    "charge",
    "charge_change",
    "hotline",
    "complaints",
    "promotions",
    "silent",
    "own_complaints",
    "own_faults",
    "own_late",
    "own_low_scores",
    "stage",
    "members",
    "members_left",
    "customer_complaints",
    "customer_faults",
    "customer_late",
    "customer_low_scores",
    "service_named",
    "competition_named",
    "price_named",
    "readings_missed",
];

/// Place of the stage among them: 3 for decline, down to 0.
pub(super) const STAGE: usize = 18;

/// One number per feature; not a number where unknown.
pub type Features = [f32; FEATURES.len()];

/// The features of a member.
#[must_use]
pub fn features(trace: &Trace, situation: &MemberSituation) -> Features {
    let logarithm = |value: f32| value.max(0.0).ln_1p() + if value.is_nan() { f32::NAN } else { 0.0 };
    let own = |kind: EventKind| f32::from(situation.counts[kind.index()]);
    let customer = &situation.customer;
    let of_customer = |kind: EventKind| f32::from(customer.counts[kind.index()]);
    [
        f32::from(situation.age_months.min(120)),
        match situation.payer {
            Some(Payer::Company) => 1.0,
            Some(Payer::Person) => 0.0,
            None => f32::NAN,
        },
        logarithm(trace.latest(|month| month.voice)),
        trace.change(|month| month.voice),
        logarithm(trace.latest(|month| month.data)),
        trace.change(|month| month.data),
        logarithm(trace.latest(|month| month.sms)),
        trace.latest(|month| month.vas),
        logarithm(trace.latest(|month| month.charge)),
        trace.change(|month| month.charge),
        trace.sum(|month| month.hotline),
        trace.sum(|month| month.complaints),
        trace.sum(|month| month.promotions),
        f32::from(trace.silent()),
        own(EventKind::Complaint),
        own(EventKind::Fault),
        own(EventKind::Late),
        own(EventKind::LowScore),
        match customer.stage {
            Some(LifecycleStage::Decline) => 3.0,
            Some(LifecycleStage::Development) => 2.0,
            Some(LifecycleStage::Growth) => 1.0,
            _ => 0.0,
        },
        (customer.members as f32).ln_1p(),
        customer.left_lately as f32 / (customer.members + customer.left_lately).max(1) as f32,
        of_customer(EventKind::Complaint),
        of_customer(EventKind::Fault),
        of_customer(EventKind::Late),
        of_customer(EventKind::LowScore),
        of_customer(EventKind::ServiceNamed),
        of_customer(EventKind::CompetitionNamed),
        of_customer(EventKind::PriceNamed),
        match customer.readings {
            Readings { taken: 0, .. } => f32::NAN,
            Readings { taken, missed } => f32::from(missed) / f32::from(taken),
        },
    ]
}

/// Rows of features and their plans as a table; `names` of plans, the first of which is none.
pub(super) fn frame<'a>(
    rows: impl Iterator<Item = &'a Features> + Clone,
    plans: impl Iterator<Item = u16>,
    names: &[String],
) -> Frame {
    let numbers = FEATURES.iter().enumerate().map(|(place, &name)| Column {
        name: name.to_owned(),
        values: Values::Numbers(rows.clone().map(|row| f64::from(row[place])).collect()),
        misfits: 0,
    });
    let codes = plans.map(|plan| if plan == 0 { UNKNOWN } else { u32::from(plan) }).collect();
    let values = Values::Categories { codes, names: names.to_vec() };
    Frame::from_columns(numbers.chain([Column { name: "plan".to_owned(), values, misfits: 0 }]).collect())
}

/// What adds most to being dissatisfied or to leaving, in words, from what each feature adds in log-odds.
#[must_use]
pub fn reasons(parts: &[(&str, f64)], trace: &Trace, situation: &MemberSituation) -> Vec<Reason> {
    told(parts, |feature| reason(feature, trace, situation))
}

/// What adds most to being very satisfied, in words, from what each feature adds in log-odds.
#[must_use]
pub fn delights(parts: &[(&str, f64)], trace: &Trace, situation: &MemberSituation) -> Vec<Reason> {
    told(parts, |feature| delight(feature, trace, situation))
}

/// The parts that add most, in words, each word once.
fn told(parts: &[(&str, f64)], in_words: impl Fn(&str) -> Option<Reason>) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = Vec::with_capacity(Assessment::REASONS);
    let mut adding: Vec<&(&str, f64)> = parts.iter().filter(|(_, part)| *part > LEAST).collect();
    adding.sort_by(|a, b| b.1.total_cmp(&a.1));
    for reason in adding.into_iter().filter_map(|(feature, _)| in_words(feature)) {
        if reasons.len() < Assessment::REASONS && reasons.iter().all(|other| other.kind != reason.kind) {
            reasons.push(reason);
        }
    }
    reasons
}

/// A feature in words, where its value is something that pleases.
fn delight(feature: &str, trace: &Trace, situation: &MemberSituation) -> Option<Reason> {
    let customer = &situation.customer;
    let none = |event: EventKind| situation.counts[event.index()] == 0 && customer.counts[event.index()] == 0;
    let quarter = |kind, holds: bool| holds.then_some(Reason { kind, value: 0.0, months: QUARTER });
    let level = |kind, value: f32| (value >= LITTLE).then_some(Reason { kind, value, months: 1 });
    let change = |kind, change: f32| {
        (change > CHANGE).then_some(Reason { kind, value: change, months: Trace::MONTHS as u16 })
    };
    match feature {
        "age" if situation.age_months >= LONG => {
            let value = f32::from(situation.age_months);
            Some(Reason { kind: ReasonKind::LongRelation, value, months: situation.age_months })
        }
        "data" => level(ReasonKind::MemberData, trace.latest(|month| month.data)),
        "voice" => level(ReasonKind::MemberVoice, trace.latest(|month| month.voice)),
        "voice_change" => change(ReasonKind::MemberUsageRising, trace.change(|month| month.voice).exp_m1()),
        "data_change" => change(ReasonKind::MemberUsageRising, trace.change(|month| month.data).exp_m1()),
        "charge_change" => change(ReasonKind::ChargeFalling, -trace.change(|month| month.charge).exp_m1()),
        "complaints"
        | "own_complaints"
        | "own_low_scores"
        | "customer_complaints"
        | "customer_low_scores" => {
            let is_quiet = trace.sum(|month| month.complaints) <= 0.0;
            let kinds = [EventKind::Complaint, EventKind::LowScore];
            quarter(ReasonKind::NoComplaints, is_quiet && kinds.into_iter().all(none))
        }
        "own_faults" | "own_late" | "customer_faults" | "customer_late" => {
            quarter(ReasonKind::NoFaults, [EventKind::Fault, EventKind::Late].into_iter().all(none))
        }
        "readings_missed" => {
            let Readings { taken, missed } = customer.readings;
            quarter(ReasonKind::ReadingsKept, taken > 0 && missed == 0)
        }
        _ => None,
    }
}

/// A feature in words, where its value is something to tell.
fn reason(feature: &str, trace: &Trace, situation: &MemberSituation) -> Option<Reason> {
    const SPAN: u16 = Trace::MONTHS as u16;
    let told = |kind, value: f32, months| (value > 0.0).then_some(Reason { kind, value, months });
    let own = |kind, event: EventKind| told(kind, f32::from(situation.counts[event.index()]), 6);
    let customer = &situation.customer;
    let of_customer = |kind, event: EventKind| told(kind, f32::from(customer.counts[event.index()]), 3);
    let falls = |change: f32| told(ReasonKind::MemberUsageFalling, -change.exp_m1() - CHANGE, SPAN);
    match feature {
        "complaints" => told(ReasonKind::MemberComplaints, trace.sum(|month| month.complaints), SPAN),
        "hotline" => told(ReasonKind::HotlineCalls, trace.sum(|month| month.hotline), SPAN),
        "voice_change" => falls(trace.change(|month| month.voice)).map(whole_change),
        "data_change" => falls(trace.change(|month| month.data)).map(whole_change),
        "charge_change" => {
            let rise = trace.change(|month| month.charge).exp_m1();
            told(ReasonKind::ChargeRising, rise - CHANGE, SPAN).map(whole_change)
        }
        "silent" => {
            let months = trace.silent();
            (months > 0).then_some(Reason { kind: ReasonKind::MemberSilent, value: 0.0, months })
        }
        "own_complaints" => own(ReasonKind::Complaints, EventKind::Complaint),
        "own_faults" => own(ReasonKind::Faults, EventKind::Fault),
        "own_late" => own(ReasonKind::LateTickets, EventKind::Late),
        "own_low_scores" => own(ReasonKind::LowScores, EventKind::LowScore),
        "stage" => (customer.stage == Some(LifecycleStage::Decline)).then_some(Reason {
            kind: ReasonKind::InDecline,
            value: 0.0,
            months: customer.stage_months,
        }),
        "customer_complaints" => of_customer(ReasonKind::Complaints, EventKind::Complaint),
        "customer_faults" => of_customer(ReasonKind::Faults, EventKind::Fault),
        "customer_late" => of_customer(ReasonKind::LateTickets, EventKind::Late),
        "customer_low_scores" => of_customer(ReasonKind::LowScores, EventKind::LowScore),
        "service_named" => of_customer(ReasonKind::ServiceNamed, EventKind::ServiceNamed),
        "competition_named" => of_customer(ReasonKind::CompetitionNamed, EventKind::CompetitionNamed),
        "price_named" => of_customer(ReasonKind::PriceNamed, EventKind::PriceNamed),
        "readings_missed" => told(ReasonKind::ReadingsMissed, f32::from(customer.readings.missed), 3),
        _ => None,
    }
}

/// The change itself, which was looked at beyond what is worth a word.
fn whole_change(reason: Reason) -> Reason {
    Reason { value: reason.value + CHANGE, ..reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(voice: f32, complaints: f32) -> Option<Use> {
        Some(Use {
            voice,
            data: 100.0,
            sms: f32::NAN,
            vas: 1.0,
            charge: 50.0,
            hotline: 0.0,
            complaints,
            promotions: 0.0,
        })
    }

    fn of(features: &Features, name: &str) -> f32 {
        features[FEATURES.iter().position(|feature| *feature == name).expect("a feature")]
    }

    #[test]
    fn what_is_not_known_is_no_zero() {
        let trace = Trace { months: [month(90.0, 1.0), None, month(190.0, 2.0), None] };
        let known = features(&trace, &MemberSituation::default());
        assert!(of(&known, "sms").is_nan() && of(&known, "payer").is_nan());
        assert!((of(&known, "voice_change") - 0.5_f32.ln()).abs() < 1e-6);
        assert_eq!((of(&known, "complaints"), of(&known, "silent")), (3.0, 0.0));
        let nothing = features(&Trace::default(), &MemberSituation::default());
        assert!(of(&nothing, "voice").is_nan() && of(&nothing, "complaints").is_nan());
        assert_eq!(of(&nothing, "silent"), 4.0);
    }

    #[test]
    fn reasons_tell_what_happened_and_nothing_that_did_not() {
        let trace = Trace { months: [month(90.0, 1.0), month(190.0, 0.0), None, None] };
        let mut situation = MemberSituation::default();
        situation.customer.counts[EventKind::Fault.index()] = 2;
        let parts = [
            ("hotline", 2.0),
            ("voice_change", 0.9),
            ("own_faults", 0.8),
            ("customer_faults", 0.7),
            ("complaints", 0.3),
            ("data_change", 0.2),
            ("readings_missed", 0.1),
        ];
        let told: Vec<(ReasonKind, f32)> =
            reasons(&parts, &trace, &situation).iter().map(|reason| (reason.kind, reason.value)).collect();
        let kinds: Vec<ReasonKind> = told.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(kinds, [ReasonKind::MemberUsageFalling, ReasonKind::Faults, ReasonKind::MemberComplaints]);
        assert!((told[0].1 - 0.5).abs() < 1e-6 && told[1].1 == 2.0);
    }

    #[test]
    fn what_pleases_is_told_only_where_it_is_so() {
        let parts = [("voice_change", 0.9), ("customer_late", 0.5), ("own_complaints", 0.4), ("age", 0.3)];
        let pleased = |trace: &Trace, situation: &MemberSituation| -> Vec<ReasonKind> {
            delights(&parts, trace, situation).iter().map(|reason| reason.kind).collect()
        };
        let quiet = Trace { months: [month(300.0, 0.0), month(150.0, 0.0), None, None] };
        let mut situation = MemberSituation { age_months: 23, ..MemberSituation::default() };
        let all = [ReasonKind::MemberUsageRising, ReasonKind::NoFaults, ReasonKind::NoComplaints];
        assert_eq!(pleased(&quiet, &situation), all);
        situation.age_months = 24;
        situation.customer.counts[EventKind::Fault.index()] = 1;
        let loud = Trace { months: [month(100.0, 0.0), month(150.0, 1.0), None, None] };
        assert_eq!(pleased(&loud, &situation), [ReasonKind::LongRelation]);
        let unknown = [("complaints", 0.4), ("readings_missed", 0.3), ("voice_change", 0.2)];
        assert_eq!(delights(&unknown, &Trace::default(), &MemberSituation::default()), []);
    }
}
