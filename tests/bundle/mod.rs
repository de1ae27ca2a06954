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
    let wanted = "// c.js\nconst module$0 = (() => {\nconst c = 1;\nreturn { c };\n})();\n\
        // b/two.js\nconst module$1 = (() => {\nconst { c } = module$0;\nfunction two() {}\nreturn { two };\n})();\n\
        // a.js\nconst module$2 = (() => {\nconst { two: deux } = module$1;\ndeux();\nreturn {  };\n})();\n";
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
        "const { default: x } = module$0;",
        "const { y, z: w } = module$2;",
        "var n=1;const default$ = function(s){return n};",
        "return { default: default$ };",
        "return { y: a, b: a };",
        "const { y } = module$1;",
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
            "export { x as default } from './b.js';",
            "a.js:1: a default that is taken has a name of its own",
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
        (
            "import*as all from './b.js';",
            "a.js:1: import { names }, not *as all",
        ),
        ("export*from './b.js';", "a.js:1: export names, not all"),
        (
            "const x = () => import(`./b.js`);",
            "a.js: import( takes a path in single quotation marks",
        ),
        (
            "const text = `\nexport const x = 1;\n`;",
            "a.js:2: this seems to be text; begin its line otherwise",
        ),
        (
            "/*\nimport { x } from './b.js';\n*/",
            "a.js:2: this seems to be text; begin its line otherwise",
        ),
    ] {
        assert_eq!(joined(&[("a.js", text)]), Err(why.to_owned()), "{text}");
    }
}

#[test]
fn words_about_modules_are_no_modules() {
    let text = "// Here we export default values by `import`.\nconst s = 'an export{ of ours' + '`';\n\
        api.import('./x');\r\nexport const a = `${s}\n  export const b = 1;\n`; // the end";
    let joined = joined(&[("a.js", text)]).unwrap();
    let text = text
        .replace("\r\n", "\n")
        .replace("\nexport const a", "\nconst a");
    assert!(
        joined.contains(&format!("{text}\nreturn {{ a }};")),
        "{joined}"
    );
}

#[test]
fn a_default_keeps_the_name_by_which_its_module_calls_it() {
    let b = "export default function count(n) { return n && count(n - 1); }\ncount.limit = 3;";
    let joined = joined(&[("a.js", "import c from './b.js';\nc(1);"), ("b.js", b)]).unwrap();
    assert!(joined.contains("\nfunction count(n)"), "{joined}");
    assert!(joined.contains("return { default: count };"), "{joined}");
}

#[test]
fn what_is_imported_is_exported() {
    for (import, lacks) in [("{ x, y }", "y"), ("z", "default"), ("{ q as x }", "q")] {
        let a = format!("import {import} from './b.js';");
        let refused = joined(&[("a.js", &a), ("b.js", "const y = 1;\nexport const x = y;")]);
        assert_eq!(refused, Err(format!("a.js: b.js exports no {lacks}")));
    }
    let again = "export { y } from './b.js';";
    let refused = joined(&[("a.js", again), ("b.js", "export const x = 1;")]);
    assert_eq!(refused, Err("a.js: b.js exports no y".to_owned()));
}

#[test]
fn scripts_of_one_name_are_refused() {
    let refused = scripts(&[
        ("a.js", "import('./x/b.js');\nimport('./x-b.js');"),
        ("x/b.js", "export const b = 1;"),
        ("x-b.js", "export const c = 1;"),
    ]);
    assert_eq!(refused, Err("x/b.js: x-b.js is another script".to_owned()));
    let refused = scripts(&[
        ("a.js", "import('./shared.js');"),
        ("shared.js", "export const b = 1;"),
    ]);
    assert!(refused.is_err());
}

#[test]
fn the_address_of_a_module_is_that_of_its_script() {
    let address = "export const here = import.meta.url;";
    let entry = |from: &str| format!("import {{ here }} from './{from}';");
    let beside = joined(&[("a.js", &entry("b.js")), ("b.js", address)]);
    assert!(beside.is_ok());
    let below = joined(&[("a.js", &entry("x/b.js")), ("x/b.js", address)]);
    let why = "x/b.js: import.meta is for modules beside the first";
    assert_eq!(below, Err(why.to_owned()));
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
    assert!(scripts["a.js"].ends_with("export { module$0, module$1 };\n"));
    let shared = &scripts["shared.js"];
    let begin = "import { module$0 } from './a.js';\n// both.js\nconst module$2 = ";
    assert!(
        shared.starts_with(begin) && shared.ends_with("export { module$2 };\n"),
        "{shared}"
    );
    let c = &scripts["x-c.js"];
    let begin =
        "import { module$0 } from './a.js';\nimport { module$2 } from './shared.js';\n// x/c.js\n";
    assert!(
        c.starts_with(begin) && c.ends_with("export const c = module$3.c;\n"),
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
    let c = "import { module$1 } from './shared.js';\nexport const c = module$1.c;\n";
    assert_eq!(scripts["c.js"], c);
}

#[test]
fn what_is_loaded_later_gives_its_exports_by_the_names_that_others_know() {
    let b = "const q = 1;\nexport { q as z };\nexport default function count() {}";
    let scripts = scripts(&[("a.js", "import('./b.js');"), ("b.js", b)]).unwrap();
    let end = "export const z = module$1.z;\nexport default module$1.default;\n";
    assert!(scripts["b.js"].ends_with(end), "{}", scripts["b.js"]);
}
