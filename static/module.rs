//! A module of a page, read line by line and taken apart into what it imports, what it exports, and
//! the rest.

use std::fmt::Write as _;

use super::script;

/// The name of a default export that has none.
const DEFAULT: &str = "default$";

/// A module, taken apart.
#[derive(Default)]
pub struct Module {
    pub imports: Vec<Import>,
    pub exports: Vec<Name>,
    /// The modules that it loads when it needs them.
    pub later: Vec<String>,
    /// The rest.
    pub body: String,
}

/// What a module takes of another.
pub struct Import {
    /// The path of the module, below the folder of the page.
    pub from: String,
    /// What it takes; none where a module is imported for what it does.
    pub names: Vec<Name>,
}

/// A name that goes from one module to another.
pub struct Name {
    /// As it is called between modules.
    pub outer: String,
    /// As it is called within the module that exports it, or that imports it.
    pub inner: String,
}

impl Name {
    fn new(outer: &str, inner: &str) -> Self {
        Self {
            outer: outer.to_owned(),
            inner: inner.to_owned(),
        }
    }
}

/// Names as an object that is made of them, or taken apart: `{ a, outer: inner }`.
pub fn object(names: &[Name]) -> String {
    let members = names.iter().map(|Name { outer, inner }| {
        if outer == inner {
            outer.clone()
        } else {
            format!("{outer}: {inner}")
        }
    });
    format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
}

