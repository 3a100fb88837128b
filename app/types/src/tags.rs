//! Tags: a name, and for each customer at most one value of it. Where the values come from is the tag's definition.

use crate::rules::{Rule, Window};
use crate::segments::Method;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Two names with the same key are the same name: capitals and blanks around do not count.
pub fn tag_key(name: &str) -> String {
    name.trim().to_lowercase()
}

/// Where the values of a tag come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TagKind {
    /// Rules in order: the first that a customer fits gives the value.
    #[default]
    Rule,
    /// What a customer does most.
    Best,
    /// The group that a segmentation run put the customer in.
    Model,
    /// Ids with values that somebody sent.
    Uploaded,
}

impl TagKind {
    pub const ALL: [TagKind; 4] = [TagKind::Rule, TagKind::Best, TagKind::Model, TagKind::Uploaded];

    pub fn as_str(self) -> &'static str {
        match self {
            TagKind::Rule => "rule",
            TagKind::Best => "best",
            TagKind::Model => "model",
            TagKind::Uploaded => "uploaded",
        }
    }

    pub fn parse(text: &str) -> Option<TagKind> {
        TagKind::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// What a best-of tag takes the most of. Each is a field of portraits and rules and means the same there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum BestOf {
    /// The category on which most was spent.
    FavouriteCategory,
    /// The method that paid most orders.
    PaymentMethod,
    /// The channel of most orders.
    OrderChannel,
    /// The city of most orders.
    OrderCity,
    /// The quarter of the day, in local time, with the hour of most orders.
    OrderHour,
    /// The local weekday of most orders.
    OrderWeekday,
    /// The channel whose contacts were opened or clicked most.
    AnsweringChannel,
}

impl BestOf {
    pub const ALL: [BestOf; 7] = [
        BestOf::FavouriteCategory,
        BestOf::PaymentMethod,
        BestOf::OrderChannel,
        BestOf::OrderCity,
        BestOf::OrderHour,
        BestOf::OrderWeekday,
        BestOf::AnsweringChannel,
    ];

    /// Also the name of the field.
    pub fn as_str(self) -> &'static str {
        match self {
            BestOf::FavouriteCategory => "favourite_category",
            BestOf::PaymentMethod => "payment_method",
            BestOf::OrderChannel => "order_channel",
            BestOf::OrderCity => "order_city",
            BestOf::OrderHour => "order_hour",
            BestOf::OrderWeekday => "order_weekday",
            BestOf::AnsweringChannel => "answering_channel",
        }
    }

    pub fn parse(text: &str) -> Option<BestOf> {
        BestOf::ALL.into_iter().find(|of| of.as_str() == text)
    }
}

impl BestOf {
    /// What the field itself weighs by: money for categories, the number of orders or contacts for the rest.
    pub fn usual(self) -> BestBy {
        match self {
            BestOf::FavouriteCategory => BestBy::Spend,
            _ => BestBy::Count,
        }
    }

    /// A contact has neither a price nor pieces.
    pub fn weighed_by(self, by: BestBy) -> bool {
        self != BestOf::AnsweringChannel || by == BestBy::Count
    }
}

/// What makes one thing more than another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum BestBy {
    /// Order lines of a category; orders; contacts that were opened or clicked.
    Count,
    /// Money, in the installation's currency, refunds not taken off.
    Spend,
    /// Pieces of the order lines.
    Quantity,
}

impl BestBy {
    pub const ALL: [BestBy; 3] = [BestBy::Count, BestBy::Spend, BestBy::Quantity];

    pub fn as_str(self) -> &'static str {
        match self {
            BestBy::Count => "count",
            BestBy::Spend => "spend",
            BestBy::Quantity => "quantity",
        }
    }

    pub fn parse(text: &str) -> Option<BestBy> {
        BestBy::ALL.into_iter().find(|by| by.as_str() == text)
    }
}

/// What each customer does most, weighed in one way, in a window of time. Of equals the one that was done last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Most {
    pub of: BestOf,
    pub by: BestBy,
    pub window: Window,
}

/// One step of a rule tag, as a program writes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewTier {
    pub value: String,
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub rule: serde_json::Value,
}

/// One step of a rule tag: customers who fit the rule and none of those before have the value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tier {
    pub value: String,
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub rule: Rule,
}

/// An id of a customer, `id` or `source:id`, with its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TaggedId {
    pub id: String,
    /// Empty, where values are changed: the id loses the tag.
    pub value: String,
}

