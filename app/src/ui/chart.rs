//! A drawn chart in its card: the picture for the width of the screen, its values for hand and keyboard, the same numbers as a
//! table, and the ways to take it elsewhere.

use super::{Card, Cell, Column, Table};
use crate::i18n::Lang;
use crate::islands::{ChartInspector, InspectedMark};
use crate::t;
use charts::Theme;
use leptos::prelude::*;
use types::chart::{ChartSpec, Mark, Width};

/// A card with one chart. `files` is the address of its files without extension, and their query: `("/charts/revenue", "from=…")`.
pub fn chart_card(lang: Lang, spec: ChartSpec, columns: &str, files: Option<(String, String)>) -> AnyView {
    let links = files.map(file_links).unwrap_or_default();
    let (title, subtitle, notes) = (spec.title.clone(), spec.subtitle.clone(), spec.notes.clone());
    view! {
        <Card title=title subtitle=subtitle links=links columns=columns>
            {chart(lang, spec)}
            {notes.into_iter().map(|note| view! { <p class="small muted">{note}</p> }.into_any()).collect_view()}
        </Card>
    }
    .into_any()
}

/// The files that a chart can be taken away as: (text, address).
pub fn file_links((base, query): (String, String)) -> Vec<(String, String)> {
    let mark = if query.is_empty() { "" } else { "?" };
    ["SVG", "PNG", "CSV"]
        .into_iter()
        .map(|kind| (kind.to_owned(), format!("{base}.{}{mark}{query}", kind.to_lowercase())))
        .collect()
}

/// The picture and its table, without a card around it.
pub fn chart(lang: Lang, spec: ChartSpec) -> AnyView {
    if spec.is_empty() {
        return view! { <p class="muted">{spec.words.empty.clone()}</p> }.into_any();
    }
    let table = twin(&spec);
    let drawings = widths(spec.width)
        .iter()
        .map(|(width, name)| {
            let id = if *width == spec.width {
                spec.id.clone()
            } else {
                format!("{}-{name}", spec.id)
            };
            let fitting = ChartSpec {
                id,
                width: *width,
                ..spec.clone()
            };
            view! { <div class=format!("chart chart--{name}")>{drawing(lang, &fitting)}</div> }.into_any()
        })
        .collect_view();
    view! {
        <div class="chart-fit">{drawings}</div>
        <details class="chart-table">
            <summary>{t!(lang, "chart-table")}</summary>
            {table}
        </details>
    }
    .into_any()
}

/// The widths that a chart is drawn for, its own first. Text keeps its size where there is less room, because a drawing of its
/// own is shown there; the style sheet picks it.
fn widths(own: Width) -> &'static [(Width, &'static str)] {
    const ALL: [(Width, &str); 3] = [(Width::Wide, "wide"), (Width::Half, "half"), (Width::Narrow, "narrow")];
    match own {
        Width::Wide => &ALL,
        Width::Half => &ALL[1..],
        Width::Narrow => &ALL[2..],
    }
}

fn drawing(lang: Lang, spec: &ChartSpec) -> AnyView {
    let drawing = charts::draw(spec, Theme::Page);
    let mut marks: Vec<InspectedMark> = drawing
        .marks
        .iter()
        .map(|mark| inspected(mark, &drawing.marks))
        .collect();
    // A tip says all series of its place: one key press leads to the next place, not to the next series.
    let mut said = std::collections::HashSet::new();
    marks.retain(|mark| said.insert(mark.text.clone()));
    view! {
        <ChartInspector
            width=drawing.width
            height=drawing.height
            marks=marks
            label=t!(lang, "chart-inspect", title = spec.title.clone())
        >
            <div inner_html=drawing.svg></div>
        </ChartInspector>
    }
    .into_any()
}

/// Whoever reads one series at a place wants the others there too, so a tip says all of them.
fn inspected(mark: &Mark, all: &[Mark]) -> InspectedMark {
    let lines = all
        .iter()
        .filter(|other| other.category == mark.category)
        .map(|other| match other.series.as_str() {
            "" => other.value.clone(),
            series => format!("{series}: {}", other.value),
        });
    let text = std::iter::once(mark.label.clone())
        .chain(lines)
        .collect::<Vec<_>>()
        .join("\n");
    InspectedMark {
        x: mark.at_x,
        y: mark.at_y,
        text,
    }
}

/// The same numbers as rows.
fn twin(spec: &ChartSpec) -> AnyView {
    let table = spec.table();
    let columns = table
        .header
        .into_iter()
        .enumerate()
        .map(|(at, title)| {
            if at == 0 {
                Column::text(title)
            } else {
                Column::number(title)
            }
        })
        .collect();
    let rows = table
        .rows
        .into_iter()
        .map(|cells| cells.into_iter().map(|cell| Cell::Text(cell.text)).collect());
    Table::new(columns)
        .rows(rows)
        .tight()
        .caption(spec.title.clone())
        .view()
}