impl Module {
    /// Takes the text of a module apart.
    ///
    /// # Errors
    /// In words, with the line where there is one, for a form that this does not know.
    pub fn read(name: &str, text: &str) -> Result<Self, String> {
        let mut module = Self::default();
        let mut ground = Ground::default();
        let mut lines = text.lines().enumerate();
        while let Some((number, line)) = lines.next() {
            let is_code = ground.walk(line);
            if !(is_code && is_statement(line)) {
                let read = match is_code {
                    true => module.line(line),
                    false => module.text(line),
                };
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
        let later = module.load_later(name);
        later.map_err(|why| format!("{name}: {why}"))?;
        Ok(module)
    }

    /// Has each `import('./x.js')` load the script that begins with that module.
    fn load_later(&mut self, name: &str) -> Result<(), String> {
        let mut body = String::new();
        let mut rest = self.body.as_str();
        while let Some((before, after)) = rest.split_once("import(") {
            if before.ends_with(|c| c == '.' || is_part_of_name(c)) {
                let _ = write!(body, "{before}import(");
                rest = after;
                continue;
            }
            let after = after.strip_prefix('\'');
            let quoted = after.and_then(|after| after.split_once("')"));
            let (from, after) = quoted.ok_or("import( takes a path in single quotation marks")?;
            let from = beside(name, &path(from)?);
            let _ = write!(body, "{before}import('./{}')", script(&from));
            self.later.push(from);
            rest = after;
        }
        body.push_str(rest);
        self.body = body;
        // Scripts lie in the folder of the page, and so tell another address than a module below.
        match self.body.contains("import.meta") && name.contains('/') {
            true => Err("import.meta is for modules beside the first".to_owned()),
            false => Ok(()),
        }
    }

    /// An `import`, or a list of exports.
    fn statement(&mut self, statement: &str) -> Result<(), String> {
        let (statement, rest) = statement.split_once(';').ok_or("there is no ; behind it")?;
        if let Some(list) = statement.strip_prefix("export") {
            self.list(list)?;
        } else {
            let what = statement.trim_start_matches("import").trim();
            self.import(what)?;
        }
        // A packed library goes on behind it.
        match rest {
            "" => Ok(()),
            rest if is_statement(rest) => self.statement(rest),
            rest => self.line(rest),
        }
    }

    fn import(&mut self, what: &str) -> Result<(), String> {
        let (names, from) = match what.rsplit_once("from") {
            Some((names, from)) => (Some(names.trim()), from),
            None => (None, what),
        };
        let names = match names {
            None => Vec::new(),
            Some(list) if list.starts_with('{') => taken(list)?,
            Some(name) if is_name(name) => vec![Name::new("default", name)],
            Some(other) => return Err(format!("import {{ names }}, not {other}")),
        };
        self.take(names, path(from)?)
    }

    fn take(&mut self, names: Vec<Name>, from: String) -> Result<(), String> {
        if names.iter().any(|name| name.inner == "default") {
            return Err("a default that is taken has a name of its own".to_owned());
        }
        self.imports.push(Import { from, names });
        Ok(())
    }

    /// `{ a, b as c }`, perhaps with a `from`.
    fn list(&mut self, list: &str) -> Result<(), String> {
        let Some((list, from)) = list.rsplit_once("} from") else {
            let names = taken(list)?.into_iter();
            self.exports.extend(names.map(|Name { outer, inner }| Name {
                outer: inner,
                inner: outer,
            }));
            return Ok(());
        };
        let from = path(from)?;
        let names = taken(&format!("{list}}}"))?;
        let given = names.iter().map(|name| Name::new(&name.inner, &name.inner));
        self.exports.extend(given);
        self.take(names, from)
    }

    /// Any other line. A packed library has its exports within a long one.
    fn line(&mut self, line: &str) -> Result<(), String> {
        if let Some((before, value)) = exporting(line.split_once("export default ")) {
            self.body.push_str(before);
            self.export_default(value);
        } else if let Some(declared) = line.strip_prefix("export ") {
            let name = declared_name(declared)?;
            self.exports.push(Name::new(name, name));
            let _ = writeln!(self.body, "{declared}");
        } else if let Some((before, list)) = exporting(line.rsplit_once("export{")) {
            let _ = writeln!(self.body, "{before}");
            self.list(&format!("{{{}", list.trim_end_matches(';')))?;
        } else if line.starts_with("export*") {
            return Err("export names, not all".to_owned());
        } else {
            let _ = writeln!(self.body, "{line}");
        }
        Ok(())
    }

    /// The default export: under its own name, by which the rest of the module may call it, or one
    /// that is given to it.
    fn export_default(&mut self, value: &str) {
        let name = declared_name(value).ok().filter(|name| *name != "extends");
        if let Some(name) = name {
            self.exports.push(Name::new("default", name));
            let _ = writeln!(self.body, "{value}");
        } else {
            self.exports.push(Name::new("default", DEFAULT));
            let _ = writeln!(self.body, "const {DEFAULT} = {value}");
        }
    }

    /// A line of a comment or a template, which stays as it is.
    fn text(&mut self, line: &str) -> Result<(), String> {
        if is_statement(line) || line.starts_with("export ") {
            return Err("this seems to be text; begin its line otherwise".to_owned());
        }
        let _ = writeln!(self.body, "{line}");
        Ok(())
    }
}

/// What the beginning of a line stands in, as far as comments of several lines and the marks of
/// templates tell.
#[derive(Default)]
struct Ground {
    is_comment: bool,
    is_template: bool,
}

impl Ground {
    /// True if the line begins as code. Goes on to the next.
    fn walk(&mut self, line: &str) -> bool {
        let is_code = !self.is_comment && !self.is_template;
        let begun = line.trim_start();
        if is_code && begun.starts_with("//") {
            return true;
        }
        if !self.is_template && (self.is_comment || begun.starts_with("/*")) {
            self.is_comment = !line.contains("*/");
            return is_code;
        }
        let marks = [r"\`", "'`'"]
            .iter()
            .fold(line.to_owned(), |line, mark| line.replace(mark, ""));
        let marks = marks.matches('`').count();
        self.is_template ^= marks % 2 == 1;
        is_code
    }
}

/// True for a line with an `import`, or a list of exports.
fn is_statement(line: &str) -> bool {
    let import = line.strip_prefix("import");
    import.is_some_and(|rest| rest.starts_with([' ', '{', '*', '\'', '"']))
        || line.starts_with("export {")
}

/// The halves of a line around an `export`, if a statement can begin there.
fn exporting<'a>(halves: Option<(&'a str, &'a str)>) -> Option<(&'a str, &'a str)> {
    halves.filter(|(before, _)| before.is_empty() || before.ends_with([';', '}']))
}

/// What `{ a, b as c }` takes: `a`, and `b` under the name `c`.
fn taken(list: &str) -> Result<Vec<Name>, String> {
    let inner = list.trim().strip_prefix('{');
    let inner = inner.and_then(|list| list.strip_suffix('}'));
    let inner = inner.ok_or_else(|| format!("{list} is no list of names"))?;
    let members = inner.split(',').map(str::trim);
    let members = members.filter(|member| !member.is_empty()).map(|member| {
        let (outer, inner) = member.split_once(" as ").unwrap_or((member, member));
        match is_name(outer) && is_name(inner) {
            true => Ok(Name::new(outer, inner)),
            false => Err(format!("{member} is no name")),
        }
    });
    members.collect()
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
