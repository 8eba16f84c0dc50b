//! Units of the organisation and their places in the tree.

use domain::id::OrgUnitId;
use domain::org::OrgLevel;
use hashbrown::HashMap;
use sqlx::SqliteConnection;

use crate::Store;
use crate::error::Result;
use crate::row::RowExt;

/// A unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitRecord {
    /// Which.
    pub id: OrgUnitId,
    /// The operator's code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its level.
    pub level: OrgLevel,
    /// The unit above.
    pub parent: Option<OrgUnitId>,
    /// Its place in a walk through the tree, every unit before those below it …
    pub position: u32,
    /// … and the place of the last unit below it, its own if there is none.
    pub last_position: u32,
}

impl Store {
    /// All units, by place in the tree.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn units(&self) -> Result<Vec<UnitRecord>> {
        let rows = sqlx::query(
            "SELECT id, code, name, level, parent_id, position, last_position FROM org_units ORDER BY position, id",
        )
        .fetch_all(self.database.readers())
        .await?;
        rows.iter()
            .map(|row| {
                Ok(UnitRecord {
                    id: OrgUnitId::new(row.value("id")?),
                    code: row.value("code")?,
                    name: row.value("name")?,
                    level: row.code("level")?,
                    parent: row.value::<Option<i64>>("parent_id")?.map(OrgUnitId::new),
                    position: row.value("position")?,
                    last_position: row.value("last_position")?,
                })
            })
            .collect()
    }
}

/// Gives every unit its place in the tree: a walk that goes to a unit before those below it, siblings by code.
pub(crate) async fn place(connection: &mut SqliteConnection) -> Result<()> {
    let rows =
        sqlx::query("SELECT id, parent_id FROM org_units ORDER BY code").fetch_all(&mut *connection).await?;
    let mut below: HashMap<Option<i64>, Vec<i64>> = HashMap::new();
    for row in &rows {
        below.entry(row.value("parent_id")?).or_default().push(row.value("id")?);
    }
    for (id, (position, last_position)) in walk(&below) {
        sqlx::query("UPDATE org_units SET position = $1, last_position = $2 WHERE id = $3")
            .bind(position)
            .bind(last_position)
            .bind(id)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Places of all units: `below` gives the units under each unit, and under none those at the top.
fn walk(below: &HashMap<Option<i64>, Vec<i64>>) -> Vec<(i64, (i64, i64))> {
    enum Step {
        Enter(i64),
        Leave(i64, i64),
    }
    let children =
        |unit: Option<i64>| below.get(&unit).into_iter().flatten().rev().map(|&id| Step::Enter(id));
    let mut places = Vec::new();
    let mut next = 0;
    let mut steps: Vec<Step> = children(None).collect();
    while let Some(step) = steps.pop() {
        match step {
            Step::Enter(id) => {
                steps.push(Step::Leave(id, next));
                next += 1;
                steps.extend(children(Some(id)));
            }
            Step::Leave(id, position) => places.push((id, (position, next - 1))),
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subtree_is_a_range_of_places() {
        let below = HashMap::from([(None, vec![7]), (Some(7), vec![3, 9]), (Some(3), vec![1])]);
        let mut places = walk(&below);
        places.sort_unstable();
        assert_eq!(places, [(1, (2, 2)), (3, (1, 2)), (7, (0, 3)), (9, (3, 3))]);
    }
}
