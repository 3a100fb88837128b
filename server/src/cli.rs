//! The command line: what can be said, and how a failure is said: in one line on standard error, with a status that is not zero.

use crate::commands::{accounts, backup, demo, import, report, segment, serve, warehouse, worker};
use crate::config::{self, Settings};
use crate::telemetry;
use clap::{Parser, Subcommand};
use std::io::Write;
use std::process::ExitCode;

/// Bytes of a thread's stack, as many as the first thread of a process has.
const STACK: usize = 8 << 20;

pub type Failure = Box<dyn std::error::Error + Send + Sync>;

#[derive(Parser)]
#[command(
    name = "silhouette",
    version,
    about = "Who your customers are, and what each campaign really returned."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve pages and API, and run jobs.
    #[command(after_help = config::help())]
    Serve,
    /// Run jobs only, beside a server.
    Worker,
    /// Bring the tables of the database up to date.
    Migrate,
    /// People who may sign in.
    #[command(subcommand)]
    User(accounts::User),
    /// API tokens.
    #[command(subcommand)]
    Token(accounts::Token),
    /// Upload a file and wait until it is committed.
    Import(import::Import),
    /// Write the files of a made-up shop.
    Demo(demo::Demo),
    /// Load demo data as ordinary uploads, once in the life of an installation.
    #[command(hide = true)]
    DemoLoad(demo::DemoLoad),
    /// Run a segmentation and print the sizes.
    Segment(segment::Segment),
    /// Write a report as a file.
    Report(report::Report),
    /// The sealed files that analyses read.
    #[command(subcommand)]
    Warehouse(warehouse::Warehouse),
    /// Write database and files into a folder; nothing is committed meanwhile.
    Backup(backup::Backup),
    /// Make an empty installation what it was when a backup was written.
    Restore(backup::Restore),
}

/// Reads the command line, does what it says.
pub fn run() -> ExitCode {
    // Before any thread starts, because it writes into the environment.
    let dotenv = dotenvy::dotenv();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) if error.use_stderr() => {
            let text = error.to_string();
            let said: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
            let first = said
                .iter()
                .take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"))
                .copied()
                .collect::<Vec<_>>()
                .join(" ");
            return fail(first.trim_start_matches("error: "));
        }
        Err(help) => {
            let _ = help.print();
            return ExitCode::SUCCESS;
        }
    };
    if let Err(error) = dotenv
        && !error.not_found()
    {
        return fail(&format!("The file .env cannot be read: {error}"));
    }
    let quiet = !matches!(arguments.command, Command::Serve | Command::Worker);
    telemetry::start_log(quiet.then_some("warn"));
    let done = Settings::read().map_err(Failure::from).and_then(|settings| {
        // Answers of deeply nested questions are worked out in one go; memory that is never touched costs nothing.
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .thread_stack_size(STACK)
            .build()?;
        runtime.block_on(perform(arguments.command, settings))
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error.to_string()),
    }
}

async fn perform(command: Command, settings: Settings) -> Result<(), Failure> {
    match command {
        Command::Serve => serve::run(settings).await,
        Command::Worker => worker::run(settings).await,
        Command::Migrate => worker::migrate(settings).await,
        Command::User(user) => accounts::user(settings, user).await,
        Command::Token(token) => accounts::token(settings, token).await,
        Command::Import(asked) => import::run(settings, asked).await,
        Command::Demo(asked) => demo::write(asked).await,
        Command::DemoLoad(asked) => demo::load(settings, asked).await,
        Command::Segment(asked) => segment::run(settings, asked).await,
        Command::Report(asked) => report::run(settings, asked).await,
        Command::Warehouse(asked) => warehouse::run(settings, asked).await,
        Command::Backup(asked) => backup::write(settings, asked).await,
        Command::Restore(asked) => backup::restore(settings, asked).await,
    }
}

fn fail(reason: &str) -> ExitCode {
    let line = reason
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    let _ = writeln!(std::io::stderr(), "silhouette: {line}");
    ExitCode::FAILURE
}

/// Writes a line of result to standard output.
pub fn say(line: &str) -> Result<(), Failure> {
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }
}
