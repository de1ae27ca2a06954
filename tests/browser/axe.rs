//! Accessibility by axe-core: WCAG 2.2, levels A and AA.

use std::{fs, path::PathBuf};

use serde_json::Value;

use super::driver::{Page, target_folder};
use crate::durability::skip;

/// What `.ci/scripts tools` installs; another one by `STEAD_AXE`.
const INSTALLED: &str = "tools/browser/node_modules/axe-core/axe.min.js";

/// Held to, all of it.
const RULES: &str = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']";

fn path() -> PathBuf {
    let given = std::env::var_os("STEAD_AXE").map(PathBuf::from);
    given.unwrap_or_else(|| target_folder().join(INSTALLED))
}

/// Whether there is an axe-core to ask.
pub fn is_installed() -> bool {
    path().exists()
}

/// The script of axe-core. None, and said so, where it is not installed.
fn script() -> Option<String> {
    let path = path();
    let script = fs::read_to_string(&path).ok();
    if script.is_none() {
        let lacking = format!("there is no {}: .ci/scripts tools", path.display());
        skip("accessibility by axe-core", &lacking);
    }
    script
}

/// Fails where axe-core has anything against what is on the screen now.
#[track_caller]
pub fn holds_by_axe(page: &Page, screen: &str) {
    let Some(script) = script() else { return };
    if page.script("typeof axe === 'undefined'") == true {
        page.script(&format!("(() => {{ {script}\n }})()"));
    }
    let run = format!(
        "axe.run(document, {{ runOnly: {RULES}, resultTypes: ['violations'] }})\
         .then(({{ violations }}) => violations)"
    );
    let violations = page.script(&run);
    let lines: Vec<String> = violations.as_array().unwrap().iter().map(told).collect();
    assert!(lines.is_empty(), "{screen}:\n{}", lines.join("\n"));
}

/// A violation: its rule, and for each place what is wrong there.
fn told(violation: &Value) -> String {
    let mut text = format!("{}: {}", violation["id"], violation["help"]);
    for node in violation["nodes"].as_array().unwrap() {
        let why = node["failureSummary"].as_str().unwrap_or_default();
        let why = why.replace('\n', "\n      ");
        text += &format!(
            "\n    {}\n      {}\n      {why}",
            node["target"], node["html"]
        );
    }
    text
}
