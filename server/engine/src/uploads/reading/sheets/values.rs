//! What a cell of a spreadsheet says as text: numbers without the noise of binary fractions, serial dates as calendar dates, as their number
//! format shows them.

use chrono::{Days, NaiveDate};

/// What a number format makes of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    Plain,
    /// A calendar date, with a time of day where the number has one.
    Date,
    /// A time of day.
    Time,
    /// Hours beyond a day.
    Duration,
    /// A whole number with zeros before it up to so many digits: an article number, a postcode.
    Digits(u8),
}

impl Look {
    /// Of a number format that every workbook has without saying so.
    pub fn of_builtin(id: u32) -> Look {
        match id {
            14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57 | 58 => Look::Date,
            18..=21 | 32..=35 | 45 | 47 | 55 | 56 => Look::Time,
            46 => Look::Duration,
            _ => Look::Plain,
        }
    }

    /// Of a format as it is written, `yyyy-mm-dd`. Its first section decides.
    pub fn of_code(code: &str) -> Look {
        if code.eq_ignore_ascii_case("general") {
            return Look::Plain;
        }
        if (2..=30).contains(&code.len()) && code.bytes().all(|byte| byte == b'0') {
            return Look::Digits(code.len() as u8);
        }
        let (mut days, mut hours, mut months, mut eras, mut digits) = (false, false, false, false, false);
        let mut characters = code.chars();
        while let Some(c) = characters.next() {
            match c {
                '"' => while !matches!(characters.next(), None | Some('"')) {},
                '\\' | '_' | '*' => drop(characters.next()),
                '[' => {
                    let inside: String = characters.by_ref().take_while(|c| *c != ']').collect();
                    let elapsed =
                        !inside.is_empty() && inside.chars().all(|c| matches!(c, 'h' | 'H' | 'm' | 'M' | 's' | 'S'));
                    if elapsed {
                        return Look::Duration;
                    }
                }
                ';' => break,
                'y' | 'Y' | 'd' | 'D' => days = true,
                'h' | 'H' | 's' | 'S' => hours = true,
                'm' | 'M' => months = true,
                'e' => eras = true,
                '0' | '#' | '?' => digits = true,
                _ => {}
            }
        }
        match (days, hours) {
            (true, _) => Look::Date,
            (false, true) => Look::Time,
            _ if !digits && (months || eras) => Look::Date,
            _ => Look::Plain,
        }
    }
}

/// Appends a number as its format shows it. `from_1904`: days are counted from 1904, as old Macs did.
pub fn push_number(out: &mut Vec<u8>, value: f64, look: Look, from_1904: bool) {
    let text = match look {
        Look::Plain => None,
        Look::Date => moment(value, from_1904, true),
        Look::Time => moment(value, from_1904, false),
        Look::Duration => duration(value),
        Look::Digits(width) => digits(value, width),
    };
    out.extend_from_slice(text.unwrap_or_else(|| number(value)).as_bytes());
}

/// With the fifteen digits that a spreadsheet shows; whole numbers as they are, without an exponent.
pub fn number(value: f64) -> String {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if !value.is_finite() {
        return String::new();
    }
    if value.fract() == 0.0 && value.abs() < EXACT {
        return (value as i64).to_string();
    }
    let rounded: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    rounded.to_string()
}

/// Whether a number as it stands in a file is already as it should be: few enough digits that none of them is noise.
pub fn is_plain(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    let point = digits.iter().position(|byte| *byte == b'.');
    let whole = &digits[..point.unwrap_or(digits.len())];
    let fraction = point.map_or(&[][..], |at| &digits[at + 1..]);
    let all = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    !whole.is_empty()
        && all(whole)
        && all(fraction)
        && match point {
            None => whole.len() <= 18,
            Some(_) => !fraction.is_empty() && fraction.last() != Some(&b'0') && whole.len() + fraction.len() <= 15,
        }
}

const DAY: i64 = 86_400_000;

