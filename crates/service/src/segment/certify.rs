//! Whether a division of customers holds: the certificate against the four faults, on what became of customers
//! over three months.

use domain::customer::CustomerCategory;
use domain::engine::{CustomerMonth, Engine, Manifest};
use domain::outlook::ExitRisk;
use domain::policy::{Action, Scope};
use domain::{Lang, LifecycleStage, Money, Problem};
use science::frame::{Column, Frame, UNKNOWN, Values};
use science::segments::{Bitmap, Declared, Options, certify, certify_single, certify_untried};
pub use science::segments::{Certificate, Fault, Finding};

use store::segment::SegmentRow;

use super::{Groups, measure, seen};
use crate::customer::Facet;
use crate::customer::index::{CustomerIndex, NO_CODE};
use crate::customer::select::Filter;
use crate::services::{authorise, off_thread};
use crate::{Actor, Services, problem};

/// What segments ought to tell apart: what came of customers within three months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SegmentOutcome {
    /// The change of monthly revenue, as a share of the mean of then and now (-2 to 2).
    #[default]
    Revenue,
    /// Whether the relation ended.
    Exit,
}

impl SegmentOutcome {
    /// Every outcome with its name in addresses.
    pub const ALL: [(Self, &'static str); 2] = [(Self::Revenue, "revenue"), (Self::Exit, "exit")];

    /// The key of its title.
    #[must_use]
    pub const fn title_key(self) -> &'static str {
        match self {
            Self::Revenue => "segment-outcome-revenue",
            Self::Exit => "segment-outcome-exit",
        }
    }
}

/// What divides the customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    /// The saved segments, as they hold today: a customer belongs to the first that fits.
    Saved,
    /// Stage, three months ago.
    Stage,
    /// Stars, three months ago.
    Star,
    /// The industry, as it is now.
    Industry,
    /// A facet, three months ago.
    Of(Facet),
}

impl Dimension {
    /// What customers can be divided by, besides the saved segments.
    pub const ALL: [Self; 7] = [
        Self::Of(Facet::Value),
        Self::Of(Facet::BuyingFactor),
        Self::Of(Facet::IctNeed),
        Self::Of(Facet::Category),
        Self::Industry,
        Self::Stage,
        Self::Star,
    ];

    /// Its name in addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::Stage => "stage",
            Self::Star => "star",
            Self::Industry => "industry",
            Self::Of(facet) => facet.name(),
        }
    }

    /// The key of its title.
    #[must_use]
    pub const fn title_key(self) -> &'static str {
        match self {
            Self::Saved => "segments-saved",
            Self::Stage => "stage",
            Self::Star => "star",
            Self::Industry => "industry",
            Self::Of(facet) => facet.title_key(),
        }
    }
}

/// Customers judged, at most: one in so many, evenly over the tree of units.
const MOST: usize = 20_000;
/// Customers below whom a segment is too small to be one.
const SMALLEST: usize = 30;
const SEED: u64 = 1;

/// Certifies the division of the actor's customers by these dimensions; none before there are months enough.
///
/// # Errors
/// When the role may not build segments, too few customers are known, or something cannot be read.
pub async fn run(
    services: &Services,
    actor: &Actor,
    by: Vec<Dimension>,
    outcome: SegmentOutcome,
    lang: Lang,
) -> Result<Option<Certificate>, Problem> {
    authorise(actor, Action::BuildSegments)?;
    let index = services.customers().await?;
    let kept = if by.contains(&Dimension::Saved) { seen(services, actor).await? } else { Vec::new() };
    if by.contains(&Dimension::Saved) && kept.is_empty() {
        return Err(problem::no_segments());
    }
    let (engine, scope) = (std::sync::Arc::clone(services.engine()), actor.scope.clone());
    off_thread(move || {
        let Some(then) = earlier(&index.manifest, &index) else { return Ok(None) };
        let mut drawn = Drawn::new(&index, &scope, &by);
        engine.customer_months(then, &mut |of_month| drawn.take(&index, &of_month))?;
        let (overlap, declared) = match by.contains(&Dimension::Saved) {
            true => drawn.divide_by_saved(&index, &scope, &kept),
            false => (0.0, Declared::NotAsked),
        };
        let say = |key: &str| text::get(lang, key).into_owned();
        let asked = Options {
            outcome: say(outcome.title_key()),
            by: by.iter().map(|dimension| say(dimension.title_key())).collect(),
            smallest: SMALLEST,
            overlap,
            declared,
            seed: SEED,
        };
        certify(&drawn.frame(&by, outcome, &asked, lang), &asked).map(Some)
    })
    .await
}

