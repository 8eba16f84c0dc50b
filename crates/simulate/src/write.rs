//! The world as files.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use domain::extract::Table;
use domain::progress::Progress;
use domain::{Message, Month, Problem, ProblemKind};

use crate::line::Line;
use crate::rows::{Contact, Customer, Planted, SimulatedCustomer};
use crate::usage::CORRECTED_MONTHS;
use crate::world::World;

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Rows by table, in the order of [`Table::ALL`].
    pub rows: Vec<(Table, u64)>,
    /// Rows of [`CORRECTIONS`].
    pub corrections: u64,
    /// Rows of `truth.csv`.
    pub truth_rows: u64,
    /// Rows of `duplicates.csv`, which is only written when duplicates were asked for.
    pub duplicates: u64,
    /// Bytes in all files.
    pub bytes: u64,
}

/// Writes a world in the extract format plus `truth.csv`. Big tables are split by month
/// (`usage/2024-01.csv`). Beside it, in the folder [`CORRECTIONS`], lies what the operator hands over some days
/// later: rows of usage whose figures were wrong at first. An extract that this function wrote into the folder before is replaced, and only
/// once the new one is complete.
///
/// # Errors
/// When the folder holds something else, or cannot be written.
pub fn write(world: &World, dir: &Path, progress: &dyn Progress) -> Result<Summary, Problem> {
    fs::create_dir_all(dir).map_err(|error| Problem::io(dir, error))?;
    let old = own_entries(dir)?;
    let draft = dir.join(DRAFT);
    remove(&draft)?;
    let summary = fill(world, &draft, progress).inspect_err(|_| {
        // What was written so far is of no use; the failure itself says why.
        let _ = fs::remove_dir_all(&draft);
    })?;
    for entry in old {
        remove(&entry)?;
    }
    publish(&draft, dir)?;
    Ok(summary)
}

/// Writes all files into a new folder.
fn fill(world: &World, draft: &Path, progress: &dyn Progress) -> Result<Summary, Problem> {
    let mut files = Files::create(draft, world)?;
    let mut sheets = Sheets::new(world);
    sheets.organisation(world);
    files.append(&mut sheets)?;
    progress.begin("progress-simulate", "", u64::from(world.config().customers));
    let written = write_customers(world, &mut files, progress);
    progress.end();
    written?;
    files.finish()
}

/// The tables that are split by month.
const MONTHLY: [Table; 5] = [Table::Usage, Table::Costs, Table::MemberUsage, Table::Bills, Table::Readings];
/// The folder of the second delivery, an extract of its own.
pub const CORRECTIONS: &str = "corrections";
const TRUTH: &str = "truth.csv";
const TRUTH_COLUMNS: &str = "month,customer_code,stage,exit_within_3m,cause\n";
const DUPLICATES: &str = "duplicates.csv";
const DUPLICATES_COLUMNS: &str = "customer_code,other_code,same,changes\n";
/// Where files grow until all are complete.
const DRAFT: &str = ".simulate-draft";
/// Customers that one thread makes up at a time.
const CHUNK: u32 = 128;
/// Bytes of a file that are gathered before they are written.
const GATHERED: usize = 256 * 1024;

/// What lies in the folder, if all of it is an extract of ours: `truth.csv` comes from nobody else.
fn own_entries(dir: &Path) -> Result<Vec<PathBuf>, Problem> {
    let io = |error| Problem::io(dir, error);
    let mut entries = Vec::new();
    let mut ours = false;
    let mut strange = false;
    for entry in fs::read_dir(dir).map_err(io)? {
        let entry = entry.map_err(io)?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        ours |= name == TRUTH || name == DRAFT;
        let table = name.strip_suffix(".csv").unwrap_or(&name).parse::<Table>();
        strange |= table.is_err() && ![TRUTH, DUPLICATES, DRAFT, CORRECTIONS].contains(&&*name);
        if name != DRAFT {
            entries.push(entry.path());
        }
    }
    if strange || (!entries.is_empty() && !ours) {
        let cause = Message::new("problem-simulate-folder").with("folder", dir.display().to_string());
        let problem = Problem::new(ProblemKind::BadInput, cause);
        return Err(problem.hint(Message::new("hint-simulate-folder")));
    }
    Ok(entries)
}

fn remove(path: &Path) -> Result<(), Problem> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Problem::io(path, error)),
        _ => Ok(()),
    }
}

