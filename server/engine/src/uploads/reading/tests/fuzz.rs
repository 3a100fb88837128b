//! The fuzz target over the readers. As a test it reads files drawn at random, made of pieces that the formats are made of, for a bounded time,
//! in a process whose memory is limited; under a fuzzing engine (`cargo bolero test uploads::reading::tests::fuzz::any_file -p engine`) the engine
//! draws them. Whatever the bytes are: no panic, an end, and memory that does not grow with what the file claims to hold.

use super::damage::{endure, seeds};
use super::*;
use bolero::check;
use std::process::Command;
use std::sync::LazyLock;
use std::time::Duration;

/// So long the test draws files, in the process of the other tests and in one of its own.
const LASTS: [Duration; 2] = [Duration::from_secs(4), Duration::from_secs(12)];
/// Longer than any file of the size drawn here may take to be read.
const LONGEST: usize = 16 << 10;
/// Address space of the process that reads: the program, its threads, and what the largest allowed texts and pages take.
const MEMORY: u64 = 2 << 30;
/// Says to the test that it runs in a process of its own.
const INSIDE: &str = "SILHOUETTE_FUZZ_INSIDE";

static SEEDS: LazyLock<Vec<(&'static str, Vec<u8>)>> = LazyLock::new(seeds);

fn is_inside() -> bool {
    std::env::var_os(INSIDE).is_some()
}

/// The first byte chooses a file that is whole, the next ones change it piece by piece; what is left is put behind it. So a fuzzing engine reaches
/// deep into each format, and plain noise is drawn, too.
fn file_of(input: &[u8]) -> (Vec<u8>, UploadOptions) {
    let Some((choice, rest)) = input.split_first() else {
        return (Vec::new(), UploadOptions::default());
    };
    let options = [
        r#"{}"#,
        r#"{"widths":[3,9,20]}"#,
        r#"{"delimiter":"blanks"}"#,
        r#"{"encoding":"utf-16le"}"#,
        r#"{"encoding":"gb18030"}"#,
        r#"{"delimiter":";"}"#,
        r#"{}"#,
        r#"{}"#,
    ];
    let options = serde_json::from_str(options[usize::from(choice >> 5)]).unwrap();
    let mut bytes = match SEEDS.get(usize::from(choice & 15)) {
        Some((_, seed)) => seed.clone(),
        None => return (rest.to_vec(), options),
    };
    let mut changes = rest.chunks_exact(4);
    for change in changes.by_ref().take(24) {
        let at = usize::from(u16::from_le_bytes([change[0], change[1]])) * 7 % bytes.len().max(1);
        match change[2] % 5 {
            0 => bytes[at] = change[3],
            1 => bytes[at] ^= change[3],
            2 => bytes.truncate(at.max(8)),
            3 => drop(bytes.splice(at..at, [change[3]; 9])),
            _ => drop(bytes.drain(at..(at + usize::from(change[3])).min(bytes.len()))),
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes.extend_from_slice(changes.remainder());
    (bytes, options)
}

#[test]
fn any_file() {
    let lasts = LASTS[usize::from(is_inside())];
    check!()
        .with_max_len(LONGEST)
        .with_test_time(lasts)
        .for_each(|input: &[u8]| {
            let (bytes, options) = file_of(input);
            endure(&bytes, &options);
        });
}

/// Files that claim to hold or unpack to far more than they are.
fn bombs() -> Vec<(&'static str, Vec<u8>)> {
    let zipped = |name: &str, bytes: &[u8], times: usize| {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(b"a,b\n").unwrap();
        (0..times).for_each(|_| zip.write_all(bytes).unwrap());
        zip.finish().unwrap().into_inner()
    };
    let endless = "1".repeat(1 << 20);
    let rows = format!("{}\n", "1".repeat((1 << 20) - 1));
    let repeated = |times: &str| {
        super::samples::ods(&format!(
            r#"<table:table table:name="S"><table:table-row table:number-rows-repeated="{times}"><table:table-cell table:number-columns-repeated="{times}" office:value-type="string"><text:p>a<text:s text:c="{times}"/>b</text:p></table:table-cell></table:table-row></table:table>"#
        ))
    };
    let inner = zipped("a.csv", rows.as_bytes(), 200);
    let mut nested = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    nested
        .start_file("b.zip", zip::write::SimpleFileOptions::default())
        .unwrap();
    nested.write_all(&inner).unwrap();
    let mut many = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for name in 0..30_000 {
        many.start_file(format!("{name}.csv"), zip::write::SimpleFileOptions::default())
            .unwrap();
    }
    vec![
        ("one row without end", zipped("a.csv", endless.as_bytes(), 1_100)),
        ("long rows", zipped("a.csv", rows.as_bytes(), 1_100)),
        ("an archive in an archive", nested.finish().unwrap().into_inner()),
        ("cells that are repeated for ever", repeated("2147483647")),
        (
            "cells that are repeated more often than there can be",
            repeated("99999999999999999999"),
        ),
        ("an archive of very many files", many.finish().unwrap().into_inner()),
        ("a workbook of endless texts", xlsx_with_texts(1_100)),
    ]
}

/// A workbook whose shared texts unpack to so many megabytes.
fn xlsx_with_texts(megabytes: usize) -> Vec<u8> {
    let plain = super::samples::raw_xlsx(r#"<row r="1"><c r="A1" t="s"><v>0</v></c></row>"#, "", "");
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(plain)).unwrap();
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let name = entry.name().unwrap().into_owned();
        out.start_file(name.as_str(), zip::write::SimpleFileOptions::default())
            .unwrap();
        if name.ends_with("sharedStrings.xml") {
            out.write_all(br#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">"#)
                .unwrap();
            let texts = "<si><t>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</t></si>".repeat(1 << 14);
            (0..megabytes).for_each(|_| out.write_all(texts.as_bytes()).unwrap());
            out.write_all(b"</sst>").unwrap();
        } else {
            std::io::copy(&mut entry, &mut out).unwrap();
        }
    }
    out.finish().unwrap().into_inner()
}

/// Run by the next test, in a process of its own: unpacking a gigabyte is worth doing once.
#[test]
fn bombs_are_read_or_refused() {
    if !is_inside() {
        return;
    }
    for (name, bomb) in bombs() {
        assert!(bomb.len() < 12 << 20, "{name} is no bomb: {} bytes", bomb.len());
        endure(&bomb, &UploadOptions::default());
    }
}

/// The same in a process that may not take more memory than this: asking for more would abort it.
#[test]
fn memory_stays_bounded_whatever_a_file_claims() {
    if is_inside() {
        return;
    }
    let module = module_path!().split_once("::").unwrap().1;
    for test in ["any_file", "bombs_are_read_or_refused"] {
        let output = Command::new("prlimit")
            .arg(format!("--as={MEMORY}"))
            .arg(std::env::current_exe().unwrap())
            .args(["--exact", &format!("{module}::{test}"), "--test-threads", "1"])
            .env(INSIDE, "yes")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && said.contains("1 passed"),
            "{test}: {said}\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}
