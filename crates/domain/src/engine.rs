//! The analytics engine as the rest of the house sees it.

use std::collections::BTreeMap;
use std::path::Path;

use crate::assessment::{Assessment, Reason};
use crate::cycle::{Base, CycleMonth, LakeFile};
use crate::extract::Table;
use crate::id::{CustomerId, MemberId};
use crate::import::{Catalog, Staged};
use crate::progress::Progress;
use crate::rules::RuleBook;
use crate::satisfaction::MemberMonth;
use crate::{Lang, LifecycleStage, Money, Month, Problem};

/// The files that hold good now, by month.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Manifest {
    /// Facts by table.
    pub facts: BTreeMap<Table, BTreeMap<Month, LakeFile>>,
    /// Published assessments.
    pub assessments: BTreeMap<Month, LakeFile>,
    /// Carried state behind each published month.
    pub states: BTreeMap<Month, LakeFile>,
    /// Customers to learn from, by month.
    pub samples: BTreeMap<Month, LakeFile>,
    /// What the cycle says of members.
    pub members: BTreeMap<Month, LakeFile>,
    /// Members to learn from, by month.
    pub member_samples: BTreeMap<Month, LakeFile>,
}

impl Manifest {
    /// Every file that holds good.
    pub fn files(&self) -> impl Iterator<Item = &LakeFile> {
        let facts = self.facts.values().flat_map(BTreeMap::values);
        facts
            .chain(self.assessments.values())
            .chain(self.states.values())
            .chain(self.samples.values())
            .chain(self.members.values())
            .chain(self.member_samples.values())
    }
}

/// A month of a customer.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerMonth {
    /// The month.
    pub month: Month,
    /// Usage at list price, yuan; unknown where the extract has no row though a service ran.
    pub usage: Option<f64>,
    /// Lines in use; unknown likewise.
    pub lines: Option<f64>,
    /// Revenue; unknown likewise.
    pub revenue: Option<Money>,
    /// Cost of all kinds.
    pub cost: Money,
    /// The assessment of that month.
    pub assessment: Assessment,
}

/// A month of a customer as the relation curve shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct RelationMonth {
    /// The month.
    pub month: Month,
    /// The stage given.
    pub stage: LifecycleStage,
    /// How sure that was, 0 to 1.
    pub confidence: f32,
    /// Why.
    pub reasons: Vec<Reason>,
    /// Usage at list price, yuan; unknown where the extract has no row though a service ran.
    pub usage: Option<f64>,
    /// Lines in use; unknown likewise.
    pub lines: Option<f64>,
    /// Revenue; unknown likewise.
    pub revenue: Option<Money>,
    /// Cost of all kinds.
    pub cost: Money,
}

impl RelationMonth {
    /// Profit, where the revenue is known.
    #[must_use]
    pub fn profit(&self) -> Option<Money> {
        self.revenue.map(|revenue| revenue - self.cost)
    }
}

impl From<CustomerMonth> for RelationMonth {
    fn from(of: CustomerMonth) -> Self {
        Self {
            month: of.month,
            stage: of.assessment.stage,
            confidence: of.assessment.stage_confidence,
            reasons: of.assessment.stage_reasons,
            usage: of.usage,
            lines: of.lines,
            revenue: of.revenue,
            cost: of.cost,
        }
    }
}

/// Stage and money of a month of a customer, as they are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MoneyMonth {
    /// Who.
    pub customer: CustomerId,
    /// The stage given.
    pub stage: LifecycleStage,
    /// Revenue, where the extract has a row.
    pub revenue: Option<Money>,
    /// Cost of all kinds.
    pub cost: Money,
}

/// What to import and how.
#[derive(Debug, Clone, Copy)]
pub struct ImportRequest<'a> {
    /// The folder handed over.
    pub folder: &'a Path,
    /// A mapping file, if the folder has another layout.
    pub mapping: Option<&'a Path>,
    /// Names the files of this run, e.g. `import-17`.
    pub run: &'a str,
    /// The language of the list of bad rows that is written beside the data.
    pub lang: Lang,
}

