//! Chosen features of chosen customers, as columns: numbers with gaps, and words as codes. From them clusters are made; how they are scaled is
//! decided elsewhere.

use crate::derive::{EXCLUDED_ORDERS, FEATURES};
use crate::error::{Error, Result};
use crate::labels::open;
use crate::query::distribution::columns::age_at;
use crate::query::facts::{self, Money};
use crate::read::{Rows, at, text_at};
use crate::snapshot::Snapshot;
use chrono::NaiveDate;
use std::collections::HashMap;

/// A feature that a run may choose; attributes of the company come on top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Feature {
    pub name: &'static str,
    pub kind: FeatureKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeatureKind {
    Number,
    Word,
    /// One number per product category: the part of the customer's order lines that are of it.
    Categories,
}

const fn number(name: &'static str) -> Feature {
    Feature {
        name,
        kind: FeatureKind::Number,
    }
}

const fn word(name: &'static str) -> Feature {
    Feature {
        name,
        kind: FeatureKind::Word,
    }
}

/// What the features table has of every customer, and what follows from it.
pub const CHOICES: [Feature; 25] = [
    number("age"),
    number("income"),
    number("tenure_days"),
    number("order_lines"),
    number("units"),
    number("refund_share"),
    number("coupon_share"),
    number("interactions"),
    number("touches"),
    number("opens"),
    number("clicks"),
    number("reviews"),
    number("mean_rating"),
    Feature {
        name: "category_shares",
        kind: FeatureKind::Categories,
    },
    word("gender"),
    word("city"),
    word("country"),
    word("occupation"),
    word("education"),
    word("preferred_channel"),
    word("answering_channel"),
    word("favourite_category"),
    word("payment_method"),
    word("order_channel"),
    word("order_city"),
];

/// Product categories that get a column of their own, the most frequent ones.
const MOST_CATEGORIES: usize = 24;
/// Words of a column that keep their own code, the most frequent ones; the others share one.
const MOST_WORDS: usize = 64;

/// A column in the order of the customers that were asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct ChosenColumn {
    pub name: String,
    pub values: ChosenValues,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ChosenValues {
    /// Not a number where nothing is known.
    Numbers(Vec<f64>),
    Words {
        codes: Vec<u32>,
        /// What each code stands for; empty: no value, and `…`: one of the rarer ones.
        words: Vec<String>,
    },
}

/// The one number that the features table does not hold.
const COUPONS: &str = "coupon_share";

/// Stands for the rarer words of a column.
pub const RARER: &str = "…";

impl Snapshot {
    /// Columns of the customers with these rising numbers. Ages and tenure are those of the local date `as_of`, everything else is as this version
    /// of the data knows it. A name that nobody has is an error.
    pub async fn chosen(&self, as_of: NaiveDate, customers: Vec<u32>, names: Vec<String>) -> Result<Vec<ChosenColumn>> {
        let this = self.clone();
        self.run(async move {
            let mut found = Vec::with_capacity(names.len());
            for name in &names {
                found.extend(this.one(as_of, &customers, name).await?);
            }
            Ok(found)
        })
        .await
    }

    async fn one(&self, as_of: NaiveDate, customers: &[u32], name: &str) -> Result<Vec<ChosenColumn>> {
        let kind = match CHOICES.iter().find(|choice| choice.name == name) {
            Some(choice) => choice.kind,
            None => match self.attribute_kind(name) {
                Some(types::rules::ValueKind::Number) => FeatureKind::Number,
                Some(_) => FeatureKind::Word,
                None => return Err(Error::Column(name.to_owned())),
            },
        };
        let of = |values| ChosenColumn {
            name: name.to_owned(),
            values,
        };
        Ok(match kind {
            FeatureKind::Number if name == COUPONS => {
                vec![of(ChosenValues::Numbers(coupons(self, as_of, customers).await?))]
            }
            FeatureKind::Number => vec![of(ChosenValues::Numbers(numbers(self, as_of, customers, name)?))],
            FeatureKind::Word => vec![of(words(self, customers, name)?)],
            FeatureKind::Categories => categories(self, as_of, customers).await?,
        })
    }
}

