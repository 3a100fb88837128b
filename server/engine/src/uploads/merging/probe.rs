//! Which keys are stored already. Asks on a connection of its own, which sees the state before the import: the merge lock keeps it still.

use super::tables::Table;
use crate::db::dynamic;
use crate::error::Result;
use crate::uploads::mapping::AsIs;
use sqlx::PgPool;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::BuildHasherDefault;
use tokio::runtime::Handle;
use uuid::Uuid;
use xxhash_rust::xxh3::xxh3_64;

/// Known keys, by a hash of 64 bits: a false hit only sends a row the slower way.
pub type Known = HashSet<u64, BuildHasherDefault<AsIs>>;

pub struct Probe {
    pool: PgPool,
    handle: Handle,
    /// Tables without a row and without a history at the start.
    empty: BTreeSet<&'static str>,
}

/// What is known of an order: its customer and its time.
pub type KnownOrder = (Option<i32>, Option<i64>);

impl Probe {
    pub async fn new(pool: &PgPool) -> Result<Probe> {
        let mut empty = BTreeSet::new();
        for table in super::tables::ALL {
            let sql = format!(
                "select not exists (select from {0}) and not exists (select from {0}_history)",
                table.name
            );
            if sqlx::query_scalar(dynamic(sql)).fetch_one(pool).await? {
                empty.insert(table.name);
            }
        }
        Ok(Probe {
            pool: pool.clone(),
            handle: Handle::current(),
            empty,
        })
    }

    pub fn is_empty(&self, table: &Table) -> bool {
        self.empty.contains(table.name)
    }

    /// Those of the text keys that are stored.
    pub fn texts(&self, table: &Table, keys: &[&str]) -> Result<Known> {
        if keys.is_empty() || self.is_empty(table) {
            return Ok(Known::default());
        }
        let sql = format!("select {0} from {1} where {0} = any($1)", table.key[0].name, table.name);
        let found: Vec<String> = self
            .handle
            .block_on(sqlx::query_scalar(dynamic(sql)).bind(keys).fetch_all(&self.pool))?;
        Ok(found.iter().map(|key| xxh3_64(key.as_bytes())).collect())
    }

    /// Those of the row keys that are stored, also where only their history is.
    pub fn uuids(&self, table: &Table, keys: &[u128]) -> Result<Known> {
        if keys.is_empty() || self.is_empty(table) {
            return Ok(Known::default());
        }
        let keys: Vec<Uuid> = keys.iter().map(|key| Uuid::from_u128(*key)).collect();
        let sql = format!(
            "select row_key from {0} where row_key = any($1) union all select row_key from {0}_history where row_key = any($1)",
            table.name
        );
        let found: Vec<Uuid> = self
            .handle
            .block_on(sqlx::query_scalar(dynamic(sql)).bind(&keys).fetch_all(&self.pool))?;
        Ok(found.iter().map(|key| key.as_u128() as u64).collect())
    }

    /// Those of the order lines that are stored, by the exclusive or of row key and order id.
    pub fn lines(&self, orders: &[&str], keys: &[u128]) -> Result<Known> {
        if keys.is_empty() || self.is_empty(&super::tables::ORDER_LINES) {
            return Ok(Known::default());
        }
        let keys: Vec<Uuid> = keys.iter().map(|key| Uuid::from_u128(*key)).collect();
        let ask = |table: &str| {
            format!(
                "select t.order_id, t.row_key from unnest($1::text[], $2::uuid[]) k (order_id, row_key)
                 join {table} t on t.order_id = k.order_id and t.row_key = k.row_key"
            )
        };
        let sql = format!("{} union all {}", ask("order_lines"), ask("order_lines_history"));
        let found: Vec<(String, Uuid)> = self.handle.block_on(
            sqlx::query_as(dynamic(sql))
                .bind(orders)
                .bind(&keys)
                .fetch_all(&self.pool),
        )?;
        Ok(found
            .iter()
            .map(|(order, key)| line_mark(order.as_bytes(), key.as_u128()))
            .collect())
    }

    pub fn orders(&self, keys: &[&str]) -> Result<BTreeMap<String, KnownOrder>> {
        if keys.is_empty() || self.is_empty(&super::tables::ORDERS) {
            return Ok(BTreeMap::new());
        }
        let sql = "select order_id, customer_no, (extract(epoch from ordered_at) * 1000000)::bigint - 946684800000000 from orders where order_id = any($1)";
        let found: Vec<(String, Option<i32>, Option<i64>)> = self
            .handle
            .block_on(sqlx::query_as(sql).bind(keys).fetch_all(&self.pool))?;
        Ok(found
            .into_iter()
            .map(|(id, customer, at)| (id, (customer, at)))
            .collect())
    }

    pub fn customers(&self, source: &str, ids: &[&str]) -> Result<Vec<(String, i32)>> {
        if ids.is_empty() || self.is_empty(&super::tables::CUSTOMERS) {
            return Ok(Vec::new());
        }
        let sql = "select external_id, customer_no from customer_ids where source = $1 and external_id = any($2)";
        Ok(self
            .handle
            .block_on(sqlx::query_as(sql).bind(source).bind(ids).fetch_all(&self.pool))?)
    }

    /// Those of the rates that are stored; days count from 2000-01-01.
    pub fn rates(&self, days: &[i32], currencies: &[&str]) -> Result<HashSet<(i32, String)>> {
        if days.is_empty() || self.is_empty(&super::tables::EXCHANGE_RATES) {
            return Ok(HashSet::new());
        }
        let sql =
            "select e.day - date '2000-01-01', e.currency from unnest($1::integer[], $2::text[]) k (day, currency)
                   join exchange_rates e on e.day = date '2000-01-01' + k.day and e.currency = k.currency";
        let found: Vec<(i32, String)> = self
            .handle
            .block_on(sqlx::query_as(sql).bind(days).bind(currencies).fetch_all(&self.pool))?;
        Ok(found.into_iter().collect())
    }
}

pub fn line_mark(order: &[u8], key: u128) -> u64 {
    key as u64 ^ xxh3_64(order)
}
