//! Who may do what. The table of roles lives here so that pages can hide what the engine would refuse; the engine decides.

use serde::{Deserialize, Serialize};

/// What a person is in the company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Manager,
    Lead,
    Admin,
}

impl Role {
    pub const ALL: [Role; 3] = [Role::Manager, Role::Lead, Role::Admin];

    pub fn as_str(self) -> &'static str {
        match self {
            Role::Manager => "manager",
            Role::Lead => "lead",
            Role::Admin => "admin",
        }
    }

    pub fn parse(text: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.as_str() == text)
    }
}

/// One thing that can be allowed. Every call of the engine names the right that it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Right {
    /// See every analysis page: aggregates and masked people.
    See,
    /// Build segments and tags, run jobs, plan campaigns, save views.
    Build,
    /// Take rows out of the product as a file.
    Export,
    /// See names, addresses and telephone numbers. Each view is logged.
    PersonalData,
    /// Upload, undo, erase.
    Upload,
    /// People, rights, settings, audit log.
    Administer,
}

impl Right {
    pub const ALL: [Right; 6] = [
        Right::See,
        Right::Build,
        Right::Export,
        Right::PersonalData,
        Right::Upload,
        Right::Administer,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Right::See => "see",
            Right::Build => "build",
            Right::Export => "export",
            Right::PersonalData => "personal-data",
            Right::Upload => "upload",
            Right::Administer => "administer",
        }
    }
}

/// The rights of a person: those of the role and those given by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rights {
    pub role: Role,
    /// Right *export*, given by name. Team leads and administrators have it anyway.
    pub export: bool,
    /// Right *personal-data*, given by name; no role has it by itself.
    pub personal_data: bool,
}

impl Rights {
    pub fn has(&self, right: Right) -> bool {
        match right {
            Right::See | Right::Build => true,
            Right::Export => self.export || self.role != Role::Manager,
            Right::PersonalData => self.personal_data,
            Right::Upload | Right::Administer => self.role == Role::Admin,
        }
    }
}

/// A person as lists and pages show them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Person {
    pub id: i64,
    pub email: String,
    pub name: String,
    pub rights: Rights,
    pub disabled: bool,
    pub created_at: chrono::DateTime<chrono::Utc>,
    pub last_seen_at: Option<chrono::DateTime<chrono::Utc>>,
}

/// An API token as lists show it; the secret itself is shown once, when it is made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Token {
    pub id: i64,
    pub person_id: i64,
    pub email: String,
    pub name: String,
    pub created_at: chrono::DateTime<chrono::Utc>,
    pub last_used_at: Option<chrono::DateTime<chrono::Utc>>,
    pub revoked_at: Option<chrono::DateTime<chrono::Utc>>,
}

/// One row of the audit log: who changed or took out what, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEntry {
    pub id: i64,
    pub at: chrono::DateTime<chrono::Utc>,
    /// E-mail of the person, or `command line`, or `system`.
    pub actor: String,
    /// Verb and noun, such as `upload.commit`.
    pub action: String,
    /// What it was done to, such as `upload 7`.
    pub object: String,
    pub detail: serde_json::Value,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_follow_the_table() {
        let of = |role, export, personal_data| Rights {
            role,
            export,
            personal_data,
        };
        for role in Role::ALL {
            let plain = of(role, false, false);
            assert!(plain.has(Right::See) && plain.has(Right::Build));
            assert_eq!(plain.has(Right::Export), role != Role::Manager);
            assert!(of(role, true, false).has(Right::Export));
            assert!(!plain.has(Right::PersonalData));
            assert!(of(role, false, true).has(Right::PersonalData));
            assert_eq!(plain.has(Right::Upload), role == Role::Admin);
            assert_eq!(plain.has(Right::Administer), role == Role::Admin);
        }
    }
}
