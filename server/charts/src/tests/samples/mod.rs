//! Charts as the product shows them, in English and in Chinese. The numbers are invented.

mod overlap;

use types::chart::*;

pub fn samples() -> Vec<(String, ChartSpec)> {
    let mut all = Vec::new();
    for language in [Language::English, Language::Chinese] {
        let code = language.pick("en", "zh");
        for (name, spec) in [
            ("campaigns", campaigns(language)),
            ("arms", arms(language)),
            ("ages", ages(language)),
            ("revenue", revenue(language)),
            ("demand", demand(language)),
            ("segments", segments(language)),
            ("orders", orders(language)),
            ("hours", hours(language)),
            ("cohorts", cohorts(language)),
            ("routes", routes(language)),
            ("moves", moves(language)),
            ("overlap", overlap::three(language)),
            ("overlap-many", overlap::five(language)),
            ("channels", channels(language)),
            ("returns", returns(language)),
            ("traits", traits(language)),
            ("empty", empty(language)),
        ] {
            all.push((format!("{name}-{code}"), spec));
        }
    }
    let narrow = ChartSpec {
        width: Width::Narrow,
        ..campaigns(Language::Chinese)
    };
    all.push(("campaigns-narrow-zh".to_owned(), narrow));
    all.push((
        "revenue-narrow-en".to_owned(),
        ChartSpec {
            width: Width::Narrow,
            ..revenue(Language::English)
        },
    ));
    all.push((
        "overlap-narrow-zh".to_owned(),
        ChartSpec {
            width: Width::Narrow,
            ..overlap::three(Language::Chinese)
        },
    ));
    all
}

#[derive(Clone, Copy)]
pub enum Language {
    English,
    Chinese,
}

impl Language {
    pub fn pick<'a>(self, english: &'a str, chinese: &'a str) -> &'a str {
        match self {
            Self::English => english,
            Self::Chinese => chinese,
        }
    }
}

fn frame(language: Language, id: &str, title: (&str, &str), subtitle: (&str, &str)) -> ChartSpec {
    ChartSpec {
        id: id.to_owned(),
        title: language.pick(title.0, title.1).to_owned(),
        subtitle: language.pick(subtitle.0, subtitle.1).to_owned(),
        words: Words {
            empty: language.pick("No orders in this period", "这段时间没有订单").to_owned(),
            low: language.pick("low", "下限").to_owned(),
            high: language.pick("high", "上限").to_owned(),
        },
        ..ChartSpec::default()
    }
}

pub fn campaigns(l: Language) -> ChartSpec {
    let rows = [
        (
            "Golden Week, mail",
            "国庆黄金周会员回馈，邮件与公众号双渠道",
            3.4,
            2.1,
            4.7,
        ),
        (
            "Autumn wardrobe for families with small children, social",
            "秋季衣橱焕新，社交媒体",
            1.9,
            0.9,
            2.9,
        ),
        ("Win back, SMS", "沉睡客户唤醒，短信", 1.3, 0.2, 2.4),
        ("New arrivals, mail", "新品上架，邮件", 0.6, -0.3, 1.5),
        ("Search brand terms", "品牌词搜索", 0.2, -0.4, 0.7),
        ("Display retargeting", "展示广告再营销", -0.35, -0.8, 0.1),
    ];
    let points = rows.iter().map(|(_, _, value, low, high)| {
        let point = Point::new(*value).between(*low, *high);
        if *low > 0.0 { point } else { point.tone(Tone::Base) }
    });
    ChartSpec {
        kind: ChartKind::Bar(Direction::Across),
        width: Width::Half,
        category_label: l.pick("Campaign", "活动").to_owned(),
        categories: rows.iter().map(|row| Category::new(l.pick(row.0, row.1))).collect(),
        value: ValueAxis { label: "ROI".to_owned(), format: NumberFormat::decimals(2), ..ValueAxis::default() },
        series: vec![Series::new("", Tone::First, points.collect())],
        notes: vec![
            l.pick(
                "Bar: revenue that would not have come otherwise, divided by cost, minus 1. Line: 95 % interval. Grey: not proven.",
                "柱：活动带来的增量收入除以成本再减一。线：百分之九十五区间。灰色：未被证实。",
            )
            .to_owned(),
        ],
        ..frame(
            l,
            "campaigns",
            ("What campaigns returned", "各活动的回报"),
            ("incremental, per euro of cost", "增量，每元成本"),
        )
    }
}

