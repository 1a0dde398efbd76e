//! Configurations that are refused, each with the code that says why, and configurations that are taken.

use super::{FILE_NAME, PlatformConfig, check, not_in_plan};
use crate::{
    app::IdleTime,
    artifact::{Entry, EntryPath, File, Findings, Limits, LinkTarget, Tree, TreeBuilder},
    finding::Finding,
};

/// Who finds a fault: already an editor with the published schema, or only the check, which knows the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FoundBy {
    Schema,
    Check,
}
use FoundBy::{Check, Schema};

/// An archive of two parts, with objects in a directory and in a file, and with links.
fn archive() -> Tree {
    let files = [
        "platform-config.yaml",
        "README.md",
        "frontend/Dockerfile",
        "frontend/src/main.ts",
        "backend/docker/Dockerfile.release",
        "backend/Dockerfile",
        "backend/src/main.rs",
        "k8s/web.yaml",
        "k8s/api.yml",
        "k8s/notes.txt",
        "k8s/._web.yaml",
        "k8s/more/extra.yaml",
        "linked/web.yaml",
        "all.yaml",
        "huge/Dockerfile",
        "huge/all.yaml",
    ];
    let links =
        [("current", "frontend"), ("frontend/Dockerfile.link", "Dockerfile"), ("linked/api.yaml", "../all.yaml")];
    let mut builder = TreeBuilder::new(Limits::standard());
    for file in files {
        let size = if file.starts_with("huge/") { (1 << 20) + 1 } else { 1 };
        let entry = Entry::File(File { size, executable: false, sha256: [0; 32] });
        builder.add(&EntryPath::parse(file).unwrap(), entry).unwrap();
    }
    for (link, target) in links {
        let entry = Entry::Symlink(LinkTarget::parse(target).unwrap());
        builder.add(&EntryPath::parse(link).unwrap(), entry).unwrap();
    }
    builder.finish(&mut Findings::default())
}

/// A configuration whose only repository, on line 2, has these further fields in flow style.
fn repository(fields: &str) -> String {
    format!("repositories:\n- {{{fields}}}\nk8s_yaml_path: k8s\n")
}

/// The same with the fields that every repository must have.
fn web(fields: &str) -> String {
    repository(&format!("name: a, root: frontend, {fields}"))
}

fn findings(text: &str) -> Vec<Finding> {
    check(text, &archive()).err().unwrap_or_default()
}

