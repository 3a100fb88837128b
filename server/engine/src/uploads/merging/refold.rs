//! Computes current rows anew from all contributions to their keys: what an undo needs, and an import where contributions have a rank or a
//! group was declared whole.

use super::sql::{
    differ, fields, has_history, is_set, joined_key, key_table, keys, last_set, run, same_key, with_default,
};
use super::stage::keep_first_contributions;
use super::tables::{self, ORDERS, Table};
use crate::db::dynamic;
use crate::error::Result;
use sqlx::PgConnection;

/// Refolds the keys in `keys_<table>`. A key without a contribution that counts is taken out, or stays with nothing known while something
/// names it. Notes what has changed in `changed_<table>`.
///
/// Only an undo can make a contribution meaningless for good, so only an undo drops some.
pub async fn refold(conn: &mut PgConnection, table: &'static Table, undoing: bool) -> Result<()> {
    let t = table.name;
    let waiting: bool = sqlx::query_scalar(dynamic(format!("select exists (select from keys_{t})")))
        .fetch_one(&mut *conn)
        .await?;
    if !waiting {
        return Ok(());
    }
    run(conn, format!("drop table if exists one_{t}, folded_{t}")).await?;
    run(
        conn,
        format!(
            "create temp table one_{t} on commit drop as select distinct {} from keys_{t}",
            keys(table, "")
        ),
    )
    .await?;
    run(conn, format!("truncate keys_{t}")).await?;
    run(conn, format!("analyze one_{t}")).await?;
    let with_update_only = has_update_only(conn).await?;
    if undoing && with_update_only {
        if table.is_dimension() {
            put_aside(conn, table).await?;
        }
        run(conn, drop_passed_over(table)).await?;
    }
    run(conn, fold(table, with_update_only)).await?;
    run(conn, format!("analyze folded_{t}")).await?;
    run(conn, update_folded(table)).await?;
    run(conn, insert_folded(table)).await?;
    release(conn, table).await
}

async fn has_update_only(conn: &mut PgConnection) -> Result<bool> {
    let sql =
        "select exists (select from uploads where commit_seq is not null and options->>'on_known' = 'update_only')";
    Ok(sqlx::query_scalar(sql).fetch_one(conn).await?)
}

/// A thing known by reference takes the contribution of an upload that only updates as its own row. Such a row goes into the history, so that
/// [`drop_passed_over`] sees it among the others; the fold brings back what still counts.
async fn put_aside(conn: &mut PgConnection, table: &Table) -> Result<()> {
    let t = table.name;
    let only_updates = "select id from uploads where options->>'on_known' = 'update_only'";
    let which = format!(
        "exists (select from {t} r where {} and r.upload_id in ({only_updates}))",
        same_key(table, "r", "k")
    );
    run(conn, keep_first_contributions(table, &format!("one_{t}"), &which)).await?;
    run(
        conn,
        format!(
            "update {t} t set upload_id = null, mask = 0 from one_{t} k where {} and t.upload_id in ({only_updates})",
            same_key(table, "t", "k")
        ),
    )
    .await?;
    Ok(())
}

/// Something names the key of row `of`, in an upload committed before `of`'s.
fn named_before(table: &Table, of: &str, seq: &str) -> String {
    let key = table.key[0].name;
    let sources: Vec<String> = table
        .referrers()
        .flat_map(|reference| {
            let (f, column) = (reference.from.name, reference.column);
            [
                format!(
                    "select r.upload_id from {f} r where r.{column} = {of}.{key} and not {}",
                    has_history(reference.from, "r")
                ),
                format!("select r.upload_id from {f}_history r where r.{column} = {of}.{key}"),
            ]
        })
        .collect();
    if sources.is_empty() {
        return "false".into();
    }
    let mentioned = format!(
        "select r.upload_id from mentions r where r.table_name = '{}' and r.key = {of}.{key}::text",
        table.name
    );
    let sources = [sources, vec![mentioned]].concat();
    format!(
        "exists (select from ({}) named join uploads nu on nu.id = named.upload_id where nu.commit_seq < {seq})",
        sources.join(" union all ")
    )
}