pub fn arms(l: Language) -> ChartSpec {
    let people = |n: &str| format!("{n} {}", l.pick("people", "人"));
    ChartSpec {
        kind: ChartKind::Bar(Direction::Across),
        width: Width::Half,
        category_label: l.pick("Arm", "组别").to_owned(),
        categories: vec![
            Category::new(l.pick("Treated", "触达组")).detail(people("58,940")),
            Category::new(l.pick("Held out", "对照组")).detail(people("14,730")),
        ],
        value: ValueAxis {
            label: l.pick("Order rate", "下单率").to_owned(),
            format: NumberFormat::percent(2),
            ..ValueAxis::default()
        },
        series: vec![Series::new(
            "",
            Tone::First,
            vec![
                Point::new(0.0986).between(0.0962, 0.1010),
                Point::new(0.0712).between(0.0671, 0.0754).tone(Tone::Base),
            ],
        )],
        ..frame(
            l,
            "arms",
            ("Did it work?", "是否有效？"),
            ("orders within 30 days", "30 天内下单"),
        )
    }
}

pub fn ages(l: Language) -> ChartSpec {
    let rows = [
        ("Under 18", "18 岁以下", 0.004, 0.011),
        ("18 to 24", "18 至 24 岁", 0.072, 0.156),
        ("25 to 34", "25 至 34 岁", 0.279, 0.313),
        ("35 to 44", "35 至 44 岁", 0.410, 0.230),
        ("45 to 54", "45 至 54 岁", 0.168, 0.175),
        ("55 and over", "55 岁及以上", 0.071, 0.115),
    ];
    ChartSpec {
        kind: ChartKind::Bar(Direction::Across),
        width: Width::Half,
        category_label: l.pick("Age", "年龄").to_owned(),
        categories: rows.iter().map(|row| Category::new(l.pick(row.0, row.1))).collect(),
        value: ValueAxis {
            format: NumberFormat::percent(1),
            ..ValueAxis::default()
        },
        series: vec![
            Series::new(
                l.pick("Champions", "冠军客户"),
                Tone::First,
                rows.iter().map(|r| Point::new(r.2)).collect(),
            ),
            Series::new(
                l.pick("All customers", "全部客户"),
                Tone::Base,
                rows.iter().map(|r| Point::new(r.3)).collect(),
            ),
        ],
        ..frame(l, "ages", ("Age", "年龄"), ("known for 91 %", "91 % 已知"))
    }
}

fn days(l: Language, n: usize) -> Vec<Category> {
    let months = [("Aug", 8, 31), ("Sep", 9, 30), ("Oct", 10, 31), ("Nov", 11, 30)];
    let mut days = Vec::new();
    for (name, number, length) in months {
        for day in 1..=length {
            let short = match l {
                Language::English => format!("{day} {name}"),
                Language::Chinese => format!("{number}月{day}日"),
            };
            let full = match l {
                Language::English => format!("{day} {name} 2026"),
                Language::Chinese => format!("2026年{number}月{day}日"),
            };
            days.push(Category::new(full).tick(short));
        }
    }
    days.into_iter().skip(24).take(n).collect()
}

fn wave(day: usize, level: f64, swing: f64) -> f64 {
    let x = day as f64;
    level * (1.0 + 0.002 * x) + swing * ((x * 0.9).sin() + 0.5 * (x * 0.37 + 1.0).sin())
}

pub fn revenue(l: Language) -> ChartSpec {
    let now: Vec<Point> = (0..90)
        .map(|d| {
            let peak = 60_000.0 * (-((d as f64 - 52.0) / 4.0).powi(2)).exp();
            // The shop was closed for three days: a gap, not zero.
            Point::new((!(20..23).contains(&d)).then(|| wave(d, 128_000.0, 12_000.0) + peak))
        })
        .collect();
    let before = (0..90).map(|d| Point::new(wave(d, 112_000.0, 9_000.0))).collect();
    ChartSpec {
        kind: ChartKind::Line,
        width: Width::Wide,
        category_label: l.pick("Day", "日期").to_owned(),
        categories: days(l, 90),
        value: ValueAxis {
            format: short_money(l),
            ..ValueAxis::default()
        },
        series: vec![
            Series::new(l.pick("this period", "本期"), Tone::First, now).line(LineStyle::Area),
            Series::new(l.pick("before", "上期"), Tone::Base, before).line(LineStyle::Quiet),
        ],
        remarks: vec![Remark {
            at: Place::Category(50),
            text: l.pick("Golden Week campaign", "国庆黄金周活动").to_owned(),
        }],
        ..frame(
            l,
            "revenue",
            ("Revenue per day", "每日收入"),
            (
                "net of refunds, last 90 days against the 90 days before",
                "扣除退款，最近 90 天与之前 90 天相比",
            ),
        )
    }
}

