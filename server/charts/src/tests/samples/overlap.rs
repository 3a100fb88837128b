//! Three segments with every part, and five of which not all parts have somebody.

use types::chart::*;

use super::{Language, frame};

pub fn three(l: Language) -> ChartSpec {
    let names = [
        (
            "Champions of the autumn season in every city",
            "秋季各城市的重要价值客户与高频复购客户群",
        ),
        ("Loyal", "忠诚客户"),
        ("Reads mail", "阅读邮件"),
    ];
    let sizes = [12_840, 9_310, 4_022, 1_250, 644, 87, 9];
    overlap(l, &names, &[2, 1, 4, 3, 6, 7, 5], |place| sizes[place])
}

pub fn five(l: Language) -> ChartSpec {
    let names = [
        ("New", "新客户"),
        ("Members", "会员"),
        ("Shops in town", "到店购买"),
        ("Uses coupons", "使用优惠券"),
        ("Writes reviews", "撰写评价"),
    ];
    let masks: Vec<usize> = (1..32).filter(|mask| mask % 7 != 3).collect();
    overlap(l, &names, &masks, |place| 240_000 / (place + 1).pow(2) as u32)
}

/// Parts by the bits of their sets.
fn overlap(l: Language, names: &[(&str, &str)], masks: &[usize], size: impl Fn(usize) -> u32) -> ChartSpec {
    let inside = |mask: usize, set: usize| mask >> set & 1 == 1;
    let label = |mask: usize| {
        let of: Vec<&str> = (0..names.len())
            .filter(|set| inside(mask, *set))
            .map(|set| l.pick(names[set].0, names[set].1))
            .collect();
        of.join(" ∩ ")
    };
    let series = names.iter().enumerate().map(|(set, name)| {
        let points = masks
            .iter()
            .enumerate()
            .map(|(place, mask)| Point::new(inside(*mask, set).then(|| f64::from(size(place)))));
        Series::new(l.pick(name.0, name.1), Tone::Base, points.collect())
    });
    ChartSpec {
        kind: ChartKind::Upset,
        category_label: l.pick("Inside exactly", "恰好属于").to_owned(),
        categories: masks.iter().map(|mask| Category::new(label(*mask))).collect(),
        value: ValueAxis {
            label: l.pick("Customers", "客户").to_owned(),
            format: NumberFormat::whole(),
            ..ValueAxis::default()
        },
        series: series.collect(),
        ..frame(
            l,
            "overlap",
            ("How they overlap", "重叠情况"),
            ("customers in exactly these segments", "恰好属于这些分群的客户"),
        )
    }
}