/// What it is, the text, the code and line of the fault, and who finds it.
pub(super) fn refused() -> Vec<(&'static str, String, &'static str, u32, FoundBy)> {
    let whole = |text: &str| text.to_owned();
    let objects = |path: &str| format!("repositories: [{{name: a, root: frontend}}]\nk8s_yaml_path: {path}\n");
    let seventeen = "- {name: a, root: frontend}\n".repeat(17);
    vec![
        ("a list", whole("- a"), "wrong-type", 1, Schema),
        ("a text", whole("a"), "wrong-type", 1, Schema),
        ("no repositories", whole("# none\nk8s_yaml_path: k8s"), "missing-field", 2, Schema),
        ("no objects", whole("repositories: [{name: a, root: frontend}]"), "missing-field", 1, Schema),
        ("repositories by name", whole("repositories: {a: {root: a}}\nk8s_yaml_path: k8s"), "wrong-type", 1, Schema),
        ("an empty list", whole("repositories: []\nk8s_yaml_path: k8s"), "repositories-count", 1, Schema),
        ("too many", format!("k8s_yaml_path: k8s\nrepositories:\n{seventeen}"), "repositories-count", 2, Schema),
        ("a repository by name only", whole("repositories:\n- a\nk8s_yaml_path: k8s"), "wrong-type", 2, Schema),
        ("an unknown field", format!("{}version: 2", web("")), "unknown-field", 4, Schema),
        ("a slip in a field", web("dockerfile: Dockerfile"), "unknown-field", 2, Schema),
        ("a field of other systems", web("image: nginx"), "unknown-field", 2, Schema),
        ("no name", repository("root: frontend"), "missing-field", 2, Schema),
        ("no root", repository("name: a"), "missing-field", 2, Schema),
        ("a number as name", repository("name: 1, root: frontend"), "wrong-type", 2, Schema),
        ("capitals in the name", repository("name: Web, root: frontend"), "component-name", 2, Schema),
        ("a path as name", repository("name: ../web, root: frontend"), "component-name", 2, Schema),
        ("a comma in the name", repository("name: 'web,push=true', root: frontend"), "component-name", 2, Schema),
        ("a long name", repository(&format!("name: {}, root: frontend", "a".repeat(41))), "component-name", 2, Schema),
        ("a line break in the name", repository("name: \"a\\n\", root: frontend"), "component-name", 2, Schema),
        (
            "a name twice",
            whole("repositories:\n- {name: a, root: frontend}\n- {name: a, root: backend}\nk8s_yaml_path: k8s"),
            "component-duplicate",
            3,
            Check,
        ),
        ("an absolute root", repository("name: a, root: /etc"), "path-absolute", 2, Schema),
        ("a root outside", repository("name: a, root: ../other"), "path-upwards", 2, Schema),
        ("a root outside by a detour", repository("name: a, root: frontend/../../x"), "path-upwards", 2, Schema),
        ("an empty root", repository("name: a, root: ''"), "path-empty", 2, Schema),
        ("a root of Windows", repository("name: a, root: 'frontend\\src'"), "path-backslash", 2, Schema),
        ("a NUL in a root", repository("name: a, root: \"frontend\\0\""), "path-control-character", 2, Schema),
        ("a root that is not there", repository("name: a, root: web"), "path-missing", 2, Check),
        ("a root that is a file", repository("name: a, root: README.md"), "path-not-directory", 2, Check),
        ("a root that is a link", repository("name: a, root: current"), "path-symlink", 2, Check),
        ("a root behind a link", repository("name: a, root: current/src"), "path-symlink", 2, Check),
        ("an absolute Dockerfile", web("dockerfile_path: /x"), "path-absolute", 2, Schema),
        ("a neighbour's Dockerfile", web("dockerfile_path: ../x"), "path-upwards", 2, Schema),
        (
            "a Dockerfile outside a root that is not there",
            repository("name: a, root: x, dockerfile_path: ../x"),
            "path-upwards",
            2,
            Schema,
        ),
        ("a Dockerfile that is not there", repository("name: a, root: k8s"), "path-missing", 2, Check),
        ("a Dockerfile in other case", web("dockerfile_path: dockerfile"), "path-missing", 2, Check),
        (
            "a Dockerfile counted from the archive",
            web("dockerfile_path: frontend/Dockerfile"),
            "path-missing",
            2,
            Check,
        ),
        ("a Dockerfile that is a directory", web("dockerfile_path: src"), "path-not-file", 2, Check),
        ("a Dockerfile that is a link", web("dockerfile_path: Dockerfile.link"), "path-symlink", 2, Check),
        ("a huge Dockerfile", repository("name: a, root: huge"), "file-too-large", 2, Check),
        ("a context that is a file", web("context_path: Dockerfile"), "path-not-directory", 2, Check),
        ("a context outside", web("context_path: .."), "path-upwards", 2, Schema),
        ("objects that are not there", objects("deploy"), "path-missing", 2, Check),
        ("objects outside", objects("../k8s"), "path-upwards", 2, Schema),
        ("objects in a list", objects("[k8s]"), "wrong-type", 2, Schema),
        ("a directory without objects", objects("frontend"), "objects-missing", 2, Check),
        ("a huge file of objects", objects("huge/all.yaml"), "file-too-large", 2, Check),
        ("a directory of large objects", objects("huge"), "objects-too-large", 2, Check),
        ("a link among the objects", objects("linked"), "path-symlink", 2, Check),
        ("a host", format!("{}routing: {{a: example.com/}}", web("")), "routing-host", 4, Schema),
        ("a time to sleep without a name", format!("{}sleep: 30m", web("")), "wrong-type", 4, Schema),
        ("no time to sleep", format!("{}sleep: {{}}", web("")), "missing-field", 4, Schema),
        ("a number as time to sleep", format!("{}sleep: {{after: 30}}", web("")), "wrong-type", 4, Schema),
        ("seconds to sleep after", format!("{}sleep: {{after: 30s}}", web("")), "sleep-after", 4, Schema),
        ("no minute to sleep after", format!("{}sleep: {{after: 0m}}", web("")), "sleep-after", 4, Schema),
        ("more than a week to sleep after", format!("{}sleep: {{after: 169h}}", web("")), "sleep-after", 4, Schema),
        (
            "a slip in the time to sleep",
            format!("{}sleep: {{afer: 3m, after: 3m}}", web("")),
            "unknown-field",
            4,
            Schema,
        ),
        ("hours without a zone", format!("{}sleep: {{awake: 'mon 08:00-18:00'}}", web("")), "sleep-awake", 4, Schema),
        ("hours of no day", format!("{}sleep: {{awake: 'May 08:00-18:00 UTC'}}", web("")), "sleep-awake", 4, Schema),
        ("hours of no place", format!("{}sleep: {{awake: 'mon 08:00-18:00 A/B'}}", web("")), "sleep-awake", 4, Check),
        ("hours of no length", format!("{}sleep: {{awake: 'mon 08:00-08:00 UTC'}}", web("")), "sleep-awake", 4, Check),
        ("a list of hours", format!("{}sleep: {{awake: [mon]}}", web("")), "wrong-type", 4, Schema),
        ("an anchor", repository("name: &x a, root: frontend"), "anchor", 2, Check),
        ("a field twice", repository("name: a, name: b, root: frontend"), "duplicate-key", 2, Check),
        ("two documents", format!("{}---\n", web("")), "too-many-documents", 4, Check),
        ("nothing", String::new(), "document-missing", 1, Check),
    ]
}

