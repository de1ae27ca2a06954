//! Every way to write, taken by records that keep their history.
//!
//! Whatever comes with a new way to write adds its row to [`WAYS`]; the walk in `model` takes them
//! all in any order.

use std::time::Duration;

use serde_json::{Value as Json, json};

use super::{AUTHORS, BOOKS, Library, revert};
use crate::support::client::path_of;

/// A way to write.
pub struct Way {
    /// Its line in the list of routes; empty for what no request does.
    route: &'static str,
    pub name: &'static str,
    /// Takes it once, with a book and an author that are there.
    pub go: fn(&Try<'_>),
}

/// Something that is about to be written.
pub struct Try<'a> {
    pub library: &'a Library,
    /// A live book.
    pub book: Json,
    /// What its fields are to be.
    pub body: Json,
}

const fn way(route: &'static str, name: &'static str, go: fn(&Try<'_>)) -> Way {
    Way { route, name, go }
}

/// All of them.
pub static WAYS: &[Way] = &[
    way("POST /api/v1/{collection}", "POST", |it| {
        it.library.admin.post(BOOKS, &it.another()).created();
    }),
    way("POST /api/v1/{collection}", "POST of an array", |it| {
        let bodies = json!([it.another(), it.another()]);
        it.library.admin.post(BOOKS, &bodies).created();
    }),
    way("POST /api/v1/{collection}/import", "import", |it| {
        it.import("", &it.another());
    }),
    way(
        "POST /api/v1/{collection}/import",
        "import by upsert",
        |it| {
            it.import("?mode=upsert&on=code", &it.whole());
        },
    ),
    way(
        "DELETE /api/v1/{collection}/import/{importId}",
        "import that is taken back",
        |it| {
            let id = it.import("", &it.another());
            it.library.admin.patch(&it.path(), &it.body).ok();
            let path = format!("{BOOKS}/import/{}", id.as_str().unwrap());
            it.library.admin.delete(&path).ok();
        },
    ),
    way("POST /api/batch", "POST in a batch", |it| {
        let (author, book) = (json!({ "name": "new" }), it.another());
        it.batch(&[
            json!({ "method": "POST", "path": AUTHORS, "body": author, "ref": "a" }),
            json!({ "method": "POST", "path": BOOKS, "body": with(book, "authorId", &json!("$a.id")) }),
        ]);
    }),
    way("POST /api/batch", "PATCH and PUT in a batch", |it| {
        it.batch(&[
            json!({ "method": "PATCH", "path": it.path(), "body": { "title": "in between" } }),
            json!({ "method": "PUT", "path": it.path(), "body": it.whole() }),
        ]);
    }),
    way("POST /api/batch", "PATCH and DELETE in a batch", |it| {
        it.batch(&[
            json!({ "method": "PATCH", "path": it.path(), "body": it.body }),
            json!({ "method": "DELETE", "path": it.path() }),
        ]);
    }),
    way("PATCH /api/v1/{collection}", "PATCH by filter", |it| {
        it.library.admin.patch(&it.same_author(), &it.body).ok();
    }),
    way("DELETE /api/v1/{collection}", "DELETE by filter", |it| {
        it.library.admin.delete(&it.same_author()).ok();
    }),
    way("PUT /api/v1/{collection}", "upsert of a new one", |it| {
        let made = it.library.admin.put(&on_code(), &it.another());
        made.created();
    }),
    way(
        "PUT /api/v1/{collection}",
        "upsert of one that is there",
        |it| {
            it.library.admin.put(&on_code(), &it.whole()).ok();
        },
    ),
    way("PATCH /api/v1/{collection}/{id}", "PATCH", |it| {
        it.library.admin.patch(&it.path(), &it.body).ok();
    }),
    way("PATCH /api/v1/{collection}/{id}", "PATCH of a sum", |it| {
        let body = json!({ "views": { "$inc": -1 } });
        it.library
            .admin
            .patch(&it.path(), &json!({ "views": 7 }))
            .ok();
        it.library.admin.patch(&it.path(), &body).ok();
    }),
    way("PUT /api/v1/{collection}/{id}", "PUT", |it| {
        it.library.admin.put(&it.path(), &it.whole()).ok();
    }),
    way("DELETE /api/v1/{collection}/{id}", "DELETE", |it| {
        it.library.admin.delete(&it.path()).no_content();
    }),
    way(
        "DELETE /api/v1/{collection}/{id}",
        "DELETE of what others go along with",
        |it| {
            it.library.admin.delete(&it.author()).no_content();
        },
    ),
    way(
        "DELETE /api/v1/{collection}/{id}",
        "DELETE for good",
        |it| {
            it.library
                .admin
                .delete(&format!("{}?hard=true", it.path()))
                .no_content();
        },
    ),
    way(
        "DELETE /api/v1/{collection}/{id}",
        "DELETE for good of what others point at",
        |it| {
            it.library
                .admin
                .patch(&it.path(), &json!({ "friendIds": [it.book["authorId"]] }))
                .ok();
            let other = it.library.author();
            it.library
                .admin
                .patch(&it.path(), &json!({ "authorId": other["id"] }))
                .ok();
            it.library
                .admin
                .delete(&format!("{}?hard=true", it.author()))
                .no_content();
        },
    ),
    way("POST /api/v1/{collection}/{id}/restore", "restore", |it| {
        it.library.admin.delete(&it.path()).no_content();
        it.restore(&it.path());
    }),
    way(
        "POST /api/v1/{collection}/{id}/restore",
        "restore of what others come back with",
        |it| {
            it.library.admin.delete(&it.author()).no_content();
            it.restore(&it.author());
        },
    ),
    way("POST /api/v1/{collection}/{id}/revert", "revert", |it| {
        let version = it.book["version"].as_i64().unwrap();
        it.library.admin.patch(&it.path(), &it.body).ok();
        revert(&it.library.admin, &it.path(), version).ok();
    }),
    way(
        "POST /api/v1/{parent}/{id}/{child}",
        "POST under a parent",
        |it| {
            let body = without(it.another(), "authorId");
            it.library.admin.post(&it.under_author(), &body).created();
        },
    ),
    way(
        "PATCH /api/v1/{parent}/{id}/{child}/{childId}",
        "PATCH under a parent",
        |it| {
            it.library
                .admin
                .patch(&it.one_under_author(), &it.body)
                .ok();
        },
    ),
    way(
        "PUT /api/v1/{parent}/{id}/{child}/{childId}",
        "PUT under a parent",
        |it| {
            it.library
                .admin
                .put(&it.one_under_author(), &it.whole())
                .ok();
        },
    ),
    way(
        "DELETE /api/v1/{parent}/{id}/{child}/{childId}",
        "DELETE under a parent",
        |it| {
            it.library.admin.delete(&it.one_under_author()).no_content();
        },
    ),
    way("", "purge by age", |it| {
        it.library.admin.delete(&it.path()).no_content();
        it.library.app.clock().advance(Duration::from_secs(1));
        it.library.app.purge_by_age();
    }),
    way("", "a SQL shell, and a PATCH behind it", |it| {
        let id = it.book["id"].as_str().unwrap();
        it.library.app.change_by_sql(&format!(
            "UPDATE books SET title = 'by hand', version = version + 1, updated_at = \
             strftime('%Y-%m-%dT%H:%M:%fZ', updated_at, '+0.001 seconds') WHERE id = '{id}'"
        ));
        let body = json!({ "views": 1 });
        it.library.admin.patch(&it.path(), &body).ok();
    }),
];

fn on_code() -> String {
    format!("{BOOKS}?on=code")
}

fn with(mut body: Json, key: &str, value: &Json) -> Json {
    body[key] = value.clone();
    body
}

fn without(mut body: Json, key: &str) -> Json {
    body.as_object_mut().unwrap().remove(key);
    body
}

impl Try<'_> {
    fn path(&self) -> String {
        path_of("books", &self.book)
    }

    fn author(&self) -> String {
        path_of("authors", &json!({ "id": self.book["authorId"] }))
    }

    fn under_author(&self) -> String {
        format!("{}/books", self.author())
    }

    fn one_under_author(&self) -> String {
        format!(
            "{}/{}",
            self.under_author(),
            self.book["id"].as_str().unwrap()
        )
    }

    /// All that a book must keep, so that no two of them are in each other's way.
    fn whole(&self) -> Json {
        let body = with(self.body.clone(), "code", &self.book["code"]);
        with(body, "authorId", &self.book["authorId"])
    }

    /// The body of a book that is not there yet.
    fn another(&self) -> Json {
        with(self.whole(), "code", &self.library.code())
    }

    fn same_author(&self) -> String {
        let path = format!(
            "{BOOKS}?authorId={}",
            self.book["authorId"].as_str().unwrap()
        );
        let list = self.library.admin.get(&path).ok();
        format!("{path}&expect={}", list["pagination"]["totalItems"])
    }

    fn batch(&self, operations: &[Json]) {
        let body = json!({ "operations": operations });
        self.library.admin.post("/api/batch", &body).ok();
    }

    /// Imports one record; gives the id of the import.
    fn import(&self, query: &str, record: &Json) -> Json {
        let (admin, path) = (&self.library.admin, format!("{BOOKS}/import{query}"));
        let (media, line) = (Some("application/x-ndjson"), record.to_string());
        let report = admin.send_bytes("POST", &path, media, line.as_bytes()).ok();
        assert_eq!(report["failed"], 0, "{report}");
        report["importId"].clone()
    }

    fn restore(&self, path: &str) {
        let path = format!("{path}/restore");
        self.library.admin.send("POST", &path, None).ok();
    }
}

