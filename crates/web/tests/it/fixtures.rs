//! Made-up views, as use cases would give them.

use std::sync::Arc;

use domain::archive::{ActivityKind, ProgrammeState, RelationStep, Sheet};
use domain::assessment::{Assessment, Reason, ReasonKind, Rfm};
use domain::assignment::AssignmentKind;
use domain::contact::CuteRole;
use domain::contract::Sla;
use domain::customer::CustomerCategory;
use domain::cycle::CohortSum;
use domain::engine::RelationMonth;
use domain::extract::{Cell, ColumnType};
use domain::field::{Field as DefinedField, FieldHome, FieldOption, FieldType, FieldValue, Words};
use domain::id::{AssignmentId, EditId, ViewId};
use domain::id::{
    CollaborationId, ContactId, ContractId, CustomerId, CycleId, FieldId, GrantId, ImportId, InteractionId,
    MemberId, MergeId, OrgUnitId, SegmentId, ServiceId, SessionId, SheetImportId, StaffId, TaskId, TicketId,
    TokenId, UserId, VisitId,
};
use domain::import::RowProblem;
use domain::interaction::{Channel, Direction};
use domain::opportunity::{FunnelStage, OpportunityOutcome};
use domain::org::OrgLevel;
use domain::outlook::{ExitCause, ExitRisk, LifetimeValue, RiskModel, ValueModel};
use domain::policy::Action;
use domain::policy::{Granted, Home, Scope};
use domain::product::ProductFamily;
use domain::rules::{RuleBook, Rules};
use domain::satisfaction::{MemberConcern, MemberMonth, Satisfaction, SatisfactionLabel};
use domain::segment::{BuyingFactor, IctNeed, Segment, SegmentReason, SegmentValue};
use domain::service::{EndReason, Payer};
use domain::sheet_import::{SheetKey, SheetMode};
use domain::sign_in::{SignIn, SignInOutcome};
use domain::staff::Role;
use domain::star::StarRating;
use domain::tactic::TacticCell;
use domain::ticket::TicketKind;
use domain::{Date, Instant, LifecycleStage, Message, Money, Month};
use maud::Markup;
use science::churn::MeanAndDeviation;
use science::clv::booking::Booking;
use science::clv::stages::{ChainOptions, Seen};
use science::frame::{Column, Frame, Values};
use science::segments::{Declared, Options, certify};
use serde_json::{Value, json};
use service::Actor;
use service::account::show::{Account, SecondStep};
use service::actor::{Through, UnitName};
use service::archive::list::SheetView;
use service::archive::{Field, Form, LastChange, OwnField, Target};
use service::assignment::pool::Pool;
use service::assignment::{AssignmentRow, Draft, Plan, Work};
use service::audit::{AuditEntry, AuditLine, AuditPage, RECORD_CHANGE};
use service::collaboration::{Collaboration, CollaborationRow, Collaborations, Party};
use service::customer::CustomerRecord;
use service::customer::known::Known;
use service::customer::{
    Chosen, ContactRow, ContractRow, CustomerChoices, CustomerPage, CustomerQuery, CustomerRow, CustomerView,
    Facet, Fields, MemberRow, ServiceRow, TicketRow, TreeNode,
};
use service::data::{CycleRow, DataView, ImportRow, RunState};
use service::duplicate::like::Likeness;
use service::duplicate::list::{Duplicates, Shown, Side, SuspectedPair};
use service::duplicate::{DuplicateRun, Evidence, MergeRow, RelationCounts};
use service::edit::list::Done;
use service::edit::{self, EditRow};
use service::field::list::{FieldList, FieldUse};
use service::field::{Draft as FieldDraft, FieldForm, OptionDraft};
use service::grant::explain::{Access, Person};
use service::grant::{GrantRow, Grants};
use service::insight::ages::Ages;
use service::insight::{
    AtRisk, Concentration, Insight, Interval, SatisfactionCell, StageWorth, UnitLine, UnitSums,
};
use service::member::{MemberQueue, QueueLine};
use service::models::{
    CalibrationBin, Candidate, CandidateTest, Drift, GroupTest, HeldOut, HeldOutMonths, Inferences, Judged,
    JudgedOn, MemberRiskCard, ModelsView, RiskCard, SatisfactionCard, SegmentCard, StageCard, StageChain,
    StageFate, Tenth, Trial, ValueTest, Verdict,
};
use service::programme::{Programme, Programmes};
use service::search::{Few, Found, RecordHit, RecordKind, Records};
use service::segment::certify::KeptCertificate;
use service::segment::certify::{Dimension, SegmentOutcome};
use service::segment::{SavedSegment, SegmentBuilder, SegmentFigures};
use service::session::{Origin, SessionRow, SignInRow};
use service::sheet_import::show::ImportView;
use service::sheet_import::{
    At, Change, Found as SheetFound, LeftFor, Mapping, Refusal, Reverted, SheetImportRow,
};
use service::tactic::show::{TacticLine, TacticsView};
use service::tactic::{Said, Tactic};
use service::timeline::{Happening, TimelineEntry, TimelineEvent, TimelinePage, TimelinePlace};
use service::today::{Occasion, Stake, Today, TodayLine};
use service::token::{ListedToken, TokenRow};
use service::user::list::{ListedUser, UserPage};
use service::user::show::UserView;
use service::user::{Standing, UserRow};
use service::view::SavedView;
use service::visit::{DueVisit, TaskOf, TaskRow, VisitOf, VisitRow, Visits};
use web::pages::access::Asked;
use web::pages::assignment;
use web::ui::Ui;

/// A name that wants to be markup.
pub const HOSTILE: &str = "<script>alert(\"x\")</script> & \"示例\" 'co'";

pub fn month(text: &str) -> Month {
    text.parse().expect("a month")
}

fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

fn instant(text: &str) -> Instant {
    text.parse().expect("an instant")
}

fn yuan(yuan: i64) -> Money {
    Money::from_fen(yuan * 100)
}

fn unit(id: i64, name: &str, level: OrgLevel) -> UnitName {
    UnitName { id: OrgUnitId::new(id), name: name.to_owned(), level }
}

pub fn actor(role: Role) -> Actor {
    let unit = unit(7, "示例市分公司", OrgLevel::City);
    let staff = StaffId::new(3);
    Actor {
        user: UserId::new(1),
        staff,
        name: "示例甲".to_owned(),
        role,
        scope: Scope::new(role.home(staff, unit.id), None),
        unit,
        through: Through::Session(SessionId::new(1)),
        duty: None,
    }
}

const KINDS: [&str; 12] =
    ["制造", "银行", "物流", "学校", "医院", "酒店", "软件", "建筑", "保险", "零售", "能源", "传媒"];

fn name(n: usize) -> String {
    format!("示例{}{}有限公司", KINDS[n % KINDS.len()], ["甲", "乙", "丙", "丁", "戊"][n / KINDS.len() % 5])
}

fn reasons(stage: LifecycleStage) -> Vec<Reason> {
    let reason = |kind, value, months| Reason { kind, value, months };
    match stage {
        LifecycleStage::Potential => vec![reason(ReasonKind::NeverServed, 0.0, 0)],
        LifecycleStage::Development => {
            vec![reason(ReasonKind::FirstService, 0.0, 2), reason(ReasonKind::LinesRising, 0.4, 2)]
        }
        LifecycleStage::Growth => {
            vec![reason(ReasonKind::UsageRising, 0.31, 4), reason(ReasonKind::ProductsAdded, 2.0, 6)]
        }
        LifecycleStage::Maturity => {
            vec![reason(ReasonKind::UsageSteady, 0.05, 8), reason(ReasonKind::UsageNearPeak, 0.97, 6)]
        }
        LifecycleStage::Decline => vec![
            reason(ReasonKind::UsageBelowPeak, 0.62, 4),
            reason(ReasonKind::RevenueFalling, 0.27, 6),
            reason(ReasonKind::LinesFalling, 0.18, 6),
        ],
        LifecycleStage::Termination => vec![reason(ReasonKind::AllEnded, 0.0, 1)],
    }
}

fn satisfaction(n: usize) -> Satisfaction {
    let label = SatisfactionLabel::ALL[n % 4];
    let told = [(ReasonKind::HotlineCalls, 3.0, 4), (ReasonKind::MemberUsageFalling, 0.31, 4)];
    Satisfaction {
        score: 0.5 + (n % 4) as f32 / 10.0,
        label,
        reasons: match label {
            SatisfactionLabel::Dissatisfied => {
                told.map(|(kind, value, months)| Reason { kind, value, months }).to_vec()
            }
            _ => Vec::new(),
        },
    }
}

pub fn members() -> MemberQueue {
    let line = |n: usize| QueueLine {
        member: MemberId::new(n as i64 + 1),
        code: format!("M{n:07}"),
        customer: CustomerId::new(n as i64 + 1),
        name: if n == 3 { HOSTILE.to_owned() } else { format!("示例制造有限公司{n}") },
        manager: (n.is_multiple_of(2)).then(|| "示例经理".to_owned()),
        tactic: tactic(n, (5_u8.saturating_sub(n as u8 / 2)).try_into().ok(), SegmentValue::ALL[n % 3]),
        value: yuan(2_400 - 100 * n as i64),
        concern: MemberConcern::ALL[n % 3],
        satisfaction: Some(satisfaction(4 * n)),
        risk: (!n.is_multiple_of(3)).then_some(0.07),
        risk_reasons: if n == 1 { satisfaction(0).reasons } else { Vec::new() },
        expected_loss: (!n.is_multiple_of(3)).then(|| yuan(168)),
    };
    MemberQueue {
        month: Some(month("2026-10")),
        is_told: true,
        by_concern: [900, 6_324, 9],
        grid: std::array::from_fn(|place| [place as u64, 3, 1_200]),
        tactics: tactics().lines.into_iter().map(|line| line.tactic).collect(),
        lines: (0..12).map(line).collect(),
    }
}

