//! A drawn chart in its card: the picture for the width of the screen, its values for hand and keyboard, the same numbers as a
//! table, and the ways to take it elsewhere.

use super::{Cell, Column, Table};
use crate::i18n::Lang;
use crate::islands::{ChartInspector, InspectedMark};
use crate::t;
use charts::Theme;
use leptos::prelude::*;
use types::chart::{ChartSpec, Mark, Width};

/// A card with one chart. `files` is the address of its files without extension and query, with the query: `("/charts/revenue", "from=…")`.
pub fn chart_card(lang: Lang, spec: ChartSpec, columns: &str, files: Option<(String, String)>) -> AnyView {
    let links = files.map(|(base, query)| {
        let mark = if query.is_empty() { "" } else { "?" };
        ["SVG", "PNG", "CSV"]
            .into_iter()
            .map(|kind| {
                let extension = kind.to_lowercase();
                view! { <a href=format!("{base}.{extension}{mark}{query}") download>{kind}</a> }.into_any()
            })
            .collect_view()
    });
    let notes = spec.notes.clone();
    view! {
        <section class=format!("card {columns}")>
            <header>
                <h2>{spec.title.clone()}</h2>
                <span class="sub">{spec.subtitle.clone()}</span>
                <span class="more">{links}</span>
            </header>
            {chart(lang, spec)}
            {notes.into_iter().map(|note| view! { <p class="small muted">{note}</p> }.into_any()).collect_view()}
        </section>
    }
    .into_any()
}

/// The picture and its table, without a card around it.
pub fn chart(lang: Lang, spec: ChartSpec) -> AnyView {
    if spec.is_empty() {
        return view! { <p class="muted">{spec.words.empty.clone()}</p> }.into_any();
    }
    let table = twin(&spec);
    // A phone gets a picture of its own, drawn for its width, so that its text keeps its size.
    let narrow = ChartSpec {
        id: format!("{}-narrow", spec.id),
        width: Width::Narrow,
        ..spec.clone()
    };
    let needs_narrow = spec.width != Width::Narrow;
    let wide_class = if needs_narrow { "chart only-wide" } else { "chart" };
    view! {
        <div class=wide_class>{drawing(lang, &spec)}</div>
        {needs_narrow.then(|| view! { <div class="chart only-narrow">{drawing(lang, &narrow)}</div> })}
        <details class="chart-table">
            <summary>{t!(lang, "chart-table")}</summary>
            {table}
        </details>
    }
    .into_any()
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
