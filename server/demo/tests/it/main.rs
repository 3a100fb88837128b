//! Reads back what the generator wrote, as an import would, and compares it with what it says it planted.
#![expect(clippy::unwrap_used, reason = "tests")]

mod drivers;
mod files;
mod habits;
mod lift;

use chrono::NaiveDate;
use demo::planted::Planted;
use demo::{DemoConfig, Summary, generate};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

fn end() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 30).unwrap()
}

/// A folder of this test run only.
fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("demo-{name}"))
}

fn make(name: &str, customers: u64, seed: u64) -> (PathBuf, Summary) {
    let output = folder(name);
    let config = DemoConfig {
        customers,
        seed,
        end: end(),
        output: &output,
    };
    let summary = generate(&config, &mut |_| ()).unwrap();
    (output, summary)
}

/// Twenty thousand customers, made once for all tests.
struct Large {
    folder: PathBuf,
    summary: Summary,
    planted: Planted,
}

fn large() -> &'static Large {
    static LARGE: OnceLock<Large> = OnceLock::new();
    LARGE.get_or_init(|| {
        let (folder, summary) = make("large", 20_000, 7);
        let text = std::fs::read(folder.join(demo::PLANTED_FILE)).unwrap();
        Large {
            planted: serde_json::from_slice(&text).unwrap(),
            folder,
            summary,
        }
    })
}

/// Calls `row` with each row of a file; columns are found by name.
fn each(folder: &Path, file: &str, mut row: impl FnMut(&dyn Fn(&str) -> String)) {
    let mut reader = csv::Reader::from_path(folder.join(file)).unwrap();
    let places: HashMap<String, usize> = reader
        .headers()
        .unwrap()
        .iter()
        .enumerate()
        .map(|(place, name)| (name.to_owned(), place))
        .collect();
    for record in reader.records() {
        let record = record.unwrap();
        row(&|name| record[places[name]].to_owned());
    }
}

fn second(text: &str) -> i64 {
    chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp()
}

fn kinds_of_customers(folder: &Path) -> HashMap<String, String> {
    let mut kinds = HashMap::new();
    each(folder, "planted_customers.csv", |cell| {
        kinds.insert(cell("external_id"), cell("kind"));
    });
    kinds
}
