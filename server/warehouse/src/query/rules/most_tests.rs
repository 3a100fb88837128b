//! What each does most, against a slow count over plain values in random worlds, and small cases computed by hand.

use super::plain::{Cell, Fact, World};
use super::random::{self, Dice};
use crate::labels::Group;
use crate::query::distribution::columns::{hour_band, weekday};
use crate::testing::Data;
use chrono::{DateTime, Datelike, Days, NaiveDate, Timelike, Utc};
use chrono_tz::Tz;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use types::rules::Window;
use types::tags::{BestBy, BestOf, Most};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn said(found: &BTreeMap<String, Group>, customers: impl Iterator<Item = u32>) -> BTreeMap<u32, String> {
    customers
        .filter_map(|customer| {
            let mut of = found.iter().filter(|(_, group)| group.contains(customer));
            let first = of.next().map(|(word, _)| (customer, word.clone()));
            assert!(of.next().is_none(), "customer {customer} has two values");
            first
        })
        .collect()
}

fn text(fact: &Fact, name: &str) -> Option<String> {
    match fact.row.get(name) {
        Some(Cell::Text(text)) => Some(text.clone()),
        _ => None,
    }
}

fn amount(fact: &Fact, name: &str) -> i128 {
    match fact.row.get(name) {
        Some(Cell::Amount(amount)) => *amount,
        _ => 0,
    }
}

/// A word with the number that orders it among equals.
fn word_of(world: &World, of: BestOf, fact: &Fact, at: DateTime<Utc>) -> Option<(u32, String)> {
    let local = at.with_timezone(&world.zone);
    match of {
        BestOf::OrderHour => Some((local.hour(), local.hour().to_string())),
        BestOf::OrderWeekday => {
            let day = local.weekday().number_from_monday();
            Some((day, day.to_string()))
        }
        BestOf::FavouriteCategory => text(fact, "category").map(|word| (0, word)),
        _ => text(fact, "channel").map(|word| (0, word)),
    }
}

/// The slow count of one customer.
fn plain(world: &World, asked: Most, customer: u32, as_of: NaiveDate) -> Option<String> {
    let lines = || {
        world.facts["order_lines"]
            .iter()
            .filter(|line| line.customer == Some(customer))
    };
    let facts = if asked.of == BestOf::FavouriteCategory {
        "order_lines"
    } else {
        "orders"
    };
    let mut weights: BTreeMap<(u32, String), (i128, DateTime<Utc>)> = BTreeMap::new();
    for fact in world.facts[facts]
        .iter()
        .filter(|fact| fact.customer == Some(customer) && fact.counts)
    {
        let Some(at) = fact.at else { continue };
        let day = world.date(at);
        let inside = match asked.window {
            Window::Ever => true,
            Window::WithinDays(days) => day > as_of - Days::new(u64::from(days)),
            Window::Dates { from, to } => from.is_none_or(|from| day >= from) && to.is_none_or(|to| day < to),
        };
        let Some(word) = word_of(world, asked.of, fact, at).filter(|_| inside && day <= as_of) else {
            continue;
        };
        let weight = match (asked.by, facts) {
            (BestBy::Count, _) => 1,
            (BestBy::Spend, "orders") => amount(fact, "total"),
            (BestBy::Spend, _) => amount(fact, "value"),
            (BestBy::Quantity, "orders") => {
                let id = text(fact, "order_id");
                let own = lines().filter(|line| text(line, "order_id") == id);
                own.map(|line| amount(line, "quantity")).sum()
            }
            (BestBy::Quantity, _) => amount(fact, "quantity"),
        };
        let held = weights.entry(word).or_insert((0, at));
        *held = (held.0 + weight, held.1.max(at));
    }
    let best = weights
        .into_iter()
        .max_by_key(|(word, weight)| (*weight, Reverse(word.clone())));
    best.map(|((number, word), _)| match asked.of {
        BestOf::OrderHour => hour_band(number as i32).to_owned(),
        BestOf::OrderWeekday => weekday(number as i32).to_owned(),
        _ => word,
    })
}

#[tokio::test]
async fn what_is_done_most_agrees_with_a_slow_count() {
    let windows = [
        Window::Ever,
        Window::WithinDays(1),
        Window::WithinDays(30),
        Window::Dates {
            from: Some(date("2026-01-02")),
            to: Some(date("2026-03-29")),
        },
        Window::Dates {
            from: None,
            to: Some(date("2026-03-02")),
        },
    ];
    let of = [
        BestOf::OrderChannel,
        BestOf::FavouriteCategory,
        BestOf::OrderHour,
        BestOf::OrderWeekday,
    ];
    let mut compared = 0;
    for (seed, zone, foreign) in [
        (11, Tz::Asia__Shanghai, false),
        (12, Tz::Europe__Berlin, true),
        (13, Tz::America__Los_Angeles, true),
    ] {
        let made = random::world(&mut Dice(seed), zone, foreign);
        let (snapshot, _data) = made.data.publish().await;
        for as_of in ["2026-03-30", "2026-02-28", "2026-04-05"].map(date) {
            for window in windows {
                for of in of {
                    for by in BestBy::ALL {
                        let asked = Most { of, by, window };
                        let found = snapshot.most(asked, as_of).await.unwrap();
                        let customers = || made.world.customers.keys().copied();
                        let slow: BTreeMap<u32, String> = customers()
                            .filter_map(|customer| Some((customer, plain(&made.world, asked, customer, as_of)?)))
                            .collect();
                        compared += slow.len();
                        assert_eq!(
                            said(&found, customers()),
                            slow,
                            "{asked:?} at {as_of} in {zone}, seed {seed}"
                        );
                    }
                }
            }
        }
    }
    // Windows and words leave enough to disagree about.
    assert!(compared > 5_000, "{compared}");
}

