//! The only place that writes a `<table>`: figures right and tabular, bars inside rows, always a body.

use super::chip::{Tone, chip};
use charts::document as paper;
use leptos::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    Text,
    Number,
    /// A bar or two inside the row.
    Bar,
    /// A point with its interval around a line.
    Interval,
    /// What can be done with the row, at its end.
    Actions,
}

#[derive(Clone, Debug)]
pub struct Column {
    title: String,
    align: Align,
    /// A column that a phone drops.
    wide_only: bool,
    legend: Vec<(u8, String)>,
}

impl Column {
    fn new(title: impl Into<String>, align: Align) -> Column {
        Column {
            title: title.into(),
            align,
            wide_only: false,
            legend: Vec::new(),
        }
    }

    pub fn text(title: impl Into<String>) -> Column {
        Column::new(title, Align::Text)
    }

    pub fn number(title: impl Into<String>) -> Column {
        Column::new(title, Align::Number)
    }

    pub fn bar(title: impl Into<String>) -> Column {
        Column::new(title, Align::Bar)
    }

    pub fn interval(title: impl Into<String>) -> Column {
        Column::new(title, Align::Interval)
    }

    /// Has no title: what stands in it says what it does.
    pub fn actions() -> Column {
        Column::new("", Align::Actions)
    }

    pub fn wide_only(mut self) -> Column {
        self.wide_only = true;
        self
    }

    /// What the colours of the bars mean: (number of the data colour, word).
    pub fn with_legend(mut self, legend: Vec<(u8, String)>) -> Column {
        self.legend = legend;
        self
    }

    fn class(&self) -> String {
        let base = match self.align {
            Align::Text => "",
            Align::Number => "num",
            Align::Bar => "col-bar",
            Align::Interval => "col-interval",
            Align::Actions => "end",
        };
        if self.wide_only {
            format!("{base} hide-s")
        } else {
            base.to_owned()
        }
    }
}

pub enum Cell {
    Text(String),
    Strong(String),
    Muted(String),
    /// A text with a smaller line below it.
    Two(String, String),
    /// (text, address).
    Link(String, String),
    /// (text, address, smaller line below).
    LinkTwo(String, String, String),
    Chip(Tone, String),
    /// A square of a data colour before a text; with an address when there is one.
    Dotted(u8, String, Option<String>),
    /// Fraction of the widest bar and the number of its data colour.
    Bar(f64, u8),
    /// A bar that leads somewhere: fraction, colour, address, and where it leads, which nothing else in the cell says.
    BarLink(f64, u8, String, String),
    /// The group's bar over the baseline's, each a fraction of the widest.
    Bars(f64, f64),
    /// Value and interval, all on a scale of 0 to 1, with the place of the reference line.
    Interval {
        value: f64,
        low: f64,
        high: f64,
        reference: f64,
        colour: u8,
    },
    /// Whatever else the caller has, such as a form.
    View(AnyView),
    Nothing,
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Cell {
        Cell::Text(text.into())
    }

    /// A bar becomes one that leads to an address, `label` says where; anything else stays as it is.
    pub fn leading(self, href: String, label: String) -> Cell {
        match self {
            Cell::Bar(fraction, colour) => Cell::BarLink(fraction, colour, href, label),
            other => other,
        }
    }
}

#[derive(Default)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
    caption: Option<String>,
    look: &'static str,
    whole_rows: bool,
    sum: Option<Vec<Cell>>,
}

impl Table {
    pub fn new(columns: Vec<Column>) -> Table {
        Table {
            columns,
            ..Table::default()
        }
    }