/// Every fourth is written by the unit itself, the first of them hostile.
fn tactic(n: usize, star: Option<StarRating>, value: SegmentValue) -> Tactic {
    let said = n.is_multiple_of(4).then(|| Said {
        text: if n == 0 { HOSTILE.to_owned() } else { "示例：当天上门\n次日回访".to_owned() },
        unit: OrgUnitId::new(1),
        unit_name: "示例省".to_owned(),
        by: "示例主管".to_owned(),
        at: Instant::from_micros(1_760_000_000_000_000),
    });
    Tactic { cell: TacticCell::new(star, value), said }
}

pub fn tactics() -> TacticsView {
    let line = |(n, cell): (usize, TacticCell)| {
        let tactic = tactic(n, cell.star(), cell.value());
        let changed = tactic.said.as_ref().map(|said| (said.by.clone(), said.at));
        TacticLine { revision: i64::from(changed.is_some()), changed, tactic }
    };
    TacticsView {
        unit: UnitName { id: OrgUnitId::new(1), name: "示例省".to_owned(), level: OrgLevel::Province },
        lines: TacticCell::all().enumerate().map(line).collect(),
    }
}

pub fn assessment(n: usize, stage: LifecycleStage, since: Month, at: Month) -> Assessment {
    let revenue = yuan(8_000_000 / (n as i64 + 3));
    Assessment {
        customer: CustomerId::new(n as i64 + 1),
        month: at,
        stage,
        stage_since: since,
        stage_confidence: 0.71 + (n % 25) as f32 / 100.0,
        stage_reasons: reasons(stage),
        naive_stage: if n.is_multiple_of(4) { LifecycleStage::Maturity } else { stage },
        star: (5_u8.saturating_sub(n as u8 / 12)).try_into().ok(),
        revenue_12m: revenue,
        profit_12m: Money::from_fen(revenue.fen() * if n % 9 == 8 { -1 } else { 3 } / 10),
        rfm: Some(Rfm { recency: 5, frequency: 4, monetary: 3 }),
        value: Some(LifetimeValue {
            amount: revenue,
            low: Money::from_fen(revenue.fen() / 10 * 9),
            high: Money::from_fen(revenue.fen() / 10 * 11),
            model: ValueModel::StageChain,
        }),
        risk: matches!(stage, LifecycleStage::Maturity | LifecycleStage::Decline).then(|| ExitRisk {
            probability: 0.02 + (n % 30) as f32 / 100.0,
            cause: ExitCause::from_index(n % 5),
            evidence: [(ReasonKind::Complaints, 2.0, 3), (ReasonKind::NoContact, 0.0, 4)]
                .map(|(kind, value, months)| Reason { kind, value, months })
                .to_vec(),
            expected_loss: Money::from_fen(revenue.fen() / 8),
            model: RiskModel::Learnt,
        }),
        segment: Some(Segment {
            value: Some((SegmentValue::High, 0.9)),
            buying_factor: (BuyingFactor::NetworkQuality, 0.62),
            factor_reason: SegmentReason::Faults,
            ict_need: (IctNeed::Connectivity, 0.7),
            need_reason: SegmentReason::Held,
        }),
        satisfaction: Some(satisfaction(n)),
    }
}

pub fn today() -> Today {
    let at = month("2026-10");
    let lines = (0..26).map(|n| {
        let from = LifecycleStage::Maturity;
        let (occasion, stage, since) = match n % 7 {
            0 => (Occasion::DeclineBegan { from }, LifecycleStage::Decline, at),
            1 => (
                Occasion::ContractEnds {
                    contract: ContractId::new(n as i64 + 1),
                    code: format!("HT-2024-{n:04}"),
                    ends_on: date("2026-12-31"),
                    days_left: 61,
                },
                LifecycleStage::Maturity,
                at - 9,
            ),
            2 => (Occasion::Warned, LifecycleStage::Maturity, at - 7),
            3 => (Occasion::StillDeclining, LifecycleStage::Decline, at - 3),
            4 => (Occasion::Improved { from: LifecycleStage::Development }, LifecycleStage::Growth, at),
            5 => (Occasion::Exited { from: LifecycleStage::Decline }, LifecycleStage::Termination, at),
            _ => {
                let (due_on, last) = (date("2026-10-20"), (n > 6).then(|| date("2026-10-06")));
                (Occasion::VisitOverdue { due_on, last }, LifecycleStage::Maturity, at - 5)
            }
        };
        let assessment = assessment(n, stage, since, at);
        TodayLine {
            customer: assessment.customer,
            name: if n == 3 { HOSTILE.to_owned() } else { name(n) },
            manager: (n % 2 == 0).then(|| "示例乙".to_owned()),
            occasion,
            at_stake: Stake::Expected(assessment.revenue_12m),
            assessment,
        }
    });
    Today {
        handed: vec![handed()],
        month: Some(at),
        customers: 1_284,
        revenue: (yuan(4_318_220), yuan(4_402_110)),
        declining: (163, 151),
        changed: 97,
        ending: 41,
        uneasy_members: 312,
        collaborations: 2,
        day: date("2026-11-20"),
        tasks: vec![due_task(false)],
        visits: vec![planned_visit(false)],
        by_kind: [12, 9, 25, 41, 87, 30, 7],
        lines: lines.collect(),
    }
}

fn row(n: usize, at: Month) -> CustomerRow {
    let stage = LifecycleStage::ALL[(n * 5 + n / 7) % LifecycleStage::COUNT];
    CustomerRow {
        id: CustomerId::new(n as i64 + 1),
        code: format!("C{:06}", n * 37 + 11),
        name: if n == 5 { HOSTILE.to_owned() } else { name(n) },
        category: CustomerCategory::ALL[n % CustomerCategory::ALL.len()],
        industry: (n % 7 != 6).then(|| KINDS[n % KINDS.len()].to_owned()),
        unit: format!("示例第{}网格", n % 4 + 1),
        manager: (n % 11 != 10).then(|| ["示例甲", "示例乙", "示例丙"][n % 3].to_owned()),
        lines: (n % 9 != 8).then_some(n as i64 * 3),
        known_since: Some("2019-04-08".parse().expect("a day")),
        last_visit: n.is_multiple_of(3).then(|| "2026-10-08".parse().expect("a day")),
        assessment: Some(assessment(n, stage, at - (n as i32 * 3 % 14), at)),
        own: Vec::new(),
    }
}

pub fn customers() -> CustomerPage {
    let at = month("2026-10");
    CustomerPage {
        month: Some(at),
        total: 12_840,
        by_stage: [1_204, 960, 2_377, 6_120, 1_630, 549],
        by_code: std::array::from_fn(|facet| vec![17; Facet::ALL[facet].codes().len()]),
        segment: Some("示例细分".to_owned()),
        rows: (0..50)
            .map(|n| CustomerRow { own: filled().into_iter().take(2).collect(), ..row(n, at) })
            .collect(),
        next: Some(CustomerId::new(50)),
        choices: CustomerChoices {
            industries: KINDS.map(str::to_owned).to_vec(),
            path: vec![unit(7, "示例市分公司", OrgLevel::City), unit(8, "示例区", OrgLevel::County)],
            below: vec![(unit(9, "样本县", OrgLevel::County), vec![unit(10, "样本网格", OrgLevel::Grid)])],
            managers: vec![(StaffId::new(3), "示例甲".to_owned()), (StaffId::new(4), "示例乙".to_owned())],
        },
        fields: Arc::new(Fields::from(fields())),
    }
}

/// Fields of every kind, the last one hidden.
pub fn fields() -> Vec<DefinedField> {
    let words = |text: &str| Words { zh: text.to_owned(), en: text.to_owned() };
    let option = |number: i64, code: &str, retired: bool| FieldOption {
        number,
        code: code.to_owned(),
        name: words(HOSTILE),
        retired,
    };
    let kinds = [
        FieldType::Text(200),
        FieldType::Whole,
        FieldType::Money,
        FieldType::Date,
        FieldType::YesNo,
        FieldType::Choice(vec![option(1, "first", false), option(2, "second", true)]),
        FieldType::Text(20),
    ];
    let field = |(place, kind): (usize, FieldType)| DefinedField {
        id: FieldId::new(place as i64 + 1),
        code: format!("own_{place}"),
        name: words(HOSTILE),
        hint: words(HOSTILE),
        unit: words(if place == 1 { HOSTILE } else { "" }),
        kind,
        home: match place {
            0..=2 => FieldHome::All,
            3 | 4 => FieldHome::Category(CustomerCategory::Sme),
            _ => FieldHome::Industry(CustomerCategory::Sme, HOSTILE.to_owned()),
        },
        required: place % 2 == 0,
        place: place as i64,
        retired: place == 6,
        revision: 1,
    };
    kinds.into_iter().enumerate().map(field).collect()
}

pub fn field_list() -> FieldList {
    let used = FieldUse { values: 1_204, by_option: [(1, 12)].into() };
    FieldList { fields: fields(), uses: fields().iter().map(|field| (field.id, used.clone())).collect() }
}

