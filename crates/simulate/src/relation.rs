//! The latent process of one relation: what truly happens, month by month, before anyone observes it.
//!
//! The level is the logarithm of use against the capacity the customer once had in mind. It drifts by
//! regimes; mood and pressure wander beside it and drive both the regimes and the traces they leave. A month
//! counts to the regime it spends most of its days in, except that an activation or an exit counts at once.

use domain::LifecycleStage;
use domain::service::EndReason;

use crate::dice::Dice;

/// Months lived through before the first observed one, so that the base starts in the middle of things.
pub const BEFORE: i32 = 15;
/// Months lived through after the last one, so that coming exits are known.
pub const AFTER: i32 = 3;

/// A month of a relation.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// None before the customer is known.
    pub stage: Option<LifecycleStage>,
    /// Use against capacity; 0 while nothing is served.
    pub level: f64,
    /// The same as if the month had been served whole.
    pub pace: f64,
    /// How content they are; 0 is usual, about 1 is a deviation.
    pub mood: f64,
    /// How hard competitors press; 0 is usual.
    pub pressure: f64,
    /// What gnaws at the relation, or ended it.
    pub cause: Option<EndReason>,
}

/// A day counted in months from the first observed one; days go up to 28.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct When {
    pub month: i32,
    pub day: i32,
}

/// Something that happens to the services of a spell.
#[derive(Debug, Clone, Copy)]
pub enum Change {
    /// Trials become paid services.
    Converted,
    /// One more product.
    Added,
    /// One product fewer.
    Dropped(EndReason),
}

/// The time from an activation to an exit.
#[derive(Debug, Clone)]
pub struct Spell {
    pub start: When,
    /// Whether it begins with a trial.
    pub trial: bool,
    /// Whether it began, long ago, before the process did, with everything in place.
    pub settled: bool,
    pub changes: Vec<(When, Change)>,
    pub end: Option<(When, EndReason)>,
}

/// All of it.
#[derive(Debug)]
pub struct Relation {
    /// When the customer became known.
    pub created: When,
    pub moments: Vec<Moment>,
    pub spells: Vec<Spell>,
}

impl Relation {
    /// The moment of a month counted from the first observed one.
    pub fn at(&self, month: i32) -> &Moment {
        &self.moments[(month + BEFORE) as usize]
    }

    /// Lives through `months` observed months, and some before and after.
    pub fn live(dice: &mut Dice, months: i32) -> Self {
        let mut life = Life::begin(dice, months);
        for month in -BEFORE..months + AFTER {
            let moment = life.month(dice, month);
            life.relation.moments.push(moment);
        }
        life.relation
    }
}

#[derive(Debug)]
enum Regime {
    Unknown,
    Potential { hazard: f64 },
    Development { left: i32, fails: bool, fades: bool },
    Growth { rate: f64, target: f64, fresh: bool },
    Maturity { wobble: f64, wave: Option<Wave> },
    Decline(Decline),
    Gone { reason: EndReason },
}

/// A fall of the level: how much each month takes off its logarithm, and what comes after.
#[derive(Debug)]
struct Decline {
    losses: Vec<f64>,
    place: usize,
    plateau: f64,
    cause: EndReason,
    outcome: Outcome,
}

enum Shock {
    None,
    Exit(EndReason),
    Fall(EndReason),
}

#[derive(Debug, Clone, Copy)]
enum Outcome {
    Exit,
    Regrowth,
    Restored,
    Smaller,
}

/// A slow coming and going that is no decline.
#[derive(Debug)]
struct Wave {
    height: f64,
    period: f64,
    age: f64,
}

impl Wave {
    fn draw(dice: &mut Dice) -> Option<Self> {
        dice.chance(0.30).then(|| Self {
            height: dice.between(0.04, 0.09) * if dice.chance(0.5) { 1.0 } else { -1.0 },
            period: dice.between(9.0, 18.0),
            age: 0.0,
        })
    }

    fn value(&self) -> f64 {
        self.height * (std::f64::consts::TAU * self.age / self.period).sin()
    }
}

