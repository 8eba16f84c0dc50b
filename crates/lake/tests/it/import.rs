//! Import, rule by rule: a small extract that is right, and what one change to it does.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use datafusion::arrow::array::{ArrayRef, AsArray, Float64Array, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{Float64Type, Int64Type};
use datafusion::arrow::util::pretty::pretty_format_batches;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use domain::cycle::LakeFile;
use domain::engine::{ImportRequest, Manifest};
use domain::extract::{Cell, Table};
use domain::import::{Catalog, Codes, Node, RowProblem, Staged};
use domain::org::OrgLevel;
use domain::progress::{Progress, Silent};
use domain::{Lang, Month, Problem, ProblemKind};
use lake::import::{Limits, read_within};
use tempfile::TempDir;

const EXTRACT: &[(&str, &str)] = &[
    (
        "org_units.csv",
        "code,name,level,parent_code\nHQ,总部,hq,\nP1,省公司,province,HQ\nC1,市公司,city,P1\nG1,网格,grid,C1\n",
    ),
    (
        "staff.csv",
        "code,name,role,org_code,email,phone\nS1,张三(样例),account_manager,G1,,\nS2,李四(样例),unit_head,HQ,,\n",
    ),
    (
        "customers.csv",
        "code,name,parent_code,org_code,manager_code,category,created_on,wallet_yuan\n\
         K1,样例饲料厂,,G1,S1,sme,2024-01-15,12000.50\nK2,\"样例, 银行\",,C1,,industry,2023-06-01,\n\
         K3,样例支行,K2,G1,S1,industry,2024-02-29,\n",
    ),
    (
        "products.csv",
        "code,name,family,unit,list_price,unit_cost\nM,语音,mobile,分钟,0.10,0.04\nL,专线,leased_line,兆,80,\n",
    ),
    (
        "contracts.csv",
        "code,customer_code,signed_on,starts_on,ends_on,prepaid_yuan,sla\nA1,K1,2024-01-20,2024-02-01,2026-01-31,1000,gold\n",
    ),
    (
        "services.csv",
        "code,customer_code,product_code,contract_code,quantity,price,started_on,ended_on,trial,end_reason\n\
         V1,K1,M,A1,12,,2024-02-01,,,\nV2,K2,L,,1,75.5,2024-01-01,2025-12-31,yes,price\n",
    ),
    (
        "usage.csv",
        "month,customer_code,product_code,lines,volume,revenue,cost\n\
         2025-01,K2,L,1,10,75.50,30\n2025-01,K1,M,12,3000,299.99,120.00\n2025-02,K1,M,12,2800.5,280,\n\
         2025-02,K1,L,,,-5.25,0\n",
    ),
];

/// A folder handed over, and the data folder it is imported into.
struct World {
    folder: TempDir,
    data: TempDir,
    catalog: Catalog,
    manifest: Manifest,
    limits: Limits,
}

impl World {
    /// The extract as it should be.
    fn good() -> Self {
        let world = Self::empty();
        for (name, text) in EXTRACT {
            world.put(name, text);
        }
        world
    }

    fn empty() -> Self {
        Self {
            folder: TempDir::new().expect("a folder"),
            data: TempDir::new().expect("a folder"),
            catalog: Catalog::default(),
            manifest: Manifest::default(),
            limits: Limits::default(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn put(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("a file")
    }

    fn remove(&self, name: &str) {
        std::fs::remove_file(self.path(name)).expect("a file");
    }

    /// The same extract with one text replaced by another in one file.
    fn with(self, name: &str, old: &str, new: &str) -> Self {
        let text = self.text(name);
        assert!(text.contains(old), "{name} has no {old}");
        self.put(name, text.replacen(old, new, 1));
        self
    }

    fn with_line(self, name: &str, line: &str) -> Self {
        let text = self.text(name);
        self.put(name, format!("{text}{line}\n"));
        self
    }

    fn import(&mut self, run: &str) -> Staged {
        self.try_import(run, None).unwrap_or_else(|problem| panic!("{problem}"))
    }

    fn try_import(&mut self, run: &str, mapping: Option<&Path>) -> Result<Staged, Problem> {
        let request = ImportRequest { folder: self.folder.path(), mapping, run, lang: Lang::En };
        read_within(self.data.path(), request, &mut self.catalog, &self.manifest, &Silent, self.limits)
    }

    /// Puts the staged months to use.
    fn publish(&mut self, staged: &Staged) {
        for facts in &staged.facts {
            let file = LakeFile { month: facts.month, path: facts.path.clone(), rows: facts.rows };
            self.manifest.facts.entry(facts.table).or_default().insert(facts.month, file);
        }
    }

    /// The rows of a month that is in use, as a table for people.
    fn month(&self, table: Table, month: &str) -> String {
        let file = &self.manifest.facts[&table][&month.parse::<Month>().expect("a month")];
        show(&self.data.path().join(&file.path))
    }

    /// Every file in the data folder with its bytes.
    fn data_files(&self) -> Vec<(String, Vec<u8>)> {
        let mut files = Vec::new();
        collect(self.data.path(), self.data.path(), &mut files);
        files.sort();
        files
    }
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).expect("below the root").display().to_string();
            files.push((name, std::fs::read(&path).expect("a file")));
        }
    }
}

fn batches(path: &Path) -> Vec<RecordBatch> {
    let file = File::open(path).expect("a file");
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).and_then(|builder| builder.build());
    reader.expect("parquet").collect::<Result<_, _>>().expect("rows")
}

fn show(path: &Path) -> String {
    pretty_format_batches(&batches(path)).expect("a table").to_string()
}

/// A problem as a case states it: file, line, column, value, key of the reason.
type Wanted = (&'static str, u64, &'static str, &'static str, &'static str);

/// What makes a problem: file, line, column, value, key of the reason.
fn told(problem: &RowProblem) -> (String, u64, String, String, &'static str) {
    (problem.file.clone(), problem.line, problem.column.clone(), problem.value.clone(), problem.reason.key)
}

/// The problems of a run, as told.
fn all_told(staged: &Staged) -> Vec<(String, u64, String, String, &'static str)> {
    staged.problems.iter().map(told).collect()
}

/// The one problem of a run.
fn only(staged: &Staged) -> (String, u64, String, String, &'static str) {
    assert_eq!(staged.bad_rows, 1, "{:?}", all_told(staged));
    told(&staged.problems[0])
}

fn expected(
    file: &str,
    line: u64,
    column: &str,
    value: &str,
    key: &'static str,
) -> (String, u64, String, String, &'static str) {
    (file.to_owned(), line, column.to_owned(), value.to_owned(), key)
}

fn rows(staged: &Staged, table: Table) -> Vec<(i64, Vec<Cell>)> {
    let records = staged.records.iter().find(|records| records.table() == table);
    records.map_or(Vec::new(), |records| records.rows(0, records.len()))
}

/// The records of a run as text, to compare two runs.
fn all_records(staged: &Staged) -> String {
    staged
        .records
        .iter()
        .map(|records| format!("{} {:?}\n", records.table(), records.rows(0, u64::MAX)))
        .collect()
}

fn text(value: &str) -> Cell {
    Cell::Text(value.to_owned())
}