/// Moves the complete files to their place, `truth.csv` first: a run killed here leaves a folder that is
/// known as ours.
fn publish(draft: &Path, dir: &Path) -> Result<(), Problem> {
    let rename = |name: &std::ffi::OsStr| {
        let target = dir.join(name);
        fs::rename(draft.join(name), &target).map_err(|error| Problem::io(&target, error))
    };
    rename(TRUTH.as_ref())?;
    for entry in fs::read_dir(draft).map_err(|error| Problem::io(draft, error))? {
        let entry = entry.map_err(|error| Problem::io(draft, error))?;
        rename(&entry.file_name())?;
    }
    remove(draft)
}

/// Makes customers up on all processors and writes them in their order.
fn write_customers(world: &World, files: &mut Files, progress: &dyn Progress) -> Result<(), Problem> {
    let customers = world.config().customers;
    let chunks = customers.div_ceil(CHUNK);
    let threads = thread::available_parallelism().map_or(1, |count| count.get() as u32).min(chunks);
    thread::scope(|scope| {
        let receivers: Vec<Receiver<Sheets>> = (0..threads)
            .map(|thread| {
                let (sender, receiver) = sync_channel(2);
                scope.spawn(move || {
                    for chunk in (thread..chunks).step_by(threads as usize) {
                        let end = ((chunk + 1) * CHUNK).min(customers);
                        // Nobody listens any more once a file could not be written.
                        if sender.send(Sheets::of(world, chunk * CHUNK..end)).is_err() {
                            return;
                        }
                    }
                });
                receiver
            })
            .collect();
        for chunk in 0..chunks {
            let Ok(mut sheets) = receivers[(chunk % threads) as usize].recv() else {
                return Err(Problem::internal("a thread that makes up customers has ended"));
            };
            let rows = sheets.all().map(|(_, sheet)| sheet.rows).sum();
            files.append(&mut sheets)?;
            progress.advance(u64::from(CHUNK.min(customers - chunk * CHUNK)), rows);
        }
        Ok(())
    })
}

/// Lines of one file, not written yet.
#[derive(Debug, Default, Clone)]
struct Sheet {
    bytes: Vec<u8>,
    rows: u64,
}

impl Sheet {
    fn line(&mut self) -> Line<'_> {
        self.rows += 1;
        Line::new(&mut self.bytes)
    }
}

/// Lines of all files for some customers.
struct Sheets {
    /// By [`Table::index`]; those of [`MONTHLY`] stay empty.
    whole: Vec<Sheet>,
    /// By place in [`MONTHLY`] and month.
    monthly: Vec<Vec<Sheet>>,
    /// Of the last months, the earliest first.
    corrections: Vec<Sheet>,
    truth: Sheet,
    /// None where no duplicates were asked for.
    duplicates: Option<Sheet>,
}

/// Which file.
#[derive(Debug, Clone, Copy)]
enum FileOf {
    /// A whole table.
    Table(Table),
    /// A month of a table, counted from the first.
    Month(Table, usize),
    /// Corrected usage of a month.
    Correction(usize),
    Truth,
    Duplicates,
}

impl Sheets {
    fn new(world: &World) -> Self {
        let months = world.config().months;
        Self {
            whole: vec![Sheet::default(); Table::ALL.len()],
            monthly: vec![vec![Sheet::default(); usize::from(months)]; MONTHLY.len()],
            corrections: vec![Sheet::default(); usize::from(months).min(CORRECTED_MONTHS as usize)],
            truth: Sheet::default(),
            duplicates: (world.duplicates > 0.0).then(Sheet::default),
        }
    }

    fn of(world: &World, customers: std::ops::Range<u32>) -> Self {
        let mut sheets = Self::new(world);
        for index in customers {
            sheets.customer(world, &world.customer(index));
            for planted in world.planted(index) {
                sheets.planted(&planted);
            }
        }
        sheets
    }

    /// Every sheet with its file.
    fn all(&mut self) -> impl Iterator<Item = (FileOf, &mut Sheet)> {
        let whole = self.whole.iter_mut().zip(Table::ALL).filter(|(_, table)| !MONTHLY.contains(table));
        let whole = whole.map(|(sheet, &table)| (FileOf::Table(table), sheet));
        let first_corrected = self.monthly[0].len() - self.corrections.len();
        let monthly = self.monthly.iter_mut().zip(MONTHLY).flat_map(|(sheets, table)| {
            sheets.iter_mut().enumerate().map(move |(month, sheet)| (FileOf::Month(table, month), sheet))
        });
        let corrections = self.corrections.iter_mut().zip(first_corrected..);
        let corrections = corrections.map(|(sheet, month)| (FileOf::Correction(month), sheet));
        let duplicates = self.duplicates.iter_mut().map(|sheet| (FileOf::Duplicates, sheet));
        let truth = std::iter::once((FileOf::Truth, &mut self.truth));
        whole.chain(monthly).chain(corrections).chain(truth).chain(duplicates)
    }

