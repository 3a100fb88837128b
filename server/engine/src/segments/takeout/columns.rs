//! Which columns can a list of members have, where does each come from, and who may have it?

use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::segments::store;
use crate::{Engine, tags};
use std::collections::BTreeSet;
use types::auth::Right;
use types::columns::{ColumnKind, MemberColumn};
use types::rules::customer_fields;
use types::segments::Method;
use warehouse::Snapshot;
use warehouse::roster::Source;

/// Names and addresses, which are in no analysis.
const CONTACTS: [&str; 3] = ["name", "email", "phone"];

const ATTRIBUTES: [&str; 13] = [
    "gender",
    "age",
    "age_band",
    "city",
    "province",
    "country",
    "occupation",
    "education",
    "income",
    "signed_up_at",
    "preferred_channel",
    "consent_marketing",
    "consent_profiling",
];

/// What labels of runs hold beside the id.
const SCORES: [&str; 7] = ["segment", "r", "f", "m", "recency", "frequency", "monetary"];

/// Parts of names of extra attributes that say who somebody is or how to reach them. Whatever is in doubt is taken for personal.
const PERSONAL_WORDS: [&str; 56] = [
    "name",
    "nick",
    "mail",
    "phone",
    "mobile",
    "telefon",
    "whatsapp",
    "wechat",
    "weixin",
    "openid",
    "unionid",
    "telegram",
    "facebook",
    "instagram",
    "twitter",
    "linkedin",
    "skype",
    "contact",
    "address",
    "street",
    "postcode",
    "postal",
    "zip",
    "latitude",
    "longitude",
    "birth",
    "passport",
    "licence",
    "license",
    "ssn",
    "tax_id",
    "national_id",
    "identity",
    "id_card",
    "idcard",
    "iban",
    "account",
    "card_n",
    "imei",
    "idfa",
    "cookie",
    "ip_addr",
    "姓名",
    "名字",
    "昵称",
    "电话",
    "手机",
    "邮箱",
    "地址",
    "邮编",
    "生日",
    "出生",
    "证",
    "微信",
    "账号",
    "卡号",
];

/// A column and where its values are.
pub(super) struct Entry {
    pub column: MemberColumn,
    pub origin: Origin,
}

pub(super) enum Origin {
    Source(Source),
    /// A tag by its name.
    Tag(String),
}

/// Every column, in the order in which they are offered. `labels` are those of the run whose members are meant.
pub(super) async fn catalogue(
    engine: &Engine,
    actor: &Actor,
    snapshot: &Snapshot,
    labels: Option<&str>,
) -> Result<Vec<Entry>> {
    let may = actor.may(Right::PersonalData);
    let mut all = Vec::new();
    let mut add = |key: &str, kind: ColumnKind, usual: bool, origin: Origin| {
        let personal = kind == ColumnKind::Personal;
        let column = MemberColumn {
            key: key.to_owned(),
            kind,
            personal,
            allowed: may || !personal,
            usual,
        };
        all.push(Entry { column, origin });
    };
    let field = |name: &str| Origin::Source(Source::Field(name.to_owned()));
    match labels {
        None => add("external_id", ColumnKind::Id, true, field("external_id")),
        Some(labels) => {
            let label = |column| {
                Origin::Source(Source::Label {
                    labels: labels.to_owned(),
                    column,
                })
            };
            add("external_id", ColumnKind::Id, true, label("external_id"));
            for column in SCORES {
                add(column, ColumnKind::Run, true, label(column));
            }
        }
    }
    for name in CONTACTS {
        let contact = Origin::Source(Source::Contact(name.to_owned()));
        add(name, ColumnKind::Personal, false, contact);
    }
    add("birth_date", ColumnKind::Personal, false, field("birth_date"));
    let own = snapshot.attributes()?;
    let telling = snapshot.identifying_attributes().await?;
    let personal = |name: &String| is_personal(name, &telling);
    for name in own.keys().filter(|name| personal(name)) {
        add(name, ColumnKind::Personal, false, field(name));
    }
    for name in ATTRIBUTES {
        add(name, ColumnKind::Attribute, false, field(name));
    }
    for name in own.keys().filter(|name| !personal(name)) {
        add(name, ColumnKind::Attribute, false, field(name));
    }
    for (name, _) in customer_fields() {
        // The band of the number of orders adds nothing to the number.
        let known = ATTRIBUTES.contains(name) || ["external_id", "birth_date", "order_count"].contains(name);
        if !known {
            add(name, ColumnKind::Behaviour, false, field(name));
        }
    }
    for method in [Method::Rfm, Method::Lifecycle, Method::Kmeans, Method::Kprototypes] {
        let Some((_, labels)) = store::current_labels(engine.pool(), method.as_str()).await? else {
            continue;
        };
        let scores: &[&'static str] = if method == Method::Rfm {
            &["segment", "r", "f", "m"]
        } else {
            &["segment"]
        };
        for column in scores {
            let key = format!("{}.{column}", method.as_str());
            let label = Source::Label {
                labels: labels.clone(),
                column,
            };
            add(&key, ColumnKind::Model, false, Origin::Source(label));
        }
    }
    for name in tags::column_names(engine, snapshot).await? {
        add(&format!("tag:{name}"), ColumnKind::Tag, false, Origin::Tag(name));
    }
    Ok(all)
}

