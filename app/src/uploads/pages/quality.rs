//! How good the data is: how new, how complete, what cannot be, what refers to nothing, what changed suddenly. Every figure has its base.

use super::{kind_name, outcome, reasons};
use crate::context::PageContext;
use crate::i18n::named;
use crate::jobs::pages as jobs;
use crate::page::{Nav, Page};
use crate::t;
use crate::ui::button::post_button;
use crate::ui::{ButtonLook, Card, Cell, Column, Head, Icon, Notice, Table, Tone, empty};
use crate::visit::Visit;
use axum::response::Response;
use engine::Error;
use engine::uploads;
use leptos::prelude::*;
use types::jobs::Job;
use types::uploads::UploadKind;
use types::uploads::quality::{Finding, Missing, Quality, QualityReport, UploadChanges};

pub(super) struct Loaded {
    pub report: QualityReport,
    pub job: Option<Job>,
}

pub async fn quality(visit: Visit) -> Response {
    let loaded = load(&visit, false).await;
    let page = loaded.map(|loaded| view(&visit.context, loaded));
    visit.show(page).await
}

/// After a check that has failed: once more.
pub async fn check_quality(visit: Visit) -> Response {
    let started = load(&visit, true).await;
    visit.go(started.map(|_| "/uploads/quality".to_owned())).await
}

/// Opening the page asks for a check when the newest is of older data.
async fn load(visit: &Visit, again: bool) -> Result<Loaded, Error> {
    let job = uploads::quality::start_check(visit.engine(), &visit.actor, again).await?;
    let report = uploads::quality::report(visit.engine(), &visit.actor).await?;
    Ok(Loaded { report, job })
}

pub(super) fn view(context: &PageContext, loaded: Loaded) -> Page {
    let context = context.clone();
    Page::new(t!(context.lang, "quality-title"), Nav::Uploads, move || {
        let (context, Loaded { report, job }) = (&context, &loaded);
        let lang = context.lang;
        let up = (t!(lang, "nav-uploads"), "/uploads".to_owned());
        if report.published == 0 {
            return view! {
                <Head title=t!(lang, "quality-title") up=up/>
                {empty(Icon::Upload, t!(lang, "quality-empty"), t!(lang, "quality-empty-text"), Some(super::upload_button(lang)))}
            }
            .into_any();
        }
        let body = report.quality.as_ref().map(|quality| {
            view! {
                {fresh(context, quality, report)}
                {findings(context, t!(lang, "quality-impossible"), t!(lang, "quality-impossible-sub"), t!(lang, "quality-impossible-none"), &quality.impossible)}
                {changed(context, &report.changes)}
                {findings(context, t!(lang, "quality-unmatched"), t!(lang, "quality-unmatched-sub"), t!(lang, "quality-unmatched-none"), &quality.unmatched)}
                {missing(context, quality)}
            }
            .into_any()
        });
        view! {
            <Head title=t!(lang, "quality-title") lead=lead(context, report) up=up/>
            {job.as_ref().map(|job| state(context, job))}
            {body}
        }
        .into_any()
    })
}

fn lead(context: &PageContext, report: &QualityReport) -> String {
    let (lang, format) = (context.lang, &context.format);
    let Some(quality) = &report.quality else {
        return t!(lang, "quality-lead-first");
    };
    let odd = quality.impossible.len() as i64;
    let time = format.time(quality.checked_at);
    if quality.data_version < report.published {
        return t!(lang, "quality-lead-old", time = time);
    }
    t!(lang, "quality-lead", n = odd, count = format.number(odd), time = time)
}

fn state(context: &PageContext, job: &Job) -> AnyView {
    let lang = context.lang;
    if !job.state.is_finished() {
        let line = jobs::progress(context, job, "/uploads/quality".into());
        return view! { <Card title=jobs::kind(lang, job.kind)>{line}</Card> }.into_any();
    }
    let why = job
        .error
        .clone()
        .map(|error| reasons::of_file(lang, &error))
        .unwrap_or_default();
    view! {
        <Notice tone=Tone::Bad title=t!(lang, "quality-failed") text=why>
            {post_button(ButtonLook::Plain, None, "/uploads/quality", t!(lang, "quality-again"))}
        </Notice>
    }
    .into_any()
}

fn fresh(context: &PageContext, quality: &Quality, report: &QualityReport) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let there = quality.freshness.iter().filter(|fresh| fresh.records > 0);
    let rows = there.map(|fresh| {
        let newest = report.uploads.iter().find(|upload| upload.kind.as_str() == fresh.table);
        let upload = match newest {
            Some(upload) => Cell::Link(
                format.time_or_none(upload.finished_at),
                format!("/uploads/{}", upload.upload_id),
            ),
            None => Cell::Muted(t!(lang, "quality-by-reference")),
        };
        vec![
            Cell::text(named(lang, "table-", &fresh.table)),
            Cell::text(format.number(fresh.records)),
            Cell::text(format.time_or_none(fresh.latest)),
            upload,
        ]
    });
    let table = Table::new(vec![
        Column::text(t!(lang, "records-table")),
        Column::number(t!(lang, "quality-records")),
        Column::number(t!(lang, "quality-latest")),
        Column::number(t!(lang, "quality-upload")).wide_only(),
    ])
    .rows(rows)
    .caption(t!(lang, "quality-fresh"))
    .view();
    view! { <Card title=t!(lang, "quality-fresh") subtitle=t!(lang, "quality-fresh-sub")>{table}</Card> }.into_any()
}

