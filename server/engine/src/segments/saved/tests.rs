//! Saved segments over a real database and sealed files: counting, changing, circles, lists, files, portraits.

use super::*;
use crate::segments::{MembersFile, preview, segment_csv};
use crate::testing::{self, TestEngine};
use futures::TryStreamExt;
use serde_json::{Value, json};
use types::auth::{Rights, Role};
use types::segments::PreviewAsked;

/// Ten customers; customer n ordered n times; the even ones live in Paris.
const DATA: [&str; 4] = [
    "insert into customer_ids (external_id, customer_no) select 'c' || n, n from generate_series(1, 10) n",
    "insert into customer_ids (source, external_id, customer_no) values ('till', '7', 3)",
    "insert into customers (customer_no, city) select n, case when n % 2 = 0 then 'Paris' end from generate_series(1, 10) n",
    "insert into orders (order_id, customer_no, ordered_at, total) select n || '-' || k, n, timestamptz '2026-03-31 12:00Z' - (n + k - 1) * interval '1 day', n
     from generate_series(1, 10) n, lateral generate_series(1, n) k",
];

fn manager(export: bool) -> Actor {
    Actor {
        rights: Rights {
            role: Role::Manager,
            export,
            personal_data: false,
        },
        ..Actor::command_line()
    }
}

fn rule(name: &str, rule: Value) -> NewSegment {
    NewSegment {
        name: name.to_owned(),
        rule: Some(rule),
        ..NewSegment::default()
    }
}

fn list(name: &str, ids: &[&str]) -> NewSegment {
    NewSegment {
        name: name.to_owned(),
        members: Some(ids.iter().map(|id| (*id).to_owned()).collect()),
        ..NewSegment::default()
    }
}

fn at_least(orders: u32) -> Value {
    json!({ "orders": { "count": { "ge": orders } } })
}

fn in_paris() -> Value {
    json!({ "field": "city", "op": "eq", "value": "Paris" })
}

async fn create(t: &TestEngine, new: NewSegment) -> Segment {
    create_segment(&t.engine, &manager(false), new).await.unwrap()
}

async fn ask(t: &TestEngine, rule: Value) -> Result<types::segments::RulePreview> {
    preview(&t.engine, &manager(false), PreviewAsked { rule, as_of: None }).await
}

fn fields(error: Error) -> Vec<(String, String)> {
    let problem = error.to_problem();
    assert_eq!(problem.status, 422, "{problem:?}");
    problem
        .errors
        .into_iter()
        .map(|field| (field.field, field.reason))
        .collect()
}

#[tokio::test]
async fn a_preview_counts_and_names_what_it_cannot_understand() {
    let t = testing::engine().await;
    assert_eq!(
        ask(&t, json!({"all": []})).await.unwrap_err().status(),
        409,
        "no data yet"
    );
    t.publish(&DATA).await;
    let found = ask(&t, json!({"all": [in_paris(), {"not": at_least(5)}]}))
        .await
        .unwrap();
    assert_eq!((found.count, found.total, found.data_version), (2, 10, 1));
    assert_eq!(found.as_of.to_string(), "2026-03-30", "the day of the latest order");
    let lines: Vec<(&str, i64, i64)> = found
        .conditions
        .iter()
        .map(|condition| (condition.path.as_str(), condition.alone, condition.left))
        .collect();
    assert_eq!(lines, [("/all/0", 5, 5), ("/all/1/not", 6, 2)]);
    for (rule, field) in [
        (
            json!({"all": [in_paris(), {"field": "city", "op": "near", "value": "x"}]}),
            "rule/all/1/op",
        ),
        (json!({"not": {"field": "shoes", "op": "is_set"}}), "rule/not/field"),
        (json!({"any": [{"segment": 99}]}), "rule/any/0/segment"),
        (json!({"tag": "loyal"}), "rule/tag"),
        (json!({"run": {"id": 1, "segment": "champions"}}), "rule/run/id"),
    ] {
        assert_eq!(fields(ask(&t, rule).await.unwrap_err())[0].0, field);
    }
    let late = PreviewAsked {
        rule: json!({"orders": {"within_days": 1}}),
        as_of: Some("2026-03-21".parse().unwrap()),
    };
    let found = preview(&t.engine, &manager(false), late).await.unwrap();
    assert_eq!(found.count, 5, "customers 6 to 10 ordered on that day");
    t.close().await;
}

