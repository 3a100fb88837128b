//! Why a row was not taken: a code with what stood there, so that a program gets a sentence in English and a page says it in its own language.

use serde::{Deserialize, Serialize};

/// One thing that is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Fault {
    /// Our field; empty when it is the row as a whole.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub field: String,
    pub code: FaultCode,
    /// The cell as it stands, shortened.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub value: String,
    /// What it should have been: our words, a number of cells, an encoding, an order of dates.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub expected: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FaultCode {
    Missing,
    /// An id of more than 200 characters.
    TooLong,
    /// None of our words.
    NotAChoice,
    NotANumber,
    NotWhole,
    NotYesOrNo,
    TooLarge,
    NotADate,
    /// Not a date in the order that the column is read in, which is `expected`.
    NotADateInOrder,
    /// Outside the years 1700 to 2200.
    FarDate,
    NegativePrice,
    RateNotPositive,
    ShareOutOfRange,
    AgeTooHigh,
    ExtraCells,
    ZeroByte,
    Undecodable,
    OpenQuote,
    RowTooLong,
    TooManyCells,
    /// Whatever a reader of a file says of a row in its own words, which are `value`.
    Other,
}

impl FaultCode {
    pub const ALL: [FaultCode; 21] = [
        FaultCode::Missing,
        FaultCode::TooLong,
        FaultCode::NotAChoice,
        FaultCode::NotANumber,
        FaultCode::NotWhole,
        FaultCode::NotYesOrNo,
        FaultCode::TooLarge,
        FaultCode::NotADate,
        FaultCode::NotADateInOrder,
        FaultCode::FarDate,
        FaultCode::NegativePrice,
        FaultCode::RateNotPositive,
        FaultCode::ShareOutOfRange,
        FaultCode::AgeTooHigh,
        FaultCode::ExtraCells,
        FaultCode::ZeroByte,
        FaultCode::Undecodable,
        FaultCode::OpenQuote,
        FaultCode::RowTooLong,
        FaultCode::TooManyCells,
        FaultCode::Other,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            FaultCode::Missing => "missing",
            FaultCode::TooLong => "too_long",
            FaultCode::NotAChoice => "not_a_choice",
            FaultCode::NotANumber => "not_a_number",
            FaultCode::NotWhole => "not_whole",
            FaultCode::NotYesOrNo => "not_yes_or_no",
            FaultCode::TooLarge => "too_large",
            FaultCode::NotADate => "not_a_date",
            FaultCode::NotADateInOrder => "not_a_date_in_order",
            FaultCode::FarDate => "far_date",
            FaultCode::NegativePrice => "negative_price",
            FaultCode::RateNotPositive => "rate_not_positive",
            FaultCode::ShareOutOfRange => "share_out_of_range",
            FaultCode::AgeTooHigh => "age_too_high",
            FaultCode::ExtraCells => "extra_cells",
            FaultCode::ZeroByte => "zero_byte",
            FaultCode::Undecodable => "undecodable",
            FaultCode::OpenQuote => "open_quote",
            FaultCode::RowTooLong => "row_too_long",
            FaultCode::TooManyCells => "too_many_cells",
            FaultCode::Other => "other",
        }
    }
}

impl Fault {
    pub fn of(field: &str, code: FaultCode) -> Fault {
        Fault {
            field: field.to_owned(),
            code,
            value: String::new(),
            expected: String::new(),
        }
    }

    pub fn value(self, value: impl Into<String>) -> Fault {
        Fault {
            value: value.into(),
            ..self
        }
    }

    pub fn expected(self, expected: impl Into<String>) -> Fault {
        Fault {
            expected: expected.into(),
            ..self
        }
    }

