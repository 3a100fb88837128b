//! Conditions on fields of the customer: attributes, and what the features say of the behaviour up to the version's last fact.

use super::bits::Part;
use super::mask::{Mask, plain_amount, plain_whole};
use super::test::NumberTest;
use crate::derive::FEATURES;
use crate::error::{Error, Result};
use crate::query::distribution::columns::{age_at, age_band, hour_band, month_word, order_count, weekday};
use crate::resident::column::NO_DAY;
use crate::resident::{Column, Key, Resident, Source};
use crate::snapshot::Snapshot;
use chrono::NaiveDate;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use types::rules::{FieldCondition, ValueKind, customer_field};

/// A condition bound to the columns that it needs.
pub(super) enum PeopleTest {
    Mask(Mask),
    /// From the birth date at the day of the question, else as it was uploaded.
    Age {
        births: Arc<Column>,
        uploaded: Arc<Column>,
        years: Years,
        asked: AgeAsked,
    },
    Spend(Arc<Column>, Arc<Column>, NumberTest),
    AverageOrder(Arc<Column>, Arc<Column>, NumberTest),
    DaysSince(Arc<Column>, i32, NumberTest),
}

pub(super) enum AgeAsked {
    Years(NumberTest),
    Band(super::test::TextTest),
}

/// The features of a version: who there is, and where the columns are.
pub(super) struct People {
    path: PathBuf,
    pub(super) customers: Arc<Column>,
}

impl People {
    pub(super) async fn of(snapshot: &Snapshot) -> Result<People> {
        let path = snapshot
            .path_of(FEATURES)
            .ok_or_else(|| Error::Ended("this version has no features".to_owned()))?;
        let customers = Resident::get(snapshot, key(&path, Source::Customers)).await?;
        Ok(People { path, customers })
    }

    pub(super) async fn bind(
        &self,
        snapshot: &Snapshot,
        condition: &FieldCondition,
        as_of: NaiveDate,
    ) -> Result<PeopleTest> {
        let test = &condition.test;
        let get = |source: Source| Resident::get(snapshot, key(&self.path, source));
        let number = || NumberTest::of(test, as_of);
        let whole = |name: &str| Source::Whole(name.to_owned());
        let amount = |name: &str| Source::Amount(name.to_owned());
        let name = condition.field.as_str();
        Ok(match name {
            "age" | "age_band" => PeopleTest::Age {
                births: get(whole("birth_date")).await?,
                uploaded: get(whole("age")).await?,
                years: Years::at(as_of),
                asked: if name == "age" {
                    AgeAsked::Years(number())
                } else {
                    AgeAsked::Band(super::test::TextTest::of(test))
                },
            },
            "spend" => PeopleTest::Spend(
                get(amount("gross_value")).await?,
                get(amount("refunds")).await?,
                number(),
            ),
            "average_order_value" => {
                PeopleTest::AverageOrder(get(amount("gross_value")).await?, get(whole("orders")).await?, number())
            }
            "days_since_last_order" => PeopleTest::DaysSince(
                get(whole("last_order_on")).await?,
                crate::zone::day_of_date(as_of),
                number(),
            ),
            "cohort" => worded(&get(whole("first_order_on")).await?, test, |day| Some(month_word(day))),
            "order_count" => worded(&get(whole("orders")).await?, test, |n| Some(order_count(n).to_owned())),
            "order_hour" => worded(&get(whole("order_hour")).await?, test, |hour| {
                Some(hour_band(hour).to_owned())
            }),
            "order_weekday" => worded(&get(whole("order_weekday")).await?, test, |day| {
                Some(weekday(day).to_owned())
            }),
            _ => {
                let (source, kind) = self.source(snapshot, name)?;
                PeopleTest::Mask(Mask::of(&get(source).await?, kind, test, as_of, None))
            }
        })
    }

    /// A column of the features.
    pub(super) async fn column(&self, snapshot: &Snapshot, source: Source) -> Result<Arc<Column>> {
        Resident::get(snapshot, key(&self.path, source)).await
    }

    /// Where a field comes from that is a column of the features as it stands.
    pub(super) fn source(&self, snapshot: &Snapshot, name: &str) -> Result<(Source, ValueKind)> {
        let kind = customer_field(name).or_else(|| snapshot.attribute_kind(name));
        let kind = kind.ok_or_else(|| Error::Column(name.to_owned()))?;
        let owned = name.to_owned();
        let source = match (name, kind) {
            (_, ValueKind::Text) => Source::Words(owned),
            (_, ValueKind::YesNo) => Source::YesNo(owned),
            ("birth_date", _) => Source::Whole(owned),
            (_, ValueKind::Date) => Source::Day(owned),
            ("income" | "units", _) => Source::Amount(owned),
            ("rating", _) => Source::Amount("mean_rating".to_owned()),
            (_, ValueKind::Number) if customer_field(name).is_some() => Source::Whole(owned),
            (_, ValueKind::Number) => Source::Number(owned),
        };
        Ok((source, kind))
    }
}

