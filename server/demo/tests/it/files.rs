//! The files themselves: bytes, headers, keys, times and sizes.

use crate::{each, end, folder, large, make, second};
use demo::{DemoConfig, DemoError, Progress, generate};
use std::collections::{HashMap, HashSet};
use std::fs;
use types::uploads::{UploadKind, ValueType};

const FILES: [&str; 11] = [
    "customers.csv",
    "products.csv",
    "orders.csv",
    "order_lines.csv",
    "interactions.csv",
    "campaigns.csv",
    "campaign_costs.csv",
    "touches.csv",
    "reviews.csv",
    "planted_customers.csv",
    "planted.json",
];

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_does_not() {
    // Not a multiple of the block, and more blocks than threads.
    let (first, _) = make("same-1", 1_500, 11);
    let (second, _) = make("same-2", 1_500, 11);
    let (other, _) = make("other", 1_500, 12);
    for file in FILES {
        let bytes = fs::read(first.join(file)).unwrap();
        assert!(
            bytes == fs::read(second.join(file)).unwrap(),
            "{file} differs under the same seed"
        );
        if file != "campaigns.csv" {
            assert!(
                bytes != fs::read(other.join(file)).unwrap(),
                "{file} is the same under another seed"
            );
        }
    }
}

#[test]
fn headers_and_values_are_those_of_the_upload_kinds() {
    let demo = large();
    for file in &demo.summary.files {
        let fields = UploadKind::parse(&file.kind).unwrap().fields();
        let mut reader = csv::Reader::from_path(demo.folder.join(&file.name)).unwrap();
        let headers: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let mut columns = Vec::new();
        for header in &headers {
            let field = fields.iter().find(|field| field.name == header);
            columns.push(*field.unwrap_or_else(|| panic!("{} has no field {header}", file.kind)));
        }
        let mut filled = vec![0_u64; headers.len()];
        let mut rows = 0;
        for record in reader.records() {
            // A stray comma or quote would be a row of another length: an error of the reader.
            let record = record.unwrap();
            rows += 1;
            for (place, (cell, field)) in record.iter().zip(&columns).enumerate() {
                filled[place] += u64::from(!cell.is_empty());
                assert!(
                    fits(cell, field.value, field.required),
                    "{}: {} is {cell:?}",
                    file.name,
                    field.name
                );
            }
        }
        assert_eq!(rows, file.rows, "{}", file.name);
        assert_eq!(
            fs::metadata(demo.folder.join(&file.name)).unwrap().len(),
            file.bytes,
            "{}",
            file.name
        );
        for (header, filled) in headers.iter().zip(filled) {
            assert!(filled > 0, "{}: {header} is always blank", file.name);
        }
    }
}

fn fits(cell: &str, value: ValueType, required: bool) -> bool {
    if cell.is_empty() {
        return !required;
    }
    match value {
        ValueType::Id => cell.chars().count() <= 200,
        ValueType::Text => cell.trim() == cell,
        ValueType::Decimal => cell.parse::<f64>().is_ok(),
        ValueType::Whole => cell.parse::<u64>().is_ok(),
        ValueType::Date => cell.parse::<chrono::NaiveDate>().is_ok(),
        ValueType::Instant => chrono::DateTime::parse_from_rfc3339(cell).is_ok(),
        ValueType::Boolean => matches!(cell, "true" | "false"),
        ValueType::Choice(words) => words.contains(&cell),
    }
}

#[test]
fn every_optional_field_of_a_customer_is_blank_for_some() {
    let demo = large();
    let mut blank: HashMap<&str, u64> = HashMap::new();
    let fields = [
        "name",
        "gender",
        "birth_date",
        "city",
        "province",
        "country",
        "occupation",
        "education",
        "income",
        "email",
        "phone",
        "signed_up_at",
        "preferred_channel",
        "consent_marketing",
        "consent_profiling",
    ];
    each(&demo.folder, "customers.csv", |cell| {
        for field in fields {
            *blank.entry(field).or_default() += u64::from(cell(field).is_empty());
        }
    });
    for field in fields {
        assert!(
            (1..10_000).contains(&blank[field]),
            "{field} is blank {} times",
            blank[field]
        );
    }
}

#[test]
fn what_is_named_exists_and_keys_are_unique() {
    let demo = large();
    let ids = |file: &str, field: &str| -> HashSet<String> {
        let (mut ids, mut rows) = (HashSet::new(), 0);
        each(&demo.folder, file, |cell| {
            ids.insert(cell(field));
            rows += 1;
        });
        assert_eq!(ids.len(), rows, "{file}: {field} is not unique");
        ids
    };
    let customers = ids("customers.csv", "external_id");
    let products = ids("products.csv", "product_id");
    let orders = ids("orders.csv", "order_id");
    let campaigns = ids("campaigns.csv", "campaign_id");
    assert_eq!(ids("planted_customers.csv", "external_id"), customers);
    ids("reviews.csv", "review_id");
    let named = |file: &str, field: &str, known: &HashSet<String>| {
        each(&demo.folder, file, |cell| {
            assert!(known.contains(&cell(field)), "{file}: {field} {}", cell(field))
        });
    };
    named("orders.csv", "customer_id", &customers);
    named("order_lines.csv", "order_id", &orders);
    named("order_lines.csv", "product_id", &products);
    named("interactions.csv", "customer_id", &customers);
    named("touches.csv", "customer_id", &customers);
    named("touches.csv", "campaign_id", &campaigns);
    named("campaign_costs.csv", "campaign_id", &campaigns);
    named("reviews.csv", "customer_id", &customers);
    named("reviews.csv", "product_id", &products);
    named("reviews.csv", "order_id", &orders);
    let mut with_lines = HashSet::new();
    each(&demo.folder, "order_lines.csv", |cell| {
        with_lines.insert(cell("order_id"));
    });
    assert_eq!(with_lines, orders, "every order has lines");
}

