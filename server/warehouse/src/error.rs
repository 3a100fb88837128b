//! What can go wrong below the engine. Messages are for an administrator: they name the table, the column or the file.

use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A sealed file that the catalogue lists is gone or has another size.
    #[error("sealed file {} {problem}", path.display())]
    SealedFile { path: PathBuf, problem: String },
    /// The bucket of sealed files cannot be used at the moment, or not at all.
    #[error("the bucket {place} {problem}")]
    Bucket { place: String, problem: String },
    /// PostgreSQL sent something that the sealed schema cannot hold.
    #[error("sealing {table}.{column}: {problem}")]
    Value {
        table: &'static str,
        column: &'static str,
        problem: String,
    },
    /// The bytes are not what `copy … (format binary)` sends.
    #[error("sealing {table}: {problem}")]
    Copy { table: &'static str, problem: String },
    /// A query needs more memory or spill space than there is.
    #[error("the analysis needs more memory than the server may use: {0}")]
    TooLarge(String),
    #[error("{context}: {source}")]
    Io { context: String, source: std::io::Error },
    #[error("reading sealed files: {0}")]
    Query(#[from] datafusion::error::DataFusionError),
    #[error("sealed file format: {0}")]
    Parquet(#[from] parquet::errors::ParquetError),
    #[error("sealed columns: {0}")]
    Arrow(#[from] datafusion::arrow::error::ArrowError),
    /// A query answered with a column that the code did not ask for; a mistake of ours.
    #[error("unexpected column {0}")]
    Column(String),
    /// A rule that this version of the data cannot answer.
    #[error("the rule cannot be answered: {}", said(.0))]
    Rule(Vec<types::rules::RuleProblem>),
    /// The calculation was dropped or panicked.
    #[error("the calculation did not end: {0}")]
    Ended(String),
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

fn said(problems: &[types::rules::RuleProblem]) -> String {
    let said: Vec<String> = problems
        .iter()
        .map(|problem| format!("{}: {}", problem.pointer, problem.reason))
        .collect();
    said.join("; ")
}

impl Error {
    pub(crate) fn io(context: impl Into<String>) -> impl FnOnce(std::io::Error) -> Error {
        let context = context.into();
        move |source| Error::Io { context, source }
    }

    /// Says plainly that memory ran out, instead of naming an operator.
    pub(crate) fn of_query(error: datafusion::error::DataFusionError) -> Error {
        match error.find_root() {
            datafusion::error::DataFusionError::ResourcesExhausted(reason) => Error::TooLarge(reason.clone()),
            _ => Error::Query(error),
        }
    }
}
