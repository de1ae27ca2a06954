//! Access tokens that Stead would never make, by the key of a data directory or another one.

use std::time::Duration;

use pasetors::{
    keys::{Generate, SymmetricKey},
    paserk::{FormatAsPaserk, Id},
    version4::{LocalToken, V4},
};
use serde_json::{Value as Json, json};
use stead::base::Instant;

use super::app::TestApp;

/// Makes tokens as the server of `app` does, and worse ones.
pub struct Forge {
    key: SymmetricKey<V4>,
    claims: Json,
}

impl Forge {
    /// With the server's own key, for a user by a session, good for a quarter of an hour.
    pub fn new(app: &TestApp, user: &str, session: &str) -> Self {
        let file = app.database().with_file_name("keys.json");
        let keys: Json = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        let key = keys["keys"][0]["key"].as_str().unwrap();
        let sql = "SELECT 'stead:' || id FROM _instances";
        let issuer: String = app.sql().query_row(sql, [], |row| row.get(0)).unwrap();
        let now = app.clock().now();
        let claims = json!({
            "iss": issuer, "aud": "access", "sub": user, "sid": session, "jti": "1",
            "iat": now.to_string(), "nbf": now.to_string(),
            "exp": now.after(Duration::from_secs(900)).to_string(),
        });
        Self {
            key: SymmetricKey::try_from(key).unwrap(),
            claims,
        }
    }

    /// The same that claims something else.
    pub fn claiming(mut self, claim: &str, value: impl Into<Json>) -> Self {
        self.claims[claim] = value.into();
        self
    }

    /// The same whose time is over since `now`.
    pub fn expired(self, now: Instant) -> Self {
        self.claiming("exp", now.to_string())
    }

    /// The same by a key that the server has never had.
    pub fn by_another_key(mut self) -> Self {
        self.key = SymmetricKey::generate().unwrap();
        self
    }

    /// The token.
    pub fn token(&self) -> String {
        let mut kid = String::new();
        Id::from(&self.key).fmt(&mut kid).unwrap();
        let footer = json!({ "kid": kid }).to_string();
        let claims = self.claims.to_string();
        LocalToken::encrypt(&self.key, claims.as_bytes(), Some(footer.as_bytes()), None).unwrap()
    }
}

/// The token with one letter of its sealed part changed.
pub fn tampered(token: &str) -> String {
    let (sealed, footer) = token.rsplit_once('.').unwrap();
    let (head, tail) = sealed.split_at(sealed.len() / 2);
    let other = if tail.starts_with('A') { 'B' } else { 'A' };
    format!("{head}{other}{}.{footer}", &tail[1..])
}