/// The process while it runs.
struct Life {
    relation: Relation,
    regime: Regime,
    /// Where the level stands, in logarithms, without waves.
    level: f64,
    mood: f64,
    usual_mood: f64,
    pressure: f64,
    /// A decline that is on its way: months until it begins, and why.
    brewing: Option<(i32, EndReason)>,
}

const CAUSES: [(EndReason, f64); 8] = [
    (EndReason::Competitor, 0.27),
    (EndReason::Price, 0.22),
    (EndReason::Quality, 0.15),
    (EndReason::Service, 0.14),
    (EndReason::Closed, 0.08),
    (EndReason::Moved, 0.05),
    (EndReason::Merged, 0.04),
    (EndReason::Other, 0.05),
];

impl Life {
    fn begin(dice: &mut Dice, months: i32) -> Self {
        let known_from_start = dice.chance(0.68);
        let start = When { month: -BEFORE, day: 1 };
        let created = if known_from_start {
            When { month: -BEFORE - dice.around(26.0, 0.7).min(160.0) as i32 - 4, day: dice.whole(1, 28) }
        } else {
            When { month: dice.whole(-BEFORE, months - 1), day: dice.whole(1, 28) }
        };
        let usual_mood = 0.5 * dice.normal();
        let relation = Relation { created, moments: Vec::new(), spells: Vec::new() };
        let mut life = Self {
            relation,
            regime: Regime::Unknown,
            level: 0.0,
            mood: usual_mood,
            usual_mood,
            pressure: 0.6 * dice.normal(),
            brewing: None,
        };
        if known_from_start {
            life.settle(dice, start);
        }
        life
    }

    /// Puts a customer of long ago somewhere in the middle of its life.
    fn settle(&mut self, dice: &mut Dice, now: When) {
        let lived = now.month - self.relation.created.month;
        let began = When { month: now.month - dice.whole(1, lived.max(2) - 1), day: dice.whole(1, 28) };
        let mut spell = Spell { start: began, trial: false, settled: true, changes: Vec::new(), end: None };
        let draw = dice.between(0.0, 1.0);
        if draw < 0.11 {
            self.regime = Regime::Potential { hazard: hazard_of_activation(dice) };
            return;
        }
        if draw < 0.22 {
            spell.settled = false;
            self.level = dice.between(0.2, 0.7_f64).ln();
            self.regime = growth(dice, 0.0, 0.065, false);
        } else if draw < 0.99 {
            self.regime = Regime::Maturity { wobble: 0.0, wave: Wave::draw(dice) };
        } else {
            let reason = dice.weighted(&CAUSES);
            spell.end = Some((When { month: now.month - 1, day: dice.whole(1, 28) }, reason));
            spell.start.month = spell.start.month.min(now.month - 2);
            self.regime = Regime::Gone { reason };
        }
        self.relation.spells.push(spell);
    }

    /// Lives through one month.
    fn month(&mut self, dice: &mut Dice, month: i32) -> Moment {
        self.feel(dice);
        if matches!(self.regime, Regime::Unknown) {
            if month < self.relation.created.month {
                return self.moment(None, 0.0, None);
            }
            self.regime = if dice.chance(0.50) {
                Regime::Potential { hazard: hazard_of_activation(dice) }
            } else {
                Regime::Potential { hazard: 1.0 }
            };
        }
        match std::mem::replace(&mut self.regime, Regime::Unknown) {
            Regime::Unknown => self.moment(None, 0.0, None),
            Regime::Potential { hazard } => self.potential(dice, month, hazard),
            Regime::Development { left, fails, fades } => self.development(dice, month, left, fails, fades),
            Regime::Growth { rate, target, fresh } => self.growth(dice, month, rate, target, fresh),
            Regime::Maturity { wobble, wave } => self.maturity(dice, month, wobble, wave),
            Regime::Decline(decline) => self.decline(dice, month, decline),
            Regime::Gone { reason } => self.gone(dice, month, reason),
        }
    }

