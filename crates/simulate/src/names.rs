//! Names that read like names and visibly are none.

use domain::Date;

use crate::dice::Dice;

/// Places and provinces are counted with the heavenly stems, the earthly branches and a few more.
pub const ORDINALS: [&str; 31] = [
    "甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸", "子", "丑", "寅", "卯", "辰", "巳", "午",
    "未", "申", "酉", "戌", "亥", "天", "地", "玄", "黄", "宇", "宙", "洪", "荒", "日",
];
const DIGITS: [&str; 10] = ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
const BRANDS: [&str; 40] = [
    "恒", "辰", "达", "瑞", "宏", "泰", "盛", "和", "华", "远", "嘉", "信", "诚", "丰", "源", "安", "新",
    "正", "博", "汇", "康", "乐", "明", "启", "同", "永", "锦", "凯", "伟", "昌", "润", "东", "方", "海",
    "金", "星", "云", "山", "江", "川",
];
const SURNAMES: [&str; 24] = [
    "赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈", "褚", "卫", "蒋", "沈", "韩", "杨", "朱",
    "秦", "许", "何", "吕", "施", "张", "孔",
];
const GIVEN: [&str; 16] =
    ["文", "武", "敏", "静", "强", "磊", "洋", "艳", "勇", "军", "杰", "娟", "涛", "明", "超", "霞"];

/// A counting word in Chinese, digit by digit.
pub fn counted(number: usize) -> String {
    number.to_string().bytes().map(|digit| DIGITS[usize::from(digit - b'0')]).collect()
}

/// A brand that no other number has.
pub fn brand(number: u32) -> String {
    let base = BRANDS.len() as u32;
    // An odd multiplier without a factor in common with the base shuffles within every power of it.
    let length = if number < base * base {
        2
    } else if number < base.pow(3) {
        3
    } else {
        5
    };
    let space = u64::from(base).pow(length);
    let mut left = u64::from(number) * 27_183 % space;
    let mut name = String::with_capacity(3 * length as usize);
    for _ in 0..length {
        name.push_str(BRANDS[(left % u64::from(base)) as usize]);
        left /= u64::from(base);
    }
    name
}

/// A person; every made-up person has the character 示 (as in 示例, example) in the middle.
pub fn person(dice: &mut Dice) -> String {
    [dice.pick(&SURNAMES), "示", dice.pick(&GIVEN)].concat()
}

/// A credit code that cannot be a real one: real ones hold no S.
pub fn credit_code(number: u32) -> String {
    format!("91SAMPLE{number:010}")
}

/// A telephone number that cannot be dialled: 100 is not followed by eight digits.
pub fn phone(number: u64) -> String {
    format!("100{:08}", number % 100_000_000)
}

/// A day that every month has.
pub fn day(month: domain::Month, day: i32) -> Date {
    Date::constant(month.year() as i16, month.month_of_year() as i8, day.clamp(1, 28) as i8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brands_do_not_repeat() {
        let mut seen = std::collections::HashSet::new();
        for number in 0..200_000 {
            assert!(seen.insert(brand(number)), "{number}");
        }
    }
}