fn worded(column: &Arc<Column>, test: &types::rules::Test, word: impl Fn(i32) -> Option<String>) -> PeopleTest {
    PeopleTest::Mask(Mask::worded(column, test, word))
}

fn key(path: &std::path::Path, source: Source) -> Key {
    Key {
        table: FEATURES,
        path: path.to_owned(),
        source,
        beside: None,
    }
}

impl PeopleTest {
    /// Those of a range of rows who pass.
    pub(super) fn part(&self, customers: &[u32], rows: Range<usize>, part: &mut Part) {
        let mut out = vec![0_u8; rows.len()];
        self.fill(rows.clone(), &mut out);
        for (customer, passes) in customers[rows].iter().zip(&out) {
            if *passes == 1 {
                part.set(*customer);
            }
        }
    }

    fn fill(&self, rows: Range<usize>, out: &mut [u8]) {
        match self {
            PeopleTest::Mask(mask) => mask.fill(rows, out),
            PeopleTest::Age {
                births,
                uploaded,
                years,
                asked,
            } => {
                let pairs = births.whole()[rows.clone()].iter().zip(&uploaded.whole()[rows]);
                let years: Vec<i32> = pairs
                    .map(|(birth, uploaded)| years.of(*birth).unwrap_or(*uploaded))
                    .collect();
                match asked {
                    AgeAsked::Years(test) => test.fill(&years, plain_whole, out),
                    AgeAsked::Band(test) => {
                        let answers: Vec<u8> = (0..200).map(|age| u8::from(test.passes(Some(age_band(age))))).collect();
                        let unknown = u8::from(test.passes(None));
                        for (age, out) in years.iter().zip(out) {
                            *out = if *age == NO_DAY {
                                unknown
                            } else {
                                answers[usize::try_from(*age).unwrap_or(0).min(199)]
                            };
                        }
                    }
                }
            }
            PeopleTest::Spend(gross, refunds, test) => {
                let pairs = gross.amounts()[rows.clone()].iter().zip(&refunds.amounts()[rows]);
                for ((gross, refunds), out) in pairs.zip(out) {
                    let spend = i128::from(*gross) - i128::from(*refunds);
                    *out = u8::from(test.passes(crate::read::plain(spend)));
                }
            }
            PeopleTest::AverageOrder(gross, orders, test) => {
                let pairs = gross.amounts()[rows.clone()].iter().zip(&orders.whole()[rows]);
                for ((gross, orders), out) in pairs.zip(out) {
                    let known = *orders > 0;
                    let mean = if known {
                        plain_amount(*gross) / f64::from(*orders)
                    } else {
                        f64::NAN
                    };
                    *out = u8::from(test.passes(mean));
                }
            }
            PeopleTest::DaysSince(last, today, test) => {
                test.fill(&last.whole()[rows], |day| f64::from(*today) - plain_whole(day), out)
            }
        }
    }
}

/// Whole years at a day, looked up by the days since birth, so that a million ages need no calendar.
pub(super) struct Years {
    as_of: NaiveDate,
    today: i32,
    by_days: Vec<u8>,
}

impl Years {
    /// Older than this nobody is; whoever is all the same is looked up in the calendar.
    const MOST: i32 = 150;

    pub(super) fn at(as_of: NaiveDate) -> Years {
        let today = crate::zone::day_of_date(as_of);
        let mut by_days = Vec::new();
        for years in 1..=Years::MOST {
            // The first day of birth of those who are not yet so old is a birthday ago, or the day after one that the calendar skips.
            let mut first = today - years * 365 - years / 4 - 2;
            while age_at(first, as_of).is_some_and(|age| age >= years) {
                first += 1;
            }
            let days = (today - first).unsigned_abs() as usize + 1;
            by_days.resize(days, u8::try_from(years - 1).unwrap_or(u8::MAX));
        }
        Years { as_of, today, by_days }
    }

    /// `None` when the birth date is not known, or to come.
    pub(super) fn of(&self, birth: i32) -> Option<i32> {
        if birth == NO_DAY || birth > self.today {
            return None;
        }
        match self.by_days.get((self.today - birth).unsigned_abs() as usize) {
            Some(years) => Some(i32::from(*years)),
            None => age_at(birth, self.as_of),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_agree_with_the_calendar() {
        for as_of in ["2026-03-01", "2024-02-29", "2025-02-28", "1999-12-31"] {
            let as_of: NaiveDate = as_of.parse().unwrap();
            let years = Years::at(as_of);
            let today = crate::zone::day_of_date(as_of);
            for birth in (today - 60_000..today + 10).step_by(7) {
                assert_eq!(years.of(birth), age_at(birth, as_of), "{birth}");
            }
        }
    }
}
