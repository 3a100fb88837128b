//! Customers, products, orders and campaigns that the rows of a file name: each is made at its first mention unless it is known already.

use super::copy::Target;
use super::ids::Ids;
use super::out::Out;
use super::probe::{Known, Probe};
use super::tables::{CUSTOMERS, Table};
use crate::error::{Error, Result};
use crate::uploads::mapping::AsIs;
use std::collections::HashSet;
use std::hash::BuildHasherDefault;
use xxhash_rust::xxh3::xxh3_64;

/// Writes a row that exists by reference only.
pub fn write_bare(out: &mut Out, table: &'static Table, key: &[u8]) {
    let columns = table.fields.len() + table.derived.len();
    let rows = out.rows(Target::Final(table));
    rows.begin(1 + columns + 2);
    rows.text(key);
    for _ in 0..columns + 1 {
        rows.null();
    }
    rows.int4(0);
    out.note_created(table, 0, None);
}

/// Customers by their external id. Numbers are given in the order of the first row that needs one.
pub struct Customers {
    source: String,
    ids: Ids,
    /// Number of each id; 0 while it has none.
    numbers: Vec<i32>,
    known: Vec<bool>,
    next: i32,
}

impl Customers {
    pub fn new(source: String, next: i32) -> Customers {
        Customers {
            source,
            ids: Ids::default(),
            numbers: Vec::new(),
            known: Vec::new(),
            next,
        }
    }

    /// The next number that nobody has.
    pub fn next(&self) -> i32 {
        self.next
    }

    /// The place of each id among those seen; asks the database about new ones.
    pub fn look_up<'a>(
        &mut self,
        probe: &Probe,
        ids: impl Iterator<Item = Option<&'a [u8]>>,
    ) -> Result<Vec<Option<u32>>> {
        let first_new = self.ids.len() as u32;
        let places = ids.map(|id| id.map(|id| self.ids.number(id).0)).collect();
        self.numbers.resize(self.ids.len(), 0);
        self.known.resize(self.ids.len(), false);
        if !probe.is_empty(&CUSTOMERS) {
            let new: Vec<&str> = (first_new..self.ids.len() as u32)
                .map(|place| self.ids.get_str(place))
                .collect();
            let found = probe.customers(&self.source, &new)?;
            for (id, number) in found {
                let (place, _) = self.ids.number(id.as_bytes());
                self.numbers[place as usize] = number;
                self.known[place as usize] = true;
            }
        }
        Ok(places)
    }

    /// Whether the customer was there before this file.
    pub fn is_known(&self, place: u32) -> bool {
        self.known[place as usize]
    }

    /// The customer's number; a new customer gets one, and its id is written. `true` when it was new.
    pub fn number_or_new(&mut self, place: u32, out: &mut Out) -> Result<(i32, bool)> {
        let held = self.numbers[place as usize];
        if held != 0 {
            return Ok((held, false));
        }
        let number = self.next;
        self.next = self
            .next
            .checked_add(1)
            .ok_or_else(|| Error::TooLarge("There are no customer numbers left.".into()))?;
        self.numbers[place as usize] = number;
        let rows = out.rows(Target::CustomerIds);
        rows.begin(3);
        rows.text(self.source.as_bytes());
        rows.text(self.ids.get(place));
        rows.int4(number);
        Ok((number, true))
    }

    /// As [`Customers::number_or_new`], for a customer that a row merely names.
    pub fn name(&mut self, place: u32, out: &mut Out) -> Result<i32> {
        let (number, new) = self.number_or_new(place, out)?;
        if new {
            let rows = out.rows(Target::Final(&CUSTOMERS));
            rows.begin(1 + CUSTOMERS.fields.len() + 2);
            rows.int4(number);
            for _ in 0..CUSTOMERS.fields.len() + 1 {
                rows.null();
            }
            rows.int4(0);
            out.note_created(&CUSTOMERS, number, None);
        }
        Ok(number)
    }
}

/// Things known by a text id that rows merely name.
pub struct Named {
    table: &'static Table,
    seen: HashSet<u64, BuildHasherDefault<AsIs>>,
}

impl Named {
    pub fn new(table: &'static Table) -> Named {
        Named {
            table,
            seen: HashSet::default(),
        }
    }

    /// Makes what is named for the first time and not known.
    pub fn name<'a>(&mut self, probe: &Probe, out: &mut Out, ids: impl Iterator<Item = &'a [u8]>) -> Result<()> {
        let new: Vec<&str> = ids
            .filter(|id| self.seen.insert(xxh3_64(id)))
            .map(|id| std::str::from_utf8(id).unwrap_or_default())
            .collect();
        let known: Known = probe.texts(self.table, &new)?;
        for id in new {
            if !known.contains(&xxh3_64(id.as_bytes())) {
                write_bare(out, self.table, id.as_bytes());
            }
        }
        Ok(())
    }
}
