//! The groups of a run on paper: how many, what they bring, how they behave.

use super::pages::{group_name, worth};
use crate::documents::foot;
use crate::format::Format;
use crate::i18n::named;
use crate::t;
use charts::document::{Block, Cell, Column, Document, Table};
use types::segments::Run;

pub fn of_run(format: &Format, run: &Run) -> Document {
    let lang = format.lang;
    let share = if run.customers > 0 {
        run.covered as f64 / run.customers as f64
    } else {
        0.0
    };
    let lead = t!(
        lang,
        "run-lead-done",
        n = run.covered,
        customers = format.number(run.covered),
        share = format.percent(share),
        day = run.as_of.map(|day| format.day(day)).unwrap_or_default()
    );
    let rows = run.segments.iter().map(|segment| {
        let profile = &segment.profile;
        let name = Cell::new(group_name(lang, segment));
        let mut cells = vec![name];
        cells.extend(
            [
                format.number(segment.size),
                format.percent(segment.share),
                format.money(profile.monetary_total),
                format.decimal(profile.recency_median, 0),
                format.decimal(profile.frequency_mean, 1),
                format.money(profile.monetary_mean),
                format.money(profile.monetary_median),
            ]
            .map(Cell::new),
        );
        cells
    });
    let table = Table {
        title: t!(lang, "segments-profile"),
        subtitle: t!(lang, "segments-profile-sub", currency = format.currency()),
        columns: vec![
            Column::text(t!(lang, "segments-segment")),
            Column::number(t!(lang, "segments-customers")),
            Column::number(t!(lang, "segments-share")),
            Column::number(t!(lang, "segments-value")),
            Column::number(t!(lang, "segments-recency")),
            Column::number(t!(lang, "segments-frequency")),
            Column::number(t!(lang, "segments-monetary-mean")),
            Column::number(t!(lang, "segments-monetary-median")),
        ],
        rows: rows.collect(),
        sum: None,
    };
    Document {
        title: format!("{} {}", named(lang, "method-", run.method.as_str()), run.id),
        lead,
        blocks: vec![Block::Chart(Box::new(worth(format, run))), Block::Table(table)],
        foot: foot(format, None, run.data_version, run.data_as_of),
        language: lang.code().to_owned(),
    }
}