    fn table(&mut self, table: Table) -> &mut Sheet {
        &mut self.whole[table.index()]
    }

    fn organisation(&mut self, world: &World) {
        for unit in world.units() {
            let line = self.table(Table::OrgUnits).line();
            line.code(&unit.code)
                .text(&unit.name)
                .code(unit.level.code())
                .code_or_empty(unit.parent_code.as_deref())
                .end();
        }
        for person in world.staff() {
            let line = self.table(Table::Staff).line();
            line.code(&person.code)
                .text(&person.name)
                .code(person.role.code())
                .code(&person.org_code)
                .code(&person.email)
                .code(&person.phone)
                .end();
        }
        for product in world.products() {
            let line = self.table(Table::Products).line();
            line.code(product.code)
                .text(product.name)
                .code(product.family.code())
                .text(product.unit)
                .money(product.list_price)
                .money(product.unit_cost)
                .end();
        }
        for row in world.market() {
            let line = self.table(Table::Market).line();
            line.month(row.month)
                .code(&row.org_code)
                .text(row.operator)
                .whole(row.subscribers)
                .money(row.revenue)
                .whole(row.population)
                .whole(row.households)
                .whole(row.enterprises)
                .end();
        }
    }

    fn customer(&mut self, world: &World, customer: &SimulatedCustomer) {
        self.master(world, customer);
        self.happened(world, customer);
        self.facts(world, customer);
    }

    /// Who the customer is, and its people.
    fn registered(&mut self, row: &Customer, contacts: &[Contact]) {
        self.table(Table::Customers)
            .line()
            .code(&row.code)
            .text(&row.name)
            .code_or_empty(row.parent_code.as_deref())
            .code(&row.org_code)
            .code_or_empty(row.manager_code.as_deref())
            .code(row.category.code())
            .text(row.industry)
            .whole_or_empty(row.employees)
            .code_or_empty(row.credit_code.as_deref())
            .text(&row.address)
            .date(row.created_on)
            .text_or_empty(row.competitor)
            .money_or_empty(row.wallet)
            .end();
        for contact in contacts {
            let line = self.table(Table::Contacts).line();
            line.code(&contact.code)
                .code(&row.code)
                .text(&contact.name)
                .text(contact.title)
                .code(&contact.phone)
                .code(&contact.email)
                .code_or_empty(contact.cute_role.map(|role| role.code()))
                .text(contact.style)
                .whole(contact.closeness)
                .whole(contact.trust)
                .whole(contact.favour)
                .end();
        }
    }

    /// A record beside that of a customer.
    fn planted(&mut self, planted: &Planted) {
        self.registered(&planted.row, &planted.contacts);
        if let Some(sheet) = &mut self.duplicates {
            let changes: Vec<&str> = planted.changes.iter().map(|change| change.code()).collect();
            let line = sheet.line();
            line.code(&planted.of)
                .code(&planted.row.code)
                .code(planted.sameness.code())
                .code(&changes.join(" "))
                .end();
        }
    }

    /// The customer and what it has.
    fn master(&mut self, world: &World, customer: &SimulatedCustomer) {
        let row = &customer.row;
        self.registered(row, &customer.contacts);
        for contract in &customer.contracts {
            let line = self.table(Table::Contracts).line();
            line.code(&contract.code)
                .code(&row.code)
                .date(contract.signed_on)
                .date(contract.starts_on)
                .date_or_empty(contract.ends_on)
                .money_or_empty(contract.prepaid)
                .code(contract.sla.code())
                .end();
        }
        for service in &customer.services {
            let line = self.table(Table::Services).line();
            line.code(&service.code)
                .code(&row.code)
                .code(world.products()[service.product].code)
                .code_or_empty(service.contract_code.as_deref())
                .whole(service.quantity)
                .money_or_empty(service.price)
                .date(service.started_on)
                .date_or_empty(service.ended_on)
                .code(if service.trial { "yes" } else { "" })
                .code_or_empty(service.end_reason.map(|reason| reason.code()))
                .end();
        }
        for member in &customer.members {
            let line = self.table(Table::Members).line();
            line.code(&member.code)
                .code(&row.code)
                .text(member.plan)
                .code(member.payer.code())
                .date(member.joined_on)
                .date_or_empty(member.left_on)
                .whole_or_empty(member.survey_score)
                .end();
        }
    }

