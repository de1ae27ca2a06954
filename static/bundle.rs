//! Joins the modules of a page to a few scripts, and its style sheets to one, so that the first
//! screen takes few requests and not a hundred: on a slow line each costs more than what it brings.
//!
//! What the first module leads to becomes one script; each module that is named by `import('…')`
//! becomes one with all that it alone needs, to be loaded when it is; and what several of those need
//! becomes `shared.js`. Within a script each module is a function that runs once and gives what it
//! exports; whoever imports it takes that apart. So there are no cycles, and nothing that is
//! exported changes later.
//!
//! It knows the few forms of `import` and `export` that our modules use, and refuses all others, so
//! that what it makes does what the modules do. `cargo build` runs this; the tests hold it to its
//! word.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

/// The files of a page: paths below its folder, with slashes, and what is in them.
pub type Files = BTreeMap<String, String>;

/// What is needed by several scripts that are loaded later.
const SHARED: &str = "shared.js";

/// The scripts of a page that begins with the module `entry`, which gives the first its name.
///
/// # Errors
/// In words, with file and line, where a module is not of the forms that this knows.
pub fn scripts(files: &Files, entry: &str) -> Result<Files, String> {
    let modules = Modules::read(files, entry)?;
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
        }
        later.extend(module.later.iter().cloned());
        self.open.pop();
        self.order.push((name.to_owned(), module));
        Ok(())
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
            let names: Vec<String> = numbers.iter().map(|number| format!("m{number}")).collect();
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
            if let (Some(pattern), Some(from)) = (&import.pattern, self.number(&import.from)) {
                let _ = writeln!(body, "const {pattern} = m{from};");
            }
        }
        let exports = module.exports.join(", ");
        let rest = module.body.trim_end();
        format!(
            "// {name}\nconst m{number} = (() => {{\n{body}{rest}\nreturn {{ {exports} }};\n}})();\n"
        )
    }

    /// What a script gives: what it is loaded for, or its modules, to other scripts.
    fn foot(&self, place: &str, places: &[String]) -> String {
        let main = self
            .main(place)
            .and_then(|number| Some((number, self.order.get(number)?)));
        if let Some((number, (_, module))) = main {
            let exports = module.exports.join(", ");
            return format!("export const {{ {exports} }} = m{number};\n");
        }
        let own = self.of(place, places);
        let names: Vec<String> = own.map(|(number, _)| format!("m{number}")).collect();
        format!("export {{ {} }};\n", names.join(", "))
    }
}

/// The script that begins with a module.
fn script(name: &str) -> String {
    name.replace('/', "-")
}

/// A module, taken apart.
#[derive(Default)]
struct Module {
    imports: Vec<Import>,
    /// What it exports, as the members of an object: `name`, or `name: inner`.
    exports: Vec<String>,
    /// The modules that it loads when it needs them.
    later: Vec<String>,
    /// The rest.
    body: String,
}

struct Import {
    /// The path of the module, below the folder of the page.
    from: String,
    /// What takes the exports apart; none for a module that is imported for what it does.
    pattern: Option<String>,
}

impl Module {
    fn read(name: &str, text: &str) -> Result<Self, String> {
        let mut module = Self::default();
        let mut lines = text.lines().enumerate();
        while let Some((number, line)) = lines.next() {
            let is_import = line.starts_with("import ") || line.starts_with("import{");
            let is_list = line.starts_with("export {");
            if !(is_import || is_list) {
                let read = module.line(line);
                read.map_err(|why| format!("{name}:{}: {why}", number + 1))?;
                continue;
            }
            let mut statement = line.to_owned();
            while !statement.contains(';') {
                let Some((_, more)) = lines.next() else { break };
                statement.push(' ');
                statement.push_str(more.trim());
            }
            let read = module.statement(&statement);
            read.map_err(|why| format!("{name}:{}: {why}", number + 1))?;
        }
        for import in &mut module.imports {
            import.from = beside(name, &import.from);
        }
        module.load_later(name)?;
        Ok(module)
    }

    /// Has each `import('./x.js')` load the script that begins with that module.
    fn load_later(&mut self, name: &str) -> Result<(), String> {
        let mut body = String::new();
        let mut rest = self.body.as_str();
        while let Some((before, after)) = rest.split_once("import('") {
            let (from, after) = after.split_once("')").ok_or("import( is not closed")?;
            let from = beside(name, &path(from)?);
            let _ = write!(body, "{before}import('./{}')", script(&from));
            self.later.push(from);
            rest = after;
        }
        body.push_str(rest);
        self.body = body;
        Ok(())
    }

