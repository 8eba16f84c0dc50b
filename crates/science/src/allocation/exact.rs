//! The best choice for sure, by branch and bound on the Lagrangian bound: for what is small.

use super::prices::Problem;

/// Looks that are taken before giving up.
const MOST_LOOKS: usize = 400_000;

/// The search: customers in order, each with its possibilities and with none.
struct Search<'a> {
    problem: &'a Problem<'a>,
    /// Customers, those with the most at stake first.
    order: Vec<usize>,
    owner_of: Vec<usize>,
    /// Price per fen and what one customer more is worth by owner.
    price: f64,
    capacity_prices: &'a [f64],
    /// What the customers from a place of the order on can add at most, at these prices.
    rest: Vec<f64>,
    room: Vec<usize>,
    chosen: Vec<Option<usize>>,
    best: (f64, Vec<Option<usize>>),
    looks: usize,
}

/// A better choice than `start` if there is one, and whether it is the best for sure.
pub(super) fn improve(
    problem: &Problem<'_>,
    price: f64,
    capacity_prices: &[f64],
    start: (f64, Vec<Option<usize>>),
) -> (Vec<Option<usize>>, bool) {
    let customers = problem.customers.len();
    let mut owner_of = vec![0; customers];
    for (owner, of_owner) in problem.owners.iter().enumerate() {
        for &customer in of_owner {
            owner_of[customer] = owner;
        }
    }
    let gain = |customer: usize| {
        let nets = problem.customers[customer].iter().map(|&at| problem.net(at, price));
        (nets.fold(0.0, f64::max) - capacity_prices[owner_of[customer]]).max(0.0)
    };
    let mut order: Vec<usize> = (0..customers).collect();
    order.sort_by(|&a, &b| gain(b).total_cmp(&gain(a)).then(a.cmp(&b)));
    let mut rest = vec![0.0; customers + 1];
    for place in (0..customers).rev() {
        rest[place] = rest[place + 1] + gain(order[place]);
    }
    let mut search = Search {
        problem,
        order,
        owner_of,
        price,
        capacity_prices,
        rest,
        room: vec![problem.capacity; problem.owners.len()],
        chosen: vec![None; customers],
        best: start,
        looks: 0,
    };
    search.look(0, 0.0, problem.budget);
    let finished = search.looks < MOST_LOOKS;
    (search.best.1, finished)
}

impl Search<'_> {
    fn look(&mut self, place: usize, value: f64, budget: i64) {
        self.looks += 1;
        if self.looks >= MOST_LOOKS {
            return;
        }
        if value > self.best.0 {
            self.best = (value, self.chosen.clone());
        }
        let Some(&customer) = self.order.get(place) else { return };
        let rooms: f64 =
            self.room.iter().zip(self.capacity_prices).map(|(&room, price)| room as f64 * price).sum();
        let bound = value + self.rest[place] + self.price * budget as f64 + rooms;
        if bound <= self.best.0 + 1e-12 * self.best.0.abs() {
            return;
        }
        let owner = self.owner_of[customer];
        if self.room[owner] > 0 {
            self.room[owner] -= 1;
            let mut places = self.problem.customers[customer].clone();
            places.sort_by(|&a, &b| {
                self.problem.net(b, self.price).total_cmp(&self.problem.net(a, self.price))
            });
            for at in places {
                let one = self.problem.all[at];
                if one.cost.fen() <= budget {
                    self.chosen[customer] = Some(at);
                    self.look(place + 1, value + one.value, budget - one.cost.fen());
                }
            }
            self.chosen[customer] = None;
            self.room[owner] += 1;
        }
        self.look(place + 1, value, budget);
    }
}
