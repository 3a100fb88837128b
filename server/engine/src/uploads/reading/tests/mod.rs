//! The readers on small files made here, and on any bytes.

mod damage;
mod encodings;
mod fuzz;
mod packed;
mod samples;
mod text;
mod workbooks;

use super::*;
use std::io::Write;
use types::uploads::UploadOptions;

fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

/// The source, its rows as text, and what is wrong with each.
type Everything = (Source, Vec<Vec<String>>, Vec<Option<RowFault>>);

fn read(bytes: &[u8]) -> Result<Everything> {
    read_with(bytes, &UploadOptions::default())
}

fn read_with(bytes: &[u8], options: &UploadOptions) -> Result<Everything> {
    let mut source = open(file(bytes).path(), options)?;
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    while let Some(batch) = source.rows.next_batch()? {
        for row in 0..batch.rows.len() {
            rows.push(batch.texts(row, batch.rows[row].cells as usize));
            faults.push(batch.rows[row].fault);
        }
    }
    Ok((source, rows, faults))
}

fn refusal(bytes: &[u8]) -> String {
    match read(bytes) {
        Err(error) => error.to_string(),
        Ok((_, rows, _)) => panic!("taken: {rows:?}"),
    }
}
