use super::one::Loaded;
use super::{demo, list, map, one, quality, undo};
use crate::i18n::Lang;
use crate::testing::{context, html};
use crate::ui::faults::Faults;
use std::collections::BTreeMap;
use types::jobs::{Job, JobKind, JobState};
use types::problems::Page as Slice;
use types::uploads::{
    DateOrder, Fault, FaultCode, FieldChange, FieldProfile, KnownGroups, Mapping, Preview, PreviewColumn, ReadAs,
    Reading, RecordCounts, RejectedRow, RowCounts, Source, UndoCounts, Upload, UploadKind, UploadOptions, UploadState,
    ValueCount,
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
        changes: Vec::new(),
        same: None,
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
        0,
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
        3,
    ));
    for part in [
        "订单 2026.csv",
        "a3f5c0ff",
        "有 3 次上传是演示数据",
        r#"href="/uploads/demo""#,
        r#"href="/uploads/quality""#,
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
    let faults = vec![
        Fault::of("total", FaultCode::NotANumber).value("x"),
        Fault::of("order_id", FaultCode::Missing),
    ];
    let rejects = vec![RejectedRow::stored(
        31,
        String::new(),
        String::new(),
        vec!["A1".into(), "x".into()],
        Some(faults),
    )];
    let upload = upload(UploadState::Committed, counted());
    let loaded = Loaded {
        rejects,
        ..loaded(upload)
    };
    let page = html(one::view(&context(Lang::En), loaded));
    for part in [
        "1,000 rows read, 10 rejected.",
        "“x” is not a number. Look how numbers are written",
        "Total, Order id",
        "/uploads/7/rejects.csv",
        "/uploads/7/undo",
        "GB18030 · tab",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("style="), "{page}");
}

#[test]
fn reasons_are_said_in_the_readers_language() {
    let fault = Fault::of("total", FaultCode::NotANumber).value("x");
    let rejects = vec![RejectedRow::stored(
        31,
        "total".into(),
        String::new(),
        vec!["x".into()],
        Some(vec![fault]),
    )];
    let mut failed = upload(UploadState::Failed, counted());
    failed.error = Some("The file has a header and no rows below it.".into());
    let page = html(one::view(
        &context(Lang::ZhCn),
        Loaded {
            rejects,
            ..loaded(failed)
        },
    ));
    assert!(
        page.contains("“x” 不是数字") && page.contains("文件只有表头，没有数据行。"),
        "{page}"
    );
}

