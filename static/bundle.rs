//! Joins the modules of a page to a few scripts, and its style sheets to one, so that the first
//! screen takes few requests and not a hundred: on a slow line each costs more than what it brings.
//!
//! What the first module leads to becomes one script; each module that is named by `import('…')`
//! becomes one with all that it alone needs, to be loaded when it is; and what several of those need
//! becomes `shared.js`. Within a script each module is a function that runs once and gives what it
//! exports; whoever imports it takes that apart. So there are no cycles, and nothing that is
//! exported changes later.
//!
//! It knows the few forms of `import` and `export` that our modules use, refuses all others that it
//! sees, and what is imported without being exported, so that what it makes does what the modules
//! do. It reads lines and not the language: a line that begins with `export` is code, and where it
//! seems to stand in a template it is refused. `cargo build` runs this; the tests hold it to its
//! word.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

mod module;

use module::{Module, object};

/// The files of a page: paths below its folder, with slashes, and what is in them.
pub type Files = BTreeMap<String, String>;

/// What is needed by several scripts that are loaded later.
const SHARED: &str = "shared.js";

/// Before the number of a module, the name of what it exports.
const MODULE: &str = "module$";

/// The scripts of a page that begins with the module `entry`, which gives the first its name.
///
/// # Errors
/// In words, with file and line, where a module is not of the forms that this knows.
pub fn scripts(files: &Files, entry: &str) -> Result<Files, String> {
    let modules = Modules::read(files, entry)?;
    modules.check_names(entry)?;
    let places = modules.places(entry);
    let later = modules.later().into_iter().map(script);
    let mut scripts = Files::new();
    for place in places.iter().cloned().chain(later) {
        let head = || modules.head(&place, &places);
        scripts.entry(place.clone()).or_insert_with(head);
    }
    for (number, ((name, module), place)) in modules.order.iter().zip(&places).enumerate() {
        let text = modules.text(name, number, module);
        scripts.entry(place.clone()).or_default().push_str(&text);
    }
    for (place, text) in &mut scripts {
        text.push_str(&modules.foot(place, &places));
    }
    Ok(scripts)
}

/// All style sheets of a folder, in the order of their names.
pub fn styles(files: &Files, folder: &str) -> String {
    let sheets = files.iter().filter(|(name, _)| {
        name.strip_prefix(folder)
            .is_some_and(|rest| rest.starts_with('/') && rest.ends_with(".css"))
    });
    sheets.map(|(_, text)| text.as_str()).collect()
}

/// All modules of a page, each behind those that it imports. Their numbers are their places here.
#[derive(Default)]
struct Modules {
    order: Vec<(String, Module)>,
    /// Those that wait for what they import.
    open: Vec<String>,
}

impl Modules {
    fn read(files: &Files, entry: &str) -> Result<Self, String> {
        let mut modules = Self::default();
        let mut wanted = vec![entry.to_owned()];
        while let Some(name) = wanted.pop() {
            modules.add(files, &name, &mut wanted)?;
        }
        Ok(modules)
    }

    fn number(&self, name: &str) -> Option<usize> {
        self.order.iter().position(|(known, _)| known == name)
    }

    /// Adds a module behind all that it imports; what it loads later is wanted then.
    fn add(&mut self, files: &Files, name: &str, later: &mut Vec<String>) -> Result<(), String> {
        if self.number(name).is_some() {
            return Ok(());
        }
        if self.open.iter().any(|open| open == name) {
            let way = self.open.join(", ");
            return Err(format!("{name}: imports itself by {way}"));
        }
        let text = files.get(name);
        let text = text.ok_or_else(|| format!("{name}: there is no such file"))?;
        self.open.push(name.to_owned());
        let module = Module::read(name, text)?;
        for import in &module.imports {
            self.add(files, &import.from, later)?;
            self.check(import).map_err(|why| format!("{name}: {why}"))?;
        }
        later.extend(module.later.iter().cloned());
        self.open.pop();
        self.order.push((name.to_owned(), module));
        Ok(())
    }

    /// Refuses to take what is not given: an object would tell it as `undefined`.
    fn check(&self, import: &module::Import) -> Result<(), String> {
        let number = self.number(&import.from);
        let module = number.and_then(|number| self.order.get(number));
        let gives = |outer: &str| {
            let given = module.into_iter().flat_map(|(_, module)| &module.exports);
            given.into_iter().any(|name| name.outer == outer)
        };
        match import.names.iter().find(|name| !gives(&name.outer)) {
            None => Ok(()),
            Some(name) => Err(format!("{} exports no {}", import.from, name.outer)),
        }
    }

