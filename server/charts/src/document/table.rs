//! A table on paper: columns as wide as what stands in them, rows that stay whole, the header again on every sheet.

use super::layout::ROOM;
use super::pages::{LEFT, Look, Pen};
use super::{Cell, Column, Table};
use crate::text::{fold, widest};
use crate::theme::Ink;

const SIZE: f64 = 8.5;
const SMALL: f64 = 7.5;
/// Between two columns.
const GAP: f64 = 12.0;
const LINE: f64 = 11.5;
const SMALL_LINE: f64 = 10.0;
const PADDING: f64 = 8.0;
const MOST_LINES: usize = 3;
/// A text column is not made narrower than this for the sake of others.
const NARROWEST: f64 = 48.0;
/// The header and a few rows: what a heading should have below it.
pub(super) const FIRST_ROWS: f64 = 64.0;

/// A row with its texts broken into lines.
struct Set {
    cells: Vec<(Vec<String>, Vec<String>)>,
    height: f64,
}

pub(super) fn set(pen: &mut Pen, table: &Table) {
    let widths = widths(table);
    header(pen, &table.columns, &widths);
    for row in &table.rows {
        line(pen, table, &widths, row, false);
    }
    if let Some(sum) = &table.sum {
        line(pen, table, &widths, sum, true);
    }
}

fn header(pen: &mut Pen, columns: &[Column], widths: &[f64]) {
    let names: Vec<Vec<String>> = columns
        .iter()
        .zip(widths)
        .map(|(column, width)| fold(&column.name, SMALL, width - GAP, MOST_LINES))
        .collect();
    let lines = names.iter().map(Vec::len).max().unwrap_or_default();
    pen.y += lines as f64 * SMALL_LINE + 4.0;
    let bottom = pen.y;
    let sheet = pen.sheet();
    let mut x = LEFT;
    for ((column, width), name) in columns.iter().zip(widths).zip(&names) {
        // The last line of each name stands on the same base line.
        for (back, text) in name.iter().rev().enumerate() {
            let y = bottom - 5.0 - back as f64 * SMALL_LINE;
            let look = Look::of(SMALL, Ink::TextQuiet).right(column.number);
            sheet.text((place(x, *width, column), y), text, look);
        }
        x += width;
    }
    sheet.rule(bottom, Ink::HairlineStrong);
}

fn line(pen: &mut Pen, table: &Table, widths: &[f64], row: &[Cell], strong: bool) {
    let set = broken(row, widths);
    if pen.room(set.height) {
        header(pen, &table.columns, widths);
    }
    let top = pen.y;
    let sheet = pen.sheet();
    let mut x = LEFT;
    for ((column, width), (texts, below)) in table.columns.iter().zip(widths).zip(&set.cells) {
        let at = place(x, *width, column);
        let look = Look {
            strong,
            ..Look::of(SIZE, Ink::Text)
        };
        let mut y = top + PADDING / 2.0 + SIZE;
        for text in texts {
            sheet.text((at, y), text, look.right(column.number));
            y += LINE;
        }
        for text in below {
            sheet.text(
                (at, y - 1.0),
                text,
                Look::of(SMALL, Ink::TextQuiet).right(column.number),
            );
            y += SMALL_LINE;
        }
        x += width;
    }
    pen.y += set.height;
    let bottom = pen.y;
    pen.sheet().rule(bottom, Ink::Hairline);
}

fn place(x: f64, width: f64, column: &Column) -> f64 {
    if column.number { x + width - GAP / 2.0 } else { x }
}

fn broken(row: &[Cell], widths: &[f64]) -> Set {
    let cells: Vec<_> = row
        .iter()
        .zip(widths)
        .map(|(cell, width)| {
            let room = width - GAP;
            (
                fold(&cell.text, SIZE, room, MOST_LINES),
                fold(&cell.below, SMALL, room, MOST_LINES),
            )
        })
        .collect();
    let height =
        |(texts, below): &(Vec<String>, Vec<String>)| texts.len() as f64 * LINE + below.len() as f64 * SMALL_LINE;
    let height = cells.iter().map(height).fold(LINE, f64::max) + PADDING;
    Set { cells, height }
}

/// Each column is as wide as what stands in it. What is left over goes to the first text; what is missing is taken from the texts, the
/// widest first, and their cells get more lines.
fn widths(table: &Table) -> Vec<f64> {
    let natural = |place: usize| {
        let rows = table.rows.iter().chain(&table.sum).filter_map(|row| row.get(place));
        let texts = widest(rows.clone().map(|cell| cell.text.as_str()), SIZE, true);
        let below = widest(rows.map(|cell| cell.below.as_str()), SMALL, false);
        // A name of a column may take two lines.
        let name = widest([table.columns[place].name.as_str()], SMALL, false).min(70.0);
        texts.max(below).max(name) + GAP
    };
    let mut widths: Vec<f64> = (0..table.columns.len()).map(natural).collect();
    let sum: f64 = widths.iter().sum();
    let is_text = |place: usize| !table.columns[place].number;
    if sum <= ROOM {
        let first = (0..widths.len()).find(|place| is_text(*place)).unwrap_or_default();
        if let Some(width) = widths.get_mut(first) {
            *width += ROOM - sum;
        }
        return widths;
    }
    let mut missing = sum - ROOM;
    while missing > 0.01 {
        let widest = (0..widths.len())
            .filter(|place| is_text(*place) && widths[*place] > NARROWEST)
            .max_by(|a, b| widths[*a].total_cmp(&widths[*b]));
        let Some(widest) = widest else { break };
        let taken = missing.min(8.0).min(widths[widest] - NARROWEST);
        widths[widest] -= taken;
        missing -= taken;
    }
    // Numbers alone are too wide: everything gets its part of the room.
    if missing > 0.01 {
        let sum: f64 = widths.iter().sum();
        widths.iter_mut().for_each(|width| *width *= ROOM / sum);
    }
    widths
}
