//! Any bytes, and files of every format with bytes changed, cut off and doubled: reading ends, does not panic, and stays small. The changes are
//! drawn with a fixed seed.

use super::samples::{ods, record, xls, xlsx};
use super::*;
use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::time::{Duration, Instant};

/// Reads to the end or to a refusal. No batch may be larger than what a row and a batch may hold.
pub fn endure(bytes: &[u8], options: &UploadOptions) {
    let file = file(bytes);
    let Ok(mut source) = open(file.path(), options) else {
        return;
    };
    let begun = Instant::now();
    let mut rows = 0;
    while let Ok(Some(batch)) = source.rows.next_batch() {
        rows += batch.rows.len();
        assert!(
            batch.bytes.len() <= 2 * (BATCH_BYTES + 4 * MAX_ROW_BYTES),
            "{}",
            batch.bytes.len()
        );
        for row in 0..batch.rows.len() {
            assert!(batch.rows[row].cells as usize <= MAX_COLUMNS + 1);
            drop(batch.texts(row, batch.rows[row].cells as usize));
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{rows} rows and no end");
    }
}

pub fn seeds() -> Vec<(&'static str, Vec<u8>)> {
    let text =
        "id;name;at;sum\r\n1;\"Zoë \"\"Q\"\"\r\nx\";2020-01-01;1.234,50\r\n2;😀 雪;2020-01-02;7\r\n3;\"a;b\";;\r\n"
            .repeat(40);
    let (gb, _, _) = encoding_rs::GB18030.encode(&text);
    let utf16 = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    let rows: Vec<[String; 3]> = (0..60)
        .map(|n| [n.to_string(), format!("name {n} 😀"), "x".repeat(n)])
        .collect();
    let cells: Vec<Vec<&str>> = rows
        .iter()
        .map(|row| row.iter().map(String::as_str).collect())
        .collect();
    let cells: Vec<&[&str]> = cells.iter().map(Vec::as_slice).collect();
    let table = r#"<table:table table:name="S"><table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="3" office:value-type="string"><text:p>a<text:s text:c="3"/>b</text:p></table:table-cell></table:table-row></table:table>"#;
    let at = |row: u16, column: u16| [row.to_le_bytes(), column.to_le_bytes(), [1, 0]].concat();
    let records: Vec<Vec<u8>> = (0..90u16)
        .map(|n| match n % 3 {
            0 => record(0x00fd, &[at(n / 3, 0), vec![(n % 5) as u8, 0, 0, 0]].concat()),
            1 => record(0x0203, &[at(n / 3, 1), 40513.5f64.to_le_bytes().to_vec()].concat()),
            _ => record(
                0x00bd,
                &[
                    (n / 3).to_le_bytes().to_vec(),
                    vec![2, 0, 0, 0, 2, 0, 0, 0, 0, 0, 3, 1, 0, 0, 3, 0],
                ]
                .concat(),
            ),
        })
        .collect();
    vec![
        ("text", text.clone().into_bytes()),
        ("GB18030", gb.into_owned()),
        ("UTF-16", utf16),
        ("gzip", gzip.finish().unwrap()),
        ("XLSX", xlsx(&[("S", &cells), ("T", &cells)])),
        ("ODS", stored(&ods(table))),
        ("XLS", xls(&records, &["id", "name", "é😀", &"long ".repeat(900), "x"])),
    ]
}

/// The parts of a zip without packing and without checksums that notice every change.
fn stored(zip: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(zip)).unwrap();
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let plain = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let name = entry.name().unwrap().into_owned();
        out.start_file(name, plain).unwrap();
        std::io::copy(&mut entry, &mut out).unwrap();
    }
    out.finish().unwrap().into_inner()
}

fn spoil(bytes: &mut Vec<u8>, random: &mut ChaCha8Rng) {
    for _ in 0..random.random_range(1..6) {
        if bytes.is_empty() {
            return;
        }
        let at = random.random_range(0..bytes.len());
        match random.random_range(0..7) {
            0 => bytes[at] = random.random(),
            1 => bytes[at] ^= 1 << random.random_range(0..8),
            2 => bytes.truncate(at),
            3 => drop(bytes.drain(at..(at + random.random_range(1..40)).min(bytes.len()))),
            4 => {
                let piece = bytes[at..(at + random.random_range(1..200)).min(bytes.len())].to_vec();
                bytes.splice(at..at, piece);
            }
            5 => {
                let word = [0u32, u32::MAX, 0x7fff_ffff, 0xffff, 1][random.random_range(0..5)].to_le_bytes();
                for (place, byte) in bytes[at..].iter_mut().zip(word) {
                    *place = byte;
                }
            }
            _ => {
                bytes[at] = *[b'"', b'<', b'>', b'&', b'\n', b'\r', b';', b' ', 0, 0xff]
                    .get(random.random_range(0..10))
                    .unwrap()
            }
        }
    }
}

