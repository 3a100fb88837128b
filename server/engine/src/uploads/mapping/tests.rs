use super::clock::Zone;
use super::dates::{self, DateFault};
use super::numbers::{NumberFault, decimal, whole};
use super::*;
use crate::uploads::reading;
use std::io::Write;
use types::uploads::DecimalMark::{Comma, Point};

#[test]
fn numbers_as_people_write_them() {
    let read = |text: &str, mark| decimal(text.as_bytes(), mark, 6).map(|v| v as f64 / 1e6);
    for (text, mark, value) in [
        ("12", Point, 12.0),
        ("-0.5", Point, -0.5),
        ("1,234.50", Point, 1234.5),
        ("1.234,50", Comma, 1234.5),
        ("12,5", Comma, 12.5),
        ("€ 12.30", Point, 12.3),
        ("12.30 EUR", Point, 12.3),
        ("¥1,000", Point, 1000.0),
        ("(3.5)", Point, -3.5),
        ("-$3.5", Point, -3.5),
        ("3-", Point, -3.0),
        ("１２．５", Point, 12.5),
        ("1 234 567", Point, 1_234_567.0),
        ("1'234.5", Point, 1234.5),
        ("12.5 %", Point, 0.125),
        ("1.2E+3", Point, 1200.0),
        ("1e-05", Point, 0.00001),
        (".5", Point, 0.5),
        ("5.", Point, 5.0),
        ("1.429999948", Point, 1.43),
        ("0.0000005", Point, 0.000001),
        ("0.0000004", Point, 0.0),
        ("1.8200000", Point, 1.82),
        ("−2", Point, -2.0),
        ("US$1,200.50", Point, 1200.5),
        ("Rs. 1,23,456", Point, 123_456.0),
        ("3.5万", Point, 35_000.0),
        ("¥１，２００", Point, 1200.0),
        ("R$ 1.200,50", Comma, 1200.5),
    ] {
        assert_eq!(read(text, mark), Ok(value), "{text}");
    }
    for text in [
        "", "-", ".", "abc", "12a", "1,23", "1.2.3", "1,2345", "--1", "12/5", "1e", "NaN", "0x10", ",5",
    ] {
        assert_eq!(read(text, Point), Err(NumberFault::NotANumber), "{text}");
    }
    assert_eq!(read("999999999999.999999", Point), Ok(999_999_999_999.999_999));
    assert_eq!(read("1000000000000", Point), Err(NumberFault::TooLarge));
    assert_eq!(read("1e400", Point), Err(NumberFault::TooLarge));
    assert_eq!(whole(b"3.0", Point), Ok(3));
    assert_eq!(
        (whole(b"-3", Point), whole(b"3.5", Point)),
        (Err(NumberFault::NotANumber), Err(NumberFault::NotANumber))
    );
}

fn moment(text: &str, order: DateOrder, zone: &str) -> String {
    let mut zone = Zone::new(zone.parse().unwrap());
    match dates::instant(text.as_bytes(), order, &mut zone) {
        Ok(micros) => chrono::DateTime::from_timestamp_micros(micros + 946_684_800_000_000)
            .unwrap()
            .format("%Y-%m-%dT%H:%M:%S%.f")
            .to_string(),
        Err(fault) => format!("{fault:?}"),
    }
}

