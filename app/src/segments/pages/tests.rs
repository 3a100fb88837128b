use super::list::{Loaded, view};
use crate::i18n::Lang;
use crate::testing::{context, day, html, manager};
use types::jobs::{Job, JobKind, JobState};
use types::runs::RunDetails;
use types::segments::{Method, Quality, RfmProfile, Run, RunSegment, RunState};

fn group(key: &str, size: i64, total: f64) -> RunSegment {
    let profile = RfmProfile {
        recency_median: 7.0,
        frequency_mean: 4.2,
        monetary_total: total,
        ..RfmProfile::default()
    };
    RunSegment {
        key: key.into(),
        name: key.into(),
        own_name: false,
        size,
        share: size as f64 / 1_000.0,
        profile,
        traits: Vec::new(),
    }
}

fn run(id: i64, state: RunState) -> Run {
    Run {
        id,
        job_id: 3,
        method: Method::Rfm,
        params: serde_json::Map::new(),
        seed: 1,
        as_of: Some(day("2026-11-22")),
        state,
        quality: Quality::default(),
        details: RunDetails::default(),
        segments: vec![group("champions", 83, 340.0), group("at_risk", 917, 660.0)],
        data_version: 318,
        data_as_of: None,
        currency: "EUR".into(),
        outdated: false,
        current: true,
        covered: 1_000,
        customers: 1_000,
        created_at: "2026-11-22T08:14:00Z".parse().unwrap(),
        duration_ms: Some(1_840),
        requested_by: "mei@shop.example".into(),
    }
}

fn running() -> Job {
    Job {
        id: 3,
        kind: JobKind::RunSegmentation,
        state: JobState::Running,
        step: Some("scoring".into()),
        done: 400,
        total: 1_000,
        step_seconds: None,
        error: None,
        attempts: 1,
        created_at: "2026-11-22T08:14:00Z".parse().unwrap(),
        started_at: None,
        finished_at: None,
        requested_by: "mei@shop.example".into(),
        subject: "/segments/runs/8".into(),
        cancel_requested: false,
    }
}

#[test]
fn the_page_opens_with_where_the_value_is() {
    let page = view(
        &context(Lang::En),
        Loaded {
            shown: Some(run(7, RunState::Done)),
            runs: vec![run(7, RunState::Done)],
            jobs: Vec::new(),
            schedules: Vec::new(),
        },
    );
    let html = html(page);
    let lead = "Champions are 8.3\u{202f}% of the customers and bring 34.0\u{202f}% of the value; 917 good customers are slipping away.";
    assert!(html.contains(lead), "{html}");
    assert!(
        html.contains("/portraits?segment=run:7:champions&amp;baseline=all"),
        "{html}"
    );
    assert!(
        html.contains("/segments/runs/7/members.csv?segment=champions"),
        "{html}"
    );
    assert!(html.contains("/charts/segment-worth-7.svg"), "{html}");
    assert!(!html.contains("style="), "{html}");
}

#[test]
fn a_run_that_goes_on_shows_its_job_above_the_groups_before() {
    let runs = vec![run(8, RunState::Running), run(7, RunState::Done)];
    let html = html(view(
        &context(Lang::ZhCn),
        Loaded {
            shown: Some(run(7, RunState::Done)),
            runs,
            jobs: vec![running()],
            schedules: Vec::new(),
        },
    ));
    assert!(
        html.contains("正在分群") && html.contains(r#"action="/jobs/3/cancel""#),
        "{html}"
    );
    assert!(html.contains("冠军客户"), "{html}");
}

#[test]
fn without_a_run_the_page_offers_the_one_button() {
    let html = html(view(
        &context(Lang::En),
        Loaded {
            shown: None,
            runs: Vec::new(),
            jobs: Vec::new(),
            schedules: Vec::new(),
        },
    ));
    assert!(
        html.contains("No segmentation yet") && html.contains(r#"action="/segments/run""#),
        "{html}"
    );
}

#[test]
fn members_are_for_those_who_may_export() {
    let html = html(view(
        &manager(Lang::En),
        Loaded {
            shown: Some(run(7, RunState::Done)),
            runs: vec![run(7, RunState::Done)],
            jobs: Vec::new(),
            schedules: Vec::new(),
        },
    ));
    assert!(
        !html.contains("members.csv") && !html.contains("/reports/segments"),
        "{html}"
    );
    assert!(html.contains("/portraits?segment=run:7:at_risk"), "{html}");
}