    /// An `import`, or a list of exports.
    fn statement(&mut self, statement: &str) -> Result<(), String> {
        let (statement, rest) = statement.split_once(';').ok_or("there is no ; behind it")?;
        if let Some(list) = statement.strip_prefix("export ") {
            self.list(list)?;
        } else {
            let what = statement.trim_start_matches("import").trim();
            self.import(what)?;
        }
        // A packed library goes on behind it.
        if rest.is_empty() {
            Ok(())
        } else {
            self.line(rest)
        }
    }

    fn import(&mut self, what: &str) -> Result<(), String> {
        let (names, from) = match what.rsplit_once("from") {
            Some((names, from)) => (Some(names.trim()), from),
            None => (None, what),
        };
        let pattern = match names {
            None => None,
            Some(list) if list.starts_with('{') => Some(format!(
                "{{ {} }}",
                members(list, |from, to| format!("{from}: {to}"))?
            )),
            Some(name) if is_name(name) => Some(format!("{{ default: {name} }}")),
            Some(other) => return Err(format!("import {{ names }}, not {other}")),
        };
        self.imports.push(Import {
            from: path(from)?,
            pattern,
        });
        Ok(())
    }

    /// `{ a, b as c }`, perhaps with a `from`.
    fn list(&mut self, list: &str) -> Result<(), String> {
        let (names, from) = match list.rsplit_once("} from") {
            Some((names, from)) => (format!("{names}}}"), Some(path(from)?)),
            None => (list.to_owned(), None),
        };
        let Some(from) = from else {
            self.exports
                .push(members(&names, |from, to| format!("{to}: {from}"))?);
            return Ok(());
        };
        let pattern = members(&names, |from, to| format!("{from}: {to}"))?;
        self.imports.push(Import {
            from,
            pattern: Some(format!("{{ {pattern} }}")),
        });
        self.exports.push(members(&names, |_, to| to.to_owned())?);
        Ok(())
    }

    /// Any other line. A packed library has its exports within a long one.
    fn line(&mut self, line: &str) -> Result<(), String> {
        if let Some((before, value)) = line.split_once("export default ") {
            self.exports.push("default: exported".to_owned());
            let _ = writeln!(self.body, "{before}const exported = {value}");
        } else if let Some(declared) = line.strip_prefix("export ") {
            self.exports.push(declared_name(declared)?.to_owned());
            let _ = writeln!(self.body, "{declared}");
        } else if let Some((before, list)) = line.rsplit_once("export{") {
            let _ = writeln!(self.body, "{before}");
            self.list(&format!("{{{}", list.trim_end_matches(';')))?;
        } else {
            let _ = writeln!(self.body, "{line}");
        }
        Ok(())
    }
}

/// What stands in `{ a, b as c }`, each pair in the form that `pair` gives it.
fn members(list: &str, pair: impl Fn(&str, &str) -> String) -> Result<String, String> {
    let inner = list
        .trim()
        .strip_prefix('{')
        .and_then(|list| list.strip_suffix('}'));
    let inner = inner.ok_or_else(|| format!("{list} is no list of names"))?;
    let mut members = Vec::new();
    for member in inner
        .split(',')
        .map(str::trim)
        .filter(|member| !member.is_empty())
    {
        let (from, to) = member.split_once(" as ").unwrap_or((member, member));
        if !is_name(from) || !is_name(to) {
            return Err(format!("{member} is no name"));
        }
        members.push(if from == to {
            from.to_owned()
        } else {
            pair(from, to)
        });
    }
    Ok(members.join(", "))
}

/// The name that a declaration gives: `function name(`, `const name =`.
fn declared_name(declaration: &str) -> Result<&str, String> {
    let kinds = ["async function ", "function ", "class ", "const "];
    let rest = kinds.iter().find_map(|kind| declaration.strip_prefix(kind));
    let rest = rest.ok_or("export a const, a function, a class or a list of names")?;
    let end = rest
        .find(|c: char| !is_part_of_name(c))
        .unwrap_or(rest.len());
    let name = rest.get(..end).unwrap_or_default();
    if is_name(name) {
        Ok(name)
    } else {
        Err("export one name at a time".to_owned())
    }
}

/// What stands between quotes, which must be a path that begins here.
fn path(quoted: &str) -> Result<String, String> {
    let path = quoted.trim().trim_matches(['\'', '"']);
    match path.starts_with("./") || path.starts_with("../") {
        true => Ok(path.to_owned()),
        false => Err(format!("{path} is no path that begins with ./ or ../")),
    }
}

/// `path`, which stands in the module `name`, from the folder of the page.
fn beside(name: &str, path: &str) -> String {
    let mut parts: Vec<&str> = name.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(is_part_of_name)
        && !text.starts_with(|c: char| c.is_ascii_digit())
}

fn is_part_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$'
}
