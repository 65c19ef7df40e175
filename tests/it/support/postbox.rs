//! Mail as people get it: from a real mail server, or from the local mailbox.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use serde_json::Value;

use super::{PATIENCE, Server};

const PROGRAM: &str = include_str!("postbox.py");

/// A mail server that takes all mail.
pub(crate) struct Postbox {
    // Ends by itself when our end of its input is closed.
    _process: Child,
    _input: ChildStdin,
    mails: Receiver<Value>,
    port: u64,
}

impl Postbox {
    /// Starts one that puts so many mails off before it takes one.
    pub(crate) fn start(put_off: u32) -> Self {
        let mut process = Command::new("python3")
            .args(["-c", PROGRAM, &put_off.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (input, output) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        let (sender, mails) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                sender.send(serde_json::from_str::<Value>(&line).unwrap()).ok();
            }
        });
        let port = mails.recv_timeout(PATIENCE).ok().and_then(|port| port.as_u64());
        let port = port.unwrap_or_else(|| panic!("no mail server: deploy/scripts/install.sh test"));
        Self { _process: process, _input: input, mails, port }
    }

    pub(crate) fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// The next mail that it takes.
    pub(crate) fn next(&self) -> Value {
        self.mails.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no mail came"))
    }

    /// Whether it took another one so far.
    pub(crate) fn has_more(&self) -> bool {
        self.mails.try_recv().is_ok()
    }
}

/// What waits in the local mailbox, newest first.
pub(crate) fn mailbox(server: &Server) -> Vec<Value> {
    let output = server.run(&["mailbox", "ls", "--format", "json"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What opens something in a mail: the part of its link behind `#`.
pub(crate) fn link_of(mail: &Value) -> String {
    let text = mail["text"].as_str().unwrap();
    let found = text.split_whitespace().find_map(|word| word.split_once('#'));
    found.unwrap_or_else(|| panic!("no link in {text}")).1.to_owned()
}
