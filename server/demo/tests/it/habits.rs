//! How people pay, how often they come, what comes back, and what they write.

use crate::{each, end, kinds_of_customers, large, second};
use std::collections::{HashMap, HashSet};

#[test]
fn orders_per_customer_have_a_long_tail() {
    let demo = large();
    let mut counts: HashMap<String, f64> = HashMap::new();
    each(&demo.folder, "orders.csv", |cell| {
        *counts.entry(cell("customer_id")).or_default() += 1.0
    });
    let n = 20_000.0;
    let mean = counts.values().sum::<f64>() / n;
    let variance = counts.values().map(|count| count * count).sum::<f64>() / n - mean * mean;
    let once = counts.values().filter(|&&count| count == 1.0).count() as f64 / n;
    let never = 1.0 - counts.len() as f64 / n;
    assert!(variance > 8.0 * mean, "variance {variance} at mean {mean}");
    assert!((0.15..0.35).contains(&once), "{once} order once");
    assert!((0.03..0.12).contains(&never), "{never} never order");
    assert!(counts.values().fold(0.0, |most: f64, &count| most.max(count)) > 80.0);
}

#[test]
fn payments_follow_country_and_age() {
    let demo = large();
    let mut people: HashMap<String, (String, bool)> = HashMap::new();
    each(&demo.folder, "customers.csv", |cell| {
        if let Ok(birth) = cell("birth_date").parse::<chrono::NaiveDate>() {
            let young = (end() - birth).num_days() as f64 / 365.25 < 35.0;
            people.insert(cell("external_id"), (cell("country"), young));
        }
    });
    // Customers by what most of their orders were paid with would hide ties: shares of orders are enough.
    let mut paid: HashMap<(String, bool, String), f64> = HashMap::new();
    let mut all: HashMap<(String, bool), f64> = HashMap::new();
    each(&demo.folder, "orders.csv", |cell| {
        if let Some((country, young)) = people.get(&cell("customer_id")) {
            *paid
                .entry((country.clone(), *young, cell("payment_method")))
                .or_default() += 1.0;
            *all.entry((country.clone(), *young)).or_default() += 1.0;
        }
    });
    for habit in &demo.planted.payments {
        for (young, wanted) in [(true, habit.share_below_35), (false, habit.share_from_35)] {
            let share =
                paid[&(habit.country.clone(), young, habit.method.clone())] / all[&(habit.country.clone(), young)];
            // Orders are clustered by customer, of whom the smallest country has about seven hundred in an age group.
            assert!(
                (share - wanted).abs() < 0.09,
                "{} in {}: {share} for {wanted}",
                habit.method,
                habit.country
            );
        }
    }
}

#[test]
fn refunds_follow_the_product_line_and_slow_ones_end_relations() {
    let demo = large();
    let kinds = kinds_of_customers(&demo.folder);
    let mut categories: HashMap<String, String> = HashMap::new();
    each(&demo.folder, "products.csv", |cell| {
        categories.insert(cell("product_id"), cell("category"));
    });
    let mut first_line: HashMap<String, String> = HashMap::new();
    each(&demo.folder, "order_lines.csv", |cell| {
        if cell("line_id") == "1" {
            first_line.insert(cell("order_id"), categories[&cell("product_id")].clone());
        }
    });
    let rates: HashMap<&str, f64> = demo
        .planted
        .product_lines
        .iter()
        .map(|line| (line.category.as_str(), line.refund_rate))
        .collect();
    let factors: HashMap<&str, f64> = demo
        .planted
        .kinds
        .iter()
        .map(|kind| (kind.key.as_str(), kind.refund_factor))
        .collect();
    let last = end().and_hms_opt(0, 0, 0).unwrap().and_utc().timestamp();
    // Expected and seen refunds by category; orders by customer; refunds with their speed.
    let mut seen: HashMap<String, (f64, f64)> = HashMap::new();
    let mut orders: HashMap<String, Vec<i64>> = HashMap::new();
    let mut refunds: Vec<(String, i64, bool)> = Vec::new();
    each(&demo.folder, "orders.csv", |cell| {
        let (customer, ordered) = (cell("customer_id"), second(&cell("ordered_at")));
        orders.entry(customer.clone()).or_default().push(ordered);
        if cell("delivered_at").is_empty() || last - ordered < 70 * 86_400 {
            return;
        }
        let category = &first_line[&cell("order_id")];
        let entry = seen.entry(category.clone()).or_default();
        entry.0 += rates[category.as_str()] * factors[kinds[&customer].as_str()];
        if !cell("refunded_at").is_empty() {
            entry.1 += 1.0;
            let paid = second(&cell("refunded_at"));
            // Asked for at most a week after delivery: above 12 days it was slow for certain, and above 11 nothing fast is left.
            refunds.push((
                customer,
                paid,
                paid - second(&cell("delivered_at")) > 11 * 86_400 + 43_200,
            ));
        }
    });
    assert_eq!(seen.len(), 12);
    for (category, (expected, seen)) in &seen {
        assert!(
            (seen - expected).abs() < 4.0 * expected.sqrt(),
            "{category}: {seen} refunds for {expected}"
        );
    }
    let again = |slow: bool| {
        let of: Vec<bool> = refunds
            .iter()
            .filter(|refund| refund.2 == slow && last - refund.1 > 91 * 86_400)
            .map(|(customer, paid, _)| {
                orders[customer]
                    .iter()
                    .any(|at| (*paid..paid + 90 * 86_400).contains(at))
            })
            .collect();
        of.iter().filter(|again| **again).count() as f64 / of.len() as f64
    };
    assert!(
        again(false) - again(true) > 0.12,
        "again after a fast refund {}, after a slow one {}",
        again(false),
        again(true)
    );
}

#[test]
fn reviews_are_in_the_customers_language_and_fit_their_stars() {
    let demo = large();
    let mut china: HashSet<String> = HashSet::new();
    each(&demo.folder, "customers.csv", |cell| {
        if cell("phone").starts_with("+86") {
            china.insert(cell("external_id"));
        }
    });
    let mut texts: HashSet<String> = HashSet::new();
    let mut wishes = 0.0;
    let mut rows = 0.0;
    let mut stars: HashMap<String, u64> = HashMap::new();
    each(&demo.folder, "reviews.csv", |cell| {
        let text = cell("text");
        let chinese = text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter));
        assert!(!china.contains(&cell("customer_id")) || chinese, "{text}");
        rows += 1.0;
        wishes += f64::from(u8::from(
            demo.planted
                .reviews
                .wishes
                .iter()
                .any(|wish| text.contains(&wish.chinese) || text.contains(&wish.english)),
        ));
        *stars.entry(cell("rating")).or_default() += 1;
        texts.insert(text);
    });
    assert!(
        (wishes / rows - demo.planted.reviews.wish_share).abs() < 0.015,
        "{wishes} wishes in {rows} reviews"
    );
    assert!(texts.len() > 1_000, "{} different texts", texts.len());
    assert_eq!(stars.len(), 6, "one to five stars, and none: {stars:?}");
}
