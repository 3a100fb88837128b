//! Rows in PostgreSQL's binary COPY format, and sending them. Knows nothing of what the rows mean.

use super::tables::{Column, Table};
use crate::error::Result;
use sqlx::PgConnection;

const SIGNATURE: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// Where a piece of COPY data goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The rows themselves.
    Final(&'static Table),
    /// Contributions to keys that are known already, or that came before in the same file.
    Stage(&'static Table),
    CustomerIds,
    /// Orders whose lines may carry another customer or time than the order has.
    TouchedOrders,
}

impl Target {
    fn statement(self) -> String {
        let names = |columns: &[Column]| columns.iter().map(|column| column.name).collect::<Vec<_>>();
        let (table, columns) = match self {
            Target::Final(table) => {
                let columns = [
                    names(table.key),
                    names(table.fields),
                    names(table.derived),
                    vec!["upload_id", "mask"],
                ]
                .concat();
                (table.name.to_owned(), columns)
            }
            Target::Stage(table) => (
                format!("stage_{}", table.name),
                [names(table.key), names(table.fields), vec!["mask", "row_no"]].concat(),
            ),
            Target::CustomerIds => ("customer_ids".to_owned(), vec!["source", "external_id", "customer_no"]),
            Target::TouchedOrders => ("touched_orders".to_owned(), vec!["order_id"]),
        };
        format!("copy {table} ({}) from stdin (format binary)", columns.join(", "))
    }
}

/// Some rows for one target.
#[derive(Debug)]
pub struct Chunk {
    pub target: Target,
    pub rows: Rows,
}

pub async fn send(conn: &mut PgConnection, chunk: Chunk) -> Result<()> {
    copy_in(conn, &chunk.target.statement(), chunk.rows).await
}

pub async fn copy_in(conn: &mut PgConnection, statement: &str, mut rows: Rows) -> Result<()> {
    rows.bytes.extend_from_slice(&(-1i16).to_be_bytes());
    let mut copy = conn.copy_in_raw(statement).await?;
    for piece in rows.bytes.chunks(1 << 17) {
        copy.send(piece).await?;
    }
    copy.finish().await?;
    Ok(())
}

/// Rows being written.
#[derive(Debug)]
pub struct Rows {
    pub bytes: Vec<u8>,
    pub count: u64,
}

impl Default for Rows {
    fn default() -> Rows {
        Rows {
            bytes: SIGNATURE.to_vec(),
            count: 0,
        }
    }
}

impl Rows {
    pub fn begin(&mut self, fields: usize) {
        self.bytes.extend_from_slice(&(fields as i16).to_be_bytes());
        self.count += 1;
    }

    pub fn null(&mut self) {
        self.bytes.extend_from_slice(&(-1i32).to_be_bytes());
    }

    pub fn text(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(&(text.len() as i32).to_be_bytes());
        self.bytes.extend_from_slice(text);
    }

    pub fn json(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(&(text.len() as i32 + 1).to_be_bytes());
        self.bytes.push(1);
        self.bytes.extend_from_slice(text);
    }

    pub fn int4(&mut self, value: i32) {
        self.bytes.extend_from_slice(&4i32.to_be_bytes());
        self.bytes.extend_from_slice(&value.to_be_bytes());
    }

    pub fn int8(&mut self, value: i64) {
        self.bytes.extend_from_slice(&8i32.to_be_bytes());
        self.bytes.extend_from_slice(&value.to_be_bytes());
    }

    pub fn maybe_int4(&mut self, value: Option<i32>) {
        match value {
            Some(value) => self.int4(value),
            None => self.null(),
        }
    }

    pub fn maybe_int8(&mut self, value: Option<i64>) {
        match value {
            Some(value) => self.int8(value),
            None => self.null(),
        }
    }

    pub fn bool(&mut self, value: bool) {
        self.bytes.extend_from_slice(&1i32.to_be_bytes());
        self.bytes.push(u8::from(value));
    }

    pub fn uuid(&mut self, value: u128) {
        self.bytes.extend_from_slice(&16i32.to_be_bytes());
        self.bytes.extend_from_slice(&value.to_be_bytes());
    }

    /// `value` counts units of ten to the power of minus `scale`, which is 6 or 9.
    pub fn numeric(&mut self, value: i128, scale: u32) {
        let mut digits = [0u16; 15];
        let unit = 10u64.pow(scale);
        let size = value.unsigned_abs();
        let (mut whole, fraction) = match u64::try_from(size) {
            Ok(size) => (u128::from(size / unit), size % unit),
            Err(_) => (size / u128::from(unit), (size % u128::from(unit)) as u64),
        };
        // Groups of four digits: the whole part ends before place 12, the fraction stands behind it.
        let mut first = 12;
        while whole > 0 && first > 0 {
            first -= 1;
            match u64::try_from(whole) {
                Ok(small) => (digits[first], whole) = ((small % 10_000) as u16, u128::from(small / 10_000)),
                Err(_) => (digits[first], whole) = ((whole % 10_000) as u16, whole / 10_000),
            }
        }
        let mut last = 15;
        let mut rest = fraction * 10u64.pow(12 - scale);
        for digit in digits[12..].iter_mut().rev() {
            *digit = (rest % 10_000) as u16;
            rest /= 10_000;
        }
        while first < last && digits[first] == 0 {
            first += 1;
        }
        while last > first && digits[last - 1] == 0 {
            last -= 1;
        }
        let count = last - first;
        let weight = if count == 0 { 0 } else { 11 - first as i16 };
        self.bytes.extend_from_slice(&(8 + 2 * count as i32).to_be_bytes());
        self.bytes.extend_from_slice(&(count as i16).to_be_bytes());
        self.bytes.extend_from_slice(&weight.to_be_bytes());
        self.bytes
            .extend_from_slice(&(if value < 0 { 0x4000u16 } else { 0 }).to_be_bytes());
        self.bytes.extend_from_slice(&(scale as i16).to_be_bytes());
        for digit in &digits[first..last] {
            self.bytes.extend_from_slice(&digit.to_be_bytes());
        }
    }

    pub fn texts(&mut self, texts: &[String]) {
        const TEXT_OID: i32 = 25;
        let header = if texts.is_empty() { 12 } else { 20 };
        let size: usize = header + texts.iter().map(|text| 4 + text.len()).sum::<usize>();
        self.bytes.extend_from_slice(&(size as i32).to_be_bytes());
        for number in [i32::from(!texts.is_empty()), 0, TEXT_OID] {
            self.bytes.extend_from_slice(&number.to_be_bytes());
        }
        if !texts.is_empty() {
            self.bytes.extend_from_slice(&(texts.len() as i32).to_be_bytes());
            self.bytes.extend_from_slice(&1i32.to_be_bytes());
        }
        for text in texts {
            self.text(text.as_bytes());
        }
    }
}
