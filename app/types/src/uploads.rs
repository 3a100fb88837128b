//! Uploads: the kinds of file we take, the fields of each, how their columns map onto ours, and what became of the rows.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum UploadKind {
    Customers,
    Products,
    Orders,
    OrderLines,
    Payments,
    Interactions,
    Campaigns,
    CampaignCosts,
    Touches,
    Reviews,
    ExchangeRates,
}

impl UploadKind {
    pub const ALL: [UploadKind; 11] = [
        UploadKind::Customers,
        UploadKind::Products,
        UploadKind::Orders,
        UploadKind::OrderLines,
        UploadKind::Payments,
        UploadKind::Interactions,
        UploadKind::Campaigns,
        UploadKind::CampaignCosts,
        UploadKind::Touches,
        UploadKind::Reviews,
        UploadKind::ExchangeRates,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            UploadKind::Customers => "customers",
            UploadKind::Products => "products",
            UploadKind::Orders => "orders",
            UploadKind::OrderLines => "order_lines",
            UploadKind::Payments => "payments",
            UploadKind::Interactions => "interactions",
            UploadKind::Campaigns => "campaigns",
            UploadKind::CampaignCosts => "campaign_costs",
            UploadKind::Touches => "touches",
            UploadKind::Reviews => "reviews",
            UploadKind::ExchangeRates => "exchange_rates",
        }
    }

    pub fn parse(text: &str) -> Option<UploadKind> {
        UploadKind::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// The fields of this kind in the order in which pages show them.
    pub fn fields(self) -> &'static [Field] {
        use ValueType::{Boolean, Choice, Date, Decimal, Id, Instant, Text, Whole};
        const fn required(name: &'static str, value: ValueType) -> Field {
            Field {
                name,
                value,
                required: true,
            }
        }
        const fn field(name: &'static str, value: ValueType) -> Field {
            Field {
                name,
                value,
                required: false,
            }
        }
        const STATUSES: &[&str] = &[
            "placed",
            "paid",
            "shipped",
            "delivered",
            "returned",
            "cancelled",
            "unpaid",
        ];
        const TOUCHES: &[&str] = &[
            "shown",
            "sent",
            "delivered",
            "opened",
            "clicked",
            "converted",
            "held_out",
        ];
        const GENDERS: &[&str] = &["female", "male", "other"];
        match self {
            UploadKind::Customers => {
                const {
                    &[
                        required("external_id", Id),
                        field("name", Text),
                        field("gender", Choice(GENDERS)),
                        field("birth_date", Date),
                        field("age", Whole),
                        field("city", Text),
                        field("province", Text),
                        field("country", Text),
                        field("occupation", Text),
                        field("education", Text),
                        field("income", Decimal),
                        field("email", Text),
                        field("phone", Text),
                        field("signed_up_at", Instant),
                        field("preferred_channel", Text),
                        field("consent_marketing", Boolean),
                        field("consent_profiling", Boolean),
                    ]
                }
            }
            UploadKind::Products => {
                const {
                    &[
                        required("product_id", Id),
                        field("name", Text),
                        field("category", Text),
                        field("brand", Text),
                        field("unit_cost", Decimal),
                    ]
                }
            }
            UploadKind::Orders => {
                const {
                    &[
                        required("order_id", Id),
                        field("customer_id", Id),
                        required("ordered_at", Instant),
                        field("total", Decimal),
                        field("currency", Text),
                        field("status", Choice(STATUSES)),
                        field("payment_method", Text),
                        field("channel", Text),
                        field("city", Text),
                        field("coupon", Text),
                        field("discount", Decimal),
                        field("shipping", Decimal),
                        field("refund_amount", Decimal),
                        field("refunded_at", Instant),
                        field("delivered_at", Instant),
                    ]
                }
            }
            UploadKind::OrderLines => {
                const {
                    &[
                        required("order_id", Id),
                        field("customer_id", Id),
                        field("ordered_at", Instant),
                        field("line_id", Id),
                        required("product_id", Id),
                        field("product_name", Text),
                        field("category", Text),
                        field("quantity", Decimal),
                        required("unit_price", Decimal),
                        field("currency", Text),
                        field("city", Text),
                        field("country", Text),
                        field("channel", Text),
                        field("payment_method", Text),
                    ]
                }
            }
            UploadKind::Payments => {
                const {
                    &[
                        required("order_id", Id),
                        field("method", Text),
                        required("amount", Decimal),
                        field("currency", Text),
                    ]
                }
            }
            UploadKind::Interactions => {
                const {
                    &[
                        required("customer_id", Id),
                        required("at", Instant),
                        required("kind", Text),
                        field("channel", Text),
                        field("subject", Text),
                        field("category", Text),
                        field("session", Text),
                        field("value", Decimal),
                    ]
                }
            }
            UploadKind::Campaigns => {
                const {
                    &[
                        required("campaign_id", Id),
                        required("name", Text),
                        field("channel", Text),
                        field("starts_at", Date),
                        field("ends_at", Date),
                        field("objective", Text),
                        field("budget", Decimal),
                        field("holdout_share", Decimal),
                    ]
                }
            }
            UploadKind::CampaignCosts => {
                const {
                    &[
                        required("campaign_id", Id),
                        required("day", Date),
                        required("cost", Decimal),
                        field("currency", Text),
                        field("channel", Text),
                        field("impressions", Whole),
                        field("clicks", Whole),
                        field("conversions", Whole),
                    ]
                }
            }
            UploadKind::Touches => {
                const {
                    &[
                        required("customer_id", Id),
                        required("at", Instant),
                        required("kind", Choice(TOUCHES)),
                        field("campaign_id", Id),
                        field("channel", Text),
                        field("cost", Decimal),
                        field("value", Decimal),
                    ]
                }
            }
            UploadKind::Reviews => {
                const {
                    &[
                        field("customer_id", Id),
                        field("product_id", Id),
                        field("order_id", Id),
                        field("review_id", Id),
                        field("rating", Decimal),
                        required("text", Text),
                        field("at", Instant),
                        field("source", Text),
                    ]
                }
            }
            UploadKind::ExchangeRates => {
                const {
                    &[
                        required("day", Date),
                        required("currency", Text),
                        required("rate", Decimal),
                    ]
                }
            }
        }
    }
}

