//! What forgers try.

use jiff::Timestamp;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ED25519, PKCS_RSA_SHA256, RsaKeySize};
use serde_json::{Value, json};

use super::*;

const ISSUER: &str = "https://id.example.com";

struct Issuer {
    key: EncodingKey,
    algorithm: Algorithm,
    public: Jwk,
}

impl Issuer {
    fn es256(kid: &str) -> Self {
        let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let key = EncodingKey::from_ec_pem(pair.serialize_pem().as_bytes()).unwrap();
        let mut public = Jwk::from_encoding_key(&key, Algorithm::ES256).unwrap();
        public.common.key_id = Some(kid.to_owned());
        Self { key, algorithm: Algorithm::ES256, public }
    }

    fn rs256(kid: &str) -> Self {
        let pair = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap();
        let key = EncodingKey::from_rsa_pem(pair.serialize_pem().as_bytes()).unwrap();
        let mut public = Jwk::from_encoding_key(&key, Algorithm::RS256).unwrap();
        public.common.key_id = Some(kid.to_owned());
        Self { key, algorithm: Algorithm::RS256, public }
    }

    fn ed25519(kid: &str) -> Self {
        let pair = KeyPair::generate_for(&PKCS_ED25519).unwrap();
        let key = EncodingKey::from_ed_pem(pair.serialize_pem().as_bytes()).unwrap();
        let x = data_encoding::BASE64URL_NOPAD.encode(pair.public_key_raw());
        let public = json!({"kty": "OKP", "crv": "Ed25519", "kid": kid, "alg": "EdDSA", "use": "sig", "x": x});
        Self { key, algorithm: Algorithm::EdDSA, public: serde_json::from_value(public).unwrap() }
    }

    fn sign(&self, claims: &Value) -> String {
        let header = Header { kid: self.public.common.key_id.clone(), ..Header::new(self.algorithm) };
        encode(&header, claims, &self.key).unwrap()
    }

    fn verifier(&self) -> Verifier {
        let expectation = Expectation { issuer: ISSUER.to_owned(), audience: "roost".to_owned() };
        Verifier::new(JwkSet { keys: vec![self.public.clone()] }, expectation)
    }
}

fn claims() -> Value {
    json!({"iss": ISSUER, "aud": "roost", "sub": "alice", "exp": Timestamp::now().as_second() + 60})
}

fn with(field: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[field] = value;
    claims
}

fn without(field: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().unwrap().remove(field);
    claims
}

fn unsigned(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| data_encoding::BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    format!("{}.{}.", part(header), part(claims))
}

#[test]
fn a_user_and_the_website_are_known_by_their_tokens() {
    for issuer in [Issuer::es256("k1"), Issuer::ed25519("k1"), Issuer::rs256("k1")] {
        let verified = issuer.verifier().verify(&issuer.sign(&claims()));
        assert_eq!(verified, Ok(Identity::User(TenantId::parse("alice").unwrap())));
        let website = with("roost_role", json!("website"));
        assert_eq!(issuer.verifier().verify(&issuer.sign(&website)), Ok(Identity::Website));
    }
}

#[test]
fn a_token_for_others_of_others_or_of_another_time_does_not_count() {
    let issuer = Issuer::es256("k1");
    let now = Timestamp::now().as_second();
    for (claims, expected) in [
        (with("iss", json!("https://id.example.org")), TokenRefusal::Issuer),
        (with("iss", json!("https://id.example.com/")), TokenRefusal::Issuer),
        (with("aud", json!("another")), TokenRefusal::Audience),
        (with("exp", json!(now - 31)), TokenRefusal::Expired),
        (with("nbf", json!(now + 31)), TokenRefusal::NotYet),
        (without("exp"), TokenRefusal::Incomplete),
        (without("aud"), TokenRefusal::Incomplete),
        (without("iss"), TokenRefusal::Incomplete),
        (with("roost_role", json!("administrator")), TokenRefusal::Incomplete),
    ] {
        assert_eq!(issuer.verifier().verify(&issuer.sign(&claims)), Err(expected), "{claims}");
    }
    for subject in ["", "../../etc", "a/b"] {
        let refused = issuer.verifier().verify(&issuer.sign(&with("sub", json!(subject))));
        assert!(matches!(refused, Err(TokenRefusal::Subject(_))), "{subject:?}: {refused:?}");
    }
}

