//! Which customers a query shows, in which order: tight loops over the columns of the index, a block at a time.

use std::collections::BinaryHeap;
use std::ops::Range;
use std::sync::Arc;

use domain::LifecycleStage;
use domain::id::{CustomerId, OrgUnitId};
use domain::policy::{Granted, Home, Scope};
use domain::star::StarRating;

use super::count::Counts;
use super::fields::FieldTest;
use super::index::{CustomerIndex, Figures, NEVER, NO_CODE, NO_STAGE, Part, UNKNOWN};
use super::{CustomerChoices, CustomerPage, CustomerQuery, CustomerSort, Facet, Measure};
use crate::actor::UnitName;
use crate::search::{Fit, WHOLE, Words};
use crate::units;

/// Rows looked at together: their marks stay in the nearest cache.
pub(super) const BLOCK: usize = 4096;
/// Units to choose from, above which only those directly below are shown.
const UNITS: usize = 400;
/// Managers to choose from at most.
const MANAGERS: usize = 200;

/// The lists of codes that marks are counted by: the stage, then the facets.
pub(super) const LISTS: usize = 1 + Facet::COUNT;
const STAGE: usize = 0;

/// A query brought down to columns.
pub struct Filter {
    parts: Vec<Part>,
    other_manager: Option<u32>,
    industry: Option<u16>,
    stars: Option<[bool; 256]>,
    pub(super) lists: [Option<[bool; 256]>; LISTS],
    /// Figures with their least and largest value.
    ranges: Vec<(Measure, i64, i64)>,
    fields: Vec<FieldTest>,
    changed: bool,
    /// For each row of each part how well it fits what was typed.
    text: Option<Vec<Vec<Fit>>>,
    /// One of these fits as well: the groups of a segment.
    any_of: Option<Vec<Self>>,
}

impl Filter {
    /// Everything in a scope.
    pub fn scope(index: &CustomerIndex, scope: &Scope) -> Self {
        Self {
            parts: index.parts(scope),
            other_manager: None,
            industry: None,
            stars: None,
            lists: [None; LISTS],
            ranges: Vec::new(),
            fields: Vec::new(),
            changed: false,
            text: None,
            any_of: None,
        }
    }

    /// What a query shows within a scope; the segment it names is given by its groups.
    pub fn new(
        index: &CustomerIndex,
        scope: &Scope,
        query: &CustomerQuery,
        segment: Option<&[CustomerQuery]>,
    ) -> Self {
        let mut filter = Self::scope(index, scope);
        if let Some(unit) = query.unit {
            filter.narrow(index.rows_below(unit));
        }
        if !query.only.is_empty() {
            filter.keep_only(query.only.iter().filter_map(|&customer| index.row(customer)));
        }
        if let Some(manager) = query.manager {
            match index.manager_place(manager) {
                Some(place) => filter.other_manager = Some(place),
                None => filter.parts.clear(),
            }
        }
        if let Some(industry) = &query.industry {
            match index.industry_place(industry) {
                Some(place) => filter.industry = Some(place),
                None => filter.parts.clear(),
            }
        }
        filter.stars = among(query.stars.iter().map(|star: &StarRating| star.get()));
        filter.lists[STAGE] = among(query.stages.iter().map(|stage: &LifecycleStage| *stage as u8));
        for &facet in Facet::ALL {
            filter.lists[1 + facet as usize] = among(query.chosen.of(facet).map(|place| place as u8));
        }
        let bounds = |(measure, from, to): (Measure, Option<i64>, Option<i64>)| {
            // An unknown figure lies between no bounds.
            (measure, from.unwrap_or(UNKNOWN + 1), to.unwrap_or(i64::MAX))
        };
        filter.ranges = query.ranges.iter().map(bounds).collect();
        filter.changed = query.changed;
        for condition in &query.fields {
            match index.fields.test(condition, index) {
                Some(test) => filter.fields.push(test),
                // As with a unit that is none.
                None => filter.parts.clear(),
            }
        }
        if let Some(words) = query.text.as_deref().and_then(Words::new) {
            filter.keep_fitting(index, &words);
        }
        filter.any_of =
            segment.map(|groups| groups.iter().map(|group| Self::new(index, scope, group, None)).collect());
        filter
    }

    /// The customers in a scope who fit any group of a segment.
    pub fn segment(index: &CustomerIndex, scope: &Scope, groups: &[CustomerQuery]) -> Self {
        Self::new(index, scope, &CustomerQuery::default(), Some(groups))
    }

