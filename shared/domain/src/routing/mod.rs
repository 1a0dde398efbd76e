//! Which service answers which paths. The user chooses paths; the host is the platform's.

#[cfg(test)]
pub(crate) mod corpus;
mod path_prefix;
mod reading;
mod service_name;

pub use path_prefix::{PathPrefix, PathPrefixError};
pub use reading::read;
pub use service_name::{ServiceName, ServiceNameError};

/// A project's routes, in the order of their services' names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Routing {
    /// The routes, no two of the same path.
    pub rules: Vec<RoutingRule>,
}

/// One route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoutingRule {
    /// The service, which must be among the project's objects.
    pub service: ServiceName,
    /// The paths it answers, unless a longer prefix claims them.
    pub path: PathPrefix,
    /// Where the route is written in `platform-config.yaml`, from 1.
    pub line: u32,
}

impl Routing {
    /// The routes in the order in which they are tried: a longer prefix before a shorter one.
    #[must_use]
    pub fn longest_first(&self) -> Vec<&RoutingRule> {
        let mut rules: Vec<_> = self.rules.iter().collect();
        rules.sort_by_key(|rule| (std::cmp::Reverse(rule.path.as_str().len()), &rule.path));
        rules
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_prefix_is_tried_before_a_shorter_one() {
        let rule = |service: &str, path: &str| RoutingRule {
            service: ServiceName::parse(service).unwrap(),
            path: PathPrefix::parse(path).unwrap(),
            line: 1,
        };
        let rules = vec![rule("web", "/"), rule("api", "/api/*"), rule("old", "/api/v1"), rule("app", "/app")];
        let routing = Routing { rules };
        let order: Vec<_> = routing.longest_first().iter().map(|rule| rule.path.as_str()).collect();
        assert_eq!(order, ["/api/v1", "/api", "/app", "/"]);
    }
}