#[test]
fn a_right_extract_becomes_records_and_months() {
    let mut world = World::good();
    let staged = world.import("import-1");
    assert_eq!(all_told(&staged), []);
    assert_eq!((staged.rows_read, staged.bad_rows, staged.bad_files), (18, 0, 0));
    assert_eq!(staged.problem_file, None);
    let customers = rows(&staged, Table::Customers);
    let org = |code| Cell::Whole(world.catalog.codes(Table::OrgUnits).get(code).expect("a unit"));
    assert_eq!(
        customers[0],
        (
            1,
            vec![
                text("K1"),
                text("样例饲料厂"),
                Cell::Null,
                org("G1"),
                Cell::Whole(1),
                text("sme"),
                Cell::Null,
                Cell::Null,
                Cell::Null,
                Cell::Null,
                Cell::Whole(19_737),
                Cell::Null,
                Cell::Whole(1_200_050),
            ]
        )
    );
    assert_eq!(customers[1].1[1], text("样例, 银行"));
    assert_eq!(customers[2].1[2], Cell::Whole(2), "the parent's id");
    let services = rows(&staged, Table::Services);
    assert_eq!(services[1].1[4], Cell::Real(1.0));
    assert_eq!(services[1].1[8], Cell::Whole(1), "a trial");
    let records =
        staged.records.iter().find(|records| records.table() == Table::Customers).expect("customers");
    let absent: Vec<&str> = Table::Customers
        .columns()
        .iter()
        .zip(records.present())
        .filter(|(_, present)| !**present)
        .map(|(column, _)| column.name)
        .collect();
    assert_eq!(absent, ["industry", "employees", "credit_code", "address", "competitor"]);
    assert_eq!(records.rows(1, 1).len(), 1);
    assert_eq!(records.rows(2, 10)[0].1[0], text("K3"));

    let tables: Vec<Table> = staged.records.iter().map(|records| records.table()).collect();
    assert!(tables.is_sorted(), "{tables:?}");
    assert_eq!(staged.facts.len(), 2);
    assert_eq!((staged.facts[0].rows, staged.facts[0].added, staged.facts[0].changed), (2, 2, 0));
    assert_eq!(staged.facts[0].path, Path::new("facts/usage/2025-01/import-1.parquet"));
    world.publish(&staged);
    assert_eq!(
        world.month(Table::Usage, "2025-02"),
        "+-------------+------------+-------+--------+---------+------+\n\
         | customer_id | product_id | lines | volume | revenue | cost |\n\
         +-------------+------------+-------+--------+---------+------+\n\
         | 1           | 1          | 12.0  | 2800.5 | 28000   |      |\n\
         | 1           | 2          |       |        | -525    | 0    |\n\
         +-------------+------------+-------+--------+---------+------+"
    );
    let leftovers: Vec<String> = world.data_files().into_iter().map(|(name, _)| name).collect();
    assert_eq!(leftovers, ["facts/usage/2025-01/import-1.parquet", "facts/usage/2025-02/import-1.parquet"]);
}

#[test]
fn a_bad_cell_is_named_by_file_line_column_value_and_reason() {
    let cases: &[(&str, &str, &str, Wanted)] = &[
        (
            "services.csv",
            "2024-02-01,,,",
            "2026-02-30,,,",
            ("services.csv", 2, "started_on", "2026-02-30", "import-cell-date-missing"),
        ),
        (
            "services.csv",
            "A1,12,",
            "A1,-12,",
            ("services.csv", 2, "quantity", "-12", "import-cell-quantity-negative"),
        ),
        ("services.csv", "A1,12,", "A1,NaN,", ("services.csv", 2, "quantity", "NaN", "import-cell-number")),
        ("services.csv", "A1,12,", "A1,,", ("services.csv", 2, "quantity", "", "import-cell-required")),
        (
            "services.csv",
            "K1,M,A1",
            "K1,X9,A1",
            ("services.csv", 2, "product_code", "X9", "import-reference-unknown"),
        ),
        (
            "services.csv",
            "2024-01-01,2025-12-31",
            "2024-01-01,2023-12-31",
            ("services.csv", 3, "ended_on", "2023-12-31", "import-ends-before-starts"),
        ),
        (
            "contracts.csv",
            "2026-01-31",
            "2024-01-31",
            ("contracts.csv", 2, "ends_on", "2024-01-31", "import-ends-before-starts"),
        ),
        (
            "services.csv",
            "yes,price",
            "yes,bored",
            ("services.csv", 3, "end_reason", "bored", "import-cell-choice"),
        ),
        ("services.csv", "yes,price", "ja,price", ("services.csv", 3, "trial", "ja", "import-cell-flag")),
        (
            "usage.csv",
            "2025-02,K1,M",
            "2025-13,K1,M",
            ("usage.csv", 4, "month", "2025-13", "import-cell-month"),
        ),
        (
            "usage.csv",
            "3000,299.99",
            "3000,299.999",
            ("usage.csv", 3, "revenue", "299.999", "import-cell-money-precise"),
        ),
        ("usage.csv", "3000,299.99", "3000,inf", ("usage.csv", 3, "revenue", "inf", "import-cell-money")),
        (
            "usage.csv",
            "K1,L,,,-5.25,0",
            "K1,L,,,-5.25,0,7",
            ("usage.csv", 5, "", "2025-02", "import-row-width"),
        ),
        (
            "products.csv",
            "0.10,",
            "-0.10,",
            ("products.csv", 2, "list_price", "-0.10", "import-cell-money-negative"),
        ),
    ];
    for (file, old, new, (in_file, line, column, value, key)) in cases {
        let mut world = World::good().with(file, old, new);
        // What refers to a bad row is bad too, and listed after it.
        let staged = world.import("import-1");
        assert_eq!(told(&staged.problems[0]), expected(in_file, *line, column, value, key), "{new}");
        assert!(staged.problem_file.is_some(), "{new}");
    }
}

#[test]
fn every_bad_row_is_counted_and_listed_and_the_good_ones_are_kept() {
    let mut world = World::good();
    let mut usage = world.text("usage.csv");
    for row in 0..1_500 {
        usage.push_str(&format!("2025-03,K{row},Q,1,1,1,1\n"));
    }
    world.put("usage.csv", usage);
    let staged = world.import("import-1");
    assert_eq!((staged.rows_read, staged.bad_rows, staged.problems.len()), (1_518, 1_500, Staged::SHOWN));
    let list = std::fs::read_to_string(staged.problem_file.as_ref().expect("a list")).expect("a file");
    let lines: Vec<&str> = list.lines().collect();
    assert_eq!(lines[0], "file,line,column,value,reason");
    // K1 to K3 exist, the others are unknown as well as the product.
    assert_eq!(lines.len(), 1 + 3 + 2 * 1_497);
    assert_eq!(
        lines[1],
        "usage.csv,6,customer_code,K0,no such code in Customers; add that row or correct the code"
    );
    assert_eq!(staged.facts.len(), 2, "the good months");
}