fn short_money(l: Language) -> NumberFormat {
    match l {
        Language::English => NumberFormat::whole().prefix("€ ").short_english(),
        Language::Chinese => NumberFormat::decimals(1).prefix("¥").short_chinese(),
    }
}

pub fn demand(l: Language) -> ChartSpec {
    let history = (0..60)
        .map(|d| Point::new((d < 46).then(|| wave(d, 420.0, 60.0))))
        .collect();
    let forecast = (0..60)
        .map(|d| {
            if d < 45 {
                return Point::default();
            }
            let (value, spread) = (wave(d, 420.0, 60.0), 20.0 + 8.0 * (d as f64 - 45.0));
            Point::new(value).between(value - spread, value + spread)
        })
        .collect();
    ChartSpec {
        kind: ChartKind::Line,
        width: Width::Half,
        category_label: l.pick("Day", "日期").to_owned(),
        categories: days(l, 60),
        value: ValueAxis {
            format: NumberFormat::whole(),
            ..ValueAxis::default()
        },
        series: vec![
            Series::new(l.pick("sold", "已售"), Tone::First, history),
            Series::new(l.pick("expected", "预测"), Tone::First, forecast).line(LineStyle::Expected),
        ],
        remarks: vec![Remark {
            at: Place::Value(600.0),
            text: l.pick("stock in Hangzhou", "杭州库存").to_owned(),
        }],
        ..frame(
            l,
            "demand",
            ("Skin care in Hangzhou", "杭州护肤品需求"),
            ("units per day, 80 % interval", "每日件数，80 % 区间"),
        )
    }
}

fn months(l: Language) -> Vec<Category> {
    (1..=12)
        .map(|m: usize| {
            let english = [
                "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
            ][m - 1];
            match l {
                Language::English => Category::new(format!("{english} 2026")).tick(english),
                Language::Chinese => Category::new(format!("2026年{m}月")).tick(format!("{m}月")),
            }
        })
        .collect()
}

pub fn segments(l: Language) -> ChartSpec {
    let names = [
        ("Champions", "冠军客户", Tone::First),
        ("Loyal", "忠诚客户", Tone::Fifth),
        ("Promising", "潜力客户", Tone::Third),
        ("At risk", "流失风险", Tone::Second),
        ("Cannot lose", "不能流失", Tone::Fourth),
        ("Hibernating", "沉睡客户", Tone::Base),
    ];
    let series = names.iter().enumerate().map(|(i, (en, zh, tone))| {
        let points = (0..12).map(|m| Point::new((wave(m + i * 5, 90_000.0 - 11_000.0 * i as f64, 4_000.0)).round()));
        Series::new(l.pick(en, zh), *tone, points.collect())
    });
    ChartSpec {
        kind: ChartKind::StackedBar(Direction::Up),
        width: Width::Wide,
        category_label: l.pick("Month", "月份").to_owned(),
        categories: months(l),
        value: ValueAxis {
            format: short_count(l),
            ..ValueAxis::default()
        },
        series: series.collect(),
        ..frame(
            l,
            "segments",
            ("Segment sizes", "分群规模"),
            ("customers at the end of the month", "月末客户数"),
        )
    }
}

fn short_count(l: Language) -> NumberFormat {
    match l {
        Language::English => NumberFormat::whole().short_english(),
        Language::Chinese => NumberFormat::whole().short_chinese(),
    }
}

pub fn orders(l: Language) -> ChartSpec {
    let cities = [
        ("Shanghai", "上海市", 18_420.0),
        ("Hangzhou", "杭州市", 12_077.0),
        ("Guangzhou and the Pearl River delta", "广州市与珠三角地区", 9_304.0),
        ("Chengdu", "成都市", 7_811.0),
        ("Xi'an", "西安市", 4_120.0),
        ("elsewhere", "其他", 22_936.0),
    ];
    ChartSpec {
        kind: ChartKind::Bar(Direction::Up),
        width: Width::Half,
        category_label: l.pick("City", "城市").to_owned(),
        categories: cities.iter().map(|c| Category::new(l.pick(c.0, c.1))).collect(),
        value: ValueAxis {
            format: NumberFormat::whole(),
            ..ValueAxis::default()
        },
        series: vec![Series::new(
            "",
            Tone::First,
            cities.iter().map(|c| Point::new(c.2)).collect(),
        )],
        ..frame(
            l,
            "orders",
            ("Orders by city", "各城市订单"),
            ("last 90 days", "最近 90 天"),
        )
    }
}

