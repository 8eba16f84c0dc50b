//! Segments: conditions on customers, what those who meet them amount to, and the ones that people keep.

pub mod certify;
pub mod delete;
pub mod save;
pub mod show;

use std::sync::Arc;

use domain::id::{OrgUnitId, SegmentId, StaffId, UserId};
use domain::{LifecycleStage, Money, Month, Problem};
use science::segments::Bitmap;
use store::segment::SegmentRow;

use crate::customer::index::{CustomerIndex, UNKNOWN};
use crate::customer::select::Filter;
use crate::customer::{CustomerChoices, CustomerQuery, Fields, Pairs};
use crate::{Actor, Services, problem};

/// Groups of which a customer must fit one, or anyone if there are none; within a group all conditions must hold. Order, page and saved segment
/// of a query do not count.
pub type Groups = Vec<CustomerQuery>;

/// The segment builder.
#[derive(Debug, Clone, PartialEq)]
pub struct SegmentBuilder {
    /// The published month; none before the first cycle.
    pub month: Option<Month>,
    /// What the conditions asked for amount to.
    pub figures: SegmentFigures,
    /// Everyone in the user's scope, to compare with.
    pub everyone: SegmentFigures,
    /// The segments that the user sees.
    pub saved: Vec<SavedSegment>,
    /// The operator's own fields.
    pub fields: Arc<Fields>,
    /// What the conditions of the last group can be set to.
    pub choices: CustomerChoices,
    /// The names of the units that conditions name.
    pub units: Vec<(OrgUnitId, String)>,
    /// The names of the managers that conditions name.
    pub managers: Vec<(StaffId, String)>,
}

/// What the customers of a segment amount to, within the user's scope.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SegmentFigures {
    /// How many.
    pub customers: u64,
    /// Their revenue of twelve months.
    pub revenue_12m: Money,
    /// Their profit of twelve months.
    pub profit_12m: Money,
    /// How many in each stage.
    pub by_stage: [u64; LifecycleStage::COUNT],
    /// Mean risk of those who have one.
    pub risk: Option<f64>,
    /// What these risks are expected to cost.
    pub expected_loss: Money,
}

/// A segment that is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedSegment {
    /// Which.
    pub id: SegmentId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub goal: Option<String>,
    /// What is done with it.
    pub play: Option<String>,
    /// Its conditions.
    pub groups: Groups,
    /// Whose it is.
    pub owner: String,
    /// Whether it is the user's own.
    pub is_own: bool,
    /// What it amounts to.
    pub figures: SegmentFigures,
    /// What it shares with the conditions asked for, as part of the smaller of the two, 0 to 1.
    pub overlap: f64,
    /// Whether it holds against the four faults.
    pub certificate: certify::KeptCertificate,
}

/// Segments that one user sees, at most.
const MOST: u32 = 100;

/// The segments that a user sees, with their groups.
async fn seen(services: &Services, actor: &Actor) -> Result<Vec<(SegmentRow, Groups)>, Problem> {
    let rows = services.store().segments(actor.unit.id, MOST).await?;
    rows.into_iter().map(|row| read(&row.conditions).map(|groups| (row, groups))).collect()
}

/// The name and the groups of a segment that the user sees; one outside looks like one that is not there.
pub(crate) async fn find(
    services: &Services,
    actor: &Actor,
    id: Option<SegmentId>,
) -> Result<Option<(String, Groups)>, Problem> {
    let Some(id) = id else { return Ok(None) };
    let found = seen(services, actor).await?.into_iter().find(|(row, _)| row.id == id);
    found.map(|(row, groups)| Some((row.name, groups))).ok_or_else(problem::not_found)
}

/// The groups that have conditions: one without is still being filled in.
#[must_use]
pub fn filled(groups: &[CustomerQuery]) -> Groups {
    groups.iter().filter(|group| !group.conditions().is_empty()).cloned().collect()
}

fn read(conditions: &str) -> Result<Groups, Problem> {
    let groups: Vec<Pairs> = serde_json::from_str(conditions).map_err(Problem::internal)?;
    Ok(groups.iter().map(|pairs| CustomerQuery::parse(pairs)).collect())
}

fn write(groups: &[CustomerQuery]) -> Result<String, Problem> {
    let groups: Vec<Pairs> = groups.iter().map(CustomerQuery::conditions).collect();
    serde_json::to_string(&groups).map_err(Problem::internal)
}

/// What the customers of a filter amount to, and who they are.
fn measure(index: &CustomerIndex, filter: &Filter) -> (SegmentFigures, Bitmap) {
    let mut figures = SegmentFigures::default();
    let mut belongs = vec![false; index.ids.len()];
    let (mut risks, mut at_risk) = (0, 0_u64);
    index.each_row(filter, |row| {
        belongs[row] = true;
        figures.customers += 1;
        figures.revenue_12m += Money::from_fen(index.revenue_12m[row]);
        figures.profit_12m += Money::from_fen(index.profit_12m[row]);
        if let Some(count) = figures.by_stage.get_mut(usize::from(index.stages[row])) {
            *count += 1;
        }
        if index.risks[row] != UNKNOWN {
            risks += index.risks[row];
            at_risk += 1;
            figures.expected_loss += Money::from_fen(index.losses[row].max(0));
        }
    });
    figures.risk = (at_risk > 0).then(|| risks as f64 / 1e6 / at_risk as f64);
    (figures, Bitmap::of(belongs.len(), |row| belongs[row]))
}

fn is_own(row: &SegmentRow, user: UserId) -> bool {
    row.owner == user
}
