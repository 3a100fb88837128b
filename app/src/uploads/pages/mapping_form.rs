//! The mapping form and back: what the page's selects say becomes a mapping with options, and a mapping becomes the form's start.

use super::shape;
use engine::Error;
use std::collections::BTreeMap;
use types::problems::FieldProblem;
use types::uploads::{Blanks, DateOrder, DecimalMark, Groups, Mapping, OnKnown, Source, UploadKind, UploadOptions};

/// Prefixes of the form's names.
pub const COLUMN: &str = "column:";
pub const CONSTANT: &str = "constant:";
pub const VALUES: &str = "values:";
/// Followed by our field, a colon and their word.
pub const VALUE: &str = "value:";
/// Followed by the column.
pub const ATTRIBUTE: &str = "attribute:";
/// The choice of a select that is not a column: the number of the row.
pub const ROW_NUMBER: &str = "\u{1}row";
/// The choice for a word of theirs that says nothing.
pub const NOTHING: &str = "\u{1}nothing";
/// The reason of a required field without a column; the page says it in its language.
pub const MISSING: &str = "is required and has no column";

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

/// What the reader asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Read the first rows again with these options.
    Look,
    /// Count only; write nothing yet.
    Check,
    Import,
}

/// What the reader decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    pub mapping: Mapping,
    pub options: UploadOptions,
    pub way: Way,
}

/// Reads the form as it was sent, complete or not.
pub fn read(kind: UploadKind, pairs: &[(String, String)]) -> Decided {
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
        let mut values = values(one(&format!("{VALUES}{}", field.name)));
        values.extend(chosen(field.name, pairs));
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
    if kind == UploadKind::Customers {
        let kept = pairs.iter().filter_map(|(name, _)| name.strip_prefix(ATTRIBUTE));
        let kept: Vec<&str> = kept.filter(|column| !is_used(&mapping, column)).collect();
        for column in kept {
            mapping.insert(format!("attributes.{column}"), Source::Name(column.to_owned()));
        }
    }
    Decided {
        mapping,
        options: options(&one),
        way: match one("mode") {
            "look" => Way::Look,
            "commit" => Way::Import,
            _ => Way::Check,
        },
    }
}

/// Refuses a mapping without the fields that every row needs.
pub fn complete(kind: UploadKind, mapping: &Mapping) -> Result<(), Error> {
    let missing: Vec<_> = kind
        .fields()
        .iter()
        .filter(|field| field.required && !mapping.contains_key(field.name))
        .map(|field| FieldProblem {
            field: field.name.to_owned(),
            reason: MISSING.into(),
        })
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(missing))
    }
}

/// Whether a field takes its values from the column. Extra attributes are no fields.
pub fn is_used(mapping: &Mapping, column: &str) -> bool {
    mapping.iter().any(|(field, source)| match source {
        Source::Name(name) | Source::Column { column: name, .. } => !field.starts_with("attributes.") && name == column,
        Source::Constant { .. } | Source::RowNumber { .. } => false,
    })
}

/// Whether the column is kept as an extra attribute.
pub fn is_attribute(mapping: &Mapping, column: &str) -> bool {
    mapping.iter().any(|(field, source)| match source {
        Source::Name(name) | Source::Column { column: name, .. } => field.starts_with("attributes.") && name == column,
        Source::Constant { .. } | Source::RowNumber { .. } => false,
    })
}

/// The words that were chosen one by one: theirs and ours.
fn chosen<'a>(field: &'a str, pairs: &'a [(String, String)]) -> impl Iterator<Item = (String, String)> + 'a {
    pairs.iter().filter_map(move |(name, ours)| {
        let theirs = name.strip_prefix(VALUE)?.strip_prefix(field)?.strip_prefix(':')?;
        match ours.trim() {
            "" => None,
            NOTHING => Some((theirs.to_owned(), String::new())),
            // The same word needs no rule.
            ours if ours == theirs => None,
            ours => Some((theirs.to_owned(), ours.to_owned())),
        }
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
                ("values:status", "a=b = shipped\r\nbroken"),
                ("value:status:已付款", "paid"),
                ("value:status:?", NOTHING),
                ("value:status:new", ""),
                ("column:payment_method", "Pay"),
                ("value:payment_method:COD", "Cash on Delivery"),
                ("value:payment_method:Cash on Delivery", "Cash on Delivery"),
                ("constant:currency", " CNY "),
                ("mode", "dry_run"),
                ("decimal", "comma"),
                ("delimiter", "tab"),
            ]),
        );
        assert_eq!(decided.way, Way::Check);
        assert_eq!(decided.mapping["order_id"], Source::Name("No".into()));
        assert_eq!(decided.mapping["currency"], Source::Constant { constant: "CNY".into() });
        let column = |column: &str, values: &[(&str, &str)]| Source::Column {
            column: column.into(),
            values: values
                .iter()
                .map(|(theirs, ours)| ((*theirs).to_owned(), (*ours).to_owned()))
                .collect(),
        };
        assert_eq!(
            decided.mapping["status"],
            column("State", &[("已付款", "paid"), ("a=b", "shipped"), ("?", "")])
        );
        assert_eq!(
            decided.mapping["payment_method"],
            column("Pay", &[("COD", "Cash on Delivery")])
        );
        assert_eq!(decided.options.decimal, Some(DecimalMark::Comma));
        assert_eq!(decided.options.delimiter.as_deref(), Some("\t"));
        assert_eq!(start(&decided.mapping, "status").column, "State");
    }

    #[test]
    fn required_fields_need_a_column() {
        let decided = read(
            UploadKind::Orders,
            &pairs(&[("column:order_id", "No"), ("mode", "look")]),
        );
        assert_eq!(decided.way, Way::Look);
        let error = complete(UploadKind::Orders, &decided.mapping).unwrap_err();
        assert_eq!(error.status(), 422);
        assert!(error.to_string().contains("ordered_at"));
    }

    #[test]
    fn the_number_of_the_row_can_be_a_value() {
        let given = pairs(&[("column:order_id", ROW_NUMBER), ("column:ordered_at", "Date")]);
        let decided = read(UploadKind::Orders, &given);
        assert_eq!(decided.mapping["order_id"], Source::RowNumber { row_number: true });
        assert!(complete(UploadKind::Orders, &decided.mapping).is_ok());
    }

    #[test]
    fn customers_keep_the_columns_that_are_ticked_and_not_used() {
        let given = pairs(&[
            ("column:external_id", "id"),
            ("attribute:id", "yes"),
            ("attribute:size", "yes"),
        ]);
        let decided = read(UploadKind::Customers, &given);
        assert_eq!(decided.mapping["attributes.size"], Source::Name("size".into()));
        assert_eq!(decided.mapping.len(), 2);
        assert!(is_attribute(&decided.mapping, "size") && !is_used(&decided.mapping, "size"));
        assert!(is_used(&decided.mapping, "id"));
    }
}
