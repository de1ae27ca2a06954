//! An instance in use: a bakery's, with collections that point at each other, a field of every type,
//! some 300 records, people and roles, a history and a trash, and rules. The same each time.

use serde_json::{Value, json};

use super::story::Stage;
use crate::support::process::PASSWORD;

const FIRST_NAMES: &[&str] = &[
    "Ada", "Bela", "Chidi", "Dana", "Emre", "Fatima", "Greta", "Hiro", "Ines", "Jonas", "Kaya",
    "Luca", "Mina", "Noor", "Oskar", "Priya", "Quentin", "Rosa", "Sven", "Tala",
];

const LAST_NAMES: &[&str] = &["Berg", "Costa", "Diallo", "Fischer", "Okafor", "Yılmaz"];

const BREADS: &[(&str, &str)] = &[
    ("Rye loaf", "Bread"),
    ("Wheat loaf", "Bread"),
    ("Spelt loaf with walnuts and dried figs", "Bread"),
    ("Baguette", "Bread"),
    ("Focaccia", "Bread"),
    ("Butter croissant", "Pastry"),
    ("Almond croissant", "Pastry"),
    ("Cinnamon roll", "Pastry"),
    ("Pain au chocolat", "Pastry"),
    ("Cheesecake", "Cake"),
    ("Carrot cake", "Cake"),
    ("Apple tart", "Cake"),
    ("Espresso", "Drinks"),
    ("Oat milk cappuccino", "Drinks"),
];

const STATUSES: &[&str] = &["pending", "paid", "baked", "delivered"];

const SEASONS: &[&str] = &["all year", "summer", "winter"];

const ALLERGENS: &[&str] = &["gluten", "milk", "nuts", "egg"];

/// How many orders there are.
pub const ORDERS: usize = 220;

/// How many customers have ordered something; the others are in the trash.
const BUYERS: usize = 56;

/// Fills the instance, as its admin would by the API.
pub fn furnish(stage: &Stage) {
    define(stage);
    people(stage);
    let categories: Vec<Value> = ["Bread", "Pastry", "Cake", "Drinks"]
        .iter()
        .map(|name| stage.post("/api/v1/categories", &json!({ "name": name })))
        .collect();
    let products = products(stage, &categories);
    let customers = customers(stage);
    orders(stage, &customers, &products);
    change_of_mind(stage, &products, &customers);
}

fn define(stage: &Stage) {
    for definition in [
        categories(),
        products_collection(),
        customers_collection(),
        orders_collection(),
    ] {
        stage.post("/api/system/collections", &definition);
    }
}

fn categories() -> Value {
    json!({
        "name": "categories", "description": "What the shelves are called",
        "fields": [{ "name": "name", "type": "text", "required": true, "unique": true, "max": 60 }],
        "rules": { "list": "true", "view": "true" },
    })
}

/// A field of every type.
fn products_collection() -> Value {
    json!({
        "name": "products", "description": "What can be bought", "history": true,
        "fields": [
            { "name": "name", "type": "text", "required": true, "max": 80, "searchable": true,
              "description": "As it stands on the label" },
            { "name": "category_id", "type": "relation", "collection": "categories" },
            { "name": "price", "type": "decimal", "scale": 2, "min": "0", "required": true },
            { "name": "stock", "type": "integer", "min": 0, "default": 0 },
            { "name": "weight", "type": "number", "min": 0 },
            { "name": "vegan", "type": "boolean", "default": false },
            { "name": "season", "type": "select", "options": SEASONS },
            { "name": "allergens", "type": "multiselect", "options": ALLERGENS },
            { "name": "baked_at", "type": "datetime" },
            { "name": "on_sale_from", "type": "date" },
            { "name": "recipe", "type": "json" },
            { "name": "supplier_email", "type": "email" },
            { "name": "website", "type": "url" },
            { "name": "goes_with_ids", "type": "relations", "collection": "products" },
            { "name": "margin", "type": "number", "hidden": true },
        ],
        "indexes": [{ "fields": ["season", "-stock"] }],
        "rules": { "list": "true", "view": "true", "update": "stock == 0 || auth.can('products:update')" },
    })
}

fn customers_collection() -> Value {
    json!({
        "name": "customers", "history": true,
        "fields": [
            { "name": "name", "type": "text", "required": true, "max": 120, "searchable": true },
            { "name": "email", "type": "email", "unique": true },
            { "name": "since", "type": "date" },
            { "name": "notes", "type": "text", "max": 2000 },
        ],
    })
}

