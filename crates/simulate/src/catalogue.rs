//! The products.

use domain::product::ProductFamily;
use domain::{Money, Month};

use crate::dice::{Dice, Purpose};
use crate::rows::Product;

/// A product and how it is sold.
#[derive(Debug)]
pub struct Offer {
    /// Yuan at list price that one line uses in a month.
    pub line_yuan: f64,
    /// The part of revenue that is charged by lines held, not by volume.
    pub flat: f64,
    /// How much of a customer's spend it tends to take, by kind of customer: large, middle, small.
    pub weight: [f64; 3],
}

#[expect(clippy::too_many_arguments, reason = "a row of the table below")]
const fn product(
    code: &'static str,
    name: &'static str,
    family: ProductFamily,
    unit: &'static str,
    list_fen: i64,
    cost_fen: i64,
    line_yuan: f64,
    flat: f64,
    weight: [f64; 3],
) -> (Product, Offer) {
    let list_price = Money::from_fen(list_fen);
    let unit_cost = Money::from_fen(cost_fen);
    (Product { code, name, family, unit, list_price, unit_cost }, Offer { line_yuan, flat, weight })
}

const CATALOGUE: [(Product, Offer); 14] = {
    use ProductFamily::{
        Broadband, Fixed, Ict, Idc, Iot, LeasedLine, Mailbox, Mobile, Sms, Switchboard, Vas,
    };
    [
        product("MOB-VOICE", "集团语音", Mobile, "分钟", 15, 6, 45.0, 0.60, [1.0, 1.4, 2.6]),
        product("MOB-DATA", "集团流量", Mobile, "GB", 300, 110, 36.0, 0.60, [1.1, 1.3, 1.8]),
        product("FIXED", "商务固话", Fixed, "分钟", 12, 5, 35.0, 0.55, [0.4, 0.8, 1.4]),
        product("BROADBAND", "企业宽带", Broadband, "GB", 20, 10, 160.0, 0.80, [0.4, 1.2, 2.2]),
        product("LEASED", "互联网专线", LeasedLine, "Mb/s", 4500, 2000, 1800.0, 0.80, [2.6, 1.8, 0.1]),
        product("MPLS", "组网专线", LeasedLine, "Mb/s", 6500, 3000, 2600.0, 0.80, [1.8, 0.8, 0.0]),
        product("SMS", "企业短信", Sms, "条", 6, 3, 60.0, 0.0, [0.6, 0.6, 0.5]),
        product("SWITCHBOARD", "商务总机", Switchboard, "分钟", 10, 4, 20.0, 0.60, [0.3, 0.6, 0.7]),
        product("MAILBOX", "企业邮箱", Mailbox, "账号", 1000, 300, 10.0, 0.60, [0.2, 0.4, 0.4]),
        product("IDC", "机柜托管", Idc, "千瓦时", 150, 90, 4200.0, 0.80, [1.4, 0.3, 0.0]),
        product("CLOUD", "云主机", Idc, "核时", 25, 12, 180.0, 0.30, [1.0, 0.9, 0.4]),
        product("IOT", "物联网卡", Iot, "MB", 30, 10, 3.0, 0.50, [0.8, 0.8, 0.3]),
        product("ICT", "系统集成", Ict, "人天", 120_000, 80_000, 3600.0, 0.20, [1.0, 0.3, 0.0]),
        product("MEETING", "视频会议", Vas, "小时", 3000, 1100, 150.0, 0.50, [0.3, 0.4, 0.4]),
    ]
};

/// The catalogue as the extract shows it.
pub static PRODUCTS: [Product; CATALOGUE.len()] = {
    let mut products = [CATALOGUE[0].0; CATALOGUE.len()];
    let mut place = 0;
    while place < products.len() {
        products[place] = CATALOGUE[place].0;
        place += 1;
    }
    products
};

/// How a product is sold.
pub const fn offer(product: usize) -> &'static Offer {
    const CATALOGUE_REF: &[(Product, Offer)] = &CATALOGUE;
    &CATALOGUE_REF[product].1
}

/// Price cuts that the whole operator makes, as the industry had to several times.
#[derive(Debug)]
pub struct PriceCuts(Vec<(usize, Month, f64)>);

impl PriceCuts {
    pub fn draw(seed: u64, first: Month, months: u16) -> Self {
        let mut dice = Dice::new(seed, Purpose::Prices, 0);
        let years = f64::from(months) / 12.0;
        let count = 1 + dice.events(0.8 * years);
        let cuts = (0..count).map(|_| {
            let product = dice.whole(0, PRODUCTS.len() as i32 - 1) as usize;
            let month = first + dice.whole(2, i32::from(months).max(3));
            (product, month, dice.between(0.80, 0.93))
        });
        Self(cuts.collect())
    }

    /// The price of a product in a month against its price before all cuts.
    pub fn factor(&self, product: usize, month: Month) -> f64 {
        let made = self.0.iter().filter(|&&(of, from, _)| of == product && from <= month);
        made.map(|&(_, _, factor)| factor).product()
    }
}