fn is_personal(name: &str, telling: &BTreeSet<String>) -> bool {
    let key = name.strip_prefix("attributes.").unwrap_or(name).to_lowercase();
    telling.contains(name) || PERSONAL_WORDS.iter().any(|word| key.contains(word))
}

/// The columns that were named, in that order; without names the usual ones. Each must be there, once, and allowed.
pub(super) fn chosen(mut all: Vec<Entry>, names: Option<&str>) -> Result<Vec<Entry>> {
    let Some(names) = names else {
        return Ok(all.into_iter().filter(|entry| entry.column.usual).collect());
    };
    let mut found: Vec<Entry> = Vec::new();
    for name in read(names)? {
        // Capitals in names of tags do not count.
        let key = |entry: &Entry| match entry.origin {
            Origin::Tag(_) => entry.column.key.to_lowercase() == name.to_lowercase(),
            Origin::Source(_) => entry.column.key == name,
        };
        if found.iter().any(key) {
            return Err(Error::invalid(
                "columns",
                format!("\u{201c}{name}\u{201d} is named twice"),
            ));
        }
        let Some(place) = all.iter().position(key) else {
            return Err(Error::invalid(
                "columns",
                format!("there is no column \u{201c}{name}\u{201d}"),
            ));
        };
        let entry = all.remove(place);
        if !entry.column.allowed {
            return Err(Error::ForbiddenColumn {
                column: entry.column.key,
                right: Right::PersonalData,
            });
        }
        found.push(entry);
    }
    if found.is_empty() {
        return Err(Error::invalid("columns", "names no column"));
    }
    Ok(found)
}

/// One record of comma-separated values.
fn read(names: &str) -> Result<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(names.as_bytes());
    let mut records = reader.records();
    let record = match records.next() {
        None => return Ok(Vec::new()),
        Some(record) => record.map_err(|error| Error::invalid("columns", error.to_string()))?,
    };
    if records.next().is_some() {
        return Err(Error::invalid(
            "columns",
            "is one line of names with commas between them",
        ));
    }
    Ok(record
        .iter()
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_give_themselves_away_are_personal() {
        let telling = BTreeSet::from(["attributes.club".to_owned()]);
        for (name, personal) in [
            ("attributes.Nickname", true),
            ("attributes.收货地址", true),
            ("attributes.身份证号", true),
            ("attributes.club", true),
            ("attributes.member_level", false),
            ("attributes.会员等级", false),
        ] {
            assert_eq!(is_personal(name, &telling), personal, "{name}");
        }
    }

    #[test]
    fn a_list_of_names_is_a_line_of_a_file() {
        assert_eq!(read("a, b,\"tag:x,y\",").unwrap(), ["a", "b", "tag:x,y"]);
        assert!(read("").unwrap().is_empty());
        assert_eq!(read("a\nb").unwrap_err().status(), 422);
    }
}
