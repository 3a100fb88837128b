//! Names, checksums and whose a place is, over a store in memory. What a real server does with all this is tried with the product.

use super::*;
use crate::file::checksum;
use object_store::memory::InMemory;

const PATH: &str = "orders/p24312-v7-";

fn bucket() -> Bucket {
    Bucket::over(Arc::new(InMemory::new()), BucketUrl::parse("s3://shop/a/b").unwrap())
}

/// A file of so many bytes that is named as sealed files are; its path and checksum.
fn sealed(folder: &Path, bytes: usize) -> (String, std::path::PathBuf, String) {
    let contents: Vec<u8> = (0..bytes).map(|at| (at * 31 % 251) as u8).collect();
    let file = folder.join("file");
    std::fs::write(&file, contents).unwrap();
    let found = checksum(&file).unwrap();
    (format!("{PATH}{}.parquet", &found[..12]), file, found)
}

#[tokio::test]
async fn files_of_every_size_come_back_as_they_were() {
    let (bucket, folder) = (bucket(), tempfile::tempdir().unwrap());
    // Nothing, one part, exactly one part, many parts.
    for bytes in [0, 1000, PART_BYTES as usize, 3 * PART_BYTES as usize + 17] {
        let (path, file, sum) = sealed(folder.path(), bytes);
        bucket.put(Shelf::Sealed, &path, &file, &sum).await.unwrap();
        let found = bucket.look(Shelf::Sealed, &path).await.unwrap().unwrap();
        assert_eq!((found.bytes, found.checksum.as_str()), (bytes as u64, sum.as_str()));
        let target = folder.path().join("mirror").join(&path);
        bucket.fetch(Shelf::Sealed, &path, &target, &sum).await.unwrap();
        assert_eq!(checksum(&target).unwrap(), sum);
        bucket.remove(Shelf::Sealed, &path).await.unwrap();
        assert_eq!(bucket.look(Shelf::Sealed, &path).await.unwrap(), None);
        bucket.remove(Shelf::Sealed, &path).await.unwrap();
    }
}

#[tokio::test]
async fn damage_never_gets_in_and_never_gets_out() {
    let (bucket, folder) = (bucket(), tempfile::tempdir().unwrap());
    for bytes in [1000, 2 * PART_BYTES as usize] {
        let (path, file, sum) = sealed(folder.path(), bytes);
        std::fs::write(&file, vec![0; bytes]).unwrap();
        let refused = bucket.put(Shelf::Sealed, &path, &file, &sum).await.unwrap_err();
        assert!(refused.to_string().contains("other contents"), "{refused}");
        assert!(bucket.list().await.unwrap().is_empty());

        let other = checksum(&file).unwrap();
        bucket.put(Shelf::Sealed, &path, &file, &other).await.unwrap();
        let target = folder.path().join("mirror").join(&path);
        let refused = bucket.fetch(Shelf::Sealed, &path, &target, &sum).await.unwrap_err();
        assert!(refused.to_string().contains("other contents"), "{refused}");
        let left = std::fs::read_dir(target.parent().unwrap()).unwrap().count();
        assert_eq!(left, 0, "neither the file nor its beginning");
        bucket.remove(Shelf::Sealed, &path).await.unwrap();
    }
}

#[tokio::test]
async fn what_is_not_there_is_said() {
    let (bucket, folder) = (bucket(), tempfile::tempdir().unwrap());
    let path = format!("{PATH}0123456789ab.parquet");
    let target = folder.path().join(&path);
    let said = bucket
        .fetch(Shelf::Sealed, &path, &target, "0123456789ab")
        .await
        .unwrap_err();
    assert!(said.to_string().contains("neither here nor in s3://shop/a/b"), "{said}");
    assert!(!target.exists());
}

#[tokio::test]
async fn a_place_belongs_to_one_installation() {
    let bucket = bucket();
    bucket.claim("one").await.unwrap();
    bucket.claim("one").await.unwrap();
    let said = bucket.claim("two").await.unwrap_err().to_string();
    assert!(said.contains("belongs to another installation"), "{said}");

    let full = Bucket::over(Arc::new(InMemory::new()), BucketUrl::parse("s3://shop/x").unwrap());
    full.store
        .put(&Key::from("x/holiday.jpg"), PutPayload::from("x"))
        .await
        .unwrap();
    let said = full.claim("one").await.unwrap_err().to_string();
    assert!(said.contains("holds other files"), "{said}");
}

#[tokio::test]
async fn only_sealed_files_below_the_prefix_are_listed() {
    let bucket = bucket();
    let ours = format!("{PATH}0123456789ab.parquet");
    for key in [
        format!("a/b/warehouse/{ours}"),
        "a/b/runs/labels/p0-v3-0123456789ab.parquet".to_owned(),
        format!("a/bc/warehouse/{ours}"),
        format!("a/b/warehouse/deeper/{ours}"),
        "a/b/warehouse/notes.txt".to_owned(),
        "a/b/installation".to_owned(),
    ] {
        bucket.store.put(&Key::from(key), PutPayload::from("x")).await.unwrap();
    }
    let listed: Vec<(Shelf, String)> = bucket.list().await.unwrap().into_keys().collect();
    assert_eq!(
        listed,
        [
            (Shelf::Sealed, ours),
            (Shelf::Runs, "labels/p0-v3-0123456789ab.parquet".to_owned())
        ]
    );
}

#[tokio::test]
async fn a_name_that_leads_elsewhere_is_refused() {
    let (bucket, folder) = (bucket(), tempfile::tempdir().unwrap());
    for path in [
        "../p1-v1-0123456789ab.parquet",
        "orders/../p1-v1-0123456789ab.parquet",
        "/orders/p1-v1-0123456789ab.parquet",
        "orders/p1-v1-0123456789ab.parquet/..",
        "orders\\p1-v1-0123456789ab.parquet",
        "orders/p1-v1-x.parquet",
        "orders/.hidden",
    ] {
        assert!(!is_ours(path), "{path}");
        let target = folder.path().join("x");
        assert!(bucket.fetch(Shelf::Sealed, path, &target, "0").await.is_err(), "{path}");
        assert!(bucket.remove(Shelf::Runs, path).await.is_err(), "{path}");
    }
    assert!(is_ours("orders/p-1-v1-0123456789ab.parquet"));
}

#[test]
fn a_server_has_a_web_address() {
    for good in ["http://127.0.0.1:9000", "https://s3.example.com", "https://host/path"] {
        assert!(is_web_address(good), "{good}");
    }
    for bad in [
        "",
        "nonsense",
        "http://",
        "https:///x",
        "http://key:secret@host",
        "ftp://host",
        "http://a b",
    ] {
        assert!(!is_web_address(bad), "{bad}");
    }
}

#[test]
fn addresses_are_read_with_care() {
    for (url, shown) in [
        ("s3://shop", "s3://shop"),
        ("s3://shop/", "s3://shop"),
        ("s3://my.shop-1/a/b_c/", "s3://my.shop-1/a/b_c"),
    ] {
        assert_eq!(BucketUrl::parse(url).unwrap().to_string(), shown);
    }
    for url in [
        "s3://",
        "s3:///x",
        "s3://ab",
        "s3://shop//x",
        "s3://shop/../x",
        "s3://shop/x/..",
        "s3://key:secret@shop/x",
        "s3://shop/a?b",
        "s3://shop/a b",
        "http://shop/x",
    ] {
        assert!(BucketUrl::parse(url).is_err(), "{url}");
    }
}
