//! The tags and texts of an XML document, one after another, with nothing kept in memory but the present one. Knows only what spreadsheets
//! need: no document types, no entities of its own, UTF-8.

use super::super::archive::Plain;
use super::super::encoding::unreadable;
use super::super::refused;
use crate::error::Result;
use std::borrow::Cow;
use std::io::Read;

/// A tag or a text longer than this is not taken; a cell is much shorter.
const LONGEST: usize = 8 << 20;
const CHUNK: usize = 1 << 16;

pub struct Xml {
    /// For messages: the part of the workbook.
    part: String,
    inner: Plain,
    buffer: Vec<u8>,
    at: usize,
    exhausted: bool,
    /// An empty tag has been given as opened and is still to be given as closed.
    closing: Option<(usize, usize)>,
}

pub enum Token<'a> {
    Open(Tag<'a>),
    /// Name without prefix.
    Close(&'a str),
    Text(Cow<'a, str>),
}

pub struct Tag<'a> {
    /// Without prefix.
    pub name: &'a str,
    attributes: &'a str,
}

impl<'a> Tag<'a> {
    /// The attributes in their order: the whole name, prefix and all, and the value.
    pub fn attributes(&self) -> Attributes<'a> {
        Attributes { rest: self.attributes }
    }

    pub fn attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        self.attributes().find(|(key, _)| *key == name).map(|(_, value)| value)
    }
}

pub struct Attributes<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, Cow<'a, str>);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, rest) = self.rest.split_once('=')?;
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, rest) = rest[1..].split_once(quote)?;
        self.rest = rest;
        Some((name.trim(), decoded(value)))
    }
}

impl Xml {
    pub fn new(part: &str, inner: Plain) -> Xml {
        Xml {
            part: part.to_owned(),
            inner,
            buffer: Vec::new(),
            at: 0,
            exhausted: false,
            closing: None,
        }
    }

