//! Generates block after block on every core, and writes the blocks in their order: the bytes do not depend on the number of
//! threads, and memory holds a few blocks only.

use crate::block::{BLOCK, Block, CUSTOMERS, FILES, INTERACTIONS, LINES, ORDERS, PLANTED, REVIEWS, Scratch, TOUCHES};
use crate::contacts::TOUCH_HEADER;
use crate::days::date_of;
use crate::interactions::INTERACTION_HEADER;
use crate::model::Model;
use crate::orders::{LINE_HEADER, ORDER_HEADER};
use crate::people::CUSTOMER_HEADER;
use crate::planted::planted;
use crate::reviews::REVIEW_HEADER;
use crate::rows::Rows;
use crate::small_files::{self, CAMPAIGN_HEADER, COST_HEADER, PRODUCT_HEADER};
use crate::tally::Tally;
use crate::{DemoError, DemoFile, PLANTED_CUSTOMERS, PLANTED_FILE, Progress, Summary};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

/// Filled blocks that may wait for the writer, per thread.
const WAITING: usize = 2;
/// More threads than this only wait for the disk.
const MOST_THREADS: usize = 8;

/// A file that is being written.
struct Output {
    path: PathBuf,
    file: File,
    summary: DemoFile,
}

impl Output {
    fn create(folder: &Path, kind: &str, header: &str) -> Result<Output, DemoError> {
        let name = format!("{kind}.csv");
        let path = folder.join(&name);
        let file = File::create(&path).map_err(|source| DemoError::Write {
            path: path.clone(),
            source,
        })?;
        let mut output = Output {
            path,
            file,
            summary: DemoFile {
                kind: kind.to_owned(),
                name,
                rows: 0,
                bytes: 0,
            },
        };
        output.put(header.as_bytes())?;
        Ok(output)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), DemoError> {
        self.file.write_all(bytes).map_err(|source| DemoError::Write {
            path: self.path.clone(),
            source,
        })?;
        self.summary.bytes += bytes.len() as u64;
        Ok(())
    }

    fn append(&mut self, rows: &Rows) -> Result<(), DemoError> {
        self.put(&rows.bytes)?;
        self.summary.rows += rows.count;
        Ok(())
    }
}

pub fn run(model: &Model, folder: &Path, progress: &mut dyn FnMut(Progress)) -> Result<Summary, DemoError> {
    let planted_path = folder.join(PLANTED_FILE);
    fs::create_dir_all(folder).map_err(|source| DemoError::Write {
        path: folder.to_owned(),
        source,
    })?;
    // It is written last: a folder with it is whole.
    match fs::remove_file(&planted_path) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            return Err(DemoError::Write {
                path: planted_path,
                source,
            });
        }
        _ => {}
    }
    let mut large = create_large(folder)?;
    let tally = write_blocks(model, &mut large, progress)?;
    let [customers, orders, lines, interactions, touches, reviews, _] = large.map(|output| output.summary);
    let products = small(folder, "products", PRODUCT_HEADER, &small_files::products(model))?;
    let campaigns = small(folder, "campaigns", CAMPAIGN_HEADER, &small_files::campaigns(model))?;
    let costs = small(
        folder,
        "campaign_costs",
        COST_HEADER,
        &small_files::campaign_costs(model, &tally),
    )?;
    let summary = Summary {
        files: vec![
            products,
            customers,
            campaigns,
            costs,
            orders,
            lines,
            interactions,
            touches,
            reviews,
        ],
        first_day: date_of(model.calendar.first_day),
        first_order: moment(tally.first_order),
        last_order: moment(tally.last_order),
    };
    let text = serde_json::to_vec_pretty(&planted(model, &tally, &summary)).map_err(DemoError::Json)?;
    fs::write(&planted_path, text).map_err(|source| DemoError::Write {
        path: planted_path,
        source,
    })?;
    Ok(summary)
}

fn create_large(folder: &Path) -> Result<[Output; FILES], DemoError> {
    let mut outputs = Vec::with_capacity(FILES);
    for file in 0..FILES {
        let (kind, header) = match file {
            CUSTOMERS => ("customers", CUSTOMER_HEADER),
            ORDERS => ("orders", ORDER_HEADER),
            LINES => ("order_lines", LINE_HEADER),
            INTERACTIONS => ("interactions", INTERACTION_HEADER),
            TOUCHES => ("touches", TOUCH_HEADER),
            REVIEWS => ("reviews", REVIEW_HEADER),
            PLANTED.. => (PLANTED_CUSTOMERS, "external_id,kind\n"),
        };
        outputs.push(Output::create(folder, kind, header)?);
    }
    outputs.try_into().map_err(|_| DemoError::Thread)
}

fn small(folder: &Path, kind: &str, header: &str, rows: &Rows) -> Result<DemoFile, DemoError> {
    let mut output = Output::create(folder, kind, header)?;
    output.append(rows)?;
    Ok(output.summary)
}

fn moment(second: i64) -> Option<chrono::DateTime<chrono::Utc>> {
    chrono::DateTime::from_timestamp(second, 0)
}

/// Block b comes from thread b mod threads, so the writer knows whom to ask next.
fn write_blocks(
    model: &Model,
    outputs: &mut [Output; FILES],
    progress: &mut dyn FnMut(Progress),
) -> Result<Tally, DemoError> {
    let blocks = model.customers.div_ceil(BLOCK);
    let threads = thread::available_parallelism()
        .map_or(1, usize::from)
        .min(MOST_THREADS)
        .min(blocks as usize);
    thread::scope(|scope| {
        let mut workers = Vec::with_capacity(threads);
        let mut lanes = Vec::with_capacity(threads);
        for first in 0..threads {
            let (filled, take) = sync_channel(WAITING);
            let (give_back, empty) = channel();
            lanes.push((take, give_back));
            workers.push(scope.spawn(move || work(model, (first as u64..blocks).step_by(threads), &filled, &empty)));
        }
        let written = collect(model, blocks, &lanes, outputs, progress);
        // Without its lane a worker stops at its next block.
        drop(lanes);
        let mut tally = Tally::new(model);
        for worker in workers {
            tally.add(&worker.join().map_err(|_| DemoError::Thread)?);
        }
        written.map(|()| tally)
    })
}

fn collect(
    model: &Model,
    blocks: u64,
    lanes: &[(Receiver<Block>, Sender<Block>)],
    outputs: &mut [Output; FILES],
    progress: &mut dyn FnMut(Progress),
) -> Result<(), DemoError> {
    for block in 0..blocks {
        let (take, give_back) = &lanes[(block % lanes.len() as u64) as usize];
        let filled = take.recv().map_err(|_| DemoError::Thread)?;
        for (output, rows) in outputs.iter_mut().zip(&filled.rows) {
            output.append(rows)?;
        }
        let rows = outputs.iter().map(|output| output.summary.rows).sum();
        progress(Progress {
            customers: ((block + 1) * BLOCK).min(model.customers),
            of: model.customers,
            rows,
        });
        // A worker that has finished takes nothing back.
        give_back.send(filled).ok();
    }
    Ok(())
}

fn work(
    model: &Model,
    blocks: impl Iterator<Item = u64>,
    filled: &SyncSender<Block>,
    empty: &Receiver<Block>,
) -> Tally {
    let mut tally = Tally::new(model);
    let mut scratch = Scratch::default();
    for index in blocks {
        let mut block = empty.try_recv().unwrap_or_default();
        let numbers = index * BLOCK..((index + 1) * BLOCK).min(model.customers);
        block.fill(model, numbers, &mut scratch, &mut tally);
        if filled.send(block).is_err() {
            break;
        }
    }
    tally
}