/// A definition in which something is wrong and that someone else was faster with.
pub fn field_form() -> FieldForm {
    let text = || HOSTILE.to_owned();
    let draft = FieldDraft {
        code: "own_5".to_owned(),
        name: (text(), text()),
        hint: (text(), String::new()),
        unit: (text(), text()),
        kind: "choice".to_owned(),
        category: "sme".to_owned(),
        industry: text(),
        options: vec![OptionDraft {
            code: "first".to_owned(),
            name: (text(), text()),
            used: 12,
            is_kept: true,
            ..OptionDraft::default()
        }],
        ..FieldDraft::default()
    };
    FieldForm {
        id: Some(FieldId::new(6)),
        draft,
        seen: 3,
        wrong: vec![("name-zh", Message::new("own-name-taken")), ("option", Message::new("own-option-used"))],
        other: Some(FieldDraft { kind: "date".to_owned(), ..FieldDraft::default() }),
        values: 12,
        retired: false,
        industries: vec![text()],
    }
}

/// Every field with what stands in it.
fn filled() -> Vec<(Arc<DefinedField>, Option<FieldValue>)> {
    let value = |field: &DefinedField| match field.kind {
        FieldType::Text(_) => FieldValue::Text(HOSTILE.into()),
        _ => FieldValue::Whole(1),
    };
    fields().into_iter().map(|field| (Arc::new(field.clone()), Some(value(&field)))).collect()
}

pub fn found() -> Found {
    let hit = |name: &str, phone: Option<&str>| RecordHit {
        customer: CustomerId::new(5),
        customer_name: HOSTILE.to_owned(),
        name: name.to_owned(),
        title: phone.map(|_| "信息中心主任".to_owned()),
        phone: phone.map(str::to_owned),
    };
    let records = RecordKind::ALL.map(|kind| Records {
        kind,
        found: Few {
            rows: match kind {
                RecordKind::Contacts => vec![hit(HOSTILE, Some("***-****-0142"))],
                _ => vec![hit("HT-2025-0103", None), hit(HOSTILE, None)],
            },
            more: kind != RecordKind::Contracts,
        },
    });
    Found {
        customers: customers().rows.into_iter().take(Found::ROWS).collect(),
        total: 12_840,
        records: records.to_vec(),
        people: Few { rows: vec![(StaffId::new(3), HOSTILE.to_owned())], more: true },
        units: Few { rows: vec![unit(8, "示例区", OrgLevel::County)], more: false },
    }
}

/// What an edit would do, and two that were done: one of them undone but for a customer.
pub fn edits() -> (Vec<Done>, edit::Plan) {
    let column = edit::column("category").expect("a column");
    let row = |id: i64, undone: Option<i64>| EditRow {
        id: EditId::new(id),
        column: "category".to_owned(),
        value: Cell::Text("sme".to_owned()),
        customers: 1_204,
        by_name: HOSTILE.to_owned(),
        at: Instant::from_micros(1_790_000_000_000_000),
        undone_at: undone.map(Instant::from_micros),
        left: u64::from(undone.is_some()),
    };
    let sme = Some("sme".to_owned());
    let left = vec![(CustomerId::new(2), HOSTILE.to_owned())];
    let done = vec![
        Done { row: row(2, None), column, value: sme.clone(), left: Vec::new() },
        Done { row: row(1, Some(1_790_000_100_000_000)), column, value: sme.clone(), left },
    ];
    let before = Some("public".to_owned());
    let plan = edit::Plan {
        column,
        value: sme,
        customers: vec![CustomerId::new(1), CustomerId::new(2)],
        before: vec![(before.clone(), 2)],
        examples: vec![(CustomerId::new(1), HOSTILE.to_owned(), before)],
        same: 17,
        foreign: 3,
        seen: "0".to_owned(),
    };
    (done, plan)
}

/// A sheet being imported: how its columns are taken; with what a trial found, and how far work has come.
pub fn sheet(found: bool, at: Option<At>) -> ImportView {
    let column =
        |name: &str| Sheet::Customer.columns().iter().find(|column| column.name == name).expect("a column");
    let offered = ["code", "name", "category", "industry", "credit_code"].map(column).to_vec();
    let columns = vec![
        ("Customer code".to_owned(), vec!["C1".to_owned(), "C2".to_owned()]),
        (HOSTILE.to_owned(), vec![HOSTILE.to_owned()]),
        (String::new(), Vec::new()),
    ];
    let names = [Some("code"), Some("name"), None].map(|name| name.map(str::to_owned));
    let mapping =
        Mapping { columns: names.to_vec(), mode: SheetMode::Both, key: SheetKey::Code, likes: false };
    let change = |column: &str, before: &str, after: &str| Change {
        line: 7,
        customer: CustomerId::new(1),
        name: HOSTILE.to_owned(),
        column: column.to_owned(),
        before: before.to_owned(),
        after: after.to_owned(),
    };
    let trial = SheetFound {
        seen: "0".to_owned(),
        counts: [120, 17, 3, 9],
        likes: 4,
        likes_taken: 0,
        columns: vec![("category".to_owned(), 12), ("industry".to_owned(), 9)],
        changes: vec![change("category", "public", "sme"), change("industry", "", HOSTILE)],
        created: vec![(2, "N1".to_owned(), HOSTILE.to_owned()), (3, String::new(), "示例新客户".to_owned())],
    };
    let refused = |line: u64, column: Option<&str>, reason: Message| Refusal {
        line,
        column: column.map(str::to_owned),
        reason,
    };
    ImportView {
        row: SheetImportRow {
            id: SheetImportId::new(4),
            owner: UserId::new(1),
            owner_name: HOSTILE.to_owned(),
            owner_unit: OrgUnitId::new(8),
            file_name: HOSTILE.to_owned(),
            uploaded_at: Instant::from_micros(1_790_000_000_000_000),
            header: String::new(),
            rows_read: 149,
            mapping: None,
            found: found.then(String::new),
            counts: [120, 17, 3, 9],
            done_at: None,
            reverted_by: None,
            reverted_at: None,
            left: (0, 0),
            has_file: true,
        },
        is_own: true,
        at,
        columns,
        offered,
        mapping,
        found: found.then_some(trial),
        refused: vec![
            refused(5, Some("category"), Message::new("sheet-category-wrong")),
            refused(8, None, Message::new("sheet-like-known").with("name", HOSTILE).with("code", "C7")),
            refused(9, None, Message::new("sheet-like-foreign").with("unit", "示例市")),
        ],
        left: None,
    }
}

/// A sheet that was brought in, or reverted but for some.
pub fn sheet_done(reverted: bool) -> ImportView {
    let mut view = sheet(true, None);
    view.columns = Vec::new();
    view.row.done_at = Some(Instant::from_micros(1_790_000_100_000_000));
    if reverted {
        view.row.reverted_at = Some(Instant::from_micros(1_790_000_200_000_000));
        view.row.reverted_by = Some("示例乙".to_owned());
        view.row.left = (2, 1);
        view.left = Some((sheet_report(), vec![(CustomerId::new(2), HOSTILE.to_owned())]));
    }
    view
}

/// What a revert leaves.
pub fn sheet_report() -> Reverted {
    Reverted {
        removed: 118,
        restored: 16,
        values: 20,
        left: LeftFor::ALL.iter().zip(2..).map(|(why, id)| (CustomerId::new(id), *why)).collect(),
        left_count: 60,
        kept: vec![
            (CustomerId::new(1), "org_code".to_owned()),
            (CustomerId::new(2), "wallet_yuan".to_owned()),
        ],
        kept_count: 2,
    }
}

/// Views: one pinned, one shared by a unit, one of another's that is open to be seen only.
pub fn views() -> Vec<SavedView> {
    let view = |id: i64, name: &str, unit: Option<&str>| SavedView {
        id: ViewId::new(id),
        name: name.to_owned(),
        query: CustomerQuery { view: Some(ViewId::new(id)), ..CustomerQuery::first() },
        unit: unit.map(str::to_owned),
        owner: "示例甲".to_owned(),
        may_change: id != 3,
        is_pinned: id == 1,
        revision: 2,
        changed_by: "示例乙".to_owned(),
        changed_at: Instant::from_micros(1_790_000_000_000_000),
    };
    vec![view(1, HOSTILE, None), view(2, "示例衰退", Some("示例区")), view(3, "示例高价值", Some("示例省"))]
}

pub fn customers_before_cycle() -> CustomerPage {
    let mut page = customers();
    page.month = None;
    page.by_stage = [0; LifecycleStage::COUNT];
    page.rows.iter_mut().for_each(|row| row.assessment = None);
    page
}

fn months() -> Vec<RelationMonth> {
    let first = month("2024-08");
    (0..27)
        .map(|n| {
            let at = first + n;
            let t = f64::from(n);
            let (stage, since) = match n {
                0 => (LifecycleStage::Potential, 0),
                1..=4 => (LifecycleStage::Development, 1),
                5..=11 => (LifecycleStage::Growth, 5),
                12..=22 => (LifecycleStage::Maturity, 12),
                _ => (LifecycleStage::Decline, 23),
            };
            let level = match n {
                0 => 0.0,
                1..=11 => t / 11.0,
                12..=22 => 1.0 + (t * 2.1).sin() * 0.03,
                _ => 1.0 - (t - 22.0) * 0.13,
            };
            let season = 1.0 + (t / 12.0 * std::f64::consts::TAU).sin() * 0.06;
            let revenue = Money::from_fen((level * season * 4_620_000.0) as i64);
            let cost = Money::from_fen((900_000.0 + level * 2_100_000.0) as i64);
            let of_month = assessment(0, stage, first + since, at);
            RelationMonth {
                month: at,
                stage,
                confidence: of_month.stage_confidence,
                reasons: of_month.stage_reasons,
                usage: Some(level * season * 61_000.0),
                lines: Some((level * 240.0).round()),
                revenue: Some(revenue),
                cost,
            }
        })
        .collect()
}