/// Two orders by mail and one in a shop; the shop is dearer, and the mail has more pieces.
fn small() -> Data {
    Data::in_zone(Tz::UTC)
        .with_customers(3)
        .with(
            "orders",
            "customer_no|ordered_at|order_id|total|channel|payment_method|status",
            &[
                "1|2026-01-10T10:00:00Z|o1|10|mail|card|",
                "1|2026-02-10T10:00:00Z|o2|15|mail||",
                "1|2026-03-10T10:00:00Z|o3|90|shop|cash|",
                "1|2026-03-11T10:00:00Z|o4|900|app|cash|cancelled",
                // As often by mail as in the shop: the shop was last.
                "2|2026-03-01T10:00:00Z|o5|20|mail||",
                "2|2026-03-02T10:00:00Z|o6|20|shop||",
            ],
        )
        .with(
            "order_lines",
            "customer_no|ordered_at|order_id|line_id|product_id|quantity|unit_price",
            &[
                "1|2026-01-10T10:00:00Z|o1|1|p|7|1",
                "1|2026-02-10T10:00:00Z|o2|1|p|1|15",
                "1|2026-03-10T10:00:00Z|o3|1|p|2|45",
            ],
        )
        .with(
            "payments",
            "order_id|method|amount",
            // The payment of an order with its own method says nothing.
            &[
                "o1|coupon|10",
                "o2|coupon|14",
                "o2|card|1",
                "o5|card|5",
                "o5|coupon|15",
                "o6|card|20",
            ],
        )
        .with(
            "touches",
            "customer_no|at|kind|channel",
            &[
                "1|2026-03-01T10:00:00Z|opened|email",
                "1|2026-03-02T10:00:00Z|clicked|sms",
                "1|2026-03-03T10:00:00Z|sent|post",
                "2|2026-01-01T10:00:00Z|opened|email",
            ],
        )
}

#[tokio::test]
async fn the_measure_and_the_window_decide_and_the_latest_of_equals_wins() {
    let (snapshot, _data) = small().publish().await;
    let as_of = date("2026-03-31");
    let ask = async |of: BestOf, by: BestBy, window: Window| {
        let found = snapshot.most(Most { of, by, window }, as_of).await.unwrap();
        said(&found, 1..=3)
            .into_iter()
            .map(|(customer, word)| format!("{customer} {word}"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let (ever, channel) = (Window::Ever, BestOf::OrderChannel);
    assert_eq!(ask(channel, BestBy::Count, ever).await, "1 mail, 2 shop");
    assert_eq!(ask(channel, BestBy::Spend, ever).await, "1 shop, 2 shop");
    assert_eq!(ask(channel, BestBy::Quantity, ever).await, "1 mail, 2 shop");
    // Of one piece and two the two: the order of February and the one of March.
    assert_eq!(
        ask(channel, BestBy::Quantity, Window::WithinDays(60)).await,
        "1 shop, 2 shop"
    );
    assert_eq!(ask(channel, BestBy::Count, Window::WithinDays(22)).await, "1 shop");
    let until = Window::Dates {
        from: Some(date("2026-01-10")),
        to: Some(date("2026-03-02")),
    };
    assert_eq!(ask(channel, BestBy::Count, until).await, "1 mail, 2 mail");
    // Own methods: card once, cash once; payments of the order without one: coupon and card.
    let payment = BestOf::PaymentMethod;
    assert_eq!(ask(payment, BestBy::Count, ever).await, "1 card, 2 card");
    assert_eq!(ask(payment, BestBy::Spend, ever).await, "1 cash, 2 card");
    let february = Window::Dates {
        from: Some(date("2026-02-01")),
        to: Some(date("2026-03-02")),
    };
    assert_eq!(ask(payment, BestBy::Spend, february).await, "1 coupon, 2 coupon");
    assert_eq!(
        ask(BestOf::AnsweringChannel, BestBy::Count, ever).await,
        "1 sms, 2 email"
    );
    assert_eq!(
        ask(BestOf::AnsweringChannel, BestBy::Count, Window::WithinDays(60)).await,
        "1 sms"
    );
    // Windows that hold everything, and nothing.
    assert_eq!(
        ask(channel, BestBy::Count, Window::WithinDays(u32::MAX)).await,
        "1 mail, 2 shop"
    );
    assert_eq!(ask(BestOf::FavouriteCategory, BestBy::Spend, ever).await, "");
}
