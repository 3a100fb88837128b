//! Small worlds: customers and what they did, both as sealed files and as plain rows. Times lie where mistakes are made: around midnight, at
//! the ends of months, where clocks change.

use super::super::plain::{Cell, Fact, Row, World};
use super::{CATEGORIES, CHANNELS, CITIES, Dice, KINDS, STATUSES};
use crate::testing::Data;
use chrono::{DateTime, Duration, NaiveDate, TimeZone, Utc};
use chrono_tz::Tz;
use std::collections::BTreeMap;

pub(in crate::query::rules) struct Made {
    pub world: World,
    pub data: Data,
}

fn money(amount: i128) -> String {
    let sign = if amount < 0 { "-" } else { "" };
    let amount = amount.unsigned_abs();
    format!("{sign}{}.{:06}", amount / 1_000_000, amount % 1_000_000)
}

fn time(dice: &mut Dice, zone: Tz) -> DateTime<Utc> {
    let days = [
        "2026-01-01",
        "2026-02-28",
        "2026-03-01",
        "2026-03-28",
        "2026-03-29",
        "2026-03-30",
        "2025-10-26",
    ];
    let day: NaiveDate = dice.pick(&days).parse().unwrap();
    let day = day + Duration::days(dice.below(5) as i64);
    let (hour, minute, second) = dice.pick(&[
        (0, 0, 0),
        (0, 30, 0),
        (1, 59, 59),
        (2, 30, 0),
        (12, 0, 0),
        (23, 30, 0),
        (23, 59, 59),
    ]);
    let local = day.and_hms_opt(hour, minute, second).unwrap();
    match zone.from_local_datetime(&local).earliest() {
        Some(at) => at.with_timezone(&Utc),
        // Skipped when clocks went forward.
        None => Utc.from_utc_datetime(&local),
    }
}

fn stamp(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Rates of USD: from 2026-01-02 and from 2026-03-01 on; none before.
fn rate(day: NaiveDate) -> Option<i128> {
    let from = |text: &str| text.parse::<NaiveDate>().unwrap();
    if day >= from("2026-03-01") {
        Some(1_250_000_000)
    } else if day >= from("2026-01-02") {
        Some(900_000_000)
    } else {
        None
    }
}

struct Maker<'a> {
    dice: &'a mut Dice,
    zone: Tz,
    foreign: bool,
    numbers: Vec<u32>,
}

impl Maker<'_> {
    fn customer(&mut self) -> Option<u32> {
        (!self.dice.chance(5)).then(|| self.dice.pick(&self.numbers))
    }

    fn maybe(&mut self, words: &[&str]) -> Option<String> {
        (!self.dice.chance(20)).then(|| self.dice.pick(words).to_owned())
    }

    fn currency(&mut self) -> Option<String> {
        if self.foreign && self.dice.chance(50) {
            return Some("USD".to_owned());
        }
        self.dice.chance(50).then(|| "EUR".to_owned())
    }

    /// In euros; `None` without a rate.
    fn euros(&self, amount: i128, currency: Option<&str>, at: Option<DateTime<Utc>>) -> Option<i128> {
        if currency != Some("USD") {
            return Some(amount);
        }
        let day = at?.with_timezone(&self.zone).date_naive();
        let product = amount * rate(day)?;
        // Half away from zero.
        let half = if product < 0 { -500_000_000 } else { 500_000_000 };
        Some((product + half) / 1_000_000_000)
    }
}

fn put(row: &mut Row, name: &'static str, text: &Option<String>) {
    if let Some(text) = text {
        row.insert(name, Cell::Text(text.clone()));
    }
}

fn cell(text: &Option<String>) -> &str {
    text.as_deref().unwrap_or("")
}

fn number(customer: Option<u32>) -> String {
    customer.map_or_else(String::new, |number| number.to_string())
}

