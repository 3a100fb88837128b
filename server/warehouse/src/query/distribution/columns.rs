//! Which dimensions and measures does a portrait have, and from which columns of the features do they come?

use chrono::{Datelike, NaiveDate};
use datafusion::arrow::datatypes::{DataType, Schema};

/// How a dimension's value follows from a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum From {
    /// The text of a column.
    Word(String),
    YesNo(String),
    /// Band of the age at the date asked for.
    AgeBand,
    /// Month of the first counting order.
    Cohort,
    OrderCount,
    Hour,
    Weekday,
}

/// How a measure follows from a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Amount {
    Age,
    Spend,
    AverageOrderValue,
    DaysSinceLastOrder,
    /// The number in a column.
    Column(String),
}

pub(super) struct Plan {
    pub dimensions: Vec<(String, From)>,
    pub measures: Vec<(String, Amount)>,
    pub as_of: NaiveDate,
}

const WORDS_BEFORE: [&str; 7] = [
    "city",
    "province",
    "country",
    "occupation",
    "education",
    "preferred_channel",
    "answering_channel",
];
const WORDS_AFTER: [&str; 4] = ["favourite_category", "payment_method", "order_channel", "order_city"];
/// Columns from which derived dimensions and measures come.
const NEEDED: [&str; 14] = [
    "customer_no",
    "birth_date",
    "age",
    "income",
    "consent_marketing",
    "orders",
    "first_order_on",
    "last_order_on",
    "gross_value",
    "refunds",
    "order_weekday",
    "order_hour",
    "interactions",
    "mean_rating",
];

impl Plan {
    /// For features with these columns; every extra attribute is a dimension, or a measure when it holds numbers.
    pub(super) fn of(schema: &Schema, as_of: NaiveDate) -> Plan {
        let word = |name: &str| (name.to_owned(), From::Word(name.to_owned()));
        let derived = |name: &str, from: From| (name.to_owned(), from);
        let mut dimensions = vec![word("gender"), derived("age_band", From::AgeBand)];
        dimensions.extend(WORDS_BEFORE.iter().map(|name| word(name)));
        dimensions.push(derived(
            "consent_marketing",
            From::YesNo("consent_marketing".to_owned()),
        ));
        dimensions.push(derived("cohort", From::Cohort));
        dimensions.push(derived("order_count", From::OrderCount));
        dimensions.extend(WORDS_AFTER.iter().map(|name| word(name)));
        dimensions.push(derived("order_hour", From::Hour));
        dimensions.push(derived("order_weekday", From::Weekday));
        let column = |name: &str, column: &str| (name.to_owned(), Amount::Column(column.to_owned()));
        let mut measures = vec![
            ("age".to_owned(), Amount::Age),
            column("income", "income"),
            column("orders", "orders"),
            ("spend".to_owned(), Amount::Spend),
            ("average_order_value".to_owned(), Amount::AverageOrderValue),
            ("days_since_last_order".to_owned(), Amount::DaysSinceLastOrder),
            column("interactions", "interactions"),
            column("rating", "mean_rating"),
        ];
        for field in schema
            .fields()
            .iter()
            .filter(|field| field.name().starts_with("attributes."))
        {
            let name = field.name();
            match field.data_type() {
                DataType::Float64 => measures.push(column(name, name)),
                DataType::Boolean => dimensions.push(derived(name, From::YesNo(name.clone()))),
                _ => dimensions.push(word(name)),
            }
        }
        Plan {
            dimensions,
            measures,
            as_of,
        }
    }

    /// The columns to read, each once.
    pub(super) fn columns(&self) -> impl Iterator<Item = &str> {
        let words = self.dimensions.iter().filter_map(|(_, from)| match from {
            From::Word(column) | From::YesNo(column) if !NEEDED.contains(&column.as_str()) => Some(column.as_str()),
            _ => None,
        });
        let numbers = self.measures.iter().filter_map(|(_, amount)| match amount {
            Amount::Column(column) if !NEEDED.contains(&column.as_str()) => Some(column.as_str()),
            _ => None,
        });
        NEEDED.iter().copied().chain(words).chain(numbers)
    }
}

/// Whole years from a birth date (days since 1970) to a date.
pub(crate) fn age_at(birth: i32, as_of: NaiveDate) -> Option<i32> {
    let born = crate::zone::date_of_day(birth);
    let years = as_of.year() - born.year() - i32::from((as_of.month(), as_of.day()) < (born.month(), born.day()));
    (years >= 0).then_some(years)
}

/// The month of a day, such as `2026-03`.
pub(crate) fn month_word(day: i32) -> String {
    month_name(month_of_day(day))
}

/// A month counted as year x 12 + month - 1.
pub(super) fn month_name(month: i32) -> String {
    format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
}

pub(super) fn month_of_day(day: i32) -> i32 {
    let date = crate::zone::date_of_day(day);
    date.year() * 12 + date.month0().cast_signed()
}

pub(crate) fn age_band(age: i32) -> &'static str {
    match age {
        ..18 => "under_18",
        18..25 => "18-24",
        25..35 => "25-34",
        35..45 => "35-44",
        45..55 => "45-54",
        55.. => "55_and_over",
    }
}

pub(crate) fn order_count(orders: i32) -> &'static str {
    match orders {
        ..1 => "0",
        1 => "1",
        2 => "2",
        3..6 => "3-5",
        6..11 => "6-10",
        11.. => "11_and_more",
    }
}

pub(crate) fn hour_band(hour: i32) -> &'static str {
    match hour {
        ..6 => "00-05",
        6..12 => "06-11",
        12..18 => "12-17",
        18.. => "18-23",
    }
}

pub(crate) fn weekday(number: i32) -> &'static str {
    match number {
        ..2 => "monday",
        2 => "tuesday",
        3 => "wednesday",
        4 => "thursday",
        5 => "friday",
        6 => "saturday",
        7.. => "sunday",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_birthday_is_reached_on_its_day() {
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        let born = crate::zone::day_of_date(date("2000-03-02"));
        assert_eq!(age_at(born, date("2026-03-01")), Some(25));
        assert_eq!(age_at(born, date("2026-03-02")), Some(26));
        assert_eq!(age_at(born, date("1999-01-01")), None, "not born yet");
        let bands = [0, 17, 18, 24, 25, 34, 35, 44, 45, 54, 55, 90].map(age_band);
        assert_eq!(bands[..4], ["under_18", "under_18", "18-24", "18-24"]);
        assert_eq!(bands[10..], ["55_and_over", "55_and_over"]);
    }
}
