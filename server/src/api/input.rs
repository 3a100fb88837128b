//! What a program sends: query parameters and JSON, each refused with the name of the field at fault. An unknown parameter is a fault,
//! because a misspelt one would otherwise change the answer without a word.

use crate::problem::{self, Refusal};
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use engine::Error;
use serde::de::DeserializeOwned;
use std::str::FromStr;
use types::problems::FieldProblem;
use types::query::Period;

/// The query parameters of a call. Take each by name, then call [`Params::finish`].
#[derive(Clone, Debug, Default)]
pub struct Params {
    pairs: Vec<(String, String)>,
    faults: Vec<FieldProblem>,
}

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Params, Self::Rejection> {
        Ok(Params::read(parts.uri.query().unwrap_or_default()))
    }
}

impl Params {
    pub fn read(query: &str) -> Params {
        Params::of(app::context::pairs(query))
    }

    /// Of names and values that were taken apart already.
    pub fn of(pairs: Vec<(String, String)>) -> Params {
        let mut params = Params {
            pairs,
            faults: Vec::new(),
        };
        let mut names: Vec<&String> = params.pairs.iter().map(|(name, _)| name).collect();
        names.sort();
        let twice = names
            .windows(2)
            .find(|pair| pair[0] == pair[1])
            .map(|pair| pair[0].clone());
        if let Some(name) = twice {
            params.fault(&name, "is given more than once");
        }
        params
    }

    /// The text of a parameter; a blank one is an absent one.
    pub fn text(&mut self, name: &str) -> Option<String> {
        let at = self.pairs.iter().position(|(given, _)| given == name)?;
        let (_, value) = self.pairs.remove(at);
        Some(value).filter(|value| !value.is_empty())
    }

    /// A parameter as any type that is written as text.
    pub fn parsed<T: FromStr>(&mut self, name: &str, what: &str) -> Option<T> {
        let text = self.text(name)?;
        match text.parse() {
            Ok(value) => Some(value),
            Err(_) => {
                self.fault(name, &format!("\u{201c}{text}\u{201d} is not {what}"));
                None
            }
        }
    }

    /// A parameter that holds JSON.
    pub fn json<T: DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        let text = self.text(name)?;
        match serde_json::from_str(&text) {
            Ok(value) => Some(value),
            Err(error) => {
                self.fault(name, &error.to_string());
                None
            }
        }
    }

    pub fn required<T: FromStr>(&mut self, name: &str, what: &str) -> Option<T> {
        if !self
            .pairs
            .iter()
            .any(|(given, value)| given == name && !value.is_empty())
        {
            self.fault(name, &format!("is required: {what}"));
        }
        self.parsed(name, what)
    }

    /// `from` and `to`: both or neither, in order.
    pub fn period(&mut self) -> Option<Period> {
        let date = "a date, such as 2026-03-01";
        let (from, to) = (
            self.parsed::<NaiveDate>("from", date),
            self.parsed::<NaiveDate>("to", date),
        );
        match (from, to) {
            (Some(from), Some(to)) if from < to => Some(Period { from, to }),
            (Some(_), Some(_)) => {
                self.fault("to", "is not after from; to excludes its day");
                None
            }
            (Some(_), None) if !self.has_fault("to") => {
                self.fault("to", "is required with from");
                None
            }
            (None, Some(_)) if !self.has_fault("from") => {
                self.fault("from", "is required with to");
                None
            }
            _ => None,
        }
    }

    /// `cursor` and `limit` of a list.
    pub fn page(&mut self) -> (Option<i64>, i64) {
        let limit = self.parsed::<i64>("limit", "a whole number from 1 to 500");
        if limit.is_some_and(|limit| !(1..=500).contains(&limit)) {
            self.fault("limit", "is not a whole number from 1 to 500");
        }
        (
            self.parsed("cursor", "the next of an earlier answer"),
            limit.unwrap_or(100),
        )
    }

    pub fn fault(&mut self, field: &str, reason: &str) {
        self.faults.push(FieldProblem {
            field: field.to_owned(),
            reason: reason.to_owned(),
        });
    }

    fn has_fault(&self, field: &str) -> bool {
        self.faults.iter().any(|fault| fault.field == field)
    }

    /// Refuses what was wrong, and what nobody took.
    pub fn finish(mut self) -> Result<(), Error> {
        for (name, _) in std::mem::take(&mut self.pairs) {
            self.fault(&name, "is not a parameter of this call");
        }
        if self.faults.is_empty() {
            Ok(())
        } else {
            Err(Error::Invalid(self.faults))
        }
    }
}

