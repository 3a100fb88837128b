//! Tags over a real database and sealed files: what each kind means, in rules and by itself, and what it is tied up with.

use super::*;
use crate::auth::Actor;
use crate::segments::{self, MembersFile};
use crate::testing::{self, TestEngine};
use crate::{portraits, queue};
use futures::TryStreamExt;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use types::auth::{Rights, Role};
use types::query::GroupRef;
use types::segments::{Method, NewRun, NewSegment, PreviewAsked};
use types::tags::{BestBy, BestOf, NewTier, TagUser, TaggedId};

/// Ten customers; customer n ordered n times, the even ones in the app; the even ones live in Paris.
const DATA: [&str; 4] = [
    "insert into customer_ids (external_id, customer_no) select 'c' || n, n from generate_series(1, 10) n",
    "insert into customer_ids (source, external_id, customer_no) values ('till', '7', 3)",
    "insert into customers (customer_no, city) select n, case when n % 2 = 0 then 'Paris' end from generate_series(1, 10) n",
    "insert into orders (order_id, customer_no, ordered_at, total, channel)
     select n || '-' || k, n, timestamptz '2026-03-31 12:00Z' - (n + k - 1) * interval '1 day', n, case when n % 2 = 0 then 'app' when n > 1 then 'store' end
     from generate_series(1, 10) n, lateral generate_series(1, n) k",
];

fn who(role: Role, export: bool) -> Actor {
    Actor {
        rights: Rights {
            role,
            export,
            personal_data: false,
        },
        ..Actor::command_line()
    }
}

fn manager() -> Actor {
    who(Role::Manager, true)
}

fn tiers(name: &str, tiers: &[(&str, Value)]) -> NewTag {
    NewTag {
        name: name.to_owned(),
        tiers: tiers
            .iter()
            .map(|(value, rule)| NewTier {
                value: (*value).to_owned(),
                rule: rule.clone(),
            })
            .collect(),
        ..NewTag::default()
    }
}

fn best(name: &str, of: BestOf) -> NewTag {
    NewTag {
        name: name.to_owned(),
        kind: TagKind::Best,
        of: Some(of),
        ..NewTag::default()
    }
}

fn uploaded(name: &str, values: &[(&str, &str)]) -> NewTag {
    NewTag {
        name: name.to_owned(),
        kind: TagKind::Uploaded,
        values: Some(ids(values)),
        ..NewTag::default()
    }
}

fn ids(values: &[(&str, &str)]) -> Vec<TaggedId> {
    values
        .iter()
        .map(|(id, value)| TaggedId {
            id: (*id).to_owned(),
            value: (*value).to_owned(),
        })
        .collect()
}

fn at_least(orders: usize) -> Value {
    json!({ "orders": { "count": { "ge": orders } } })
}

fn in_paris() -> Value {
    json!({ "field": "city", "op": "eq", "value": "Paris" })
}

async fn create(t: &TestEngine, new: NewTag) -> Tag {
    create_tag(&t.engine, &manager(), new).await.unwrap()
}

async fn refused(t: &TestEngine, new: NewTag) -> (String, String) {
    first_fault(create_tag(&t.engine, &manager(), new).await.unwrap_err())
}

fn first_fault(error: Error) -> (String, String) {
    let problem = error.to_problem();
    assert_eq!(problem.status, 422, "{problem:?}");
    let fault = problem.errors.into_iter().next().unwrap();
    (fault.field, fault.reason)
}

fn values(tag: &Tag) -> Vec<(&str, i64)> {
    tag.values
        .as_ref()
        .unwrap()
        .iter()
        .map(|of| (of.value.as_str(), of.size))
        .collect()
}

async fn count(t: &TestEngine, rule: Value) -> Result<i64> {
    let asked = PreviewAsked { rule, as_of: None };
    Ok(segments::preview(&t.engine, &manager(), asked).await?.count)
}

