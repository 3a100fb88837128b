//! A private PostgreSQL cluster under the data folder, made from the PostgreSQL programs of the machine.
//!
//! Several processes may use it at once (a server and the command line): each holds a shared lock, and the last one to leave stops it. After a
//! kill it simply runs on and the next start finds it.

use crate::error::{Error, Result};
use sqlx::postgres::PgConnectOptions;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::Output;
use tokio::process::Command;

const SUPERUSER: &str = "silhouette";

pub struct PrivateCluster {
    programs: PathBuf,
    owner: Option<Owner>,
    data: PathBuf,
    socket: PathBuf,
    users: File,
}

/// PostgreSQL refuses to run as root: it runs as this person instead.
#[derive(Clone, Copy)]
struct Owner {
    uid: u32,
    gid: u32,
}

impl PrivateCluster {
    /// Makes the cluster at the first start, starts it when nobody has, and holds it until [`PrivateCluster::leave`].
    pub async fn start(data_dir: &Path) -> Result<PrivateCluster> {
        let data_dir = data_dir.canonicalize()?;
        let programs = find_programs()?;
        let owner = owner()?;
        let users = lock_file(&data_dir, "postgres-users.lock")?;
        let starting = lock_file(&data_dir, "postgres-start.lock")?;
        // From here on one process at a time: also the folders are made once.
        let held = tokio::task::spawn_blocking(move || starting.lock().map(|()| starting)).await??;
        let data = place(&data_dir, owner)?;
        let socket = socket_folder(&data, owner)?;
        let cluster = PrivateCluster {
            programs,
            owner,
            data,
            socket,
            users,
        };
        cluster.users.lock_shared()?;
        cluster.make().await?;
        cluster.run().await?;
        held.unlock()?;
        Ok(cluster)
    }

    pub fn connect_options(&self) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass()
            .socket(&self.socket)
            .username(SUPERUSER)
            .database("postgres")
    }

    /// Stops the cluster when no other process uses it.
    pub async fn leave(self) {
        let alone = self.users.unlock().is_ok() && self.users.try_lock().is_ok();
        if alone && let Err(error) = self.control(&["stop", "-m", "fast", "-w"]).await {
            tracing::warn!(error = %error.causes(), "the private PostgreSQL cluster could not be stopped");
        }
    }

    async fn make(&self) -> Result<()> {
        let ours = self.major().await?;
        match std::fs::read_to_string(self.data.join("PG_VERSION")) {
            Ok(theirs) if theirs.trim() == ours => return Ok(()),
            Ok(theirs) => {
                return Err(Error::Unavailable(format!(
                    "The data in {} belongs to PostgreSQL {}, but this machine has PostgreSQL {ours}. Install version {} again, or move the data with pg_upgrade.",
                    self.data.display(),
                    theirs.trim(),
                    theirs.trim()
                )));
            }
            Err(_) => {}
        }
        let data = self.data.display().to_string();
        let options = [
            "-D",
            &data,
            "-U",
            SUPERUSER,
            "-A",
            "trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--data-checksums",
        ];
        let output = self.command("initdb").args(options).output().await?;
        said_yes(&output, "initdb could not make the private PostgreSQL cluster")
    }

    async fn run(&self) -> Result<()> {
        if self.control(&["status"]).await.is_ok() {
            return Ok(());
        }
        let settings = format!(
            "-k {} -c listen_addresses='' -c unix_socket_permissions=0700 -c shared_buffers=512MB -c work_mem=64MB \
             -c maintenance_work_mem=512MB -c max_wal_size=4GB -c min_wal_size=512MB -c wal_level=minimal -c max_wal_senders=0 \
             -c checkpoint_timeout=15min -c random_page_cost=1.1 -c effective_cache_size=4GB -c max_connections=60 \
             -c wal_compression=on -c jit=off -c log_min_messages=warning",
            self.socket.display()
        );
        let log = self.data.join("server.log").display().to_string();
        self.control(&["start", "-w", "-t", "60", "-l", &log, "-o", &settings])
            .await
    }

    async fn control(&self, args: &[&str]) -> Result<()> {
        let data = self.data.display().to_string();
        // The started server inherits the standard streams, so its parent must not wait on a pipe.
        let status = self
            .command("pg_ctl")
            .args(["-D", &data, "-s"])
            .args(args)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .status()
            .await?;
        if status.success() {
            return Ok(());
        }
        Err(Error::Unavailable(format!(
            "The private PostgreSQL cluster in {} does not {}; its log is {}.",
            self.data.display(),
            args.first().unwrap_or(&"answer"),
            self.data.join("server.log").display()
        )))
    }

    async fn major(&self) -> Result<String> {
        let output = self.command("postgres").arg("--version").output().await?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let version = text
            .split_whitespace()
            .find(|word| word.starts_with(|c: char| c.is_ascii_digit()));
        let major = version.and_then(|v| v.split('.').next()).unwrap_or_default();
        Ok(major.trim_end_matches(|c: char| !c.is_ascii_digit()).to_owned())
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command
            .current_dir("/")
            .env("LC_ALL", "C.UTF-8")
            .stdin(std::process::Stdio::null());
        if let Some(owner) = self.owner {
            command.uid(owner.uid).gid(owner.gid);
        }
        command
    }
}

