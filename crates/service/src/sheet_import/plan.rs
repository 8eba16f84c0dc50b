//! What bringing a sheet in would do: row by row under the rules of the single form, nothing written.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use documents::read::Sheet as Read;
use domain::archive::{Sheet, choice_key, doubt};
use domain::cell::{self, written};
use domain::extract::{Cell, Column, ColumnType, Table};
use domain::id::{CustomerId, OrgUnitId, StaffId};
use domain::policy::{Action, Home};
use domain::sheet_import::{SheetKey, SheetMode, as_extract};
use domain::{Instant, Lang, Message, Problem, date};
use hashbrown::{HashMap, HashSet};
use science::duplicates::{Alike, Other};
use store::sheet_import::{KnownCustomer, NewCustomer, Refusal, SheetCommit};

use super::mapping::Mapping;
use super::runs::Working;
use super::{Change, Found};
use crate::customer::index::CustomerIndex;
use crate::customer::show::is_in;
use crate::duplicate::many;
use crate::services::off_thread;
use crate::{Actor, Services, problem};

/// What was worked out.
#[derive(Debug, Clone)]
pub(crate) struct Planned {
    pub mapping: Mapping,
    pub commit: SheetCommit,
    pub refused: Vec<Refusal>,
    pub found: Found,
}

/// Values, customers and refusals named as examples.
const NAMED: usize = 50;
/// Of long values, so many characters are shown.
const SHOWN: usize = 120;

/// A row as it was read: what stands in the columns taken, references still as they were typed.
struct Typed {
    line: u64,
    values: Vec<Option<Value>>,
    wrong: Vec<(&'static str, Message)>,
}

#[derive(Debug, Clone)]
enum Value {
    Is(Cell),
    Named(String),
}

/// Who is above a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Above {
    Known(CustomerId),
    /// The row of the sheet that creates it.
    Row(usize),
}

