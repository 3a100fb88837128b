//! What the form of a tag sends, and the tag that it describes.

use crate::context::pairs;
use chrono::NaiveDate;
use engine::Error;
use types::segments::Method;
use types::tags::{BestBy, BestOf, NewTag, NewTier, Tag, TagKind};

/// One line of tiers as it was typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TierLine {
    pub value: String,
    /// The number of a saved segment, or empty.
    pub segment: String,
    /// A rule as JSON, instead of a segment.
    pub rule: String,
}

impl TierLine {
    fn is_empty(&self) -> bool {
        [&self.value, &self.segment, &self.rule]
            .iter()
            .all(|text| text.trim().is_empty())
    }

    fn rule(&self, place: usize) -> Result<serde_json::Value, Error> {
        let at = |reason: &str| Error::invalid(format!("tiers/{place}/rule"), reason);
        match (self.segment.trim(), self.rule.trim()) {
            ("", "") => Err(at("is missing: choose a segment or write a rule")),
            (segment, "") => {
                let id: i64 = segment.parse().map_err(|_| at("is not a segment"))?;
                Ok(serde_json::json!({ "segment": id }))
            }
            ("", rule) => serde_json::from_str(rule).map_err(|error| at(&error.to_string())),
            _ => Err(at("has a segment and a rule; choose one of them")),
        }
    }
}

/// The form, as it was typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TagForm {
    pub name: String,
    pub description: String,
    pub folder: String,
    pub expires_on: String,
    pub kind: TagKind,
    pub tiers: Vec<TierLine>,
    pub of: String,
    /// Empty: as the field itself.
    pub by: String,
    pub within_days: String,
    pub from: String,
    pub to: String,
    /// `method:rfm` or `run:7`.
    pub follow: String,
    /// Lines of `id,value`.
    pub ids: String,
}

impl TagForm {
    /// Reads the body of a form. Lines of tiers that say nothing are left out, so that places are those of the tag.
    pub fn read(body: &str) -> TagForm {
        let mut form = TagForm::default();
        let (mut values, mut segments, mut rules) = (Vec::new(), Vec::new(), Vec::new());
        for (name, value) in pairs(body) {
            match name.as_str() {
                "name" => form.name = value,
                "description" => form.description = value,
                "folder" => form.folder = value,
                "expires_on" => form.expires_on = value,
                "kind" => form.kind = TagKind::parse(&value).unwrap_or_default(),
                "of" => form.of = value,
                "by" => form.by = value,
                "within_days" => form.within_days = value,
                "from" => form.from = value,
                "to" => form.to = value,
                "follow" => form.follow = value,
                "ids" => form.ids = value,
                "tier_value" => values.push(value),
                "tier_segment" => segments.push(value),
                "tier_rule" => rules.push(value),
                _ => {}
            }
        }
        let at = |texts: &[String], place: usize| texts.get(place).cloned().unwrap_or_default();
        form.tiers = (0..values.len())
            .map(|place| TierLine {
                value: at(&values, place),
                segment: at(&segments, place),
                rule: at(&rules, place),
            })
            .filter(|line| !line.is_empty())
            .collect();
        form
    }

    /// The form that would send this tag again.
    pub fn of_tag(tag: &Tag) -> TagForm {
        let tiers = tag.tiers.iter().map(|tier| {
            let (segment, rule) = match &tier.rule {
                types::rules::Rule::Segment(id) => (id.to_string(), String::new()),
                rule => (String::new(), rule.to_json().to_string()),
            };
            TierLine {
                value: tier.value.clone(),
                segment,
                rule,
            }
        });
        TagForm {
            name: tag.name.clone(),
            description: tag.description.clone(),
            folder: tag.folder.clone(),
            expires_on: tag.expires_on.map(|day| day.to_string()).unwrap_or_default(),
            kind: tag.kind,
            tiers: tiers.collect(),
            of: tag.of.map(|of| of.as_str().to_owned()).unwrap_or_default(),
            by: tag.by.map(|by| by.as_str().to_owned()).unwrap_or_default(),
            within_days: tag.within_days.map(|days| days.to_string()).unwrap_or_default(),
            from: tag.from.map(|day| day.to_string()).unwrap_or_default(),
            to: tag.to.map(|day| day.to_string()).unwrap_or_default(),
            follow: match (tag.method, tag.run) {
                (Some(method), _) => format!("method:{}", method.as_str()),
                (None, Some(run)) => format!("run:{run}"),
                (None, None) => String::new(),
            },
            ids: String::new(),
        }
    }

