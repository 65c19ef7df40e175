//! Looks at PostgreSQL processes from outside: whether a server answers, and which ones still run on our cluster
//! although the process that started them is gone.

use std::fs;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal};

use super::cluster::NAME;
use super::error::EmbeddedError;

const ANSWER_WAIT: Duration = Duration::from_secs(2);
/// How long servers left behind may take to end: by themselves or by a fast shutdown, then by an immediate one, then
/// after being killed.
const STAGES: [(Signal, u64); 3] = [(Signal::INT, 60), (Signal::QUIT, 10), (Signal::KILL, 10)];

/// True if a server on `port` is ready to check a password, which it does only when it takes connections.
pub(super) fn answers(port: u16) -> bool {
    first_answer(port).is_ok_and(|kind| kind == b'R')
}

fn first_answer(port: u16) -> io::Result<u8> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, ANSWER_WAIT)?;
    stream.set_read_timeout(Some(ANSWER_WAIT))?;
    stream.set_write_timeout(Some(ANSWER_WAIT))?;
    // The start-up message of protocol 3.0: length, version, names and values, an empty name.
    let parameters = format!("user\0{NAME}\0database\0{NAME}\0\0");
    let length = u32::try_from(8 + parameters.len()).map_err(io::Error::other)?;
    let mut message = length.to_be_bytes().to_vec();
    message.extend(196_608_u32.to_be_bytes());
    message.extend(parameters.as_bytes());
    stream.write_all(&message)?;
    let mut kind = [0];
    stream.read_exact(&mut kind)?;
    Ok(u8::from_be_bytes(kind))
}

/// True if the server `pid` wrote into its own file that it is ready. Another server on the same port would answer
/// too; this one's word is needed as well.
pub(super) fn says_ready(cluster: &Path, pid: Pid) -> bool {
    const STATUS_LINE: usize = 7;
    let text = fs::read_to_string(cluster.join("postmaster.pid")).unwrap_or_default();
    let mut lines = text.lines();
    let same = lines.next().is_some_and(|line| line.trim() == pid.as_raw_nonzero().to_string());
    same && lines.nth(STATUS_LINE - 1).is_some_and(|line| line.trim() == "ready")
}

/// A port that is free now: `last`, if it still is.
pub(super) fn free_port(last: Option<u16>) -> Result<u16, EmbeddedError> {
    let bind = |port: u16| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).and_then(|one| one.local_addr());
    let address = match last.filter(|port| *port != 0).map(bind) {
        Some(Ok(address)) => Ok(address),
        Some(Err(_)) | None => bind(0),
    };
    address
        .map(|address| address.port())
        .map_err(EmbeddedError::io("choosing a port on", Path::new("127.0.0.1")))
}

/// Stops every PostgreSQL process on `cluster`. Called by who holds the owner's lock, so whatever runs there was left
/// behind: by a process killed an instant ago, whose server is just shutting down, or where no signal told it.
pub(super) fn stop_left_behind(cluster: &Path) -> Result<(), EmbeddedError> {
    for (signal, seconds) in STAGES {
        let running = running_on(cluster);
        if running.is_empty() {
            break;
        }
        tracing::warn!(?signal, processes = running.len(), "stopping a PostgreSQL that was left running");
        for pid in targets(cluster, &running, signal) {
            // It may have ended since it was listed.
            rustix::process::kill_process(pid, signal).unwrap_or_default();
        }
        let deadline = Instant::now() + Duration::from_secs(seconds);
        while !running_on(cluster).is_empty() && Instant::now() < deadline {
            thread::sleep(super::POLL);
        }
    }
    if let Some(pid) = running_on(cluster).first() {
        let pid = pid.as_raw_nonzero().get().unsigned_abs();
        return Err(EmbeddedError::Busy { pid, waited_s: STAGES.iter().map(|(_, seconds)| seconds).sum() });
    }
    // PostgreSQL would take the number in the file for a running server if any process has it by now. Nothing runs on
    // this cluster, so the file is stale.
    let stale = cluster.join("postmaster.pid");
    match fs::remove_file(&stale) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(EmbeddedError::io("removing", &stale)(error))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Only the server itself is asked to shut down: to its children the same signals mean something else. If it is gone
/// they end by themselves, unless one hangs; then they are made to.
fn targets(cluster: &Path, running: &[Pid], signal: Signal) -> Vec<Pid> {
    let server = recorded(cluster).filter(|pid| running.contains(pid));
    match server {
        Some(pid) if signal != Signal::KILL => vec![pid],
        None if signal == Signal::INT => Vec::new(),
        Some(_) | None => running.to_vec(),
    }
}

fn recorded(cluster: &Path) -> Option<Pid> {
    let text = fs::read_to_string(cluster.join("postmaster.pid")).ok()?;
    Pid::from_raw(text.lines().next()?.trim().parse().ok()?)
}

/// The PostgreSQL processes on `cluster`. Each of them has it as its working directory.
#[cfg(target_os = "linux")]
pub(super) fn running_on(cluster: &Path) -> Vec<Pid> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| Pid::from_raw(entry.file_name().to_str()?.parse().ok()?));
    pids.filter(|pid| {
        let about = Path::new("/proc").join(pid.as_raw_nonzero().to_string());
        fs::read_link(about.join("cwd")).is_ok_and(|directory| directory == cluster)
            && fs::read_to_string(about.join("comm")).is_ok_and(|name| name.trim() == "postgres")
    })
    .collect()
}

/// The server on `cluster`, by the number it recorded, if that is still a PostgreSQL started on this directory.
#[cfg(not(target_os = "linux"))]
pub(super) fn running_on(cluster: &Path) -> Vec<Pid> {
    let ours = |pid: &Pid| {
        let number = pid.as_raw_nonzero().to_string();
        let listed = std::process::Command::new("ps").args(["-o", "command=", "-p", &number]).output();
        listed.is_ok_and(|listed| {
            let command = String::from_utf8_lossy(&listed.stdout).into_owned();
            command.contains("postgres") && command.contains(&*cluster.to_string_lossy())
        })
    };
    recorded(cluster).filter(ours).into_iter().collect()
}