/// Everybody who has the tag, with the value.
async fn members(t: &TestEngine, id: i64) -> BTreeMap<String, String> {
    let file = tag_csv(&t.engine, &manager(), id, None, MembersFile::Program)
        .await
        .unwrap();
    let pieces: Vec<bytes::Bytes> = file.try_collect().await.unwrap();
    let text = String::from_utf8(pieces.concat()).unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("external_id,value"));
    let mut found = BTreeMap::new();
    for line in lines {
        let (id, value) = line.split_once(',').unwrap();
        assert_eq!(
            found.insert(id.to_owned(), value.to_owned()),
            None,
            "two values of {id}"
        );
    }
    found
}

#[tokio::test]
async fn the_first_tier_that_fits_wins_and_rules_name_values() {
    let t = testing::engine().await;
    let new = || {
        tiers(
            " Loyalty ",
            &[("gold", at_least(8)), ("silver", at_least(4)), ("paris", in_paris())],
        )
    };
    let before_data = create(&t, new()).await;
    assert_eq!((before_data.covered, before_data.data_version), (Some(0), 0));
    t.publish(&DATA).await;
    let tag = get_tag(&t.engine, &manager(), before_data.id).await.unwrap();
    assert_eq!(tag.name, "Loyalty");
    assert_eq!(values(&tag), [("gold", 3), ("silver", 4), ("paris", 1)]);
    assert_eq!((tag.covered, tag.coverage, tag.data_version), (Some(8), Some(0.8), 1));
    assert_eq!(count(&t, json!({"tag": "loyalty"})).await.unwrap(), 8);
    assert_eq!(
        count(&t, json!({"tag": "LOYALTY", "value": "silver"})).await.unwrap(),
        4
    );
    let beside = json!({"all": [in_paris(), {"not": {"tag": "Loyalty", "value": "gold"}}]});
    assert_eq!(count(&t, beside).await.unwrap(), 3, "2, 4 and 6");
    for (rule, field) in [
        (json!({"tag": "loyal"}), "rule/tag"),
        (
            json!({"all": [{"tag": "loyalty", "value": "Gold"}]}),
            "rule/all/0/value",
        ),
    ] {
        assert_eq!(first_fault(count(&t, rule).await.unwrap_err()).0, field);
    }
    // The data changes, and so does who has which value; both are kept for the history.
    t.publish(&["delete from orders where customer_no = 10"]).await;
    let tag = get_tag(&t.engine, &manager(), tag.id).await.unwrap();
    assert_eq!(values(&tag), [("gold", 2), ("silver", 4), ("paris", 2)]);
    let history: Vec<(i64, i64)> = tag
        .sizes
        .iter()
        .map(|of| (of.data_version, of.values[0].size))
        .collect();
    assert_eq!(history, [(1, 3), (2, 2)]);
    assert!(tag.sizes.iter().all(|of| of.customers == 10 && of.data_as_of.is_some()));
    let listed = list_tags(&t.engine, &manager(), None, 10).await.unwrap();
    assert_eq!(values(&listed.items[0]), values(&tag));
    let renamed = NewTag {
        description: "who comes back".into(),
        ..new()
    };
    let same = update_tag(&t.engine, &manager(), tag.id, renamed).await.unwrap();
    assert_eq!((same.sizes.len(), same.description.as_str()), (2, "who comes back"));
    let other = tiers("Loyalty", &[("gold", at_least(2))]);
    let changed = update_tag(&t.engine, &manager(), tag.id, other).await.unwrap();
    assert_eq!((values(&changed), changed.sizes.len()), (vec![("gold", 8)], 1));
    t.close().await;
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused_with_its_place() {
    let t = testing::engine().await;
    t.publish(&DATA).await;
    create(&t, tiers("Taken", &[("a", in_paris())])).await;
    let gold = || ("gold", at_least(1));
    for (new, field) in [
        (tiers("", &[gold()]), "name"),
        (tiers("a:b", &[gold()]), "name"),
        (tiers("TAKEN ", &[gold()]), "name"),
        (tiers("x", &[]), "tiers"),
        (tiers("x", &[gold(), ("gold", in_paris())]), "tiers/1/value"),
        (tiers("x", &[(" ", in_paris())]), "tiers/0/value"),
        (
            tiers(
                "x",
                &[
                    gold(),
                    ("b", json!({"any": [{"field": "city", "op": "near", "value": 1}]})),
                ],
            ),
            "tiers/1/rule/any/0/op",
        ),
        (tiers("x", &[("a", json!({"tag": "nobody"}))]), "tiers/0/rule/tag"),
        (tiers("x", &[("a", json!({"segment": 7}))]), "tiers/0/rule/segment"),
        (
            NewTag {
                of: Some(BestOf::OrderHour),
                ..tiers("x", &[gold()])
            },
            "of",
        ),
        (
            NewTag {
                kind: TagKind::Best,
                ..NewTag {
                    name: "x".into(),
                    ..NewTag::default()
                }
            },
            "of",
        ),
        (
            NewTag {
                name: "x".into(),
                kind: TagKind::Model,
                run: Some(9),
                ..NewTag::default()
            },
            "run",
        ),
        (
            NewTag {
                name: "x".into(),
                kind: TagKind::Model,
                ..NewTag::default()
            },
            "method",
        ),
        (uploaded("x", &[("c1", "")]), "values/0/value"),
    ] {
        assert_eq!(refused(&t, new.clone()).await.0, field, "{new:?}");
    }
    let nobody = who(Role::Manager, false);
    let id = list_tags(&t.engine, &nobody, None, 1).await.unwrap().items[0].id;
    assert_eq!(
        tag_csv(&t.engine, &nobody, id, None, MembersFile::Program)
            .await
            .err()
            .map(|error| error.status()),
        Some(403)
    );
    assert_eq!(
        replace_values(&t.engine, &manager(), id, ids(&[("c1", "a")]))
            .await
            .unwrap_err()
            .status(),
        409,
        "a rule tag takes no ids"
    );
    t.close().await;
}

#[tokio::test]
async fn a_best_of_tag_is_what_portraits_and_rules_say() {
    let t = testing::engine().await;
    t.publish(&DATA).await;
    let tag = create(&t, best("Favourite channel", BestOf::OrderChannel)).await;
    assert_eq!(values(&tag), [("app", 5), ("store", 4)], "customer 1 named no channel");
    let app = count(&t, json!({"tag": "favourite channel", "value": "app"}))
        .await
        .unwrap();
    let field = json!({"field": "order_channel", "op": "eq", "value": "app"});
    assert_eq!((app, count(&t, field).await.unwrap()), (5, 5));
    assert_eq!(count(&t, json!({"tag": "Favourite channel"})).await.unwrap(), 9);
    assert_eq!(
        count(&t, json!({"tag": "Favourite channel", "value": "web"}))
            .await
            .unwrap(),
        0
    );
    let hour = create(&t, best("Hour", BestOf::OrderHour)).await;
    assert_eq!(values(&hour), [("12-17", 10)]);
    assert_eq!(members(&t, hour.id).await.len(), 10);
    t.close().await;
}

#[tokio::test]
async fn a_best_of_tag_has_a_measure_and_a_window_of_its_own() {
    let t = testing::engine().await;
    t.publish(&DATA).await;
    let recent = NewTag {
        within_days: Some(3),
        ..best("Lately", BestOf::OrderChannel)
    };
    // The newest order is of 30 March: customer 1, without a channel; 2 ordered on 29 and 28, 3 on 28.
    let tag = create(&t, recent.clone()).await;
    assert_eq!(values(&tag), [("app", 1), ("store", 1)]);
    assert_eq!(
        (tag.of, tag.by, tag.within_days, tag.covered),
        (Some(BestOf::OrderChannel), Some(BestBy::Count), Some(3), Some(2))
    );
    assert_eq!(count(&t, json!({"tag": "lately", "value": "app"})).await.unwrap(), 1);
    assert_eq!(count(&t, json!({"not": {"tag": "lately"}})).await.unwrap(), 8);
    // A value that nobody has today may be had tomorrow, so naming it is no fault.
    assert_eq!(count(&t, json!({"tag": "lately", "value": "web"})).await.unwrap(), 0);
    assert_eq!(members(&t, tag.id).await.len(), 2);
    let changed = NewTag {
        within_days: None,
        by: Some(BestBy::Spend),
        to: "2026-03-20".parse().ok(),
        ..recent.clone()
    };
    let tag = update_tag(&t.engine, &manager(), tag.id, changed).await.unwrap();
    // Only those from customer 7 on ordered before 20 March.
    assert_eq!((tag.within_days, tag.to), (None, "2026-03-20".parse().ok()));
    let rule =
        |value: &str| json!({"all": [{"tag": "Lately", "value": value}, {"not": {"orders": {"to": "2026-03-20"}}}]});
    assert_eq!(count(&t, rule("app")).await.unwrap(), 0);
    let ordered = count(&t, json!({"orders": {"to": "2026-03-20"}})).await.unwrap();
    assert_eq!(tag.covered, Some(ordered as i64), "each of them named a channel");
    assert_eq!(ordered, 4);
    let plain = update_tag(&t.engine, &manager(), tag.id, best("Lately", BestOf::OrderChannel))
        .await
        .unwrap();
    assert_eq!(
        (plain.by, plain.to, values(&plain)),
        (None, None, vec![("app", 5), ("store", 4)])
    );
    let both = NewTag {
        from: "2026-01-01".parse().ok(),
        ..recent
    };
    assert_eq!(refused(&t, both).await.0, "within_days");
    let foreign = NewTag {
        by: Some(BestBy::Spend),
        ..tiers("Rules", &[("a", json!({"field": "city", "op": "is_set"}))])
    };
    assert_eq!(refused(&t, foreign).await.0, "by");
    t.close().await;
}

#[tokio::test]
async fn a_model_tag_follows_the_newest_run_or_stays_with_one() {
    let t = testing::engine().await;
    t.publish(&DATA).await;
    let follows = NewTag {
        name: "RFM".into(),
        kind: TagKind::Model,
        method: Some(Method::Rfm),
        ..NewTag::default()
    };
    let tag = create(&t, follows).await;
    assert_eq!(tag.values, None);
    assert!(tag.problem.unwrap().contains("no run of rfm"));
    let run = async || {
        let new = NewRun {
            method: Method::Rfm,
            as_of: None,
            seed: 1,
            params: serde_json::Map::new(),
        };
        let started = segments::start_run(&t.engine, &manager(), new).await.unwrap();
        queue::run_one(&t.engine, started.job_id).await.unwrap();
        segments::get_run(&t.engine, &manager(), started.run_id).await.unwrap()
    };
    let first = run().await;
    let tag = get_tag(&t.engine, &manager(), tag.id).await.unwrap();
    let of_run: Vec<(&str, i64)> = first
        .segments
        .iter()
        .map(|group| (group.key.as_str(), group.size))
        .collect();
    assert_eq!(values(&tag), of_run);
    assert_eq!(tag.covered, Some(10));
    let fixed = NewTag {
        name: "First RFM".into(),
        kind: TagKind::Model,
        run: Some(first.id),
        ..NewTag::default()
    };
    let fixed = create(&t, fixed).await;
    let segment = NewSegment {
        name: "Scored".into(),
        rule: Some(json!({"tag": "RFM"})),
        ..NewSegment::default()
    };
    let segment = segments::create_segment(&t.engine, &manager(), segment).await.unwrap();
    assert_eq!(segment.size, Some(10));
    // Another run of the same method over other data: the tag moves on, the fixed one stays, and so do those who name them.
    t.publish(&["delete from orders where customer_no in (9, 10)"]).await;
    let listed = async || {
        segments::list_segments(&t.engine, &manager(), None, 5)
            .await
            .unwrap()
            .items[0]
            .size
    };
    assert_eq!(listed().await, Some(10), "still by the first run");
    let second = run().await;
    assert_eq!(listed().await, Some(8));
    let moved = get_tag(&t.engine, &manager(), tag.id).await.unwrap();
    let of_second: Vec<(&str, i64)> = second
        .segments
        .iter()
        .map(|group| (group.key.as_str(), group.size))
        .collect();
    assert_eq!((values(&moved), moved.covered), (of_second, Some(8)));
    assert_eq!(count(&t, json!({"tag": "first rfm"})).await.unwrap(), 10);
    // Whoever makes an earlier run count again moves the tag back.
    segments::choose_run(&t.engine, &manager(), first.id).await.unwrap();
    assert_eq!(listed().await, Some(10));
    assert_eq!(values(&get_tag(&t.engine, &manager(), tag.id).await.unwrap()), of_run);
    assert_eq!(values(&get_tag(&t.engine, &manager(), fixed.id).await.unwrap()), of_run);
    t.close().await;
}

#[tokio::test]
async fn uploaded_ids_keep_their_values_and_the_last_one_given_decides() {
    let t = testing::engine().await;
    t.publish(&DATA).await;
    let tag = create(
        &t,
        uploaded(
            "Club",
            &[("c1", "gold"), ("c3", "gold"), ("till:7", "silver"), ("c99", "gold")],
        ),
    )
    .await;
    assert_eq!((tag.listed, values(&tag)), (Some(4), vec![("gold", 1), ("silver", 1)]));
    assert_eq!(
        count(&t, json!({"tag": "club"})).await.unwrap(),
        2,
        "c3 and till:7 are one customer"
    );
    t.publish(&[
        "insert into customer_ids (external_id, customer_no) values ('c99', 99)",
        "insert into customers (customer_no) values (99)",
    ])
    .await;
    let changes = ids(&[("c3", "bronze"), ("c1", "")]);
    let changed = change_values(&t.engine, &manager(), tag.id, changes).await.unwrap();
    assert_eq!(
        (changed.listed, values(&changed)),
        (Some(3), vec![("bronze", 1), ("gold", 1)])
    );
    assert_eq!(changed.sizes.len(), 1, "what other ids had is forgotten");
    let replaced = replace_values(&t.engine, &manager(), tag.id, ids(&[("c5", "gold")]))
        .await
        .unwrap();
    assert_eq!((replaced.listed, values(&replaced)), (Some(1), vec![("gold", 1)]));
    assert_eq!(
        members(&t, tag.id).await,
        BTreeMap::from([("c5".into(), "gold".into())])
    );
    let renamed = NewTag {
        values: None,
        ..uploaded("The club", &[])
    };
    let renamed = update_tag(&t.engine, &manager(), tag.id, renamed).await.unwrap();
    assert_eq!((renamed.listed, renamed.name.as_str()), (Some(1), "The club"));
    let log = audit::list(&t.engine, &Actor::command_line(), None, 20)
        .await
        .unwrap()
        .items;
    let actions: Vec<&str> = log
        .iter()
        .map(|entry| entry.action.as_str())
        .filter(|action| action.starts_with("tag."))
        .collect();
    assert_eq!(
        actions,
        ["tag.update", "tag.export", "tag.values", "tag.values", "tag.create"]
    );
    t.close().await;
}

#[tokio::test]
async fn circles_through_tags_and_segments_are_refused_and_what_is_named_stays() {
    let t = testing::engine().await;
    t.publish(&DATA).await;
    let often = NewSegment {
        name: "Often".into(),
        rule: Some(at_least(6)),
        ..NewSegment::default()
    };
    let often = segments::create_segment(&t.engine, &manager(), often).await.unwrap();
    let inner = create(&t, tiers("Inner", &[("yes", json!({"segment": often.id}))])).await;
    let outer = create(
        &t,
        tiers(
            "Outer",
            &[("a", at_least(9)), ("b", json!({"tag": "inner", "value": "yes"}))],
        ),
    )
    .await;
    assert_eq!(values(&outer), [("a", 2), ("b", 3)]);
    let circle = |rule: Value| NewSegment {
        name: "Often".into(),
        rule: Some(rule),
        ..NewSegment::default()
    };
    let back = circle(json!({"any": [at_least(6), {"tag": "OUTER"}]}));
    let error = segments::update_segment(&t.engine, &manager(), often.id, back)
        .await
        .unwrap_err();
    let (field, reason) = first_fault(error);
    assert_eq!(field, "rule/any/1/tag");
    let way = format!(
        "Often (segment {0}) \u{2192} Outer (tag {2}) \u{2192} Inner (tag {1}) \u{2192} Often (segment {0})",
        often.id, inner.id, outer.id
    );
    assert!(reason.ends_with(&way), "{reason}");
    let back = tiers(
        "Inner",
        &[("yes", at_least(1)), ("no", json!({"not": {"tag": "Outer"}}))],
    );
    let (field, reason) = first_fault(update_tag(&t.engine, &manager(), inner.id, back).await.unwrap_err());
    assert_eq!(field, "tiers/1/rule/not/tag");
    assert!(reason.contains("Inner") && reason.contains("Outer"), "{reason}");
    let own = tiers("Inner", &[("yes", json!({"tag": "Inner"}))]);
    assert_eq!(
        update_tag(&t.engine, &manager(), inner.id, own)
            .await
            .unwrap_err()
            .status(),
        422
    );
    for error in [
        delete_tag(&t.engine, &manager(), inner.id).await.unwrap_err(),
        segments::delete_segment(&t.engine, &manager(), often.id)
            .await
            .unwrap_err(),
    ] {
        assert_eq!(error.status(), 409);
        assert!(error.to_string().contains("(tag "), "{error}");
    }
    let renamed = tiers("Renamed", &[("yes", at_least(6))]);
    let (field, _) = first_fault(update_tag(&t.engine, &manager(), inner.id, renamed).await.unwrap_err());
    assert_eq!(field, "name");
    let used = get_tag(&t.engine, &manager(), inner.id).await.unwrap().used_by;
    assert_eq!(
        used,
        [TagUser {
            kind: "tag".into(),
            id: outer.id,
            name: "Outer".into()
        }]
    );
    let naming = segments::get_segment(&t.engine, &manager(), often.id)
        .await
        .unwrap()
        .used_by_tags;
    assert_eq!(naming.iter().map(|user| user.id).collect::<Vec<_>>(), [inner.id]);
    // Whoever leads to a changed segment changes with it.
    segments::update_segment(&t.engine, &manager(), often.id, circle(at_least(8)))
        .await
        .unwrap();
    let outer = get_tag(&t.engine, &manager(), outer.id).await.unwrap();
    assert_eq!((values(&outer), outer.sizes.len()), (vec![("a", 2), ("b", 1)], 1));
    delete_tag(&t.engine, &manager(), outer.id).await.unwrap();
    delete_tag(&t.engine, &manager(), inner.id).await.unwrap();
    segments::delete_segment(&t.engine, &manager(), often.id).await.unwrap();
    t.close().await;
}

#[tokio::test]
async fn an_expired_tag_counts_nobody_and_turns_no_rule_round() {
    let t = testing::engine().await;
    t.publish(&DATA).await;
    // The clock of the test stands at 2026-11-22.
    let until = |day: &str| NewTag {
        expires_on: Some(day.parse().unwrap()),
        ..tiers("Spring", &[("yes", in_paris())])
    };
    let tag = create(&t, until("2026-11-22")).await;
    assert_eq!((tag.expired, tag.covered), (false, Some(5)), "the last day counts");
    let rest = NewSegment {
        name: "Rest".into(),
        rule: Some(json!({"not": {"tag": "Spring"}})),
        ..NewSegment::default()
    };
    let rest = segments::create_segment(&t.engine, &manager(), rest).await.unwrap();
    assert_eq!(rest.size, Some(5));
    sqlx::query("update tags set expires_on = '2026-11-21'")
        .execute(t.engine.pool())
        .await
        .unwrap();
    let tag = get_tag(&t.engine, &manager(), tag.id).await.unwrap();
    assert_eq!((tag.expired, tag.covered, tag.problem), (true, Some(0), None));
    assert!(list_tags(&t.engine, &manager(), None, 5).await.unwrap().items[0].expired);
    let (field, reason) = first_fault(count(&t, json!({"not": {"tag": "Spring"}})).await.unwrap_err());
    assert_eq!(field, "rule/not/tag");
    assert!(reason.contains("expired after 2026-11-21"), "{reason}");
    let shown = [
        segments::get_segment(&t.engine, &manager(), rest.id).await.unwrap(),
        segments::list_segments(&t.engine, &manager(), None, 5)
            .await
            .unwrap()
            .items
            .remove(0),
    ];
    for segment in shown {
        assert_eq!(segment.size, None, "neither 5 nor everybody");
        assert!(segment.problem.unwrap().contains("expired"));
    }
    update_tag(&t.engine, &manager(), tag.id, until("2026-12-31"))
        .await
        .unwrap();
    assert_eq!(
        segments::get_segment(&t.engine, &manager(), rest.id)
            .await
            .unwrap()
            .size,
        Some(5)
    );
    t.close().await;
}

#[tokio::test]
async fn portraits_know_tags_and_values_and_use_is_written_down() {
    let t = testing::engine().await;
    t.publish(&DATA).await;
    let tag = create(&t, tiers("Loyalty", &[("gold", at_least(8)), ("silver", at_least(4))])).await;
    assert_eq!(tag.last_used_at, None, "making it is no use of it");
    let portrait = async |group: &str| {
        let group: GroupRef = group.parse().unwrap();
        portraits::get_portrait(&t.engine, &manager(), &group, &GroupRef::All).await
    };
    assert_eq!(portrait("tag:loyalty").await.unwrap().size, 7);
    assert_eq!(portrait("tag:Loyalty:gold").await.unwrap().size, 3);
    assert_eq!(portrait("tag:Loyalty:tin").await.unwrap_err().status(), 404);
    assert_eq!(portrait("tag:none").await.unwrap_err().status(), 404);
    let used = get_tag(&t.engine, &manager(), tag.id).await.unwrap().last_used_at;
    assert_eq!(used, Some(t.engine.clock().now()));
    update_tag(
        &t.engine,
        &manager(),
        tag.id,
        tiers("Loyalty", &[("gold", at_least(2))]),
    )
    .await
    .unwrap();
    assert_eq!(
        portrait("tag:Loyalty:gold").await.unwrap().size,
        9,
        "another rule, another portrait"
    );
    t.close().await;
}

/// A person of the property test, as plain values.
struct Plain {
    city: Option<&'static str>,
    orders: usize,
}

/// Rules that the slow evaluation below understands.
#[derive(Clone, Debug)]
enum Condition {
    City(&'static str),
    Orders(usize),
    Not(Box<Condition>),
    All(Vec<Condition>),
    Any(Vec<Condition>),
    /// An earlier tag of the test, and the place of a tier of it.
    Tag(usize, Option<usize>),
}

type Made = Vec<Vec<Condition>>;

impl Condition {
    fn json(&self) -> Value {
        let all = |of: &[Condition]| of.iter().map(Condition::json).collect::<Vec<_>>();
        match self {
            Condition::City(city) => json!({"field": "city", "op": "eq", "value": city}),
            Condition::Orders(orders) => at_least(*orders),
            Condition::Not(of) => json!({"not": of.json()}),
            Condition::All(of) => json!({"all": all(of)}),
            Condition::Any(of) => json!({"any": all(of)}),
            Condition::Tag(tag, None) => json!({"tag": format!("T{tag}")}),
            Condition::Tag(tag, Some(tier)) => json!({"tag": format!("t{tag}"), "value": format!("v{tier}")}),
        }
    }

    fn fits(&self, person: &Plain, made: &Made) -> bool {
        match self {
            Condition::City(city) => person.city == Some(*city),
            Condition::Orders(orders) => person.orders >= *orders,
            Condition::Not(of) => !of.fits(person, made),
            Condition::All(of) => of.iter().all(|of| of.fits(person, made)),
            Condition::Any(of) => of.iter().any(|of| of.fits(person, made)),
            Condition::Tag(tag, wanted) => match value_of(&made[*tag], person, made) {
                None => false,
                Some(tier) => wanted.is_none_or(|wanted| wanted == tier),
            },
        }
    }
}

/// The first tier that fits, one after the other.
fn value_of(tiers: &[Condition], person: &Plain, made: &Made) -> Option<usize> {
    for (place, rule) in tiers.iter().enumerate() {
        if rule.fits(person, made) {
            return Some(place);
        }
    }
    None
}

/// A generator of numbers that needs no crate (splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % sides as u64) as usize
    }

    fn rule(&mut self, made: &Made, deep: usize) -> Condition {
        let several = |dice: &mut Dice| (0..dice.roll(3)).map(|_| dice.rule(made, deep + 1)).collect();
        match self.roll(if deep < 3 { 8 } else { 4 }) {
            0 | 1 => Condition::City(["Paris", "Lyon", "Nowhere"][self.roll(3)]),
            2 => Condition::Orders(self.roll(7) + 1),
            3 | 7 if !made.is_empty() => {
                let tag = self.roll(made.len());
                let tier = self.roll(made[tag].len() + 1);
                Condition::Tag(tag, (tier > 0).then(|| tier - 1))
            }
            4 => Condition::Not(Box::new(self.rule(made, deep + 1))),
            5 => Condition::All(several(self)),
            6 => Condition::Any(several(self)),
            _ => Condition::Orders(self.roll(4) + 1),
        }
    }
}

