//! [`Lake`] as the engine of the house: what each promise is kept by.

use domain::cycle::{CycleMonth, LakeFile};
use domain::engine::{
    CustomerMonth, CycleRequest, Engine, Explanation, ImportRequest, Manifest, MoneyMonth, RelationMonth,
};
use domain::id::{CustomerId, MemberId};
use domain::import::{Catalog, Staged};
use domain::progress::Progress;
use domain::satisfaction::MemberMonth;
use domain::{Month, Problem};

use crate::{Lake, assessments, cycle, history, import, members, outdated, sample, sweep};

impl Engine for Lake {
    fn read_extract(
        &self,
        request: ImportRequest<'_>,
        catalog: &mut Catalog,
        manifest: &Manifest,
        progress: &dyn Progress,
    ) -> Result<Staged, Problem> {
        import::read(self.root(), request, catalog, manifest, progress)
    }

    fn run_cycle(
        &self,
        request: CycleRequest<'_>,
        progress: &dyn Progress,
        publish: &mut dyn FnMut(CycleMonth) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        cycle::run(self.root(), self.limits, request, progress, publish)
    }

    fn outdated(&self, manifest: &Manifest) -> Result<Vec<Month>, Problem> {
        outdated::months(self.root(), manifest)
    }

    fn customer_months(&self, file: &LakeFile, each: &mut dyn FnMut(CustomerMonth)) -> Result<(), Problem> {
        assessments::each_month(self.root(), file, each)
    }

    fn sampled_months(&self, file: &LakeFile, each: &mut dyn FnMut(MoneyMonth)) -> Result<(), Problem> {
        sample::each_month(self.root(), file, each)
    }

    fn history(&self, manifest: &Manifest, customer: CustomerId) -> Result<Vec<RelationMonth>, Problem> {
        history::read(self.root(), &self.footers, manifest, customer)
    }

    fn customer_month(
        &self,
        file: &LakeFile,
        customer: CustomerId,
    ) -> Result<Option<CustomerMonth>, Problem> {
        history::month(self.root(), &self.footers, file, customer)
    }

    fn members(&self, file: &LakeFile, members: &[MemberId]) -> Result<Vec<MemberMonth>, Problem> {
        members::of(self.root(), &self.footers, file, members)
    }

    fn each_member(&self, file: &LakeFile, each: &mut dyn FnMut(MemberMonth)) -> Result<(), Problem> {
        members::each(self.root(), file, each)
    }

    fn explain(&self, request: CycleRequest<'_>, customer: CustomerId) -> Result<Vec<Explanation>, Problem> {
        let mut explained = cycle::explain(self.root(), self.limits, request, customer)?;
        // What members say of their customer is told from all of them together: it is read, not computed again.
        for explanation in &mut explained {
            let month = &mut explanation.month;
            let file = request.manifest.assessments.get(&month.month);
            let published = file.map(|file| self.customer_month(file, customer)).transpose()?.flatten();
            month.assessment.satisfaction = published.and_then(|published| published.assessment.satisfaction);
        }
        Ok(explained)
    }

    fn sweep(&self, manifest: &Manifest) -> Result<(), Problem> {
        sweep::run(self.root(), manifest)
    }
}
