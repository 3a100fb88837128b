//! What was paid back, to whom and when: refunds of counting orders, and refund documents. A document that repeats the refund of an order
//! of the same customer (equal amount, at most 30 days apart) is kept and marked as ignored.

use super::REFUND_COLUMNS;
use super::held::shaped;
use crate::error::Result;
use crate::file::{FileWriter, SealedFile};
use crate::query::facts::{self, COUNTS, Money};
use crate::read::{Rows, at, text_at};
use crate::schema::schema_of;
use crate::snapshot::Snapshot;
use datafusion::arrow::array::{BooleanArray, RecordBatch};
use futures::TryStreamExt;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Days between a document and the refund that it repeats, at most.
const SAME_WITHIN_MICROS: i64 = 30 * 86_400_000_000;

pub(super) async fn build(snapshot: &Snapshot, mut writer: FileWriter) -> Result<SealedFile> {
    let ignored = repeated_documents(snapshot).await?;
    let money = Money::of(snapshot).await?;
    let (amount, join) = facts::order_refund(snapshot, &money);
    let (from, to) = snapshot.time_range();
    let document = money.amount("-coalesce(o.total, o.lines_value)", "o.currency", "rr");
    let document_join = money.join("o.currency", &snapshot.zone().day_sql("o.ordered_at", from, to), "rr");
    let sql = format!(
        "select * from (select o.customer_no, o.order_id, {refunded_at} as at, {amount} as amount, false as document \
         from orders o{join} where {COUNTS} and {refund} > 0 \
         union all \
         select o.customer_no, o.order_id, o.ordered_at as at, {document} as amount, true as document \
         from orders o{document_join} where coalesce(o.total, o.lines_value) < 0) \
         order by customer_no asc nulls last, order_id, document",
        refunded_at = facts::REFUNDED_AT,
        refund = facts::REFUND,
    );
    let schema = schema_of(REFUND_COLUMNS);
    let mut stream = snapshot.stream(&sql, money.values.clone()).await?;
    while let Some(batch) = stream.try_next().await? {
        let flags = {
            let rows = Rows(&batch);
            let (orders, documents) = (rows.texts("order_id")?, rows.booleans("document")?);
            BooleanArray::from_iter(
                (0..rows.len()).map(|row| Some(documents.value(row) && ignored.contains(orders.value(row)))),
            )
        };
        let mut fields: Vec<_> = batch.schema().fields().iter().cloned().collect();
        fields.push(Arc::new(datafusion::arrow::datatypes::Field::new(
            "ignored",
            datafusion::arrow::datatypes::DataType::Boolean,
            true,
        )));
        let mut columns = batch.columns().to_vec();
        columns.push(Arc::new(flags));
        let batch = RecordBatch::try_new(Arc::new(datafusion::arrow::datatypes::Schema::new(fields)), columns)?;
        writer.write(&shaped(&batch, &schema)?)?;
    }
    writer.finish()
}

/// One customer, amount in millionths, currency.
type Same = (u32, i128, String);

/// Order ids of the documents that repeat the refund of an order. Each refund is repeated by one document at most.
async fn repeated_documents(snapshot: &Snapshot) -> Result<HashSet<String>> {
    let mut documents: HashMap<Same, Vec<(i64, String)>> = HashMap::new();
    let sql = "select o.customer_no, o.order_id, o.ordered_at as at, -coalesce(o.total, o.lines_value) as amount, o.currency \
               from orders o where coalesce(o.total, o.lines_value) < 0 and o.customer_no is not null and o.ordered_at is not null";
    collect(snapshot, sql, |same, at, order| {
        documents.entry(same).or_default().push((at, order.to_owned()))
    })
    .await?;
    if documents.is_empty() {
        return Ok(HashSet::new());
    }
    let mut refunds: HashMap<Same, Vec<i64>> = HashMap::new();
    let sql = format!(
        "select o.customer_no, o.order_id, {at} as at, {refund} as amount, o.currency from orders o \
         where {COUNTS} and {refund} > 0 and {at} is not null and o.customer_no in \
         (select d.customer_no from orders d where coalesce(d.total, d.lines_value) < 0 and d.customer_no is not null)",
        at = facts::REFUNDED_AT,
        refund = facts::REFUND,
    );
    collect(snapshot, &sql, |same, at, _| {
        if documents.contains_key(&same) {
            refunds.entry(same).or_default().push(at);
        }
    })
    .await?;
    let mut repeated = HashSet::new();
    for (same, mut times) in refunds {
        let Some(mut papers) = documents.remove(&same) else {
            continue;
        };
        times.sort_unstable();
        papers.sort_unstable();
        let mut times = times.into_iter().peekable();
        for (at, order) in papers {
            while times.next_if(|time| *time < at - SAME_WITHIN_MICROS).is_some() {}
            if times.next_if(|time| *time <= at + SAME_WITHIN_MICROS).is_some() {
                repeated.insert(order);
            }
        }
    }
    Ok(repeated)
}

async fn collect(snapshot: &Snapshot, sql: &str, mut take: impl FnMut(Same, i64, &str) + Send) -> Result<()> {
    let base = snapshot.currency().to_owned();
    snapshot
        .each(sql, Vec::new(), |rows| {
            let (customers, orders, times) = (
                rows.numbers("customer_no")?,
                rows.texts("order_id")?,
                rows.instants("at")?,
            );
            let (amounts, currencies) = (rows.money("amount")?, rows.texts("currency")?);
            for row in 0..rows.len() {
                let (Some(amount), Some(time)) = (at(&amounts, row), at(&times, row)) else {
                    continue;
                };
                let currency = text_at(&currencies, row).unwrap_or(&base).to_owned();
                take((customers.value(row), amount, currency), time, orders.value(row));
            }
            Ok(())
        })
        .await
}
