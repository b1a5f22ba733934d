//! A NATS of the test's own.

use crate::port;
use std::{
    io::Read,
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

/// How a NATS greets whoever connects, and how long that may take.
const GREETING: &[u8; 4] = b"INFO";
const GREETS_WITHIN: Duration = Duration::from_secs(2);

pub struct Server {
    pub url: String,
    port: u16,
    settings: Option<PathBuf>,
    process: Child,
}

impl Server {
    /// Nothing where no server is named: then the test says that it is skipped, and fails where CI runs it.
    pub async fn start() -> Option<Self> {
        Self::start_by(None).await
    }

    /// One that goes by this file.
    #[allow(clippy::print_stderr, reason = "whoever runs the tests wants to know")]
    pub async fn start_by(settings: Option<&Path>) -> Option<Self> {
        let named = std::env::var("TSUNAGU_TEST_NATS_SERVER").ok().filter(|path| !path.is_empty());
        let Some(path) = named else {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "TSUNAGU_TEST_NATS_SERVER is not set");
            eprintln!("skipped: TSUNAGU_TEST_NATS_SERVER is not set");
            return None;
        };
        let port = port::free();
        let process = launch(&path, port, settings).await;
        let (url, settings) = (format!("nats://127.0.0.1:{port}"), settings.map(Path::to_owned));
        Some(Self { url, port, settings, process })
    }

    /// Ends it as a power cut would.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Starts it again at the same place.
    pub async fn restart(&mut self) {
        let path = std::env::var("TSUNAGU_TEST_NATS_SERVER").unwrap();
        self.process = launch(&path, self.port, self.settings.as_deref()).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Who was killed before is gone already.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

async fn launch(path: &str, port: u16, settings: Option<&Path>) -> Child {
    let mut command = Command::new(path);
    command.args(["--addr", "127.0.0.1", "--port", &port.to_string()]);
    if let Some(settings) = settings {
        command.arg("--config").arg(settings);
    }
    let mut process =
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut looks = 0;
    while !greets(port) {
        assert!(process.try_wait().unwrap().is_none(), "{path} has ended: is port {port} taken?");
        looks += 1;
        if looks > 400 {
            process.kill().unwrap();
            process.wait().unwrap();
            panic!("{path} does not listen on port {port}");
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    process
}

/// Whether a NATS listens there, and not somebody else.
fn greets(port: u16) -> bool {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { return false };
    stream.set_read_timeout(Some(GREETS_WITHIN)).unwrap();
    let mut greeting = [0; GREETING.len()];
    stream.read_exact(&mut greeting).is_ok() && greeting == *GREETING
}
