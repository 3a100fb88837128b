//! What the mapping page shows before anything is decided: columns with their values, how they would be read, what each probably is.

use super::mapping::{self, Columns, Parser, TypedBatch};
use super::reading::{self, RawBatch, ReadProgress};
use super::{header_hash, jobs, load, require_complete, store};
use crate::Engine;
use crate::auth::Actor;
use crate::error::Result;
use std::collections::BTreeSet;
use tokio::task::spawn_blocking;
use types::auth::Right;
use types::uploads::{Groups, KnownGroups, Mapping, Preview, Upload, UploadKind, UploadOptions};

/// Rows from which categories are counted.
const LOOKED_AT: i64 = 20_000;
/// Rows whose groups are looked up.
const GROUPS_OF: usize = 1_000;

/// What the file looks like and what its columns probably are. A mapping that was used for the same header comes before the suggestion.
pub async fn preview(engine: &Engine, actor: &Actor, id: i64) -> Result<Preview> {
    actor.require(Right::Upload)?;
    let upload = load(engine, id).await?;
    require_complete(&upload)?;
    let (path, options) = (jobs::stored(engine, &upload), upload.options.clone());
    let Seen {
        mut preview,
        names,
        columns,
        first,
        progress,
    } = spawn_blocking(move || see(&path, &options)).await??;
    let suggestion = mapping::suggest(upload.kind, &names, first.as_ref());
    let saved = store::saved_mapping(engine.pool(), upload.kind, &header_hash(&names)).await?;
    preview.options = upload.options.clone();
    preview.suggestion = match saved {
        Some(saved) if upload.mapping.is_empty() => {
            preview.saved_at = Some(saved.used_at);
            if upload.options == UploadOptions::default() {
                preview.options = with_shape_of(saved.options, &upload.options);
            }
            saved.mapping
        }
        _ => mapping::start_with(&upload.mapping, &suggestion, &names),
    };
    preview.rows = columns.rows;
    preview.columns = columns.finish(upload.kind, &preview.suggestion, &preview.options);
    if preview.options.groups == Groups::Add
        && let Some(first) = first
    {
        let (mapping, options) = (preview.suggestion.clone(), preview.options.clone());
        preview.known_groups = known_groups(engine, &upload, names, mapping, options, (first, progress)).await?;
    }
    Ok(preview)
}

/// How the bytes become rows is found out anew for each file.
fn with_shape_of(saved: UploadOptions, own: &UploadOptions) -> UploadOptions {
    UploadOptions {
        encoding: own.encoding.clone(),
        delimiter: own.delimiter.clone(),
        widths: own.widths.clone(),
        sheet: own.sheet.clone(),
        ..saved
    }
}

struct Seen {
    preview: Preview,
    names: Vec<String>,
    columns: Columns,
    first: Option<RawBatch>,
    progress: ReadProgress,
}

fn see(path: &std::path::Path, options: &UploadOptions) -> Result<Seen> {
    let mut source = reading::open(path, options)?;
    let mut columns = Columns::new(&source.columns);
    let mut first = None;
    while columns.rows < LOOKED_AT
        && let Some(batch) = source.rows.next_batch()?
    {
        columns.add(&batch);
        first.get_or_insert(batch);
    }
    Ok(Seen {
        preview: Preview {
            encoding: source.encoding,
            delimiter: source.delimiter,
            sheets: source.sheets,
            sheet: source.sheet,
            ..Preview::default()
        },
        names: source.columns,
        columns,
        first,
        progress: source.progress,
    })
}

/// Groups of the first rows that are known and would get rows beside those that they have.
async fn known_groups(
    engine: &Engine,
    upload: &Upload,
    names: Vec<String>,
    mapping: Mapping,
    options: UploadOptions,
    (first, progress): (RawBatch, ReadProgress),
) -> Result<Option<KnownGroups>> {
    let kind = upload.kind;
    if !matches!(
        kind,
        UploadKind::OrderLines | UploadKind::Payments | UploadKind::CampaignCosts
    ) {
        return Ok(None);
    }
    let Ok(mut plan) = mapping::fit(kind, &mapping, &names, &options) else {
        return Ok(None);
    };
    plan.zone = engine.config().time_zone;
    plan.learn_styles(&first, &options);
    let batch = spawn_blocking(move || Parser::new(plan, progress).parse(first)).await?;
    let rows = batch.rows.min(GROUPS_OF);
    let ids: Vec<String> = (0..rows).map(|row| id_of(&batch, row, &options.source)).collect();
    let keys: Vec<uuid::Uuid> = batch.keys[..rows]
        .iter()
        .map(|key| uuid::Uuid::from_u128(*key))
        .collect();
    let orders = || ids.iter().collect::<BTreeSet<_>>().len();
    let (groups, differing) = match kind {
        UploadKind::OrderLines => (orders(), store::differing_orders(engine.pool(), &ids, &keys).await?),
        UploadKind::Payments => (orders(), store::differing_payments(engine.pool(), &ids, &keys).await?),
        _ => {
            let days: Vec<i32> = (0..rows)
                .map(|row| batch.number_at(1, row).unwrap_or_default() as i32)
                .collect();
            let groups = ids.iter().zip(&days).collect::<BTreeSet<_>>().len();
            (groups, store::differing_costs(engine.pool(), &ids, &days, &keys).await?)
        }
    };
    Ok((differing > 0).then_some(KnownGroups {
        groups: groups as i64,
        differing,
    }))
}

/// The first field of these kinds is the id of the group; ids of another system carry its name.
fn id_of(batch: &TypedBatch, row: usize, source: &str) -> String {
    let id = String::from_utf8_lossy(batch.text_at(0, row).unwrap_or_default());
    if source.trim().is_empty() {
        id.into_owned()
    } else {
        format!("{}:{id}", source.trim())
    }
}
