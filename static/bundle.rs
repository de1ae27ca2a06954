//! Joins the modules of a page to one script, and its style sheets to one, so that the first screen
//! takes four requests and not a hundred: on a slow line each costs more than what it brings.
//!
//! It knows the few forms of `import` and `export` that our modules use, and refuses all others, so
//! that what it makes does what the modules do. Each module becomes a function that runs once and
//! gives what it exports; whoever imports it takes that apart. So there are no cycles, and nothing
//! that is exported changes later. `cargo build` runs this; the tests hold it to its word.

use std::{collections::BTreeMap, fmt::Write as _};

/// The files of a page: paths below its folder, with slashes, and what is in them.
pub type Files = BTreeMap<String, String>;

/// All modules that `entry` leads to, as one module.
///
/// # Errors
/// In words, with file and line, where a module is not of the forms that this knows.
pub fn scripts(files: &Files, entry: &str) -> Result<String, String> {
    let mut bundle = Bundle {
        files,
        order: Vec::new(),
        open: Vec::new(),
        text: String::new(),
    };
    bundle.add(entry)?;
    Ok(bundle.text)
}

/// All style sheets of a folder, in the order of their names.
pub fn styles(files: &Files, folder: &str) -> String {
    let sheets = files.iter().filter(|(name, _)| {
        name.strip_prefix(folder)
            .is_some_and(|rest| rest.starts_with('/') && rest.ends_with(".css"))
    });
    sheets.map(|(_, text)| text.as_str()).collect()
}

struct Bundle<'a> {
    files: &'a Files,
    /// The modules that are written, in their order.
    order: Vec<String>,
    /// Those that wait for what they import.
    open: Vec<String>,
    text: String,
}

impl Bundle<'_> {
    /// Writes a module behind all that it imports, and tells its number.
    fn add(&mut self, name: &str) -> Result<usize, String> {
        if let Some(number) = self.order.iter().position(|known| known == name) {
            return Ok(number);
        }
        if self.open.iter().any(|open| open == name) {
            return Err(format!(
                "{name}: imports itself by {}",
                self.open.join(", ")
            ));
        }
        let text = self
            .files
            .get(name)
            .ok_or_else(|| format!("{name}: there is no such file"))?;
        self.open.push(name.to_owned());
        let module = Module::read(name, text)?;
        let mut body = String::new();
        for import in &module.imports {
            let number = self.add(&beside(name, &import.from))?;
            if let Some(pattern) = &import.pattern {
                let _ = writeln!(body, "const {pattern} = m{number};");
            }
        }
        self.open.pop();
        let number = self.order.len();
        self.order.push(name.to_owned());
        let _ = writeln!(
            self.text,
            "// {name}\nconst m{number} = (() => {{\n{body}{}\nreturn {{ {} }};\n}})();",
            module.body.trim_end(),
            module.exports.join(", ")
        );
        Ok(number)
    }
}

/// A module, taken apart.
#[derive(Default)]
struct Module {
    imports: Vec<Import>,
    /// What it exports, as the members of an object: `name`, or `name: inner`.
    exports: Vec<String>,
    /// The rest.
    body: String,
}

struct Import {
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
        Ok(module)
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
