//! When people buy: how strong each day is, how each day is spread over its hours, and how growth, weekdays, months and feasts
//! shape both. Times are warped: a customer's orders are a steady stream in warped time, which the strong days stretch.
//! Knows markets, but no customer.

use crate::days::{date_of, day_number};
use chrono::{Datelike, NaiveDate};

/// Days of history before the end: three years.
pub const HISTORY_DAYS: i64 = 1_095;
/// Growth of the intensity of each customer, per year; sign-ups grow on top of it.
pub const GROWTH_PER_YEAR: f64 = 0.06;
/// Growth of sign-ups per year.
pub const SIGN_UP_GROWTH: f64 = 0.22;

pub const MARKETS: [&str; 2] = ["china", "europe"];
pub const CHINA: usize = 0;
pub const EUROPE: usize = 1;

pub const MONTHS: [[f64; 12]; 2] = [
    [1.02, 0.92, 0.98, 0.96, 1.02, 1.12, 0.94, 0.95, 1.02, 1.03, 1.20, 1.06],
    [0.86, 0.88, 0.96, 0.98, 1.00, 0.98, 0.94, 0.92, 1.00, 1.04, 1.22, 1.32],
];
/// Monday first.
pub const WEEKDAYS: [[f64; 7]; 2] = [
    [0.94, 0.95, 0.96, 0.97, 1.02, 1.10, 1.06],
    [1.08, 1.02, 0.98, 0.96, 0.94, 0.92, 1.10],
];
/// Weight of each local hour.
pub const HOURS: [[f64; 24]; 2] = [
    [
        1.6, 0.8, 0.4, 0.2, 0.2, 0.3, 0.8, 1.8, 3.0, 4.6, 5.6, 5.4, 5.0, 4.6, 4.6, 4.8, 4.6, 4.4, 5.0, 7.0, 9.4, 10.2,
        8.0, 4.2,
    ],
    [
        0.7, 0.3, 0.2, 0.1, 0.2, 0.5, 1.4, 3.0, 4.4, 5.4, 5.8, 6.2, 7.0, 6.0, 5.0, 5.0, 5.4, 6.2, 7.4, 9.0, 9.4, 7.0,
        3.6, 1.6,
    ],
];
/// Whose hours they are; a customer keeps one for life, and answers messages best at its best hour.
pub const RHYTHMS: [(&str, i64); 3] = [("morning", 8), ("midday", 13), ("evening", 20)];

/// First day of the Chinese year in each year from 2016.
const NEW_YEARS: [(u32, u32); 26] = [
    (2, 8),
    (1, 28),
    (2, 16),
    (2, 5),
    (1, 25),
    (2, 12),
    (2, 1),
    (1, 22),
    (2, 10),
    (1, 29),
    (2, 17),
    (2, 6),
    (1, 26),
    (2, 13),
    (2, 3),
    (1, 23),
    (2, 11),
    (1, 31),
    (2, 19),
    (2, 8),
    (1, 28),
    (2, 15),
    (2, 4),
    (1, 24),
    (2, 12),
    (2, 1),
];
const FIRST_NEW_YEAR: i32 = 2016;
/// The last days of data for which the table above reaches far enough in both directions.
pub const ENDS: (i32, i32) = (2020, 2040);

/// A feast: days from and to it (both included), and how much stronger than usual the days are.
pub struct Feast {
    pub name: &'static str,
    pub market: usize,
    /// None is the Chinese New Year.
    pub on: Option<(u32, u32)>,
    pub from: i64,
    pub to: i64,
    pub factor: f64,
}