#[test]
fn bad_rows_leave_no_code_behind_and_take_with_them_what_refers_to_them() {
    let mut world = World::good().with("customers.csv", "2024-01-15", "2024-15-01");
    let staged = world.import("import-1");
    assert_eq!(world.catalog.codes(Table::Customers).get("K1"), None);
    let problems = all_told(&staged);
    assert_eq!(
        problems[0],
        expected("customers.csv", 2, "created_on", "2024-15-01", "import-cell-date-missing")
    );
    assert_eq!(problems[1], expected("contracts.csv", 2, "customer_code", "K1", "import-reference-excluded"));
    assert_eq!(problems[2], expected("services.csv", 2, "customer_code", "K1", "import-reference-excluded"));
    assert_eq!(problems[3], expected("services.csv", 2, "contract_code", "A1", "import-reference-excluded"));
    // The contract, the service, three rows of usage and the customer itself.
    assert_eq!(staged.bad_rows, 6);
    assert_eq!(rows(&staged, Table::Customers).len(), 2);
    assert_eq!(rows(&staged, Table::Services).len(), 1);
}

#[test]
fn a_stored_row_holds_good_when_its_new_form_is_bad() {
    let mut world = World::good();
    let first = world.import("import-1");
    world.publish(&first);
    world = world.with("customers.csv", "2024-01-15", "2024-15-01");
    let staged = world.import("import-2");
    assert_eq!(
        only(&staged),
        expected("customers.csv", 2, "created_on", "2024-15-01", "import-cell-date-missing")
    );
    assert_eq!(world.catalog.codes(Table::Customers).get("K1"), Some(1));
}

#[test]
fn a_code_met_twice_is_bad_where_it_comes_second() {
    let mut world = World::good().with_line("staff.csv", "S1,王五(样例),analyst,G1,,");
    let staged = world.import("import-1");
    assert_eq!(only(&staged), expected("staff.csv", 4, "code", "S1", "import-duplicate"));
    assert_eq!(staged.problems[0].reason.to_string(), "import-duplicate file=staff.csv line=2");
    assert_eq!(rows(&staged, Table::Staff).len(), 2);
    assert_eq!(rows(&staged, Table::Staff)[0].1[1], text("张三(样例)"));
}

#[test]
fn a_key_of_facts_met_twice_is_bad_where_it_comes_second() {
    let mut world = World::good();
    world.put("usage/b.csv", "month,customer_code,product_code,revenue\n2025-01,K1,M,7\n");
    world.put("usage/a.csv", world.text("usage.csv"));
    world.remove("usage.csv");
    let staged = world.import("import-1");
    let key = "month,customer_code,product_code";
    assert_eq!(only(&staged), expected("usage/b.csv", 2, key, "2025-01,K1,M", "import-duplicate"));
    assert_eq!(staged.problems[0].reason.to_string(), "import-duplicate file=usage/a.csv line=3");
    world.publish(&staged);
    assert!(world.month(Table::Usage, "2025-01").contains("29999"), "the first one stays");
}

#[test]
fn parents_must_exist_lie_above_and_form_no_circle() {
    let cases: &[(&str, &str, &str, &[Wanted])] = &[
        (
            "customers.csv",
            "K2,\"样例, 银行\",,",
            "K2,\"样例, 银行\",K3,",
            &[
                ("customers.csv", 3, "parent_code", "K3", "import-parent-circle"),
                ("customers.csv", 4, "parent_code", "K2", "import-parent-circle"),
            ],
        ),
        (
            "customers.csv",
            "K3,样例支行,K2",
            "K3,样例支行,K9",
            &[("customers.csv", 4, "parent_code", "K9", "import-reference-unknown")],
        ),
        (
            "customers.csv",
            "K1,样例饲料厂,,",
            "K1,样例饲料厂,K1,",
            &[("customers.csv", 2, "parent_code", "K1", "import-parent-circle")],
        ),
        (
            "org_units.csv",
            "grid,C1",
            "grid,",
            &[("org_units.csv", 5, "parent_code", "", "import-parent-required")],
        ),
        (
            "org_units.csv",
            "C1,市公司,city",
            "C1,市公司,grid",
            &[("org_units.csv", 5, "parent_code", "C1", "import-parent-level")],
        ),
        (
            "org_units.csv",
            "province,HQ",
            "province,G1",
            &[
                ("org_units.csv", 3, "parent_code", "G1", "import-parent-circle"),
                ("org_units.csv", 4, "parent_code", "P1", "import-parent-circle"),
                ("org_units.csv", 5, "parent_code", "C1", "import-parent-circle"),
            ],
        ),
    ];
    for (file, old, new, problems) in cases {
        let mut world = World::good().with(file, old, new);
        let staged = world.import("import-1");
        let in_tree: Vec<_> =
            all_told(&staged).into_iter().filter(|problem| problem.2 == "parent_code").collect();
        let wanted: Vec<_> = problems.iter().map(|(f, l, c, v, k)| expected(f, *l, c, v, k)).collect();
        assert_eq!(in_tree, wanted, "{new}");
    }
}

#[test]
fn a_unit_left_out_takes_the_units_below_with_it() {
    let mut world = World::good().with("org_units.csv", "P1,省公司,province,HQ", "P1,省公司,province,");
    let staged = world.import("import-1");
    let units: Vec<_> =
        all_told(&staged).into_iter().filter(|problem| problem.0 == "org_units.csv").collect();
    assert_eq!(
        units,
        [
            expected("org_units.csv", 3, "parent_code", "", "import-parent-required"),
            expected("org_units.csv", 4, "parent_code", "P1", "import-reference-excluded"),
            expected("org_units.csv", 5, "parent_code", "C1", "import-reference-excluded"),
        ]
    );
    assert_eq!(rows(&staged, Table::OrgUnits).len(), 1);
    assert_eq!(world.catalog.codes(Table::OrgUnits).get("G1"), None);
}

#[test]
fn a_circle_through_stored_customers_is_found() {
    let mut world = World::empty();
    let mut codes = Codes::from_stored([("K1".into(), 1), ("K2".into(), 2), ("K3".into(), 3)]);
    codes.place(2, Node { parent: Some(1), level: None });
    codes.place(3, Node { parent: Some(2), level: None });
    *world.catalog.codes_mut(Table::Customers) = codes;
    *world.catalog.codes_mut(Table::OrgUnits) = Codes::from_stored([("HQ".into(), 1)]);
    for table in [Table::Staff, Table::Products, Table::Services] {
        *world.catalog.codes_mut(table) = Codes::from_stored([("X".into(), 1)]);
    }
    world.put(
        "customers.csv",
        "code,name,parent_code,org_code,category,created_on\nK1,样例,K3,HQ,sme,2024-01-01\n",
    );
    world.put("usage.csv", "month,customer_code,product_code\n2025-01,K1,X\n");
    let staged = world.import("import-1");
    assert_eq!(only(&staged), expected("customers.csv", 2, "parent_code", "K3", "import-parent-circle"));
    assert_eq!(staged.facts.len(), 1, "what refers to a stored customer is good");
}

