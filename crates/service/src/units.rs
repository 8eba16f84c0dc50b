//! The tree of units in memory: who lies below whom.

use std::ops::RangeInclusive;

use domain::id::OrgUnitId;
use domain::org::OrgLevel;
use domain::policy::Home;
use hashbrown::HashMap;
use store::org::UnitRecord;

use crate::actor::UnitName;
use crate::search::{Fit, Spelt, Words};

/// All units.
#[derive(Debug, Default)]
pub struct Units {
    /// By place in the tree.
    units: Vec<UnitRecord>,
    by_id: HashMap<OrgUnitId, usize>,
    /// Their names and codes as they are searched.
    spelt: Spelt,
}

impl Units {
    /// The units by place in the tree, as the records give them.
    pub fn new(units: Vec<UnitRecord>) -> Self {
        let by_id = units.iter().enumerate().map(|(index, unit)| (unit.id, index)).collect();
        let mut spelt = Spelt::default();
        units.iter().for_each(|unit| spelt.push(&unit.name, &unit.code, ""));
        Self { units, by_id, spelt }
    }

    /// All units, by place in the tree.
    pub fn all(&self) -> &[UnitRecord] {
        &self.units
    }

    /// How well each of them fits what was typed.
    pub fn fits(&self, words: &Words) -> Vec<Fit> {
        self.spelt.fits(words, 0..self.units.len())
    }

    /// A unit.
    pub fn get(&self, id: OrgUnitId) -> Option<&UnitRecord> {
        self.by_id.get(&id).map(|&index| &self.units[index])
    }

    /// The unit of this code, or the only one of this name.
    pub fn named(&self, text: &str) -> Option<&UnitRecord> {
        let of_name = || {
            let mut named = self.units.iter().filter(|unit| unit.name == text);
            named.next().filter(|_| named.next().is_none())
        };
        self.units.iter().find(|unit| unit.code == text).or_else(of_name)
    }

    /// The unit at a place in the tree.
    pub fn at(&self, position: u32) -> Option<&UnitRecord> {
        let index = self.units.binary_search_by_key(&position, |unit| unit.position).ok()?;
        self.units.get(index)
    }

    /// The places of a unit and all below it.
    pub fn range(&self, id: OrgUnitId) -> Option<RangeInclusive<u32>> {
        self.get(id).map(|unit| unit.position..=unit.last_position)
    }

    /// Whether `unit` is `top` or lies below it.
    pub fn contains(&self, top: OrgUnitId, unit: OrgUnitId) -> bool {
        match (self.range(top), self.get(unit)) {
            (Some(range), Some(unit)) => range.contains(&unit.position),
            _ => false,
        }
    }

    /// Whether a unit lies in what role and unit give; nobody who sees only customers of their own has one.
    pub fn is_home(&self, home: Home, unit: OrgUnitId) -> bool {
        matches!(home, Home::Subtree(top) if self.contains(top, unit))
    }

    /// The units directly below, in the order of the tree.
    pub fn below(&self, id: OrgUnitId) -> impl Iterator<Item = &UnitRecord> {
        // Each ends where the next begins.
        let first =
            self.get(id).filter(|unit| unit.position < unit.last_position).map(|unit| unit.position + 1);
        let last = self.get(id).map_or(0, |unit| unit.last_position);
        let places = std::iter::successors(first, move |&place| {
            self.at(place).map(|unit| unit.last_position + 1).filter(|&next| next <= last)
        });
        places.filter_map(|place| self.at(place)).filter(move |unit| unit.parent == Some(id))
    }

    /// The code of the province that a unit belongs to, if it belongs to one.
    pub fn province(&self, id: OrgUnitId) -> Option<&str> {
        let mut at = self.get(id);
        for _ in 0..self.units.len() {
            let unit = at?;
            if unit.level == OrgLevel::Province {
                return Some(&unit.code);
            }
            at = self.get(unit.parent?);
        }
        None
    }

    /// The path from `top` down to `id`, both included; from the very top if `top` is not above `id`.
    pub fn path(&self, top: Option<OrgUnitId>, id: OrgUnitId) -> Vec<UnitName> {
        let mut path = Vec::new();
        let mut at = self.get(id);
        while let Some(unit) = at.filter(|_| path.len() <= self.units.len()) {
            path.push(name(unit));
            at = unit.parent.filter(|_| Some(unit.id) != top).and_then(|parent| self.get(parent));
        }
        path.reverse();
        path
    }
}

/// A unit by name.
pub fn name(unit: &UnitRecord) -> UnitName {
    UnitName { id: unit.id, name: unit.name.clone(), level: unit.level }
}
