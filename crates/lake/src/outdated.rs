//! Which published months this version cannot go on from: files with other columns than it writes.

use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;

use datafusion::arrow::datatypes::Schema;
use datafusion::parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use domain::cycle::LakeFile;
use domain::engine::Manifest;
use domain::{Month, Problem};

use crate::{assessments, member_sample, members, sample, state};

/// The months of which a file is of another version. A file that is gone or damaged is not: what is read of it
/// says so.
pub(crate) fn months(root: &Path, manifest: &Manifest) -> Result<Vec<Month>, Problem> {
    let mut months = Vec::new();
    for (&month, assessments) in &manifest.assessments {
        let files = [
            (Some(assessments), &assessments::SCHEMA),
            (manifest.states.get(&month), &state::SCHEMA),
            (manifest.samples.get(&month), &sample::SCHEMA),
            (manifest.members.get(&month), &members::SCHEMA),
            (manifest.member_samples.get(&month), &member_sample::SCHEMA),
        ];
        for (file, schema) in files {
            if !file.map_or(Ok(true), |file| is_ours(root, file, schema))? {
                months.push(month);
                break;
            }
        }
    }
    Ok(months)
}

fn is_ours(root: &Path, file: &LakeFile, schema: &Schema) -> Result<bool, Problem> {
    let path = root.join(&file.path);
    let opened = match File::open(&path) {
        Ok(opened) => opened,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(Problem::io(&path, error)),
    };
    let Ok(footer) = ArrowReaderMetadata::load(&opened, ArrowReaderOptions::new()) else {
        return Ok(true);
    };
    Ok(footer.schema().fields() == schema.fields())
}