/// What it is, and the text.
pub(super) const TAKEN: &[(&str, &str)] = &[
    ("one part with all defaults", "repositories: [{name: web, root: frontend}]\nk8s_yaml_path: k8s\n"),
    (
        "two parts with paths and routes",
        "repositories:\n- name: frontend\n  root: ./frontend/\n- name: backend\n  root: backend\n  dockerfile_path: docker/Dockerfile.release\n  context_path: src\nk8s_yaml_path: k8s/\nrouting:\n  frontend: /\n  backend: [/api/*, /auth/]\n",
    ),
    (
        "one directory for two parts",
        "repositories: [{name: a, root: backend}, {name: b, root: backend, dockerfile_path: ./Dockerfile}]\nk8s_yaml_path: all.yaml\n",
    ),
    (
        "the whole archive as root",
        "repositories: [{name: a, root: ., dockerfile_path: frontend/Dockerfile, context_path: ./}]\nk8s_yaml_path: .\n",
    ),
    ("no routes yet", "repositories: [{name: web, root: frontend}]\nk8s_yaml_path: k8s/web.yaml\nrouting: {}\n"),
    (
        "a time to sleep",
        "repositories: [{name: web, root: frontend}]\nk8s_yaml_path: k8s/web.yaml\nsleep: {after: 2h}\n",
    ),
    ("no sleep", "repositories: [{name: web, root: frontend}]\nk8s_yaml_path: k8s/web.yaml\nsleep: {after: never}\n"),
    (
        "hours to stay awake",
        "repositories: [{name: web, root: frontend}]\nk8s_yaml_path: k8s/web.yaml\nsleep:\n  awake: mon-fri 08:00-18:00, Sat 10:00-24:00 Europe/Berlin\n",
    ),
    (
        "JSON",
        "{\"repositories\": [{\"name\": \"0\", \"root\": \"frontend\"}], \"k8s_yaml_path\": \"k8s\", \"routing\": {\"web\": \"/\"}}",
    ),
];

fn taken(index: usize) -> PlatformConfig {
    check(TAKEN[index].1, &archive()).unwrap()
}