    /// The reason for programs and for the file of rejected rows.
    pub fn english(&self) -> String {
        let value = format!("\u{201c}{}\u{201d}", self.value);
        let expected = &self.expected;
        match self.code {
            FaultCode::Missing => "is missing".into(),
            FaultCode::TooLong => format!("{value} is longer than 200 characters"),
            FaultCode::NotAChoice => format!("{value} is none of {expected}"),
            FaultCode::NotANumber => format!("{value} is not a number"),
            FaultCode::NotWhole => format!("{value} is not a whole number, zero or more"),
            FaultCode::NotYesOrNo => format!("{value} is not yes or no"),
            FaultCode::TooLarge => format!("{value} is too large"),
            FaultCode::NotADate => format!("{value} is not a date"),
            FaultCode::NotADateInOrder => {
                format!("{value} is not a date in the order {}", expected.replace('_', ", "))
            }
            FaultCode::FarDate => format!("{value} lies outside the years 1700 to 2200"),
            FaultCode::NegativePrice => format!("a negative unit price is not taken ({value})"),
            FaultCode::RateNotPositive => format!("a rate must be above zero ({value})"),
            FaultCode::ShareOutOfRange => format!("a share lies between 0 and 1 ({value})"),
            FaultCode::AgeTooHigh => format!("an age above 150 is not taken ({value})"),
            FaultCode::ExtraCells => format!("the row has {} cells, the header has {expected}", self.value),
            FaultCode::ZeroByte => "a cell holds a zero byte, which is not text".into(),
            FaultCode::Undecodable => {
                format!("the row holds bytes that are not {expected}; choose the right encoding")
            }
            FaultCode::OpenQuote => "a quote is opened and not closed until the end of the file".into(),
            FaultCode::RowTooLong => "the row is longer than 4 MB; probably a quote was not closed".into(),
            FaultCode::TooManyCells => "the row has more than 2000 cells; is the delimiter right?".into(),
            FaultCode::Other => self.value.clone(),
        }
    }
}

/// A row that was not taken, and why.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RejectedRow {
    /// Data row of the file, from 1.
    pub row: i64,
    /// The fields at fault, joined by `; `.
    pub field: String,
    /// What is wrong, in English, joined by `; `.
    pub reason: String,
    pub cells: Vec<String>,
    /// The same one by one.
    pub faults: Vec<Fault>,
}

impl RejectedRow {
    /// From what is stored: the faults as JSON, or, of uploads from before there were codes, the sentence.
    pub fn stored(
        row: i64,
        field: String,
        reason: String,
        cells: Vec<String>,
        faults: Option<Vec<Fault>>,
    ) -> RejectedRow {
        let Some(faults) = faults else {
            let other = Fault::of(&field, FaultCode::Other).value(reason.clone());
            return RejectedRow {
                row,
                field,
                reason,
                cells,
                faults: vec![other],
            };
        };
        let reason = faults.iter().map(Fault::english).collect::<Vec<_>>().join("; ");
        RejectedRow {
            row,
            field,
            reason,
            cells,
            faults,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_sentence_and_a_name_of_its_own() {
        let mut names = std::collections::BTreeSet::new();
        for code in FaultCode::ALL {
            let fault = Fault::of("total", code).value("x").expected("day_month_year");
            assert!(!fault.english().is_empty());
            assert!(names.insert(code.as_str()));
            assert_eq!(serde_json::to_value(code).expect("a word"), code.as_str());
        }
    }

    #[test]
    fn faults_survive_being_stored() {
        let fault = Fault::of("total", FaultCode::NotANumber).value("a; b");
        let json = serde_json::to_string(std::slice::from_ref(&fault)).expect("JSON");
        let row = RejectedRow::stored(
            3,
            "total".into(),
            json.clone(),
            vec![],
            serde_json::from_str(&json).ok(),
        );
        assert_eq!(
            (row.reason.as_str(), &row.faults[0]),
            ("\u{201c}a; b\u{201d} is not a number", &fault)
        );
        let old = RejectedRow::stored(3, "total".into(), "is odd".into(), vec![], None);
        assert_eq!(
            (old.reason.as_str(), old.faults[0].english().as_str()),
            ("is odd", "is odd")
        );
    }
}
