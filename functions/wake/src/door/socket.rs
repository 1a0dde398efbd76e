//! A client's connection, which tells when the client leaves even while its request's body is not read: without that,
//! whoever leaves while waiting would keep its place until its time is over.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::TcpStream;

/// One end of a client's connection.
#[derive(Debug)]
pub(super) struct Socket(Arc<TcpStream>);

/// Whether the client of a connection is still there.
#[derive(Debug, Clone)]
pub struct Presence(Arc<TcpStream>);

impl Socket {
    pub(super) fn new(stream: TcpStream) -> (Self, Presence) {
        let stream = Arc::new(stream);
        (Self(Arc::clone(&stream)), Presence(stream))
    }
}

impl Presence {
    /// Ends when the client has closed its end. A client whose unsent body fills the buffers is seen to leave only once
    /// the kernel gives it up.
    pub async fn ended(&self) {
        // Readiness for urgent data comes with that of a closed end, and not with that of data, which stays unread.
        while let Ok(ready) = self.0.ready(Interest::PRIORITY).await {
            if ready.is_read_closed() || ready.is_error() {
                return;
            }
            // Nobody sends urgent data; whoever does is not looked at without a pause.
            tokio::task::yield_now().await;
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        loop {
            ready!(self.0.poll_read_ready(context))?;
            match self.0.try_read_buf(buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                read => return Poll::Ready(read.map(drop)),
            }
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_writing(context, |stream| stream.try_write(bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.poll_writing(context, |stream| stream.try_write_vectored(slices))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(match rustix::net::shutdown(&*self.0, rustix::net::Shutdown::Write) {
            // The client was faster.
            Err(rustix::io::Errno::NOTCONN) => Ok(()),
            done => done.map_err(io::Error::from),
        })
    }
}

impl Socket {
    fn poll_writing(
        &self,
        context: &mut Context<'_>,
        write: impl Fn(&TcpStream) -> io::Result<usize>,
    ) -> Poll<io::Result<usize>> {
        loop {
            ready!(self.0.poll_write_ready(context))?;
            match write(&self.0) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                written => return Poll::Ready(written),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;
    use tokio::time::timeout;

    use super::*;

    const SOON: Duration = Duration::from_secs(5);

    async fn connection() -> (TcpStream, Socket, Presence) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (socket, presence) = Socket::new(listener.accept().await.unwrap().0);
        (client, socket, presence)
    }

    #[tokio::test]
    async fn a_client_that_leaves_is_noticed_behind_what_it_sent() {
        let (mut client, _socket, presence) = connection().await;
        client.write_all(&[7; 10_000]).await.unwrap();
        assert!(timeout(Duration::from_millis(50), presence.ended()).await.is_err(), "it is there");
        drop(client);
        timeout(SOON, presence.ended()).await.unwrap();
    }

    #[tokio::test]
    async fn bytes_go_both_ways_while_somebody_watches() {
        let (mut client, mut socket, presence) = connection().await;
        let watching = tokio::spawn(async move { presence.ended().await });
        client.write_all(b"ping").await.unwrap();
        let mut read = [0; 4];
        socket.read_exact(&mut read).await.unwrap();
        socket.write_all(b"pong").await.unwrap();
        socket.shutdown().await.unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        assert_eq!((&read, answer.as_str()), (b"ping", "pong"));
        drop(client);
        timeout(SOON, watching).await.unwrap().unwrap();
    }
}