/// One of our fields of an upload kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    pub value: ValueType,
    /// A row without it is rejected.
    pub required: bool,
}

/// What a cell of a field must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// 1 to 200 characters.
    Id,
    Text,
    Decimal,
    /// A whole number, zero or more.
    Whole,
    /// A calendar date.
    Date,
    /// A moment; without a zone it is read in the installation's.
    Instant,
    Boolean,
    /// One of these words, after the mapping's own values have been applied.
    Choice(&'static [&'static str]),
}

/// Our field → where its value comes from. `attributes.KEY` keeps a column of customers as the extra attribute KEY.
pub type Mapping = BTreeMap<String, Source>;

/// Where the value of one field comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum Source {
    /// A plain string means the column of that name.
    Name(String),
    Column {
        column: String,
        /// Theirs → ours, for words that mean the same.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        values: BTreeMap<String, String>,
    },
    Constant {
        constant: String,
    },
    RowNumber {
        row_number: bool,
    },
}

/// What to do with a key that is already known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OnKnown {
    #[default]
    Update,
    /// Keep what is there.
    Leave,
    /// Update what is known, pass over what is not.
    UpdateOnly,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Blanks {
    /// A blank cell leaves what is known.
    #[default]
    Keep,
    /// A blank cell makes the value unknown.
    Overwrite,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Groups {
    #[default]
    Add,
    /// The file is the whole truth for each group (order, campaign day) in it.
    Replace,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    DayMonthYear,
    MonthDayYear,
    YearMonthDay,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DecimalMark {
    Point,
    Comma,
}

/// How the file is to be read and merged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct UploadOptions {
    pub on_known: OnKnown,
    pub blanks: Blanks,
    pub groups: Groups,
    /// Undo the earlier upload of the same kind and name in the same step.
    pub replace_named: bool,
    /// Keep every column of customers that is not mapped as an extra attribute.
    pub keep_unmapped: bool,
    /// The system whose ids these are; empty for the usual one.
    pub source: String,
    /// By its usual name; found out when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// `,` `;` `|` `tab` or `blanks`; found out when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<String>,
    /// Columns of fixed width, each of so many characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub widths: Option<Vec<u32>>,
    /// The sheet of a workbook by its name; the first with a table when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_order: Option<DateOrder>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal: Option<DecimalMark>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum UploadState {
    /// The file is here; nothing has been read, or the mapping is being made.
    Received,
    Running,
    /// A dry run has ended; a commit would write what it counted.
    Ready,
    Committed,
    Failed,
    Cancelled,
    Undone,
}

impl UploadState {
    pub fn as_str(self) -> &'static str {
        match self {
            UploadState::Received => "received",
            UploadState::Running => "running",
            UploadState::Ready => "ready",
            UploadState::Committed => "committed",
            UploadState::Failed => "failed",
            UploadState::Cancelled => "cancelled",
            UploadState::Undone => "undone",
        }
    }

    pub fn parse(text: &str) -> Option<UploadState> {
        [
            UploadState::Received,
            UploadState::Running,
            UploadState::Ready,
            UploadState::Committed,
            UploadState::Failed,
            UploadState::Cancelled,
            UploadState::Undone,
        ]
        .into_iter()
        .find(|state| state.as_str() == text)
    }
}

