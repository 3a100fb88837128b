//! A server process over an empty database and an empty data folder, and people with rights who ask it.

use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, header, redirect};
use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

pub const PASSWORD: &str = "correct horse battery";

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Nobody,
    Manager,
    Lead,
    Admin,
}

impl Who {
    pub const ALL: [Who; 4] = [Who::Nobody, Who::Manager, Who::Lead, Who::Admin];

    fn email(self) -> &'static str {
        match self {
            Who::Nobody => "",
            Who::Manager => "manager@shop.example",
            Who::Lead => "lead@shop.example",
            Who::Admin => "admin@shop.example",
        }
    }

    fn role(self) -> &'static str {
        match self {
            Who::Nobody => "",
            Who::Manager => "manager",
            Who::Lead => "lead",
            Who::Admin => "admin",
        }
    }
}

/// How a server is started.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    /// Environment beside the usual one.
    pub settings: Vec<(&'static str, String)>,
    /// Largest file that the process may write, in bytes: a disk that is full.
    pub largest_file: Option<u64>,
    /// A private cluster instead of the server at `DATABASE_URL`.
    pub private_cluster: bool,
}

pub struct Server {
    pub dir: TempDir,
    pub base: String,
    /// Lines that the start printed.
    pub said: Vec<String>,
    setup: Setup,
    database: Option<String>,
    child: Child,
    client: Client,
    tokens: [String; 4],
    cookies: [String; 4],
}

impl Server {
    pub async fn start() -> Server {
        Server::start_with(Setup::default()).await
    }

    /// A server with one person of each role, each with a token and a session.
    pub async fn start_with(setup: Setup) -> Server {
        let mut server = Server::start_empty(setup).await;
        server.cli(
            &[
                "user",
                "create",
                "--email",
                Who::Admin.email(),
                "--role",
                "admin",
                "--password-stdin",
            ],
            PASSWORD,
        );
        let token = server.cli(&["token", "create", "--email", Who::Admin.email()], "");
        server.tokens[Who::Admin as usize] = token.trim().to_owned();
        for who in [Who::Manager, Who::Lead] {
            let new = serde_json::json!({ "email": who.email(), "role": who.role(), "password": PASSWORD });
            assert_eq!(
                server.post(Who::Admin, "/api/v1/users", &new).await.status(),
                StatusCode::CREATED
            );
            let new = serde_json::json!({ "email": who.email() });
            let made: Value = server
                .post(Who::Admin, "/api/v1/tokens", &new)
                .await
                .json()
                .await
                .unwrap();
            server.tokens[who as usize] = made["secret"].as_str().unwrap().to_owned();
        }
        for who in [Who::Manager, Who::Lead, Who::Admin] {
            server.cookies[who as usize] = server.sign_in(who.email(), PASSWORD).await.unwrap();
        }
        server
    }

    /// A server without anybody.
    pub async fn start_empty(setup: Setup) -> Server {
        // A private cluster may run as another person, who must be able to enter the folder.
        let mode = std::fs::Permissions::from_mode(0o755);
        let dir = tempfile::Builder::new()
            .prefix("silhouette-it-")
            .permissions(mode)
            .tempdir()
            .unwrap();
        let database = (!setup.private_cluster).then(create_database);
        let (child, base, said) = spawn(&setup, dir.path(), database.as_deref()).await;
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .timeout(Duration::from_secs(120))
            .build()
            .unwrap();
        let (tokens, cookies) = Default::default();
        Server {
            dir,
            base,
            said,
            setup,
            database,
            child,
            client,
            tokens,
            cookies,
        }
    }

    /// The process is gone at once, without a word.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asked to stop; the time that it took.
    pub fn stop(&mut self) -> Duration {
        let begun = Instant::now();
        signal("TERM", self.child.id());
        assert!(self.child.wait().unwrap().success());
        begun.elapsed()
    }

    /// A setting for whatever is started from now on; takes the place of an earlier one.
    pub fn set(&mut self, name: &'static str, value: String) {
        self.setup.settings.push((name, value));
    }

    /// Starts the process again over the same database and data folder.
    pub async fn restart(&mut self) {
        (self.child, self.base, self.said) = spawn(&self.setup, self.dir.path(), self.database.as_deref()).await;
    }

    /// Runs a command that must succeed; what it printed.
    pub fn cli(&self, args: &[&str], input: &str) -> String {
        let (status, out, err) = self.try_cli(args, input);
        assert!(status, "{args:?}: {err}");
        out
    }

