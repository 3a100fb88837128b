//! The most frequent, or the dearest, of several words per customer: one running winner each, so that a million customers take a few
//! megabytes. Equal weights go to the word that comes first in the alphabet, so that the answer does not depend on the order of rows.

use std::collections::HashMap;

/// Words and their numbers.
#[derive(Default)]
pub(super) struct Words {
    numbers: HashMap<String, u32>,
    words: Vec<String>,
}

impl Words {
    pub(super) fn number(&mut self, word: &str) -> u32 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let number = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        self.numbers.insert(word.to_owned(), number);
        self.words.push(word.to_owned());
        number
    }

    pub(super) fn word(&self, number: u32) -> Option<&str> {
        self.words.get(number as usize).map(String::as_str)
    }

    /// The place of each number when the words are sorted.
    pub(super) fn ranks(&self) -> Vec<u32> {
        let mut order: Vec<usize> = (0..self.words.len()).collect();
        order.sort_unstable_by(|a, b| self.words[*a].cmp(&self.words[*b]));
        let mut ranks = vec![0; order.len()];
        for (rank, number) in order.into_iter().enumerate() {
            ranks[number] = u32::try_from(rank).unwrap_or(u32::MAX);
        }
        ranks
    }
}

const NOBODY: u32 = u32::MAX;

/// The winner of each customer of a range.
pub(super) struct Best {
    winners: Vec<(u32, i128)>,
    words: Words,
}

impl Best {
    pub(super) fn new(customers: usize) -> Best {
        Best {
            winners: vec![(NOBODY, 0); customers],
            words: Words::default(),
        }
    }

    pub(super) fn offer(&mut self, customer: usize, word: &str, weight: i128) {
        let number = self.words.number(word);
        let Some(held) = self.winners.get_mut(customer) else {
            return;
        };
        let wins = held.0 == NOBODY || weight > held.1 || (weight == held.1 && Some(word) < self.words.word(held.0));
        if wins {
            *held = (number, weight);
        }
    }

    pub(super) fn get(&self, customer: usize) -> Option<&str> {
        self.winners
            .get(customer)
            .and_then(|(number, _)| self.words.word(*number))
    }
}

/// The most frequent small number of each customer of a range; of equals the smallest.
pub(super) struct BestNumber {
    winners: Vec<(i32, i64)>,
}

impl BestNumber {
    pub(super) fn new(customers: usize) -> BestNumber {
        BestNumber {
            winners: vec![(-1, 0); customers],
        }
    }

    pub(super) fn offer(&mut self, customer: usize, number: i32, weight: i64) {
        if let Some(held) = self.winners.get_mut(customer)
            && (weight > held.1 || (weight == held.1 && number < held.0))
        {
            *held = (number, weight);
        }
    }

    pub(super) fn get(&self, customer: usize) -> Option<i32> {
        self.winners
            .get(customer)
            .map(|held| held.0)
            .filter(|number| *number >= 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_wins_and_of_equals_the_first_in_the_alphabet() {
        let mut best = Best::new(2);
        for (word, weight) in [("tea", 2), ("coffee", 2), ("water", 1)] {
            best.offer(0, word, weight);
        }
        assert_eq!((best.get(0), best.get(1)), (Some("coffee"), None));
        best.offer(0, "water", 3);
        assert_eq!(best.get(0), Some("water"));
        let mut hour = BestNumber::new(1);
        for (number, weight) in [(20, 2), (8, 2), (9, 1)] {
            hour.offer(0, number, weight);
        }
        assert_eq!(hour.get(0), Some(8));
    }
}
