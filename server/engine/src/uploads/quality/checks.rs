//! What is looked for in each table. The conditions are SQL over the table as `t`, with `$1` the time of the check, `$2` the currency and `$3` the
//! time zone of the installation.

use chrono::{DateTime, Utc};

/// What the conditions may refer to.
pub struct Terms {
    pub now: DateTime<Utc>,
    pub currency: String,
    pub zone: String,
}

pub struct TableChecks {
    pub table: &'static str,
    /// What names a record to a person.
    pub id: &'static str,
    /// Further tables that conditions need; may not multiply rows.
    pub joins: &'static str,
    /// The time of a fact.
    pub time: Option<&'static str>,
    /// Fields that records may lack.
    pub fields: &'static [&'static str],
    pub impossible: &'static [(&'static str, &'static str)],
    pub unmatched: &'static [(&'static str, &'static str)],
}

/// Amounts in another currency on a day before which no rate is known.
macro_rules! not_converted {
    ($currency:literal, $day:literal) => {
        concat!(
            $currency,
            " is not null and ",
            $currency,
            " <> $2 and (r.since is null or ",
            $day,
            " < r.since)"
        )
    };
}

const RATES: &str = "left join (select currency as code, min(day) as since from exchange_rates group by currency) r on r.code = t.currency";

/// What the lines of each order add up to; needed by those conditions only that speak of it.
pub const SUMS: &str = "left join order_sums s on s.order_id = t.order_id and s.part = t.part";

/// A document that takes back what an order of the same customer has been refunded already: equal amount, at most 30 days apart. Documents are few,
/// so the lines of a few orders are added up one by one.
const REPEATS_A_REFUND: &str = "coalesce(t.total, s.lines_value) < 0 and exists (select from orders o,
      lateral (select coalesce(o.total, (select v.lines_value from order_sums v where v.order_id = o.order_id and v.part = o.part)) as value) w
    where o.customer_no = t.customer_no and w.value > 0 and o.currency is not distinct from t.currency
    and coalesce(o.refund_amount, case when o.status = 'returned' then w.value end) = -coalesce(t.total, s.lines_value)
    and abs(extract(epoch from coalesce(o.refunded_at, o.ordered_at) - t.ordered_at)) <= 2592000)";

/// Total and lines differ by more than shipping and discount explain: the total may contain either, both or none; a cent for each line is rounding.
const DIFFERS_FROM_LINES: &str = "t.total is not null and s.lines_value is not null
    and (t.total > s.lines_value + greatest(coalesce(t.shipping, 0), 0) + 0.01 * greatest(s.line_count, 1)
      or t.total < s.lines_value - abs(coalesce(t.discount, 0)) - 0.01 * greatest(s.line_count, 1))";

