//! Archives of one file, whole, damaged, locked and endless.

use super::*;

#[test]
fn packed_files() {
    let text = b"a,b\n1,2\n";
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(text).unwrap();
    let gzip = gzip.finish().unwrap();
    assert_eq!(read(&gzip).unwrap().1, [["1", "2"]]);
    let zip_of = |names: &[&str]| {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for name in names {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(text).unwrap();
        }
        zip.finish().unwrap().into_inner()
    };
    assert_eq!(read(&zip_of(&["data.csv"])).unwrap().1, [["1", "2"]]);
    let several = refusal(&zip_of(&["a.csv", "b.csv"]));
    assert!(several.contains("2 files (a.csv, b.csv)"), "{several}");
    let beside = [
        "__MACOSX/._data.csv",
        ".DS_Store",
        "README.txt",
        "folder/data.csv",
        "Thumbs.db",
    ];
    assert_eq!(read(&zip_of(&beside)).unwrap().1, [["1", "2"]]);
    assert!(refusal(&zip_of(&["[Content_Types].xml", "word/document.xml"])).contains("not a spreadsheet"));
    assert!(refusal(&zip_of(&["[Content_Types].xml", "xl/workbook.bin"])).contains("XLSB"));
    assert!(refusal(&zip_of(&["[Content_Types].xml", "xl/workbook.xml"])).contains("damaged"));
    assert!(refusal(&gzip[..gzip.len() - 9]).contains("archive"));
}

#[test]
fn a_bomb_is_stopped() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(b"a,b\n").unwrap();
    let chunk = [vec![b'1'; (1 << 20) - 1], vec![b'\n']].concat();
    for _ in 0..1100 {
        gzip.write_all(&chunk).unwrap();
    }
    let packed = gzip.finish().unwrap();
    let mut source = open(file(&packed).path(), &UploadOptions::default()).unwrap();
    let error = loop {
        match source.rows.next_batch() {
            Ok(Some(_)) => {}
            Ok(None) => panic!("read to its end"),
            Err(error) => break error,
        }
    };
    assert!(error.to_string().contains("250 times"), "{error}");
}

#[test]
fn a_truncated_archive_says_how_far_it_could_be_read() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(b"id,text\n").unwrap();
    let mut state = 1u32;
    for n in 0..400_000u32 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        gzip.write_all(format!("{n},{state:x}\n").as_bytes()).unwrap();
    }
    let whole = gzip.finish().unwrap();
    let said = refusal(&whole[..whole.len() / 2]);
    assert!(
        said.contains("ends in the middle, after ") && said.contains(" bytes"),
        "{said}"
    );
    let row: i64 = said
        .rsplit_once("row ")
        .unwrap()
        .1
        .trim_end_matches('.')
        .parse()
        .unwrap();
    assert!((100_000..300_000).contains(&row), "{said}");
    let mut damaged = whole.clone();
    damaged[whole.len() / 2] ^= 0x55;
    let said = refusal(&damaged);
    assert!(said.contains("archive is damaged after "), "{said}");
}

#[test]
fn archives_in_archives() {
    let zip = |name: &str, bytes: &[u8]| {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
        zip.finish().unwrap().into_inner()
    };
    let inner = zip("data.csv", b"a,b\n1,2\n");
    assert!(refusal(&zip("inner.zip", &inner)).contains("archive inside an archive"));
    let workbook = samples::xlsx(&[("S", &[&["a", "b"], &["1", "x"]])]);
    let (source, rows, _) = read(&zip("table.xlsx", &workbook)).unwrap();
    assert_eq!(
        (source.encoding.as_str(), rows),
        ("XLSX", vec![vec!["1".to_owned(), "x".into()]])
    );
}