#[test]
fn a_token_that_nobody_signed_does_not_count() {
    let issuer = Issuer::es256("k1");
    for name in ["none", "None", "NONE", "nOnE"] {
        let forged = unsigned(&json!({"alg": name, "kid": "k1"}), &claims());
        assert!(issuer.verifier().verify(&forged).is_err(), "{name}");
    }
    let stripped = issuer.sign(&claims());
    let stripped = &stripped[..=stripped.rfind('.').unwrap()];
    assert_eq!(issuer.verifier().verify(stripped), Err(TokenRefusal::Signature));
}

#[test]
fn a_public_key_is_no_shared_secret() {
    let issuer = Issuer::es256("k1");
    let published = serde_json::to_string(&issuer.public).unwrap();
    let header = Header { kid: Some("k1".to_owned()), ..Header::new(Algorithm::HS256) };
    let forged = encode(&header, &claims(), &EncodingKey::from_secret(published.as_bytes())).unwrap();
    assert_eq!(issuer.verifier().verify(&forged), Err(TokenRefusal::Algorithm));
    // Even if an issuer publishes a secret by mistake, nothing signed with it counts.
    let secret = json!({"kty": "oct", "kid": "k1", "k": "c2VjcmV0"});
    let keys = JwkSet { keys: vec![serde_json::from_value(secret).unwrap()] };
    let expectation = Expectation { issuer: ISSUER.to_owned(), audience: "roost".to_owned() };
    let forged = encode(&header, &claims(), &EncodingKey::from_secret(b"secret")).unwrap();
    assert_eq!(Verifier::new(keys, expectation).verify(&forged), Err(TokenRefusal::Algorithm));
}

#[test]
fn a_key_counts_for_its_own_algorithm_and_name_alone() {
    let (issuer, other) = (Issuer::es256("k1"), Issuer::ed25519("k1"));
    assert_eq!(issuer.verifier().verify(&other.sign(&claims())), Err(TokenRefusal::Algorithm));
    let stranger = Issuer::es256("k2");
    assert_eq!(issuer.verifier().verify(&stranger.sign(&claims())), Err(TokenRefusal::UnknownKey));
    let liar = Issuer::es256("k1");
    assert_eq!(issuer.verifier().verify(&liar.sign(&claims())), Err(TokenRefusal::Signature));
}

#[test]
fn a_key_that_the_token_brings_along_is_not_looked_at() {
    let (issuer, forger) = (Issuer::es256("k1"), Issuer::es256("mine"));
    let header = Header {
        jwk: Some(forger.public.clone()),
        jku: Some("https://evil.example/keys".to_owned()),
        ..Header::new(Algorithm::ES256)
    };
    let nameless = encode(&header, &claims(), &forger.key).unwrap();
    assert_eq!(issuer.verifier().verify(&nameless), Err(TokenRefusal::NoKeyName));
    let named = encode(&Header { kid: Some("k1".to_owned()), ..header }, &claims(), &forger.key).unwrap();
    assert_eq!(issuer.verifier().verify(&named), Err(TokenRefusal::Signature));
}

#[test]
fn what_is_no_token_is_refused_before_it_is_read() {
    let issuer = Issuer::es256("k1");
    assert_eq!(issuer.verifier().verify(&"x".repeat(LONGEST_TOKEN + 1)), Err(TokenRefusal::TooLong));
    let long = issuer.sign(&with("padding", json!("x".repeat(LONGEST_TOKEN))));
    assert_eq!(issuer.verifier().verify(&long), Err(TokenRefusal::TooLong));
    for text in ["", ".", "..", "a.b.c", "eyJ.eyJ.sig", "\u{0}"] {
        assert_eq!(issuer.verifier().verify(text), Err(TokenRefusal::Unreadable), "{text:?}");
    }
}

#[test]
fn a_changed_token_does_not_count() {
    let issuer = Issuer::es256("k1");
    let (own, others) = (issuer.sign(&claims()), issuer.sign(&with("sub", json!("bob"))));
    let parts = |token: &str| token.split('.').map(str::to_owned).collect::<Vec<_>>();
    let (own, others) = (parts(&own), parts(&others));
    let mixed = format!("{}.{}.{}", own[0], others[1], own[2]);
    assert_eq!(issuer.verifier().verify(&mixed), Err(TokenRefusal::Signature));
}
