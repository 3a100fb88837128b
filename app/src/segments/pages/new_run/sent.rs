//! What stands in the form of a new run, and the parameters that it asks for. Whether they make sense is decided in the engine; nothing here is
//! ever shown.

use crate::context::pairs;
use engine::Error;
use engine::segments::default_grid;
use serde_json::{Map, Value, json};
use types::segments::Method;

/// What stands in the form: pairs as a browser sends them.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) method: Method,
    pairs: Vec<(String, String)>,
}

impl Sent {
    pub(super) fn of(text: &str) -> Sent {
        let pairs = pairs(text);
        let method = pairs.iter().find(|(key, _)| key == "method");
        Sent {
            method: method.and_then(|(_, name)| Method::parse(name)).unwrap_or(Method::Rfm),
            pairs,
        }
    }

    pub(super) fn value(&self, key: &str) -> Option<&str> {
        let found = self.pairs.iter().find(|(name, _)| name == key);
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    pub(super) fn or(&self, key: &str, usual: &str) -> String {
        self.value(key).unwrap_or(usual).to_owned()
    }

    pub(super) fn values(&self, key: &str) -> Vec<&str> {
        let all = self.pairs.iter().filter(|(name, _)| name == key);
        all.map(|(_, value)| value.as_str()).collect()
    }

    /// Whether somebody has sent the form, or only opened it.
    pub(super) fn is_sent(&self) -> bool {
        self.value("sent").is_some()
    }
}

pub(super) fn whole(sent: &Sent, key: &str) -> Result<Option<i64>, Error> {
    sent.value(key)
        .map(|text| {
            text.parse()
                .map_err(|_| Error::invalid(format!("params.{key}"), "is not a whole number"))
        })
        .transpose()
}

fn decimal(sent: &Sent, key: &str) -> Result<Option<f64>, Error> {
    sent.value(key)
        .map(|text| {
            text.parse()
                .map_err(|_| Error::invalid(format!("params.{key}"), "is not a number"))
        })
        .transpose()
}

/// What was sent, as the engine reads it; whether it makes sense is decided there.
pub(super) fn params(sent: &Sent) -> Result<Map<String, Value>, Error> {
    let mut params = Map::new();
    let mut add = |key: &str, value: Value| params.insert(key.to_owned(), value);
    match sent.method {
        Method::Rfm => {
            if sent.value("scoring") == Some("cutoffs") {
                let mut cuts = Map::new();
                for key in ["r", "f", "m"] {
                    if let Some(text) = sent.value(&format!("cuts-{key}")) {
                        cuts.insert(
                            key.to_owned(),
                            cut_points(text).map_err(|said| Error::invalid(format!("params.cutoffs.{key}"), said))?,
                        );
                    }
                }
                add("cutoffs", Value::Object(cuts));
            }
            let usual = default_grid();
            let grid: Vec<Vec<String>> = usual
                .iter()
                .enumerate()
                .map(|(r, row)| {
                    let cell = |(f, key): (usize, &String)| sent.or(&cell_name(r, f), key);
                    row.iter().enumerate().map(cell).collect()
                })
                .collect();
            if grid != usual {
                add("grid", json!(grid));
            }
            let names: Map<String, Value> = group_keys()
                .into_iter()
                .filter_map(|key| {
                    let name = sent.value(&format!("name-{key}"))?.to_owned();
                    Some((key, Value::String(name)))
                })
                .collect();
            if !names.is_empty() {
                add("names", Value::Object(names));
            }
        }
        Method::Kmeans | Method::Kprototypes => {
            let features: Vec<&str> = sent.values("feature");
            if sent.is_sent() && features.is_empty() {
                return Err(Error::invalid("params.features", "need at least one number"));
            }
            let log = match sent.value("log") {
                Some("none") => json!([]),
                Some("all") => json!(
                    sent.values("number")
                        .iter()
                        .filter(|name| features.contains(name))
                        .collect::<Vec<_>>()
                ),
                _ => json!("auto"),
            };
            add("features", json!(features));
            add("log", log);
            add(
                "k",
                whole(sent, "k")
                    .ok()
                    .flatten()
                    .map_or_else(|| json!("auto"), |k| json!(k)),
            );
            add("scale", json!(sent.or("scale", "standard")));
            if let Some(restarts) = whole(sent, "restarts")? {
                add("restarts", json!(restarts));
            }
            if let Some(gamma) = decimal(sent, "gamma")? {
                add("gamma", json!(gamma));
            }
        }
        Method::Lifecycle => {
            for key in ["slipping", "asleep", "lost", "least_days"] {
                if let Some(value) = decimal(sent, key)? {
                    add(key, json!(value));
                }
            }
        }
    }
    Ok(params)
}

/// Numbers with commas, semicolons or blanks between.
fn cut_points(text: &str) -> Result<Value, String> {
    let parts: Vec<&str> = text
        .split([',', ';', '，', ' '])
        .filter(|part| !part.is_empty())
        .collect();
    let numbers: Option<Vec<f64>> = parts.iter().map(|part| part.parse().ok()).collect();
    match numbers {
        Some(numbers) if numbers.len() == 4 => Ok(json!(numbers)),
        _ => Err("must be four rising numbers".to_owned()),
    }
}

pub(super) fn cell_name(r: usize, f: usize) -> String {
    format!("cell-{}-{}", r + 1, f + 1)
}

pub(super) fn group_keys() -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for key in default_grid().into_iter().flatten().rev() {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_form_is_a_plain_run() {
        assert_eq!(params(&Sent::of("")).unwrap(), Map::new());
        let sent = Sent::of("method=rfm&sent=1&scoring=quantiles&cell-5-5=champions&name-champions=");
        assert_eq!(params(&sent).unwrap(), Map::new());
    }

    #[test]
    fn what_was_chosen_is_what_is_asked() {
        let sent = Sent::of(
            "method=rfm&sent=1&scoring=cutoffs&cuts-r=30,+90,180,365&cuts-f=1,2,4,8&cell-1-5=champions&name-champions=VIP",
        );
        let asked = Value::Object(params(&sent).unwrap());
        assert_eq!(
            asked["cutoffs"],
            json!({"r": [30.0, 90.0, 180.0, 365.0], "f": [1.0, 2.0, 4.0, 8.0]})
        );
        assert_eq!(asked["names"], json!({"champions": "VIP"}));
        assert_eq!(
            (&asked["grid"][0][4], &asked["grid"][4][4]),
            (&json!("champions"), &json!("champions"))
        );
        let sent = Sent::of(
            "method=kprototypes&sent=1&feature=recency&feature=gender&number=recency&k=4&log=all&scale=range&restarts=3&gamma=",
        );
        assert_eq!(
            Value::Object(params(&sent).unwrap()),
            json!({"features": ["recency", "gender"], "log": ["recency"], "k": 4, "scale": "range", "restarts": 3})
        );
        assert!(
            params(&Sent::of("method=kmeans&sent=1&k=auto")).is_err(),
            "nothing is chosen"
        );
        assert!(params(&Sent::of("method=rfm&scoring=cutoffs&cuts-r=1,2")).is_err());
    }
}