#[test]
fn a_unit_lowered_below_its_stored_children_is_found() {
    let mut world = World::good();
    let staged = world.import("import-1");
    world.publish(&staged);
    let units = world.catalog.codes_mut(Table::OrgUnits);
    for (id, level) in [(1, OrgLevel::Hq), (2, OrgLevel::Province), (3, OrgLevel::City), (4, OrgLevel::Grid)]
    {
        units.place(id, Node { parent: Some(id - 1).filter(|parent| *parent > 0), level: Some(level) });
    }
    world.put("org_units.csv", "code,name,level,parent_code\nC1,市公司,grid,P1\n");
    let staged = world.import("import-2");
    assert_eq!(only(&staged), expected("org_units.csv", 2, "parent_code", "P1", "import-parent-level"));
}

#[test]
fn there_is_one_headquarters() {
    let mut world = World::good().with_line("org_units.csv", "HQ2,另一个总部,hq,");
    let staged = world.import("import-1");
    assert_eq!(only(&staged), expected("org_units.csv", 6, "level", "hq", "import-headquarters-second"));
    assert_eq!(staged.problems[0].reason.to_string(), "import-headquarters-second code=HQ");

    // Against what is stored, though the file alone would do.
    let units = world.catalog.codes_mut(Table::OrgUnits);
    assert_eq!(units.get("HQ2"), None);
    units.place(1, Node { parent: None, level: Some(OrgLevel::Hq) });
    world.put("org_units.csv", "code,name,level,parent_code\nTOP,总部,hq,\nP9,省公司,province,TOP\n");
    let problems = all_told(&world.import("import-2"));
    assert_eq!(problems[0], expected("org_units.csv", 2, "level", "hq", "import-headquarters-second"));
    assert_eq!(problems[1], expected("org_units.csv", 3, "parent_code", "TOP", "import-reference-excluded"));

    // What was headquarters may become a province below another one.
    world.put("org_units.csv", "code,name,level,parent_code\nTOP,总部,hq,\nHQ,省公司,province,TOP\n");
    assert_eq!(all_told(&world.import("import-3")), []);
}

#[test]
fn a_file_without_the_column_keeps_the_parents_that_are_stored() {
    let mut world = World::good();
    let staged = world.import("import-1");
    world.publish(&staged);
    let units = world.catalog.codes_mut(Table::OrgUnits);
    units.place(1, Node { parent: None, level: Some(OrgLevel::Hq) });
    units.place(2, Node { parent: Some(1), level: Some(OrgLevel::Province) });
    world.put("org_units.csv", "code,name,level\nP1,新省公司,province\n");
    assert_eq!(all_told(&world.import("import-2")), []);
    world.put("org_units.csv", "code,name,level\nP1,新省公司,province\nP2,省公司,province\n");
    let problem = expected("org_units.csv", 3, "parent_code", "", "import-parent-required");
    assert_eq!(only(&world.import("import-3")), problem);
}

#[test]
fn the_order_of_files_and_their_form_make_no_difference() {
    let mut plain = World::good();
    let staged = plain.import("import-1");
    let (records, files) = (all_records(&staged), plain.data_files());

    let mut split = World::good();
    let usage = split.text("usage.csv");
    let lines: Vec<&str> = usage.lines().collect();
    split.remove("usage.csv");
    split.put("usage/z-first.csv", format!("{}\n{}\n{}\n", lines[0], lines[1], lines[4]));
    split.put("usage/a-last.csv", format!("{}\r\n{}\r\n{}", lines[0], lines[3], lines[2]));
    let staged = split.import("import-1");
    assert_eq!(all_records(&staged), records);
    assert_eq!(split.data_files(), files, "split files");

    let mut parquet = World::good();
    for (name, _) in EXTRACT {
        as_parquet(&parquet, name);
    }
    let staged = parquet.import("import-1");
    assert_eq!(all_told(&staged), []);
    assert_eq!(all_records(&staged), records);
    assert_eq!(parquet.data_files(), files, "Parquet");

    let mut marked = World::good();
    for (name, text) in EXTRACT {
        marked.put(name, format!("\u{feff}{text}"));
    }
    assert_eq!(all_records(&marked.import("import-1")), records, "a byte order mark");
    assert_eq!(marked.data_files(), files);
}

/// Replaces a CSV file by a Parquet file with the same texts; `lines` and `volume` become floats.
fn as_parquet(world: &World, name: &str) {
    let mut reader = csv::Reader::from_path(world.path(name)).expect("a file");
    let names: Vec<String> = reader.headers().expect("a header").iter().map(str::to_owned).collect();
    let records: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("rows");
    let columns = names.iter().enumerate().map(|(place, name)| {
        let cells = records.iter().map(|record| Some(&record[place]).filter(|cell| !cell.is_empty()));
        let array: ArrayRef = match name.as_str() {
            "lines" | "volume" | "revenue" => Arc::new(
                cells
                    .map(|cell| cell.map(|cell| cell.parse::<f64>().expect("a number")))
                    .collect::<Float64Array>(),
            ),
            _ => Arc::new(cells.collect::<StringArray>()),
        };
        (name.clone(), array, true)
    });
    let batch = RecordBatch::try_from_iter_with_nullable(columns).expect("a batch");
    let path = world.path(&name.replace(".csv", ".parquet"));
    let mut writer =
        ArrowWriter::try_new(File::create(path).expect("a file"), batch.schema(), None).expect("a writer");
    writer.write(&batch).expect("rows");
    writer.close().expect("a footer");
    world.remove(name);
}

#[test]
fn floats_in_parquet_are_amounts_when_only_their_last_bits_are_off() {
    let mut world = World::good();
    let column = |values: &[&str]| -> ArrayRef { Arc::new(StringArray::from(values.to_vec())) };
    let amounts: ArrayRef = Arc::new(Float64Array::from(vec![0.1 + 0.2, 0.125]));
    let batch = RecordBatch::try_from_iter([
        ("month", column(&["2025-05", "2025-05"])),
        ("customer_code", column(&["K1", "K2"])),
        ("product_code", column(&["M", "M"])),
        ("revenue", amounts),
    ])
    .expect("a batch");
    let file = File::create(world.path("usage.parquet")).expect("a file");
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).expect("a writer");
    writer.write(&batch).expect("rows");
    writer.close().expect("a footer");
    world.remove("usage.csv");
    let staged = world.import("import-1");
    assert_eq!(only(&staged), expected("usage.parquet", 2, "revenue", "0.125", "import-cell-money-precise"));
    assert_eq!(staged.facts[0].rows, 1);
}

#[test]
fn gb18030_is_read_and_said() {
    let mut utf8 = World::good();
    let records = all_records(&utf8.import("import-1"));
    let mut world = World::good();
    for (name, text) in EXTRACT {
        world.put(name, encoding_rs::GB18030.encode(text).0);
    }
    world.limits.piece_bytes = 16;
    let staged = world.import("import-1");
    assert_eq!(all_records(&staged), records);
    let notes: Vec<String> = staged.notes.iter().map(ToString::to_string).collect();
    assert!(notes.contains(&"import-note-gb18030 file=customers.csv".to_owned()), "{notes:?}");
    assert!(
        !notes.contains(&"import-note-gb18030 file=usage.csv".to_owned()),
        "plain ASCII is UTF-8: {notes:?}"
    );
}