    fn keep_fitting(&mut self, index: &CustomerIndex, words: &Words) {
        self.text = Some(self.parts.iter().map(|part| index.fitting(words, part.rows.clone())).collect());
    }

    fn narrow(&mut self, rows: Range<usize>) {
        for part in &mut self.parts {
            part.rows = part.rows.start.max(rows.start)..part.rows.end.min(rows.end);
        }
        self.parts.retain(|part| !part.rows.is_empty());
    }

    /// Of what is shown, only some rows.
    fn keep_only(&mut self, rows: impl Iterator<Item = usize>) {
        let mut rows: Vec<usize> = rows.collect();
        rows.sort_unstable();
        rows.dedup();
        let parts = std::mem::take(&mut self.parts);
        for part in parts {
            let within = rows.iter().filter(|row| part.rows.contains(row));
            self.parts.extend(within.map(|&row| Part { rows: row..row + 1, manager: part.manager }));
        }
    }

    /// Marks the rows of a block that fit, the lists left aside.
    pub(super) fn mark(&self, index: &CustomerIndex, block: &Block, marks: &mut [u8]) {
        let (rows, part) = (&block.rows, &self.parts[block.part]);
        marks.fill(1);
        for manager in [part.manager, self.other_manager].into_iter().flatten() {
            keep(marks, &index.managers[rows.clone()], |&of_row| of_row == manager);
        }
        if let Some(industry) = self.industry {
            keep(marks, &index.industries[rows.clone()], |&of_row| of_row == industry);
        }
        if let Some(stars) = &self.stars {
            keep(marks, &index.stars[rows.clone()], |&of_row| stars[usize::from(of_row)]);
        }
        for &(measure, from, to) in &self.ranges {
            let bounds = from..=to;
            match index.figures(measure) {
                Figures::Wide(column) => keep(marks, &column[rows.clone()], |of_row| bounds.contains(of_row)),
                Figures::Narrow(column) => keep(marks, &column[rows.clone()], |&of_row| {
                    of_row != NEVER && bounds.contains(&i64::from(of_row))
                }),
            }
            if measure.is_assessed() {
                keep(marks, &index.stages[rows.clone()], |&stage| stage != NO_STAGE);
            }
        }
        for test in &self.fields {
            test.mark(index, rows, marks);
        }
        if self.changed {
            keep(marks, &index.changed[rows.clone()], |&of_row| of_row != 0);
        }
        if let Some(text) = &self.text {
            let start = part.rows.start;
            keep(marks, &text[block.part][rows.start - start..rows.end - start], |&of_row| of_row != 0);
        }
        if let Some(groups) = &self.any_of {
            mark_any(index, rows, groups, marks);
        }
    }

    pub(super) fn mark_list(&self, index: &CustomerIndex, list: usize, rows: Range<usize>, marks: &mut [u8]) {
        if let Some(table) = &self.lists[list] {
            keep(marks, &index.list(list)[rows], |&of_row| table[usize::from(of_row)]);
        }
    }

    fn mark_all(&self, index: &CustomerIndex, block: &Block, marks: &mut [u8]) {
        self.mark(index, block, marks);
        for list in 0..LISTS {
            self.mark_list(index, list, block.rows.clone(), marks);
        }
    }
}

/// Keeps the rows of a block that fit any of some filters.
fn mark_any(index: &CustomerIndex, rows: &Range<usize>, groups: &[Filter], marks: &mut [u8]) {
    let (mut any, mut of_group) = ([0; BLOCK], [0; BLOCK]);
    for group in groups {
        for (part, of_part) in group.parts.iter().enumerate() {
            let within = rows.start.max(of_part.rows.start)..rows.end.min(of_part.rows.end);
            if within.is_empty() {
                continue;
            }
            let of_group = &mut of_group[..within.len()];
            let any = &mut any[within.start - rows.start..within.end - rows.start];
            group.mark_all(index, &Block { part, rows: within }, of_group);
            any.iter_mut().zip(&*of_group).for_each(|(any, mark)| *any |= mark);
        }
    }
    keep(marks, &any[..rows.len()], |&any| any != 0);
}

fn among(values: impl Iterator<Item = u8>) -> Option<[bool; 256]> {
    let mut values = values.peekable();
    values.peek()?;
    let mut table = [false; 256];
    for value in values {
        table[usize::from(value)] = true;
    }
    Some(table)
}

#[inline]
fn keep<T>(marks: &mut [u8], column: &[T], fits: impl Fn(&T) -> bool) {
    for (mark, value) in marks.iter_mut().zip(column) {
        *mark &= u8::from(fits(value));
    }
}

