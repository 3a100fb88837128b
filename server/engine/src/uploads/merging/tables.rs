//! What the tables of records look like to the merge: keys, fields in the order of the mask, where each value comes from in a file of the
//! table's own kind, and who refers to whom. All SQL of the merge is made from these descriptions.

use types::uploads::UploadKind;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ty {
    Text,
    Uuid,
    Int4,
    Int8,
    /// Digits after the point; values arrive as whole numbers of that unit.
    Numeric(u32),
    Date,
    Instant,
    Bool,
    Json,
}

impl Ty {
    pub fn sql(self) -> &'static str {
        match self {
            Ty::Text => "text",
            Ty::Uuid => "uuid",
            Ty::Int4 => "integer",
            Ty::Int8 => "bigint",
            Ty::Numeric(_) => "numeric",
            Ty::Date => "date",
            Ty::Instant => "timestamptz",
            Ty::Bool => "boolean",
            Ty::Json => "jsonb",
        }
    }
}

/// Where a column's value comes from in a file of the table's own kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Origin {
    Field(&'static str),
    /// An id, told apart by the source of the upload.
    Id(&'static str),
    /// An id of a customer, which becomes its number.
    Customer(&'static str),
    RowKey,
    Attributes,
    /// Comes from files of other kinds only.
    Nowhere,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Column {
    pub name: &'static str,
    pub ty: Ty,
    pub from: Origin,
    /// Value of a row that no contribution sets.
    pub default: Option<&'static str>,
}

/// Which part of the sealed table a row belongs to; the same rule as the generated column `part`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PartRule {
    Zero,
    CustomerNo,
    /// The UTC month of the row's time.
    Month,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    pub name: &'static str,
    pub key: &'static [Column],
    /// Bit i of the mask is the i-th of these.
    pub fields: &'static [Column],
    /// Computed from other rows, never contributed.
    pub derived: &'static [Column],
    pub part: PartRule,
    /// Group that `groups: replace` declares to be whole, as an SQL expression over a row `r`.
    pub group: Option<&'static str>,
}

const fn col(name: &'static str, ty: Ty, from: Origin) -> Column {
    Column {
        name,
        ty,
        from,
        default: None,
    }
}

const fn own(name: &'static str, ty: Ty) -> Column {
    col(name, ty, Origin::Field(name))
}

const MONEY: Ty = Ty::Numeric(6);

pub static CUSTOMERS: Table = Table {
    name: "customers",
    key: &[col("customer_no", Ty::Int4, Origin::Customer("external_id"))],
    fields: &[
        own("name", Ty::Text),
        own("gender", Ty::Text),
        own("birth_date", Ty::Date),
        own("age", Ty::Int4),
        own("city", Ty::Text),
        own("province", Ty::Text),
        own("country", Ty::Text),
        own("occupation", Ty::Text),
        own("education", Ty::Text),
        own("income", MONEY),
        own("email", Ty::Text),
        own("phone", Ty::Text),
        own("signed_up_at", Ty::Instant),
        own("preferred_channel", Ty::Text),
        own("consent_marketing", Ty::Bool),
        own("consent_profiling", Ty::Bool),
        col("attributes", Ty::Json, Origin::Attributes),
    ],
    derived: &[],
    part: PartRule::CustomerNo,
    group: None,
};

pub static PRODUCTS: Table = Table {
    name: "products",
    key: &[col("product_id", Ty::Text, Origin::Id("product_id"))],
    fields: &[
        own("name", Ty::Text),
        own("category", Ty::Text),
        own("brand", Ty::Text),
        own("unit_cost", MONEY),
    ],
    derived: &[],
    part: PartRule::Zero,
    group: None,
};

pub static ORDERS: Table = Table {
    name: "orders",
    key: &[col("order_id", Ty::Text, Origin::Id("order_id"))],
    fields: &[
        col("customer_no", Ty::Int4, Origin::Customer("customer_id")),
        own("ordered_at", Ty::Instant),
        own("total", MONEY),
        own("currency", Ty::Text),
        own("status", Ty::Text),
        own("payment_method", Ty::Text),
        own("channel", Ty::Text),
        own("city", Ty::Text),
        col("country", Ty::Text, Origin::Nowhere),
        own("coupon", Ty::Text),
        own("discount", MONEY),
        own("shipping", MONEY),
        own("refund_amount", MONEY),
        own("refunded_at", Ty::Instant),
        own("delivered_at", Ty::Instant),
    ],
    derived: &[],
    part: PartRule::Month,
    group: None,
};

pub static ORDER_LINES: Table = Table {
    name: "order_lines",
    key: &[
        col("order_id", Ty::Text, Origin::Id("order_id")),
        col("row_key", Ty::Uuid, Origin::RowKey),
    ],
    fields: &[
        own("line_id", Ty::Text),
        col("customer_no", Ty::Int4, Origin::Customer("customer_id")),
        own("ordered_at", Ty::Instant),
        col("product_id", Ty::Text, Origin::Id("product_id")),
        Column {
            name: "quantity",
            ty: MONEY,
            from: Origin::Field("quantity"),
            default: Some("1"),
        },
        own("unit_price", MONEY),
        own("currency", Ty::Text),
    ],
    derived: &[
        col("order_customer_no", Ty::Int4, Origin::Nowhere),
        col("order_at", Ty::Instant, Origin::Nowhere),
    ],
    part: PartRule::Month,
    group: Some("r.order_id"),
};

pub static PAYMENTS: Table = Table {
    name: "payments",
    key: &[col("row_key", Ty::Uuid, Origin::RowKey)],
    fields: &[
        col("order_id", Ty::Text, Origin::Id("order_id")),
        own("method", Ty::Text),
        own("amount", MONEY),
        own("currency", Ty::Text),
    ],
    derived: &[],
    part: PartRule::Zero,
    group: Some("r.order_id"),
};

pub static INTERACTIONS: Table = Table {
    name: "interactions",
    key: &[col("row_key", Ty::Uuid, Origin::RowKey)],
    fields: &[
        col("customer_no", Ty::Int4, Origin::Customer("customer_id")),
        own("at", Ty::Instant),
        own("kind", Ty::Text),
        own("channel", Ty::Text),
        own("subject", Ty::Text),
        own("category", Ty::Text),
        own("session", Ty::Text),
        own("value", MONEY),
    ],
    derived: &[],
    part: PartRule::Month,
    group: None,
};

pub static CAMPAIGNS: Table = Table {
    name: "campaigns",
    key: &[col("campaign_id", Ty::Text, Origin::Id("campaign_id"))],
    fields: &[
        own("name", Ty::Text),
        own("channel", Ty::Text),
        own("starts_at", Ty::Date),
        own("ends_at", Ty::Date),
        own("objective", Ty::Text),
        own("budget", MONEY),
        own("holdout_share", MONEY),
    ],
    derived: &[],
    part: PartRule::Zero,
    group: None,
};

pub static CAMPAIGN_COSTS: Table = Table {
    name: "campaign_costs",
    key: &[col("row_key", Ty::Uuid, Origin::RowKey)],
    fields: &[
        col("campaign_id", Ty::Text, Origin::Id("campaign_id")),
        own("day", Ty::Date),
        own("cost", MONEY),
        own("currency", Ty::Text),
        own("channel", Ty::Text),
        own("impressions", Ty::Int8),
        own("clicks", Ty::Int8),
        own("conversions", Ty::Int8),
    ],
    derived: &[],
    part: PartRule::Zero,
    group: Some(
        "(coalesce(r.campaign_id, '') || chr(31) || coalesce(r.day::text, '') || chr(31) || coalesce(r.channel, ''))",
    ),
};

pub static TOUCHES: Table = Table {
    name: "touches",
    key: &[col("row_key", Ty::Uuid, Origin::RowKey)],
    fields: &[
        col("customer_no", Ty::Int4, Origin::Customer("customer_id")),
        own("at", Ty::Instant),
        own("kind", Ty::Text),
        col("campaign_id", Ty::Text, Origin::Id("campaign_id")),
        own("channel", Ty::Text),
        own("cost", MONEY),
        own("value", MONEY),
    ],
    derived: &[],
    part: PartRule::Month,
    group: None,
};

pub static REVIEWS: Table = Table {
    name: "reviews",
    key: &[col("row_key", Ty::Uuid, Origin::RowKey)],
    fields: &[
        col("customer_no", Ty::Int4, Origin::Customer("customer_id")),
        col("product_id", Ty::Text, Origin::Id("product_id")),
        col("order_id", Ty::Text, Origin::Id("order_id")),
        own("review_id", Ty::Text),
        own("rating", MONEY),
        own("text", Ty::Text),
        own("at", Ty::Instant),
        own("source", Ty::Text),
    ],
    derived: &[],
    part: PartRule::Month,
    group: None,
};

pub static EXCHANGE_RATES: Table = Table {
    name: "exchange_rates",
    key: &[own("day", Ty::Date), own("currency", Ty::Text)],
    fields: &[own("rate", Ty::Numeric(9))],
    derived: &[],
    part: PartRule::Zero,
    group: None,
};

/// Facts first, then what they name, in an order in which nothing names a table before it.
pub static ALL: [&Table; 11] = [
    &ORDER_LINES,
    &PAYMENTS,
    &INTERACTIONS,
    &TOUCHES,
    &REVIEWS,
    &CAMPAIGN_COSTS,
    &EXCHANGE_RATES,
    &ORDERS,
    &PRODUCTS,
    &CAMPAIGNS,
    &CUSTOMERS,
];

/// A column of one table that names a row of another, by that other's key.
pub struct Reference {
    pub from: &'static Table,
    pub column: &'static str,
    pub to: &'static Table,
}

pub static REFERENCES: [Reference; 12] = [
    Reference {
        from: &ORDER_LINES,
        column: "order_id",
        to: &ORDERS,
    },
    Reference {
        from: &ORDER_LINES,
        column: "customer_no",
        to: &CUSTOMERS,
    },
    Reference {
        from: &ORDER_LINES,
        column: "product_id",
        to: &PRODUCTS,
    },
    Reference {
        from: &PAYMENTS,
        column: "order_id",
        to: &ORDERS,
    },
    Reference {
        from: &INTERACTIONS,
        column: "customer_no",
        to: &CUSTOMERS,
    },
    Reference {
        from: &TOUCHES,
        column: "customer_no",
        to: &CUSTOMERS,
    },
    Reference {
        from: &TOUCHES,
        column: "campaign_id",
        to: &CAMPAIGNS,
    },
    Reference {
        from: &REVIEWS,
        column: "customer_no",
        to: &CUSTOMERS,
    },
    Reference {
        from: &REVIEWS,
        column: "product_id",
        to: &PRODUCTS,
    },
    Reference {
        from: &REVIEWS,
        column: "order_id",
        to: &ORDERS,
    },
    Reference {
        from: &CAMPAIGN_COSTS,
        column: "campaign_id",
        to: &CAMPAIGNS,
    },
    Reference {
        from: &ORDERS,
        column: "customer_no",
        to: &CUSTOMERS,
    },
];

pub fn by_name(name: &str) -> Option<&'static Table> {
    ALL.into_iter().find(|table| table.name == name)
}

/// The table of a kind's own rows.
pub fn table_of(kind: UploadKind) -> &'static Table {
    match kind {
        UploadKind::Customers => &CUSTOMERS,
        UploadKind::Products => &PRODUCTS,
        UploadKind::Orders => &ORDERS,
        UploadKind::OrderLines => &ORDER_LINES,
        UploadKind::Payments => &PAYMENTS,
        UploadKind::Interactions => &INTERACTIONS,
        UploadKind::Campaigns => &CAMPAIGNS,
        UploadKind::CampaignCosts => &CAMPAIGN_COSTS,
        UploadKind::Touches => &TOUCHES,
        UploadKind::Reviews => &REVIEWS,
        UploadKind::ExchangeRates => &EXCHANGE_RATES,
    }
}

/// The tables that an upload of a kind contributes to; a file of lines also describes its orders and products.
pub fn contributes_to(kind: UploadKind) -> Vec<&'static Table> {
    match kind {
        UploadKind::OrderLines => vec![&ORDER_LINES, &ORDERS, &PRODUCTS],
        other => vec![table_of(other)],
    }
}

impl Table {
    /// Exists by reference, too, and stays with unknown fields while something names it.
    pub fn is_dimension(&self) -> bool {
        REFERENCES.iter().any(|reference| reference.to.name == self.name)
    }

    pub fn references(&self) -> impl Iterator<Item = &'static Reference> + use<'_> {
        REFERENCES.iter().filter(|reference| reference.from.name == self.name)
    }

    /// Fields that name another table's row, and that table. A key names something, too, but no row replaces it.
    pub fn named_by_fields(&self) -> impl Iterator<Item = (&'static str, &'static str)> + use<'_> {
        self.references()
            .filter(|reference| self.fields.iter().any(|field| field.name == reference.column))
            .map(|r| (r.column, r.to.name))
    }

    pub fn referrers(&self) -> impl Iterator<Item = &'static Reference> + use<'_> {
        REFERENCES.iter().filter(|reference| reference.to.name == self.name)
    }
}
