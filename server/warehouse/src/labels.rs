//! Who is in which group of a segmentation run: a sealed file per run, written once, read in order of customer number. It holds the external
//! ids as they were, so that a list of members can be given out long after the data has moved on.

use crate::bucket::Shelf;
use crate::error::{Error, Result};
use crate::file::{FileWriter, SealedFile};
use crate::query::rfm::RfmColumns;
use crate::read::{Rows, at, text_at};
use crate::schema::{Column, Kind, schema_of};
use crate::snapshot::{Snapshot, Warehouse};
use datafusion::arrow::array::{
    Float64Array, Int32Array, RecordBatch, StringArray, StringDictionaryBuilder, UInt32Array,
};
use datafusion::arrow::datatypes::{DataType, Field, Int32Type, Schema, SchemaRef};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use std::path::Path;
use std::sync::Arc;

/// What a run found, row by row in the order of the columns that it scored.
#[derive(Clone, Debug)]
pub struct RfmLabels {
    pub columns: RfmColumns,
    /// Keys of the groups.
    pub keys: Vec<String>,
    /// The place of each customer's group in `keys`.
    pub segment: Vec<u8>,
    /// Scores from 1 to 5; all three empty for a method without scores.
    pub r: Vec<u8>,
    pub f: Vec<u8>,
    pub m: Vec<u8>,
}

/// One line of a list of members.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    pub external_id: String,
    pub segment: String,
    pub recency: i32,
    pub frequency: u32,
    pub monetary: f64,
    /// `None` for a method without scores.
    pub r: Option<u8>,
    pub f: Option<u8>,
    pub m: Option<u8>,
}

/// Some customers, as bits by number.
#[derive(Clone, Debug)]
pub struct Group {
    /// `None` is everybody.
    bits: Option<Arc<Vec<u64>>>,
}

impl Group {
    pub fn everybody() -> Group {
        Group { bits: None }
    }

    pub fn of(customers: impl IntoIterator<Item = u32>) -> Group {
        let mut bits: Vec<u64> = Vec::new();
        for customer in customers {
            let word = customer as usize / 64;
            if bits.len() <= word {
                bits.resize(word + 1, 0);
            }
            bits[word] |= 1 << (customer % 64);
        }
        Group {
            bits: Some(Arc::new(bits)),
        }
    }

    /// Everybody of any of them.
    pub fn union<'a>(groups: impl IntoIterator<Item = &'a Group>) -> Group {
        let mut bits: Vec<u64> = Vec::new();
        for group in groups {
            let Some(own) = group.words() else {
                return Group::everybody();
            };
            bits.resize(bits.len().max(own.len()), 0);
            bits.iter_mut().zip(own).for_each(|(all, own)| *all |= own);
        }
        Group {
            bits: Some(Arc::new(bits)),
        }
    }

    /// Bit n of word n / 64 is customer n.
    pub(crate) fn of_words(words: Arc<Vec<u64>>) -> Group {
        Group { bits: Some(words) }
    }

    /// `None` is everybody.
    pub(crate) fn words(&self) -> Option<&[u64]> {
        self.bits.as_deref().map(Vec::as_slice)
    }

    /// How many there are; `None` for everybody.
    pub fn size(&self) -> Option<u64> {
        let bits = self.bits.as_ref()?;
        Some(bits.iter().map(|word| u64::from(word.count_ones())).sum())
    }

    pub fn is_everybody(&self) -> bool {
        self.bits.is_none()
    }

    pub fn contains(&self, customer: u32) -> bool {
        match &self.bits {
            None => true,
            Some(bits) => bits
                .get(customer as usize / 64)
                .is_some_and(|word| word >> (customer % 64) & 1 == 1),
        }
    }
}

/// The group of each customer of a run, by number.
#[derive(Clone, Debug)]
pub struct GroupOf {
    pub keys: Vec<String>,
    /// 0 is none, otherwise one more than the place in `keys`.
    places: Vec<u8>,
}

impl GroupOf {
    pub fn get(&self, customer: u32) -> Option<usize> {
        self.places
            .get(customer as usize)
            .and_then(|place| usize::from(*place).checked_sub(1))
    }

    /// One more than the greatest number of a customer of the run.
    pub fn end(&self) -> u32 {
        u32::try_from(self.places.len()).unwrap_or(u32::MAX)
    }
}

const COLUMNS: &[Column] = &[
    Column {
        name: "customer_no",
        kind: Kind::Number,
    },
    Column {
        name: "external_id",
        kind: Kind::Text,
    },
];

