//! The rate of each currency on each day on which an amount may fall: the rate of that day, else the last one before.

use super::RATE_COLUMNS;
use super::held::{Cell, RowWriter};
use crate::error::Result;
use crate::file::{FileWriter, SealedFile};
use crate::read::Rows;
use crate::snapshot::Snapshot;
use datafusion::arrow::array::AsArray;
use datafusion::arrow::datatypes::{DataType, Decimal128Type};

pub(super) async fn build(snapshot: &Snapshot, writer: FileWriter) -> Result<SealedFile> {
    let mut writer = RowWriter::new(writer, RATE_COLUMNS)?;
    let last = last_day(snapshot).await?;
    let mut rates: Vec<(String, i32, i128)> = Vec::new();
    let sql = "select currency, day, rate from exchange_rates where rate is not null order by currency, day";
    for batch in snapshot.collect(sql, Vec::new()).await? {
        let rows = Rows(&batch);
        let (currencies, days) = (rows.texts("currency")?, rows.dates("day")?);
        let rate = datafusion::arrow::compute::cast(rows.array("rate")?, &DataType::Decimal128(38, 9))?;
        let rate = rate.as_primitive::<Decimal128Type>();
        rates.extend((0..rows.len()).map(|row| (currencies.value(row).to_owned(), days.value(row), rate.value(row))));
    }
    for (place, (currency, day, rate)) in rates.iter().enumerate() {
        let until = match rates.get(place + 1) {
            Some((next, until, _)) if next == currency => *until,
            _ => last.max(*day) + 1,
        };
        for day in *day..until {
            writer.push([Cell::Text(Some(currency)), Cell::Day(day), Cell::Billionths(*rate)])?;
        }
    }
    writer.finish()
}

/// The last local day on which any amount is dated.
async fn last_day(snapshot: &Snapshot) -> Result<i32> {
    let mut last = i32::MIN;
    for (table, time) in [
        ("orders", "ordered_at"),
        ("orders", "refunded_at"),
        ("order_lines", "ordered_at"),
    ] {
        let sql = format!("select max({time}) as last from {table}");
        snapshot
            .each(&sql, Vec::new(), |rows| {
                let found = rows.instants("last")?;
                last = (0..rows.len())
                    .filter_map(|row| crate::read::at(&found, row))
                    .map(|at| snapshot.zone().day(at))
                    .fold(last, i32::max);
                Ok(())
            })
            .await?;
    }
    snapshot
        .each("select max(day) as last from campaign_costs", Vec::new(), |rows| {
            let found = rows.dates("last")?;
            last = (0..rows.len())
                .filter_map(|row| crate::read::at(&found, row))
                .fold(last, i32::max);
            Ok(())
        })
        .await?;
    Ok(last)
}