    /// Mood and pressure wander; what brews shows in them before it shows in use.
    fn feel(&mut self, dice: &mut Dice) {
        self.mood = 0.8 * self.mood + 0.2 * self.usual_mood + 0.3 * dice.normal();
        self.pressure = 0.85 * self.pressure + 0.3 * dice.normal();
        let cause = match (&self.brewing, &self.regime) {
            (Some((_, cause)), _) | (None, Regime::Decline(Decline { cause, .. })) => *cause,
            _ => return,
        };
        match cause {
            EndReason::Quality | EndReason::Service => self.mood -= 0.6,
            EndReason::Price => {
                self.mood -= 0.25;
                self.pressure += 0.3;
            }
            EndReason::Competitor => self.pressure += 0.5,
            _ => self.mood -= 0.1,
        }
        self.mood = self.mood.max(-3.0);
        self.pressure = self.pressure.min(3.5);
    }

    fn moment(&self, stage: Option<LifecycleStage>, level: f64, cause: Option<EndReason>) -> Moment {
        Moment { stage, level, pace: level, mood: self.mood, pressure: self.pressure, cause }
    }

    /// A month wholly in one regime.
    fn whole(&self, stage: LifecycleStage, log_level: f64) -> Moment {
        let cause = self.brewing.map(|(_, cause)| cause);
        self.moment(Some(stage), log_level.exp(), cause)
    }

    fn potential(&mut self, dice: &mut Dice, month: i32, hazard: f64) -> Moment {
        if dice.chance(hazard) {
            let earliest = if month == self.relation.created.month { self.relation.created.day } else { 1 };
            let share = dice.between(0.10, 0.38);
            return self.activate(dice, month, earliest, share);
        }
        self.regime = Regime::Potential { hazard: if hazard >= 1.0 { 0.08 } else { hazard } };
        self.moment(Some(LifecycleStage::Potential), 0.0, None)
    }

    fn activate(&mut self, dice: &mut Dice, month: i32, earliest: i32, share: f64) -> Moment {
        let start = When { month, day: dice.whole(earliest, 28) };
        let trial = dice.chance(0.6);
        self.relation.spells.push(Spell { start, trial, settled: false, changes: Vec::new(), end: None });
        self.level = share.ln();
        self.brewing = None;
        let left = (dice.around(5.0, 0.42).round() as i32).clamp(1, 8) - 1;
        let fails = dice.chance(if trial { 0.20 } else { 0.09 });
        self.regime = Regime::Development { left, fails, fades: dice.chance(0.25) };
        let mut moment = self.moment(Some(LifecycleStage::Development), share, None);
        moment.level *= f64::from(29 - start.day) / 28.0;
        moment
    }

    fn development(&mut self, dice: &mut Dice, month: i32, left: i32, fails: bool, fades: bool) -> Moment {
        if left > 0 {
            self.level += 0.01 + 0.02 * dice.normal();
            self.regime = Regime::Development { left: left - 1, fails, fades };
            return self.whole(LifecycleStage::Development, self.level);
        }
        if !fails {
            self.change(month, dice.whole(1, 14), Change::Converted);
            self.level += dice.between(0.10, 0.40);
            self.regime = growth(dice, 0.0, 0.072, true);
            return self.month_again(dice, month);
        }
        let cause = dice.weighted(&[
            (EndReason::Price, 0.3),
            (EndReason::Quality, 0.25),
            (EndReason::Competitor, 0.25),
            (EndReason::Service, 0.15),
            (EndReason::Other, 0.05),
        ]);
        if fades {
            let losses = (0..dice.whole(2, 4)).map(|_| dice.between(0.15, 0.40)).collect();
            let plateau = self.level;
            let decline = Decline { losses, place: 0, plateau, cause, outcome: Outcome::Exit };
            self.regime = Regime::Decline(decline);
            return self.month_again(dice, month);
        }
        self.exit(dice, month, cause)
    }

