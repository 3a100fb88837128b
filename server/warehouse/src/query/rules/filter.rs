//! Which facts of one part fit a `where`? The rule of field conditions, bound to the columns of the part.

use super::mask::Mask;
use crate::error::{Error, Result};
use crate::resident::{Column, Key, Resident, Source, source::Money};
use crate::snapshot::Snapshot;
use chrono::NaiveDate;
use std::collections::HashMap;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use types::rules::{Facts, FieldCondition, Rule, ValueKind, fact_field};

/// What all parts of a question share.
pub(super) struct Context {
    pub(super) snapshot: Snapshot,
    pub(super) as_of: NaiveDate,
    /// The rates, when amounts in other currencies occur.
    pub(super) rates: Option<PathBuf>,
    pub(super) products: Arc<Products>,
    /// Files of orders by part, for lines.
    pub(super) orders: HashMap<i32, PathBuf>,
}

/// Name, category and brand of each product, as they are now.
#[derive(Default)]
pub(crate) struct Products(pub(super) HashMap<String, [Option<String>; 3]>);

impl Products {
    pub(super) const FIELDS: [&'static str; 3] = ["product_name", "category", "brand"];

    pub(super) fn get(&self, product: Option<&str>, field: usize) -> Option<String> {
        self.0.get(product?)?[field].clone()
    }
}

/// One sealed file of facts.
#[derive(Clone, Debug)]
pub(super) struct File {
    pub(super) facts: Facts,
    pub(super) part: i32,
    pub(super) path: PathBuf,
}

/// The column of a fact's time.
pub(super) fn time_of(facts: Facts) -> &'static str {
    match facts {
        Facts::Orders | Facts::OrderLines => "ordered_at",
        Facts::Interactions | Facts::Touches | Facts::Reviews => "at",
    }
}

impl Context {
    pub(super) async fn column(&self, file: &File, source: Source) -> Result<Arc<Column>> {
        let beside = match source {
            Source::Money(_) => self.rates.clone(),
            Source::OrderRow => self.orders.get(&file.part).cloned(),
            _ => None,
        };
        let key = Key {
            table: file.facts.as_str(),
            path: file.path.clone(),
            source,
            beside,
        };
        Resident::get(&self.snapshot, key).await
    }

    /// The file of the orders that the lines of a file belong to.
    pub(super) fn orders_of(&self, lines: &File) -> Option<File> {
        self.orders.get(&lines.part).map(|path| File {
            facts: Facts::Orders,
            part: lines.part,
            path: path.clone(),
        })
    }
}

/// Whether a `where` names the status of orders, which lifts the limit to counting ones.
pub(super) fn names_status(filter: Option<&Rule>) -> bool {
    let mut named = false;
    if let Some(filter) = filter {
        filter.walk(&mut |_, rule| {
            named |= matches!(rule, Rule::Field(FieldCondition { field, .. }) if field == "status");
        });
    }
    named
}

/// A `where` bound to the columns of one part.
pub(super) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Not(Box<Filter>),
    Rows(Mask),
    /// A mask over the orders of the part, looked up by the row of the order of each line.
    OfOrder(Mask, Arc<Column>),
}

impl Filter {
    pub(super) async fn bind(context: &Context, file: &File, rule: &Rule) -> Result<Filter> {
        Ok(match rule {
            Rule::All(rules) => Filter::All(bind_all(context, file, rules).await?),
            Rule::Any(rules) => Filter::Any(bind_all(context, file, rules).await?),
            Rule::Not(rule) => Filter::Not(Box::new(Box::pin(Filter::bind(context, file, rule)).await?)),
            Rule::Field(condition) => Filter::field(context, file, &condition.field, &condition.test).await?,
            _ => {
                return Err(Error::Ended(
                    "a condition inside where that is not about a field".to_owned(),
                ));
            }
        })
    }

    /// A comparison of one field of the facts of a part.
    pub(super) async fn field(
        context: &Context,
        file: &File,
        field: &str,
        test: &types::rules::Test,
    ) -> Result<Filter> {
        let kind = fact_field(file.facts, field).ok_or_else(|| Error::Column(field.to_owned()))?;
        if file.facts == Facts::OrderLines && of_the_order(field) {
            let rows = context.column(file, Source::OrderRow).await?;
            return match context.orders_of(file) {
                Some(orders) => Ok(Filter::OfOrder(mask(context, &orders, field, kind, test).await?, rows)),
                // Lines without orders: nothing is known of them.
                None => Ok(Filter::Any(Vec::new())),
            };
        }
        Ok(Filter::Rows(mask(context, file, field, kind, test).await?))
    }

