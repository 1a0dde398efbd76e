//! What a message asks for.

use roost_aws::objects::ObjectKey;
use roost_domain::naming::{ProjectName, TenantId};
use roost_domain::release::ReleaseNumber;
use roost_releases::{RELEASE_BUILT, RELEASE_LOOK, ReleaseEvent, StepFailure};
use roost_runtime::Envelope;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// What a message asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Request {
    /// To bring a release further.
    Drive(ReleaseEvent),
    /// To run an earlier release again.
    RollBack { tenant: TenantId, project: ProjectName, to: ReleaseNumber },
    /// To start a project's agent for the first time.
    StartAgent { tenant: TenantId, project: ProjectName },
    /// To stop a release that is under way.
    Cancel(ReleaseEvent),
    /// To take a project away.
    Delete { tenant: TenantId, project: ProjectName },
}

#[derive(Deserialize)]
struct Written {
    object: WrittenObject,
}

#[derive(Deserialize)]
struct WrittenObject {
    key: String,
}

/// The website's requests name releases as people do.
#[derive(Deserialize)]
struct OfUser {
    user_id: TenantId,
    project: ProjectName,
    #[serde(alias = "to")]
    release: String,
}

#[derive(Deserialize)]
struct Project {
    user_id: TenantId,
    project: ProjectName,
}

impl Request {
    pub(crate) fn parse(envelope: &Envelope) -> Result<Self, StepFailure> {
        match envelope.detail_type.as_str() {
            "Object Created" => {
                let (tenant, project, release) = ObjectKey::parse_result(&detail::<Written>(envelope)?.object.key)?;
                Ok(Self::Drive(ReleaseEvent { tenant, project, release }))
            }
            RELEASE_BUILT | RELEASE_LOOK => Ok(Self::Drive(detail(envelope)?)),
            "project.rollback-requested" => {
                let OfUser { user_id: tenant, project, release } = detail(envelope)?;
                Ok(Self::RollBack { tenant, project, to: ReleaseNumber::parse(&release)? })
            }
            "release.cancel-requested" => {
                let OfUser { user_id: tenant, project, release } = detail(envelope)?;
                Ok(Self::Cancel(ReleaseEvent { tenant, project, release: ReleaseNumber::parse(&release)? }))
            }
            "project.agent-requested" => {
                let Project { user_id: tenant, project } = detail(envelope)?;
                Ok(Self::StartAgent { tenant, project })
            }
            "project.delete-requested" => {
                let Project { user_id: tenant, project } = detail(envelope)?;
                Ok(Self::Delete { tenant, project })
            }
            other => Err(StepFailure::Kind(other.to_owned())),
        }
    }

    pub(crate) fn tenant(&self) -> &TenantId {
        match self {
            Self::Drive(event) | Self::Cancel(event) => &event.tenant,
            Self::RollBack { tenant, .. } | Self::StartAgent { tenant, .. } | Self::Delete { tenant, .. } => tenant,
        }
    }
}

fn detail<T: DeserializeOwned>(envelope: &Envelope) -> Result<T, StepFailure> {
    let unreadable = |source| StepFailure::Detail { kind: envelope.detail_type.clone(), source };
    serde_json::from_value(envelope.detail.clone()).map_err(unreadable)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn parse(kind: &str, detail: &Value) -> Result<Request, StepFailure> {
        let event = json!({
            "id": "e1", "source": "s", "detail-type": kind, "time": "2026-11-21T12:00:00Z", "detail": detail,
        });
        Request::parse(&Envelope::parse(&event.to_string()).unwrap())
    }

    #[test]
    fn each_kind_of_event_names_its_release() {
        let release = ReleaseEvent {
            tenant: TenantId::parse("u1").unwrap(),
            project: ProjectName::parse("shop").unwrap(),
            release: ReleaseNumber::new(7).unwrap(),
        };
        let key = json!({"object": {"key": "results/u1/shop/r7.json"}});
        let own = json!({"tenant": "u1", "project": "shop", "release": 7});
        let users = json!({"user_id": "u1", "project": "shop", "release": "r7"});
        for (kind, detail) in [("Object Created", &key), (RELEASE_BUILT, &own), (RELEASE_LOOK, &own)] {
            assert_eq!(parse(kind, detail).unwrap(), Request::Drive(release.clone()), "{kind}");
        }
        assert_eq!(parse("release.cancel-requested", &users).unwrap(), Request::Cancel(release));
        let whole = json!({"user_id": "u1", "project": "shop"});
        assert!(matches!(parse("project.delete-requested", &whole).unwrap(), Request::Delete { .. }));
        assert!(matches!(parse("project.agent-requested", &whole).unwrap(), Request::StartAgent { .. }));
        let back = json!({"user_id": "u1", "project": "shop", "to": "r3"});
        assert!(
            matches!(parse("project.rollback-requested", &back).unwrap(), Request::RollBack { to, .. } if to.get() == 3)
        );
    }

    #[test]
    fn a_message_of_another_form_is_refused() {
        for (kind, detail) in [
            ("user.signed-up", json!({})),
            ("Object Created", json!({"object": {"key": "artifacts/u1/shop.tar.gz"}})),
            (RELEASE_BUILT, json!({"tenant": "u1", "project": "../x", "release": 7})),
            ("project.rollback-requested", json!({"user_id": "u1", "project": "shop", "to": "latest"})),
        ] {
            assert!(parse(kind, &detail).is_err(), "{kind}");
        }
    }
}
