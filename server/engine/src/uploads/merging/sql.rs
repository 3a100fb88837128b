//! Pieces of SQL made from the descriptions of our tables, and the one place that runs them. No value of a file ever becomes SQL text; the only
//! numbers that do are ids of our own.

use super::tables::{Column, Table, Ty};
use crate::db::dynamic;
use crate::error::Result;
use sqlx::PgConnection;

pub async fn run(conn: &mut PgConnection, sql: String) -> Result<u64> {
    Ok(sqlx::query(dynamic(sql)).execute(conn).await?.rows_affected())
}

/// `a.k1 = b.k1 and a.k2 = b.k2`.
pub fn same_key(table: &Table, a: &str, b: &str) -> String {
    table
        .key
        .iter()
        .map(|key| format!("{a}.{0} = {b}.{0}", key.name))
        .collect::<Vec<_>>()
        .join(" and ")
}

pub fn keys(table: &Table, of: &str) -> String {
    list(table.key, of)
}

/// The key as one text, as `mentions` keeps it.
pub fn joined_key(table: &Table, of: &str) -> String {
    table
        .key
        .iter()
        .map(|key| format!("{of}.{}::text", key.name))
        .collect::<Vec<_>>()
        .join(" || chr(31) || ")
}

pub fn fields(table: &Table, of: &str) -> String {
    list(table.fields, of)
}

fn list(columns: &[Column], of: &str) -> String {
    let dot = if of.is_empty() { "" } else { "." };
    columns
        .iter()
        .map(|column| format!("{of}{dot}{}", column.name))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The fields of one row differ from those of another.
pub fn differ(table: &Table, a: &str, b: &str) -> String {
    format!("({}) is distinct from ({})", fields(table, a), fields(table, b))
}

pub fn has_history(table: &Table, of: &str) -> String {
    format!(
        "exists (select from {}_history hh where {})",
        table.name,
        same_key(table, "hh", of)
    )
}

/// Whether field number `bit` is set in a mask.
pub fn is_set(mask: &str, bit: usize) -> String {
    format!("({mask} & {}) <> 0", 1u32 << bit)
}

/// The last value that contributions set, or the column's default. `order` names the order of the contributions, latest first.
pub fn last_set(column: &Column, bit: usize, order: &str, oldest_first: &str) -> String {
    let set = is_set("mask", bit);
    let name = column.name;
    let value = match column.ty {
        Ty::Json => format!(
            "nullif(jsonb_strip_nulls(merge_objects({name} order by {oldest_first}) filter (where {set})), '{{}}'::jsonb)"
        ),
        _ => format!("(array_agg({name} order by {order}) filter (where {set}))[1]"),
    };
    with_default(column, value)
}

pub fn with_default(column: &Column, value: String) -> String {
    match column.default {
        Some(default) => format!("coalesce({value}, {default})"),
        None => value,
    }
}

/// One object laid over another; a null takes a key away.
pub fn laid_over(below: &str, above: &str) -> String {
    format!(
        "nullif(jsonb_strip_nulls(coalesce({below}, '{{}}'::jsonb) || coalesce({above}, '{{}}'::jsonb)), '{{}}'::jsonb)"
    )
}

/// A temporary table of keys.
pub fn key_table(name: &str, table: &Table) -> String {
    let columns: Vec<String> = table
        .key
        .iter()
        .map(|key| format!("{} {}", key.name, key.ty.sql()))
        .collect();
    format!("create temp table {name} ({}) on commit drop", columns.join(", "))
}

/// A temporary table of what has changed: key, part before, part after, and how.
pub fn change_table(table: &Table) -> String {
    let columns: Vec<String> = table
        .key
        .iter()
        .map(|key| format!("{} {}", key.name, key.ty.sql()))
        .collect();
    format!(
        "create temp table changed_{} ({}, old_part integer, new_part integer, how text not null) on commit drop",
        table.name,
        columns.join(", ")
    )
}
