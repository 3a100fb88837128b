//! Columns that follow from other rows: the customer and time of an order on each of its lines. What lines add up to is not kept but computed
//! when it is asked for (the view `order_sums`).

use super::sql::run;
use super::tables::Table;
use crate::db::dynamic;
use crate::error::Result;
use sqlx::PgConnection;
use std::collections::{BTreeMap, BTreeSet};

pub type Parts = BTreeMap<&'static str, BTreeSet<i32>>;

/// The table of orders to look at again, filled by the intake and by [`settle`].
pub async fn create_table(conn: &mut PgConnection) -> Result<()> {
    run(
        conn,
        "create temp table touched_orders (order_id text) on commit drop".into(),
    )
    .await?;
    Ok(())
}

/// Puts right what follows from the orders in `touched_orders` and from the changed rows of `tables`, and adds to `parts` what that touches.
pub async fn settle(conn: &mut PgConnection, tables: &[&'static Table], parts: &mut Parts) -> Result<()> {
    settle_lines(conn, tables, parts).await?;
    // The sums of orders follow from their lines, which are in the same part.
    if let Some(lines) = parts.get("order_lines").cloned() {
        parts.entry("orders").or_default().extend(lines);
    }
    Ok(())
}

async fn settle_lines(conn: &mut PgConnection, tables: &[&'static Table], parts: &mut Parts) -> Result<()> {
    for table in tables
        .iter()
        .filter(|table| matches!(table.name, "orders" | "order_lines"))
    {
        run(
            conn,
            format!("insert into touched_orders select order_id from changed_{}", table.name),
        )
        .await?;
    }
    run(
        conn,
        "create temp table settling on commit drop as select distinct order_id from touched_orders".into(),
    )
    .await?;
    let some: bool = sqlx::query_scalar("select exists (select from settling)")
        .fetch_one(&mut *conn)
        .await?;
    if !some {
        return Ok(());
    }
    run(conn, "analyze settling".into()).await?;
    let lines = "with x as (
            update order_lines t set order_customer_no = o.customer_no, order_at = o.ordered_at
            from settling k join orders o on o.order_id = k.order_id join order_lines p on p.order_id = k.order_id
            where t.order_id = k.order_id and t.row_key = p.row_key
              and (p.order_customer_no, p.order_at) is distinct from (o.customer_no, o.ordered_at)
            returning p.part as old_part, t.part as new_part)
        select old_part from x union select new_part from x";
    add(
        parts,
        "order_lines",
        sqlx::query_scalar(dynamic(lines.into())).fetch_all(&mut *conn).await?,
    );
    Ok(())
}

/// Adds the parts that changed rows have left or entered.
pub async fn add_changed(conn: &mut PgConnection, table: &'static Table, parts: &mut Parts) -> Result<()> {
    let sql = format!(
        "select old_part from changed_{0} where old_part is not null union select new_part from changed_{0} where new_part is not null",
        table.name
    );
    add(
        parts,
        table.name,
        sqlx::query_scalar(dynamic(sql)).fetch_all(conn).await?,
    );
    Ok(())
}

fn add(parts: &mut Parts, table: &'static str, found: Vec<i32>) {
    if !found.is_empty() {
        parts.entry(table).or_default().extend(found);
    }
}