fn said_yes(output: &Output, what: &str) -> Result<()> {
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Error::Unavailable(format!(
        "{what}: {}",
        said.trim().lines().last().unwrap_or("it gave no reason")
    )))
}

/// The folder of `initdb`: the newest version that is installed.
pub(crate) fn find_programs() -> Result<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, folder)| folder.join("initdb").exists())
        .collect();
    versions.sort();
    let on_path = std::env::var_os("PATH")
        .into_iter()
        .flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    versions
        .pop()
        .map(|(_, folder)| folder)
        .or_else(|| on_path.into_iter().find(|folder| folder.join("initdb").exists()))
        .ok_or_else(|| {
            Error::Unavailable(
                "PostgreSQL is not installed on this machine. Install it (Debian: apt-get install postgresql), or set DATABASE_URL.".into(),
            )
        })
}

/// As root: the `postgres` user. Otherwise nobody else.
fn owner() -> Result<Option<Owner>> {
    if std::fs::metadata("/proc/self")?.uid() != 0 {
        return Ok(None);
    }
    let people = std::fs::read_to_string("/etc/passwd")?;
    let line = people.lines().find(|line| line.starts_with("postgres:"));
    let fields: Vec<&str> = line.unwrap_or_default().split(':').collect();
    match (fields.get(2).and_then(|id| id.parse().ok()), fields.get(3).and_then(|id| id.parse().ok())) {
        (Some(uid), Some(gid)) => Ok(Some(Owner { uid, gid })),
        _ => Err(Error::Unavailable(
            "PostgreSQL refuses to run as root and there is no user postgres to run it as. Install PostgreSQL, or set DATABASE_URL.".into(),
        )),
    }
}

/// `postgres` in the data folder, or a folder that the owner can enter when the data folder is closed to it.
fn place(data_dir: &Path, owner: Option<Owner>) -> Result<PathBuf> {
    let usual = data_dir.join("postgres");
    let Some(owner) = owner else {
        make_closed(&usual, None)?;
        return Ok(usual);
    };
    let can_enter =
        |folder: &Path| std::fs::metadata(folder).is_ok_and(|meta| meta.uid() == owner.uid || meta.mode() & 0o001 != 0);
    let folder = if data_dir.ancestors().all(can_enter) {
        usual
    } else {
        let folder = Path::new("/var/lib/silhouette").join(short_hash(data_dir));
        std::fs::create_dir_all("/var/lib/silhouette")?;
        folder
    };
    make_closed(&folder, Some(owner))?;
    Ok(folder)
}

/// A folder for the socket whose path is short: a socket's path ends at 107 bytes.
fn socket_folder(data: &Path, owner: Option<Owner>) -> Result<PathBuf> {
    let base = match (owner, std::env::var_os("XDG_RUNTIME_DIR")) {
        (None, Some(folder)) if Path::new(&folder).is_dir() && folder.len() < 60 => PathBuf::from(folder),
        _ => PathBuf::from("/tmp"),
    };
    let uid = owner.map_or_else(
        || std::fs::metadata("/proc/self").map_or(0, |meta| meta.uid()),
        |owner| owner.uid,
    );
    let folder = base.join(format!("silhouette-{uid}-{}", short_hash(data)));
    make_closed(&folder, owner)?;
    let meta = std::fs::symlink_metadata(&folder)?;
    if !meta.is_dir() || meta.uid() != uid || meta.mode() & 0o077 != 0 {
        return Err(Error::Unavailable(format!(
            "{} belongs to somebody else; remove it.",
            folder.display()
        )));
    }
    Ok(folder)
}

/// Makes the folder, or finishes one that a process made and was killed before it gave it away.
fn make_closed(folder: &Path, owner: Option<Owner>) -> Result<()> {
    match DirBuilder::new().mode(0o700).create(folder) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let meta = std::fs::symlink_metadata(folder)?;
            let ours = meta.is_dir() && meta.uid() == std::fs::metadata("/proc/self")?.uid();
            if !ours {
                return Ok(());
            }
        }
        Err(error) => return Err(error.into()),
    }
    if let Some(owner) = owner {
        chown(folder, Some(owner.uid), Some(owner.gid))?;
    }
    Ok(())
}

fn lock_file(data_dir: &Path, name: &str) -> Result<File> {
    Ok(OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(data_dir.join(name))?)
}

fn short_hash(path: &Path) -> String {
    use sha2::{Digest, Sha256};
    hex::encode(&Sha256::digest(path.as_os_str().as_encoded_bytes())[..6])
}
