//! Signatures from PyJWT, through one Python process that lives as long as the test.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, OnceLock};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

/// The program; it is given to Python as text so that nothing depends on where the tests are run.
const PROGRAM: &str = include_str!("signer.py");

struct Signer {
    // Ends by itself when our end of its input is closed, at the latest when this process ends.
    _process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

/// The compact token of `payload`, signed with `secret` as Dialpad signs.
pub(crate) fn sign(payload: impl AsRef<[u8]>, secret: &str) -> String {
    sign_with(payload, secret, "HS256", &json!({}))
}

/// The tokens of many payloads.
pub(crate) fn sign_all<P: AsRef<[u8]>>(payloads: &[P], secret: &str) -> Vec<String> {
    let tokens = payloads.iter().map(|payload| token(payload.as_ref(), secret, "HS256", &json!({})));
    ask(&json!({ "tokens": tokens.collect::<Value>() }))
}

/// A token with another algorithm, or with members added to the header (`null` takes one away).
pub(crate) fn sign_with(payload: impl AsRef<[u8]>, secret: &str, algorithm: &str, headers: &Value) -> String {
    let token = token(payload.as_ref(), secret, algorithm, headers);
    ask(&json!({ "tokens": [token] })).remove(0)
}

/// A hash function for [`mac`].
#[derive(Clone, Copy)]
pub(crate) enum Hash {
    Sha256,
    Sha512,
}

/// The MAC of any text, in base64url: for tokens that no library would make.
pub(crate) fn mac(text: &str, secret: &[u8], hash: Hash) -> String {
    let hash = match hash {
        Hash::Sha256 => "sha256",
        Hash::Sha512 => "sha512",
    };
    ask(&json!({ "mac": STANDARD.encode(text), "secret": STANDARD.encode(secret), "hash": hash })).remove(0)
}

fn token(payload: &[u8], secret: &str, algorithm: &str, headers: &Value) -> Value {
    json!({ "payload": STANDARD.encode(payload), "secret": secret, "alg": algorithm, "headers": headers })
}

fn ask(request: &Value) -> Vec<String> {
    static SIGNER: OnceLock<Mutex<Signer>> = OnceLock::new();
    let mut signer = SIGNER.get_or_init(|| Mutex::new(Signer::start())).lock().unwrap();
    writeln!(signer.input, "{request}").unwrap();
    let mut line = String::new();
    signer.output.read_line(&mut line).unwrap();
    assert!(!line.is_empty(), "the signer ended: is PyJWT there? deploy/scripts/install.sh test");
    serde_json::from_str(&line).unwrap()
}

impl Signer {
    fn start() -> Self {
        let mut process = Command::new("python3")
            .args(["-c", PROGRAM])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Not ours: a runner would wait for whoever still holds it.
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (input, output) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        Self { _process: process, input, output: BufReader::new(output) }
    }
}
