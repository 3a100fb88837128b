//! Rows of delimited text, of fixed widths and of blanks.

use super::*;

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
fn what_is_not_a_table_says_so() {
    assert!(refusal(b"").contains("empty"));
    assert!(refusal(b"\n\n").contains("no header"));
    assert!(refusal(b"%PDF-1.7 ...").contains("PDF"));
    for markup in [
        "<!DOCTYPE html><table>",
        "\u{feff}<?xml version=\"1.0\"?><Workbook>",
        " <table><tr><td>",
    ] {
        assert!(refusal(markup.as_bytes()).contains("web page"), "{markup}");
    }
    assert!(refusal(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0").contains("not a text file"));
    assert!(read(b"a,b,c\n").unwrap().1.is_empty());
}

#[test]
fn the_columns_of_a_reject_file_are_passed_over() {
    let (source, rows, _) = read(b"a,b,row,field,reason\n1,2,7,a,bad\n").unwrap();
    assert_eq!(source.columns, ["a", "b"]);
    assert_eq!(rows[0].len(), 5);
}

fn with(json: &str) -> UploadOptions {
    serde_json::from_str(json).unwrap()
}

#[test]
fn line_ends_of_every_kind() {
    for text in [
        "a,b\r1,\"x\ry\"\r3,4\r",
        "a,b\r\n1,\"x\ry\"\r\n3,4",
        "\n\na,b\n\n1,\"x\ry\"\n3,4\n\n",
    ] {
        let (source, rows, faults) = read(text.as_bytes()).unwrap();
        assert_eq!((source.columns.len(), source.delimiter.as_str()), (2, ","), "{text:?}");
        assert_eq!(rows, [["1", "x\ry"], ["3", "4"]], "{text:?}");
        assert_eq!(faults, [None, None]);
    }
    for text in ["a b c\r1 2 3\r\n4 5 6\n\r\n7 8 9", "a b c\n1 2 3\n4 5 6\n7 8 9\n"] {
        let (source, rows, _) = read(text.as_bytes()).unwrap();
        assert_eq!(source.delimiter, "blanks");
        assert_eq!(rows, [["1", "2", "3"], ["4", "5", "6"], ["7", "8", "9"]], "{text:?}");
    }
}

#[test]
fn each_delimiter_is_found() {
    for (delimiter, shown) in [(",", ","), (";", ";"), ("|", "|"), ("\t", "tab")] {
        let text = format!("id{delimiter}text\n1{delimiter}\"a{delimiter}b, c; d | e\"\n2{delimiter}x y\n");
        let (source, rows, _) = read(text.as_bytes()).unwrap();
        assert_eq!((source.delimiter.as_str(), rows[1][1].as_str()), (shown, "x y"));
        assert_eq!(rows[0][1], format!("a{delimiter}b, c; d | e"));
    }
    // One column of sentences is not a table of words.
    let (source, rows, _) = read("text\nvery good\nnot bad at all\n好 用\n".as_bytes()).unwrap();
    assert_eq!((source.columns, rows.len()), (vec!["text".to_owned()], 3));
    assert!(read_with(b"a,b\n1,2\n", &with(r#"{"delimiter":"x"}"#)).is_err());
    assert_eq!(
        read_with(b"a,b;c\n1,2;3\n", &with(r#"{"delimiter":";"}"#)).unwrap().1,
        [["1,2", "3"]]
    );
}

#[test]
fn runs_of_blanks() {
    let text =
        "  id   name\t at \n  1  \"Li \"\"Lei\"\" \"  2020-01-01  \n  2  x 2020-01-02\n 3 \"open 2020-01-03\n 4 y\n";
    let (source, rows, faults) = read_with(text.as_bytes(), &with(r#"{"delimiter":"blanks"}"#)).unwrap();
    assert_eq!(source.columns, ["id", "name", "at"]);
    assert_eq!(rows[0], ["1", "Li \"Lei\" ", "2020-01-01"]);
    assert_eq!(
        (rows[1].join("|"), rows[3].join("|")),
        ("2|x|2020-01-02".into(), "4|y".into())
    );
    assert_eq!(faults, [None, None, Some(RowFault::OpenQuote), None]);
}

#[test]
fn fixed_widths_count_characters() {
    let widths = with(r#"{"widths":[4,6,10]}"#);
    let text =
        "no  name  day       \n1   Zoë   2020-01-01\n2   李雷    2020-01-02\n\n3   \"x\n4   ok    2020-01-04 beyond\n";
    let (source, rows, faults) = read_with(text.as_bytes(), &widths).unwrap();
    assert_eq!(
        (source.delimiter.as_str(), source.columns.join("|")),
        ("widths", "no|name|day".into())
    );
    let trimmed: Vec<Vec<&str>> = rows
        .iter()
        .map(|row| row.iter().map(|cell| cell.trim()).collect())
        .collect();
    assert_eq!(trimmed[0], ["1", "Zoë", "2020-01-01"]);
    assert_eq!(trimmed[1], ["2", "李雷", "2020-01-02"]);
    assert_eq!(trimmed[2], ["3", "\"x"]);
    assert_eq!(trimmed[3].len(), 4, "what is beyond the last column is a cell too many");
    assert_eq!(faults, [None; 4]);
    let (gb, _, _) = encoding_rs::GB18030.encode(text);
    let chosen = with(r#"{"widths":[4,6,10],"encoding":"gbk"}"#);
    assert_eq!(read_with(&gb, &chosen).unwrap().1, rows);
    for wrong in [r#"{"widths":[0,2]}"#, r#"{"delimiter":"widths"}"#] {
        assert!(
            read_with(b"ab\n", &with(wrong))
                .err()
                .unwrap()
                .to_string()
                .contains("widths")
        );
    }
}

#[test]
fn a_file_without_header_keeps_its_first_row() {
    let (source, rows, _) =
        read(b" 00004 0001 19970101  2   29.33\n 00004 0001 19970118  2   29.73\n 00021 0002 19970101  3   63.34\n")
            .unwrap();
    assert_eq!(
        (source.columns[4].as_str(), source.delimiter.as_str()),
        ("column 5", "blanks")
    );
    assert_eq!((rows.len(), rows[0][4].as_str()), (3, "29.33"));
    let (source, rows, _) = read(b"1,2020-01-01 10:00,3.5\n2,2020-01-02 10:00,4\n").unwrap();
    assert_eq!(
        (source.columns[0].as_str(), rows.len(), rows[0][2].as_str()),
        ("column 1", 2, "3.5")
    );
}

#[test]
fn a_zero_byte_spoils_its_row_and_not_the_file() {
    let mut text = b"id,name,city\n".to_vec();
    (0..100).for_each(|n| text.extend(format!("{n},somebody,somewhere\n").bytes()));
    text.extend(b"100,x\0y,z\n");
    let (source, rows, _) = read(&text).unwrap();
    assert_eq!((source.encoding.as_str(), rows[100][1].as_str()), ("UTF-8", "x\0y"));
}

#[test]
fn rows_and_cells_have_an_end() {
    let wide = format!("a,b\n{}\n1,2\n", "x,".repeat(5000));
    let (_, rows, faults) = read(wide.as_bytes()).unwrap();
    assert_eq!(
        (faults, rows[1].join(",")),
        (vec![Some(RowFault::TooManyCells), None], "1,2".into())
    );
    let long = format!("a b c\n1 2 3\n{}\n4 5 6\n7 8 9\n", "x".repeat(5 << 20));
    let (_, rows, faults) = read_with(long.as_bytes(), &with(r#"{"delimiter":"blanks"}"#)).unwrap();
    assert_eq!(
        (faults[1], rows[2].join(",")),
        (Some(RowFault::TooLong), "4,5,6".into())
    );
}
