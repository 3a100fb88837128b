//! The time of day behind a date, and what a time without a zone means in the installation's zone.

use super::dates::{narrowed, two};
use chrono::{DateTime, MappedLocalTime, NaiveDateTime, Offset, TimeZone};
use chrono_tz::Tz;
use std::collections::HashMap;

/// Seconds between 1970-01-01 and 2000-01-01.
pub(super) const EPOCH_SECONDS: i64 = 946_684_800;

/// Microseconds of the day and, when the text names one, the offset of the zone in seconds.
pub(super) fn time_part(rest: &[u8]) -> Option<(i64, Option<i64>)> {
    // " 08:26:00", by far the most usual.
    if rest.len() == 9
        && rest[3] == b':'
        && rest[6] == b':'
        && matches!(rest[0], b' ' | b'T')
        && let (Some(h), Some(m), Some(s)) = (two(&rest[1..]), two(&rest[4..]), two(&rest[7..]))
    {
        return clock(h, m, s, 0).map(|micros| (micros, None));
    }
    let text = narrowed(std::str::from_utf8(rest).ok()?);
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
    // A Chinese spreadsheet says the half of the day in front of the hour.
    let front = HALVES.iter().find(|(word, _)| text.starts_with(word));
    let text = front.map_or(text, |(word, _)| text[word.len()..].trim_start());
    let (hour, text) = small(text)?;
    let (minute, mut text) = small(text.strip_prefix([':', '.', '时', '点'])?)?;
    let (mut second, mut micros) = (0, 0);
    if let Some(inner) = text.strip_prefix([':', '.', '分']).filter(|rest| !rest.is_empty()) {
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
    let mut text = text.strip_prefix(['秒', '分']).unwrap_or(text).trim_start();
    let mut hour = hour;
    let marker = text.get(..2).map(str::to_ascii_lowercase);
    let after = match marker.as_deref() {
        Some("am") => Some(false),
        Some("pm") => Some(true),
        _ => None,
    };
    if after.is_some() {
        text = text[2..].trim_start();
    }
    if let Some(afternoon) = after.or(front.map(|(_, afternoon)| *afternoon)) {
        match hour {
            1..=12 => hour = hour % 12 + if afternoon { 12 } else { 0 },
            _ if after.is_some() => return None,
            // In front of an hour of twenty-four the word only repeats it.
            _ => {}
        }
    }
    Some((clock(hour, minute, second, micros)?, zone_of(text)?))
}

/// Words for the halves of the day, and whether it is the second.
const HALVES: [(&str, bool); 4] = [("上午", false), ("早上", false), ("下午", true), ("晚上", true)];

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
    pub(super) fn utc_of(&mut self, local: i64) -> i64 {
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
