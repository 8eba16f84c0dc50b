//! Opens the house: records, lake and rules of a data folder.

use std::path::Path;
use std::sync::Arc;

use domain::rules::RuleBook;
use domain::{Message, Problem, ProblemKind};
use lake::Lake;
use service::Services;

use crate::arguments::Common;

/// Records, engine and rules of the data folder.
pub async fn open(common: &Common) -> Result<(Services, Arc<Lake>), Problem> {
    std::fs::create_dir_all(&common.data).map_err(|error| Problem::io(&common.data, error))?;
    let lake = Arc::new(Lake::open(&common.data));
    let services = Services::open(&common.data, lake.clone(), rules(common)?).await?;
    Ok((services, lake))
}

/// The rules named on the command line, or those beside the data, or the shipped ones.
fn rules(common: &Common) -> Result<RuleBook, Problem> {
    let beside = common.data.join("rules.toml");
    let file = match &common.rules {
        Some(file) => Some(file.as_path()),
        None => beside.exists().then_some(beside.as_path()),
    };
    let own = file
        .map(|file| std::fs::read_to_string(file).map_err(|error| Problem::io(file, error)))
        .transpose()?;
    RuleBook::parse(own.as_deref()).map_err(|error| {
        let name = file.unwrap_or(Path::new("rules.toml")).display().to_string();
        let cause = Message::new("problem-rules").with("file", name).with("error", error.to_string());
        Problem::new(ProblemKind::BadInput, cause).hint(Message::new("hint-rules"))
    })
}
