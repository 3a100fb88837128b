//! The kinds of file that we take and the fields of each.

use serde::{Deserialize, Serialize};

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
