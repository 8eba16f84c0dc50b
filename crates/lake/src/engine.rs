//! [`Lake`] as the engine of the house: what each promise is kept by.

use domain::cycle::{CycleMonth, LakeFile};
use domain::engine::{CustomerMonth, CycleRequest, Engine, Explanation, ImportRequest, Manifest};
use domain::id::CustomerId;
use domain::import::{Catalog, Staged};
use domain::progress::Progress;
use domain::{Month, Problem};

use crate::{Lake, assessments, cycle, history, import, outdated, sweep};

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

    fn history(&self, manifest: &Manifest, customer: CustomerId) -> Result<Vec<CustomerMonth>, Problem> {
        history::read(self.root(), &self.footers, manifest, customer)
    }

    fn explain(&self, request: CycleRequest<'_>, customer: CustomerId) -> Result<Vec<Explanation>, Problem> {
        cycle::explain(self.root(), self.limits, request, customer)
    }

    fn sweep(&self, manifest: &Manifest) -> Result<(), Problem> {
        sweep::run(self.root(), manifest)
    }
}
