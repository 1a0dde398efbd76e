//! A token for EKS: a presigned question to STS, signed here without a call
//! (<https://github.com/kubernetes-sigs/aws-iam-authenticator#api-authorization-from-outside-a-cluster>).

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sigv4::http_request::{SignableBody, SignableRequest, SignatureLocation, SigningSettings, sign};
use aws_sigv4::sign::v4;
use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use secrecy::SecretString;

use super::EksCluster;

/// EKS takes a token for 15 minutes after it was signed, whatever the URL says of its own expiry.
const GOOD_FOR: Duration = Duration::from_mins(14);
const URL_EXPIRY: Duration = Duration::from_mins(1);

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum EksTokenError {
    /// The function has no AWS identity.
    #[error("there are no AWS credentials to sign the cluster's token with: {0}")]
    Credentials(#[from] aws_credential_types::provider::error::CredentialsError),
    /// The signature could not be made.
    #[error("the cluster's token could not be signed: {0}")]
    Signing(String),
}

pub(super) async fn token(
    cluster: &EksCluster,
    aws: &SharedCredentialsProvider,
    now: SystemTime,
) -> Result<(SecretString, Timestamp), EksTokenError> {
    let credentials = aws.provide_credentials().await?;
    let url = presigned_url(cluster, credentials, now)?;
    let valid_until = Timestamp::try_from(now + GOOD_FOR).unwrap_or(Timestamp::MAX);
    Ok((SecretString::from(format!("k8s-aws-v1.{}", BASE64URL_NOPAD.encode(url.as_bytes()))), valid_until))
}

fn presigned_url(cluster: &EksCluster, credentials: Credentials, now: SystemTime) -> Result<String, EksTokenError> {
    let failed = |error: &dyn std::fmt::Display| EksTokenError::Signing(error.to_string());
    let host = format!("sts.{}.amazonaws.com", cluster.region);
    let url = format!("https://{host}/?Action=GetCallerIdentity&Version=2011-06-15");
    let mut settings = SigningSettings::default();
    settings.signature_location = SignatureLocation::QueryParams;
    settings.expires_in = Some(URL_EXPIRY);
    // The authenticator knows the parameters of a signature and no others.
    settings.excluded_headers = Some(vec!["user-agent".into()]);
    let identity = credentials.into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(&cluster.region)
        .name("sts")
        .time(now)
        .settings(settings)
        .build()
        .map_err(|error| failed(&error))?;
    let headers = [("host", host.as_str()), ("x-k8s-aws-id", cluster.name.as_str())];
    let request = SignableRequest::new("GET", &url, headers.into_iter(), SignableBody::Bytes(&[]));
    let request = request.map_err(|error| failed(&error))?;
    let (instructions, _) = sign(request, &parameters.into()).map_err(|error| failed(&error))?.into_parts();
    let mut request = http::Request::builder().uri(&url).body(()).map_err(|error| failed(&error))?;
    instructions.apply_to_request_http1x(&mut request);
    Ok(request.uri().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cluster() -> EksCluster {
        EksCluster {
            name: "prod-eu".to_owned(),
            region: "eu-west-1".to_owned(),
            endpoint: "https://example.eks.amazonaws.com".to_owned(),
            ca: String::new(),
        }
    }

    fn credentials() -> Credentials {
        let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
        Credentials::new("AKIDEXAMPLE", secret, Some("FwoG/token+with=chars".to_owned()), None, "test")
    }

    /// The signature botocore makes of the same request.
    #[test]
    fn the_signature_is_the_one_the_aws_cli_makes() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_000_000);
        let url = presigned_url(&cluster(), credentials(), now).unwrap();
        assert!(url.contains("X-Amz-Date=20261118T110640Z"), "{url}");
        assert!(url.contains("X-Amz-SignedHeaders=host%3Bx-k8s-aws-id"), "{url}");
        let signature = "42e13ee9012dfb9df8a2dae8331dcd4a70e1198cb4a244381c9b2225af62e7a2";
        assert!(url.contains(&format!("X-Amz-Signature={signature}&")), "{url}");
    }

    #[tokio::test]
    async fn the_token_has_only_what_the_authenticator_allows_and_ends_before_eks_stops_taking_it() {
        use secrecy::ExposeSecret;
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_000_000);
        let (token, until) = token(&cluster(), &SharedCredentialsProvider::new(credentials()), now).await.unwrap();
        let encoded = token.expose_secret().strip_prefix("k8s-aws-v1.").unwrap();
        let url = String::from_utf8(BASE64URL_NOPAD.decode(encoded.as_bytes()).unwrap()).unwrap();
        let allowed = [
            "action",
            "version",
            "x-amz-algorithm",
            "x-amz-credential",
            "x-amz-date",
            "x-amz-expires",
            "x-amz-security-token",
            "x-amz-signature",
            "x-amz-signedheaders",
        ];
        for pair in url.split_once('?').unwrap().1.split('&') {
            let key = pair.split('=').next().unwrap().to_lowercase();
            assert!(allowed.contains(&key.as_str()), "{key}");
        }
        assert!(token.expose_secret().len() <= 4096);
        assert_eq!(until.as_second(), 1_795_000_000 + 14 * 60);
    }
}
