//! What a tenant's owner tries, and what has to stop it.

use anyhow::{Result, bail};
use http::Request;
use serde_json::Value;

use crate::owner::{Answer, Owner};

const FORBIDDEN: u16 = 403;

/// Something an owner tries.
pub struct Attempt {
    method: &'static str,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Option<Value>,
    barrier: Barrier,
}

/// What stops an attempt. Each names itself in its refusal, so that one cannot pass for another.
#[derive(Debug, Clone, Copy)]
pub enum Barrier {
    /// The owner's rights, which hold no such verb on such a resource.
    Rights(&'static str, &'static str),
    /// The owner's rights, which hold no such verb on a path that is no resource.
    RightsToPath(&'static str),
    /// The owner's rights, which hold no other identity.
    Impersonation,
    /// An admission policy of that name, with words of the rule.
    Policy(&'static str, &'static str),
    /// Pod Security's level `restricted`, with the name of the control.
    PodSecurity(&'static str),
    /// An admission plugin of the API server, with words of its own.
    ApiServer(&'static str),
    /// The quota, for too much of that resource.
    Quota(&'static str),
    /// The limits of a single container or volume, with words of the rule.
    Limits(&'static str),
}

impl Barrier {
    /// Words that a refusal has only if this is what refused it.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        match self {
            Self::Rights(verb, resource) => vec![format!("cannot {verb} resource \"{resource}\"")],
            Self::RightsToPath(verb) => vec![format!("cannot {verb} path")],
            // Followed by the resource, or since Kubernetes 1.36 by more of the verb
            // (<https://github.com/kubernetes/enhancements/issues/5284>).
            Self::Impersonation => vec!["cannot impersonate".to_owned()],
            Self::Policy(name, rule) => vec![format!("ValidatingAdmissionPolicy '{name}'"), (*rule).to_owned()],
            Self::PodSecurity(control) => vec!["violates PodSecurity \"restricted:".to_owned(), (*control).to_owned()],
            Self::ApiServer(rule) | Self::Limits(rule) => vec![(*rule).to_owned()],
            Self::Quota(resource) => vec!["exceeded quota: roost-quota".to_owned(), format!("requested: {resource}=")],
        }
    }

    /// Whether these are this barrier's words.
    #[must_use]
    pub fn speaks(&self, message: &str) -> bool {
        self.words().iter().all(|words| message.contains(words))
    }
}

impl Attempt {
    /// An attempt to do `verb` to a resource to which the owner has no such right.
    #[must_use]
    pub fn without_right(verb: &'static str, resource: &'static str, path: &str) -> Self {
        let method = match verb {
            "create" => "POST",
            "update" => "PUT",
            "patch" => "PATCH",
            "delete" | "deletecollection" => "DELETE",
            _ => "GET",
        };
        Self::stopped_by(Barrier::Rights(verb, resource), method, path)
    }

    /// Attempts to which the owner has no right: of each the verb, the resource, the path and the body.
    pub fn without_rights<Rows>(rows: Rows) -> Vec<Self>
    where
        Rows: IntoIterator<Item = (&'static str, &'static str, String, Value)>,
    {
        let attempt =
            |(verb, resource, path, body): (_, _, String, _)| Self::without_right(verb, resource, &path).with(body);
        rows.into_iter().map(attempt).collect()
    }

    /// An attempt that something else has to stop.
    #[must_use]
    pub fn stopped_by(barrier: Barrier, method: &'static str, path: &str) -> Self {
        Self { method, path: path.to_owned(), headers: Vec::new(), body: None, barrier }
    }

    /// The same attempt, with a body, unless that is null.
    #[must_use]
    pub fn with(mut self, body: Value) -> Self {
        self.body = Some(body).filter(|body| !body.is_null());
        self
    }

    /// The same attempt without any effect, should it be let through.
    #[must_use]
    pub fn rehearsed(mut self) -> Self {
        self.path.push_str(if self.path.contains('?') { "&dryRun=All" } else { "?dryRun=All" });
        self
    }

    /// The same attempt, with a header.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    async fn make(&self, owner: &Owner) -> Result<Answer> {
        let mut request = Request::builder().method(self.method).uri(&self.path);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        owner.send(request, self.body.as_ref()).await
    }

    fn judge(&self, owner: &Owner, answer: &Answer) -> Option<String> {
        // The owner is named by every refusal for want of a right; those of admission have no need to.
        let of_owner = format!("User \"system:serviceaccount:{}:tenant\"", owner.namespace);
        let by_rights = matches!(self.barrier, Barrier::Rights(..) | Barrier::RightsToPath(_) | Barrier::Impersonation);
        let right = !by_rights || answer.message.contains(&of_owner);
        let refused = answer.code == FORBIDDEN && self.barrier.speaks(&answer.message) && right;
        let (code, message) = (answer.code, &answer.message);
        (!refused)
            .then(|| format!("{} {}: not stopped by {:?}: {code} {message}", self.method, self.path, self.barrier))
    }
}

/// Makes all attempts, and fails with a list of those that were not stopped by what has to stop them.
pub async fn all_are_refused(owner: &Owner, attempts: &[Attempt]) -> Result<()> {
    let mut surprises = Vec::new();
    for attempt in attempts {
        surprises.extend(attempt.judge(owner, &attempt.make(owner).await?));
    }
    if !surprises.is_empty() {
        bail!("{} of {} attempts surprise:\n{}", surprises.len(), attempts.len(), surprises.join("\n"));
    }
    println!("{} attempts refused", attempts.len());
    Ok(())
}