    /// Refuses two scripts of one name.
    fn check_names(&self, entry: &str) -> Result<(), String> {
        let mut scripts = BTreeSet::from([script(entry), SHARED.to_owned()]);
        let mut later = self.later().into_iter();
        match later.find(|name| !scripts.insert(script(name))) {
            None => Ok(()),
            Some(name) => Err(format!("{name}: {} is another script", script(name))),
        }
    }

    /// A module with all that it imports, by their numbers.
    fn needs(&self, name: &str) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        let mut open: Vec<usize> = self.number(name).into_iter().collect();
        while let Some(number) = open.pop() {
            if found.insert(number) {
                let imports = self.order.get(number).map(|(_, module)| &module.imports);
                let imports = imports.into_iter().flatten();
                open.extend(imports.filter_map(|import| self.number(&import.from)));
            }
        }
        found
    }

    /// What is loaded later.
    fn later(&self) -> BTreeSet<&str> {
        let all = self.order.iter().flat_map(|(_, module)| &module.later);
        all.map(String::as_str).collect()
    }

    /// The script of each module.
    fn places(&self, entry: &str) -> Vec<String> {
        let mut places = vec![String::new(); self.order.len()];
        let first = self.needs(entry);
        let needed = self.later().into_iter();
        let needed = needed.flat_map(|name| self.needs(name).into_iter().map(move |at| (name, at)));
        for (name, number) in needed {
            if let Some(place) = places.get_mut(number) {
                let is_first = place.is_empty();
                *place = if is_first {
                    script(name)
                } else {
                    SHARED.to_owned()
                };
            }
        }
        for (number, place) in places.iter_mut().enumerate() {
            if first.contains(&number) {
                *place = script(entry);
            }
        }
        places
    }

    /// What a script takes of those that are loaded before it.
    fn head(&self, place: &str, places: &[String]) -> String {
        let mut taken: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        let own = self.of(place, places);
        let imports = own.flat_map(|(_, module)| &module.imports);
        let needed = imports.filter_map(|import| self.number(&import.from));
        for number in needed.chain(self.main(place)) {
            let from = places.get(number).map(String::as_str);
            if let Some(from) = from.filter(|from| *from != place) {
                taken.entry(from).or_default().insert(number);
            }
        }
        let lines = taken.into_iter().map(|(from, numbers)| {
            let names: Vec<String> = numbers
                .iter()
                .map(|number| format!("{MODULE}{number}"))
                .collect();
            format!("import {{ {} }} from './{from}';\n", names.join(", "))
        });
        lines.collect()
    }

    /// The modules of a script.
    fn of<'a>(
        &'a self,
        place: &'a str,
        places: &'a [String],
    ) -> impl Iterator<Item = (usize, &'a Module)> {
        let all = self.order.iter().zip(places).enumerate();
        let own = all.filter(move |(_, (_, of))| *of == place);
        own.map(|(number, ((_, module), _))| (number, module))
    }

    /// The module that a script is loaded for.
    fn main(&self, place: &str) -> Option<usize> {
        let mut later = self.later().into_iter();
        let name = later.find(|name| script(name) == place)?;
        self.number(name)
    }

    /// A module as the function that it becomes.
    fn text(&self, name: &str, number: usize, module: &Module) -> String {
        let mut body = String::new();
        for import in &module.imports {
            if let (false, Some(from)) = (import.names.is_empty(), self.number(&import.from)) {
                let _ = writeln!(body, "const {} = {MODULE}{from};", object(&import.names));
            }
        }
        let exports = object(&module.exports);
        let rest = module.body.trim_end();
        format!(
            "// {name}\nconst {MODULE}{number} = (() => {{\n{body}{rest}\nreturn {exports};\n}})();\n"
        )
    }

    /// What a script gives: what it is loaded for, or its modules, to other scripts.
    fn foot(&self, place: &str, places: &[String]) -> String {
        let main = self
            .main(place)
            .and_then(|number| Some((number, self.order.get(number)?)));
        if let Some((number, (_, module))) = main {
            let given = module.exports.iter().map(|name| match name.outer.as_str() {
                "default" => format!("export default {MODULE}{number}.default;\n"),
                outer => format!("export const {outer} = {MODULE}{number}.{outer};\n"),
            });
            return given.collect();
        }
        let own = self.of(place, places);
        let names: Vec<String> = own.map(|(number, _)| format!("{MODULE}{number}")).collect();
        format!("export {{ {} }};\n", names.join(", "))
    }
}

/// The script that begins with a module.
fn script(name: &str) -> String {
    name.replace('/', "-")
}