#[test]
fn bytes_that_are_no_text_are_named_by_line() {
    let mut world = World::good();
    let mut customers = world.text("customers.csv").into_bytes();
    customers.extend_from_slice(b"K4,\xff\xfe\xff,,G1,,sme,2024-01-01,\n");
    world.put("customers.csv", customers);
    let staged = world.import("import-1");
    assert_eq!(
        only(&staged),
        expected("customers.csv", 5, "name", "\u{fffd}\u{fffd}\u{fffd}", "import-cell-encoding")
    );
    assert_eq!(rows(&staged, Table::Customers)[0].1[1], text("样例饲料厂"), "the other rows are UTF-8 still");
}

#[test]
fn an_open_quote_costs_one_row() {
    let mut world = World::good().with("usage.csv", "2025-01,K1,M,12", "2025-01,\"K1,M,12");
    let staged = world.import("import-1");
    assert_eq!(only(&staged).4, "import-quote-open");
    assert_eq!(staged.problems[0].line, 3);
    assert_eq!(staged.facts.iter().map(|facts| facts.rows).sum::<u64>(), 3);
}

#[test]
fn a_missing_column_refuses_its_file_and_an_unknown_one_is_noted() {
    let mut world = World::good().with("usage.csv", "product_code", "produkt");
    let staged = world.import("import-1");
    assert_eq!(only(&staged), expected("usage.csv", 1, "product_code", "", "import-column-missing"));
    assert_eq!((staged.bad_files, staged.facts.len()), (1, 0));
    let notes: Vec<String> = staged.notes.iter().map(ToString::to_string).collect();
    assert_eq!(notes, ["import-note-columns file=usage.csv columns=produkt"]);

    let mut world = World::good().with("staff.csv", "email", "name");
    let staged = world.import("import-1");
    assert_eq!(told(&staged.problems[0]), expected("staff.csv", 1, "name", "name", "import-column-twice"));
    let next = expected("customers.csv", 2, "manager_code", "S1", "import-reference-unread");
    assert_eq!(told(&staged.problems[1]), next, "not unknown: nobody could look");
}

#[test]
fn a_first_import_needs_its_tables_and_a_later_one_does_not() {
    let mut world = World::good();
    world.remove("products.csv");
    let staged = world.import("import-1");
    assert_eq!(told(&staged.problems[0]), expected("products.csv", 0, "", "", "import-table-missing"));
    assert_eq!(staged.bad_files, 1);

    let mut world = World::good();
    let staged = world.import("import-1");
    world.publish(&staged);
    for (name, _) in EXTRACT.iter().filter(|(name, _)| *name != "staff.csv") {
        world.remove(name);
    }
    let staged = world.import("import-2");
    assert_eq!((all_told(&staged), staged.bad_files), (vec![], 0));
    assert_eq!(staged.records.len(), 1);
}

#[test]
fn files_that_are_no_tables_are_said_so() {
    let mut world = World::good();
    world.put("contacts.csv", "");
    world.put("usage/2025-03.parquet", b"PAR1 and then nothing");
    world.put("usage/notes.txt", "x");
    world.put("customres.csv", "code\n");
    world.put("truth.csv", "month\n");
    let staged = world.import("import-1");
    assert_eq!(staged.bad_files, 3);
    assert_eq!(told(&staged.problems[0]), expected("usage, usage.csv", 0, "", "", "import-table-doubled"));
    assert_eq!(told(&staged.problems[1]), expected("contacts.csv", 0, "", "", "import-file-empty"));
    assert_eq!(told(&staged.problems[2]), expected("usage/2025-03.parquet", 0, "", "", "import-parquet"));
    let notes: Vec<String> = staged.notes.iter().map(ToString::to_string).collect();
    assert_eq!(notes, ["import-note-file file=customres.csv", "import-note-file file=usage/notes.txt"]);
}

#[test]
fn a_parquet_file_cut_off_anywhere_is_refused_as_a_whole() {
    let mut world = World::good();
    as_parquet(&world, "usage.csv");
    let whole = std::fs::read(world.path("usage.parquet")).expect("a file");
    for length in [0, 3, 100, whole.len() / 2, whole.len() - 1] {
        world.put("usage.parquet", &whole[..length]);
        let staged = world.import("import-1");
        assert_eq!(only(&staged), expected("usage.parquet", 0, "", "", "import-parquet"), "{length} bytes");
        assert_eq!(staged.bad_files, 1);
    }
    // Damaged inside, with its footer whole.
    let mut damaged = whole.clone();
    damaged[4..60].fill(0xff);
    world.put("usage.parquet", &damaged);
    assert_eq!(only(&world.import("import-1")).4, "import-parquet");
}

#[test]
fn an_empty_folder_and_one_that_is_not_there_are_refused() {
    let mut world = World::empty();
    world.put("readme.txt", "x");
    let problem = world.try_import("import-1", None).err().expect("a refusal");
    assert_eq!((problem.kind, problem.cause.key), (ProblemKind::BadInput, "problem-import-folder-empty"));
    assert!(problem.hint.is_some());

    let request =
        ImportRequest { folder: &world.path("nowhere"), mapping: None, run: "import-1", lang: Lang::En };
    let problem =
        read_within(world.data.path(), request, &mut world.catalog, &world.manifest, &Silent, world.limits)
            .err()
            .expect("a refusal");
    assert_eq!(problem.cause.key, "problem-file-missing");
    assert_eq!(world.data_files(), []);
}

#[test]
fn the_same_files_twice_stage_nothing() {
    let mut world = World::good();
    world.put("costs.csv", "month,customer_code,kind,amount\n2025-01,K1,visit,5\n2025-01,K1,access,7.5\n");
    world.put("readings.csv", "month,customer_code,site,indicator,value\n2025-01,K1,b,loss,1\n2025-01,K1,,loss,2\n2025-01,K1,a,loss,3\n");
    world.put("bills.csv", "month,customer_code,billed,due_on\n2025-01,K1,5,2025-02-15\n");
    world.put("market.csv", "month,org_code,operator,subscribers\n2025-01,G1,乙,5\n2025-01,G1,甲,6\n");
    let staged = world.import("import-1");
    assert_eq!(all_told(&staged), []);
    assert_eq!(staged.facts.len(), 6);
    world.publish(&staged);
    let files = world.data_files();
    let again = world.import("import-2");
    assert_eq!((again.facts.as_slice(), again.bad_rows), (&[][..], 0));
    assert_eq!(all_records(&again), all_records(&staged));
    assert_eq!(world.data_files(), files, "no file more");
    assert_eq!(
        world.month(Table::Readings, "2025-01"),
        "+-------------+------+-----------+-------+------+--------+\n\
         | customer_id | site | indicator | value | unit | target |\n\
         +-------------+------+-----------+-------+------+--------+\n\
         | 1           | a    | loss      | 3.0   |      |        |\n\
         | 1           | b    | loss      | 1.0   |      |        |\n\
         | 1           |      | loss      | 2.0   |      |        |\n\
         +-------------+------+-----------+-------+------+--------+"
    );
    assert!(world.month(Table::Bills, "2025-01").contains("2025-02-15"));
}

