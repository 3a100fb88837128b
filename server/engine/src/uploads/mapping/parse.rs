//! From raw rows to typed cells, row keys and rejects. Works on a whole batch column by column; text cells stay where they are in the batch's
//! bytes, so that a cell costs no allocation.

use super::dates::{self, DateFault, Zone};
use super::numbers::{self, NumberFault};
use super::words::{self, Choice};
use super::{FieldPlan, From, Plan};
use crate::uploads::reading::{RawBatch, ReadProgress};
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use types::uploads::{UploadKind, ValueType};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128, xxh3_128_with_seed};

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
    /// Key of each row among the rows of its table; see [`Keys`].
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
    pub field: String,
    pub reason: String,
    pub cells: Vec<String>,
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

pub struct Parser {
    plan: Plan,
    progress: ReadProgress,
    zone: Zone,
    keys: Keys,
    faults: Vec<Fault>,
}

/// Field, what its value must not be, and what is said then.
type Rule = (&'static str, fn(i64) -> bool, &'static str);

struct Fault {
    row: u32,
    field: &'static str,
    reason: String,
}

impl Parser {
    pub fn new(plan: Plan, progress: ReadProgress) -> Parser {
        let keys = Keys::new(&plan);
        Parser {
            zone: Zone::new(plan.zone),
            plan,
            progress,
            keys,
            faults: Vec::new(),
        }
    }

    pub fn parse(&mut self, mut raw: RawBatch) -> TypedBatch {
        let read = raw.rows.len();
        self.faults.clear();
        self.whole_row_faults(&raw);
        let plans = std::mem::take(&mut self.plan.fields);
        let mut columns: Vec<Cells> = plans.iter().map(|plan| self.read_field(plan, &mut raw)).collect();
        self.plan.fields = plans;
        let mut attributes = self.read_attributes(&mut raw);
        self.rules_of_the_kind(&columns, &raw);
        let mut rejects = Vec::new();
        let mut rows = read;
        if !self.faults.is_empty() {
            rejects = self.take_rejects(&raw);
            let mut kept = vec![true; read];
            for reject in &rejects {
                kept[(reject.row - raw.first_row) as usize] = false;
            }
            rows = read - rejects.len();
            columns
                .iter_mut()
                .chain([&mut attributes])
                .for_each(|cells| cells.keep(&kept));
        }
        let mut batch = TypedBatch {
            last_row: raw.first_row + read as i64 - 1,
            bytes: raw.bytes,
            rows,
            columns,
            attributes,
            keys: Vec::with_capacity(rows),
            repeats: vec![false; rows],
            read: read as i64,
            duplicates: 0,
            rejects,
        };
        self.keys.make(&mut batch);
        batch
    }

    fn fault(&mut self, row: usize, field: &'static str, reason: String) {
        self.faults.push(Fault {
            row: row as u32,
            field,
            reason,
        });
    }

    fn whole_row_faults(&mut self, raw: &RawBatch) {
        let zero = raw.bytes.contains(&0);
        let damaged = self.progress.is_damaged();
        for (row, shape) in raw.rows.iter().enumerate() {
            if let Some(fault) = shape.fault {
                self.fault(row, "", fault.reason().into());
                continue;
            }
            let cells = shape.cells as usize;
            let beyond = self.plan.columns + super::super::reading::REJECT_COLUMNS.len();
            if cells > self.plan.columns
                && (cells != beyond)
                && (self.plan.columns..cells).any(|c| !raw.cell(row, c).trim_ascii().is_empty())
            {
                self.fault(
                    row,
                    "",
                    format!("the row has {cells} cells, the header has {}", self.plan.columns),
                );
            }
            if zero && (0..cells).any(|column| raw.cell(row, column).contains(&0)) {
                self.fault(row, "", "a cell holds a zero byte, which is not text".into());
            }
            if damaged && (0..cells).any(|column| raw.cell(row, column).windows(3).any(|w| w == "\u{fffd}".as_bytes()))
            {
                let reason = format!(
                    "the row holds bytes that are not {}; choose the right encoding",
                    self.plan.encoding
                );
                self.fault(row, "", reason);
            }
        }
    }