#[test]
fn an_app_sleeps_when_its_owner_says() {
    let times = [0, 5, 6].map(|index| taken(index).sleep.after.map(IdleTime::seconds));
    assert_eq!(times, [None, Some(Some(7_200)), Some(None)]);
    let hours = taken(7).sleep.awake.map(|hours| hours.to_string());
    assert_eq!(hours.as_deref(), Some("mon-fri 08:00-18:00, sat 10:00-24:00 Europe/Berlin"));
}

#[test]
fn what_a_plan_does_not_allow_is_said_for_each_wish() {
    let codes = [0, 5, 6, 7].map(|index| not_in_plan(&taken(index).sleep, "free").into_iter().map(|one| one.code));
    let codes = codes.map(|codes| codes.map(|code| code.to_string()).collect::<Vec<_>>());
    assert_eq!(codes, [vec![], vec![], vec!["sleep-never".to_owned()], vec!["sleep-awake".to_owned()]]);
}

#[test]
fn a_wrong_configuration_is_refused_with_its_code_and_line() {
    for (what, text, code, line, _) in refused() {
        let findings = findings(&text);
        let found = findings.iter().any(|finding| finding.code == code && finding.line == Some(line));
        assert!(found, "{what}: {findings:?}");
        assert!(findings.iter().all(|finding| finding.file.as_deref() == Some(FILE_NAME)), "{what}");
    }
}

#[test]
fn a_right_configuration_is_taken() {
    for (what, text) in TAKEN {
        assert_eq!(findings(text), [], "{what}");
    }
}

#[test]
fn paths_count_from_each_repositorys_root() {
    let paths = |index: usize| -> Vec<[String; 3]> {
        let components = taken(index).components;
        components.iter().map(|one| [&one.root, &one.dockerfile, &one.context].map(ToString::to_string)).collect()
    };
    assert_eq!(paths(0), [["frontend", "frontend/Dockerfile", "frontend"]]);
    assert_eq!(paths(1)[1], ["backend", "backend/docker/Dockerfile.release", "backend/src"]);
    assert_eq!(paths(3), [[".", "frontend/Dockerfile", "."]]);
}

#[test]
fn the_files_of_objects_are_those_directly_in_their_directory() {
    let files = |index: usize| -> Vec<String> {
        taken(index).object_files(&archive()).iter().map(ToString::to_string).collect()
    };
    assert_eq!(files(1), ["k8s/api.yml", "k8s/web.yaml"]);
    assert_eq!(files(2), ["all.yaml"]);
    assert_eq!(files(3), ["all.yaml"], "the configuration is not one of them");
}

#[test]
fn routes_are_part_of_the_configuration() {
    let routing = taken(1).routing;
    assert_eq!(
        routing.longest_first().iter().map(|rule| rule.path.as_str()).collect::<Vec<_>>(),
        ["/auth", "/api", "/"]
    );
}

#[test]
fn everything_wrong_is_reported_together() {
    let text = "repositories:\n- {name: A, root: web}\n- {nmae: b, root: frontend, context_path: ..}\nk8s_yaml_path: deploy\nrouting: {web: api}\n";
    let mut found: Vec<_> = findings(text).into_iter().map(|finding| (finding.line.unwrap(), finding.code)).collect();
    found.sort();
    let found: Vec<_> = found.iter().map(|(line, code)| (*line, code.as_ref())).collect();
    let expected = [
        (2, "component-name"),
        (2, "path-missing"),
        (3, "missing-field"),
        (3, "path-upwards"),
        (3, "unknown-field"),
        (4, "path-missing"),
        (5, "routing-path-relative"),
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_repository_that_is_none_is_reported_once() {
    assert_eq!(findings("repositories: [web]\nk8s_yaml_path: k8s\n").len(), 1);
}

#[test]
fn a_path_counted_from_the_archive_is_told_from_a_missing_one() {
    let text = web("dockerfile_path: frontend/Dockerfile");
    assert_eq!(findings(&text)[0].remedy, "Write `Dockerfile`: the path counts from `root`.");
}