fn findings(context: &PageContext, title: String, subtitle: String, none: String, findings: &[Finding]) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    if findings.is_empty() {
        return view! { <Card title=title subtitle=subtitle><p class="muted">{none}</p></Card> }.into_any();
    }
    let rows = findings.iter().map(|finding| {
        let share = finding.count as f64 / finding.of.max(1) as f64;
        let of = t!(
            lang,
            "quality-of",
            share = format.percent(share),
            count = format.number(finding.of),
            table = named(lang, "table-", &finding.table)
        );
        let examples = finding.examples.join(t!(lang, "list-separator").as_str());
        vec![
            Cell::Two(
                named(lang, "check-", &finding.check),
                named(lang, "check-does-", &finding.check),
            ),
            Cell::Two(format.number(finding.count), of),
            Cell::Muted(examples),
        ]
    });
    let table = Table::new(vec![
        Column::text(t!(lang, "quality-what")),
        Column::number(t!(lang, "quality-count")),
        Column::text(t!(lang, "quality-examples")).wide_only(),
    ])
    .rows(rows)
    .caption(title.clone())
    .view();
    view! { <Card title=title subtitle=subtitle>{table}</Card> }.into_any()
}

fn changed(context: &PageContext, changes: &[UploadChanges]) -> AnyView {
    let lang = context.lang;
    let (title, subtitle) = (t!(lang, "quality-changes"), t!(lang, "quality-changes-sub"));
    if changes.is_empty() {
        return view! { <Card title=title subtitle=subtitle><p class="muted">{t!(lang, "quality-changes-none")}</p></Card> }.into_any();
    }
    let rows = changes.iter().flat_map(|upload| {
        outcome::changes_said(context, &upload.changes).into_iter().map(|said| {
            vec![
                Cell::LinkTwo(
                    upload.name.clone(),
                    format!("/uploads/{}", upload.upload_id),
                    kind_name(lang, upload.kind),
                ),
                Cell::text(said),
            ]
        })
    });
    let table = Table::new(vec![
        Column::text(t!(lang, "uploads-file")),
        Column::text(t!(lang, "quality-change")),
    ])
    .rows(rows)
    .caption(title.clone())
    .view();
    view! { <Card title=title subtitle=subtitle>{table}</Card> }.into_any()
}

/// Field by field, table by table, with a bar for the share that is there.
fn missing(context: &PageContext, quality: &Quality) -> AnyView {
    let lang = context.lang;
    let parts = UploadKind::ALL
        .into_iter()
        .filter_map(|kind| {
            let of_table: Vec<&Missing> = quality
                .missing
                .iter()
                .filter(|missing| missing.table == kind.as_str())
                .collect();
            let records = of_table.first()?.of;
            Some(missing_of(context, kind, records, &of_table))
        })
        .collect_view();
    view! { <Card title=t!(lang, "quality-missing") subtitle=t!(lang, "quality-missing-sub")>{parts}</Card> }.into_any()
}

fn missing_of(context: &PageContext, kind: UploadKind, records: i64, fields: &[&Missing]) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    // A field that no record has is not missing here and there: nobody keeps it.
    let (unused, used): (Vec<&&Missing>, Vec<&&Missing>) =
        fields.iter().partition(|missing| missing.missing == missing.of);
    let lacking = used.iter().filter(|missing| missing.missing > 0).count() as i64;
    let summary = t!(
        lang,
        "quality-missing-of",
        table = kind_name(lang, kind),
        records = format.number(records),
        n = lacking,
        count = format.number(lacking)
    );
    let rows = used.iter().map(|missing| {
        let share = missing.missing as f64 / missing.of.max(1) as f64;
        vec![
            Cell::text(named(lang, "field-", &missing.field)),
            Cell::Bar(1.0 - share, 1),
            Cell::text(format.number(missing.missing)),
            Cell::text(format.percent(share)),
        ]
    });
    let table = Table::new(vec![
        Column::text(t!(lang, "quality-field")),
        Column::bar(t!(lang, "quality-there")),
        Column::number(t!(lang, "quality-lacking")),
        Column::number(t!(lang, "quality-share")),
    ])
    .rows(rows)
    .tight()
    .caption(summary.clone())
    .view();
    let names: Vec<String> = unused
        .iter()
        .map(|missing| named(lang, "field-", &missing.field))
        .collect();
    let never = (!names.is_empty()).then(|| {
        let fields = names.join(t!(lang, "list-separator").as_str());
        view! { <p class="small muted">{t!(lang, "quality-never", fields = fields)}</p> }.into_any()
    });
    view! {
        <details class="uploads-values">
            <summary>{summary}</summary>
            {(!used.is_empty()).then_some(table)}
            {never}
        </details>
    }
    .into_any()
}
