//! How a file goes in parts: how large a part is, what an answer means, how long to wait after a broken connection, and by what a file that was
//! sent half is known again. Decides only; the browser is touched in `sending`.

use serde::{Deserialize, Serialize};

/// Large enough that the pauses between parts cost nothing, small enough that little is sent twice.
const LARGEST: f64 = 8.0 * 1024.0 * 1024.0;
/// A connection that breaks again and again gets smaller parts, down to this.
const SMALLEST: f64 = 256.0 * 1024.0;
const LONGEST_WAIT: f64 = 30.0;
/// So many parts in a row of which nothing arrived, although the server answers: then it is not the connection.
const FRUITLESS: u32 = 8;

/// How the sending goes: smaller parts and longer pauses while the connection breaks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    pub part: f64,
    breaks: u32,
    fruitless: u32,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace {
            part: LARGEST,
            breaks: 0,
            fruitless: 0,
        }
    }
}

impl Pace {
    /// A part has arrived.
    pub fn worked(&mut self) {
        *self = Pace {
            part: (self.part * 2.0).min(LARGEST),
            ..Pace::default()
        };
    }

    /// A call broke off; how many seconds to wait before asking where to go on.
    pub fn broke(&mut self) -> f64 {
        self.breaks += 1;
        self.part = (self.part / 2.0).max(SMALLEST);
        2f64.powi(self.breaks.min(10) as i32 - 1).min(LONGEST_WAIT)
    }

    /// The server answers and says whether more has arrived than before. `false`: there is no use in going on.
    pub fn answered(&mut self, more_arrived: bool) -> bool {
        self.fruitless = if more_arrived { 0 } else { self.fruitless + 1 };
        self.fruitless <= FRUITLESS
    }
}

/// What an answer means for the sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    Taken,
    /// The connection broke, or the server cannot take it at the moment: ask later where to go on.
    Later,
    SignedOut,
    TooLarge,
    /// There is no such upload any more.
    Gone,
    Refused,
}

pub fn meaning(status: u16) -> Meaning {
    match status {
        200..=299 => Meaning::Taken,
        0 | 408 | 409 | 425 | 429 | 500..=599 => Meaning::Later,
        401 => Meaning::SignedOut,
        404 => Meaning::Gone,
        413 => Meaning::TooLarge,
        _ => Meaning::Refused,
    }
}

/// What the server says of a file in parts.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Arrived {
    pub upload_id: i64,
    /// Bytes.
    pub received: f64,
    #[serde(default)]
    pub complete: bool,
}

/// A chosen file, and what it is sent as.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chosen {
    pub kind: String,
    pub name: String,
    /// Bytes.
    pub size: f64,
    /// Milliseconds, as the browser tells them.
    pub modified: f64,
}

/// What the browser remembers of a file that has not arrived completely, so that the same file goes on where it stopped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    pub upload_id: i64,
    pub chosen: Chosen,
    pub received: f64,
}

impl Kept {
    pub fn is_of(&self, chosen: &Chosen) -> bool {
        self.chosen == *chosen
    }
}

/// Where an upload begins.
pub fn begin_address(chosen: &Chosen) -> String {
    format!(
        "/api/v1/uploads?resume=1&kind={}&name={}",
        encoded(&chosen.kind),
        encoded(&chosen.name)
    )
}

/// Where its parts go, and where it is asked how much has arrived.
pub fn data_address(upload_id: i64) -> String {
    format!("/api/v1/uploads/{upload_id}/data")
}

/// Begin and end of the next part, and the address that takes it. The last part completes the file and starts nothing: its columns are mapped first.
pub fn next_part(upload_id: i64, received: f64, size: f64, part: f64) -> (f64, f64, String) {
    let end = (received + part).min(size);
    let last = if end >= size { "&last=1&start=0" } else { "" };
    (
        received,
        end,
        format!("{}?offset={received}{last}", data_address(upload_id)),
    )
}

/// A text as a value in an address.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(name: &str) -> Chosen {
        Chosen {
            kind: "order_lines".into(),
            name: name.into(),
            size: 20e6,
            modified: 1.0,
        }
    }

    #[test]
    fn parts_follow_one_another_and_the_last_completes_the_file() {
        let part = LARGEST;
        assert_eq!(
            next_part(7, 0.0, 20e6, part),
            (0.0, part, "/api/v1/uploads/7/data?offset=0".into())
        );
        assert_eq!(
            next_part(7, 2.0 * part, 20e6, part),
            (
                2.0 * part,
                20e6,
                "/api/v1/uploads/7/data?offset=16777216&last=1&start=0".into()
            )
        );
        // All bytes were there before the connection broke: an empty part says so. So does an empty file.
        assert_eq!(
            next_part(7, 5.0, 5.0, part).2,
            "/api/v1/uploads/7/data?offset=5&last=1&start=0"
        );
        // Above what a 32-bit number holds.
        assert!(
            next_part(7, 6_000_000_000.0, 7e9, part)
                .2
                .ends_with("?offset=6000000000")
        );
    }

    #[test]
    fn pauses_grow_and_parts_shrink_until_something_arrives() {
        let mut pace = Pace::default();
        let pauses: Vec<f64> = (0..7).map(|_| pace.broke()).collect();
        assert_eq!(pauses, [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]);
        assert_eq!(pace.part, SMALLEST);
        pace.worked();
        assert_eq!((pace.part, pace.broke()), (2.0 * SMALLEST, 1.0));
    }

    #[test]
    fn what_never_arrives_is_given_up_and_what_arrives_slowly_is_not() {
        let mut pace = Pace::default();
        assert!((0..50).all(|_| pace.answered(true)));
        assert_eq!((0..50).take_while(|_| pace.answered(false)).count(), FRUITLESS as usize);
    }

    #[test]
    fn a_broken_connection_is_no_refusal() {
        assert_eq!([0, 409, 503].map(meaning), [Meaning::Later; 3]);
        assert_eq!(
            [200, 201, 401, 404, 413, 422].map(meaning),
            [
                Meaning::Taken,
                Meaning::Taken,
                Meaning::SignedOut,
                Meaning::Gone,
                Meaning::TooLarge,
                Meaning::Refused
            ]
        );
    }

    #[test]
    fn the_same_file_is_known_again() {
        let kept = Kept {
            upload_id: 3,
            chosen: chosen("a.csv"),
            received: 8e6,
        };
        let text = serde_json::to_string(&kept).unwrap();
        let kept: Kept = serde_json::from_str(&text).unwrap();
        assert!(kept.is_of(&chosen("a.csv")) && !kept.is_of(&chosen("b.csv")));
        let changed = Chosen {
            modified: 2.0,
            ..chosen("a.csv")
        };
        assert!(!kept.is_of(&changed), "it was saved again since");
        assert_eq!(
            begin_address(&chosen("订单 & co.csv")),
            "/api/v1/uploads?resume=1&kind=order_lines&name=%E8%AE%A2%E5%8D%95%20%26%20co.csv"
        );
        let arrived: Arrived =
            serde_json::from_str(r#"{"upload_id":3,"received":5000000000,"complete":false}"#).unwrap();
        assert_eq!(arrived.received, 5e9);
    }
}
