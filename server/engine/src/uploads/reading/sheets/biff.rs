//! The records of XLS workbooks (BIFF5 and BIFF8): one after another, texts that go over from one into the next, numbers in four bytes.

use super::compound::u16_at;
use encoding_rs::{BIG5, EUC_KR, Encoding, GBK, MACINTOSH, SHIFT_JIS, UTF_8, WINDOWS_1252};

/// A record that goes on with the one before.
const CONTINUE: u16 = 0x3c;

/// How texts are written.
#[derive(Clone, Copy)]
pub struct Book {
    /// BIFF8: characters of UTF-16; before that, bytes in the encoding of the workbook.
    pub is_wide: bool,
    pub encoding: &'static Encoding,
}

impl Book {
    /// A text behind its length of one or two bytes, within one record.
    pub fn text(&self, data: &[u8], length_bytes: usize) -> String {
        let length = match length_bytes {
            1 => data.first().map(|byte| usize::from(*byte)),
            _ => u16_at(data, 0).map(usize::from),
        };
        let (Some(length), Some(rest)) = (length, data.get(length_bytes..)) else {
            return String::new();
        };
        if !self.is_wide {
            return self.encoding.decode(&rest[..length.min(rest.len())]).0.into_owned();
        }
        let mut pieces = Pieces::new(vec![rest]);
        let wide = pieces.byte().is_some_and(|flags| flags & 1 == 1);
        String::from_utf16_lossy(&pieces.characters(length, wide).unwrap_or_default())
    }
}

/// The records of a stream: kind and bytes.
pub struct Records<'a> {
    pub stream: &'a [u8],
    pub at: usize,
}

impl<'a> Records<'a> {
    pub fn next(&mut self) -> Option<(u16, &'a [u8])> {
        let (kind, length) = (u16_at(self.stream, self.at)?, u16_at(self.stream, self.at + 2)?);
        let start = self.at + 4;
        let data = self.stream.get(start..start + usize::from(length))?;
        self.at = start + usize::from(length);
        Some((kind, data))
    }

    /// A record and those that continue it.
    pub fn pieces(&mut self, first: &'a [u8]) -> Vec<&'a [u8]> {
        let mut pieces = vec![first];
        loop {
            let before = self.at;
            match self.next() {
                Some((CONTINUE, more)) => pieces.push(more),
                _ => {
                    self.at = before;
                    return pieces;
                }
            }
        }
    }
}

/// Reads on from one record into the next that continues it.
pub struct Pieces<'a> {
    pieces: Vec<&'a [u8]>,
    piece: usize,
    at: usize,
}

impl<'a> Pieces<'a> {
    pub fn new(pieces: Vec<&'a [u8]>) -> Pieces<'a> {
        Pieces {
            pieces,
            piece: 0,
            at: 0,
        }
    }

    /// What is left of the present record; goes on to the next when nothing is.
    fn rest(&mut self) -> Option<&'a [u8]> {
        while self.at >= self.pieces.get(self.piece)?.len() {
            self.piece += 1;
            self.at = 0;
        }
        Some(&self.pieces[self.piece][self.at..])
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = *self.rest()?.first()?;
        self.at += 1;
        Some(byte)
    }

    fn word(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    pub fn skip(&mut self, mut bytes: usize) -> Option<()> {
        while bytes > 0 {
            let step = self.rest()?.len().min(bytes);
            self.at += step;
            bytes -= step;
        }
        Some(())
    }

    /// Characters, of one byte or two. Where they go over into the next record, it begins by saying of how many.
    fn characters(&mut self, count: usize, mut wide: bool) -> Option<Vec<u16>> {
        let mut units = Vec::with_capacity(count.min(1 << 15));
        while units.len() < count {
            if self.at >= self.pieces.get(self.piece)?.len() {
                self.piece += 1;
                self.at = 0;
                wide = self.byte()? & 1 == 1;
            }
            let rest = &self.pieces.get(self.piece)?[self.at..];
            let left = count - units.len();
            let size = if wide { 2 } else { 1 };
            let take = left.min(rest.len() / size);
            if take == 0 && !rest.is_empty() {
                return None;
            }
            if wide {
                units.extend(
                    rest[..take * 2]
                        .chunks_exact(2)
                        .map(|pair| u16::from_le_bytes([pair[0], pair[1]])),
                );
            } else {
                units.extend(rest[..take].iter().map(|byte| u16::from(*byte)));
            }
            self.at += take * size;
        }
        Some(units)
    }

    /// A text with its length of two bytes, without what it says of fonts and reading aids.
    pub fn string(&mut self) -> Option<Vec<u16>> {
        let (count, flags) = (usize::from(self.word()?), self.byte()?);
        let fonts = if flags & 8 != 0 { usize::from(self.word()?) } else { 0 };
        let aids = match flags & 4 {
            0 => 0,
            _ => u32::from_le_bytes([self.byte()?, self.byte()?, self.byte()?, self.byte()?]) as usize,
        };
        let text = self.characters(count, flags & 1 == 1)?;
        self.skip(4 * fonts + aids)?;
        Some(text)
    }
}

pub fn of_code_page(number: u16) -> &'static Encoding {
    match number {
        932 => SHIFT_JIS,
        936 => GBK,
        949 => EUC_KR,
        950 => BIG5,
        10000 | 32768 => MACINTOSH,
        65001 => UTF_8,
        other => Encoding::for_label(format!("windows-{other}").as_bytes()).unwrap_or(WINDOWS_1252),
    }
}

/// Whole numbers and hundredths in four bytes, or the upper half of a number of eight.
pub fn rk(word: u32) -> f64 {
    let value = if word & 2 == 0 {
        f64::from_bits(u64::from(word & !3) << 32)
    } else {
        f64::from(word as i32 >> 2)
    };
    if word & 1 == 0 { value } else { value / 100.0 }
}

pub fn f64_at(bytes: &[u8], at: usize) -> Option<f64> {
    let word = bytes.get(at..at.checked_add(8)?)?;
    Some(f64::from_le_bytes(word.try_into().ok()?))
}