    pub fn try_cli(&self, args: &[&str], input: &str) -> (bool, String, String) {
        let mut command = program(&self.setup, self.dir.path(), self.database.as_deref());
        let mut child = command
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.success(), text(output.stdout), text(output.stderr))
    }

    /// The cookie of a new session.
    pub async fn sign_in(&self, email: &str, password: &str) -> Option<String> {
        let body = format!(
            "email={}&password={}",
            email.replace('@', "%40"),
            password.replace(' ', "+")
        );
        let answer = self
            .client
            .post(format!("{}/sign-in", self.base))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body)
            .send()
            .await
            .unwrap();
        let cookie = answer.headers().get(header::SET_COOKIE)?.to_str().unwrap();
        Some(cookie.split(';').next().unwrap().to_owned())
    }

    /// A call with the token of a person.
    pub fn call(&self, who: Who, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.base));
        match who {
            Who::Nobody => request,
            _ => request.bearer_auth(&self.tokens[who as usize]),
        }
    }

    /// A request of a person's browser.
    pub fn browse(&self, who: Who, method: Method, path: &str) -> RequestBuilder {
        let request = self
            .client
            .request(method, format!("{}{path}", self.base))
            .header(header::ACCEPT, "text/html");
        match who {
            Who::Nobody => request,
            _ => request.header(header::COOKIE, &self.cookies[who as usize]),
        }
    }

    pub async fn get(&self, who: Who, path: &str) -> Response {
        self.call(who, Method::GET, path).send().await.unwrap()
    }

    /// The JSON of a call that must succeed.
    pub async fn json(&self, path: &str) -> Value {
        let answer = self.get(Who::Admin, path).await;
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap()
    }

    pub async fn text(&self, path: &str) -> String {
        let answer = self.get(Who::Admin, path).await;
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "{path}: {status} {text}");
        text
    }

    pub async fn post(&self, who: Who, path: &str, body: &Value) -> Response {
        self.call(who, Method::POST, path).json(body).send().await.unwrap()
    }

    /// Sends a file; the answer as it is.
    pub async fn send(&self, query: &str, body: impl Into<reqwest::Body>) -> (StatusCode, Value) {
        let answer = self
            .call(Who::Admin, Method::POST, &format!("/api/v1/uploads?{query}"))
            .body(body)
            .send()
            .await
            .unwrap();
        (answer.status(), answer.json().await.unwrap())
    }

    /// Sends a file that must be taken, and waits; the upload.
    pub async fn upload(&self, query: &str, body: impl Into<reqwest::Body>) -> Value {
        let (status, asked) = self.send(query, body).await;
        assert_eq!(status, StatusCode::ACCEPTED, "{asked}");
        let job = self.wait(&asked["job_id"]).await;
        assert_eq!(job["state"], "succeeded", "{job}");
        self.json(&format!("/api/v1/uploads/{}", asked["upload_id"])).await
    }

    /// The job when it has ended.
    pub async fn wait(&self, id: &Value) -> Value {
        self.until(id, |job| {
            matches!(job["state"].as_str().unwrap(), "succeeded" | "failed" | "cancelled")
        })
        .await
    }

    /// The job as soon as something is true of it.
    pub async fn until(&self, id: &Value, is_so: impl Fn(&Value) -> bool) -> Value {
        let begun = Instant::now();
        loop {
            let answer = self.get(Who::Admin, &format!("/api/v1/jobs/{id}")).await;
            if answer.status() == StatusCode::OK {
                let job: Value = answer.json().await.unwrap();
                if is_so(&job) {
                    return job;
                }
                assert!(
                    begun.elapsed() < Duration::from_secs(150),
                    "job {id} does not get on: {job}"
                );
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// An RFM run over what is there; the run.
    pub async fn run_rfm(&self) -> Value {
        let asked: Value = self
            .post(
                Who::Manager,
                "/api/v1/segmentations",
                &serde_json::json!({ "method": "rfm" }),
            )
            .await
            .json()
            .await
            .unwrap();
        assert_eq!(self.wait(&asked["job_id"]).await["state"], "succeeded");
        self.json(&format!("/api/v1/segmentations/{}", asked["run_id"])).await
    }

    /// One value from the database, past the product.
    pub fn sql(&self, query: &str) -> String {
        psql(
            &format!("{}/{}", server_url(), self.database.as_deref().unwrap()),
            query,
        )
    }

    /// Rows of every table that a file can fill.
    pub fn rows(&self) -> i64 {
        let tables = [
            "customers",
            "products",
            "orders",
            "order_lines",
            "orders_history",
            "order_lines_history",
            "data_versions",
        ];
        tables
            .iter()
            .map(|table| {
                self.sql(&format!("select count(*) from {table}"))
                    .parse::<i64>()
                    .unwrap()
            })
            .sum()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.setup.private_cluster && self.child.try_wait().ok().flatten().is_none() {
            // Its cluster goes with it.
            signal("TERM", self.child.id());
        } else {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
        // A failed test leaves its database for a look.
        if let Some(database) = self.database.take().filter(|_| !std::thread::panicking()) {
            psql(
                &format!("{}/postgres", server_url()),
                &format!("drop database if exists {database} with (force)"),
            );
        }
    }
}

/// Order lines of so many orders, one line each, for sixty customers; every order is worth `(i % 50) + 0.5`.
pub fn order_lines(orders: usize) -> String {
    let mut text = String::from("order_id,customer_id,ordered_at,product_id,category,quantity,unit_price\n");
    for i in 0..orders {
        let (customer, month, day, product, category, price) = (i % 60, 1 + i % 9, 10 + i % 10, i % 7, i % 3, i % 50);
        text.push_str(&format!(
            "O{i},C{customer},2026-0{month}-{day}T10:00:00Z,P{product},Cat{category},1,{price}.5\n"
        ));
    }
    text
}

/// Commands that start at the same moment over one folder that nobody has used yet; what each said when it failed.
pub fn all_at_once(folder: &Path, commands: &[Vec<&str>]) -> Vec<String> {
    let setup = Setup {
        private_cluster: true,
        ..Setup::default()
    };
    let start = |args: &Vec<&str>| {
        let mut child = program(&setup, folder, None)
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
        child
    };
    let children: Vec<Child> = commands.iter().map(start).collect();
    children
        .into_iter()
        .map(|child| child.wait_with_output().unwrap())
        .filter(|output| !output.status.success())
        .map(|output| String::from_utf8_lossy(&output.stderr).into_owned())
        .collect()
}

/// Sends a signal to a process by its number.
pub fn signal(name: &str, pid: u32) {
    let sent = Command::new("kill")
        .args([&format!("-{name}"), &pid.to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
}

async fn spawn(setup: &Setup, dir: &Path, database: Option<&str>) -> (Child, String, Vec<String>) {
    // The start prints the public address, which may be another one.
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let mut command = program(setup, dir, database);
    let mut child = command
        .arg("serve")
        .env("SILHOUETTE_ADDR", free.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = lines
        .next()
        .unwrap_or_else(|| panic!("the server ended: {:?}", child.wait()))
        .unwrap();
    let base = format!("http://{free}");
    let mut said = vec![first];
    let client = Client::new();
    let started = std::time::Instant::now();
    while client
        .get(format!("{base}/readyz"))
        .send()
        .await
        .map(|answer| answer.status())
        .ok()
        != Some(StatusCode::OK)
    {
        assert!(
            started.elapsed() < Duration::from_secs(60),
            "the server does not get ready"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // The start says one line more when there is no administrator. Read on in the background, so that the pipe never fills.
    let (tell, hear) = std::sync::mpsc::channel();
    std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| drop(tell.send(line))));
    if let Ok(line) = hear.recv_timeout(Duration::from_millis(300)) {
        said.push(line);
    }
    (child, base, said)
}

fn program(setup: &Setup, dir: &Path, database: Option<&str>) -> Command {
    let binary = env!("CARGO_BIN_EXE_silhouette");
    let mut command = match setup.largest_file {
        None => Command::new(binary),
        Some(bytes) => {
            let mut command = Command::new("prlimit");
            command.arg(format!("--fsize={bytes}")).arg(binary);
            command
        }
    };
    command
        .current_dir(dir)
        .env_remove("DATABASE_URL")
        .env("SILHOUETTE_DATA", dir.join("data"))
        .env("SILHOUETTE_LOG", "warn");
    command.env(
        "SILHOUETTE_SITE_ROOT",
        concat!(env!("CARGO_MANIFEST_DIR"), "/../target/site"),
    );
    if let Some(database) = database {
        command.env("DATABASE_URL", format!("{}/{database}", server_url()));
    }
    for (name, value) in &setup.settings {
        command.env(name, value);
    }
    command
}

fn create_database() -> String {
    let name = format!("it_{}", uuid::Uuid::new_v4().simple());
    psql(
        &format!("{}/postgres", server_url()),
        &format!("create database {name}"),
    );
    name
}

/// The server for tests, without a database.
fn server_url() -> String {
    let url = std::env::var("DATABASE_URL").expect("DATABASE_URL names the server for tests; make test starts one");
    url.rsplit_once('/').expect("a database in the address").0.to_owned()
}

fn psql(url: &str, query: &str) -> String {
    let output = Command::new("psql")
        .args(["-qAtX", "-v", "ON_ERROR_STOP=1", url, "-c", query])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{query}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
