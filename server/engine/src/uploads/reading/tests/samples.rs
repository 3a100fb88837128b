//! Workbooks made for the tests.

use super::*;
use rust_xlsxwriter::Workbook;

/// Sheets of texts: name and rows.
pub type Sheet<'a> = (&'a str, &'a [&'a [&'a str]]);

pub fn xlsx(sheets: &[Sheet<'_>]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for (name, rows) in sheets {
        let sheet = workbook.add_worksheet().set_name(*name).unwrap();
        for (row, cells) in rows.iter().enumerate() {
            for (column, text) in cells.iter().enumerate() {
                sheet.write_string(row as u32, column as u16, *text).unwrap();
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

pub fn zip_of(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook whose one sheet has this data, with texts and formats as given.
pub fn raw_xlsx(data: &str, texts: &str, formats: &str) -> Vec<u8> {
    let relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    zip_of(&[
        ("[Content_Types].xml", "<Types/>"),
        (
            "_rels/.rels",
            &format!(
                r#"<Relationships><Relationship Id="rId1" Type="{relation}/officeDocument" Target="/xl/workbook.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            &format!(
                r#"<Relationships><Relationship Id="a" Type="{relation}/worksheet" Target="worksheets/sheet1.xml"/>
                <Relationship Id="b" Type="{relation}/sharedStrings" Target="sharedStrings.xml"/>
                <Relationship Id="c" Type="{relation}/styles" Target="./styles.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/workbook.xml",
            r#"<?xml version="1.0"?><x:workbook xmlns:x="m" xmlns:r="r"><x:sheets><x:sheet name="A &amp; B" sheetId="1" r:id="a"/></x:sheets></x:workbook>"#,
        ),
        (
            "xl/sharedStrings.xml",
            &format!(r#"<sst uniqueCount="99999999999999">{texts}</sst>"#),
        ),
        ("xl/styles.xml", formats),
        (
            "xl/worksheets/sheet1.xml",
            &format!("<worksheet><sheetData>{data}</sheetData></worksheet>"),
        ),
    ])
}

/// An ODS workbook with these tables.
pub fn ods(tables: &str) -> Vec<u8> {
    zip_of(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", "<manifest:manifest/>"),
        (
            "content.xml",
            &format!(
                "<office:document-content><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
            ),
        ),
    ])
}

/// A record of an XLS workbook.
pub fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// An XLS workbook with one sheet of these records, and these texts in its table of texts. A text longer than 4,000 characters goes over into
/// the next record, as it must.
pub fn xls(sheet: &[Vec<u8>], texts: &[&str]) -> Vec<u8> {
    let begin = record(0x0809, &[0x00, 0x06, 0x05, 0x00, 0, 0, 0, 0]);
    let end = record(0x000a, &[]);
    let mut table = vec![Vec::from([0u8; 8])];
    for text in texts {
        let units: Vec<u16> = text.encode_utf16().collect();
        let head = [&(units.len() as u16).to_le_bytes()[..], &[1]].concat();
        if table.last().unwrap().len() + head.len() + 2 * units.len() > 8000 {
            table.push(Vec::new());
        }
        table.last_mut().unwrap().extend(head);
        for (at, piece) in units.chunks(3900).enumerate() {
            if at > 0 {
                table.push(vec![1]);
            }
            table
                .last_mut()
                .unwrap()
                .extend(piece.iter().flat_map(|unit| unit.to_le_bytes()));
        }
    }
    let strings: Vec<u8> = table
        .iter()
        .enumerate()
        .flat_map(|(at, piece)| record(if at == 0 { 0x00fc } else { 0x003c }, piece))
        .collect();
    let date = record(
        0x041e,
        &[
            &164u16.to_le_bytes()[..],
            &10u16.to_le_bytes(),
            &[1],
            &wide("yyyy\\-mm\\-")[..20],
        ]
        .concat(),
    );
    let formats: Vec<u8> = [0u16, 164]
        .iter()
        .flat_map(|id| record(0x00e0, &[&[0, 0], &id.to_le_bytes()[..], &[0; 16]].concat()))
        .collect();
    let name = "Größe 数据";
    let bound = |start: u32| {
        let units = name.encode_utf16().count() as u8;
        record(
            0x0085,
            &[&start.to_le_bytes()[..], &[0, 0, units, 1], &wide(name)].concat(),
        )
    };
    let globals = |start: u32| {
        [
            begin.clone(),
            date.clone(),
            formats.clone(),
            bound(start),
            strings.clone(),
            end.clone(),
        ]
        .concat()
    };
    let start = globals(0).len() as u32;
    let mut stream = globals(start);
    stream.extend(begin);
    sheet.iter().for_each(|cells| stream.extend(cells));
    stream.extend(end);
    compound(stream)
}

/// A compound file with one stream.
fn compound(mut stream: Vec<u8>) -> Vec<u8> {
    let length = stream.len().max(4096);
    stream.resize(length.div_ceil(512) * 512, 0);
    let sectors = (stream.len() / 512) as u32;
    let tables = (sectors + 2).div_ceil(127) + 1;
    let mut header = vec![0u8; 512];
    header[..8].copy_from_slice(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    header[30] = 9;
    header[32] = 6;
    let put = |bytes: &mut Vec<u8>, at: usize, value: u32| bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
    put(&mut header, 44, tables);
    put(&mut header, 48, tables);
    put(&mut header, 56, 4096);
    put(&mut header, 60, u32::MAX - 1);
    put(&mut header, 68, u32::MAX - 1);
    for at in 0..109 {
        put(
            &mut header,
            76 + 4 * at,
            if (at as u32) < tables { at as u32 } else { u32::MAX },
        );
    }
    let mut chain = vec![u32::MAX; tables as usize * 128];
    (0..tables as usize).for_each(|table| chain[table] = u32::MAX - 2);
    chain[tables as usize] = u32::MAX - 1;
    for sector in 0..sectors {
        let at = (tables + 1 + sector) as usize;
        chain[at] = if sector + 1 == sectors {
            u32::MAX - 1
        } else {
            at as u32 + 1
        };
    }
    let entry = |name: &str, kind: u8, start: u32, length: u32| {
        let mut entry = vec![0u8; 128];
        let letters = wide(name);
        entry[..letters.len()].copy_from_slice(&letters);
        entry[64] = letters.len() as u8 + 2;
        entry[66] = kind;
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        entry[120..124].copy_from_slice(&length.to_le_bytes());
        entry
    };
    let mut file = header;
    file.extend(chain.iter().flat_map(|next| next.to_le_bytes()));
    file.extend(entry("Root Entry", 5, u32::MAX - 1, 0));
    file.extend(entry("Workbook", 2, tables + 1, length as u32));
    file.extend([0u8; 256]);
    file.extend(stream);
    file
}