    fn growth(&mut self, dice: &mut Dice, month: i32, rate: f64, target: f64, fresh: bool) -> Moment {
        match self.shock(dice, 0.010, 0.0015) {
            Shock::Exit(cause) => return self.exit(dice, month, cause),
            Shock::Fall(cause) => return self.fall(dice, month, cause),
            Shock::None => {}
        }
        let missing = target - self.level;
        if missing < 0.4 * rate {
            self.regime = Regime::Maturity { wobble: 0.0, wave: Wave::draw(dice) };
            return self.month_again(dice, month);
        }
        let part = if fresh { dice.between(0.5, 1.0) } else { 1.0 };
        let slowing = (missing / 0.25).clamp(0.55, 1.0);
        self.level += (part * slowing * rate * (1.0 + 0.3 * dice.normal())).min(missing);
        if dice.chance(0.16) {
            self.change(month, dice.whole(1, 28), Change::Added);
        }
        self.regime = Regime::Growth { rate, target, fresh: false };
        self.whole(LifecycleStage::Growth, self.level)
    }

    fn maturity(&mut self, dice: &mut Dice, month: i32, wobble: f64, wave: Option<Wave>) -> Moment {
        let risk = 0.034 * (0.6 * self.pressure - 0.6 * self.mood).clamp(-1.5, 1.5).exp();
        let now = self.level + wobble + wave.as_ref().map_or(0.0, Wave::value);
        let shock = self.shock(dice, risk, 0.0012);
        if !matches!(shock, Shock::None) {
            self.level = now;
        }
        match shock {
            Shock::Exit(cause) => return self.exit(dice, month, cause),
            Shock::Fall(cause) => return self.fall(dice, month, cause),
            Shock::None => {}
        }
        if self.brewing.is_none() && dice.chance(0.009) {
            self.change(month, dice.whole(1, 28), Change::Added);
            self.level = now;
            let target = now + dice.between(0.15, 0.5);
            self.regime = growth(dice, target, 0.05, true);
            return self.month_again(dice, month);
        }
        self.level += 0.003 * dice.normal();
        let wobble = 0.6 * wobble + 0.02 * dice.normal();
        let wave = wave.map(|wave| Wave { age: wave.age + 1.0, ..wave });
        let log_level = self.level + wobble + wave.as_ref().map_or(0.0, Wave::value);
        self.regime = Regime::Maturity { wobble, wave };
        self.whole(LifecycleStage::Maturity, log_level)
    }

    fn decline(&mut self, dice: &mut Dice, month: i32, decline: Decline) -> Moment {
        let Decline { losses, place, plateau, cause, outcome } = decline;
        if let Some(&loss) = losses.get(place) {
            self.level -= loss;
            if dice.chance(0.10) {
                self.change(month, dice.whole(1, 28), Change::Dropped(cause));
            }
            let decline = Decline { losses, place: place + 1, plateau, cause, outcome };
            self.regime = Regime::Decline(decline);
            return self.moment(Some(LifecycleStage::Decline), self.level.exp(), Some(cause));
        }
        match outcome {
            Outcome::Exit => return self.exit(dice, month, cause),
            Outcome::Regrowth => {
                let target = self.level + (plateau - self.level) * dice.between(0.7, 1.1);
                self.regime = growth(dice, target.max(self.level + 0.12), 0.065, true);
            }
            Outcome::Restored => {
                self.level += (plateau - self.level) * dice.between(0.6, 0.95);
                self.regime = Regime::Maturity { wobble: 0.0, wave: None };
            }
            Outcome::Smaller => self.regime = Regime::Maturity { wobble: 0.0, wave: None },
        }
        self.month_again(dice, month)
    }

    fn gone(&mut self, dice: &mut Dice, month: i32, reason: EndReason) -> Moment {
        let closed = matches!(reason, EndReason::Closed | EndReason::Merged);
        if !closed && dice.chance(0.04) {
            let share = dice.between(0.15, 0.5);
            return self.activate(dice, month, 1, share);
        }
        self.regime = Regime::Gone { reason };
        self.moment(Some(LifecycleStage::Termination), 0.0, Some(reason))
    }

    fn exit(&mut self, dice: &mut Dice, month: i32, cause: EndReason) -> Moment {
        let when = When { month, day: dice.whole(1, 28) };
        if let Some(spell) = self.relation.spells.last_mut() {
            spell.changes.retain(|&(at, _)| at < when);
            spell.end = Some((when, cause));
        }
        self.brewing = None;
        self.regime = Regime::Gone { reason: cause };
        let mut moment = self.moment(Some(LifecycleStage::Termination), self.level.exp(), Some(cause));
        moment.level *= f64::from(when.day) / 28.0;
        moment
    }

