//! A connection on which a test sends bytes as they are, as no well-behaved client would.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::running_platform::variable;

/// A connection to the gateway.
pub struct RawConnection(TlsStream<TcpStream>);

impl RawConnection {
    /// Connects to a host that the gateway serves.
    pub async fn open(host: &str) -> Result<Self> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(variable("ROOST_CA_FILE")?)?)?;
        let provider = Arc::new(aws_lc_rs::default_provider());
        let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
        let settings = builder.with_root_certificates(roots).with_no_client_auth();
        let stream = TcpStream::connect(variable("ROOST_GATEWAY_HTTPS")?).await?;
        let name = ServerName::try_from(host.to_owned())?;
        Ok(Self(TlsConnector::from(Arc::new(settings)).connect(name, stream).await?))
    }

    /// Sends bytes as they are.
    pub async fn send(&mut self, bytes: &str) -> Result<()> {
        self.0.write_all(bytes.as_bytes()).await?;
        Ok(self.0.flush().await?)
    }

    /// All that comes until the other side closes, or is silent for so long.
    pub async fn hear(&mut self, silence: Duration) -> String {
        let (mut heard, mut part) = (Vec::new(), [0; 4_096]);
        // However it ends, what came before counts.
        while let Ok(Ok(read)) = timeout(silence, self.0.read(&mut part)).await {
            if read == 0 {
                break;
            }
            heard.extend_from_slice(&part[..read]);
        }
        String::from_utf8_lossy(&heard).into_owned()
    }
}
