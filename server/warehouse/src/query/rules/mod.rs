//! Who fits a rule, exactly, at every keystroke. Each condition becomes a set of customers, computed from columns in memory and kept per
//! version and day; sets are joined as the rule says. It must not know of saved segments: whoever asks brings what a rule refers to.

mod best;
mod bits;
mod count;
mod facts;
mod filter;
mod known;
mod mask;
mod most;
#[cfg(test)]
mod most_tests;
mod people;
#[cfg(test)]
mod plain;
#[cfg(test)]
mod random;
mod reading;
mod sequence;
mod test;
#[cfg(test)]
mod tests;
mod values;
#[cfg(test)]
mod values_tests;
mod why;

pub use count::ConditionCount;
pub(crate) use filter::Products;
pub(crate) use known::Known;
pub use reading::Value;
pub use values::FieldCounts;
pub use why::Reason;

use self::bits::{Bits, Part};
use self::filter::Context;
use self::people::People;
use crate::derive::DAILY_RATES;
use crate::error::{Error, Result};
use crate::labels::Group;
use crate::read::text_at;
use crate::snapshot::Snapshot;
use chrono::NaiveDate;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::task::JoinSet;
use types::rules::{Facts, Rule, RuleProblem, validate};
use types::tags::tag_key;

/// Customers that one task works on: enough to be worth it, few enough for everybody to get a turn.
const RANGE: u32 = 1 << 15;

/// What a rule may refer to, by the names that it uses.
#[derive(Clone, Debug, Default)]
pub struct References {
    pub segments: HashMap<i64, Reference>,
    /// Groups of segmentation runs, by number of the run and key of the group.
    pub runs: HashMap<(i64, String), Group>,
    /// By the key of the tag's name and, where one value is meant, the value.
    pub tags: HashMap<(String, Option<String>), Reference>,
}

#[derive(Clone, Debug)]
pub enum Reference {
    /// Must not lead back to itself.
    Rule(Rule),
    /// A list of customers.
    Members(Group),
}

/// The answer to a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleCounts {
    pub count: u64,
    /// All customers.
    pub total: u64,
    /// In reading order.
    pub conditions: Vec<ConditionCount>,
}

impl Snapshot {
    /// How many customers fit a rule at a local date, and how many are left after each of its conditions.
    pub async fn count_rule(&self, rule: Rule, as_of: NaiveDate, references: References) -> Result<RuleCounts> {
        let this = self.clone();
        self.run(async move {
            let asked = Asked::new(&this, as_of, references).await?;
            let (bits, conditions) = asked.of(&rule).await?;
            Ok(RuleCounts {
                count: bits.count(),
                total: asked.everybody.count(),
                conditions,
            })
        })
        .await
    }

    /// The customers that fit a rule at a local date.
    pub async fn group_of_rule(&self, rule: Rule, as_of: NaiveDate, references: References) -> Result<Group> {
        let this = self.clone();
        self.run(async move {
            let asked = Asked::new(&this, as_of, references).await?;
            let (bits, _) = asked.of(&rule).await?;
            Ok(Group::of_words(bits.shared()))
        })
        .await
    }

    /// What is wrong with a rule for this version of the data.
    pub fn check_rule(&self, rule: &Rule) -> Result<Vec<RuleProblem>> {
        let attributes = self.attributes()?;
        Ok(validate(rule, &|name| attributes.get(name).copied()))
    }

    /// Bytes of columns that rules hold in memory, of all versions.
    pub fn resident_bytes(&self) -> usize {
        self.warehouse().resident.bytes()
    }
}

/// One question: a version, a day, and what its rule refers to.
struct Asked {
    snapshot: Snapshot,
    as_of: NaiveDate,
    references: References,
    people: Arc<People>,
    everybody: Bits,
    /// Who is meant by what the question names, by the condition that names it.
    met: Mutex<HashMap<String, Bits>>,
}

impl Asked {
    async fn new(snapshot: &Snapshot, as_of: NaiveDate, references: References) -> Result<Asked> {
        let people = Arc::new(People::of(snapshot).await?);
        let customers = people.customers.places();
        let words = customers.last().map_or(1, |last| *last as usize / 64 + 1);
        let key = known::Key {
            version: snapshot.version(),
            day: 0,
            condition: String::new(),
        };
        let all = async {
            let mut part = Part::new(0, u32::try_from(words * 64).unwrap_or(u32::MAX));
            customers.iter().for_each(|customer| part.set(*customer));
            Ok(Bits::new(part.into_words()))
        };
        let everybody = snapshot.warehouse().known.get(key, all).await?;
        Ok(Asked {
            snapshot: snapshot.clone(),
            as_of,
            references,
            people,
            everybody,
            met: Mutex::default(),
        })
    }

    /// The customers of a rule, and its conditions with their counts.
    async fn of(&self, rule: &Rule) -> Result<(Bits, Vec<ConditionCount>)> {
        let problems = self.snapshot.check_rule(rule)?;
        if !problems.is_empty() {
            return Err(Error::Rule(problems));
        }
        let mut conditions = Vec::new();
        rule.walk(&mut |at, rule| {
            if !matches!(rule, Rule::All(_) | Rule::Any(_) | Rule::Not(_)) {
                conditions.push((at.to_owned(), rule));
            }
        });
        let mut sets = Vec::with_capacity(conditions.len());
        for (at, condition) in conditions {
            sets.push(Box::pin(self.condition(condition, &at)).await?);
        }
        Ok(count::count(rule, &self.everybody, &mut sets.into_iter()))
    }

