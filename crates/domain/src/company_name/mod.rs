//! The normal form of a company's name, and the parts that tell one company from another.
//!
//! 「（北京）示例恒辰科技股份有限公司」 and 「北京市示例恆辰科技有限公司」 are written apart and mean one company; 北京分公司 and
//! 上海分公司, or 第一中学 and 第二中学, are written alike and are two. So a name is first brought to one way of
//! writing ([`written`]) and then cut into place, core, trade, legal form and branch ([`CompanyName`]).

mod place;

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

pub use place::{Place, PlaceLevel, Places, Whereabouts};

/// A name cut into parts, each in the way of writing of [`written`]. Parts that a name does not have are empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CompanyName {
    /// Province, city, county: in front or in brackets, the widest first.
    pub places: Vec<Place>,
    /// What the company calls itself: 恒辰.
    pub core: String,
    /// What it does: 机械制造.
    pub trade: String,
    /// Its legal form.
    pub form: Form,
    /// Core, trade and legal form as they are written: 恒辰机械制造有限公司.
    pub proper: String,
    /// Which branch, department or numbered shop of the company: 北京分公司, 3店.
    pub branch: String,
}

/// A legal form, as far as it tells companies apart: 有限公司, 有限责任公司 and 公司 do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// The name says none: a school, an office, or left out.
    Unsaid,
    /// 有限公司 and its kin.
    Company,
    /// 集团: parent of companies of the same name.
    Group,
    /// 厂.
    Factory,
    /// 店.
    Shop,
    /// 合伙企业.
    Partnership,
}

/// Endings by form, each before those that end like it.
const FORMS: [(&str, Form); 25] = [
    ("集团股份有限公司", Form::Group),
    ("集团有限责任公司", Form::Group),
    ("集团有限公司", Form::Group),
    ("集团总公司", Form::Group),
    ("集团公司", Form::Group),
    ("集团", Form::Group),
    ("股份有限责任公司", Form::Company),
    ("有限责任公司", Form::Company),
    ("股份有限公司", Form::Company),
    ("有限公司", Form::Company),
    ("责任公司", Form::Company),
    ("股份公司", Form::Company),
    ("总公司", Form::Company),
    ("公司", Form::Company),
    ("有限", Form::Company),
    ("股份", Form::Company),
    ("coltd", Form::Company),
    ("ltd", Form::Company),
    ("有限合伙企业", Form::Partnership),
    ("合伙企业", Form::Partnership),
    ("有限合伙", Form::Partnership),
    ("普通合伙", Form::Partnership),
    ("总厂", Form::Factory),
    ("厂", Form::Factory),
    ("店", Form::Shop),
];

/// What companies do, as the ends of their names say it.
const TRADES: &str = "科技 技术 信息 信息技术 信息科技 网络 网络科技 电子 电子商务 电器 电气 电力 通信 通讯 软件 智能 数码 商贸 贸易 \
    工贸 进出口 实业 投资 控股 发展 开发 置业 房地产 地产 物业 物业管理 物业服务 管理 企业管理 资产管理 服务 咨询 商务 机械 机械制造 机电 设备 制造 \
    重工 模具 五金 汽车 汽车销售 汽配 汽车配件 零部件 建设 建设工程 建筑 建筑工程 工程 装饰 装饰工程 建材 市政 园林 园林绿化 水利 路桥 设计 物流 运输 货运 \
    快递 仓储 供应链 航空 旅游 旅行社 酒店 宾馆 饭店 大酒店 餐饮 餐饮管理 食品 饮料 酒业 茶业 粮油 超市 百货 商场 购物中心 农业 农业科技 农业发展 种业 \
    养殖 畜牧 林业 渔业 生物 生物科技 生物技术 医药 药业 制药 医疗 医疗器械 医院 人民医院 中心医院 诊所 药房 大药房 卫生院 化工 化学 材料 新材料 塑料 橡胶 \
    纺织 服饰 服装 鞋业 皮具 家具 家居 印刷 包装 纸业 文化 文化传播 文化传媒 传媒 广告 教育 教育科技 培训 学校 中学 小学 幼儿园 学院 大学 职业学院 能源 新能源 \
    石油 燃气 热力 水务 环保 环境 环保科技 矿业 钢铁 金属 有色金属 冶金 金融 金融服务 银行 保险 证券 担保 租赁 典当 人力资源 劳务 保安 保安服务 安防 律师事务所 \
    会计师事务所 服务中心 研究院 研究所 设计院 合作社 专业合作社";

