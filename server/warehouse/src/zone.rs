//! Which local date, hour and weekday is an instant? One table of the zone's changes of offset, so that millions of instants are
//! placed by a look-up, in SQL as in Rust, with daylight saving time.

use chrono::{NaiveDate, Offset, TimeZone};
use chrono_tz::Tz;

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;
/// Added before dividing in SQL, where integer division rounds towards zero.
const SHIFT_DAYS: i64 = 1_000_000;

/// The offsets of one time zone from 1900 to 2100; before and after them the nearest offset holds.
#[derive(Clone, Debug)]
pub struct Zone {
    name: Tz,
    /// From this instant (microseconds since 1970) on, the local clock is so many microseconds ahead of UTC. In order.
    changes: Vec<(i64, i64)>,
}

impl Zone {
    pub fn new(name: Tz) -> Zone {
        let offset = |second: i64| {
            let utc = chrono::DateTime::from_timestamp(second, 0)
                .unwrap_or_default()
                .naive_utc();
            i64::from(name.offset_from_utc_datetime(&utc).fix().local_minus_utc())
        };
        let (first, last) = (-2_208_988_800_i64, 4_102_444_800_i64);
        let mut changes = vec![(i64::MIN, offset(first) * SECOND)];
        let mut before = first;
        while before < last {
            let after = before + 86_400;
            if offset(before) != offset(after) {
                let (mut low, mut high) = (before, after);
                while high - low > 1 {
                    let middle = low + (high - low) / 2;
                    if offset(middle) == offset(before) {
                        low = middle
                    } else {
                        high = middle
                    }
                }
                changes.push((high * SECOND, offset(high) * SECOND));
            }
            before = after;
        }
        Zone { name, changes }
    }

    pub fn name(&self) -> Tz {
        self.name
    }

    fn offset(&self, micros: i64) -> i64 {
        let after = self.changes.partition_point(|(from, _)| *from <= micros);
        self.changes[after.saturating_sub(1)].1
    }

    /// Days from 1970-01-01 to the local date of an instant in microseconds.
    pub fn day(&self, micros: i64) -> i32 {
        i32::try_from((micros.saturating_add(self.offset(micros))).div_euclid(DAY)).unwrap_or(i32::MAX)
    }

    pub fn date(&self, micros: i64) -> NaiveDate {
        date_of_day(self.day(micros))
    }

    /// The first instant of a local date, in microseconds.
    pub fn start_of(&self, date: NaiveDate) -> i64 {
        let day = day_of_date(date);
        let (mut low, mut high) = (
            i64::from(day) * DAY - 16 * 3_600 * SECOND,
            i64::from(day) * DAY + 16 * 3_600 * SECOND,
        );
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if self.day(middle) >= day {
                high = middle
            } else {
                low = middle
            }
        }
        high
    }

    /// SQL for the day number (see [`Zone::day`]) of an expression that is a timestamp in microseconds. `from` and `to` bound the instants
    /// that may occur, so that only changes between them are compared.
    pub(crate) fn day_sql(&self, at: &str, from: i64, to: i64) -> String {
        let local = self.local_sql(at, from, to);
        format!("cast(({local} + {}) / {DAY} - {SHIFT_DAYS} as int)", SHIFT_DAYS * DAY)
    }

    /// SQL for the local hour, 0 to 23.
    pub(crate) fn hour_sql(&self, at: &str, from: i64, to: i64) -> String {
        let local = self.local_sql(at, from, to);
        format!(
            "cast(({local} + {}) / {} % 24 as int)",
            SHIFT_DAYS * DAY,
            3_600 * SECOND
        )
    }

    /// SQL for the local weekday, 1 for Monday to 7 for Sunday.
    pub(crate) fn weekday_sql(&self, at: &str, from: i64, to: i64) -> String {
        // 1970-01-01 was a Thursday; whole weeks are added so that the number stays positive.
        let local = self.local_sql(at, from, to);
        format!("cast(({local} + {}) / {DAY} % 7 + 1 as int)", (7 * 200_000 + 3) * DAY)
    }

    fn local_sql(&self, at: &str, from: i64, to: i64) -> String {
        let number = format!("cast({at} as bigint)");
        let inside: Vec<&(i64, i64)> = self
            .changes
            .iter()
            .filter(|(change, _)| *change > from && *change <= to)
            .collect();
        let first = self.offset(from);
        if inside.is_empty() {
            return format!("({number} + {first})");
        }
        let branches: String = inside
            .iter()
            .rev()
            .map(|(change, offset)| format!(" when {number} >= {change} then {offset}"))
            .collect();
        format!("({number} + case{branches} else {first} end)")
    }
}

/// Days from 1970-01-01.
pub fn day_of_date(date: NaiveDate) -> i32 {
    i32::try_from((date - NaiveDate::default()).num_days()).unwrap_or(i32::MAX)
}

pub fn date_of_day(day: i32) -> NaiveDate {
    NaiveDate::from_num_days_from_ce_opt(day.saturating_add(719_163)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn micros(text: &str) -> i64 {
        text.parse::<chrono::DateTime<chrono::Utc>>()
            .unwrap()
            .timestamp_micros()
    }

    #[test]
    fn half_past_midnight_is_already_the_next_day() {
        let zone = Zone::new(Tz::Asia__Shanghai);
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        // 00:30 and 23:30 on 3 March in Shanghai.
        assert_eq!(zone.date(micros("2026-03-02T16:30:00Z")), date("2026-03-03"));
        assert_eq!(zone.date(micros("2026-03-03T15:30:00Z")), date("2026-03-03"));
        assert_eq!(zone.date(micros("2026-03-03T16:00:00Z")), date("2026-03-04"));
        assert_eq!(zone.start_of(date("2026-03-03")), micros("2026-03-02T16:00:00Z"));
    }

    #[test]
    fn agrees_with_chrono_across_changes_of_the_clock() {
        for name in [
            Tz::Europe__Berlin,
            Tz::America__St_Johns,
            Tz::UTC,
            Tz::Pacific__Apia,
            Tz::Asia__Shanghai,
        ] {
            let zone = Zone::new(name);
            let mut at = micros("1965-01-01T00:13:00Z");
            while at < micros("2040-01-01T00:00:00Z") {
                let expected = name
                    .from_utc_datetime(&chrono::DateTime::from_timestamp_micros(at).unwrap().naive_utc())
                    .date_naive();
                assert_eq!(zone.date(at), expected, "{name} {at}");
                at += 7_919 * 60 * SECOND;
            }
        }
    }

    #[test]
    fn the_first_instant_of_a_day_is_found_when_midnight_is_skipped() {
        // Clocks in Asuncion went from 24:00 to 01:00 on 2 October 2022.
        let zone = Zone::new(Tz::America__Asuncion);
        let date = "2022-10-02".parse().unwrap();
        assert_eq!(zone.start_of(date), micros("2022-10-02T04:00:00Z"));
    }

    #[test]
    fn days_and_dates_convert_both_ways() {
        for text in ["1970-01-01", "1969-12-31", "2026-03-03"] {
            let date: NaiveDate = text.parse().unwrap();
            assert_eq!(date_of_day(day_of_date(date)), date);
        }
    }
}