#[test]
fn a_correction_of_a_past_month_is_merged_by_key() {
    let mut world = World::good();
    let staged = world.import("import-1");
    world.publish(&staged);
    // One row new, one changed, one the same, one not mentioned; `cost` is not in the file.
    world.put(
        "usage.csv",
        "month,customer_code,product_code,lines,volume,revenue\n\
         2025-01,K3,M,1,1,1\n2025-01,K1,M,12,3000,300\n2025-02,K1,L,,,-5.25\n",
    );
    let staged = world.import("import-2");
    assert_eq!(staged.facts.len(), 1, "{:?}", staged.facts);
    assert_eq!((staged.facts[0].rows, staged.facts[0].added, staged.facts[0].changed), (3, 1, 1));
    world.publish(&staged);
    assert_eq!(
        world.month(Table::Usage, "2025-01"),
        "+-------------+------------+-------+--------+---------+-------+\n\
         | customer_id | product_id | lines | volume | revenue | cost  |\n\
         +-------------+------------+-------+--------+---------+-------+\n\
         | 1           | 1          | 12.0  | 3000.0 | 30000   | 12000 |\n\
         | 2           | 2          | 1.0   | 10.0   | 7550    | 3000  |\n\
         | 3           | 1          | 1.0   | 1.0    | 100     |       |\n\
         +-------------+------------+-------+--------+---------+-------+"
    );
}

#[test]
fn a_split_file_keeps_what_is_stored_in_the_columns_that_it_lacks_itself() {
    let mut world = World::good();
    let staged = world.import("import-1");
    world.publish(&staged);
    world.remove("usage.csv");
    world.put("usage/2025-01.csv", "month,customer_code,product_code,revenue\n2025-01,K1,M,300\n");
    world.put("usage/2025-02.csv", "month,customer_code,product_code,cost\n2025-02,K1,M,7\n2025-01,K2,L,\n");
    let staged = world.import("import-2");
    assert_eq!(all_told(&staged), []);
    world.publish(&staged);
    assert_eq!(
        world.month(Table::Usage, "2025-01"),
        "+-------------+------------+-------+--------+---------+-------+\n\
         | customer_id | product_id | lines | volume | revenue | cost  |\n\
         +-------------+------------+-------+--------+---------+-------+\n\
         | 1           | 1          | 12.0  | 3000.0 | 30000   | 12000 |\n\
         | 2           | 2          | 1.0   | 10.0   | 7550    |       |\n\
         +-------------+------------+-------+--------+---------+-------+"
    );
    assert!(world.month(Table::Usage, "2025-02").contains("| 2800.5 | 28000   | 700  |"));
}

#[test]
fn records_of_a_split_file_say_for_each_part_which_columns_it_has() {
    let mut world = World::good();
    world.remove("staff.csv");
    world.put(
        "staff/a.csv",
        "code,name,role,org_code,email\nS1,张三(样例),account_manager,G1,a@example.com\n",
    );
    world.put("staff/b.csv", "code,name,role,org_code\nS2,李四(样例),unit_head,HQ\n");
    let staged = world.import("import-1");
    assert_eq!(all_told(&staged), []);
    let parts: Vec<(u64, bool)> = staged
        .records
        .iter()
        .filter(|records| records.table() == Table::Staff)
        .map(|records| (records.len(), records.present()[4]))
        .collect();
    assert_eq!(parts, [(1, true), (1, false)]);
}

/// Many customers over many months, in an order that is not that of the keys.
fn large(world: &World) {
    let (mut customers, mut usage) = (
        "code,name,org_code,category,created_on\n".to_owned(),
        "month,customer_code,product_code,lines,volume,revenue,cost\n".to_owned(),
    );
    for customer in 0..400 {
        customers.push_str(&format!("N{customer},\"第 {customer} 家\n样例\",G1,sme,2024-01-01\n"));
    }
    for customer in (0..400).rev() {
        for month in 1..=12 {
            let product = if customer % 3 == 0 { "M" } else { "L" };
            usage.push_str(&format!(
                "2025-{month:02},N{customer},{product},{month},{customer}.5,{month}.25,\n"
            ));
        }
    }
    world.put("customers.csv", customers);
    world.put("usage.csv", usage);
    world.remove("contracts.csv");
    world.put("services.csv", "code,customer_code,product_code,quantity,started_on\nV1,N1,M,12,2024-02-01\n");
}

#[test]
fn what_does_not_fit_in_memory_gives_the_same_bytes() {
    let mut roomy = World::good();
    large(&roomy);
    let staged = roomy.import("import-1");
    assert_eq!(all_told(&staged), []);
    let records = all_records(&staged);
    assert_eq!(staged.facts.iter().map(|facts| facts.rows).sum::<u64>(), 4_800);

    let mut narrow = World::good();
    large(&narrow);
    narrow.limits = Limits { memory_bytes: 10_000, piece_bytes: 700, ..Limits::default() };
    let staged = narrow.import("import-1");
    assert_eq!(all_records(&staged), records);
    assert!(narrow.data_files() == roomy.data_files(), "other bytes, or spilled rows left behind");
}

#[test]
fn months_lie_sorted_by_customer_and_product() {
    let mut world = World::good();
    large(&world);
    let staged = world.import("import-1");
    for facts in &staged.facts {
        let mut last = (0, 0);
        for batch in batches(&world.data.path().join(&facts.path)) {
            let customers = batch.column(0).as_primitive::<Int64Type>();
            let products = batch.column(1).as_primitive::<Int64Type>();
            for row in 0..batch.num_rows() {
                let key = (customers.value(row), products.value(row));
                assert!(key > last, "{key:?} after {last:?}");
                last = key;
            }
        }
        assert_eq!(last.0, 400);
    }
}

#[test]
fn a_run_that_cannot_write_leaves_nothing_half_written() {
    let mut world = World::good();
    world.put("costs.csv", "month,customer_code,kind,amount\n2025-01,K1,visit,5\n");
    // Where the folder of costs should be there is a file.
    std::fs::create_dir_all(world.data.path().join("facts")).expect("a folder");
    std::fs::write(world.data.path().join("facts/costs"), "in the way").expect("a file");
    let problem = world.try_import("import-1", None).err().expect("a refusal");
    assert_eq!(problem.kind, ProblemKind::Environment);
    assert!(problem.cause.to_string().contains("facts/costs"), "{}", problem.cause);
    let left: Vec<String> = world.data_files().into_iter().map(|(name, _)| name).collect();
    assert_eq!(left, ["facts/costs"]);
}

#[test]
fn progress_tells_every_file_to_its_end() {
    #[derive(Default)]
    struct Heard(Mutex<Vec<(String, u64, u64, u64)>>);
    impl Progress for Heard {
        fn begin(&self, key: &'static str, subject: &str, total: u64) {
            self.0.lock().expect("a lock").push((format!("{key} {subject}"), total, 0, 0));
        }
        fn advance(&self, amount: u64, rows: u64) {
            let mut heard = self.0.lock().expect("a lock");
            let last = heard.last_mut().expect("a step");
            (last.2, last.3) = (last.2 + amount, last.3 + rows);
        }
        fn end(&self) {}
    }
    let mut world = World::good();
    large(&world);
    let heard = Heard::default();
    let request = ImportRequest { folder: world.folder.path(), mapping: None, run: "r", lang: Lang::En };
    read_within(world.data.path(), request, &mut world.catalog, &world.manifest, &heard, world.limits)
        .unwrap_or_else(|problem| panic!("{problem}"));
    let heard = heard.0.into_inner().expect("a lock");
    for (step, total, amount, _) in &heard {
        assert_eq!(total, amount, "{step}");
    }
    assert_eq!(heard.last().expect("a step"), &("import-step-write usage".to_owned(), 12, 12, 4_800));
    assert!(heard.iter().any(|(step, _, _, rows)| step == "import-step-read usage.csv" && *rows == 4_800));
}

