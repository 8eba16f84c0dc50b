//! What people did and said: tickets, contacts, opportunities, surveys, network readings. What brews in a
//! relation shows here before use falls.

use domain::interaction::{Channel, Direction};
use domain::opportunity::{FunnelStage, OpportunityOutcome};
use domain::service::EndReason;
use domain::staff::Role;
use domain::ticket::TicketKind;
use domain::{Instant, LifecycleStage, Month};

use crate::catalogue::PRODUCTS;
use crate::customer::{Traits, date, whole_yuan};
use crate::dice::Dice;
use crate::organisation::staff_code;
use crate::relation::{Moment, Relation, When};
use crate::rows::{Contact, Interaction, Member, Opportunity, Reading, SurveyAnswer, Ticket};
use crate::world::{COMPETITORS, World};

/// All of it, each in the order of time.
#[derive(Default)]
pub struct Events {
    pub tickets: Vec<Ticket>,
    pub interactions: Vec<Interaction>,
    pub opportunities: Vec<Opportunity>,
    pub surveys: Vec<SurveyAnswer>,
    pub readings: Vec<Reading>,
}

struct Maker<'a> {
    dice: Dice,
    traits: &'a Traits,
    contacts: usize,
    members: usize,
    /// The service agent of the customer's county.
    agent: String,
    first: Month,
    months: i32,
    /// Visits and tickets of a large customer against a small one's.
    weight: f64,
    /// Whether the network of its site is measured.
    measured: bool,
    events: Events,
}

/// Makes up the events of all months.
pub fn make(
    dice: Dice,
    world: &World,
    traits: &Traits,
    relation: &Relation,
    contacts: &[Contact],
    members: &[Member],
) -> Events {
    let organisation = &world.organisation;
    let county = &organisation.counties[organisation.grids[traits.grid].county];
    let mut maker = Maker {
        dice,
        traits,
        contacts: contacts.len(),
        members: members.len(),
        agent: staff_code(&county.code, Role::ServiceAgent, 1),
        first: world.config.first,
        months: i32::from(world.config.months),
        weight: (traits.capacity / 1_000.0).powf(0.35).clamp(0.5, 6.0),
        measured: matches!(traits.sla, domain::contract::Sla::Gold | domain::contract::Sla::Silver),
        events: Events::default(),
    };
    for month in 0..maker.months {
        let moment = relation.at(month);
        let Some(stage) = moment.stage else { continue };
        let earliest = if relation.created.month == month { relation.created.day } else { 1 };
        if moment.pace > 0.0 {
            maker.tickets(month, earliest, moment);
            maker.survey(month, earliest, moment);
            maker.readings(month, moment);
        }
        maker.interactions(month, earliest, moment, stage);
        maker.opportunities(month, earliest, moment, stage);
    }
    maker.events
}

const HOUR_SECONDS: i64 = 3_600;

