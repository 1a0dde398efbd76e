//! Forwards a port of the host's loopback to the node.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use anyhow::Context;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

/// After a connection that could not be accepted.
const PAUSE: Duration = Duration::from_millis(100);

pub(crate) struct Forward {
    listener: TcpListener,
    /// Some programs try this first for `localhost`, and `cargo lambda` tries nothing else.
    second_listener: Option<TcpListener>,
    target: SocketAddr,
}

impl Forward {
    pub(crate) async fn bind(port: u16, target: SocketAddr) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
        let listener = listener.with_context(|| {
            format!("127.0.0.1:{port}: end what listens there, or choose other ports with ROOST_INDEX=1 to 63")
        })?;
        // A machine may be without IPv6.
        let second_listener = TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await.ok();
        Ok(Self { listener, second_listener, target })
    }

    pub(crate) async fn run(self) {
        if let Some(listener) = self.second_listener {
            tokio::spawn(accept(listener, self.target));
        }
        accept(self.listener, self.target).await;
    }
}

/// A connection that fails concerns its two ends only.
async fn accept(listener: TcpListener, target: SocketAddr) {
    loop {
        match listener.accept().await {
            Ok((connection, _)) => drop(tokio::spawn(pass_on(connection, target))),
            // Too many open files, for instance: others may close some.
            Err(error) => {
                eprintln!("a connection for {target} was not accepted: {error}");
                sleep(PAUSE).await;
            }
        }
    }
}

async fn pass_on(mut connection: TcpStream, target: SocketAddr) -> std::io::Result<()> {
    let mut onward = TcpStream::connect(target).await?;
    connection.set_nodelay(true)?;
    onward.set_nodelay(true)?;
    copy_bidirectional(&mut connection, &mut onward).await.map(drop)
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    use super::Forward;

    #[tokio::test]
    async fn both_directions_arrive() {
        let target = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let forward = Forward::bind(0, target.local_addr().unwrap()).await.unwrap();
        let mut client = TcpStream::connect(forward.listener.local_addr().unwrap()).await.unwrap();
        tokio::spawn(forward.run());
        client.write_all(b"ask").await.unwrap();
        let (mut server, _) = target.accept().await.unwrap();
        let mut asked = [0; 3];
        server.read_exact(&mut asked).await.unwrap();
        server.write_all(b"answer").await.unwrap();
        drop(server);
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        assert_eq!((&asked, answer.as_str()), (b"ask", "answer"));
    }

    #[tokio::test]
    async fn a_taken_port_is_named() {
        let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = taken.local_addr().unwrap();
        let refused = Forward::bind(address.port(), address).await.err().unwrap();
        assert!(refused.to_string().contains(&address.port().to_string()));
    }
}
