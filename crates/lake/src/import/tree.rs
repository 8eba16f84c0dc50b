//! Units and customers form trees: every parent exists, nobody is their own ancestor, a unit's parent is of a level
//! above, and there is one headquarters.

use domain::Message;
use domain::extract::Table;
use domain::import::{Codes, Node, RowProblem};
use domain::org::OrgLevel;
use hashbrown::{HashMap, HashSet};

use crate::import::check::Excluded;
use crate::import::records::RecordTable;

/// The column of a table that names the row above, if rows of it form a tree.
pub(super) fn parent_column(table: Table) -> Option<usize> {
    let columns = table.columns();
    columns.iter().position(|column| column.name == "parent_code")
}

/// About what a row takes while its tree is checked: its place in a map that may be half empty.
const ROW_BYTES: usize = 144;

/// About what checking the rows of a table takes.
pub(super) fn bytes(table: &RecordTable) -> usize {
    match parent_column(table.table) {
        Some(_) => ROW_BYTES * table.blocks.iter().map(|identified| identified.ids.len()).sum::<usize>(),
        None => 0,
    }
}

/// Leaves out rows that fit in no tree, those below them included, and says why; then puts ids in the place of
/// the parents' codes. Codes of rows left out are forgotten unless they were stored before.
pub(super) fn check(table: &mut RecordTable, codes: &mut Codes, excluded: &mut Excluded) -> Vec<RowProblem> {
    let Some(column) = parent_column(table.table) else { return Vec::new() };
    let mut tree = Tree::new(table, codes, column);
    let mut problems = Vec::new();
    loop {
        let bad = tree.bad_rows(codes, excluded);
        if bad.is_empty() {
            break;
        }
        for (id, column, reason) in bad {
            problems.push(tree.leave_out(id, column, reason, codes, excluded));
        }
    }
    let out: HashSet<(usize, usize)> = tree.out.into_iter().collect();
    for (block, row) in out {
        table.blocks[block].ids[row] = 0;
    }
    problems.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    table.resolve(column, codes);
    problems
}

/// A row of this run.
struct Place {
    block: usize,
    row: usize,
    parent: Option<i64>,
    level: Option<OrgLevel>,
}

/// A row that fits in no tree: its id, the column that says so, and why.
type Misfit = (i64, usize, Message);

struct Tree<'a> {
    table: &'a RecordTable,
    /// The columns of the parent and of the level.
    column: usize,
    level_column: Option<usize>,
    /// The rows of this run that are still good, by id.
    rows: HashMap<i64, Place>,
    /// Their ids in the order of the files.
    order: Vec<i64>,
    /// Rows left out.
    out: Vec<(usize, usize)>,
}

impl<'a> Tree<'a> {
    fn new(table: &'a RecordTable, codes: &Codes, column: usize) -> Self {
        let mut rows = HashMap::new();
        let mut order = Vec::new();
        let level_column = table.table.columns().iter().position(|column| column.name == "level");
        for (block, identified) in table.blocks.iter().enumerate() {
            for (row, &id) in identified.ids.iter().enumerate().filter(|(_, id)| **id != 0) {
                // A file without the column leaves the parent that is stored.
                let parent = match table.has(identified.block.file, column) {
                    true => codes.get(identified.block.text(column, row)),
                    false => codes.node(id).and_then(|node| node.parent),
                };
                let level = level_column
                    .and_then(|level| identified.block.choice(level, row))
                    .and_then(|level| OrgLevel::from_index(usize::from(level)));
                rows.insert(id, Place { block, row, parent, level });
                order.push(id);
            }
        }
        Self { table, column, level_column, rows, order, out: Vec::new() }
    }

    /// Rows that are bad given those left out so far.
    fn bad_rows(&self, codes: &Codes, excluded: &Excluded) -> Vec<Misfit> {
        let at = |column: usize| move |(id, reason)| (id, column, reason);
        let mut bad = self.without_parent(codes, excluded);
        if bad.is_empty() {
            bad = self.in_circles(codes);
        }
        let Some(level) = self.level_column else { return bad.into_iter().map(at(self.column)).collect() };
        if bad.is_empty() {
            bad = self.at_wrong_level(codes);
        }
        if bad.is_empty() {
            return self.second_headquarters(codes).into_iter().map(at(level)).collect();
        }
        bad.into_iter().map(at(self.column)).collect()
    }

    fn good_rows(&self) -> impl Iterator<Item = (i64, &Place)> {
        self.order.iter().filter_map(|id| self.rows.get(id).map(|place| (*id, place)))
    }

    fn parent_code(&self, place: &Place) -> &str {
        self.table.blocks[place.block].block.text(self.column, place.row)
    }

