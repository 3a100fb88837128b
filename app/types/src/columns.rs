//! Columns of a list of members that leaves as a file: which there are, and who may have them.

use serde::{Deserialize, Serialize};

/// What a column is about, in the order in which they are offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// The customer's id.
    Id,
    /// What the run says of its member: group, scores and the figures behind them.
    Run,
    /// Who the customer is: name, address of any kind, day of birth.
    Personal,
    /// What the company knows of the customer.
    Attribute,
    /// What the customer did.
    Behaviour,
    /// The customer's group in the run of a method that counts.
    Model,
    Tag,
}

impl ColumnKind {
    pub const ALL: [ColumnKind; 7] = [
        ColumnKind::Id,
        ColumnKind::Run,
        ColumnKind::Personal,
        ColumnKind::Attribute,
        ColumnKind::Behaviour,
        ColumnKind::Model,
        ColumnKind::Tag,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            ColumnKind::Id => "id",
            ColumnKind::Run => "run",
            ColumnKind::Personal => "personal",
            ColumnKind::Attribute => "attribute",
            ColumnKind::Behaviour => "behaviour",
            ColumnKind::Model => "model",
            ColumnKind::Tag => "tag",
        }
    }
}

/// One column that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MemberColumn {
    /// As it is asked for, and as it stands in the header: `city`, `attributes.KEY`, `rfm.segment`, `tag:NAME`.
    pub key: String,
    pub kind: ColumnKind,
    /// Needs the right `personal-data`.
    pub personal: bool,
    /// Whether whoever asks may have it.
    pub allowed: bool,
    /// Whether it is in the file when none are named.
    pub usual: bool,
}

/// A list of columns as a program writes it: separated by commas, with quotes around one that has a comma or a quote in it.
pub fn column_list(keys: &[&str]) -> String {
    let quoted = |key: &&str| {
        if key.contains([',', '"', '\n']) {
            format!("\"{}\"", key.replace('"', "\"\""))
        } else {
            (*key).to_owned()
        }
    };
    keys.iter().map(quoted).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_in_a_name_is_quoted() {
        assert_eq!(column_list(&["city", "tag:a,\"b\""]), "city,\"tag:a,\"\"b\"\"\"");
    }
}