pub fn tables() -> [TableChecks; 11] {
    [
        TableChecks {
            table: "customers",
            id: "(select case when i.source = '' then i.external_id else i.source || ':' || i.external_id end from customer_ids i where i.customer_no = t.customer_no limit 1)",
            joins: "",
            time: Some("t.signed_up_at"),
            fields: &[
                "name",
                "gender",
                "birth_date",
                "age",
                "city",
                "province",
                "country",
                "occupation",
                "education",
                "income",
                "email",
                "phone",
                "signed_up_at",
                "preferred_channel",
                "consent_marketing",
                "consent_profiling",
            ],
            impossible: &[
                (
                    "birth_date_in_future",
                    "t.birth_date > ($1::timestamptz at time zone $3)::date",
                ),
                (
                    "age_over_120",
                    "t.age > 120 or t.birth_date < ($1::timestamptz at time zone $3)::date - interval '120 years'",
                ),
                ("signed_up_in_future", "t.signed_up_at > $1"),
                ("income_negative", "t.income < 0"),
            ],
            unmatched: &[("customer_by_reference", "t.upload_id is null")],
        },
        TableChecks {
            table: "products",
            id: "t.product_id",
            joins: "",
            time: None,
            fields: &["name", "category", "brand", "unit_cost"],
            impossible: &[("unit_cost_negative", "t.unit_cost < 0")],
            unmatched: &[("product_by_reference", "t.upload_id is null")],
        },
        TableChecks {
            table: "orders",
            id: "t.order_id",
            joins: RATES,
            time: Some("t.ordered_at"),
            fields: &[
                "customer_id",
                "ordered_at",
                "total",
                "currency",
                "status",
                "payment_method",
                "channel",
                "city",
                "country",
                "coupon",
                "discount",
                "shipping",
                "refund_amount",
                "refunded_at",
                "delivered_at",
            ],
            impossible: &[
                ("order_without_time", "t.ordered_at is null"),
                ("order_without_customer", "t.customer_no is null"),
                ("ordered_in_future", "t.ordered_at > $1"),
                ("delivered_before_order", "t.delivered_at < t.ordered_at"),
                ("refunded_before_order", "t.refunded_at < t.ordered_at"),
                (
                    "refund_above_value",
                    "t.refund_amount > coalesce(t.total, s.lines_value) + coalesce(t.shipping, 0) and coalesce(t.total, s.lines_value) >= 0",
                ),
                ("total_differs_from_lines", DIFFERS_FROM_LINES),
                (
                    "amount_not_converted",
                    not_converted!("t.currency", "(t.ordered_at at time zone $3)::date"),
                ),
                ("document_repeats_refund", REPEATS_A_REFUND),
            ],
            unmatched: &[("order_by_reference", "t.upload_id is null")],
        },
        TableChecks {
            table: "order_lines",
            id: "t.order_id || ' · ' || coalesce(t.line_id, t.product_id, '')",
            joins: RATES,
            time: Some("t.order_at"),
            fields: &["product_id", "quantity", "unit_price", "currency"],
            impossible: &[
                ("quantity_negative", "t.quantity < 0"),
                ("quantity_zero", "t.quantity = 0"),
                ("price_zero", "t.unit_price = 0"),
                (
                    "amount_not_converted",
                    not_converted!("t.currency", "(t.order_at at time zone $3)::date"),
                ),
            ],
            unmatched: &[],
        },
        TableChecks {
            table: "payments",
            id: "t.order_id",
            joins: "",
            time: None,
            fields: &["method", "currency"],
            impossible: &[("amount_negative", "t.amount < 0")],
            unmatched: &[],
        },
        TableChecks {
            table: "interactions",
            id: "t.kind || ' · ' || t.at",
            joins: "",
            time: Some("t.at"),
            fields: &["channel", "subject", "category", "session", "value"],
            impossible: &[("in_future", "t.at > $1")],
            unmatched: &[],
        },
        TableChecks {
            table: "campaigns",
            id: "t.campaign_id",
            joins: "",
            time: None,
            fields: &[
                "name",
                "channel",
                "starts_at",
                "ends_at",
                "objective",
                "budget",
                "holdout_share",
            ],
            impossible: &[("ends_before_start", "t.ends_at < t.starts_at")],
            unmatched: &[("campaign_by_reference", "t.upload_id is null")],
        },
        TableChecks {
            table: "campaign_costs",
            id: "t.campaign_id || ' · ' || t.day",
            joins: RATES,
            time: Some("t.day::timestamp at time zone $3"),
            fields: &["currency", "channel", "impressions", "clicks", "conversions"],
            impossible: &[
                ("cost_negative", "t.cost < 0"),
                ("clicks_above_impressions", "t.clicks > t.impressions"),
                ("amount_not_converted", not_converted!("t.currency", "t.day")),
            ],
            unmatched: &[],
        },
        TableChecks {
            table: "touches",
            id: "coalesce(t.campaign_id, t.kind) || ' · ' || t.at",
            joins: "",
            time: Some("t.at"),
            fields: &["campaign_id", "channel", "cost", "value"],
            impossible: &[("in_future", "t.at > $1")],
            unmatched: &[],
        },
        TableChecks {
            table: "reviews",
            id: "coalesce(t.review_id, t.order_id, left(t.text, 40))",
            joins: "",
            time: Some("t.at"),
            fields: &[
                "customer_id",
                "product_id",
                "order_id",
                "review_id",
                "rating",
                "at",
                "source",
            ],
            impossible: &[("in_future", "t.at > $1"), ("rating_negative", "t.rating < 0")],
            unmatched: &[],
        },
        TableChecks {
            table: "exchange_rates",
            id: "t.currency || ' · ' || t.day",
            joins: "",
            time: Some("t.day::timestamp at time zone $3"),
            fields: &[],
            impossible: &[],
            unmatched: &[],
        },
    ]
}

/// The column of a field: what people know as a customer's id is a number of ours.
pub fn column(field: &str) -> &str {
    if field == "customer_id" { "customer_no" } else { field }
}
