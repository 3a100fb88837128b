//! The state of a page as it stands in the address: period, comparison, segment, baseline. Page, export and API share it.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

/// Version of the query format, so that a saved address can still be read when the format grows.
pub const QUERY_VERSION: u8 = 1;

/// The local dates `[from, to)`; `to` excludes its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Period {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

impl Period {
    pub fn days(&self) -> i64 {
        (self.to - self.from).num_days()
    }

    /// The same number of days directly before.
    pub fn before(&self) -> Period {
        let days = Days::new(self.days().max(0).unsigned_abs());
        Period {
            from: self.from.checked_sub_days(days).unwrap_or(self.from),
            to: self.from,
        }
    }

    /// The `days` local dates that end with `last` (included).
    pub fn ending(last: NaiveDate, days: u64) -> Period {
        let to = last.succ_opt().unwrap_or(last);
        Period {
            from: to.checked_sub_days(Days::new(days)).unwrap_or(to),
            to,
        }
    }

    pub fn contains(&self, day: NaiveDate) -> bool {
        self.from <= day && day < self.to
    }
}

/// A group of customers as the address names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum GroupRef {
    /// Every customer.
    All,
    /// A saved segment.
    Segment(i64),
    /// One group of a segmentation run: `run:RUN:KEY`.
    Run { run: i64, key: String },
    /// Everybody with a tag, or with one value of it: `tag:NAME`, `tag:NAME:VALUE`. No name has a colon in it.
    Tag { name: String, value: Option<String> },
}

impl std::fmt::Display for GroupRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            GroupRef::All => f.write_str("all"),
            GroupRef::Segment(id) => write!(f, "{id}"),
            GroupRef::Run { run, key } => write!(f, "run:{run}:{key}"),
            GroupRef::Tag { name, value: None } => write!(f, "tag:{name}"),
            GroupRef::Tag {
                name,
                value: Some(value),
            } => write!(f, "tag:{name}:{value}"),
        }
    }
}

impl std::str::FromStr for GroupRef {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "all" {
            return Ok(GroupRef::All);
        }
        if let Some(rest) = text.strip_prefix("run:") {
            let (run, key) = rest.split_once(':').ok_or("a run is written run:RUN:KEY")?;
            let run = run.parse().map_err(|_| format!("{run} is not the number of a run"))?;
            return Ok(GroupRef::Run {
                run,
                key: key.to_owned(),
            });
        }
        if let Some(rest) = text.strip_prefix("tag:") {
            let (name, value) = match rest.split_once(':') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (rest, None),
            };
            return Ok(GroupRef::Tag {
                name: name.to_owned(),
                value,
            });
        }
        text.parse().map(GroupRef::Segment).map_err(|_| {
            format!(
                "{text} is not a group: write all, the number of a segment, run:RUN:KEY, tag:NAME or tag:NAME:VALUE"
            )
        })
    }
}

impl TryFrom<String> for GroupRef {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<GroupRef> for String {
    fn from(group: GroupRef) -> String {
        group.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_survive_the_address() {
        for text in ["all", "12", "run:7:champions", "tag:loyal", "tag:Loyalty:gold: first"] {
            let group: GroupRef = text.parse().expect(text);
            assert_eq!(group.to_string(), text);
        }
        assert!("run:x:y".parse::<GroupRef>().is_err());
        assert!("nobody".parse::<GroupRef>().is_err());
    }

    #[test]
    fn the_period_before_is_as_long_and_adjoins() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 3, d).expect("a date");
        let period = Period {
            from: day(8),
            to: day(15),
        };
        assert_eq!(
            period.before(),
            Period {
                from: day(1),
                to: day(8)
            }
        );
        assert_eq!(Period::ending(day(14), 7), period);
        assert!(period.contains(day(8)) && !period.contains(day(15)));
    }
}