pub fn customer() -> CustomerView {
    let months = months();
    let mut row = row(0, month("2026-10"));
    row.assessment = Some(assessment(0, LifecycleStage::Decline, month("2024-08") + 23, month("2026-10")));
    let service = |n: i64, product: &str, family, ended: Option<(&str, EndReason)>, trial| ServiceRow {
        id: ServiceId::new(n),
        code: format!("S{n:06}"),
        product: product.to_owned(),
        family,
        quantity: 12.0 * n as f64,
        price: Some(yuan(38 * n)),
        started_on: date("2024-09-12"),
        ended_on: ended.map(|(on, _)| date(on)),
        trial,
        end_reason: ended.map(|(_, reason)| reason),
    };
    CustomerView {
        units: vec![
            unit(1, "总部", OrgLevel::Hq),
            unit(2, "示例省", OrgLevel::Province),
            unit(7, "示例市分公司", OrgLevel::City),
            unit(8, "示例区", OrgLevel::County),
            unit(12, "示例第1网格", OrgLevel::Grid),
        ],
        merged: vec![merged()],
        employees: Some(1_860),
        credit_code: Some("91110000SAMPLE0001".to_owned()),
        address: Some("示例市示例区样本路 1 号".to_owned()),
        created_on: date("2024-06-03"),
        competitor: Some("对手一".to_owned()),
        wallet: Some(yuan(1_240_000)),
        tree: vec![
            TreeNode {
                open: None,
                name: "示例制造集团".to_owned(),
                depth: 0,
                unit: "样本省".to_owned(),
                manager: Some("示例丁".to_owned()),
                is_self: false,
            },
            TreeNode {
                open: Some(row.id),
                name: row.name.clone(),
                depth: 1,
                unit: row.unit.clone(),
                manager: row.manager.clone(),
                is_self: true,
            },
            TreeNode {
                open: Some(CustomerId::new(88)),
                name: HOSTILE.to_owned(),
                depth: 2,
                unit: "示例第2网格".to_owned(),
                manager: None,
                is_self: false,
            },
        ],
        services: vec![
            service(1, "互联网专线 200M", ProductFamily::LeasedLine, None, false),
            service(2, "集团短信", ProductFamily::Sms, None, false),
            service(3, "云主机", ProductFamily::Idc, None, true),
            service(
                4,
                "商务总机",
                ProductFamily::Switchboard,
                Some(("2026-08-31", EndReason::Competitor)),
                false,
            ),
        ],
        contracts: vec![
            ContractRow {
                id: ContractId::new(1),
                code: "HT-2025-0103".to_owned(),
                signed_on: date("2025-01-03"),
                starts_on: date("2025-01-05"),
                ends_on: Some(date("2026-12-31")),
                prepaid: Some(yuan(120_000)),
                sla: Some(Sla::Gold),
            },
            ContractRow {
                id: ContractId::new(2),
                code: "HT-2024-0912".to_owned(),
                signed_on: date("2024-09-01"),
                starts_on: date("2024-09-12"),
                ends_on: None,
                prepaid: None,
                sla: None,
            },
        ],
        members: (
            236,
            (0..8)
                .map(|n| MemberRow {
                    id: MemberId::new(n + 1),
                    code: format!("M{n:07}"),
                    plan: Some(["畅享 129", "商务 59"][n as usize % 2].to_owned()),
                    payer: Some(Payer::ALL[n as usize % 2]),
                    joined_on: date("2024-10-01"),
                    left_on: (n == 5).then(|| date("2026-09-14")),
                    survey_score: (n % 3 == 0).then_some(7),
                })
                .collect(),
        ),
        members_told: (0..7)
            .map(|n| {
                let told = MemberMonth {
                    member: MemberId::new(n + 1),
                    customer: CustomerId::new(1),
                    month: month("2026-10"),
                    satisfaction: (n != 2).then(|| satisfaction(n as usize)),
                    risk: (n != 3).then_some(0.04),
                    risk_reasons: if n == 1 { satisfaction(0).reasons } else { Vec::new() },
                    value: yuan(1_200),
                };
                (told.member, told)
            })
            .collect(),
        contacts: vec![
            ContactRow {
                id: ContactId::new(1),
                name: "样本一".to_owned(),
                title: Some("信息中心主任".to_owned()),
                phone: Some("*******1234".to_owned()),
                email: Some("s***@example.com".to_owned()),
                cute_role: Some(CuteRole::Technical),
                style: Some("示例风格".to_owned()),
                closeness: Some(72),
                trust: Some(64),
                favour: Some(41),
                prefers: Some("样本偏好".to_owned()),
                left_on: None,
            },
            ContactRow {
                id: ContactId::new(2),
                name: HOSTILE.to_owned(),
                title: None,
                phone: None,
                email: None,
                cute_role: Some(CuteRole::User),
                style: None,
                closeness: None,
                trust: Some(30),
                favour: None,
                prefers: None,
                left_on: Some(date("2026-03-31")),
            },
        ],
        tickets: (0..14)
            .map(|n| TicketRow {
                id: TicketId::new(n as i64 + 1),
                code: format!("GD{n:08}"),
                kind: TicketKind::ALL[n % TicketKind::ALL.len()],
                channel: Channel::ALL[n % Channel::ALL.len()],
                opened_at: instant("2026-10-11T09:12:00+08:00"),
                first_responder: Some("示例甲".to_owned()),
                due_at: Some(instant("2026-10-12T09:12:00+08:00")),
                closed_at: (n > 0).then(|| instant("2026-10-13T10:00:00+08:00")),
                cause: (n % 2 == 1).then(|| "线路中断".to_owned()),
                score: (n > 2).then_some(3),
            })
            .collect(),
        timeline: happenings(),
        last_contact: Some(instant("2026-10-20T15:30:00+08:00")),
        visits: vec![planned_visit(false).visit],
        tasks: vec![due_task(false).task, due_task(true).task],
        visit_due_on: Some(date("2026-10-27")),
        review_due_on: Some(date("2026-01-08")),
        today: date("2026-11-20"),
        months,
        row,
        sheets: sheets(),
        own: filled(),
        may_edit: true,
        may_log: true,
    }
}

/// One entry of every kind.
fn happenings() -> Vec<TimelineEntry> {
    let hostile = || Some(HOSTILE.to_owned());
    let months = months();
    let changed = months.windows(2).find(|pair| pair[0].stage != pair[1].stage).expect("a change of stage");
    let events = vec![
        TimelineEvent::Contact {
            id: InteractionId::new(1),
            channel: Channel::Visit,
            direction: Direction::Out,
            purpose: hostile(),
            outcome: hostile(),
            staff: Some("示例甲".to_owned()),
            contact: Some("样本一".to_owned()),
            place: hostile(),
            note: hostile(),
        },
        TimelineEvent::TicketOpened {
            code: "GD-1".to_owned(),
            kind: TicketKind::Fault,
            channel: Channel::Phone,
            cause: hostile(),
            staff: None,
        },
        TimelineEvent::TicketClosed { code: "GD-1".to_owned(), kind: TicketKind::Fault, score: Some(4) },
        TimelineEvent::ServiceStarted {
            product: "互联网专线".to_owned(),
            quantity: 2.0,
            price: Some(yuan(1_200)),
            trial: true,
        },
        TimelineEvent::ServiceEnded { product: "商务总机".to_owned(), reason: Some(EndReason::Price) },
        TimelineEvent::ContractSigned {
            code: "HT-1".to_owned(),
            ends_on: Some(date("2027-10-01")),
            prepaid: Some(yuan(140_000)),
        },
        TimelineEvent::Move {
            step: RelationStep::Build,
            what: HOSTILE.to_owned(),
            outcome: None,
            contact: None,
        },
        TimelineEvent::Activity {
            kind: ActivityKind::Match,
            what: HOSTILE.to_owned(),
            outcome: hostile(),
            contact: None,
            programme: hostile(),
        },
        TimelineEvent::Review { scores: [60, 70, 40], next_step: hostile() },
        TimelineEvent::OpportunityOpened {
            product: None,
            amount: Some(yuan(20_000)),
            stage: FunnelStage::Attention,
            staff: None,
        },
        TimelineEvent::OpportunityClosed {
            product: Some("云主机".to_owned()),
            amount: None,
            outcome: Some(OpportunityOutcome::Lost),
            reason: hostile(),
            competitor: hostile(),
        },
        TimelineEvent::Survey {
            study: HOSTILE.to_owned(),
            question: "样本问题".to_owned(),
            answer: hostile(),
            score: (Some(8.0), Some(10.0)),
            contact: None,
        },
    ];
    let stage = Happening::Stage { from: changed[0].stage, to: Box::new(changed[1].clone()) };
    let what = events.into_iter().map(Happening::Event).chain([stage]);
    what.enumerate()
        .map(|(place, what)| TimelineEntry {
            place: TimelinePlace {
                at: instant("2026-10-20T15:30:00+08:00"),
                rank: place as u8,
                id: place as i64,
            },
            customer: (CustomerId::new(1), HOSTILE.into()),
            what,
        })
        .collect()
}

pub fn timeline() -> TimelinePage {
    let entries = happenings();
    TimelinePage {
        customer: (CustomerId::new(1), HOSTILE.to_owned()),
        in_tree: 3,
        next: entries.last().map(|entry| entry.place),
        entries,
        may_log: true,
    }
}

