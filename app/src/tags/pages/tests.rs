//! Pages of tags in both languages, from hand-made data.

use super::fields::Choices;
use super::form::TagForm;
use super::{edit, list, one};
use crate::i18n::Lang;
use crate::testing::{context, html, manager};
use crate::ui::faults::Faults;
use serde_json::json;
use types::problems::Page as Slice;
use types::rules::Rule;
use types::tags::{BestBy, BestOf, Tag, TagKind, TagSizes, TagUser, TagValue, Tier};

fn tag() -> Tag {
    let value = |value: &str, size: i64| TagValue {
        value: value.into(),
        size,
    };
    let sizes = |version: i64, gold: i64| TagSizes {
        data_version: version,
        data_as_of: "2026-11-20T08:14:00Z".parse().ok(),
        covered: gold + 200,
        customers: 1_000,
        values: vec![value("gold", gold), value("silver", 200)],
    };
    let rule = |rule: serde_json::Value| Rule::of_json(&rule).unwrap();
    Tag {
        id: 4,
        name: "Loyalty".into(),
        description: "Who comes back".into(),
        folder: "Care".into(),
        owner: "Li Mei".into(),
        kind: TagKind::Rule,
        tiers: vec![
            Tier {
                value: "gold".into(),
                rule: rule(json!({"all": [{"segment": 3}, {"tag": "Club", "value": "yes"}]})),
            },
            Tier {
                value: "silver".into(),
                rule: rule(json!({"segment": 5})),
            },
        ],
        of: None,
        by: None,
        within_days: None,
        from: None,
        to: None,
        method: None,
        run: None,
        listed: None,
        expires_on: None,
        expired: false,
        values: Some(sizes(318, 50).values),
        covered: Some(250),
        coverage: Some(0.25),
        problem: None,
        data_version: 318,
        data_as_of: None,
        created_at: "2026-01-05T08:00:00Z".parse().unwrap(),
        updated_at: "2026-01-05T08:00:00Z".parse().unwrap(),
        last_used_at: None,
        sizes: vec![sizes(317, 40), sizes(318, 50)],
        used_by: Vec::new(),
    }
}

fn catalogue(lang: Lang, items: Vec<Tag>) -> String {
    html(list::view(&context(lang), Slice { items, next: None }))
}

#[test]
fn the_catalogue_says_what_each_tag_is_and_how_much_it_covers() {
    let best = Tag {
        id: 5,
        name: "When".into(),
        kind: TagKind::Best,
        of: Some(BestOf::OrderHour),
        tiers: Vec::new(),
        values: Some(vec![TagValue {
            value: "18-23".into(),
            size: 7,
        }]),
        expires_on: "2026-10-01".parse().ok(),
        expired: true,
        ..tag()
    };
    let page = catalogue(Lang::En, vec![tag(), best.clone()]);
    for part in [
        r#"href="/tags/4""#,
        "gold 50 · silver 200",
        "25.0",
        "18 to 24 h 7",
        "expired",
        r#"href="/tags/new""#,
        r#"href="/tags?folder=Care""#,
    ] {
        assert!(page.contains(part), "{part} is missing: {page}");
    }
    let page = catalogue(Lang::ZhCn, vec![tag(), best]);
    assert!(page.contains("已过期") && page.contains("覆盖率"), "{page}");
    assert!(catalogue(Lang::En, Vec::new()).contains("No tags yet"));
}

#[test]
fn a_measure_and_a_window_are_said_in_both_languages() {
    let most = Tag {
        kind: TagKind::Best,
        of: Some(BestOf::OrderChannel),
        by: Some(BestBy::Quantity),
        within_days: Some(90),
        tiers: Vec::new(),
        ..tag()
    };
    let shown = |lang: Lang, tag: Tag| html(one::view(&context(lang), tag, Faults::default(), String::new()));
    let page = shown(Lang::En, most.clone());
    assert!(page.contains("by pieces, in the last 90 days"), "{page}");
    assert!(shown(Lang::ZhCn, most.clone()).contains("最近 90 天"));
    let dated = Tag {
        within_days: None,
        from: "2026-01-01".parse().ok(),
        ..most
    };
    assert!(shown(Lang::En, dated).contains("since 1 Jan 2026"));
    let form = TagForm {
        kind: TagKind::Best,
        of: "order_channel".into(),
        by: "spend".into(),
        within_days: "30".into(),
        ..TagForm::default()
    };
    let faults = Faults::one("within_days", "must be smaller".into());
    let page = html(edit::view(&context(Lang::En), None, form, Choices::default(), faults));
    for part in [
        r#"<option value="spend" selected"#,
        r#"name="within_days""#,
        r#"value="30""#,
        "must be smaller",
        r#"type="date" id="from-day""#,
    ] {
        assert!(page.contains(part), "{part} is missing: {page}");
    }
}

#[test]
fn a_tag_shows_values_meaning_history_and_who_may_do_what() {
    let shown = |context: &crate::context::PageContext, tag: Tag| {
        html(one::view(context, tag, Faults::default(), String::new()))
    };
    let page = shown(&context(Lang::En), tag());
    for part in [
        "segment=tag:Loyalty:gold",
        "/tags/4/members.csv?value=silver",
        "is in segment 3",
        "has the tag “Club” with the value “yes”",
        "How it moved",
        "<table",
        r#"action="/tags/4/delete""#,
    ] {
        assert!(page.contains(part), "{part} is missing: {page}");
    }
    let page = shown(&manager(Lang::En), tag());
    assert!(!page.contains("members.csv"), "no export without the right");
    let used = Tag {
        used_by: vec![TagUser {
            kind: "tag".into(),
            id: 9,
            name: "Outer".into(),
        }],
        ..tag()
    };
    let page = shown(&context(Lang::ZhCn), used);
    assert!(
        page.contains(r#"href="/tags/9""#) && !page.contains("/delete"),
        "{page}"
    );
    let broken = Tag {
        values: None,
        covered: None,
        coverage: None,
        problem: Some("tag: the tag \u{201c}RFM\u{201d} has no values: no run of rfm has a result yet".into()),
        ..tag()
    };
    let page = shown(&context(Lang::ZhCn), broken);
    assert!(page.contains("还没有有结果的运行"), "{page}");
}

#[test]
fn the_form_keeps_what_was_typed_and_says_what_is_wrong_where() {
    let choices = Choices {
        segments: vec![(5, "Often".into())],
        runs: Vec::new(),
    };
    let faults = Faults::with([("tiers/0/rule/all/0/op".to_owned(), "is not known".to_owned())]);
    let page = html(edit::view(
        &context(Lang::En),
        Some(tag()),
        TagForm::of_tag(&tag()),
        choices.clone(),
        faults,
    ));
    for part in [
        "is not known",
        r#"value="gold""#,
        "Often (5)",
        r#"action="/tags/4""#,
        r#"id="tier-4-value""#,
    ] {
        assert!(page.contains(part), "{part} is missing: {page}");
    }
    for kind in TagKind::ALL {
        let form = TagForm {
            kind,
            ..TagForm::default()
        };
        for lang in Lang::ALL {
            let page = html(edit::view(
                &context(lang),
                None,
                form.clone(),
                choices.clone(),
                Faults::default(),
            ));
            assert!(
                page.contains(r#"action="/tags""#) && !page.contains("tag-kind-"),
                "{page}"
            );
        }
    }
}