    /// The next tag or text; `None` at the end of the document.
    pub fn next_token(&mut self) -> Result<Option<Token<'_>>> {
        if let Some((start, end)) = self.closing.take() {
            return Ok(Some(Token::Close(self.local(start, end)?)));
        }
        loop {
            if self.at == self.buffer.len() && !self.more()? {
                return Ok(None);
            }
            if self.buffer[self.at] != b'<' {
                let end = self.find(0, b"<")?.unwrap_or(self.buffer.len() - self.at);
                let start = self.at;
                self.at += end;
                return Ok(Some(Token::Text(decoded(self.text(start, start + end)?))));
            }
            while self.buffer.len() - self.at < 9 && self.more()? {}
            let rest = &self.buffer[self.at..];
            if rest.starts_with(b"<!--") {
                self.pass(b"-->")?;
            } else if rest.starts_with(b"<?") {
                self.pass(b"?>")?;
            } else if rest.starts_with(b"<![CDATA[") {
                let Some(end) = self.find(9, b"]]>")? else {
                    return Err(self.broken("ends in the middle"));
                };
                let start = self.at;
                self.at += end + 3;
                return Ok(Some(Token::Text(Cow::Borrowed(self.text(start + 9, start + end)?))));
            } else if rest.starts_with(b"<!") {
                return Err(self.broken("has a document type, which spreadsheets do not have"));
            } else {
                return self.tag().map(Some);
            }
        }
    }

    /// Passes over the rest, so that an archive can compare its checksum.
    pub fn finish(&mut self) -> Result<()> {
        self.closing = None;
        loop {
            self.at = self.buffer.len();
            if !self.more()? {
                return Ok(());
            }
        }
    }

    fn tag(&mut self) -> Result<Token<'_>> {
        let Some(end) = self.tag_end()? else {
            return Err(self.broken("ends in the middle"));
        };
        let (start, end) = (self.at + 1, self.at + end);
        self.at = end + 1;
        if self.buffer[start] == b'/' {
            return Ok(Token::Close(self.local(start + 1, end)?));
        }
        let empty = self.buffer[end - 1] == b'/' && end > start;
        let inside = start..if empty { end - 1 } else { end };
        let name = self.buffer[inside.clone()]
            .iter()
            .position(u8::is_ascii_whitespace)
            .map_or(inside.end, |at| inside.start + at);
        self.closing = empty.then_some((inside.start, name));
        Ok(Token::Open(Tag {
            name: self.local(inside.start, name)?,
            attributes: self.text(name, inside.end)?,
        }))
    }

    /// Place of the `>` that ends the tag, from its beginning; one inside quotes does not.
    fn tag_end(&mut self) -> Result<Option<usize>> {
        let (mut offset, mut quote) = (1, None);
        loop {
            while self.at + offset < self.buffer.len() {
                let byte = self.buffer[self.at + offset];
                match quote {
                    Some(open) if byte == open => quote = None,
                    Some(_) => {}
                    None if byte == b'>' => return Ok(Some(offset)),
                    None if matches!(byte, b'"' | b'\'') => quote = Some(byte),
                    None => {}
                }
                offset += 1;
            }
            if offset > LONGEST {
                return Err(self.broken("has a tag without end"));
            }
            if !self.more()? {
                return Ok(None);
            }
        }
    }

    /// Place of the next such bytes, from the present place.
    fn find(&mut self, mut offset: usize, wanted: &[u8]) -> Result<Option<usize>> {
        loop {
            let from = (self.at + offset).min(self.buffer.len());
            if let Some(found) = position(&self.buffer[from..], wanted) {
                return Ok(Some(from + found - self.at));
            }
            offset = offset.max((self.buffer.len() - self.at).saturating_sub(wanted.len() - 1));
            if offset > LONGEST {
                return Err(self.broken("has a text that is too long for a cell"));
            }
            if !self.more()? {
                return Ok(None);
            }
        }
    }

    /// Goes behind the next such bytes without keeping what is before them.
    fn pass(&mut self, wanted: &[u8]) -> Result<()> {
        self.at += 2;
        loop {
            if let Some(found) = position(&self.buffer[self.at..], wanted) {
                self.at += found + wanted.len();
                return Ok(());
            }
            self.at = self.at.max((self.buffer.len() + 1).saturating_sub(wanted.len()));
            if !self.more()? {
                return Err(self.broken("ends in the middle"));
            }
        }
    }

    /// Reads on; what lies before the present place is dropped.
    fn more(&mut self) -> Result<bool> {
        if self.exhausted {
            return Ok(false);
        }
        self.buffer.drain(..self.at);
        self.at = 0;
        let filled = self.buffer.len();
        self.buffer.resize(filled + CHUNK, 0);
        let got = self.inner.read(&mut self.buffer[filled..]);
        self.buffer.truncate(filled + *got.as_ref().unwrap_or(&0));
        self.exhausted = got.map_err(unreadable)? == 0;
        Ok(!self.exhausted)
    }

    fn text(&self, start: usize, end: usize) -> Result<&str> {
        std::str::from_utf8(&self.buffer[start..end]).map_err(|_| self.broken("is not UTF-8"))
    }

    fn local(&self, start: usize, end: usize) -> Result<&str> {
        let name = self.text(start, end)?.trim();
        Ok(name.rsplit_once(':').map_or(name, |(_, local)| local))
    }

    fn broken(&self, problem: &str) -> crate::error::Error {
        refused(format!(
            "The workbook is damaged: its part {} {problem}. Save it again in a spreadsheet program, or as CSV.",
            self.part
        ))
    }
}

fn position(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    match wanted {
        [only] => bytes.iter().position(|byte| byte == only),
        _ => bytes.windows(wanted.len()).position(|window| window == wanted),
    }
}

/// Text with its entities and line ends put right.
fn decoded(raw: &str) -> Cow<'_, str> {
    if !raw.contains(['&', '\r']) {
        return Cow::Borrowed(raw);
    }
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(['&', '\r']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix('\r') {
            if !after.starts_with('\n') {
                text.push('\n');
            }
            rest = after;
            continue;
        }
        let known = rest[1..]
            .split_once(';')
            .and_then(|(name, after)| Some((entity(name)?, after)));
        match known {
            Some((character, after)) => {
                text.push(character);
                rest = after;
            }
            None => {
                text.push('&');
                rest = &rest[1..];
            }
        }
    }
    text.push_str(rest);
    Cow::Owned(text)
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}
