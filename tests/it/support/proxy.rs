//! A wire to PostgreSQL that can be cut and mended.

use std::net::SocketAddr;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What happens on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Everything passes.
    Open,
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

async fn carry(mut client: TcpStream, target: String, mut way: watch::Receiver<Way>) {
    if way.wait_for(|way| *way != Way::Silent).await.is_err() || *way.borrow() == Way::Closed {
        return;
    }
    let Ok(mut server) = TcpStream::connect(target).await else { return };
    let carried = async {
        tokio::select! {
            _ = copy_bidirectional(&mut client, &mut server) => Way::Closed,
            changed = way.wait_for(|way| *way != Way::Open) => changed.map_or(Way::Closed, |way| *way),
        }
    };
    if carried.await == Way::Silent {
        // Bytes may have been lost: what was silent ends with the silence instead of going on.
        way.wait_for(|way| *way != Way::Silent).await.ok();
    }
}
