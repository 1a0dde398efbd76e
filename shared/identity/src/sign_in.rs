//! Signs people in at the issuer as browsers do: they come back with a code, which is exchanged for their token by whoever
//! knows the secret that the journey began with (<https://www.rfc-editor.org/rfc/rfc7636>).

use futures::future::BoxFuture;
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AuthUrl, AuthorizationCode, ClientId, CsrfToken, EndpointNotSet, EndpointSet, ExtraTokenFields, HttpRequest,
    HttpResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, StandardRevocableToken,
    StandardTokenResponse, TokenUrl,
};
use reqwest::Client;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::discovery::{Description, client, describe};
use crate::{Expectation, SignInError};

/// Signs people in at one issuer.
#[derive(Clone)]
pub struct SignIn {
    client: Client,
    expectation: Expectation,
    returns_to: RedirectUrl,
}

/// A journey to the issuer.
pub struct Journey {
    /// Where the browser goes.
    pub url: String,
    /// Comes back with the browser: who began this one knows it.
    pub state: String,
    /// Stays here: the code is worth nothing without it.
    pub secret: String,
}

/// What comes with a token: the one that says who somebody is.
#[derive(Debug, Serialize, Deserialize)]
struct WithIdentity {
    id_token: String,
}

impl ExtraTokenFields for WithIdentity {}

type Tokens = StandardTokenResponse<WithIdentity, BasicTokenType>;
type Protocol = oauth2::Client<
    BasicErrorResponse,
    Tokens,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

impl SignIn {
    /// At the expected issuer, for the client whose id is the expected audience; people come back to that URL.
    pub fn new(expectation: Expectation, returns_to: String) -> Result<Self, SignInError> {
        let what = "the place to come back to";
        let returns_to = RedirectUrl::new(returns_to).map_err(|source| SignInError::Address { what, source })?;
        Ok(Self { client: client()?, expectation, returns_to })
    }

    /// Begins a journey; the issuer may be told whom to expect.
    pub async fn begin(&self, hint: Option<&str>) -> Result<Journey, SignInError> {
        let protocol = self.protocol().await?;
        let (challenge, secret) = PkceCodeChallenge::new_random_sha256();
        let mut request = protocol.authorize_url(CsrfToken::new_random).add_scope(Scope::new("openid".to_owned()));
        if let Some(hint) = hint {
            request = request.add_extra_param("login_hint", hint);
        }
        let (url, state) = request.set_pkce_challenge(challenge).url();
        Ok(Journey { url: url.into(), state: state.into_secret(), secret: secret.into_secret() })
    }

    /// The token of whoever came back with a code.
    pub async fn end(&self, code: String, secret: String) -> Result<SecretString, SignInError> {
        let protocol = self.protocol().await?;
        let request = protocol.exchange_code(AuthorizationCode::new(code));
        let request = request.set_pkce_verifier(PkceCodeVerifier::new(secret));
        match request.request_async(&self.sender()).await {
            Ok(tokens) => Ok(tokens.extra_fields().id_token.clone().into()),
            Err(RequestTokenError::Request(error)) => Err(SignInError::Unreachable(error.to_string())),
            Err(error) => Err(SignInError::Refused(error.to_string())),
        }
    }

    async fn protocol(&self) -> Result<Protocol, SignInError> {
        let Description { authorization_endpoint, token_endpoint, .. } =
            describe(&self.client, &self.expectation.issuer).await?;
        let (Some(people), Some(tokens)) = (authorization_endpoint, token_endpoint) else {
            return Err(SignInError::NotForPeople);
        };
        let people = AuthUrl::new(people).map_err(|source| SignInError::Address { what: "the sign-in", source })?;
        let tokens = TokenUrl::new(tokens).map_err(|source| SignInError::Address { what: "the exchange", source })?;
        let protocol = oauth2::Client::new(ClientId::new(self.expectation.audience.clone()));
        Ok(protocol.set_auth_uri(people).set_token_uri(tokens).set_redirect_uri(self.returns_to.clone()))
    }

    fn sender(&self) -> impl Fn(HttpRequest) -> BoxFuture<'static, Result<HttpResponse, reqwest::Error>> + use<> {
        let client = self.client.clone();
        move |request| Box::pin(send(client.clone(), request))
    }
}

async fn send(client: Client, request: HttpRequest) -> Result<HttpResponse, reqwest::Error> {
    let answer = client.execute(request.try_into()?).await?;
    let mut response = HttpResponse::new(Vec::new());
    *response.status_mut() = answer.status();
    *response.headers_mut() = answer.headers().clone();
    *response.body_mut() = answer.bytes().await?.to_vec();
    Ok(response)
}
