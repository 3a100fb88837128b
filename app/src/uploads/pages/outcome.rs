//! What became of the rows: the counts, the records that they made, the rows that were not taken, and what differs from earlier files.

use super::reasons;
use crate::context::PageContext;
use crate::i18n::named;
use crate::t;
use crate::ui::{Card, Cell, Column, Kpi, Notice, Table, Tone, kpis};
use leptos::prelude::*;
use types::auth::Right;
use types::uploads::{FieldChange, RejectedRow, Upload, UploadState};

pub fn counts(context: &PageContext, upload: &Upload) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let rows = &upload.rows;
    let share = |count: i64| {
        let fraction = if rows.read > 0 {
            count as f64 / rows.read as f64
        } else {
            0.0
        };
        t!(lang, "rows-share", share = format.percent(fraction))
    };
    let kpi = |label: String, count: i64, note: String| Kpi {
        label,
        value: format.number(count),
        note,
        ..Kpi::default()
    };
    kpis(vec![
        kpi(t!(lang, "rows-read"), rows.read, t!(lang, "rows-read-note")),
        kpi(t!(lang, "rows-created"), rows.created, share(rows.created)),
        kpi(t!(lang, "rows-updated"), rows.updated, share(rows.updated)),
        kpi(
            t!(lang, "rows-unchanged"),
            rows.unchanged,
            t!(
                lang,
                "rows-duplicates",
                n = rows.duplicates,
                count = format.number(rows.duplicates)
            ),
        ),
        kpi(t!(lang, "rows-rejected"), rows.rejected, share(rows.rejected)),
    ])
}

/// A dry run has made nothing yet, so its title says what would be.
pub fn records(context: &PageContext, upload: &Upload) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let rows = upload.records.iter().map(|(table, counts)| {
        vec![
            Cell::text(named(lang, "table-", table)),
            Cell::text(format.number(counts.created)),
            Cell::text(format.number(counts.updated)),
        ]
    });
    let title = if upload.state == UploadState::Ready {
        t!(lang, "records-would")
    } else {
        t!(lang, "records-title")
    };
    let table = Table::new(vec![
        Column::text(t!(lang, "records-table")),
        Column::number(t!(lang, "records-created")),
        Column::number(t!(lang, "records-updated")),
    ])
    .rows(rows)
    .caption(title.clone())
    .view();
    view! { <Card title=title subtitle=t!(lang, "records-sub") columns="c6">{table}</Card> }.into_any()
}

/// What differs suddenly from earlier files of the same kind; nothing when nothing does.
pub fn changes(context: &PageContext, changes: &[FieldChange]) -> Option<AnyView> {
    let lang = context.lang;
    if changes.is_empty() {
        return None;
    }
    let lines = changes_said(context, changes)
        .into_iter()
        .map(|said| view! { <li>{said}</li> }.into_any())
        .collect_view();
    let title = t!(lang, "change-title");
    Some(
        view! { <Notice tone=Tone::Warn title=title text=t!(lang, "change-text")><ul>{lines}</ul></Notice> }.into_any(),
    )
}

/// The changes as sentences: fields that the file does not have at all in one, each of the others in its own.
pub fn changes_said(context: &PageContext, changes: &[FieldChange]) -> Vec<String> {
    let (lang, format) = (context.lang, &context.format);
    let (gone, there): (Vec<&FieldChange>, Vec<&FieldChange>) =
        changes.iter().partition(|change| change.now.filled == 0);
    let mut said: Vec<String> = there.into_iter().map(|change| change_said(context, change)).collect();
    if let Some(one) = gone.first() {
        let names: Vec<String> = gone.iter().map(|change| named(lang, "field-", &change.field)).collect();
        said.push(t!(
            lang,
            "change-gone",
            n = one.uploads,
            uploads = format.number(one.uploads),
            fields = names.join(t!(lang, "list-separator").as_str())
        ));
    }
    said
}

/// One change with both figures and what they are of.
fn change_said(context: &PageContext, change: &FieldChange) -> String {
    let (lang, format) = (context.lang, &context.format);
    let field = named(lang, "field-", &change.field);
    if change.of_means {
        let mean = |mean: Option<f64>| format.decimal(mean.unwrap_or(f64::NAN), 2);
        return t!(
            lang,
            "change-mean",
            field = field,
            now = mean(change.now.mean),
            rows = format.number(change.now.filled),
            before = mean(change.before.mean),
            earlier = format.number(change.before.filled)
        );
    }
    t!(
        lang,
        "change-filled",
        field = field,
        now = format.percent(change.now.share()),
        rows = format.number(change.now.rows),
        before = format.percent(change.before.share()),
        earlier = format.number(change.before.rows)
    )
}

pub fn rejects(context: &PageContext, upload: &Upload, rejects: &[RejectedRow]) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let rows = rejects.iter().map(|reject| {
        let reasons = reasons::of_row(lang, reject);
        let reasons = reasons
            .into_iter()
            .map(|reason| view! { <span class="uploads-reason">{reason}</span> }.into_any())
            .collect_view();
        vec![
            Cell::text(format.number(reject.row)),
            Cell::text(reasons::fields(lang, reject)),
            Cell::View(reasons.into_any()),
            Cell::Muted(reject.cells.join(" · ")),
        ]
    });
    let title = if upload.state == UploadState::Ready {
        t!(lang, "reject-would")
    } else {
        t!(lang, "reject-title")
    };
    let table = Table::new(vec![
        Column::number(t!(lang, "reject-row")),
        Column::text(t!(lang, "reject-field")),
        Column::text(t!(lang, "reject-reason")),
        Column::text(t!(lang, "reject-cells")).wide_only(),
    ])
    .rows(rows)
    .tight()
    .caption(title.clone())
    .view();
    let links = if context.may(Right::Upload) {
        vec![("CSV".to_owned(), format!("/uploads/{}/rejects.csv", upload.id))]
    } else {
        Vec::new()
    };
    let shown = rejects.len() as i64;
    let subtitle = t!(
        lang,
        "reject-sub",
        n = upload.rows.rejected,
        shown = format.number(shown),
        count = format.number(upload.rows.rejected)
    );
    view! {
        <div id="rejects"><Card title=title subtitle=subtitle links=links>{table}<p class="small muted">{t!(lang, "reject-note")}</p></Card></div>
    }
    .into_any()
}
