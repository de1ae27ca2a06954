//! The same steps for the server and for the model, compared after each.

use std::time::Duration;

use proptest::{prop_assert, prop_assert_eq, test_runner::TestCaseError};
use serde_json::{Value as Json, json};

use super::model::{Answer, Model};
use crate::support::{
    app::{PASSWORD, TestApp},
    client::{Client, Reply},
};

/// One step. Numbers are taken around the end of the list that they point into.
#[derive(Clone, Debug)]
pub enum Step {
    /// A program or browser signs in.
    Login,
    /// A further tab opens over what a client holds.
    OpenTab(usize),
    /// A client refreshes with the last token that it has got.
    Refresh(usize),
    /// Anybody shows one of the last tokens that there were, counted from the end.
    Replay(usize),
    /// So many milliseconds pass.
    Wait(u64),
    /// A client signs out.
    Logout(usize),
    /// A client ends the session of another.
    End { by: usize, ended: usize },
    /// A client ends all sessions but its own.
    EndOthers(usize),
}

/// A token of the server, by its number in the model.
#[derive(Clone)]
struct Token {
    access: String,
    refresh: String,
    /// The server's id of its session.
    session: String,
}

/// A story under way.
pub struct Story<'a> {
    app: &'a TestApp,
    model: Model,
    tokens: Vec<Token>,
    /// The token that each client holds, by its number.
    clients: Vec<usize>,
    thefts: i64,
}

type Outcome = Result<(), TestCaseError>;

impl<'a> Story<'a> {
    /// Begins with nobody signed in.
    pub fn begin(app: &'a TestApp) -> Self {
        app.change_by_sql("DELETE FROM _refresh_tokens; DELETE FROM _sessions;");
        Self {
            thefts: thefts(app),
            app,
            model: Model::default(),
            tokens: Vec::new(),
            clients: Vec::new(),
        }
    }

    /// Takes a step, and compares.
    pub fn go_on(&mut self, step: &Step) -> Outcome {
        match step {
            Step::Login => self.login(),
            Step::Wait(millis) => {
                self.model.now += millis;
                self.app.clock().advance(Duration::from_millis(*millis));
            }
            // There is nobody yet who could do anything else.
            _ if self.clients.is_empty() => {}
            Step::OpenTab(client) => self.clients.push(self.held(*client)),
            Step::Refresh(client) => {
                let client = client % self.clients.len();
                if let Some(token) = self.show(self.clients[client])? {
                    self.clients[client] = token;
                }
            }
            Step::Replay(token) => {
                let token = self.tokens.len() - 1 - token % self.tokens.len();
                self.show(token)?;
            }
            Step::Logout(client) => self.logout(self.held(*client)),
            Step::End { by, ended } => self.end(self.held(*by), self.held(*ended)),
            Step::EndOthers(client) => self.end_others(self.held(*client)),
        }
        self.compare()
    }

    fn held(&self, client: usize) -> usize {
        self.clients[client % self.clients.len()]
    }

    fn login(&mut self) {
        let client = self.app.guest().sign_in("ann@example.com", PASSWORD);
        let session = current(&client);
        let (access, refresh) = (client.access.unwrap(), client.refresh.unwrap());
        let number = self.model.login();
        self.keep(number, access, refresh, session);
        self.clients.push(number);
    }

    fn keep(&mut self, number: usize, access: String, refresh: String, session: String) {
        assert_eq!(number, self.tokens.len());
        self.tokens.push(Token {
            access,
            refresh,
            session,
        });
    }

    /// Shows a token; the number of its successor, if it gets one.
    fn show(&mut self, token: usize) -> Result<Option<usize>, TestCaseError> {
        let body = json!({ "refreshToken": self.tokens[token].refresh });
        let reply = self.app.guest().post("/api/auth/refresh", &body);
        let answer = self.model.refresh(token);
        let code = reply.json()["error"]["code"].clone();
        match answer {
            Answer::Renewed(number) => {
                prop_assert_eq!(reply.status(), 200);
                let session = self.tokens[token].session.clone();
                self.keep_renewed(number, &reply.ok(), session);
                return Ok(Some(number));
            }
            Answer::Over => prop_assert!(code == "TOKEN_EXPIRED" || code == "TOKEN_INVALID"),
            Answer::Refused => prop_assert_eq!(code, "TOKEN_INVALID"),
            Answer::Theft => {
                prop_assert_eq!(code, "TOKEN_INVALID");
                self.thefts += 1;
            }
        }
        prop_assert_eq!(reply.status(), 401);
        Ok(None)
    }

    fn keep_renewed(&mut self, number: usize, data: &Json, session: String) {
        let text = |key: &str| data[key].as_str().unwrap().to_owned();
        self.keep(number, text("accessToken"), text("refreshToken"), session);
    }

    fn bearer(&self, token: usize) -> Client {
        let bearer = format!("Bearer {}", self.tokens[token].access);
        self.app.guest().with("Authorization", &bearer)
    }

    /// By bearer, signing out needs an access token that has not expired; whatever the server
    /// answers, the session is over exactly if the token let its owner in.
    fn logout(&mut self, token: usize) {
        let reply = self.bearer(token).send("POST", "/api/auth/logout", None);
        if reply.status() == 204 {
            self.model.end(self.model.session_of(token));
        }
    }

    fn end(&mut self, by: usize, ended: usize) {
        let path = format!("/api/auth/sessions/{}", self.tokens[ended].session);
        let reply = self.bearer(by).delete(&path);
        self.expect_end(by, &reply);
        if self.model.lets_in(by) {
            self.model.end(self.model.session_of(ended));
        }
    }

    fn end_others(&mut self, by: usize) {
        let reply = self.bearer(by).delete("/api/auth/sessions");
        self.expect_end(by, &reply);
        if self.model.lets_in(by) {
            let own = self.model.session_of(by);
            for session in self.model.live() {
                if session != own {
                    self.model.end(session);
                }
            }
        }
    }

    fn expect_end(&self, by: usize, reply: &Reply) {
        let status = reply.status();
        // Not found where the session is no more.
        let may = self.model.lets_in(by);
        assert!(
            if may {
                [204, 404].contains(&status)
            } else {
                status == 401
            },
            "{status}"
        );
    }

    /// Who is let in, which sessions are shown, and how many thefts were noticed.
    fn compare(&self) -> Outcome {
        for token in &self.clients {
            let status = self.bearer(*token).get("/api/auth/me").status();
            let expected = if self.model.lets_in(*token) { 200 } else { 401 };
            prop_assert_eq!(status, expected, "the token {}", token);
        }
        if let Some(token) = self
            .clients
            .iter()
            .find(|token| self.model.lets_in(**token))
        {
            let list = self.bearer(*token).get("/api/auth/sessions").ok();
            let live = self.model.live().len();
            prop_assert_eq!(list["pagination"]["totalItems"].as_u64(), Some(live as u64));
        }
        prop_assert_eq!(thefts(self.app), self.thefts);
        Ok(())
    }
}

fn thefts(app: &TestApp) -> i64 {
    app.count("SELECT count(*) FROM _audit_entries WHERE action = 'session.reused'")
}

fn current(client: &Client) -> String {
    let sessions = client.get("/api/auth/sessions?pageSize=100").ok();
    let all = sessions["items"].as_array().unwrap();
    let own = all.iter().find(|one| one["current"] == true).unwrap();
    own["id"].as_str().unwrap().to_owned()
}