fn planned_visit(is_done: bool) -> VisitOf {
    let visit = VisitRow {
        id: VisitId::new(1),
        customer: CustomerId::new(1),
        planned_on: date("2026-11-18"),
        planned_at: Some("09:30".to_owned()),
        staff: None,
        staff_name: Some("示例甲".to_owned()),
        contact: Some("样本一".to_owned()),
        goal: Some(HOSTILE.to_owned()),
        is_done,
    };
    VisitOf { name: HOSTILE.to_owned(), visit }
}

fn due_task(is_done: bool) -> TaskOf {
    let task = TaskRow {
        id: TaskId::new(1),
        customer: CustomerId::new(1),
        title: HOSTILE.to_owned(),
        note: Some(HOSTILE.to_owned()),
        due_on: date("2026-11-18"),
        staff: None,
        staff_name: Some("示例甲".to_owned()),
        done_at: is_done.then(|| instant("2026-11-19T09:12:00+08:00")),
    };
    TaskOf { name: HOSTILE.to_owned(), task }
}

pub fn visits() -> Visits {
    let at = month("2026-10");
    let line = |n: usize| DueVisit {
        customer: CustomerId::new(n as i64 + 1),
        name: if n == 1 { HOSTILE.to_owned() } else { name(n) },
        manager: n.is_multiple_of(2).then(|| "示例乙".to_owned()),
        assessment: Some(assessment(n, LifecycleStage::Maturity, at - 5, at)),
        at_stake: if n.is_multiple_of(3) {
            Stake::Revenue(yuan(12_000))
        } else {
            Stake::Expected(yuan(12_000))
        },
        due_on: date("2026-11-12"),
        last: n.is_multiple_of(2).then(|| date("2026-11-05")),
        planned_on: (n == 0).then(|| date("2026-11-25")),
    };
    let due = (3, vec![(CustomerId::new(2), HOSTILE.to_owned()), (CustomerId::new(3), name(3))]);
    Visits {
        today: date("2026-11-20"),
        month: date("2026-11-01"),
        whose: None,
        people: vec![("S1".to_owned(), "示例甲".to_owned())],
        planned: vec![planned_visit(false), planned_visit(true)],
        due: [(date("2026-11-26"), due)].into(),
        overdue: 140,
        lines: (0..4).map(line).collect(),
    }
}

pub fn customer_before_cycle() -> CustomerView {
    let mut view = customer();
    view.row.assessment = None;
    view.row.manager = None;
    view.months.clear();
    view.services.clear();
    view.contracts.clear();
    view.members = (0, Vec::new());
    view.contacts.clear();
    view.tickets.clear();
    view.timeline.clear();
    view.last_contact = None;
    view.visits.clear();
    view.tasks.clear();
    view.tree.clear();
    view
}

fn sums(scale: f64, drift: f64) -> UnitSums {
    let customers = [1_204.0, 960.0, 2_377.0, 6_120.0, 1_630.0 * (1.0 + drift), 549.0 * (1.0 + 2.0 * drift)];
    let revenue = [0.0, 310_000.0, 3_120_000.0, 12_400_000.0, 1_980_000.0 * (1.0 - drift), 0.0];
    let revenue = revenue.map(|amount| Money::from_fen((amount * scale * 100.0) as i64));
    let total: Money = revenue.iter().copied().sum();
    UnitSums {
        customers: customers.map(|count| (count * scale) as i64),
        revenue,
        cost: Money::from_fen(total.fen() * 6 / 10),
        revenue_12m: Money::from_fen(total.fen() * 12),
        profit_12m: Money::from_fen(total.fen() * 5),
    }
}

fn total(lines: &[UnitSums]) -> UnitSums {
    lines.iter().fold(UnitSums::default(), |mut total, line| {
        for index in 0..LifecycleStage::COUNT {
            total.customers[index] += line.customers[index];
            total.revenue[index] += line.revenue[index];
        }
        total.cost += line.cost;
        total.revenue_12m += line.revenue_12m;
        total.profit_12m += line.profit_12m;
        total
    })
}

/// Relations that began in six years, n months into the second last.
fn cohorts(n: i32) -> Vec<CohortSum> {
    let cohort = |year: i32| {
        let age = f64::from(2026 - year) + f64::from(n - 23) / 12.0;
        CohortSum {
            year,
            stage: if age < 2.0 { LifecycleStage::Growth } else { LifecycleStage::Maturity },
            customers: 1_000,
            usage: yuan((900_000.0 * age) as i64),
            revenue: yuan((800_000.0 * age) as i64),
            cost: yuan((300_000.0 + 90_000.0 * age * age) as i64),
        }
    };
    (2018..2024).map(cohort).collect()
}

pub fn insight() -> Insight {
    let at = month("2026-10");
    let below: Vec<UnitLine> = (0..7)
        .map(|n| UnitLine {
            unit: (n < 6).then(|| {
                unit(
                    20 + n,
                    &format!("示例{}区", ["东", "南", "西", "北", "中", "新"][n as usize]),
                    OrgLevel::County,
                )
            }),
            now: sums(0.28 / (n as f64 + 1.0), 0.05 * n as f64),
            last_month: Some(sums(0.278 / (n as f64 + 1.0), 0.04 * n as f64)),
            last_year: (n != 5).then(|| sums(0.25 / (n as f64 + 1.0), 0.02)),
        })
        .collect();
    let now: Vec<UnitSums> = below.iter().map(|line| line.now).collect();
    let last_month: Vec<UnitSums> = below.iter().filter_map(|line| line.last_month).collect();
    let last_year: Vec<UnitSums> = below.iter().filter_map(|line| line.last_year).collect();
    let mut flows = [[0; LifecycleStage::COUNT]; LifecycleStage::COUNT];
    for (i, j, count) in [
        (0, 1, 112),
        (1, 2, 240),
        (1, 4, 31),
        (1, 5, 22),
        (2, 3, 310),
        (2, 4, 88),
        (3, 2, 61),
        (3, 4, 266),
        (3, 5, 9),
        (4, 3, 74),
        (4, 5, 131),
        (5, 1, 12),
        (4, 2, 40),
    ] {
        flows[i][j] = count;
    }
    for (stage, row) in flows.iter_mut().enumerate() {
        row[stage] = [1_090, 640, 1_980, 5_800, 1_240, 420][stage];
    }
    Insight {
        month: at,
        unit: unit(7, "示例市分公司", OrgLevel::City),
        path: vec![
            unit(1, "总部", OrgLevel::Hq),
            unit(2, "示例省", OrgLevel::Province),
            unit(7, "示例市分公司", OrgLevel::City),
        ],
        elsewhere: vec![unit(9, "样本市分公司", OrgLevel::City)],
        now: total(&now),
        last_month: Some(total(&last_month)),
        last_year: Some(total(&last_year)),
        months: (0..24)
            .map(|n| (at - 23 + n, sums(0.6 + f64::from(n) * 0.01, f64::from(n) * 0.01)))
            .collect(),
        flows,
        at_risk: std::array::from_fn(|place| AtRisk {
            customers: 12 * (place as i64 + 1),
            revenue_12m: yuan(900_000 * (place as i64 + 1)),
            expected_loss: yuan(30_000 * (place as i64 + 1)),
        }),
        satisfaction: Some(std::array::from_fn(|star| {
            std::array::from_fn(|label| SatisfactionCell {
                customers: (star * label) as i64 * 7,
                revenue_12m: yuan((star * label) as i64 * 90_000),
            })
        })),
        worth: std::array::from_fn(|stage| StageWorth {
            customers: [0, 420, 1_900, 5_200, 900, 60][stage],
            total: yuan([0, 900_000, 31_000_000, 98_000_000, 2_400_000, -20_000][stage]),
            reach: yuan([0, 90_000, 2_000_000, 4_000_000, 300_000, 30_000][stage]),
        }),
        concentration: Some(Concentration {
            customers: 10_460,
            top_fifth: 0.78,
            top_fifth_range: Some(Interval { low: 0.765, high: 0.795 }),
            gini: 0.71,
            curve: (0..=20).map(|n| (1.0 - (1.0 - n as f32 / 20.0).powf(6.6)).min(1.0)).collect(),
        }),
        ages: Ages::new(&(0..24).map(|n| (at - 23 + n, cohorts(n))).collect::<Vec<_>>()),
        below,
    }
}

pub fn data() -> DataView {
    let import = |id: i64, state, bad| ImportRow {
        id: ImportId::new(id),
        folder: format!("/data/extract-2026-{id:02}"),
        started_at: instant("2026-11-02T08:00:00+08:00"),
        ended_at: (state != RunState::Running).then(|| instant("2026-11-02T08:01:12+08:00")),
        state,
        rows_read: 1_204_330,
        rows_added: 60_220,
        rows_changed: 311,
        rows_bad: bad,
        problems: (0..bad.min(20))
            .map(|n| RowProblem {
                file: "services.csv".to_owned(),
                line: 12 + n,
                column: "started_on".to_owned(),
                value: if n == 1 { HOSTILE.to_owned() } else { "2026-02-30".to_owned() },
                reason: Message::new("problem-internal").with("error", "示例"),
            })
            .collect(),
        failure: (state == RunState::Failed).then(|| "磁盘已满".to_owned()),
    };
    DataView {
        imports: vec![
            import(12, RunState::Running, 0),
            import(11, RunState::Refused, 34),
            import(10, RunState::Done, 0),
            import(9, RunState::Failed, 0),
        ],
        cycles: vec![
            CycleRow {
                id: CycleId::new(4),
                first: month("2026-10"),
                last: month("2026-10"),
                started_at: instant("2026-11-02T08:05:00+08:00"),
                ended_at: Some(instant("2026-11-02T08:05:03+08:00")),
                state: RunState::Done,
                months_done: 1,
                customers: 12_840,
                failure: None,
            },
            CycleRow {
                id: CycleId::new(3),
                first: month("2024-11"),
                last: month("2026-09"),
                started_at: instant("2026-10-02T08:05:00+08:00"),
                ended_at: Some(instant("2026-10-02T08:07:41+08:00")),
                state: RunState::Failed,
                months_done: 11,
                customers: 12_101,
                failure: Some("磁盘已满".to_owned()),
            },
        ],
        stale: vec![month("2026-08"), month("2026-09"), month("2026-10")],
    }
}

