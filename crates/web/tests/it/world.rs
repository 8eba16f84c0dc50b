//! A small made-up operator behind real addresses: two managers, a head, an analyst, a channel agent.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use domain::cycle::{CycleMonth, LakeFile};
use domain::engine::{
    CustomerMonth, CycleRequest, Engine, Explanation, ImportRequest, Manifest, MoneyMonth, RelationMonth,
};
use domain::extract::{Cell, ColumnType, Table};
use domain::id::{CustomerId, MemberId};
use domain::import::{Catalog, RecordRows, Staged};
use domain::progress::{Progress, Silent};
use domain::rules::RuleBook;
use domain::satisfaction::MemberMonth;
use domain::{Instant, Lang, Month, Problem};
use service::Services;
use service::import::ImportOptions;
use tower::ServiceExt;
use web::Settings;

pub const PASSWORD: &str = "a sample password";

/// Rows as they would stand in files: table, then `column=value` per cell.
const ROWS: &[(Table, &[&str])] = &[
    (Table::OrgUnits, &["code=HQ", "name=示例总部", "level=hq"]),
    (Table::OrgUnits, &["code=P1", "name=示例省", "level=province", "parent_code=HQ"]),
    (Table::OrgUnits, &["code=P2", "name=样本省", "level=province", "parent_code=HQ"]),
    (Table::Staff, &["code=anna", "name=示例甲", "role=account_manager", "org_code=P1"]),
    (Table::Staff, &["code=bert", "name=示例乙", "role=account_manager", "org_code=P1"]),
    (Table::Staff, &["code=head", "name=示例丙", "role=unit_head", "org_code=P1"]),
    (Table::Staff, &["code=analyst", "name=示例丁", "role=analyst", "org_code=HQ"]),
    (Table::Staff, &["code=community", "name=示例辛", "role=community_manager", "org_code=P1"]),
    (Table::Staff, &["code=pricing", "name=示例壬", "role=pricing", "org_code=P1"]),
    (Table::Staff, &["code=service", "name=示例癸", "role=service_agent", "org_code=P1"]),
    (Table::Staff, &["code=engineer", "name=示例子", "role=engineer", "org_code=P1"]),
    (Table::Staff, &["code=hall", "name=示例丑", "role=hall_clerk", "org_code=P1"]),
    (Table::Staff, &["code=admin", "name=示例寅", "role=admin", "org_code=HQ"]),
    (Table::Staff, &["code=agent", "name=示例戊", "role=channel_agent", "org_code=P1"]),
    (
        Table::Customers,
        &[
            "code=C1",
            "name=<b>示例</b>一",
            "org_code=P1",
            "manager_code=anna",
            "category=sme",
            "created_on=19000",
        ],
    ),
    (
        Table::Customers,
        &["code=C2", "name==示例二", "org_code=P1", "manager_code=bert", "category=sme", "created_on=19000"],
    ),
    (
        Table::Contacts,
        &["code=T1", "customer_code=C1", "name=示例己", "phone=010-5550-0142", "email=ji@customer.example"],
    ),
    (Table::Contacts, &["code=T2", "customer_code=C2", "name=示例庚", "phone=010-5550-0177"]),
    (Table::Customers, &["code=C3", "name=样本三", "org_code=P2", "category=public", "created_on=19000"]),
];

struct Operator;

struct Rows {
    table: Table,
    present: Vec<bool>,
    rows: Vec<(i64, Vec<Cell>)>,
}

impl RecordRows for Rows {
    fn table(&self) -> Table {
        self.table
    }
    fn len(&self) -> u64 {
        self.rows.len() as u64
    }
    fn present(&self) -> &[bool] {
        &self.present
    }
    fn rows(&self, from: u64, count: u64) -> Vec<(i64, Vec<Cell>)> {
        self.rows.iter().skip(from as usize).take(count as usize).cloned().collect()
    }
}

impl Engine for Operator {
    fn read_extract(
        &self,
        _: ImportRequest<'_>,
        catalog: &mut Catalog,
        _: &Manifest,
        _: &dyn Progress,
    ) -> Result<Staged, Problem> {
        let tables = [Table::OrgUnits, Table::Staff, Table::Customers, Table::Contacts];
        let records = tables.map(|table| -> Box<dyn RecordRows> {
            let rows = ROWS.iter().filter(|(known, _)| *known == table).map(|(_, cells)| {
                let value = |name: &str| {
                    cells.iter().filter_map(|cell| cell.split_once('=')).find(|(known, _)| *known == name)
                };
                let row = table
                    .columns()
                    .iter()
                    .map(|column| match (value(column.name), column.kind) {
                        (None, _) => Cell::Null,
                        (Some((_, code)), ColumnType::Reference(to)) => {
                            Cell::Whole(catalog.codes_mut(to).assign(code))
                        }
                        (Some((_, day)), ColumnType::Date) => Cell::Whole(day.parse().expect("a day")),
                        (Some((_, text)), _) => Cell::Text(text.to_owned()),
                    })
                    .collect();
                let (_, code) = value("code").expect("a code");
                (catalog.codes_mut(table).assign(code), row)
            });
            let rows = rows.collect();
            Box::new(Rows { table, present: vec![true; table.columns().len()], rows })
        });
        Ok(Staged {
            rows_read: ROWS.len() as u64,
            bad_rows: 0,
            bad_files: 0,
            problems: Vec::new(),
            problem_file: None,
            notes: Vec::new(),
            records: records.into(),
            facts: Vec::new(),
        })
    }

