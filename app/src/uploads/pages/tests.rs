use super::one::Loaded;
use super::{list, map, one, undo};
use crate::i18n::Lang;
use crate::testing::{context, html};
use std::collections::BTreeMap;
use types::problems::Page as Slice;
use types::uploads::{
    Mapping, Preview, PreviewColumn, RecordCounts, RejectedRow, RowCounts, Source, UndoCounts, Upload, UploadKind,
    UploadOptions, UploadState,
};

fn upload(state: UploadState, rows: RowCounts) -> Upload {
    Upload {
        id: 7,
        kind: UploadKind::Orders,
        name: "订单 2026.csv".into(),
        state,
        rows,
        records: BTreeMap::from([(
            "orders".into(),
            RecordCounts {
                created: 990,
                updated: 0,
            },
        )]),
        encoding: Some("GB18030".into()),
        delimiter: Some("\t".into()),
        mapping: Mapping::new(),
        options: UploadOptions::default(),
        sha256: "a3f5c0ffee1234567890".into(),
        size_bytes: 64_200_000,
        started_at: None,
        finished_at: None,
        error: None,
        created_at: "2026-11-22T08:14:00Z".parse().unwrap(),
        uploaded_by: "mei@shop.example".into(),
        job_id: None,
        same_as: None,
    }
}

fn counted() -> RowCounts {
    RowCounts {
        read: 1_000,
        created: 990,
        rejected: 10,
        ..RowCounts::default()
    }
}

fn loaded(upload: Upload) -> Loaded {
    Loaded {
        upload,
        job: None,
        rejects: Vec::new(),
    }
}

#[test]
fn without_uploads_the_page_says_where_to_start() {
    let html = html(list::view(
        &context(Lang::En),
        Slice {
            items: Vec::new(),
            next: None,
        },
    ));
    assert!(
        html.contains("Nothing uploaded yet") && html.contains(r#"href="/uploads/new""#),
        "{html}"
    );
}

#[test]
fn the_list_counts_rows_and_leads_on() {
    let items = vec![upload(UploadState::Committed, counted())];
    let html = html(list::view(
        &context(Lang::ZhCn),
        Slice {
            items,
            next: Some("7".into()),
        },
    ));
    for part in [
        "订单 2026.csv",
        "已导入",
        "64.2\u{202f}MB",
        "/uploads/7#rejects",
        "/uploads?before=7",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
}

#[test]
fn rejected_rows_are_shown_with_their_reason_and_their_file() {
    let rejects = vec![RejectedRow {
        row: 31,
        field: "total".into(),
        reason: "“x” is not a number".into(),
        cells: vec!["A1".into(), "x".into()],
    }];
    let upload = upload(UploadState::Committed, counted());
    let html = html(one::view(
        &context(Lang::En),
        Loaded {
            upload,
            job: None,
            rejects,
        },
    ));
    for part in [
        "1,000 rows read, 10 rejected.",
        "“x” is not a number",
        "/uploads/7/rejects.csv",
        "/uploads/7/undo",
        "GB18030 · tab",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert!(!html.contains("style="), "{html}");
}

#[test]
fn each_state_offers_what_can_be_done_next() {
    let page = |state, rows| html(one::view(&context(Lang::En), loaded(upload(state, rows))));
    assert!(page(UploadState::Received, RowCounts::default()).contains(r#"href="/uploads/7/map""#));
    assert!(page(UploadState::Ready, counted()).contains(r#"action="/uploads/7/commit""#));
    assert!(page(UploadState::Undone, counted()).contains("This upload was taken back."));
    let mut failed = upload(UploadState::Failed, RowCounts::default());
    failed.error = Some("The file ends inside a quoted cell.".into());
    let html = html(one::view(&context(Lang::En), loaded(failed)));
    assert!(
        html.contains("The file ends inside a quoted cell.") && html.contains("Nothing of this file was written."),
        "{html}"
    );
}

#[test]
fn the_mapping_starts_with_the_suggestion() {
    let column = |name: &str, samples: &[&str]| PreviewColumn {
        name: name.into(),
        samples: samples.iter().map(|sample| (*sample).to_owned()).collect(),
    };
    let preview = Preview {
        encoding: "GB18030".into(),
        delimiter: ",".into(),
        sheets: Vec::new(),
        sheet: None,
        columns: vec![column("订单号", &["A1001"]), column("状态", &["已付款", "已取消"])],
        suggestion: Mapping::from([
            ("order_id".into(), Source::Name("订单号".into())),
            (
                "status".into(),
                Source::Column {
                    column: "状态".into(),
                    values: BTreeMap::from([("已付款".into(), "paid".into())]),
                },
            ),
        ]),
    };
    let html = html(map::view(
        &context(Lang::En),
        upload(UploadState::Received, RowCounts::default()),
        preview,
    ));
    for part in [
        r#"action="/uploads/7/import""#,
        "Order id *",
        "订单号 · A1001",
        "已付款 = paid",
        r#"name="mode" value="dry_run""#,
        "as found: GB18030",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert!(html.contains(r#"name="widths""#) && !html.contains(r#"name="sheet""#));
    let chosen = html
        .split("<select")
        .find(|select| select.contains("column:order_id"))
        .unwrap_or_default();
    let chosen = chosen.split("</select>").next().unwrap_or_default();
    assert!(chosen.contains(r#"<option value="订单号" selected"#), "{chosen}");
}

#[test]
fn undo_says_its_effect_before_it_happens() {
    let effect = BTreeMap::from([(
        "orders".to_owned(),
        UndoCounts {
            removed: 4_372,
            changed: 12,
        },
    )]);
    let html = html(undo::view(
        &context(Lang::En),
        upload(UploadState::Committed, counted()),
        effect,
    ));
    assert!(
        html.contains("4,372") && html.contains("Nothing has been done yet."),
        "{html}"
    );
    assert!(html.contains(r#"method="post" action="/uploads/7/undo""#), "{html}");
}
