use super::*;
use proptest::prelude::*;

fn parts(name: &str) -> [String; 5] {
    let parsed = CompanyName::parse(name);
    let places: Vec<&str> = parsed.places.iter().map(|place| place.name.as_str()).collect();
    [places.join(" "), parsed.core, parsed.trade, format!("{:?}", parsed.form), parsed.branch]
}

fn same(one: &str, other: &str) {
    assert_eq!(key(one), key(other), "{one} / {other}");
}

fn apart(one: &str, other: &str) {
    assert_ne!(key(one), key(other), "{one} / {other}");
}

#[test]
fn parts_of_names() {
    assert_eq!(parts("北京市示例恒辰科技有限公司"), ["北京", "示例恒辰", "科技", "Company", ""]);
    assert_eq!(
        parts("示例恒辰机械制造（株洲）股份有限公司"),
        ["湖南 株洲", "示例恒辰", "机械制造", "Company", ""]
    );
    assert_eq!(parts("甲一市恒辰机械制造有限公司"), ["甲1", "恒辰", "机械制造", "Company", ""]);
    assert_eq!(
        parts("示例恒辰科技有限公司上海市第三分公司"),
        ["", "示例恒辰", "科技", "Company", "上海3分公司"]
    );
    assert_eq!(parts("示例恒辰集团甲一市分公司三"), ["", "示例恒辰", "", "Group", "甲1分公司3"]);
    assert_eq!(parts("示例恒辰株洲分公司"), ["", "示例恒辰", "", "Unsaid", "株洲分公司"]);
    assert_eq!(parts("示例恒辰超市"), ["", "示例恒辰", "超市", "Unsaid", ""]);
    assert_eq!(parts("甲一市第二中学"), ["甲1", "第2", "中学", "Unsaid", ""]);
    assert_eq!(parts("示例恒辰大药房十二店"), ["", "示例恒辰", "大药房", "Unsaid", "12店"]);
    assert_eq!(parts("科技有限公司"), ["", "科技", "", "Company", ""]);
    assert_eq!(parts("株洲市"), ["", "湖南株洲", "", "Unsaid", ""]);
    assert_eq!(parts("公司"), ["", "公司", "", "Unsaid", ""]);
    assert_eq!(parts(""), ["", "", "", "Unsaid", ""]);
}

#[test]
fn ways_of_writing_one_company() {
    same("株洲示例恒辰科技有限公司", "株洲示例恒辰科技有限责任公司");
    same("株洲示例恒辰科技有限公司", "株洲市示例恒辰科技股份有限公司");
    same("株洲示例恒辰科技有限公司", "示例恒辰科技(株洲)有限公司");
    same("株洲示例恒辰科技有限公司", "示例恒辰科技有限公司【株洲】");
    same("株洲示例恒辰科技有限公司", "湖南株洲示例恒辰科技公司");
    same("示例乌龙国际贸易有限公司", "示例烏龍國際貿易有限公司");
    same("示例ＡＢＣ科技有限公司", "示例abc科技有限公司");
    same("示例恒辰科技有限公司", " 示例\u{200b}恒辰\u{202e}科技\u{feff}有限公司\u{3000}");
    same("示例恒辰有限公司北京分公司", "示例恒辰有限责任公司（北京市）分公司");
    same("甲一市第一中学", "甲一市第1中学");
    same("示例恒辰大药房第十二店", "示例恒辰大药房12店");
}

#[test]
fn two_companies() {
    apart("示例恒辰科技有限公司北京分公司", "示例恒辰科技有限公司上海分公司");
    apart("示例恒辰科技有限公司一分公司", "示例恒辰科技有限公司二分公司");
    apart("示例恒辰科技有限公司", "示例恒辰科技有限公司北京分公司");
    apart("甲一市第一中学", "甲一市第二中学");
    apart("甲一市第一中学", "甲一市第十一中学");
    apart("甲一市恒辰机械制造有限公司", "甲二市恒辰机械制造有限公司");
    apart("示例恒辰集团", "示例恒辰有限公司");
    apart("示例恒辰机械厂", "示例恒辰机械有限公司");
    apart("示例恒辰医院", "示例恒辰学校");
}

#[test]
fn places_say_what_they_can() {
    let of = |one: &str, other: &str| {
        Whereabouts::of(&CompanyName::parse(one).places, &CompanyName::parse(other).places)
    };
    assert_eq!(of("株洲示例", "湖南省株洲市示例"), Whereabouts::Same);
    assert_eq!(of("湖南示例", "株洲示例"), Whereabouts::Within);
    assert_eq!(of("湖北示例", "株洲示例"), Whereabouts::Different);
    assert_eq!(of("长沙示例", "株洲示例"), Whereabouts::Different);
    assert_eq!(of("示例", "株洲示例"), Whereabouts::Unsaid);
    assert_eq!(of("甲县示例", "株洲示例"), Whereabouts::Unsaid);
    assert_eq!(of("甲一市示例", "甲二市示例"), Whereabouts::Different);
}

#[test]
fn numbers_are_written_as_digits() {
    for (text, digits) in
        [("十", "10"), ("十二", "12"), ("三十", "30"), ("三十二", "32"), ("二〇", "20"), ("一二", "12")]
    {
        assert_eq!(written(text), digits);
    }
    assert_eq!(written("第一〇八"), "第108");
}

#[test]
fn a_long_name_takes_no_longer_than_its_length() {
    for long in ["公司", "(", "分公司", "北京", "(北京)", "中学", "一", "a\u{301}"] {
        let name = long.repeat(10_000);
        assert_eq!(key(&name), key(&name));
    }
}

#[test]
fn the_table_leads_to_characters_that_lead_nowhere() {
    assert!(SIMPLIFIED.len() > 1_000);
    for (traditional, simplified) in SIMPLIFIED.iter() {
        assert_ne!(traditional, simplified);
        assert!(!SIMPLIFIED.contains_key(simplified), "{traditional} → {simplified} → …");
    }
}

proptest! {
    #[test]
    fn any_text_has_a_key(name in ".{0,60}") {
        let parsed = CompanyName::parse(&name);
        prop_assert_eq!(parsed.core.is_empty(), written(&name).trim_matches(['(', ')']).is_empty());
    }

    #[test]
    fn writing_twice_changes_nothing(name in "[示例恒辰一二十（）【】() Ａ國①㈱a-zA-Z0-9\u{4e00}-\u{9fff}\u{200b}]{0,30}") {
        let once = written(&name);
        prop_assert_eq!(written(&once), once);
    }

    #[test]
    fn spaces_and_marks_without_width_do_not_matter(
        name in "[示例恒辰科技有限公司北京分店（）]{1,20}",
        mark in "[\u{200b}\u{200e}\u{200f}\u{202a}-\u{202e}\u{2066}-\u{2069}\u{feff}\u{ad} \u{3000}]",
        at in 0_usize..20,
    ) {
        let at = at % (name.chars().count() + 1);
        let marked: String = name.chars().take(at).chain(mark.chars()).chain(name.chars().skip(at)).collect();
        prop_assert_eq!(key(&marked), key(&name));
    }
}
