use super::*;
use std::io::Write;
use types::uploads::UploadOptions;

fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

/// The source, its rows as text, and what is wrong with each.
type Everything = (Source, Vec<Vec<String>>, Vec<Option<RowFault>>);

fn read(bytes: &[u8]) -> Result<Everything> {
    read_with(bytes, &UploadOptions::default())
}

fn read_with(bytes: &[u8], options: &UploadOptions) -> Result<Everything> {
    let mut source = open(file(bytes).path(), options)?;
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    while let Some(batch) = source.rows.next_batch()? {
        for row in 0..batch.rows.len() {
            rows.push(batch.texts(row, batch.rows[row].cells as usize));
            faults.push(batch.rows[row].fault);
        }
    }
    Ok((source, rows, faults))
}

fn refusal(bytes: &[u8]) -> String {
    match read(bytes) {
        Err(error) => error.to_string(),
        Ok((_, rows, _)) => panic!("taken: {rows:?}"),
    }
}

#[test]
fn plain_rows_quotes_and_ragged_ends() {
    let (source, rows, _) = read(b"id, name ,name,\r\n1,\"a \"\"b\"\"\nc\",x\r\n\r\n2\r\n3,,,,y").unwrap();
    assert_eq!(source.columns, ["id", "name", "name (2)", "column 4"]);
    assert_eq!(
        rows,
        [vec!["1", "a \"b\"\nc", "x"], vec!["2"], vec!["3", "", "", "", "y"]]
    );
    assert_eq!((source.encoding.as_str(), source.delimiter.as_str()), ("UTF-8", ","));
}

#[test]
fn an_open_quote_spoils_its_row_only() {
    let (_, rows, faults) = read(b"a,b\n1,2\n3,\"4\n5,6\n").unwrap();
    assert_eq!(rows, [vec!["1", "2"], vec!["3", "4\n5,6\n"]]);
    assert_eq!(faults, [None, Some(RowFault::OpenQuote)]);
    let (_, rows, faults) = read(b"a,b\n1,\"2\"").unwrap();
    assert_eq!((rows, faults), (vec![vec!["1".to_owned(), "2".into()]], vec![None]));
}

#[test]
fn a_row_without_end_stays_small() {
    let mut text = b"a,b\n1,\"".to_vec();
    text.resize(30 << 20, b'x');
    let (_, rows, faults) = read(&text).unwrap();
    assert_eq!((rows.len(), faults), (1, vec![Some(RowFault::OpenQuote)]));
    text.extend_from_slice(b"\"\n2,3\n");
    let (_, rows, faults) = read(&text).unwrap();
    assert_eq!(
        (rows[1].join(","), faults),
        ("2,3".to_owned(), vec![Some(RowFault::TooLong), None])
    );
}

#[test]
fn rows_across_batches_are_numbered() {
    let mut text = String::from("n;text\n");
    for n in 1..=50_000 {
        text.push_str(&format!("{n};value {n}\n"));
    }
    let mut source = open(file(text.as_bytes()).path(), &UploadOptions::default()).unwrap();
    assert_eq!(source.delimiter, ";");
    let mut seen = 0;
    while let Some(batch) = source.rows.next_batch().unwrap() {
        for row in 0..batch.rows.len() {
            seen += 1;
            assert_eq!(batch.first_row + row as i64, seen);
            assert_eq!(batch.cell(row, 0), seen.to_string().as_bytes());
            assert_eq!(batch.cell(row, 1), format!("value {seen}").as_bytes());
        }
    }
    assert_eq!(seen, 50_000);
}

#[test]
fn encodings() {
    let text = "编号,名称,店名\n1,雪域精粹纯粹滋润霜补水保湿,自然堂\n2,凝时鲜颜肌活乳液淡化细纹,自然堂\n";
    let expected = ["1", "雪域精粹纯粹滋润霜补水保湿", "自然堂"];
    let (gb, _, _) = encoding_rs::GB18030.encode(text);
    let (source, rows, _) = read(&gb).unwrap();
    assert_eq!(
        (source.encoding.to_lowercase().as_str(), &rows[0]),
        ("gb18030", &expected.iter().map(|s| s.to_string()).collect())
    );
    let with_bom = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
    assert_eq!(read(&with_bom).unwrap().0.columns[0], "编号");
    let utf16: Vec<u8> = "id,name\n1,Zoë\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let (source, rows, _) = read(&utf16).unwrap();
    assert_eq!((source.encoding.as_str(), rows[0][1].as_str()), ("UTF-16LE", "Zoë"));
    let (latin, _, _) =
        encoding_rs::WINDOWS_1252.encode("ort,name\nKöln,José García Núñez\nMünchen,Günther Groß – Straße\n");
    let (source, rows, _) = read(&latin).unwrap();
    assert_eq!(
        (source.encoding.as_str(), rows[0][0].as_str()),
        ("windows-1252", "Köln")
    );
    let forced = UploadOptions {
        encoding: Some("windows-1252".into()),
        ..UploadOptions::default()
    };
    assert_eq!(read_with("a\né".as_bytes(), &forced).unwrap().1[0][0], "Ã©");
    let unknown = UploadOptions {
        encoding: Some("klingon".into()),
        ..UploadOptions::default()
    };
    assert!(
        read_with(b"a\n1", &unknown)
            .err()
            .unwrap()
            .to_string()
            .contains("klingon")
    );
}

#[test]
fn damaged_utf8_is_noticed() {
    let mut text = b"a,b\n".to_vec();
    text.extend(b"1,fine\n".repeat(300_000));
    text.extend(b"2,br\xc3oken\n");
    let (source, rows, _) = read(&text).unwrap();
    assert!(source.progress.is_damaged() && rows.last().unwrap()[1].contains('\u{fffd}'));
}

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
    assert!(refusal(&zip_of(&["a.csv", "b.csv"])).contains("2 files"));
    assert!(refusal(&zip_of(&["[Content_Types].xml", "xl/workbook.xml"])).contains("spreadsheet"));
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
fn what_is_not_a_table_says_so() {
    assert!(refusal(b"").contains("empty"));
    assert!(refusal(b"\n\n").contains("no header"));
    assert!(refusal(b"%PDF-1.7 ...").contains("PDF"));
    assert!(refusal(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0").contains("not a text file"));
    assert!(read(b"a,b,c\n").unwrap().1.is_empty());
}

#[test]
fn the_columns_of_a_reject_file_are_passed_over() {
    let (source, rows, _) = read(b"a,b,row,field,reason\n1,2,7,a,bad\n").unwrap();
    assert_eq!(source.columns, ["a", "b"]);
    assert_eq!(rows[0].len(), 5);
}

mod any_bytes {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]
        #[test]
        fn never_panic(bytes in proptest::collection::vec(prop_oneof![Just(b','), Just(b'"'), Just(b'\n'), Just(b'\r'), Just(b';'), any::<u8>()], 1..400)) {
            drop(read(&bytes));
        }
    }
}
