//! Days as numbers, as dates and as text. Knows nothing of what happens on them.

use chrono::{Duration, NaiveDate};

/// Days since 1970.
pub fn day_number(date: NaiveDate) -> i64 {
    i64::from(date.to_epoch_days())
}

pub fn date_of(day: i64) -> NaiveDate {
    NaiveDate::default() + Duration::days(day)
}

/// The text of each day, made once: formatting a date is the dearest part of a row otherwise.
pub struct DayTexts {
    first: i64,
    texts: Vec<[u8; 10]>,
}

impl DayTexts {
    pub fn new(first: i64, days: usize) -> DayTexts {
        DayTexts {
            first,
            texts: (0..days as i64).map(|day| day_text(first + day)).collect(),
        }
    }

    pub fn push(&self, day: i64, bytes: &mut Vec<u8>) {
        match usize::try_from(day - self.first)
            .ok()
            .and_then(|index| self.texts.get(index))
        {
            Some(text) => bytes.extend_from_slice(text),
            None => bytes.extend_from_slice(&day_text(day)),
        }
    }
}

/// The proleptic Gregorian date of a day number, for years 0 to 9999 (Hinnant's `civil_from_days`).
fn day_text(day: i64) -> [u8; 10] {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * of_year + 2) / 153;
    let date = of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 {
        month_index + 3
    } else {
        month_index - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let digit = |value: i64| b'0' + (value % 10) as u8;
    [
        digit(year / 1_000),
        digit(year / 100),
        digit(year / 10),
        digit(year),
        b'-',
        digit(month / 10),
        digit(month),
        b'-',
        digit(date / 10),
        digit(date),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn day_texts_are_the_calendar() {
        for day in (-20_000..30_000).step_by(17) {
            assert_eq!(
                std::str::from_utf8(&day_text(day)).unwrap(),
                date_of(day).format("%Y-%m-%d").to_string()
            );
        }
    }
}
