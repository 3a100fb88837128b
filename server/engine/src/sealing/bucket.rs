//! What the catalogue wants of a bucket: that it belongs to this installation, that everything listed is in it, and that nothing else is.
//! Without a bucket there is nothing to do.

use super::store;
use crate::Engine;
use crate::error::{Error, Result};
use futures::{StreamExt, TryStreamExt};
use sqlx::{PgConnection, PgPool};
use std::collections::BTreeMap;
use warehouse::FileRef;
use warehouse::bucket::{Bucket, BucketUrl, Found, Shelf};

/// Objects that are read or removed at a time.
const AT_ONCE: usize = 4;

type Listed = BTreeMap<(Shelf, String), (Option<u64>, String)>;

/// Opens the bucket and takes the place in it for this installation.
pub(crate) async fn open(pool: &PgPool, url: Option<&BucketUrl>) -> Result<Option<Bucket>> {
    let Some(url) = url else {
        return Ok(None);
    };
    let mark = store::installation_mark(pool).await?;
    let claimed = async {
        let bucket = Bucket::open(url.clone())?;
        bucket.claim(&mark).await?;
        Ok::<_, warehouse::Error>(bucket)
    };
    let bucket = claimed
        .await
        .map_err(|error| Error::Unavailable(format!("SILHOUETTE_WAREHOUSE_URL: {error}.")))?;
    Ok(Some(bucket))
}

/// Files and the labels of all runs, with their size when that is known, and their checksum.
async fn with_labels(tx: &mut PgConnection, files: Vec<FileRef>) -> Result<Listed> {
    let labels = store::labels(tx).await?;
    let sealed = files
        .into_iter()
        .map(|file| ((Shelf::Sealed, file.path), (Some(file.bytes), file.checksum)));
    let runs = labels
        .into_iter()
        .map(|(path, checksum)| ((Shelf::Runs, path), (None, checksum)));
    Ok(sealed.chain(runs).collect())
}

/// At a start without other processes: sends what is listed and only here, as after a move or a restore, and removes what nobody lists.
/// What cannot be done is logged; the next start tries again.
pub(super) async fn put_in_order(engine: &Engine) {
    let Some(bucket) = engine.warehouse().bucket() else {
        return;
    };
    match reconciled(engine, bucket).await {
        Ok((0, 0)) => {}
        Ok((sent, removed)) => tracing::info!(sent, removed, bucket = %bucket.url(), "the bucket is in order"),
        Err(error) => {
            tracing::warn!(error = %error.causes(), "the bucket could not be put in order; the next start tries again")
        }
    }
}

async fn reconciled(engine: &Engine, bucket: &Bucket) -> Result<(usize, usize)> {
    let mut connection = engine.pool().acquire().await?;
    let files = store::listed_files(&mut connection).await?;
    let listed = with_labels(&mut connection, files).await?;
    drop(connection);
    let there = bucket.list().await?;
    let mut sent = 0;
    for ((shelf, path), (bytes, checksum)) in &listed {
        let found = there.get(&(*shelf, path.clone()));
        let is_there = found.is_some_and(|found| bytes.is_none_or(|bytes| bytes == *found));
        if is_there
            || tokio::fs::metadata(engine.warehouse().place(*shelf, path))
                .await
                .is_err()
        {
            continue;
        }
        match bucket
            .put(*shelf, path, &engine.warehouse().place(*shelf, path), checksum)
            .await
        {
            Ok(()) => sent += 1,
            Err(error @ warehouse::Error::Bucket { .. }) => return Err(error.into()),
            // Damaged here; verify says so and rebuild makes it anew.
            Err(error) => tracing::warn!(%error, "a sealed file is not fit for the bucket"),
        }
    }
    let removals = there
        .into_keys()
        .filter(|place| !listed.contains_key(place))
        .map(|(shelf, path)| async move { bucket.remove(shelf, &path).await });
    let removed: Vec<()> = futures::stream::iter(removals)
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await?;
    Ok((sent, removed.len()))
}

/// One sentence for each file that is read now whose object is not as it was sealed. Reads every object to its end.
pub(super) async fn faults(engine: &Engine, tx: &mut PgConnection) -> Result<Vec<String>> {
    let Some(bucket) = engine.warehouse().bucket() else {
        return Ok(Vec::new());
    };
    let files = store::current_files(tx).await?;
    let looks = with_labels(tx, files)
        .await?
        .into_iter()
        .map(|((shelf, path), (bytes, checksum))| async move {
            let found = bucket.look(shelf, &path).await?;
            Ok::<_, warehouse::Error>(fault(bucket.url(), &path, bytes, &checksum, found))
        });
    let found: Vec<Option<String>> = futures::stream::iter(looks).buffered(AT_ONCE).try_collect().await?;
    Ok(found.into_iter().flatten().collect())
}

fn fault(url: &BucketUrl, path: &str, bytes: Option<u64>, checksum: &str, found: Option<Found>) -> Option<String> {
    let Some(found) = found else {
        return Some(format!("{path} is not in {url}."));
    };
    if let Some(bytes) = bytes
        && bytes != found.bytes
    {
        return Some(format!("{path} in {url} has {} bytes instead of {bytes}.", found.bytes));
    }
    (found.checksum != checksum).then(|| format!("{path} in {url} has other contents than when it was sealed."))
}

/// A rebuild makes every sealed file anew, but labels of runs have no other source: those that are sound here are sent again.
pub(super) async fn put_labels_again(engine: &Engine, tx: &mut PgConnection) -> Result<()> {
    if engine.warehouse().bucket().is_none() {
        return Ok(());
    }
    let mut sound = Vec::new();
    for (path, checksum) in store::labels(tx).await? {
        let file = engine.warehouse().place(Shelf::Runs, &path);
        let found = tokio::task::spawn_blocking(move || warehouse::checksum(&file)).await?;
        if found.is_ok_and(|found| found == checksum) {
            sound.push((path, checksum));
        }
    }
    Ok(engine.warehouse().put_all(Shelf::Runs, sound).await?)
}

/// Brings everything here that is read now, as a backup needs it.
pub(crate) async fn fetch_everything(engine: &Engine, tx: &mut PgConnection) -> Result<()> {
    if engine.warehouse().bucket().is_none() {
        return Ok(());
    }
    engine.warehouse().fetch(&store::current_files(tx).await?).await?;
    for (path, _) in store::labels(tx).await? {
        engine.warehouse().fetch_labels(&path).await?;
    }
    Ok(())
}
