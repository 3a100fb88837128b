//! The first row of a table: the names of its columns, or already data. Names are made usable: trimmed, none empty, none twice.

use super::{MAX_COLUMNS, REJECT_COLUMNS};

pub struct Header {
    pub columns: Vec<String>,
    /// The first row is data: the file has no header, and its columns are called `column 1` and so on.
    pub is_data: bool,
}

impl Header {
    pub fn of(cells: &[String]) -> Header {
        let is_data = is_data(cells);
        let mut columns = if is_data {
            unique_names(&vec![String::new(); cells.len()])
        } else {
            unique_names(cells)
        };
        columns.truncate(MAX_COLUMNS);
        without_rejects(&mut columns);
        Header { columns, is_data }
    }

    /// Of a file that keeps the names of its columns apart from its rows.
    pub fn named(names: &[String]) -> Vec<String> {
        let mut columns = unique_names(names);
        without_rejects(&mut columns);
        columns
    }
}

/// The columns that a file of rejected rows has at its end are not the person's.
fn without_rejects(columns: &mut Vec<String>) {
    let tail = columns.len().saturating_sub(REJECT_COLUMNS.len());
    if tail > 0 && columns[tail..] == REJECT_COLUMNS {
        columns.truncate(tail);
    }
}

/// Nobody calls all columns by numbers and dates.
fn is_data(cells: &[String]) -> bool {
    let figure = |cell: &str| {
        cell.chars().any(|c| c.is_ascii_digit())
            && cell
                .chars()
                .all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | ':' | '/' | '+' | '-' | ' ' | 'T' | 'Z'))
    };
    cells.len() > 1 && cells.iter().all(|cell| figure(cell.trim()))
}

fn unique_names(cells: &[String]) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(cells.len());
    for (index, cell) in cells.iter().enumerate() {
        let trimmed = cell.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\0');
        let base = if trimmed.is_empty() {
            format!("column {}", index + 1)
        } else {
            trimmed.to_owned()
        };
        let mut name = base.clone();
        let mut copy = 2;
        while names.contains(&name) {
            name = format!("{base} ({copy})");
            copy += 1;
        }
        names.push(name);
    }
    names
}
