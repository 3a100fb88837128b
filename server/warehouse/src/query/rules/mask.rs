//! Which rows of a column pass a comparison? Answers are bytes, 1 or 0, one per row, so that they can be combined without branches.

use super::test::{NumberTest, TextTest, yes_no};
use crate::resident::Column;
use crate::resident::column::{Codes, NO_AMOUNT, NO_DAY, Words};
use chrono::NaiveDate;
use std::ops::Range;
use std::sync::Arc;
use types::rules::{Test, ValueKind};

/// Turns a word of a column into the one that is compared.
pub(super) type Translate<'a> = &'a dyn Fn(Option<&str>) -> Option<String>;

/// A comparison bound to a column.
pub(super) enum Mask {
    Number(Arc<Column>, NumberTest),
    /// The answer for each code.
    Coded(Arc<Column>, Vec<u8>),
    YesNo(Arc<Column>, [u8; 3]),
    /// A small whole number stands for a word.
    Worded(Arc<Column>, Answers),
}

/// Answers for whole numbers from `first` on; `beyond` is not looked up but asked.
pub(super) struct Answers {
    first: i32,
    known: Vec<u8>,
    unknown: u8,
}

impl Mask {
    /// `word` turns a word of the column into the one that is compared, when they differ: a product's category, for instance.
    pub(super) fn of(
        column: &Arc<Column>,
        kind: ValueKind,
        test: &Test,
        as_of: NaiveDate,
        word: Option<Translate<'_>>,
    ) -> Mask {
        match (column.as_ref(), kind) {
            (Column::Words(words), _) => Mask::Coded(column.clone(), answers(words, &TextTest::of(test), word)),
            (Column::YesNo(_), _) => Mask::YesNo(column.clone(), yes_no(test)),
            _ => Mask::Number(column.clone(), NumberTest::of(test, as_of)),
        }
    }

    /// For a column of whole numbers that stand for words.
    pub(super) fn worded(column: &Arc<Column>, test: &Test, word: impl Fn(i32) -> Option<String>) -> Mask {
        let test = TextTest::of(test);
        let known = column.whole().iter().copied().filter(|value| *value != NO_DAY);
        let (first, last) = known.fold((i32::MAX, i32::MIN), |(low, high), value| {
            (low.min(value), high.max(value))
        });
        let answers = (first..=last.max(first))
            .take_while(|_| first != i32::MAX)
            .map(|value| u8::from(test.passes(word(value).as_deref())))
            .collect();
        Mask::Worded(
            column.clone(),
            Answers {
                first,
                known: answers,
                unknown: u8::from(test.passes(None)),
            },
        )
    }

    /// Writes the answers of some rows.
    pub(super) fn fill(&self, rows: Range<usize>, out: &mut [u8]) {
        match self {
            Mask::Number(column, test) => fill_numbers(column, test, rows, out),
            Mask::Coded(column, answers) => {
                if let Column::Words(words) = column.as_ref() {
                    match &words.codes {
                        Codes::Narrow(codes) => look_up(&codes[rows], usize::from, answers, out),
                        Codes::Middle(codes) => look_up(&codes[rows], usize::from, answers, out),
                        Codes::Wide(codes) => look_up(&codes[rows], |code| code as usize, answers, out),
                    }
                }
            }
            Mask::YesNo(column, answers) => {
                look_up(&column.yes_no()[rows], |code| usize::from(code.min(2)), answers, out);
            }
            Mask::Worded(column, answers) => {
                for (value, out) in column.whole()[rows].iter().zip(out) {
                    *out = if *value == NO_DAY {
                        answers.unknown
                    } else {
                        answers.known[(value - answers.first).unsigned_abs() as usize]
                    };
                }
            }
        }
    }
}

/// Reads a column as plain numbers; what is not known is not a number.
pub(super) fn fill_numbers(column: &Column, test: &NumberTest, rows: Range<usize>, out: &mut [u8]) {
    match column {
        Column::Numbers(values) => test.fill(&values[rows], |value| value, out),
        Column::Amounts(values) => test.fill(&values[rows], plain_amount, out),
        Column::Whole(values) => test.fill(&values[rows], plain_whole, out),
        Column::Times(_) | Column::Places(_) | Column::Words(_) | Column::YesNo(_) => out.fill(0),
    }
}

pub(super) fn plain_amount(millionths: i64) -> f64 {
    if millionths == NO_AMOUNT {
        f64::NAN
    } else {
        millionths as f64 / 1e6
    }
}

pub(super) fn plain_whole(value: i32) -> f64 {
    if value == NO_DAY { f64::NAN } else { f64::from(value) }
}

fn look_up<T: Copy>(codes: &[T], place: impl Fn(T) -> usize, answers: &[u8], out: &mut [u8]) {
    for (code, out) in codes.iter().zip(out) {
        *out = answers[place(*code)];
    }
}

fn answers(words: &Words, test: &TextTest, word: Option<Translate<'_>>) -> Vec<u8> {
    let answer = |text: Option<&str>| match word {
        None => u8::from(test.passes(text)),
        Some(word) => u8::from(test.passes(word(text).as_deref())),
    };
    std::iter::once(answer(None))
        .chain(words.words.iter().map(|text| answer(Some(text))))
        .collect()
}
