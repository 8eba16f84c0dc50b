//! Industries and how the year moves them.

use domain::Month;

/// An industry and its year.
#[derive(Debug)]
pub struct Industry {
    pub name: &'static str,
    /// What its organisations are called.
    pub kind: &'static str,
    /// How many of a hundred organisations.
    pub weight: f64,
    /// Use in each month of the year against the year's mean.
    pub season: [f64; 12],
    /// What the month of the Spring Festival does to it.
    pub festival: f64,
}

const fn industry(
    name: &'static str,
    kind: &'static str,
    weight: f64,
    festival: f64,
    season: [f64; 12],
) -> Industry {
    Industry { name, kind, weight, season, festival }
}

#[rustfmt::skip]
pub static INDUSTRIES: [Industry; 12] = [
    industry("教育", "学校", 7.0, 0.90, [0.97, 0.80, 1.08, 1.08, 1.06, 1.02, 0.74, 0.72, 1.16, 1.10, 1.08, 1.02]),
    industry("政府机关", "服务中心", 8.0, 0.97, [0.99, 0.98, 1.01, 1.00, 1.00, 1.00, 1.00, 1.00, 1.00, 0.99, 1.01, 1.03]),
    industry("制造", "机械制造", 16.0, 0.84, [1.00, 0.95, 1.04, 1.03, 1.01, 1.00, 0.98, 0.98, 1.01, 0.99, 1.01, 1.01]),
    industry("商贸零售", "商贸", 16.0, 1.16, [1.12, 1.04, 0.93, 0.94, 0.98, 1.00, 0.95, 0.95, 1.00, 1.02, 1.08, 1.12]),
    industry("建筑", "建设工程", 9.0, 0.78, [0.86, 0.84, 1.02, 1.06, 1.07, 1.05, 1.00, 1.00, 1.06, 1.06, 1.03, 0.92]),
    industry("金融", "金融服务", 6.0, 0.96, [1.04, 0.97, 1.01, 0.99, 0.99, 1.02, 0.98, 0.98, 1.00, 0.97, 0.99, 1.06]),
    industry("医疗卫生", "医院", 6.0, 0.95, [1.03, 0.99, 1.01, 1.00, 0.99, 0.98, 0.99, 0.99, 0.99, 0.99, 1.01, 1.03]),
    industry("物流运输", "物流", 9.0, 0.82, [0.98, 0.90, 0.98, 0.99, 1.00, 1.02, 0.98, 0.99, 1.02, 1.02, 1.10, 1.05]),
    industry("住宿餐饮", "酒店", 8.0, 1.04, [0.97, 0.96, 0.96, 1.00, 1.04, 1.00, 1.08, 1.08, 0.98, 1.06, 0.94, 0.96]),
    industry("农业", "农业科技", 4.0, 0.92, [0.92, 0.94, 1.04, 1.08, 1.04, 1.00, 0.98, 1.00, 1.06, 1.04, 0.96, 0.92]),
    industry("信息技术", "信息技术", 8.0, 0.90, [1.00, 0.96, 1.01, 1.01, 1.00, 1.02, 1.00, 1.00, 1.00, 0.98, 1.02, 1.02]),
    industry("能源", "能源", 3.0, 0.95, [1.05, 1.00, 0.98, 0.97, 0.96, 1.00, 1.04, 1.04, 0.98, 0.96, 0.99, 1.04]),
];

/// Day of the year on which the Spring Festival falls, from 2018 on.
const FESTIVAL_DAYS: [i32; 14] = [47, 36, 25, 43, 32, 22, 41, 29, 48, 37, 26, 44, 34, 23];

/// What part of the festival's eight days falls into a month.
fn festival_share(month: Month) -> f64 {
    let place = (month.year() - 2018).rem_euclid(FESTIVAL_DAYS.len() as i32) as usize;
    let first = FESTIVAL_DAYS[place] - 1;
    let (begin, end) = match month.month_of_year() {
        1 => (1, 31),
        2 => (32, 59),
        _ => return 0.0,
    };
    let inside = (first..first + 8).filter(|day| (begin..=end).contains(day)).count();
    inside as f64 / 8.0
}

/// Working days of a month, holidays taken off.
fn working_days(month: Month) -> f64 {
    let first = month.first_day().weekday().to_monday_zero_offset();
    let days = i32::from(month.last_day().day());
    let weekdays = (0..days).filter(|day| (i32::from(first) + day) % 7 < 5).count() as f64;
    let holidays = match month.month_of_year() {
        1 | 4 | 6 | 9 => 1.0,
        5 => 2.0,
        10 => 5.0,
        _ => 0.0,
    };
    weekdays - holidays - 5.0 * festival_share(month)
}

/// How much an industry uses in a month against its own year's mean.
pub fn season(industry: &Industry, month: Month) -> f64 {
    let year = industry.season[usize::from(month.month_of_year() - 1)];
    let festival = 1.0 + (industry.festival - 1.0) * festival_share(month);
    let work = (working_days(month) / 21.0).powf(0.3);
    year * festival * work
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_festival_moves_through_the_year() {
        let share = |year, month| festival_share(Month::new(year, month).expect("a month"));
        assert_eq!((share(2024, 1), share(2024, 2)), (0.0, 1.0));
        assert!(share(2025, 1) > 0.4 && share(2025, 1) + share(2025, 2) == 1.0);
        assert_eq!(share(2025, 3), 0.0);
    }

    #[test]
    fn each_industry_has_its_year() {
        let of = |name: &str, month| {
            let industry = INDUSTRIES.iter().find(|industry| industry.name == name).expect("an industry");
            season(industry, Month::new(2025, month).expect("a month"))
        };
        assert!(of("教育", 8) < 0.8 * of("教育", 9));
        assert!(of("商贸零售", 1) > of("商贸零售", 4));
        assert!(of("建筑", 2) < of("建筑", 5));
        for industry in &INDUSTRIES {
            let mean: f64 = industry.season.iter().sum::<f64>() / 12.0;
            assert!((mean - 1.0).abs() < 0.04, "{}: {mean}", industry.name);
        }
    }
}
