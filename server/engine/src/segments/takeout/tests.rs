//! Lists with chosen columns over a real database and sealed files: what is in them, who may have them, and what is logged.

use super::*;
use crate::queue;
use crate::segments::{create_segment, start_run};
use crate::testing::{self, TestEngine};
use futures::TryStreamExt;
use types::auth::{Rights, Role};
use types::columns::ColumnKind;

const DATA: [&str; 4] = [
    "insert into customer_ids (external_id, customer_no) values ('=a', 1), ('b', 2), ('c', 3)",
    "insert into customers (customer_no, name, email, city, birth_date, consent_marketing, attributes) values
         (1, '=1+1', 'a@shop.example', 'Paris', '1990-05-17', true, '{\"level\": \"gold\", \"wechat\": \"w1\"}'),
         (2, 'Bo, the \"second\"', null, 'Rome', null, false, '{\"level\": \"tin\"}'), (3, null, null, null, null, null, null)",
    "insert into orders (order_id, customer_no, ordered_at, total) values
         ('o1', 1, '2026-03-01 12:00Z', 10.5), ('o2', 1, '2026-03-03 12:00Z', 20), ('o3', 2, '2026-02-01 12:00Z', 7)",
    "insert into tags (key, name, kind, definition, owner) values ('level, now', 'Level, now', 'rule',
         '{\"tiers\": [{\"value\": \"high\", \"rule\": {\"field\": \"orders\", \"op\": \"ge\", \"value\": 2}},
                       {\"value\": \"some\", \"rule\": {\"field\": \"orders\", \"op\": \"ge\", \"value\": 1}}]}', 'test')",
];

fn person(role: Role, personal_data: bool) -> Actor {
    Actor {
        rights: Rights {
            role,
            export: false,
            personal_data,
        },
        ..Actor::command_line()
    }
}

async fn everybody(t: &TestEngine) -> MembersOf {
    let new = serde_json::from_str(r#"{"name": "all", "rule": {"all": []}}"#).unwrap();
    MembersOf::Segment(
        create_segment(&t.engine, &person(Role::Lead, false), new)
            .await
            .unwrap()
            .id,
    )
}

async fn list(t: &TestEngine, actor: &Actor, of: &MembersOf, columns: &str, file: MembersFile) -> Result<String> {
    let pieces: Vec<Bytes> = take_out_csv(&t.engine, actor, of, columns, file)
        .await?
        .try_collect()
        .await?;
    Ok(String::from_utf8(pieces.concat()).unwrap())
}

async fn last_logged(t: &TestEngine) -> serde_json::Value {
    sqlx::query_scalar("select detail from audit order by id desc limit 1")
        .fetch_one(t.engine.pool())
        .await
        .unwrap()
}

#[tokio::test]
async fn a_list_has_the_columns_that_were_named_and_the_log_says_which() {
    let t = testing::engine().await;
    let lead = person(Role::Lead, false);
    let refused = list(&t, &lead, &MembersOf::Segment(1), "city", MembersFile::Program).await;
    assert_eq!(refused.unwrap_err().status(), 409, "no data yet");
    t.publish(&DATA).await;
    let of = everybody(&t).await;
    let columns = "external_id,city,spend,last_order_at,consent_marketing,attributes.level,\"tag:level, now\"";
    assert_eq!(
        list(&t, &lead, &of, columns, MembersFile::Program).await.unwrap(),
        "external_id,city,spend,last_order_at,consent_marketing,attributes.level,\"tag:Level, now\"\r\n\
         =a,Paris,30.5,2026-03-03,true,gold,high\r\nb,Rome,7,2026-02-01,false,tin,some\r\nc,,0,,,,\r\n"
    );
    let detail = last_logged(&t).await;
    assert_eq!(detail["columns"][2], "spend");
    assert_eq!((&detail["rows"], &detail["format"]), (&json!(3), &json!("csv")));
    assert_eq!(detail["personal"], json!([]));
    // People open it in a spreadsheet, where no cell may run.
    let opened = list(&t, &lead, &of, "external_id,tag:LEVEL", MembersFile::Spreadsheet).await;
    assert_eq!(opened.unwrap_err().status(), 422, "no such tag");
    let opened = list(&t, &lead, &of, "external_id", MembersFile::Spreadsheet)
        .await
        .unwrap();
    assert_eq!(opened, "\u{feff}external_id\r\n'=a\r\nb\r\nc\r\n");
    t.close().await;
}

#[tokio::test]
async fn personal_columns_need_their_right_and_the_refusal_names_them() {
    let t = testing::engine().await;
    t.publish(&DATA).await;
    let of = everybody(&t).await;
    let (lead, trusted) = (person(Role::Lead, false), person(Role::Lead, true));
    for column in ["name", "email", "phone", "birth_date", "attributes.wechat"] {
        let asked = format!("external_id,{column}");
        let refused = list(&t, &lead, &of, &asked, MembersFile::Program).await.unwrap_err();
        assert_eq!(refused.status(), 403);
        assert!(
            refused.to_string().contains(&format!("\u{201c}{column}\u{201d}")),
            "{refused}"
        );
    }
    assert_eq!(
        list(&t, &trusted, &of, "name,email,birth_date", MembersFile::Spreadsheet)
            .await
            .unwrap(),
        "\u{feff}name,email,birth_date\r\n'=1+1,a@shop.example,1990-05-17\r\n\"Bo, the \"\"second\"\"\",,\r\n,,\r\n"
    );
    assert_eq!(
        last_logged(&t).await["personal"],
        json!(["name", "email", "birth_date"])
    );
    let manager = person(Role::Manager, true);
    let refused = list(&t, &manager, &of, "city", MembersFile::Program).await.unwrap_err();
    assert_eq!(refused.to_string(), Error::Forbidden(Right::Export).to_string());
    for (asked, reason) in [("nothing", "no column"), ("city,city", "twice"), (" , ", "names no")] {
        let refused = list(&t, &lead, &of, asked, MembersFile::Program).await.unwrap_err();
        assert!(
            refused.status() == 422 && refused.to_string().contains(reason),
            "{refused}"
        );
    }
    let offered = member_columns(&t.engine, &lead, None).await.unwrap();
    let personal: Vec<&str> = offered
        .iter()
        .filter(|of| !of.allowed)
        .map(|of| of.key.as_str())
        .collect();
    assert_eq!(personal, ["name", "email", "phone", "birth_date", "attributes.wechat"]);
    assert!(
        member_columns(&t.engine, &trusted, None)
            .await
            .unwrap()
            .iter()
            .all(|of| of.allowed)
    );
    t.close().await;
}

#[tokio::test]
async fn a_run_says_what_it_found_beside_what_is_known_now() {
    let t = testing::engine().await;
    t.publish(&DATA).await;
    let lead = person(Role::Lead, false);
    let asked = serde_json::from_str(r#"{"method": "rfm", "as_of": "2026-03-31"}"#).unwrap();
    let started = start_run(&t.engine, &lead, asked).await.unwrap();
    queue::run_one(&t.engine, started.job_id).await.unwrap();
    // One customer moves, another one goes.
    t.publish(&[
        "update customers set city = 'Lyon' where customer_no = 1",
        "delete from orders where customer_no = 2",
        "delete from customers where customer_no = 2",
    ])
    .await;
    let of = MembersOf::Run {
        run: started.run_id,
        segment: None,
    };
    let found = list(
        &t,
        &lead,
        &of,
        "external_id,frequency,orders,city,rfm.segment",
        MembersFile::Program,
    )
    .await;
    let found = found.unwrap();
    let lines: Vec<&str> = found.lines().collect();
    assert!(lines[1].starts_with("=a,2,2,Lyon,"), "{found}");
    assert!(lines[2].starts_with("b,1,,,"), "{found}");
    let group = lines[1].rsplit(',').next().unwrap().to_owned();
    let offered = member_columns(&t.engine, &lead, Some(started.run_id)).await.unwrap();
    let usual = offered
        .iter()
        .filter(|of| of.usual)
        .map(|of| of.key.as_str())
        .collect::<Vec<_>>();
    assert_eq!(
        usual,
        [
            "external_id",
            "segment",
            "r",
            "f",
            "m",
            "recency",
            "frequency",
            "monetary"
        ]
    );
    assert!(
        offered
            .iter()
            .any(|of| of.kind == ColumnKind::Model && of.key == "rfm.r")
    );
    let one = MembersOf::Run {
        run: started.run_id,
        segment: Some(group.clone()),
    };
    let found = list(&t, &lead, &one, "segment,external_id", MembersFile::Program)
        .await
        .unwrap();
    assert!(found.contains(&format!("{group},=a\r\n")), "{found}");
    assert_eq!(last_logged(&t).await["segment"], json!(group));
    let nobody = MembersOf::Run {
        run: started.run_id,
        segment: Some("nobody".to_owned()),
    };
    assert_eq!(
        list(&t, &lead, &nobody, "city", MembersFile::Program)
            .await
            .unwrap_err()
            .status(),
        422
    );
    t.close().await;
}

#[tokio::test]
async fn a_workbook_holds_the_same_as_texts_numbers_and_days() {
    use std::io::Read;
    let t = testing::engine().await;
    t.publish(&DATA).await;
    let of = everybody(&t).await;
    let trusted = person(Role::Lead, true);
    let columns = Some("external_id,name,spend,last_order_at");
    let mut file = take_out_xlsx(&t.engine, &trusted, &of, columns).await.unwrap();
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).unwrap();
    let mut book = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut sheet = String::new();
    book.by_name("xl/worksheets/sheet1.xml")
        .unwrap()
        .read_to_string(&mut sheet)
        .unwrap();
    assert!(
        sheet.contains("<is><t>=1+1</t></is>") && !sheet.contains("<f>"),
        "{sheet}"
    );
    assert!(
        sheet.contains("<v>30.5</v>") && sheet.contains("<v>46084</v>"),
        "{sheet}"
    );
    assert_eq!(sheet.matches("<row ").count(), 4);
    assert_eq!(last_logged(&t).await["format"], "xlsx");
    let mut file = take_out_xlsx(&t.engine, &trusted, &of, None).await.unwrap();
    assert!(file.metadata().unwrap().len() > 1000 && file.read(&mut [0]).unwrap() == 1);
    t.close().await;
}
