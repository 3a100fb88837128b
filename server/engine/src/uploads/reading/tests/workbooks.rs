//! Sheets of XLSX, XLS and ODS: which is read, where its table lies, and what its cells say.

use super::samples::{ods, raw_xlsx, record, xls, xlsx};
use super::*;
use rust_xlsxwriter::{Format, Formula, Workbook};

fn sheet(name: &str) -> UploadOptions {
    UploadOptions {
        sheet: Some(name.to_owned()),
        ..UploadOptions::default()
    }
}

#[test]
fn the_first_sheet_with_a_table_unless_another_is_chosen() {
    let file = xlsx(&[
        ("Cover", &[]),
        ("Only a header", &[&["id", "name"]]),
        ("Data", &[&["id", "name"], &["1", "x"]]),
        ("Other data", &[&["no"], &["7"]]),
    ]);
    let (source, rows, _) = read(&file).unwrap();
    assert_eq!((source.encoding.as_str(), source.delimiter.as_str()), ("XLSX", ""));
    assert_eq!(source.sheets, ["Cover", "Only a header", "Data", "Other data"]);
    assert_eq!(
        (source.sheet.as_deref(), rows),
        (Some("Data"), vec![vec!["1".to_owned(), "x".into()]])
    );
    let (source, rows, _) = read_with(&file, &sheet(" other DATA ")).unwrap();
    assert_eq!(
        (source.sheet.as_deref(), rows),
        (Some("Other data"), vec![vec!["7".to_owned()]])
    );
    let said = read_with(&file, &sheet("Nope")).err().unwrap().to_string();
    assert!(said.contains("Cover, Only a header, Data, Other data"), "{said}");
    assert!(
        read_with(&file, &sheet("Cover"))
            .err()
            .unwrap()
            .to_string()
            .contains("is empty")
    );
    assert!(refusal(&xlsx(&[("Cover", &[])])).contains("no table"));
}

#[test]
fn the_table_may_lie_anywhere() {
    let file = xlsx(&[(
        "S",
        &[
            &[],
            &["", "", "Sales of 2026"],
            &["", "", "as of today", "draft"],
            &[],
            &["", "", "id", "name", "", "city", "day", "kind", "sum"],
            &["", "", "1", "x"],
            &[],
            &["", "9", "2", "", "note", "Lyon"],
            &["", "", "3", "y", "", "", "", "", "5", "beyond"],
        ],
    )]);
    let (source, rows, _) = read(&file).unwrap();
    assert_eq!(
        source.columns,
        [
            "column 1", "id", "name", "column 4", "city", "day", "kind", "sum", "column 9"
        ]
    );
    assert_eq!(rows[0], ["", "1", "x"]);
    assert_eq!(rows[1], ["9", "2", "", "note", "Lyon"]);
    assert_eq!(rows[2][8], "beyond");
}

#[test]
fn cells_that_come_late_have_their_own_faults() {
    let mut workbook = Workbook::new();
    let written = workbook.add_worksheet();
    for row in 0..400 {
        written.write_string(row, 2, if row == 0 { "id" } else { "x" }).unwrap();
        written
            .write_string(row, 3, if row == 0 { "name" } else { "y" })
            .unwrap();
    }
    written.write_string(350, 1, "left").unwrap();
    written.write_string(351, 9, "right").unwrap();
    let (source, rows, faults) = read(&workbook.save_to_buffer().unwrap()).unwrap();
    assert_eq!(source.columns, ["id", "name"]);
    assert_eq!(faults[349], Some(RowFault::LeftOfTable));
    assert_eq!(
        (rows[350].len(), faults[350]),
        (8, None),
        "rejected as a row with more cells than the header"
    );
    assert_eq!(faults.iter().flatten().count(), 1);
}