pub(in crate::query::rules) fn world(dice: &mut Dice, zone: Tz, foreign: bool) -> Made {
    // Around the ends of the ranges that are worked on separately.
    let numbers: Vec<u32> = (1..=25).chain(32_764..=32_772).chain(65_534..=65_540).collect();
    let mut data = Data::in_zone(zone);
    let mut customers = BTreeMap::new();
    let mut rows = Vec::new();
    let mut maker = Maker {
        dice,
        zone,
        foreign,
        numbers: numbers.clone(),
    };
    for no in &numbers {
        let mut row = Row::new();
        let gender = maker.maybe(&["female", "male"]);
        let city = maker.maybe(&CITIES);
        put(&mut row, "gender", &gender);
        put(&mut row, "city", &city);
        row.insert("external_id", Cell::Text(format!("c{no}")));
        let births = ["2000-02-29", "1990-03-01", "1971-03-29", "2010-01-01", "2030-01-01"];
        let birth = maker.maybe(&births);
        if let Some(birth) = &birth {
            row.insert("birth_date", Cell::Date(birth.parse().unwrap()));
        }
        let age = maker.maybe(&["17", "25", "54"]);
        if let Some(age) = &age {
            row.insert("age", Cell::Number(age.parse().unwrap()));
        }
        let income = maker.maybe(&["1000", "99.99", "0"]);
        if let Some(income) = &income {
            row.insert(
                "income",
                Cell::Amount((income.parse::<f64>().unwrap() * 1e6).round() as i128),
            );
        }
        let consent = maker.maybe(&["true", "false"]);
        if let Some(consent) = &consent {
            row.insert("consent_marketing", Cell::Yes(consent == "true"));
        }
        let signed = (!maker.dice.chance(20)).then(|| time(maker.dice, zone));
        if let Some(signed) = signed {
            row.insert("signed_up_at", Cell::Date(signed.with_timezone(&zone).date_naive()));
        }
        let size = maker.maybe(&["1.5", "38", "40"]);
        if let Some(size) = &size {
            row.insert("attributes.size", Cell::Number(size.parse().unwrap()));
        }
        let attributes = size.map_or_else(String::new, |size| format!("{{\"size\": {size}}}"));
        rows.push(format!(
            "{no}|c{no}|{}|{}|{}|{}|{}|{}|{}|{attributes}",
            cell(&gender),
            cell(&city),
            cell(&birth),
            cell(&age),
            cell(&income),
            cell(&consent),
            signed.map_or_else(String::new, stamp),
        ));
        customers.insert(*no, row);
    }
    let lines: Vec<&str> = rows.iter().map(String::as_str).collect();
    data = data.with(
        "customers",
        "customer_no|external_id|gender|city|birth_date|age|income|consent_marketing|signed_up_at|attributes",
        &lines,
    );
    data = data.with(
        "products",
        "product_id|name|category",
        &["p1|One|Skin care", "p2|Two|Pets", "p3|Three|", "p4||Books"],
    );
    if foreign {
        data = data.with(
            "exchange_rates",
            "day|currency|rate",
            &["2026-01-02|USD|0.9", "2026-03-01|USD|1.25"],
        );
    }
    let mut facts: BTreeMap<&'static str, Vec<Fact>> = BTreeMap::new();
    let (orders, order_lines) = maker.orders();
    data = data.with_months(
        "orders",
        "customer_no|ordered_at|order_id|total|lines_value|currency|status|channel|coupon|delivered_at",
        &orders.1,
    );
    data = data.with_months(
        "order_lines",
        "customer_no|ordered_at|order_id|line_id|product_id|quantity|unit_price|currency",
        &order_lines.1,
    );
    facts.insert("orders", orders.0);
    facts.insert("order_lines", order_lines.0);
    let interactions = maker.events("category", &CATEGORIES);
    data = data.with_months(
        "interactions",
        "customer_no|at|kind|channel|category|value",
        &interactions.1,
    );
    facts.insert("interactions", interactions.0);
    let touches = maker.events("campaign_id", &["k1", "k2"]);
    data = data.with_months("touches", "customer_no|at|kind|channel|campaign_id|value", &touches.1);
    facts.insert("touches", touches.0);
    let reviews = maker.reviews();
    data = data.with_months(
        "reviews",
        "customer_no|at|review_id|order_id|product_id|rating|text",
        &reviews.1,
    );
    facts.insert("reviews", reviews.0);
    Made {
        world: World { zone, customers, facts },
        data,
    }
}

type Table = (Vec<Fact>, Vec<String>);

/// Facts in the order in which they are sealed: by month, then as they were made.
fn in_order(mut table: Table) -> Table {
    table.0.sort_by_key(|fact| {
        let month = fact.at.map(|at| at.format("%Y-%m").to_string());
        (month, fact.customer.unwrap_or(u32::MAX))
    });
    table
}