#[test]
fn every_way_to_write_is_on_the_list() {
    let routes = include_str!("../routes.txt").lines();
    let routes = routes.map(|line| line.rsplit_once(' ').unwrap().0);
    let of_records = ["/api/v1/{collection}", "/api/v1/{parent}", "/api/batch"];
    let writes = routes.filter(|route| {
        let (method, path) = route.split_once(' ').unwrap();
        method != "GET" && of_records.iter().any(|start| path.starts_with(start))
    });
    let missing: Vec<&str> = writes
        .filter(|route| !WAYS.iter().any(|way| way.route == *route))
        .collect();
    assert_eq!(
        missing, [""; 0],
        "ways to write whose versions nobody looks at"
    );
}

#[test]
fn every_way_to_write_keeps_each_version() {
    let library = Library::start();
    let admin = &library.admin;
    for way in WAYS {
        let book = library.book();
        let (id, known) = (book["id"].clone(), library.note());
        let body = json!({ "title": way.name, "meta": { "a": [1, null] }, "cost": "0.10",
            "tags": ["red", "blue"], "friendIds": [book["authorId"]] });
        (way.go)(&Try {
            library: &library,
            book,
            body,
        });
        library.check_all(way.name);
        let changed = library
            .note()
            .into_iter()
            .filter(|record| !known.contains(record));
        let gone = admin.get(&path_of("books", &json!({ "id": id }))).status() == 404;
        assert!(
            gone || changed.count() > 0,
            "{} changes something",
            way.name
        );
    }
}