    /// Spans of a field after trimming and after the person's own words; blank where there is nothing.
    fn spans(plan: &FieldPlan, raw: &mut RawBatch) -> Vec<Span> {
        let rows = raw.rows.len();
        match &plan.from {
            From::Nowhere => vec![Span::BLANK; rows],
            From::Constant(text) => vec![push(&mut raw.bytes, text.trim()); rows],
            From::RowNumber => (0..rows)
                .map(|row| push(&mut raw.bytes, &(raw.first_row + row as i64).to_string()))
                .collect(),
            From::Column { index, values } => {
                let mut spans: Vec<Span> = (0..rows)
                    .map(|row| trimmed(&raw.bytes, raw.span(row, *index)))
                    .collect();
                if !values.is_empty() {
                    let mut pushed: HashMap<&str, Span> = HashMap::new();
                    for span in spans.iter_mut().filter(|span| !span.is_blank()) {
                        let bytes = &raw.bytes[span.start as usize..(span.start + span.len) as usize];
                        let Some((theirs, ours)) = std::str::from_utf8(bytes)
                            .ok()
                            .and_then(|text| values.get_key_value(text))
                        else {
                            continue;
                        };
                        *span = *pushed
                            .entry(theirs.as_str())
                            .or_insert_with(|| push(&mut raw.bytes, ours.trim()));
                    }
                }
                spans
            }
        }
    }

    fn read_field(&mut self, plan: &FieldPlan, raw: &mut RawBatch) -> Cells {
        if plan.from == From::Nowhere {
            return Cells::Nowhere;
        }
        let name = plan.field.name;
        let mut spans = Parser::spans(plan, raw);
        if plan.field.required {
            for (row, span) in spans.iter().enumerate() {
                if span.is_blank() && raw.rows[row].fault.is_none() {
                    self.faults.push(Fault {
                        row: row as u32,
                        field: name,
                        reason: "is missing".into(),
                    });
                }
            }
        }
        let style = plan.style;
        match plan.field.value {
            ValueType::Text => {
                if name == "currency" {
                    upper(&spans, &mut raw.bytes);
                }
                Cells::Text(spans)
            }
            ValueType::Id => {
                for (row, span) in spans.iter().enumerate() {
                    if !span.is_blank() && span.len > 200 && text_of(&raw.bytes, *span).chars().count() > 200 {
                        let reason = format!("{} is longer than 200 characters", quoted(&raw.bytes, *span));
                        self.faults.push(Fault {
                            row: row as u32,
                            field: name,
                            reason,
                        });
                    }
                }
                Cells::Text(spans)
            }
            ValueType::Choice(ours) => {
                let known: Vec<Span> = ours.iter().map(|word| push(&mut raw.bytes, word)).collect();
                let mut last: Option<(Vec<u8>, Span)> = None;
                for (row, place) in spans.iter_mut().enumerate() {
                    let span = *place;
                    if span.is_blank() {
                        continue;
                    }
                    let bytes = &raw.bytes[span.start as usize..(span.start + span.len) as usize];
                    if let Some((_, found)) = last.as_ref().filter(|(text, _)| text == bytes) {
                        *place = *found;
                        continue;
                    }
                    let found = match words::choice(&text_of(&raw.bytes, span), ours) {
                        Choice::Ours(word) => ours
                            .iter()
                            .position(|our| *our == word)
                            .map_or(Span::BLANK, |at| known[at]),
                        Choice::Unknown if !plan.field.required => Span::BLANK,
                        Choice::Unknown | Choice::Strange => {
                            let reason = format!("{} is none of {}", quoted(&raw.bytes, span), ours.join(", "));
                            self.faults.push(Fault {
                                row: row as u32,
                                field: name,
                                reason,
                            });
                            continue;
                        }
                    };
                    last = Some((bytes.to_vec(), found));
                    *place = found;
                }
                Cells::Text(spans)
            }
            ValueType::Decimal => {
                let scale = if name == "rate" { 9 } else { 6 };
                self.numbers(
                    name,
                    &spans,
                    raw,
                    |cell| numbers::decimal(cell, style.mark, scale),
                    "a number",
                )
            }
            ValueType::Whole => self.numbers(
                name,
                &spans,
                raw,
                |cell| numbers::whole(cell, style.mark),
                "a whole number, zero or more",
            ),
            ValueType::Boolean => {
                let read = |cell: &[u8]| {
                    let text = std::str::from_utf8(cell).unwrap_or_default();
                    words::boolean(text).map(i64::from).ok_or(NumberFault::NotANumber)
                };
                self.numbers(name, &spans, raw, read, "yes or no")
            }
            ValueType::Date => self.moments(name, &spans, raw, plan, |cell, _| {
                dates::date(cell, style.order).map(i64::from)
            }),
            ValueType::Instant => self.moments(name, &spans, raw, plan, |cell, zone| {
                dates::instant(cell, style.order, zone)
            }),
        }
    }