#[tokio::test]
async fn a_segment_is_kept_changed_and_removed_and_the_log_knows() {
    let t = testing::engine().await;
    t.publish(&DATA).await;
    let new = NewSegment {
        description: "often".into(),
        folder: "loyalty".into(),
        colour: "#AABBCC".into(),
        ..rule(" Loyal ", at_least(8))
    };
    let loyal = create(&t, new).await;
    assert_eq!((loyal.name.as_str(), loyal.colour.as_str()), ("Loyal", "#aabbcc"));
    assert_eq!((loyal.size, loyal.share, loyal.data_version), (Some(3), Some(0.3), 1));
    assert_eq!(loyal.owner, "command line");
    t.publish(&["delete from orders where customer_no = 10"]).await;
    let later = get_segment(&t.engine, &manager(false), loyal.id).await.unwrap();
    let sizes: Vec<(i64, i64)> = later.sizes.iter().map(|size| (size.data_version, size.size)).collect();
    assert_eq!(sizes, [(1, 3), (2, 2)], "each version has its size");
    let renamed = NewSegment {
        name: "Regulars".into(),
        ..rule("", at_least(8))
    };
    let renamed = update_segment(&t.engine, &manager(false), loyal.id, renamed)
        .await
        .unwrap();
    assert_eq!(
        (renamed.sizes.len(), renamed.description.as_str()),
        (2, ""),
        "the same rule has the same sizes"
    );
    let changed = update_segment(&t.engine, &manager(false), loyal.id, rule("Regulars", at_least(2)))
        .await
        .unwrap();
    assert_eq!(
        (changed.size, changed.sizes.len()),
        (Some(8), 1),
        "those of another rule are forgotten"
    );
    let listed = list_segments(&t.engine, &manager(false), None, 10).await.unwrap();
    assert_eq!((listed.items.len(), listed.items[0].size), (1, Some(8)));
    delete_segment(&t.engine, &manager(false), loyal.id).await.unwrap();
    assert_eq!(
        get_segment(&t.engine, &manager(false), loyal.id)
            .await
            .unwrap_err()
            .status(),
        404
    );
    assert_eq!(
        delete_segment(&t.engine, &manager(false), loyal.id)
            .await
            .unwrap_err()
            .status(),
        404
    );
    let log = audit::list(&t.engine, &Actor::command_line(), None, 10)
        .await
        .unwrap()
        .items;
    let actions: Vec<&str> = log
        .iter()
        .map(|entry| entry.action.as_str())
        .filter(|action| action.starts_with("segment."))
        .collect();
    assert_eq!(
        actions,
        ["segment.delete", "segment.update", "segment.update", "segment.create"]
    );
    t.close().await;
}

#[tokio::test]
async fn what_is_used_stays_and_circles_are_refused_with_the_way() {
    let t = testing::engine().await;
    t.publish(&DATA).await;
    let often = create(&t, rule("Often", at_least(6))).await;
    let paris = create(&t, rule("Paris", json!({"all": [in_paris(), {"segment": often.id}]}))).await;
    let outer = create(&t, rule("Rest", json!({"not": {"segment": paris.id}}))).await;
    assert_eq!((often.size, paris.size, outer.size), (Some(5), Some(3), Some(7)));
    let refused = delete_segment(&t.engine, &manager(false), often.id).await.unwrap_err();
    assert_eq!(refused.status(), 409);
    assert!(refused.to_string().contains("Paris"), "{refused}");
    let used = get_segment(&t.engine, &manager(false), often.id).await.unwrap().used_by;
    assert_eq!(used.iter().map(|user| user.id).collect::<Vec<_>>(), [paris.id]);
    let circle = rule("Often", json!({"any": [at_least(6), {"segment": outer.id}]}));
    let refused = update_segment(&t.engine, &manager(false), often.id, circle)
        .await
        .unwrap_err();
    let fields = fields(refused);
    assert_eq!(fields[0].0, "rule/any/1/segment");
    let (a, b, c) = (often.id, paris.id, outer.id);
    let way = format!("Often ({a}) \u{2192} Rest ({c}) \u{2192} Paris ({b}) \u{2192} Often ({a})");
    assert!(fields[0].1.ends_with(&way), "{}", fields[0].1);
    let own = rule("Often", json!({"segment": often.id}));
    assert_eq!(
        update_segment(&t.engine, &manager(false), often.id, own)
            .await
            .unwrap_err()
            .status(),
        422
    );
    // Whoever uses a changed segment changes with it.
    update_segment(&t.engine, &manager(false), often.id, rule("Often", at_least(9)))
        .await
        .unwrap();
    let outer = get_segment(&t.engine, &manager(false), outer.id).await.unwrap();
    assert_eq!((outer.size, outer.sizes.len()), (Some(9), 1));
    t.close().await;
}

