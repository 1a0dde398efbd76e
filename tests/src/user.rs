//! Users of the website, and the events about them.

use jiff::Timestamp;
use roost_domain::naming::TenantId;
use serde_json::{Value, json};
use ulid::Ulid;

/// A user nobody else in any test is.
#[derive(Debug, Clone)]
pub struct User {
    /// The id.
    pub id: TenantId,
    /// The name, which no other user has either.
    pub name: String,
}

impl User {
    /// A new user whose name begins with `prefix`.
    #[must_use]
    pub fn new(prefix: &str) -> Self {
        let unique = Ulid::new().to_string().to_lowercase();
        let name = format!("{prefix}-{}", &unique[16..]);
        match TenantId::parse(&unique) {
            Ok(id) => Self { id, name },
            Err(_) => unreachable!("a ULID is a valid id"),
        }
    }

    /// The namespace the user gets if the name is free.
    #[must_use]
    pub fn namespace(&self) -> String {
        format!("user-{}", self.name)
    }

    /// The detail of a signup.
    #[must_use]
    pub fn signed_up(&self, plan: &str, version: u64) -> Value {
        json!({
            "user_id": self.id, "name": self.name, "email_hash": "ab".repeat(32), "plan": plan, "version": version
        })
    }

    /// The detail of a change of plan.
    #[must_use]
    pub fn plan_changed(&self, plan: &str, version: u64) -> Value {
        json!({"user_id": self.id, "plan": plan, "version": version})
    }

    /// The detail of a deletion.
    #[must_use]
    pub fn deleted(&self, version: u64) -> Value {
        json!({"user_id": self.id, "version": version})
    }
}

/// An event as it stands in the queue.
#[must_use]
pub fn envelope(kind: &str, detail: &Value) -> String {
    json!({
        "version": "0", "id": Ulid::new().to_string(), "source": "roost.website", "account": "000000000000",
        "region": "eu-west-1", "resources": [], "time": Timestamp::now(), "detail-type": kind, "detail": detail,
    })
    .to_string()
}