/// A back-test with every verdict.
fn value_test() -> ValueTest {
    let candidate = |model, error: f64| CandidateTest {
        model,
        error,
        better_by: (model != Candidate::IN_USE).then_some(Interval { low: -0.04, high: 0.08 }),
        total_error: error - 0.5,
        absolute_error: error,
        rank_correlation: Some(1.0 - error),
        coverage: (model != Candidate::LastYear).then_some(0.26),
        calibration: (0..10)
            .map(|tenth| {
                let foretold = -6_000.0 + 900.0 * f64::from(tenth).powi(2);
                let range = Interval { low: foretold - 900.0, high: foretold + 1_500.0 };
                Tenth { customers: 380, foretold, came: foretold + 300.0, range }
            })
            .collect(),
    };
    let candidates: Vec<CandidateTest> = Candidate::ALL
        .into_iter()
        .zip([0.44, 0.6, 0.56, 0.57, 0.58, 0.43])
        .map(|(model, error)| candidate(model, error))
        .collect();
    let group = |(group, verdict): (Option<CustomerCategory>, Verdict)| GroupTest {
        group,
        customers: 3_800,
        came: 15_129.4,
        verdict,
        candidates: match verdict {
            Verdict::TooFew { .. } | Verdict::NothingCame => Vec::new(),
            _ => candidates.clone(),
        },
    };
    let verdicts = [
        Verdict::Better { model: Candidate::BgNbd },
        Verdict::TooFew { needed: 30 },
        Verdict::NothingCame,
        Verdict::InUse { second: Candidate::Sbg },
        Verdict::WithinNoise { best: Candidate::Recency },
        Verdict::Simpler { model: Candidate::Retention, best: Candidate::BgNbd },
    ];
    let groups = std::iter::once(None).chain(CustomerCategory::ALL.iter().copied().map(Some));
    ValueTest {
        months: [24, 9],
        held_out: Some(HeldOutMonths { known_to: month("2025-10"), last: month("2026-10"), months: 12 }),
        unfit: vec![Candidate::Sbg],
        groups: groups.zip(verdicts).map(group).collect(),
    }
}

pub fn models() -> ModelsView {
    let judged = Judged {
        rows: 10_622,
        exits: 342,
        auc: 0.851,
        pr_auc: 0.166,
        brier: 0.0284,
        calibration_error: 0.004,
        top_decile_lift: 5.3,
        log_loss: 0.111,
        tenths: (1..=10)
            .map(|tenth| {
                let said = 0.0004 * 2_f64.powi(tenth);
                CalibrationBin { count: 1_062, said, happened: said * (0.8 + 0.04 * f64::from(tenth)) }
            })
            .collect(),
    };
    let mut seen = Seen::default();
    seen.add(&LifecycleStage::ALL.iter().map(|&stage| (stage, 0.3)).collect::<Vec<_>>());
    let options = ChainOptions {
        discount: 0.008,
        horizon: Some(36),
        booking: Booking::FirstExcluded,
        prior_weight: 2.0,
        level_periods: 6.0,
        draws: 10,
        seed: 1,
    };
    let card = |judged: &Judged| RiskCard {
        model: Some(RiskModel::Learnt),
        learnt_in: Some(month("2026-05")),
        version: 3,
        judged: Some(judged.clone()),
        ..RiskCard::default()
    };
    let trial = |tried: Judged| Trial {
        month: month("2026-08"),
        taken: tried.log_loss <= judged.log_loss,
        tried,
        in_use: judged.clone(),
    };
    let inferred = |codes: usize| {
        let mut inferred = Inferences::default();
        (0..400).for_each(|n| inferred.add(n % codes, 0.3 + 0.1 * (n % 7) as f32));
        inferred
    };
    ModelsView {
        month: Some(month("2026-10")),
        value_test: Some(value_test()),
        risk_over_time: vec![(month("2026-05"), card(&judged)), (month("2026-08"), card(&judged))],
        risk: Some(RiskCard {
            model: Some(RiskModel::Learnt),
            learnt_in: Some(month("2026-08")),
            version: 4,
            rows: 47_979,
            exits: 1_619,
            refused: Some(Judged { log_loss: 0.116, ..judged.clone() }),
            by_stage: Some(Judged { log_loss: 0.131, auc: 0.62, ..judged.clone() }),
            judged_on: JudgedOn::OtherCustomers,
            judged: Some(judged.clone()),
            drift: Some(0.31),
            drift_alarm: true,
        }),
        stages: Some(StageCard {
            months: Some((month("2025-11"), month("2026-07"))),
            rows: 41_200,
            tenths: judged.tenths.clone(),
            stages: LifecycleStage::ALL
                .iter()
                .map(|&stage| StageFate {
                    stage,
                    rows: 6_867,
                    stood: 0.83,
                    earning: (0.97, Interval { low: 0.96, high: 0.98 }),
                    revenue: (stage != LifecycleStage::Potential)
                        .then_some((0.92, Interval { low: 0.9, high: 0.94 })),
                })
                .collect(),
        }),
        segments: Some(SegmentCard {
            value: inferred(3),
            buying_factor: inferred(7),
            ict_need: Inferences::default(),
        }),
        value: StageChain::learn(&seen, &options).ok(),
        satisfaction: Some(SatisfactionCard {
            answers: 2_310,
            least: 150,
            learnt_in: Some(month("2026-08")),
            version: 3,
            labels: [510, 800, 600, 400],
            held_out: Some(HeldOut {
                rows: 2_310,
                dissatisfied: 510,
                auc: MeanAndDeviation { mean: 0.631, sd: 0.021 },
                pr_auc: 0.31,
                brier: 0.162,
                calibration_error: 0.018,
                top_decile_lift: 1.7,
                tenths: judged.tenths.clone(),
            }),
            refused: false,
            trial: Some(trial(Judged { log_loss: 0.119, ..judged.clone() })),
            drift: Some(Drift { stability: 0.04, alarm: false }),
        }),
        member_risk: Some(MemberRiskCard {
            model: Some(RiskModel::Learnt),
            learnt_in: Some(month("2026-06")),
            version: 2,
            rows: 23_900,
            exits: 1_210,
            trial: Some(trial(judged.clone())),
            drift: Some(Drift { stability: 0.27, alarm: true }),
            judged: Some(judged),
        }),
        ahead: (36, 0.1),
    }
}

pub fn segments() -> SegmentBuilder {
    let figures = |customers: u64| SegmentFigures {
        customers,
        revenue_12m: yuan(customers as i64 * 8_400),
        profit_12m: yuan(customers as i64 * 2_100),
        by_stage: [0, customers / 8, customers / 4, customers / 2, customers / 8, 0],
        risk: Some(0.083),
        expected_loss: yuan(customers as i64 * 310),
    };
    let saved = |n: i64, name: &str, is_own: bool| SavedSegment {
        id: SegmentId::new(n),
        name: name.to_owned(),
        goal: is_own.then(|| "样本：稳住收入".to_owned()),
        play: is_own.then(|| HOSTILE.to_owned()),
        groups: vec![CustomerQuery {
            stages: vec![LifecycleStage::Decline],
            chosen: Chosen::default().with(Facet::Risk, 0),
            ..CustomerQuery::first()
        }],
        owner: "示例丁".to_owned(),
        is_own,
        figures: figures(412),
        overlap: 0.375,
        certificate: KeptCertificate {
            certified: is_own,
            is_tried: is_own,
            findings: vec![science::segments::certify_single(&Declared::Asked {
                goal: is_own.then(|| "样本".to_owned()),
                play: is_own.then(|| "样本".to_owned()),
            })],
        },
    };
    SegmentBuilder {
        month: Some(month("2026-10")),
        figures: figures(1_204),
        everyone: figures(12_840),
        saved: vec![saved(4, "示例衰退且高风险", true), saved(5, HOSTILE, false)],
        fields: customers().fields,
        choices: customers().choices,
        units: vec![(OrgUnitId::new(8), "示例区".to_owned())],
        managers: vec![(StaffId::new(3), "示例甲".to_owned())],
    }
}

pub fn segments_empty() -> SegmentBuilder {
    SegmentBuilder { month: None, saved: Vec::new(), ..segments() }
}

/// A division that does not hold, by the science itself.
pub fn examined() -> web::pages::segment::Examined {
    let codes = |modulus: u32| (0..400_u32).map(|row| row % modulus).collect();
    let names = || ["示例高", "示例中", "示例低"].map(str::to_owned).to_vec();
    let column = |name: &str, values| Column { name: name.to_owned(), values, misfits: 0 };
    let outcome = (0..400).map(|row| f64::from(row * 7919 % 97)).collect();
    let frame = Frame::from_columns(vec![
        column("示例价值档", Values::Categories { codes: codes(3), names: names() }),
        column("示例月收入变化", Values::Numbers(outcome)),
    ]);
    let options = Options {
        outcome: "示例月收入变化".to_owned(),
        by: vec!["示例价值档".to_owned()],
        smallest: 30,
        overlap: 0.4,
        declared: Declared::Asked { goal: None, play: None },
        seed: 1,
    };
    web::pages::segment::Examined {
        by: vec![Dimension::Saved],
        outcome: SegmentOutcome::Revenue,
        certificate: Some(Ok(Some(certify(&frame, &options).expect("a certificate")))),
    }
}

