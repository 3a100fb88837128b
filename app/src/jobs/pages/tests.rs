//! Job pages in both languages, from hand-made data.

use super::{list, one};
use crate::i18n::Lang;
use crate::testing::{context, html};
use types::jobs::{Job, JobKind, JobState};
use types::problems::Page as Part;

fn job(state: JobState) -> Job {
    Job {
        id: 7,
        kind: JobKind::ImportFile,
        state,
        step: Some("merging".into()),
        done: 1_200,
        total: 5_000,
        step_seconds: None,
        error: (state == JobState::Failed).then(|| "Column total is no number in row 12.".into()),
        attempts: 1,
        created_at: "2026-11-22T08:00:00Z".parse().unwrap(),
        started_at: "2026-11-22T08:00:01Z".parse().ok(),
        finished_at: state.is_finished().then(|| "2026-11-22T08:03:06Z".parse().unwrap()),
        requested_by: "mei@shop.example".into(),
        subject: "/uploads/4".into(),
        cancel_requested: false,
    }
}

#[test]
fn a_failed_job_says_why_and_offers_another_try() {
    let page = html(one::view(&context(Lang::En), job(JobState::Failed)));
    assert!(page.contains("Column total is no number in row 12."), "{page}");
    assert!(page.contains(r#"action="/jobs/7/retry""#), "{page}");
    assert!(html(one::view(&context(Lang::ZhCn), job(JobState::Failed))).contains("任务失败"));
}

#[test]
fn a_running_job_shows_step_count_and_the_way_to_stop_it() {
    let page = html(one::view(&context(Lang::En), job(JobState::Running)));
    assert!(
        page.contains("Merging the rows") && page.contains("1,200 of 5,000"),
        "{page}"
    );
    // The words are there for the script; the line does not say them.
    let (_, line) = page.split_once(r#"class="progress""#).unwrap();
    assert!(!line.contains("per second"), "tables per second say nothing: {line}");
    assert!(
        page.contains(r#"action="/jobs/7/cancel""#) && !page.contains("/jobs/7/retry"),
        "{page}"
    );
}

/// The line is made on the server, so it says so without a script, too.
#[test]
fn an_import_says_how_many_rows_a_second_and_how_long_still() {
    let mut import = job(JobState::Running);
    (import.step, import.step_seconds) = (Some("reading".into()), Some(4.0));
    let page = html(one::view(&context(Lang::En), import.clone()));
    assert!(page.contains("300 rows per second"), "{page}");
    assert!(page.contains("about 13 s left"), "{page}");
    let page = html(one::view(&context(Lang::ZhCn), import));
    assert!(page.contains("每秒 300 行") && page.contains("约剩 13 秒"), "{page}");
}

fn files() -> list::Files {
    list::Files::from([("/uploads/4".to_owned(), "autumn orders.csv".to_owned())])
}

#[test]
fn the_history_names_jobs_and_what_they_were_about() {
    let part = Part {
        items: vec![job(JobState::Running), job(JobState::Succeeded)],
        next: Some("6".into()),
    };
    let page = html(list::view(&context(Lang::En), part.clone(), files()));
    for text in ["Import of a file", "Upload 4", "autumn orders.csv"] {
        assert!(page.contains(text), "{text}: {page}");
    }
    assert!(
        page.contains("3\u{202f}min 05\u{202f}s") && page.contains("/jobs?before=6"),
        "{page}"
    );
    let page = html(list::view(&context(Lang::ZhCn), part, list::Files::new()));
    assert!(page.contains("导入文件") && page.contains("上传 4"), "{page}");
}

#[test]
fn without_jobs_the_page_says_what_will_stand_here() {
    let page = html(list::view(
        &context(Lang::En),
        Part {
            items: Vec::new(),
            next: None,
        },
        list::Files::new(),
    ));
    assert!(page.contains("No job yet"), "{page}");
}

#[test]
fn the_reason_of_a_failure_is_said_in_the_readers_language() {
    let mut failed = job(JobState::Failed);
    failed.error = Some("The disk is full. Nothing was changed; free some space and try again.".into());
    let part = Part {
        items: vec![failed.clone()],
        next: None,
    };
    for page in [
        html(one::view(&context(Lang::ZhCn), failed)),
        html(list::view(&context(Lang::ZhCn), part, files())),
    ] {
        assert!(page.contains("磁盘已满") && !page.contains("disk"), "{page}");
    }
}