/// What a part of a company is called, longer ones before those that end like them.
const BRANCHES: [&str; 21] = [
    "分公司",
    "支公司",
    "子公司",
    "分行",
    "支行",
    "分店",
    "分厂",
    "分局",
    "分校",
    "分院",
    "分部",
    "分社",
    "分所",
    "分中心",
    "办事处",
    "代表处",
    "营业部",
    "营业厅",
    "营业所",
    "项目部",
    "门市部",
];

/// Own table, one character for one: names need no words looked up in context as running text does, every
/// traditional character has one simplified form to compare by, and the libraries that do it bring a
/// hundred times the data, some under licences that do not fit.
static SIMPLIFIED: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let pairs = include_str!("traditional.txt").split_whitespace();
    pairs.filter_map(|pair| pair.chars().next().zip(pair.chars().nth(1))).collect()
});

static TRADE_WORDS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut words: Vec<&str> = TRADES.split_whitespace().collect();
    words.sort_by_key(|word| (std::cmp::Reverse(word.len()), *word));
    words
});

/// One way of writing: width and compatibility forms folded (NFKC), lower case, simplified characters, Chinese
/// numbers as digits, all brackets as `(` and `)`; white space, other punctuation and characters without
/// width are left out. Linear in the length of the text.
#[must_use]
pub fn written(text: &str) -> String {
    with_digits(text.nfkc().flat_map(char::to_lowercase).filter_map(|character| match character {
        '(' | '[' | '{' | '<' | '〔' | '【' | '《' | '〈' | '「' | '『' => Some('('),
        ')' | ']' | '}' | '>' | '〕' | '】' | '》' | '〉' | '」' | '』' => Some(')'),
        '〇' => Some('零'),
        _ if character.is_alphanumeric() => Some(SIMPLIFIED.get(&character).copied().unwrap_or(character)),
        _ => None,
    }))
}

/// A number of places, cut from its digits: 第12 is neither 第1 nor 第2.
fn with_digits(characters: impl Iterator<Item = char>) -> String {
    const DIGITS: &str = "零一二三四五六七八九";
    let mut text = String::new();
    let mut characters = characters.peekable();
    let mut before: Option<usize> = None;
    while let Some(character) = characters.next() {
        let digit = |character: char| DIGITS.chars().position(|digit| digit == character);
        match digit(character) {
            Some(value) => {
                before = Some(value);
                text.push(char::from(b'0' + value as u8));
            }
            // 十 is 10, 十二 is 12, 三十 is 30, 三十二 is 32.
            None if character == '十' => {
                if before.take().is_none() {
                    text.push('1');
                }
                if characters.peek().is_none_or(|&next| digit(next).is_none()) {
                    text.push('0');
                }
            }
            None => {
                before = None;
                text.push(character);
            }
        }
    }
    text
}

/// A short text that is the same for names that differ only in the way of writing, in the kind of limited
/// company, or in whether a place stands in brackets or in front. It says nothing of typing mistakes.
#[must_use]
pub fn key(name: &str) -> String {
    CompanyName::parse(name).key()
}

impl CompanyName {
    /// Cuts a name. Never fails: what is not understood is core.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        Self::parse_with(name, &Places::default())
    }

    /// Cuts a name as [`Self::parse`] does, knowing more places than those of the list.
    #[must_use]
    pub fn parse_with(name: &str, more: &Places) -> Self {
        let (rest, mut places, bracketed) = without_brackets(&written(name), more);
        let (mut front, rest) = place::leading(&rest, more);
        let mut rest = rest.to_owned();
        if rest.is_empty() {
            // A name that is nothing but a place is called so.
            rest = front.iter().map(|place| place.name.as_str()).collect();
            front.clear();
        }
        front.append(&mut places);
        let places = place::ordered(front);
        let (proper, branch) = cut_branch(&rest, more);
        let (head, form) = cut_form(proper);
        let form = if form == Form::Unsaid { bracketed } else { form };
        let (core, trade) = cut_trade(head);
        Self {
            places,
            core: core.to_owned(),
            trade: trade.to_owned(),
            proper: proper.to_owned(),
            form,
            branch,
        }
    }

    /// See [`key`].
    #[must_use]
    pub fn key(&self) -> String {
        let place = self.places.last().map_or("", |place| place.name.as_str());
        let form = match self.form {
            Form::Unsaid | Form::Company => "",
            Form::Group => "集团",
            Form::Factory => "厂",
            Form::Shop => "店",
            Form::Partnership => "合伙",
        };
        [place, "|", &self.core, &self.trade, form, "|", &self.branch].concat()
    }

    /// Core and trade as one.
    #[must_use]
    pub fn stem(&self) -> String {
        [self.core.as_str(), &self.trade].concat()
    }

    /// The numbers in core and trade, in their order: 第1中学 is not 第2中学.
    pub fn numbers(&self) -> impl Iterator<Item = &str> {
        [self.core.as_str(), &self.trade]
            .into_iter()
            .flat_map(|part| part.split(|character: char| !character.is_ascii_digit()))
            .filter(|number| !number.is_empty())
    }
}

