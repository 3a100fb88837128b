use super::{Loaded, view};
use crate::i18n::Lang;
use crate::testing::{context, html, manager};
use types::portraits::{Dimension, DimensionValue, Finding, Measure, Portrait};
use types::query::GroupRef;
use types::tags::{BestOf, Tag, TagKind, TagValue};

fn value(name: &str, share: f64, baseline: f64, interval: (f64, f64)) -> DimensionValue {
    DimensionValue {
        value: name.into(),
        count: (share * 1_000.0) as i64,
        baseline_count: (baseline * 10_000.0) as i64,
        share,
        baseline_share: baseline,
        tgi: Some(100.0 * share / baseline),
        tgi_low: Some(interval.0),
        tgi_high: Some(interval.1),
    }
}

fn dimension(name: &str, values: Vec<DimensionValue>) -> Dimension {
    Dimension {
        name: name.into(),
        coverage: 0.91,
        baseline_coverage: 0.88,
        values,
    }
}

fn loaded(findings: Vec<Finding>) -> Loaded {
    let months = (0..20).map(|at| {
        value(
            &format!("{}-{:02}", 2024 + at / 12, 1 + at % 12),
            0.05,
            0.05,
            (90.0, 110.0),
        )
    });
    let portrait = Portrait {
        segment: "run:7:champions".into(),
        baseline: "all".into(),
        size: 1_000,
        baseline_size: 10_000,
        level: 0.95,
        currency: "EUR".into(),
        data_version: 318,
        data_as_of: None,
        dimensions: vec![
            dimension(
                "gender",
                vec![
                    value("female", 0.61, 0.52, (112.0, 123.0)),
                    value("male", 0.39, 0.48, (78.0, 85.0)),
                ],
            ),
            dimension("cohort", months.collect()),
        ],
        measures: vec![Measure {
            name: "spend".into(),
            count: 990,
            mean: Some(231.5),
            median: Some(180.0),
            baseline_mean: Some(120.0),
            baseline_median: None,
            low: Some(226.9),
            high: Some(236.1),
        }],
        findings,
        comparisons: 148,
    };
    let segment = GroupRef::Run {
        run: 7,
        key: "champions".into(),
    };
    Loaded {
        portrait,
        segment,
        baseline: GroupRef::All,
        runs: Vec::new(),
        saved: Vec::new(),
        tags: Vec::new(),
    }
}

fn finding(value: &str) -> Finding {
    Finding {
        dimension: "gender".into(),
        value: value.into(),
        sentence: String::new(),
        count: 410,
        share: 0.41,
        baseline_share: 0.23,
        tgi: 178.26,
        tgi_low: Some(166.3),
        tgi_high: Some(191.1),
    }
}

#[test]
fn a_finding_is_said_with_its_base_and_interval() {
    let html = html(view(&context(Lang::En), loaded(vec![finding("female")])));
    for part in [
        "1,000 customers, 10.0\u{202f}% of the baseline. Compared with: All customers.",
        "▲ 178",
        "41.0\u{202f}% here, 23.0\u{202f}% in the baseline",
        "index between 166 and 191 · 410 people",
        "corrected for 148 comparisons",
        "/reports/portrait.xlsx?segment=run:7:champions&amp;baseline=all",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert!(!html.contains("style="), "{html}");
}

#[test]
fn chinese_readers_get_chinese_words_for_known_values() {
    let html = html(view(&context(Lang::ZhCn), loaded(vec![finding("female")])));
    assert!(
        html.contains("性别：") && html.contains("女") && html.contains("冠军客户") && html.contains("消费额"),
        "{html}"
    );
}

#[test]
fn months_show_the_last_ones_and_say_what_is_left_out() {
    let html = html(view(&context(Lang::En), loaded(Vec::new())));
    assert!(html.contains("August 2025") && !html.contains("January 2024"), "{html}");
    assert!(html.contains("8 more values are in the export."), "{html}");
    assert!(html.contains("Nothing differs enough"), "{html}");
}

#[test]
fn the_export_is_for_those_who_may() {
    let html = html(view(&manager(Lang::En), loaded(vec![finding("male")])));
    assert!(!html.contains("/reports/portrait"), "{html}");
}

#[test]
fn tags_and_their_values_can_be_chosen_and_are_called_by_their_names() {
    let tag = Tag {
        id: 4,
        name: "When".into(),
        description: String::new(),
        folder: String::new(),
        owner: String::new(),
        kind: TagKind::Best,
        tiers: Vec::new(),
        of: Some(BestOf::OrderHour),
        by: None,
        within_days: None,
        from: None,
        to: None,
        method: None,
        run: None,
        listed: None,
        expires_on: None,
        expired: false,
        values: Some(vec![
            TagValue {
                value: "18-23".into(),
                size: 1_234,
            },
            TagValue {
                value: "0-5".into(),
                size: 0,
            },
        ]),
        covered: Some(1_234),
        coverage: Some(0.1),
        problem: None,
        data_version: 7,
        data_as_of: None,
        created_at: "2026-01-05T08:00:00Z".parse().unwrap(),
        updated_at: "2026-01-05T08:00:00Z".parse().unwrap(),
        last_used_at: None,
        sizes: Vec::new(),
        used_by: Vec::new(),
    };
    let shown = Loaded {
        segment: GroupRef::Tag {
            name: "When".into(),
            value: Some("18-23".into()),
        },
        tags: vec![tag],
        ..loaded(vec![finding("female")])
    };
    let html = html(view(&context(Lang::En), shown));
    for part in [
        r#"<option value="tag:When">Tag When · 1,234</option>"#,
        r#"<option value="tag:When:18-23" selected>Tag When: 18 to 24 h · 1,234</option>"#,
        "<h1>When: 18 to 24 h</h1>",
        // What stands out is a condition beside the tag.
        "/segments/new?rule=%7B%22all%22:%5B%7B%22tag%22:%22When%22%2C%22value%22:%2218-23%22%7D%2C%7B%22field%22:%22gender%22",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert!(!html.contains("tag:When:0-5"), "nobody has it: {html}");
}
