//! Why rows were not taken, and why a file was not, in the language of the page. Rows bring codes; what was said of a whole file is kept as an
//! English sentence and known here by its form.

use crate::i18n::{Lang, named, named_with};
use crate::said;
use crate::t;
use types::uploads::{Fault, FaultCode, RejectedRow};

/// What is wrong with a row, fault by fault, each with what to do.
pub fn of_row(lang: Lang, reject: &RejectedRow) -> Vec<String> {
    reject.faults.iter().map(|fault| of_fault(lang, fault)).collect()
}

fn of_fault(lang: Lang, fault: &Fault) -> String {
    let expected = match fault.code {
        FaultCode::NotADateInOrder => named(lang, "date-order-", &fault.expected),
        FaultCode::NotAChoice => {
            let words = fault.expected.split(", ").map(|word| named(lang, "word-", word));
            words.collect::<Vec<_>>().join(t!(lang, "list-separator").as_str())
        }
        FaultCode::Other => return of_file(lang, &fault.value),
        _ => fault.expected.clone(),
    };
    named_with(
        lang,
        "reject-says-",
        fault.code.as_str(),
        [("value", fault.value.clone().into()), ("expected", expected.into())],
    )
}

/// The fields at fault by their names.
pub fn fields(lang: Lang, reject: &RejectedRow) -> String {
    let mut names: Vec<String> = Vec::new();
    for fault in reject.faults.iter().filter(|fault| !fault.field.is_empty()) {
        let name = named(lang, "field-", &fault.field);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() {
        return t!(lang, "reject-whole-row");
    }
    names.join(t!(lang, "list-separator").as_str())
}

/// Sentences about a whole file or job: a key, and the English with `{}` where something is named.
const SENTENCES: &[(&str, &str)] = &[
    ("refused-empty", "The file is empty."),
    ("refused-no-rows", "The file has a header and no rows below it."),
    ("refused-no-header", "The file has no header: it holds no text."),
    ("refused-header", "The header cannot be read: {}."),
    (
        "refused-zip-broken",
        "The zip archive cannot be read: {}. It may have arrived incompletely; pack and send it again.",
    ),
    (
        "refused-zip-many",
        "The zip archive holds {} files. Pack exactly one, because one upload is one table.",
    ),
    ("refused-zip-empty", "The zip archive is empty."),
    (
        "refused-zip-locked",
        "The zip archive is locked with a password. Pack the file without one.",
    ),
    (
        "refused-zip-checksum",
        "The zip archive is damaged: its checksum does not fit. Pack and send it again.",
    ),
    (
        "refused-archive-cut",
        "The {} archive ends in the middle, after {} unpacked bytes. Pack and send it again.",
    ),
    (
        "refused-archive-bomb",
        "The {} archive unpacks to more than {} times its size; it was not read any further. Upload the file itself.",
    ),
    (
        "refused-archive-nested",
        "This is an archive inside an archive. Unpack the outer one.",
    ),
    ("refused-pdf", "This is a PDF document. Export the table as CSV{}"),
    ("refused-picture", "This is a picture. Upload a table{}"),
    (
        "refused-rar",
        "This is a RAR archive. Unpack it, or pack the one file as zip or gzip.",
    ),
    (
        "refused-seven",
        "This is a 7z archive. Unpack it, or pack the one file as zip or gzip.",
    ),
    (
        "refused-packed",
        "This file is packed with {}. Unpack it, or pack it as gzip.",
    ),
    (
        "refused-arrow",
        "This is an Arrow file. Save it as Parquet or CSV and upload that.",
    ),
    (
        "refused-sqlite",
        "This is an SQLite database. Export the table as CSV and upload that.",
    ),
    (
        "refused-markup",
        "This is a web page or an XML document, whatever its name says. Open it in a spreadsheet program and save it as XLSX or CSV.",
    ),
    (
        "refused-utf-32",
        "This is text in UTF-32. Save it as UTF-8 and upload that.",
    ),
    (
        "refused-no-text",
        "This is not a text file: its bytes are control characters, the first of them byte {}. Upload a table as text, XLSX, XLS, ODS or Parquet.",
    ),
    ("refused-columns", "The file has more than {} columns."),
    (
        "refused-book-damaged",
        "The workbook is damaged or incomplete. Open it in a spreadsheet program and save it as XLSX.",
    ),
    (
        "refused-book-cut",
        "The workbook is damaged: its sheet ends in the middle. Save it again in a spreadsheet program, or as CSV.",
    ),
    ("refused-book-part", "The workbook is damaged: it has no part {}."),
    (
        "refused-book-locked",
        "The workbook is locked with a password. Save it without one.",
    ),
    (
        "refused-book-large",
        "The workbook holds more than {} MB of text, which is the most that is read. Save the sheet as CSV (UTF-8) and upload that.",
    ),
    (
        "refused-book-binary",
        "This is a binary workbook (XLSB). Save it as XLSX and upload that.",
    ),
    (
        "refused-book-empty",
        "The workbook holds no table: all its sheets are empty.",
    ),
    (
        "refused-book-none",
        "This Office file holds no workbook. Save the table as XLSX or CSV.",
    ),
    (
        "refused-book-old",
        "This XLS file is larger than {} MB, which is the most that is read. Save it as XLSX or CSV.",
    ),
    (
        "refused-document",
        "This is a document, not a spreadsheet. Copy its table into a spreadsheet and upload that.",
    ),
    (
        "refused-numbers",
        "This is a Numbers document. Export it as XLSX or CSV and upload that.",
    ),
    ("refused-sheet-empty", "The sheet “{}” is empty."),
    ("refused-sheet-none", "The workbook has no sheet “{}”; it has {}."),
    ("refused-left-of-table", "the row has a cell to the left of the table"),
    (
        "refused-broken-cell",
        "a cell points at a text that the workbook does not have",
    ),
    ("refused-zip", "The zip archive cannot be read: {}."),
    ("refused-cut", "The archive ends in the middle. Pack and send it again."),
    ("refused-no-column", "the file has no column “{}”; it has {}"),
    ("refused-not-mapped", "is needed for {} and is not mapped to a column"),
    ("refused-only-customers", "only customers have extra attributes"),
];

/// A sentence of the engine about a file or a job, in the language of the page; one that is not known here stays as it is.
pub fn of_file(lang: Lang, english: &str) -> String {
    let bare = english.strip_prefix("file: ").unwrap_or(english);
    if lang == Lang::En {
        return bare.to_owned();
    }
    SENTENCES
        .iter()
        .find_map(|(key, form)| {
            let held = held(form, bare)?;
            let first = held.first().copied().unwrap_or_default().to_owned();
            let second = held.get(1).copied().unwrap_or_default().to_owned();
            Some(named_with(
                lang,
                "refused-",
                &key["refused-".len()..],
                [("value", first.into()), ("expected", second.into())],
            ))
        })
        // Whatever is not about files is said for all pages alike.
        .unwrap_or_else(|| said::reason(lang, &said::sentence(lang, bare)))
}

/// What stands where the form has `{}`; nothing when the sentence has another form.
fn held<'a>(form: &str, sentence: &'a str) -> Option<Vec<&'a str>> {
    let mut pieces = form.split("{}");
    let mut rest = sentence.strip_prefix(pieces.next()?)?;
    let mut found = Vec::new();
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        let end = if pieces.peek().is_none() {
            rest.ends_with(piece).then(|| rest.len() - piece.len())?
        } else {
            rest.find(piece)?
        };
        found.push(&rest[..end]);
        rest = &rest[end + piece.len()..];
    }
    rest.is_empty().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_said_in_both_languages_with_its_place() {
        for lang in Lang::ALL {
            for code in FaultCode::ALL {
                let fault = Fault::of("total", code).value("7x").expected("day_month_year");
                let said = of_fault(lang, &fault);
                assert!(!said.contains("reject-says"), "{said}");
                if !fault.english().contains("7x") {
                    continue;
                }
                assert!(said.contains("7x"), "{said}");
            }
        }
        let fault = Fault::of("ordered_at", FaultCode::NotADateInOrder)
            .value("31/31/2020")
            .expected("day_month_year");
        assert!(of_fault(Lang::ZhCn, &fault).contains("日、月、年"));
    }

    #[test]
    fn what_is_said_of_a_file_is_known_by_its_form() {
        assert_eq!(held("a {} b {} c", "a 1 b 2 c"), Some(vec!["1", "2"]));
        assert_eq!((held("a {}.", "b 1."), held("a {}.", "a 1")), (None, None));
        let said = of_file(Lang::ZhCn, "file: The zip archive cannot be read: no entries.");
        assert!(said.contains("no entries") && !said.contains("cannot"), "{said}");
        assert_eq!(of_file(Lang::ZhCn, "Something new."), "Something new.");
        assert_eq!(of_file(Lang::ZhCn, "Job 12 has already ended."), "任务 12 已经结束。");
        for (key, form) in SENTENCES {
            let english = form.replace("{}", "7x");
            let said = of_file(Lang::ZhCn, &english);
            assert!(said != english && !said.starts_with("refused-"), "{key}: {said}");
            assert_eq!(of_file(Lang::En, &english), english);
        }
    }
}
