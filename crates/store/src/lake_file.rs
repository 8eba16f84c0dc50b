//! Which files of the lake hold good.

use std::path::{Path, PathBuf};

use domain::Month;
use domain::cycle::LakeFile;
use domain::engine::Manifest;
use domain::extract::Table;
use sqlx::SqliteConnection;

use crate::Store;
use crate::error::{Result, StoreError};
use crate::row::RowExt;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A month of facts of a table.
    Facts(Table),
    /// The assessments of a month.
    Assessments,
    /// The state carried out of a month.
    State,
    /// Customers of a month to learn from.
    Sample,
    /// What is said of members of a month.
    Members,
    /// Members of a month to learn from.
    MemberSample,
}

impl Kind {
    fn codes(self) -> (&'static str, &'static str) {
        match self {
            Self::Facts(table) => ("facts", table.code()),
            Self::Assessments => ("assessments", ""),
            Self::State => ("state", ""),
            Self::Sample => ("sample", ""),
            Self::Members => ("members", ""),
            Self::MemberSample => ("member_sample", ""),
        }
    }
}

impl Store {
    /// The files that hold good now.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn manifest(&self) -> Result<Manifest> {
        let rows = sqlx::query("SELECT kind, table_code, month, path, rows FROM lake_files")
            .fetch_all(self.database.readers())
            .await?;
        let mut manifest = Manifest::default();
        for row in &rows {
            let month = row.month("month")?;
            let path: String = row.value("path")?;
            let file = LakeFile { month, path: PathBuf::from(path), rows: row.count("rows")? };
            let kept = match row.value::<&str>("kind")? {
                "facts" => manifest.facts.entry(row.code("table_code")?).or_default(),
                "assessments" => &mut manifest.assessments,
                "state" => &mut manifest.states,
                "sample" => &mut manifest.samples,
                "members" => &mut manifest.members,
                "member_sample" => &mut manifest.member_samples,
                other => return Err(StoreError::unreadable("lake_files.kind", other)),
            };
            kept.insert(month, file);
        }
        Ok(manifest)
    }
}

/// Where a file is kept once another has taken its place: the audit names it there.
#[must_use]
pub fn kept(path: impl AsRef<Path>) -> PathBuf {
    Path::new("replaced").join(path)
}

/// Makes a file the one that holds good; gives the path of the one before, if there was one.
pub(crate) async fn put(
    connection: &mut SqliteConnection,
    kind: Kind,
    month: Month,
    path: &Path,
    rows: u64,
) -> Result<Option<String>> {
    let (kind, table) = kind.codes();
    let path =
        path.to_str().ok_or_else(|| StoreError::unreadable("lake_files.path", path.to_string_lossy()))?;
    let before: Option<String> =
        sqlx::query_scalar("SELECT path FROM lake_files WHERE kind = $1 AND table_code = $2 AND month = $3")
            .bind(kind)
            .bind(table)
            .bind(month.number())
            .fetch_optional(&mut *connection)
            .await?;
    sqlx::query(
        "INSERT INTO lake_files (kind, table_code, month, path, rows) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (kind, table_code, month) DO UPDATE SET path = excluded.path, rows = excluded.rows",
    )
    .bind(kind)
    .bind(table)
    .bind(month.number())
    .bind(path)
    .bind(i64::try_from(rows).unwrap_or(i64::MAX))
    .execute(connection)
    .await?;
    Ok(before)
}

/// Makes a kind of file of a month hold good no more.
pub(crate) async fn remove(connection: &mut SqliteConnection, kind: Kind, month: Month) -> Result<()> {
    let (kind, table) = kind.codes();
    sqlx::query("DELETE FROM lake_files WHERE kind = $1 AND table_code = $2 AND month = $3")
        .bind(kind)
        .bind(table)
        .bind(month.number())
        .execute(connection)
        .await?;
    Ok(())
}
