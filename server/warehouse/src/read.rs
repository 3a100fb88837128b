//! Takes plain values out of record batches, so that the modules that ask need no Arrow types. A column is found by name and cast once
//! per batch to what the reader wants.

use crate::error::{Error, Result};
use datafusion::arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, PrimitiveArray, RecordBatch, StringArray,
};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float64Type, Int32Type, Int64Type, TimeUnit, TimestampMicrosecondType,
    UInt32Type,
};

/// A batch whose columns are asked for by name.
pub(crate) struct Rows<'a>(pub &'a RecordBatch);

impl Rows<'_> {
    pub(crate) fn len(&self) -> usize {
        self.0.num_rows()
    }

    pub(crate) fn array(&self, name: &str) -> Result<&ArrayRef> {
        self.0
            .column_by_name(name)
            .ok_or_else(|| Error::Column(name.to_owned()))
    }

    fn cast(&self, name: &str, to: &DataType) -> Result<ArrayRef> {
        let array = self.array(name)?;
        Ok(if array.data_type() == to {
            array.clone()
        } else {
            cast(array, to)?
        })
    }

    fn primitive<T: ArrowPrimitiveType>(&self, name: &str, to: &DataType) -> Result<PrimitiveArray<T>> {
        let array = self.cast(name, to)?;
        array
            .as_primitive_opt::<T>()
            .cloned()
            .ok_or_else(|| Error::Column(name.to_owned()))
    }

    pub(crate) fn numbers(&self, name: &str) -> Result<PrimitiveArray<UInt32Type>> {
        self.primitive(name, &DataType::UInt32)
    }

    pub(crate) fn i32s(&self, name: &str) -> Result<PrimitiveArray<Int32Type>> {
        self.primitive(name, &DataType::Int32)
    }

    pub(crate) fn i64s(&self, name: &str) -> Result<PrimitiveArray<Int64Type>> {
        self.primitive(name, &DataType::Int64)
    }

    pub(crate) fn f64s(&self, name: &str) -> Result<PrimitiveArray<Float64Type>> {
        self.primitive(name, &DataType::Float64)
    }

    /// Days since 1970.
    pub(crate) fn dates(&self, name: &str) -> Result<PrimitiveArray<Date32Type>> {
        self.primitive(name, &DataType::Date32)
    }

    /// Microseconds since 1970.
    pub(crate) fn instants(&self, name: &str) -> Result<PrimitiveArray<TimestampMicrosecondType>> {
        self.primitive(name, &DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())))
    }

    /// Millionths.
    pub(crate) fn money(&self, name: &str) -> Result<PrimitiveArray<Decimal128Type>> {
        self.primitive(name, &DataType::Decimal128(38, 6))
    }

    pub(crate) fn texts(&self, name: &str) -> Result<StringArray> {
        let array = self.cast(name, &DataType::Utf8)?;
        array
            .as_string_opt::<i32>()
            .cloned()
            .ok_or_else(|| Error::Column(name.to_owned()))
    }

    pub(crate) fn booleans(&self, name: &str) -> Result<datafusion::arrow::array::BooleanArray> {
        let array = self.cast(name, &DataType::Boolean)?;
        array
            .as_boolean_opt()
            .cloned()
            .ok_or_else(|| Error::Column(name.to_owned()))
    }
}

/// The value in a row, `None` when it is null.
pub(crate) fn at<T: ArrowPrimitiveType>(array: &PrimitiveArray<T>, row: usize) -> Option<T::Native> {
    array.is_valid(row).then(|| array.value(row))
}

pub(crate) fn text_at(array: &StringArray, row: usize) -> Option<&str> {
    array.is_valid(row).then(|| array.value(row))
}

/// Millionths as a plain number.
pub(crate) fn plain(millionths: i128) -> f64 {
    millionths as f64 / 1e6
}
