//! Dates and moments as people write them, in days and microseconds since 2000-01-01, which is how PostgreSQL counts.

use super::clock::{EPOCH_SECONDS, Zone, time_part};
use std::borrow::Cow;
use types::uploads::DateOrder;

const DAY: i64 = 86_400;
/// 2000-01-01 as spreadsheets count days.
const SERIAL_OF_2000: i32 = 36_526;
/// Serial numbers from 1927 to 2100: five digits, and never a year.
const SERIALS: std::ops::Range<i32> = 10_000..73_051;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateFault {
    NotADate,
    /// Before 1700 or after 2200: beyond what analyses can hold.
    FarAway,
}

/// Days since 2000-01-01. A time of day behind the date is passed over.
pub fn date(cell: &[u8], order: DateOrder) -> Result<i32, DateFault> {
    if let Some((days, _)) = serial(cell) {
        return Ok(days);
    }
    let text = plain(cell);
    let (days, _) = date_part(&text, order)?;
    Ok(days)
}

/// Microseconds since 2000-01-01 UTC. Without a zone in the cell, the time is read in `zone`.
pub fn instant(cell: &[u8], order: DateOrder, zone: &mut Zone) -> Result<i64, DateFault> {
    if let Some(seconds) = epoch(cell) {
        return Ok((seconds.0 - EPOCH_SECONDS) * 1_000_000 + seconds.1);
    }
    if let Some((days, seconds)) = serial(cell) {
        return Ok(zone.utc_of((i64::from(days) * DAY + seconds) * 1_000_000));
    }
    let text = plain(cell);
    let (days, rest) = date_part(&text, order)?;
    let (micros, offset) = time_part(rest).ok_or(DateFault::NotADate)?;
    let local = i64::from(days) * DAY * 1_000_000 + micros;
    Ok(match offset {
        Some(seconds) => local - seconds * 1_000_000,
        None => zone.utc_of(local),
    })
}

/// Seconds (10 digits) or milliseconds (13 digits) since 1970.
fn epoch(cell: &[u8]) -> Option<(i64, i64)> {
    if !matches!(cell.len(), 10 | 13) || !cell.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number: i64 = std::str::from_utf8(cell).ok()?.parse().ok()?;
    Some(if cell.len() == 10 {
        (number, 0)
    } else {
        (number / 1000, number % 1000 * 1000)
    })
}

/// A day as a spreadsheet stores it, `43891` or with its time `43891.35`: days since 2000-01-01 and seconds of the day.
fn serial(cell: &[u8]) -> Option<(i32, i64)> {
    let whole = cell.get(..5)?;
    if !whole.iter().all(u8::is_ascii_digit) || !matches!(cell.get(5), None | Some(b'.')) {
        return None;
    }
    let number: f64 = std::str::from_utf8(cell).ok()?.parse().ok()?;
    let day = number.floor() as i32;
    if !SERIALS.contains(&day) {
        return None;
    }
    // Fractions of a day are not exact: whole seconds are meant.
    let seconds = ((number - number.floor()) * DAY as f64).round() as i64;
    Some((day - SERIAL_OF_2000, seconds.min(DAY - 1)))
}

/// The cell with full-width digits and signs made plain; most cells have none.
fn plain(cell: &[u8]) -> Cow<'_, [u8]> {
    if cell.is_ascii() {
        return Cow::Borrowed(cell);
    }
    match std::str::from_utf8(cell).map(narrowed) {
        Ok(Cow::Owned(text)) => Cow::Owned(text.into_bytes()),
        _ => Cow::Borrowed(cell),
    }
}

/// Full-width digits, marks and blanks as the plain ones.
pub(super) fn narrowed(text: &str) -> Cow<'_, str> {
    let wide = |c: char| matches!(c, '\u{ff01}'..='\u{ff5e}' | '\u{3000}' | '\u{a0}' | '\u{202f}');
    if !text.contains(wide) {
        return Cow::Borrowed(text);
    }
    let plain = |c: char| match c {
        '\u{3000}' | '\u{a0}' | '\u{202f}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xff01 + 0x21).unwrap_or(c),
        other => other,
    };
    Cow::Owned(text.chars().map(plain).collect())
}

pub(super) fn two(bytes: &[u8]) -> Option<u32> {
    let (a, b) = (bytes[0].wrapping_sub(b'0'), bytes[1].wrapping_sub(b'0'));
    if a < 10 && b < 10 {
        Some(u32::from(a) * 10 + u32::from(b))
    } else {
        None
    }
}

/// The date at the beginning of a cell, and what follows it.
fn date_part(cell: &[u8], order: DateOrder) -> Result<(i32, &[u8]), DateFault> {
    // 2010-12-01, by far the most usual.
    if cell.len() >= 10
        && cell[4] == b'-'
        && cell[7] == b'-'
        && let (Some(century), Some(year), Some(month), Some(day)) =
            (two(cell), two(&cell[2..]), two(&cell[5..]), two(&cell[8..]))
        && !cell.get(10).is_some_and(u8::is_ascii_digit)
    {
        return Ok((days(century as i32 * 100 + year as i32, month, day)?, &cell[10..]));
    }
    let text = std::str::from_utf8(cell).map_err(|_| DateFault::NotADate)?;
    loose_date(text, order)
}