    pub fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }

    pub fn rows(mut self, rows: impl IntoIterator<Item = Vec<Cell>>) -> Table {
        self.rows.extend(rows);
        self
    }

    /// What the table holds, for readers of the screen and as a line above it.
    pub fn caption(mut self, caption: impl Into<String>) -> Table {
        self.caption = Some(caption.into());
        self
    }

    /// Small text in low rows.
    pub fn tight(mut self) -> Table {
        self.look = " table--tight";
        self
    }

    /// Low rows, for many short ones.
    pub fn dense(mut self) -> Table {
        self.look = " table--dense";
        self
    }

    /// The link in the first cell of a row answers for the whole row, bars and all.
    pub fn whole_rows(mut self) -> Table {
        self.whole_rows = true;
        self
    }

    /// A last row that adds up the others.
    pub fn sum(mut self, cells: Vec<Cell>) -> Table {
        self.sum = Some(cells);
        self
    }

    /// The same rows on paper, where nothing can be pressed or hovered: columns without texts are left out.
    pub fn printed(self, title: String, subtitle: String) -> paper::Table {
        let rows: Vec<Vec<paper::Cell>> = self.rows.into_iter().map(printed_row).collect();
        let sum = self.sum.map(printed_row);
        let has_text = |at: usize| {
            rows.iter()
                .filter_map(|row| row.get(at))
                .any(|cell| !cell.text.is_empty())
        };
        let kept: Vec<usize> = (0..self.columns.len()).filter(|at| has_text(*at)).collect();
        let only = |row: &Vec<paper::Cell>| kept.iter().filter_map(|at| row.get(*at).cloned()).collect();
        paper::Table {
            title,
            subtitle,
            columns: kept
                .iter()
                .filter_map(|at| self.columns.get(*at))
                .map(|column| paper::Column {
                    name: column.title.clone(),
                    number: column.align == Align::Number,
                })
                .collect(),
            rows: rows.iter().map(only).collect(),
            sum: sum.as_ref().map(only),
        }
    }

    pub fn view(self) -> AnyView {
        let classes: Vec<String> = self.columns.iter().map(Column::class).collect();
        let head = self.columns.into_iter().map(heading).collect_view();
        let body = self
            .rows
            .into_iter()
            .map(|cells| row(cells, &classes, true))
            .collect_view();
        let sum = self
            .sum
            .map(|cells| view! { <tfoot>{row(cells, &classes, false)}</tfoot> }.into_any());
        let whole_rows = if self.whole_rows { " table--whole-rows" } else { "" };
        let class = format!("table{}{whole_rows}", self.look);
        let label = self.caption.clone();
        view! {
            <div class="scroll" tabindex="0" role="group" aria-label=label>
                <table class=class>
                    {self.caption.map(|caption| view! { <caption class="unseen">{caption}</caption> })}
                    <thead><tr>{head}</tr></thead>
                    <tbody>{body}</tbody>
                    {sum}
                </table>
            </div>
        }
        .into_any()
    }
}

fn heading(column: Column) -> AnyView {
    let class = column.class();
    // A heading without words would be announced and say nothing.
    if column.title.is_empty() && column.legend.is_empty() {
        return view! { <td class=class></td> }.into_any();
    }
    let content = if column.legend.is_empty() {
        column.title.into_any()
    } else {
        let marks = column
            .legend
            .into_iter()
            .map(|(colour, word)| view! { <span><i class=format!("dot back-d{colour}")></i>{word}</span> }.into_any())
            .collect_view();
        view! { <span class="legend">{marks}</span> }.into_any()
    };
    view! { <th scope="col" class=class>{content}</th> }.into_any()
}

fn row(cells: Vec<Cell>, classes: &[String], first_is_name: bool) -> AnyView {
    let cells = cells
        .into_iter()
        .enumerate()
        .map(|(at, content)| {
            let class = classes.get(at).cloned().unwrap_or_default();
            let content = cell(content);
            if at == 0 && first_is_name {
                view! { <th scope="row" class=class>{content}</th> }.into_any()
            } else {
                view! { <td class=class>{content}</td> }.into_any()
            }
        })
        .collect_view();
    view! { <tr>{cells}</tr> }.into_any()
}

fn printed_row(cells: Vec<Cell>) -> Vec<paper::Cell> {
    cells.into_iter().map(printed).collect()
}

fn printed(content: Cell) -> paper::Cell {
    match content {
        Cell::Text(text)
        | Cell::Strong(text)
        | Cell::Muted(text)
        | Cell::Link(text, _)
        | Cell::Chip(_, text)
        | Cell::Dotted(_, text, _) => paper::Cell::new(text),
        Cell::Two(text, below) | Cell::LinkTwo(text, _, below) => paper::Cell::two(text, below),
        Cell::Bar(..) | Cell::BarLink(..) | Cell::Bars(..) | Cell::Interval { .. } | Cell::View(_) | Cell::Nothing => {
            paper::Cell::default()
        }
    }
}