/// One that the user leads, with units that have not joined, are at work, late and done; one led by another.
pub fn collaborations() -> Collaborations {
    let party = |unit_id: i64, due: &str, joined: bool, done: bool| Party {
        unit: OrgUnitId::new(unit_id),
        due: date(due),
        open_until: joined.then(|| date("2026-02-28")),
        done_at: done.then(|| Instant::from_micros(0)),
    };
    let of = |id: i64, own: usize, parties: Vec<Party>| Collaboration {
        sees_customer: own == 0,
        units: (0..parties.len())
            .map(|place| (unit(place as i64 + 7, "示例分公司", OrgLevel::City), place == own))
            .collect(),
        row: CollaborationRow {
            id: CollaborationId::new(id),
            customer: CustomerId::new(5),
            code: "C5".to_owned(),
            name: HOSTILE.to_owned(),
            subject: HOSTILE.to_owned(),
            opened_by: "示例甲".to_owned(),
            opened_at: Instant::from_micros(0),
            parties,
        },
    };
    let led = vec![
        party(7, "2026-03-31", true, false),
        party(8, "2026-02-28", false, false),
        party(9, "2026-01-10", true, false),
        party(10, "2026-01-20", true, true),
    ];
    let assisted = vec![party(7, "2026-01-31", true, false), party(8, "2026-01-20", false, false)];
    Collaborations {
        rows: vec![of(1, 0, led), of(2, 1, assisted)],
        today: date("2026-01-15"),
        unit_code: "U7".to_owned(),
        may_open: true,
    }
}

pub fn duplicates() -> Duplicates {
    let shown = |code: &str, credit_code: Option<&str>| Shown {
        code: code.to_owned(),
        category: Some(CustomerCategory::Sme),
        credit_code: credit_code.map(str::to_owned),
        address: Some(HOSTILE.to_owned()),
        phones: ["*******0142", "*******0177", "*******0199", "*******0100"]
            .into_iter()
            .zip([false, true, false, false])
            .map(|(phone, shared)| (phone.to_owned(), shared))
            .collect(),
        revenue: Some(yuan(120_000)),
        counts: RelationCounts { counts: [1, 2, 3, 4, 0, 6, 7, 8, 9, 0, 1, 0, 0, 0, 0, 0, 1, 5, 2] },
    };
    let side = |id: i64, name: &str, shown: Option<Shown>| Side {
        id: CustomerId::new(id),
        name: name.to_owned(),
        unit: Some(unit(7, "示例市分公司", OrgLevel::City)),
        manager: Some("示例甲".to_owned()),
        shown,
    };
    let own = SuspectedPair {
        probability: 0.987,
        evidence: Some(Evidence { name: 12.0, branch: -2.0, credit_code: 9.0, contact: -3.0 }),
        sides: [
            side(5, HOSTILE, Some(shown("C5", Some("91000000MADEUP001M")))),
            side(6, "示例恒辰商贸公司", Some(shown("C6", None))),
        ],
        is_own: true,
        decides: Some(unit(7, "示例市分公司", OrgLevel::City)),
    };
    let foreign = SuspectedPair {
        evidence: None,
        is_own: false,
        sides: [side(5, "示例恒辰商贸有限公司", Some(shown("C5", None))), side(9, HOSTILE, None)],
        ..own.clone()
    };
    Duplicates {
        run: Some(DuplicateRun {
            started_at: Instant::from_micros(0),
            ended_at: Some(Instant::from_micros(0)),
            state: RunState::Done,
            customers: Some(1_000_000),
            pairs: Some(32),
            failure: None,
        }),
        total: 32,
        from: 10,
        pairs: vec![own, foreign],
        merges: vec![merged()],
    }
}

pub fn merged() -> MergeRow {
    MergeRow {
        id: MergeId::new(3),
        merged: CustomerId::new(11),
        merged_code: "C11".to_owned(),
        merged_name: HOSTILE.to_owned(),
        merged_unit: OrgUnitId::new(7),
        into: CustomerId::new(5),
        into_code: "C5".to_owned(),
        into_name: "示例恒辰商贸有限公司".to_owned(),
        into_unit: OrgUnitId::new(7),
        reason: HOSTILE.to_owned(),
        by: "示例丙".to_owned(),
        at: Instant::from_micros(0),
    }
}

/// Another name, unit and wallet than now.
pub fn known() -> Known {
    let now = CustomerRecord {
        id: CustomerId::new(5),
        code: "C5".to_owned(),
        name: HOSTILE.to_owned(),
        unit: OrgUnitId::new(7),
        manager: Some(StaffId::new(4)),
        manager_name: Some("示例乙".to_owned()),
        category: CustomerCategory::Sme,
        industry: None,
        employees: Some(120),
        credit_code: None,
        address: Some(HOSTILE.to_owned()),
        created_on: date("2020-01-02"),
        competitor: None,
        wallet: Some(Money::from_fen(12_000_000)),
    };
    let then = CustomerRecord { name: "示例公司".to_owned(), wallet: None, ..now.clone() };
    Known {
        on: date("2025-06-30"),
        then: (then, "示例区".to_owned()),
        now: (now, "示例市分公司".to_owned()),
        own: filled().into_iter().map(|(field, now)| (field, None, now)).collect(),
    }
}

/// A changed row, an act of a user for a reason, one of a run, one of a session.
pub fn audit() -> AuditPage {
    let line = |id: i64, action: &str, noun: &str, details: Value| AuditLine {
        id,
        entry: AuditEntry {
            at: Instant::from_micros(0),
            user: Some(UserId::new(4)),
            import: None,
            cycle: None,
            action: action.to_owned(),
            noun: noun.to_owned(),
            record: Some(5),
            details,
        },
        by: Some(HOSTILE.to_owned()),
        changes: Vec::new(),
    };
    let mut changed = line(9, RECORD_CHANGE, "customers", Value::Null);
    changed.entry.user = None;
    changed.by = None;
    changed.entry.import = Some(ImportId::new(2));
    changed.changes = vec![
        ("name".to_owned(), json!(HOSTILE), json!("示例公司")),
        ("employees".to_owned(), Value::Null, json!(120)),
    ];
    let mut session = line(6, "session.begin", "sessions", Value::Null);
    session.entry.record = None;
    let published = line(7, "month.correct", "months", json!({"month": "2026-01"}));
    let revealed = line(8, "contact.reveal", "contacts", json!({"customer": 5, "reason": HOSTILE}));
    AuditPage { lines: vec![changed, revealed, published, session], next: Some(6) }
}

fn grant(id: i64, granted: Granted, name: &str) -> GrantRow {
    GrantRow {
        id: GrantId::new(id),
        staff: StaffId::new(4),
        staff_code: "S4".to_owned(),
        staff_name: "示例乙".to_owned(),
        granted,
        code: "P2".to_owned(),
        name: name.to_owned(),
        from: date("2026-01-02"),
        until: date("2026-03-31"),
        reason: HOSTILE.to_owned(),
        given_by: "示例甲".to_owned(),
    }
}

/// One of a unit, one of a branch that another gave.
pub fn grants() -> Grants {
    let of_unit = grant(1, Granted::Subtree(OrgUnitId::new(8)), "示例区分公司");
    let of_branch = grant(2, Granted::Tree(CustomerId::new(5)), HOSTILE);
    Grants { rows: vec![(of_unit, true), (of_branch, false)], today: date("2026-01-15") }
}

/// A manager who sees the customer of another by one grant, not by the other.
pub fn explained() -> Asked {
    let [(of_unit, _), (of_branch, _)] = grants().rows.try_into().expect("two");
    let access = Access {
        person: Person {
            id: StaffId::new(4),
            code: "S4".to_owned(),
            name: "示例乙".to_owned(),
            role: Role::AccountManager,
            unit: OrgUnitId::new(7),
        },
        unit: "示例市分公司".to_owned(),
        customer: CustomerId::new(5),
        code: "C5".to_owned(),
        name: name(5),
        path: vec![unit(1, "示例省公司", OrgLevel::Province), unit(7, "示例市分公司", OrgLevel::City)],
        manager: Some("示例丙".to_owned()),
        role_may: true,
        home: (Home::Own(StaffId::new(4)), false),
        grants: vec![(of_unit, true), (of_branch, false)],
        work: vec![(collaborations().rows.remove(0).row, false)],
        sees: true,
    };
    Asked { person: "S4".to_owned(), customer: "C5".to_owned(), answer: Some(Ok(access)) }
}

/// The sheets of a customer, with words that would do harm if a page took them for its own.
fn sheets() -> Vec<SheetView> {
    let filled = |sheet: Sheet, of: &[(&str, &str)]| {
        let text = |name: &str| of.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| text);
        (7, sheet.fields().map(|(_, column)| (column, text(column.name).to_owned())).collect())
    };
    let moved = [("done_on", "2026-10-08"), ("step", "build"), ("what", HOSTILE), ("next_on", "2026-11-01")];
    let there =
        [("operator", "示例运营商"), ("family", "leased_line"), ("share", "40"), ("monthly_yuan", "1200.00")];
    vec![
        SheetView { sheet: Sheet::Review, rows: Vec::new() },
        SheetView { sheet: Sheet::Move, rows: vec![filled(Sheet::Move, &moved)] },
        SheetView { sheet: Sheet::Presence, rows: vec![filled(Sheet::Presence, &there)] },
        SheetView { sheet: Sheet::Purchase, rows: Vec::new() },
        SheetView {
            sheet: Sheet::Programme,
            rows: vec![filled(
                Sheet::Programme,
                &[("name", HOSTILE), ("programme_state", "agreed"), ("goal", HOSTILE)],
            )],
        },
        SheetView {
            sheet: Sheet::ProgrammeMember,
            rows: vec![filled(Sheet::ProgrammeMember, &[("person", "示例甲"), ("programme", HOSTILE)])],
        },
        SheetView {
            sheet: Sheet::ProgrammeActivity,
            rows: vec![filled(Sheet::ProgrammeActivity, &[("done_on", "2026-10-08"), ("activity", "match")])],
        },
    ]
}

