//! The program `silhouette`: see `silhouette --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::cli::run()
}
