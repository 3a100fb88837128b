//! One attempt to deliver an event: signed, to addresses that were looked at, within a few seconds, and on no way round.

use super::address::{self, NoWay};
use crate::error::{Error, Result};
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::{Client, Response, Url, header, redirect};
use sha2::Sha256;
use std::error::Error as _;
use std::time::Duration;

const CONNECT: Duration = Duration::from_secs(4);
const WHOLE: Duration = Duration::from_secs(10);
/// Characters of an answer that are kept.
const KEPT: usize = 200;

/// What is sent.
pub(super) struct Event<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub body: &'a str,
}

/// What came of an attempt.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    pub status: Option<u16>,
    /// The beginning of the answer.
    pub answer: Option<String>,
    /// Absent: delivered.
    pub problem: Option<String>,
    /// Trying again is of no use.
    pub for_good: bool,
}

/// `t=SECONDS,v1=HEX`: HMAC-SHA256, with the secret as the key, of the seconds since 1970, a dot and the body.
pub(super) fn signature(secret: &str, at: DateTime<Utc>, body: &str) -> Result<String> {
    let seconds = at.timestamp();
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_err(|error| Error::internal(error.to_string()))?;
    mac.update(format!("{seconds}.{body}").as_bytes());
    Ok(format!("t={seconds},v1={}", hex::encode(mac.finalize().into_bytes())))
}

pub(super) async fn send(
    url: &str,
    secret: &str,
    event: Event<'_>,
    at: DateTime<Utc>,
    private: bool,
) -> Result<Outcome> {
    // The installation may have become stricter since the address was taken.
    let url = match address::read(url, private) {
        Ok(url) => url,
        Err(reason) => return Ok(Outcome::never(&reason)),
    };
    let signature = signature(secret, at, event.body)?;
    let attempt = tokio::time::timeout(WHOLE, attempt(&url, &signature, &event, private));
    Ok(match attempt.await {
        Ok(outcome) => outcome?,
        Err(_) => Outcome::problem("The receiver did not answer in time."),
    })
}

async fn attempt(url: &Url, signature: &str, event: &Event<'_>, private: bool) -> Result<Outcome> {
    let addresses = match address::look_up(url, private).await {
        Ok(addresses) => addresses,
        Err(NoWay::Refused(reason)) => return Ok(Outcome::never(&reason)),
        Err(NoWay::Unknown(reason)) => return Ok(Outcome::problem(&reason)),
    };
    // To what was looked at and nowhere else: no second look-up, no proxy, no redirect.
    let client = Client::builder()
        .redirect(redirect::Policy::none())
        .no_proxy()
        .connect_timeout(CONNECT)
        .timeout(WHOLE)
        .resolve_to_addrs(url.host_str().unwrap_or_default(), &addresses)
        .user_agent(concat!("Silhouette/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(Error::internal)?;
    let sent = client
        .post(url.clone())
        .header(header::CONTENT_TYPE, "application/json")
        .header("silhouette-event", event.name)
        .header("silhouette-event-id", event.id)
        .header("silhouette-signature", signature)
        .body(event.body.to_owned())
        .send()
        .await;
    Ok(match sent {
        Ok(response) => answered(response).await,
        Err(error) => Outcome::problem(&unreachable(&error)),
    })
}

async fn answered(response: Response) -> Outcome {
    let status = response.status();
    let problem = match status.as_u16() {
        200..=299 => None,
        300..=399 => Some(format!(
            "The receiver answered {}: redirects are not followed.",
            status.as_u16()
        )),
        other => Some(format!("The receiver answered {other}.")),
    };
    Outcome {
        status: Some(status.as_u16()),
        answer: beginning(response).await,
        problem,
        for_good: false,
    }
}

/// Not more of the answer is read than is kept.
async fn beginning(mut response: Response) -> Option<String> {
    let mut bytes = Vec::new();
    while bytes.len() < KEPT * 4 {
        match response.chunk().await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk[..chunk.len().min(KEPT * 4)]),
            Ok(None) | Err(_) => break,
        }
    }
    let text = String::from_utf8_lossy(&bytes);
    let text: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(KEPT)
        .collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// In words that name neither the address nor what stands behind it.
fn unreachable(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "The receiver did not answer in time.".to_owned();
    }
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string().to_lowercase();
        if text.contains("certificate") || text.contains("tls") {
            return "The certificate of the receiver cannot be trusted.".to_owned();
        }
        cause = error.source();
    }
    if error.is_connect() {
        "The receiver cannot be reached.".to_owned()
    } else {
        "The receiver broke the connection off.".to_owned()
    }
}

impl Outcome {
    fn problem(text: &str) -> Outcome {
        Outcome {
            problem: Some(text.to_owned()),
            ..Outcome::default()
        }
    }

    fn never(reason: &str) -> Outcome {
        Outcome {
            problem: Some(format!("The address of the receiver cannot be used: it {reason}.")),
            for_good: true,
            ..Outcome::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_other_programs() {
        // printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac whsec_test
        let at = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        assert_eq!(
            signature("whsec_test", at, "{\"a\":1}").unwrap(),
            "t=1700000000,v1=38877139021993b830af32feea6e18a8da83eb2f6e49ee50bd9e4cf4ca4d3789"
        );
    }
}