/// What becomes of a row.
enum Verdict {
    Create { cells: Vec<Cell>, above: Option<usize> },
    Change { known: usize, cells: Vec<Cell>, above: Option<usize> },
    Same,
    Refused(Vec<(Option<&'static str>, Message)>),
}

impl Verdict {
    fn refused(column: Option<&'static str>, why: Message) -> Self {
        Self::Refused(vec![(column, why)])
    }
}

/// What rows are judged by.
struct Around {
    /// The columns taken, as [`Mapping::taken`] gives them.
    taken: Taken,
    index: Arc<CustomerIndex>,
    actor: Actor,
    mapping: Mapping,
    known: Vec<KnownCustomer>,
    by_code: HashMap<String, usize>,
    by_credit: HashMap<String, Vec<usize>>,
    people: HashMap<String, Option<StaffId>>,
    today: i64,
}

/// Works out what bringing a sheet in would do now.
pub(super) async fn run(
    services: &Services,
    actor: &Actor,
    sheet: Read,
    mapping: Mapping,
    now: Instant,
    working: Option<&Working>,
) -> Result<Planned, Problem> {
    let step = |step| working.iter().for_each(|working| working.step(step));
    step("sheet-step-read");
    let taken = mapping.taken();
    let (taken, rows) = off_thread(move || {
        let choices = choices(&taken);
        let rows: Vec<Typed> = sheet.rows().map(|row| read(&sheet.header, &taken, &choices, row)).collect();
        Ok((taken, rows))
    })
    .await?;
    let (version, around) = around(services, actor, (mapping, taken), &rows, now).await?;
    step("sheet-step-judge");
    let above_known = match around.mapping.place("parent_code") {
        Some(_) => services.store().customers_above().await?,
        None => Vec::new(),
    };
    let (rows, mut verdicts, around) = off_thread(move || {
        let mut verdicts = judge_all(&rows, &around);
        refuse_circles(&around, &mut verdicts, &above_known);
        Ok((rows, verdicts, around))
    })
    .await?;
    step("sheet-step-likes");
    let likes = likes(services, &around, &rows, &mut verdicts).await?;
    step("sheet-step-judge");
    off_thread(move || Ok(planned(version, around, &rows, verdicts, likes))).await
}

/// Place in the sheet, place among the columns of customers, and which.
type Taken = Vec<(usize, usize, &'static Column)>;
type Choices = Vec<HashMap<String, &'static str>>;

/// What stands in sheets for the codes of closed lists: their names in either language.
fn choices(taken: &Taken) -> Choices {
    let of = |column: &'static Column| {
        let ColumnType::OneOf(codes) = column.kind else { return HashMap::new() };
        let named = codes.iter().flat_map(|code| {
            let names = Lang::ALL.map(|lang| text::get(lang, &choice_key(column, code)).to_lowercase());
            names.into_iter().map(move |name| (name, *code))
        });
        named.collect()
    };
    taken.iter().map(|(_, _, column)| of(column)).collect()
}

fn read(header: &[String], taken: &Taken, choices: &Choices, row: documents::read::Row<'_>) -> Typed {
    let mut typed = Typed { line: row.line, values: Vec::with_capacity(taken.len()), wrong: Vec::new() };
    if row.width() > header.len() {
        let wrong =
            Message::new("import-row-width").with("expected", header.len()).with("found", row.width());
        typed.wrong.push(("", wrong));
    }
    for (&(at, _, column), choices) in taken.iter().zip(choices) {
        let text = as_extract(column, row.cell(at));
        if text.is_empty() {
            typed.values.push(None);
            continue;
        }
        let text = choices.get(&text.to_lowercase()).map_or(text, |code| (*code).to_owned());
        let value = match cell::parse(column.kind, text.as_bytes()) {
            Ok(value) => match (doubt(column, &text), column.kind) {
                (Some(wrong), _) => Err(wrong),
                (None, ColumnType::Reference(_)) => Ok(Value::Named(text.clone())),
                (None, kind) => Ok(Value::Is(value.kept(kind))),
            },
            Err(wrong) => Err(wrong_choice(column, wrong)),
        };
        match value {
            Ok(value) => typed.values.push(Some(value)),
            Err(wrong) => {
                typed.values.push(None);
                typed.wrong.push((column.name, wrong));
            }
        }
    }
    typed
}

/// People are told the names of a closed list, not its codes.
fn wrong_choice(column: &Column, wrong: Message) -> Message {
    match column.kind {
        ColumnType::OneOf(_) if column.name == "category" => Message::new("sheet-category-wrong"),
        _ => wrong,
    }
}

fn place_of(taken: &Taken, name: &str) -> Option<usize> {
    taken.iter().position(|(_, _, column)| column.name == name)
}

/// What the rows speak of: customers, units and people, as the records have them now.
async fn around(
    services: &Services,
    actor: &Actor,
    (mapping, taken): (Mapping, Taken),
    rows: &[Typed],
    now: Instant,
) -> Result<(i64, Around), Problem> {
    let texts = |name: &str| -> HashSet<&str> {
        let Some(at) = place_of(&taken, name) else { return HashSet::new() };
        rows.iter()
            .filter_map(|row| match row.values[at].as_ref() {
                Some(Value::Is(Cell::Text(text)) | Value::Named(text)) => Some(text.as_str()),
                _ => None,
            })
            .collect()
    };
    let mut codes: HashSet<&str> = texts("code");
    codes.extend(texts("parent_code"));
    let codes: Vec<&str> = codes.into_iter().collect();
    let credit: Vec<&str> = match mapping.key {
        SheetKey::CreditCode => texts("credit_code").into_iter().collect(),
        SheetKey::Code => Vec::new(),
    };
    let (version, known) = services.store().customers_coded(&codes, &credit).await?;
    let index = services.customers().await?;
    let mut people: HashMap<String, Option<StaffId>> = HashMap::new();
    let named = texts("manager_code");
    if let (false, Home::Subtree(top)) = (named.is_empty(), actor.scope.home()) {
        // By name, where only one is called so; by code or the name to sign in with before that.
        for keeper in services.store().keepers_below(top, u32::MAX).await? {
            let of_name = people.entry(keeper.name).or_insert(Some(keeper.id));
            if *of_name != Some(keeper.id) {
                *of_name = None;
            }
        }
        for name in named {
            let person = services.store().person(name).await?;
            if let Some(person) = person.filter(|person| index.units.is_home(actor.scope.home(), person.unit))
            {
                people.insert(name.to_owned(), Some(person.id));
            }
        }
    }
    let mut by_credit: HashMap<String, Vec<usize>> = HashMap::new();
    let mut by_code = HashMap::with_capacity(known.len());
    for (place, customer) in known.iter().enumerate() {
        if let Some(code) = Sheet::Customer.text_in(&customer.cells, "code") {
            by_code.insert(code.to_owned(), place);
        }
        if let Some(code) = Sheet::Customer.text_in(&customer.cells, "credit_code") {
            by_credit.entry(code.to_owned()).or_default().push(place);
        }
    }
    let today = date::days(now.date());
    let actor = actor.clone();
    let around = Around { taken, index, actor, mapping, known, by_code, by_credit, people, today };
    Ok((version, around))
}

impl Around {
    /// Whether a customer is the actor's own to change, as for the single form.
    fn is_own(&self, customer: &KnownCustomer) -> bool {
        !customer.is_merged
            && is_in(&self.index, &self.actor.scope.without_granted(), (customer.unit, customer.manager), &[])
    }
}

fn judge_all(rows: &[Typed], around: &Around) -> Vec<Verdict> {
    let key = place_of(&around.taken, around.mapping.key.column());
    let code = place_of(&around.taken, "code");
    // Which row has a key, or a code, first.
    let mut first: [HashMap<&str, usize>; 2] = Default::default();
    for (place, row) in rows.iter().enumerate() {
        for (first, at) in first.iter_mut().zip([key, code]) {
            if let Some(text) = text_at(row, at) {
                first.entry(text).or_insert(place);
            }
        }
    }
    let verdict = |(place, row): (usize, &Typed)| {
        if !row.wrong.is_empty() {
            let wrong = row.wrong.iter();
            let wrong =
                wrong.map(|(column, why)| (Some(*column).filter(|name| !name.is_empty()), why.clone()));
            let mut wrong: Wrong = wrong.collect();
            // All that is wrong with a row is told at once.
            let mut cells = vec![Cell::Null; Sheet::Customer.columns().len()];
            wrong.extend(fill(row, &mut cells, &first[1], around).err().unwrap_or_default());
            return Verdict::Refused(wrong);
        }
        for (first, at) in first.iter().zip([key, code]) {
            let before = text_at(row, at).and_then(|text| first.get(text).copied());
            if let Some(before) = before.filter(|before| *before != place) {
                return Verdict::refused(
                    None,
                    Message::new("sheet-row-twice").with("line", rows[before].line),
                );
            }
        }
        judge(row, text_at(row, key), text_at(row, code), &first[1], around)
    };
    let mut verdicts: Vec<Verdict> = rows.iter().enumerate().map(verdict).collect();
    refuse_orphans(rows, &mut verdicts);
    verdicts
}

/// What a row has in the column at a place among those taken.
fn text_at(row: &Typed, at: Option<usize>) -> Option<&str> {
    match row.values[at?].as_ref() {
        Some(Value::Is(Cell::Text(text))) => Some(text),
        _ => None,
    }
}

fn judge(
    row: &Typed,
    key: Option<&str>,
    code: Option<&str>,
    rows_of_codes: &HashMap<&str, usize>,
    around: &Around,
) -> Verdict {
    let mode = around.mapping.mode;
    let key_column = around.mapping.key.column();
    let found: &[usize] = match (around.mapping.key, key) {
        (SheetKey::Code, Some(key)) => around.by_code.get(key).map_or(&[], std::slice::from_ref),
        (SheetKey::CreditCode, Some(key)) => around.by_credit.get(key).map_or(&[], Vec::as_slice),
        (_, None) => &[],
    };
    let own: Vec<usize> =
        found.iter().copied().filter(|&place| around.is_own(&around.known[place])).collect();
    match (own.as_slice(), mode) {
        ([], SheetMode::Update) => match key {
            Some(key) => {
                Verdict::refused(Some(key_column), Message::new("field-not-found").with("text", key))
            }
            None => Verdict::refused(Some(key_column), Message::new("import-cell-required")),
        },
        ([], _) => create(row, code, rows_of_codes, around),
        ([_], SheetMode::Create) => Verdict::refused(Some(key_column), Message::new("sheet-row-there")),
        ([known], _) => change(row, *known, code, rows_of_codes, around),
        (several, _) => {
            let count = several.len();
            Verdict::refused(Some(key_column), Message::new("sheet-key-several").with("count", count))
        }
    }
}

/// A value with what it refers to looked up, and the row of the sheet that creates the customer above.
fn resolve(
    column: &'static Column,
    value: &Value,
    rows_of_codes: &HashMap<&str, usize>,
    around: &Around,
) -> Result<(Cell, Option<Above>), Message> {
    let text = match value {
        Value::Is(cell) => return Ok((cell.clone(), None)),
        Value::Named(text) => text,
    };
    let not_found = || Message::new("field-not-found").with("text", text.as_str());
    let home = around.actor.scope.home();
    match column.kind {
        ColumnType::Reference(Table::OrgUnits) => {
            let unit =
                around.index.units.named(text).filter(|unit| around.index.units.is_home(home, unit.id));
            unit.map(|unit| (Cell::Whole(unit.id.get()), None)).ok_or_else(not_found)
        }
        ColumnType::Reference(Table::Staff) => {
            let person = around.people.get(text.as_str()).copied().flatten();
            person.map(|person| (Cell::Whole(person.get()), None)).ok_or_else(not_found)
        }
        ColumnType::Reference(Table::Customers) => {
            let known = around.by_code.get(text).map(|&place| around.known[place].id);
            let row = known.and_then(|known| around.index.found_at(known));
            if let Some(row) = row.filter(|&row| around.index.is_in(row, &around.actor.scope)) {
                let above = around.index.ids[row];
                return Ok((Cell::Whole(above.get()), Some(Above::Known(above))));
            }
            match rows_of_codes.get(text.as_str()).filter(|_| known.is_none()) {
                Some(&row) => Ok((Cell::Null, Some(Above::Row(row)))),
                None => Err(problem::no_customer(text).cause),
            }
        }
        _ => Err(not_found()),
    }
}

fn create(row: &Typed, code: Option<&str>, rows_of_codes: &HashMap<&str, usize>, around: &Around) -> Verdict {
    if let Some(code) = code.filter(|&code| around.by_code.contains_key(code)) {
        // As the single form says it of a customer that one does not see.
        return Verdict::refused(Some("code"), problem::customer_code_taken(code).cause);
    }
    let actor = &around.actor;
    let mut cells: Vec<Cell> = vec![Cell::Null; Sheet::Customer.columns().len()];
    let mut put = |name: &str, cell: Cell| {
        if let Some(place) = Sheet::Customer.place(name) {
            cells[place] = cell;
        }
    };
    put("org_code", Cell::Whole(actor.unit.id.get()));
    put("created_on", Cell::Whole(around.today));
    if let Home::Own(staff) = actor.scope.home() {
        put("manager_code", Cell::Whole(staff.get()));
    }
    match fill(row, &mut cells, rows_of_codes, around) {
        Err(wrong) => Verdict::Refused(wrong),
        Ok(above) => {
            let mut wrong = Vec::new();
            for (place, column) in Sheet::Customer.fields() {
                if column.required && column.name != "code" && cells[place] == Cell::Null {
                    wrong.push((Some(column.name), Message::new("import-cell-required")));
                }
            }
            if wrong.is_empty() { Verdict::Create { cells, above } } else { Verdict::Refused(wrong) }
        }
    }
}

fn change(
    row: &Typed,
    known: usize,
    code: Option<&str>,
    rows_of_codes: &HashMap<&str, usize>,
    around: &Around,
) -> Verdict {
    let customer = &around.known[known];
    if code.is_some_and(|code| Sheet::Customer.text_in(&customer.cells, "code") != Some(code)) {
        return Verdict::refused(Some("code"), Message::new("sheet-code-stays"));
    }
    let mut cells = customer.cells.clone();
    match fill(row, &mut cells, rows_of_codes, around) {
        Err(wrong) => Verdict::Refused(wrong),
        Ok(above) => {
            let parent = Sheet::Customer.place("parent_code").unwrap_or_default();
            let moves = above.is_some() || cells[parent] != customer.cells[parent];
            if moves && !around.actor.may(Action::AssignCustomers) {
                return Verdict::refused(Some("parent_code"), Message::new("sheet-parent-stays"));
            }
            if cells == customer.cells && above.is_none() {
                return Verdict::Same;
            }
            Verdict::Change { known, cells, above }
        }
    }
}

type Wrong = Vec<(Option<&'static str>, Message)>;

/// Puts what a row says into cells; what it does not say stays. Gives the row that creates the customer above.
fn fill(
    row: &Typed,
    cells: &mut [Cell],
    rows_of_codes: &HashMap<&str, usize>,
    around: &Around,
) -> Result<Option<usize>, Wrong> {
    let (mut wrong, mut above_row) = (Vec::new(), None);
    for ((_, place, column), value) in around.taken.iter().zip(&row.values) {
        let Some(value) = value else { continue };
        match resolve(column, value, rows_of_codes, around) {
            Ok((cell, above)) => {
                cells[*place] = cell;
                if let Some(Above::Row(row)) = above {
                    above_row = Some(row);
                }
            }
            Err(why) => wrong.push((Some(column.name), why)),
        }
    }
    let created = Sheet::Customer.place("created_on").map(|place| &cells[place]);
    if matches!(created, Some(Cell::Whole(day)) if *day > around.today) {
        wrong.push((Some("created_on"), Message::new("field-in-future")));
    }
    if wrong.is_empty() { Ok(above_row) } else { Err(wrong) }
}

/// Refuses rows below one that is not created, until none is left.
fn refuse_orphans(rows: &[Typed], verdicts: &mut [Verdict]) {
    loop {
        let mut orphans = Vec::new();
        for (place, verdict) in verdicts.iter().enumerate() {
            let (Verdict::Create { above, .. } | Verdict::Change { above, .. }) = verdict else { continue };
            if let Some(above) = above.filter(|above| !matches!(verdicts[*above], Verdict::Create { .. })) {
                orphans.push((place, rows[above].line));
            }
        }
        if orphans.is_empty() {
            return;
        }
        for (place, line) in orphans {
            let why = Message::new("sheet-parent-refused").with("line", line);
            verdicts[place] = Verdict::refused(Some("parent_code"), why);
        }
    }
}

/// Refuses rows whose customer would lie below itself.
fn refuse_circles(around: &Around, verdicts: &mut [Verdict], above: &[(CustomerId, CustomerId)]) {
    if around.mapping.place("parent_code").is_none() {
        return;
    }
    let parent = Sheet::Customer.place("parent_code").unwrap_or_default();
    let of_cells = |cells: &[Cell], row: Option<usize>| match (row, &cells[parent]) {
        (Some(row), _) => Some(Above::Row(row)),
        (None, Cell::Whole(id)) => Some(Above::Known(CustomerId::new(*id))),
        _ => None,
    };
    let mut over: HashMap<CustomerId, Above> =
        above.iter().map(|&(id, above)| (id, Above::Known(above))).collect();
    let mut of_row: HashMap<usize, Above> = HashMap::new();
    for (place, verdict) in verdicts.iter().enumerate() {
        match verdict {
            Verdict::Create { cells, above } => {
                of_row.extend(of_cells(cells, *above).map(|above| (place, above)));
            }
            Verdict::Change { known, cells, above } => {
                over.extend(of_cells(cells, *above).map(|above| (around.known[*known].id, above)));
            }
            _ => {}
        }
    }
    let next = |at: Above| match at {
        Above::Known(id) => over.get(&id).copied(),
        Above::Row(row) => of_row.get(&row).copied(),
    };
    // From each row upwards; what was found to end does so for all who come upon it.
    let mut ends: HashSet<(bool, i64)> = HashSet::new();
    let mark = |at: Above| match at {
        Above::Known(id) => (true, id.get()),
        Above::Row(row) => (false, row as i64),
    };
    let mut round = Vec::new();
    for (place, verdict) in verdicts.iter().enumerate() {
        let start = match verdict {
            Verdict::Create { .. } => Above::Row(place),
            Verdict::Change { known, .. } => Above::Known(around.known[*known].id),
            _ => continue,
        };
        let (mut path, mut at, mut circle) = (HashSet::new(), Some(start), false);
        while let Some(here) = at {
            if ends.contains(&mark(here)) {
                break;
            }
            if !path.insert(mark(here)) {
                circle = true;
                break;
            }
            at = next(here);
        }
        if circle { round.push(place) } else { ends.extend(path) }
    }
    for place in round {
        verdicts[place] = Verdict::refused(Some("parent_code"), Message::new("field-parent-circle"));
    }
}

/// How many rows are probably someone known, or another row before them; they are refused unless that was said to be no
/// obstacle.
async fn likes(
    services: &Services,
    around: &Around,
    rows: &[Typed],
    verdicts: &mut [Verdict],
) -> Result<u64, Problem> {
    let created: Vec<usize> =
        (0..verdicts.len()).filter(|&place| matches!(verdicts[place], Verdict::Create { .. })).collect();
    let drafts: Vec<many::Draft> = created
        .iter()
        .filter_map(|&place| match &verdicts[place] {
            Verdict::Create { cells, .. } => Some(many::Draft {
                name: text(cells, "name"),
                credit_code: text(cells, "credit_code"),
                address: text(cells, "address"),
            }),
            _ => None,
        })
        .collect();
    if drafts.is_empty() {
        return Ok(0);
    }
    let (alike, found) = many::run(services, drafts).await?;
    let count = alike.len() as u64;
    if around.mapping.likes {
        return Ok(count);
    }
    for Alike { record, other, .. } in alike {
        let why = match other {
            Other::Batch(place) => Message::new("sheet-like-row").with("line", rows[created[place]].line),
            Other::Base(place) => match found.get(&place) {
                Some(one) => like_known(around, one),
                None => continue,
            },
        };
        verdicts[created[record]] = Verdict::refused(None, why);
    }
    refuse_orphans(rows, verdicts);
    Ok(count)
}

/// The text of a column, empty where there is none.
fn text(cells: &[Cell], name: &str) -> String {
    Sheet::Customer.text_in(cells, name).unwrap_or_default().to_owned()
}

/// Whom a row is like: of one out of sight no more is told than to whose unit it belongs.
fn like_known(around: &Around, one: &many::Found) -> Message {
    let row = around.index.row(one.customer);
    match row.filter(|&row| around.index.is_in(row, &around.actor.scope)) {
        Some(row) => Message::new("sheet-like-known")
            .with("name", around.index.name(row))
            .with("code", one.code.as_str()),
        None => {
            let unit = around.index.units.get(one.unit).map(|unit| unit.name.clone());
            Message::new("sheet-like-foreign").with("unit", unit.unwrap_or_default())
        }
    }
}

fn planned(version: i64, around: Around, rows: &[Typed], verdicts: Vec<Verdict>, likes: u64) -> Planned {
    let mut found = Found::default();
    let mut commit = SheetCommit { records: version, ..SheetCommit::default() };
    let (mut refused, mut hasher) = (Vec::new(), DefaultHasher::new());
    (&around.mapping.columns, around.mapping.likes).hash(&mut hasher);
    let mut created_at: HashMap<usize, usize> = HashMap::new();
    for (place, verdict) in verdicts.iter().enumerate() {
        if matches!(verdict, Verdict::Create { .. }) {
            created_at.insert(place, created_at.len());
        }
    }
    commit.rests_on = around.known.iter().map(|customer| customer.id).collect();
    let mut columns: HashMap<&'static str, u64> = HashMap::new();
    let mut likes_refused = 0;
    for (row, verdict) in rows.iter().zip(verdicts) {
        row.line.hash(&mut hasher);
        match verdict {
            Verdict::Create { cells, above } => {
                hash(&cells, above, &mut hasher);
                found.counts[0] += 1;
                if found.created.len() < NAMED {
                    found.created.push((row.line, text(&cells, "code"), text(&cells, "name")));
                }
                let above = above.and_then(|row| created_at.get(&row).copied());
                commit.created.push(NewCustomer { cells, above });
            }
            Verdict::Change { known, cells, above } => {
                hash(&cells, above, &mut hasher);
                found.counts[1] += 1;
                let customer = &around.known[known];
                let differs = Sheet::Customer.fields().filter(|(place, column)| {
                    cells[*place] != customer.cells[*place]
                        || (column.name == "parent_code" && above.is_some())
                });
                for (place, column) in differs {
                    *columns.entry(column.name).or_default() += 1;
                    if found.changes.len() < NAMED {
                        let said = |cells: &[Cell]| shorten(&around.said(column, &cells[place]));
                        let after = match above.filter(|_| column.name == "parent_code") {
                            Some(row) => format!("#{}", rows[row].line),
                            None => said(&cells),
                        };
                        found.changes.push(Change {
                            line: row.line,
                            customer: customer.id,
                            name: text(&customer.cells, "name"),
                            column: column.name.to_owned(),
                            before: said(&customer.cells),
                            after,
                        });
                    }
                }
                if let Some(row) = above.and_then(|row| created_at.get(&row).copied()) {
                    commit.above.push((customer.id, row));
                }
                commit.changed.push((customer.id, cells));
            }
            Verdict::Same => found.counts[2] += 1,
            Verdict::Refused(why) => {
                found.counts[3] += 1;
                likes_refused += u64::from(why.iter().any(|(_, why)| why.key.starts_with("sheet-like-")));
                for (column, reason) in why {
                    reason.to_string().hash(&mut hasher);
                    refused.push(Refusal { line: row.line, column: column.map(str::to_owned), reason });
                }
            }
        }
    }
    commit.changed.sort_by_key(|(id, _)| *id);
    commit.counts = found.counts;
    found.columns = columns.into_iter().map(|(name, count)| (name.to_owned(), count)).collect();
    found.columns.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    found.likes = likes_refused;
    found.likes_taken = if around.mapping.likes { likes } else { 0 };
    found.seen = format!("{:016x}", hasher.finish());
    Planned { mapping: around.mapping, commit, refused, found }
}

impl Around {
    /// A kept value as a person would read it.
    fn said(&self, column: &'static Column, cell: &Cell) -> String {
        let name = match (cell, column.kind) {
            (Cell::Whole(id), ColumnType::Reference(Table::OrgUnits)) => {
                self.index.units.get(OrgUnitId::new(*id)).map(|unit| unit.name.clone())
            }
            (Cell::Whole(id), ColumnType::Reference(Table::Staff)) => {
                let place = self.index.manager_place(StaffId::new(*id));
                place.and_then(|place| self.index.manager(place)).map(|(_, name)| name.clone())
            }
            (Cell::Whole(id), ColumnType::Reference(Table::Customers)) => {
                let row = self.index.row(CustomerId::new(*id));
                let row = row.filter(|&row| self.index.is_in(row, &self.actor.scope));
                row.map(|row| self.index.name(row).to_owned())
            }
            _ => None,
        };
        match (name, column.kind) {
            (Some(name), _) => name,
            // Of one out of sight nothing is told.
            (None, ColumnType::Reference(_)) if *cell != Cell::Null => "…".to_owned(),
            (None, kind) => written(kind, cell),
        }
    }
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn hash(cells: &[Cell], above: Option<usize>, hasher: &mut DefaultHasher) {
    above.hash(hasher);
    for cell in cells {
        match cell {
            Cell::Null => 0_u8.hash(hasher),
            Cell::Whole(whole) => (1_u8, whole).hash(hasher),
            Cell::Real(real) => (2_u8, real.to_bits()).hash(hasher),
            Cell::Text(text) => (3_u8, text).hash(hasher),
        }
    }
}
