//! What people choose: audiences, kinds, products bought together, seasons and peaks.

use crate::{each, end, kinds_of_customers, large};
use std::collections::{HashMap, HashSet};

/// Age band at the end, named as the product names it.
fn band(birth_date: &str) -> Option<&'static str> {
    let days = (end() - birth_date.parse::<chrono::NaiveDate>().ok()?).num_days();
    Some(match (days as f64 / 365.25) as i64 {
        ..18 => "under 18",
        18..25 => "18-24",
        25..35 => "25-34",
        35..45 => "35-44",
        45..55 => "45-54",
        55.. => "55 and over",
    })
}

/// Category of each product.
fn categories() -> HashMap<String, String> {
    let mut categories = HashMap::new();
    each(&large().folder, "products.csv", |cell| {
        categories.insert(cell("product_id"), cell("category"));
    });
    categories
}

/// Customer of an order, from its id.
fn customer_of(order_id: &str) -> String {
    let number = order_id.trim_start_matches('O').split('-').next().unwrap();
    format!("C{number}")
}

#[test]
fn each_driver_pulls_its_audience_the_planted_way() {
    let demo = large();
    let categories = categories();
    let kinds = kinds_of_customers(&demo.folder);
    let mut people: HashMap<String, (&'static str, String)> = HashMap::new();
    each(&demo.folder, "customers.csv", |cell| {
        if let Some(band) = band(&cell("birth_date"))
            && !cell("gender").is_empty()
        {
            people.insert(cell("external_id"), (band, cell("gender")));
        }
    });
    // Lines by kind, band, gender and category.
    let mut lines: HashMap<(&str, &str, &str, &str), f64> = HashMap::new();
    each(&demo.folder, "order_lines.csv", |cell| {
        let customer = customer_of(&cell("order_id"));
        if let Some((band, gender)) = people.get(&customer) {
            let key = (
                kinds[&customer].as_str(),
                *band,
                gender.as_str(),
                categories[&cell("product_id")].as_str(),
            );
            *lines.entry(key).or_default() += 1.0;
        }
    });
    for driver in &demo.planted.drivers {
        // Mantel and Haenszel over the kinds, because kinds differ in age and in what they buy.
        let (mut over, mut under) = (0.0, 0.0);
        for kind in &demo.planted.kinds {
            let mut cells = [[0.0; 2]; 2];
            for (&(of, band, gender, category), count) in &lines {
                if of == kind.key {
                    let wanted = driver.gender.as_ref().is_none_or(|wanted| wanted == gender);
                    let inside = wanted && driver.age_bands.iter().any(|wanted| wanted == band);
                    cells[usize::from(inside)][usize::from(category == driver.category)] += count;
                }
            }
            let total: f64 = cells.iter().flatten().sum();
            over += cells[1][1] * cells[0][0] / total;
            under += cells[1][0] * cells[0][1] / total;
        }
        let ratio = over / under;
        assert!(
            if driver.factor > 1.0 {
                ratio > 1.15
            } else {
                ratio < 0.87
            },
            "{} for {:?} {:?}: odds ratio {ratio} for a factor of {}",
            driver.category,
            driver.age_bands,
            driver.gender,
            driver.factor
        );
    }
}

#[test]
fn each_kind_prefers_its_own_lines() {
    let demo = large();
    let categories = categories();
    let kinds = kinds_of_customers(&demo.folder);
    let mut lines: HashMap<(String, String), f64> = HashMap::new();
    let mut of_kind: HashMap<String, f64> = HashMap::new();
    let mut of_category: HashMap<String, f64> = HashMap::new();
    let mut all = 0.0;
    each(&demo.folder, "order_lines.csv", |cell| {
        let kind = kinds[&customer_of(&cell("order_id"))].clone();
        let category = categories[&cell("product_id")].clone();
        *of_kind.entry(kind.clone()).or_default() += 1.0;
        *of_category.entry(category.clone()).or_default() += 1.0;
        *lines.entry((kind, category)).or_default() += 1.0;
        all += 1.0;
    });
    for driver in demo.planted.kind_drivers.iter().filter(|driver| driver.factor >= 2.0) {
        let share = lines[&(driver.kind.clone(), driver.category.clone())] / of_kind[&driver.kind];
        let tgi = 100.0 * share / (of_category[&driver.category] / all);
        assert!(tgi > 130.0, "{} of {}: TGI {tgi}", driver.category, driver.kind);
    }
    for kind in &demo.planted.kinds {
        assert!(
            (kind.customers as f64 / 20_000.0 - kind.share).abs() < 0.015,
            "{}",
            kind.key
        );
    }
}

#[test]
fn products_that_belong_together_are_bought_together() {
    let demo = large();
    let mut baskets: HashMap<String, HashSet<String>> = HashMap::new();
    each(&demo.folder, "order_lines.csv", |cell| {
        baskets.entry(cell("order_id")).or_default().insert(cell("product_id"));
    });
    for pair in &demo.planted.associations {
        let has =
            |basket: &HashSet<String>, products: &[String]| products.iter().any(|product| basket.contains(product));
        let first = baskets.values().filter(|basket| has(basket, &pair.first)).count() as f64;
        let second = baskets.values().filter(|basket| has(basket, &pair.second)).count() as f64;
        let both = baskets
            .values()
            .filter(|basket| has(basket, &pair.first) && has(basket, &pair.second))
            .count() as f64;
        let confidence = both / first;
        let lift = confidence / (second / baskets.len() as f64);
        assert!(first > 500.0, "{:?} is in {first} baskets", pair.first);
        assert!(
            (pair.probability - 0.04..pair.probability + 0.12).contains(&confidence),
            "{:?}: {confidence}",
            pair.first
        );
        assert!(lift > 3.0, "{:?}: lift {lift}", pair.first);
    }
}

#[test]
fn days_follow_the_seasons_and_the_feasts() {
    let demo = large();
    let mut country: HashMap<String, String> = HashMap::new();
    each(&demo.folder, "customers.csv", |cell| {
        country.insert(cell("external_id"), cell("country"));
    });
    let mut days: HashMap<(bool, chrono::NaiveDate), u64> = HashMap::new();
    let mut hours = [0_u64; 24];
    each(&demo.folder, "orders.csv", |cell| {
        let china = country[&cell("customer_id")] == "China";
        let ahead = chrono::Duration::hours(if china { 8 } else { 1 });
        let local = chrono::DateTime::parse_from_rfc3339(&cell("ordered_at"))
            .unwrap()
            .naive_utc()
            + ahead;
        *days.entry((china, local.date())).or_default() += 1;
        if china {
            hours[chrono::Timelike::hour(&local) as usize] += 1;
        }
    });
    let of = |china: bool, date: &str| days.get(&(china, date.parse().unwrap())).copied().unwrap_or(0) as f64;
    let mean = |china: bool, year: i32, month: u32, from: u32, to: u32| {
        (from..=to)
            .map(|day| of(china, &format!("{year}-{month:02}-{day:02}")))
            .sum::<f64>()
            / f64::from(to - from + 1)
    };
    for year in [2024, 2025] {
        assert!(
            of(true, &format!("{year}-11-11")) > 2.5 * mean(true, year, 10, 1, 31),
            "11 November {year}"
        );
        assert!(
            mean(false, year, 11, 23, 30) > 1.5 * mean(false, year, 10, 1, 31),
            "end of November {year}"
        );
    }
    // Chinese New Year on 17 February 2026.
    assert!(mean(true, 2026, 1, 29, 31) > 1.4 * mean(true, 2026, 2, 16, 22));
    assert!(hours[21] > 10 * hours[4]);
}
