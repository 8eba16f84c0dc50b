//! Lagrangian relaxation: at a price per fen each customer is a matter of its own, and so is each owner's list.

use super::report::Possibility;

/// Possibilities by customer and owner; only those worth something that the budget could pay.
pub(super) struct Problem<'a> {
    pub(super) all: &'a [Possibility],
    /// By customer, in order of the customers: places in `all`.
    pub(super) customers: Vec<Vec<usize>>,
    /// By owner, places in `customers`.
    pub(super) owners: Vec<Vec<usize>>,
    /// Customers whom one owner can handle.
    pub(super) capacity: usize,
    /// Fen.
    pub(super) budget: i64,
}

/// What is best at a price.
pub(super) struct Relaxed {
    /// Place in `all` by customer.
    pub(super) chosen: Vec<Option<usize>>,
    /// Fen.
    pub(super) cost: i64,
    /// No choice within the limits is worth more.
    pub(super) bound: f64,
    /// What one customer more is worth, by owner.
    pub(super) capacity_prices: Vec<f64>,
}

/// Halvings of the price: a double has no more to give.
const HALVINGS: usize = 60;

impl Problem<'_> {
    /// The best choice at a price per fen, without the budget but within capacity.
    pub(super) fn at(&self, price: f64) -> Relaxed {
        let best: Vec<Option<(f64, usize)>> = self
            .customers
            .iter()
            .map(|places| {
                let net = places.iter().map(|&at| (self.net(at, price), at)).filter(|&(net, _)| net > 0.0);
                net.max_by(|a, b| a.0.total_cmp(&b.0).then(self.all[b.1].cost.cmp(&self.all[a.1].cost)))
            })
            .collect();
        let mut relaxed = Relaxed {
            chosen: vec![None; self.customers.len()],
            cost: 0,
            bound: price * self.budget as f64,
            capacity_prices: vec![0.0; self.owners.len()],
        };
        for (owner, customers) in self.owners.iter().enumerate() {
            let mut list: Vec<(f64, usize, usize)> = customers
                .iter()
                .filter_map(|&customer| best[customer].map(|(net, at)| (net, at, customer)))
                .collect();
            if list.len() > self.capacity {
                list.select_nth_unstable_by(self.capacity, |a, b| b.0.total_cmp(&a.0).then(a.2.cmp(&b.2)));
                relaxed.capacity_prices[owner] = list[self.capacity].0;
                list.truncate(self.capacity);
            }
            for (net, at, customer) in list {
                relaxed.chosen[customer] = Some(at);
                relaxed.cost += self.all[at].cost.fen();
                relaxed.bound += net;
            }
        }
        relaxed
    }

    pub(super) fn net(&self, at: usize, price: f64) -> f64 {
        self.all[at].value - price * self.all[at].cost.fen() as f64
    }

    /// The price per fen at which the budget is just kept, what is chosen there, and the lowest bound met.
    pub(super) fn clear(&self) -> (f64, Relaxed) {
        let free = self.at(0.0);
        if free.cost <= self.budget {
            return (0.0, free);
        }
        let dearest =
            self.all.iter().filter(|one| one.cost.fen() > 0).map(|one| one.value / one.cost.fen() as f64);
        let (mut low, mut high) = (0.0, dearest.fold(0.0, f64::max));
        let mut kept = self.at(high);
        let mut bound = free.bound.min(kept.bound);
        for _ in 0..HALVINGS {
            let middle = f64::midpoint(low, high);
            if middle <= low || middle >= high {
                break;
            }
            let found = self.at(middle);
            bound = bound.min(found.bound);
            if found.cost > self.budget {
                low = middle;
            } else {
                let spent = found.cost == self.budget;
                (high, kept) = (middle, found);
                if spent {
                    break;
                }
            }
        }
        kept.bound = bound.min(kept.bound);
        (high, kept)
    }

    /// Spends what is left: dearer plays for chosen customers and further customers, most value per fen first.
    pub(super) fn fill(&self, relaxed: &mut Relaxed) {
        let mut room: Vec<usize> = vec![self.capacity; self.owners.len()];
        let mut owner_of = vec![0; self.customers.len()];
        for (owner, customers) in self.owners.iter().enumerate() {
            for &customer in customers {
                owner_of[customer] = owner;
                room[owner] -= usize::from(relaxed.chosen[customer].is_some());
            }
        }
        let worth = |chosen: Option<usize>| {
            chosen.map_or((0.0, 0), |at| (self.all[at].value, self.all[at].cost.fen()))
        };
        let mut steps: Vec<(f64, usize, usize)> = Vec::new();
        for (customer, places) in self.customers.iter().enumerate() {
            let (value, cost) = worth(relaxed.chosen[customer]);
            steps.extend(places.iter().filter(|&&at| self.all[at].value > value).map(|&at| {
                let extra = (self.all[at].cost.fen() - cost).max(0) as f64;
                ((self.all[at].value - value) / extra.max(1e-9), customer, at)
            }));
        }
        steps.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        for (_, customer, at) in steps {
            let (value, cost) = worth(relaxed.chosen[customer]);
            let after = relaxed.cost - cost + self.all[at].cost.fen();
            let is_new = relaxed.chosen[customer].is_none();
            if self.all[at].value <= value || after > self.budget || (is_new && room[owner_of[customer]] == 0)
            {
                continue;
            }
            room[owner_of[customer]] -= usize::from(is_new);
            relaxed.chosen[customer] = Some(at);
            relaxed.cost = after;
        }
    }
}