// ---- mappings ----------------------------------------------------------------------------------------------------

const BASE_MAPPING: &str = r#"
org_units.rows = [{ code = "HQ", name = "总部", level = "hq" }]
staff.rows = [{ code = "S", name = "样例", role = "analyst", org_code = "HQ" }]
products.rows = [{ code = "M", name = "语音", family = "mobile", list_price = 0.1 }]
source = "wide.csv"
[customers]
code = "id"
name = "id"
org_code = { value = "HQ" }
category = { value = "sme" }
created_on = "since"
[services]
code = "id"
customer_code = "id"
product_code = { value = "M" }
quantity = { value = 1 }
started_on = "since"
[usage]
unpivot = { "2025-01" = "jan", "2025-02" = "feb" }
where = "rev_{} <> '0'"
customer_code = "id"
product_code = { value = "M" }
revenue = "rev_{}"
volume = { sql = "cast(min_{} AS int) * 2" }
"#;

fn mapped(mapping: &str) -> (World, Result<Staged, Problem>) {
    let mut world = World::empty();
    world.put(
        "wide.csv",
        "id,since,rev_jan,rev_feb,min_jan,min_feb\nA,2024-01-01,10,20,1,2\nB,2024-01-01,0,5.5,0,\n",
    );
    world.put("mapping.toml", mapping);
    let path = world.path("mapping.toml");
    let staged = world.try_import("import-1", Some(&path));
    (world, staged)
}

#[test]
fn a_wide_table_is_unpivoted() {
    let (mut world, staged) = mapped(BASE_MAPPING);
    let staged = staged.unwrap_or_else(|problem| panic!("{problem}"));
    assert_eq!(all_told(&staged), []);
    world.publish(&staged);
    assert_eq!(
        world.month(Table::Usage, "2025-02"),
        "+-------------+------------+-------+--------+---------+------+\n\
         | customer_id | product_id | lines | volume | revenue | cost |\n\
         +-------------+------------+-------+--------+---------+------+\n\
         | 1           | 1          |       | 4.0    | 2000    |      |\n\
         | 2           | 1          |       |        | 550     |      |\n\
         +-------------+------------+-------+--------+---------+------+"
    );
    assert_eq!(staged.facts[0].rows, 1, "January without B");
}

#[test]
fn a_mistake_in_a_mapping_is_named_by_file_and_entry() {
    let cases = [
        ("[customers]", "[customers", "problem-mapping-syntax", "line=6"),
        ("[customers]", "[clients]", "problem-mapping-table", "entry=[clients]"),
        ("category =", "kategorie =", "problem-mapping-column", "entry=[customers] kategorie"),
        (
            "created_on = \"since\"",
            "created_on = \"sinze\"",
            "problem-mapping-source-column",
            "entry=[customers] created_on",
        ),
        ("created_on = \"since\"", "created_on = 5", "problem-mapping-form", "entry=[customers] created_on"),
        (
            "created_on = \"since\"",
            "created_on = { sql = \"nope(since)\" }",
            "problem-mapping-sql",
            "entry=[customers] created_on",
        ),
        ("\"cast(min_{} AS int) * 2\"", "\"cast(id AS int)\"", "problem-mapping-sql", "entry=[usage] volume"),
        ("\"rev_{} <> '0'\"", "\"rev_{} <<>> '0'\"", "problem-mapping-sql", "entry=[usage] where"),
        ("source = \"wide.csv\"", "source = \"wild.csv\"", "problem-mapping-source", "wild.csv"),
        ("source = \"wide.csv\"", "", "problem-mapping-no-source", "entry=[customers]"),
    ];
    for (old, new, key, part) in cases {
        assert!(BASE_MAPPING.contains(old), "{old}");
        let (world, staged) = mapped(&BASE_MAPPING.replacen(old, new, 1));
        let problem = staged.err().unwrap_or_else(|| panic!("{new} was taken"));
        let said = problem.cause.to_string();
        assert_eq!((problem.kind, problem.cause.key), (ProblemKind::BadInput, key), "{said}");
        assert!(said.contains(part) && said.contains("mapping.toml") && problem.hint.is_some(), "{said}");
        assert_eq!(world.data_files(), []);
    }
}

#[test]
fn a_bad_value_of_a_mapped_row_is_named_by_the_line_of_its_source() {
    let (_, staged) = mapped(&BASE_MAPPING.replace("rev_{}", "since"));
    let staged = staged.unwrap_or_else(|problem| panic!("{problem}"));
    assert_eq!(
        told(&staged.problems[1]),
        expected("wide.csv", 3, "revenue", "2024-01-01", "import-cell-money")
    );
}

/// The base mapping over a source that is not as it should be.
fn mapped_from(source: &[u8]) -> (World, Staged) {
    let mut world = World::empty();
    world.put("wide.csv", source);
    world.put("mapping.toml", BASE_MAPPING);
    world.limits.piece_bytes = 64;
    let path = world.path("mapping.toml");
    let staged = world.try_import("import-1", Some(&path)).unwrap_or_else(|problem| panic!("{problem}"));
    (world, staged)
}

const WIDE: &str = "id,since,rev_jan,rev_feb,min_jan,min_feb\nA,2024-01-01,10,20,1,2\n";

#[test]
fn a_source_row_that_cannot_be_read_is_a_bad_row_like_any_other() {
    let mut source = WIDE.as_bytes().to_vec();
    source.extend_from_slice(b"B,2024-01-01,10\nC\xff\xfe,2024-01-01,1,2,3,4\nD,2024-01-01,1,2,3,4\n");
    source.extend_from_slice(b"E,\"2024-01-01,1,2,3,4\nF,2024-01-01,1,2,3,4\n");
    let (world, staged) = mapped_from(&source);
    let told = all_told(&staged);
    assert_eq!(
        told,
        [
            expected("wide.csv", 3, "", "B", "import-row-width"),
            expected("wide.csv", 4, "id", "C\u{fffd}\u{fffd}", "import-cell-encoding"),
            expected("wide.csv", 6, "", "E,\"2024-01-01,1,2,3,4", "import-quote-open"),
        ]
    );
    assert_eq!((staged.bad_rows, staged.bad_files), (3, 0), "leaving out bad rows is enough");
    let customers: Vec<Cell> =
        rows(&staged, Table::Customers).into_iter().map(|(_, mut cells)| cells.remove(0)).collect();
    assert_eq!(customers, [text("A"), text("D"), text("F")]);
    let list = std::fs::read_to_string(staged.problem_file.expect("a list")).expect("a file");
    assert_eq!(list.lines().count(), 4);
    assert!(list.contains("wide.csv,3,,B,\"the header has 6 columns, this row has 3"), "{list}");
    assert!(world.catalog.codes(Table::Customers).get("B").is_none());
}