fn moment(value: f64, from_1904: bool, date: bool) -> Option<String> {
    if !(0.0..2_958_466.0).contains(&value) {
        return None;
    }
    let millis = (value * DAY as f64).round() as i64;
    let (day, rest) = (millis / DAY, millis % DAY);
    if day == 0 && !date {
        return Some(clock(rest));
    }
    let date = if from_1904 {
        NaiveDate::from_ymd_opt(1904, 1, 1)?
            .checked_add_days(Days::new(day as u64))?
            .to_string()
    } else {
        match day {
            // Spreadsheets have a day that the calendar has not; whoever uses it is told so when the row is checked.
            60 => "1900-02-29".to_owned(),
            day => NaiveDate::from_ymd_opt(1899, 12, if day < 60 { 31 } else { 30 })?
                .checked_add_days(Days::new(day as u64))?
                .to_string(),
        }
    };
    Some(if rest == 0 {
        date
    } else {
        format!("{date} {}", clock(rest))
    })
}

fn clock(millis: i64) -> String {
    let (seconds, millis) = (millis / 1000, millis % 1000);
    let text = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if millis == 0 {
        text
    } else {
        format!("{text}.{millis:03}")
    }
}

fn duration(value: f64) -> Option<String> {
    (0.0..1e7)
        .contains(&value)
        .then(|| clock((value * DAY as f64).round() as i64))
}

fn digits(value: f64, width: u8) -> Option<String> {
    (value.fract() == 0.0 && (0.0..1e15).contains(&value))
        .then(|| format!("{:0width$}", value as i64, width = usize::from(width)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(value: f64, look: Look) -> String {
        let mut out = Vec::new();
        push_number(&mut out, value, look, false);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn numbers_have_no_noise() {
        let cases = [
            (0.1, "0.1"),
            (0.1 + 0.2, "0.3"),
            (1e7, "10000000"),
            (1234567890123456.0, "1234567890123456"),
            (-2.5, "-2.5"),
            (1e-7, "0.0000001"),
            (1e20, "100000000000000000000"),
            (-0.0, "0"),
            (3.3 * 3.0, "9.9"),
        ];
        for (value, text) in cases {
            assert_eq!(shown(value, Look::Plain), text);
        }
    }

    #[test]
    fn serial_dates() {
        assert_eq!(shown(40513.0, Look::Date), "2010-12-01");
        assert_eq!(shown(40_513.351_388_888_89, Look::Date), "2010-12-01 08:26:00");
        assert_eq!(shown(0.351_388_888_89, Look::Time), "08:26:00");
        assert_eq!(shown(40513.75, Look::Time), "2010-12-01 18:00:00");
        assert_eq!(shown(1.5, Look::Duration), "36:00:00");
        assert_eq!(
            (shown(1.0, Look::Date), shown(59.0, Look::Date)),
            ("1900-01-01".into(), "1900-02-28".into())
        );
        assert_eq!(
            (shown(60.0, Look::Date), shown(61.0, Look::Date)),
            ("1900-02-29".into(), "1900-03-01".into())
        );
        assert_eq!(shown(-3.0, Look::Date), "-3");
        assert_eq!(shown(3e6, Look::Date), "3000000");
        assert_eq!(shown(40_512.999_999_999_99, Look::Date), "2010-12-01");
        let mut out = Vec::new();
        push_number(&mut out, 39051.0, Look::Date, true);
        assert_eq!(out, b"2010-12-01");
        assert_eq!(shown(1234.0, Look::Digits(6)), "001234");
    }

    #[test]
    fn formats() {
        let cases = [
            ("General", Look::Plain),
            ("0.00", Look::Plain),
            ("#,##0.00 \"days\"", Look::Plain),
            ("0.00E+00", Look::Plain),
            ("[Red]-#,##0;[$€-407] #,##0", Look::Plain),
            ("yyyy-mm-dd", Look::Date),
            ("[$-804]yyyy\"年\"m\"月\"d\"日\"", Look::Date),
            ("mmm", Look::Date),
            ("d/m/yy h:mm", Look::Date),
            ("h:mm AM/PM", Look::Time),
            ("[h]:mm:ss", Look::Duration),
            ("00000", Look::Digits(5)),
            ("@", Look::Plain),
            ("\"", Look::Plain),
            ("[", Look::Plain),
        ];
        for (code, look) in cases {
            assert_eq!(Look::of_code(code), look, "{code}");
        }
    }

    #[test]
    fn what_needs_no_rounding() {
        for text in ["0", "-12", "29.33", "123456789012345678", "0.1"] {
            assert!(is_plain(text), "{text}");
        }
        for text in [
            "",
            "-",
            "1e5",
            "0.10000000000000001",
            "1.",
            ".5",
            "1.50",
            "1234567890123456789",
            "1,5",
        ] {
            assert!(!is_plain(text), "{text}");
        }
    }
}
