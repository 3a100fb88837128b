//! What is a field of the customers of one batch? The same derivations that rules and portraits see, from a file instead of from columns in
//! memory, so that a list needs no more memory than its pieces.

use crate::error::Result;
use crate::query::distribution::columns::{age_at, age_band, hour_band, month_word, weekday};
use crate::query::rules::Value;
use crate::read::{Rows, at, plain, text_at};
use crate::zone::Zone;
use chrono::NaiveDate;
use datafusion::arrow::array::Array;
use datafusion::arrow::datatypes::DataType;

/// The zone of local dates and the day of the question.
pub(super) struct Days {
    zone: Zone,
    as_of: NaiveDate,
    today: i32,
}

impl Days {
    pub(super) fn new(zone: Zone, as_of: NaiveDate) -> Days {
        Days {
            zone,
            as_of,
            today: crate::zone::day_of_date(as_of),
        }
    }
}

/// The columns of the file from which a field follows.
pub(super) fn needed(field: &str) -> Vec<&str> {
    match field {
        "age" | "age_band" => vec!["birth_date", "age"],
        "spend" => vec!["gross_value", "refunds"],
        "average_order_value" => vec!["gross_value", "orders"],
        "days_since_last_order" => vec!["last_order_on"],
        "cohort" => vec!["first_order_on"],
        "rating" => vec!["mean_rating"],
        other => vec![other],
    }
}

/// Adds the values of the rows at these places; unknown where there is none.
pub(super) fn values(
    rows: &Rows<'_>,
    field: &str,
    places: &[Option<usize>],
    days: &Days,
    out: &mut Vec<Value>,
) -> Result<()> {
    let mut add =
        |value: &dyn Fn(usize) -> Value| out.extend(places.iter().map(|place| place.map_or(Value::Unknown, value)));
    let date = |day: i32| Value::Day(crate::zone::date_of_day(day));
    let whole = |value: Option<i32>| value.map_or(Value::Unknown, |value| Value::Number(f64::from(value)));
    match field {
        "age" | "age_band" => {
            let (births, uploaded) = (rows.dates("birth_date")?, rows.i32s("age")?);
            let band = field == "age_band";
            add(&|row| {
                let age = at(&births, row)
                    .and_then(|birth| age_at(birth, days.as_of))
                    .or_else(|| at(&uploaded, row));
                match age {
                    Some(age) if band => Value::Text(age_band(age).to_owned()),
                    age => whole(age),
                }
            });
        }
        "spend" => {
            let (gross, refunds) = (rows.money("gross_value")?, rows.money("refunds")?);
            add(&|row| Value::Number(plain(at(&gross, row).unwrap_or(0) - at(&refunds, row).unwrap_or(0))));
        }
        "average_order_value" => {
            let (gross, orders) = (rows.money("gross_value")?, rows.i32s("orders")?);
            add(&|row| match at(&orders, row) {
                // Rounded to millionths, as money is stored.
                Some(orders) if orders > 0 => {
                    let mean = plain(at(&gross, row).unwrap_or(0)) / f64::from(orders);
                    Value::Number((mean * 1e6).round() / 1e6)
                }
                _ => Value::Unknown,
            });
        }
        "days_since_last_order" => {
            let last = rows.dates("last_order_on")?;
            add(&|row| whole(at(&last, row).map(|day| days.today - day)));
        }
        "cohort" => {
            let first = rows.dates("first_order_on")?;
            add(&|row| at(&first, row).map_or(Value::Unknown, |day| Value::Text(month_word(day))));
        }
        "order_hour" | "order_weekday" => {
            let numbers = rows.i32s(field)?;
            let word = if field == "order_hour" { hour_band } else { weekday };
            add(&|row| at(&numbers, row).map_or(Value::Unknown, |number| Value::Text(word(number).to_owned())));
        }
        "rating" => {
            let mean = rows.money("mean_rating")?;
            add(&|row| at(&mean, row).map_or(Value::Unknown, |mean| Value::Number(plain(mean))));
        }
        other => match rows.array(other)?.data_type() {
            DataType::Utf8 | DataType::Dictionary(..) => {
                let texts = rows.texts(other)?;
                add(&|row| text_at(&texts, row).map_or(Value::Unknown, |text| Value::Text(text.to_owned())));
            }
            DataType::Boolean => {
                let values = rows.booleans(other)?;
                add(&|row| {
                    if values.is_valid(row) {
                        Value::YesNo(values.value(row))
                    } else {
                        Value::Unknown
                    }
                });
            }
            DataType::Date32 => {
                let values = rows.dates(other)?;
                add(&|row| at(&values, row).map_or(Value::Unknown, date));
            }
            DataType::Timestamp(..) => {
                let values = rows.instants(other)?;
                add(&|row| at(&values, row).map_or(Value::Unknown, |micros| date(days.zone.day(micros))));
            }
            DataType::Decimal128(..) => {
                let values = rows.money(other)?;
                add(&|row| at(&values, row).map_or(Value::Unknown, |value| Value::Number(plain(value))));
            }
            _ => {
                let values = rows.f64s(other)?;
                add(&|row| at(&values, row).map_or(Value::Unknown, Value::Number));
            }
        },
    }
    Ok(())
}
