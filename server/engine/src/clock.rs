//! What time it is. The only place that asks the machine, so that tests and runs can be repeated.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use std::sync::atomic::{AtomicI64, Ordering};

pub trait Clock: Send + Sync {
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        std::time::SystemTime::now().into()
    }
}

/// A clock that stands still until it is moved.
pub struct FixedClock(AtomicI64);

impl FixedClock {
    pub fn at(now: DateTime<Utc>) -> FixedClock {
        FixedClock(AtomicI64::new(now.timestamp_micros()))
    }

    pub fn set(&self, now: DateTime<Utc>) {
        self.0.store(now.timestamp_micros(), Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0.load(Ordering::SeqCst)).unwrap_or_default()
    }
}

/// The local date of an instant in a zone.
pub fn local_date(at: DateTime<Utc>, zone: Tz) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_dates_near_midnight() {
        let zone: Tz = "Asia/Shanghai".parse().unwrap();
        let day = |text: &str| local_date(text.parse().unwrap(), zone).to_string();
        assert_eq!(day("2026-03-01T16:30:00Z"), "2026-03-02", "00:30 local");
        assert_eq!(day("2026-03-01T15:30:00Z"), "2026-03-01", "23:30 local");
    }
}
