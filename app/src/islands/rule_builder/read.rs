//! Reads what the server sends, by hand: the code that is derived for it would be larger than the whole builder. What is missing is empty.

use super::seed::{
    BuilderSeed, FieldChoice, Live, LiveFinding, LiveFindings, LiveLeft, LiveLine, LiveValue, LiveValues, RunChoice,
};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

fn text(of: &Value, key: &str) -> String {
    plain(&of[key])
}

fn plain(of: &Value) -> String {
    of.as_str().unwrap_or_default().to_owned()
}

fn number(of: &Value, key: &str) -> f64 {
    of[key].as_f64().unwrap_or_default()
}

fn list<T>(of: &Value, read: fn(&Value) -> T) -> Vec<T> {
    of.as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
        .map(read)
        .collect()
}

fn pairs(of: &Value) -> Vec<(String, String)> {
    list(of, |pair| (plain(&pair[0]), plain(&pair[1])))
}

/// The answer to a question, if there is one.
fn answer(of: Option<String>) -> Option<Value> {
    serde_json::from_str(&of?).ok()
}

impl<'de> Deserialize<'de> for BuilderSeed {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<BuilderSeed, D::Error> {
        let of = Value::deserialize(from)?;
        Ok(BuilderSeed {
            rule: text(&of, "rule"),
            words: pairs(&of["words"]),
            fields: list(&of["fields"], |of| FieldChoice {
                of: text(of, "of"),
                name: text(of, "name"),
                label: text(of, "label"),
                kind: text(of, "kind"),
                part: text(of, "part"),
            }),
            segments: pairs(&of["segments"]),
            runs: list(&of["runs"], |of| RunChoice {
                id: text(of, "id"),
                label: text(of, "label"),
                groups: pairs(&of["groups"]),
            }),
            tags: list(&of["tags"], |tag| (plain(&tag[0]), list(&tag[1], plain))),
            texts: pairs(&of["texts"]),
        })
    }
}

impl Live {
    pub fn read(answered: Option<String>) -> Option<Live> {
        let of = answer(answered)?;
        Some(Live {
            count: text(&of, "count"),
            share: text(&of, "share"),
            fraction: number(&of, "fraction"),
            base: text(&of, "base"),
            left: list(&of["left"], |of| LiveLeft {
                path: text(of, "path"),
                left: text(of, "left"),
                fraction: number(of, "fraction"),
                alone: text(of, "alone"),
            }),
            lines: list(&of["lines"], |of| LiveLine {
                depth: number(of, "depth") as usize,
                text: text(of, "text"),
            }),
            faults: pairs(&of["faults"]),
            query: text(&of, "query"),
            problem: text(&of, "problem"),
        })
    }
}

impl LiveValues {
    pub fn read(answered: Option<String>) -> Option<LiveValues> {
        let of = answer(answered)?;
        Some(LiveValues {
            values: list(&of["values"], |of| LiveValue {
                value: text(of, "value"),
                text: text(of, "text"),
                count: text(of, "count"),
                fraction: number(of, "fraction"),
            }),
            note: text(&of, "note"),
        })
    }
}

impl LiveFindings {
    pub fn read(answered: Option<String>) -> Option<LiveFindings> {
        let of = answer(answered)?;
        Some(LiveFindings {
            findings: list(&of["findings"], |of| LiveFinding {
                figure: text(of, "figure"),
                more: of["more"].as_bool().unwrap_or_default(),
                what: text(of, "what"),
                said: text(of, "said"),
            }),
            note: text(&of, "note"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Serialize;

    fn sent<T: Serialize>(of: &T) -> Option<String> {
        serde_json::to_string(of).ok()
    }

    fn pair(one: &str, other: &str) -> (String, String) {
        (one.to_owned(), other.to_owned())
    }

    #[test]
    fn the_seed_arrives_as_it_was_sent() {
        let seed = BuilderSeed {
            rule: "{\"all\": []}".into(),
            words: vec![pair("add", "Add …")],
            fields: vec![FieldChoice {
                of: "customers".into(),
                name: "age".into(),
                label: "Age".into(),
                kind: "number".into(),
                part: "Person".into(),
            }],
            segments: vec![pair("3", "Grown up")],
            runs: vec![RunChoice {
                id: "1".into(),
                label: "RFM".into(),
                groups: vec![pair("champions", "Champions")],
            }],
            tags: vec![("color".into(), vec!["red".into(), "blue".into()])],
            texts: vec![pair("female", "Female")],
        };
        let read: BuilderSeed = serde_json::from_str(&sent(&seed).unwrap()).unwrap();
        assert_eq!(read, seed);
    }

    #[test]
    fn answers_arrive_as_they_were_sent() {
        let live = Live {
            count: "1,200".into(),
            share: "12 %".into(),
            fraction: 0.12,
            base: "of 10,000".into(),
            left: vec![LiveLeft {
                path: "/all/0".into(),
                left: "1,300".into(),
                fraction: 0.13,
                alone: "1,400 by itself".into(),
            }],
            lines: vec![LiveLine {
                depth: 2,
                text: "Age is at least 30".into(),
            }],
            faults: vec![pair("/all/1", "is unknown")],
            query: "select 1".into(),
            problem: "none".into(),
        };
        assert_eq!(Live::read(sent(&live)), Some(live));
        let values = LiveValues {
            values: vec![LiveValue {
                value: "female".into(),
                text: "Female".into(),
                count: "300".into(),
                fraction: 1.0,
            }],
            note: "2 values".into(),
        };
        assert_eq!(LiveValues::read(sent(&values)), Some(values));
        let found = LiveFindings {
            findings: vec![LiveFinding {
                figure: "2.1×".into(),
                more: true,
                what: "App".into(),
                said: "usual is 10 %".into(),
            }],
            note: "against all".into(),
        };
        assert_eq!(LiveFindings::read(sent(&found)), Some(found));
        assert_eq!(Live::read(None), None);
        assert_eq!(Live::read(Some("<html>".into())), None);
    }
}
