//! The SQL of the checks of quality.

use super::checks::{SUMS, TableChecks, Terms, column};
use crate::db::dynamic;
use crate::error::{Error, Result};
use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool, Row};
use types::uploads::quality::{Finding, Freshness, Missing, NewestUpload, Quality};
use types::uploads::{Profile, UploadKind};

/// Ids that are shown of records that something is odd about.
const EXAMPLES: i64 = 5;

/// What one table shows.
pub struct Seen {
    pub freshness: Freshness,
    pub missing: Vec<Missing>,
    pub impossible: Vec<Finding>,
    pub unmatched: Vec<Finding>,
}

/// One pass over a table counts everything; examples are looked for only where something was counted.
pub async fn look_at(conn: &mut PgConnection, checks: &TableChecks, terms: &Terms) -> Result<Seen> {
    let TableChecks { table, .. } = checks;
    let conditions = || checks.impossible.iter().chain(checks.unmatched);
    let joins = joins(checks, conditions().map(|(_, condition)| *condition));
    let mut counted = vec!["count(*)".to_owned()];
    counted.extend(checks.fields.iter().map(|field| format!("count(t.{})", column(field))));
    counted.extend(conditions().map(|(_, condition)| format!("count(*) filter (where {condition})")));
    let latest = checks.time.map_or("null::timestamptz".to_owned(), |time| {
        format!("max({time}) filter (where {time} <= $1)")
    });
    let sql = format!(
        "select array[{}]::bigint[] as counts, {latest} as latest from {table} t {joins} where $1::timestamptz is not null and $2::text is not null and $3::text is not null",
        counted.join(", ")
    );
    let row = sqlx::query(dynamic(sql))
        .bind(terms.now)
        .bind(&terms.currency)
        .bind(&terms.zone)
        .fetch_one(&mut *conn)
        .await?;
    let counts: Vec<i64> = row.try_get("counts")?;
    let latest: Option<DateTime<Utc>> = row.try_get("latest")?;
    let records = counts.first().copied().unwrap_or(0);
    let (of_fields, of_checks) = counts.get(1..).unwrap_or_default().split_at(checks.fields.len());
    let missing = checks.fields.iter().zip(of_fields).map(|(field, filled)| Missing {
        table: (*table).to_owned(),
        field: (*field).to_owned(),
        missing: records - filled,
        of: records,
    });
    let mut seen = Seen {
        freshness: Freshness {
            table: (*table).to_owned(),
            records,
            latest,
        },
        missing: missing.filter(|_| records > 0).collect(),
        impossible: Vec::new(),
        unmatched: Vec::new(),
    };
    for (at, ((check, condition), count)) in conditions().zip(of_checks).enumerate() {
        if *count == 0 {
            continue;
        }
        let finding = Finding {
            check: (*check).to_owned(),
            table: (*table).to_owned(),
            count: *count,
            of: records,
            examples: examples(conn, checks, condition, terms).await?,
        };
        if at < checks.impossible.len() {
            seen.impossible.push(finding);
        } else {
            seen.unmatched.push(finding);
        }
    }
    Ok(seen)
}

/// The tables that these conditions need beside their own.
fn joins<'a>(checks: &TableChecks, conditions: impl IntoIterator<Item = &'a str>) -> String {
    let needs_sums = conditions
        .into_iter()
        .any(|condition| condition.contains("s.lines_value"));
    if needs_sums {
        format!("{} {SUMS}", checks.joins)
    } else {
        checks.joins.to_owned()
    }
}

async fn examples(
    conn: &mut PgConnection,
    checks: &TableChecks,
    condition: &str,
    terms: &Terms,
) -> Result<Vec<String>> {
    let TableChecks { table, id, .. } = checks;
    let joins = joins(checks, [condition]);
    let sql = format!(
        "select {id} from {table} t {joins} where ({condition}) and $1::timestamptz is not null and $2::text is not null and $3::text is not null limit {EXAMPLES}"
    );
    let found: Vec<Option<String>> = sqlx::query_scalar(dynamic(sql))
        .bind(terms.now)
        .bind(&terms.currency)
        .bind(&terms.zone)
        .fetch_all(conn)
        .await?;
    Ok(found.into_iter().flatten().collect())
}

pub async fn keep(conn: &mut PgConnection, job_id: i64, quality: &Quality) -> Result<()> {
    sqlx::query!(
        "insert into quality_checks (data_version, job_id, checked_at, result) values ($1, $2, $3, $4)
         on conflict (data_version) do update set job_id = excluded.job_id, checked_at = excluded.checked_at, result = excluded.result",
        quality.data_version,
        job_id,
        quality.checked_at,
        serde_json::to_value(quality)?
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn newest(pool: &PgPool) -> Result<Option<Quality>> {
    let result = sqlx::query_scalar!("select result from quality_checks order by data_version desc limit 1")
        .fetch_optional(pool)
        .await?;
    Ok(result.map(serde_json::from_value).transpose()?)
}

pub async fn is_checked(pool: &PgPool, version: i64) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from quality_checks where data_version >= $1) as "checked!""#,
        version
    )
    .fetch_one(pool)
    .await?)
}

/// The version that is published, as this transaction sees it. Rows of a commit that is not published yet are read as well: they will be soon.
pub async fn published(conn: &mut PgConnection) -> Result<i64> {
    Ok(
        sqlx::query_scalar!(r#"select max(version) from data_versions where published_at is not null"#)
            .fetch_one(conn)
            .await?
            .unwrap_or(0),
    )
}

pub async fn newest_job(pool: &PgPool) -> Result<Option<i64>> {
    Ok(
        sqlx::query_scalar!("select max(id) from jobs where kind = 'check_quality'")
            .fetch_one(pool)
            .await?,
    )
}

/// The version that a check was asked for.
pub async fn job_version(pool: &PgPool, job_id: i64) -> Result<Option<i64>> {
    Ok(
        sqlx::query_scalar!("select (args ->> 'version')::bigint from jobs where id = $1", job_id)
            .fetch_optional(pool)
            .await?
            .flatten(),
    )
}

/// The newest committed upload of each kind.
pub async fn newest_uploads(pool: &PgPool) -> Result<Vec<NewestUpload>> {
    let rows = sqlx::query!(
        r#"select distinct on (kind) kind, id, finished_at from uploads where state = 'committed' order by kind, commit_seq desc"#
    )
    .fetch_all(pool)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(NewestUpload {
                kind: UploadKind::parse(&row.kind)
                    .ok_or_else(|| Error::internal(format!("upload {} has an unknown kind", row.id)))?,
                upload_id: row.id,
                finished_at: row.finished_at,
            })
        })
        .collect()
}

pub async fn profile(pool: &PgPool, id: i64) -> Result<Profile> {
    let profile = sqlx::query_scalar!("select profile from uploads where id = $1", id)
        .fetch_optional(pool)
        .await?;
    Ok(profile.map(serde_json::from_value).transpose()?.unwrap_or_default())
}

/// Profiles of the committed uploads of a kind that came before one, newest first. Made-up data is no measure of real data.
pub async fn earlier_profiles(pool: &PgPool, kind: UploadKind, id: i64, limit: i64) -> Result<Vec<Profile>> {
    let profiles = sqlx::query_scalar!(
        "select profile from uploads where kind = $1 and id < $2 and state = 'committed' and profile <> '{}'
           and demo = (select demo from uploads where id = $2) order by id desc limit $3",
        kind.as_str(),
        id,
        limit
    )
    .fetch_all(pool)
    .await?;
    profiles
        .into_iter()
        .map(|profile| Ok(serde_json::from_value(profile)?))
        .collect()
}