/// A number of ours in an address; what is not one does not exist.
pub fn number(text: &str, what: &str) -> Result<i64, Error> {
    text.parse().map_err(|_| Error::not_found(format!("{what} {text}")))
}

/// A JSON body. Bad JSON is 400, a bad field is 422 with its name.
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Json<T>, Response> {
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(IntoResponse::into_response)?;
        parse(&bytes).map(Json).map_err(|refusal| *refusal)
    }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Box<Response>> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    match serde_path_to_error::deserialize(&mut reader) {
        Ok(value) => match reader.end() {
            Ok(()) => Ok(value),
            Err(error) => Err(Box::new(unreadable(&error))),
        },
        Err(error) if error.inner().is_data() => {
            let path = error.path().to_string();
            let said = error.into_inner().to_string();
            let field = if path == "." {
                quoted(&said).unwrap_or("body").to_owned()
            } else {
                path
            };
            Err(Box::new(Refusal(Error::invalid(field, said)).into_response()))
        }
        Err(error) => Err(Box::new(unreadable(error.inner()))),
    }
}

/// The field that a message about a missing or an unknown field names.
fn quoted(said: &str) -> Option<&str> {
    said.split('`').nth(1)
}

fn unreadable(error: &serde_json::Error) -> Response {
    problem::respond(problem::of_status(
        StatusCode::BAD_REQUEST,
        &format!("The body is not JSON: {error}."),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::segments::NewRun;

    fn faults(params: Params) -> Vec<String> {
        match params.finish() {
            Err(Error::Invalid(fields)) => fields.into_iter().map(|fault| fault.field).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn an_unknown_parameter_is_named() {
        let mut params = Params::read("limit=5&limti=7");
        assert_eq!(params.page(), (None, 5));
        assert_eq!(faults(params), ["limti"]);
    }

    #[test]
    fn periods_are_whole_and_in_order() {
        let fault_of = |query: &str| {
            let mut params = Params::read(query);
            let period = params.period();
            (period.map(|period| period.days()), faults(params))
        };
        assert_eq!(fault_of("from=2026-01-01&to=2026-02-01"), (Some(31), vec![]));
        assert_eq!(fault_of("from=2026-01-01"), (None, vec!["to".to_owned()]));
        assert_eq!(fault_of("from=2026-02-01&to=2026-02-01"), (None, vec!["to".to_owned()]));
        assert_eq!(fault_of("from=tomorrow&to=2026-02-01"), (None, vec!["from".to_owned()]));
        assert_eq!(fault_of("from=2026-01-01&from=2026-01-02&to=2026-02-01").1[0], "from");
    }

    #[test]
    fn a_bad_body_is_told_from_a_bad_field() {
        let status = |text: &str| {
            parse::<NewRun>(text.as_bytes())
                .map(|_| 200)
                .unwrap_or_else(|said| said.status().as_u16())
        };
        assert_eq!(status(r#"{"method": "rfm"}"#), 200);
        assert_eq!(status(r#"{"method": "rfm""#), 400);
        assert_eq!(status(r#"{"method": "magic"}"#), 422);
        assert_eq!(status(r#"{"method": "rfm", "colour": 1}"#), 422);
        assert_eq!(status(r#"{"method": "rfm"} x"#), 400);
    }
}
