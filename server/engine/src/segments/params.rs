//! Parameters of a run: read from what somebody sent, checked, and written out with every default, so that a run says how it was made.

use crate::error::{Error, Result};
use analytics::lifecycle::Limits;
use analytics::rfm::{self, Grid};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use types::problems::FieldProblem;
use types::runs::RunCuts;
use types::segments::Method;

/// Features that a run knows from the scored columns, beside those of `warehouse::query::chosen`.
pub(super) const SCORED: [&str; 4] = ["recency", "frequency", "monetary", "order_value"];
pub(super) const LEAST_K: usize = 2;
pub(super) const MOST_K: usize = 12;
/// Groups that somebody may ask for by number.
const MOST_FIXED_K: usize = 50;
const MOST_FEATURES: usize = 40;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Params {
    Rfm(RfmParams),
    Clusters(ClusterParams),
    Lifecycle(StageParams),
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RfmParams {
    /// Fixed cut points; absent: fifths of the customers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cutoffs: Option<RunCuts>,
    /// Rows are recency scores 1 to 5, columns frequency scores 1 to 5, each a key of a group; absent: the usual grid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grid: Option<Vec<Vec<String>>>,
    /// Own names of groups by key.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<String, String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Scale {
    /// Mean 0, standard deviation 1.
    #[default]
    Standard,
    /// From 0 to 1.
    Range,
    /// As they are.
    None,
}

/// `auto`, or something given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Auto<T> {
    Given(T),
    Word(AutoWord),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum AutoWord {
    Auto,
}

impl<T> Default for Auto<T> {
    fn default() -> Auto<T> {
        Auto::Word(AutoWord::Auto)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ClusterParams {
    pub features: Vec<String>,
    /// A number of groups, or `auto`: the best by silhouette of 2 to 12.
    pub k: Auto<usize>,
    pub scale: Scale,
    /// Names of the features whose logarithm is taken, or `auto`: those that are never below 0 and skewed to the right.
    pub log: Auto<Vec<String>>,
    pub restarts: usize,
    /// Weight of a category that differs; absent: half the mean standard deviation of the numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gamma: Option<f64>,
}

impl Default for ClusterParams {
    fn default() -> ClusterParams {
        ClusterParams {
            features: Vec::new(),
            k: Auto::default(),
            scale: Scale::default(),
            log: Auto::default(),
            restarts: 5,
            gamma: None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct StageParams {
    pub slipping: f64,
    pub asleep: f64,
    pub lost: f64,
    pub least_days: f64,
}

impl Default for StageParams {
    fn default() -> StageParams {
        let Limits {
            slipping,
            asleep,
            lost,
            least_days,
        } = Limits::default();
        StageParams {
            slipping,
            asleep,
            lost,
            least_days,
        }
    }
}

impl StageParams {
    pub fn limits(self) -> Limits {
        Limits {
            slipping: self.slipping,
            asleep: self.asleep,
            lost: self.lost,
            least_days: self.least_days,
        }
    }
}

impl RfmParams {
    /// The grid that is drawn, or the usual one.
    pub fn cells(&self) -> Grid {
        self.grid.as_deref().and_then(read_grid).unwrap_or(rfm::CELLS)
    }
}

fn read_grid(rows: &[Vec<String>]) -> Option<Grid> {
    let mut grid = rfm::CELLS;
    if rows.len() != 5 || rows.iter().any(|row| row.len() != 5) {
        return None;
    }
    for (cells, row) in grid.iter_mut().zip(rows) {
        for (cell, key) in cells.iter_mut().zip(row) {
            *cell = rfm::Segment::from_key(key)?;
        }
    }
    Some(grid)
}

/// Which group each pair of scores belongs to unless somebody draws another grid; rows are recency scores 1 to 5.
pub fn default_grid() -> Vec<Vec<String>> {
    let keys = |row: &[rfm::Segment; 5]| row.iter().map(|cell| cell.key().to_owned()).collect();
    rfm::CELLS.iter().map(keys).collect()
}

/// Every fault at once. `is_word` says of a feature whether it is one, and whether it holds words.
pub(super) fn read(
    method: Method,
    params: &Map<String, Value>,
    is_word: &dyn Fn(&str) -> Option<bool>,
) -> Result<Params> {
    let mut faults = Faults(Vec::new());
    let read = match method {
        Method::Rfm => {
            let read: RfmParams = parsed(params)?;
            faults.rfm(&read);
            Params::Rfm(read)
        }
        Method::Lifecycle => {
            let read: StageParams = parsed(params)?;
            faults.stages(&read);
            Params::Lifecycle(read)
        }
        Method::Kmeans | Method::Kprototypes => {
            let mut read: ClusterParams = parsed(params)?;
            if read.features.is_empty() {
                read.features = default_features(method);
            }
            faults.clusters(&read, method, is_word);
            Params::Clusters(read)
        }
    };
    if faults.0.is_empty() {
        Ok(read)
    } else {
        Err(Error::Invalid(faults.0))
    }
}

/// What is clustered when nobody chooses.
pub fn default_features(method: Method) -> Vec<String> {
    let names: &[&str] = match method {
        Method::Kprototypes => &[
            "recency",
            "frequency",
            "monetary",
            "age",
            "gender",
            "favourite_category",
            "order_channel",
        ],
        _ => &["recency", "frequency", "monetary", "order_value"],
    };
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// Each parameter is tried by itself first, so that every fault has a name; all of them have defaults.
fn parsed<T: for<'a> Deserialize<'a>>(params: &Map<String, Value>) -> Result<T> {
    let mut faults = Vec::new();
    for (name, value) in params {
        let alone = Value::Object(Map::from_iter([(name.clone(), value.clone())]));
        if let Err(error) = T::deserialize(alone) {
            faults.push(FieldProblem {
                field: format!("params.{name}"),
                reason: error.to_string(),
            });
        }
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    Ok(T::deserialize(Value::Object(params.clone()))?)
}

/// With every default written out; the same run comes from it again. A plain RFM run has none.
pub(super) fn written(params: &Params) -> Result<Map<String, Value>> {
    let value = match params {
        Params::Rfm(params) => serde_json::to_value(params)?,
        Params::Clusters(params) => serde_json::to_value(params)?,
        Params::Lifecycle(params) => serde_json::to_value(params)?,
    };
    Ok(match value {
        Value::Object(map) => map,
        _ => Map::new(),
    })
}

struct Faults(Vec<FieldProblem>);

impl Faults {
    fn add(&mut self, field: &str, reason: impl Into<String>) {
        self.0.push(FieldProblem {
            field: format!("params.{field}"),
            reason: reason.into(),
        });
    }

    fn rfm(&mut self, params: &RfmParams) {
        let cuts = params.cutoffs.unwrap_or_default();
        for (name, of) in [("r", cuts.r), ("f", cuts.f), ("m", cuts.m)] {
            match of {
                None if params.cutoffs.is_some() && name != "m" => {
                    self.add(&format!("cutoffs.{name}"), "must be four rising numbers");
                }
                Some(of) if !of.windows(2).all(|pair| pair[0] < pair[1]) || !of.iter().all(|cut| cut.is_finite()) => {
                    self.add(&format!("cutoffs.{name}"), "must be four rising numbers");
                }
                _ => {}
            }
        }
        if params.grid.as_deref().is_some_and(|grid| read_grid(grid).is_none()) {
            self.add("grid", "must be five rows of five keys of the ten groups");
        }
        for (key, name) in &params.names {
            if rfm::Segment::from_key(key).is_none() {
                self.add(&format!("names.{key}"), "is not one of the ten groups");
            }
            if name.trim().is_empty() || name.chars().count() > 80 {
                self.add(&format!("names.{key}"), "must have 1 to 80 characters");
            }
        }
    }

    fn stages(&mut self, params: &StageParams) {
        if !(params.slipping > 0.0 && params.slipping < 1e6) {
            self.add("slipping", "must be above 0");
        }
        if !(params.asleep > params.slipping && params.asleep < 1e6) {
            self.add("asleep", "must be above slipping");
        }
        if !(params.lost > params.asleep && params.lost < 1e6) {
            self.add("lost", "must be above asleep");
        }
        if !(1.0..=3650.0).contains(&params.least_days) {
            self.add("least_days", "must be from 1 to 3650");
        }
    }

    fn clusters(&mut self, params: &ClusterParams, method: Method, is_word: &dyn Fn(&str) -> Option<bool>) {
        let mut numbers = 0;
        for (place, name) in params.features.iter().enumerate() {
            let field = format!("features.{place}");
            if params.features[..place].contains(name) {
                self.add(&field, format!("{name} is named twice"));
            }
            let word = if SCORED.contains(&name.as_str()) {
                Some(false)
            } else {
                is_word(name)
            };
            match word {
                None => self.add(&field, format!("there is no feature {name}")),
                Some(true) if method == Method::Kmeans => {
                    self.add(
                        &field,
                        format!("{name} is a category; kmeans takes numbers, kprototypes takes both"),
                    );
                }
                Some(true) => {}
                Some(false) => numbers += 1,
            }
        }
        if numbers == 0 {
            self.add("features", "need at least one number");
        }
        if params.features.len() > MOST_FEATURES {
            self.add("features", format!("are at most {MOST_FEATURES}"));
        }
        if let Auto::Given(k) = params.k
            && !(LEAST_K..=MOST_FIXED_K).contains(&k)
        {
            self.add("k", format!("must be auto or from {LEAST_K} to {MOST_FIXED_K}"));
        }
        if let Auto::Given(names) = &params.log {
            for name in names.iter().filter(|name| !params.features.contains(name)) {
                self.add("log", format!("{name} is not among the features"));
            }
        }
        if !(1..=50).contains(&params.restarts) {
            self.add("restarts", "must be from 1 to 50");
        }
        if params.gamma.is_some_and(|gamma| !(gamma >= 0.0 && gamma.is_finite())) {
            self.add("gamma", "must be a number from 0 on");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn faults(method: Method, params: Value) -> Vec<String> {
        let Value::Object(params) = params else {
            return Vec::new();
        };
        let known = |name: &str| match name {
            "age" => Some(false),
            "gender" => Some(true),
            _ => None,
        };
        match read(method, &params, &known) {
            Ok(_) => Vec::new(),
            Err(error) => error.to_problem().errors.into_iter().map(|fault| fault.field).collect(),
        }
    }

    #[test]
    fn every_fault_is_named() {
        use Method::{Kmeans, Kprototypes, Lifecycle, Rfm};
        assert_eq!(faults(Rfm, json!({"k": 3})), ["params.k"]);
        assert_eq!(
            faults(Rfm, json!({"cutoffs": {"r": [1, 2, 2, 3], "f": [1, 2, 3, 4]}})),
            ["params.cutoffs.r"]
        );
        assert_eq!(
            faults(Rfm, json!({"cutoffs": {"r": [1, 2, 3, 4]}})),
            ["params.cutoffs.f"]
        );
        assert_eq!(faults(Rfm, json!({"grid": [["new"]]})), ["params.grid"]);
        assert_eq!(faults(Rfm, json!({"names": {"vip": "VIP"}})), ["params.names.vip"]);
        assert_eq!(
            faults(Kmeans, json!({"features": ["gender"]})),
            ["params.features.0", "params.features"]
        );
        assert_eq!(
            faults(Kmeans, json!({"features": ["age", "shoes"]})),
            ["params.features.1"]
        );
        assert_eq!(
            faults(Kmeans, json!({"k": 1, "log": ["age"], "restarts": 0})),
            ["params.k", "params.log", "params.restarts"]
        );
        assert_eq!(faults(Kmeans, json!({"k": "many"})), ["params.k"]);
        assert_eq!(
            faults(Kprototypes, json!({"features": ["age", "gender"], "gamma": -1})),
            ["params.gamma"]
        );
        assert_eq!(faults(Lifecycle, json!({"slipping": 4})), ["params.asleep"]);
        assert_eq!(
            faults(Kmeans, json!({"features": ["recency", "age"], "k": 3})),
            Vec::<String>::new()
        );
    }

    #[test]
    fn defaults_are_written_out() {
        let read = read(Method::Kmeans, &Map::new(), &|_| None).unwrap();
        assert_eq!(
            Value::Object(written(&read).unwrap()),
            json!({"features": ["recency", "frequency", "monetary", "order_value"], "k": "auto", "scale": "standard", "log": "auto", "restarts": 5})
        );
        let plain = super::read(Method::Rfm, &Map::new(), &|_| None).unwrap();
        assert_eq!(Value::Object(written(&plain).unwrap()), json!({}));
    }
}
