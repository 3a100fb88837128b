//! Merges staged contributions: keys that were known before the file, or that come again in it.

use super::Import;
use super::refold::refold;
use super::sql::{
    change_table, differ, fields, has_history, is_set, joined_key, key_table, keys, laid_over, run, same_key,
    with_default,
};
use super::tables::{ORDERS, PRODUCTS, Table, Ty};
use crate::error::Result;
use sqlx::PgConnection;
use types::uploads::{OnKnown, UploadKind};

pub async fn create_stage(conn: &mut PgConnection, table: &Table) -> Result<()> {
    let columns: Vec<String> = table
        .key
        .iter()
        .chain(table.fields)
        .map(|c| format!("{} {}", c.name, c.ty.sql()))
        .collect();
    run(
        conn,
        format!(
            "create temp table stage_{} ({}, mask integer not null, row_no bigint not null) on commit drop",
            table.name,
            columns.join(", ")
        ),
    )
    .await?;
    run(conn, change_table(table)).await?;
    run(conn, key_table(&format!("keys_{}", table.name), table)).await?;
    Ok(())
}

/// How the staged rows of one table came out, in rows of the file.
#[derive(Clone, Copy, Debug, Default)]
pub struct Merged {
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
}

/// `repeats`: a key may be staged twice, or stand in the table from earlier in this file.
pub async fn merge_stage(
    conn: &mut PgConnection,
    import: &Import,
    table: &'static Table,
    repeats: bool,
) -> Result<Merged> {
    let t = table.name;
    run(conn, format!("analyze stage_{t}")).await?;
    run(conn, classify(import, table, repeats)).await?;
    run(conn, format!("analyze new_{t}")).await?;
    let mut merged = Merged::default();
    if import.options.on_known == OnKnown::UpdateOnly {
        let gone: Option<i64> = count(conn, format!("with gone as (delete from new_{t} where class = 'unknown' returning n_rows) select sum(n_rows)::bigint from gone")).await?;
        merged.unchanged += gone.unwrap_or_default();
    }
    run(conn, insert_unknown(import, table)).await?;
    run(conn, fill_named(import, table)).await?;
    if repeats {
        keep_mentions(conn, import, table).await?;
        run(conn, lay_over_own(import, table)).await?;
    }
    run(
        conn,
        keep_first_contributions(table, &format!("new_{t}"), "k.class = 'known'"),
    )
    .await?;
    let from_new = format!(
        "select {}, {}, {}, n.mask from new_{t} n where n.class = 'known'",
        keys(table, "n"),
        fields(table, "n"),
        import.upload_id
    );
    run(
        conn,
        format!(
            "insert into {t}_history ({}, {}, upload_id, mask) {from_new}",
            keys(table, ""),
            fields(table, "")
        ),
    )
    .await?;
    apply_known(conn, import, table).await?;
    let (created, updated, unchanged): (i64, i64, i64) = sqlx::query_as(crate::db::dynamic(outcome(table)))
        .fetch_one(&mut *conn)
        .await?;
    merged.created += created;
    merged.updated += updated;
    merged.unchanged += unchanged;
    Ok(merged)
}

async fn count(conn: &mut PgConnection, sql: String) -> Result<Option<i64>> {
    Ok(sqlx::query_scalar(crate::db::dynamic(sql)).fetch_one(conn).await?)
}

/// A line tells the earliest time of its order; whatever else a file tells twice, the later row wins.
fn is_earliest(import: &Import, table: &Table, column: &str) -> bool {
    import.kind == UploadKind::OrderLines && table == &ORDERS && column == "ordered_at"
}

/// One row for each staged key, and what is known of the key:
/// `unknown`; `named` exists by reference only; `own` came earlier in this file; `known` has a contribution of another upload.
fn classify(import: &Import, table: &Table, repeats: bool) -> String {
    let t = table.name;
    let staged = if repeats {
        let folded: Vec<String> = table
            .fields
            .iter()
            .enumerate()
            .map(|(bit, column)| {
                let value = match column.ty {
                    Ty::Json => format!(
                        "merge_objects({} order by row_no) filter (where {})",
                        column.name,
                        is_set("mask", bit)
                    ),
                    _ if is_earliest(import, table, column.name) => format!("min({})", column.name),
                    _ => format!(
                        "(array_agg({} order by row_no desc) filter (where {}))[1]",
                        column.name,
                        is_set("mask", bit)
                    ),
                };
                format!("{value} as {}", column.name)
            })
            .collect();
        let different = format!("count(distinct row({}))", fields(table, ""));
        format!(
            "select {}, {}, bit_or(mask) as mask, count(*) as n_rows, {different} as n_different from stage_{t} group by {}",
            keys(table, ""),
            folded.join(", "),
            keys(table, "")
        )
    } else {
        format!(
            "select {}, {}, mask, 1::bigint as n_rows, 1::bigint as n_different from stage_{t}",
            keys(table, ""),
            fields(table, "")
        )
    };
    format!(
        "create temp table new_{t} on commit drop as
         select s.*, case
             when h.known then 'known'
             when r.{key} is null then 'unknown'
             when r.upload_id is null then 'named'
             when r.upload_id = {upload} then 'own'
             else 'known' end as class
         from ({staged}) s
         left join {t} r on {join}
         cross join lateral (select {history} as known) h",
        key = table.key[0].name,
        upload = import.upload_id,
        join = same_key(table, "r", "s"),
        history = has_history(table, "s"),
    )
}