    fn without_parent(&self, codes: &Codes, excluded: &Excluded) -> Vec<(i64, Message)> {
        self.good_rows()
            .filter_map(|(id, place)| {
                let code = self.parent_code(place);
                if !code.is_empty() {
                    let known = codes.get(code).is_some();
                    return (!known).then(|| (id, excluded.reason(self.table.table, code)));
                }
                let lost = place.parent.is_none() && place.level.is_some_and(|level| level != OrgLevel::Hq);
                lost.then(|| (id, Message::new("import-parent-required")))
            })
            .collect()
    }

    /// Where a row stands: as this run says, or as it is stored.
    fn node(&self, id: i64, codes: &Codes) -> Option<Node> {
        match self.rows.get(&id) {
            Some(place) => Some(Node { parent: place.parent, level: place.level }),
            None => codes.node(id),
        }
    }

    /// Rows that are their own ancestors.
    fn in_circles(&self, codes: &Codes) -> Vec<(i64, Message)> {
        let mut bad = Vec::new();
        let mut walked: HashMap<i64, i64> = HashMap::new();
        let mut path = Vec::new();
        for &start in self.order.iter().filter(|id| self.rows.contains_key(*id)) {
            path.clear();
            let mut at = Some(start);
            while let Some(id) = at {
                match walked.get(&id) {
                    None => {
                        walked.insert(id, start);
                        path.push(id);
                        at = self.node(id, codes).and_then(|node| node.parent);
                    }
                    Some(walk) => {
                        if *walk == start {
                            let circle = path.iter().skip_while(|on_path| **on_path != id);
                            let own = circle.filter(|id| self.rows.contains_key(*id));
                            bad.extend(own.map(|id| (*id, Message::new("import-parent-circle"))));
                        }
                        break;
                    }
                }
            }
        }
        bad
    }

    fn at_wrong_level(&self, codes: &Codes) -> Vec<(i64, Message)> {
        let wrong = |level: OrgLevel, parent: OrgLevel| {
            Message::new("import-parent-level")
                .with("level", domain::Arg::Key(level.text_key()))
                .with("parent_level", domain::Arg::Key(parent.text_key()))
        };
        let mut bad: Vec<(i64, Message)> = self
            .good_rows()
            .filter_map(|(id, place)| {
                let level = place.level?;
                let parent = self.node(place.parent?, codes)?.level?;
                (parent >= level).then(|| (id, wrong(level, parent)))
            })
            .collect();
        // A stored unit that is not in this run may end up below one that was lowered.
        for (id, node) in codes.nodes().filter(|(id, _)| !self.rows.contains_key(id)) {
            let lowered = node.parent.and_then(|parent| Some((parent, self.rows.get(&parent)?.level?)));
            if let (Some(level), Some((parent, parent_level))) = (node.level, lowered)
                && parent_level >= level
                && bad.iter().all(|(bad, _)| *bad != parent)
            {
                tracing::debug!(unit = id, "stored unit below a lowered one");
                bad.push((parent, wrong(level, parent_level)));
            }
        }
        bad
    }

    /// Headquarters beside the one that is stored or comes first: sums add up to one.
    fn second_headquarters(&self, codes: &Codes) -> Vec<(i64, Message)> {
        let is_headquarters = |node: &Node| node.level == Some(OrgLevel::Hq);
        let stored = codes.nodes().filter(|(id, node)| is_headquarters(node) && !self.rows.contains_key(id));
        let coming =
            self.good_rows().filter(|(_, place)| place.level == Some(OrgLevel::Hq)).map(|(id, _)| id);
        let mut all = stored.map(|(id, _)| id).min().into_iter().chain(coming);
        let Some(first) = all.next() else { return Vec::new() };
        let code = codes.iter().find(|(_, id)| *id == first).map_or("", |(code, _)| code);
        all.map(|id| (id, Message::new("import-headquarters-second").with("code", code))).collect()
    }

    /// Leaves out a row and says so.
    fn leave_out(
        &mut self,
        id: i64,
        column: usize,
        reason: Message,
        codes: &mut Codes,
        excluded: &mut Excluded,
    ) -> RowProblem {
        let Some(place) = self.rows.remove(&id) else {
            return RowProblem {
                file: String::new(),
                line: 0,
                column: String::new(),
                value: String::new(),
                reason,
            };
        };
        self.out.push((place.block, place.row));
        let block = &self.table.blocks[place.block].block;
        let code = block.text(0, place.row);
        if id > self.table.last_stored {
            codes.forget(code);
            excluded.insert(self.table.table, code);
        }
        RowProblem {
            file: self.table.files[block.file as usize].clone(),
            line: block.lines[place.row],
            column: self.table.table.columns()[column].name.to_owned(),
            value: block.text(column, place.row).to_owned(),
            reason,
        }
    }
}
