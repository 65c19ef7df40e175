//! What a client knows for sure: it writes down what it sends before it sends it, and what it was answered after it
//! has read the answer. Nothing is ever taken back, and the audit reads the file, not the client's memory.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use crate::stories::Form;

/// How a try ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// A whole answer was read.
    Answered(u16),
    /// The client went away before the answer came.
    Aborted,
    /// The connection broke, or there was none.
    Broken,
    /// Nothing came, for longer than Dialpad waits.
    Silence,
}

/// One line of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    Sent { event: usize, form: Form },
    Ended { event: usize, ending: Ending, took: Duration },
}

/// The file.
pub(crate) struct Ledger {
    path: PathBuf,
    file: Mutex<File>,
}

impl Ledger {
    pub(crate) fn new(path: &Path) -> Self {
        let file = File::options().create_new(true).append(true).open(path).unwrap();
        Self { path: path.to_owned(), file: Mutex::new(file) }
    }

    pub(crate) fn note(&self, entry: Entry) {
        let line = match entry {
            Entry::Sent { event, form } => format!("sent {event} {}\n", form.as_str()),
            Entry::Ended { event, ending, took } => {
                let ending = match ending {
                    Ending::Answered(status) => status.to_string(),
                    Ending::Aborted => "aborted".to_owned(),
                    Ending::Broken => "broken".to_owned(),
                    Ending::Silence => "silence".to_owned(),
                };
                format!("ended {event} {ending} {}\n", took.as_micros())
            }
        };
        self.file.lock().unwrap().write_all(line.as_bytes()).unwrap();
    }

    /// Everything that was noted.
    pub(crate) fn read(&self) -> Vec<Entry> {
        let text = std::fs::read_to_string(&self.path).unwrap();
        text.lines().map(|line| parse(line).unwrap_or_else(|| panic!("the ledger says {line:?}"))).collect()
    }
}

fn parse(line: &str) -> Option<Entry> {
    let words: Vec<&str> = line.split(' ').collect();
    match words.as_slice() {
        ["sent", event, form] => Some(Entry::Sent { event: event.parse().ok()?, form: Form::parse(form)? }),
        ["ended", event, ending, micros] => {
            let ending = match *ending {
                "aborted" => Ending::Aborted,
                "broken" => Ending::Broken,
                "silence" => Ending::Silence,
                status => Ending::Answered(status.parse().ok()?),
            };
            let took = Duration::from_micros(micros.parse().ok()?);
            Some(Entry::Ended { event: event.parse().ok()?, ending, took })
        }
        _ => None,
    }
}
