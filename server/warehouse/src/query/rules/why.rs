//! Why does one customer fit a rule, or not? Every rule inside it with its answer, and what the customer's value is.

use super::facts::Question;
use super::reading::{Reading, Value, number};
use super::{Asked, References};
use crate::error::Result;
use crate::snapshot::Snapshot;
use chrono::NaiveDate;
use std::collections::HashMap;
use types::rules::Rule;

/// What one rule says of the customer.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// JSON pointer inside the rule.
    pub path: String,
    pub passes: bool,
    /// Of fields and of behaviours that are measured; of everything else absent.
    pub value: Option<Value>,
}

impl Snapshot {
    /// The rule and every rule in it, in reading order. A customer that this version does not have passes nothing and has no values.
    pub async fn reasons(
        &self,
        rule: Rule,
        customer: u32,
        as_of: NaiveDate,
        references: References,
    ) -> Result<Vec<Reason>> {
        let this = self.clone();
        self.run(async move {
            let asked = Asked::new(&this, as_of, references).await?;
            asked.reasons(&rule, customer).await
        })
        .await
    }
}

impl Asked {
    async fn reasons(&self, rule: &Rule, customer: u32) -> Result<Vec<Reason>> {
        let row = self.people.customers.places().binary_search(&customer).ok();
        let mut inner = Vec::new();
        rule.walk(&mut |at, rule| inner.push((at.to_owned(), rule)));
        let mut passed = HashMap::new();
        let mut values = HashMap::new();
        for (at, rule) in &inner {
            if matches!(rule, Rule::All(_) | Rule::Any(_) | Rule::Not(_)) {
                continue;
            }
            let bits = Box::pin(self.condition(rule, at)).await?;
            passed.insert(at.clone(), bits.contains(customer));
            if let Some(row) = row {
                values.insert(at.clone(), self.value(rule, customer, row).await?);
            }
        }
        let answers = inner.iter().map(|(at, rule)| Reason {
            path: at.clone(),
            passes: row.is_some() && holds(rule, at, &passed),
            value: values.get(at).cloned().flatten(),
        });
        Ok(answers.collect())
    }

    async fn value(&self, rule: &Rule, customer: u32, row: usize) -> Result<Option<Value>> {
        Ok(match rule {
            Rule::Field(of) => Some(
                Reading::of(&self.people, &self.snapshot, &of.field, self.as_of)
                    .await?
                    .at(row),
            ),
            Rule::Behaviour(of) => Question::bind(&self.context().await?, of)
                .await?
                .measured(customer)
                .map(number),
            _ => None,
        })
    }
}

fn holds(rule: &Rule, at: &str, passed: &HashMap<String, bool>) -> bool {
    let inside = |word: &str, place: usize, rule: &Rule| holds(rule, &format!("{at}/{word}/{place}"), passed);
    match rule {
        Rule::All(rules) => rules.iter().enumerate().all(|(place, rule)| inside("all", place, rule)),
        Rule::Any(rules) => rules.iter().enumerate().any(|(place, rule)| inside("any", place, rule)),
        Rule::Not(rule) => !holds(rule, &format!("{at}/not"), passed),
        _ => passed.get(at).copied().unwrap_or(false),
    }
}

impl Snapshot {
    /// The number of the customer with this id, as the data version knows it.
    pub async fn customer_of(&self, external_id: String) -> Result<Option<u32>> {
        let this = self.clone();
        self.run(async move {
            let people = super::people::People::of(&this).await?;
            let ids = people
                .column(&this, crate::resident::Source::Words("external_id".to_owned()))
                .await?;
            let crate::resident::Column::Words(words) = ids.as_ref() else {
                return Ok(None);
            };
            let mut customers = people.customers.places().iter().enumerate();
            Ok(customers
                .find(|(row, _)| words.get(*row) == Some(external_id.as_str()))
                .map(|(_, customer)| *customer))
        })
        .await
    }
}
