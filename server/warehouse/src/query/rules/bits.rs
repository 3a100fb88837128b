//! A set of customers, one bit for each number.

use std::sync::Arc;

/// Cheap to clone. All sets of one evaluation have the same length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bits(Arc<Vec<u64>>);

impl Bits {
    pub(crate) fn new(words: Vec<u64>) -> Bits {
        Bits(Arc::new(words))
    }

    pub(crate) fn none(words: usize) -> Bits {
        Bits::new(vec![0; words])
    }

    pub(crate) fn words(&self) -> &[u64] {
        &self.0
    }

    pub(crate) fn bytes(&self) -> usize {
        self.0.len() * 8
    }

    pub(crate) fn count(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    pub(crate) fn contains(&self, customer: u32) -> bool {
        let word = self.0.get(customer as usize / 64);
        word.is_some_and(|word| word >> (customer % 64) & 1 == 1)
    }

    fn with(&self, other: &Bits, join: impl Fn(u64, u64) -> u64) -> Bits {
        Bits::new(self.0.iter().zip(other.0.iter()).map(|(a, b)| join(*a, *b)).collect())
    }

    pub(crate) fn and(&self, other: &Bits) -> Bits {
        self.with(other, |a, b| a & b)
    }

    pub(crate) fn or(&self, other: &Bits) -> Bits {
        self.with(other, |a, b| a | b)
    }

    /// Those of `self` that are not in `other`.
    pub(crate) fn without(&self, other: &Bits) -> Bits {
        self.with(other, |a, b| a & !b)
    }

    /// The same set over so many words; numbers beyond them are left out.
    pub(crate) fn resized(&self, words: usize) -> Bits {
        if self.0.len() == words {
            return self.clone();
        }
        let mut all = self.0.as_ref().clone();
        all.resize(words, 0);
        Bits::new(all)
    }

    pub(crate) fn shared(&self) -> Arc<Vec<u64>> {
        self.0.clone()
    }
}

/// Sets the bits of one range of customers. Ranges begin at a multiple of 64, so that each fills words of its own.
pub(crate) struct Part {
    first: u32,
    words: Vec<u64>,
}

impl Part {
    /// For the customers from `first` up to before `end`.
    pub(crate) fn new(first: u32, end: u32) -> Part {
        Part {
            first,
            words: vec![0; (end - first).div_ceil(64) as usize],
        }
    }

    pub(crate) fn set(&mut self, customer: u32) {
        let place = customer - self.first;
        self.words[(place / 64) as usize] |= 1 << (place % 64);
    }

    pub(crate) fn into_words(self) -> Vec<u64> {
        self.words
    }
}