impl CustomerIndex {
    /// The column of one of the lists.
    pub(super) fn list(&self, list: usize) -> &[u8] {
        match list.checked_sub(1) {
            None => &self.stages,
            Some(facet) => &self.codes_of[facet],
        }
    }

    /// Hands over every row that a filter shows.
    pub fn each_row(&self, filter: &Filter, mut each: impl FnMut(usize)) {
        let mut marks = [0; BLOCK];
        for block in blocks(filter) {
            let marks = &mut marks[..block.rows.len()];
            filter.mark_all(self, &block, marks);
            for (row, mark) in block.rows.zip(marks) {
                if *mark != 0 {
                    each(row);
                }
            }
        }
    }

    /// A page of a list; the segment that the query names is given by its name and groups.
    pub fn page(
        &self,
        scope: &Scope,
        query: &CustomerQuery,
        segment: Option<(String, &[CustomerQuery])>,
    ) -> CustomerPage {
        let filter = Filter::new(self, scope, query, segment.as_ref().map(|(_, groups)| *groups));
        // A cursor outside the scope must not tell where it stands among the rows inside.
        let after = query.after.and_then(|customer| self.row(customer)).filter(|&row| self.is_in(row, scope));
        let after = after.map(|row| (self.key(query, row), self.ids[row]));
        let mut counts = Counts::new();
        let mut total = 0;
        let mut first = First::new(CustomerPage::ROWS + 1);
        let (mut keys, mut marks) = ([0; BLOCK], [0; BLOCK]);
        for block in blocks(&filter) {
            let rows = block.rows.clone();
            let marks = &mut marks[..rows.len()];
            counts.add(self, &filter, &block, marks);
            total += marks.iter().map(|&mark| u64::from(mark)).sum::<u64>();
            let keys = &mut keys[..rows.len()];
            self.fill_keys(query, rows.clone(), keys);
            for (offset, row) in rows.enumerate() {
                if marks[offset] == 0 || keys[offset] > first.worst {
                    continue;
                }
                let place = (keys[offset], self.ids[row]);
                if after.is_none_or(|after| place > after) {
                    first.offer(place, row);
                }
            }
        }
        let mut rows = first.into_rows();
        let more = rows.len() > CustomerPage::ROWS;
        rows.truncate(CustomerPage::ROWS);
        let [by_stage, by_code @ ..] = counts.0;
        let fields = self.fields.chosen(&query.columns);
        CustomerPage {
            month: self.month,
            total,
            by_stage: std::array::from_fn(|stage| by_stage[stage]),
            by_code,
            segment: segment.map(|(name, _)| name),
            next: rows.last().filter(|_| more).map(|&row| self.ids[row]),
            rows: rows.into_iter().map(|row| self.list_row_with(row, &fields)).collect(),
            choices: self.choices(scope, query.unit).as_ref().clone(),
            fields: Arc::clone(&self.fields),
        }
    }

    /// The rows of a scope that fit best what was typed, of those that fit alike the ones with the most revenue first,
    /// and how many fit at all: as many as the list shows.
    pub fn best(&self, scope: &Scope, words: &Words, count: usize) -> (Vec<usize>, u64) {
        /// More than any revenue lies between two ways to fit.
        const APART: i64 = 1 << 60;
        let mut filter = Filter::scope(self, scope);
        filter.keep_fitting(self, words);
        let mut first = First::new(count);
        let mut total = 0;
        for (part, fits) in filter.parts.iter().zip(filter.text.iter().flatten()) {
            for (row, &fit) in part.rows.clone().zip(fits) {
                if fit > 0 && part.manager.is_none_or(|manager| self.managers[row] == manager) {
                    total += 1;
                    let revenue = self.revenue_12m[row].clamp(1 - APART / 2, APART / 2 - 1);
                    first.offer((i64::from(WHOLE - fit) * APART - revenue, self.ids[row]), row);
                }
            }
        }
        (first.into_rows(), total)
    }

    /// Every row that a list shows, in its order, on whatever page.
    pub fn all_rows(
        &self,
        scope: &Scope,
        query: &CustomerQuery,
        segment: Option<&[CustomerQuery]>,
    ) -> Vec<u32> {
        let mut rows = Vec::new();
        self.each_row(&Filter::new(self, scope, query, segment), |row| {
            rows.push((self.key(query, row), self.ids[row], row as u32));
        });
        rows.sort_unstable();
        rows.into_iter().map(|(_, _, row)| row).collect()
    }

