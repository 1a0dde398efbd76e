//! May this caller do this?

use super::{Action, Caller};
use crate::naming::{ProjectName, TenantId};

/// What a request is about.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// Whose it is; absent if it is nobody's.
    pub tenant: Option<&'a TenantId>,
    /// The project, if it is about one.
    pub project: Option<&'a ProjectName>,
}

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// It is somebody else's: the answer is the same as if it were not there.
    #[error("there is no such thing")]
    Hidden,
    /// The website has to say for whom it acts.
    #[error("the website acts for a user: name the user in Roost-Act-For")]
    ForNobody,
    /// The token is for one project.
    #[error("this token is for one project only; use one for all of your projects")]
    OneProject,
    /// No token may do that.
    #[error("no token may do this; sign in and do it yourself")]
    PeopleOnly,
}

/// Whether a caller may do something to something.
pub fn authorize(caller: &Caller, action: Action, target: Target<'_>) -> Result<(), Denied> {
    let Some(user) = caller.acts_for() else {
        return if action.is_about_nobodys() { Ok(()) } else { Err(Denied::ForNobody) };
    };
    if target.tenant.is_some_and(|tenant| tenant != user) {
        return Err(Denied::Hidden);
    }
    match caller {
        Caller::Agent(_) if action.is_for_people() => Err(Denied::PeopleOnly),
        Caller::Agent(agent) => within(agent.project.as_ref(), action, target.project),
        Caller::User(_) | Caller::Website { .. } => Ok(()),
    }
}

fn within(confined_to: Option<&ProjectName>, action: Action, project: Option<&ProjectName>) -> Result<(), Denied> {
    match (confined_to, project) {
        (Some(own), Some(project)) if own != project => Err(Denied::Hidden),
        (Some(_), None) if action.tells_of_all_projects() => Err(Denied::OneProject),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Agent;
    use crate::naming::TokenId;

    fn user(id: &str) -> TenantId {
        TenantId::parse(id).unwrap()
    }

    fn project(name: &str) -> ProjectName {
        ProjectName::parse(name).unwrap()
    }

    fn agent(confined_to: Option<&str>) -> Caller {
        let token = TokenId::parse("01JD6Y4T8Q2M5N7P9R1S3V5X7Z").unwrap();
        Caller::Agent(Agent { owner: user("alice"), token, project: confined_to.map(project) })
    }

    fn ask(caller: &Caller, action: Action, tenant: &str, name: Option<&str>) -> Result<(), Denied> {
        let (tenant, name) = (user(tenant), name.map(project));
        authorize(caller, action, Target { tenant: Some(&tenant), project: name.as_ref() })
    }

    #[test]
    fn strangers_are_not_told_what_there_is() {
        let website = Caller::Website { acting_for: Some(user("bob")) };
        for caller in [Caller::User(user("bob")), website] {
            for action in [Action::ReadProject, Action::ReadKubeconfig, Action::CreateToken, Action::ReadEvents] {
                assert_eq!(ask(&caller, action, "alice", Some("shop")), Err(Denied::Hidden));
                assert_eq!(ask(&caller, action, "bob", Some("shop")), Ok(()));
            }
        }
        assert_eq!(ask(&agent(None), Action::ReadProject, "bob", Some("shop")), Err(Denied::Hidden));
        assert_eq!(ask(&Caller::User(user("bob")), Action::SendMessage, "alice", Some("shop")), Err(Denied::Hidden));
    }

    #[test]
    fn the_website_acts_for_a_user_or_lists_them_all() {
        let website = Caller::Website { acting_for: None };
        for action in [Action::ListUsers, Action::ListAgents] {
            assert_eq!(authorize(&website, action, Target { tenant: None, project: None }), Ok(()));
        }
        assert_eq!(ask(&website, Action::ReadProject, "alice", Some("shop")), Err(Denied::ForNobody));
    }

    #[test]
    fn a_token_makes_no_tokens_and_opens_no_cluster() {
        for action in [Action::ListTokens, Action::CreateToken, Action::RevokeToken, Action::ReadKubeconfig] {
            assert_eq!(ask(&agent(None), action, "alice", None), Err(Denied::PeopleOnly));
        }
        assert_eq!(ask(&agent(None), Action::DeleteProject, "alice", Some("shop")), Ok(()));
    }

    #[test]
    fn a_token_for_one_project_knows_of_no_other() {
        let confined = agent(Some("shop"));
        assert_eq!(ask(&confined, Action::RollBack, "alice", Some("shop")), Ok(()));
        assert_eq!(ask(&confined, Action::SendMessage, "alice", Some("shop")), Ok(()));
        assert_eq!(ask(&confined, Action::SendMessage, "alice", Some("chat")), Err(Denied::Hidden));
        assert_eq!(ask(&confined, Action::ReadStatus, "alice", Some("blog")), Err(Denied::Hidden));
        assert_eq!(ask(&confined, Action::CreateProject, "alice", None), Err(Denied::OneProject));
        assert_eq!(ask(&confined, Action::ReadEvents, "alice", None), Err(Denied::OneProject));
        assert_eq!(ask(&confined, Action::ListProjects, "alice", None), Ok(()));
    }
}
