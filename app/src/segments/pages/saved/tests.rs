use super::edit::{Shown, view as builder};
use super::form::SegmentForm;
use crate::i18n::Lang;
use crate::islands::rule_builder::BuilderSeed;
use crate::testing::{context, html, manager};
use crate::ui::faults::Faults;
use serde_json::json;
use types::problems::Page as Listed;
use types::rule_answers::{Overlap, OverlapPart, OverlapSegment, Why, WhyReason, WhyValue};
use types::rules::Rule;
use types::segments::{Segment, SegmentName, SegmentSize};

fn segment(id: i64, name: &str) -> Segment {
    let rule = json!({"all": [{"field": "age", "op": "ge", "value": 30}, {"not": {"field": "city", "op": "eq", "value": "Paris"}}]});
    Segment {
        id,
        name: name.into(),
        description: String::new(),
        folder: "Spring".into(),
        colour: "#16876a".into(),
        owner: "Li Mei".into(),
        rule: Some(Rule::of_json(&rule).unwrap()),
        listed: None,
        size: Some(1_234),
        share: Some(0.25),
        problem: None,
        data_version: 7,
        data_as_of: None,
        created_at: "2026-11-22T08:14:00Z".parse().unwrap(),
        updated_at: "2026-11-22T08:14:00Z".parse().unwrap(),
        sizes: Vec::new(),
        used_by: Vec::new(),
        used_by_tags: Vec::new(),
    }
}

#[test]
fn the_list_shows_sizes_and_offers_changes_to_those_who_may() {
    let found = || Listed {
        items: vec![segment(3, "Grown <up>")],
        next: Some("3".into()),
    };
    let page = html(super::list::view(&manager(Lang::En), found(), false));
    for part in [
        "1,234",
        "25.0",
        "/segments/3\"",
        "Grown &lt;up&gt;",
        "/segments/new",
        "/segments/saved?before=3",
        "Spring",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let none = Listed {
        items: Vec::new(),
        next: None,
    };
    let empty = html(super::list::view(&context(Lang::ZhCn), none, false));
    assert!(empty.contains("还没有已保存的分群") && empty.contains("/segments/lists/new"));
}

#[test]
fn a_segment_says_its_rule_in_both_languages_and_who_uses_it() {
    let mut of = segment(3, "Grown up");
    of.used_by = vec![SegmentName {
        id: 9,
        name: "Mailing".into(),
    }];
    of.used_by_tags = vec![SegmentName {
        id: 5,
        name: "Loyalty".into(),
    }];
    of.sizes = [(5, 1_000), (7, 1_234)]
        .map(|(data_version, size)| SegmentSize {
            data_version,
            size,
            customers: 4_936,
        })
        .to_vec();
    let why = Why {
        segment: 3,
        customer: "c7".into(),
        belongs: false,
        reasons: vec![
            WhyReason {
                path: String::new(),
                passes: false,
                value: None,
            },
            WhyReason {
                path: "/all/0".into(),
                passes: false,
                value: Some(WhyValue::Number(29.0)),
            },
        ],
        as_of: "2026-11-22".parse().unwrap(),
        data_version: 7,
        data_as_of: None,
    };
    let page = html(super::one::view(
        &context(Lang::En),
        of,
        Some(Ok(why)),
        Default::default(),
    ));
    for part in [
        "is at least 30",
        "不满足",
        "Mailing",
        "href=\"/tags/5\"",
        "Loyalty",
        "/segments/3/members.csv",
        "/portraits?segment=3&amp;baseline=all",
        "c7 does not belong",
        "29",
        "Size over time",
        "select count(*)",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    // Members leave only with the right to export.
    let page = html(super::one::view(
        &manager(Lang::En),
        segment(3, "Grown up"),
        None,
        Default::default(),
    ));
    assert!(!page.contains("members.csv"));
}

#[test]
fn a_segment_in_use_is_not_offered_for_deletion() {
    let free = html(super::delete::view(&context(Lang::En), segment(3, "Grown up")));
    assert!(free.contains("action=\"/segments/3/delete\""), "{free}");
    let mut of = segment(3, "Grown up");
    of.used_by = vec![SegmentName {
        id: 9,
        name: "Mailing".into(),
    }];
    let used = html(super::delete::view(&context(Lang::En), of));
    assert!(
        used.contains("Mailing") && !used.contains("action=\"/segments/3/delete\""),
        "{used}"
    );
    // A tag guards it as a segment does.
    let mut of = segment(3, "Grown up");
    of.used_by_tags = vec![SegmentName {
        id: 5,
        name: "Loyalty".into(),
    }];
    let used = html(super::delete::view(&context(Lang::En), of));
    assert!(
        used.contains("href=\"/tags/5\"") && !used.contains("action=\"/segments/3/delete\""),
        "{used}"
    );
}

#[test]
fn the_builder_has_a_form_that_works_without_a_script() {
    let form = SegmentForm {
        name: "Grown up".into(),
        rule: "{\"all\": []}".into(),
        ..SegmentForm::default()
    };
    let shown = Shown {
        id: Some(3),
        form,
        seed: BuilderSeed::default(),
        faults: Faults::one("rule", "is wrong".into()),
        checked: None,
    };
    let page = html(builder(&context(Lang::En), shown));
    for part in [
        "action=\"/segments/3/edit\"",
        "name=\"rule\"",
        "value=\"check\"",
        "value=\"save\"",
        "<noscript>",
        "is wrong",
        "{&quot;all&quot;: []}",
    ] {
        assert!(
            page.contains(part) || page.contains(&part.replace("&quot;", "\"")),
            "{part} in {page}"
        );
    }
}

#[test]
fn parts_of_an_overlap_become_segments() {
    let found = Overlap {
        segments: [(3, "Grown up", 10), (4, "Loyal", 8)]
            .map(|(id, name, size)| OverlapSegment {
                id,
                name: name.into(),
                size,
            })
            .to_vec(),
        parts: vec![
            OverlapPart {
                inside: vec![3],
                size: 6,
            },
            OverlapPart {
                inside: vec![3, 4],
                size: 4,
            },
        ],
        any: 14,
        all: 4,
        customers: 100,
        data_version: 7,
        data_as_of: None,
    };
    let segments = || vec![segment(3, "Grown up"), segment(4, "Loyal")];
    let page = html(super::overlap::view(
        &context(Lang::En),
        segments(),
        vec![3, 4],
        Some(Ok(found)),
    ));
    for part in [
        "only Grown up",
        "Grown up ∩ Loyal",
        "/segments/new?rule=%7B%22all%22:",
        "Any of them",
        "checked",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
}