/// A contribution that only updates what is known, to a key that was not known then. It was passed over when everything else is loaded without
/// what has been undone, so it goes for good: undo never brings anything back before it.
fn drop_passed_over(table: &Table) -> String {
    let t = table.name;
    let named: Vec<String> = table
        .references()
        .map(|reference| reference.column.to_owned())
        .collect();
    let dead = format!(
        "delete from {t}_history h using one_{t} k, uploads u
         where {hk} and u.id = h.upload_id and u.options->>'on_known' = 'update_only'
           and not exists (select from {t}_history e join uploads eu on eu.id = e.upload_id
                           where {eh} and eu.commit_seq < u.commit_seq and eu.options->>'on_known' <> 'update_only')
           and not {before}",
        hk = same_key(table, "h", "k"),
        eh = same_key(table, "e", "h"),
        before = named_before(table, "h", "u.commit_seq"),
    );
    // What the dropped contributions named is looked at again, where there is somebody to look (an undo).
    let candidates: Vec<String> = table
        .references()
        .enumerate()
        .map(|(n, reference)| {
            let key = reference.to.key[0].name;
            format!(
                "k{n} as (insert into keys_{} ({key}) select {} from dead where {} is not null)",
                reference.to.name, reference.column, reference.column
            )
        })
        .collect();
    if candidates.is_empty() {
        return dead;
    }
    let forgotten: Vec<String> = table
        .named_by_fields()
        .map(|(column, to)| (column, tables::by_name(to)))
        .filter_map(|(column, to)| to.map(|to| (column, to)))
        .map(|(column, to)| {
            let key = &to.key[0];
            format!(
                "m_{column} as (insert into keys_{} ({}) select key::{} from forgotten where table_name = '{}')",
                to.name,
                key.name,
                key.ty.sql(),
                to.name
            )
        })
        .collect();
    let returning: Vec<String> = named.iter().map(|column| format!("h.{column}")).collect();
    format!(
        "with dead as ({dead} returning h.upload_id, {of_key} as of_key, {}),
         forgotten as (delete from mentions r using dead d where r.upload_id = d.upload_id and r.of_table = '{t}' and r.of_key = d.of_key
                       returning r.table_name, r.key),
         {} select 1",
        returning.join(", "),
        [candidates, forgotten].concat().join(", "),
        of_key = joined_key(table, "h"),
    )
}

fn fold(table: &Table, with_update_only: bool) -> String {
    let t = table.name;
    let rank = if table == &ORDERS {
        "(u.kind = 'orders')::integer"
    } else {
        "0"
    };
    let cut = match table.group {
        None => String::new(),
        Some(group) => format!(
            "where u.commit_seq >= coalesce((select max(gu.commit_seq) from group_replacements g join uploads gu on gu.id = g.upload_id
                                             where g.table_name = '{t}' and g.group_key = {}), 0)",
            group.replace("r.", "h.")
        ),
    };
    // The first contribution that makes the key: one that only updates needs something to update.
    let makes = if with_update_only {
        format!("c.mode <> 'update_only' or {}", named_before(table, "c", "c.seq"))
    } else {
        "true".into()
    };
    let columns: Vec<String> = table
        .fields
        .iter()
        .enumerate()
        .map(|(bit, column)| {
            let value = if table == &ORDERS && column.name == "ordered_at" {
                // An upload of orders wins over lines, of which the earliest counts.
                format!(
                    "case when bool_or(rank = 1 and {set}) then (array_agg(ordered_at order by seq desc) filter (where rank = 1 and {set}))[1]
                          else min(ordered_at) filter (where {set}) end",
                    set = is_set("mask", bit)
                )
            } else {
                last_set(column, bit, "rank desc, seq desc", "rank, seq")
            };
            format!("{value} as {}", column.name)
        })
        .collect();
    format!(
        "create temp table folded_{t} on commit drop as
         with c as (
             select h.*, u.commit_seq as seq, {rank} as rank, coalesce(u.options->>'on_known', 'update') as mode
             from one_{t} k join {t}_history h on {hk} join uploads u on u.id = h.upload_id and u.commit_seq is not null {cut}),
         first as (select {k}, min(seq) as first_seq from c where {makes} group by {k}),
         counting as (select c.* from c join first f on {fc} where c.seq = f.first_seq or (c.seq > f.first_seq and c.mode <> 'leave'))
         select {k}, {columns}, (array_agg(upload_id order by seq))[1] as upload_id, (array_agg(mask order by seq))[1] as mask
         from counting group by {k}",
        hk = same_key(table, "h", "k"),
        k = keys(table, ""),
        fc = same_key(table, "f", "c"),
        columns = columns.join(", "),
    )
}

fn update_folded(table: &Table) -> String {
    let t = table.name;
    let set: Vec<String> = table
        .fields
        .iter()
        .map(|column| format!("{0} = f.{0}", column.name))
        .collect();
    format!(
        "with x as (
             update {t} t set {set}, upload_id = f.upload_id, mask = f.mask
             from folded_{t} f join {t} o on {of}
             where {tf} and ({differ} or o.upload_id is null)
             returning {tk}, o.part as old_part, t.part as new_part, {changed} as differs)
         insert into changed_{t} select {k}, old_part, new_part, 'updated' from x where differs",
        set = set.join(", "),
        of = same_key(table, "o", "f"),
        tf = same_key(table, "t", "f"),
        tk = keys(table, "t"),
        differ = differ(table, "o", "f"),
        changed = differ(table, "o", "t"),
        k = keys(table, ""),
    )
}

