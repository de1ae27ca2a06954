//! Who is signed in, in whose name everything is asked.

use std::net::SocketAddr;

use serde_json::{Value, json};

use crate::{
    Result,
    driver::{Driver, write_request},
};

/// The admin's address.
pub const EMAIL: &str = "ann@example.com";

/// The admin's password.
pub const PASSWORD: &str = "correct horse battery staple";

/// Who signs in.
pub struct Account {
    /// The address.
    pub email: &'static str,
    /// The password.
    pub password: &'static str,
}

/// The admin.
pub const ADMIN: Account = Account {
    email: EMAIL,
    password: PASSWORD,
};

/// A connection of its own, with an access token, which lives 15 minutes: longer than any run.
pub struct Caller {
    driver: Driver,
    token: String,
    /// The user's id.
    pub user_id: String,
}

impl Caller {
    /// Signs the admin in.
    pub fn sign_in(address: SocketAddr) -> Result<Self> {
        Self::sign_in_as(address, &ADMIN)
    }

    /// Signs somebody in.
    pub fn sign_in_as(address: SocketAddr, account: &Account) -> Result<Self> {
        let mut driver = Driver::connect(address, 1)?;
        let answer = driver.ask(&sign_in_request(account))?;
        let reply: Value = serde_json::from_slice(&answer.body)?;
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let data = &reply["data"];
        match (text(&data["accessToken"]), text(&data["user"]["id"])) {
            (Some(token), Some(user_id)) => Ok(Self {
                driver,
                token,
                user_id,
            }),
            _ => Err(format!("signing in was answered {}: {reply}", answer.status).into()),
        }
    }

    /// The bytes of a request in its name.
    pub fn request(&self, method: &str, path: &str, body: &[u8]) -> Vec<u8> {
        let mut request = Vec::new();
        write_request(&mut request, method, path, Some(&self.token), body);
        request
    }

    /// Appends the bytes of a request in its name.
    pub fn write(&self, buffer: &mut Vec<u8>, method: &str, path: &str, body: &[u8]) {
        write_request(buffer, method, path, Some(&self.token), body);
    }

    /// Connects anew: what has been still for some seconds is closed by the server.
    pub fn reconnect(&mut self, address: SocketAddr) -> Result<()> {
        self.driver = Driver::connect(address, 1)?;
        Ok(())
    }

    /// The entity tag of what a path gives.
    pub fn tag_of(&mut self, path: &str) -> Result<String> {
        let request = self.request("GET", path, b"");
        let answer = self.driver.ask(&request)?;
        let lines = answer.head.lines().filter_map(|line| line.split_once(": "));
        let mut tags = lines.filter(|(name, _)| name.eq_ignore_ascii_case("etag"));
        let tag = tags.next().map(|(_, tag)| tag.to_owned());
        tag.ok_or_else(|| format!("{path} has no tag").into())
    }

    /// Signs in once more, and returns the refresh token of that session.
    pub fn new_session(&mut self) -> Result<String> {
        let answer = self.driver.ask(&sign_in_request(&ADMIN))?;
        let reply: Value = serde_json::from_slice(&answer.body)?;
        let token = reply["data"]["refreshToken"].as_str();
        token
            .map(str::to_owned)
            .ok_or_else(|| format!("signing in was answered {}", answer.status).into())
    }

    /// Asks and returns the whole body. An error if the answer is not 2xx.
    pub fn ask(&mut self, method: &str, path: &str, body: &[u8]) -> Result<Vec<u8>> {
        let request = self.request(method, path, body);
        let answer = self.driver.ask(&request)?;
        if (200..300).contains(&answer.status) {
            return Ok(answer.body);
        }
        let body = String::from_utf8_lossy(&answer.body);
        Err(format!("{method} {path} was answered {}: {body}", answer.status).into())
    }
}

/// The bytes of a sign-in that wants its tokens in the answer.
pub fn sign_in_request(account: &Account) -> Vec<u8> {
    let Account { email, password } = account;
    let body = json!({ "email": email, "password": password, "delivery": "body" });
    let mut request = Vec::new();
    let body = body.to_string();
    write_request(
        &mut request,
        "POST",
        "/api/auth/login",
        None,
        body.as_bytes(),
    );
    request
}

/// The bytes of a refresh whose tokens come and go in the body.
pub fn refresh_request(token: &str) -> Vec<u8> {
    let mut request = Vec::new();
    let body = json!({ "refreshToken": token }).to_string();
    write_request(
        &mut request,
        "POST",
        "/api/auth/refresh",
        None,
        body.as_bytes(),
    );
    request
}