fn loose_date(text: &str, order: DateOrder) -> Result<(i32, &[u8]), DateFault> {
    let text = without_weekday(text.trim());
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 8 || digits == 14 {
        let number = |range: std::ops::Range<usize>| text[range].parse::<u32>().map_err(|_| DateFault::NotADate);
        return Ok((
            days(number(0..4)? as i32, number(4..6)?, number(6..8)?)?,
            &text.as_bytes()[8..],
        ));
    }
    let (first, rest) = token(text).ok_or(DateFault::NotADate)?;
    let (second, rest) = token(separated(rest).ok_or(DateFault::NotADate)?).ok_or(DateFault::NotADate)?;
    let (third, rest) = token(separated(rest).ok_or(DateFault::NotADate)?).ok_or(DateFault::NotADate)?;
    let rest = rest
        .strip_prefix('日')
        .or_else(|| rest.strip_prefix('号'))
        .unwrap_or(rest);
    use Token::{Number, Word};
    let (year, month, day) = match (first, second, third) {
        (Number(year, 4), Number(month, 1..=2), Number(day, 1..=2)) => (year, month, day),
        (Number(year, 4), Word(month), Number(day, 1..=2)) => (year, month, day),
        (Number(day, 1..=2), Word(month), Number(year, width))
        | (Word(month), Number(day, 1..=2), Number(year, width)) => (full_year(year, width)?, month, day),
        (Number(a, 1..=2), Number(b, 1..=2), Number(c, width)) => match order {
            DateOrder::DayMonthYear => (full_year(c, width)?, b, a),
            DateOrder::MonthDayYear => (full_year(c, width)?, a, b),
            DateOrder::YearMonthDay if width <= 2 => (full_year(a, 2)?, b, c),
            DateOrder::YearMonthDay => return Err(DateFault::NotADate),
        },
        _ => return Err(DateFault::NotADate),
    };
    Ok((days(year as i32, month, day)?, rest.as_bytes()))
}

enum Token {
    /// Value and number of digits.
    Number(u32, usize),
    /// A month by name.
    Word(u32),
}

fn token(text: &str) -> Option<(Token, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=4).contains(&digits) {
        let rest = &text[digits..];
        // 1st, 2nd, 3rd, 4th.
        let ordinal = ["st", "nd", "rd", "th"]
            .iter()
            .find_map(|ending| rest.strip_prefix(ending));
        let rest = ordinal.filter(|_| digits <= 2).unwrap_or(rest);
        return Some((Token::Number(text[..digits].parse().ok()?, digits), rest));
    }
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    if letters < 3 {
        return None;
    }
    let word = text[..letters].to_ascii_lowercase();
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let month = MONTHS
        .iter()
        .position(|name| name.starts_with(&word) || (word == "sept" && *name == "september"))?;
    Some((Token::Word(month as u32 + 1), &text[letters..]))
}

/// What follows one separator between the parts of a date.
fn separated(text: &str) -> Option<&str> {
    let rest = text.strip_prefix(['-', '/', '.', '年', '月', ',', ' '])?;
    Some(rest.trim_start_matches([' ', ',']))
}

fn without_weekday(text: &str) -> &str {
    match text.split_once(", ") {
        Some((day, rest))
            if day.len() >= 3
                && day.bytes().all(|b| b.is_ascii_alphabetic())
                && rest.starts_with(|c: char| c.is_ascii_alphanumeric()) =>
        {
            const DAYS: [&str; 7] = [
                "monday",
                "tuesday",
                "wednesday",
                "thursday",
                "friday",
                "saturday",
                "sunday",
            ];
            let lower = day.to_ascii_lowercase();
            if DAYS.iter().any(|name| name.starts_with(&lower)) {
                rest
            } else {
                text
            }
        }
        _ => text,
    }
}

/// Two digits mean 1970 to 2069.
fn full_year(year: u32, width: usize) -> Result<u32, DateFault> {
    match (width, year) {
        (4, year) => Ok(year),
        (2, year @ 70..) => Ok(1900 + year),
        (2, year) => Ok(2000 + year),
        _ => Err(DateFault::NotADate),
    }
}

/// Days since 2000-01-01 of a date of the Gregorian calendar.
fn days(year: i32, month: u32, day: u32) -> Result<i32, DateFault> {
    const LENGTHS: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let length = *LENGTHS
        .get((month as usize).wrapping_sub(1))
        .ok_or(DateFault::NotADate)?
        + u32::from(leap && month == 2);
    if day == 0 || day > length {
        return Err(DateFault::NotADate);
    }
    if !(1700..=2200).contains(&year) {
        return Err(DateFault::FarAway);
    }
    // Months counted from March put the leap day at the end of the year.
    let shifted = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (shifted.div_euclid(400), shifted.rem_euclid(400));
    let of_year = (153 * ((month as i32 + 9) % 12) + 2) / 5 + day as i32 - 1;
    let of_era = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    Ok(era * 146_097 + of_era - 719_468 - 10_957)
}

/// What a cell says about the order of day and month in its column, if anything.
pub fn evidence(cell: &str) -> Option<DateOrder> {
    let (a, b, year) = short_parts(cell)?;
    match (a, b) {
        (32.., _) if year.len() <= 2 => Some(DateOrder::YearMonthDay),
        (13..=31, 1..=12) => Some(DateOrder::DayMonthYear),
        (1..=12, 13..=31) => Some(DateOrder::MonthDayYear),
        _ => None,
    }
}

/// Whether day and month of a cell may be changed for one another and make another date.
pub fn is_ambiguous(cell: &str) -> bool {
    matches!(short_parts(cell), Some((a @ 1..=12, b @ 1..=12, _)) if a != b)
}

/// The parts of a date that begins with one or two digits twice, the last as it stands.
fn short_parts(cell: &str) -> Option<(u32, u32, String)> {
    let cell = narrowed(cell.trim());
    let mut parts = cell.splitn(3, ['/', '-', '.']);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    let number = |text: &str| {
        if text.len() <= 2 {
            text.parse::<u32>().ok()
        } else {
            None
        }
    };
    let year: String = third.chars().take_while(char::is_ascii_digit).collect();
    Some((number(first)?, number(second)?, year))
}
