//! Takes an upload's contributions out: afterwards the records are what they would be if everything else had been loaded without it.

use super::derived::{self, Parts, add_changed};
use super::refold::{create_tables, refold};
use super::sql::{has_history, keys, run};
use super::tables::{self, ALL, Table};
use super::{Import, Undone};
use crate::db::dynamic;
use crate::error::{Error, Result};
use crate::queue::Progress;
use sqlx::PgConnection;
use std::collections::BTreeMap;
use types::uploads::UndoCounts;

/// Must run under the merge lock, in a transaction. The upload no longer counts as committed when this begins. Gives up between two tables when
/// that is asked for.
pub async fn undo(conn: &mut PgConnection, import: &Import, progress: &Progress) -> Result<Undone> {
    progress.step("undoing", ALL.len() as i64);
    sqlx::query!("update uploads set commit_seq = null where id = $1", import.upload_id)
        .execute(&mut *conn)
        .await?;
    derived::create_table(conn).await?;
    for table in ALL {
        create_tables(conn, table).await?;
    }
    for table in ALL.into_iter().filter(|table| table.is_dimension()) {
        let (t, key) = (table.name, &table.key[0]);
        let sql = format!(
            "with m as (delete from mentions where upload_id = {} and table_name = '{t}' returning key)
             insert into keys_{t} ({}) select distinct key::{} from m",
            import.upload_id,
            key.name,
            key.ty.sql()
        );
        run(conn, sql).await?;
    }
    let contributed = tables::contributes_to(import.kind);
    for (done, table) in ALL.into_iter().enumerate() {
        if progress.is_cancelled() {
            return Err(Error::Cancelled);
        }
        progress.advance(done as i64);
        if contributed.contains(&table) {
            take_out(conn, import, table).await?;
        }
        refold(conn, table, true).await?;
    }
    let mut parts = Parts::new();
    let mut counts = BTreeMap::new();
    for table in ALL {
        add_changed(conn, table, &mut parts).await?;
        let sql = format!(
            "select count(*) filter (where how = 'removed'), count(*) filter (where how <> 'removed') from changed_{}",
            table.name
        );
        let (removed, changed): (i64, i64) = sqlx::query_as(dynamic(sql)).fetch_one(&mut *conn).await?;
        if removed + changed > 0 {
            counts.insert(table.name.to_owned(), UndoCounts { removed, changed });
        }
    }
    derived::settle(conn, &ALL, &mut parts).await?;
    Ok(Undone { counts, touched: parts })
}

/// Marks the keys of a table that the upload contributed to, and all that its contributions named.
async fn take_out(conn: &mut PgConnection, import: &Import, table: &'static Table) -> Result<()> {
    let (t, upload) = (table.name, import.upload_id);
    let names: Vec<&str> = table
        .references()
        .map(|reference| reference.column)
        .filter(|column| table.fields.iter().any(|f| f.name == *column))
        .collect();
    let extra: String = names.iter().map(|name| format!(", {name}")).collect();
    let shared = run(
        conn,
        format!(
            "create temp table gone_{t} on commit drop as select {}{extra} from {t}_history where upload_id = {upload}",
            keys(table, "")
        ),
    )
    .await?;
    if shared > 0 {
        // Each of the upload's own rows is looked up among these, and what is known of new rows of a table may be old.
        run(conn, format!("create index on gone_{t} ({})", keys(table, ""))).await?;
        run(conn, format!("analyze gone_{t}")).await?;
    }
    run(conn, format!("delete from {t}_history where upload_id = {upload}")).await?;
    // Facts are removed at once; what others may name is looked at when all of them are gone.
    let own = format!(
        "t.upload_id = {upload} and not {} and not exists (select from gone_{t} g where {})",
        has_history(table, "t"),
        super::sql::same_key(table, "g", "t")
    );
    if table.is_dimension() {
        run(
            conn,
            format!(
                "insert into gone_{t} select {}{} from {t} t where {own}",
                keys(table, "t"),
                names.iter().map(|n| format!(", t.{n}")).collect::<String>()
            ),
        )
        .await?;
    } else {
        let returning: String = names.iter().map(|name| format!(", t.{name}")).collect();
        let sql = format!(
            "with x as (delete from {t} t where {own} returning {tk}{returning}, t.part),
             y as (insert into changed_{t} select {k}, part, null, 'removed' from x)
             insert into gone_{t} select {k}{extra} from x",
            tk = keys(table, "t"),
            k = keys(table, ""),
        );
        run(conn, sql).await?;
    }
    run(
        conn,
        format!("insert into keys_{t} select {} from gone_{t}", keys(table, "")),
    )
    .await?;
    for reference in table.references() {
        let key = reference.to.key[0].name;
        let column = reference.column;
        run(
            conn,
            format!(
                "insert into keys_{} ({key}) select distinct {column} from gone_{t} where {column} is not null",
                reference.to.name
            ),
        )
        .await?;
    }
    if let Some(group) = table.group {
        let sql = format!(
            "with g as (delete from group_replacements where upload_id = {upload} and table_name = '{t}' returning group_key)
             insert into keys_{t} select {} from {t}_history r where {group} in (select group_key from g)",
            keys(table, "r")
        );
        run(conn, sql).await?;
    }
    Ok(())
}
