//! Customers that the records hold twice, and customers that only look like it.
//!
//! A second record is written by someone who did not find the first: another way to write the name, a code left
//! out or mistyped, another person's telephone, an address with or without the room. What was changed is drawn
//! without knowledge of how duplicates are found.

use domain::CreditCode;

use crate::customer::{self, code};
use crate::dice::{Dice, Purpose};
use crate::names;
use crate::rows::{Change, Contact, Customer, Planted, Sameness};
use crate::world::World;

/// The records that are planted beside a customer's own.
pub fn plant(world: &World, index: u32, share: f64) -> Vec<Planted> {
    let mut dice = Dice::new(world.config.seed, Purpose::Duplicates, u64::from(index));
    let (twice, alike) = (dice.chance(share), dice.chance(share));
    if !twice && !alike {
        return Vec::new();
    }
    let (row, contacts) = customer::register(world, index);
    let mut planted = Vec::new();
    if twice {
        planted.push(second(world, &mut dice, &row, &contacts));
    }
    if alike {
        planted.extend(look_alikes(world, &mut dice, index, &row, &contacts));
    }
    for (nth, planted) in planted.iter_mut().enumerate() {
        planted.row.code = format!("{}-{}", row.code, nth + 2);
        for (contact, planted) in planted.contacts.iter_mut().enumerate() {
            planted.code = format!("{}-{}-{}", row.code.replacen('K', "T", 1), nth + 2, contact + 1);
        }
    }
    planted
}

/// A credit code whose check character holds and that is nobody's: no place has the number 000000.
pub fn credit_code(number: u32) -> Option<String> {
    // Neighbouring numbers lie far apart, as those of different companies do.
    let spread = (u64::from(number) * 7_368_787) % 1_000_000_000;
    CreditCode::complete(&format!("91000000{spread:09}")).ok().map(|code| code.to_string())
}

/// The record that someone made who did not find the first.
fn second(world: &World, dice: &mut Dice, first: &Customer, contacts: &[Contact]) -> Planted {
    let mut changes = Vec::new();
    let mut row = first.clone();
    row.name = renamed(dice, &first.name, &mut changes);
    if dice.chance(0.3) {
        row.name = renamed(dice, &row.name.clone(), &mut changes);
    }
    row.parent_code = None;
    if dice.chance(0.5) {
        row.org_code = any_grid(world, dice).0.to_owned();
        row.manager_code = None;
    }
    match dice.weighted(&[(0, 0.6), (1, 0.25), (2, 0.15)]) {
        1 if row.credit_code.take().is_some() => changes.push(Change::CodeMissing),
        2 => {
            if let Some(code) = &mut row.credit_code {
                *code = mistyped(dice, code);
                changes.push(Change::CodeMistyped);
            }
        }
        _ => {}
    }
    match dice.weighted(&[(0, 0.45), (1, 0.35), (2, 0.2)]) {
        1 => {
            row.address = rewritten(world, dice, &row.address);
            changes.push(Change::AddressRewritten);
        }
        2 => {
            row.address = format!("{}示例大道{}号", any_grid(world, dice).1, dice.whole(1, 999));
            changes.push(Change::AddressMoved);
        }
        _ => {}
    }
    let mut contacts = contacts.get(..1).unwrap_or_default().to_vec();
    match dice.weighted(&[(0, 0.65), (1, 0.1), (2, 0.15), (3, 0.1)]) {
        1 => {
            for contact in &mut contacts {
                contact.phone = mistyped(dice, &contact.phone);
            }
            changes.push(Change::PhoneMistyped);
        }
        2 => {
            for contact in &mut contacts {
                contact.name = names::person(dice);
                contact.phone = names::phone(dice.whole(0, 99_999_999) as u64);
            }
            changes.push(Change::PhoneOther);
        }
        3 => {
            contacts.clear();
            changes.push(Change::PhoneMissing);
        }
        _ => {}
    }
    if changes.contains(&Change::FullWidth) {
        row.address = full_width(&row.address);
        row.credit_code = row.credit_code.map(|code| full_width(&code));
        for contact in &mut contacts {
            contact.phone = full_width(&contact.phone);
        }
    }
    Planted { of: first.code.clone(), sameness: Sameness::Same, changes, row, contacts }
}