    /// What people did and said.
    fn happened(&mut self, world: &World, customer: &SimulatedCustomer) {
        let row = &customer.row;
        let contact = |place: Option<usize>| place.map(|place| customer.contacts[place].code.as_str());
        let member = |place: Option<usize>| place.map(|place| customer.members[place].code.as_str());
        for ticket in &customer.tickets {
            let line = self.table(Table::Tickets).line();
            line.code(&ticket.code)
                .code(&row.code)
                .code_or_empty(member(ticket.member))
                .code(ticket.kind.code())
                .code(ticket.channel.code())
                .instant(ticket.opened_at)
                .code_or_empty(ticket.first_responder.as_deref())
                .instant_or_empty(ticket.due_at)
                .instant_or_empty(ticket.closed_at)
                .text_or_empty(ticket.cause)
                .whole_or_empty(ticket.score)
                .end();
        }
        for interaction in &customer.interactions {
            let line = self.table(Table::Interactions).line();
            line.code(&interaction.code)
                .instant(interaction.at)
                .code(&row.code)
                .code_or_empty(contact(interaction.contact))
                .code_or_empty(interaction.staff_code.as_deref())
                .code(interaction.channel.code())
                .code(interaction.direction.code())
                .text(interaction.purpose)
                .text_or_empty(interaction.outcome)
                .end();
        }
        for opportunity in &customer.opportunities {
            let line = self.table(Table::Opportunities).line();
            line.code(&opportunity.code)
                .code(&row.code)
                .code_or_empty(opportunity.manager_code.as_deref())
                .code_or_empty(opportunity.product.map(|product| world.products()[product].code))
                .code(opportunity.stage.code())
                .money_or_empty(opportunity.amount)
                .date(opportunity.opened_on)
                .date_or_empty(opportunity.closed_on)
                .code_or_empty(opportunity.outcome.map(|outcome| outcome.code()))
                .text_or_empty(opportunity.reason)
                .text_or_empty(opportunity.competitor)
                .end();
        }
        for answer in &customer.surveys {
            let line = self.table(Table::Surveys).line();
            line.code(&answer.code)
                .instant(answer.at)
                .text(answer.study)
                .code(&row.code)
                .code_or_empty(member(answer.member))
                .code_or_empty(contact(answer.contact))
                .text(answer.question)
                .text_or_empty(answer.answer)
                .whole_or_empty(answer.score)
                .whole_or_empty(answer.scale)
                .end();
        }
    }

    /// What is counted by month.
    fn facts(&mut self, world: &World, customer: &SimulatedCustomer) {
        let code = customer.row.code.as_str();
        let first = world.config().first;
        let [usage, costs, member_usage, bills, readings] = &mut self.monthly[..] else { return };
        let place = |month: Month| (month - first) as usize;
        let first_corrected = usage.len() - self.corrections.len();
        for row in &customer.usage {
            let tell = |sheet: &mut Sheet, volume, revenue| {
                let line = sheet.line();
                line.month(row.month)
                    .code(code)
                    .code(world.products()[row.product].code)
                    .whole_or_empty(row.lines)
                    .hundredths_or_empty(volume)
                    .money(revenue)
                    .money(row.cost)
                    .end();
            };
            let place = place(row.month);
            match row.first_told {
                Some(first) => {
                    tell(&mut usage[place], first.volume, first.revenue);
                    tell(&mut self.corrections[place - first_corrected], row.volume, row.revenue);
                }
                None => tell(&mut usage[place], row.volume, row.revenue),
            }
        }
        for row in &customer.costs {
            let line = costs[place(row.month)].line();
            line.month(row.month).code(code).code(row.kind).money(row.amount).end();
        }
        for row in &customer.member_usage {
            let line = member_usage[place(row.month)].line();
            line.month(row.month)
                .code(&customer.members[row.member].code)
                .whole(row.voice_min)
                .whole(row.data_mb)
                .whole(row.sms)
                .whole(row.vas_count)
                .money(row.charge)
                .whole(row.hotline_calls)
                .whole(row.complaints)
                .whole(row.promotions)
                .end();
        }
        for row in &customer.bills {
            let line = bills[place(row.month)].line();
            line.month(row.month)
                .code(code)
                .money(row.billed)
                .money_or_empty(row.paid)
                .date(row.due_on)
                .date_or_empty(row.paid_on)
                .money_or_empty(row.prepaid_balance)
                .end();
        }
        for row in &customer.readings {
            let line = readings[place(row.month)].line();
            line.month(row.month)
                .code(code)
                .text(row.site)
                .code(row.indicator)
                .hundredths(row.value)
                .text(row.unit)
                .hundredths(row.target)
                .end();
        }
        for row in &customer.truth {
            let line = self.truth.line();
            line.month(row.month)
                .code(code)
                .code(row.stage.code())
                .code(if row.exit_within_3m { "1" } else { "0" })
                .code_or_empty(row.cause.map(|cause| cause.code()))
                .end();
        }
    }
}

