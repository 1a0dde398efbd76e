//! Which route a path takes, as the gateway decides it while the app is awake.

use crate::manifest::Route;

const WHOLE_HOST: &str = "/";

/// The route with the longest prefix that covers the path: whole parts of it, as the Gateway API's `PathPrefix` does.
#[must_use]
pub fn route_of<'a>(path: &str, routes: &'a [Route]) -> Option<&'a Route> {
    let covering = routes.iter().filter(|route| covers(route.path.as_str(), path));
    covering.max_by_key(|route| route.path.as_str().len())
}

fn covers(prefix: &str, path: &str) -> bool {
    match prefix {
        // What does not begin so is no path: the address of a proxy's request, or `*`.
        WHOLE_HOST => path.starts_with('/'),
        _ => path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::PathPrefix;

    fn routes(paths: &[&str]) -> Vec<Route> {
        let route =
            |path: &&str| Route { path: PathPrefix::parse(path).unwrap(), service: (*path).to_owned(), port: 80 };
        paths.iter().map(route).collect()
    }

    #[test]
    fn the_longest_prefix_of_whole_parts_wins() {
        let routes = routes(&["/", "/api", "/api/v1"]);
        let cases = [
            ("/", "/"),
            ("/apis", "/"),
            ("/api", "/api"),
            ("/api/", "/api"),
            ("/api/v1x", "/api"),
            ("/api/v1/a", "/api/v1"),
        ];
        for (path, expected) in cases {
            assert_eq!(route_of(path, &routes).map(|route| route.service.as_str()), Some(expected), "{path}");
        }
    }

    #[test]
    fn a_path_that_nobody_claims_leads_nowhere() {
        let routes = routes(&["/api"]);
        for path in ["/", "/apis", "/API", "*", ""] {
            assert_eq!(route_of(path, &routes), None, "{path}");
        }
        assert_eq!(route_of("*", &self::routes(&["/"])), None);
    }
}