/// A name without brackets: what was in them, if it is a place or a form, and otherwise left where it stood.
fn without_brackets(name: &str, more: &Places) -> (String, Vec<Place>, Form) {
    let mut text = String::with_capacity(name.len());
    let mut places = Vec::new();
    let mut form = Form::Unsaid;
    let mut left = name;
    while let Some(open) = left.find(['(', ')']) {
        text.push_str(&left[..open]);
        let inside = &left[open + 1..];
        let closed = if left[open..].starts_with('(') { inside.find(['(', ')']) } else { None };
        let Some(close) = closed else {
            left = inside;
            continue;
        };
        let (content, after) = (&inside[..close], &inside[close + 1..]);
        // 有限公司(北京)分公司 says which branch.
        let of_branch = BRANCHES.iter().any(|branch| after.starts_with(branch));
        if let (found, "") = place::leading(content, more)
            && !of_branch
        {
            places.extend(found);
        } else if let Some(&(_, found)) = FORMS.iter().find(|(ending, _)| content == *ending) {
            form = found;
        } else {
            text.push_str(content);
        }
        // A bracket within brackets is met again as one that opens.
        left = if inside[close..].starts_with('(') { &inside[close..] } else { after };
    }
    text.push_str(left);
    (text, places, form)
}

/// What stands before the branch, and the branch.
fn cut_branch<'n>(name: &'n str, more: &Places) -> (&'n str, String) {
    if let Some(end) = end_of_company(name) {
        let tail = &name[end..];
        if FORMS.iter().any(|(ending, _)| tail == *ending) {
            return (&name[..end], String::new());
        }
        return (&name[..end], branch_name(tail, more));
    }
    let unnumbered = name.trim_end_matches(|character: char| character.is_ascii_digit());
    let Some(word) = BRANCHES.iter().find(|branch| unnumbered.ends_with(*branch)) else {
        return numbered_shop(name, more);
    };
    let before = &unnumbered[..unnumbered.len() - word.len()];
    if let Some(start) = before.rfind("集团").map(|at| at + "集团".len()) {
        return (&name[..start], branch_name(&name[start..], more));
    }
    let start = place::trailing(before, more).unwrap_or_else(|| {
        let number = before.trim_end_matches(|character: char| character.is_ascii_digit());
        number.trim_end_matches('第').len()
    });
    if start == 0 { (name, String::new()) } else { (&name[..start], branch_name(&name[start..], more)) }
}

/// Where a company's own name ends, if something follows: after the first 公司 that is not part of 分公司.
fn end_of_company(name: &str) -> Option<usize> {
    let found = name.match_indices("公司").find(|(at, _)| !name[..*at].ends_with(['分', '支', '子']));
    found.map(|(at, word)| at + word.len()).filter(|&end| end < name.len())
}

/// 恒辰第3店 is shop 3 of 恒辰.
fn numbered_shop<'n>(name: &'n str, more: &Places) -> (&'n str, String) {
    let shop = name.strip_suffix('店').unwrap_or_default();
    let head = shop.trim_end_matches(|character: char| character.is_ascii_digit());
    if head.len() == shop.len() || head.is_empty() {
        return (name, String::new());
    }
    let head = head.trim_end_matches('第');
    (head, branch_name(&name[head.len()..], more))
}

/// 北京市分公司 is 北京分公司, 第3分公司 is 3分公司.
fn branch_name(tail: &str, more: &Places) -> String {
    let (places, rest) = place::leading(tail, more);
    let place = places.last().map_or("", |place| place.name.as_str());
    [place, rest.trim_start_matches('第')].concat()
}

fn cut_form(name: &str) -> (&str, Form) {
    let found = FORMS.iter().find(|(ending, _)| name.len() > ending.len() && name.ends_with(ending));
    found.map_or((name, Form::Unsaid), |&(ending, form)| (&name[..name.len() - ending.len()], form))
}

/// At least two characters stay core: 科技有限公司 alone is called 科技.
fn cut_trade(name: &str) -> (&str, &str) {
    let mut core = name;
    while let Some(shorter) = TRADE_WORDS
        .iter()
        .find_map(|word| core.strip_suffix(word).filter(|core| core.chars().nth(1).is_some()))
    {
        core = shorter;
    }
    (core, &name[core.len()..])
}

#[cfg(test)]
mod tests;