fn schema() -> SchemaRef {
    let words = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let mut fields: Vec<Field> = schema_of(COLUMNS)
        .fields()
        .iter()
        .map(|field| field.as_ref().clone())
        .collect();
    fields.push(Field::new("segment", words, true));
    fields.push(Field::new("recency", DataType::Int32, true));
    fields.push(Field::new("frequency", DataType::UInt32, true));
    fields.push(Field::new("monetary", DataType::Float64, true));
    fields.extend(["r", "f", "m"].map(|name| Field::new(name, DataType::Int32, true)));
    Arc::new(Schema::new(fields))
}

impl Snapshot {
    /// Seals the labels of a run and keeps them where sealed files are kept. The path of the answer is relative to the folder of runs.
    pub async fn write_labels(&self, run_id: i64, labels: RfmLabels) -> Result<SealedFile> {
        let this = self.clone();
        let file = self.run(async move { write(&this, run_id, &labels) }).await?;
        self.warehouse().keep(Shelf::Runs, std::slice::from_ref(&file)).await?;
        Ok(file)
    }
}

fn write(snapshot: &Snapshot, run_id: i64, labels: &RfmLabels) -> Result<SealedFile> {
    let (schema, folder) = (schema(), &snapshot.warehouse().config.runs_folder);
    let mut writer = FileWriter::create(folder, "labels", 0, run_id, &schema)?;
    let path = snapshot.path_of(crate::derive::FEATURES);
    let mut next = 0;
    // Features and labels are both in order of customer number.
    for batch in path
        .iter()
        .map(|path| open(path, &["customer_no", "external_id"]))
        .collect::<Result<Vec<_>>>()?
        .into_iter()
        .flatten()
    {
        let batch = batch?;
        let rows = Rows(&batch);
        let (numbers, ids) = (rows.numbers("customer_no")?, rows.texts("external_id")?);
        let begin = next;
        let mut of_batch: Vec<Option<&str>> = Vec::new();
        for row in 0..rows.len() {
            if labels.columns.customer_no.get(next) == Some(&numbers.value(row)) {
                of_batch.push(text_at(&ids, row));
                next += 1;
            }
        }
        if next > begin {
            writer.write(&batch_of(labels, begin, of_batch, &schema)?)?;
        }
    }
    if next != labels.columns.customer_no.len() {
        return Err(Error::Ended(format!(
            "{} of {} labelled customers have features",
            next,
            labels.columns.customer_no.len()
        )));
    }
    let file = writer.finish()?;
    crate::file::sync_folder(&folder.join("labels"))?;
    Ok(file)
}

fn batch_of(labels: &RfmLabels, begin: usize, ids: Vec<Option<&str>>, schema: &SchemaRef) -> Result<RecordBatch> {
    let range = begin..begin + ids.len();
    let columns = &labels.columns;
    let mut segment = StringDictionaryBuilder::<Int32Type>::new();
    for place in &labels.segment[range.clone()] {
        segment.append_option(labels.keys.get(usize::from(*place)));
    }
    let scores = |scores: &[u8]| {
        Arc::new(Int32Array::from_iter(
            range.clone().map(|row| scores.get(row).map(|score| i32::from(*score))),
        ))
    };
    Ok(RecordBatch::try_new(
        Arc::clone(schema),
        vec![
            Arc::new(UInt32Array::from(columns.customer_no[range.clone()].to_vec())),
            Arc::new(StringArray::from(ids)),
            Arc::new(segment.finish()),
            Arc::new(Int32Array::from(columns.recency[range.clone()].to_vec())),
            Arc::new(UInt32Array::from(columns.frequency[range.clone()].to_vec())),
            Arc::new(Float64Array::from(columns.monetary[range.clone()].to_vec())),
            scores(&labels.r),
            scores(&labels.f),
            scores(&labels.m),
        ],
    )?)
}

/// Reads columns of one sealed file in the order in which they were written.
pub(crate) fn open(path: &Path, columns: &[&str]) -> Result<ParquetRecordBatchReader> {
    let file = std::fs::File::open(path).map_err(Error::io(format!("opening {}", path.display())))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file)?;
    // By place: a name with a dot would be taken for a path into a column.
    let wanted = builder.schema().fields().iter().enumerate();
    let wanted = wanted.filter(|(_, field)| columns.contains(&field.name().as_str()));
    let mask = ProjectionMask::roots(
        builder.parquet_schema(),
        wanted.map(|(place, _)| place).collect::<Vec<_>>(),
    );
    Ok(builder.with_projection(mask).with_batch_size(8192).build()?)
}

/// Members of a run, in pieces, by rising customer number. Holds a few pieces at most.
pub struct Members {
    pieces: tokio::sync::mpsc::Receiver<Result<Vec<Member>>>,
}

impl Members {
    /// The next piece; `None` at the end. A piece may be empty.
    pub async fn next(&mut self) -> Option<Result<Vec<Member>>> {
        self.pieces.recv().await
    }
}

