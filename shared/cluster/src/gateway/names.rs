//! By which names the gateway counts requests for an app. Traefik makes a router of each rule of a route and calls it
//! `httproute-{namespace}-{route}-gw-{gateway's namespace}-{gateway}-ep-{entry point}-{rule}-{hash}@kubernetesgateway`.

const GATEWAY: &str = "-gw-roost-system-roost-ep-";

/// What the names of an app's routers begin with. Two apps may share it (dashes are in names, and between them): then each
/// counts as used when the other is.
pub(crate) fn key_of_app(namespace: &str, project: &str) -> String {
    normalized(&format!("httproute-{namespace}-roost-{project}"))
}

/// What a router's name begins with, if it is one of an app's.
pub(crate) fn key_of_router(name: &str) -> Option<&str> {
    name.rfind(GATEWAY).and_then(|end| name.get(..end))
}

/// As Traefik does: what is no letter or digit separates, and several of it are as one.
fn normalized(name: &str) -> String {
    let parts: Vec<_> = name.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_app_is_found_by_its_routers() {
        let router = "httproute-user-alice-roost-shop-gw-roost-system-roost-ep-websecure-0-0f3a@kubernetesgateway";
        assert_eq!(key_of_router(router), Some(key_of_app("user-alice", "shop").as_str()));
        let of_dashes = "httproute-user-a-b-roost-c-d-gw-roost-system-roost-ep-websecure-1-0f3a@kubernetesgateway";
        assert_eq!(key_of_router(of_dashes), Some(key_of_app("user-a--b", "c--d").as_str()));
    }

    #[test]
    fn the_platforms_own_routers_are_no_apps() {
        let registry =
            "httproute-roost-system-registry-gw-roost-system-roost-platform-ep-websecure-0-1a@kubernetesgateway";
        assert_eq!(key_of_router(registry), None);
        assert_eq!(key_of_router("ping@internal"), None);
    }
}
