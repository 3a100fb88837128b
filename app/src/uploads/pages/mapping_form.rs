//! The mapping form and back: what the page's selects say becomes a mapping with options, and a mapping becomes the form's start.

use super::shape;
use engine::Error;
use std::collections::BTreeMap;
use types::uploads::{Blanks, DateOrder, DecimalMark, Groups, Mapping, OnKnown, Source, UploadKind, UploadOptions};

/// Prefixes of the form's names.
pub const COLUMN: &str = "column:";
pub const CONSTANT: &str = "constant:";
pub const VALUES: &str = "values:";
/// The choice of a select that is not a column: the number of the row.
pub const ROW_NUMBER: &str = "\u{1}row";

/// What the form says, by our field.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Start {
    pub column: String,
    pub constant: String,
    pub values: BTreeMap<String, String>,
}

/// How a field's line starts: from the mapping of the upload, or from the suggestion.
pub fn start(mapping: &Mapping, field: &str) -> Start {
    match mapping.get(field) {
        Some(Source::Name(column)) => Start {
            column: column.clone(),
            ..Start::default()
        },
        Some(Source::Column { column, values }) => Start {
            column: column.clone(),
            values: values.clone(),
            ..Start::default()
        },
        Some(Source::Constant { constant }) => Start {
            constant: constant.clone(),
            ..Start::default()
        },
        Some(Source::RowNumber { row_number: true }) => Start {
            column: ROW_NUMBER.into(),
            ..Start::default()
        },
        Some(Source::RowNumber { row_number: false }) | None => Start::default(),
    }
}

/// What the reader decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    pub mapping: Mapping,
    pub options: UploadOptions,
    /// Count only; write nothing yet.
    pub dry_run: bool,
}

pub fn read(kind: UploadKind, pairs: &[(String, String)]) -> Result<Decided, Error> {
    let one = |key: &str| {
        pairs
            .iter()
            .find(|(name, _)| name == key)
            .map_or("", |(_, value)| value.as_str())
    };
    let mut mapping = Mapping::new();
    for field in kind.fields() {
        let column = one(&format!("{COLUMN}{}", field.name));
        let constant = one(&format!("{CONSTANT}{}", field.name)).trim();
        let values = values(one(&format!("{VALUES}{}", field.name)));
        let source = match (column, constant) {
            ("", "") => continue,
            ("", constant) => Source::Constant {
                constant: constant.to_owned(),
            },
            (ROW_NUMBER, _) => Source::RowNumber { row_number: true },
            (column, _) if values.is_empty() => Source::Name(column.to_owned()),
            (column, _) => Source::Column {
                column: column.to_owned(),
                values,
            },
        };
        mapping.insert(field.name.to_owned(), source);
    }
    let missing: Vec<_> = kind
        .fields()
        .iter()
        .filter(|field| field.required && !mapping.contains_key(field.name))
        .collect();
    if !missing.is_empty() {
        let fields = missing
            .into_iter()
            .map(|field| types::problems::FieldProblem {
                field: field.name.to_owned(),
                reason: "is required and has no column".into(),
            })
            .collect();
        return Err(Error::Invalid(fields));
    }
    Ok(Decided {
        mapping,
        options: options(&one),
        dry_run: one("mode") == "dry_run",
    })
}

/// One `theirs = ours` per line, as the text field shows it.
pub fn values_text(values: &BTreeMap<String, String>) -> String {
    values
        .iter()
        .map(|(theirs, ours)| format!("{theirs} = {ours}"))
        .collect::<Vec<_>>()
        .join("\n")
}

fn values(text: &str) -> BTreeMap<String, String> {
    text.lines()
        .filter_map(|line| line.rsplit_once('='))
        .map(|(theirs, ours)| (theirs.trim().to_owned(), ours.trim().to_owned()))
        .filter(|(theirs, ours)| !theirs.is_empty() && !ours.is_empty())
        .collect()
}

fn options<'a>(one: &impl Fn(&str) -> &'a str) -> UploadOptions {
    let some = |key: &str| Some(one(key).trim().to_owned()).filter(|text| !text.is_empty());
    UploadOptions {
        on_known: match one("on_known") {
            "leave" => OnKnown::Leave,
            "update_only" => OnKnown::UpdateOnly,
            _ => OnKnown::Update,
        },
        blanks: if one("blanks") == "overwrite" {
            Blanks::Overwrite
        } else {
            Blanks::Keep
        },
        groups: if one("groups") == "replace" {
            Groups::Replace
        } else {
            Groups::Add
        },
        keep_unmapped: !one("keep_unmapped").is_empty(),
        replace_named: !one("replace_named").is_empty(),
        source: one("source").trim().to_owned(),
        encoding: some("encoding"),
        delimiter: Some(one("delimiter")).filter(|text| !text.is_empty()).map(|text| {
            if text == "tab" {
                "\t".to_owned()
            } else {
                text.to_owned()
            }
        }),
        sheet: some("sheet"),
        widths: shape::widths(one("widths")),
        date_order: match one("date_order") {
            "day_month_year" => Some(DateOrder::DayMonthYear),
            "month_day_year" => Some(DateOrder::MonthDayYear),
            "year_month_day" => Some(DateOrder::YearMonthDay),
            _ => None,
        },
        decimal: match one("decimal") {
            "point" => Some(DecimalMark::Point),
            "comma" => Some(DecimalMark::Comma),
            _ => None,
        },
        ..UploadOptions::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(given: &[(&str, &str)]) -> Vec<(String, String)> {
        given
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn the_form_becomes_a_mapping() {
        let decided = read(
            UploadKind::Orders,
            &pairs(&[
                ("column:order_id", "No"),
                ("column:ordered_at", "Date"),
                ("column:status", "State"),
                ("values:status", "已付款 = paid\r\na=b = shipped\nbroken"),
                ("constant:currency", " CNY "),
                ("mode", "dry_run"),
                ("decimal", "comma"),
                ("delimiter", "tab"),
            ]),
        )
        .unwrap();
        assert!(decided.dry_run);
        assert_eq!(decided.mapping["order_id"], Source::Name("No".into()));
        assert_eq!(decided.mapping["currency"], Source::Constant { constant: "CNY".into() });
        let values = [
            ("已付款".to_owned(), "paid".to_owned()),
            ("a=b".to_owned(), "shipped".to_owned()),
        ];
        assert_eq!(
            decided.mapping["status"],
            Source::Column {
                column: "State".into(),
                values: values.into()
            }
        );
        assert_eq!(decided.options.decimal, Some(DecimalMark::Comma));
        assert_eq!(decided.options.delimiter.as_deref(), Some("\t"));
        assert_eq!(start(&decided.mapping, "status").column, "State");
    }

    #[test]
    fn required_fields_need_a_column() {
        let error = read(UploadKind::Orders, &pairs(&[("column:order_id", "No")])).unwrap_err();
        assert_eq!(error.status(), 422);
        assert!(error.to_string().contains("ordered_at"));
    }

    #[test]
    fn the_number_of_the_row_can_be_a_value() {
        let given = pairs(&[("column:order_id", ROW_NUMBER), ("column:ordered_at", "Date")]);
        let decided = read(UploadKind::Orders, &given).unwrap();
        assert_eq!(decided.mapping["order_id"], Source::RowNumber { row_number: true });
    }
}