#[tokio::test]
async fn lists_hold_ids_of_any_source_also_those_to_come() {
    let t = testing::engine().await;
    t.publish(&DATA).await;
    let listed = create(&t, list("Guests", &["c1", "c1", "till:7", "c99"])).await;
    assert_eq!((listed.listed, listed.size, listed.rule), (Some(3), Some(2), None));
    let both = ask(&t, json!({"all": [{"segment": listed.id}, at_least(2)]}))
        .await
        .unwrap();
    assert_eq!(both.count, 1);
    t.publish(&[
        "insert into customer_ids (external_id, customer_no) values ('c99', 99)",
        "insert into customers (customer_no) values (99)",
    ])
    .await;
    assert_eq!(
        get_segment(&t.engine, &manager(false), listed.id).await.unwrap().size,
        Some(3)
    );
    let shorter = update_segment(&t.engine, &manager(false), listed.id, list("Guests", &["c2"]))
        .await
        .unwrap();
    assert_eq!((shorter.listed, shorter.size), (Some(1), Some(1)));
    for (new, field) in [
        (list("x", &["c1", " "]), "members/1"),
        (
            NewSegment {
                rule: Some(json!({"all": []})),
                ..list("x", &["c1"])
            },
            "members",
        ),
        (
            NewSegment {
                name: "x".into(),
                ..NewSegment::default()
            },
            "rule",
        ),
        (list(" ", &["c1"]), "name"),
        (
            NewSegment {
                colour: "red".into(),
                ..list("x", &["c1"])
            },
            "colour",
        ),
    ] {
        let refused = create_segment(&t.engine, &manager(false), new).await.unwrap_err();
        assert_eq!(fields(refused)[0].0, field);
    }
    t.close().await;
}

#[tokio::test]
async fn members_leave_only_with_the_right_and_a_row_in_the_log() {
    let t = testing::engine().await;
    t.publish(&DATA).await;
    t.publish(&["update customer_ids set external_id = '=1+1' where customer_no = 2"])
        .await;
    let segment = create(&t, rule("Few", json!({"not": at_least(4)}))).await;
    let text = async |export: bool, file: MembersFile| -> Result<String> {
        let pieces: Vec<bytes::Bytes> = segment_csv(&t.engine, &manager(export), segment.id, file)
            .await?
            .try_collect()
            .await?;
        Ok(String::from_utf8(pieces.concat()).unwrap())
    };
    assert_eq!(text(false, MembersFile::Program).await.unwrap_err().status(), 403);
    assert_eq!(
        text(true, MembersFile::Program).await.unwrap(),
        "external_id\r\nc1\r\n=1+1\r\nc3\r\n"
    );
    let sheet = text(true, MembersFile::Spreadsheet).await.unwrap();
    assert!(sheet.starts_with('\u{feff}') && sheet.contains("\r\n'=1+1\r\n"));
    let log = audit::list(&t.engine, &Actor::command_line(), None, 20)
        .await
        .unwrap()
        .items;
    assert_eq!(log.iter().filter(|entry| entry.action == "segment.export").count(), 2);
    t.close().await;
}

#[tokio::test]
async fn portraits_of_a_segment_change_with_its_rule() {
    let t = testing::engine().await;
    t.publish(&DATA).await;
    let segment = create(&t, rule("Often", at_least(6))).await;
    let portrait = async |segment: i64, baseline: types::query::GroupRef| {
        let segment = types::query::GroupRef::Segment(segment);
        crate::portraits::get_portrait(&t.engine, &manager(false), &segment, &baseline).await
    };
    let first = portrait(segment.id, types::query::GroupRef::All).await.unwrap();
    assert_eq!((first.size, first.baseline_size), (5, 10));
    update_segment(&t.engine, &manager(false), segment.id, rule("Often", at_least(10)))
        .await
        .unwrap();
    let second = portrait(segment.id, types::query::GroupRef::All).await.unwrap();
    assert_eq!(second.size, 1);
    let other = create(&t, rule("Paris", in_paris())).await;
    let third = portrait(segment.id, types::query::GroupRef::Segment(other.id))
        .await
        .unwrap();
    assert_eq!((third.size, third.baseline_size), (1, 5));
    let missing = portrait(999, types::query::GroupRef::All).await.unwrap_err();
    assert_eq!(missing.status(), 404);
    t.close().await;
}

#[tokio::test]
async fn a_rule_about_an_attribute_that_has_gone_says_so_and_stays() {
    let t = testing::engine().await;
    t.publish(&DATA).await;
    t.publish(&["update customers set attributes = '{\"size\": 38}' where customer_no < 4"])
        .await;
    let segment = create(
        &t,
        rule("Sized", json!({"field": "attributes.size", "op": "ge", "value": 38})),
    )
    .await;
    assert_eq!(segment.size, Some(3));
    t.publish(&["update customers set attributes = null"]).await;
    let gone = get_segment(&t.engine, &manager(false), segment.id).await.unwrap();
    assert_eq!(gone.size, None);
    assert!(gone.problem.unwrap().contains("attributes.size"));
    assert_eq!(
        list_segments(&t.engine, &manager(false), None, 10).await.unwrap().items[0].size,
        None
    );
    t.close().await;
}
