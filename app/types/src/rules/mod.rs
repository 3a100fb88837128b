//! A rule says which customers belong to a group: conditions joined by all, any and not. Here are its shape and its JSON; which fields
//! exist and what they hold is asked of a catalogue, and who fits is found out elsewhere.

mod fields;
mod outline;
mod parse;
#[cfg(test)]
mod tests;
mod validate;
mod write;

pub use fields::{FieldName, ValueKind, customer_field, customer_fields, fact_field, fact_fields};
pub use outline::{Arg, Line, Saying, outline};
pub use parse::{MOST_CONDITIONS, MOST_DEPTH, MOST_TEXT, MOST_VALUES};
pub use validate::validate;

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Number, Value};

/// Which customers. Two-valued: a condition on an unknown value is false, and its `not` is true.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// Everybody when empty.
    All(Vec<Rule>),
    /// Nobody when empty.
    Any(Vec<Rule>),
    Not(Box<Rule>),
    Field(FieldCondition),
    Behaviour(Behaviour),
    Sequence(Sequence),
    /// Everybody with this tag, or with one value of it. Names of tags do not know capitals; values do.
    Tag {
        name: String,
        value: Option<String>,
    },
    /// Everybody in this saved segment.
    Segment(i64),
    /// Everybody in one group of a segmentation run.
    Run {
        id: i64,
        segment: String,
    },
}

/// What one field of the customer, or of one fact inside `where`, must be.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FieldCondition {
    pub field: String,
    pub test: Test,
}

/// A comparison with what stands to its right.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Test {
    pub op: Op,
    pub operand: Operand,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    /// Both ends belong to it.
    Between,
    In,
    NotIn,
    /// Ignores case.
    Contains,
    IsSet,
    IsNotSet,
}

impl Op {
    pub const ALL: [Op; 12] = [
        Op::Eq,
        Op::Ne,
        Op::Lt,
        Op::Le,
        Op::Gt,
        Op::Ge,
        Op::Between,
        Op::In,
        Op::NotIn,
        Op::Contains,
        Op::IsSet,
        Op::IsNotSet,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Op::Eq => "eq",
            Op::Ne => "ne",
            Op::Lt => "lt",
            Op::Le => "le",
            Op::Gt => "gt",
            Op::Ge => "ge",
            Op::Between => "between",
            Op::In => "in",
            Op::NotIn => "not_in",
            Op::Contains => "contains",
            Op::IsSet => "is_set",
            Op::IsNotSet => "is_not_set",
        }
    }

    pub fn parse(text: &str) -> Option<Op> {
        Op::ALL.into_iter().find(|op| op.as_str() == text)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Operand {
    /// Of `is_set` and `is_not_set`.
    Nothing,
    One(Literal),
    Two(Literal, Literal),
    Many(Vec<Literal>),
}

impl Operand {
    pub fn literals(&self) -> impl Iterator<Item = &Literal> {
        let (one, many): (Vec<&Literal>, &[Literal]) = match self {
            Operand::Nothing => (Vec::new(), &[]),
            Operand::One(literal) => (vec![literal], &[]),
            Operand::Two(low, high) => (vec![low, high], &[]),
            Operand::Many(all) => (Vec::new(), all),
        };
        one.into_iter().chain(many)
    }
}

/// A value as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Literal {
    /// A text, or a date such as `2026-03-01` for a field that holds dates.
    Text(String),
    Number(Number),
    YesNo(bool),
    /// So many days before the day of the question: `{"days_ago": 30}`.
    DaysAgo(u32),
}

impl Literal {
    /// The local date that is meant, when the question is asked of the day `as_of`.
    pub fn date(&self, as_of: NaiveDate) -> Option<NaiveDate> {
        match self {
            Literal::Text(text) => text.parse().ok(),
            Literal::DaysAgo(days) => as_of.checked_sub_days(chrono::Days::new(u64::from(*days))),
            _ => None,
        }
    }
}

/// What a customer did, in a window of time, and how much of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Behaviour {
    pub facts: Facts,
    pub measure: Measure,
    /// All of them must hold.
    pub tests: Vec<Test>,
    pub window: Window,
    /// Only facts that fit: a rule of field conditions over the fields of the fact.
    pub filter: Option<Box<Rule>>,
}