#[test]
fn spoiled_files_are_read_or_refused() {
    let mut random = ChaCha8Rng::seed_from_u64(20_261_122);
    let begun = Instant::now();
    let mut tries = 0;
    let options: Vec<UploadOptions> = [
        r#"{}"#,
        r#"{"widths":[3,9,20]}"#,
        r#"{"delimiter":"blanks"}"#,
        r#"{"encoding":"utf-16le"}"#,
    ]
    .map(|json| serde_json::from_str(json).unwrap())
    .to_vec();
    for (name, seed) in seeds() {
        assert!(read(&seed).is_ok(), "{name} is whole");
        for _ in 0..400 {
            let mut bytes = seed.clone();
            spoil(&mut bytes, &mut random);
            endure(
                &bytes,
                &options[if random.random_range(0..4) == 0 {
                    random.random_range(0..4)
                } else {
                    0
                }],
            );
            tries += 1;
            assert!(
                begun.elapsed() < Duration::from_secs(120),
                "{tries} files took two minutes"
            );
        }
    }
}

/// The parts of workbooks, spoiled and packed again, so that the damage lies behind checksum and packing.
#[test]
fn spoiled_parts_of_workbooks() {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    for (_, seed) in seeds().into_iter().filter(|(name, _)| matches!(*name, "XLSX" | "ODS")) {
        let mut parts = Vec::new();
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&seed)).unwrap();
        for index in 0..archive.len() {
            let mut entry = archive.by_index(index).unwrap();
            let name = entry.name().unwrap().into_owned();
            let mut bytes = Vec::new();
            std::io::copy(&mut entry, &mut bytes).unwrap();
            parts.push((name, bytes));
        }
        for _ in 0..400 {
            let spoiled = random.random_range(0..parts.len());
            let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
            for (index, (name, bytes)) in parts.iter().enumerate() {
                let mut bytes = bytes.clone();
                if index == spoiled {
                    spoil(&mut bytes, &mut random);
                }
                zip.start_file(name.as_str(), zip::write::SimpleFileOptions::default())
                    .unwrap();
                zip.write_all(&bytes).unwrap();
            }
            endure(&zip.finish().unwrap().into_inner(), &UploadOptions::default());
        }
    }
}

/// How files of the formats begin.
const MAGIC: [&[u8]; 6] = [
    b"PK\x03\x04",
    b"PAR1",
    b"\x1f\x8b\x08",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_text(bytes in proptest::collection::vec(prop_oneof![Just(b','), Just(b'"'), Just(b'\n'), Just(b'\r'), Just(b';'), Just(b' '), any::<u8>()], 1..400)) {
        endure(&bytes, &UploadOptions::default());
    }

    #[test]
    fn any_bytes_behind_the_beginning_of_a_format(
        magic in proptest::sample::select(MAGIC.to_vec()),
        bytes in proptest::collection::vec(any::<u8>(), 0..2000),
    ) {
        endure(&[magic, &bytes].concat(), &UploadOptions::default());
    }

    #[test]
    fn cells_survive_csv(rows in proptest::collection::vec(proptest::collection::vec("\\PC{0,12}", 3..=3), 1..30), kind in 0..4usize) {
        let mut csv = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
        csv.write_record(["id", "名字", "text"]).unwrap();
        rows.iter().for_each(|row| csv.write_record(row).unwrap());
        let text = String::from_utf8(csv.into_inner().unwrap()).unwrap();
        let bytes = match kind {
            0 => text.into_bytes(),
            1 => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            2 => Some(0xfeff).into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
            _ => Some(0xfeff).into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect(),
        };
        let chosen = UploadOptions { delimiter: Some(",".into()), ..UploadOptions::default() };
        let (source, found, _) = read_with(&bytes, &chosen).unwrap();
        prop_assert_eq!(source.columns.len(), 3);
        prop_assert_eq!(found, rows);
    }
}