#[test]
fn a_source_that_cannot_be_taken_as_a_whole_refuses_its_tables() {
    let twice = WIDE.replace("rev_feb", "rev_jan");
    for (source, told_of) in [
        (&b""[..], expected("wide.csv", 0, "", "", "import-file-empty")),
        (twice.as_bytes(), expected("wide.csv", 1, "rev_jan", "rev_jan", "import-column-twice")),
        (b"\"id,since\n", expected("wide.csv", 1, "", "", "import-quote-open")),
    ] {
        let (_, staged) = mapped_from(source);
        assert_eq!(all_told(&staged), [told_of]);
        assert_eq!((staged.bad_files, staged.facts.len()), (1, 0));
    }

    let mut world = World::empty();
    world.put("wide.parquet", b"PAR1 and then nothing");
    world.put("mapping.toml", BASE_MAPPING.replace("wide.csv", "wide.parquet"));
    let path = world.path("mapping.toml");
    let staged = world.try_import("import-1", Some(&path)).unwrap_or_else(|problem| panic!("{problem}"));
    assert_eq!(only(&staged), expected("wide.parquet", 0, "", "", "import-parquet"));
}

#[test]
fn a_source_in_gb18030_is_read_and_said() {
    let source = WIDE.replace("\nA,", "\n甲公司,");
    let (_, staged) = mapped_from(&encoding_rs::GB18030.encode(&source).0);
    assert_eq!(all_told(&staged), []);
    assert_eq!(rows(&staged, Table::Customers)[0].1[0], text("甲公司"));
    let notes: Vec<String> = staged.notes.iter().map(ToString::to_string).collect();
    assert_eq!(notes, ["import-note-gb18030 file=wide.csv"]);
}

#[test]
fn what_must_be_kept_and_does_not_fit_is_refused_before_the_machine_is_out_of_memory() {
    let refused = |world: &mut World, mapping: Option<&Path>| {
        let problem = world.try_import("import-1", mapping).err().expect("a refusal");
        assert_eq!(problem.cause.key, "problem-import-memory");
        assert!(problem.hint.is_some());
        assert_eq!(world.data_files(), [], "nothing half stored");
        problem.cause.args[0].1.clone()
    };
    // Records.
    let mut world = World::good();
    large(&world);
    world.limits.held_bytes = 50_000;
    assert_eq!(refused(&mut world, None), "customers.csv".into());
    // The other months go to disk, one month and its rows have to fit.
    world = World::good();
    large(&world);
    world.limits = Limits { memory_bytes: 10_000, piece_bytes: 700, held_bytes: 300_000 };
    assert_eq!(all_told(&world.import("import-1")), []);
    let usage = (2..=9).fold(world.text("usage.csv"), |usage, month| {
        usage.replace(&format!("2025-{month:02},"), "2025-01,")
    });
    world = World::good();
    large(&world);
    world.put("usage.csv", usage);
    world.limits = Limits { memory_bytes: 10_000, piece_bytes: 700, held_bytes: 300_000 };
    assert_eq!(refused(&mut world, None), "usage.csv".into());
    // A source of a mapping, and what is made of it.
    for held_bytes in [2_000, 8_000] {
        world = World::empty();
        let rows: String = (0..40).map(|row| format!("N{row},2024-01-01,1,2,3,4\n")).collect();
        world.put("wide.csv", WIDE.to_owned() + &rows);
        world.put("mapping.toml", BASE_MAPPING);
        world.limits.held_bytes = held_bytes;
        let path = world.path("mapping.toml");
        assert_eq!(refused(&mut world, Some(&path)), "wide.csv".into(), "{held_bytes}");
    }
}

fn real(name: &str) -> Option<PathBuf> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let data =
        std::env::var_os("TENURE_DATA").map_or_else(|| workspace.join("../shared/data"), PathBuf::from);
    let folder = data.join(name);
    if !folder.is_dir() {
        println!("skipped: the public data set {name} is not there; set TENURE_DATA to where it is");
        return None;
    }
    Some(folder)
}

fn import_real(folder: &Path, mapping: &str) -> (World, Staged) {
    let mapping = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../mappings").join(mapping);
    let mut world = World::empty();
    let request = ImportRequest { folder, mapping: Some(&mapping), run: "import-1", lang: Lang::En };
    let staged =
        read_within(world.data.path(), request, &mut world.catalog, &world.manifest, &Silent, world.limits)
            .unwrap_or_else(|problem| panic!("{problem}"));
    assert_eq!(all_told(&staged), []);
    world.publish(&staged);
    (world, staged)
}

/// Sums of a fact column over all months: whole numbers, then floats.
fn sum(world: &World, table: Table, column: &str) -> (i64, f64) {
    let mut sums = (0, 0.0);
    for file in world.manifest.facts[&table].values() {
        for batch in batches(&world.data.path().join(&file.path)) {
            let array = batch.column_by_name(column).expect("a column");
            match array.as_primitive_opt::<Int64Type>() {
                Some(wholes) => sums.0 += wholes.iter().flatten().sum::<i64>(),
                None => sums.1 += array.as_primitive::<Float64Type>().iter().flatten().sum::<f64>(),
            }
        }
    }
    sums
}

#[test]
fn the_shipped_cdnow_mapping_takes_every_purchase() {
    let Some(folder) = real("cdnow") else { return };
    let (world, staged) = import_real(&folder, "cdnow.toml");
    assert_eq!(rows(&staged, Table::Customers).len(), 23_570);
    assert_eq!(rows(&staged, Table::Services).len(), 23_570);
    assert_eq!(staged.facts.len(), 18);
    let mut reader = csv::Reader::from_path(folder.join("cdnow_master.csv")).expect("a file");
    let (mut quantity, mut amount) = (0.0, 0);
    for record in reader.records() {
        let record = record.expect("a row");
        quantity += record[2].parse::<f64>().expect("a number");
        amount += record[3].parse::<domain::Money>().expect("an amount").fen();
    }
    assert_eq!(sum(&world, Table::Usage, "revenue").0, amount);
    assert_eq!(sum(&world, Table::Usage, "volume").1, quantity);
}

#[test]
fn the_shipped_telco_mapping_takes_every_subscriber() {
    let Some(folder) = real("ibm_telco") else { return };
    let (world, staged) = import_real(&folder, "ibm_telco.toml");
    let members = rows(&staged, Table::Members);
    assert_eq!(members.len(), 7_043);
    assert_eq!(members.iter().filter(|(_, cells)| cells[5] != Cell::Null).count(), 1_869, "those who left");
    let months: u64 = staged.facts.iter().filter(|f| f.table == Table::MemberUsage).map(|f| f.rows).sum();
    // Months of tenure, and one for each of the eleven who have just joined.
    assert_eq!(months, 227_990 + 11);
    assert_eq!(sum(&world, Table::Usage, "revenue").0, sum(&world, Table::MemberUsage, "charge").0);
    assert_eq!(sum(&world, Table::Usage, "lines").1, months as f64);
    let mapping = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../mappings/ibm_telco.toml");
    assert!(std::fs::read_to_string(mapping).expect("the mapping").lines().count() < 40);
}
