//! Pieces of a batch's bytes: trimming them, adding to them, naming them in a reason.

use super::batch::Span;

pub(super) fn push(bytes: &mut Vec<u8>, text: &str) -> Span {
    if text.is_empty() {
        return Span::BLANK;
    }
    let start = bytes.len() as u32;
    bytes.extend_from_slice(text.as_bytes());
    Span {
        start,
        len: text.len() as u32,
    }
}

pub(super) fn trimmed(bytes: &[u8], (mut start, mut end): (usize, usize)) -> Span {
    while start < end && bytes[start] <= b' ' {
        start += 1;
    }
    while start < end && bytes[end - 1] <= b' ' {
        end -= 1;
    }
    if start < end && (bytes[start] >= 0x80 || bytes[end - 1] >= 0x80) {
        let text = String::from_utf8_lossy(&bytes[start..end]);
        let blank = |c: char| c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}';
        let front = text.len() - text.trim_start_matches(blank).len();
        let back = text.len() - text.trim_end_matches(blank).len();
        start += front.min(end - start);
        end -= back.min(end - start);
    }
    if start == end {
        Span::BLANK
    } else {
        Span {
            start: start as u32,
            len: (end - start) as u32,
        }
    }
}

pub(super) fn text_of(bytes: &[u8], span: Span) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(&bytes[span.start as usize..(span.start + span.len) as usize])
}

/// The value as a reason names it: not too long, on one line.
pub(super) fn shown(bytes: &[u8], span: Span) -> String {
    let text = text_of(bytes, span);
    let short: String = text.chars().take(60).collect();
    let more = if short.len() < text.len() { "…" } else { "" };
    format!(
        "{}{more}",
        short.replace(['\n', '\r', '\t'], " ").replace('\0', "\u{fffd}")
    )
}

pub(super) fn upper(spans: &[Span], bytes: &mut [u8]) {
    for span in spans.iter().filter(|span| !span.is_blank()) {
        bytes[span.start as usize..(span.start + span.len) as usize].make_ascii_uppercase();
    }
}