#[test]
fn nothing_happens_after_the_end_and_the_last_order_is_close_to_it() {
    let demo = large();
    let last = end().and_hms_opt(23, 59, 59).unwrap().and_utc().timestamp();
    for (file, fields) in [
        ("customers.csv", &["signed_up_at"][..]),
        ("orders.csv", &["ordered_at", "refunded_at", "delivered_at"]),
        ("interactions.csv", &["at"]),
        ("touches.csv", &["at"]),
        ("reviews.csv", &["at"]),
    ] {
        each(&demo.folder, file, |cell| {
            for field in fields {
                let text = cell(field);
                assert!(text.is_empty() || second(&text) <= last, "{file}: {field} {text}");
            }
        });
    }
    let mut latest = 0;
    each(&demo.folder, "orders.csv", |cell| {
        let ordered = second(&cell("ordered_at"));
        latest = latest.max(ordered);
        for later in [cell("refunded_at"), cell("delivered_at")] {
            assert!(later.is_empty() || second(&later) >= ordered);
        }
    });
    assert_eq!(demo.summary.last_order.unwrap().timestamp(), latest);
    assert!(
        last - latest < 12 * 3_600,
        "the last order is {} seconds before the end",
        last - latest
    );
    assert_eq!(demo.planted.end, end());
}

#[test]
fn sums_of_lines_discount_and_shipping_are_the_total() {
    let demo = large();
    let cents = |text: String| {
        if text.is_empty() {
            0
        } else {
            (text.parse::<f64>().unwrap() * 100.0).round() as i64
        }
    };
    let mut sums: HashMap<String, i64> = HashMap::new();
    each(&demo.folder, "order_lines.csv", |cell| {
        *sums.entry(cell("order_id")).or_default() +=
            cell("quantity").parse::<i64>().unwrap() * cents(cell("unit_price"));
    });
    each(&demo.folder, "orders.csv", |cell| {
        let total = cents(cell("total"));
        assert_eq!(
            sums[&cell("order_id")] - cents(cell("discount")) + cents(cell("shipping")),
            total
        );
        assert!(total > 0);
        assert!(cents(cell("refund_amount")) <= total);
        assert_eq!(
            cell("status") == "returned",
            !cell("refunded_at").is_empty() && cents(cell("refund_amount")) == total
        );
    });
}

#[test]
fn totals_come_in_the_promised_ratios() {
    let demo = large();
    let rows: HashMap<&str, f64> = demo
        .summary
        .files
        .iter()
        .map(|file| (file.kind.as_str(), file.rows as f64 / 20_000.0))
        .collect();
    for (kind, wanted) in [
        ("customers", 1.0),
        ("orders", 10.0),
        ("order_lines", 15.0),
        ("interactions", 15.0),
        ("touches", 20.0),
    ] {
        assert!(
            (rows[kind] / wanted - 1.0).abs() < 0.05,
            "{kind}: {} per customer",
            rows[kind]
        );
    }
    assert_eq!(rows["products"] * 20_000.0, 240.0);
    assert_eq!(rows["campaigns"] * 20_000.0, 22.0);
    assert_eq!(demo.planted.files, demo.summary.files);
}

#[test]
fn progress_reaches_the_end_and_never_goes_back() {
    let mut seen: Vec<Progress> = Vec::new();
    let output = folder("progress");
    let config = DemoConfig {
        customers: 1_000,
        seed: 1,
        end: end(),
        output: &output,
    };
    generate(&config, &mut |progress| seen.push(progress)).unwrap();
    assert!(seen.len() > 1);
    assert!(
        seen.windows(2)
            .all(|pair| pair[0].customers < pair[1].customers && pair[0].rows < pair[1].rows)
    );
    assert_eq!(seen.last().unwrap().customers, 1_000);
}

#[test]
fn what_cannot_be_done_is_said() {
    let output = folder("errors");
    fs::create_dir_all(&output).unwrap();
    let config = DemoConfig {
        customers: 0,
        seed: 1,
        end: end(),
        output: &output,
    };
    assert!(matches!(generate(&config, &mut |_| ()), Err(DemoError::NoCustomers)));
    let config = DemoConfig {
        customers: 1,
        end: "2101-01-01".parse().unwrap(),
        ..config
    };
    assert!(matches!(generate(&config, &mut |_| ()), Err(DemoError::End(_))));
    let file = output.join("a file");
    fs::write(&file, "").unwrap();
    let config = DemoConfig {
        customers: 1,
        end: end(),
        output: &file,
        ..config
    };
    assert!(matches!(generate(&config, &mut |_| ()), Err(DemoError::Write { .. })));
}

#[test]
fn one_customer_is_enough() {
    let (folder, summary) = make("one", 1, 3);
    assert_eq!(
        summary.files.iter().find(|file| file.kind == "customers").unwrap().rows,
        1
    );
    assert!(folder.join(demo::PLANTED_FILE).exists());
}
