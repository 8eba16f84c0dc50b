//! What the cycle reads of what speaks for a customer's buying factor and need.

use domain::contract::Sla;
use domain::cycle::{BaseOpportunity, Said};
use domain::extract::{Cell, Table};
use domain::id::CustomerId;
use domain::outlook::EventKind;
use domain::product::ProductFamily;
use domain::segment::{BuyingFactor, IctNeed};
use domain::{Instant, Month, date};
use store::Store;

use crate::rows::{import, rows, rules, small_world, text};

fn january() -> Month {
    Month::new(2026, 1).expect("a month")
}

fn instant(text: &str) -> Cell {
    Cell::Whole(text.parse::<Instant>().expect("an instant").micros())
}

fn day(text: &str) -> Cell {
    Cell::Whole(date::days(text.parse().expect("a date")))
}

#[tokio::test]
async fn customers_contracts_and_services_bring_what_speaks_for_a_segment() {
    let store = Store::open_in_memory().await.expect("records");
    import(&store, small_world(2)).await;
    let columns = ["industry", "employees", "competitor"];
    let bank = vec![text("地方银行"), Cell::Whole(900), text("友商")];
    let fen = Cell::Whole;
    let records = vec![
        rows(Table::Customers, &columns, vec![(1, bank), (2, vec![Cell::Null; 3])]),
        rows(Table::Products, &["list_price"], vec![(1, vec![fen(1_000)])]),
        rows(Table::Contracts, &["sla"], vec![(1, vec![text("gold")])]),
        rows(Table::Services, &["price"], vec![(1, vec![fen(750)]), (2, vec![fen(45_000)])]),
    ];
    import(&store, records).await;
    let base = store.base(january(), &rules()).await.expect("the base");
    let bank = base.customers[0];
    assert_eq!((bank.employees, bank.has_competitor), (Some(900), true));
    assert_eq!(bank.industry_factor, Some(BuyingFactor::NetworkQuality));
    assert_eq!(bank.industry_need, Some(IctNeed::IntegratedIct));
    let other = base.customers[1];
    assert_eq!((other.employees, other.has_competitor, other.industry_factor), (None, false, None));
    assert!(base.knows_competitors);
    assert_eq!(base.contracts[0].sla, Some(Sla::Gold));
    let discounts: Vec<_> = base.services.iter().map(|service| service.discount).collect();
    assert_eq!(discounts, [Some(25), None]);
}

#[tokio::test]
async fn words_of_tickets_talks_answers_and_opportunities_are_read() {
    let store = Store::open_in_memory().await.expect("records");
    import(&store, small_world(1)).await;
    let ticket = |kind: &str, cause: &str| vec![text(kind), instant("2025-06-05T04:00:00Z"), text(cause)];
    let talk = |at: &str, purpose: &str, outcome: &str| vec![instant(at), text(purpose), text(outcome)];
    let answer = |question: &str, answer: Cell| vec![instant("2025-09-09T04:00:00Z"), text(question), answer];
    let lost = vec![day("2025-05-04"), day("2025-08-04"), text("lost"), text("价格偏高"), Cell::Whole(1)];
    let open = vec![day("2025-12-04"), Cell::Null, Cell::Null, Cell::Null, Cell::Null];
    let records = vec![
        rows(
            Table::Tickets,
            &["kind", "opened_at", "cause"],
            vec![(1, ticket("complaint", "办理时限")), (2, ticket("request", "新装宽带"))],
        ),
        rows(
            Table::Interactions,
            &["at", "purpose", "outcome"],
            vec![
                (1, talk("2025-07-07T04:00:00Z", "例行拜访", "客户最看重服务态度,其次价格")),
                (2, talk("2025-08-08T04:00:00Z", "需求了解", "准备做系统集成")),
                (3, talk("2025-08-08T04:00:00Z", "例行拜访", "客户认为资费偏高")),
                (4, talk("2024-12-08T04:00:00Z", "例行拜访", "客户最看重品牌")),
            ],
        ),
        rows(
            Table::Surveys,
            &["at", "question", "answer"],
            vec![
                (1, answer("选择我们的原因是什么?", text("网络稳定"))),
                (2, answer("您对服务满意吗?", text("资费太贵"))),
                (3, answer("What matters most?", Cell::Null)),
            ],
        ),
        rows(
            Table::Opportunities,
            &["opened_on", "closed_on", "outcome", "reason", "product_code"],
            vec![(1, lost), (2, open)],
        ),
    ];
    import(&store, records).await;
    let base = store.base(january(), &rules()).await.expect("the base");
    let of_2025 = |month| Month::new(2025, month).expect("a month");
    let said: Vec<(Month, Said)> = base.sayings.iter().map(|saying| (saying.month, saying.said)).collect();
    assert_eq!(
        said,
        [
            (of_2025(6), Said::Named(BuyingFactor::DeliverySpeed)),
            (of_2025(7), Said::Factor(BuyingFactor::Service)),
            (of_2025(8), Said::Named(BuyingFactor::Price)),
            (of_2025(8), Said::Need(IctNeed::IntegratedIct)),
            (of_2025(9), Said::Factor(BuyingFactor::NetworkQuality)),
        ]
    );
    let requests = base.events.iter().filter(|event| event.kind == EventKind::Request);
    assert_eq!(requests.map(|event| event.month).collect::<Vec<_>>(), [of_2025(6)]);
    let customer = CustomerId::new(1);
    let lost = BaseOpportunity {
        customer,
        opened: of_2025(5),
        closed: Some(of_2025(8)),
        family: Some(ProductFamily::Mobile),
        won: false,
        decided: Some(BuyingFactor::Price),
    };
    let open = BaseOpportunity { opened: of_2025(12), closed: None, family: None, decided: None, ..lost };
    assert_eq!(base.opportunities, [lost, open]);
}

#[tokio::test]
async fn a_line_that_went_to_a_competitor_happened_when_it_ended() {
    let store = Store::open_in_memory().await.expect("records");
    import(&store, small_world(3)).await;
    let ended = |on: &str, why: &str| vec![day(on), text(why)];
    let services = vec![
        (1, ended("2025-10-10", "competitor")),
        (2, ended("2025-10-10", "moved")),
        (3, ended("2024-06-06", "competitor")),
    ];
    import(&store, vec![rows(Table::Services, &["ended_on", "end_reason"], services)]).await;
    let base = store.base(january(), &rules()).await.expect("the base");
    let lost: Vec<_> = base.events.iter().map(|event| (event.customer, event.month, event.kind)).collect();
    let october = Month::new(2025, 10).expect("a month");
    assert_eq!(lost, [(CustomerId::new(1), october, EventKind::LineLost)]);
}
