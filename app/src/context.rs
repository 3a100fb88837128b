//! What every page knows about its reader and its data: who asks, in which language, about which days, over which version.
//! Built once per request; pages only read it.

use crate::format::Format;
use crate::i18n::Lang;
use chrono::{DateTime, NaiveDate, Utc};
use types::auth::{Person, Right};
use types::query::Period;

/// Colours of the pages, chosen by the reader and kept in a cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Theme {
    /// What the reader's system prefers.
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Theme; 3] = [Theme::System, Theme::Light, Theme::Dark];

    /// As it stands in `data-theme` and in the cookie.
    pub fn as_str(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    pub fn parse(text: &str) -> Option<Theme> {
        Theme::ALL.into_iter().find(|theme| theme.as_str() == text)
    }
}

/// The published version that the page reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DataStamp {
    /// 0 before the first commit.
    pub version: i64,
    /// Time of the latest fact; absent while there is none.
    pub as_of: Option<DateTime<Utc>>,
    pub customers: i64,
}

/// What the reader prefers, from cookies and headers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    pub lang: Lang,
    pub theme: Theme,
}

pub const LANG_COOKIE: &str = "silhouette_lang";
pub const THEME_COOKIE: &str = "silhouette_theme";

impl Preferences {
    /// `cookies` and `languages` are the values of the headers `Cookie` and `Accept-Language`.
    pub fn read(cookies: &str, languages: &str) -> Preferences {
        let cookie = |name: &str| {
            cookies
                .split(';')
                .find_map(|pair| pair.trim().split_once('=').filter(|(key, _)| *key == name))
        };
        Preferences {
            lang: cookie(LANG_COOKIE)
                .and_then(|(_, value)| Lang::parse(value))
                .or_else(|| Lang::accepted(languages))
                .unwrap_or_default(),
            theme: cookie(THEME_COOKIE)
                .and_then(|(_, value)| Theme::parse(value))
                .unwrap_or_default(),
        }
    }
}

/// Everything around the body of a page.
#[derive(Clone, Debug)]
pub struct PageContext {
    /// The acting person; pages hide what the engine would refuse.
    pub person: Person,
    pub theme: Theme,
    pub lang: Lang,
    pub format: Format,
    pub data: DataStamp,
    pub period: Period,
    /// The day after the last fact: where presets of days end.
    pub usual_end: NaiveDate,
    pub path: String,
    /// The query string without its question mark; empty when there is none.
    pub query: String,
}

/// Days of the usual period.
pub const USUAL_DAYS: u64 = 90;

impl PageContext {
    pub fn may(&self, right: Right) -> bool {
        self.person.rights.has(right)
    }

    pub fn comparison(&self) -> Period {
        self.period.before()
    }

    /// Path and query, as a form wants it to come back here.
    pub fn address(&self) -> String {
        if self.query.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{}", self.path, self.query)
        }
    }

    /// The pairs of the query that a change of period keeps.
    pub fn other_pairs(&self) -> Vec<(String, String)> {
        pairs(&self.query)
            .into_iter()
            .filter(|(key, _)| !matches!(key.as_str(), "from" | "to" | "until" | "done"))
            .collect()
    }

    /// The days of the page as a query, so that a file or another page shows the same ones.
    pub fn days_query(&self) -> String {
        format!("from={}&to={}", self.period.from, self.period.to)
    }

    /// Whether the address names the days, rather than leaving them to the usual ones.
    pub fn names_days(&self) -> bool {
        names_days(&self.query)
    }

    /// The value of a pair of the query.
    pub fn asked(&self, key: &str) -> Option<String> {
        pairs(&self.query)
            .into_iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value)
    }
}

/// The last local date that has facts, or today when there are none.
pub fn last_day(format: &Format, data: DataStamp, now: DateTime<Utc>) -> NaiveDate {
    format.local_day(data.as_of.unwrap_or(now))
}

/// Whether a query names a period.
pub fn names_days(query: &str) -> bool {
    pairs(query)
        .iter()
        .any(|(key, _)| matches!(key.as_str(), "from" | "to" | "until"))
}

/// The period that the query names, or the usual days up to the last fact. Its end is `to`, the day after the last, or `until`, the
/// last day itself, as people choose it. A period that runs backwards is not one.
pub fn period_of(query: &str, last_day: NaiveDate) -> Period {
    let pairs = pairs(query);
    let date = |key: &str| -> Option<NaiveDate> {
        pairs
            .iter()
            .find(|(name, _)| name == key)
            .and_then(|(_, value)| value.parse().ok())
    };
    let to = date("until").and_then(|last| last.succ_opt()).or_else(|| date("to"));
    match (date("from"), to) {
        (Some(from), Some(to)) if from < to => Period { from, to },
        _ => Period::ending(last_day, USUAL_DAYS),
    }
}

/// The pairs of a query string, decoded.
pub fn pairs(query: &str) -> Vec<(String, String)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(key), decode(value))
        })
        .collect()
}

/// `key=value&…` with everything escaped that is not plain.
pub fn encode_pairs<K: AsRef<str>, V: AsRef<str>>(pairs: &[(K, V)]) -> String {
    pairs
        .iter()
        .map(|(key, value)| format!("{}={}", encode(key.as_ref()), encode(value.as_ref())))
        .collect::<Vec<_>>()
        .join("&")
}

/// Escapes one part of an address.
pub fn encode(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b':' => {
                escaped.push(char::from(byte))
            }
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let escaped = (first == b'%')
            .then(|| tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok()))
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match escaped {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(if first == b'+' { b' ' } else { first });
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preferences_come_from_cookies_then_from_the_browser() {
        let read = Preferences::read("a=1; silhouette_lang=zh-CN; silhouette_theme=dark", "en");
        assert_eq!(
            read,
            Preferences {
                lang: Lang::ZhCn,
                theme: Theme::Dark
            }
        );
        assert_eq!(Preferences::read("", "zh-CN,zh;q=0.9").lang, Lang::ZhCn);
        assert_eq!(Preferences::read("silhouette_theme=pink", "").theme, Theme::System);
    }

    #[test]
    fn the_address_names_the_period() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let period = period_of("from=2026-01-01&to=2026-02-01&segment=run%3A7%3Aa", day("2026-11-22"));
        assert_eq!(period.days(), 31);
        let until = period_of("from=2026-01-01&until=2026-01-31", day("2026-11-22"));
        assert_eq!(until, period);
        let usual = period_of("from=2026-02-01&to=2026-01-01", day("2026-11-22"));
        assert_eq!((usual.days(), usual.to), (90, day("2026-11-23")));
    }

    #[test]
    fn pairs_survive_the_address() {
        let given = [("name", "Käse & 汉字"), ("segment", "run:7:champions")];
        let read = pairs(&encode_pairs(&given));
        assert_eq!(read, given.map(|(key, value)| (key.to_owned(), value.to_owned())));
        assert_eq!(pairs("a+b=%zz"), [("a b".to_owned(), "%zz".to_owned())]);
    }
}