    fn key(&self, query: &CustomerQuery, row: usize) -> i64 {
        let mut key = [0];
        self.fill_keys(query, row..row + 1, &mut key);
        key[0]
    }

    /// What rows are sorted by, smallest first; what is unknown comes last either way.
    fn fill_keys(&self, query: &CustomerQuery, rows: Range<usize>, keys: &mut [i64]) {
        let sign = if query.descending { -1 } else { 1 };
        match query.sort {
            CustomerSort::Revenue => fill(keys, &self.revenue_12m[rows.clone()], |&fen| sign * fen),
            CustomerSort::Profit => fill(keys, &self.profit_12m[rows.clone()], |&fen| sign * fen),
            CustomerSort::Value => fill(keys, &self.values[rows.clone()], known(sign)),
            CustomerSort::Risk => fill(keys, &self.risks[rows.clone()], known(sign)),
            CustomerSort::ExpectedLoss => fill(keys, &self.losses[rows.clone()], known(sign)),
            CustomerSort::Satisfaction => fill(keys, &self.satisfactions[rows.clone()], known(sign)),
            CustomerSort::StageSince => fill(keys, &self.since[rows.clone()], |&at| sign * i64::from(at)),
            CustomerSort::Stage => fill(keys, &self.stages[rows.clone()], |&at| sign * i64::from(at)),
            CustomerSort::Star => {
                let key = |&stars: &u8| if stars == 0 { i64::MAX } else { sign * i64::from(stars) };
                fill(keys, &self.stars[rows.clone()], key);
            }
            CustomerSort::Band => fill(keys, &self.codes(Facet::Value)[rows.clone()], place(sign)),
            CustomerSort::BuyingFactor => {
                fill(keys, &self.codes(Facet::BuyingFactor)[rows.clone()], place(sign));
            }
            CustomerSort::IctNeed => fill(keys, &self.codes(Facet::IctNeed)[rows.clone()], place(sign)),
            CustomerSort::Lines => fill(keys, &self.lines[rows.clone()], known(sign)),
            CustomerSort::KnownSince => return fill(keys, &self.known_since[rows], day(sign)),
            CustomerSort::LastVisit => return fill(keys, &self.last_visits[rows], day(sign)),
            CustomerSort::Name => {
                return fill(keys, &self.name_ranks[rows], |&rank| sign * i64::from(rank));
            }
            CustomerSort::Code => {
                return fill(keys, &self.code_ranks[rows], |&rank| sign * i64::from(rank));
            }
        }
        for (key, &stage) in keys.iter_mut().zip(&self.stages[rows]) {
            if stage == NO_STAGE {
                *key = i64::MAX;
            }
        }
    }

    /// What the filters can be set to.
    pub fn choices(&self, scope: &Scope, unit: Option<OrgUnitId>) -> Arc<CustomerChoices> {
        let tops = self.tops(scope);
        let top = |unit: OrgUnitId| tops.iter().copied().find(|&top| self.units.contains(top, unit));
        let chosen = unit.and_then(|unit| Some((top(unit)?, unit)));
        // Unless one is chosen it is the unit whose customers are all there is to see.
        let chosen = chosen.or_else(|| match (&tops[..], &self.parts(scope)[..]) {
            (&[top], [part]) if part.manager.is_none() && part.rows == self.rows_below(top) => {
                Some((top, top))
            }
            _ => None,
        });
        let key = (scope.clone(), chosen.map(|(_, unit)| unit));
        self.choices.get(key, || self.find_choices(scope, &tops, chosen))
    }

    /// The units whose customers a scope shows whole, none below another.
    pub fn tops(&self, scope: &Scope) -> Vec<OrgUnitId> {
        let home = match scope.home() {
            Home::Subtree(top) => Some(top),
            Home::Own(_) => None,
        };
        let granted = scope.granted().iter().filter_map(|granted| match *granted {
            Granted::Subtree(unit) => Some(unit),
            Granted::Tree(_) | Granted::Part(..) => None,
        });
        let all: Vec<OrgUnitId> = home.into_iter().chain(granted).collect();
        let mut tops: Vec<OrgUnitId> = Vec::new();
        for &unit in &all {
            let is_below = all.iter().any(|&top| top != unit && self.units.contains(top, unit));
            if !is_below && !tops.contains(&unit) {
                tops.push(unit);
            }
        }
        tops
    }