    /// What can happen to a relation in growth or maturity: an exit out of the blue, or trouble that brews
    /// for some months before use begins to fall.
    fn shock(&mut self, dice: &mut Dice, risk: f64, exit: f64) -> Shock {
        if dice.chance(exit) {
            return Shock::Exit(dice.weighted(&CAUSES[4..]));
        }
        match &mut self.brewing {
            Some((0, cause)) => {
                let cause = *cause;
                self.brewing = None;
                return Shock::Fall(cause);
            }
            Some((left, _)) => *left -= 1,
            None if dice.chance(risk) => self.brewing = Some((dice.whole(1, 3), dice.weighted(&CAUSES))),
            None => {}
        }
        Shock::None
    }

    fn fall(&mut self, dice: &mut Dice, month: i32, cause: EndReason) -> Moment {
        let outcome = match cause {
            EndReason::Closed | EndReason::Merged => Outcome::Exit,
            _ => dice.weighted(&[
                (Outcome::Exit, 0.28),
                (Outcome::Regrowth, 0.20),
                (Outcome::Restored, 0.36),
                (Outcome::Smaller, 0.12),
            ]),
        };
        let mut losses = match dice.weighted(&[(0, 0.45), (1, 0.30), (2, 0.25)]) {
            0 => slow_losses(dice),
            1 => sudden_losses(dice, outcome),
            _ => stepwise_losses(dice),
        };
        // The first month holds only the days after it began.
        losses[0] *= dice.between(0.7, 1.0);
        let decline = Decline { losses, place: 0, plateau: self.level, cause, outcome };
        self.regime = Regime::Decline(decline);
        self.month_again(dice, month)
    }

    /// A month that turned out to belong to the regime just entered.
    fn month_again(&mut self, dice: &mut Dice, month: i32) -> Moment {
        match std::mem::replace(&mut self.regime, Regime::Unknown) {
            Regime::Growth { rate, target, fresh } => self.growth(dice, month, rate, target, fresh),
            Regime::Maturity { wobble, wave } => self.maturity(dice, month, wobble, wave),
            Regime::Decline(decline) => self.decline(dice, month, decline),
            other => {
                self.regime = other;
                self.moment(None, 0.0, None)
            }
        }
    }

    fn change(&mut self, month: i32, day: i32, change: Change) {
        if let Some(spell) = self.relation.spells.last_mut() {
            spell.changes.push((When { month, day }, change));
        }
    }
}

fn hazard_of_activation(dice: &mut Dice) -> f64 {
    if dice.chance(0.4) { 0.008 } else { 0.10 }
}

fn growth(dice: &mut Dice, target: f64, usual_rate: f64, fresh: bool) -> Regime {
    Regime::Growth { rate: dice.around(usual_rate, 0.40).clamp(0.03, 0.2), target, fresh }
}

fn slow_losses(dice: &mut Dice) -> Vec<f64> {
    let rate = dice.around(0.065, 0.30).clamp(0.04, 0.13);
    let months = dice.whole(6, 14);
    (0..months).map(|_| rate * (1.0 + 0.25 * dice.normal())).collect()
}

/// Most of it in one to three months; what is left wears away.
fn sudden_losses(dice: &mut Dice, outcome: Outcome) -> Vec<f64> {
    let loss = -dice.between(0.35, 0.72).ln();
    let fast = dice.whole(1, 3);
    let after = if matches!(outcome, Outcome::Smaller) { 0 } else { dice.whole(1, 6) };
    let quick = (0..fast).map(|_| loss / f64::from(fast));
    let mut losses: Vec<f64> = quick.collect();
    losses.extend((0..after).map(|_| 0.03 + 0.015 * dice.normal()));
    losses
}

fn stepwise_losses(dice: &mut Dice) -> Vec<f64> {
    let mut losses = Vec::new();
    for _ in 0..dice.whole(2, 4) {
        losses.push(dice.between(0.11, 0.26));
        losses.extend((0..dice.whole(1, 2)).map(|_| 0.01 + 0.01 * dice.normal()));
    }
    losses
}
