//! Takes checked rows, batch by batch, and decides where each goes: straight into its table when its key is new, or to the stage when the key
//! is known or came before in the file. Runs on its own thread; the other end of the channel talks to PostgreSQL.

use super::copy::{Rows, Target};
use super::lines::Lines;
use super::named::{Customers, Named};
use super::out::{Out, Written};
use super::probe::Probe;
use super::tables::{self, CAMPAIGNS, Column, ORDERS, Origin, PRODUCTS, PartRule, Table, Ty};
use super::{Import, Limits};
use crate::error::Result;
use crate::uploads::mapping::{BLANK, Cells, From, Plan, TypedBatch};
use types::uploads::{Groups, OnKnown, RowCounts, UploadKind};
use xxhash_rust::xxh3::xxh3_64;

/// Where a row goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    Final,
    Stage,
    /// Update-only, and the key is not known.
    PassOver,
}

pub struct Intake {
    pub(super) plan: Plan,
    pub(super) table: &'static Table,
    pub(super) upload_id: i64,
    pub(super) mode: OnKnown,
    pub(super) replace: bool,
    pub(super) limits: Limits,
    pub(super) probe: Probe,
    pub(super) out: Out,
    pub(super) customers: Customers,
    pub(super) counts: RowCounts,
    /// Rows went to the stage whose key came before in the file, so that a key may be there twice.
    pub(super) repeats: bool,
    columns: Vec<Cell>,
    named: Vec<(Named, usize)>,
    prefix: Vec<u8>,
    lines: Option<Lines>,
}

/// A column of the table with its place in the batch.
struct Cell {
    column: &'static Column,
    field: Option<usize>,
    /// Contributes also where it is blank.
    overwrites: bool,
}

pub struct Taken {
    pub counts: RowCounts,
    pub written: Written,
    pub next_customer_no: i32,
    pub repeats: bool,
}

impl Intake {
    pub fn new(plan: Plan, import: &Import, next_customer_no: i32, probe: Probe, out: Out) -> Intake {
        let options = &import.options;
        let table = tables::table_of(plan.kind);
        let field_of = |name: &str| plan.field_index(name);
        let columns = table.key.iter().chain(table.fields).map(|column| {
            let field = match column.from {
                Origin::Field(name) | Origin::Id(name) | Origin::Customer(name) => field_of(name),
                Origin::RowKey | Origin::Attributes | Origin::Nowhere => None,
            };
            let mapped = field.is_some_and(|field| plan.fields[field].from != From::Nowhere);
            Cell {
                column,
                field,
                overwrites: plan.overwrite && mapped,
            }
        });
        let columns = columns.collect();
        let mut named = Vec::new();
        for target in [&PRODUCTS, &ORDERS, &CAMPAIGNS] {
            for reference in table.references().filter(|reference| reference.to == target) {
                if let Some(field) = field_of(reference.column) {
                    named.push((Named::new(target), field));
                }
            }
        }
        let prefix = if plan.source.is_empty() {
            Vec::new()
        } else {
            format!("{}:", plan.source).into_bytes()
        };
        let lines = (plan.kind == UploadKind::OrderLines).then(|| Lines::new(&plan));
        Intake {
            customers: Customers::new(plan.source.clone(), next_customer_no),
            plan,
            table,
            upload_id: import.upload_id,
            limits: import.limits,
            mode: options.on_known,
            replace: options.groups == Groups::Replace && table.group.is_some(),
            probe,
            out,
            counts: RowCounts::default(),
            repeats: false,
            columns,
            named,
            prefix,
            lines,
        }
    }

    pub fn take(&mut self, mut batch: TypedBatch) -> Result<()> {
        self.counts.read += batch.read;
        self.counts.rejected += batch.rejects.len() as i64;
        self.counts.duplicates += batch.duplicates;
        for reject in &batch.rejects {
            self.out.reject(reject)?;
        }
        self.prefix_ids(&mut batch);
        match self.lines.take() {
            Some(mut lines) => {
                lines.take(self, &batch)?;
                self.lines = Some(lines);
            }
            None => self.take_plain(&batch)?,
        }
        self.out.flush(false)
    }

    pub fn finish(mut self) -> Result<Taken> {
        if let Some(lines) = self.lines.take() {
            lines.finish(&mut self)?;
        }
        Ok(Taken {
            counts: self.counts,
            next_customer_no: self.customers.next(),
            repeats: self.repeats,
            written: self.out.finish()?,
        })
    }

