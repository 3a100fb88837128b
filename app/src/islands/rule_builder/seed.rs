//! What the page gives the builder, and what the server answers while a rule is written. Every text is ready to be shown. How the browser reads
//! it stands in `read`.

use serde::Serialize;

/// Everything that the builder needs to begin.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct BuilderSeed {
    /// The rule as JSON text, as programs write it.
    pub rule: String,
    /// Key → text.
    pub words: Vec<(String, String)>,
    pub fields: Vec<FieldChoice>,
    /// Number → name.
    pub segments: Vec<(String, String)>,
    pub runs: Vec<RunChoice>,
    /// Name → values.
    pub tags: Vec<(String, Vec<String>)>,
    /// Values of the rule → what they are called.
    pub texts: Vec<(String, String)>,
}

/// A field that a condition can name.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct FieldChoice {
    /// `customers` or the facts.
    pub of: String,
    pub name: String,
    pub label: String,
    /// `text`, `number`, `date`, `yes_no`.
    pub kind: String,
    /// The heading it stands under.
    pub part: String,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct RunChoice {
    pub id: String,
    pub label: String,
    /// Key → name.
    pub groups: Vec<(String, String)>,
}

/// The answer to a rule that is being written.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Live {
    /// Empty when the rule cannot be counted.
    pub count: String,
    pub share: String,
    pub fraction: f64,
    /// Of whom, when, how fast.
    pub base: String,
    pub left: Vec<LiveLeft>,
    /// The rule in plain words.
    pub lines: Vec<LiveLine>,
    /// Where and what.
    pub faults: Vec<(String, String)>,
    /// The rule as SQL.
    pub query: String,
    /// Why there is no answer at all.
    pub problem: String,
}

/// What one condition leaves.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LiveLeft {
    /// JSON pointer of the condition.
    pub path: String,
    pub left: String,
    pub fraction: f64,
    /// Who fits it by itself.
    pub alone: String,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LiveLine {
    pub depth: usize,
    pub text: String,
}

/// Values of a field.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LiveValues {
    pub values: Vec<LiveValue>,
    /// How many there are, or from where to where.
    pub note: String,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LiveValue {
    pub value: String,
    pub text: String,
    pub count: String,
    /// Of the most frequent one.
    pub fraction: f64,
}

/// What sets the group apart.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LiveFindings {
    pub findings: Vec<LiveFinding>,
    pub note: String,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LiveFinding {
    pub figure: String,
    /// Above what is usual.
    pub more: bool,
    pub what: String,
    pub said: String,
}