    fn numbers(
        &mut self,
        name: &'static str,
        spans: &[Span],
        raw: &RawBatch,
        read: impl Fn(&[u8]) -> Result<i64, NumberFault>,
        expected: &str,
    ) -> Cells {
        let mut values = Vec::with_capacity(spans.len());
        for (row, span) in spans.iter().enumerate() {
            if span.is_blank() {
                values.push(BLANK);
                continue;
            }
            match read(&raw.bytes[span.start as usize..(span.start + span.len) as usize]) {
                Ok(value) => values.push(value),
                Err(fault) => {
                    let said = if fault == NumberFault::TooLarge {
                        "is too large".to_owned()
                    } else {
                        format!("is not {expected}")
                    };
                    let reason = format!("{} {said}", quoted(&raw.bytes, *span));
                    self.faults.push(Fault {
                        row: row as u32,
                        field: name,
                        reason,
                    });
                    values.push(BLANK);
                }
            }
        }
        Cells::Number(values)
    }

    fn moments(
        &mut self,
        name: &'static str,
        spans: &[Span],
        raw: &RawBatch,
        plan: &FieldPlan,
        read: impl Fn(&[u8], &mut Zone) -> Result<i64, DateFault>,
    ) -> Cells {
        let mut values = Vec::with_capacity(spans.len());
        for (row, span) in spans.iter().enumerate() {
            if span.is_blank() {
                values.push(BLANK);
                continue;
            }
            match read(
                &raw.bytes[span.start as usize..(span.start + span.len) as usize],
                &mut self.zone,
            ) {
                Ok(value) => values.push(value),
                Err(fault) => {
                    let said = match fault {
                        DateFault::FarAway => "lies outside the years 1700 to 2200".to_owned(),
                        DateFault::NotADate => {
                            format!("is not a date{}", order_said(plan, text_of(&raw.bytes, *span).as_ref()))
                        }
                    };
                    let reason = format!("{} {said}", quoted(&raw.bytes, *span));
                    self.faults.push(Fault {
                        row: row as u32,
                        field: name,
                        reason,
                    });
                    values.push(BLANK);
                }
            }
        }
        Cells::Number(values)
    }

    fn read_attributes(&mut self, raw: &mut RawBatch) -> Cells {
        if self.plan.attributes.is_empty() {
            return Cells::Nowhere;
        }
        let mut spans = Vec::with_capacity(raw.rows.len());
        for row in 0..raw.rows.len() {
            let mut object = serde_json::Map::new();
            for (key, column) in &self.plan.attributes {
                let span = trimmed(&raw.bytes, raw.span(row, *column));
                if !span.is_blank() {
                    object.insert(key.clone(), text_of(&raw.bytes, span).into_owned().into());
                } else if self.plan.overwrite {
                    object.insert(key.clone(), serde_json::Value::Null);
                }
            }
            let json = if object.is_empty() {
                String::new()
            } else {
                serde_json::Value::Object(object).to_string()
            };
            spans.push(push(&mut raw.bytes, &json));
        }
        Cells::Text(spans)
    }

    /// What a value may not be, although it could be read.
    fn rules_of_the_kind(&mut self, columns: &[Cells], raw: &RawBatch) {
        let rules: &[Rule] = match self.plan.kind {
            UploadKind::OrderLines => &[("unit_price", |v| v < 0, "a negative unit price is not taken")],
            UploadKind::ExchangeRates => &[("rate", |v| v <= 0, "a rate must be above zero")],
            UploadKind::Campaigns => &[(
                "holdout_share",
                |v| !(0..=1_000_000).contains(&v),
                "a share lies between 0 and 1",
            )],
            UploadKind::Customers => &[("age", |v| v > 150, "an age above 150 is not taken")],
            _ => &[],
        };
        for (name, is_wrong, said) in rules {
            let Some(index) = self.plan.field_index(name) else {
                continue;
            };
            let (Cells::Number(values), From::Column { index: column, .. }) =
                (&columns[index], &self.plan.fields[index].from)
            else {
                continue;
            };
            let column = *column;
            for (row, value) in values.iter().enumerate() {
                if *value != BLANK && is_wrong(*value) {
                    let span = trimmed(&raw.bytes, raw.span(row, column));
                    let reason = format!("{said} ({})", quoted(&raw.bytes, span));
                    self.faults.push(Fault {
                        row: row as u32,
                        field: name,
                        reason,
                    });
                }
            }
        }
    }