    /// The units below one, two levels of them unless they are too many.
    fn units_below(&self, unit: OrgUnitId) -> Vec<(UnitName, Vec<UnitName>)> {
        let below: Vec<UnitName> = self.units.below(unit).map(units::name).collect();
        let children = |unit: &UnitName| self.units.below(unit.id).map(units::name).collect();
        let deeper: Vec<Vec<UnitName>> = below.iter().map(children).collect();
        let is_few = below.len() + deeper.iter().map(Vec::len).sum::<usize>() <= UNITS;
        below
            .into_iter()
            .zip(deeper)
            .map(|(unit, deeper)| (unit, if is_few { deeper } else { Vec::new() }))
            .collect()
    }

    fn find_choices(
        &self,
        scope: &Scope,
        tops: &[OrgUnitId],
        chosen: Option<(OrgUnitId, OrgUnitId)>,
    ) -> CustomerChoices {
        let mut filter = Filter::scope(self, scope);
        if let Some((_, unit)) = chosen {
            filter.narrow(self.rows_below(unit));
        }
        let filter = &filter;
        let mut industries = vec![0_u64; self.industry_names().len()];
        let mut managers = vec![false; self.staff_count()];
        self.each_row(filter, |row| {
            industries[usize::from(self.industries[row])] += 1;
            managers[self.managers[row] as usize] = true;
        });
        let mut industries: Vec<(u64, &String)> = industries
            .into_iter()
            .zip(self.industry_names())
            .skip(1)
            .filter(|(count, _)| *count > 0)
            .collect();
        industries.sort_by(|one, other| (other.0, one.1).cmp(&(one.0, other.1)));
        let mut choices = CustomerChoices {
            industries: industries.into_iter().map(|(_, name)| name.clone()).collect(),
            path: chosen.map(|(top, unit)| self.units.path(Some(top), unit)).unwrap_or_default(),
            below: match chosen {
                Some((_, unit)) => self.units_below(unit),
                None => {
                    let tops = tops.iter().filter_map(|&top| self.units.get(top)).map(units::name);
                    tops.map(|top| (top, Vec::new())).collect()
                }
            },
            managers: Vec::new(),
        };
        if !scope.is_own_only() {
            choices.managers = (0_u32..)
                .zip(managers)
                .filter(|(_, found)| *found)
                .filter_map(|(place, _)| self.manager(place).cloned())
                .collect();
            choices.managers.sort_by(|one, other| (&one.1, one.0).cmp(&(&other.1, other.0)));
            choices.managers.truncate(MANAGERS);
        }
        choices
    }
}

fn known(sign: i64) -> impl Fn(&i64) -> i64 {
    move |&figure| if figure == UNKNOWN { i64::MAX } else { sign * figure }
}

fn day(sign: i64) -> impl Fn(&i32) -> i64 {
    move |&day| if day == NEVER { i64::MAX } else { sign * i64::from(day) }
}

/// By the place of a code in its list.
fn place(sign: i64) -> impl Fn(&u8) -> i64 {
    move |&place| if place == NO_CODE { i64::MAX } else { sign * i64::from(place) }
}

fn fill<T>(keys: &mut [i64], column: &[T], key: impl Fn(&T) -> i64) {
    for (out, value) in keys.iter_mut().zip(column) {
        *out = key(value);
    }
}

/// Rows of a part, looked at together.
pub(super) struct Block {
    part: usize,
    pub rows: Range<usize>,
}

/// The rows that a filter looks at, a block at a time.
fn blocks(filter: &Filter) -> impl Iterator<Item = Block> {
    filter.parts.iter().enumerate().flat_map(|(place, part)| {
        let end = part.rows.end;
        let starts = part.rows.clone().step_by(BLOCK);
        starts.map(move |start| Block { part: place, rows: start..(start + BLOCK).min(end) })
    })
}

/// The first rows of an order, found in one pass.
pub struct First {
    count: usize,
    heap: BinaryHeap<((i64, CustomerId), usize)>,
    /// No place beyond this one is among the first.
    worst: i64,
}

impl First {
    /// So many.
    pub fn new(count: usize) -> Self {
        Self { count, heap: BinaryHeap::with_capacity(count + 1), worst: i64::MAX }
    }

    /// Takes a row if it is among the first.
    pub fn offer(&mut self, place: (i64, CustomerId), row: usize) {
        if place.0 > self.worst {
            return;
        }
        self.heap.push((place, row));
        if self.heap.len() > self.count {
            self.heap.pop();
        }
        if self.heap.len() == self.count {
            self.worst = self.heap.peek().map_or(i64::MAX, |(place, _)| place.0);
        }
    }

    /// The rows in order.
    pub fn into_rows(self) -> Vec<usize> {
        self.heap.into_sorted_vec().into_iter().map(|(_, row)| row).collect()
    }
}