/// The file of the month that the outcome is counted from.
fn earlier<'a>(manifest: &'a Manifest, index: &CustomerIndex) -> Option<&'a domain::cycle::LakeFile> {
    manifest.assessments.get(&(index.month? - ExitRisk::MONTHS))
}

/// A customer as it stood then, and what came of it.
struct Then {
    row: usize,
    /// By dimension.
    codes: Vec<u32>,
    revenue: f64,
    revenue_now: f64,
    has_left: bool,
}

impl Then {
    /// Unknown where there was and is no revenue.
    fn outcome(&self, asked: SegmentOutcome) -> f64 {
        match asked {
            SegmentOutcome::Exit => f64::from(u8::from(self.has_left)),
            SegmentOutcome::Revenue => change(self.revenue, self.revenue_now),
        }
    }
}

/// As a share of the mean of then and now; not a number where there was and is none.
fn change(then: f64, now: f64) -> f64 {
    let mean = f64::midpoint(then, now);
    if mean > 0.0 { (now - then) / mean } else { f64::NAN }
}

/// Whether a customer was served at a stage.
fn was_served(stage: LifecycleStage) -> bool {
    !matches!(stage, LifecycleStage::Potential | LifecycleStage::Termination)
}

/// How the revenue of customers who were served three months ago changed since, by row of the index; not a number for
/// others. None before there are months enough. It is read once for an index.
fn revenue_changes<'a>(index: &'a CustomerIndex, engine: &dyn Engine) -> Result<Option<&'a [f32]>, Problem> {
    if index.revenue_changes.get().is_none() {
        let changes = match earlier(&index.manifest, index) {
            Some(then) => {
                let mut changes = vec![f32::NAN; index.ids.len()];
                engine.customer_months(then, &mut |then| {
                    let row = index.row(then.assessment.customer);
                    if let Some(row) = row.filter(|_| was_served(then.assessment.stage)) {
                        let revenue = then.revenue.unwrap_or_default().yuan();
                        changes[row] = change(revenue, Money::from_fen(index.revenue[row]).yuan()) as f32;
                    }
                })?;
                Some(changes)
            }
            None => None,
        };
        return Ok(index.revenue_changes.get_or_init(|| changes).as_deref());
    }
    Ok(index.revenue_changes.get().and_then(Option::as_deref))
}

/// The certificate of one segment that is kept, against all who are not in it.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptCertificate {
    /// None of the faults.
    pub certified: bool,
    /// Whether it was judged by what came of its customers; else there are too few of them, or of months.
    pub is_tried: bool,
    /// Each fault that was looked for.
    pub findings: Vec<Finding>,
}

impl KeptCertificate {
    fn new(is_tried: bool, findings: Vec<Finding>) -> Self {
        Self { certified: findings.iter().all(|finding| !finding.found), is_tried, findings }
    }
}

