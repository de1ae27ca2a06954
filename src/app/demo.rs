//! `--demo`: an instance with something in it, to try things on.

use serde_json::{Value as Json, json};

use super::App;
use crate::{
    access::{Action, Caller, permit},
    base::{
        Code, Error, Result,
        json::Object,
        secret::{self, ExposeSecret, SecretString},
    },
    db::{Batch, Expect, Statement},
    engine::{self, Credentials, Draft},
};

/// A user of the demo, whose password is shown once.
pub struct DemoUser {
    /// The address to sign in with.
    pub email: String,
    /// The role.
    pub role: &'static str,
    /// The password.
    pub password: SecretString,
}

const USERS: &[(&str, &str, &str)] = &[
    ("ann@example.com", "Ann Admin", "admin"),
    ("eve@example.com", "Eve Editor", "editor"),
    ("vic@example.com", "Vic Viewer", "viewer"),
];

/// Fills an empty instance. None if it is a demo already.
///
/// # Errors
/// `CONFLICT` for an instance that is not empty and no demo; those of a write.
pub async fn fill(app: &App) -> Result<Option<Vec<DemoUser>>> {
    if app.is_demo {
        return Ok(None);
    }
    if !is_empty(app).await? {
        let message = "--demo fills an empty data directory only; choose another --data-dir";
        return Err(Error::new(Code::Conflict, message));
    }
    let caller = App::operator("demo");
    let (users, ids) = make_users(app, &caller).await?;
    for definition in definitions() {
        app.collections
            .create(&caller, definition.to_string().as_bytes(), None)
            .await?;
    }
    make_posts(app, &caller, &ids).await?;
    make_orders(app, &caller, &ids).await?;
    // Last: one that was cut off is refused from then on, since nobody has seen its passwords.
    let mark = Statement::new("UPDATE _instances SET demo = 1", Vec::new());
    app.db
        .write(Batch::new().with(mark.expecting(Expect::Changed(1), "demo")))
        .await?;
    Ok(Some(users))
}

async fn is_empty(app: &App) -> Result<bool> {
    let no_users = |conn: &rusqlite::Connection| {
        Ok(
            conn.query_row("SELECT NOT EXISTS (SELECT 1 FROM users)", [], |row| {
                row.get(0)
            })?,
        )
    };
    let only_users = app.engine.catalog().schema().iter().count() == 1;
    Ok(only_users && app.db.read(no_users).await?)
}

async fn make_users(app: &App, caller: &Caller) -> Result<(Vec<DemoUser>, Vec<String>)> {
    let rows = permit(caller, "users", Action::Create)?;
    let collection = app.engine.users()?;
    let (mut users, mut ids) = (Vec::new(), Vec::new());
    for (email, name, role) in USERS {
        let random = secret::random_token()?;
        let short: String = random.expose_secret().chars().take(20).collect();
        let password = SecretString::from(short);
        let body = json!({ "email": email, "displayName": name }).to_string();
        let draft = Draft::read(&collection, &Object::parse(body.as_bytes())?)?;
        let credentials = Credentials {
            password_hash: app.passwords.hash(password.clone()).await?,
            roles: vec![(*role).to_owned()],
            ..Credentials::default()
        };
        let origin = engine::origin(caller);
        let made = app
            .engine
            .create_account(&rows, draft, credentials, &origin, Vec::new());
        ids.push(made.await?.id);
        users.push(DemoUser {
            email: (*email).to_owned(),
            role,
            password,
        });
    }
    Ok((users, ids))
}

fn definitions() -> [Json; 4] {
    let author = json!({ "name": "author_id", "type": "relation", "collection": "users",
        "required": true });
    [
        json!({ "name": "posts", "history": true, "fields": [
            author.clone(),
            { "name": "title", "type": "text", "required": true, "max": 200, "searchable": true },
            { "name": "body", "type": "text", "searchable": true },
            { "name": "status", "type": "select", "options": ["draft", "published"],
              "default": "draft" },
            { "name": "published_on", "type": "date" },
            { "name": "meta", "type": "json" },
        ], "indexes": [{ "fields": ["status", "-created_at"] }],
            "rules": seen("posts", "status == \"published\" || authorId == auth.id") }),
        json!({ "name": "comments", "fields": [
            { "name": "post_id", "type": "relation", "collection": "posts", "required": true },
            author,
            { "name": "text", "type": "text", "required": true, "max": 2000 },
        ], "rules": seen("comments", "post.status == \"published\"") }),
        json!({ "name": "orders", "fields": [
            { "name": "user_id", "type": "relation", "collection": "users", "required": true },
            { "name": "number", "type": "text", "required": true, "unique": true, "max": 32 },
            { "name": "total", "type": "decimal", "scale": 2, "min": "0", "required": true },
            { "name": "status", "type": "select", "options": ["pending", "paid", "shipped"],
              "default": "pending" },
            { "name": "paid_at", "type": "datetime" },
        ], "indexes": [{ "fields": ["status", "-created_at"] }],
            "rules": seen("orders", "userId == auth.id") }),
        json!({ "name": "order_items", "deletion": "hard", "fields": [
            { "name": "order_id", "type": "relation", "collection": "orders", "required": true },
            { "name": "product", "type": "text", "required": true, "max": 100 },
            { "name": "quantity", "type": "integer", "min": 1, "default": 1 },
            { "name": "price", "type": "decimal", "scale": 2, "min": "0", "required": true },
            { "name": "gift", "type": "boolean", "default": false },
        ] }),
    ]
}

/// Rules by which records are seen by whom a condition says, and by who may read all of them.
fn seen(collection: &str, condition: &str) -> Json {
    let rule = format!("{condition} || auth.can(\"{collection}:read\")");
    json!({ "list": rule, "view": rule })
}

async fn make_posts(app: &App, caller: &Caller, users: &[String]) -> Result<()> {
    let titles = [
        "First light",
        "Notes on bread",
        "A walk in the rain",
        "Why SQLite",
        "Spring",
    ];
    for (i, title) in titles.iter().enumerate() {
        let is_published = i % 2 == 0;
        let post = json!({
            "authorId": users.get(i % users.len().max(1)),
            "title": title,
            "body": format!("{title}: some words to begin with."),
            "status": if is_published { "published" } else { "draft" },
            "publishedOn": is_published.then_some("2026-01-15"),
            "meta": { "rank": i },
        });
        let post = create(app, caller, "posts", &post).await?;
        for reader in users {
            let text = format!("What I think of {title}.");
            let comment = json!({ "postId": post, "authorId": reader, "text": text });
            create(app, caller, "comments", &comment).await?;
        }
    }
    Ok(())
}

async fn make_orders(app: &App, caller: &Caller, users: &[String]) -> Result<()> {
    for (i, user) in (1..=8_u32).zip(users.iter().cycle()) {
        let order = json!({
            "userId": user,
            "number": format!("A-{i:04}"),
            "total": format!("{}.90", 19 * i),
            "status": if i % 3 == 0 { "paid" } else { "pending" },
        });
        let order = create(app, caller, "orders", &order).await?;
        for item in [
            json!({ "orderId": order, "product": "Tea, 250 g", "quantity": i, "price": "19.00",
                "gift": i % 4 == 0 }),
            json!({ "orderId": order, "product": "Postage", "price": "0.90" }),
        ] {
            create(app, caller, "order-items", &item).await?;
        }
    }
    Ok(())
}

async fn create(app: &App, caller: &Caller, path: &str, body: &Json) -> Result<String> {
    let record = app
        .records
        .create(caller, path, body.to_string().as_bytes(), None)
        .await?;
    Ok(record.value.id)
}
