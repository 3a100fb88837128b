//! The key of each row: what makes it the same row when it comes again.

use super::Plan;
use super::batch::{BLANK, Cells, TypedBatch};
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use types::uploads::UploadKind;
use xxhash_rust::xxh3::{xxh3_64, xxh3_128, xxh3_128_with_seed};

/// Gives each row its key and notices real keys that come again.
///
/// A kind with a real key uses it. For all others the key is the content: 128 bits over the parsed values of the mapped fields, and over the
/// number of equal rows before it in the file, so that equal rows are kept and the same file gives the same keys.
pub(super) struct Keys {
    kind: UploadKind,
    source: Vec<u8>,
    /// Stable number of each field, from its name.
    ids: Vec<u64>,
    /// Fields of the real key, where the kind or the mapping has one.
    real: Vec<usize>,
    /// A real key counts within these fields only (a line within its order).
    within: Option<usize>,
    seen: Marks,
    again: HashMap<u64, u64>,
    scratch: Vec<u8>,
}

/// Marks of the keys of a whole file, in pieces that grow one after the other: a single table of many millions would need half as much memory
/// again while it grows.
#[derive(Default)]
struct Marks([HashSet<u64, BuildHasherDefault<AsIs>>; 16]);

impl Marks {
    /// False when it was there.
    fn insert(&mut self, mark: u64) -> bool {
        // Bits that the tables themselves do not look at.
        self.0[(mark >> 40) as usize % self.0.len()].insert(mark)
    }
}

impl Keys {
    pub(super) fn new(plan: &Plan) -> Keys {
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
            seen: Marks::default(),
            again: HashMap::new(),
            scratch: Vec::with_capacity(512),
        }
    }

    pub(super) fn make(&mut self, batch: &mut TypedBatch) {
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