/// What a program posts or puts to save a tag. `kind` says which of the fields after it belong to it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewTag {
    /// Not the name of another tag, whatever its capitals; without a colon.
    pub name: String,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub folder: String,
    /// The last local date on which the tag counts; absent: it always does.
    #[serde(default)]
    pub expires_on: Option<NaiveDate>,
    pub kind: TagKind,
    /// Of `rule`: the first that fits wins.
    #[serde(default)]
    pub tiers: Vec<NewTier>,
    /// Of `best`. Without a measure and a window the tag is the field of portraits itself.
    #[serde(default)]
    pub of: Option<BestOf>,
    /// Of `best`: by what one is more than another; absent with a window: as the field weighs.
    #[serde(default)]
    pub by: Option<BestBy>,
    /// Of `best`: only the last so many local days, that of the newest data included.
    #[serde(default)]
    pub within_days: Option<u32>,
    /// Of `best`, instead of `within_days`: from this local date on.
    #[serde(default)]
    pub from: Option<NaiveDate>,
    /// Of `best`, instead of `within_days`: up to before this local date.
    #[serde(default)]
    pub to: Option<NaiveDate>,
    /// Of `model`: the run of this method that counts, which is the one that somebody chose, else the newest with a result.
    #[serde(default)]
    pub method: Option<Method>,
    /// Of `model`, instead of a method: this run for good.
    #[serde(default)]
    pub run: Option<i64>,
    /// Of `uploaded`. When the tag is replaced: absent leaves the ids as they are.
    #[serde(default)]
    pub values: Option<Vec<TaggedId>>,
}

/// A saved tag.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tag {
    pub id: i64,
    pub name: String,
    pub description: String,
    pub folder: String,
    /// Who made it.
    pub owner: String,
    pub kind: TagKind,
    /// Of `rule`, in order.
    pub tiers: Vec<Tier>,
    pub of: Option<BestOf>,
    /// Of `best`: null for the field of portraits itself.
    pub by: Option<BestBy>,
    pub within_days: Option<u32>,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub method: Option<Method>,
    pub run: Option<i64>,
    /// How many ids were sent; null for the other kinds.
    pub listed: Option<i64>,
    /// The last local date on which the tag counts.
    pub expires_on: Option<NaiveDate>,
    /// It does not count any more: nobody has it, and a rule that names it is refused.
    pub expired: bool,
    /// How many have which value in this version of the data; null when that cannot be answered.
    pub values: Option<Vec<TagValue>>,
    /// Customers who have any value.
    pub covered: Option<i64>,
    /// Fraction of all customers.
    pub coverage: Option<f64>,
    /// Why there are no values.
    pub problem: Option<String>,
    pub data_version: i64,
    pub data_as_of: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// When a rule, a portrait or a list of members last asked for it; to the hour.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Values in the versions of the data since the definition was last changed, oldest first; in lists left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sizes: Vec<TagSizes>,
    /// Segments and tags whose rules name this one; in lists left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub used_by: Vec<TagUser>,
}

/// A value and how many have it. In the order of the tiers; of other kinds the most frequent first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TagValue {
    pub value: String,
    pub size: i64,
}

/// The values of a tag in one version of the data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TagSizes {
    pub data_version: i64,
    pub data_as_of: Option<DateTime<Utc>>,
    pub covered: i64,
    /// All customers of that version.
    pub customers: i64,
    pub values: Vec<TagValue>,
}

/// A segment or a tag that names a tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TagUser {
    /// `segment` or `tag`.
    pub kind: String,
    pub id: i64,
    pub name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_not_know_capitals() {
        assert_eq!(tag_key(" Loyalty "), tag_key("LOYALTY"));
        assert_ne!(tag_key("loyal"), tag_key("loyalty"));
    }

    #[test]
    fn every_best_of_is_a_field_of_customers_with_words() {
        for of in BestOf::ALL {
            assert_eq!(BestOf::parse(of.as_str()), Some(of));
            assert_eq!(
                crate::rules::customer_field(of.as_str()),
                Some(crate::rules::ValueKind::Text)
            );
            assert_eq!(serde_json::to_value(of).ok(), Some(of.as_str().into()));
        }
        for kind in TagKind::ALL {
            assert_eq!(TagKind::parse(kind.as_str()), Some(kind));
        }
    }
}
