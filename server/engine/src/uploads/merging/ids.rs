//! Ids seen in a file, numbered from 0 in the order of their first appearance, a few bytes each beyond their text.

use crate::uploads::mapping::AsIs;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use xxhash_rust::xxh3::xxh3_64;

#[derive(Default)]
pub struct Ids {
    text: Vec<u8>,
    ends: Vec<u32>,
    by_hash: HashMap<u64, u32, BuildHasherDefault<AsIs>>,
    /// Ids whose hash another id has already.
    collided: HashMap<Vec<u8>, u32>,
}

impl Ids {
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The number of an id, and whether it is new.
    pub fn number(&mut self, id: &[u8]) -> (u32, bool) {
        let next = self.ends.len() as u32;
        match self.by_hash.entry(xxh3_64(id)) {
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(next);
            }
            std::collections::hash_map::Entry::Occupied(entry) => {
                let found = *entry.get();
                if self.get(found) == id {
                    return (found, false);
                }
                if let Some(found) = self.collided.get(id) {
                    return (*found, false);
                }
                self.collided.insert(id.to_vec(), next);
            }
        }
        self.text.extend_from_slice(id);
        self.ends.push(self.text.len() as u32);
        (next, true)
    }

    /// The number of an id that was seen.
    pub fn find(&self, id: &[u8]) -> Option<u32> {
        let found = *self.by_hash.get(&xxh3_64(id))?;
        if self.get(found) == id {
            Some(found)
        } else {
            self.collided.get(id).copied()
        }
    }

    pub fn get(&self, number: u32) -> &[u8] {
        let at = number as usize;
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.text[start..self.ends[at] as usize]
    }

    pub fn get_str(&self, number: u32) -> &str {
        // Cells come out of a decoder that writes valid UTF-8 only.
        std::str::from_utf8(self.get(number)).unwrap_or_default()
    }
}
