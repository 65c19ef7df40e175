//! A wire to PostgreSQL that can be cut, slowed and mended.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What happens on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Everything passes.
    Open,
    /// Everything passes, later.
    Slow(Duration),
    /// Connections are closed, new ones too: PostgreSQL was stopped.
    Closed,
    /// Connections stay, new ones are taken, and nothing passes: PostgreSQL hangs, or the network lost it.
    Silent,
}

/// A TCP proxy.
pub(crate) struct Proxy {
    address: SocketAddr,
    way: watch::Sender<Way>,
}

impl Proxy {
    /// Leads to `target`, a host and port.
    pub(crate) async fn to(target: String) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (way, seen) = watch::channel(Way::Open);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(carry(stream, target.clone(), seen.clone()));
            }
        });
        Self { address, way }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn set(&self, way: Way) {
        self.way.send_replace(way);
    }
}

async fn carry(client: TcpStream, target: String, mut way: watch::Receiver<Way>) {
    if way.wait_for(|way| *way != Way::Silent).await.is_err() || *way.borrow() == Way::Closed {
        return;
    }
    let Ok(server) = TcpStream::connect(target).await else { return };
    let (mut client, mut server) = (client.into_split(), server.into_split());
    let (to_server, to_client) = (way.clone(), way.clone());
    let carried = async {
        let both = async {
            tokio::join!(
                pump(&mut client.0, &mut server.1, &to_server),
                pump(&mut server.0, &mut client.1, &to_client)
            )
        };
        tokio::select! {
            _ = both => Way::Closed,
            changed = way.wait_for(|way| matches!(way, Way::Closed | Way::Silent)) => {
                changed.map_or(Way::Closed, |way| *way)
            }
        }
    };
    if carried.await == Way::Silent {
        // Bytes may have been lost: what was silent ends with the silence instead of going on.
        way.wait_for(|way| *way != Way::Silent).await.ok();
    }
}

/// Carries bytes in one direction until one of the ends is closed.
async fn pump(from: &mut OwnedReadHalf, to: &mut OwnedWriteHalf, way: &watch::Receiver<Way>) {
    let mut buffer = vec![0; 16 * 1_024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        let now = *way.borrow();
        if let Way::Slow(delay) = now {
            tokio::time::sleep(delay).await;
        }
        if to.write_all(&buffer[..read]).await.is_err() {
            break;
        }
    }
    to.shutdown().await.ok();
}