    /// Ids of another system are kept as `source:id`, those of customers in a column of their own.
    fn prefix_ids(&self, batch: &mut TypedBatch) {
        if self.prefix.is_empty() {
            return;
        }
        for column in self
            .columns
            .iter()
            .filter(|column| matches!(column.column.from, Origin::Id(_)))
        {
            let Some(field) = column.field else { continue };
            let Cells::Text(spans) = &mut batch.columns[field] else {
                continue;
            };
            for span in spans.iter_mut().filter(|span| !span.is_blank()) {
                let start = batch.bytes.len();
                batch.bytes.extend_from_slice(&self.prefix);
                batch
                    .bytes
                    .extend_from_within(span.start as usize..(span.start + span.len) as usize);
                span.start = start as u32;
                span.len += self.prefix.len() as u32;
            }
        }
    }

    /// Rows of every kind but lines.
    fn take_plain(&mut self, batch: &TypedBatch) -> Result<()> {
        let customer_field = self.columns.iter().find_map(|c| {
            if matches!(c.column.from, Origin::Customer(_)) {
                c.field
            } else {
                None
            }
        });
        let places = match customer_field {
            Some(field) => self
                .customers
                .look_up(&self.probe, (0..batch.rows).map(|row| batch.text_at(field, row)))?,
            None => vec![None; batch.rows],
        };
        let lanes = self.lanes(batch, &places)?;
        for (named, field) in &mut self.named {
            let kept = (0..batch.rows).filter(|row| lanes[*row] != Lane::PassOver);
            named.name(
                &self.probe,
                &mut self.out,
                kept.filter_map(|row| batch.text_at(*field, row)),
            )?;
        }
        let time = self.time_field();
        for row in 0..batch.rows {
            let number = match (places[row], lanes[row]) {
                (_, Lane::PassOver) => {
                    self.counts.unchanged += 1;
                    continue;
                }
                (None, _) => None,
                // The row itself is the customer.
                (Some(place), _) if self.plan.kind == UploadKind::Customers => {
                    Some(self.customers.number_or_new(place, &mut self.out)?.0)
                }
                (Some(place), _) => Some(self.customers.name(place, &mut self.out)?),
            };
            self.write_row(batch, row, lanes[row], number, None);
            if lanes[row] == Lane::Final {
                self.counts.created += 1;
                let at = time.and_then(|field| batch.number_at(field, row));
                self.out.note_created(self.table, number.unwrap_or_default(), at);
            }
        }
        Ok(())
    }

    /// The field whose month is the part of the row.
    fn time_field(&self) -> Option<usize> {
        if self.table.part != PartRule::Month {
            return None;
        }
        self.plan
            .field_index(if self.table == &ORDERS { "ordered_at" } else { "at" })
    }

    fn lanes(&mut self, batch: &TypedBatch, places: &[Option<u32>]) -> Result<Vec<Lane>> {
        let rows = 0..batch.rows;
        let known: Vec<bool> = if self.probe.is_empty(self.table) {
            vec![false; batch.rows]
        } else {
            match self.table.key {
                [
                    Column {
                        from: Origin::Customer(_),
                        ..
                    },
                ] => places
                    .iter()
                    .map(|place| place.is_some_and(|place| self.customers.is_known(place)))
                    .collect(),
                [
                    Column {
                        from: Origin::Id(_), ..
                    },
                ] => {
                    let ids: Vec<&str> = rows
                        .map(|row| std::str::from_utf8(batch.text_at(0, row).unwrap_or_default()).unwrap_or_default())
                        .collect();
                    let known = self.probe.texts(self.table, &ids)?;
                    ids.iter().map(|id| known.contains(&xxh3_64(id.as_bytes()))).collect()
                }
                [
                    Column {
                        from: Origin::RowKey, ..
                    },
                ] => {
                    let known = self.probe.uuids(self.table, &batch.keys)?;
                    batch.keys.iter().map(|key| known.contains(&(*key as u64))).collect()
                }
                _ => {
                    let days: Vec<i32> = rows
                        .clone()
                        .map(|row| batch.number_at(0, row).unwrap_or_default() as i32)
                        .collect();
                    let codes: Vec<&str> = rows
                        .map(|row| std::str::from_utf8(batch.text_at(1, row).unwrap_or_default()).unwrap_or_default())
                        .collect();
                    let known = self.probe.rates(&days, &codes)?;
                    days.iter()
                        .zip(&codes)
                        .map(|(day, code)| known.contains(&(*day, (*code).to_owned())))
                        .collect()
                }
            }
        };
        Ok((0..batch.rows)
            .map(|row| self.lane(known[row], batch.repeats[row]))
            .collect())
    }