/// One change of the name; those that this name does not allow are drawn again.
fn renamed(dice: &mut Dice, name: &str, changes: &mut Vec<Change>) -> String {
    const KINDS: [Change; 6] = [
        Change::Suffix,
        Change::Bracket,
        Change::Abbreviation,
        Change::Transposition,
        Change::Traditional,
        Change::FullWidth,
    ];
    for _ in 0..20 {
        let change = dice.pick(&KINDS);
        let changed = match change {
            Change::Suffix => other_suffix(dice, name),
            Change::Bracket => other_brackets(dice, name),
            Change::Abbreviation => abbreviated(dice, name),
            Change::Transposition => Some(transposed(dice, name)),
            Change::Traditional => Some(traditional(name)),
            _ => Some(spaced(dice, name)),
        };
        if let Some(changed) = changed.filter(|changed| changed != name) {
            changes.push(change);
            return changed;
        }
    }
    name.to_owned()
}

fn other_suffix(dice: &mut Dice, name: &str) -> Option<String> {
    let ends: [(&str, &[&str]); 2] = [
        ("有限公司", &["有限责任公司", "股份有限公司", "公司", "有限", ""]),
        ("集团", &["集团有限公司", "集团公司", "集团有限责任公司"]),
    ];
    ends.into_iter().find_map(|(end, others)| Some([name.strip_suffix(end)?, dice.pick(others)].concat()))
}

/// The city in front of a name, with 市.
fn city(name: &str) -> Option<&str> {
    let end = name.find('市')? + '市'.len_utf8();
    // 示例恒辰集团甲一市分公司三 has its city inside.
    (name[..end].chars().count() <= 4 && !name.starts_with("示例")).then_some(&name[..end])
}

fn other_brackets(dice: &mut Dice, name: &str) -> Option<String> {
    let city = city(name)?;
    let rest = &name[city.len()..];
    let place = if dice.chance(0.5) { city } else { city.trim_end_matches('市') };
    let (open, close) = dice.pick(&[("(", ")"), ("（", "）"), ("【", "】")]);
    let bracket = [open, place, close].concat();
    Some(match (dice.whole(0, 2), rest.strip_suffix("有限公司")) {
        (0, Some(head)) => [head, &bracket, "有限公司"].concat(),
        (1, _) => [&bracket, rest].concat(),
        _ => [rest, &bracket].concat(),
    })
}

fn abbreviated(dice: &mut Dice, name: &str) -> Option<String> {
    if let Some(end) = name.find("集团") {
        // 示例恒辰机械制造集团 is called 示例恒辰集团; a branch leaves 集团 out.
        let head: String = name[..end].chars().take(4).collect();
        let tail = &name[end..];
        return Some(if tail == "集团" {
            head + "集团"
        } else {
            [&name[..end], &tail["集团".len()..]].concat()
        });
    }
    let city = city(name)?;
    let rest = &name[city.len()..];
    let head = rest.strip_suffix("有限公司");
    match (dice.whole(0, 3), head) {
        (0, Some(head)) => Some(head.to_owned()),
        (1, Some(head)) => Some([city.trim_end_matches('市'), head].concat()),
        (2, Some(head)) if head.chars().count() > 4 => {
            let short: String = head.chars().take(head.chars().count() - 2).collect();
            Some([city, &short, "有限公司"].concat())
        }
        _ => Some(rest.to_owned()),
    }
}

/// Two neighbours swapped, anywhere.
fn transposed(dice: &mut Dice, name: &str) -> String {
    let mut characters: Vec<char> = name.chars().collect();
    if characters.len() > 1 {
        let place = dice.whole(1, characters.len() as i32 - 1) as usize;
        characters.swap(place, place - 1);
    }
    characters.into_iter().collect()
}

/// Every character of made-up names that has a traditional form.
fn traditional(name: &str) -> String {
    const SIMPLIFIED: &str = "达汇丰华远兴诚锦凯伟东云机电设贸运输业务农术网团厂责门医学馆饭产经发开总乐";
    const TRADITIONAL: &str = "達匯豐華遠興誠錦凱偉東雲機電設貿運輸業務農術網團廠責門醫學館飯產經發開總樂";
    let of = |character| SIMPLIFIED.chars().position(|other| other == character);
    name.chars()
        .map(|character| of(character).and_then(|place| TRADITIONAL.chars().nth(place)).unwrap_or(character))
        .collect()
}

/// A space of full width within, as comes from columns that were filled up.
fn spaced(dice: &mut Dice, name: &str) -> String {
    let place = dice.whole(1, name.chars().count().max(2) as i32 - 1) as usize;
    let mut text: String = name.chars().take(place).collect();
    text.push('\u{3000}');
    text.extend(name.chars().skip(place));
    text
}

