//! How the engine says no. One enum, so that pages, the API and jobs answer alike; the cause of an internal error is logged once, at the
//! boundary that answers, and never shown.

use types::auth::Right;
use types::problems::{FieldProblem, Problem};

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// 401: nobody is signed in, or the token is not valid.
    #[error("Sign in first.")]
    Unauthenticated,
    /// 403: the person lacks a right.
    #[error("This needs the right \u{201c}{}\u{201d}.", .0.as_str())]
    Forbidden(Right),
    /// 403: the person may have the file, but not this column of it.
    #[error("The column \u{201c}{column}\u{201d} needs the right \u{201c}{}\u{201d}.", .right.as_str())]
    ForbiddenColumn { column: String, right: Right },
    /// 404: what was asked for does not exist.
    #[error("{0} does not exist.")]
    NotFound(String),
    /// 409: it exists, but not in a state that allows this.
    #[error("{0}")]
    Conflict(String),
    /// 422: fields that cannot be taken.
    #[error("{}", said(.0))]
    Invalid(Vec<FieldProblem>),
    /// 413: larger than this installation takes.
    #[error("{0}")]
    TooLarge(String),
    /// 429: too many attempts; try again after so many seconds.
    #[error("Too many attempts. Try again in {0} seconds.")]
    Throttled(u64),
    /// 503: something that we need is not there at the moment.
    #[error("{0}")]
    Unavailable(String),
    /// A job stopped because somebody asked it to.
    #[error("Cancelled.")]
    Cancelled,
    /// 500: our fault.
    #[error("Internal error.")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    pub fn invalid(field: impl Into<String>, reason: impl Into<String>) -> Error {
        Error::Invalid(vec![FieldProblem {
            field: field.into(),
            reason: reason.into(),
        }])
    }

    pub fn not_found(what: impl Into<String>) -> Error {
        Error::NotFound(what.into())
    }

    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
        Error::Internal(cause.into())
    }

    /// Whether trying again later may help.
    pub fn is_passing(&self) -> bool {
        matches!(self, Error::Unavailable(_) | Error::Internal(_))
    }

    pub fn status(&self) -> u16 {
        match self {
            Error::Unauthenticated => 401,
            Error::Forbidden(_) | Error::ForbiddenColumn { .. } => 403,
            Error::NotFound(_) => 404,
            Error::Conflict(_) | Error::Cancelled => 409,
            Error::TooLarge(_) => 413,
            Error::Invalid(_) => 422,
            Error::Throttled(_) => 429,
            Error::Internal(_) => 500,
            Error::Unavailable(_) => 503,
        }
    }

    pub fn title(&self) -> &'static str {
        match self {
            Error::Unauthenticated => "Not signed in",
            Error::Forbidden(_) | Error::ForbiddenColumn { .. } => "Not allowed",
            Error::NotFound(_) => "Not found",
            Error::Conflict(_) => "Conflict",
            Error::Cancelled => "Cancelled",
            Error::TooLarge(_) => "Too large",
            Error::Invalid(_) => "Some fields cannot be taken",
            Error::Throttled(_) => "Too many attempts",
            Error::Internal(_) => "Internal error",
            Error::Unavailable(_) => "Not available",
        }
    }

    /// The answer for a program. Says nothing of the cause of an internal error.
    pub fn to_problem(&self) -> Problem {
        let slug = self.title().to_lowercase().replace(' ', "-");
        let errors = match self {
            Error::Invalid(fields) => fields.clone(),
            _ => Vec::new(),
        };
        Problem {
            kind: format!("/problems/{slug}"),
            title: self.title().to_owned(),
            status: self.status(),
            detail: self.to_string(),
            errors,
        }
    }

    /// The chain of causes on one line, for the log.
    pub fn causes(&self) -> String {
        let mut text = self.to_string().trim_end_matches('.').to_owned();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            let said = error.to_string();
            if !text.contains(&said) {
                text.push_str(": ");
                text.push_str(&said);
            }
            cause = error.source();
        }
        text
    }
}

fn said(fields: &[FieldProblem]) -> String {
    fields
        .iter()
        .map(|f| format!("{}: {}", f.field, f.reason))
        .collect::<Vec<_>>()
        .join("; ")
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Error {
        match &error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => Error::Unavailable(
                "The database does not answer at the moment. Nothing was changed; try again shortly.".into(),
            ),
            // Classes 08 and 57P: connection lost, server shutting down or starting.
            sqlx::Error::Database(db) if db.code().is_some_and(|c| c.starts_with("08") || c.starts_with("57P")) => {
                Error::Unavailable(
                    "The database does not answer at the moment. Nothing was changed; try again shortly.".into(),
                )
            }
            sqlx::Error::Database(db) if db.code().is_some_and(|c| c == "53100") => Error::Unavailable(
                "The disk of the database is full. Nothing was changed; free some space and try again.".into(),
            ),
            _ => Error::internal(error),
        }
    }
}

impl From<sqlx::migrate::MigrateError> for Error {
    fn from(error: sqlx::migrate::MigrateError) -> Error {
        Error::internal(error)
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Error {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded | std::io::ErrorKind::FileTooLarge => {
                Error::Unavailable("The disk is full. Nothing was changed; free some space and try again.".into())
            }
            _ => Error::internal(error),
        }
    }
}

impl From<warehouse::Error> for Error {
    fn from(error: warehouse::Error) -> Error {
        match error {
            warehouse::Error::TooLarge(_) => Error::TooLarge(
                "This analysis needs more memory than the server may use. Ask for a shorter period or a smaller group."
                    .into(),
            ),
            warehouse::Error::Io { source, .. } => source.into(),
            warehouse::Error::Bucket { .. } => Error::Unavailable(
                format!("{error}. Nothing was changed; try again shortly.").replacen("the", "The", 1),
            ),
            warehouse::Error::Rule(problems) => crate::segments::refused(problems),
            other => Error::internal(other),
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Error {
        Error::internal(error)
    }
}

impl From<tokio::task::JoinError> for Error {
    fn from(error: tokio::task::JoinError) -> Error {
        Error::internal(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn internal_causes_stay_inside() {
        let error = Error::internal("select secret from people");
        assert_eq!(error.to_problem().detail, "Internal error.");
        assert!(error.causes().contains("select secret"));
    }

    #[test]
    fn fields_are_named() {
        let problem = Error::invalid("quantity", "\u{201c}x\u{201d} is not a number").to_problem();
        assert_eq!((problem.status, problem.errors[0].field.as_str()), (422, "quantity"));
    }
}