    fn run_cycle(
        &self,
        _: CycleRequest<'_>,
        _: &dyn Progress,
        _: &mut dyn FnMut(CycleMonth) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        Ok(())
    }

    fn customer_months(&self, _: &LakeFile, _: &mut dyn FnMut(CustomerMonth)) -> Result<(), Problem> {
        Ok(())
    }

    fn outdated(&self, _: &Manifest) -> Result<Vec<Month>, Problem> {
        Ok(Vec::new())
    }

    fn sampled_months(&self, _: &LakeFile, _: &mut dyn FnMut(MoneyMonth)) -> Result<(), Problem> {
        Ok(())
    }

    fn history(&self, _: &Manifest, _: CustomerId) -> Result<Vec<RelationMonth>, Problem> {
        Ok(Vec::new())
    }

    fn customer_month(&self, _: &LakeFile, _: CustomerId) -> Result<Option<CustomerMonth>, Problem> {
        Ok(None)
    }

    fn members(&self, _: &LakeFile, _: &[MemberId]) -> Result<Vec<MemberMonth>, Problem> {
        Ok(Vec::new())
    }

    fn each_member(&self, _: &LakeFile, _: &mut dyn FnMut(MemberMonth)) -> Result<(), Problem> {
        Ok(())
    }

    fn explain(&self, _: CycleRequest<'_>, _: CustomerId) -> Result<Vec<Explanation>, Problem> {
        Ok(Vec::new())
    }

    fn sweep(&self, _: &Manifest) -> Result<(), Problem> {
        Ok(())
    }
}

/// The operator, served.
pub struct World {
    router: Router,
    services: Arc<Services>,
    _folder: tempfile::TempDir,
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("text")
    }

    pub fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub fn cookies(&self) -> Vec<&str> {
        self.headers.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok()).collect()
    }
}

pub fn now() -> Instant {
    "2026-11-22T09:30:00+08:00".parse().expect("an instant")
}

impl World {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let rules = RuleBook::parse(None).expect("the shipped rules");
        let services = Services::open(folder.path(), Arc::new(Operator), rules).await.expect("services");
        let options = ImportOptions {
            folder: folder.path().to_owned(),
            mapping: None,
            dry_run: false,
            skip_bad: false,
            lang: Lang::En,
        };
        service::import::run(&services, &options, now(), &now, Arc::new(Silent)).await.expect("an import");
        for sample in service::user::sample_staff(&services).await.expect("people") {
            service::user::create::run(&services, &sample.code, PASSWORD, sample.staff, [7; 16], now())
                .await
                .expect("a user");
        }
        let services = Arc::new(services);
        let counter = AtomicU8::new(0);
        let settings = Settings {
            clock: Arc::new(now),
            random: Arc::new(move || [counter.fetch_add(1, Ordering::Relaxed); 32]),
            secure_cookies: false,
        };
        Self { router: web::router(Arc::clone(&services), settings), services, _folder: folder }
    }

    /// The id of a customer of the operator.
    pub async fn customer(&self, code: &str) -> CustomerId {
        self.services.customer_by_code(code).await.expect("records").expect("a customer")
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body").to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub async fn get(&self, address: &str, cookie: &str) -> Answer {
        let request = Request::get(address).header(header::COOKIE, cookie);
        self.send(request.body(Body::empty()).expect("a request")).await
    }

    pub async fn post(&self, address: &str, cookie: &str, form: &str, origin: &str) -> Answer {
        let request = Request::builder()
            .method(Method::POST)
            .uri(address)
            .header(header::HOST, "tenure.example")
            .header(header::ORIGIN, origin)
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form.to_owned())).expect("a request")).await
    }

    /// Sends a file as a browser does.
    pub async fn post_file(
        &self,
        address: &str,
        cookie: &str,
        name: &str,
        content: &[u8],
        origin: &str,
    ) -> Answer {
        let head = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"sheet\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        let body = [head.as_bytes(), content, b"\r\n--edge--\r\n"].concat();
        let request = Request::builder()
            .method(Method::POST)
            .uri(address)
            .header(header::HOST, "tenure.example")
            .header(header::ORIGIN, origin)
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge");
        self.send(request.body(Body::from(body)).expect("a request")).await
    }

    /// Signs in and gives the cookie.
    pub async fn sign_in(&self, username: &str) -> String {
        let form = format!("username={username}&password={}", PASSWORD.replace(' ', "+"));
        let answer = self.post("/login", "", &form, HERE).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{username}: {}", answer.text());
        let cookie = answer
            .cookies()
            .into_iter()
            .find(|cookie| cookie.starts_with("tenure_session="))
            .expect("a cookie");
        cookie.split(';').next().expect("a value").to_owned()
    }
}

/// The origin of the operator's own pages.
pub const HERE: &str = "http://tenure.example";