#[test]
fn values_of_xlsx() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let (day, moment) = (
        Format::new().set_num_format("yyyy-mm-dd"),
        Format::new().set_num_format("d/m/yy h:mm"),
    );
    let (time, long, padded) = (
        Format::new().set_num_format_index(20),
        Format::new().set_num_format("[h]:mm:ss"),
        Format::new().set_num_format("00000"),
    );
    for column in 0..12 {
        sheet.write_string(0, column, format!("c{column}")).unwrap();
    }
    sheet.write_number(1, 0, 0.1 + 0.2).unwrap();
    sheet.write_number(1, 1, 1e7).unwrap();
    sheet.write_number_with_format(1, 2, 40513.0, &day).unwrap();
    sheet
        .write_number_with_format(1, 3, 40_513.351_388_888_89, &moment)
        .unwrap();
    sheet.write_number_with_format(1, 4, 0.75, &time).unwrap();
    sheet.write_number_with_format(1, 5, 1.5, &long).unwrap();
    sheet.write_number_with_format(1, 6, 601.0, &padded).unwrap();
    sheet.write_boolean(1, 7, true).unwrap();
    sheet
        .write_formula(1, 8, Formula::new("=1/0").set_result("#DIV/0!"))
        .unwrap();
    sheet
        .write_formula(
            1,
            9,
            Formula::new("=HYPERLINK(\"http://x\")").set_result("=cmd|' /C calc'!A0"),
        )
        .unwrap();
    sheet
        .write_formula(1, 10, Formula::new("=SUM(1,2)").set_result("3"))
        .unwrap();
    sheet.write_string(1, 11, "=1+1").unwrap();
    let (_, rows, _) = read(&workbook.save_to_buffer().unwrap()).unwrap();
    assert_eq!(
        rows[0],
        [
            "0.3",
            "10000000",
            "2010-12-01",
            "2010-12-01 08:26:00",
            "18:00:00",
            "36:00:00",
            "00601",
            "true",
            "#DIV/0!",
            "=cmd|' /C calc'!A0",
            "3",
            "=1+1"
        ]
    );
}

#[test]
fn unusual_ways_to_write_xlsx() {
    let texts = "<si><t>id</t></si><si><r><rPr/><t xml:space=\"preserve\">na</t></r><r><t>me</t></r><rPh sb=\"0\"><t>reading aid</t></rPh></si>\
        <si><t>a_x000D_&#10;b_x005F_x000D_ &lt;&amp;&gt; &#x1F600;</t></si><si/>";
    let formats = r#"<styleSheet><numFmts><numFmt numFmtId="170" formatCode="&quot;am&quot; dd/mm/yyyy"/></numFmts><cellStyleXfs><xf numFmtId="0"/></cellStyleXfs>
        <cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs></styleSheet>"#;
    let data = r#"
        <row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="inlineStr"><is><t>in </t><r><t>line</t></r></is></c></row>
        <row r="2"/>
        <!-- <c><v>9</v></c> -->
        <row r="3"><c r="C3" t="str"><f>A1&amp;"x"</f><v><![CDATA[<x>]]></v></c><c r="A3" s="1"><v>40513</v></c><c r="B3" t="s"><v> 2 </v></c></row>
        <row r="4"><c r="A4"><f>A3+1</f></c><c r="B4" t="s"><v>77</v></c></row>
        <row r="5"><c r="A5" t="d"><v>2020-01-01T10:00:00</v></c><c r="B5" t="b"><v>0</v></c><c r="C5" t="e"><v>#N/A</v></c></row>
        <row r="6"><c r="A6" t="str"><f>A3&amp;""</f><v></v></c><c r="B6"><v>1.0E+3</v></c><c r="C6" t="s"><v>3</v></c></row>"#;
    let (source, rows, faults) = read(&raw_xlsx(data, texts, formats)).unwrap();
    assert_eq!(
        (source.columns.join("|"), source.sheets.join("|")),
        ("id|name|in line".into(), "A & B".into())
    );
    assert_eq!(rows[0], ["2010-12-01", "a\r\nb_x000D_ <&> 😀", "<x>"]);
    assert_eq!(faults[1], Some(RowFault::BrokenCell));
    assert_eq!(rows[2], ["2020-01-01T10:00:00", "false", "#N/A"]);
    assert_eq!(rows[3], ["", "1000"]);
    let uncounted = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" t="inlineStr"><is><t>sum</t></is></c></row>
        <row r="2"><c r="A2"><v>1</v></c><c r="B2"><f>A1*2</f></c></row>
        <row r="3"><c r="A3"><v>2</v></c><c r="B3"><f>A3*2</f><v/></c></row>"#;
    assert_eq!(
        read(&raw_xlsx(uncounted, "", formats)).unwrap().1,
        [["1", "=A1*2"], ["2", "=A3*2"]]
    );
}

#[test]
fn a_workbook_that_is_damaged_says_so() {
    for (data, said) in [
        ("<row><c><v>1", "damaged"),
        ("<!DOCTYPE x><row/>", "document type"),
        ("<row>\u{0}<", "ends in the middle"),
    ] {
        let reason = refusal(&raw_xlsx(data, "", "<styleSheet/>"));
        assert!(reason.contains(said), "{data}: {reason}");
    }
    let file = xlsx(&[("S", &[&["id", "name"], &["1", "x"]])]);
    assert!(refusal(&file[..file.len() / 2]).contains("zip archive"));
    assert!(refusal(&ods("<table:table table:name=\"S\"><table:table-row>")).contains("ends in the middle"));
}

