//! Five levels and the people who work there; everything about a grid follows from its number.

use domain::org::OrgLevel;
use domain::staff::Role;

use crate::dice::{Dice, Purpose};
use crate::names::{ORDINALS, counted, person, phone};
use crate::rows::{StaffMember, Unit};

/// Units and staff, and the way from a grid to those who answer for its customers.
#[derive(Debug)]
pub struct Organisation {
    pub units: Vec<Unit>,
    pub staff: Vec<StaffMember>,
    pub cities: Vec<City>,
    pub counties: Vec<County>,
    pub grids: Vec<Grid>,
}

#[derive(Debug)]
pub struct City {
    pub code: String,
    pub name: String,
}

#[derive(Debug)]
pub struct County {
    pub code: String,
    pub name: String,
    pub city: usize,
    /// Account managers here, numbered from 1.
    pub managers: u32,
}

#[derive(Debug)]
pub struct Grid {
    pub code: String,
    pub name: String,
    pub county: usize,
}

const HEADQUARTERS: &str = "HQ";
const DIRECTIONS: [&str; 8] = ["东", "西", "南", "北", "城中", "城关", "新城", "开发"];
/// Customers of a unit of each level, roughly; from an operator of 5,000 with 2 provinces, 5 cities, 12
/// counties and 40 grids.
const PER_PROVINCE: u32 = 2_500;
const PER_CITY: u32 = 1_000;
const PER_COUNTY: u32 = 420;
const PER_GRID: u32 = 125;
/// Customers of a county that account managers answer for, and how many each has.
const MANAGED_SHARE: f64 = 0.55;
const PER_MANAGER: f64 = 80.0;

impl Organisation {
    pub fn new(customers: u32) -> Self {
        let provinces = count(customers, PER_PROVINCE, 1).min(ORDINALS.len());
        let cities = count(customers, PER_CITY, provinces);
        let counties = count(customers, PER_COUNTY, cities);
        let grids = count(customers, PER_GRID, counties);
        let managed = f64::from(customers) / counties as f64 * MANAGED_SHARE;
        let managers = ((managed / PER_MANAGER).round() as u32).max(1);
        let mut organisation = Self {
            units: Vec::new(),
            staff: Vec::new(),
            cities: Vec::with_capacity(cities),
            counties: Vec::with_capacity(counties),
            grids: Vec::with_capacity(grids),
        };
        organisation.build([provinces, cities, counties, grids], managers);
        organisation
    }

    fn build(&mut self, [provinces, cities, counties, grids]: [usize; 4], managers: u32) {
        self.unit(HEADQUARTERS.to_owned(), "示例通信总部".to_owned(), OrgLevel::Hq, None);
        let of = |total: usize, parents: usize, parent: usize| {
            total * (parent + 1) / parents - total * parent / parents
        };
        for (province, ordinal) in ORDINALS.iter().enumerate().take(provinces) {
            let province_code = format!("P{:02}", province + 1);
            let province_name = format!("示例省{ordinal}");
            self.unit(province_code.clone(), province_name, OrgLevel::Province, Some(HEADQUARTERS));
            for nth in 0..of(cities, provinces, province) {
                self.city(&province_code, ordinal, nth);
            }
        }
        for city in 0..self.cities.len() {
            for nth in 0..of(counties, cities, city) {
                self.county(city, nth, managers);
            }
        }
        for county in 0..self.counties.len() {
            for nth in 0..of(grids, counties, county) {
                self.grid(county, nth);
            }
        }
        self.units.sort_by_key(|unit| unit.level);
        self.hire();
    }

    fn city(&mut self, province_code: &str, ordinal: &str, nth: usize) {
        let code = format!("{province_code}C{:02}", nth + 1);
        let name = format!("{ordinal}{}市", counted(nth + 1));
        self.unit(code.clone(), name.clone(), OrgLevel::City, Some(province_code));
        self.cities.push(City { code, name });
    }

