//! `[cors]`: pages of other origins that may use the API.

use std::time::Duration;

use super::{
    given::Given,
    key::{Entry, Section},
    public_url::Origin,
    shape::{Shape, seconds},
};

/// Which pages of other origins may read answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cors {
    /// Their origins.
    pub origins: Vec<Origin>,
    /// How long a browser may remember what a preflight was told.
    pub max_age: Duration,
}

impl Default for Cors {
    fn default() -> Self {
        Self {
            origins: Vec::new(),
            max_age: Duration::from_secs(600),
        }
    }
}

/// A list of origins.
struct Origins;

impl Shape<Vec<Origin>> for Origins {
    fn read(&self, given: &Given<'_>) -> Result<Vec<Origin>, String> {
        let Some(items) = given.list() else {
            return Err(given.refused(&self.limits()));
        };
        let origin = |item: String| match (item.parse(), given) {
            (Ok(origin), _) => Ok(origin),
            (Err(_), Given::Hidden(_)) => Err(given.refused(&self.limits())),
            // Answers carry credentials, which no browser allows for any origin whatever.
            (Err(_), _) if item == "*" => Err("\"*\" is not possible: name each origin".to_owned()),
            (Err(fault), _) => Err(format!("{item:?} {fault}")),
        };
        items
            .into_iter()
            .map(|item| origin(item.to_owned()))
            .collect()
    }

    fn write(&self, value: &Vec<Origin>) -> String {
        let items: Vec<String> = value
            .iter()
            .map(|item| format!("\"{}\"", item.as_str()))
            .collect();
        format!("[{}]", items.join(", "))
    }

    fn limits(&self) -> String {
        "a list of origins, such as [\"https://app.example.org\", \"http://localhost:5173\"]"
            .to_owned()
    }
}

pub(super) const SECTION: Section = Section {
    name: "cors",
    about: "Pages of other origins that may use the API.",
    keys: &[
        &Entry {
            name: "origins",
            reason: "Origins whose pages may call the API with credentials, read its answers and \
                     sign in. None, because each can do what its visitors may; a page of this \
                     instance's own origin needs no entry. Cookies reach only origins of the same \
                     site, others use bearer tokens.",
            shape: Origins,
            place: |config| &mut config.cors.origins,
        },
        &Entry {
            name: "max_age_seconds",
            reason: "How long a browser may remember what it was allowed, so that it need not ask \
                     before each request. What is taken from the list counts that much later.",
            shape: seconds(0, 86_400),
            place: |config| &mut config.cors.max_age,
        },
    ],
};