/// Calls `take` with the batch, the row and the place of each wanted customer. Features are in order of customer number.
fn each_wanted(
    snapshot: &Snapshot,
    customers: &[u32],
    columns: &[&str],
    mut take: impl FnMut(&Rows<'_>, &[(usize, usize)]) -> Result<()>,
) -> Result<()> {
    let Some(path) = snapshot.path_of(FEATURES) else {
        return Ok(());
    };
    let mut wanted = vec!["customer_no"];
    wanted.extend_from_slice(columns);
    let mut next = 0;
    for batch in open(&path, &wanted)? {
        let batch = batch?;
        let rows = Rows(&batch);
        let numbers = rows.numbers("customer_no")?;
        let mut places = Vec::new();
        for row in 0..rows.len() {
            let number = numbers.value(row);
            while customers.get(next).is_some_and(|customer| *customer < number) {
                next += 1;
            }
            if customers.get(next) == Some(&number) {
                places.push((row, next));
                next += 1;
            }
        }
        take(&rows, &places)?;
    }
    Ok(())
}

fn numbers(snapshot: &Snapshot, as_of: NaiveDate, customers: &[u32], name: &str) -> Result<Vec<f64>> {
    let mut values = vec![f64::NAN; customers.len()];
    match name {
        "age" => each_wanted(snapshot, customers, &["birth_date", "age"], |rows, places| {
            let (births, ages) = (rows.dates("birth_date")?, rows.i32s("age")?);
            for (row, place) in places {
                let age = at(&births, *row)
                    .and_then(|birth| age_at(birth, as_of))
                    .or(at(&ages, *row));
                values[*place] = age.map_or(f64::NAN, f64::from);
            }
            Ok(())
        })?,
        "tenure_days" => {
            let today = crate::zone::day_of_date(as_of);
            let columns = ["signed_up_at", "first_order_at"];
            each_wanted(snapshot, customers, &columns, |rows, places| {
                let (signed_up, ordered) = (rows.instants(columns[0])?, rows.instants(columns[1])?);
                for (row, place) in places {
                    // Whichever came first: some order before they sign up.
                    let first = [at(&signed_up, *row), at(&ordered, *row)].into_iter().flatten().min();
                    values[*place] =
                        first.map_or(f64::NAN, |first| f64::from((today - snapshot.zone().day(first)).max(0)));
                }
                Ok(())
            })?;
        }
        "refund_share" => each_wanted(snapshot, customers, &["gross_value", "refunds"], |rows, places| {
            let (gross, refunds) = (rows.f64s("gross_value")?, rows.f64s("refunds")?);
            for (row, place) in places {
                values[*place] = match (at(&gross, *row), at(&refunds, *row)) {
                    (Some(gross), Some(refunds)) if gross > 0.0 => refunds / gross,
                    _ => f64::NAN,
                };
            }
            Ok(())
        })?,
        plain => each_wanted(snapshot, customers, &[plain], |rows, places| {
            let column = rows.f64s(plain)?;
            for (row, place) in places {
                values[*place] = at(&column, *row).filter(|value| value.is_finite()).unwrap_or(f64::NAN);
            }
            Ok(())
        })?,
    }
    Ok(values)
}

/// The part of each customer's counting orders that had a coupon.
async fn coupons(snapshot: &Snapshot, as_of: NaiveDate, customers: &[u32]) -> Result<Vec<f64>> {
    let money = Money::of(snapshot).await?;
    let end = facts::instant(snapshot.zone().start_of(as_of.succ_opt().unwrap_or(as_of)));
    let known = format!("and o.ordered_at < {end} and o.customer_no is not null");
    let orders = facts::counting_orders(snapshot, &money, "o.customer_no, o.coupon", &known);
    let sql = format!(
        "select customer_no, count(coupon) / cast(count(*) as double) as part from {orders} group by customer_no"
    );
    let mut values = vec![f64::NAN; customers.len()];
    snapshot
        .each(&sql, money.values.clone(), |rows| {
            let (numbers, parts) = (rows.numbers("customer_no")?, rows.f64s("part")?);
            for row in 0..rows.len() {
                if let Ok(place) = customers.binary_search(&numbers.value(row)) {
                    values[place] = parts.value(row);
                }
            }
            Ok(())
        })
        .await?;
    Ok(values)
}

fn words(snapshot: &Snapshot, customers: &[u32], name: &str) -> Result<ChosenValues> {
    let mut known: HashMap<String, u32> = HashMap::from([(String::new(), 0)]);
    let mut found = vec![0_u32; customers.len()];
    each_wanted(snapshot, customers, &[name], |rows, places| {
        let texts = rows.texts(name)?;
        for (row, place) in places {
            let word = text_at(&texts, *row).unwrap_or_default();
            found[*place] = match known.get(word) {
                Some(code) => *code,
                None => {
                    let code = u32::try_from(known.len()).unwrap_or(u32::MAX);
                    known.insert(word.to_owned(), code);
                    code
                }
            };
        }
        Ok(())
    })?;
    let mut words = vec![String::new(); known.len()];
    for (word, code) in known {
        words[code as usize] = word;
    }
    Ok(by_frequency(found, words))
}

/// Codes by falling frequency, equal ones by their words, so that they do not depend on the order of rows.
fn by_frequency(found: Vec<u32>, words: Vec<String>) -> ChosenValues {
    let mut counts = vec![0_usize; words.len()];
    for code in &found {
        counts[*code as usize] += 1;
    }
    let mut order: Vec<usize> = (0..words.len()).filter(|code| counts[*code] > 0).collect();
    order.sort_by(|a, b| counts[*b].cmp(&counts[*a]).then_with(|| words[*a].cmp(&words[*b])));
    let mut renamed = vec![0_u32; words.len()];
    for (place, code) in order.iter().enumerate() {
        renamed[*code] = u32::try_from(place.min(MOST_WORDS)).unwrap_or(0);
    }
    let mut kept: Vec<String> = order.iter().take(MOST_WORDS).map(|code| words[*code].clone()).collect();
    if order.len() > MOST_WORDS {
        kept.push(RARER.to_owned());
    }
    ChosenValues::Words {
        codes: found.into_iter().map(|code| renamed[code as usize]).collect(),
        words: kept,
    }
}

/// The part of each customer's lines of counting orders that is of each category.
async fn categories(snapshot: &Snapshot, as_of: NaiveDate, customers: &[u32]) -> Result<Vec<ChosenColumn>> {
    if snapshot.rows("order_lines") == 0 {
        return Ok(Vec::new());
    }
    let end = facts::instant(snapshot.zone().start_of(as_of.succ_opt().unwrap_or(as_of)));
    let counting = match snapshot.rows(EXCLUDED_ORDERS) {
        0 => String::new(),
        _ => format!(" left anti join {EXCLUDED_ORDERS} x on x.order_id = l.order_id"),
    };
    let sql = format!(
        "select l.customer_no as customer_no, p.category as word, count(*) as lines from \
         (select l.* from order_lines l{counting} where l.ordered_at < {end} and l.customer_no is not null) l \
         join products p on p.product_id = l.product_id where p.category is not null group by l.customer_no, p.category"
    );
    let mut names: HashMap<String, usize> = HashMap::new();
    let mut counts: Vec<(usize, usize, f64)> = Vec::new();
    let mut totals: Vec<f64> = Vec::new();
    let mut lines_of = vec![0.0; customers.len()];
    snapshot
        .each(&sql, Vec::new(), |rows| {
            let (numbers, words, lines) = (rows.numbers("customer_no")?, rows.texts("word")?, rows.f64s("lines")?);
            for row in 0..rows.len() {
                let (Ok(place), Some(word)) = (customers.binary_search(&numbers.value(row)), text_at(&words, row))
                else {
                    continue;
                };
                let next = names.len();
                let category = match names.get(word) {
                    Some(category) => *category,
                    None => {
                        names.insert(word.to_owned(), next);
                        totals.push(0.0);
                        next
                    }
                };
                counts.push((place, category, lines.value(row)));
                totals[category] += lines.value(row);
                lines_of[place] += lines.value(row);
            }
            Ok(())
        })
        .await?;
    let mut order: Vec<(String, usize)> = names.into_iter().collect();
    order.sort_by(|a, b| totals[b.1].total_cmp(&totals[a.1]).then_with(|| a.0.cmp(&b.0)));
    order.truncate(MOST_CATEGORIES);
    let mut column_of = vec![None; totals.len()];
    for (column, (_, category)) in order.iter().enumerate() {
        column_of[*category] = Some(column);
    }
    // Nobody is known to prefer anything before the first line.
    let empty: Vec<f64> = lines_of
        .iter()
        .map(|lines| if *lines > 0.0 { 0.0 } else { f64::NAN })
        .collect();
    let mut columns = vec![empty; order.len()];
    for (place, category, lines) in counts {
        if let Some(column) = column_of[category] {
            columns[column][place] = lines / lines_of[place];
        }
    }
    Ok(order
        .into_iter()
        .zip(columns)
        .map(|((name, _), values)| ChosenColumn {
            name: format!("category_shares.{name}"),
            values: ChosenValues::Numbers(values),
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_numbered_by_how_often_they_occur() {
        let words = ["", "b", "a", "c"].map(str::to_owned).to_vec();
        let found = by_frequency(vec![1, 2, 2, 1, 3, 0, 2], words);
        let ChosenValues::Words { codes, words } = found else {
            panic!("words stay words");
        };
        assert_eq!(words, ["a", "b", "", "c"]);
        assert_eq!(codes, [1, 0, 0, 1, 3, 2, 0]);
    }

    #[test]
    fn rarer_words_share_a_code() {
        let many: Vec<String> = (0..70).map(|n| format!("{n:02}")).collect();
        let found = by_frequency((0..70).chain(0..60).collect(), many);
        let ChosenValues::Words { codes, words } = found else {
            panic!("words stay words");
        };
        assert_eq!((words.len(), words.last().map(String::as_str)), (65, Some(RARER)));
        assert_eq!(codes[69], 64);
        assert_eq!(codes[5], 5);
    }
}