/// Rows of the file: read = created + updated + unchanged + rejected; duplicates are inside created or unchanged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RowCounts {
    pub read: i64,
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
    pub rejected: i64,
    pub duplicates: i64,
}

/// Records of one table that an upload made or changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecordCounts {
    pub created: i64,
    pub updated: i64,
}

/// What an undo would do to one table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UndoCounts {
    pub removed: i64,
    pub changed: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Upload {
    pub id: i64,
    pub kind: UploadKind,
    pub name: String,
    pub state: UploadState,
    pub rows: RowCounts,
    /// Table → records made or changed, also of the tables that the file only refers to.
    pub records: BTreeMap<String, RecordCounts>,
    pub encoding: Option<String>,
    pub delimiter: Option<String>,
    pub mapping: Mapping,
    pub options: UploadOptions,
    pub sha256: String,
    pub size_bytes: i64,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    pub error: Option<String>,
    pub created_at: DateTime<Utc>,
    pub uploaded_by: String,
    /// The newest job of this upload.
    pub job_id: Option<i64>,
    /// An earlier upload with the same bytes, when there is one.
    pub same_as: Option<i64>,
}

/// The first rows of a file and what we take its columns for: what the mapping page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Preview {
    /// Of text; otherwise the format: `XLSX`, `XLS`, `ODS` or `Parquet`.
    pub encoding: String,
    /// `,` `;` `|` `tab` `blanks` or `widths`; empty where cells are not divided by characters.
    pub delimiter: String,
    /// The sheets of a workbook, in its order.
    pub sheets: Vec<String>,
    /// The sheet that the columns are of.
    pub sheet: Option<String>,
    pub columns: Vec<PreviewColumn>,
    /// Our field → the column that we suggest.
    pub suggestion: Mapping,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviewColumn {
    pub name: String,
    /// The first few values that are not blank.
    pub samples: Vec<String>,
}

/// A row that was not taken, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RejectedRow {
    /// Data row of the file, from 1.
    pub row: i64,
    pub field: String,
    pub reason: String,
    pub cells: Vec<String>,
}
