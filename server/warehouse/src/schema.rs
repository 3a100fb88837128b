//! Which tables are sealed, and with which columns and types? The order of the columns here is the order in which PostgreSQL must
//! send them. Columns are only ever added at the end of a table; a changed type means a higher schema version.

use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use std::sync::Arc;

/// Written beside every sealed file; raised when a column changes its type.
pub const SCHEMA_VERSION: i32 = 1;

/// Amounts: `numeric(18,6)`.
pub const MONEY: Kind = Kind::Decimal {
    precision: 18,
    scale: 6,
};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A dense number of a customer: PostgreSQL `integer`, never negative.
    Number,
    Int32,
    Int64,
    Text,
    /// `jsonb`, sealed as its text.
    Json,
    /// `uuid`, sealed as its text.
    Uuid,
    Bool,
    Date,
    /// `timestamptz`, in microseconds.
    Instant,
    Decimal {
        precision: u8,
        scale: i8,
    },
}

impl Kind {
    pub(crate) fn data_type(self) -> DataType {
        match self {
            Kind::Number => DataType::UInt32,
            Kind::Int32 => DataType::Int32,
            Kind::Int64 => DataType::Int64,
            Kind::Text | Kind::Json | Kind::Uuid => DataType::Utf8,
            Kind::Bool => DataType::Boolean,
            Kind::Date => DataType::Date32,
            Kind::Instant => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Kind::Decimal { precision, scale } => DataType::Decimal128(precision, scale),
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub name: &'static str,
    pub kind: Kind,
}

/// One sealed table. Rows of a file are ordered by customer number (none last) where the table has one, then by `key`.
#[derive(Debug)]
pub struct Table {
    pub name: &'static str,
    pub columns: &'static [Column],
    /// Columns of the PostgreSQL table that make the order of rows total. They need not be sealed.
    pub key: &'static [&'static str],
    /// The time of a row, when it has one; such tables are sealed by UTC month.
    pub time: Option<&'static str>,
}

impl Table {
    /// The sealed table of that name.
    pub fn of(name: &str) -> Option<&'static Table> {
        TABLES.iter().find(|table| table.name == name)
    }

    pub fn has_customer(&self) -> bool {
        self.columns.iter().any(|column| column.name == "customer_no")
    }

    pub(crate) fn arrow_schema(&self) -> SchemaRef {
        schema_of(self.columns)
    }
}

pub(crate) fn schema_of(columns: &[Column]) -> SchemaRef {
    Arc::new(Schema::new(
        columns
            .iter()
            .map(|column| Field::new(column.name, column.kind.data_type(), true))
            .collect::<Vec<_>>(),
    ))
}

const fn column(name: &'static str, kind: Kind) -> Column {
    Column { name, kind }
}

/// All sealed tables.
pub const TABLES: &[Table] = {
    use Kind::{Bool, Date, Instant, Int32, Int64, Json, Number, Text};
    const LARGE: Kind = Kind::Decimal {
        precision: 24,
        scale: 6,
    };
    &[
        Table {
            name: "customers",
            columns: &[
                column("customer_no", Number),
                column("external_id", Text),
                column("name", Text),
                column("gender", Text),
                column("birth_date", Date),
                column("age", Int32),
                column("city", Text),
                column("province", Text),
                column("country", Text),
                column("occupation", Text),
                column("education", Text),
                column("income", MONEY),
                column("email", Text),
                column("phone", Text),
                column("signed_up_at", Instant),
                column("preferred_channel", Text),
                column("consent_marketing", Bool),
                column("consent_profiling", Bool),
                column("attributes", Json),
            ],
            key: &["customer_no"],
            time: None,
        },
        Table {
            name: "products",
            columns: &[
                column("product_id", Text),
                column("name", Text),
                column("category", Text),
                column("brand", Text),
                column("unit_cost", MONEY),
            ],
            key: &["product_id"],
            time: None,
        },
        Table {
            name: "orders",
            columns: &[
                column("order_id", Text),
                column("customer_no", Number),
                column("ordered_at", Instant),
                column("total", MONEY),
                column("currency", Text),
                column("status", Text),
                column("payment_method", Text),
                column("channel", Text),
                column("city", Text),
                column("country", Text),
                column("coupon", Text),
                column("discount", MONEY),
                column("shipping", MONEY),
                column("refund_amount", MONEY),
                column("refunded_at", Instant),
                column("delivered_at", Instant),
                column("lines_value", LARGE),
                column("line_count", Int32),
            ],
            key: &["order_id"],
            time: Some("ordered_at"),
        },
        Table {
            name: "order_lines",
            columns: &[
                column("order_id", Text),
                column("line_id", Text),
                column("customer_no", Number),
                column("ordered_at", Instant),
                column("product_id", Text),
                column("quantity", MONEY),
                column("unit_price", MONEY),
                column("currency", Text),
            ],
            key: &["order_id", "row_key"],
            time: Some("ordered_at"),
        },
        Table {
            name: "payments",
            columns: &[
                column("order_id", Text),
                column("method", Text),
                column("amount", MONEY),
                column("currency", Text),
            ],
            key: &["order_id", "row_key"],
            time: None,
        },
        Table {
            name: "interactions",
            columns: &[
                column("customer_no", Number),
                column("at", Instant),
                column("kind", Text),
                column("channel", Text),
                column("subject", Text),
                column("category", Text),
                column("session", Text),
                column("value", MONEY),
            ],
            key: &["at", "row_key"],
            time: Some("at"),
        },
        Table {
            name: "campaigns",
            columns: &[
                column("campaign_id", Text),
                column("name", Text),
                column("channel", Text),
                column("starts_at", Date),
                column("ends_at", Date),
                column("objective", Text),
                column("budget", MONEY),
                column("holdout_share", MONEY),
            ],
            key: &["campaign_id"],
            time: None,
        },
        Table {
            name: "campaign_costs",
            columns: &[
                column("campaign_id", Text),
                column("day", Date),
                column("cost", MONEY),
                column("currency", Text),
                column("channel", Text),
                column("impressions", Int64),
                column("clicks", Int64),
                column("conversions", Int64),
            ],
            key: &["campaign_id", "day", "row_key"],
            time: None,
        },
        Table {
            name: "touches",
            columns: &[
                column("customer_no", Number),
                column("at", Instant),
                column("kind", Text),
                column("campaign_id", Text),
                column("channel", Text),
                column("cost", MONEY),
                column("value", MONEY),
            ],
            key: &["at", "row_key"],
            time: Some("at"),
        },
        Table {
            name: "reviews",
            columns: &[
                column("customer_no", Number),
                column("product_id", Text),
                column("order_id", Text),
                column("review_id", Text),
                column("rating", MONEY),
                column("text", Text),
                column("at", Instant),
                column("source", Text),
            ],
            key: &["at", "row_key"],
            time: Some("at"),
        },
        Table {
            name: "exchange_rates",
            columns: &[
                column("day", Date),
                column("currency", Text),
                column(
                    "rate",
                    Kind::Decimal {
                        precision: 18,
                        scale: 9,
                    },
                ),
            ],
            key: &["day", "currency"],
            time: None,
        },
    ]
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_named_once_and_can_be_found() {
        for table in TABLES {
            assert_eq!(
                Table::of(table.name).map(|found| found.columns.len()),
                Some(table.columns.len())
            );
            assert_eq!(TABLES.iter().filter(|other| other.name == table.name).count(), 1);
            assert!(
                table
                    .time
                    .is_none_or(|time| table.columns.iter().any(|column| column.name == time))
            );
        }
    }
}