/// Files that grow; opened only to append, so that their number has no limit.
struct Files {
    /// In the order of [`Sheets::all`].
    files: Vec<(PathBuf, Vec<u8>)>,
    rows: Vec<u64>,
    corrections: u64,
    truth_rows: u64,
    duplicates: u64,
    bytes: u64,
}

impl Files {
    fn create(draft: &Path, world: &World) -> Result<Self, Problem> {
        fs::create_dir(draft).map_err(|error| Problem::io(draft, error))?;
        let corrections = draft.join(CORRECTIONS);
        let corrected_usage = corrections.join(Table::Usage.code());
        let folders = MONTHLY.iter().map(|table| draft.join(table.code()));
        for folder in folders.chain([corrections, corrected_usage.clone()]) {
            fs::create_dir(&folder).map_err(|error| Problem::io(&folder, error))?;
        }
        let config = world.config();
        let name = |month: usize| format!("{}.csv", config.first + month as i32);
        let files = Sheets::new(world)
            .all()
            .map(|(file, _)| match file {
                FileOf::Table(table) => (draft.join(format!("{table}.csv")), header(table)),
                FileOf::Month(table, month) => (draft.join(table.code()).join(name(month)), header(table)),
                FileOf::Correction(month) => (corrected_usage.join(name(month)), header(Table::Usage)),
                FileOf::Truth => (draft.join(TRUTH), TRUTH_COLUMNS.as_bytes().to_vec()),
                FileOf::Duplicates => (draft.join(DUPLICATES), DUPLICATES_COLUMNS.as_bytes().to_vec()),
            })
            .collect();
        Ok(Self {
            files,
            rows: vec![0; Table::ALL.len()],
            corrections: 0,
            truth_rows: 0,
            duplicates: 0,
            bytes: 0,
        })
    }

    fn append(&mut self, sheets: &mut Sheets) -> Result<(), Problem> {
        for ((file, sheet), (path, gathered)) in sheets.all().zip(&mut self.files) {
            gathered.append(&mut sheet.bytes);
            match file {
                FileOf::Table(table) | FileOf::Month(table, _) => self.rows[table.index()] += sheet.rows,
                FileOf::Correction(_) => self.corrections += sheet.rows,
                FileOf::Truth => self.truth_rows += sheet.rows,
                FileOf::Duplicates => self.duplicates += sheet.rows,
            }
            sheet.rows = 0;
            if gathered.len() >= GATHERED {
                self.bytes += flush(path, gathered)?;
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Summary, Problem> {
        for (path, gathered) in &mut self.files {
            self.bytes += flush(path, gathered)?;
        }
        let rows = Table::ALL.iter().copied().zip(self.rows).collect();
        let Self { corrections, truth_rows, duplicates, bytes, .. } = self;
        Ok(Summary { rows, corrections, truth_rows, duplicates, bytes })
    }
}

fn header(table: Table) -> Vec<u8> {
    let names: Vec<&str> = table.columns().iter().map(|column| column.name).collect();
    let mut line = names.join(",").into_bytes();
    line.push(b'\n');
    line
}

fn flush(path: &Path, gathered: &mut Vec<u8>) -> Result<u64, Problem> {
    let opened = fs::OpenOptions::new().create(true).append(true).open(path);
    opened.and_then(|mut file| file.write_all(gathered)).map_err(|error| Problem::io(path, error))?;
    let bytes = gathered.len() as u64;
    gathered.clear();
    Ok(bytes)
}
