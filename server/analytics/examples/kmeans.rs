//! Times k-means on a matrix of a file, for the benchmark that does the same with another program: `kmeans FILE COLUMNS K RESTARTS`. The file
//! holds little-endian doubles row by row. Prints one line of JSON; `choose` in place of K chooses k from 2 to 12 on a sample of 10,000.

use analytics::clusters::{KMeans, Matrix, choose_k, kmeans, sample_rows};
use std::io::Write;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [file, columns, k, restarts] = words.as_slice() else {
        return Err("kmeans FILE COLUMNS K|choose RESTARTS".into());
    };
    let bytes = std::fs::read(file)?;
    let values = bytes
        .chunks_exact(8)
        .filter_map(|eight| eight.try_into().ok().map(f64::from_le_bytes))
        .collect();
    let data = Matrix::new(values, columns.parse()?).ok_or("the file is not whole rows of numbers")?;
    let how = KMeans {
        restarts: restarts.parse()?,
        ..KMeans::new(1, 1)
    };
    let mut out = std::io::stdout().lock();
    let begun = Instant::now();
    if k == "choose" {
        let rows = sample_rows(data.rows(), 10_000, how.seed);
        let (curve, best) = choose_k(&data.select(&rows), 2..=12, how);
        let took = begun.elapsed().as_secs_f64();
        writeln!(
            out,
            "{{\"seconds\": {took}, \"points\": {}, \"k\": {}}}",
            curve.len(),
            best.unwrap_or(0)
        )?;
        return Ok(());
    }
    let found = kmeans(&data, KMeans { k: k.parse()?, ..how }).ok_or("nothing to group")?;
    let took = begun.elapsed().as_secs_f64();
    writeln!(
        out,
        "{{\"seconds\": {took}, \"inertia\": {}, \"iterations\": {}}}",
        found.inertia, found.iterations
    )?;
    Ok(())
}
