//! What became of the rows: the counts, the records that they made, and the rows that were not taken.

use crate::context::PageContext;
use crate::i18n::named;
use crate::t;
use crate::ui::{Card, Cell, Column, Kpi, Table, kpis};
use leptos::prelude::*;
use types::auth::Right;
use types::uploads::{RejectedRow, Upload};

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

pub fn records(context: &PageContext, upload: &Upload) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let rows = upload.records.iter().map(|(table, counts)| {
        vec![
            Cell::text(named(lang, "table-", table)),
            Cell::text(format.number(counts.created)),
            Cell::text(format.number(counts.updated)),
        ]
    });
    let table = Table::new(vec![
        Column::text(t!(lang, "records-table")),
        Column::number(t!(lang, "records-created")),
        Column::number(t!(lang, "records-updated")),
    ])
    .rows(rows)
    .caption(t!(lang, "records-title"))
    .view();
    view! { <Card title=t!(lang, "records-title") subtitle=t!(lang, "records-sub") columns="c6">{table}</Card> }
        .into_any()
}

pub fn rejects(context: &PageContext, upload: &Upload, rejects: &[RejectedRow]) -> AnyView {
    let (lang, format) = (context.lang, &context.format);
    let rows = rejects.iter().map(|reject| {
        vec![
            Cell::text(format.number(reject.row)),
            Cell::text(named(lang, "field-", &reject.field)),
            Cell::text(reject.reason.clone()),
            Cell::Muted(reject.cells.join(" · ")),
        ]
    });
    let table = Table::new(vec![
        Column::number(t!(lang, "reject-row")),
        Column::text(t!(lang, "reject-field")),
        Column::text(t!(lang, "reject-reason")),
        Column::text(t!(lang, "reject-cells")).wide_only(),
    ])
    .rows(rows)
    .tight()
    .caption(t!(lang, "reject-title"))
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
        <div id="rejects"><Card title=t!(lang, "reject-title") subtitle=subtitle links=links>{table}<p class="small muted">{t!(lang, "reject-note")}</p></Card></div>
    }
    .into_any()
}