    pub(super) fn lane(&mut self, known: bool, repeat: bool) -> Lane {
        if self.mode == OnKnown::UpdateOnly && !known {
            return Lane::PassOver;
        }
        self.repeats |= repeat;
        let whole_groups = self.replace && !self.probe.is_empty(self.table);
        if known || repeat || whole_groups {
            Lane::Stage
        } else {
            Lane::Final
        }
    }

    /// Writes a row of the table itself. `derived` are the derived columns of an order line.
    pub(super) fn write_row(
        &mut self,
        batch: &TypedBatch,
        row: usize,
        lane: Lane,
        customer_no: Option<i32>,
        derived: Option<(Option<i32>, Option<i64>)>,
    ) {
        let target = if lane == Lane::Final {
            Target::Final(self.table)
        } else {
            Target::Stage(self.table)
        };
        let keys = self.table.key.len();
        let derived_columns = if lane == Lane::Final {
            self.table.derived.len()
        } else {
            0
        };
        let rows = self.out.rows(target);
        rows.begin(self.columns.len() + derived_columns + 2);
        let mut mask = 0i32;
        for (at, column) in self.columns.iter().enumerate() {
            let there = write_cell(rows, batch, row, column, customer_no, lane);
            if at >= keys && (there || column.overwrites) {
                mask |= 1 << (at - keys);
            }
        }
        if lane == Lane::Final {
            match derived {
                Some((customer_no, at)) => {
                    rows.maybe_int4(customer_no);
                    rows.maybe_int8(at);
                }
                None => (0..derived_columns).for_each(|_| rows.null()),
            }
            rows.int8(self.upload_id);
            rows.int4(mask);
        } else {
            rows.int4(mask);
            rows.int8(batch.last_row * 16_384 + row as i64);
            self.out.note_staged(self.table);
        }
    }
}

/// Writes one cell; whether it held a value.
fn write_cell(
    rows: &mut Rows,
    batch: &TypedBatch,
    row: usize,
    column: &Cell,
    customer_no: Option<i32>,
    lane: Lane,
) -> bool {
    match column.column.from {
        Origin::RowKey => {
            rows.uuid(batch.keys[row]);
            return true;
        }
        Origin::Customer(_) => {
            rows.maybe_int4(customer_no);
            return customer_no.is_some();
        }
        Origin::Attributes => {
            let Cells::Text(spans) = &batch.attributes else {
                rows.null();
                return false;
            };
            if spans[row].is_blank() {
                rows.null();
                return false;
            }
            rows.json(batch.text(spans[row]));
            return true;
        }
        Origin::Nowhere => {
            rows.null();
            return false;
        }
        Origin::Field(_) | Origin::Id(_) => {}
    }
    let cells = column.field.map(|field| &batch.columns[field]);
    match cells {
        Some(Cells::Text(spans)) if !spans[row].is_blank() => {
            let text = batch.text(spans[row]);
            rows.text(text);
            true
        }
        Some(Cells::Number(numbers)) if numbers[row] != BLANK => {
            write_number(rows, numbers[row], column.column.ty);
            true
        }
        _ => {
            if lane == Lane::Final && column.column.default.is_some() {
                // The only default is a quantity of one.
                rows.numeric(1_000_000, 6);
            } else {
                rows.null();
            }
            false
        }
    }
}

fn write_number(rows: &mut Rows, value: i64, ty: Ty) {
    match ty {
        Ty::Numeric(scale) => rows.numeric(i128::from(value), scale),
        Ty::Int8 | Ty::Instant => rows.int8(value),
        Ty::Int4 | Ty::Date => rows.int4(i32::try_from(value).unwrap_or(i32::MAX)),
        Ty::Bool => rows.bool(value != 0),
        Ty::Text | Ty::Uuid | Ty::Json => rows.null(),
    }
}