    /// One reject for each row at fault, several faults joined.
    fn take_rejects(&mut self, raw: &RawBatch) -> Vec<Reject> {
        let mut faults = std::mem::take(&mut self.faults);
        faults.sort_by_key(|fault| fault.row);
        let mut rejects: Vec<Reject> = Vec::new();
        for fault in faults {
            let row = raw.first_row + i64::from(fault.row);
            match rejects.last_mut().filter(|reject| reject.row == row) {
                Some(reject) => {
                    if !reject.field.is_empty() && !fault.field.is_empty() {
                        reject.field.push_str("; ");
                    }
                    reject.field.push_str(fault.field);
                    reject.reason.push_str("; ");
                    reject.reason.push_str(&fault.reason);
                }
                None => rejects.push(Reject {
                    row,
                    field: fault.field.to_owned(),
                    reason: fault.reason,
                    cells: raw
                        .texts(fault.row as usize, self.plan.columns)
                        .into_iter()
                        .map(|cell| cell.replace('\0', "\u{fffd}"))
                        .collect(),
                }),
            }
        }
        rejects
    }
}

impl Cells {
    fn keep(&mut self, kept: &[bool]) {
        let mut flags = kept.iter();
        match self {
            Cells::Nowhere => {}
            Cells::Text(spans) => spans.retain(|_| flags.next().copied().unwrap_or(true)),
            Cells::Number(numbers) => numbers.retain(|_| flags.next().copied().unwrap_or(true)),
        }
    }
}

fn order_said(plan: &FieldPlan, text: &str) -> &'static str {
    use types::uploads::DateOrder::{DayMonthYear, MonthDayYear, YearMonthDay};
    if text.len() > 4 && text.as_bytes()[..4].iter().all(u8::is_ascii_digit) {
        return "";
    }
    match plan.style.order {
        DayMonthYear => " in the order day, month, year",
        MonthDayYear => " in the order month, day, year",
        YearMonthDay => " in the order year, month, day",
    }
}

fn push(bytes: &mut Vec<u8>, text: &str) -> Span {
    if text.is_empty() {
        return Span::BLANK;
    }
    let start = bytes.len() as u32;
    bytes.extend_from_slice(text.as_bytes());
    Span {
        start,
        len: text.len() as u32,
    }
}

fn trimmed(bytes: &[u8], (mut start, mut end): (usize, usize)) -> Span {
    while start < end && bytes[start] <= b' ' {
        start += 1;
    }
    while start < end && bytes[end - 1] <= b' ' {
        end -= 1;
    }
    if start < end && (bytes[start] >= 0x80 || bytes[end - 1] >= 0x80) {
        let text = String::from_utf8_lossy(&bytes[start..end]);
        let blank = |c: char| c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}';
        let front = text.len() - text.trim_start_matches(blank).len();
        let back = text.len() - text.trim_end_matches(blank).len();
        start += front.min(end - start);
        end -= back.min(end - start);
    }
    if start == end {
        Span::BLANK
    } else {
        Span {
            start: start as u32,
            len: (end - start) as u32,
        }
    }
}

fn text_of(bytes: &[u8], span: Span) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(&bytes[span.start as usize..(span.start + span.len) as usize])
}

/// The value as a reason names it: in quotation marks, not too long.
fn quoted(bytes: &[u8], span: Span) -> String {
    let text = text_of(bytes, span);
    let short: String = text.chars().take(60).collect();
    let more = if short.len() < text.len() { "…" } else { "" };
    format!("\u{201c}{}{more}\u{201d}", short.replace(['\n', '\r', '\t'], " "))
}

fn upper(spans: &[Span], bytes: &mut [u8]) {
    for span in spans.iter().filter(|span| !span.is_blank()) {
        bytes[span.start as usize..(span.start + span.len) as usize].make_ascii_uppercase();
    }
}

