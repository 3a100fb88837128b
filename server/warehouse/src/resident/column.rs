//! One column of one sealed file in memory, as plain numbers: texts as codes with their words, amounts in millionths, dates as days.

use std::mem::size_of;

/// An amount that is not known.
pub(crate) const NO_AMOUNT: i64 = i64::MIN;
/// A day that is not known; lies before every day that is.
pub(crate) const NO_DAY: i32 = i32::MIN;
/// A moment that is not known.
pub(crate) const NO_TIME: i64 = i64::MIN;
/// Neither yes (1) nor no (0).
pub(crate) const NEITHER: u8 = 2;
/// A line whose order is not in its part.
pub(crate) const NO_ROW: u32 = u32::MAX;

pub(crate) enum Column {
    Words(Words),
    /// Not a number where nothing is known.
    Numbers(Vec<f64>),
    /// Millionths, [`NO_AMOUNT`] where nothing is known.
    Amounts(Vec<i64>),
    /// Whole numbers or days since 1970, [`NO_DAY`] where nothing is known.
    Whole(Vec<i32>),
    /// Microseconds since 1970, [`NO_TIME`] where nothing is known.
    Times(Vec<i64>),
    YesNo(Vec<u8>),
    /// Numbers of customers, or rows of another file.
    Places(Vec<u32>),
}

impl Column {
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Column::Words(words) => words.bytes(),
            Column::Numbers(values) => values.capacity() * size_of::<f64>(),
            Column::Amounts(values) | Column::Times(values) => values.capacity() * size_of::<i64>(),
            Column::Whole(values) => values.capacity() * size_of::<i32>(),
            Column::YesNo(values) => values.capacity(),
            Column::Places(values) => values.capacity() * size_of::<u32>(),
        }
    }

    pub(crate) fn places(&self) -> &[u32] {
        match self {
            Column::Places(values) => values,
            _ => &[],
        }
    }

    pub(crate) fn whole(&self) -> &[i32] {
        match self {
            Column::Whole(values) => values,
            _ => &[],
        }
    }

    pub(crate) fn times(&self) -> &[i64] {
        match self {
            Column::Times(values) => values,
            _ => &[],
        }
    }

    pub(crate) fn amounts(&self) -> &[i64] {
        match self {
            Column::Amounts(values) => values,
            _ => &[],
        }
    }

    pub(crate) fn yes_no(&self) -> &[u8] {
        match self {
            Column::YesNo(values) => values,
            _ => &[],
        }
    }
}

/// Texts: each different one once, and a code for each row. Code 0 is unknown, code n is the word n - 1.
pub(crate) struct Words {
    pub(crate) codes: Codes,
    pub(crate) words: Vec<Box<str>>,
}

/// As narrow as the number of words allows.
pub(crate) enum Codes {
    Narrow(Vec<u8>),
    Middle(Vec<u16>),
    Wide(Vec<u32>),
}

impl Words {
    /// From codes as wide as they may be.
    pub(crate) fn new(codes: Vec<u32>, words: Vec<Box<str>>) -> Words {
        let most = words.len();
        let codes = if most <= usize::from(u8::MAX) {
            Codes::Narrow(codes.into_iter().map(|code| u8::try_from(code).unwrap_or(0)).collect())
        } else if most <= usize::from(u16::MAX) {
            Codes::Middle(codes.into_iter().map(|code| u16::try_from(code).unwrap_or(0)).collect())
        } else {
            Codes::Wide(codes)
        };
        Words { codes, words }
    }

    /// The word of a row.
    pub(crate) fn get(&self, row: usize) -> Option<&str> {
        let code = match &self.codes {
            Codes::Narrow(codes) => usize::from(codes[row]),
            Codes::Middle(codes) => usize::from(codes[row]),
            Codes::Wide(codes) => codes[row] as usize,
        };
        code.checked_sub(1).map(|place| &*self.words[place])
    }

    /// The code of each row, in order.
    pub(crate) fn each_code(&self, mut see: impl FnMut(usize)) {
        match &self.codes {
            Codes::Narrow(codes) => codes.iter().for_each(|code| see(usize::from(*code))),
            Codes::Middle(codes) => codes.iter().for_each(|code| see(usize::from(*code))),
            Codes::Wide(codes) => codes.iter().for_each(|code| see(*code as usize)),
        }
    }

    fn bytes(&self) -> usize {
        let codes = match &self.codes {
            Codes::Narrow(codes) => codes.capacity(),
            Codes::Middle(codes) => codes.capacity() * 2,
            Codes::Wide(codes) => codes.capacity() * 4,
        };
        let words: usize = self.words.iter().map(|word| word.len() + size_of::<Box<str>>()).sum();
        codes + words
    }
}
