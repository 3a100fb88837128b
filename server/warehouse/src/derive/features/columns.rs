//! Writes values of Rust as columns of Arrow, in the order in which they come.

use crate::derive::attributes::{self, AttributeKind};
use crate::derive::best::Best;
use crate::error::Result;
use crate::read::{Rows, text_at};
use crate::schema::Kind;
use datafusion::arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Decimal128Builder, Float64Builder, Int32Builder, StringDictionaryBuilder,
    TimestampMicrosecondBuilder,
};
use datafusion::arrow::datatypes::Int32Type;
use std::sync::Arc;

pub(super) fn counts(values: impl Iterator<Item = i32>) -> ArrayRef {
    let mut builder = Int32Builder::new();
    values.for_each(|value| builder.append_value(value));
    Arc::new(builder.finish())
}

pub(super) fn small(values: impl Iterator<Item = Option<i32>>) -> ArrayRef {
    let mut builder = Int32Builder::new();
    values.for_each(|value| builder.append_option(value));
    Arc::new(builder.finish())
}

pub(super) fn instants(values: impl Iterator<Item = Option<i64>>) -> ArrayRef {
    let mut builder = TimestampMicrosecondBuilder::new().with_data_type(Kind::Instant.data_type());
    values.for_each(|value| builder.append_option(value));
    Arc::new(builder.finish())
}

pub(super) fn days(values: impl Iterator<Item = Option<i32>>) -> ArrayRef {
    let mut builder = Date32Builder::new();
    values.for_each(|value| builder.append_option(value));
    Arc::new(builder.finish())
}

pub(super) fn decimals(precision: u8, values: impl Iterator<Item = Option<i128>>) -> Result<ArrayRef> {
    let mut builder = Decimal128Builder::new().with_precision_and_scale(precision, 6)?;
    values.for_each(|value| builder.append_option(value));
    Ok(Arc::new(builder.finish()))
}

pub(super) fn texts(places: &[usize], best: &Best) -> ArrayRef {
    let mut builder = StringDictionaryBuilder::<Int32Type>::new();
    places.iter().for_each(|place| builder.append_option(best.get(*place)));
    Arc::new(builder.finish())
}

/// One column per attribute.
pub(super) fn extra(rows: &Rows<'_>, kinds: &[(String, AttributeKind)]) -> Result<Vec<ArrayRef>> {
    let texts = rows.texts("attributes")?;
    let parsed: Vec<_> = (0..rows.len())
        .map(|row| attributes::parse(text_at(&texts, row).unwrap_or("{}")))
        .collect();
    let column = |(key, kind): &(String, AttributeKind)| -> ArrayRef {
        let values = parsed.iter().map(|of| of.get(key));
        match kind {
            AttributeKind::Bool => {
                let mut builder = BooleanBuilder::new();
                values.for_each(|value| builder.append_option(value.and_then(attributes::boolean)));
                Arc::new(builder.finish())
            }
            AttributeKind::Number => {
                let mut builder = Float64Builder::new();
                values.for_each(|value| builder.append_option(value.and_then(attributes::number)));
                Arc::new(builder.finish())
            }
            AttributeKind::Text => {
                let mut builder = StringDictionaryBuilder::<Int32Type>::new();
                values.for_each(|value| builder.append_option(value.and_then(attributes::text)));
                Arc::new(builder.finish())
            }
        }
    };
    Ok(kinds.iter().map(column).collect())
}
