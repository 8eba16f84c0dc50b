//! Addresses: who may go where, and what leaves the house.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use axum::routing::get;
use domain::id::CustomerId;
use domain::policy::Action;
use domain::staff::Role;
use tower::ServiceExt;
use tower_http::compression::CompressionLayer;

use crate::world::{HERE, PASSWORD, World};

#[tokio::test]
async fn who_is_not_signed_in_is_led_back_to_where_they_were_headed() {
    let world = World::new().await;
    let answer = world.get("/customers?stage=decline&lang=en", "").await;
    assert_eq!(answer.header(header::LOCATION), "/login?next=%2Fcustomers%3Fstage%3Ddecline");
}

#[tokio::test]
async fn a_wrong_password_keeps_the_name_typed() {
    let world = World::new().await;
    let answer = world.post("/login", "", "username=anna&password=wrong+one&next=%2Fcustomers", HERE).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let page = answer.text();
    assert!(
        page.contains("value=\"anna\"")
            && page.contains("role=\"alert\"")
            && page.contains("value=\"/customers\"")
    );
    assert!(!page.contains("wrong one"));
    assert!(answer.cookies().is_empty());
    let unknown =
        world.post("/login", "", "username=nobody&password=wrong+one&next=%2Fcustomers", HERE).await;
    assert_eq!(unknown.text().replace("nobody", "anna"), page, "an unknown name looks like a wrong password");
    assert_eq!(world.post("/login", "", "username=anna", HERE).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn signing_in_goes_on_to_where_one_was_headed_and_out_ends_it() {
    let world = World::new().await;
    let form = format!("username=anna&password={}&next=%2Fcustomers%3Fstar%3D5", PASSWORD.replace(' ', "+"));
    let answer = world.post("/login", "", &form, HERE).await;
    assert_eq!(answer.header(header::LOCATION), "/customers?star=5");
    let cookie = answer.cookies()[0];
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let astray =
        world.post("/login", "", &form.replace("%2Fcustomers%3Fstar%3D5", "%2F%2Fevil.example"), HERE).await;
    assert_eq!(astray.header(header::LOCATION), "/");

    let cookie = world.sign_in("anna").await;
    assert_eq!(world.get("/", &cookie).await.status, StatusCode::OK);
    assert_eq!(world.get("/login", &cookie).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.post("/logout", &cookie, "", HERE).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.get("/", &cookie).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn forms_from_elsewhere_do_nothing() {
    let world = World::new().await;
    let cookie = world.sign_in("anna").await;
    for origin in ["http://evil.example", "null"] {
        assert_eq!(
            world.post("/logout", &cookie, "", origin).await.status,
            StatusCode::FORBIDDEN,
            "{origin}"
        );
    }
    let fetched =
        Request::post("/logout").header(header::COOKIE, &cookie).header("sec-fetch-site", "cross-site");
    let answer = world.send(fetched.body(Body::empty()).expect("a request")).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(world.get("/", &cookie).await.status, StatusCode::OK, "still signed in");
    // Reading an address never signs out.
    assert_eq!(world.get("/logout", &cookie).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_customer_of_another_looks_like_one_that_is_not_there() {
    let world = World::new().await;
    let cookie = world.sign_in("anna").await;
    let own = world.get(&format!("/customers/{}", world.customer("C1").await), &cookie).await;
    assert_eq!(own.status, StatusCode::OK);
    assert!(own.text().contains("&lt;b&gt;示例&lt;/b&gt;一"));

    let absent = CustomerId::new(999);
    let body = |answer: String, id: CustomerId| answer.replace(&format!("/customers/{id}"), "/customers/…");
    let missing = world.get(&format!("/customers/{absent}"), &cookie).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    for code in ["C2", "C3"] {
        let id = world.customer(code).await;
        let foreign = world.get(&format!("/customers/{id}"), &cookie).await;
        assert_eq!(foreign.status, StatusCode::NOT_FOUND, "{code}");
        assert_eq!(body(foreign.text(), id), body(missing.text(), absent), "{code}");
    }
    let list = world.get("/customers", &cookie).await.text();
    assert!(list.contains("C1") && !list.contains("C2") && !list.contains("C3"));
    let file = world.get("/customers/export.csv", &cookie).await.text();
    assert!(file.contains("C1") && !file.contains("C2") && !file.contains("C3"), "{file}");
}

#[tokio::test]
async fn a_head_sees_the_subtree_and_exports_it_without_formulas() {
    let world = World::new().await;
    let cookie = world.sign_in("head").await;
    let list = world.get("/customers", &cookie).await.text();
    assert!(list.contains("C1") && list.contains("C2") && !list.contains("C3"));
    let file = world.get("/customers/export.csv?sort=code", &cookie).await;
    assert!(file.header(header::CONTENT_TYPE).starts_with("text/csv"));
    assert!(file.header(header::CONTENT_DISPOSITION).starts_with("attachment"));
    let text = file.text();
    assert!(text.starts_with('\u{feff}'), "spreadsheets read it as UTF-8");
    assert!(text.contains("C2,'=示例二"), "{text}");
    assert_eq!(text.lines().count(), 3, "{text}");
}

/// A way into the product: method, address, form, what it takes, and what answers those who may. Those who may not
/// find nothing there.
const WAYS: &[(&str, &str, &str, Action, u16)] = &[
    ("GET", "/", "", Action::ViewToday, 200),
    ("GET", "/search", "", Action::ViewCustomers, 200),
    ("GET", "/customers", "", Action::ViewCustomers, 200),
    ("GET", "/customers/export.csv", "", Action::ExportCustomers, 200),
    ("GET", "/customers/export.xlsx", "", Action::ExportCustomers, 200),
    ("GET", "/edits", "", Action::EditCustomers, 200),
    ("POST", "/edits", "column=category&value=none", Action::EditCustomers, 400),
    ("POST", "/edits/99/undo", "", Action::EditCustomers, 404),
    ("GET", "/imports", "", Action::ImportCustomers, 200),
    ("POST", "/imports", "", Action::ImportCustomers, 400),
    ("GET", "/imports/99", "", Action::ImportCustomers, 404),
    ("POST", "/imports/99/try", "", Action::ImportCustomers, 404),
    ("POST", "/imports/99/do", "", Action::ImportCustomers, 404),
    ("POST", "/imports/99/discard", "", Action::ImportCustomers, 404),
    ("POST", "/imports/99/revert", "", Action::ImportCustomers, 404),
    ("GET", "/imports/99/refused", "", Action::ImportCustomers, 404),
    ("GET", "/views", "", Action::ViewCustomers, 200),
    ("POST", "/views", "", Action::ViewCustomers, 400),
    ("POST", "/views/99", "name=x", Action::ViewCustomers, 404),
    ("POST", "/views/99/delete", "", Action::ViewCustomers, 404),
    ("POST", "/views/99/pin", "pin=1", Action::ViewCustomers, 404),
    ("GET", "/customers/1", "", Action::ViewCustomers, 200),
    ("GET", "/customers/1/known", "", Action::ViewCustomers, 200),
    ("POST", "/customers/1/contacts/1", "reason=x", Action::RevealContact, 200),
    ("GET", "/assignments", "", Action::AssignCustomers, 200),
    ("POST", "/assignments", "", Action::AssignCustomers, 200),
    ("POST", "/assignments/9/undo", "", Action::AssignCustomers, 404),
    ("GET", "/pool", "", Action::ClaimCustomers, 200),
    ("POST", "/pool/9", "", Action::ClaimCustomers, 409),
    ("GET", "/customers/new", "", Action::EditCustomers, 200),
    ("POST", "/customers/new", "", Action::EditCustomers, 400),
    ("GET", "/customers/1/edit", "", Action::EditCustomers, 200),
    ("POST", "/customers/1/edit", "employees=many", Action::EditCustomers, 400),
    ("GET", "/customers/1/archive/purchases", "", Action::EditCustomers, 200),
    ("POST", "/customers/1/archive/contacts", "", Action::EditCustomers, 400),
    ("GET", "/customers/1/archive/contacts/1", "", Action::EditCustomers, 200),
    ("POST", "/customers/1/archive/contacts/1", "closeness=101", Action::EditCustomers, 400),
    ("POST", "/customers/1/archive/contacts/9/remove", "", Action::EditCustomers, 404),
    ("POST", "/customers/1/archive/contacts/9/restore", "", Action::EditCustomers, 404),
    ("GET", "/customers/1/timeline", "", Action::ViewCustomers, 200),
    ("GET", "/customers/1/archive/interactions", "", Action::LogContacts, 200),
    ("POST", "/customers/1/archive/interactions", "at=soon", Action::LogContacts, 400),
    ("GET", "/customers/1/archive/visits", "", Action::LogContacts, 200),
    ("POST", "/customers/1/archive/tasks", "", Action::LogContacts, 400),
    ("POST", "/customers/1/tasks/9/done", "", Action::LogContacts, 404),
    ("POST", "/customers/1/tasks/9/reopen", "", Action::LogContacts, 404),
    ("GET", "/visits", "", Action::LogContacts, 200),
    ("GET", "/members", "", Action::ViewCustomers, 200),
    ("GET", "/members/tactics", "", Action::EditTactics, 200),
    ("POST", "/members/tactics/5/high", "text=x&seen=7", Action::EditTactics, 409),
    ("GET", "/insight", "", Action::ViewInsight, 200),
    ("GET", "/models", "", Action::ViewInsight, 200),
    ("GET", "/segments", "", Action::BuildSegments, 200),
    ("POST", "/segments", "", Action::BuildSegments, 400),
    ("POST", "/segments/9/delete", "", Action::BuildSegments, 404),
    ("GET", "/data", "", Action::ViewData, 200),
    ("GET", "/duplicates", "", Action::MergeCustomers, 200),
    ("POST", "/duplicates/find", "", Action::MergeCustomers, 303),
    ("POST", "/duplicates/1/2/merge", "into=2", Action::MergeCustomers, 400),
    ("POST", "/duplicates/1/2/dismiss", "", Action::MergeCustomers, 400),
    ("POST", "/duplicates/merges/9/end", "", Action::MergeCustomers, 404),
    ("GET", "/collaborations", "", Action::ViewCustomers, 200),
    ("GET", "/programmes", "", Action::ViewCustomers, 200),
    ("POST", "/collaborations", "", Action::Collaborate, 400),
    ("POST", "/collaborations/9/units/9", "turn=join", Action::Collaborate, 404),
    ("POST", "/collaborations/9/close", "outcome=x", Action::Collaborate, 404),
    ("GET", "/fields", "", Action::DefineFields, 200),
    ("GET", "/fields/new", "", Action::DefineFields, 200),
    ("POST", "/fields/new", "", Action::DefineFields, 400),
    ("GET", "/fields/9", "", Action::DefineFields, 404),
    ("POST", "/fields/9", "", Action::DefineFields, 404),
    ("POST", "/fields/9/retire", "", Action::DefineFields, 404),
    ("GET", "/audit", "", Action::ViewAudit, 200),
    ("GET", "/audit/export.csv", "", Action::ViewAudit, 200),
    ("GET", "/access", "", Action::GrantSight, 200),
    ("POST", "/access", "", Action::GrantSight, 400),
    ("POST", "/access/9/end", "", Action::GrantSight, 404),
    ("GET", "/users", "", Action::Administer, 200),
    ("POST", "/users", "", Action::Administer, 400),
    ("GET", "/users/1", "", Action::Administer, 200),
    ("POST", "/users/99/password", "", Action::Administer, 404),
    ("POST", "/users/99/suspend", "reason=x", Action::Administer, 404),
    ("POST", "/users/99/resume", "", Action::Administer, 404),
    ("POST", "/users/99/two-factor-off", "reason=x", Action::Administer, 404),
    ("POST", "/users/1/sessions/99/end", "", Action::Administer, 404),
    ("POST", "/users/1/tokens/99/revoke", "", Action::Administer, 404),
    // One's own account is open to every role, as customers are.
    ("GET", "/account", "", Action::ViewCustomers, 200),
    ("POST", "/account/password", "", Action::ViewCustomers, 400),
    ("POST", "/account/sessions/99/end", "", Action::ViewCustomers, 404),
    ("POST", "/account/sessions/end-others", "", Action::ViewCustomers, 303),
    ("POST", "/account/two-factor", "", Action::ViewCustomers, 303),
    ("POST", "/account/two-factor/confirm", "code=0", Action::ViewCustomers, 400),
    ("POST", "/account/two-factor/codes", "password=x", Action::ViewCustomers, 400),
    ("POST", "/account/two-factor/off", "", Action::ViewCustomers, 303),
    ("POST", "/account/tokens", "", Action::ViewCustomers, 400),
    ("POST", "/account/tokens/99/revoke", "", Action::ViewCustomers, 404),
];

/// Addresses that ask nobody who they are.
const OPEN: [&str; 5] = ["/login", "/login/code", "/logout", "/assets/{name}", "/healthz"];

/// One of each role, by the name to sign in with.
const PEOPLE: [(&str, Role); 10] = [
    ("anna", Role::AccountManager),
    ("community", Role::CommunityManager),
    ("head", Role::UnitHead),
    ("analyst", Role::Analyst),
    ("pricing", Role::Pricing),
    ("service", Role::ServiceAgent),
    ("engineer", Role::Engineer),
    ("hall", Role::HallClerk),
    ("agent", Role::ChannelAgent),
    ("admin", Role::Admin),
];

#[tokio::test]
async fn every_way_is_open_to_the_roles_that_the_policy_names_and_to_nobody_else() {
    // A route that is not swept is found by its line in the source.
    let routes = concat!(
        include_str!("../../src/routes.rs"),
        include_str!("../../src/routes/archive.rs"),
        include_str!("../../src/routes/assignment.rs"),
        include_str!("../../src/routes/tactics.rs"),
        include_str!("../../src/routes/views.rs"),
        include_str!("../../src/routes/edits.rs"),
        include_str!("../../src/routes/fields.rs"),
        include_str!("../../src/routes/sheet_imports.rs"),
        include_str!("../../src/routes/visits.rs")
    );
    for line in routes.lines().filter(|line| line.contains(".route(\"")) {
        let address = line.split('"').nth(1).unwrap_or_default();
        let pattern: Vec<&str> = address.split('/').collect();
        let is = |way: &str| {
            let parts: Vec<&str> = way.split('/').collect();
            parts.len() == pattern.len()
                && parts.iter().zip(&pattern).all(|(part, of)| of.starts_with('{') || part == of)
        };
        let swept = |method: &str| WAYS.iter().any(|way| way.0 == method && is(way.1));
        for (method, mark) in [("GET", "get("), ("POST", "post(")] {
            assert!(!line.contains(mark) || OPEN.contains(&address) || swept(method), "{method} {address}");
        }
    }
    assert_eq!(PEOPLE.map(|(_, role)| role).as_slice(), Role::ALL);

    let world = World::new().await;
    let ask = async |method: &str, address: &str, form: &str, cookie: &str| match method {
        "GET" => world.get(address, cookie).await,
        _ => world.post(address, cookie, form, HERE).await,
    };
    for &(method, address, form, _, _) in WAYS {
        for cookie in ["", "tenure_session=0000"] {
            let answer = ask(method, address, form, cookie).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{method} {address}");
            assert!(answer.header(header::LOCATION).starts_with("/login"), "{method} {address}");
        }
    }
    for (username, role) in PEOPLE {
        let cookie = world.sign_in(username).await;
        for &(method, address, form, action, open) in WAYS {
            let answer = ask(method, address, form, &cookie).await.status.as_u16();
            // The customer asked for is one of anna's.
            let sees = !address.starts_with("/customers/1") || !role.sees_own_only() || username == "anna";
            let expected = match role.may(action) && sees {
                true => open,
                // People without a worklist are led to the first room that is theirs.
                false if address == "/" => 303,
                false => 404,
            };
            assert_eq!(answer, expected, "{username} {method} {address}");
        }
    }
}

#[tokio::test]
async fn a_file_has_the_columns_chosen_in_their_order_and_a_workbook_is_one() {
    let world = World::new().await;
    let cookie = world.sign_in("head").await;
    let text = world.get("/customers/export.csv?sort=code&cols=unit&cols=code,risk", &cookie).await.text();
    let title = text.lines().next().expect("a line");
    assert_eq!(title.matches(',').count(), 3, "{title}");
    assert!(text.lines().nth(2).expect("a line").starts_with("'=示例二,"), "{text}");
    let book = world.get("/customers/export.xlsx?cols=code", &cookie).await;
    assert!(book.header(header::CONTENT_TYPE).ends_with("spreadsheetml.sheet"));
    assert!(book.header(header::CONTENT_DISPOSITION).contains("customers.xlsx"));
    assert_eq!(&book.body[..2], b"PK");
}

/// The page of an import once no work on it is under way.
async fn settled(world: &World, address: &str, cookie: &str) -> String {
    for _ in 0..1_000 {
        let answer = world.get(address, cookie).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        if !answer.headers.contains_key("refresh") {
            return answer.text();
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("{address} never settled");
}

#[tokio::test]
async fn a_sheet_is_uploaded_mapped_tried_brought_in_and_reverted() {
    let world = World::new().await;
    let (anna, head) = (world.sign_in("anna").await, world.sign_in("head").await);
    let sheet = "客户编码,客户名称,客户类别,行业\nC1,,,示例制造\nN1,<b>湘潭</b>示例钢铁,大客户,\nC2,别人的,大客户,\n=cmd,示例坏行,无,\n";
    let sent = async |content: &[u8], origin: &str| {
        world.post_file("/imports", &anna, "名单.csv", content, origin).await
    };
    assert_eq!(sent(sheet.as_bytes(), "http://evil.example").await.status, StatusCode::FORBIDDEN);
    let analyst = world.sign_in("analyst").await;
    let refused = world.post_file("/imports", &analyst, "x.csv", sheet.as_bytes(), HERE).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    for content in [&b""[..], b"GIF89a\0", &vec![b'a'; 21 << 20]] {
        let wrong = sent(content, HERE).await;
        assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
        assert!(wrong.text().contains("role=\"alert\""));
    }
    let answer = sent(sheet.as_bytes(), HERE).await;
    let address = answer.header(header::LOCATION).to_owned();
    assert!(address.starts_with("/imports/"), "{address}");
    let page = world.get(&address, &anna).await.text();
    assert!(page.contains("<option value=\"code\" selected>") && page.contains("&lt;b&gt;湘潭"), "{page}");
    assert_eq!(world.get(&address, &head).await.status, StatusCode::NOT_FOUND, "its owner alone sees it");

    let taken = "column-0=code&column-1=name&column-2=category&column-3=industry&mode=both&key=code";
    let wrong = world.post(&format!("{address}/try"), &anna, &taken.replace("=name", "=code"), HERE).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    let tried = world.post(&format!("{address}/try"), &anna, taken, HERE).await;
    assert_eq!(tried.status, StatusCode::SEE_OTHER, "{}", tried.text());
    let page = settled(&world, &address, &anna).await;
    assert!(page.contains("示例制造") && page.contains("&lt;b&gt;湘潭"), "{page}");
    let file = world.get(&format!("{address}/refused"), &anna).await;
    assert!(file.header(header::CONTENT_DISPOSITION).contains("refused.csv"));
    let file = file.text();
    assert!(file.starts_with('\u{feff}') && file.lines().count() == 3, "{file}");
    assert!(file.contains("\r\n'=cmd,示例坏行,无,"), "{file}");

    let seen = page.split("name=\"seen\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let done = format!("seen={}", seen.expect("a trial"));
    for _ in 0..2 {
        let answer = world.post(&format!("{address}/do"), &anna, &done, HERE).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        settled(&world, &address, &anna).await;
    }
    let list = world.get("/customers", &anna).await.text();
    assert_eq!(list.matches("<small class=\"code\">N1<").count(), 1, "sent twice, done once");
    let history = world.get("/imports", &head).await.text();
    assert!(history.contains(&format!("href=\"{address}\"")), "a head sees what was brought in");
    let preview = world.get(&format!("{address}?step=revert"), &head).await.text();
    let seen = preview.split("name=\"seen\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let form = format!("seen={}", seen.expect("a preview"));
    let other = world.post(&format!("{address}/revert"), &head, "seen=0", HERE).await;
    assert_eq!(other.status, StatusCode::CONFLICT);
    let back = world.post(&format!("{address}/revert"), &head, &form, HERE).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.text());
    assert!(!world.get("/customers", &anna).await.text().contains("&lt;b&gt;湘潭"));
}

#[tokio::test]
async fn customers_that_are_ticked_are_edited_together_and_put_back() {
    let world = World::new().await;
    let head = world.sign_in("head").await;
    let id = world.customer("C1").await;
    let led = world.get(&format!("/customers?only={id}&then=edit"), &head).await;
    assert_eq!(led.header(header::LOCATION), format!("/edits?query=only%3D{id}"));
    let page = format!("/edits?query=only%3D{id}&column=industry&value=%E7%A4%BA%E4%BE%8B");
    let plan = world.get(&page, &head).await.text();
    let seen = plan.split("name=\"seen\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let form = |seen: &str| format!("query=only%3D{id}&column=industry&value=%E7%A4%BA%E4%BE%8B&seen={seen}");
    assert_eq!(world.post("/edits", &head, &form("0"), HERE).await.status, StatusCode::CONFLICT);
    let done = world.post("/edits", &head, &form(seen.expect("a plan")), HERE).await;
    assert_eq!(done.header(header::LOCATION), "/edits#done");
    let listed = world.get("/edits", &head).await.text();
    assert!(listed.contains("action=\"/edits/1/undo\""), "{listed}");
    assert_eq!(world.post("/edits/1/undo", &head, "", HERE).await.header(header::LOCATION), "/edits#done");
    // Whoever sees the customer only looks at it.
    let analyst = world.sign_in("analyst").await;
    assert!(!world.get("/customers", &analyst).await.text().contains("name=\"only\""));
}

#[tokio::test]
async fn a_view_is_kept_from_the_list_pinned_and_opened_with_its_columns() {
    let world = World::new().await;
    let anna = world.sign_in("anna").await;
    let kept = world.post("/views", &anna, "name=risky&query=sort%3Drisk%26cols%3Drisk", HERE).await;
    assert_eq!(kept.header(header::LOCATION), "/customers?sort=risk&cols=risk&view=1");
    let pinned = world.post("/views/1/pin", &anna, "pin=1", HERE).await;
    assert_eq!(pinned.status, StatusCode::SEE_OTHER);
    let list = world.get("/customers", &anna).await.text();
    assert!(list.contains("href=\"/customers?sort=risk&amp;cols=risk&amp;view=1\""), "{list}");
    let taken = world.post("/views", &anna, "name=risky&query=star%3D5", HERE).await;
    assert_eq!(taken.status, StatusCode::BAD_REQUEST);
    // What was to be kept is not lost.
    assert!(taken.text().contains("value=\"star=5\"") && taken.text().contains("role=\"alert\""));
    let renamed = world.post("/views/1", &anna, "name=other&seen=1", HERE).await;
    assert_eq!(renamed.header(header::LOCATION), "/views");
    let second = world.post("/views/1", &anna, "query=star%3D4&seen=1", HERE).await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    assert!(second.text().contains("href=\"/customers?star=4\""), "{}", second.text());
}

#[tokio::test]
async fn a_segment_is_kept_opened_as_a_list_and_deleted() {
    let world = World::new().await;
    let (head, anna, analyst) =
        (world.sign_in("head").await, world.sign_in("anna").await, world.sign_in("analyst").await);
    let form = "category=sme&or=1&q=C3&segment-name=small&segment-goal=keep&segment-play=";
    assert_eq!(world.post("/segments", &anna, form, HERE).await.status, StatusCode::NOT_FOUND);
    let kept = world.post("/segments", &head, form, HERE).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text());
    assert_eq!(kept.header(header::LOCATION), "/segments?category=sme&or=1&q=C3#kept");
    let again = world.post("/segments", &head, form, HERE).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST);
    // Seen by the unit that keeps it and those below, not above.
    let list = world.get("/customers?segment=1", &head).await.text();
    assert!(list.contains("C1") && list.contains("C2") && !list.contains("C3"));
    assert!(world.get("/customers?segment=1", &anna).await.text().contains("C1"));
    for (address, cookie) in [
        ("/customers?segment=1", &analyst),
        ("/customers/export.csv?segment=1", &analyst),
        ("/customers?segment=2", &head),
    ] {
        assert_eq!(world.get(address, cookie).await.status, StatusCode::NOT_FOUND, "{address}");
    }
    assert_eq!(world.post("/segments/1/delete", &analyst, "", HERE).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.post("/segments/1/delete", &head, "", HERE).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.get("/customers?segment=1", &head).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn sight_is_granted_explained_and_taken_back() {
    let world = World::new().await;
    let (head, anna) = (world.sign_in("head").await, world.sign_in("anna").await);
    let foreign = world.customer("C2").await;
    assert_eq!(world.get(&format!("/customers/{foreign}"), &anna).await.status, StatusCode::NOT_FOUND);
    let form = "person=anna&unit=&customer=C2&until=2026-12-31&reason=leased+line";
    assert_eq!(world.post("/access", &anna, form, HERE).await.status, StatusCode::NOT_FOUND);
    let wrong =
        world.post("/access", &head, "person=nobody&customer=C2&until=2026-12-31&reason=x", HERE).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.text().contains("value=\"nobody\"") && wrong.text().contains("role=\"alert\""));
    let given = world.post("/access", &head, form, HERE).await;
    assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text());
    assert_eq!(world.get(&format!("/customers/{foreign}"), &anna).await.status, StatusCode::OK);
    assert!(world.get("/customers", &anna).await.text().contains("C2"));
    let why = world.get("/access?person=anna&customer=C2&lang=en", &head).await.text();
    assert!(why.contains("leased line") && why.contains("/access/1/end"), "{why}");
    assert_eq!(world.post("/access/1/end", &anna, "", HERE).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.post("/access/1/end", &head, "", HERE).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.get(&format!("/customers/{foreign}"), &anna).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn units_work_on_a_tree_together_by_their_forms() {
    let world = World::new().await;
    let (head, admin) = (world.sign_in("head").await, world.sign_in("admin").await);
    let open = async |form: &str, cookie: &str| world.post("/collaborations", cookie, form, HERE).await;
    let form = "customer=C1&subject=leased+line&lead=P1&lead-due=2026-12-31&assisting=P2&assisting-due=2026-12-15\
                &assisting=&assisting-due=2026-12-15";
    let wrong = open(&form.replace("assisting=P2", "assisting=P9"), &head).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.text().contains("value=\"P9\"") && wrong.text().contains("role=\"alert\""));
    let opened = open(form, &head).await;
    assert_eq!(opened.header(header::LOCATION), "/collaborations#c1", "{}", opened.text());
    let page = world.get("/collaborations?lang=en", &admin).await.text();
    assert!(page.contains("leased line") && page.contains("/collaborations/1/units/3"), "{page}");
    // Whose part it is joins; who leads moves days and closes; nobody else does either.
    let part = "/collaborations/1/units/3";
    for (cookie, form, status) in [
        (&head, "turn=join", 404),
        (&admin, "turn=finish", 404),
        (&admin, "turn=join", 303),
        (&admin, "turn=join", 404),
        (&head, "turn=due&day=2027-01-10", 303),
        (&admin, "turn=leave", 303),
        (&admin, "turn=join", 303),
        (&head, "turn=due&day=2020-01-01", 400),
        (&admin, "turn=finish", 303),
    ] {
        assert_eq!(world.post(part, cookie, form, HERE).await.status.as_u16(), status, "{form}");
    }
    let close = async |form: &str| world.post("/collaborations/1/close", &head, form, HERE).await.status;
    assert_eq!(close("outcome=").await, StatusCode::BAD_REQUEST);
    assert_eq!(close("outcome=line+is+up").await, StatusCode::SEE_OTHER);
    assert_eq!(close("outcome=again").await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_contact_is_shown_in_full_for_a_reason_that_is_kept() {
    let world = World::new().await;
    let (anna, agent, analyst) =
        (world.sign_in("anna").await, world.sign_in("agent").await, world.sign_in("analyst").await);
    let customer = world.customer("C1").await;
    let shown = world.get(&format!("/customers/{customer}"), &anna).await.text();
    let address = format!("/customers/{customer}/contacts/1");
    assert!(shown.contains(&address) && shown.contains("0142") && !shown.contains("010-5550"), "{shown}");
    // Who may not ask is not offered to.
    assert!(!world.get(&format!("/customers/{customer}"), &analyst).await.text().contains("/contacts/"));
    for cookie in [&agent, &analyst] {
        assert_eq!(world.post(&address, cookie, "reason=x", HERE).await.status, StatusCode::NOT_FOUND);
    }
    let without = world.post(&address, &anna, "reason=+", HERE).await;
    assert_eq!(without.status, StatusCode::BAD_REQUEST);
    assert!(!without.text().contains("010-5550"));
    let full = world.post(&address, &anna, "reason=line+is+down", HERE).await;
    assert_eq!((full.status, full.header(header::CACHE_CONTROL)), (StatusCode::OK, "no-store"));
    assert!(full.text().contains("010-5550-0142") && full.text().contains("ji@customer.example"));
    assert!(full.text().contains(&format!("href=\"/customers/{customer}?lang=")), "{}", full.text());
    // Neither another's customer nor a contact under a customer that is not its own.
    let foreign = world.customer("C2").await;
    for address in [format!("/customers/{foreign}/contacts/2"), format!("/customers/{customer}/contacts/2")] {
        assert_eq!(world.post(&address, &anna, "reason=x", HERE).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn search_finds_what_one_may_see_and_shows_no_more_of_it() {
    let world = World::new().await;
    let (anna, head) = (world.sign_in("anna").await, world.sign_in("head").await);
    let search = async |query: &str, cookie: &str| {
        let answer = world.get(&format!("/search?q={query}"), cookie).await;
        assert_eq!(answer.status, StatusCode::OK, "{query}");
        answer.text()
    };
    let (own, foreign) = (world.customer("C1").await, world.customer("C2").await);
    let [own, foreign] = [own, foreign].map(|id| format!("href=\"/customers/{id}\""));
    for (query, finds_own, finds_foreign) in [
        ("%E7%A4%BA%E4%BE%8B", true, true),
        ("shili", true, true),
        ("SL", true, true),
        ("c1", true, false),
        ("sl2x", false, false),
        // People at customers, by the beginning of their name and by their whole number.
        ("%E7%A4%BA%E4%BE%8B%E5%B7%B1", true, false),
        ("%E7%A4%BA%E4%BE%8B%E5%BA%9A", false, true),
        ("010-5550-0142", true, false),
        ("01055500177", false, true),
        ("0105550014", false, false),
        ("0142", false, false),
        ("%25", false, false),
    ] {
        let (of_anna, of_head) = (search(query, &anna).await, search(query, &head).await);
        assert_eq!(of_head.contains(&own), finds_own, "{query}: {of_head}");
        assert_eq!(of_head.contains(&foreign), finds_foreign, "{query}: {of_head}");
        assert_eq!(of_anna.contains(&own), finds_own, "{query}: {of_anna}");
        // What one may not see looks like what is not there.
        assert!(!of_anna.contains(&foreign), "{query}: {of_anna}");
    }
    let person = search("010-5550-0142", &anna).await;
    let shown = person.replace("value=\"010-5550-0142\"", "");
    assert!(shown.contains("***-****-0142"), "{person}");
    let person = search("%E7%A4%BA%E4%BE%8B%E5%B7%B1", &head).await;
    assert!(person.contains("***-****-0142") && !person.contains("5550"), "{person}");
    // Names stay text, and so does what was typed.
    assert!(search("%E7%A4%BA%E4%BE%8B", &anna).await.contains("&lt;b&gt;示例&lt;/b&gt;一"));
    let typed = search("%22%3E%3Cscript%3Ealert(1)%3C/script%3E", &anna).await;
    assert!(!typed.contains("<script>") && typed.contains("&quot;&gt;&lt;script&gt;"), "{typed}");
    // Units and managers are named to those only who see more than their own.
    assert!(search("anna", &head).await.contains("/customers?manager="));
    assert!(!search("bert", &anna).await.contains("/customers?manager="));
    assert!(search("P1", &head).await.contains("/customers?unit=2"));
    for unseen in ["P2", "HQ"] {
        assert!(!search(unseen, &head).await.contains("/customers?unit="), "{unseen}");
    }
    assert_eq!(
        world.get(&format!("/search?q={}", "%E9%95%BF".repeat(5_000)), &anna).await.status,
        StatusCode::OK
    );
    search("%00%E2%80%AE%FF", &anna).await;
}

#[tokio::test]
async fn the_palette_offers_what_one_may_do_where_one_is() {
    let world = World::new().await;
    let (anna, hall) = (world.sign_in("anna").await, world.sign_in("hall").await);
    let asked = async |query: &str, from: &str, cookie: &str| {
        world.get(&format!("/search?q={query}&from={from}&lang=zh-CN"), cookie).await.text()
    };
    let list = "%2Fcustomers%3Fstage%3Ddecline%26q%3D%25E7%25A4%25BA";
    let all = asked("", list, &anna).await;
    assert!(!all.contains("<html"), "only what was found: {all}");
    assert!(all.contains("/customers/export.csv?q=%E7%A4%BA&amp;stage=decline"), "{all}");
    assert!(all.contains("href=\"/customers?stage=decline&amp;q=%E7%A4%BA&amp;lang=en\""), "{all}");
    assert!(all.contains("action=\"/logout\"") && !all.contains("href=\"/insight\""), "{all}");
    assert!(!asked("", list, &hall).await.contains("export.csv"));
    assert!(!asked("", "%2F", &anna).await.contains("export.csv"));
    // By the words of one's language and by their pinyin.
    for typed in ["%E9%80%80%E5%87%BA", "tuichu", "tcdl"] {
        let found = asked(typed, "%2F", &anna).await;
        assert!(found.contains("/logout") && !found.contains("lang=en"), "{typed}: {found}");
    }
    // An address elsewhere is no place to come from.
    assert!(asked("", "%2F%2Fevil.example", &anna).await.contains("<html"));
}

#[tokio::test]
async fn what_is_not_there_says_so_to_everyone() {
    let world = World::new().await;
    let cookie = world.sign_in("anna").await;
    for address in
        ["/nothing", "/customers/x", "/customers/-1", "/insight?unit=x", "/assets/app.css", "/assets/../x"]
    {
        assert_eq!(world.get(address, &cookie).await.status, StatusCode::NOT_FOUND, "{address}");
    }
    assert_eq!(world.get("/nothing", "").await.status, StatusCode::NOT_FOUND);
    let astray = world.get("//evil.example/x", "").await.text();
    assert!(!astray.contains("href=\"//"), "{astray}");
    assert_eq!(world.get("/healthz", "").await.text(), "ok");
}

#[tokio::test]
async fn language_and_theme_are_kept() {
    let world = World::new().await;
    let answer = world.get("/login?lang=en&theme=dark", "").await;
    assert!(answer.text().contains("<html lang=\"en\" data-theme=\"dark\">"));
    let kept: Vec<&str> = answer.cookies().iter().filter_map(|cookie| cookie.split(';').next()).collect();
    assert_eq!(kept, ["tenure_lang=en", "tenure_theme=dark"]);
    let again = world.get("/login", "tenure_lang=en; tenure_theme=light").await.text();
    assert!(again.contains("<html lang=\"en\" data-theme=\"light\">"));
    assert!(
        world
            .get("/login", "tenure_lang=xx; tenure_theme=\"><script>")
            .await
            .text()
            .contains("<html lang=\"zh-CN\">")
    );
    let asked = Request::get("/login").header(header::ACCEPT_LANGUAGE, "fr, en-GB;q=0.9, zh;q=0.1");
    let asked = world.send(asked.body(Body::empty()).expect("a request")).await;
    assert!(asked.text().contains("<html lang=\"en\">"));
}

#[tokio::test]
async fn every_answer_is_protected_and_pages_are_not_kept() {
    let world = World::new().await;
    let cookie = world.sign_in("head").await;
    for address in ["/", "/login", "/customers", "/nothing", "/customers/export.csv"] {
        let answer = world.get(address, &cookie).await;
        let policy = answer.header(header::CONTENT_SECURITY_POLICY);
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{address}"
        );
        assert!(!policy.contains("unsafe"), "{address}");
        assert_eq!(answer.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff", "{address}");
        assert_eq!(answer.header(header::CACHE_CONTROL), "no-store", "{address}");
    }
    let style = world.get(&web::assets::stylesheet().address(), "").await;
    assert_eq!(style.status, StatusCode::OK);
    assert!(style.header(header::CACHE_CONTROL).contains("immutable"));
    assert!(style.header(header::CONTENT_TYPE).starts_with("text/css"));
}

#[tokio::test]
async fn a_first_load_is_small() {
    const LIMIT: usize = 150_000;
    let world = World::new().await;
    let cookie = world.sign_in("head").await;
    let files = [web::assets::stylesheet(), web::assets::script(), web::assets::icon()];
    let mut total = 0;
    for address in files.iter().map(|asset| asset.address()).chain(["/".to_owned()]) {
        let request =
            Request::get(&address).header(header::COOKIE, &cookie).header(header::ACCEPT_ENCODING, "gzip");
        let answer = world.send(request.body(Body::empty()).expect("a request")).await;
        assert_eq!(answer.header(header::CONTENT_ENCODING), "gzip", "{address}");
        total += answer.body.len();
    }
    for (name, page) in crate::pages::all(domain::Lang::ZhCn, web::ui::Theme::System) {
        let page = compressed(page).await;
        assert!(total + page < LIMIT, "{name}: {page} bytes beside {total} of the first load");
    }
}

/// What stands in a page after a mark, up to the next tag.
fn after<'a>(page: &'a str, mark: &str) -> &'a str {
    let rest = page.split_once(mark).unwrap_or_else(|| panic!("no {mark} in {page}")).1;
    rest.split('<').next().unwrap_or_default()
}

#[tokio::test]
async fn a_user_is_made_signs_in_and_chooses_a_password_before_anything_else() {
    let world = World::new().await;
    let (admin, head) = (world.sign_in("admin").await, world.sign_in("head").await);
    let form = "person=bert&username=bert.new";
    assert_eq!(world.post("/users", &head, form, HERE).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.post("/users", &admin, form, "http://evil.example").await.status, StatusCode::FORBIDDEN);
    let wrong = world.post("/users", &admin, "person=nobody&username=x", HERE).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.text().contains("value=\"nobody\"") && wrong.text().contains("role=\"alert\""));
    let made = world.post("/users", &admin, form, HERE).await;
    assert_eq!((made.status, made.header(header::CACHE_CONTROL)), (StatusCode::OK, "no-store"));
    let password = after(&made.text(), "class=\"once\">").to_owned();
    assert!(!world.get("/users?q=bert", &admin).await.text().contains(&password), "shown once");

    let answer = world.post("/login", "", &format!("username=bert.new&password={password}"), HERE).await;
    let cookie = answer.cookies()[0].split(';').next().expect("a cookie").to_owned();
    for address in ["/", "/customers", "/customers/export.csv", "/users"] {
        assert_eq!(world.get(address, &cookie).await.header(header::LOCATION), "/account", "{address}");
    }
    let account = world.get("/account", &cookie).await.text();
    assert!(account.contains("/account/password") && !account.contains("/account/tokens"), "{account}");
    let form = format!("old={password}&new=a+new+password&again=a+new+password");
    assert_eq!(world.post("/account/password", &cookie, &form, "null").await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.post("/account/password", &cookie, &form, HERE).await.header(header::LOCATION), "/");
    assert_eq!(world.get("/customers", &cookie).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_code_is_asked_for_and_half_signed_in_opens_nothing() {
    let world = World::new().await;
    let cookie = world.sign_in("anna").await;
    assert_eq!(world.post("/account/two-factor", &cookie, "", HERE).await.status, StatusCode::SEE_OTHER);
    let page = world.get("/account", &cookie).await.text();
    assert!(page.contains("<svg class=\"qr\""), "{page}");
    let secret = after(&page, "class=\"once\">").replace(' ', "");
    let secret = totp_rs::Secret::try_from_base32(&secret).expect("a secret");
    let codes = totp_rs::Builder::new().with_secret(secret).build().expect("codes");
    let now = u64::try_from(crate::world::now().micros() / 1_000_000).expect("a time");
    let form = format!("code={}", codes.generate(now));
    let on = world.post("/account/two-factor/confirm", &cookie, &form, HERE).await;
    assert_eq!(on.status, StatusCode::OK);
    let recovery = after(&on.text(), "<li><code class=\"once\">").to_owned();
    assert!(!world.get("/account", &cookie).await.text().contains(&recovery), "shown once");

    let password = PASSWORD.replace(' ', "+");
    let form_in = format!("username=anna&password={password}&next=%2Fcustomers");
    let answer = world.post("/login", "", &form_in, HERE).await;
    assert_eq!(answer.header(header::LOCATION), "/login/code?next=%2Fcustomers");
    let [half] = answer.cookies()[..] else { panic!("{:?}", answer.cookies()) };
    assert!(half.starts_with("tenure_half=") && half.contains("HttpOnly") && half.contains("Path=/login"));
    let half = half.split(';').next().expect("a value").to_owned();
    for stolen in [half.clone(), half.replace("tenure_half", "tenure_session")] {
        let refused = world.get("/customers", &stolen).await;
        assert!(refused.header(header::LOCATION).starts_with("/login?"), "{stolen}");
    }
    assert_eq!(world.get("/login/code", "").await.header(header::LOCATION), "/login");
    let page = world.get("/login/code?next=%2Fcustomers", &half).await.text();
    assert!(page.contains("autocomplete=\"one-time-code\"") && page.contains("value=\"/customers\""));
    // The code that set it up is used up.
    let replayed = world.post("/login/code", &half, &form, HERE).await;
    assert_eq!(replayed.status, StatusCode::UNAUTHORIZED);
    assert_eq!(world.post("/login/code", &half, &form, "null").await.status, StatusCode::FORBIDDEN);
    let form = format!("code={}&next=%2Fcustomers", codes.generate(now + 30));
    let entered = world.post("/login/code", &half, &form, HERE).await;
    assert_eq!(entered.header(header::LOCATION), "/customers");
    let session = entered.cookies()[0].split(';').next().expect("a value").to_owned();
    assert_eq!(world.get("/customers", &session).await.status, StatusCode::OK);
    assert_eq!(world.post("/login/code", &half, &form, HERE).await.header(header::LOCATION), "/login");
    // Without the telephone, and without a script, a recovery code does.
    let answer = world.post("/login", "", &form_in, HERE).await;
    let half = answer.cookies()[0].split(';').next().expect("a value").to_owned();
    let entered = world.post("/login/code", &half, &format!("code={recovery}"), HERE).await;
    assert_eq!(entered.header(header::LOCATION), "/");
}

#[tokio::test]
async fn a_program_reads_with_a_token_and_does_nothing_else() {
    let world = World::new().await;
    let cookie = world.sign_in("head").await;
    let form = "name=reports&until=2026-12-31&action=export_customers&action=view_customers";
    let made = world.post("/account/tokens", &cookie, form, HERE).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text());
    let token = after(&made.text(), "<code class=\"once\">tenure_").to_owned();
    let bearer = format!("Bearer tenure_{token}");
    assert!(!world.get("/account", &cookie).await.text().contains(&token), "shown once");
    let ask = async |method: &str, address: &str, authorization: &str| {
        let request = Request::builder().method(method).uri(address);
        let request = request.header(header::AUTHORIZATION, authorization).header(header::COOKIE, &cookie);
        let form = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        world.send(form.body(Body::from("person=anna&reason=x")).expect("a request")).await
    };
    let file = ask("GET", "/customers/export.csv", &bearer).await;
    assert_eq!((file.status, file.cookies().len()), (StatusCode::OK, 0));
    let own = world.get("/customers/export.csv", &cookie).await;
    assert_eq!(file.body, own.body, "as the user sees it");
    assert_eq!(ask("GET", "/customers", &bearer).await.status, StatusCode::OK);
    // The role may, the token may not.
    for address in ["/insight", "/access", "/segments"] {
        assert_eq!(ask("GET", address, &bearer).await.status, StatusCode::NOT_FOUND, "{address}");
        assert_eq!(world.get(address, &cookie).await.status, StatusCode::OK, "{address}");
    }
    // Never a change, never the account, and a cookie beside it makes no difference.
    for (method, address) in [("POST", "/access"), ("POST", "/account/tokens"), ("GET", "/account")] {
        assert_eq!(
            ask(method, address, &bearer).await.status,
            StatusCode::UNAUTHORIZED,
            "{method} {address}"
        );
    }
    for wrong in ["Bearer tenure_00", "Bearer", "Basic YW5uYTpwYXNz", "Bearer ", &token] {
        let answer = ask("GET", "/customers", wrong).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{wrong}");
        assert_eq!(answer.header(header::WWW_AUTHENTICATE), "Bearer");
    }
    assert_eq!(world.post("/account/tokens/1/revoke", &cookie, "", HERE).await.status, StatusCode::SEE_OTHER);
    assert_eq!(ask("GET", "/customers", &bearer).await.status, StatusCode::UNAUTHORIZED);
}

/// How many bytes of a page travel.
async fn compressed(page: String) -> usize {
    let router = Router::new().route("/", get(|| async { page })).layer(CompressionLayer::new().gzip(true));
    let request = Request::get("/").header(header::ACCEPT_ENCODING, "gzip");
    let answer = router.oneshot(request.body(Body::empty()).expect("a request")).await.expect("an answer");
    assert_eq!(answer.headers()[header::CONTENT_ENCODING], "gzip");
    to_bytes(answer.into_body(), usize::MAX).await.expect("a body").len()
}

#[tokio::test]
async fn customers_are_merged_found_under_both_names_and_taken_apart() {
    let world = World::new().await;
    let (head, anna, admin) =
        (world.sign_in("head").await, world.sign_in("anna").await, world.sign_in("admin").await);
    let (one, other, far) =
        (world.customer("C1").await, world.customer("C2").await, world.customer("C3").await);
    let merge = format!("/duplicates/{one}/{other}/merge");
    let form = format!("into={other}&reason=one+company");
    // Two of them are another unit's together only.
    let (across, into_far) = (format!("/duplicates/{one}/{far}/merge"), format!("into={far}&reason=x"));
    let foreign = world.post(&across, &head, &into_far, HERE).await;
    assert_eq!(foreign.status, StatusCode::BAD_REQUEST);
    assert!(foreign.text().contains("示例总部"), "who decides is named");
    assert_eq!(world.post(&merge, &head, "into=77&reason=x", HERE).await.status, StatusCode::NOT_FOUND);
    let done = world.post(&merge, &head, &form, HERE).await;
    assert_eq!((done.status, done.header(header::LOCATION)), (StatusCode::SEE_OTHER, "/duplicates"));
    let again = world.post(&merge, &head, &form, HERE).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST);
    assert!(again.text().contains("role=\"alert\""));

    let led = world.get(&format!("/customers/{one}"), &head).await;
    assert_eq!(led.header(header::LOCATION), format!("/customers/{other}"));
    let list = world.get("/customers", &head).await.text();
    assert!(list.contains("C2") && !list.contains("C1"));
    assert!(world.get("/customers?q=C1", &head).await.text().contains("C2"));
    let page = world.get(&format!("/customers/{other}"), &head).await.text();
    assert!(page.contains("示例庚") && page.contains("示例己"), "the people of both");
    // Whose customer was merged into another's does not see the other's.
    assert_eq!(world.get(&format!("/customers/{one}"), &anna).await.status, StatusCode::NOT_FOUND);

    let end = "/duplicates/merges/1/end";
    assert_eq!(world.post(end, &anna, "", HERE).await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.post(end, &admin, "", HERE).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.get(&format!("/customers/{one}"), &anna).await.status, StatusCode::OK);
    assert!(world.get("/customers", &head).await.text().contains("C1"));
}
