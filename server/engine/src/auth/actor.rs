//! The acting person, passed to every public service.

use crate::error::{Error, Result};
use types::auth::{Right, Rights, Role};

/// Which customers somebody may see. One company per installation: all of them, today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    All,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Absent for the command line and for the system itself.
    pub person_id: Option<i64>,
    /// E-mail, `command line` or `system`: as the audit log names them.
    pub name: String,
    pub rights: Rights,
    pub scope: Scope,
}

impl Actor {
    /// Whoever may run the program on its own machine may do everything there.
    pub fn command_line() -> Actor {
        Actor::everything("command line")
    }

    /// Work that nobody asked for, such as clearing up at the start.
    pub fn system() -> Actor {
        Actor::everything("system")
    }

    fn everything(name: &str) -> Actor {
        Actor {
            person_id: None,
            name: name.to_owned(),
            rights: Rights {
                role: Role::Admin,
                export: true,
                personal_data: true,
            },
            scope: Scope::All,
        }
    }

    pub fn may(&self, right: Right) -> bool {
        self.rights.has(right)
    }

    /// The first line of every public service.
    pub fn require(&self, right: Right) -> Result<()> {
        if self.may(right) {
            Ok(())
        } else {
            Err(Error::Forbidden(right))
        }
    }
}
