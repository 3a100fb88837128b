//! Fast CSV text: fields are appended to a byte buffer that one block of customers shares. Knows nothing of what the fields mean.

use crate::days::DayTexts;

/// Rows of one file, as text. Every field is followed by a comma; [`Rows::end`] turns the last comma into a line end.
#[derive(Default)]
pub struct Rows {
    pub bytes: Vec<u8>,
    pub count: u64,
}

impl Rows {
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.count = 0;
    }

    pub fn blank(&mut self) -> &mut Rows {
        self.bytes.push(b',');
        self
    }

    /// Text that needs no quotes: every fixed word of the generator is checked for that by a test.
    pub fn text(&mut self, text: &str) -> &mut Rows {
        self.bytes.extend_from_slice(text.as_bytes());
        self.blank()
    }

    /// Text that may hold commas or quotes.
    pub fn quoted(&mut self, text: &str) -> &mut Rows {
        self.bytes.push(b'"');
        for byte in text.bytes() {
            if byte == b'"' {
                self.bytes.push(b'"');
            }
            self.bytes.push(byte);
        }
        self.bytes.push(b'"');
        self.blank()
    }

    pub fn whole(&mut self, value: u64) -> &mut Rows {
        push_whole(&mut self.bytes, value);
        self.blank()
    }

    /// An amount in hundredths, written with two decimals; never negative here.
    pub fn money(&mut self, cents: i64) -> &mut Rows {
        let cents = cents.unsigned_abs();
        push_whole(&mut self.bytes, cents / 100);
        self.bytes.push(b'.');
        push_two(&mut self.bytes, cents % 100);
        self.blank()
    }

    /// A letter, then the number: an id such as `C1000042`.
    pub fn id(&mut self, letter: u8, number: u64) -> &mut Rows {
        self.bytes.push(letter);
        push_whole(&mut self.bytes, number);
        self.blank()
    }

    /// An id of something that a customer has several of: letter, customer, dash, index with at least three digits.
    pub fn nested_id(&mut self, letter: u8, customer: u64, index: u64) -> &mut Rows {
        self.bytes.push(letter);
        push_whole(&mut self.bytes, customer);
        self.bytes.push(b'-');
        if index < 100 {
            self.bytes.push(b'0');
        }
        if index < 10 {
            self.bytes.push(b'0');
        }
        push_whole(&mut self.bytes, index);
        self.blank()
    }

    /// A moment in UTC, seconds since 1970.
    pub fn instant(&mut self, days: &DayTexts, at: i64) -> &mut Rows {
        let second = at.rem_euclid(86_400) as u64;
        days.push(at.div_euclid(86_400), &mut self.bytes);
        self.bytes.push(b'T');
        push_two(&mut self.bytes, second / 3_600);
        self.bytes.push(b':');
        push_two(&mut self.bytes, second / 60 % 60);
        self.bytes.push(b':');
        push_two(&mut self.bytes, second % 60);
        self.bytes.push(b'Z');
        self.blank()
    }

    pub fn date(&mut self, days: &DayTexts, day: i64) -> &mut Rows {
        days.push(day, &mut self.bytes);
        self.blank()
    }

    pub fn end(&mut self) {
        if let Some(last) = self.bytes.last_mut() {
            *last = b'\n';
        }
        self.count += 1;
    }
}

fn push_two(bytes: &mut Vec<u8>, value: u64) {
    bytes.push(b'0' + (value / 10 % 10) as u8);
    bytes.push(b'0' + (value % 10) as u8);
}

fn push_whole(bytes: &mut Vec<u8>, mut value: u64) {
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    bytes.extend_from_slice(&digits[at..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_become_a_line() {
        let days = DayTexts::new(20_000, 10);
        let mut rows = Rows::default();
        rows.id(b'C', 1_000_042)
            .money(1_905)
            .blank()
            .whole(0)
            .quoted("a \"b\", c")
            .nested_id(b'O', 7, 4);
        rows.instant(&days, 20_003 * 86_400 + 3_723).date(&days, 0).end();
        let text = String::from_utf8(rows.bytes).unwrap();
        assert_eq!(
            text,
            "C1000042,19.05,,0,\"a \"\"b\"\", c\",O7-004,2024-10-07T01:02:03Z,1970-01-01\n"
        );
    }
}
