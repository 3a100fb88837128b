//! From raw rows to typed cells and rejects. Works on a whole batch column by column, so that a cell costs no allocation.

use super::batch::{BLANK, Cells, Reject, Span, TypedBatch};
use super::cells::{push, shown, text_of, trimmed, upper};
use super::clock::Zone;
use super::dates::{self, DateFault};
use super::keys::Keys;
use super::numbers::{self, NumberFault};
use super::words::{self, Choice};
use super::{FieldPlan, From, Plan};
use crate::uploads::reading::{REJECT_COLUMNS, RawBatch, ReadProgress, RowFault};
use std::collections::HashMap;
use types::uploads::{DateOrder, Fault, FaultCode, UploadKind, ValueType};

pub struct Parser {
    plan: Plan,
    progress: ReadProgress,
    zone: Zone,
    keys: Keys,
    /// With the row of the batch.
    faults: Vec<(u32, Fault)>,
}

/// Field, what its value must not be, and what is said then.
type Rule = (&'static str, fn(i64) -> bool, FaultCode);

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
        self.plan.counts.add(&batch);
        batch
    }

    fn fault(&mut self, row: usize, fault: Fault) {
        self.faults.push((row as u32, fault));
    }

    fn whole_row_faults(&mut self, raw: &RawBatch) {
        let zero = raw.bytes.contains(&0);
        let damaged = self.progress.is_damaged();
        for (row, shape) in raw.rows.iter().enumerate() {
            if let Some(fault) = shape.fault {
                self.fault(row, unreadable(fault));
                continue;
            }
            let cells = shape.cells as usize;
            let beyond = self.plan.columns + REJECT_COLUMNS.len();
            if cells > self.plan.columns
                && (cells != beyond)
                && (self.plan.columns..cells).any(|c| !raw.cell(row, c).trim_ascii().is_empty())
            {
                let fault = Fault::of("", FaultCode::ExtraCells).value(cells.to_string());
                self.fault(row, fault.expected(self.plan.columns.to_string()));
            }
            if zero && (0..cells).any(|column| raw.cell(row, column).contains(&0)) {
                self.fault(row, Fault::of("", FaultCode::ZeroByte));
            }
            if damaged && (0..cells).any(|column| raw.cell(row, column).windows(3).any(|w| w == "\u{fffd}".as_bytes()))
            {
                let fault = Fault::of("", FaultCode::Undecodable).expected(&self.plan.encoding);
                self.fault(row, fault);
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
                    self.fault(row, Fault::of(name, FaultCode::Missing));
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
                        let fault = Fault::of(name, FaultCode::TooLong).value(shown(&raw.bytes, *span));
                        self.fault(row, fault);
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
                            let fault = Fault::of(name, FaultCode::NotAChoice).value(shown(&raw.bytes, span));
                            self.fault(row, fault.expected(ours.join(", ")));
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
                    FaultCode::NotANumber,
                )
            }
            ValueType::Whole => self.numbers(
                name,
                &spans,
                raw,
                |cell| numbers::whole(cell, style.mark),
                FaultCode::NotWhole,
            ),
            ValueType::Boolean => {
                let read = |cell: &[u8]| {
                    let text = std::str::from_utf8(cell).unwrap_or_default();
                    words::boolean(text).map(i64::from).ok_or(NumberFault::NotANumber)
                };
                self.numbers(name, &spans, raw, read, FaultCode::NotYesOrNo)
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
        otherwise: FaultCode,
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
                    let code = if fault == NumberFault::TooLarge {
                        FaultCode::TooLarge
                    } else {
                        otherwise
                    };
                    self.fault(row, Fault::of(name, code).value(shown(&raw.bytes, *span)));
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
                    let cell = shown(&raw.bytes, *span);
                    let fault = match fault {
                        DateFault::FarAway => Fault::of(name, FaultCode::FarDate),
                        DateFault::NotADate if has_order(&cell) => {
                            Fault::of(name, FaultCode::NotADateInOrder).expected(order_name(plan.style.order))
                        }
                        DateFault::NotADate => Fault::of(name, FaultCode::NotADate),
                    };
                    self.fault(row, fault.value(cell));
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
            UploadKind::OrderLines => &[("unit_price", |v| v < 0, FaultCode::NegativePrice)],
            UploadKind::ExchangeRates => &[("rate", |v| v <= 0, FaultCode::RateNotPositive)],
            UploadKind::Campaigns => &[(
                "holdout_share",
                |v| !(0..=1_000_000).contains(&v),
                FaultCode::ShareOutOfRange,
            )],
            UploadKind::Customers => &[("age", |v| v > 150, FaultCode::AgeTooHigh)],
            _ => &[],
        };
        for (name, is_wrong, code) in rules {
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
                    self.fault(row, Fault::of(name, *code).value(shown(&raw.bytes, span)));
                }
            }
        }
    }

    /// One reject for each row at fault, with all its faults.
    fn take_rejects(&mut self, raw: &RawBatch) -> Vec<Reject> {
        let mut faults = std::mem::take(&mut self.faults);
        faults.sort_by_key(|(row, _)| *row);
        let mut rejects = Vec::new();
        for of_row in faults.chunk_by(|a, b| a.0 == b.0) {
            let row = of_row[0].0 as usize;
            let said: Vec<Fault> = of_row.iter().map(|(_, fault)| fault.clone()).collect();
            let cells = raw.texts(row, self.plan.columns);
            let cells = cells.into_iter().map(|cell| cell.replace('\0', "\u{fffd}")).collect();
            rejects.push(Reject::new(raw.first_row + row as i64, &said, cells));
        }
        rejects
    }
}

/// Why a row cannot be taken whatever it means.
fn unreadable(fault: RowFault) -> Fault {
    if fault == RowFault::OpenQuote {
        Fault::of("", FaultCode::OpenQuote)
    } else if fault == RowFault::TooLong {
        Fault::of("", FaultCode::RowTooLong)
    } else if fault == RowFault::TooManyCells {
        Fault::of("", FaultCode::TooManyCells)
    } else {
        Fault::of("", FaultCode::Other).value(fault.reason())
    }
}

/// Whether the order of day and month matters for a cell: a date that begins with the year has one order only.
fn has_order(cell: &str) -> bool {
    matches!(cell.bytes().take_while(u8::is_ascii_digit).count(), 1 | 2)
}

fn order_name(order: DateOrder) -> &'static str {
    match order {
        DateOrder::DayMonthYear => "day_month_year",
        DateOrder::MonthDayYear => "month_day_year",
        DateOrder::YearMonthDay => "year_month_day",
    }
}
