//! A page as its user has it before them: what can be seen, heard, and where the focus is.

use std::{fmt::Display, rc::Rc, time::Duration};

use serde_json::{Value, json};

use super::{
    browser::Browser,
    report,
    tab::{Fault, Tab},
};

/// A page, or a part of it ([`Page::within`]). Every step waits until it can be done, and fails
/// with what is on the screen where that does not come.
///
/// Roles and names are those of ARIA. Rows, list items, articles, regions and groups also answer
/// to the text of one of their cells, headings or links, or to any part of their text.
#[derive(Clone)]
pub struct Page {
    pub(super) browser: Rc<Browser>,
    pub(super) tab: Rc<Tab>,
    scope: Vec<[String; 2]>,
    /// How long a step may wait.
    patience: Duration,
}

impl Page {
    pub(super) fn new(browser: Rc<Browser>, tab: Rc<Tab>) -> Self {
        Self {
            browser,
            tab,
            scope: Vec::new(),
            patience: super::patience(),
        }
    }

    /// The part of the page that has this role and name, for steps that mean only it.
    pub fn within(&self, role: &str, name: &str) -> Self {
        let mut part = self.clone();
        part.scope.push([role.to_owned(), name.to_owned()]);
        part
    }

    /// The same page for a step that is to fail, without the long wait.
    pub fn impatient(&self) -> Self {
        let mut page = self.clone();
        page.patience = Duration::from_millis(500);
        page
    }

    /// Waits until a text is to be seen; not what is for screen readers alone, nor values of fields.
    #[track_caller]
    pub fn sees(&self, text: &str) {
        let spec = json!({ "scope": self.scope, "text": text });
        self.need(&format!("sees “{text}”"), "sees", &spec);
    }

    /// Waits until a text is not, or no longer, to be seen.
    #[track_caller]
    pub fn does_not_see(&self, text: &str) {
        let spec = json!({ "scope": self.scope, "text": text });
        self.need(&format!("does not see “{text}”"), "unseen", &spec);
    }

    /// Waits until a status or an alert says it, so that screen readers do.
    #[track_caller]
    pub fn hears(&self, text: &str) {
        let spec = json!({ "scope": self.scope, "text": text });
        self.need(&format!("hears “{text}”"), "hears", &spec);
    }

    /// Waits until something of this role and name is there.
    #[track_caller]
    pub fn has(&self, role: &str, name: &str) {
        let spec = self.spec(role, name);
        self.need(&format!("has {role} “{name}”"), "there", &spec);
    }

    /// Waits until nothing of this role and name is there.
    #[track_caller]
    pub fn has_no(&self, role: &str, name: &str) {
        let spec = self.spec(role, name);
        self.need(&format!("has no {role} “{name}”"), "gone", &spec);
    }

    /// Waits until there are so many of a role, whatever their names.
    #[track_caller]
    pub fn counts(&self, role: &str, count: usize) {
        let mut spec = self.spec(role, "");
        spec["count"] = count.into();
        self.need(&format!("counts {count} of {role}"), "count", &spec);
    }

    /// Waits until something cannot be used.
    #[track_caller]
    pub fn is_disabled(&self, role: &str, name: &str) {
        let spec = self.spec(role, name);
        self.need(&format!("{role} “{name}” is disabled"), "disabled", &spec);
    }

    /// Waits until a field is marked as wrong.
    #[track_caller]
    pub fn is_invalid(&self, label: &str) {
        let spec = self.spec("field", label);
        self.need(&format!("field “{label}” is invalid"), "invalid", &spec);
    }

    /// Waits until what describes a field (its help or its fault) has a text.
    #[track_caller]
    pub fn describes(&self, label: &str, text: &str) {
        let mut spec = self.spec("field", label);
        spec["text"] = text.into();
        let step = format!("field “{label}” is described as “{text}”");
        self.need(&step, "described", &spec);
    }

    /// Waits until the focus is on this.
    #[track_caller]
    pub fn focuses(&self, role: &str, name: &str) {
        let spec = self.spec(role, name);
        self.need(
            &format!("the focus is on {role} “{name}”"),
            "focused",
            &spec,
        );
    }

    /// Role and name of what has the focus now; both empty where nothing has.
    #[track_caller]
    pub fn focused(&self) -> (String, String) {
        let expression = "[__seen.role(document.activeElement), \
                          document.activeElement === document.body ? '' \
                          : __seen.name(document.activeElement)]";
        let found = self.script(expression);
        let text = |at: usize| found[at].as_str().unwrap_or_default().to_owned();
        (text(0), text(1))
    }

    /// The fragment of the address, such as `#/records/posts`.
    #[track_caller]
    pub fn address(&self) -> String {
        let hash = self.script("location.hash");
        hash.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the address has this fragment.
    #[track_caller]
    pub fn arrives(&self, hash: &str) {
        let spec = json!({ "hash": hash });
        self.need(&format!("arrives at {hash}"), "address", &spec);
    }

    /// The value of an expression in the page, for what has no role: a width, a title.
    #[track_caller]
    pub fn script(&self, expression: &str) -> Value {
        let answer = self.tab.evaluate(expression);
        answer.unwrap_or_else(|why| self.fail(expression, &why))
    }

    /// Waits until an expression in the page is true.
    #[track_caller]
    pub fn script_holds(&self, expression: &str) {
        let start = std::time::Instant::now();
        let frame = format!(
            "new Promise((done) => requestAnimationFrame(() => done(Boolean({expression}))))"
        );
        while self.tab.evaluate(&frame) != Ok(Value::Bool(true)) {
            if start.elapsed() > self.patience {
                self.fail(expression, "that does not come true");
            }
        }
    }

    /// Announces an answer of this status, which would fail the story otherwise; and so does it
    /// where none comes.
    pub fn expects(&self, status: u16) {
        self.tab.expected.borrow_mut().insert(status);
    }

    /// Announces that requests may have no answer, because the story takes the server away.
    pub fn expects_silence(&self) {
        self.tab.expects_silence.set(true);
    }

    pub(super) fn spec(&self, role: &str, name: &str) -> Value {
        json!({ "scope": self.scope, "role": role, "name": name })
    }

    /// Waits for the answer of a probe; a failure of `step` where there is none.
    #[track_caller]
    pub(super) fn need(&self, step: &str, probe: &str, spec: &Value) -> Value {
        match self.tab.until(probe, spec, self.patience) {
            Ok(answer) => answer,
            Err(Fault::Unmet(why)) => {
                self.fail(step, &format!("{why} (waited {:?})", self.patience))
            }
            Err(Fault::Broken(why)) => self.fail(step, &why),
        }
    }

    /// Whether a probe has an answer now, or within some frames.
    pub(super) fn asks(&self, probe: &str, spec: &Value) -> bool {
        let time = Duration::from_millis(50);
        self.tab.until(probe, spec, time).is_ok()
    }

    #[track_caller]
    pub(super) fn fail(&self, step: &str, why: &str) -> ! {
        let within: Vec<String> = self
            .scope
            .iter()
            .map(|[role, name]| named(role, name))
            .collect();
        let place = if within.is_empty() {
            String::new()
        } else {
            format!(" within {}", within.join(", "))
        };
        panic!("{step}{place}: {why}\n{}", report::of(&self.tab));
    }
}

fn named(role: impl Display, name: impl Display) -> String {
    format!("{role} “{name}”")
}