    async fn condition(&self, condition: &Rule, at: &str) -> Result<Bits> {
        let missing = |what: String| {
            Error::Rule(vec![RuleProblem {
                pointer: at.to_owned(),
                reason: format!("{what} does not exist"),
            }])
        };
        let members = |group: &Group| self.members(group);
        match condition {
            Rule::Segment(id) => match self.references.segments.get(id) {
                Some(reference) => self.meant(condition, reference).await,
                None => Err(missing(format!("segment {id}"))),
            },
            Rule::Run { id, segment } => match self.references.runs.get(&(*id, segment.clone())) {
                Some(group) => Ok(members(group)),
                None => Err(missing(format!("group {segment} of run {id}"))),
            },
            Rule::Tag { name, value } => match self.references.tags.get(&(tag_key(name), value.clone())) {
                Some(reference) => self.meant(condition, reference).await,
                None => Err(missing(format!("tag {name}"))),
            },
            _ => {
                let key = known::Key {
                    version: self.snapshot.version(),
                    day: crate::zone::day_of_date(self.as_of),
                    condition: condition.to_json().to_string(),
                };
                self.snapshot.warehouse().known.get(key, self.find(condition)).await
            }
        }
    }

    /// Who is meant by a segment or a tag: found out once for a question, on however many ways it leads there.
    async fn meant(&self, condition: &Rule, reference: &Reference) -> Result<Bits> {
        let rule = match reference {
            Reference::Members(group) => return Ok(self.members(group)),
            Reference::Rule(rule) => rule,
        };
        let broken = |_| Error::Ended("what a rule names is broken".to_owned());
        let key = condition.to_json().to_string();
        if let Some(known) = self.met.lock().map_err(broken)?.get(&key) {
            return Ok(known.clone());
        }
        let (bits, _) = self.of(rule).await?;
        let again = |_| Error::Ended("what a rule names is broken".to_owned());
        self.met.lock().map_err(again)?.insert(key, bits.clone());
        Ok(bits)
    }

    /// Those of a list who exist in this version.
    fn members(&self, group: &Group) -> Bits {
        match group.words() {
            None => self.everybody.clone(),
            Some(words) => Bits::new(words.to_vec())
                .resized(self.everybody.words().len())
                .and(&self.everybody),
        }
    }

    async fn find(&self, condition: &Rule) -> Result<Bits> {
        let found = match condition {
            Rule::Field(of) => {
                let test = self.people.bind(&self.snapshot, of, self.as_of).await?;
                let people = self.people.clone();
                self.ranges(move |first, end| {
                    let customers = people.customers.places();
                    let from = customers.partition_point(|customer| *customer < first);
                    let to = from + customers[from..].partition_point(|customer| *customer < end);
                    let mut part = Part::new(first, end);
                    test.part(customers, from..to, &mut part);
                    part.into_words()
                })
                .await?
            }
            Rule::Behaviour(of) => {
                let question = facts::Question::bind(&self.context().await?, of).await?;
                self.ranges(move |first, end| question.part(first, end)).await?
            }
            Rule::Sequence(of) => {
                let question = sequence::Question::bind(&self.context().await?, of).await?;
                self.ranges(move |first, end| question.part(first, end)).await?
            }
            other => return Err(Error::Ended(format!("{other:?} is not one condition"))),
        };
        Ok(found.and(&self.everybody))
    }

    async fn context(&self) -> Result<Context> {
        let snapshot = &self.snapshot;
        let rates = match snapshot.has_foreign_amounts().await? {
            true => snapshot.path_of(DAILY_RATES),
            false => None,
        };
        Ok(Context {
            snapshot: snapshot.clone(),
            as_of: self.as_of,
            rates,
            products: snapshot.products().await?,
            orders: snapshot.parts_of(Facts::Orders.as_str()).into_iter().collect(),
        })
    }

    /// Works on ranges of customers on all threads, and joins the words. When the caller goes away, so does what has not begun.
    async fn ranges(&self, work: impl Fn(u32, u32) -> Vec<u64> + Send + Sync + 'static) -> Result<Bits> {
        let words = self.everybody.words().len();
        let end = u32::try_from(words * 64).unwrap_or(u32::MAX);
        let work = Arc::new(work);
        let mut tasks = JoinSet::new();
        for (place, first) in (0..end).step_by(RANGE as usize).enumerate() {
            let work = work.clone();
            tasks.spawn(async move { (place, work(first, first.saturating_add(RANGE).min(end))) });
        }
        let mut all = vec![0; words];
        while let Some(done) = tasks.join_next().await {
            let (place, part) = done.map_err(|ended| Error::Ended(ended.to_string()))?;
            let from = place * (RANGE as usize / 64);
            all[from..from + part.len()].copy_from_slice(&part);
        }
        Ok(Bits::new(all))
    }
}

impl Snapshot {
    /// Name, category and brand of each product of this version.
    async fn products(&self) -> Result<Arc<Products>> {
        let this = self.clone();
        let products = self.products_cell().get_or_try_init(|| async move {
            let mut found = HashMap::new();
            this.each(
                "select product_id, name, category, brand from products",
                Vec::new(),
                |rows| {
                    let ids = rows.texts("product_id")?;
                    let fields = [rows.texts("name")?, rows.texts("category")?, rows.texts("brand")?];
                    for row in 0..rows.len() {
                        let of = fields.each_ref().map(|field| text_at(field, row).map(str::to_owned));
                        found.insert(ids.value(row).to_owned(), of);
                    }
                    Ok(())
                },
            )
            .await?;
            Ok::<_, Error>(Arc::new(Products(found)))
        });
        Ok(products.await?.clone())
    }
}