/// Things that customers do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Facts {
    /// Counting orders, or those of any status when the filter names a status.
    Orders,
    /// Lines of such orders.
    OrderLines,
    Interactions,
    Touches,
    Reviews,
}

impl Facts {
    pub const ALL: [Facts; 5] = [
        Facts::Orders,
        Facts::OrderLines,
        Facts::Interactions,
        Facts::Touches,
        Facts::Reviews,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Facts::Orders => "orders",
            Facts::OrderLines => "order_lines",
            Facts::Interactions => "interactions",
            Facts::Touches => "touches",
            Facts::Reviews => "reviews",
        }
    }

    pub fn parse(text: &str) -> Option<Facts> {
        Facts::ALL.into_iter().find(|facts| facts.as_str() == text)
    }
}

/// What is measured over the facts of one customer. The count of no facts and their sum are 0; every other measure of none is unknown.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Measure {
    Count,
    /// Distinct orders.
    Orders,
    Of(Aggregate, String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aggregate {
    Sum,
    Avg,
    Min,
    Max,
    /// The value of the earliest fact.
    First,
    /// The value of the latest fact.
    Last,
}

impl Aggregate {
    pub const ALL: [Aggregate; 6] = [
        Aggregate::Sum,
        Aggregate::Avg,
        Aggregate::Min,
        Aggregate::Max,
        Aggregate::First,
        Aggregate::Last,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Aggregate::Sum => "sum",
            Aggregate::Avg => "avg",
            Aggregate::Min => "min",
            Aggregate::Max => "max",
            Aggregate::First => "first",
            Aggregate::Last => "last",
        }
    }
}

/// When the facts happened, in local dates. Facts after the day of the question never count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Window {
    #[default]
    Ever,
    /// The local dates (D - N, D], where D is the day of the question.
    WithinDays(u32),
    /// From a date on, up to before a date.
    Dates {
        from: Option<NaiveDate>,
        to: Option<NaiveDate>,
    },
}

/// One fact of each step, each later than the one before. Steps count facts and have no measure of their own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sequence {
    /// At least two.
    pub steps: Vec<Step>,
    /// From the first to the last at most so many times 24 hours.
    pub within_days: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Step {
    pub facts: Facts,
    pub window: Window,
    pub filter: Option<Box<Rule>>,
}

/// What is wrong with a rule, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleProblem {
    /// JSON pointer of the place inside the rule; empty for the rule itself.
    pub pointer: String,
    pub reason: String,
}

impl Rule {
    pub fn everybody() -> Rule {
        Rule::All(Vec::new())
    }

    /// Reads a rule; names every place that cannot be understood.
    pub fn of_json(value: &Value) -> Result<Rule, Vec<RuleProblem>> {
        parse::rule(value)
    }

    /// The JSON that [`Rule::of_json`] reads.
    pub fn to_json(&self) -> Value {
        write::rule(self)
    }

    /// The rule and every rule in it, in reading order, each with its JSON pointer. Filters of facts are not entered.
    pub fn walk<'a>(&'a self, see: &mut impl FnMut(&str, &'a Rule)) {
        self.walk_from("", see);
    }

    fn walk_from<'a>(&'a self, at: &str, see: &mut impl FnMut(&str, &'a Rule)) {
        see(at, self);
        match self {
            Rule::All(rules) | Rule::Any(rules) => {
                let word = if matches!(self, Rule::All(_)) { "all" } else { "any" };
                for (place, rule) in rules.iter().enumerate() {
                    rule.walk_from(&format!("{at}/{word}/{place}"), see);
                }
            }
            Rule::Not(rule) => rule.walk_from(&format!("{at}/not"), see),
            _ => {}
        }
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Rule, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Rule::of_json(&value).map_err(|problems| {
            let said: Vec<String> = problems
                .iter()
                .map(|problem| format!("{}: {}", problem.pointer, problem.reason))
                .collect();
            serde::de::Error::custom(said.join("; "))
        })
    }
}
