//! As little HTTP as posting one body after the other over kept connections takes: for measuring, where whatever the
//! sender spends is taken from the receiver beside it.
//!
//! A client library costs as much for a delivery as the receiver does. What is deliberately absent: TLS, redirects,
//! answers without a length.

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::deliver::{ANSWER_TIMEOUT, Attempt, Transport};

/// The longest answer that is read, head and body.
const ANSWER_BYTES_MAX: usize = 64 * 1_024;

/// Connections to one address.
pub(crate) struct Wire {
    /// Host and port.
    authority: String,
    /// Everything of a request's head but the length of its body.
    head: String,
    /// The last one that was given back is taken first.
    idle: Mutex<Vec<Connection>>,
}

struct Connection {
    stream: TcpStream,
    /// What is sent, and then what is received.
    buffer: Vec<u8>,
}

impl Wire {
    /// Posts to `url`; nothing for addresses that ask for more than this can.
    pub(crate) fn new(url: &reqwest::Url) -> Option<Self> {
        let (host, port) = (url.host_str()?, url.port_or_known_default()?);
        if url.scheme() != "http" || !url.username().is_empty() {
            return None;
        }
        let target =
            url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        let head = format!(
            "POST {target} HTTP/1.1\r\nhost: {host}:{port}\r\naccept: */*\r\ncontent-type: application/jwt\r\ncontent-length: "
        );
        Some(Self { authority: format!("{host}:{port}"), head, idle: Mutex::default() })
    }

    /// A kept connection that the receiver has not closed meanwhile.
    fn idle(&self) -> Option<Connection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        std::iter::from_fn(|| idle.pop()).find(Connection::is_open)
    }

    async fn exchange(&self, body: &[u8]) -> std::io::Result<u16> {
        let mut connection = match self.idle() {
            Some(connection) => connection,
            None => Connection::open(&self.authority).await?,
        };
        let (status, is_kept) = connection.post(&self.head, body).await?;
        if is_kept {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
        Ok(status)
    }
}

impl Transport for Wire {
    async fn post(&self, body: Bytes) -> Attempt {
        match timeout(ANSWER_TIMEOUT, self.exchange(&body)).await {
            Ok(Ok(status)) => Attempt::Answered(status),
            Ok(Err(error)) => Attempt::Unreachable(error.to_string()),
            Err(_) => Attempt::TimedOut,
        }
    }
}

impl Connection {
    async fn open(authority: &str) -> std::io::Result<Self> {
        let stream = TcpStream::connect(authority).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::new() })
    }

    /// Whether it was neither closed nor sent anything that nobody asked for.
    fn is_open(&self) -> bool {
        let read = self.stream.try_read(&mut [0]);
        read.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
    }

    /// Answers the status, and whether the connection can be used again.
    async fn post(&mut self, head: &str, body: &[u8]) -> std::io::Result<(u16, bool)> {
        self.buffer.clear();
        self.buffer.extend(head.as_bytes());
        self.buffer.extend(body.len().to_string().as_bytes());
        self.buffer.extend(b"\r\n\r\n");
        self.buffer.extend(body);
        self.stream.write_all(&self.buffer).await?;
        self.buffer.clear();
        loop {
            if let Some(answer) = Answer::read(&self.buffer)? {
                return Ok((answer.status, answer.is_kept));
            }
            let is_too_long = self.buffer.len() > ANSWER_BYTES_MAX;
            if is_too_long || self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Answer {
    status: u16,
    is_kept: bool,
}

impl Answer {
    /// The answer once all of it is there.
    fn read(bytes: &[u8]) -> std::io::Result<Option<Self>> {
        let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { return Ok(None) };
        let broken = || std::io::Error::from(std::io::ErrorKind::InvalidData);
        let head = std::str::from_utf8(bytes.get(..end).unwrap_or_default()).map_err(|_| broken())?;
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(broken)?;
        let header = |name: &str| {
            let mut fields = head.lines().filter_map(|line| line.split_once(':'));
            fields.find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
        };
        let is_kept = !header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
        let Some(length) = header("content-length").and_then(|length| length.parse::<usize>().ok()) else {
            // Where this answer ends is not known; the next one goes over another connection.
            return Ok(Some(Self { status, is_kept: false }));
        };
        let is_whole = bytes.len() - end - 4 >= length;
        Ok(is_whole.then_some(Self { status, is_kept }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_connection_that_was_closed_is_not_used_again() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
        let answering = tokio::spawn(async move {
            for _ in 0..2 {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = [0; 1_024];
                let _ = stream.read(&mut request).await.unwrap();
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
            }
        });
        let wire = Wire::new(&url).unwrap();
        assert_eq!(wire.post(Bytes::from_static(b"one")).await, Attempt::Answered(200));
        while wire.idle.lock().unwrap()[0].is_open() {
            tokio::task::yield_now().await;
        }
        assert_eq!(wire.post(Bytes::from_static(b"two")).await, Attempt::Answered(200));
        answering.await.unwrap();
    }

    #[test]
    fn an_answer_is_read_when_all_of_it_is_there() {
        let answer = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 3\r\nretry-after: 1\r\n\r\nabc";
        for end in 0..answer.len() {
            assert_eq!(Answer::read(&answer.as_bytes()[..end]).unwrap(), None, "{end} bytes");
        }
        let read = |answer: &str| Answer::read(answer.as_bytes()).unwrap().unwrap();
        assert_eq!(read(answer), Answer { status: 503, is_kept: true });
        assert_eq!(
            read("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nConnection: close\r\n\r\n"),
            Answer { status: 200, is_kept: false }
        );
        assert_eq!(read("HTTP/1.1 200 OK\r\n\r\n"), Answer { status: 200, is_kept: false });
        assert!(Answer::read(b"nonsense\r\n\r\n").is_err());
    }
}