#[test]
fn moments_as_people_write_them() {
    use DateOrder::{DayMonthYear as Dmy, MonthDayYear as Mdy, YearMonthDay as Ymd};
    for (text, order, expected) in [
        ("2010-12-01 08:26:00", Dmy, "2010-12-01T08:26:00"),
        ("2010-12-01", Mdy, "2010-12-01T00:00:00"),
        ("2010-12-01T08:26:00.25Z", Dmy, "2010-12-01T08:26:00.250"),
        ("2010-12-01T08:26:00+02:00", Dmy, "2010-12-01T06:26:00"),
        ("2010-12-01 08:26:00 -0530", Dmy, "2010-12-01T13:56:00"),
        ("2016/11/14", Dmy, "2016-11-14T00:00:00"),
        ("5/2/2010", Dmy, "2010-02-05T00:00:00"),
        ("5/2/2010", Mdy, "2010-05-02T00:00:00"),
        ("12/1/10 8:26", Mdy, "2010-12-01T08:26:00"),
        ("31-08-2023", Dmy, "2023-08-31T00:00:00"),
        ("31.8.2023 7:05 PM", Dmy, "2023-08-31T19:05:00"),
        ("10/2/3", Ymd, "2010-02-03T00:00:00"),
        ("10/02/03", Ymd, "2010-02-03T00:00:00"),
        ("20200221", Dmy, "2020-02-21T00:00:00"),
        ("20200221235959", Dmy, "2020-02-21T23:59:59"),
        ("2020年2月21日 10:05", Dmy, "2020-02-21T10:05:00"),
        ("21 Feb 2020", Dmy, "2020-02-21T00:00:00"),
        ("Feb 21, 2020 12:00 am", Dmy, "2020-02-21T00:00:00"),
        ("Fri, 21 Feb 2020 10:00:00 GMT", Dmy, "2020-02-21T10:00:00"),
        ("21-Sept-99", Dmy, "1999-09-21T00:00:00"),
        ("1582243200", Dmy, "2020-02-21T00:00:00"),
        ("2000-02-29", Dmy, "2000-02-29T00:00:00"),
        ("43882", Dmy, "2020-02-21T00:00:00"),
        ("43882.351388889", Dmy, "2020-02-21T08:26:00"),
        ("99999", Dmy, "NotADate"),
        ("２０２０／２／２１　１０：０５", Dmy, "2020-02-21T10:05:00"),
        ("2020/2/21 下午 3:05:07", Dmy, "2020-02-21T15:05:07"),
        ("2020年2月21日 上午12时30分", Dmy, "2020-02-21T00:30:00"),
        ("2020-02-21 15时05分", Dmy, "2020-02-21T15:05:00"),
        ("21st Feb 2020", Dmy, "2020-02-21T00:00:00"),
        ("February 3rd, 2020", Dmy, "2020-02-03T00:00:00"),
        ("1900-02-29", Dmy, "NotADate"),
        ("2010-13-01", Dmy, "NotADate"),
        ("2010-12-01 25:00:00", Dmy, "NotADate"),
        ("2010-12-01 08:26:00 hello", Dmy, "NotADate"),
        ("13/13/2010", Dmy, "NotADate"),
        ("yesterday", Dmy, "NotADate"),
        ("0001-01-01", Dmy, "FarAway"),
        ("2010-12-012", Dmy, "NotADate"),
    ] {
        assert_eq!(moment(text, order, "UTC"), expected, "{text}");
    }
}

#[test]
fn every_day_agrees_with_the_calendar() {
    let mut day = chrono::NaiveDate::from_ymd_opt(1700, 1, 1).unwrap();
    let epoch = chrono::NaiveDate::from_ymd_opt(2000, 1, 1).unwrap();
    while day <= chrono::NaiveDate::from_ymd_opt(2200, 12, 31).unwrap() {
        assert_eq!(
            dates::date(day.to_string().as_bytes(), DateOrder::DayMonthYear),
            Ok((day - epoch).num_days() as i32)
        );
        day = day.succ_opt().unwrap();
    }
    assert_eq!(
        dates::date(b"1699-12-31", DateOrder::DayMonthYear),
        Err(DateFault::FarAway)
    );
}

#[test]
fn times_without_zone_are_local() {
    use DateOrder::DayMonthYear as Dmy;
    assert_eq!(
        moment("2020-02-21 08:00:00", Dmy, "Asia/Shanghai"),
        "2020-02-21T00:00:00"
    );
    assert_eq!(
        moment("2020-07-01 12:00:00", Dmy, "Europe/Berlin"),
        "2020-07-01T10:00:00"
    );
    // The clock skips 02:30 and shows the other 02:30 twice.
    assert_eq!(
        moment("2020-03-29 02:30:00", Dmy, "Europe/Berlin"),
        "2020-03-29T01:30:00"
    );
    assert_eq!(
        moment("2020-10-25 02:30:00", Dmy, "Europe/Berlin"),
        "2020-10-25T00:30:00"
    );
    assert_eq!(
        moment("2020-07-01T12:00:00Z", Dmy, "Europe/Berlin"),
        "2020-07-01T12:00:00"
    );
}

