//! A tenant's name in the cluster: valid, unique by claim, and the same for the tenant's whole life.

use data_encoding::BASE32_NOPAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use super::{TenantId, is_dns_label, reserved::is_reserved};

/// A DNS label has 63 bytes, and the namespace begins with `user-`.
const LONGEST: usize = 58;
/// No name that is used as it stands contains this, so a name with a hash never meets one without.
const BEFORE_HASH: &str = "---";
/// 50 bits: among 50,000 tenants of one name two meet with a chance of about one in a million.
const HASH_LENGTH: usize = 10;
/// What stands for a name of which nothing can be kept.
const NAMELESS: &str = "tenant";

/// The part of a tenant's namespace after `user-`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

/// Why a text is not a slug.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0:?} is not a slug: at most 58 lower-case letters, digits and '-', not at the ends")]
pub struct SlugError(String);

impl Slug {
    /// The slugs a tenant may claim, best first: the name itself if it can stand alone, then the name with a hash
    /// of the tenant's id, which nobody else can have.
    #[must_use]
    pub fn candidates(name: &str, tenant: &TenantId) -> Vec<Self> {
        let plain = name.trim().to_ascii_lowercase();
        let standalone = (is_standalone(&plain)).then(|| Self(plain.clone()));
        standalone.into_iter().chain([Self::with_hash(&plain, tenant)]).collect()
    }

    /// Takes a text that one of [`Slug::candidates`] may have been.
    pub fn parse(text: &str) -> Result<Self, SlugError> {
        if is_dns_label(text, LONGEST) { Ok(Self(text.to_owned())) } else { Err(SlugError(text.to_owned())) }
    }

    /// The namespace of the tenant with this slug.
    #[must_use]
    pub fn namespace(&self) -> String {
        format!("user-{}", self.0)
    }

    /// The slug as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn with_hash(name: &str, tenant: &TenantId) -> Self {
        let kept = readable_part(name);
        let kept = if kept.is_empty() || is_reserved(&kept) { NAMELESS.to_owned() } else { kept };
        let hash = BASE32_NOPAD.encode(&Sha256::digest(tenant.as_str())).to_ascii_lowercase();
        Self(format!("{kept}{BEFORE_HASH}{}", &hash[..HASH_LENGTH]))
    }
}

/// Whether a name can be a slug without a hash: a label, not reserved, without the doubled hyphen that marks hashes
/// and internationalised names (`xn--`).
fn is_standalone(name: &str) -> bool {
    is_dns_label(name, LONGEST) && !name.contains("--") && !is_reserved(name)
}

/// What of a name a label can carry: its ASCII letters and digits, all else folded into single hyphens.
fn readable_part(name: &str) -> String {
    let longest = LONGEST - BEFORE_HASH.len() - HASH_LENGTH;
    let mut kept = String::with_capacity(longest);
    for c in name.nfkc().flat_map(char::to_lowercase) {
        match c {
            c if c.is_ascii_alphanumeric() => kept.push(c),
            _ if kept.is_empty() || kept.ends_with('-') => {}
            _ => kept.push('-'),
        }
        if kept.len() == longest {
            break;
        }
    }
    kept.trim_end_matches('-').to_owned()
}

impl std::fmt::Display for Slug {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Slug {
    type Error = SlugError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tenant(id: &str) -> TenantId {
        TenantId::parse(id).unwrap()
    }

    fn first(name: &str, id: &str) -> String {
        Slug::candidates(name, &tenant(id))[0].to_string()
    }

    #[test]
    fn an_ordinary_name_is_the_slug() {
        assert_eq!(first("alice", "u1"), "alice");
        assert_eq!(first(" Alice ", "u1"), "alice");
        assert_eq!(Slug::candidates("alice", &tenant("u1"))[0].namespace(), "user-alice");
    }

    #[test]
    fn a_name_that_is_taken_gets_a_hash_of_the_tenant_not_of_the_name() {
        let of = |id| Slug::candidates("alice", &tenant(id))[1].to_string();
        assert_ne!(of("u1"), of("u2"));
        assert!(of("u1").starts_with("alice---"));
        assert_eq!(of("u1").len(), "alice---".len() + HASH_LENGTH);
    }

    #[test]
    fn names_that_fold_together_stay_apart() {
        let slugs = ["john_doe", "john.doe", "john doe", "John-Doe"].map(|name| first(name, "u1"));
        assert_eq!(slugs[3], "john-doe");
        assert!(slugs[..3].iter().all(|slug| slug.starts_with("john-doe---")));
        assert_ne!(first("john_doe", "u1"), first("john_doe", "u2"));
    }

    #[test]
    fn reserved_and_look_alike_names_never_stand_alone() {
        for name in
            ["admin", "kube-system", "r00t", "xn--80ak6aa92e", "a--b", "аlice", "roost", "../../etc", "a\nb", ""]
        {
            let slug = first(name, "u1");
            assert!(slug.contains(BEFORE_HASH), "{name:?} became {slug}");
            assert!(!is_reserved(slug.split(BEFORE_HASH).next().unwrap()), "{name:?} became {slug}");
        }
    }

    proptest! {
        #[test]
        fn any_name_gives_valid_slugs(name in ".{0,300}", id in "[a-z0-9]{1,40}") {
            for slug in Slug::candidates(&name, &tenant(&id)) {
                prop_assert!(is_dns_label(slug.as_str(), LONGEST), "{}", slug);
                prop_assert!(is_dns_label(&slug.namespace(), 63));
                prop_assert_eq!(Slug::parse(slug.as_str()).unwrap(), slug);
            }
        }

        #[test]
        fn the_same_signup_always_gives_the_same_slugs(name in ".{0,60}", id in "[a-z0-9]{1,40}") {
            prop_assert_eq!(Slug::candidates(&name, &tenant(&id)), Slug::candidates(&name, &tenant(&id)));
        }

        #[test]
        fn two_tenants_share_no_last_candidate(name in ".{0,60}", a in "[a-z0-9]{1,20}", b in "[a-z0-9]{1,20}") {
            prop_assume!(a != b);
            let last = |id: &str| Slug::candidates(&name, &tenant(id)).pop();
            prop_assert_ne!(last(&a), last(&b));
        }

        #[test]
        fn nobody_can_sign_up_as_anothers_hashed_slug(name in ".{0,60}", a in "[a-z0-9]{1,20}", b in "[a-z0-9]{1,20}") {
            prop_assume!(a != b);
            let of_a = Slug::candidates(&name, &tenant(&a)).pop().unwrap();
            prop_assert!(!Slug::candidates(of_a.as_str(), &tenant(&b)).contains(&of_a));
        }
    }
}
