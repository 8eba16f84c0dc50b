//! Showing the models in use.

use domain::Problem;
use domain::policy::Action;

use super::{ModelsView, RiskCard, value_test};
use crate::services::authorise;
use crate::{Actor, Services};

/// The models of the published month. They are the operator's, the same for every unit.
///
/// # Errors
/// When the role may not see them, or something cannot be read.
pub async fn run(services: &Services, actor: &Actor) -> Result<ModelsView, Problem> {
    authorise(actor, Action::ViewInsight)?;
    let index = services.customers().await?;
    let value = &services.rules().default.value;
    let mut view = ModelsView {
        month: index.month,
        ahead: (value.horizon_months, value.discount),
        ..ModelsView::default()
    };
    let Some(month) = index.month else {
        return Ok(view);
    };
    for card in services.store().model_cards(month).await? {
        match card.model.as_str() {
            "stages" => view.stages = Some(read(&card.figures)?),
            "segments" => view.segments = Some(read(&card.figures)?),
            "risk" => view.risk = Some(read(&card.figures)?),
            "value" => view.value = Some(read(&card.figures)?),
            "satisfaction" => view.satisfaction = Some(read(&card.figures)?),
            "member_risk" => view.member_risk = Some(read(&card.figures)?),
            value_test::CARD => view.value_test = Some(read(&card.figures)?),
            _ => {}
        }
    }
    for (month, figures) in services.store().model_card_months("risk", month).await? {
        let card: RiskCard = read(&figures)?;
        let before = view.risk_over_time.last();
        if card.judged.is_some() && before.is_none_or(|(_, before)| before.judged != card.judged) {
            view.risk_over_time.push((month, card));
        }
    }
    Ok(view)
}

fn read<T: serde::de::DeserializeOwned>(figures: &str) -> Result<T, Problem> {
    serde_json::from_str(figures).map_err(Problem::internal)
}