impl Maker<'_> {
    fn orders(&mut self) -> (Table, Table) {
        let (mut orders, mut lines): (Table, Table) = Default::default();
        for order in 0..160 {
            let (customer, at) = (
                self.customer(),
                (!self.dice.chance(3)).then(|| time(self.dice, self.zone)),
            );
            let id = format!("o{order:04}");
            let amounts = [10_000_000, 20_500_000, 99_990_000, 0, -5_000_000];
            let total = (!self.dice.chance(25)).then(|| self.dice.pick(&amounts));
            let lines_value = self.dice.chance(80).then(|| self.dice.pick(&amounts[..3]));
            let (currency, status) = (self.currency(), self.maybe(&STATUSES));
            let (channel, coupon) = (self.maybe(&CHANNELS), self.maybe(&["X10"]));
            let delivered = self.dice.chance(50).then(|| time(self.dice, self.zone));
            let value = total.or(lines_value);
            let document = value.is_some_and(|value| value < 0);
            let stands = !matches!(status.as_deref(), Some("cancelled" | "unpaid"));
            let counts = stands && value.is_some_and(|value| value > 0) && at.is_some();
            orders.1.push(format!(
                "{}|{}|{id}|{}|{}|{}|{}|{}|{}|{}",
                number(customer),
                at.map_or_else(String::new, stamp),
                total.map_or_else(String::new, money),
                lines_value.map_or_else(String::new, money),
                cell(&currency),
                cell(&status),
                cell(&channel),
                cell(&coupon),
                delivered.map_or_else(String::new, stamp),
            ));
            let mut shared = Row::new();
            shared.insert("order_id", Cell::Text(id.clone()));
            shared.insert(
                "status",
                Cell::Text(status.clone().unwrap_or_else(|| "paid".to_owned())),
            );
            put(&mut shared, "channel", &channel);
            put(&mut shared, "coupon", &coupon);
            let mut row = shared.clone();
            row.insert(
                "currency",
                Cell::Text(currency.clone().unwrap_or_else(|| "EUR".to_owned())),
            );
            if let Some(value) = value.and_then(|value| self.euros(value, currency.as_deref(), at)) {
                row.insert("total", Cell::Amount(value));
            }
            if let Some(delivered) = delivered {
                row.insert(
                    "delivered_at",
                    Cell::Date(delivered.with_timezone(&self.zone).date_naive()),
                );
            }
            let fact = |row: Row| Fact {
                customer,
                at,
                row,
                counts,
                document,
            };
            orders.0.push(fact(row));
            for line in 0..self.dice.below(4) {
                let product = self.dice.pick(&["p1", "p2", "p3", "p4", "p9"]);
                let quantity: Option<i128> = self.dice.chance(70).then(|| self.dice.pick(&[1_000_000, 2_500_000]));
                let price = self.dice.pick(&[3_330_000, 10_000_000]);
                let currency = self.currency();
                lines.1.push(format!(
                    "{}|{}|{id}|{line}|{product}|{}|{}|{}",
                    number(customer),
                    at.map_or_else(String::new, stamp),
                    quantity.map_or_else(String::new, money),
                    money(price),
                    cell(&currency),
                ));
                let mut row = shared.clone();
                row.insert("product_id", Cell::Text(product.to_owned()));
                let (name, category) = match product {
                    "p1" => (Some("One"), Some("Skin care")),
                    "p2" => (Some("Two"), Some("Pets")),
                    "p3" => (Some("Three"), None),
                    "p4" => (None, Some("Books")),
                    _ => (None, None),
                };
                put(&mut row, "product_name", &name.map(str::to_owned));
                put(&mut row, "category", &category.map(str::to_owned));
                row.insert("quantity", Cell::Amount(quantity.unwrap_or(1_000_000)));
                let value = price * quantity.unwrap_or(1_000_000) / 1_000_000;
                if let Some(value) = self.euros(value, currency.as_deref(), at) {
                    row.insert("value", Cell::Amount(value));
                }
                lines.0.push(fact(row));
            }
        }
        (in_order(orders), in_order(lines))
    }

    fn events(&mut self, name: &'static str, words: &[&str]) -> Table {
        let mut table = Table::default();
        for _ in 0..200 {
            let (customer, at) = (self.customer(), time(self.dice, self.zone));
            let (kind, channel, word) = (self.maybe(&KINDS), self.maybe(&CHANNELS), self.maybe(words));
            let value: Option<i128> = self.dice.chance(50).then(|| self.dice.pick(&[500_000, 2_000_000]));
            table.1.push(format!(
                "{}|{}|{}|{}|{}|{}",
                number(customer),
                stamp(at),
                cell(&kind),
                cell(&channel),
                cell(&word),
                value.map_or_else(String::new, money),
            ));
            let mut row = Row::new();
            put(&mut row, "kind", &kind);
            put(&mut row, "channel", &channel);
            put(&mut row, name, &word);
            if let Some(value) = value {
                row.insert("value", Cell::Amount(value));
            }
            table.0.push(Fact {
                customer,
                at: Some(at),
                row,
                counts: true,
                document: false,
            });
        }
        in_order(table)
    }

    fn reviews(&mut self) -> Table {
        let mut table = Table::default();
        for review in 0..80 {
            let customer = self.customer();
            let at = (!self.dice.chance(15)).then(|| time(self.dice, self.zone));
            let (order, product) = (self.maybe(&["o0001", "o0002", "o0003"]), self.maybe(&["p1", "p2"]));
            let rating: Option<i128> = self
                .dice
                .chance(80)
                .then(|| self.dice.pick(&[1_000_000, 3_000_000, 5_000_000]));
            let text = self.maybe(&["物流很快", "Very GOOD"]);
            table.1.push(format!(
                "{}|{}|r{review}|{}|{}|{}|{}",
                number(customer),
                at.map_or_else(String::new, stamp),
                cell(&order),
                cell(&product),
                rating.map_or_else(String::new, money),
                cell(&text),
            ));
            let mut row = Row::new();
            put(&mut row, "order_id", &order);
            put(&mut row, "product_id", &product);
            put(&mut row, "text", &text);
            let category = product.map(|product| if product == "p1" { "Skin care" } else { "Pets" }.to_owned());
            put(&mut row, "category", &category);
            if let Some(rating) = rating {
                row.insert("rating", Cell::Amount(rating));
            }
            table.0.push(Fact {
                customer,
                at,
                row,
                counts: true,
                document: false,
            });
        }
        in_order(table)
    }
}