    fn county(&mut self, city: usize, nth: usize, managers: u32) {
        let of = &self.cities[city];
        let code = format!("{}X{:02}", of.code, nth + 1);
        let name = of.name.trim_end_matches('市');
        let round = if nth < DIRECTIONS.len() { String::new() } else { counted(nth / DIRECTIONS.len() + 1) };
        let name = format!("{name}{}{round}县", DIRECTIONS[nth % DIRECTIONS.len()]);
        let parent = of.code.clone();
        self.unit(code.clone(), name.clone(), OrgLevel::County, Some(&parent));
        self.counties.push(County { code, name, city, managers });
    }

    fn grid(&mut self, county: usize, nth: usize) {
        let parent = self.counties[county].code.clone();
        let code = format!("{parent}G{:02}", nth + 1);
        let name = self.counties[county].name.trim_end_matches('县');
        let name = format!("{name}第{}网格", counted(nth + 1));
        self.unit(code.clone(), name.clone(), OrgLevel::Grid, Some(&parent));
        self.grids.push(Grid { code, name, county });
    }

    fn unit(&mut self, code: String, name: String, level: OrgLevel, parent: Option<&str>) {
        self.units.push(Unit { code, name, level, parent_code: parent.map(str::to_owned) });
    }

    fn hire(&mut self) {
        use Role::{
            AccountManager, Admin, Analyst, ChannelAgent, CommunityManager, Engineer, HallClerk, Pricing,
            ServiceAgent, UnitHead,
        };
        let managers = self.counties.first().map_or(1, |county| county.managers);
        let mut staff = Vec::new();
        for unit in &self.units {
            let posts: &[(Role, u32)] = match unit.level {
                OrgLevel::Hq => &[(UnitHead, 1), (Admin, 1), (Analyst, 1), (Pricing, 1)],
                OrgLevel::Province => &[(UnitHead, 1), (Analyst, 1), (Pricing, 1)],
                OrgLevel::City => &[
                    (UnitHead, 1),
                    (AccountManager, 1),
                    (Analyst, 1),
                    (ServiceAgent, 2),
                    (Engineer, 2),
                    (ChannelAgent, 1),
                ],
                OrgLevel::County => &[
                    (UnitHead, 1),
                    (AccountManager, managers),
                    (ServiceAgent, 1),
                    (Engineer, 1),
                    (HallClerk, 1),
                ],
                OrgLevel::Grid => &[(CommunityManager, 1)],
            };
            for &(role, number) in posts {
                staff.extend((1..=number).map(|nth| (unit.code.clone(), role, nth)));
            }
        }
        self.staff = staff
            .into_iter()
            .enumerate()
            .map(|(place, (org_code, role, nth))| {
                // Names do not depend on the seed: nothing rests on them.
                let mut dice = Dice::new(0, Purpose::Identity, place as u64);
                let code = staff_code(&org_code, role, nth);
                StaffMember {
                    name: person(&mut dice),
                    email: format!("{}@example.com", code.to_ascii_lowercase()),
                    phone: phone(place as u64),
                    code,
                    role,
                    org_code,
                }
            })
            .collect();
    }
}

fn count(customers: u32, per_unit: u32, at_least: usize) -> usize {
    ((customers as f64 / f64::from(per_unit)).round() as usize).max(at_least)
}

/// The code of the nth person of a role in a unit; the posts of each level are those of `hire`.
pub fn staff_code(unit: &str, role: Role, nth: u32) -> String {
    let post = match role {
        Role::AccountManager => "AM",
        Role::CommunityManager => "CM",
        Role::UnitHead => "UH",
        Role::Analyst => "AN",
        Role::Pricing => "PR",
        Role::ServiceAgent => "SA",
        Role::Engineer => "EN",
        Role::HallClerk => "HC",
        Role::ChannelAgent => "CA",
        Role::Admin => "AD",
    };
    format!("{unit}-{post}{nth}")
}