#[tokio::test]
async fn values_are_those_of_a_slow_look_at_each_customer() {
    let t = testing::engine().await;
    let mut dice = Dice(20_261_122);
    let people: Vec<Plain> = (0..90)
        .map(|_| Plain {
            city: [None, Some("Paris"), Some("Lyon")][dice.roll(3)],
            orders: dice.roll(8),
        })
        .collect();
    let rows = |row: &dyn Fn(usize, &Plain) -> String| {
        let rows: Vec<String> = people
            .iter()
            .enumerate()
            .map(|(n, person)| row(n + 1, person))
            .collect();
        rows.join(", ")
    };
    let ids = rows(&|n, _| format!("('c{n}', {n})"));
    let cities = rows(&|n, of| format!("({n}, {})", of.city.map_or("null".into(), |city| format!("'{city}'"))));
    let orders = rows(&|n, of| format!("({n}, {})", of.orders));
    t.publish(&[
        &format!("insert into customer_ids (external_id, customer_no) values {ids}"),
        &format!("insert into customers (customer_no, city) values {cities}"),
        &format!(
            "insert into orders (order_id, customer_no, ordered_at, total)
             select n || '-' || k, n, timestamptz '2026-03-31 12:00Z' - k * interval '1 day', 5
             from (values {orders}) of (n, orders), lateral generate_series(1, orders) k"
        ),
    ])
    .await;
    let mut made: Made = Vec::new();
    let (mut several, mut nobody) = (0, 0);
    for tag in 0..40 {
        let rules: Vec<Condition> = (0..=dice.roll(4)).map(|_| dice.rule(&made, 0)).collect();
        let new: Vec<(String, Value)> = rules
            .iter()
            .enumerate()
            .map(|(place, rule)| (format!("v{place}"), rule.json()))
            .collect();
        let new: Vec<(&str, Value)> = new.iter().map(|(value, rule)| (value.as_str(), rule.clone())).collect();
        let saved = create(&t, tiers(&format!("T{tag}"), &new)).await;
        let mut slow = BTreeMap::new();
        for (n, person) in people.iter().enumerate() {
            if let Some(tier) = value_of(&rules, person, &made) {
                slow.insert(format!("c{}", n + 1), format!("v{tier}"));
            }
        }
        assert_eq!(members(&t, saved.id).await, slow, "{rules:?}");
        assert_eq!(saved.covered, Some(slow.len() as i64));
        for of in saved.values.unwrap() {
            let size = slow.values().filter(|value| **value == of.value).count();
            assert_eq!(of.size, size as i64, "{} of {rules:?}", of.value);
        }
        several += usize::from(slow.values().collect::<std::collections::BTreeSet<_>>().len() > 1);
        nobody += usize::from(slow.len() < people.len());
        made.push(rules);
    }
    assert!(
        several > 10 && nobody > 10,
        "{several} tags with several values, {nobody} not of everybody"
    );
    t.close().await;
}