/// Gives each row its key and notices real keys that come again.
///
/// A kind with a real key uses it. For all others the key is the content: 128 bits over the parsed values of the mapped fields, and over the
/// number of equal rows before it in the file, so that equal rows are kept and the same file gives the same keys.
struct Keys {
    kind: UploadKind,
    source: Vec<u8>,
    /// Stable number of each field, from its name.
    ids: Vec<u64>,
    /// Fields of the real key, where the kind or the mapping has one.
    real: Vec<usize>,
    /// A real key counts within these fields only (a line within its order).
    within: Option<usize>,
    seen: HashSet<u64, BuildHasherDefault<AsIs>>,
    again: HashMap<u64, u64>,
    scratch: Vec<u8>,
}

impl Keys {
    fn new(plan: &Plan) -> Keys {
        let at = |name: &str| plan.field_index(name).into_iter();
        let (real, within): (Vec<usize>, Option<usize>) = match plan.kind {
            UploadKind::Customers | UploadKind::Products | UploadKind::Orders | UploadKind::Campaigns => {
                (vec![0], None)
            }
            UploadKind::ExchangeRates => (vec![0, 1], None),
            UploadKind::OrderLines if plan.is_mapped("line_id") => (at("line_id").collect(), Some(0)),
            UploadKind::Reviews if plan.is_mapped("review_id") => {
                (at("review_id").chain(at("order_id")).collect(), None)
            }
            _ => (Vec::new(), None),
        };
        Keys {
            kind: plan.kind,
            source: plan.source.clone().into_bytes(),
            ids: plan
                .fields
                .iter()
                .map(|plan| xxh3_64(plan.field.name.as_bytes()))
                .collect(),
            real,
            within,
            seen: HashSet::default(),
            again: HashMap::new(),
            scratch: Vec::with_capacity(512),
        }
    }

    fn make(&mut self, batch: &mut TypedBatch) {
        let all: Vec<usize> = (0..batch.columns.len())
            .filter(|column| !matches!(batch.columns[*column], Cells::Nowhere))
            .collect();
        for row in 0..batch.rows {
            // A blank line number or review number is no key: such a row is known by its content.
            let has_key = self
                .real
                .first()
                .is_some_and(|column| batch.text_at(*column, row).is_some() || batch.number_at(*column, row).is_some());
            let key = if has_key {
                let fields = std::mem::take(&mut self.real);
                let key = self.hash(batch, row, &fields);
                self.real = fields;
                let mut mark = key;
                if let Some(group) = self.within {
                    mark ^= xxh3_128(batch.text_at(group, row).unwrap_or_default());
                }
                batch.repeats[row] = !self.seen.insert(mark as u64);
                key
            } else {
                let key = self.hash(batch, row, &all);
                if self.seen.insert(key as u64) {
                    key
                } else {
                    let times = self.again.entry(key as u64).or_insert(0);
                    *times += 1;
                    batch.duplicates += 1;
                    xxh3_128_with_seed(&key.to_be_bytes(), *times)
                }
            };
            batch.keys.push(key);
        }
    }

    fn hash(&mut self, batch: &TypedBatch, row: usize, fields: &[usize]) -> u128 {
        let scratch = &mut self.scratch;
        scratch.clear();
        if !self.source.is_empty() && self.kind != UploadKind::ExchangeRates {
            scratch.extend_from_slice(&(self.source.len() as u32).to_be_bytes());
            scratch.extend_from_slice(&self.source);
        }
        for column in fields {
            match &batch.columns[*column] {
                Cells::Text(spans) if !spans[row].is_blank() => {
                    scratch.extend_from_slice(&self.ids[*column].to_be_bytes());
                    scratch.extend_from_slice(&spans[row].len.to_be_bytes());
                    scratch.extend_from_slice(batch.text(spans[row]));
                }
                Cells::Number(numbers) if numbers[row] != BLANK => {
                    scratch.extend_from_slice(&self.ids[*column].to_be_bytes());
                    scratch.extend_from_slice(&numbers[row].to_be_bytes());
                }
                _ => {}
            }
        }
        xxh3_128(scratch)
    }
}

/// The keys are hashes already.
#[derive(Default)]
pub struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxh3_64(bytes);
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}
