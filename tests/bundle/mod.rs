//! What joins the modules of a page does to them: `static/bundle.rs`, which the build runs.

#[path = "../../static/bundle.rs"]
mod joining;

use joining::Files;

/// The scripts that modules, by name and text, become from `a.js` on.
fn scripts(modules: &[(&str, &str)]) -> Result<Files, String> {
    let files = modules.iter();
    let files = files.map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    joining::scripts(&files.collect(), "a.js")
}

/// The one script of modules that load nothing later, without what it gives to others.
fn joined(modules: &[(&str, &str)]) -> Result<String, String> {
    let mut scripts = scripts(modules)?;
    assert_eq!(scripts.len(), 1);
    let script = scripts.remove("a.js").unwrap();
    let (body, _) = script.rsplit_once("export {").unwrap();
    Ok(body.to_owned())
}

#[test]
fn a_module_stands_behind_what_it_imports() {
    let text = joined(&[
        (
            "a.js",
            "import { two as deux } from './b/two.js';\nimport './c.js';\ndeux();",
        ),
        (
            "b/two.js",
            "import { c } from '../c.js';\nexport function two() {}",
        ),
        ("c.js", "export const c = 1;"),
        ("unused.js", "never"),
    ]);
    let wanted = "// c.js\nconst m0 = (() => {\nconst c = 1;\nreturn { c };\n})();\n\
        // b/two.js\nconst m1 = (() => {\nconst { c } = m0;\nfunction two() {}\nreturn { two };\n})();\n\
        // a.js\nconst m2 = (() => {\nconst { two: deux } = m1;\ndeux();\nreturn {  };\n})();\n";
    assert_eq!(text.unwrap(), wanted);
}

#[test]
fn every_form_of_export_is_given() {
    let text = joined(&[
        (
            "a.js",
            "import x from './b.js';\nimport {\n  y,\n  z as w,\n} from './c.js';",
        ),
        ("b.js", "var n=1;export default function(s){return n};"),
        (
            "c.js",
            "export { y } from './d.js';\nexport async function f() {}\nexport class K {}\nconst q = 1;\nexport { q as z };",
        ),
        ("d.js", "var a;export{a as y,a as b};"),
    ]);
    let text = text.unwrap();
    for part in [
        "const { default: x } = m0;",
        "const { y, z: w } = m2;",
        "var n=1;const exported = function(s){return n};",
        "return { default: exported };",
        "return { y: a, b: a };",
        "const { y } = m1;",
        "return { y, f, K, z: q };",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
}

#[test]
fn what_it_does_not_know_is_refused_with_its_place() {
    for (text, why) in [
        ("import './b.js';", "b.js: there is no such file"),
        ("import './a.js';", "a.js: imports itself by a.js"),
        (
            "\nimport * as all from './b.js';",
            "a.js:2: import { names }, not * as all",
        ),
        (
            "import { x } from 'preact';",
            "a.js:1: preact is no path that begins with ./ or ../",
        ),
        (
            "export let x = 1;",
            "a.js:1: export a const, a function, a class or a list of names",
        ),
        (
            "export const { x } = y;",
            "a.js:1: export one name at a time",
        ),
        (
            "import { x } from './b.js'",
            "a.js:1: there is no ; behind it",
        ),
    ] {
        assert_eq!(joined(&[("a.js", text)]), Err(why.to_owned()), "{text}");
    }
}

#[test]
fn style_sheets_are_joined_in_the_order_of_their_names() {
    let files = [
        ("style/b.css", "b"),
        ("style/_a.css", "a"),
        ("style/c.txt", "c"),
        ("x.css", "x"),
    ];
    let files: Files = files
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .into();
    assert_eq!(joining::styles(&files, "style"), "ab");
}

#[test]
fn what_is_loaded_later_has_a_script_and_what_several_need_another() {
    let scripts = scripts(&[
        (
            "a.js",
            "import { one } from './one.js';\nimport('./x/b.js');\nimport('./x/c.js');",
        ),
        ("one.js", "export const one = 1;"),
        (
            "x/b.js",
            "import { both } from '../both.js';\nexport const b = both;",
        ),
        (
            "x/c.js",
            "import { both } from '../both.js';\nimport { one } from '../one.js';\nexport const c = one;",
        ),
        (
            "both.js",
            "import { one } from './one.js';\nexport const both = one;",
        ),
    ]);
    let scripts = scripts.unwrap();
    let names: Vec<&str> = scripts.keys().map(String::as_str).collect();
    assert_eq!(names, ["a.js", "shared.js", "x-b.js", "x-c.js"]);
    assert!(scripts["a.js"].contains("import('./x-b.js');\nimport('./x-c.js');"));
    assert!(scripts["a.js"].ends_with("export { m0, m1 };\n"));
    let shared = &scripts["shared.js"];
    let begin = "import { m0 } from './a.js';\n// both.js\nconst m2 = ";
    assert!(
        shared.starts_with(begin) && shared.ends_with("export { m2 };\n"),
        "{shared}"
    );
    let c = &scripts["x-c.js"];
    let begin = "import { m0 } from './a.js';\nimport { m2 } from './shared.js';\n// x/c.js\n";
    assert!(
        c.starts_with(begin) && c.ends_with("export const { c } = m3;\n"),
        "{c}"
    );
}

#[test]
fn what_another_needs_too_can_be_loaded_for_itself() {
    let scripts = scripts(&[
        ("a.js", "import('./b.js');\nimport('./c.js');"),
        ("b.js", "import { c } from './c.js';\nexport const b = c;"),
        ("c.js", "export const c = 1;"),
    ]);
    let scripts = scripts.unwrap();
    assert!(scripts["shared.js"].contains("// c.js\n"));
    let c = "import { m1 } from './shared.js';\nexport const { c } = m1;\n";
    assert_eq!(scripts["c.js"], c);
}
