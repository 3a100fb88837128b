//! The container of old Office files: a small file system inside a file, of sectors that are chained through a table. Gives out one stream.
//! (Microsoft, MS-CFB.)

use super::super::refused;
use crate::error::{Error, Result};

const HEADER: usize = 512;
/// Sector numbers from here on are not sectors.
const NO_SECTOR: u32 = 0xffff_fffa;
/// Streams shorter than this lie in the stream of small sectors.
const SMALL: usize = 4096;
const SMALL_SHIFT: usize = 6;

pub struct Compound<'a> {
    bytes: &'a [u8],
    shift: usize,
    /// The next sector of each sector.
    chain: Vec<u32>,
    small_chain: Vec<u32>,
    small: Vec<u8>,
    streams: Vec<Stream>,
}

struct Stream {
    name: String,
    start: u32,
    length: usize,
}

impl<'a> Compound<'a> {
    pub fn open(bytes: &'a [u8]) -> Result<Compound<'a>> {
        if bytes.len() < HEADER {
            return Err(damaged());
        }
        let shift = usize::from(u16_at(bytes, 30).unwrap_or(0));
        if shift != 9 && shift != 12 {
            return Err(damaged());
        }
        let mut compound = Compound {
            bytes,
            shift,
            chain: Vec::new(),
            small_chain: Vec::new(),
            small: Vec::new(),
            streams: Vec::new(),
        };
        compound.read_chains()?;
        compound.read_folder()?;
        Ok(compound)
    }

    /// The bytes of a stream; upper and lower case are the same.
    pub fn stream(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let Some(stream) = self
            .streams
            .iter()
            .find(|stream| stream.name.eq_ignore_ascii_case(name))
        else {
            return Ok(None);
        };
        if stream.length >= SMALL {
            return Ok(Some(self.read(stream.start, stream.length)?));
        }
        let (mut out, mut sector) = (Vec::new(), stream.start);
        while out.len() < stream.length {
            let at = (sector as usize) << SMALL_SHIFT;
            let piece = self.small.get(at..at + (1 << SMALL_SHIFT)).ok_or_else(damaged)?;
            out.extend_from_slice(piece);
            sector = self.small_chain.get(sector as usize).copied().unwrap_or(NO_SECTOR);
        }
        out.truncate(stream.length);
        Ok(Some(out))
    }

    pub fn has(&self, name: &str) -> bool {
        self.streams.iter().any(|stream| stream.name.eq_ignore_ascii_case(name))
    }

    fn sector(&self, number: u32) -> Option<&'a [u8]> {
        let start = (number as usize).checked_add(1)?.checked_mul(1 << self.shift)?;
        let rest = self.bytes.get(start..)?;
        // The last sector of a file may be cut off.
        Some(&rest[..rest.len().min(1 << self.shift)]).filter(|sector| !sector.is_empty())
    }

    fn read_chains(&mut self) -> Result<()> {
        let most = (self.bytes.len() >> self.shift) + 1;
        let mut tables: Vec<u32> = (0..109).filter_map(|at| u32_at(self.bytes, 76 + 4 * at)).collect();
        let mut next = u32_at(self.bytes, 68).unwrap_or(NO_SECTOR);
        for _ in 0..most {
            let Some(sector) = Some(next)
                .filter(|next| *next < NO_SECTOR)
                .and_then(|next| self.sector(next))
            else {
                break;
            };
            let numbers: Vec<u32> = words(sector).collect();
            let Some((last, numbers)) = numbers.split_last() else {
                break;
            };
            tables.extend_from_slice(numbers);
            next = *last;
        }
        for table in tables.into_iter().filter(|table| *table < NO_SECTOR).take(most) {
            let sector = self.sector(table).ok_or_else(damaged)?;
            self.chain.extend(words(sector));
        }
        Ok(())
    }

    fn read_folder(&mut self) -> Result<()> {
        let start = u32_at(self.bytes, 48).unwrap_or(NO_SECTOR);
        let folder = self.read(start, usize::MAX)?;
        for entry in folder.chunks_exact(128) {
            let letters = usize::from(u16_at(entry, 64).unwrap_or(0)).min(64) / 2;
            let units = entry[..letters * 2]
                .chunks_exact(2)
                .map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
            let name: String = char::decode_utf16(units.take_while(|unit| *unit != 0))
                .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect();
            let start = u32_at(entry, 116).unwrap_or(NO_SECTOR);
            let length = u32_at(entry, 120).unwrap_or(0) as usize;
            match entry[66] {
                2 => self.streams.push(Stream { name, start, length }),
                5 if self.small.is_empty() && start < NO_SECTOR => self.small = self.read(start, length)?,
                _ => {}
            }
        }
        let start = u32_at(self.bytes, 60).unwrap_or(NO_SECTOR);
        if start < NO_SECTOR {
            self.small_chain = words(&self.read(start, usize::MAX)?).collect();
        }
        Ok(())
    }

    /// A chain of sectors up to a length. A chain that runs in a circle ends where it is longer than the file.
    fn read(&self, start: u32, length: usize) -> Result<Vec<u8>> {
        let (mut out, mut sector) = (Vec::new(), start);
        while sector < NO_SECTOR && out.len() < length {
            out.extend_from_slice(self.sector(sector).ok_or_else(damaged)?);
            if out.len() > self.bytes.len() {
                return Err(damaged());
            }
            sector = self.chain.get(sector as usize).copied().unwrap_or(NO_SECTOR);
        }
        out.truncate(length);
        Ok(out)
    }
}

fn damaged() -> Error {
    refused("The workbook is damaged or incomplete. Open it in a spreadsheet program and save it as XLSX.")
}

pub fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let pair = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes([pair[0], pair[1]]))
}

pub fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let word = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes([word[0], word[1], word[2], word[3]]))
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes
        .chunks_exact(4)
        .map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]))
}
