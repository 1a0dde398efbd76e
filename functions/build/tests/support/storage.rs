//! A storage with presigned URLs: whoever has the URL may get and put.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use roost_domain::build::SignedUrl;
use tokio::net::TcpListener;

type Objects = Arc<Mutex<BTreeMap<String, Bytes>>>;

const LARGEST: usize = 64 * 1024 * 1024;

pub(super) struct Storage {
    address: SocketAddr,
    objects: Objects,
}

impl Storage {
    pub(super) async fn start() -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let (address, objects) = (listener.local_addr()?, Objects::default());
        let service = Router::new().route("/{key}", get(read).put(write)).with_state(objects.clone());
        tokio::spawn(async move { axum::serve(listener, service).await });
        Ok(Self { address, objects })
    }

    pub(super) fn url(&self, key: &str) -> SignedUrl {
        SignedUrl::new(format!("http://{}/{key}?X-Amz-Signature=0123", self.address))
    }

    pub(super) fn put(&self, key: &str, content: Vec<u8>) {
        self.objects.lock().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned(), content.into());
    }

    pub(super) fn get(&self, key: &str) -> Result<Vec<u8>> {
        let objects = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(objects.get(key).with_context(|| format!("nothing was put as {key}"))?.to_vec())
    }
}

async fn read(State(objects): State<Objects>, Path(key): Path<String>) -> Result<Bytes, StatusCode> {
    let objects = objects.lock().unwrap_or_else(PoisonError::into_inner);
    objects.get(&key).cloned().ok_or(StatusCode::NOT_FOUND)
}

async fn write(State(objects): State<Objects>, Path(key): Path<String>, content: Body) -> Result<(), StatusCode> {
    let content = to_bytes(content, LARGEST).await.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
    objects.lock().unwrap_or_else(PoisonError::into_inner).insert(key, content);
    Ok(())
}
