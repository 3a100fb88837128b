//! A server that speaks S3, for one test: moto's, which `.ci/install-s3-server.sh` installs. The product reaches it through a gate that can
//! be closed, as a network can; the test looks at it directly.

use reqwest::{Client, StatusCode};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Objects are private, and this server wants to see a signature, though it does not check it.
const SIGNED: &str =
    "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";

pub struct S3 {
    pub bucket: String,
    pub gate: Gate,
    base: String,
    client: Client,
    child: Child,
}

impl Drop for S3 {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn program() -> PathBuf {
    let cache = std::env::var_os("CACHE").map_or_else(
        || PathBuf::from(std::env::var_os("HOME").unwrap()).join(".cache/silhouette"),
        PathBuf::from,
    );
    let program = cache.join("s3-server/bin/moto_server");
    assert!(
        program.exists(),
        "{} is missing; run .ci/install-s3-server.sh",
        program.display()
    );
    program
}

impl S3 {
    /// An empty bucket on a server of its own.
    pub async fn start() -> S3 {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let child = Command::new(program())
            .args(["-H", "127.0.0.1", "-p", &free.port().to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let s3 = S3 {
            bucket: "sealed-files".to_owned(),
            gate: Gate::before(free),
            base: format!("http://{free}"),
            client: Client::new(),
            child,
        };
        let begun = Instant::now();
        loop {
            let made = s3.client.put(format!("{}/{}", s3.base, s3.bucket)).send().await;
            if made.is_ok_and(|made| made.status().is_success()) {
                return s3;
            }
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "the S3 server does not get ready"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn address(&self, key: &str) -> String {
        format!("{}/{}/{key}", self.base, self.bucket)
    }

    pub async fn put(&self, key: &str, bytes: &[u8]) {
        let sent = self
            .client
            .put(self.address(key))
            .header("authorization", SIGNED)
            .body(bytes.to_vec())
            .send()
            .await
            .unwrap();
        assert_eq!(sent.status(), StatusCode::OK);
    }

    pub async fn get(&self, key: &str) -> Vec<u8> {
        let asked = self.client.get(self.address(key)).header("authorization", SIGNED);
        let found = asked.send().await.unwrap();
        assert_eq!(found.status(), StatusCode::OK, "{key}");
        found.bytes().await.unwrap().to_vec()
    }

    pub async fn remove(&self, key: &str) {
        let asked = self.client.delete(self.address(key)).header("authorization", SIGNED);
        let gone = asked.send().await.unwrap();
        assert!(gone.status().is_success());
    }

    /// All keys, sorted. A test never has more than one page of them.
    pub async fn keys(&self) -> Vec<String> {
        let address = format!("{}/{}?list-type=2", self.base, self.bucket);
        let text = self.client.get(address).send().await.unwrap().text().await.unwrap();
        assert!(text.contains("<IsTruncated>false</IsTruncated>"), "{text}");
        let mut keys: Vec<String> = text
            .split("<Key>")
            .skip(1)
            .map(|rest| rest.split("</Key>").next().unwrap().to_owned())
            .collect();
        keys.sort();
        keys
    }
}

/// Passes connections on, until it is closed: then those that there are break and new ones are broken at once.
pub struct Gate {
    address: SocketAddr,
    is_open: Arc<AtomicBool>,
    passing: Arc<Mutex<Vec<TcpStream>>>,
}

impl Gate {
    fn before(server: SocketAddr) -> Gate {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let gate = Gate {
            address: listener.local_addr().unwrap(),
            is_open: Arc::new(AtomicBool::new(true)),
            passing: Arc::default(),
        };
        let (is_open, passing) = (gate.is_open.clone(), gate.passing.clone());
        // Lives as long as the process of the tests: nobody waits for it.
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if is_open.load(Ordering::SeqCst)
                    && let Ok(server) = TcpStream::connect(server)
                {
                    passing.lock().unwrap().push(client.try_clone().unwrap());
                    pass(client.try_clone().unwrap(), server.try_clone().unwrap());
                    pass(server, client);
                }
            }
        });
        gate
    }

    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn close(&self) {
        self.is_open.store(false, Ordering::SeqCst);
        for stream in self.passing.lock().unwrap().drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    pub fn open(&self) {
        self.is_open.store(true, Ordering::SeqCst);
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream) {
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Both);
    });
}