pub fn hours(l: Language) -> ChartSpec {
    let weekdays = [
        ("Mon", "周一"),
        ("Tue", "周二"),
        ("Wed", "周三"),
        ("Thu", "周四"),
        ("Fri", "周五"),
        ("Sat", "周六"),
        ("Sun", "周日"),
    ];
    let series = weekdays.iter().enumerate().map(|(day, (en, zh))| {
        let points = (0..24u32).map(|hour| {
            let noon = 60.0 * (-((f64::from(hour) - 12.5) / 2.0).powi(2)).exp();
            let evening = (150.0 + 20.0 * day as f64) * (-((f64::from(hour) - 21.0) / 2.2).powi(2)).exp();
            Point::new((day != 2 || hour != 4).then_some((3.0 + noon + evening).round()))
        });
        Series::new(l.pick(en, zh), Tone::First, points.collect())
    });
    ChartSpec {
        kind: ChartKind::HeatMap,
        width: Width::Half,
        category_label: l.pick("Hour", "小时").to_owned(),
        categories: (0..24)
            .map(|hour| Category::new(format!("{hour}:00")).tick(format!("{hour}")))
            .collect(),
        value: ValueAxis {
            format: NumberFormat::whole(),
            ..ValueAxis::default()
        },
        series: series.collect(),
        ..frame(
            l,
            "hours",
            ("When they order", "下单时间"),
            (
                "orders by weekday and hour, Asia/Shanghai",
                "按星期和小时，亚洲/上海时间",
            ),
        )
    }
}

pub fn cohorts(l: Language) -> ChartSpec {
    let series = months(l).into_iter().take(8).enumerate().map(|(start, month)| {
        let points = (0..8).map(|age| {
            Point::new((age + start < 8).then(|| {
                if age == 0 {
                    1.0
                } else {
                    0.46 / (age as f64).sqrt() + 0.01 * start as f64
                }
            }))
        });
        Series::new(month.label, Tone::First, points.collect())
    });
    ChartSpec {
        kind: ChartKind::HeatMap,
        width: Width::Wide,
        category_label: l.pick("Months after the first order", "首单后月数").to_owned(),
        categories: (0..8).map(|age| Category::new(format!("{age}"))).collect(),
        value: ValueAxis {
            format: NumberFormat::percent(0),
            ..ValueAxis::default()
        },
        series: series.collect(),
        ..frame(
            l,
            "cohorts",
            ("Who comes back", "客户留存"),
            (
                "share of the month's new customers with an order",
                "当月新客再次下单的比例",
            ),
        )
    }
}

pub fn moves(l: Language) -> ChartSpec {
    let groups = [
        ("Champions", "冠军客户", Tone::First, [340.0, 60.0, 22.0, 0.0]),
        ("Loyal", "忠诚客户", Tone::Third, [81.0, 410.0, 96.0, 14.0]),
        ("At risk", "流失风险", Tone::Second, [9.0, 40.0, 260.0, 177.0]),
        ("Hibernating", "沉睡客户", Tone::Base, [0.0, 3.0, 18.0, 640.0]),
    ];
    let series = groups.map(|(en, zh, tone, sizes)| {
        let points = sizes.map(|size| Point::new((size > 0.0).then_some(size)));
        Series::new(l.pick(en, zh), tone, points.to_vec())
    });
    ChartSpec {
        kind: ChartKind::Sankey,
        width: Width::Wide,
        category_label: l.pick("Became", "变为").to_owned(),
        categories: groups.map(|(en, zh, ..)| Category::new(l.pick(en, zh))).to_vec(),
        value: ValueAxis {
            format: NumberFormat::whole(),
            ..ValueAxis::default()
        },
        series: series.to_vec(),
        ..frame(
            l,
            "moves",
            ("Where they went", "客户流向"),
            ("customers, run 7 to run 9", "客户数，第 7 次运行到第 9 次运行"),
        )
    }
}

pub fn routes(l: Language) -> ChartSpec {
    let models = [
        ("First touch", "首次触点"),
        ("Last touch", "末次触点"),
        ("Markov chain", "马尔可夫链"),
    ];
    let channels = [
        ("Mail", "邮件", Tone::First, [0.22, 0.41, 0.30]),
        ("Social", "社交媒体", Tone::Second, [0.38, 0.17, 0.27]),
        ("Search", "搜索", Tone::Third, [0.25, 0.30, 0.28]),
        ("Unattributed", "未归因", Tone::Base, [0.15, 0.12, 0.15]),
    ];
    ChartSpec {
        kind: ChartKind::StackedBar(Direction::Across),
        width: Width::Half,
        category_label: l.pick("Model", "模型").to_owned(),
        categories: models.iter().map(|m| Category::new(l.pick(m.0, m.1))).collect(),
        value: ValueAxis {
            format: NumberFormat::percent(0),
            ..ValueAxis::default()
        },
        series: channels
            .iter()
            .map(|(en, zh, tone, shares)| {
                Series::new(l.pick(en, zh), *tone, shares.iter().map(|s| Point::new(*s)).collect())
            })
            .collect(),
        ..frame(
            l,
            "routes",
            ("Who gets the credit", "功劳归谁"),
            ("share of revenue", "收入占比"),
        )
    }
}