/// Certifies each segment that is kept, by its customers within a scope.
///
/// # Errors
/// When the month that the outcome is counted from cannot be read.
pub(super) fn kept(
    index: &CustomerIndex,
    engine: &dyn Engine,
    scope: &Scope,
    kept: &[(&SegmentRow, &Bitmap)],
) -> Result<Vec<KeptCertificate>, Problem> {
    if kept.is_empty() {
        return Ok(Vec::new());
    }
    let changes = revenue_changes(index, engine)?;
    let mut rows = Vec::new();
    if let Some(changes) = changes {
        index.each_row(&Filter::scope(index, scope), |row| {
            if !changes[row].is_nan() {
                rows.push(row);
            }
        });
    }
    let step = rows.len().div_ceil(MOST).max(1);
    let drawn: Vec<(usize, f64)> =
        rows.iter().step_by(step).filter_map(|&row| Some((row, f64::from(*changes?.get(row)?)))).collect();
    let others = |place: usize| kept.iter().enumerate().filter(move |(other, _)| *other != place);
    let certificates = kept.iter().enumerate().map(|(place, (row, members))| {
        let declared = Declared::Asked { goal: row.goal.clone(), play: row.play.clone() };
        let is_key = |row: usize| index.codes(Facet::Category)[row] == CustomerCategory::KeyAccount as u8;
        if members.size() == 1 && members.rows().all(is_key) {
            return KeptCertificate::new(true, vec![certify_single(&declared)]);
        }
        let overlap = others(place).map(|(_, (_, other))| members.overlap(other)).fold(0.0, f64::max);
        match against_others(members, &drawn, step, overlap, declared.clone()) {
            Some(findings) => KeptCertificate::new(true, findings),
            None => KeptCertificate::new(false, certify_untried(&declared, overlap)),
        }
    });
    Ok(certificates.collect())
}

/// The four faults of a segment among the customers drawn, one in `step`; none where the data say nothing: nobody or
/// everybody is in it, or too few are known.
fn against_others(
    members: &Bitmap,
    drawn: &[(usize, f64)],
    step: usize,
    overlap: f64,
    declared: Declared,
) -> Option<Vec<Finding>> {
    let codes: Vec<u32> = drawn.iter().map(|(row, _)| u32::from(!members.contains(*row))).collect();
    if codes.iter().all(|&code| code == 0) || codes.iter().all(|&code| code == 1) {
        return None;
    }
    let (segment, outcome) = ("segment", "outcome");
    let names = vec!["in".to_owned(), "out".to_owned()];
    let frame = Frame::from_columns(vec![
        Column { name: segment.to_owned(), values: Values::Categories { codes, names }, misfits: 0 },
        Column {
            name: outcome.to_owned(),
            values: Values::Numbers(drawn.iter().map(|(_, change)| *change).collect()),
            misfits: 0,
        },
    ]);
    let options = Options {
        outcome: outcome.to_owned(),
        by: vec![segment.to_owned()],
        smallest: SMALLEST.div_ceil(step),
        overlap,
        declared,
        seed: SEED,
    };
    // What it refuses is too little to judge by.
    certify(&frame, &options).ok().map(|certificate| certificate.findings)
}

struct Drawn<'a> {
    by: &'a [Dimension],
    is_drawn: Vec<bool>,
    customers: Vec<Then>,
    saved: Vec<String>,
    industries: &'a [String],
}

impl<'a> Drawn<'a> {
    fn new(index: &'a CustomerIndex, scope: &Scope, by: &'a [Dimension]) -> Self {
        let mut rows = Vec::new();
        index.each_row(&Filter::scope(index, scope), |row| rows.push(row));
        let step = rows.len().div_ceil(MOST).max(1);
        let mut is_drawn = vec![false; index.ids.len()];
        rows.iter().step_by(step).for_each(|&row| is_drawn[row] = true);
        // The first is none.
        let industries = index.industry_names().get(1..).unwrap_or_default();
        Self { by, is_drawn, customers: Vec::new(), saved: Vec::new(), industries }
    }

