//! Small versions of the data for tests: rows written as text, sealed through the Sealer as PostgreSQL would send them, derived as after a
//! commit, and opened.

use crate::copy::write;
use crate::derive;
use crate::schema::Table;
use crate::{FileRef, SealedFile, Sealer, Snapshot, SnapshotSpec, Warehouse, WarehouseConfig};
use chrono_tz::Tz;
use std::collections::BTreeMap;

/// The bytes of a copy. `header` names the columns that the rows give, separated by `|`; an empty field is null, as are columns not named.
pub(crate) fn copy_bytes(table: &str, header: &str, rows: &[&str], part: impl Fn(usize) -> i32) -> Vec<u8> {
    let table = Table::of(table).unwrap();
    let names: Vec<&str> = header.split('|').collect();
    for name in &names {
        assert!(
            table.columns.iter().any(|column| column.name == *name),
            "no column {name}"
        );
    }
    let mut bytes = write::header();
    for (number, row) in rows.iter().enumerate() {
        let cells: BTreeMap<&str, &str> = names.iter().copied().zip(row.split('|')).collect();
        let fields: Vec<Option<Vec<u8>>> = table
            .columns
            .iter()
            .map(|column| {
                let cell = cells.get(column.name).copied().unwrap_or("");
                (!cell.is_empty()).then(|| write::value(column.kind, cell))
            })
            .collect();
        bytes.extend(write::row(part(number), &fields));
    }
    bytes.extend(write::trailer());
    bytes
}

pub(crate) struct Data {
    pub warehouse: Warehouse,
    pub spec: SnapshotSpec,
    _folder: tempfile::TempDir,
}

impl Data {
    /// An empty installation in a zone, with EUR.
    pub(crate) fn in_zone(time_zone: Tz) -> Data {
        let folder = tempfile::tempdir().unwrap();
        let config = WarehouseConfig {
            folder: folder.path().join("warehouse"),
            runs_folder: folder.path().join("runs"),
            bucket: None,
            spill_folder: folder.path().join("spill"),
            memory_bytes: 256 << 20,
            spill_bytes: 1 << 30,
            threads: 2,
        };
        let spec = SnapshotSpec {
            version: 1,
            files: Vec::new(),
            time_zone,
            currency: "EUR".to_owned(),
            data_as_of: None,
        };
        Data {
            warehouse: Warehouse::new(config).unwrap(),
            spec,
            _folder: folder,
        }
    }

    /// Seals rows of a table as one part. Rows are ordered by customer as PostgreSQL would.
    pub(crate) fn with(self, table: &str, header: &str, rows: &[&str]) -> Data {
        // Any part will do for tests, as long as its month lies near the facts.
        let part = if Table::of(table).unwrap().time.is_some() {
            2026 * 12
        } else {
            0
        };
        self.with_part(table, header, rows, part)
    }

    /// The same as a part of a certain number.
    pub(crate) fn with_part(mut self, table: &str, header: &str, rows: &[&str], part: i32) -> Data {
        let mut rows = rows.to_vec();
        if let Some(place) = header.split('|').position(|name| name == "customer_no") {
            rows.sort_by_key(|row| {
                row.split('|')
                    .nth(place)
                    .and_then(|no| no.parse::<u32>().ok())
                    .unwrap_or(u32::MAX)
            });
        }
        let bytes = copy_bytes(table, header, &rows, |_| part);
        let mut sealer = Sealer::new(self.warehouse.folder(), Table::of(table).unwrap(), 1).unwrap();
        sealer.push(&bytes).unwrap();
        let files: Vec<SealedFile> = sealer.finish().unwrap();
        self.spec.files.extend(files.iter().map(FileRef::from));
        self
    }

    /// Seals rows of a table with a time as one part per month, as they would be in an installation. The row begins with `customer_no`
    /// (may be empty) and the time.
    pub(crate) fn with_months(mut self, table: &str, header: &str, rows: &[String]) -> Data {
        let table = Table::of(table).unwrap();
        assert!(
            header.starts_with(&format!("customer_no|{}", table.time.unwrap())),
            "{header}"
        );
        let part_of = |row: &str| match row.split('|').nth(1).unwrap() {
            "" => -1,
            time => {
                let time: chrono::DateTime<chrono::Utc> = time.parse().unwrap();
                chrono::Datelike::year(&time) * 12 + chrono::Datelike::month0(&time).cast_signed()
            }
        };
        let mut rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        rows.sort_by_key(|row| {
            let customer = row.split('|').next().unwrap().parse::<u32>().unwrap_or(u32::MAX);
            (part_of(row), customer)
        });
        if rows.is_empty() {
            return self;
        }
        let bytes = copy_bytes(table.name, header, &rows, |row| part_of(rows[row]));
        let mut sealer = Sealer::new(self.warehouse.folder(), table, 1).unwrap();
        sealer.push(&bytes).unwrap();
        let files: Vec<SealedFile> = sealer.finish().unwrap();
        self.spec.files.extend(files.iter().map(FileRef::from));
        self
    }

    /// Customers 1 to n, with ids c1 to cn.
    pub(crate) fn with_customers(self, n: u32) -> Data {
        let rows: Vec<String> = (1..=n).map(|no| format!("{no}|c{no}")).collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        self.with("customers", "customer_no|external_id", &rows)
    }

    /// Derives what follows from the sealed rows and opens the version.
    pub(crate) async fn publish(mut self) -> (Snapshot, Data) {
        let now = "2027-01-01T00:00:00Z".parse().unwrap();
        let derived = derive::build(&self.warehouse, &self.spec, now, |_, _| true)
            .await
            .unwrap();
        self.spec.files.extend(derived.files.iter().map(FileRef::from));
        self.spec.data_as_of = derived.data_as_of;
        (self.warehouse.open(self.spec.clone()).unwrap(), self)
    }
}
