//! From bytes to UTF-8. The order of belief: what the person said, a byte-order mark, strict UTF-8, detection.

use super::archive::Plain;
use super::refused;
use crate::error::{Error, Result};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Decoder, Encoding, GB18030, GBK, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
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
        Some(name) => named(name, &head)?,
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

/// An encoding by one of the names that people use. Which way round UTF-16 is, its byte-order mark knows better.
fn named(name: &str, head: &[u8]) -> Result<&'static Encoding> {
    let found = Encoding::for_label(name.trim().as_bytes()).filter(|found| *found != REPLACEMENT);
    let found = found.ok_or_else(|| {
        Error::invalid(
            "options.encoding",
            format!("\u{201c}{name}\u{201d} is not an encoding that we know."),
        )
    })?;
    let utf16 = |encoding| encoding == UTF_16LE || encoding == UTF_16BE;
    match Encoding::for_bom(head) {
        Some((marked, _)) if utf16(found) && utf16(marked) => Ok(marked),
        _ if found == GBK => Ok(GB18030),
        _ => Ok(found),
    }
}

fn detect(head: &[u8], whole: bool) -> Result<&'static Encoding> {
    if head.starts_with(b"\xff\xfe\0\0") || head.starts_with(b"\0\0\xfe\xff") {
        return Err(refused("This is text in UTF-32. Save it as UTF-8 and upload that."));
    }
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return Ok(encoding);
    }
    if let Some(encoding) = utf16_without_mark(head) {
        return Ok(encoding);
    }
    let control = |byte: &u8| *byte < 32 && !matches!(*byte, b'\t' | b'\n' | b'\r' | 12);
    let controls = head.iter().filter(|byte| control(byte)).count();
    if controls * 50 > head.len()
        && let Some(at) = head.iter().position(control)
    {
        return Err(refused(format!(
            "This is not a text file: its bytes are control characters, the first of them byte {}. Upload a table as text, XLSX, XLS, ODS or Parquet.",
            at + 1
        )));
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
    Ok(if guess == GBK || guess == GB18030 {
        GB18030
    } else if guess.is_single_byte() && !decodes(guess, head) {
        WINDOWS_1252
    } else {
        guess
    })
}

fn decodes(encoding: &'static Encoding, bytes: &[u8]) -> bool {
    !encoding.decode_without_bom_handling(bytes).1
}

/// Text in UTF-16 has zero bytes, which no other encoding has, on one side of its pairs; read the right way round it has line breaks and
/// delimiters and no control characters.
fn utf16_without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let sample = &head[..head.len().min(1 << 16) & !1];
    if sample.len() < 8 || !sample.contains(&0) {
        return None;
    }
    let fits = |encoding: &&'static Encoding| {
        // The last pair may be the first half of a character.
        let (text, broken) = encoding.decode_without_bom_handling(&sample[..sample.len() - 2]);
        let plain = |c: char| !c.is_control() || matches!(c, '\t' | '\n' | '\r');
        let marks = text
            .chars()
            .filter(|c| matches!(c, '\n' | '\r' | ',' | ';' | '\t' | '|'));
        (!broken || decodes(encoding, &sample[..sample.len() - 4])) && text.chars().all(plain) && marks.count() > 0
    };
    [UTF_16LE, UTF_16BE].into_iter().find(fits)
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
pub(super) fn unreadable(error: std::io::Error) -> Error {
    if error.kind() == std::io::ErrorKind::InvalidData || error.kind() == std::io::ErrorKind::InvalidInput {
        refused(error.to_string())
    } else if error.kind() == std::io::ErrorKind::UnexpectedEof {
        refused("The archive ends in the middle. Pack and send it again.")
    } else {
        error.into()
    }
}
