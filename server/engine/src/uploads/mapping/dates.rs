//! Dates and moments as people write them, in days and microseconds since 2000-01-01, which is how PostgreSQL counts.

use chrono::{DateTime, MappedLocalTime, NaiveDateTime, Offset, TimeZone};
use chrono_tz::Tz;
use std::collections::HashMap;
use types::uploads::DateOrder;

/// Seconds between 1970-01-01 and 2000-01-01.
const EPOCH_SECONDS: i64 = 946_684_800;
const DAY: i64 = 86_400;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateFault {
    NotADate,
    /// Before 1700 or after 2200: beyond what analyses can hold.
    FarAway,
}

/// Days since 2000-01-01. A time of day behind the date is passed over.
pub fn date(cell: &[u8], order: DateOrder) -> Result<i32, DateFault> {
    let (days, _) = date_part(cell, order)?;
    Ok(days)
}

/// Microseconds since 2000-01-01 UTC. Without a zone in the cell, the time is read in `zone`.
pub fn instant(cell: &[u8], order: DateOrder, zone: &mut Zone) -> Result<i64, DateFault> {
    if let Some(seconds) = epoch(cell) {
        return Ok((seconds.0 - EPOCH_SECONDS) * 1_000_000 + seconds.1);
    }
    let (days, rest) = date_part(cell, order)?;
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

fn two(bytes: &[u8]) -> Option<u32> {
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
        return Some((Token::Number(text[..digits].parse().ok()?, digits), &text[digits..]));
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

/// Microseconds of the day and, when the text names one, the offset of the zone in seconds.
fn time_part(rest: &[u8]) -> Option<(i64, Option<i64>)> {
    // " 08:26:00", by far the most usual.
    if rest.len() == 9
        && rest[3] == b':'
        && rest[6] == b':'
        && matches!(rest[0], b' ' | b'T')
        && let (Some(h), Some(m), Some(s)) = (two(&rest[1..]), two(&rest[4..]), two(&rest[7..]))
    {
        return clock(h, m, s, 0).map(|micros| (micros, None));
    }
    let text = std::str::from_utf8(rest).ok()?;
    let text = text
        .trim_start_matches([' ', ','])
        .trim_start_matches(['T', 't'])
        .trim();
    if text.is_empty() {
        return Some((0, None));
    }
    if text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit()) {
        return clock(
            two(text.as_bytes())?,
            two(&text.as_bytes()[2..])?,
            two(&text.as_bytes()[4..])?,
            0,
        )
        .map(|micros| (micros, None));
    }
    let (hour, text) = small(text)?;
    let (minute, mut text) = small(text.strip_prefix(':').or_else(|| text.strip_prefix('.'))?)?;
    let (mut second, mut micros) = (0, 0);
    if let Some(inner) = text.strip_prefix(':').or_else(|| text.strip_prefix('.')) {
        (second, text) = small(inner)?;
        if let Some(inner) = text.strip_prefix('.').or_else(|| text.strip_prefix(',')) {
            let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
            let mut place = 100_000;
            for byte in inner.bytes().take(digits) {
                micros += i64::from(byte - b'0') * place;
                place /= 10;
            }
            text = &inner[digits..];
        }
    }
    let mut text = text.trim_start();
    let mut hour = hour;
    let marker = text.get(..2).map(str::to_ascii_lowercase);
    if let Some(half @ ("am" | "pm")) = marker.as_deref() {
        if hour == 0 || hour > 12 {
            return None;
        }
        hour = hour % 12 + if half == "pm" { 12 } else { 0 };
        text = text[2..].trim_start();
    }
    Some((clock(hour, minute, second, micros)?, zone_of(text)?))
}

fn small(text: &str) -> Option<(u32, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=2).contains(&digits) {
        Some((text[..digits].parse().ok()?, &text[digits..]))
    } else {
        None
    }
}

fn clock(hour: u32, minute: u32, second: u32, micros: i64) -> Option<i64> {
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    Some(i64::from(hour * 3600 + minute * 60 + second) * 1_000_000 + micros)
}

/// `Some(None)`: the text names no zone.
#[expect(clippy::option_option, reason = "outer: readable; inner: named")]
fn zone_of(text: &str) -> Option<Option<i64>> {
    match text {
        "" => return Some(None),
        "Z" | "z" | "UTC" | "GMT" => return Some(Some(0)),
        _ => {}
    }
    let sign = match text.as_bytes()[0] {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: String = text[1..].chars().filter(|c| *c != ':').collect();
    if !matches!(digits.len(), 2 | 4) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let hours: i64 = digits[..2].parse().ok()?;
    let minutes: i64 = if digits.len() == 4 {
        digits[2..].parse().ok()?
    } else {
        0
    };
    if hours > 15 || minutes > 59 {
        None
    } else {
        Some(Some(sign * (hours * 3600 + minutes * 60)))
    }
}

/// The installation's zone, with what has been looked up kept.
pub struct Zone {
    zone: Tz,
    /// Offset in seconds by quarter of an hour: no zone changes in between.
    offsets: HashMap<i64, i64>,
}

impl Zone {
    pub fn new(zone: Tz) -> Zone {
        Zone {
            zone,
            offsets: HashMap::new(),
        }
    }

    /// Local microseconds to UTC. A time that the clock shows twice is the first; one that it skips moves forward.
    fn utc_of(&mut self, local: i64) -> i64 {
        if self.zone == Tz::UTC {
            return local;
        }
        let quarter = local.div_euclid(900_000_000);
        if self.offsets.len() > 1_000_000 {
            self.offsets.clear();
        }
        let zone = self.zone;
        let offset = *self
            .offsets
            .entry(quarter)
            .or_insert_with(|| offset_at(zone, quarter * 900 + EPOCH_SECONDS));
        local - offset * 1_000_000
    }
}

fn offset_at(zone: Tz, local_seconds: i64) -> i64 {
    let local: NaiveDateTime = DateTime::from_timestamp(local_seconds, 0)
        .unwrap_or_default()
        .naive_utc();
    let offset = match zone.offset_from_local_datetime(&local) {
        MappedLocalTime::Single(offset) => offset,
        MappedLocalTime::Ambiguous(earliest, _) => earliest,
        // Read with the offset before the gap, a skipped time comes out after it.
        MappedLocalTime::None => zone.offset_from_utc_datetime(&(local - chrono::TimeDelta::hours(14))),
    };
    i64::from(offset.fix().local_minus_utc())
}

/// What a cell says about the order of day and month in its column, if anything.
pub fn evidence(cell: &str) -> Option<DateOrder> {
    let mut parts = cell.trim().splitn(3, ['/', '-', '.']);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    let number = |text: &str| {
        if text.len() <= 2 {
            text.parse::<u32>().ok()
        } else {
            None
        }
    };
    let (a, b) = (number(first)?, number(second)?);
    let year: String = third.chars().take_while(char::is_ascii_digit).collect();
    match (a, b) {
        (32.., _) if year.len() <= 2 => Some(DateOrder::YearMonthDay),
        (13..=31, 1..=12) => Some(DateOrder::DayMonthYear),
        (1..=12, 13..=31) => Some(DateOrder::MonthDayYear),
        _ => None,
    }
}
