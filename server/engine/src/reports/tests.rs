//! What leaves in a file: guarded, complete, readable.

use super::sheet::column;
use super::*;

fn sheet(rows: Vec<Vec<Cell>>) -> Sheet {
    let columns = vec![
        column("name", Unit::Text),
        column("money", Unit::Money),
        column("share", Unit::Fraction),
    ];
    Sheet {
        name: "sheet",
        columns,
        rows,
    }
}

fn csv_of(sheet: &Sheet) -> String {
    let mut bytes = Vec::new();
    write_csv(sheet, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn no_cell_is_a_formula() {
    for text in ["=cmd|' /C calc'!A0", "+1+cmd", "-2+3", "@SUM(A1)", "\tx", "\rx"] {
        assert_eq!(guarded(text), format!("'{text}"));
    }
    for text in ["-5", "+3.5", "-1e3", "plain", "a=b", ""] {
        assert_eq!(guarded(text), text);
    }
}

#[test]
fn files_open_in_spreadsheets() {
    let text = csv_of(&sheet(vec![vec![
        "汉字, \"x\"".into(),
        (0.1 + 0.2).into(),
        Cell::from(f64::NAN),
    ]]));
    assert_eq!(text, "\u{feff}name,money,share\r\n\"汉字, \"\"x\"\"\",0.3,\r\n");
}

#[test]
fn negative_numbers_stay_numbers() {
    let text = csv_of(&sheet(vec![vec!["-x".into(), (-12.5).into(), (-0.25).into()]]));
    assert!(text.ends_with("'-x,-12.5,-0.25\r\n"), "{text}");
}

#[test]
fn a_workbook_says_what_it_is_about() {
    let about = Report::about("EUR", 7, None, None);
    let rows = vec![vec!["=1+1".into(), 3.5.into(), 0.41.into()]];
    let report = Report {
        name: "x".into(),
        data_version: 7,
        about,
        sheets: vec![sheet(rows)],
    };
    let folder = tempfile::tempdir().unwrap();
    let bytes = write_xlsx(&report, folder.path()).unwrap();
    assert_eq!(&bytes[..2], b"PK");
}

#[test]
fn too_many_rows_for_a_spreadsheet_are_refused_with_a_way_out() {
    let rows = vec![Vec::new(); 1_048_576];
    let report = Report {
        name: "x".into(),
        data_version: 1,
        about: vec![],
        sheets: vec![sheet(rows)],
    };
    let error = write_xlsx(&report, std::path::Path::new("/tmp")).unwrap_err();
    assert!(error.status() == 413 && error.to_string().contains("CSV"));
}
