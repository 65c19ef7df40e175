//! Sees requests that say twice, and differently, where they end.
//!
//! A request with both `Content-Length` and `Transfer-Encoding` is how requests are smuggled past a proxy. hyper
//! follows the encoding, forgets the length before anybody else can see it, and closes the connection, which is safe
//! for us; we refuse it, so that whoever sends it learns. For that the bytes of a connection are watched on their way
//! to hyper, from head to head.
//!
//! A body with a length is counted. After a body in chunks nothing is watched any more, and nothing has to be: such a
//! request is the last one of its connection ([`is_last`]).

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};

use http::header::{HeaderMap, TRANSFER_ENCODING};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Headers of one request; hyper takes as many.
const HEADERS_MAX: usize = 100;
/// There is no such request.
const NONE: u64 = u64::MAX;

/// What is known of the requests of a connection.
#[derive(Clone)]
pub(super) struct Framing(Arc<AtomicU64>);

impl Framing {
    /// True when the request of this number, counted from 0, has two ends.
    pub(super) fn is_ambiguous(&self, request: u64) -> bool {
        self.0.load(Ordering::Acquire) == request
    }
}

/// True when no other request may follow on the connection of a request with these headers.
pub(super) fn is_last(headers: &HeaderMap) -> bool {
    headers.contains_key(TRANSFER_ENCODING)
}

/// A stream whose requests are watched.
pub(super) struct Watched<S> {
    stream: S,
    watch: Watch,
}

impl<S> Watched<S> {
    /// `head_bytes_max` is how much of a head is kept to be looked at.
    pub(super) fn new(stream: S, head_bytes_max: usize) -> (Self, Framing) {
        let framing = Framing(Arc::new(AtomicU64::new(NONE)));
        let watch =
            Watch { place: Place::Head(Vec::new()), heads: 0, head_bytes_max, framing: framing.clone() };
        (Self { stream, watch }, framing)
    }
}

/// Where in its requests a connection is.
enum Place {
    /// In a head; what came of it so far.
    Head(Vec<u8>),
    /// In a body, with so many bytes to come.
    Body(u64),
    /// Nobody knows, or nobody needs to know.
    Unwatched,
}

struct Watch {
    place: Place,
    /// Heads that were complete.
    heads: u64,
    head_bytes_max: usize,
    framing: Framing,
}

impl Watch {
    fn see(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            match &mut self.place {
                Place::Unwatched => return,
                Place::Body(left) => {
                    let skipped = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                    *left -= skipped as u64;
                    bytes = &bytes[skipped..];
                    if *left == 0 {
                        self.place = Place::Head(Vec::new());
                    }
                }
                Place::Head(head) => {
                    let before = head.len();
                    let taken = bytes.len().min(self.head_bytes_max - before);
                    head.extend_from_slice(&bytes[..taken]);
                    // Looking at every byte that comes alone would cost the square of its length.
                    let is_end_here = has_blank_line(&head[before.saturating_sub(2)..]);
                    let looked = if is_end_here { self.look() } else { None };
                    let Some((length, after)) = looked else {
                        // What does not fit is refused by hyper too.
                        if taken < bytes.len() {
                            self.place = Place::Unwatched;
                        }
                        return;
                    };
                    self.place = after;
                    bytes = &bytes[length - before..];
                }
            }
        }
    }

    /// The length of the head, and what comes after it; nothing while it is not complete.
    fn look(&mut self) -> Option<(usize, Place)> {
        let Place::Head(head) = &self.place else { return None };
        let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
        let mut request = httparse::Request::new(&mut headers);
        let length = match request.parse(head) {
            Ok(httparse::Status::Complete(length)) => length,
            Ok(httparse::Status::Partial) => return None,
            // Not HTTP/1; hyper decides what it is.
            Err(_) => return Some((head.len(), Place::Unwatched)),
        };
        let values = |name: &'static str| {
            let headers = request.headers.iter();
            headers.filter(move |header| header.name.eq_ignore_ascii_case(name)).map(|header| header.value)
        };
        let mut lengths = values("content-length");
        let (length_value, is_chunked) = (lengths.next(), values("transfer-encoding").next().is_some());
        let place = match (length_value, is_chunked) {
            (Some(_), true) => {
                self.framing.0.store(self.heads, Ordering::Release);
                Place::Unwatched
            }
            (None, true) => Place::Unwatched,
            (None, false) => Place::Head(Vec::new()),
            (Some(value), false) => {
                match std::str::from_utf8(value).ok().and_then(|text| text.parse().ok()) {
                    None => Place::Unwatched,
                    Some(0) => Place::Head(Vec::new()),
                    Some(body) => Place::Body(body),
                }
            }
        };
        self.heads += 1;
        Some((length, place))
    }
}

/// True when a line ends and an empty one follows: without it no head is complete.
fn has_blank_line(bytes: &[u8]) -> bool {
    let after_line =
        bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| &bytes[at + 1..]);
    after_line.into_iter().any(|rest| rest.starts_with(b"\n") || rest.starts_with(b"\r\n"))
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        ready!(Pin::new(&mut this.stream).poll_read(cx, buffer))?;
        this.watch.see(&buffer.filled()[before..]);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GET: &str = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    const POST: &str = "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nGET";
    const CHUNKED: &str = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    const BOTH: &str = "POST / HTTP/1.1\r\nCONTENT-LENGTH: 3\r\ntransfer-encoding: chunked\r\n\r\n";
    const BOTH_TURNED: &str = "\r\nPOST / HTTP/1.1\nTransfer-Encoding:chunked\nContent-Length:3\n\n";

    /// Which request has two ends, when the bytes come in pieces of this size.
    fn ambiguous(bytes: &str, piece: usize) -> Option<u64> {
        let (mut watched, framing) = Watched::new((), 64 * 1_024);
        bytes.as_bytes().chunks(piece).for_each(|piece| watched.watch.see(piece));
        (0..10).find(|request| framing.is_ambiguous(*request))
    }

    #[test]
    fn two_ends_are_seen_wherever_they_are() {
        let body = format!("POST / HTTP/1.1\r\nContent-Length: {}\r\n\r\n{BOTH}", BOTH.len());
        let cases = [
            (BOTH.to_owned(), Some(0)),
            (BOTH_TURNED.to_owned(), Some(0)),
            ([GET, POST, POST, BOTH].concat(), Some(3)),
            ([GET, GET].concat(), None),
            // Not a head but a body.
            (body.clone(), None),
            (body + BOTH, Some(1)),
            // The last one of its connection.
            ([CHUNKED, BOTH].concat(), None),
            ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned() + BOTH, None),
            ("POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n".to_owned() + BOTH, None),
            (format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n{BOTH}", "y".repeat(70_000)), None),
        ];
        for (bytes, wanted) in cases {
            for piece in [1, 2, 7, 100, 1_000_000] {
                assert_eq!(ambiguous(&bytes, piece), wanted, "in pieces of {piece}: {bytes:.200}");
            }
        }
    }
}
