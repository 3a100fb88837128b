//! Which characters the bytes mean.

use super::*;

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

const TEXT: &str = "编号,\"名 \"\"x\"\"\",emoji\r\n1,雪域 Zoë,😀𠮷\r\n2,שלום,é\u{301}\r\n";

fn utf16(text: &str, big: bool, mark: bool) -> Vec<u8> {
    let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
    units
        .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
        .collect()
}

/// The name that is shown, and the columns and rows as one text.
fn shown(bytes: &[u8], encoding: Option<&str>) -> (String, String) {
    let options = UploadOptions {
        encoding: encoding.map(str::to_owned),
        ..UploadOptions::default()
    };
    let (source, rows, _) = read_with(bytes, &options).unwrap();
    (source.encoding, format!("{:?} {rows:?}", source.columns))
}

#[test]
fn one_text_in_every_encoding_is_the_same_rows() {
    let (name, expected) = shown(TEXT.as_bytes(), None);
    assert_eq!(name, "UTF-8");
    assert!(
        expected.contains("😀𠮷") && expected.contains("名 \\\"x\\\""),
        "{expected}"
    );
    let with_mark = [b"\xef\xbb\xbf", TEXT.as_bytes()].concat();
    let (gb, _, _) = encoding_rs::GB18030.encode(TEXT);
    for (bytes, name) in [
        (with_mark, "UTF-8"),
        (gb.into_owned(), "gb18030"),
        (utf16(TEXT, false, true), "UTF-16LE"),
        (utf16(TEXT, true, true), "UTF-16BE"),
        (utf16(TEXT, false, false), "UTF-16LE"),
        (utf16(TEXT, true, false), "UTF-16BE"),
    ] {
        let (found, text) = shown(&bytes, None);
        assert_eq!((found.as_str(), &text), (name, &expected));
        assert_eq!(shown(&bytes, Some(name)).1, expected, "chosen: {name}");
    }
    // Which way round it is, the mark says.
    assert_eq!(
        shown(&utf16(TEXT, true, true), Some("utf-16")),
        ("UTF-16BE".into(), expected)
    );
}

#[test]
fn characters_are_cut_at_every_place() {
    // Long enough for several chunks; each length puts the ends of the chunks at other places of a character.
    for shift in 0..8 {
        let mut text = format!("n,{}\n", "a".repeat(shift + 1));
        for n in 0..60_000 {
            text.push_str(&format!("{n},雪é😀𠮷ß\n"));
        }
        let expected = "雪é😀𠮷ß";
        let (gb, _, _) = encoding_rs::GB18030.encode(&text);
        for bytes in [
            text.clone().into_bytes(),
            gb.into_owned(),
            utf16(&text, false, true),
            utf16(&text, true, true),
        ] {
            let (source, rows, _) = read(&bytes).unwrap();
            assert_eq!(rows.len(), 60_000, "{}", source.encoding);
            assert!(rows.iter().all(|row| row[1] == expected), "{} {shift}", source.encoding);
            assert!(!source.progress.is_damaged());
        }
    }
}

#[test]
fn marks_inside_the_first_cell() {
    for text in [
        "\u{feff}\u{feff}cat,label\nx,1\n",
        "\"\u{feff}cat\",label\nx,1\n",
        "\u{feff}\"\u{feff}cat\",label\nx,1\n",
    ] {
        assert_eq!(read(text.as_bytes()).unwrap().0.columns, ["cat", "label"], "{text:?}");
    }
}

#[test]
fn what_only_looks_like_text() {
    let utf32: Vec<u8> = "\u{feff}a,b\n1,2\n"
        .chars()
        .flat_map(|c| (c as u32).to_le_bytes())
        .collect();
    assert!(refusal(&utf32).contains("UTF-32"));
    let strange = UploadOptions {
        encoding: Some("hz-gb-2312".into()),
        ..UploadOptions::default()
    };
    assert!(read_with(b"a,b\n1,2\n", &strange).is_err());
}
