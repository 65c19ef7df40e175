//! A Redis of its own, that can be killed and that can hang.

use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::eventually;

pub(crate) struct Redis {
    process: Option<Child>,
    port: u16,
    data: TempDir,
}

impl Redis {
    /// A Redis that keeps nothing.
    pub(crate) async fn start() -> Self {
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let mut redis = Self { process: None, port, data: TempDir::new().unwrap() };
        redis.begin().await;
        redis
    }

    /// Starts the process, on the same port again.
    pub(crate) async fn begin(&mut self) {
        let process = Command::new("redis-server")
            .args([
                "--port",
                &self.port.to_string(),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
            ])
            .arg("--dir")
            .arg(self.data.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("redis-server ({error}): deploy/scripts/install.sh test"));
        self.process = Some(process);
        eventually(async || self.ask("PING").await.map(drop)).await;
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Ends it as a power cut does.
    pub(crate) fn kill(&mut self) {
        let mut process = self.process.take().unwrap();
        process.kill().unwrap();
        process.wait().unwrap();
    }

    /// Lets it hang: connections stay, and nothing is answered.
    pub(crate) fn hang(&self) {
        kill_process(self.pid(), Signal::STOP).unwrap();
    }

    /// Lets it go on.
    pub(crate) fn go_on(&self) {
        kill_process(self.pid(), Signal::CONT).unwrap();
    }

    /// What it answers to one command.
    pub(crate) async fn ask(&self, command: &str) -> Result<String, String> {
        let address = SocketAddr::from(([127, 0, 0, 1], self.port));
        let mut stream = TcpStream::connect(address).await.map_err(|error| error.to_string())?;
        stream
            .write_all(format!("{command}\r\nQUIT\r\n").as_bytes())
            .await
            .map_err(|error| error.to_string())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.map_err(|error| error.to_string())?;
        if answer.starts_with('-') || answer.is_empty() { Err(answer) } else { Ok(answer) }
    }

    fn pid(&self) -> Pid {
        Pid::from_child(self.process.as_ref().unwrap())
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().ok();
            process.wait().ok();
        }
    }
}
