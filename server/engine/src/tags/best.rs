//! What customers do most by a measure or in a window of a tag's own: who has which value, found out once for a version of the data. Without
//! either a tag is the field of portraits, which is no matter of this file.

use super::meaning::Definition;
use crate::error::{Error, Result};
use crate::{Engine, segments};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use types::problems::FieldProblem;
use types::rules::Window;
use types::tags::{BestBy, BestOf, Most, NewTag, Tag};
use warehouse::Snapshot;
use warehouse::labels::Group;

/// Days that a window may go back: a hundred years.
const MOST_DAYS: u32 = 36_500;

/// What a program sent, when it makes sense.
pub(super) fn checked(new: &NewTag) -> Result<Definition> {
    let of = new.of.ok_or_else(|| Error::invalid("of", "is missing"))?;
    let window = window(new)?;
    if new.by.is_none() && window == Window::Ever {
        return Ok(Definition::Best(of));
    }
    let by = new.by.unwrap_or(of.usual());
    if !of.weighed_by(by) {
        let reason = format!("contacts can only be counted, and not weighed by {}", by.as_str());
        return Err(Error::invalid("by", reason));
    }
    Ok(Definition::Most(Most { of, by, window }))
}

fn window(new: &NewTag) -> Result<Window> {
    let dates = new.from.is_some() || new.to.is_some();
    match new.within_days {
        Some(_) if dates => Err(Error::Invalid(
            ["within_days", "from"]
                .map(|field| FieldProblem {
                    field: field.to_owned(),
                    reason: "is a number of days or dates, and not both".to_owned(),
                })
                .to_vec(),
        )),
        Some(days) if !(1..=MOST_DAYS).contains(&days) => Err(Error::invalid(
            "within_days",
            format!("must be between 1 and {MOST_DAYS}"),
        )),
        Some(days) => Ok(Window::WithinDays(days)),
        None if !dates => Ok(Window::Ever),
        None => match (new.from, new.to) {
            (Some(from), Some(to)) if from >= to => Err(Error::invalid("to", "must be after the first day")),
            (from, to) => Ok(Window::Dates { from, to }),
        },
    }
}

pub(super) fn to_json(most: &Most) -> Value {
    let mut map = Map::new();
    map.insert("of".into(), most.of.as_str().into());
    map.insert("by".into(), most.by.as_str().into());
    match most.window {
        Window::Ever => {}
        Window::WithinDays(days) => {
            map.insert("within_days".into(), days.into());
        }
        Window::Dates { from, to } => {
            for (key, date) in [("from", from), ("to", to)] {
                if let Some(date) = date {
                    map.insert(key.into(), json!(date));
                }
            }
        }
    }
    Value::Object(map)
}

/// What [`to_json`] wrote, or the field alone.
pub(super) fn read(saved: &Value) -> Option<Definition> {
    let of = BestOf::parse(saved.get("of")?.as_str()?)?;
    let Some(by) = saved.get("by") else {
        return Some(Definition::Best(of));
    };
    let date = |key: &str| match saved.get(key) {
        Some(date) => date.as_str()?.parse().ok().map(Some),
        None => Some(None),
    };
    let window = match (saved.get("within_days"), date("from")?, date("to")?) {
        (Some(days), ..) => Window::WithinDays(days.as_u64()?.try_into().ok()?),
        (None, None, None) => Window::Ever,
        (None, from, to) => Window::Dates { from, to },
    };
    let by = BestBy::parse(by.as_str()?)?;
    Some(Definition::Most(Most { of, by, window }))
}

/// The measure and the window, as a program reads them.
pub(super) fn show(tag: &mut Tag, most: Most) {
    (tag.of, tag.by) = (Some(most.of), Some(most.by));
    match most.window {
        Window::Ever => {}
        Window::WithinDays(days) => tag.within_days = Some(days),
        Window::Dates { from, to } => (tag.from, tag.to) = (from, to),
    }
}

/// Who has which value.
pub(super) struct Values {
    by_value: BTreeMap<String, Group>,
    all: Group,
}

impl Values {
    /// Those with a value, or with any. Nobody has a value that does not occur: it may occur tomorrow.
    pub(super) fn group(&self, value: Option<&str>) -> Group {
        match value {
            None => self.all.clone(),
            Some(value) => self.by_value.get(value).cloned().unwrap_or_else(|| Group::of([])),
        }
    }

    /// The most frequent first, of equals the first in the alphabet.
    pub(super) fn sizes(&self) -> Vec<(String, u64)> {
        let mut sizes: Vec<(String, u64)> = self
            .by_value
            .iter()
            .map(|(value, group)| (value.clone(), group.size().unwrap_or(0)))
            .collect();
        sizes.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        sizes
    }
}

/// Asked of the day of the newest data, as rules are.
pub(super) async fn groups(engine: &Engine, snapshot: &Snapshot, most: Most) -> Result<Arc<Values>> {
    let as_of = segments::day_of(engine, snapshot);
    let question = format!("most {as_of} {}", to_json(&most));
    let answer = async {
        let by_value = snapshot.most(most, as_of).await?;
        let all = Group::union(by_value.values());
        Ok(Values { by_value, all })
    };
    engine.answers().get(snapshot.version(), question, answer).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::tags::TagKind;

    fn new(of: BestOf) -> NewTag {
        NewTag {
            name: "x".into(),
            kind: TagKind::Best,
            of: Some(of),
            ..NewTag::default()
        }
    }

    #[test]
    fn what_is_kept_is_what_was_sent() {
        let channel = || new(BestOf::OrderChannel);
        let all = [
            channel(),
            NewTag {
                within_days: Some(90),
                ..channel()
            },
            NewTag {
                by: Some(BestBy::Quantity),
                from: "2026-01-01".parse().ok(),
                ..channel()
            },
            NewTag {
                by: Some(BestBy::Count),
                ..new(BestOf::FavouriteCategory)
            },
        ];
        for sent in all {
            let definition = checked(&sent).unwrap();
            assert_eq!(read(&definition.to_json()), Some(definition), "{sent:?}");
        }
        assert_eq!(checked(&channel()).unwrap(), Definition::Best(BestOf::OrderChannel));
        let usual = NewTag {
            within_days: Some(90),
            ..new(BestOf::FavouriteCategory)
        };
        let most = Most {
            of: BestOf::FavouriteCategory,
            by: BestBy::Spend,
            window: Window::WithinDays(90),
        };
        assert_eq!(checked(&usual).unwrap(), Definition::Most(most));
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_its_field() {
        let field = |new: NewTag| match checked(&new) {
            Err(Error::Invalid(faults)) => faults[0].field.clone(),
            other => panic!("{other:?}"),
        };
        let hour = || new(BestOf::OrderHour);
        let day = |text: &str| text.parse().ok();
        assert_eq!(field(NewTag { of: None, ..hour() }), "of");
        for days in [0, MOST_DAYS + 1, u32::MAX] {
            assert_eq!(
                field(NewTag {
                    within_days: Some(days),
                    ..hour()
                }),
                "within_days"
            );
        }
        let both = NewTag {
            within_days: Some(3),
            to: day("2026-01-01"),
            ..hour()
        };
        assert_eq!(field(both), "within_days");
        let backwards = NewTag {
            from: day("2026-01-02"),
            to: day("2026-01-02"),
            ..hour()
        };
        assert_eq!(field(backwards), "to");
        let dear = NewTag {
            by: Some(BestBy::Spend),
            ..new(BestOf::AnsweringChannel)
        };
        assert_eq!(field(dear), "by");
    }
}
