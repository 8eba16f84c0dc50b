//! The world as a whole: shares, money, how hard it is.

use domain::{LifecycleStage, Money, Month};
use simulate::{Config, World};

use crate::naive;

fn world(customers: u32, seed: u64) -> World {
    let last = Month::new(2025, 12).expect("a month");
    World::new(Config::until(last, customers, 24, seed)).expect("a world")
}

#[test]
fn measure() {
    for seed in [1, 2, 3] {
        let started = std::time::Instant::now();
        let world = world(2_000, seed);
        let mut confusion = naive::Confusion::default();
        let mut profit = [(0.0, 0.0); 6];
        let mut revenues = Vec::new();
        let mut rows = [0_usize; 6];
        let mut changes = 0;
        for customer in world.customers() {
            for (truth, said) in customer.truth.iter().zip(naive::judge(&customer)) {
                confusion[truth.stage.index()][said.index()] += 1.0;
            }
            for pair in customer.truth.windows(2) {
                assert!(pair[0].stage.may_become(pair[1].stage), "{:?}", pair);
                changes += usize::from(pair[0].stage != pair[1].stage);
            }
            for truth in &customer.truth {
                let usage = customer.usage.iter().filter(|row| row.month == truth.month);
                let costs = customer.costs.iter().filter(|row| row.month == truth.month);
                let margin: Money = usage.map(|row| row.revenue - row.cost).sum::<Money>() - costs.map(|row| row.amount).sum();
                let place = &mut profit[truth.stage.index()];
                place.0 += margin.yuan();
                place.1 += 1.0;
            }
            revenues.push(customer.usage.iter().map(|row| row.revenue.yuan()).sum::<f64>());
            rows[0] += customer.usage.len();
            rows[1] += customer.member_usage.len();
            rows[2] += customer.members.len();
            rows[3] += customer.services.len();
            rows[4] += customer.tickets.len();
            rows[5] += customer.interactions.len();
        }
        let total: f64 = confusion.iter().flatten().sum();
        println!("seed {seed} {:?} rows/customer {:?}", started.elapsed(), rows.map(|n| n as f64 / 2000.0));
        revenues.sort_by(f64::total_cmp);
        let top: f64 = revenues[1600..].iter().sum();
        println!("top 20 % {:.3}  changes per customer-year {:.2}", top / revenues.iter().sum::<f64>(), changes as f64 / total * 12.0);
        let f1 = naive::f1(&confusion);
        for &stage in LifecycleStage::ALL {
            let row = confusion[stage.index()];
            let share = row.iter().sum::<f64>() / total;
            println!("{:12} share {share:.3} f1 {:.3} profit {:8.0}  {:?}", stage.code(), f1[stage.index()], profit[stage.index()].0 / profit[stage.index()].1, row);
        }
        println!("macro {:.3}", f1.iter().sum::<f64>() / 6.0);
    }
}