#[test]
fn values_of_ods() {
    let cell = |inside: &str| format!("<table:table-cell {inside}");
    let text = |text: &str| {
        cell(&format!(
            r#"office:value-type="string" calcext:value-type="string"><text:p>{text}</text:p></table:table-cell>"#
        ))
    };
    let tables = [
        r#"<table:table table:name="Empty"><table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>"#.to_owned(),
        format!(
            "<table:table table:name=\"数据\"><table:shapes><draw:frame><text:p>picture</text:p></draw:frame></table:shapes>
            <table:table-column/><table:table-header-rows><table:table-row>{}{}{}{}{}</table:table-row></table:table-header-rows>
            <table:table-row>{}{}{}{}{}<table:table-cell table:number-columns-repeated=\"16379\"/></table:table-row>
            <table:table-row table:number-rows-repeated=\"3\">{}{}<table:covered-table-cell/>{}</table:table-row>
            <table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell/></table:table-row></table:table>",
            text("id"),
            text("text"),
            text("at"),
            text("sum"),
            text("yes"),
            cell(r#"office:value-type="float" office:value="10000000"><text:p>1.00E+07</text:p></table:table-cell>"#),
            text("a<text:s text:c=\"2\"/>b<text:tab/><text:span>c &amp; 😀</text:span><text:line-break/>d<office:annotation><text:p>note</text:p></office:annotation></text:p><text:p>e"),
            cell(r#"office:value-type="date" office:date-value="2010-12-01T08:26:00"><text:p>01.12.10</text:p></table:table-cell>"#),
            cell(r#"table:formula="of:=[.A1]*0.1" office:value-type="currency" office:value="0.30000000000000004"><text:p>0,30 €</text:p></table:table-cell>"#),
            cell(r#"office:value-type="boolean" office:boolean-value="true"><text:p>WAHR</text:p></table:table-cell>"#),
            cell(r#"table:number-columns-repeated="2" office:value-type="float" office:value="7"/>"#),
            cell(r##"office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>"##),
            cell(r#"office:value-type="time" office:time-value="PT08H26M00S"><text:p>08:26</text:p></table:table-cell>"#),
        ),
    ]
    .concat();
    let (source, rows, faults) = read(&ods(&tables)).unwrap();
    assert_eq!(
        (source.encoding.as_str(), source.sheet.as_deref()),
        ("ODS", Some("数据"))
    );
    assert_eq!(
        (source.sheets.join("|"), source.columns.join("|")),
        ("Empty|数据".into(), "id|text|at|sum|yes".into())
    );
    assert_eq!(
        rows[0],
        ["10000000", "a  b\tc & 😀\nd\ne", "2010-12-01 08:26:00", "0.3", "true"]
    );
    assert_eq!(
        rows[1..],
        [
            ["7", "7", "#N/A", "", "08:26:00"],
            ["7", "7", "#N/A", "", "08:26:00"],
            ["7", "7", "#N/A", "", "08:26:00"]
        ]
    );
    assert_eq!(faults, [None; 4]);
}

#[test]
fn repeated_cells_do_not_fill_the_memory() {
    let wide = r#"<table:table table:name="S"><table:table-row><table:table-cell table:number-columns-repeated="3" office:value-type="string"><text:p>id</text:p></table:table-cell></table:table-row>
        <table:table-row table:number-rows-repeated="4000000000"><table:table-cell table:number-columns-repeated="99999" office:value-type="string"><text:p>TEXT</text:p></table:table-cell></table:table-row></table:table>"#;
    let (_, rows, faults) = read(&ods(&wide.replace("4000000000", "500"))).unwrap();
    assert_eq!((rows.len(), faults[0]), (500, Some(RowFault::TooManyCells)));
    let blanks = wide
        .replace("TEXT", "<text:s text:c=\"999999999\"/>x<text:s text:c=\"999999999\"/>")
        .replace("4000000000", "2");
    let (_, _, faults) = read(&ods(&blanks)).unwrap();
    assert!(faults.iter().all(Option::is_some), "{faults:?}");
}

#[test]
fn values_of_xls() {
    let long = "长".repeat(9000);
    let texts = ["id", "text", "at", "sum", "Zoë 😀 שלום", long.as_str()];
    let at =
        |row: u16, column: u16, format: u16| [row.to_le_bytes(), column.to_le_bytes(), format.to_le_bytes()].concat();
    let shared =
        |row: u16, column: u16, text: u32| record(0x00fd, &[at(row, column, 0), text.to_le_bytes().to_vec()].concat());
    let number = |row: u16, column: u16, format: u16, value: f64| {
        record(
            0x0203,
            &[at(row, column, format), value.to_le_bytes().to_vec()].concat(),
        )
    };
    let rk = |value: u32| [[0u8, 0].to_vec(), value.to_le_bytes().to_vec()].concat();
    let formula = |row: u16, column: u16, value: [u8; 8]| {
        record(0x0006, &[at(row, column, 0), value.to_vec(), vec![0; 8]].concat())
    };
    let sheet = vec![
        shared(2, 1, 0),
        shared(2, 2, 1),
        shared(2, 3, 2),
        shared(2, 4, 3),
        number(3, 3, 1, 40_513.351_388_888_89),
        shared(3, 2, 4),
        number(3, 1, 0, 1e7),
        number(3, 4, 0, 0.1 + 0.2),
        // A chart inside the sheet, with a cell of its own.
        record(0x0809, &[0, 6, 0x20, 0, 0, 0, 0, 0]),
        number(3, 9, 0, 99.0),
        record(0x000a, &[]),
        record(
            0x00bd,
            &[
                [4u16.to_le_bytes(), 3u16.to_le_bytes()].concat(),
                rk((40513 << 2) | 2),
                rk((1999 << 2) | 3),
                4u16.to_le_bytes().to_vec(),
            ]
            .concat(),
        ),
        shared(4, 2, 5),
        record(0x0205, &[at(4, 1, 0), vec![1, 0]].concat()),
        formula(5, 1, [0, 0, 0, 0, 0, 0, 0xff, 0xff]),
        record(0x0207, &[4, 0, 0, b'=', b'1', b'+', b'1']),
        formula(5, 2, [2, 0, 0x2a, 0, 0, 0, 0xff, 0xff]),
        formula(5, 4, 2.5f64.to_le_bytes()),
        shared(6, 1, 600),
    ];
    let (source, rows, faults) = read(&xls(&sheet, &texts)).unwrap();
    assert_eq!(
        (source.encoding.as_str(), source.sheet.as_deref()),
        ("XLS", Some("Größe 数据"))
    );
    assert_eq!(source.columns, ["id", "text", "at", "sum"]);
    assert_eq!(rows[0], ["10000000", "Zoë 😀 שלום", "2010-12-01 08:26:00", "0.3"]);
    assert_eq!(rows[1], ["true", long.as_str(), "40513", "19.99"]);
    assert_eq!(rows[2], ["=1+1", "#N/A", "", "2.5"]);
    assert_eq!(faults, [None, None, None, Some(RowFault::BrokenCell)]);
}

#[test]
fn names_survive_a_round_trip() {
    let names = [
        "Zoë \"Q\" O'Brien",
        "😀 👩‍👩‍👧 𠮷野家",
        "שלום עולם",
        "مرحبا",
        "a\nb\tc;d,e|f",
        "&lt; <b> ]]> _x0041_",
        "  x  ",
        "e\u{301}",
    ];
    let rows: Vec<[&str; 2]> = names.iter().map(|name| [*name, "y"]).collect();
    let mut all: Vec<&[&str]> = vec![&["name", "other"]];
    all.extend(rows.iter().map(|row| row.as_slice()));
    let (_, found, _) = read(&xlsx(&[("שם", &all)])).unwrap();
    assert_eq!(found, rows);
    let mut csv = csv::Writer::from_writer(Vec::new());
    all.iter().for_each(|row| csv.write_record(*row).unwrap());
    let csv = csv.into_inner().unwrap();
    let text = String::from_utf8(csv.clone()).unwrap();
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let (gb, _, _) = encoding_rs::GB18030.encode(&text);
    for (bytes, encoding) in [
        (csv, None),
        (utf16, None),
        (gb.into_owned(), Some("gb18030".to_owned())),
    ] {
        let chosen = UploadOptions {
            encoding,
            ..UploadOptions::default()
        };
        let (source, found, _) = read_with(&bytes, &chosen).unwrap();
        assert_eq!(found, rows, "{}", source.encoding);
    }
}

#[test]
fn a_workbook_that_was_changed_on_its_way_is_noticed() {
    let rows: Vec<[String; 2]> = (0..2000)
        .map(|n| [format!("id {n}"), format!("name {}", n * 7919 % 2003)])
        .collect();
    let cells: Vec<Vec<&str>> = rows
        .iter()
        .map(|row| row.iter().map(String::as_str).collect())
        .collect();
    let cells: Vec<&[&str]> = cells.iter().map(Vec::as_slice).collect();
    let whole = xlsx(&[("S", &cells)]);
    let (_, expected, _) = read(&whole).unwrap();
    let mut unnoticed = 0;
    for at in (0..whole.len()).step_by(97) {
        let mut changed = whole.clone();
        changed[at] ^= 0x10;
        if let Ok((_, found, faults)) = read(&changed)
            && faults.iter().all(Option::is_none)
        {
            assert_eq!(found, expected, "byte {at}");
            unnoticed += 1;
        }
    }
    assert!(unnoticed < whole.len() / 97, "some byte matters");
}