fn full_width(text: &str) -> String {
    let wide = |character: char| match character {
        '!'..='~' => char::from_u32(u32::from(character) + 0xfee0).unwrap_or(character),
        _ => character,
    };
    text.chars().map(wide).collect()
}

/// One digit replaced by the next, or two neighbours swapped.
fn mistyped(dice: &mut Dice, text: &str) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    // The first eight are as good as never mistyped: authority, kind and place are printed on forms.
    let from = 8.min(characters.len() as i32 - 1);
    let place = dice.whole(from, characters.len() as i32 - 1) as usize;
    if dice.chance(0.5) && place > 0 && characters[place] != characters[place - 1] {
        characters.swap(place, place - 1);
    } else {
        let digit = characters[place].to_digit(10).unwrap_or_default();
        characters[place] = char::from_digit((digit + 1) % 10, 10).unwrap_or('0');
    }
    characters.into_iter().collect()
}

/// The same address as others write it: with the province, a room, # for 号, or without the grid.
fn rewritten(world: &World, dice: &mut Dice, address: &str) -> String {
    let province = world.units().iter().find(|unit| unit.level == domain::org::OrgLevel::Province);
    let province = province.map_or("示例省甲", |unit| unit.name.as_str());
    match dice.whole(0, 3) {
        0 => [province, address].concat(),
        1 => [address, &format!("{}楼{}室", dice.whole(1, 20), dice.whole(101, 920))].concat(),
        2 => address.replace('号', "#"),
        _ => address.replace("号", "号院"),
    }
}

/// A grid's code and name.
fn any_grid<'w>(world: &'w World, dice: &mut Dice) -> (&'w str, &'w str) {
    let grids = &world.organisation.grids;
    let grid = &grids[dice.whole(0, grids.len() as i32 - 1) as usize];
    (&grid.code, &grid.name)
}

/// Records of others that look like this customer's.
fn look_alikes(
    world: &World,
    dice: &mut Dice,
    index: u32,
    first: &Customer,
    contacts: &[Contact],
) -> Vec<Planted> {
    let kind =
        dice.pick(&[Sameness::Branch, Sameness::Numbered, Sameness::OtherCity, Sameness::SharedOffice]);
    let cities = &world.organisation.cities;
    let place = dice.whole(0, cities.len() as i32 - 1) as usize;
    let (one, other) = (&cities[place].name, &cities[(place + 1) % cities.len()].name);
    let own_city = city(&first.name);
    let names = match kind {
        Sameness::Branch if cities.len() > 1 && dice.chance(0.5) => {
            vec![format!("{}{one}分公司", first.name), format!("{}{other}分公司", first.name)]
        }
        Sameness::Numbered => {
            let number = 2 * index as usize;
            [number + 1, number + 2].map(|n| format!("{one}第{}中学", names::counted(n))).into()
        }
        Sameness::OtherCity => match own_city {
            Some(own) if own != one => vec![first.name.replacen(own, one, 1)],
            Some(own) if own != other => vec![first.name.replacen(own, other, 1)],
            _ => Vec::new(),
        },
        Sameness::SharedOffice => {
            vec![format!("{one}{}商务服务有限公司", names::brand(world.config.customers + index))]
        }
        _ => vec![format!("{}一分公司", first.name), format!("{}二分公司", first.name)],
    };
    let mut planted = Vec::new();
    for (nth, name) in names.into_iter().enumerate() {
        let mut row = first.clone();
        row.name = name;
        row.parent_code = None;
        let number = u32::MAX / 2 + 4 * index + nth as u32;
        row.credit_code = if dice.chance(0.7) { credit_code(number) } else { None };
        let near = matches!(kind, Sameness::Branch | Sameness::SharedOffice) && dice.chance(0.5);
        if !near {
            row.address = format!("{}示例路{}号", any_grid(world, dice).1, dice.whole(1, 999));
        }
        let mut contacts = contacts.get(..1).unwrap_or_default().to_vec();
        if !(near || kind == Sameness::SharedOffice) {
            for contact in &mut contacts {
                contact.name = names::person(dice);
                contact.phone = names::phone(dice.whole(0, 99_999_999) as u64);
            }
        }
        planted.push(Planted { of: code(index), sameness: kind, changes: Vec::new(), row, contacts });
    }
    planted
}