fn orders_collection() -> Value {
    json!({
        "name": "orders",
        "fields": [
            { "name": "number", "type": "text", "required": true, "unique": true, "max": 32 },
            { "name": "customer_id", "type": "relation", "collection": "customers", "required": true },
            { "name": "product_ids", "type": "relations", "collection": "products" },
            { "name": "total", "type": "decimal", "scale": 2, "min": "0", "required": true },
            { "name": "status", "type": "select", "options": STATUSES, "default": "pending" },
            { "name": "due_at", "type": "datetime" },
        ],
        "rules": { "delete": "status == 'pending'" },
    })
}

fn people(stage: &Stage) {
    let role = json!({
        "name": "counter", "permissions": ["products:read", "orders:read", "orders:create", "orders:update"],
    });
    stage.post("/api/system/roles", &role);
    for (name, role) in [
        ("Ben", "editor"),
        ("Cleo", "viewer"),
        ("Dara", "counter"),
        ("Eli", "counter"),
    ] {
        let email = format!("{}@example.com", name.to_lowercase());
        let user = json!({
            "email": email, "password": PASSWORD, "displayName": name, "roles": [role],
        });
        let made = stage.post("/api/v1/users", &user);
        if name == "Eli" {
            stage.post(
                &format!("/api/v1/users/{}/deactivate", id(&made)),
                &Value::Null,
            );
        }
    }
}

fn products(stage: &Stage, categories: &[Value]) -> Vec<Value> {
    let mut made: Vec<Value> = Vec::new();
    for (at, (name, category)) in BREADS.iter().enumerate() {
        let category = categories
            .iter()
            .find(|it| it["name"] == *category)
            .unwrap();
        let body = json!({
            "name": name,
            "categoryId": category["id"],
            "price": format!("{}.{:02}", 1 + at % 7, (at * 35) % 100),
            "stock": (at * 13) % 40,
            "weight": 0.25 * f64::from(u32::try_from(1 + at % 6).unwrap()),
            "vegan": at % 3 == 0,
            "season": SEASONS[at % SEASONS.len()],
            "allergens": ALLERGENS[..=at % ALLERGENS.len()],
            "bakedAt": format!("2026-02-{:02}T04:{:02}:00Z", 1 + at, at * 4),
            "onSaleFrom": format!("2026-0{}-15", 1 + at % 9),
            "recipe": { "flour": 500 + at * 10, "water": 350, "steps": ["mix", "rest", "bake"] },
            "supplierEmail": "mill@example.com",
            "website": format!("https://example.com/products/{at}"),
            "goesWithIds": made.iter().rev().take(at % 3).map(|it| &it["id"]).collect::<Vec<_>>(),
        });
        made.push(stage.post("/api/v1/products", &body));
    }
    made
}

fn customers(stage: &Stage) -> Vec<Value> {
    let names = (0..60).map(|at| {
        let last = LAST_NAMES[at % LAST_NAMES.len()];
        format!("{} {last}", FIRST_NAMES[at % FIRST_NAMES.len()])
    });
    let made = names.enumerate().map(|(at, name)| {
        let body = json!({
            "name": name,
            "email": format!("customer{at}@example.com"),
            "since": format!("202{}-{:02}-{:02}", at % 6, 1 + at % 12, 1 + at % 28),
            "notes": if at % 4 == 0 { "Collects on Saturdays.\nPlease slice." } else { "" },
        });
        stage.post("/api/v1/customers", &body)
    });
    made.collect()
}

fn orders(stage: &Stage, customers: &[Value], products: &[Value]) {
    for at in 0..ORDERS {
        let body = json!({
            "number": format!("A-{}", 1000 + at),
            "customerId": customers[at % BUYERS]["id"],
            "productIds": [products[at % products.len()]["id"], products[(at + 3) % products.len()]["id"]],
            "total": format!("{}.{:02}", 4 + at % 40, (at * 15) % 100),
            "status": STATUSES[at % STATUSES.len()],
            "dueAt": format!("2026-03-{:02}T{:02}:30:00Z", 1 + at % 28, 6 + at % 12),
        });
        stage.post("/api/v1/orders", &body);
    }
}

/// What a history and a trash are for.
fn change_of_mind(stage: &Stage, products: &[Value], customers: &[Value]) {
    let rye = format!("/api/v1/products/{}", id(&products[0]));
    for (price, stock) in [("3.20", 12), ("3.40", 9), ("3.40", 0)] {
        stage.api("PATCH", &rye, &json!({ "price": price, "stock": stock }));
    }
    for customer in &customers[BUYERS..] {
        let path = format!("/api/v1/customers/{}", id(customer));
        stage.api("DELETE", &path, &Value::Null);
    }
}

fn id(record: &Value) -> &str {
    record["id"].as_str().unwrap()
}
