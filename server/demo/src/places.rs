//! Where customers live: countries with their cities, ways to pay and delivery, as plain tables.

use crate::calendar::{CHINA, EUROPE};

pub struct Country {
    pub name: &'static str,
    pub share: f64,
    pub market: usize,
    /// Seconds that local time is ahead of UTC; summer time is left out on purpose, an hour does not show.
    pub offset: i64,
    /// City, province, weight.
    pub cities: &'static [(&'static str, &'static str, f64)],
    /// Ways to pay with their weights below 35 and from 35 on.
    pub payments: &'static [(&'static str, f64, f64)],
    /// Shop channels with their weights below 35 and from 35 on.
    pub channels: &'static [(&'static str, f64, f64)],
    /// Fewest and most days to delivery when all goes well.
    pub delivery: (i64, i64),
    /// Median yearly income.
    pub income: f64,
    pub names: Names,
    /// 0 Chinese, 1 English: what people write.
    pub language: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Names {
    Chinese,
    English,
    German,
    French,
}

pub const COUNTRIES: [Country; 4] = [
    Country {
        name: "China",
        share: 0.52,
        market: CHINA,
        offset: 8 * 3_600,
        cities: &[
            ("上海", "上海市", 16.0),
            ("北京", "北京市", 14.0),
            ("深圳", "广东省", 11.0),
            ("广州", "广东省", 11.0),
            ("成都", "四川省", 9.0),
            ("杭州", "浙江省", 9.0),
            ("重庆", "重庆市", 7.0),
            ("武汉", "湖北省", 7.0),
            ("南京", "江苏省", 6.0),
            ("苏州", "江苏省", 6.0),
            ("西安", "陕西省", 6.0),
            ("天津", "天津市", 5.0),
            ("长沙", "湖南省", 5.0),
            ("青岛", "山东省", 4.0),
            ("宁波", "浙江省", 4.0),
            ("厦门", "福建省", 3.0),
            ("昆明", "云南省", 3.0),
            ("沈阳", "辽宁省", 3.0),
            ("哈尔滨", "黑龙江省", 2.0),
            ("合肥", "安徽省", 3.0),
        ],
        payments: &[
            ("wechat_pay", 0.55, 0.36),
            ("alipay", 0.38, 0.42),
            ("bank_card", 0.05, 0.14),
            ("cash_on_delivery", 0.02, 0.08),
        ],
        channels: &[
            ("app", 0.40, 0.28),
            ("wechat_mini_program", 0.35, 0.25),
            ("web", 0.12, 0.22),
            ("store", 0.08, 0.20),
            ("livestream", 0.05, 0.05),
        ],
        delivery: (1, 4),
        income: 18_000.0,
        names: Names::Chinese,
        language: 0,
    },
    Country {
        name: "United Kingdom",
        share: 0.22,
        market: EUROPE,
        offset: 0,
        cities: &[
            ("London", "England", 30.0),
            ("Birmingham", "England", 11.0),
            ("Manchester", "England", 11.0),
            ("Leeds", "England", 8.0),
            ("Liverpool", "England", 7.0),
            ("Bristol", "England", 7.0),
            ("Sheffield", "England", 5.0),
            ("Newcastle", "England", 5.0),
            ("Glasgow", "Scotland", 6.0),
            ("Edinburgh", "Scotland", 6.0),
            ("Cardiff", "Wales", 4.0),
            ("Belfast", "Northern Ireland", 3.0),
        ],
        payments: &[
            ("card", 0.42, 0.62),
            ("paypal", 0.24, 0.26),
            ("pay_later", 0.22, 0.06),
            ("apple_pay", 0.12, 0.06),
        ],
        channels: &[("app", 0.42, 0.18), ("web", 0.42, 0.56), ("store", 0.16, 0.26)],
        delivery: (2, 5),
        income: 36_000.0,
        names: Names::English,
        language: 1,
    },
    Country {
        name: "Germany",
        share: 0.19,
        market: EUROPE,
        offset: 3_600,
        cities: &[
            ("Berlin", "Berlin", 20.0),
            ("Hamburg", "Hamburg", 12.0),
            ("München", "Bayern", 13.0),
            ("Köln", "Nordrhein-Westfalen", 9.0),
            ("Frankfurt am Main", "Hessen", 8.0),
            ("Stuttgart", "Baden-Württemberg", 8.0),
            ("Düsseldorf", "Nordrhein-Westfalen", 6.0),
            ("Leipzig", "Sachsen", 6.0),
            ("Dresden", "Sachsen", 5.0),
            ("Hannover", "Niedersachsen", 5.0),
            ("Nürnberg", "Bayern", 4.0),
            ("Bremen", "Bremen", 4.0),
        ],
        payments: &[
            ("paypal", 0.46, 0.30),
            ("invoice", 0.20, 0.42),
            ("card", 0.20, 0.14),
            ("direct_debit", 0.14, 0.14),
        ],
        channels: &[("app", 0.36, 0.14), ("web", 0.52, 0.64), ("store", 0.12, 0.22)],
        delivery: (2, 5),
        income: 39_000.0,
        names: Names::German,
        language: 1,
    },
    Country {
        name: "France",
        share: 0.07,
        market: EUROPE,
        offset: 3_600,
        cities: &[
            ("Paris", "Île-de-France", 34.0),
            ("Lyon", "Auvergne-Rhône-Alpes", 14.0),
            ("Marseille", "Provence-Alpes-Côte d'Azur", 14.0),
            ("Toulouse", "Occitanie", 10.0),
            ("Lille", "Hauts-de-France", 8.0),
            ("Bordeaux", "Nouvelle-Aquitaine", 8.0),
            ("Nantes", "Pays de la Loire", 7.0),
            ("Strasbourg", "Grand Est", 5.0),
        ],
        payments: &[("card", 0.66, 0.74), ("paypal", 0.24, 0.18), ("pay_later", 0.10, 0.08)],
        channels: &[("app", 0.36, 0.16), ("web", 0.50, 0.58), ("store", 0.14, 0.26)],
        delivery: (2, 6),
        income: 34_000.0,
        names: Names::French,
        language: 1,
    },
];