    pub fn tag(&self) -> Result<NewTag, Error> {
        let expires_on = day("expires_on", &self.expires_on)?;
        let mut new = NewTag {
            name: self.name.clone(),
            description: self.description.clone(),
            folder: self.folder.trim().to_owned(),
            expires_on,
            kind: self.kind,
            ..NewTag::default()
        };
        match self.kind {
            TagKind::Rule => {
                for (place, line) in self.tiers.iter().enumerate() {
                    new.tiers.push(NewTier {
                        value: line.value.clone(),
                        rule: line.rule(place)?,
                    });
                }
            }
            TagKind::Best => {
                new.of = BestOf::parse(&self.of);
                new.by = BestBy::parse(&self.by);
                new.within_days = match self.within_days.trim() {
                    "" => None,
                    text => Some(
                        text.parse()
                            .map_err(|_| Error::invalid("within_days", "is not a whole number"))?,
                    ),
                };
                (new.from, new.to) = (day("from", &self.from)?, day("to", &self.to)?);
            }
            TagKind::Model => match self.follow.split_once(':') {
                Some(("method", method)) => new.method = Method::parse(method),
                Some(("run", run)) => new.run = run.parse().ok(),
                _ => {}
            },
            TagKind::Uploaded if !self.ids.trim().is_empty() => {
                new.values = Some(engine::tags::read_csv(self.ids.as_bytes())?);
            }
            TagKind::Uploaded => {}
        }
        Ok(new)
    }
}

/// A date field; empty is none.
fn day(field: &str, text: &str) -> Result<Option<NaiveDate>, Error> {
    match text.trim() {
        "" => Ok(None),
        text => Ok(Some(text.parse().map_err(|_| Error::invalid(field, "is not a date"))?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lines_that_say_nothing_are_left_out_and_order_stays() {
        let body = "name=Loyalty&kind=rule&expires_on=2027-01-31&tier_value=gold&tier_segment=3&tier_rule=&tier_value=&tier_segment=&tier_rule=\
                    &tier_value=silver&tier_segment=&tier_rule=%7B%22tag%22%3A%22x%22%7D";
        let new = TagForm::read(body).tag().unwrap();
        assert_eq!(new.expires_on, Some("2027-01-31".parse().unwrap()));
        let tiers: Vec<(&str, serde_json::Value)> = new
            .tiers
            .iter()
            .map(|tier| (tier.value.as_str(), tier.rule.clone()))
            .collect();
        assert_eq!(
            tiers,
            [("gold", json!({"segment": 3})), ("silver", json!({"tag": "x"}))]
        );
        for (tail, field) in [
            ("tier_value=a&tier_segment=&tier_rule=", "tiers/0/rule"),
            ("tier_value=a&tier_segment=2&tier_rule=%7B%7D", "tiers/0/rule"),
            ("tier_value=a&tier_segment=&tier_rule=%7B", "tiers/0/rule"),
            ("expires_on=soon", "expires_on"),
        ] {
            match TagForm::read(&format!("name=x&kind=rule&{tail}")).tag() {
                Err(Error::Invalid(fields)) => assert_eq!(fields[0].field, field),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn each_kind_sends_what_belongs_to_it() {
        let of = |body: &str| TagForm::read(body).tag().unwrap();
        assert_eq!(of("kind=best&of=order_hour&follow=run:3").of, Some(BestOf::OrderHour));
        let most = of("kind=best&of=order_hour&by=quantity&within_days=90&from=&to=");
        assert_eq!(
            (most.by, most.within_days, most.from),
            (Some(BestBy::Quantity), Some(90), None)
        );
        let most = of("kind=best&of=order_hour&by=&within_days=&from=2026-01-01&to=2026-02-01");
        assert_eq!((most.by, most.to), (None, "2026-02-01".parse().ok()));
        assert!(TagForm::read("kind=best&of=order_hour&within_days=soon").tag().is_err());
        assert_eq!(of("kind=model&follow=method%3Arfm").method, Some(Method::Rfm));
        assert_eq!(of("kind=model&follow=run%3A7").run, Some(7));
        let ids = of("kind=uploaded&ids=id%2Cvalue%0D%0Ac1%2Cgold%0D%0A").values.unwrap();
        assert_eq!((ids.len(), ids[0].value.as_str()), (1, "gold"));
        assert_eq!(of("kind=uploaded&ids=").values, None, "nothing typed changes nothing");
    }
}