impl Warehouse {
    /// The members of one group of a run, or of all, from its labels (a path relative to the folder of runs).
    pub fn members(&self, labels_path: &str, segment: Option<&str>) -> Result<Members> {
        self.members_where(labels_path, segment, |_| true)
    }

    /// The same, of those customers only that `keep` wants, by number.
    pub fn members_where(
        &self,
        labels_path: &str,
        segment: Option<&str>,
        keep: impl Fn(u32) -> bool + Send + 'static,
    ) -> Result<Members> {
        let path = self.config.runs_folder.join(labels_path);
        let reader = open(
            &path,
            &[
                "customer_no",
                "external_id",
                "segment",
                "recency",
                "frequency",
                "monetary",
                "r",
                "f",
                "m",
            ],
        )?;
        let wanted = segment.map(str::to_owned);
        let (sender, pieces) = tokio::sync::mpsc::channel(4);
        std::thread::Builder::new()
            .name("members".to_owned())
            .spawn(move || {
                for batch in reader {
                    let piece = batch
                        .map_err(Error::from)
                        .and_then(|batch| piece(&batch, wanted.as_deref(), &keep));
                    // Nobody listens any more.
                    if sender.blocking_send(piece).is_err() {
                        return;
                    }
                }
            })
            .map_err(Error::io("starting a thread"))?;
        Ok(Members { pieces })
    }

    /// The customers of one group of a run.
    pub async fn group(&self, labels_path: &str, segment: &str) -> Result<Group> {
        let of = self.group_of(labels_path).await?;
        let wanted = of.keys.iter().position(|key| key == segment);
        let all = (0_u32..).zip(&of.places);
        Ok(Group::of(
            all.filter(|(_, place)| wanted.is_some_and(|wanted| usize::from(**place) == wanted + 1))
                .map(|(no, _)| no),
        ))
    }

    /// The group of each customer of a run.
    pub async fn group_of(&self, labels_path: &str) -> Result<GroupOf> {
        self.fetch_labels(labels_path).await?;
        let path = self.config.runs_folder.join(labels_path);
        self.sessions.run(async move { read_groups(&path) }).await
    }

    /// Removes the labels of a run that came to nothing.
    pub fn remove_labels(&self, labels_path: &str) -> Result<()> {
        let path = self.config.runs_folder.join(labels_path);
        std::fs::remove_file(&path).map_err(Error::io(format!("removing {}", path.display())))
    }
}

fn read_groups(path: &Path) -> Result<GroupOf> {
    let mut of = GroupOf {
        keys: Vec::new(),
        places: Vec::new(),
    };
    for batch in open(path, &["customer_no", "segment"])? {
        let batch = batch?;
        let rows = Rows(&batch);
        let (numbers, segments) = (rows.numbers("customer_no")?, rows.texts("segment")?);
        for row in 0..rows.len() {
            let Some(key) = text_at(&segments, row) else {
                continue;
            };
            let place = match of.keys.iter().position(|known| known == key) {
                Some(place) => place,
                None => {
                    of.keys.push(key.to_owned());
                    of.keys.len() - 1
                }
            };
            let number = numbers.value(row) as usize;
            if of.places.len() <= number {
                of.places.resize(number + 1, 0);
            }
            of.places[number] =
                u8::try_from(place + 1).map_err(|_| Error::Column("more than 255 groups".to_owned()))?;
        }
    }
    Ok(of)
}

fn piece(batch: &RecordBatch, wanted: Option<&str>, keep: &impl Fn(u32) -> bool) -> Result<Vec<Member>> {
    let rows = Rows(batch);
    let (numbers, ids, segments) = (
        rows.numbers("customer_no")?,
        rows.texts("external_id")?,
        rows.texts("segment")?,
    );
    let (recency, frequency, monetary) = (
        rows.i32s("recency")?,
        rows.numbers("frequency")?,
        rows.f64s("monetary")?,
    );
    let (r, f, m) = (rows.i32s("r")?, rows.i32s("f")?, rows.i32s("m")?);
    let score = |scores: &Int32Array, row: usize| at(scores, row).and_then(|score| u8::try_from(score).ok());
    Ok((0..rows.len())
        .filter(|row| wanted.is_none_or(|wanted| segments.value(*row) == wanted) && keep(numbers.value(*row)))
        .map(|row| Member {
            external_id: ids.value(row).to_owned(),
            segment: segments.value(row).to_owned(),
            recency: recency.value(row),
            frequency: frequency.value(row),
            monetary: monetary.value(row),
            r: score(&r, row),
            f: score(&f, row),
            m: score(&m, row),
        })
        .collect())
}