fn insert_folded(table: &Table) -> String {
    let t = table.name;
    let values: Vec<String> = table
        .fields
        .iter()
        .map(|column| with_default(column, format!("f.{}", column.name)))
        .collect();
    format!(
        "with x as (
             insert into {t} ({k}, {names}, upload_id, mask)
             select {fk}, {values}, f.upload_id, f.mask from folded_{t} f where not exists (select from {t} r where {rf})
             returning {k}, part)
         insert into changed_{t} select {k}, null, part, 'created' from x",
        k = keys(table, ""),
        names = fields(table, ""),
        fk = keys(table, "f"),
        values = values.join(", "),
        rf = same_key(table, "r", "f"),
    )
}

/// Keys to which no contribution counts any more.
async fn release(conn: &mut PgConnection, table: &'static Table) -> Result<()> {
    let t = table.name;
    let key = table.key[0].name;
    // A row whose own contribution stands is not in the history and stays.
    let without = format!(
        "select {tk} from one_{t} k join {t} t on {tkk}
         where not exists (select from folded_{t} f where {fk})
           and ({history} or not exists (select from uploads u where u.id = t.upload_id and u.commit_seq is not null))",
        tk = keys(table, "t"),
        tkk = same_key(table, "t", "k"),
        fk = same_key(table, "f", "k"),
        history = has_history(table, "t"),
    );
    run(conn, format!("drop table if exists bare_{t}")).await?;
    run(conn, format!("create temp table bare_{t} on commit drop as {without}")).await?;
    run(conn, format!("analyze bare_{t}")).await?;
    if table.is_dimension() {
        let named: Vec<String> = table
            .referrers()
            .flat_map(|reference| [reference.from.name.to_owned(), format!("{}_history", reference.from.name)].map(|f| (f, reference.column)))
            .map(|(f, column)| format!("select r.{column} as named from {f} r join bare_{t} x on x.{key} = r.{column}"))
            .chain([format!("select x.{key} as named from mentions r join bare_{t} x on r.table_name = '{t}' and r.key = x.{key}::text")])
            .chain((t == "customers").then(listed))
            .collect();
        let stays = format!(
            "delete from bare_{t} b using ({}) n where n.named = b.{key} returning {}",
            named.join(" union "),
            keys(table, "b")
        );
        let set: Vec<String> = table
            .fields
            .iter()
            .map(|column| format!("{} = null", column.name))
            .collect();
        let something = format!("num_nonnulls({}) > 0", fields(table, "o"));
        run(
            conn,
            format!(
                "with stays as ({stays}),
                 x as (update {t} t set {set}, upload_id = null, mask = 0 from stays s join {t} o on {os}
                       where {ts} and (o.upload_id is not null or o.mask <> 0 or {something})
                       returning {tk}, o.part as old_part, t.part as new_part, {differ} as differs)
                 insert into changed_{t} select {k}, old_part, new_part, 'updated' from x where differs",
                set = set.join(", "),
                os = same_key(table, "o", "s"),
                ts = same_key(table, "t", "s"),
                tk = keys(table, "t"),
                differ = differ(table, "o", "t"),
                k = keys(table, ""),
            ),
        )
        .await?;
    }
    run(
        conn,
        format!(
            "with x as (delete from {t} t using bare_{t} b where {tb} returning {tk}, t.part)
             insert into changed_{t} select {k}, part, null, 'removed' from x",
            tb = same_key(table, "t", "b"),
            tk = keys(table, "t"),
            k = keys(table, ""),
        ),
    )
    .await?;
    if t == "customers" {
        run(
            conn,
            "delete from customer_ids i using bare_customers b where i.customer_no = b.customer_no".into(),
        )
        .await?;
    }
    Ok(())
}

/// Customers whom a list of a segment or an uploaded tag names.
fn listed() -> String {
    let of = |table: &str| {
        format!(
            "select i.customer_no as named from customer_ids i join bare_customers x on x.customer_no = i.customer_no
             join {table} m on m.external_id = case when i.source = '' then i.external_id else i.source || ':' || i.external_id end"
        )
    };
    format!("{} union all {}", of("segment_members"), of("tag_members"))
}

/// The temporary tables that [`refold`] reads and writes, where there is no import that has made them.
pub async fn create_tables(conn: &mut PgConnection, table: &Table) -> Result<()> {
    run(conn, super::sql::change_table(table)).await?;
    run(conn, key_table(&format!("keys_{}", table.name), table)).await?;
    Ok(())
}
