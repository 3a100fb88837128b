//! A drawn chart in its card: the picture for the width of the screen, its values for hand and keyboard, the same numbers as a
//! table, and the ways to take it elsewhere.

use super::{Card, Cell, Column, Table};
use crate::i18n::Lang;
use crate::islands::{ChartInspector, InspectedMark};
use crate::t;
use charts::Theme;
use leptos::prelude::*;
use std::collections::HashSet;
use types::chart::{ChartKind, ChartSpec, Drawing, Mark, Width};

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
    let table = twin(lang, &spec);
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
        .map(|mark| inspected(lang, spec.kind, mark, &drawing.marks))
        .collect();
    // A tip says all series of its place: one key press leads to the next place, not to the next series.
    let mut said = HashSet::new();
    marks.retain(|mark| said.insert(mark.text.clone()));
    let links = links(&drawing);
    view! {
        <ChartInspector
            width=drawing.width
            height=drawing.height
            marks=marks
            label=t!(lang, "chart-inspect", title = spec.title.clone())
        >
            <div inner_html=drawing.svg></div>
            {links}
        </ChartInspector>
    }
    .into_any()
}

/// Links over the values that lead somewhere, so that they can be pressed with and without a script. Keys reach them through the inspector,
/// readers through the table.
fn links(drawing: &Drawing) -> Option<AnyView> {
    let links: Vec<AnyView> = drawing
        .marks
        .iter()
        .filter_map(|mark| Some((mark, mark.link.clone()?)))
        .map(|(mark, href)| {
            let length = |length: f64| format!("{length:.1}");
            view! {
                <a href=href tabindex="-1">
                    <rect x=length(mark.x) y=length(mark.y) width=length(mark.w) height=length(mark.h)></rect>
                </a>
            }
            .into_any()
        })
        .collect();
    let view_box = format!("0 0 {} {}", drawing.width, drawing.height);
    (!links.is_empty())
        .then(|| view! { <svg class="chart-links" viewBox=view_box aria-hidden="true">{links}</svg> }.into_any())
}

/// Whoever reads one series at a place wants the others there too, so a tip says all of them; a cell of a matrix and a band speak for
/// themselves.
fn inspected(lang: Lang, kind: ChartKind, mark: &Mark, all: &[Mark]) -> InspectedMark {
    let alone = matches!(kind, ChartKind::HeatMap | ChartKind::Sankey);
    let own = std::slice::from_ref(mark);
    let lines = if alone { own } else { all }
        .iter()
        .filter(|other| other.category == mark.category)
        .map(|other| match other.series.as_str() {
            "" => other.value.clone(),
            series => format!("{series}: {}", other.value),
        });
    let hint = mark.link.as_ref().map(|_| t!(lang, "chart-condition-hint"));
    let text = std::iter::once(mark.label.clone())
        .chain(lines)
        .chain(hint)
        .collect::<Vec<_>>()
        .join("\n");
    InspectedMark {
        x: mark.at_x,
        y: mark.at_y,
        // The columns of lines meet, and the nearest point answers there.
        area: (kind != ChartKind::Line).then_some([mark.x, mark.y, mark.w, mark.h]),
        text,
        href: mark.link.clone().unwrap_or_default(),
    }
}

/// The same numbers as rows. What leads somewhere in the picture leads there from its row, or from its cell.
fn twin(lang: Lang, spec: &ChartSpec) -> AnyView {
    let table = spec.table();
    let by_row = spec.categories.iter().any(|category| category.link.is_some());
    let mut columns: Vec<Column> = table
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
    if by_row {
        columns.push(Column::actions());
    }
    let rows = table.rows.into_iter().enumerate().map(|(place, texts)| {
        let name = texts.first().map(|cell| cell.text.clone()).unwrap_or_default();
        let own = own_links(spec, place);
        let mut cells: Vec<Cell> = texts
            .into_iter()
            .enumerate()
            .map(
                |(at, cell)| match at.checked_sub(1).and_then(|series| own.get(series)?.clone()) {
                    Some(href) if !cell.text.is_empty() => Cell::Link(cell.text, href),
                    _ => Cell::Text(cell.text),
                },
            )
            .collect();
        let link = spec.categories.get(place).and_then(|category| category.link.clone());
        if let Some(href) = link {
            let label = t!(lang, "chart-condition-of", what = name);
            let link =
                view! { <a class="chip chip--accent" href=href aria-label=label>{t!(lang, "chart-condition")}</a> };
            cells.push(Cell::View(link.into_any()));
        } else if by_row {
            cells.push(Cell::Nothing);
        }
        cells
    });
    Table::new(columns)
        .rows(rows)
        .tight()
        .caption(spec.title.clone())
        .view()
}

/// The links that the values of a category have of their own, one for each column of numbers.
fn own_links(spec: &ChartSpec, category: usize) -> Vec<Option<String>> {
    spec.series
        .iter()
        .flat_map(|series| {
            let link = series.points.get(category).and_then(|point| point.link.clone());
            let ends = if series.has_interval() { 2 } else { 0 };
            std::iter::once(link).chain(std::iter::repeat_n(None, ends))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::part;
    use types::chart::{Category, Direction, Point, Series, Tone};

    fn spec(kind: ChartKind) -> ChartSpec {
        ChartSpec {
            id: "who".into(),
            title: "Who".into(),
            kind,
            width: Width::Half,
            categories: vec![
                Category::new("Paris").link("/paris".to_owned()),
                Category::new("elsewhere"),
            ],
            series: vec![Series::new("", Tone::First, vec![Point::new(3.0), Point::new(2.0)])],
            ..ChartSpec::default()
        }
    }

    #[test]
    fn a_bar_that_leads_somewhere_leads_there_from_picture_keys_and_table() {
        let html = part(|| chart(Lang::En, spec(ChartKind::Bar(Direction::Across))));
        // Two widths and one table; without a script the first two are links over the bars.
        assert_eq!(html.matches(r#"<a href="/paris" tabindex="-1""#).count(), 2, "{html}");
        assert_eq!(
            html.matches(r#"aria-label="As a condition: Paris""#).count(),
            1,
            "{html}"
        );
        let plain = html.replace("&quot;", "\"");
        assert!(plain.contains(r#""href":"/paris""#), "{html}");
        assert!(
            !html.contains("As a condition: elsewhere") && !html.contains("style="),
            "{html}"
        );
    }

    #[test]
    fn a_cell_that_leads_somewhere_is_a_link_in_the_table() {
        let mut spec = spec(ChartKind::HeatMap);
        spec.categories[0].link = None;
        spec.series[0].points[1].link = Some("/cell".into());
        let html = part(|| chart(Lang::En, spec));
        assert!(html.contains(r#"<a href="/cell">2.0"#), "{html}");
        assert!(!html.contains("As a condition:"), "{html}");
    }

    #[test]
    fn nothing_is_pressed_where_nothing_leads() {
        let mut spec = spec(ChartKind::Bar(Direction::Up));
        spec.categories[0].link = None;
        let html = part(|| chart(Lang::ZhCn, spec));
        assert!(!html.contains("chart-links") && !html.contains("<a "), "{html}");
    }
}