pub const FEASTS: [Feast; 8] = [
    Feast {
        name: "before_chinese_new_year",
        market: CHINA,
        on: None,
        from: -20,
        to: -5,
        factor: 1.55,
    },
    Feast {
        name: "chinese_new_year_week",
        market: CHINA,
        on: None,
        from: -2,
        to: 6,
        factor: 0.55,
    },
    Feast {
        name: "mid_year_sale",
        market: CHINA,
        on: Some((6, 18)),
        from: -3,
        to: 0,
        factor: 1.9,
    },
    Feast {
        name: "november_presale",
        market: CHINA,
        on: Some((11, 11)),
        from: -10,
        to: -1,
        factor: 1.35,
    },
    Feast {
        name: "november_11",
        market: CHINA,
        on: Some((11, 11)),
        from: 0,
        to: 0,
        factor: 4.0,
    },
    Feast {
        name: "november_week",
        market: EUROPE,
        on: Some((11, 26)),
        from: -3,
        to: 4,
        factor: 1.9,
    },
    Feast {
        name: "before_christmas",
        market: EUROPE,
        on: Some((12, 24)),
        from: -18,
        to: -4,
        factor: 1.3,
    },
    Feast {
        name: "christmas",
        market: EUROPE,
        on: Some((12, 25)),
        from: -1,
        to: 2,
        factor: 0.5,
    },
];

pub fn chinese_new_year(year: i32) -> Option<NaiveDate> {
    let index = usize::try_from(year - FIRST_NEW_YEAR).ok()?;
    let &(month, day) = NEW_YEARS.get(index)?;
    NaiveDate::from_ymd_opt(year, month, day)
}

/// Warped time and hours for both markets.
pub struct Calendar {
    /// First local day of orders, days since 1970.
    pub first_day: i64,
    pub last_day: i64,
    /// The last second that any fact may carry.
    pub last_instant: i64,
    /// Month (0..12) of each day.
    months: Vec<u8>,
    /// Warped years at the start of each day, and after the last one.
    warped: [Vec<f64>; 2],
    /// Cumulated share of the day at the start of each hour, by market and rhythm.
    hours: [[[f64; 25]; 3]; 2],
    /// Cumulated share of sign-ups at the start of each day.
    sign_ups: Vec<f64>,
}

impl Calendar {
    pub fn new(end: NaiveDate) -> Calendar {
        let last_day = day_number(end);
        let first_day = last_day - HISTORY_DAYS + 1;
        let dates: Vec<NaiveDate> = (first_day..=last_day).map(date_of).collect();
        let strengths = [CHINA, EUROPE].map(|market| {
            dates
                .iter()
                .map(|&date| strength(market, date, end))
                .collect::<Vec<_>>()
        });
        let sign_up_weights: Vec<f64> = (0..dates.len())
            .map(|i| {
                let years = i as f64 / 365.25;
                (1.0 + SIGN_UP_GROWTH).powf(years) * (0.6 * strengths[CHINA][i] + 0.4 * strengths[EUROPE][i])
            })
            .collect();
        let total: f64 = sign_up_weights.iter().sum();
        Calendar {
            first_day,
            last_day,
            last_instant: last_day * 86_400 + 86_399,
            months: dates.iter().map(|date| date.month0() as u8).collect(),
            warped: strengths.map(|days| {
                let mean = days.iter().sum::<f64>() / days.len() as f64;
                running(&days, 1.0 / (mean * 365.25))
            }),
            hours: [CHINA, EUROPE].map(hour_tables),
            sign_ups: running(&sign_up_weights, 1.0 / total),
        }
    }

    /// Warped years from the first day to the start of local day `day`.
    pub fn warp(&self, market: usize, day: i64) -> f64 {
        let index = (day - self.first_day).clamp(0, HISTORY_DAYS) as usize;
        self.warped[market][index]
    }

    /// Share of all sign-ups that fall on the day with this index.
    pub fn sign_up_share(&self, index: usize) -> f64 {
        self.sign_ups[index + 1] - self.sign_ups[index]
    }

    /// The local day on which share `u` of the sign-ups is reached.
    pub fn sign_up_day(&self, u: f64) -> i64 {
        let index = self.sign_ups.partition_point(|&sum| sum <= u).saturating_sub(1);
        self.first_day + (index as i64).min(HISTORY_DAYS - 1)
    }

    /// Local day and second of the day at warped time `at`; None after the last day. `hint` remembers the last day found, so
    /// that rising times cost one pass.
    pub fn unwarp(&self, market: usize, rhythm: usize, at: f64, hint: &mut usize) -> Option<(i64, i64)> {
        let sums = &self.warped[market];
        while *hint + 1 < sums.len() && sums[*hint + 1] <= at {
            *hint += 1;
        }
        if *hint + 1 >= sums.len() {
            return None;
        }
        let part = (at - sums[*hint]) / (sums[*hint + 1] - sums[*hint]);
        Some((self.first_day + *hint as i64, self.second_of_day(market, rhythm, part)))
    }

