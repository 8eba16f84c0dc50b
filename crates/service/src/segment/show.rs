//! The segment builder: what conditions amount to, beside the segments that are kept.

use std::sync::Arc;

use domain::Problem;
use domain::policy::Action;

use super::{Groups, SavedSegment, SegmentBuilder, certify, filled, is_own, measure, seen};
use crate::customer::select::Filter;
use crate::services::{authorise, off_thread};
use crate::{Actor, Services};

/// What the customers of these groups amount to within the actor's scope; everyone if none has conditions.
///
/// # Errors
/// When the role may not build segments, or something cannot be read.
pub async fn run(services: &Services, actor: &Actor, groups: Groups) -> Result<SegmentBuilder, Problem> {
    authorise(actor, Action::BuildSegments)?;
    let index = services.customers().await?;
    let kept = seen(services, actor).await?;
    let (scope, user) = (actor.scope.clone(), actor.user);
    let engine = Arc::clone(services.engine());
    off_thread(move || {
        let (everyone, all) = measure(&index, &Filter::scope(&index, &scope));
        let held = filled(&groups);
        let (figures, asked) = match held.is_empty() {
            true => (everyone.clone(), all),
            false => measure(&index, &Filter::segment(&index, &scope, &held)),
        };
        let named = || kept.iter().flat_map(|(_, groups)| groups).chain(&groups);
        let units = named().filter_map(|group| index.units.get(group.unit?));
        let units = units.map(|unit| (unit.id, unit.name.clone())).collect();
        let managers = named().filter_map(|group| index.manager(index.manager_place(group.manager?)?));
        let managers = managers.cloned().collect();
        let measured: Vec<_> = kept
            .iter()
            .map(|(_, groups)| measure(&index, &Filter::segment(&index, &scope, groups)))
            .collect();
        let members: Vec<_> =
            kept.iter().zip(&measured).map(|((row, _), (_, customers))| (row, customers)).collect();
        let certificates = certify::kept(&index, engine.as_ref(), &scope, &members)?;
        let saved = kept
            .into_iter()
            .zip(measured)
            .zip(certificates)
            .map(|(((row, groups), (figures, customers)), certificate)| SavedSegment {
                is_own: is_own(&row, user),
                id: row.id,
                name: row.name,
                goal: row.goal,
                play: row.play,
                groups,
                owner: row.owner_name,
                figures,
                overlap: asked.overlap(&customers),
                certificate,
            })
            .collect();
        let unit = groups.last().and_then(|group| group.unit);
        let choices = Arc::unwrap_or_clone(index.choices(&scope, unit));
        let fields = Arc::clone(&index.fields);
        Ok(SegmentBuilder { month: index.month, figures, everyone, saved, fields, choices, units, managers })
    })
    .await
}