    /// Writes 1 for each row that fits, 0 for the others.
    pub(super) fn fill(&self, rows: Range<usize>, out: &mut [u8]) {
        match self {
            Filter::All(filters) => {
                out.fill(1);
                combine(filters, rows, out, |out, more| *out &= more);
            }
            Filter::Any(filters) => {
                out.fill(0);
                combine(filters, rows, out, |out, more| *out |= more);
            }
            Filter::Not(filter) => {
                filter.fill(rows, out);
                out.iter_mut().for_each(|out| *out ^= 1);
            }
            Filter::Rows(mask) => mask.fill(rows, out),
            Filter::OfOrder(mask, order_rows) => fill_by_order(mask, &order_rows.places()[rows], out),
        }
    }
}

async fn bind_all(context: &Context, file: &File, rules: &[Rule]) -> Result<Vec<Filter>> {
    let mut bound = Vec::with_capacity(rules.len());
    for rule in rules {
        bound.push(Box::pin(Filter::bind(context, file, rule)).await?);
    }
    Ok(bound)
}

fn combine(filters: &[Filter], rows: Range<usize>, out: &mut [u8], join: impl Fn(&mut u8, u8)) {
    let mut more = vec![0; out.len()];
    for filter in filters {
        filter.fill(rows.clone(), &mut more);
        out.iter_mut().zip(&more).for_each(|(out, more)| join(out, *more));
    }
}

/// The orders of a run of lines lie close together: their answers are computed once and looked up. A line without its order fits nothing.
pub(super) fn fill_by_order(mask: &Mask, order_rows: &[u32], out: &mut [u8]) {
    let known = || order_rows.iter().filter(|row| **row != crate::resident::column::NO_ROW);
    let (Some(first), Some(last)) = (known().min(), known().max()) else {
        return out.fill(0);
    };
    let (first, last) = (*first as usize, *last as usize);
    let mut answers = vec![0; last + 1 - first];
    mask.fill(first..last + 1, &mut answers);
    for (row, out) in order_rows.iter().zip(out) {
        *out = (*row as usize)
            .checked_sub(first)
            .and_then(|place| answers.get(place))
            .copied()
            .unwrap_or(0);
    }
}

pub(super) fn of_the_order(field: &str) -> bool {
    matches!(
        field,
        "order_id" | "status" | "payment_method" | "channel" | "city" | "country" | "coupon"
    )
}

async fn mask(context: &Context, file: &File, field: &str, kind: ValueKind, test: &types::rules::Test) -> Result<Mask> {
    if let Some(place) = Products::FIELDS.iter().position(|known| *known == field)
        && matches!(file.facts, Facts::OrderLines | Facts::Reviews)
    {
        let column = context.column(file, Source::Words("product_id".to_owned())).await?;
        let products = context.products.clone();
        let word = move |product: Option<&str>| products.get(product, place);
        return Ok(Mask::of(&column, kind, test, context.as_of, Some(&word)));
    }
    let column = context.column(file, source_of(file.facts, field, kind)).await?;
    // An order without a status is paid; one without a currency has the installation's.
    let otherwise = match field {
        "status" => Some("paid"),
        "currency" => Some(context.snapshot.currency()),
        _ => None,
    };
    if let Some(otherwise) = otherwise {
        let word = |word: Option<&str>| Some(word.unwrap_or(otherwise).to_owned());
        return Ok(Mask::of(&column, kind, test, context.as_of, Some(&word)));
    }
    Ok(Mask::of(&column, kind, test, context.as_of, None))
}

/// Where a field of a fact comes from.
pub(super) fn source_of(facts: Facts, field: &str, kind: ValueKind) -> Source {
    let name = || field.to_owned();
    match (facts, field, kind) {
        (Facts::Orders, "total", _) => Source::Money(Money::OrderValue),
        (Facts::Orders, "discount", _) => Source::Money(Money::Discount),
        (Facts::Orders, "shipping", _) => Source::Money(Money::Shipping),
        (Facts::Orders, "refund_amount", _) => Source::Money(Money::Refund),
        (Facts::OrderLines, "unit_price", _) => Source::Money(Money::LinePrice),
        (Facts::OrderLines, "value", _) => Source::Money(Money::LineValue),
        (_, _, ValueKind::Number) => Source::Amount(name()),
        (_, _, ValueKind::Date) => Source::Day(name()),
        (_, _, ValueKind::Text | ValueKind::YesNo) => Source::Words(name()),
    }
}
