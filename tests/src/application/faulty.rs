//! Applications that end in a failure: `hello` with one thing wrong.

use anyhow::Result;

use super::Application;

const API_RECIPE: &str = "api/Dockerfile";
const API_SERVER: &str = "api/server.py";
const API_OBJECTS: &str = "k8s/api.yaml";
const COMPILING: &str = "RUN python3 -m py_compile server.py";
const CONTAINERS: &str = "      containers:\n";
const INIT_CONTAINER: &str = r"      initContainers:
        - name: prepare
          image: no-such-image:1.0
";
const VOLUMES: &str = r"      volumes:
        - name: data
          persistentVolumeClaim:
            claimName: data
";
const CLAIM: &str = r"apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data
spec:
  storageClassName: no-such-class
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 1Gi
";

fn hello() -> Result<Application> {
    Application::fixture("hello")
}

fn with_build_step(step: &str) -> Result<Application> {
    hello()?.with_text(API_RECIPE, COMPILING, step)
}

/// A step of its build says why, and ends with code 3.
pub fn build_fails() -> Result<Application> {
    with_build_step("RUN echo 'the compiler gives up' >&2; exit 3")
}

/// A step of its build never ends, and says something every second.
pub fn build_never_ends() -> Result<Application> {
    with_build_step("RUN while true; do echo still at it; sleep 1; done")
}

/// A step of its build takes all the memory it can get.
pub fn build_eats_memory() -> Result<Application> {
    with_build_step("RUN python3 -c 'taken = [bytes(range(256)) * 65536 for _ in range(4096)]'")
}

/// Its build starts from an image that does not exist.
pub fn base_image_is_missing() -> Result<Application> {
    hello()?.with_text(API_RECIPE, "python:3.11-slim", "python:0.1-none")
}

/// Its server says why, and ends with code 1.
pub fn crashes_at_start() -> Result<Application> {
    hello()?.with_text(API_SERVER, "GREETING = \"Hello\"", "sys.exit(\"the database is gone\")")
}

/// One of its containers has an image that does not exist and that is not built either.
pub fn image_is_missing() -> Result<Application> {
    hello()?.with_text(API_OBJECTS, CONTAINERS, &format!("{INIT_CONTAINER}{CONTAINERS}"))
}

/// Its server answers, but never what the probe asks for.
pub fn probe_fails() -> Result<Application> {
    hello()?.with_text(API_SERVER, "self.send_response(200)", "self.send_response(500)")
}

/// It asks for more than any plan gives.
pub fn exceeds_the_quota() -> Result<Application> {
    hello()?.with_text(API_OBJECTS, "cpu: 150m", "cpu: \"100\"")
}

/// It asks for a volume of a class that nobody provides: no node can take its pod.
pub fn cannot_be_scheduled() -> Result<Application> {
    let changed = hello()?.with_text(API_OBJECTS, CONTAINERS, &format!("{VOLUMES}{CONTAINERS}"))?;
    Ok(changed.with_file("k8s/data.yaml", CLAIM))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_differs_from_what_works() {
        let working = hello().unwrap().archive().unwrap();
        let all: [fn() -> Result<Application>; 9] = [
            build_fails,
            build_never_ends,
            build_eats_memory,
            base_image_is_missing,
            crashes_at_start,
            image_is_missing,
            probe_fails,
            exceeds_the_quota,
            cannot_be_scheduled,
        ];
        for faulty in all {
            assert_ne!(faulty().unwrap().archive().unwrap(), working);
        }
    }
}
