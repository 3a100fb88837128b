//! Which fields can a rule name, and what do they hold? Fields of a customer are those of a portrait; extra attributes, which depend on the
//! data, are added by who knows the data.

use super::Facts;
use serde::{Deserialize, Serialize};

/// What a field holds, which decides the comparisons that make sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ValueKind {
    Text,
    /// Amounts are in the installation's currency.
    Number,
    /// A date, or the local date of a moment.
    Date,
    YesNo,
}

/// A field and what it holds.
pub type FieldName = (&'static str, ValueKind);

use ValueKind::{Date, Number, Text, YesNo};

const CUSTOMER: &[FieldName] = &[
    ("external_id", Text),
    ("gender", Text),
    // At the day of the question.
    ("age", Number),
    ("age_band", Text),
    ("birth_date", Date),
    ("city", Text),
    ("province", Text),
    ("country", Text),
    ("occupation", Text),
    ("education", Text),
    ("income", Number),
    ("signed_up_at", Date),
    ("preferred_channel", Text),
    ("answering_channel", Text),
    ("consent_marketing", YesNo),
    ("consent_profiling", YesNo),
    ("cohort", Text),
    ("orders", Number),
    ("order_count", Text),
    ("order_lines", Number),
    ("units", Number),
    ("spend", Number),
    ("average_order_value", Number),
    ("first_order_at", Date),
    ("last_order_at", Date),
    // Before the day of the question.
    ("days_since_last_order", Number),
    ("favourite_category", Text),
    ("payment_method", Text),
    ("order_channel", Text),
    ("order_city", Text),
    ("order_hour", Text),
    ("order_weekday", Text),
    ("interactions", Number),
    ("last_interaction_at", Date),
    ("touches", Number),
    ("opens", Number),
    ("clicks", Number),
    ("last_touch_at", Date),
    ("reviews", Number),
    ("rating", Number),
];

const ORDERS: &[FieldName] = &[
    ("order_id", Text),
    ("ordered_at", Date),
    ("total", Number),
    ("currency", Text),
    ("status", Text),
    ("payment_method", Text),
    ("channel", Text),
    ("city", Text),
    ("country", Text),
    ("coupon", Text),
    ("discount", Number),
    ("shipping", Number),
    ("refund_amount", Number),
    ("refunded_at", Date),
    ("delivered_at", Date),
];

const ORDER_LINES: &[FieldName] = &[
    ("ordered_at", Date),
    ("product_id", Text),
    ("product_name", Text),
    ("category", Text),
    ("brand", Text),
    ("quantity", Number),
    ("unit_price", Number),
    // Unit price times quantity.
    ("value", Number),
    // Of the order that the line belongs to.
    ("order_id", Text),
    ("status", Text),
    ("payment_method", Text),
    ("channel", Text),
    ("city", Text),
    ("country", Text),
    ("coupon", Text),
];

const INTERACTIONS: &[FieldName] = &[
    ("at", Date),
    ("kind", Text),
    ("channel", Text),
    ("subject", Text),
    ("category", Text),
    ("session", Text),
    ("value", Number),
];

const TOUCHES: &[FieldName] = &[
    ("at", Date),
    ("kind", Text),
    ("campaign_id", Text),
    ("channel", Text),
    ("cost", Number),
    ("value", Number),
];

const REVIEWS: &[FieldName] = &[
    ("at", Date),
    ("rating", Number),
    ("text", Text),
    ("source", Text),
    ("order_id", Text),
    ("product_id", Text),
    ("product_name", Text),
    ("category", Text),
    ("brand", Text),
];

/// Fields that every customer has, known or not; extra attributes are `attributes.KEY` beside them.
pub fn customer_fields() -> &'static [FieldName] {
    CUSTOMER
}

pub fn customer_field(name: &str) -> Option<ValueKind> {
    find(CUSTOMER, name)
}

/// Fields of a fact, for `where` and for measures.
pub fn fact_fields(facts: Facts) -> &'static [FieldName] {
    match facts {
        Facts::Orders => ORDERS,
        Facts::OrderLines => ORDER_LINES,
        Facts::Interactions => INTERACTIONS,
        Facts::Touches => TOUCHES,
        Facts::Reviews => REVIEWS,
    }
}

pub fn fact_field(facts: Facts, name: &str) -> Option<ValueKind> {
    find(fact_fields(facts), name)
}

fn find(fields: &[FieldName], name: &str) -> Option<ValueKind> {
    fields.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
}
