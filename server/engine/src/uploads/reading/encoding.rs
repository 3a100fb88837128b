//! From bytes to UTF-8. The order of belief: what the person said, a byte-order mark, strict UTF-8, detection.

use super::bytes::Plain;
use super::refused;
use crate::error::{Error, Result};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Decoder, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// So much of a file decides on its encoding and delimiter.
pub const SAMPLE_BYTES: usize = 1 << 20;
const CHUNK: usize = 1 << 18;

/// The characters of a file as UTF-8, chunk by chunk.
pub struct Text {
    /// As pages show it: `UTF-8`, `GB18030`, `windows-1252`, …
    pub name: String,
    inner: Plain,
    decoder: Decoder,
    head: Vec<u8>,
    buffer: Vec<u8>,
    damaged: Arc<AtomicBool>,
    ended: bool,
}

pub fn decode(mut inner: Plain, wanted: Option<&str>, damaged: Arc<AtomicBool>) -> Result<Text> {
    let mut head = Vec::with_capacity(SAMPLE_BYTES);
    inner
        .by_ref()
        .take(SAMPLE_BYTES as u64)
        .read_to_end(&mut head)
        .map_err(unreadable)?;
    if head.is_empty() {
        return Err(refused("The file is empty."));
    }
    let encoding = match wanted.filter(|name| !name.is_empty()) {
        Some(name) => named(name)?,
        None => detect(&head, head.len() < SAMPLE_BYTES)?,
    };
    Ok(Text {
        name: encoding.name().to_owned(),
        inner,
        decoder: encoding.new_decoder_with_bom_removal(),
        head,
        buffer: Vec::new(),
        damaged,
        ended: false,
    })
}

/// An encoding by one of the names that people use.
fn named(name: &str) -> Result<&'static Encoding> {
    let found = Encoding::for_label(name.trim().as_bytes());
    let found = found.ok_or_else(|| {
        Error::invalid(
            "options.encoding",
            format!("\u{201c}{name}\u{201d} is not an encoding that we know."),
        )
    })?;
    Ok(if found == GBK { GB18030 } else { found })
}

fn detect(head: &[u8], whole: bool) -> Result<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return Ok(encoding);
    }
    if let Some(encoding) = utf16_without_mark(head) {
        return Ok(encoding);
    }
    if let Some(at) = head.iter().position(|byte| *byte == 0) {
        return Err(refused(format!(
            "This is not a text file: byte {} is zero. Upload a table as CSV, or a zip or gzip of one.",
            at + 1
        )));
    }
    let controls = head
        .iter()
        .filter(|byte| **byte < 32 && !matches!(**byte, b'\t' | b'\n' | b'\r' | 12))
        .count();
    if controls * 50 > head.len() {
        return Err(refused(
            "This is not a text file. Upload a table as CSV, or a zip or gzip of one.",
        ));
    }
    match std::str::from_utf8(head) {
        Ok(_) => return Ok(UTF_8),
        // A character may be cut in two by the end of the sample.
        Err(error) if error.error_len().is_none() && !whole => return Ok(UTF_8),
        Err(_) => {}
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(head, whole);
    let guess = detector.guess(None, Utf8Detection::Deny);
    Ok(if guess == GBK {
        GB18030
    } else if guess == GB18030 || guess.is_single_byte() && guess != WINDOWS_1252 && !decodes(guess, head) {
        if guess == GB18030 { GB18030 } else { WINDOWS_1252 }
    } else {
        guess
    })
}

fn decodes(encoding: &'static Encoding, bytes: &[u8]) -> bool {
    !encoding.decode_without_bom_handling(bytes).1
}

/// Latin text in UTF-16 has a zero in every second byte.
fn utf16_without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let sample = &head[..head.len().min(4096) & !1];
    if sample.len() < 8 {
        return None;
    }
    let zeros = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, pairs) = (zeros(0), zeros(1), sample.len() / 2);
    if odd * 10 > pairs * 4 && even * 20 < pairs {
        Some(UTF_16LE)
    } else if even * 10 > pairs * 4 && odd * 20 < pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}

impl Text {
    /// Appends the next characters to `out`; `false` when there are no more.
    pub fn read_more(&mut self, out: &mut Vec<u8>) -> Result<bool> {
        if self.ended {
            return Ok(false);
        }
        let mut input = std::mem::take(&mut self.buffer);
        let last = if self.head.is_empty() {
            input.resize(CHUNK, 0);
            let got = self.inner.read(&mut input).map_err(unreadable)?;
            input.truncate(got);
            got == 0
        } else {
            input = std::mem::take(&mut self.head);
            false
        };
        let mut from = 0;
        loop {
            let start = out.len();
            let room = self
                .decoder
                .max_utf8_buffer_length(input.len() - from)
                .unwrap_or(CHUNK * 3);
            out.resize(start + room, 0);
            let (result, read, written, replaced) =
                self.decoder.decode_to_utf8(&input[from..], &mut out[start..], last);
            out.truncate(start + written);
            from += read;
            if replaced {
                self.damaged.store(true, Ordering::Relaxed);
            }
            if result == CoderResult::InputEmpty {
                break;
            }
        }
        self.buffer = input;
        self.ended = last;
        Ok(!last || !out.is_empty())
    }
}

/// What the layers below say about a damaged archive is said to the person; a broken disk is our fault.
fn unreadable(error: std::io::Error) -> Error {
    if error.kind() == std::io::ErrorKind::InvalidData || error.kind() == std::io::ErrorKind::InvalidInput {
        refused(error.to_string())
    } else if error.kind() == std::io::ErrorKind::UnexpectedEof {
        refused("The archive ends in the middle. Pack and send it again.")
    } else {
        error.into()
    }
}