#[test]
fn a_check_says_what_would_be_and_what_differs_and_imports_with_one_button() {
    let filled = |rows, filled| FieldProfile {
        rows,
        filled,
        mean: None,
    };
    let change = |field: &str, now| FieldChange {
        field: field.into(),
        now: filled(1_000, now),
        before: filled(5_000, 4_750),
        uploads: 3,
        of_means: false,
    };
    let changes = vec![change("age", 200), change("city", 0), change("income", 0)];
    let same = Some(upload(UploadState::Committed, counted()));
    let mut tried = upload(UploadState::Ready, counted());
    tried.mapping = Mapping::from([
        ("order_id".into(), Source::Name("No".into())),
        (
            "city".into(),
            Source::Constant {
                constant: "Berlin".into(),
            },
        ),
    ]);
    tried.options.date_order = Some(DateOrder::DayMonthYear);
    let page = html(one::view(
        &context(Lang::En),
        Loaded {
            changes,
            same,
            ..loaded(tried)
        },
    ));
    for part in [
        "20.0\u{202f}% of 1,000 rows have it, before 95.0\u{202f}% of 5,000",
        "Not in this file, but in the 3 uploads before it: City, Income.",
        "The same file was uploaded on 22 Nov 2026",
        r#"action="/uploads/7/commit""#,
        "Records that an import would touch",
        "“Berlin” for every row",
        "Dates are written: day, month, year",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
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

fn preview() -> Preview {
    let column = |name: &str, samples: &[&str]| PreviewColumn {
        name: name.into(),
        samples: samples.iter().map(|sample| (*sample).to_owned()).collect(),
        filled: samples.len() as i64,
        ..PreviewColumn::default()
    };
    let value = |value: &str, ours: Option<&str>| ValueCount {
        value: value.into(),
        count: 4,
        alike: None,
        ours: ours.map(str::to_owned),
    };
    Preview {
        encoding: "GB18030".into(),
        delimiter: ",".into(),
        rows: 8,
        columns: vec![
            column("订单号", &["A1001"]),
            PreviewColumn {
                values: vec![value("已付款", Some("paid")), value("特殊", None)],
                ..column("状态", &["已付款", "特殊"])
            },
            PreviewColumn {
                reading: Reading::Date {
                    order: DateOrder::DayMonthYear,
                    sure: false,
                    first: vec![ReadAs {
                        cell: "5/2/2010".into(),
                        date: "2010-02-05".parse().ok(),
                        number: None,
                    }],
                },
                ..column("日期", &["5/2/2010"])
            },
            column("备注", &["急"]),
        ],
        suggestion: Mapping::from([
            ("order_id".into(), Source::Name("订单号".into())),
            ("ordered_at".into(), Source::Name("日期".into())),
            (
                "status".into(),
                Source::Column {
                    column: "状态".into(),
                    values: BTreeMap::from([("特殊".into(), "paid".into()), ("退".into(), "returned".into())]),
                },
            ),
        ]),
        ..Preview::default()
    }
}

fn mapping_page(lang: Lang, kind: UploadKind, preview: Preview, faults: Faults) -> String {
    let upload = Upload {
        kind,
        ..upload(UploadState::Received, RowCounts::default())
    };
    let loaded = map::Loaded {
        upload,
        preview,
        same: None,
    };
    html(map::view(&context(lang), loaded, faults))
}

#[test]
fn the_mapping_starts_with_the_suggestion_and_shows_how_values_are_read() {
    let page = mapping_page(Lang::En, UploadKind::Orders, preview(), Faults::default());
    for part in [
        r#"action="/uploads/7/import""#,
        "Order id *",
        "订单号 · A1001",
        "退 = returned",
        r#"name="mode" value="dry_run""#,
        r#"name="mode" value="look""#,
        "as found: GB18030",
        "as found: 22/11/2026, a guess",
        "<b>5 Feb 2010</b>",
        "a guess, please check",
        "not all are known",
        "paid (recognised)",
        r#"name="value:status:特殊""#,
        "1 column is left out",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains(r#"name="attribute:"#), "{page}");
    assert!(
        page.contains(r#"name="widths""#) && !page.contains(r#"name="sheet""#),
        "{page}"
    );
    let chosen = |of: &str| {
        let select = page
            .split("<select")
            .find(|select| select.contains(of))
            .unwrap_or_default();
        select.split("</select>").next().unwrap_or_default().to_owned()
    };
    assert!(
        chosen("column:order_id").contains(r#"<option value="订单号" selected"#),
        "{page}"
    );
    assert!(
        chosen("value:status:特殊").contains(r#"<option value="paid" selected"#),
        "{page}"
    );
}

#[test]
fn what_is_known_of_the_file_is_said_first() {
    let known = Preview {
        saved_at: "2026-11-01T08:00:00Z".parse().ok(),
        known_groups: Some(KnownGroups {
            groups: 800,
            differing: 40,
        }),
        ..preview()
    };
    let page = mapping_page(Lang::En, UploadKind::OrderLines, known, Faults::default());
    for part in [
        "imported on 1 Nov 2026",
        "40 of 800 groups",
        r##"href="#groups""##,
        r#"id="groups""#,
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let page = mapping_page(Lang::ZhCn, UploadKind::Customers, preview(), Faults::default());
    assert!(
        page.contains(r#"name="attribute:备注""#) && page.contains("22/11/2026（推测）"),
        "{page}"
    );
}

#[test]
fn a_field_without_a_column_is_marked_and_the_choice_is_kept() {
    let faults = Faults::with([("ordered_at".to_owned(), "Choose a column.".to_owned())]);
    let page = mapping_page(Lang::En, UploadKind::Orders, preview(), faults);
    for part in [
        r#"aria-invalid="true""#,
        r#"aria-describedby="column-ordered_at-fault""#,
        r#"id="column-ordered_at-fault""#,
        "What you chose is kept",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
}

#[test]
fn quality_has_a_base_for_every_figure() {
    use types::uploads::quality::{Finding, Freshness, Missing, Quality, QualityReport};
    let finding = Finding {
        check: "delivered_before_order".into(),
        table: "orders".into(),
        count: 12,
        of: 4_800,
        examples: vec!["A1".into(), "A2".into()],
    };
    let missing = |field: &str, missing| Missing {
        table: "customers".into(),
        field: field.into(),
        missing,
        of: 200,
    };
    let quality = Quality {
        data_version: 3,
        checked_at: "2026-11-22T08:14:00Z".parse().unwrap(),
        freshness: vec![Freshness {
            table: "orders".into(),
            records: 4_800,
            latest: "2026-11-21T08:14:00Z".parse().ok(),
        }],
        missing: vec![missing("age", 50), missing("income", 200)],
        impossible: vec![finding],
        unmatched: Vec::new(),
    };
    let report = QualityReport {
        quality: Some(quality),
        published: 3,
        job_id: None,
        uploads: Vec::new(),
        changes: Vec::new(),
    };
    let page = html(quality::view(&context(Lang::En), quality::Loaded { report, job: None }));
    for part in [
        "1 kind of thing looks wrong. Checked on 22 Nov 2026",
        "Delivered before ordered",
        "0.25\u{202f}% of 4,800 (Orders)",
        "A1, A2",
        "25.0\u{202f}%",
        "Never filled: Income.",
        "Everything that is named is described by a file.",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
}

#[test]
fn demo_data_says_what_goes_before_it_goes() {
    let page = html(demo::view(
        &context(Lang::En),
        vec![upload(UploadState::Committed, counted())],
    ));
    assert!(
        page.contains("1 upload with 990 rows") && page.contains(r#"action="/uploads/demo""#),
        "{page}"
    );
    let page = html(demo::view(&context(Lang::En), Vec::new()));
    assert!(
        page.contains("There is no demo data") && !page.contains("<form method=\"post\" action=\"/uploads/demo"),
        "{page}"
    );
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

/// A large upload: the effect is being worked out, and nothing can be pressed before it is known.
#[test]
fn the_effect_of_undoing_a_large_upload_is_waited_for() {
    let job = |state: JobState| Job {
        id: 9,
        kind: JobKind::UndoUpload,
        state,
        step: Some("undoing".into()),
        done: 3,
        total: 11,
        step_seconds: Some(6.0),
        error: (state == JobState::Failed)
            .then(|| "The disk is full. Nothing was changed; free some space and try again.".into()),
        attempts: 1,
        created_at: "2026-11-22T08:00:00Z".parse().unwrap(),
        started_at: None,
        finished_at: None,
        requested_by: "mei@shop.example".into(),
        subject: "/uploads/7/undo".into(),
        cancel_requested: false,
    };
    let shown = |lang, job| {
        html(undo::looking(
            &context(lang),
            upload(UploadState::Committed, counted()),
            Some(job),
        ))
    };
    let page = shown(Lang::En, job(JobState::Running));
    assert!(
        page.contains("Taking the rows out") && page.contains("3 of 11"),
        "{page}"
    );
    assert!(page.contains("about 16 s left"), "{page}");
    assert!(!page.contains(r#"action="/uploads/7/undo""#), "{page}");
    let page = shown(Lang::ZhCn, job(JobState::Failed));
    assert!(
        page.contains("未能得出结果") && page.contains("磁盘已满") && page.contains(r#"action="/jobs/9/retry""#),
        "{page}"
    );
}

#[test]
fn a_file_of_which_a_part_has_arrived_is_no_file_yet() {
    let mut part = upload(UploadState::Received, RowCounts::default());
    (part.sha256, part.size_bytes) = (String::new(), 8_400_000);
    let page = html(one::view(&context(Lang::En), loaded(part)));
    assert!(
        page.contains("8.4") && page.contains("of this file have arrived"),
        "{page}"
    );
    assert!(
        page.contains("/uploads/new?kind=orders") && !page.contains("/uploads/7/map"),
        "{page}"
    );
}