/// Whose contribution a new row is: none when a line only names its order or product.
fn owner(import: &Import, table: &Table) -> String {
    if import.kind == UploadKind::OrderLines && (table == &ORDERS || table == &PRODUCTS) {
        format!("case when n.mask = 0 then null else {} end", import.upload_id)
    } else {
        import.upload_id.to_string()
    }
}

fn insert_unknown(import: &Import, table: &Table) -> String {
    let t = table.name;
    let values: Vec<String> = table
        .fields
        .iter()
        .map(|column| match column.ty {
            Ty::Json => laid_over("null::jsonb", &format!("n.{}", column.name)),
            _ => with_default(column, format!("n.{}", column.name)),
        })
        .collect();
    format!(
        "with x as (
             insert into {t} ({k}, {f}, upload_id, mask)
             select {nk}, {values}, {owner}, n.mask from new_{t} n where n.class = 'unknown'
             returning {k}, part)
         insert into changed_{t} select {k}, null, part, 'created' from x",
        k = keys(table, ""),
        f = fields(table, ""),
        nk = keys(table, "n"),
        values = values.join(", "),
        owner = owner(import, table),
    )
}

/// Something that existed by reference only gets its first contribution.
fn fill_named(import: &Import, table: &Table) -> String {
    let set: Vec<String> = table
        .fields
        .iter()
        .map(|column| match column.ty {
            Ty::Json => format!(
                "{} = {}",
                column.name,
                laid_over("null::jsonb", &format!("n.{}", column.name))
            ),
            _ => format!(
                "{} = {}",
                column.name,
                with_default(column, format!("n.{}", column.name))
            ),
        })
        .collect();
    update(
        table,
        &format!(
            "{}, upload_id = {}, mask = n.mask",
            set.join(", "),
            owner(import, table)
        ),
        "n.class = 'named'",
    )
}

/// A key that came before in this file: the later row is laid over the earlier, which is one contribution.
fn lay_over_own(import: &Import, table: &Table) -> String {
    update(
        table,
        &format!("{}, mask = t.mask | n.mask", over(import, table)),
        "n.class = 'own'",
    )
}

/// What rows named that a later row of the same key replaces; see the table `mentions`.
async fn keep_mentions(conn: &mut PgConnection, import: &Import, table: &Table) -> Result<()> {
    let t = table.name;
    for (reference, to) in table.named_by_fields() {
        let from = |rows: &str, and: &str| {
            format!(
                "select {upload}::bigint, '{t}', {key}, '{to}', r.{reference}::text from {rows} r join new_{t} n on {join}
                 where r.{reference} is not null and {and}",
                upload = import.upload_id,
                key = joined_key(table, "r"),
                join = same_key(table, "r", "n"),
            )
        };
        let staged = from(&format!("stage_{t}"), "(n.n_rows > 1 or n.class = 'own')");
        let own = from(t, "n.class = 'own'");
        let sql = format!(
            "insert into mentions (upload_id, of_table, of_key, table_name, key) {staged} union {own} on conflict do nothing"
        );
        run(conn, sql).await?;
    }
    Ok(())
}

/// Assignments that lay the contribution `n` over the row `t`.
fn over(import: &Import, table: &Table) -> String {
    let set = table.fields.iter().enumerate().map(|(bit, column)| {
        let name = column.name;
        let is_set = is_set("n.mask", bit);
        let value = match column.ty {
            Ty::Json => laid_over(&format!("t.{name}"), &format!("n.{name}")),
            _ if is_earliest(import, table, name) => format!("least(t.{name}, n.{name})"),
            _ => with_default(column, format!("n.{name}")),
        };
        format!("{name} = case when {is_set} then {value} else t.{name} end")
    });
    set.collect::<Vec<_>>().join(", ")
}

/// Updates the rows of one class, noting those that come out different.
fn update(table: &Table, set: &str, class: &str) -> String {
    let t = table.name;
    format!(
        "with x as (
             update {t} t set {set}
             from new_{t} n join {t} o on {on}
             where {tn} and {class}
             returning {tk}, o.part as old_part, t.part as new_part, {differ} as differs)
         insert into changed_{t} select {k}, old_part, new_part, 'updated' from x where differs",
        on = same_key(table, "o", "n"),
        tn = same_key(table, "t", "n"),
        tk = keys(table, "t"),
        differ = differ(table, "o", "t"),
        k = keys(table, ""),
    )
}