/// One under way and late, one that is over.
pub fn programmes() -> Programmes {
    let running = Programme {
        id: 1,
        customer: CustomerId::new(5),
        customer_name: HOSTILE.to_owned(),
        manager: Some(HOSTILE.to_owned()),
        name: HOSTILE.to_owned(),
        state: ProgrammeState::Running,
        sponsor: HOSTILE.to_owned(),
        goal: HOSTILE.to_owned(),
        begins: Some(date("2026-01-02")),
        ends: Some(date("2026-12-31")),
        signed: None,
        result: String::new(),
        members: (0..6).map(|_| HOSTILE.to_owned()).collect(),
        activities: (3, Some(date("2026-10-08"))),
        next: Some((date("2026-10-20"), HOSTILE.to_owned())),
    };
    let over = Programme {
        state: ProgrammeState::Closed,
        signed: Some(date("2026-03-01")),
        result: HOSTILE.to_owned(),
        next: None,
        activities: (0, None),
        manager: None,
        ..running.clone()
    };
    Programmes { rows: vec![running, over], today: date("2026-11-20") }
}

/// A form in which something is wrong and that someone else was faster with.
pub fn form(sheet: Sheet) -> Form {
    let target = match sheet {
        Sheet::Customer => Target::Customer(CustomerId::new(1)),
        _ => Target::Row(CustomerId::new(1), sheet, Some(7)),
    };
    let fields = sheet.fields().enumerate().map(|(place, (_, column))| Field {
        column,
        text: match column.kind {
            ColumnType::OneOf(codes) => codes[0].to_owned(),
            ColumnType::Date => "2026-10-08".to_owned(),
            ColumnType::Text(_) => HOSTILE.to_owned(),
            _ => String::new(),
        },
        wrong: (place == 1).then(|| Message::new("import-cell-required")),
        other: (place == 0).then(|| "样本值".to_owned()),
        extract: (place == 2).then(String::new),
        choices: match column.kind {
            ColumnType::Reference(_) | ColumnType::Row(_) => vec![("3".to_owned(), HOSTILE.to_owned())],
            _ => Vec::new(),
        },
    });
    let own = fields_of(sheet).into_iter().map(|(field, value)| OwnField {
        text: value.map(|value| field.kind.written(&value)).unwrap_or_default(),
        wrong: (field.id.get() == 2).then(|| Message::new("import-cell-required")),
        other: (field.id.get() == 6).then(|| "second".to_owned()),
        field,
    });
    Form {
        target,
        name: "样本客户".to_owned(),
        seen: 12,
        fields: fields.collect(),
        own: own.collect(),
        likes: vec![like(true), like(false)],
        changed: Some(LastChange { by: Some("样本".to_owned()), at: instant("2026-11-20T09:12:00+08:00") }),
        visit: None,
    }
}

fn fields_of(sheet: Sheet) -> Vec<(Arc<DefinedField>, Option<FieldValue>)> {
    if sheet == Sheet::Customer { filled() } else { Vec::new() }
}

fn like(open: bool) -> Likeness {
    Likeness {
        probability: 0.97,
        evidence: None,
        open: open.then(|| (CustomerId::new(3), HOSTILE.to_owned())),
        name: HOSTILE.to_owned(),
        unit: Some(UnitName { id: OrgUnitId::new(7), name: HOSTILE.to_owned(), level: OrgLevel::City }),
        manager: None,
    }
}

/// Customers that were given to someone, and some that are about to be.
pub fn assignments(ui: &Ui<'_>) -> Markup {
    let row = |id: i64, kind: AssignmentKind, from: Option<&str>, undone: bool| AssignmentRow {
        id: AssignmentId::new(id),
        kind,
        to: (id != 2).then(|| HOSTILE.to_owned()),
        from: from.map(str::to_owned),
        reason: HOSTILE.to_owned(),
        customers: 1_240,
        work: 31,
        by: UserId::new(1),
        by_name: "样本".to_owned(),
        at: instant("2026-11-20T09:12:00+08:00"),
        undone_at: undone.then(|| instant("2026-11-21T09:12:00+08:00")),
    };
    let rows = [
        row(3, AssignmentKind::HandOver, Some("样本经理"), false),
        row(2, AssignmentKind::Reassign, None, false),
        row(1, AssignmentKind::Claim, None, true),
    ];
    let draft = Draft {
        from: "S1".to_owned(),
        to: HOSTILE.to_owned(),
        reason: HOSTILE.to_owned(),
        ..Draft::default()
    };
    let plan = Some(planned());
    let asked = assignment::Asked {
        draft,
        changed: true,
        undone: Some((3, 1)),
        plan,
        ..assignment::Asked::default()
    };
    assignment::render(ui, &rows, &[("S1".to_owned(), HOSTILE.to_owned())], &asked)
}

fn planned() -> Plan {
    Plan {
        customers: Vec::new(),
        count: 1_240,
        revenue_12m: yuan(3_400_000),
        by_stage: [0, 40, 300, 800, 90, 10],
        from: vec![(Some(HOSTILE.to_owned()), 1_200), (None, 40)],
        to: Some(("样本".to_owned(), 12)),
        work: Work { opportunities: 30, tickets: 1, tasks: 4, visits: 2 },
        seen: "0".to_owned(),
    }
}

/// A pool with one customer left to claim.
pub fn pool() -> Pool {
    let page = customers();
    Pool { total: 900, rows: page.rows, left: 1, month: page.month }
}

fn handed() -> AssignmentRow {
    AssignmentRow {
        id: AssignmentId::new(3),
        kind: AssignmentKind::HandOver,
        to: Some("样本".to_owned()),
        from: Some(HOSTILE.to_owned()),
        reason: HOSTILE.to_owned(),
        customers: 1,
        work: 0,
        by: UserId::new(1),
        by_name: "样本".to_owned(),
        at: instant("2026-11-20T09:12:00+08:00"),
        undone_at: None,
    }
}
fn user_row(two_factor: bool) -> UserRow {
    UserRow {
        id: UserId::new(4),
        username: HOSTILE.to_owned(),
        staff: StaffId::new(3),
        staff_code: HOSTILE.to_owned(),
        name: HOSTILE.to_owned(),
        role: Role::UnitHead,
        unit_name: HOSTILE.to_owned(),
        made_at: at(),
        password_set_at: at(),
        must_change: false,
        suspended_at: (!two_factor).then(at),
        two_factor,
    }
}

fn at() -> Instant {
    "2026-01-05T09:30:00+08:00".parse().expect("an instant")
}

fn origins() -> [Origin; 2] {
    let agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
    let of = |address: &str, agent: &str| Origin {
        address: Some(address.to_owned()),
        agent: Some(agent.to_owned()),
    };
    [of("192.0.2.7", agent), of(HOSTILE, HOSTILE)]
}

fn sessions() -> Vec<SessionRow> {
    let row = |(place, origin): (usize, Origin)| SessionRow {
        id: SessionId::new(place as i64 + 1),
        since: at(),
        seen: at(),
        origin,
    };
    origins().into_iter().enumerate().map(row).collect()
}

fn history() -> Vec<SignInRow> {
    let origin = |place: usize| origins()[place % 2].clone();
    let row =
        |(place, &outcome): (usize, &SignInOutcome)| SignInRow { at: at(), outcome, origin: origin(place) };
    SignInOutcome::ALL.iter().enumerate().map(row).collect()
}

fn tokens() -> Vec<ListedToken> {
    let row = TokenRow {
        id: TokenId::new(2),
        name: HOSTILE.to_owned(),
        actions: vec![Action::ViewCustomers, Action::ExportCustomers],
        made_at: at(),
        until: at().date(),
    };
    vec![ListedToken { row: row.clone(), used: None }, ListedToken { row, used: Some(at()) }]
}

pub fn users() -> UserPage {
    let standings = [Standing::Open, Standing::Fresh, Standing::Locked, Standing::Suspended];
    let row = |(place, standing): (usize, Standing)| ListedUser {
        row: user_row(place < 2),
        standing,
        last: (place > 0).then(at),
        sessions: place as u64 % 2,
    };
    UserPage { rows: standings.into_iter().enumerate().map(row).collect(), total: 900 }
}

pub fn user(is_self: bool) -> UserView {
    UserView {
        row: user_row(!is_self),
        standing: Standing::Open,
        is_self,
        sessions: sessions(),
        history: history(),
        tokens: tokens(),
    }
}

pub fn account(second_step: SecondStep) -> Account {
    Account {
        user: user_row(true),
        second_step,
        sessions: sessions(),
        own: SessionId::new(1),
        history: history(),
        tokens: tokens(),
        open: vec![Action::ViewCustomers, Action::ViewAudit],
        rules: SignIn { password_days: 90, ..rules().sign_in },
        today: at().date(),
    }
}

fn rules() -> Rules {
    RuleBook::parse(None).expect("the shipped rules").default
}
