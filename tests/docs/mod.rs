//! What the documents say of the repository: tests that they name, files that they point at, crates
//! that they list.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn read(path: impl AsRef<Path>) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The documents at the root and in `docs`, by their paths from the root.
fn documents() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let in_folder = |folder: &str| {
        let entries = fs::read_dir(root.join(folder)).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        paths.filter(|path| path.extension().is_some_and(|ext| ext == "md"))
    };
    let found = in_folder("").chain(in_folder("docs"));
    found
        .map(|path| path.strip_prefix(root).unwrap().to_owned())
        .collect()
}

/// What stands in backquotes on one line.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// True if `path::name` is a test, or one of the checks of every answer in `tests/support`.
fn is_test(path: &str, name: &str) -> bool {
    let text = read(path);
    let head = format!("fn {name}(");
    if path == "tests/support/inspect.rs" {
        return text.contains(&head);
    }
    let Some((before, _)) = text.split_once(&head) else {
        return false;
    };
    let mut above = before.lines().rev().map(str::trim);
    let attribute = above.find(|line| !line.is_empty() && *line != "async");
    attribute.is_some_and(|line| line.starts_with("#[") && line.ends_with("test]"))
}

#[test]
fn the_security_checklist_names_tests_that_are_there() {
    let list = read("docs/security-checklist.md");
    for line in list.lines().filter(|line| line.starts_with("- [")) {
        let named: Vec<_> = quoted(line)
            .filter_map(|text| text.split_once("::"))
            .collect();
        for (path, name) in &named {
            assert!(is_test(path, name), "there is no test {path}::{name}");
        }
        let is_ticked = line.starts_with("- [x]");
        assert!(!is_ticked || !named.is_empty(), "no test shows: {line}");
    }
}

#[test]
fn every_document_points_at_what_is_there() {
    for document in documents() {
        let text = read(&document);
        let links = text.split("](").skip(1);
        let links = links.filter_map(|rest| rest.split_once(')').map(|(link, _)| link));
        for link in links.filter(|link| !link.starts_with("http")) {
            let (path, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = match path {
                "" => document.clone(),
                path => document.parent().unwrap().join(path),
            };
            let has = |line: &str| line.starts_with('#') && anchor(line) == heading;
            // Pictures have no headings.
            let is_there = match heading {
                "" => Path::new(env!("CARGO_MANIFEST_DIR")).join(&target).exists(),
                _ => read(&target).lines().any(has),
            };
            assert!(is_there, "{}: {link}", document.display());
        }
    }
}

/// The anchor that a heading gets.
fn anchor(heading: &str) -> String {
    let words = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = words
        .chars()
        .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.collect::<String>().replace(' ', "-")
}

#[test]
fn every_source_that_a_document_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [
        "src/", "tests/", "docs/", "benches/", "static/", "deploy/", ".ci/",
    ];
    for document in documents() {
        for line in read(&document).lines() {
            let paths = quoted(line).filter(|text| folders.iter().any(|f| text.starts_with(f)));
            // With a placeholder it is a pattern for a file to come.
            for path in paths.filter(|path| !path.contains(['<', '*', '…'])) {
                let path = path.split("::").next().unwrap();
                assert!(
                    root.join(path).exists(),
                    "{} names {path}",
                    document.display()
                );
            }
        }
    }
}

/// The names of the crates in the dependency tables of `Cargo.toml`.
fn crates() -> BTreeSet<String> {
    let manifest: toml::Table = read("Cargo.toml").parse().unwrap();
    let mut found = BTreeSet::new();
    let mut tables = vec![&manifest];
    tables.extend(
        manifest["target"]
            .as_table()
            .unwrap()
            .values()
            .filter_map(toml::Value::as_table),
    );
    for table in tables {
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let names = table.get(kind).and_then(toml::Value::as_table);
            found.extend(names.into_iter().flat_map(|names| names.keys().cloned()));
        }
    }
    found
}

#[test]
fn every_dependency_has_its_reason() {
    let text = read("docs/dependencies.md");
    let (taken, _) = text.split_once("## In the admin page").unwrap();
    let rows = taken.lines().filter(|line| line.starts_with("| "));
    let names = rows.flat_map(|row| row.split('|').nth(1).unwrap().split(','));
    let listed: BTreeSet<String> = names
        .map(|name| name.trim().to_owned())
        .filter(|name| name != "crate" && name != "---")
        .collect();
    assert_eq!(listed, crates());
}
