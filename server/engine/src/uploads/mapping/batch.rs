//! The accepted rows of a batch, and those that were not. Text cells stay where they are in the batch's bytes.

use types::uploads::Fault;

/// A number, date or moment that is not there.
pub const BLANK: i64 = i64::MIN;

/// A piece of the batch's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub start: u32,
    pub len: u32,
}

impl Span {
    pub const BLANK: Span = Span {
        start: 0,
        len: u32::MAX,
    };

    pub fn is_blank(self) -> bool {
        self.len == u32::MAX
    }
}

/// One field of all accepted rows. Decimals are millionths (rates: thousand-millionths), dates days and moments microseconds since 2000-01-01
/// UTC, booleans 0 and 1.
#[derive(Debug)]
pub enum Cells {
    Nowhere,
    Text(Vec<Span>),
    Number(Vec<i64>),
}

/// The accepted rows of a batch, and those that were not.
pub struct TypedBatch {
    pub bytes: Vec<u8>,
    pub rows: usize,
    /// One for each field of the kind, in its order.
    pub columns: Vec<Cells>,
    /// Extra attributes as a JSON object.
    pub attributes: Cells,
    /// Key of each row among the rows of its table; see the module `keys`.
    pub keys: Vec<u128>,
    /// The file has had a row with this real key before.
    pub repeats: Vec<bool>,
    /// Data row of the file of the last row of the batch.
    pub last_row: i64,
    pub read: i64,
    pub duplicates: i64,
    pub rejects: Vec<Reject>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    pub row: i64,
    /// The fields at fault, joined by `; `.
    pub field: String,
    /// The faults as JSON, which is how they are stored.
    pub reason: String,
    pub cells: Vec<String>,
}

impl Reject {
    /// A row that is not taken, with all that is wrong with it. Several faults of one row stand in the order of the fields.
    pub fn new(row: i64, faults: &[Fault], cells: Vec<String>) -> Reject {
        let fields: Vec<&str> = faults
            .iter()
            .map(|fault| fault.field.as_str())
            .filter(|field| !field.is_empty())
            .collect();
        Reject {
            row,
            field: fields.join("; "),
            reason: serde_json::json!(faults).to_string(),
            cells,
        }
    }
}

impl TypedBatch {
    pub fn text(&self, span: Span) -> &[u8] {
        if span.is_blank() {
            &[]
        } else {
            &self.bytes[span.start as usize..(span.start + span.len) as usize]
        }
    }

    /// The text of a field in a row; `None` when it is blank.
    pub fn text_at(&self, column: usize, row: usize) -> Option<&[u8]> {
        match &self.columns[column] {
            Cells::Text(spans) if !spans[row].is_blank() => Some(self.text(spans[row])),
            _ => None,
        }
    }

    pub fn number_at(&self, column: usize, row: usize) -> Option<i64> {
        match &self.columns[column] {
            Cells::Number(numbers) if numbers[row] != BLANK => Some(numbers[row]),
            _ => None,
        }
    }
}

impl Cells {
    pub(super) fn keep(&mut self, kept: &[bool]) {
        let mut flags = kept.iter();
        match self {
            Cells::Nowhere => {}
            Cells::Text(spans) => spans.retain(|_| flags.next().copied().unwrap_or(true)),
            Cells::Number(numbers) => numbers.retain(|_| flags.next().copied().unwrap_or(true)),
        }
    }
}
