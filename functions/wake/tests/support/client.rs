//! A client of the waker, as the gateway is one.

use std::net::SocketAddr;

use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Bytes, Incoming};
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::Value;
use tokio::net::TcpStream;

/// An answer that was read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    /// What an app said.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("{self:?} is not JSON"))
    }

    pub fn is_of_app(&self) -> bool {
        self.headers.contains_key("x-app")
    }
}

/// A request for a path of a host.
pub fn request(method: &str, host: &str, path: &str, headers: &[(&str, &str)]) -> Request<Full<Bytes>> {
    let mut request = Request::builder().method(method).uri(path).header("host", host);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Full::default()).unwrap()
}

/// Sends a request on a connection of its own.
pub async fn send<B>(address: SocketAddr, request: Request<B>) -> anyhow::Result<Response<Incoming>>
where
    B: Body<Data = Bytes, Error = std::convert::Infallible> + Send + 'static,
{
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection.with_upgrades());
    Ok(sender.send_request(request).await?)
}

/// Sends a request, and reads the whole answer.
pub async fn ask<B>(address: SocketAddr, request: Request<B>) -> anyhow::Result<Answer>
where
    B: Body<Data = Bytes, Error = std::convert::Infallible> + Send + 'static,
{
    read(send(address, request).await?).await
}

/// A connection for many requests at once.
#[derive(Clone)]
pub struct Http2(http2::SendRequest<Full<Bytes>>);

impl Http2 {
    pub async fn connect(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self(sender))
    }

    /// Sends a request, whose address names the host, and reads the whole answer.
    pub async fn ask(mut self, request: Request<Full<Bytes>>) -> anyhow::Result<Answer> {
        self.0.ready().await?;
        read(self.0.send_request(request).await?).await
    }
}

async fn read(response: Response<Incoming>) -> anyhow::Result<Answer> {
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await?.to_bytes();
    Ok(Answer { status: parts.status, headers: parts.headers, text: String::from_utf8(bytes.to_vec())? })
}
