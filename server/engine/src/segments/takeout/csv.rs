//! Rows of a list as comma-separated values, piece by piece.

use crate::error::{Error, Result};
use crate::segments::MembersFile;
use bytes::Bytes;
use futures::Stream;
use std::borrow::Cow;
use warehouse::query::rules::Value;
use warehouse::roster::{Piece, Roster};

pub(super) fn lines(
    keys: Vec<String>,
    roster: Roster,
    file: MembersFile,
) -> impl Stream<Item = Result<Bytes>> + Send + use<> {
    futures::stream::unfold((roster, Some(keys)), move |(mut roster, keys)| async move {
        if let Some(keys) = keys {
            return Some((header(&keys, file), (roster, None)));
        }
        let piece = roster.next().await?;
        let lines = piece.map_err(Error::from).and_then(|piece| written(&piece, file));
        Some((lines, (roster, None)))
    })
}

fn header(keys: &[String], file: MembersFile) -> Result<Bytes> {
    let mark = match file {
        MembersFile::Spreadsheet => "\u{feff}",
        MembersFile::Program => "",
    };
    let mut writer = writer(mark.as_bytes().to_vec());
    writer
        .write_record(keys.iter().map(|key| file.cell(key).into_owned()))
        .map_err(Error::internal)?;
    finished(writer)
}

fn written(piece: &Piece, file: MembersFile) -> Result<Bytes> {
    let mut writer = writer(Vec::with_capacity(piece.len() * 32));
    for row in piece {
        for value in row {
            writer
                .write_field(cell(value, file).as_bytes())
                .map_err(Error::internal)?;
        }
        writer.write_record(None::<&[u8]>).map_err(Error::internal)?;
    }
    finished(writer)
}

/// Only texts can be formulas: numbers, dates and answers are ours.
fn cell(value: &Value, file: MembersFile) -> Cow<'_, str> {
    match value {
        Value::Unknown => Cow::Borrowed(""),
        Value::Text(text) => file.cell(text),
        Value::Number(number) => (number + 0.0).to_string().into(),
        Value::Day(day) => day.to_string().into(),
        Value::YesNo(yes) => yes.to_string().into(),
    }
}

fn writer(out: Vec<u8>) -> csv::Writer<Vec<u8>> {
    csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(out)
}

fn finished(writer: csv::Writer<Vec<u8>>) -> Result<Bytes> {
    let bytes = writer
        .into_inner()
        .map_err(|error| Error::internal(error.to_string()))?;
    Ok(Bytes::from(bytes))
}