/// Before a key gets a second contribution, its first, which is the row itself, goes into the history.
pub fn keep_first_contributions(table: &Table, key_table: &str, which: &str) -> String {
    let t = table.name;
    format!(
        "insert into {t}_history ({k}, {f}, upload_id, mask)
         select {tk}, {tf}, t.upload_id, t.mask
         from (select distinct {kk} from {key_table} k where {which}) k join {t} t on {join}
         where t.upload_id is not null and not {history}",
        k = keys(table, ""),
        f = fields(table, ""),
        kk = keys(table, "k"),
        tk = keys(table, "t"),
        tf = fields(table, "t"),
        join = same_key(table, "t", "k"),
        history = has_history(table, "t"),
    )
}

/// The new contribution is the last of its key, so laying it over the row is the same as folding all of them; only where contributions have a
/// rank, or a group was declared whole, all are folded.
async fn apply_known(conn: &mut PgConnection, import: &Import, table: &'static Table) -> Result<()> {
    let t = table.name;
    let ranked = import.kind == UploadKind::OrderLines && table == &ORDERS;
    if import.replaces(table) {
        declare_groups(conn, import, table, &format!("new_{t}")).await?;
        let rest = format!(
            "insert into keys_{t} select {} from {t} r where r.upload_id is distinct from {} and {} in
             (select group_key from group_replacements where upload_id = {} and table_name = '{t}')",
            keys(table, "r"),
            import.upload_id,
            table.group.unwrap_or_default(),
            import.upload_id
        );
        run(conn, rest).await?;
        run(conn, keep_first_contributions(table, &format!("keys_{t}"), "true")).await?;
    }
    if ranked || import.replaces(table) {
        run(
            conn,
            format!(
                "insert into keys_{t} select {} from new_{t} n where n.class = 'known'",
                keys(table, "n")
            ),
        )
        .await?;
    } else {
        if import.options.on_known != OnKnown::Leave {
            let moved = format!("n.class = 'known' and {}", changes(import, table));
            run(conn, update(table, &over(import, table), &moved)).await?;
        }
        // A line that a later whole group cut off may come back.
        let missing = format!(
            "select {} from new_{t} n where n.class = 'known' and not exists (select from {t} r where {})",
            keys(table, "n"),
            same_key(table, "r", "n")
        );
        run(conn, format!("insert into keys_{t} {missing}")).await?;
    }
    refold(conn, table, false).await
}

/// Keeps which groups this upload declares to be whole; `rows` holds its rows.
pub async fn declare_groups(conn: &mut PgConnection, import: &Import, table: &Table, rows: &str) -> Result<()> {
    let groups = format!(
        "select distinct '{}', {}, {}::bigint from {rows} r",
        table.name,
        table.group.unwrap_or_default(),
        import.upload_id
    );
    run(
        conn,
        format!("insert into group_replacements (table_name, group_key, upload_id) {groups} on conflict do nothing"),
    )
    .await?;
    Ok(())
}

/// Rows that stay as they are need not be written again.
fn changes(import: &Import, table: &Table) -> String {
    let values = table.fields.iter().enumerate().map(|(bit, column)| {
        let name = column.name;
        match column.ty {
            Ty::Json => format!(
                "({} and {} is distinct from o.{name})",
                is_set("n.mask", bit),
                laid_over(&format!("o.{name}"), &format!("n.{name}"))
            ),
            _ if is_earliest(import, table, name) => format!("({} and n.{name} < o.{name})", is_set("n.mask", bit)),
            _ => format!("({} and n.{name} is distinct from o.{name})", is_set("n.mask", bit)),
        }
    });
    format!("({})", values.collect::<Vec<_>>().join(" or "))
}

/// Rows of the file by what became of their key.
fn outcome(table: &Table) -> String {
    let t = table.name;
    format!(
        "select
             coalesce(sum(case when c.how = 'created' then 1 else 0 end), 0)::bigint,
             coalesce(sum(case c.how when 'created' then n.n_different - 1 when 'updated' then least(n.n_rows, n.n_different) else 0 end), 0)::bigint,
             coalesce(sum(case c.how when 'created' then n.n_rows - n.n_different when 'updated' then n.n_rows - least(n.n_rows, n.n_different) else n.n_rows end), 0)::bigint
         from new_{t} n
         left join (select {k}, min(how) as how from changed_{t} group by {k}) c on {join}",
        k = keys(table, ""),
        join = same_key(table, "c", "n"),
    )
}
