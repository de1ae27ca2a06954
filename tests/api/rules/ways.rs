//! Every way by which somebody may learn of a record, or of a field of it.
//!
//! Whatever comes with a new way to read adds its row to [`WAYS`]; the matrix asks them all under
//! every kind of rule.

use serde_json::{Value as Json, json};

use crate::support::client::{Client, path_of};

pub const DOCS: &str = "/api/v1/docs";

/// Somebody asks about a record.
pub struct Ask<'a> {
    pub admin: &'a Client,
    pub caller: &'a Client,
    pub is_guest: bool,
    /// The record, as the admin sees it.
    pub doc: &'a Json,
}

/// A way to read.
pub struct Way {
    pub name: &'static str,
    /// Whether the record is told by it; none where the caller cannot go this way.
    pub record: Option<fn(&Ask<'_>) -> Option<bool>>,
    /// Whether the value of the field `secret` is told by it.
    pub field: Option<fn(&Ask<'_>) -> Option<bool>>,
}

const fn way(
    name: &'static str,
    record: fn(&Ask<'_>) -> Option<bool>,
    field: fn(&Ask<'_>) -> Option<bool>,
) -> Way {
    let (record, field) = (Some(record), Some(field));
    Way {
        name,
        record,
        field,
    }
}

const fn of_record(name: &'static str, record: fn(&Ask<'_>) -> Option<bool>) -> Way {
    let record = Some(record);
    Way {
        name,
        record,
        field: None,
    }
}

const fn of_field(name: &'static str, field: fn(&Ask<'_>) -> Option<bool>) -> Way {
    let field = Some(field);
    Way {
        name,
        record: None,
        field,
    }
}

/// All of them.
pub static WAYS: &[Way] = &[
    way(
        "one record",
        |ask| Some(ask.one().is_some()),
        |ask| Some(has_secret(&ask.one()?)),
    ),
    way(
        "list",
        |ask| Some(ask.in_list(DOCS).is_some()),
        |ask| Some(has_secret(&ask.in_list(DOCS)?)),
    ),
    way(
        "list by cursor",
        |ask| Some(ask.by_cursor("sort=title").is_some()),
        |ask| Some(has_secret(&ask.by_cursor("sort=-title")?)),
    ),
    way(
        "list by cursor, the newest first",
        |ask| Some(ask.by_cursor("count=none").is_some()),
        |ask| Some(has_secret(&ask.by_cursor("count=exact")?)),
    ),
    of_record("count of a list by cursor", |ask| {
        let path = format!("{DOCS}?cursor=&count=exact&title={}", ask.text("title"));
        Some(ask.total(&path) > 0)
    }),
    way(
        "fields of one record",
        |ask| Some(ask.get(&format!("{}?fields=title", ask.path())).is_some()),
        |ask| {
            Some(has_secret(
                &ask.get(&format!("{}?fields=secret", ask.path()))?,
            ))
        },
    ),
    way(
        "fields of a list",
        |ask| Some(ask.in_list(&format!("{DOCS}?fields=id,title")).is_some()),
        |ask| {
            Some(has_secret(
                &ask.in_list(&format!("{DOCS}?fields=secret,id&cursor="))?,
            ))
        },
    ),
    way(
        "count",
        |ask| Some(ask.total(&format!("{DOCS}?title={}", ask.text("title"))) > 0),
        |ask| Some(ask.total(&format!("{DOCS}?secret={}", ask.text("secret"))) > 0),
    ),
    way(
        "filter",
        |ask| ask.finds("title == \"{title}\""),
        |ask| ask.finds("secret == \"{secret}\""),
    ),
    of_field("filter, negated", |ask| {
        ask.finds("!(secret != \"{secret}\")")
    }),
    of_field("filter, beside null", |ask| ask.finds("secret != null")),
    of_field("filter, a part", |ask| {
        ask.finds("secret.contains(\"{secret}\")")
    }),
    of_field("filter, the length", |ask| ask.finds("secret.size() > 0")),
    of_field("filter, small letters", |ask| {
        ask.finds("secret.lower().startsWith(\"{secret}\")")
    }),
    of_field("filter, a list", |ask| {
        ask.finds("secret in [\"{secret}\", \"x\"]")
    }),
    of_field("filter, with another field", |ask| {
        ask.finds("secret != title")
    }),
    of_field("eq", |ask| ask.with_parameter("secret[eq]={secret}")),
    of_field("ne", |ask| ask.with_parameter("secret[ne]=x")),
    of_field("gte", |ask| ask.with_parameter("secret[gte]={secret}")),
    of_field("lt", |ask| ask.with_parameter("secret[lt]={secret}z")),
    of_field("in", |ask| ask.with_parameter("secret[in]={secret},x")),
    of_field("contains", |ask| {
        ask.with_parameter("secret[contains]={secret}")
    }),
    of_field("startsWith", |ask| {
        ask.with_parameter("secret[startsWith]={secret}")
    }),
    of_field("isNull", |ask| ask.with_parameter("secret[isNull]=false")),
    way(
        "aggregate",
        |ask| ask.counts("group=id"),
        |ask| ask.counts("group=id&secret={secret}"),
    ),
    of_record("greatest value", |ask| {
        let path = format!("{DOCS}/aggregate?group=id&select=max(title)");
        let Some(groups) = ask.get(&path) else {
            return Some(false);
        };
        let mut groups = groups["items"].as_array()?.iter();
        Some(groups.any(|group| group["max(title)"] == ask.doc["title"]))
    }),
    of_record("sort", |ask| {
        Some(ask.in_list(&format!("{DOCS}?sort=-title")).is_some())
    }),
    way(
        "list under a parent",
        |ask| Some(ask.in_list(&ask.under_team()).is_some()),
        |ask| Some(has_secret(&ask.in_list(&ask.under_team())?)),
    ),
    way(
        "one record under a parent",
        |ask| Some(ask.get(&ask.one_under_team()).is_some()),
        |ask| Some(has_secret(&ask.get(&ask.one_under_team())?)),
    ),
    of_record("what stands under it", |ask| {
        Some(ask.get(&format!("{}/notes", ask.path())).is_some())
    }),
    way(
        "relation in a filter",
        |ask| ask.finds_note("doc.title == \"{title}\""),
        |ask| ask.finds_note("doc.secret == \"{secret}\""),
    ),
    way(
        "relation in a filter of a collection without rules",
        |ask| ask.finds_mark("doc.title == \"{title}\""),
        |ask| ask.finds_mark("doc.secret == \"{secret}\""),
    ),
    way(
        "records that point here in a filter",
        |ask| ask.finds_team("docs.exists(d, d.title == \"{title}\")"),
        |ask| ask.finds_team("docs.exists(d, d.secret == \"{secret}\")"),
    ),
    way(
        "all records that point here in a filter",
        |ask| ask.finds_team("!docs.all(d, d.title != \"{title}\")"),
        |ask| ask.finds_team("!docs.all(d, d.secret != \"{secret}\")"),
    ),
    way(
        "records on a list in a filter",
        |ask| ask.finds_note("docs.exists(d, d.title == \"{title}\")"),
        |ask| ask.finds_note("docs.exists(d, d.secret == \"{secret}\")"),
    ),
    way(
        "all records on a list in a filter",
        |ask| ask.finds_note("!docs.all(d, d.title != \"{title}\")"),
        |ask| ask.finds_note("!docs.all(d, d.secret != \"{secret}\")"),
    ),
    of_record("their number in a filter", |ask| {
        ask.finds_team("docs.size() > 0")
    }),
    way(
        "answer to PATCH",
        |ask| Some(is_shown(&ask.patch())),
        |ask| Some(has_secret(&ask.patch())),
    ),
    way(
        "answer to PUT",
        |ask| Some(is_shown(&ask.put())),
        |ask| Some(has_secret(&ask.put())),
    ),
    way(
        "answer to POST",
        |ask| Some(is_shown(&ask.create())),
        |ask| Some(has_secret(&ask.create())),
    ),
    way(
        "answer to restore",
        |ask| Some(is_shown(&ask.restore())),
        |ask| Some(has_secret(&ask.restore())),
    ),
    way(
        "answer that is given again",
        |ask| Some(is_shown(&ask.replay()?)),
        |ask| Some(has_secret(&ask.replay()?)),
    ),
    way(
        "answer to POST of an array",
        |ask| Some(is_shown(&ask.create_all())),
        |ask| Some(has_secret(&ask.create_all())),
    ),
    way(
        "answer of an array that is given again",
        |ask| Some(is_shown(&ask.replay_all()?)),
        |ask| Some(has_secret(&ask.replay_all()?)),
    ),
    way(
        "answer to PATCH in a batch",
        |ask| Some(is_shown(&ask.batch("PATCH", &ask.title()))),
        |ask| Some(has_secret(&ask.batch("PATCH", &ask.title()))),
    ),
    way(
        "answer to PUT in a batch",
        |ask| Some(is_shown(&ask.batch("PUT", &ask.body()))),
        |ask| Some(has_secret(&ask.batch("PUT", &ask.body()))),
    ),
    way(
        "answer to an upsert",
        |ask| Some(is_shown(&ask.upsert())),
        |ask| Some(has_secret(&ask.upsert())),
    ),
    way(
        "number of a change by filter",
        |ask| Some(ask.picks("title={title}")),
        |ask| Some(ask.picks("secret={secret}")),
    ),
    way(
        "tag of another",
        |ask| ask.not_modified(),
        |ask| ask.not_modified(),
    ),
];

fn has_secret(doc: &Json) -> bool {
    doc.get("secret").is_some()
}

/// True if more is told than what names the record.
fn is_shown(doc: &Json) -> bool {
    doc.get("title").is_some()
}

/// A text within a URL.
pub fn escaped(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(escape).collect()
}

impl Ask<'_> {
    fn text(&self, field: &str) -> &str {
        self.doc[field].as_str().unwrap()
    }

    fn path(&self) -> String {
        path_of("docs", self.doc)
    }

    fn under_team(&self) -> String {
        format!("/api/v1/teams/{}/docs", self.text("teamId"))
    }

    fn one_under_team(&self) -> String {
        format!("{}/{}", self.under_team(), self.text("id"))
    }

    /// What stands there; none if it is not there for this caller.
    fn get(&self, path: &str) -> Option<Json> {
        let reply = self.caller.get(path);
        match reply.status() {
            200 => Some(reply.ok()),
            401 | 403 | 404 => None,
            status => panic!("{path}: {status} {}", reply.json()),
        }
    }

    fn one(&self) -> Option<Json> {
        self.get(&self.path())
    }

    fn in_list(&self, path: &str) -> Option<Json> {
        let list = self.get(path)?;
        let mut items = list["items"].as_array()?.iter();
        items.find(|item| item["id"] == self.doc["id"]).cloned()
    }

    /// The record in all pages of the list, one after another.
    fn by_cursor(&self, query: &str) -> Option<Json> {
        let mut path = format!("{DOCS}?pageSize=1&{query}&cursor=");
        loop {
            if let Some(found) = self.in_list(&path) {
                return Some(found);
            }
            path = self.get(&path)?["links"]["next"].as_str()?.to_owned();
        }
    }

    fn total(&self, path: &str) -> i64 {
        let list = self.get(path);
        list.map_or(0, |list| list["pagination"]["totalItems"].as_i64().unwrap())
    }

    fn filled(&self, text: &str) -> String {
        let text = text.replace("{title}", self.text("title"));
        text.replace("{secret}", self.text("secret"))
    }

    fn finds(&self, filter: &str) -> Option<bool> {
        let path = format!("{DOCS}?filter={}", escaped(&self.filled(filter)));
        Some(self.in_list(&path).is_some())
    }

    fn with_parameter(&self, parameter: &str) -> Option<bool> {
        let path = format!("{DOCS}?{}", self.filled(parameter));
        Some(self.in_list(&path).is_some())
    }

    /// Whether an aggregate by id has a group of this record.
    fn counts(&self, query: &str) -> Option<bool> {
        let path = format!("{DOCS}/aggregate?{}", self.filled(query));
        let Some(groups) = self.get(&path) else {
            return Some(false);
        };
        let mut groups = groups["items"].as_array()?.iter();
        Some(groups.any(|group| group["id"] == self.doc["id"] && group["count()"] == 1))
    }

    fn finds_note(&self, filter: &str) -> Option<bool> {
        let filter = escaped(&self.filled(filter));
        Some(self.total(&format!("/api/v1/notes?filter={filter}")) > 0)
    }

    /// Marks are for who has the permission to read them.
    fn finds_mark(&self, filter: &str) -> Option<bool> {
        let filter = escaped(&self.filled(filter));
        let list = self.get(&format!("/api/v1/marks?filter={filter}"))?;
        Some(list["pagination"]["totalItems"] != 0)
    }

    fn finds_team(&self, filter: &str) -> Option<bool> {
        let filter = format!(
            "id == \"{}\" && {}",
            self.text("teamId"),
            self.filled(filter)
        );
        Some(self.total(&format!("/api/v1/teams?filter={}", escaped(&filter))) > 0)
    }

    /// The fields that somebody writes, as they are.
    fn body(&self) -> Json {
        let mut body = self.doc.clone();
        for kept in ["id", "version", "createdAt", "updatedAt"] {
            body.as_object_mut().unwrap().remove(kept);
        }
        body
    }

    /// The fields of another record like it.
    fn body_of_another(&self) -> Json {
        let mut body = self.body();
        body.as_object_mut().unwrap().remove("code");
        body
    }

    fn title(&self) -> Json {
        json!({ "title": self.doc["title"] })
    }

    fn patch(&self) -> Json {
        self.caller.patch(&self.path(), &self.title()).ok()
    }

    fn create_all(&self) -> Json {
        let made = self.caller.post(DOCS, &json!([self.body_of_another()]));
        let made = made.created()["items"][0].clone();
        self.purge(&made);
        made
    }

    /// A guest has no keys of its own.
    fn replay_all(&self) -> Option<Json> {
        if self.is_guest {
            return None;
        }
        let key = stead::base::Id::generate().to_string();
        let caller = self.caller.with("Idempotency-Key", &key);
        let bodies = json!([self.body_of_another(), self.body_of_another()]);
        let first = caller.post(DOCS, &bodies).created();
        let again = caller.post(DOCS, &bodies).created();
        assert_eq!(first, again);
        for made in again["items"].as_array().unwrap() {
            self.purge(made);
        }
        Some(again["items"][1].clone())
    }

    fn batch(&self, method: &str, body: &Json) -> Json {
        let operation = json!({ "method": method, "path": self.path(), "body": body });
        let body = json!({ "operations": [operation] });
        let done = self.caller.post("/api/batch", &body).ok();
        done["results"][0]["data"].clone()
    }

    fn upsert(&self) -> Json {
        let path = format!("{DOCS}?on=code");
        self.caller.put(&path, &self.body()).ok()
    }

    /// Whether just this record is one that a change of nothing would be of.
    fn picks(&self, condition: &str) -> bool {
        let path = format!("{DOCS}?{}&expect=1", self.filled(condition));
        let reply = self.caller.patch(&path, &json!({}));
        match reply.status() {
            200 => true,
            401 | 403 | 409 => false,
            status => panic!("{path}: {status} {}", reply.json()),
        }
    }

    fn put(&self) -> Json {
        self.caller.put(&self.path(), &self.body()).ok()
    }

    fn create(&self) -> Json {
        let made = self.caller.post(DOCS, &self.body_of_another()).created();
        self.purge(&made);
        made
    }

    fn restore(&self) -> Json {
        self.admin.delete(&self.path()).no_content();
        let path = format!("{}/restore", self.path());
        self.caller.send("POST", &path, None).ok()
    }

    /// A guest has no keys of its own.
    fn replay(&self) -> Option<Json> {
        if self.is_guest {
            return None;
        }
        let key = stead::base::Id::generate().to_string();
        let caller = self.caller.with("Idempotency-Key", &key);
        let first = caller.post(DOCS, &self.body_of_another()).created();
        let again = caller.post(DOCS, &self.body_of_another());
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        let again = again.created();
        assert_eq!(first, again);
        self.purge(&again);
        Some(again)
    }

    fn purge(&self, made: &Json) {
        let path = format!("{}?hard=true", path_of("docs", made));
        self.admin.delete(&path).no_content();
    }

    /// Whether the caller gets just what the admin gets.
    fn not_modified(&self) -> Option<bool> {
        let tag = self.admin.get(&self.path()).etag();
        let reply = self.caller.with("If-None-Match", &tag).get(&self.path());
        Some(reply.status() == 304)
    }
}
