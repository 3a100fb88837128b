use super::*;
use datafusion::arrow::array::{
    BinaryArray, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array, ListArray, StringArray,
    TimestampMicrosecondArray,
};
use datafusion::arrow::datatypes::Int32Type;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use std::io::{Read, Seek, SeekFrom, Write as _};
use std::sync::Arc;

fn written(columns: Vec<(&str, ArrayRef)>, compression: Compression) -> File {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .set_max_row_group_row_count(Some(1000))
        .build();
    let mut file = tempfile::tempfile().unwrap();
    let mut writer = ArrowWriter::try_new(file.try_clone().unwrap(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    file.seek(SeekFrom::Start(0)).unwrap();
    file
}

fn rows(file: File) -> Vec<Vec<String>> {
    let mut reader = ParquetRows::open(file).unwrap();
    let columns = reader.columns().len();
    let mut rows = Vec::new();
    while let Some(cells) = reader.next(700).unwrap() {
        let mut start = 0;
        let texts: Vec<String> = cells
            .ends
            .iter()
            .map(|end| {
                let text = String::from_utf8(cells.bytes[start..*end as usize].to_vec()).unwrap();
                start = *end as usize;
                text
            })
            .collect();
        assert_eq!(texts.len(), cells.rows * columns);
        rows.extend(texts.chunks(columns).map(<[String]>::to_vec));
    }
    rows
}

fn refusal(file: File) -> String {
    let failed = |error| match error {
        Unreadable::Refused(reason) => reason,
        Unreadable::Disk(error) => panic!("{error}"),
    };
    match ParquetRows::open(file) {
        Err(error) => failed(error),
        Ok(mut reader) => loop {
            match reader.next(100) {
                Ok(Some(_)) => {}
                Ok(None) => panic!("read to its end"),
                Err(error) => break failed(error),
            }
        },
    }
}

#[test]
fn each_type_as_text() {
    let columns = || -> Vec<(&'static str, ArrayRef)> {
        vec![
            (
                "id",
                Arc::new(Int64Array::from(vec![Some(9_007_199_254_740_993), None])),
            ),
            (
                "name",
                Arc::new(StringArray::from(vec![Some("Zoë 😀 \"x\", שלום"), None])),
            ),
            ("price", Arc::new(Float64Array::from(vec![Some(0.1), Some(1e7)]))),
            (
                "total",
                Arc::new(
                    Decimal128Array::from(vec![Some(123_456), Some(-5)])
                        .with_precision_and_scale(20, 3)
                        .unwrap(),
                ),
            ),
            ("day", Arc::new(Date32Array::from(vec![Some(14_944), None]))),
            (
                "at",
                Arc::new(TimestampMicrosecondArray::from(vec![Some(1_291_191_960_000_000), None]).with_timezone("UTC")),
            ),
            (
                "local",
                Arc::new(TimestampMicrosecondArray::from(vec![Some(1_291_191_960_500_000), None])),
            ),
            ("yes", Arc::new(BooleanArray::from(vec![Some(true), Some(false)]))),
            ("bytes", Arc::new(BinaryArray::from(vec![Some("é".as_bytes()), None]))),
        ]
    };
    let expected = [
        [
            "9007199254740993",
            "Zoë 😀 \"x\", שלום",
            "0.1",
            "123.456",
            "2010-12-01",
            "2010-12-01T08:26:00Z",
            "2010-12-01T08:26:00.500",
            "true",
            "é",
        ],
        ["", "", "10000000", "-0.005", "", "", "", "false", ""],
    ];
    for compression in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(Default::default()),
        Compression::ZSTD(ZstdLevel::default()),
        Compression::LZ4_RAW,
        Compression::BROTLI(Default::default()),
    ] {
        assert_eq!(rows(written(columns(), compression)), expected, "{compression:?}");
    }
}

#[test]
fn rows_across_batches_and_groups() {
    let numbers: ArrayRef = Arc::new(Int64Array::from_iter_values(0..5000));
    let words: ArrayRef = Arc::new(StringArray::from_iter_values(
        (0..5000).map(|n| format!("word {}", n % 7)),
    ));
    let file = written(vec![("n", numbers), ("word", words)], Compression::SNAPPY);
    let rows = rows(file);
    assert_eq!(rows.len(), 5000);
    for (n, row) in rows.iter().enumerate() {
        assert_eq!(*row, [n.to_string(), format!("word {}", n % 7)]);
    }
}

#[test]
fn what_is_no_table_is_refused_by_name() {
    let lists: ArrayRef = Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(vec![Some(vec![
        Some(1),
        Some(2),
    ])]));
    let number: ArrayRef = Arc::new(Int64Array::from(vec![1]));
    let said = refusal(written(
        vec![("id", number.clone()), ("basket", lists)],
        Compression::SNAPPY,
    ));
    assert!(said.contains("basket") && !said.contains("id,"), "{said}");
    let bytes: ArrayRef = Arc::new(BinaryArray::from(vec![Some(b"\xff\xfe".as_slice())]));
    let said = refusal(written(vec![("id", number), ("picture", bytes)], Compression::SNAPPY));
    assert!(said.contains("picture"), "{said}");
}

/// Every damage is refused or read; nothing panics, hangs or takes memory that the file is not worth.
#[test]
fn damaged_files() {
    let words: ArrayRef = Arc::new(StringArray::from_iter_values(
        (0..3000).map(|n| format!("word {}", n % 700)),
    ));
    let numbers: ArrayRef = Arc::new(Int64Array::from_iter_values(0..3000));
    let mut whole = Vec::new();
    let columns = vec![("word", words), ("n", numbers)];
    written(columns, Compression::SNAPPY).read_to_end(&mut whole).unwrap();
    let read = |bytes: &[u8]| {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        let Ok(mut reader) = ParquetRows::open(file) else {
            return;
        };
        while let Ok(Some(cells)) = reader.next(1000) {
            assert!(cells.bytes.len() < 64 << 20);
        }
    };
    for length in [0, 4, 8, 12, whole.len() / 2, whole.len() - 1] {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&whole[..length]).unwrap();
        assert!(refusal(file).contains("Parquet"));
    }
    // A generator of its own keeps the test the same everywhere.
    let mut state = 88_172_645_463_325_252u64;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    for _ in 0..400 {
        let mut bytes = whole.clone();
        for _ in 0..=next(4) {
            // Half of the damage where the sizes stand: in the footer and at the head of the pages.
            let at = if next(2) == 0 {
                bytes.len() - 1 - next(600)
            } else {
                next(bytes.len())
            };
            bytes[at] = next(256) as u8;
        }
        read(&bytes);
    }
}

#[test]
fn a_page_that_asks_for_too_much_is_refused() {
    let zeros: ArrayRef = Arc::new(StringArray::from(vec!["0".repeat(300 << 20)]));
    let file = written(vec![("zeros", zeros)], Compression::ZSTD(ZstdLevel::default()));
    assert!(file.metadata().unwrap().len() < 1 << 20);
    let said = refusal(file);
    assert!(said.contains("zeros") && said.contains("300 MB"), "{said}");
}