/// Which months to compute, from what.
#[derive(Debug, Clone, Copy)]
pub struct CycleRequest<'a> {
    /// First and last month to compute; the state of the month before `first` is carried in, if there is one.
    pub first: Month,
    /// Last.
    pub last: Month,
    /// The files that hold good now.
    pub manifest: &'a Manifest,
    /// The base.
    pub base: &'a Base,
    /// The rules.
    pub rules: &'a RuleBook,
    /// Names the files of this run, e.g. `cycle-17`.
    pub run: &'a str,
}

/// A customer's reasoning in one month, for `cycle --explain`.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The month of the customer.
    pub month: CustomerMonth,
    /// Probability of each stage, in the order of [`LifecycleStage::ALL`].
    pub posterior: [f64; LifecycleStage::COUNT],
    /// Each feature: its name (a key of the locale files, `feature-…`), its value if known, and its
    /// log-likelihood under each stage.
    pub features: Vec<(&'static str, Option<f64>, [f64; LifecycleStage::COUNT])>,
}

/// Reads extracts, computes months and reads them back. Knows nothing of users.
pub trait Engine: Send + Sync {
    /// Reads and checks a folder. Assigns ids to new codes in `catalog`. Nothing is in use until the records say so.
    ///
    /// # Errors
    /// When the folder or the mapping cannot be read at all; bad rows are part of the result.
    fn read_extract(
        &self,
        request: ImportRequest<'_>,
        catalog: &mut Catalog,
        manifest: &Manifest,
        progress: &dyn Progress,
    ) -> Result<Staged, Problem>;

    /// Computes months in order and hands each to `publish` as it is done.
    ///
    /// # Errors
    /// When a file cannot be read or written, or `publish` fails; months handed over before stay good.
    fn run_cycle(
        &self,
        request: CycleRequest<'_>,
        progress: &dyn Progress,
        publish: &mut dyn FnMut(CycleMonth) -> Result<(), Problem>,
    ) -> Result<(), Problem>;

    /// The published months whose files another version of the program wrote, so that this one cannot go on from
    /// them; they are to be computed again.
    ///
    /// # Errors
    /// When a file cannot be read at all.
    fn outdated(&self, manifest: &Manifest) -> Result<Vec<Month>, Problem>;

    /// Every customer of a published month: the assessment with the numbers of the month, sorted by customer.
    ///
    /// # Errors
    /// When the file cannot be read.
    fn customer_months(&self, file: &LakeFile, each: &mut dyn FnMut(CustomerMonth)) -> Result<(), Problem>;

    /// Stage and money of the customers to learn from in a published month, sorted by customer.
    ///
    /// # Errors
    /// When the file cannot be read.
    fn sampled_months(&self, sample: &LakeFile, each: &mut dyn FnMut(MoneyMonth)) -> Result<(), Problem>;

    /// All months of one customer, oldest first.
    ///
    /// # Errors
    /// When a file cannot be read.
    fn history(&self, manifest: &Manifest, customer: CustomerId) -> Result<Vec<RelationMonth>, Problem>;

    /// One published month of one customer; none where it was not known yet.
    ///
    /// # Errors
    /// When the file cannot be read.
    fn customer_month(&self, file: &LakeFile, customer: CustomerId)
    -> Result<Option<CustomerMonth>, Problem>;

    /// What a month says of some members, by id; those whom it does not know are left out.
    ///
    /// # Errors
    /// When the file cannot be read.
    fn members(&self, file: &LakeFile, members: &[MemberId]) -> Result<Vec<MemberMonth>, Problem>;

    /// Every member of a published month, sorted by id.
    ///
    /// # Errors
    /// When the file cannot be read.
    fn each_member(&self, file: &LakeFile, each: &mut dyn FnMut(MemberMonth)) -> Result<(), Problem>;

    /// The whole reasoning for one customer in the months `first..=last`, computed again from the facts.
    ///
    /// # Errors
    /// As [`Engine::run_cycle`].
    fn explain(&self, request: CycleRequest<'_>, customer: CustomerId) -> Result<Vec<Explanation>, Problem>;

    /// Deletes files of the data folder that no manifest names: what killed runs left.
    ///
    /// # Errors
    /// When the folder cannot be read.
    fn sweep(&self, manifest: &Manifest) -> Result<(), Problem>;
}