fn cell(content: Cell) -> AnyView {
    match content {
        Cell::Text(text) => short(text),
        Cell::Strong(text) => view! { <b class="strong">{text}</b> }.into_any(),
        Cell::Muted(text) => view! { <span class="muted">{text}</span> }.into_any(),
        Cell::Two(text, below) => view! { {text}<span class="sub">{below}</span> }.into_any(),
        Cell::Link(text, href) => view! { <a href=href>{short(text)}</a> }.into_any(),
        Cell::LinkTwo(text, href, below) => {
            view! { <a href=href>{short(text)}</a><span class="sub">{below}</span> }.into_any()
        }
        Cell::Chip(tone, text) => chip(tone, text),
        Cell::Dotted(colour, text, href) => {
            let text = match href {
                Some(href) => view! { <a href=href>{text}</a> }.into_any(),
                None => text.into_any(),
            };
            view! { <span class="dotted"><i class=format!("dot back-d{colour}")></i>{text}</span> }.into_any()
        }
        Cell::Bar(fraction, colour) => bar(fraction, colour),
        Cell::BarLink(fraction, colour, href, label) => {
            view! { <a class="bar-link" href=href aria-label=label.clone() title=label>{bar(fraction, colour)}</a> }
                .into_any()
        }
        Cell::Bars(group, baseline) => bars(group, baseline),
        Cell::Interval {
            value,
            low,
            high,
            reference,
            colour,
        } => interval(value, low, high, reference, colour),
        Cell::View(view) => view,
        Cell::Nothing => ().into_any(),
    }
}

/// Characters from which a text may take more than two lines.
const LONG: usize = 48;

/// A long text is shown in two lines; whoever points at it sees the rest.
fn short(text: String) -> AnyView {
    if text.chars().count() <= LONG {
        return text.into_any();
    }
    let whole = text.clone();
    view! { <span class="clamp" title=whole>{text}</span> }.into_any()
}

fn width(fraction: f64, of: f64) -> String {
    let fraction = if fraction.is_finite() {
        fraction.clamp(0.0, 1.0)
    } else {
        0.0
    };
    format!("{:.1}", fraction * of)
}

fn bar(fraction: f64, colour: u8) -> AnyView {
    view! {
        <svg viewBox="0 0 200 10" height="10" preserveAspectRatio="none" aria-hidden="true">
            <rect width=width(fraction, 200.0) height="10" rx="3" class=format!("fill-d{colour}")/>
        </svg>
    }
    .into_any()
}

fn bars(group: f64, baseline: f64) -> AnyView {
    view! {
        <svg viewBox="0 0 160 16" height="16" preserveAspectRatio="none" aria-hidden="true">
            <rect y="1" width=width(group, 160.0) height="7" rx="2" class="fill-d1"/>
            <rect y="10" width=width(baseline, 160.0) height="5" rx="2" class="fill-d0"/>
        </svg>
    }
    .into_any()
}

fn interval(value: f64, low: f64, high: f64, reference: f64, colour: u8) -> AnyView {
    let x = |place: f64| format!("{:.1}", 5.0 + place.clamp(0.0, 1.0) * 120.0);
    view! {
        <svg viewBox="0 0 130 14" width="130" height="14" aria-hidden="true">
            <line x1=x(reference) x2=x(reference) y1="0" y2="14" class="stroke-line"/>
            <line x1=x(low) x2=x(high) y1="7" y2="7" class="stroke-ink" stroke-width="1.3"/>
            <circle cx=x(value) cy="7" r="3" class=format!("fill-d{colour}")/>
        </svg>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_without_rows_keeps_its_body() {
        let html = Table::new(vec![Column::text("Name"), Column::number("Size").wide_only()])
            .caption("All")
            .view()
            .to_html();
        assert!(html.contains("<tbody>"), "{html}");
        assert!(html.contains("num hide-s"), "{html}");
    }

    #[test]
    fn no_cell_needs_an_inline_style() {
        let table = Table::new(vec![
            Column::text("a"),
            Column::bar("b"),
            Column::bar("c"),
            Column::interval("d"),
        ])
        .rows([vec![
            Cell::Dotted(1, "x".into(), Some("/x".into())),
            Cell::Bar(f64::NAN, 2),
            Cell::Bars(0.5, 2.0),
            Cell::Interval {
                value: 0.5,
                low: 0.4,
                high: 0.9,
                reference: 0.3,
                colour: 1,
            },
        ]]);
        let html = table.view().to_html();
        assert!(!html.contains("style="), "{html}");
        assert!(
            html.contains(r#"width="0.0""#) && html.contains(r#"width="160.0""#),
            "{html}"
        );
    }
}