#[test]
fn words() {
    use super::words::{Choice, boolean, choice};
    assert_eq!(
        (boolean("是"), boolean("No"), boolean("maybe")),
        (Some(true), Some(false), None)
    );
    const GENDERS: &[&str] = &["female", "male", "other"];
    assert_eq!(
        (choice("F", GENDERS), choice("男", GENDERS)),
        (Choice::Ours("female"), Choice::Ours("male"))
    );
    assert_eq!(
        (choice("unknown", GENDERS), choice("7", GENDERS)),
        (Choice::Unknown, Choice::Strange)
    );
    const TOUCHES: &[&str] = &[
        "shown",
        "sent",
        "delivered",
        "opened",
        "clicked",
        "converted",
        "held_out",
    ];
    assert_eq!(
        (choice("Impression", TOUCHES), choice("held out", TOUCHES)),
        (Choice::Ours("shown"), Choice::Ours("held_out"))
    );
}

fn columns(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn suggestions_by_name() {
    let retail = columns(&[
        "InvoiceNo",
        "StockCode",
        "Description",
        "Quantity",
        "InvoiceDate",
        "UnitPrice",
        "CustomerID",
        "Country",
    ]);
    let mapping = suggest(UploadKind::OrderLines, &retail, None);
    let column = |field: &str| match mapping.get(field) {
        Some(Source::Name(name)) => name.clone(),
        other => format!("{other:?}"),
    };
    assert_eq!(
        [
            "order_id",
            "product_id",
            "product_name",
            "quantity",
            "ordered_at",
            "unit_price",
            "customer_id",
            "country"
        ]
        .map(column),
        [
            "InvoiceNo",
            "StockCode",
            "Description",
            "Quantity",
            "InvoiceDate",
            "UnitPrice",
            "CustomerID",
            "Country"
        ]
    );
    let tmall = columns(&[
        "订单编号",
        "总金额",
        "买家实际支付金额",
        "收货地址",
        "订单创建时间",
        "订单付款时间",
        "退款金额",
    ]);
    let mapping = suggest(UploadKind::Orders, &tmall, None);
    assert_eq!(mapping["ordered_at"], Source::Name("订单创建时间".into()));
    assert_eq!(mapping["refund_amount"], Source::Name("退款金额".into()));
}

#[test]
fn a_mapping_that_does_not_fit_names_each_field() {
    let mapping: Mapping = serde_json::from_str(r#"{"order_id":"Nope","colour":"a","unit_price":"b"}"#).unwrap();
    let Err(Error::Invalid(problems)) = fit(
        UploadKind::OrderLines,
        &mapping,
        &columns(&["a", "b"]),
        &UploadOptions::default(),
    ) else {
        panic!("taken")
    };
    let mut fields: Vec<&str> = problems.iter().map(|p| p.field.as_str()).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["colour", "order_id", "product_id"]);
}

fn parse(kind: UploadKind, text: &str, mapping: &str) -> TypedBatch {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let options = UploadOptions::default();
    let mut source = reading::open(file.path(), &options).unwrap();
    let mapping: Mapping = if mapping.is_empty() {
        mapping_for(kind, &source.columns, None)
    } else {
        serde_json::from_str(mapping).unwrap()
    };
    let mut plan = fit(kind, &mapping, &source.columns, &options).unwrap();
    let raw = source.rows.next_batch().unwrap().unwrap();
    plan.learn_styles(&raw, &options);
    Parser::new(plan, source.progress).parse(raw)
}

/// What a program is told of a stored reason.
fn english(stored: &str) -> String {
    let faults: Vec<types::uploads::Fault> = serde_json::from_str(stored).unwrap();
    faults
        .iter()
        .map(|fault| fault.english())
        .collect::<Vec<_>>()
        .join("; ")
}

#[test]
fn rows_are_rejected_with_every_fault() {
    let batch = parse(
        UploadKind::OrderLines,
        "order_id,product_id,unit_price,quantity,ordered_at\n1,A,1.5,two,2020-13-01\n2,,-3,1,\n3,C,0,,2020-01-01\n4,D,1,1,2020-01-01,extra\n",
        "",
    );
    assert_eq!((batch.read, batch.rows, batch.last_row), (4, 1, 4));
    let said: Vec<(i64, &str, String)> = batch
        .rejects
        .iter()
        .map(|r| (r.row, r.field.as_str(), english(&r.reason)))
        .collect();
    let said: Vec<(i64, &str, &str)> = said
        .iter()
        .map(|(row, field, reason)| (*row, *field, reason.as_str()))
        .collect();
    assert_eq!(
        said,
        [
            (
                1,
                "ordered_at; quantity",
                "“2020-13-01” is not a date; “two” is not a number"
            ),
            (
                2,
                "product_id; unit_price",
                "is missing; a negative unit price is not taken (“-3”)"
            ),
            (4, "", "the row has 6 cells, the header has 5"),
        ]
    );
    assert_eq!(batch.rejects[0].cells, ["1", "A", "1.5", "two", "2020-13-01"]);
}

#[test]
fn equal_rows_get_different_keys_and_the_same_file_the_same() {
    let text = "order_id,product_id,unit_price\n1,A,1.5\n1,A,1.50\n1,B,1\n1, A ,1.5\n";
    let (one, two) = (
        parse(UploadKind::OrderLines, text, ""),
        parse(UploadKind::OrderLines, text, ""),
    );
    assert_eq!(one.keys, two.keys);
    assert_eq!(one.duplicates, 2);
    let distinct: std::collections::HashSet<u128> = one.keys.iter().copied().collect();
    assert_eq!(distinct.len(), 4);
    // The key is stored: another version of the program must compute the same.
    assert_eq!(format!("{:032x}", one.keys[0]), FIRST_KEY);
}

const FIRST_KEY: &str = "04edc22fa1b6b8b6b269fc8fe1f91a62";

#[test]
fn real_keys_that_come_again_are_marked() {
    let batch = parse(
        UploadKind::OrderLines,
        "order_id,line_id,product_id,unit_price\n1,1,A,1\n2,1,A,1\n1,1,B,2\n1,,B,2\n1,,B,2\n",
        "",
    );
    assert_eq!(batch.repeats, [false, false, true, false, false]);
    assert_eq!(batch.duplicates, 1);
}

#[test]
fn constants_row_numbers_values_and_attributes() {
    let batch = parse(
        UploadKind::Customers,
        "sex,region,note\nA,north,x\nB,south,\n",
        r#"{"external_id":{"row_number":true},"gender":{"column":"sex","values":{"A":"male","B":"f"}},"country":{"constant":"DE"},"attributes.note":"note"}"#,
    );
    let text = |field: &str, row: usize| {
        let at = UploadKind::Customers
            .fields()
            .iter()
            .position(|f| f.name == field)
            .unwrap();
        String::from_utf8(batch.text_at(at, row).unwrap().to_vec()).unwrap()
    };
    assert_eq!(
        [
            text("external_id", 1),
            text("gender", 0),
            text("gender", 1),
            text("country", 1)
        ],
        ["2", "male", "female", "DE"]
    );
    let Cells::Text(attributes) = &batch.attributes else {
        panic!()
    };
    assert_eq!(batch.text(attributes[0]), br#"{"note":"x"}"#);
    assert!(attributes[1].is_blank());
}

#[test]
fn styles_are_learnt_from_the_column() {
    let batch = parse(
        UploadKind::CampaignCosts,
        "campaign_id;day;cost\n1;2/13/2020;1.234,5\n1;3/4/2020;2,5\n",
        "",
    );
    assert!(batch.rejects.is_empty(), "{:?}", batch.rejects);
    assert_eq!(batch.number_at(2, 0), Some(1_234_500_000));
}