pub fn channels(l: Language) -> ChartSpec {
    let names = [
        ("Mail", "邮件", Tone::First, 52.0),
        ("Social", "社交媒体", Tone::Second, 50.0),
        ("Search", "搜索", Tone::Third, 48.0),
        ("SMS", "短信", Tone::Fourth, 20.0),
        ("App push", "应用推送", Tone::Fifth, 18.5),
    ];
    let series = names.iter().enumerate().map(|(i, (en, zh, tone, level))| {
        let points = (0..12).map(|m| Point::new(wave(m + 3 * i, *level, 2.0)));
        Series::new(l.pick(en, zh), *tone, points.collect())
    });
    ChartSpec {
        kind: ChartKind::Line,
        width: Width::Half,
        category_label: l.pick("Month", "月份").to_owned(),
        categories: months(l),
        value: ValueAxis {
            format: NumberFormat::decimals(1),
            ..ValueAxis::default()
        },
        series: series.collect(),
        ..frame(
            l,
            "channels",
            ("Answers by channel", "各渠道响应"),
            ("per 1,000 people reached", "每触达千人"),
        )
    }
}

/// A scale of money across, with what was spent and what would be best.
pub fn returns(l: Language) -> ChartSpec {
    let points = (0..=24).map(|i| {
        let spent = f64::from(i) * 2_500.0;
        let value = 140_000.0 * spent / (spent + 18_000.0);
        Point::new(value).between(value * 0.88, value * 1.12)
    });
    let format = short_money(l);
    let categories = (0..=24).map(|i| {
        let spent = f64::from(i) * 2_500.0;
        Category {
            position: Some(spent),
            ..Category::new(format.write(spent))
        }
    });
    ChartSpec {
        kind: ChartKind::Line,
        width: Width::Half,
        category_label: l.pick("spent per month", "每月花费").to_owned(),
        categories: categories.collect(),
        value: ValueAxis {
            format: short_money(l),
            ..ValueAxis::default()
        },
        series: vec![Series::new("", Tone::First, points.collect())],
        remarks: vec![
            Remark {
                at: Place::Category(8),
                text: l.pick("today", "当前").to_owned(),
            },
            Remark {
                at: Place::Category(10),
                text: l.pick("best for the budget", "预算内最优").to_owned(),
            },
        ],
        ..frame(
            l,
            "returns",
            ("What the next euro brings", "再投入一元的回报"),
            ("expected revenue per month, 90 % interval", "预计每月收入，90 % 区间"),
        )
    }
}

/// Indexes stand to both sides of 100.
pub fn traits(l: Language) -> ChartSpec {
    let rows = [
        ("Premium brands", "高端品牌", 242.0, 238.0, 246.0),
        ("35 to 44 years", "35 至 44 岁", 178.0, 176.0, 180.0),
        ("Outdoor", "户外", 102.0, 97.0, 107.0),
        ("Discount codes", "优惠码", 57.0, 56.0, 58.0),
    ];
    let points = rows.iter().map(|(_, _, value, low, high)| {
        let point = Point::new(*value).between(*low, *high);
        if *low > 100.0 {
            point
        } else if *high < 100.0 {
            point.tone(Tone::Second)
        } else {
            point.tone(Tone::Base)
        }
    });
    ChartSpec {
        kind: ChartKind::Bar(Direction::Across),
        width: Width::Half,
        category_label: l.pick("Trait", "特征").to_owned(),
        categories: rows.iter().map(|row| Category::new(l.pick(row.0, row.1))).collect(),
        value: ValueAxis {
            format: NumberFormat::whole(),
            origin: Some(100.0),
            ..ValueAxis::default()
        },
        series: vec![Series::new("", Tone::First, points.collect())],
        ..frame(
            l,
            "traits",
            ("What stands out", "显著特征"),
            ("TGI, all customers = 100", "TGI，全部客户 = 100"),
        )
    }
}

pub fn empty(l: Language) -> ChartSpec {
    ChartSpec {
        categories: days(l, 30),
        series: vec![Series::default()],
        ..revenue(l)
    }
}