    /// Takes a customer who was served then.
    fn take(&mut self, index: &CustomerIndex, then: &CustomerMonth) {
        let assessment = &then.assessment;
        let Some(row) = index.row(assessment.customer).filter(|&row| self.is_drawn[row]) else { return };
        if !was_served(assessment.stage) {
            return;
        }
        let segment = assessment.segment;
        let code = |dimension: &Dimension| {
            let place = match dimension {
                Dimension::Industry => {
                    return u32::from(index.industries[row]).checked_sub(1).unwrap_or(UNKNOWN);
                }
                Dimension::Saved => None,
                Dimension::Stage => Some(assessment.stage as u8),
                Dimension::Star => Some(assessment.star.map_or(0, |star| star.get())),
                Dimension::Of(Facet::Category) => Some(index.codes(Facet::Category)[row]),
                Dimension::Of(Facet::Value) => segment.and_then(|of| of.value).map(|(value, _)| value as u8),
                Dimension::Of(Facet::BuyingFactor) => segment.map(|of| of.buying_factor.0 as u8),
                Dimension::Of(Facet::IctNeed) => segment.map(|of| of.ict_need.0 as u8),
                // Not among those to choose from.
                Dimension::Of(_) => None,
            };
            place.filter(|&place| place != NO_CODE).map_or(UNKNOWN, u32::from)
        };
        self.customers.push(Then {
            row,
            codes: self.by.iter().map(code).collect(),
            revenue: then.revenue.unwrap_or_default().yuan(),
            revenue_now: Money::from_fen(index.revenue[row]).yuan(),
            has_left: index.stage(row) == Some(LifecycleStage::Termination),
        });
    }

    /// Divides by the saved segments; gives the largest overlap of two of them, and whether all have goal and play.
    fn divide_by_saved(
        &mut self,
        index: &CustomerIndex,
        scope: &Scope,
        kept: &[(SegmentRow, Groups)],
    ) -> (f64, Declared) {
        let members: Vec<Bitmap> =
            kept.iter().map(|(_, groups)| measure(index, &Filter::segment(index, scope, groups)).1).collect();
        let place = self.by.iter().position(|dimension| *dimension == Dimension::Saved);
        for customer in &mut self.customers {
            let segment = members.iter().position(|segment| segment.contains(customer.row));
            if let Some(code) = place.and_then(|place| customer.codes.get_mut(place)) {
                *code = segment.unwrap_or(members.len()) as u32;
            }
        }
        self.saved = kept.iter().map(|(row, _)| row.name.clone()).collect();
        let pairs = members
            .iter()
            .enumerate()
            .flat_map(|(place, one)| members[place + 1..].iter().map(move |other| one.overlap(other)));
        let all = |text: fn(&SegmentRow) -> &Option<String>| {
            kept.iter()
                .map(|(row, _)| text(row).clone())
                .collect::<Option<Vec<_>>>()
                .map(|texts| texts.join("; "))
        };
        let declared = Declared::Asked { goal: all(|row| &row.goal), play: all(|row| &row.play) };
        (pairs.fold(0.0, f64::max), declared)
    }

    fn frame(&self, by: &[Dimension], outcome: SegmentOutcome, asked: &Options, lang: Lang) -> Frame {
        let mut columns: Vec<Column> = by
            .iter()
            .zip(&asked.by)
            .enumerate()
            .map(|(place, (dimension, name))| {
                let codes = self.customers.iter().map(|customer| customer.codes[place]).collect();
                let values = Values::Categories { codes, names: self.names(*dimension, lang) };
                Column { name: name.clone(), values, misfits: 0 }
            })
            .collect();
        columns.push(Column {
            name: asked.outcome.clone(),
            values: Values::Numbers(
                self.customers.iter().map(|customer| customer.outcome(outcome)).collect(),
            ),
            misfits: 0,
        });
        Frame::from_columns(columns)
    }

    fn names(&self, dimension: Dimension, lang: Lang) -> Vec<String> {
        let say = |key: &str| text::get(lang, key).into_owned();
        match dimension {
            Dimension::Saved => self.saved.iter().cloned().chain([say("segment-none-of-them")]).collect(),
            Dimension::Industry => self.industries.to_vec(),
            Dimension::Stage => LifecycleStage::ALL.iter().map(|stage| say(stage.text_key())).collect(),
            Dimension::Star => {
                std::iter::once(say("star-none")).chain((1..=5).map(|stars| "★".repeat(stars))).collect()
            }
            Dimension::Of(facet) => {
                (0..facet.codes().len()).map(|place| say(facet.text_key(place))).collect()
            }
        }
    }
}