impl Maker<'_> {
    fn when(&mut self, month: i32, earliest: i32) -> (When, Instant) {
        let when = When { month, day: self.dice.whole(earliest, 28) };
        let midnight = date(self.first, when).to_zoned(jiff::tz::TimeZone::UTC);
        let seconds = midnight.map_or(0, |at| at.timestamp().as_second()) - 8 * HOUR_SECONDS;
        let of_day = self.dice.between(8.5, 18.0) * HOUR_SECONDS as f64;
        (when, Instant::from_micros((seconds + of_day as i64) * 1_000_000))
    }

    /// The last instant that the extract knows.
    fn known_until(&self) -> i64 {
        let end = (self.first + self.months).first_day().to_zoned(jiff::tz::TimeZone::UTC);
        end.map_or(i64::MAX, |at| at.timestamp().as_microsecond()) - 8 * HOUR_SECONDS * 1_000_000
    }

    fn tickets(&mut self, month: i32, earliest: i32, moment: &Moment) {
        use TicketKind::{Complaint, Consultation, Fault, Request, Suggestion};
        let unhappy = (-0.8 * moment.mood).exp().min(9.0);
        let faulty = if matches!(moment.cause, Some(EndReason::Quality)) { 2.5 } else { 1.0 };
        let slow =
            if matches!(moment.cause, Some(EndReason::Service | EndReason::Quality)) { 1.8 } else { 1.0 };
        let expected = [
            (Complaint, 0.03 * unhappy),
            (Fault, 0.045 * faulty * (-0.3 * moment.mood).exp()),
            (Consultation, 0.05 + 0.02 * moment.pressure.max(0.0)),
            (Request, 0.06),
            (Suggestion, 0.008),
        ];
        for (kind, expected) in expected {
            for _ in 0..self.dice.events(expected * self.weight) {
                self.ticket(month, earliest, moment, kind, slow);
            }
        }
    }

    fn ticket(&mut self, month: i32, earliest: i32, moment: &Moment, kind: TicketKind, slow: f64) {
        let (_, opened_at) = self.when(month, earliest);
        let promised = match kind {
            TicketKind::Fault => 8,
            TicketKind::Complaint => 24,
            _ => 48,
        };
        let hours = f64::from(promised) * self.dice.around(0.55 * slow, 0.6);
        let closed_at = opened_at.plus_seconds((hours * HOUR_SECONDS as f64) as i64);
        let closed = closed_at.micros() < self.known_until();
        let cause = match (kind, moment.cause) {
            (TicketKind::Complaint, Some(EndReason::Price)) if self.dice.chance(0.6) => "资费",
            (TicketKind::Complaint, Some(EndReason::Quality)) if self.dice.chance(0.6) => "网络质量",
            (TicketKind::Complaint, Some(EndReason::Service)) if self.dice.chance(0.6) => "服务态度",
            (TicketKind::Complaint, _) => {
                self.dice.pick(&["资费", "网络质量", "服务态度", "账单疑问", "办理时限"])
            }
            (TicketKind::Fault, _) => {
                self.dice.pick(&["光缆中断", "设备故障", "电路质量", "机房断电", "用户侧设备"])
            }
            (TicketKind::Consultation, Some(EndReason::Moved)) if self.dice.chance(0.5) => "移机",
            (TicketKind::Consultation, Some(EndReason::Price | EndReason::Competitor))
                if self.dice.chance(0.4) =>
            {
                "合同到期与解约"
            }
            _ => self.dice.pick(&["业务办理", "套餐咨询", "账单查询", "功能建议"]),
        };
        let score = (3.9 + 0.6 * moment.mood - 0.5 * (slow - 1.0) + 0.8 * self.dice.normal()).round();
        let ticket = Ticket {
            code: format!("D{:07}-{}", self.traits.index + 1, self.events.tickets.len() + 1),
            member: (self.members > 0 && self.dice.chance(0.25))
                .then(|| self.dice.whole(0, self.members as i32 - 1) as usize),
            kind,
            channel: self.dice.pick(&[
                Channel::Phone,
                Channel::Phone,
                Channel::Web,
                Channel::App,
                Channel::Hall,
            ]),
            opened_at,
            first_responder: self.dice.chance(0.9).then(|| self.agent.clone()),
            due_at: Some(opened_at.plus_seconds(i64::from(promised) * HOUR_SECONDS)),
            closed_at: closed.then_some(closed_at),
            cause: self.dice.chance(0.9).then_some(cause),
            score: (closed && self.dice.chance(0.35)).then_some(score.clamp(1.0, 5.0) as u8),
        };
        self.events.tickets.push(ticket);
    }

    fn interactions(&mut self, month: i32, earliest: i32, moment: &Moment, stage: LifecycleStage) {
        let usual = match stage {
            LifecycleStage::Potential => 0.20,
            LifecycleStage::Development => 0.60,
            LifecycleStage::Growth => 0.35,
            LifecycleStage::Maturity => 0.22,
            LifecycleStage::Decline => 0.16,
            LifecycleStage::Termination => 0.04,
        };
        let warm = (0.25 * moment.mood - 0.15 * moment.pressure).exp().clamp(0.3, 2.0);
        for _ in 0..self.dice.events(usual * warm * self.weight) {
            let (_, at) = self.when(month, earliest);
            let inward = self.dice.chance(0.35);
            let purpose = match stage {
                LifecycleStage::Potential => self.dice.pick(&["初次拜访", "需求了解", "方案宣讲"]),
                LifecycleStage::Development => self.dice.pick(&["试用回访", "开通协调", "方案沟通"]),
                LifecycleStage::Growth => self.dice.pick(&["新业务推荐", "例行拜访", "用量分析"]),
                LifecycleStage::Maturity => self.dice.pick(&["例行拜访", "客户关怀", "账单核对", "培训"]),
                LifecycleStage::Decline => self.dice.pick(&["挽留沟通", "投诉回访", "例行拜访"]),
                LifecycleStage::Termination => self.dice.pick(&["离网回访", "赢回沟通"]),
            };
            let outcome = match moment.cause {
                Some(EndReason::Competitor) if self.dice.chance(0.4) => "客户提到友商报价",
                Some(EndReason::Price) if self.dice.chance(0.4) => "客户认为资费偏高",
                _ => self.dice.pick(&["已沟通", "约定下次拜访", "未联系上", "客户满意", "转相关部门"]),
            };
            let interaction = Interaction {
                code: format!("J{:07}-{}", self.traits.index + 1, self.events.interactions.len() + 1),
                at,
                contact: self
                    .dice
                    .chance(0.85)
                    .then(|| self.dice.whole(0, self.contacts as i32 - 1) as usize),
                staff_code: Some(self.traits.manager.clone()),
                channel: self.dice.pick(&[
                    Channel::Visit,
                    Channel::Phone,
                    Channel::Phone,
                    Channel::Email,
                    Channel::Sms,
                ]),
                direction: if inward { Direction::In } else { Direction::Out },
                purpose,
                outcome: self.dice.chance(0.85).then_some(outcome),
            };
            self.events.interactions.push(interaction);
        }
    }

    fn opportunities(&mut self, month: i32, earliest: i32, moment: &Moment, stage: LifecycleStage) {
        let usual = match stage {
            LifecycleStage::Potential => 0.035,
            LifecycleStage::Development => 0.06,
            LifecycleStage::Growth => 0.05,
            LifecycleStage::Maturity => 0.015,
            LifecycleStage::Decline => 0.012,
            LifecycleStage::Termination => 0.006,
        };
        for _ in 0..self.dice.events(usual * self.weight.sqrt()) {
            let (opened, _) = self.when(month, earliest);
            let closing = When { month: month + self.dice.whole(1, 6), day: self.dice.whole(1, 28) };
            let closed = closing.month < self.months;
            let hard =
                moment.pressure.max(0.0) * 0.15 + if stage == LifecycleStage::Decline { 0.3 } else { 0.0 };
            let won = self.dice.chance((0.45 - hard).max(0.05));
            let reason = match (closed, won) {
                (false, _) => None,
                (true, true) => Some(self.dice.pick(&["方案贴合需求", "价格合适", "客户关系良好"])),
                (true, false) => Some(self.dice.pick(&["价格偏高", "选择友商", "预算取消", "需求变化"])),
            };
            let stage = if closed {
                if won { FunnelStage::Confirmation } else { self.dice.pick(&FunnelStage::ALL[1..6]) }
            } else {
                self.dice.pick(&FunnelStage::ALL[..6])
            };
            let wish = self.dice.whole(0, self.traits.wishes.len().max(1) as i32 - 1) as usize;
            let product = match self.traits.wishes.get(wish) {
                Some(wish) if self.dice.chance(0.6) => wish.product,
                _ => self.dice.whole(0, PRODUCTS.len() as i32 - 1) as usize,
            };
            let rival = moment.pressure > 0.5 || reason == Some("选择友商");
            let opportunity = Opportunity {
                code: format!("O{:07}-{}", self.traits.index + 1, self.events.opportunities.len() + 1),
                manager_code: Some(self.traits.manager.clone()),
                product: self.dice.chance(0.95).then_some(product),
                stage,
                amount: Some(whole_yuan(self.traits.capacity * self.dice.between(0.8, 6.0))),
                opened_on: date(self.first, opened),
                closed_on: closed.then(|| date(self.first, closing)),
                outcome: closed.then_some(if won {
                    OpportunityOutcome::Won
                } else {
                    OpportunityOutcome::Lost
                }),
                reason,
                competitor: rival.then(|| self.dice.pick(&COMPETITORS)),
            };
            self.events.opportunities.push(opportunity);
        }
    }

    fn survey(&mut self, month: i32, earliest: i32, moment: &Moment) {
        if !self.dice.chance(0.012 * self.weight.min(2.0)) {
            return;
        }
        let (_, at) = self.when(month, earliest);
        let contact = Some(self.dice.whole(0, self.contacts as i32 - 1) as usize);
        let ask = |this: &mut Self, question, slope: f64| {
            let score =
                (7.4 + slope * moment.mood - 0.3 * moment.pressure + 1.2 * this.dice.normal()).round();
            this.events.surveys.push(SurveyAnswer {
                code: format!("W{:07}-{}", this.traits.index + 1, this.events.surveys.len() + 1),
                at,
                study: "年度满意度调查",
                member: None,
                contact,
                question,
                answer: None,
                score: Some(score.clamp(1.0, 10.0) as u8),
                scale: Some(10),
            });
        };
        ask(self, "您对我们的总体服务满意吗?", 1.3);
        ask(self, "您愿意把我们推荐给同行吗?", 1.1);
    }

    fn readings(&mut self, month: i32, moment: &Moment) {
        if !self.measured {
            return;
        }
        let bad = matches!(moment.cause, Some(EndReason::Quality));
        let lost = (if bad { 0.35 } else { 0.08 }) * self.dice.around(1.0, 0.6);
        let hours = (if bad { 6.5 } else { 3.5 }) * self.dice.around(1.0, 0.35);
        let hundredths = |value: f64| (value * 100.0).round() / 100.0;
        let month = self.first + month;
        let availability = hundredths((100.0 - lost).max(90.0));
        self.events.readings.push(Reading {
            month,
            site: "主站点",
            indicator: "availability",
            value: availability,
            unit: "%",
            target: 99.9,
        });
        self.events.readings.push(Reading {
            month,
            site: "主站点",
            indicator: "repair_hours",
            value: hundredths(hours),
            unit: "h",
            target: 4.0,
        });
    }
}
