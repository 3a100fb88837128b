//! What must hold of every document: nothing is lost, nothing stands outside its sheet, the same document gives the same bytes.

use super::layout::set;
use super::pages::{HEIGHT, Picture, RIGHT, Sheet};
use super::{Block, Cell, Column, Document, Figure, Table, pdf};
use crate::tests::samples;

fn long_table(rows: usize) -> Table {
    Table {
        title: "活动 Campaigns".into(),
        subtitle: "EUR, net of refunds".into(),
        columns: vec![
            Column::text("Campaign"),
            Column::number("Cost"),
            Column::number("Revenue, net"),
            Column::text("Evidence"),
        ],
        rows: (0..rows)
            .map(|row| {
                vec![
                    Cell::two(format!("Row {row} 国庆节会员日 <b>&"), "E-mail · 1 to 8 October"),
                    Cell::new("€ 1,234.50"),
                    Cell::new("€ 123,456.70"),
                    Cell::new("not proven"),
                ]
            })
            .collect(),
        sum: Some(vec![Cell::new("All together"), Cell::new("€ 9"), Cell::new("€ 10")]),
    }
}

fn document(rows: usize) -> Document {
    let figure = |name: &str| Figure {
        name: name.into(),
        value: "€ 1.45 M".into(),
        note: "after € 75,527 of refunds, which is a note of several lines in a narrow place".into(),
    };
    Document {
        title: "Campaigns 营销活动".into(),
        lead: "7 campaigns cost € 312,112 and brought € 1.45 M net of refunds.".into(),
        blocks: vec![
            Block::Figures(
                ["Cost", "Revenue", "ROI", "ROAS", "CAC", "Payback"]
                    .map(figure)
                    .to_vec(),
            ),
            Block::Chart(Box::new(samples::campaigns(samples::Language::Chinese))),
            Block::Table(long_table(rows)),
            Block::Text {
                title: "Did it work?".into(),
                sentences: vec!["Yes. 32.44 % ordered.".into(), "是的。".into()],
            },
        ],
        foot: "Data version 9, up to 21 Nov 2026.".into(),
        language: "en".into(),
    }
}

/// Base lines of the texts of a sheet, and the texts.
fn texts(sheet: &Sheet) -> Vec<(f64, String)> {
    let marks = sheet.pictures().next().unwrap();
    let value = |element: &str, name: &str| -> f64 {
        let from = element.split(&format!(" {name}=\"")).nth(1).unwrap();
        from.split('"').next().unwrap().parse().unwrap()
    };
    marks
        .svg
        .split("<text")
        .skip(1)
        .map(|element| {
            assert!(value(element, "x") <= RIGHT + 0.01, "{element}");
            let text = element.split('>').nth(1).unwrap().split("</text").next().unwrap();
            (value(element, "y"), text.to_owned())
        })
        .collect()
}

#[test]
fn every_row_is_printed_once_and_inside_its_sheet() {
    let sheets = set(&document(200));
    assert!(sheets.len() >= 5, "{}", sheets.len());
    let all: Vec<(f64, String)> = sheets.iter().flat_map(texts).collect();
    assert!(all.iter().all(|(y, _)| (30.0..HEIGHT - 20.0).contains(y)));
    for row in 0..200 {
        let start = format!("Row {row} ");
        let printed = all.iter().filter(|(_, text)| text.starts_with(&start)).count();
        assert_eq!(printed, 1, "{start}");
    }
    for sheet in &sheets {
        let here = texts(sheet);
        let rows = here.iter().filter(|(_, text)| text.starts_with("Row ")).count();
        let heads = here.iter().filter(|(_, text)| text == "Evidence").count();
        assert_eq!(heads, usize::from(rows > 0), "each sheet with rows says what they are");
        assert!(here.iter().any(|(_, text)| text.starts_with("Data version 9")));
        let below = |picture: &Picture| picture.y + picture.height <= HEIGHT;
        assert!(sheet.pictures().all(below));
    }
    assert!(all.iter().any(|(_, text)| text == &format!("1 / {}", sheets.len())));
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let bytes = pdf(&document(60)).unwrap();
    assert!(bytes.starts_with(b"%PDF-"));
    assert_eq!(bytes, pdf(&document(60)).unwrap());
    assert_ne!(bytes, pdf(&document(61)).unwrap());
}

#[test]
fn an_empty_document_is_one_sheet() {
    assert_eq!(set(&Document::default()).len(), 1);
    assert!(pdf(&Document::default()).unwrap().starts_with(b"%PDF-"));
}