    /// The second of the local day at which share `part` of its orders is in.
    pub fn second_of_day(&self, market: usize, rhythm: usize, part: f64) -> i64 {
        let sums = &self.hours[market][rhythm];
        let hour = sums[1..].iter().position(|&sum| part < sum).unwrap_or(23);
        let inside = (part - sums[hour]) / (sums[hour + 1] - sums[hour]);
        hour as i64 * 3_600 + ((inside * 3_600.0) as i64).clamp(0, 3_599)
    }

    /// Month (0..12) of a local day of the history.
    pub fn month(&self, day: i64) -> usize {
        usize::from(self.months[(day - self.first_day).clamp(0, HISTORY_DAYS - 1) as usize])
    }
}

fn running(values: &[f64], factor: f64) -> Vec<f64> {
    let mut sums = Vec::with_capacity(values.len() + 1);
    let mut sum = 0.0;
    sums.push(sum);
    for value in values {
        sum += value * factor;
        sums.push(sum);
    }
    sums
}

/// How strong a day is, before it is scaled to mean 1.
fn strength(market: usize, date: NaiveDate, end: NaiveDate) -> f64 {
    let years = (date - end).num_days() as f64 / 365.25;
    let mut factor = (1.0 + GROWTH_PER_YEAR).powf(years);
    factor *= MONTHS[market][date.month0() as usize] * WEEKDAYS[market][date.weekday().num_days_from_monday() as usize];
    for feast in FEASTS.iter().filter(|feast| feast.market == market) {
        let day = match feast.on {
            Some((month, day)) => NaiveDate::from_ymd_opt(date.year(), month, day),
            None => chinese_new_year(date.year()),
        };
        if day.is_some_and(|day| (feast.from..=feast.to).contains(&(date - day).num_days())) {
            factor *= feast.factor;
        }
    }
    factor
}

/// The market's hours, bent towards the best hour of each rhythm.
fn hour_tables(market: usize) -> [[f64; 25]; 3] {
    RHYTHMS.map(|(_, best)| {
        let weights: Vec<f64> = HOURS[market]
            .iter()
            .enumerate()
            .map(|(hour, weight)| {
                let distance = (hour as i64 - best).abs() as f64;
                weight * (0.5 + 1.8 * (-distance * distance / 12.0).exp())
            })
            .collect();
        let total: f64 = weights.iter().sum();
        let sums = running(&weights, 1.0 / total);
        std::array::from_fn(|hour| sums[hour])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_of_november_is_the_strongest_chinese_day_of_its_year() {
        let end = NaiveDate::from_ymd_opt(2026, 1, 31).unwrap();
        let of = |month, day| strength(CHINA, NaiveDate::from_ymd_opt(2025, month, day).unwrap(), end);
        let best = (1..=365)
            .map(|day| strength(CHINA, NaiveDate::from_yo_opt(2025, day).unwrap(), end))
            .fold(0.0, f64::max);
        assert_eq!(of(11, 11), best);
        assert!(of(1, 20) > 1.4 * of(2, 1), "before and in the New Year week of 2025");
    }

    #[test]
    fn warped_time_runs_three_years_and_back() {
        let calendar = Calendar::new(NaiveDate::from_ymd_opt(2025, 6, 30).unwrap());
        let total = calendar.warp(EUROPE, calendar.last_day + 1);
        assert!((total - HISTORY_DAYS as f64 / 365.25).abs() < 1e-9);
        let mut hint = 0;
        let day = calendar.first_day + 500;
        let (found, second) = calendar
            .unwarp(EUROPE, 1, calendar.warp(EUROPE, day) + 1e-9, &mut hint)
            .unwrap();
        assert_eq!(found, day);
        assert!(second < 600);
        assert!(calendar.unwarp(EUROPE, 1, total, &mut hint).is_none());
    }
}
