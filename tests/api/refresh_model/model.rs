//! What the protocol says of sessions and refresh tokens, in plain words: nothing is stored, sent
//! or hashed here. Times are milliseconds.

/// How long a spent token may be shown again.
const GRACE: u64 = 10_000;
/// How long a session lives without use, and at most.
const IDLE: u64 = 7 * 24 * 60 * 60 * 1000;
const MOST: u64 = 30 * 24 * 60 * 60 * 1000;
/// How long an access token is good.
const ACCESS: u64 = 900_000;

/// What becomes of a token that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A successor, the token of this number.
    Renewed(usize),
    /// Refused, and nothing else happens.
    Refused,
    /// Refused, because its time or its session is over. The code may tell either: what is over is
    /// forgotten some day.
    Over,
    /// Taken for theft: the session has ended.
    Theft,
}

/// All sessions and tokens of a story. Each is named by its number.
#[derive(Default)]
pub struct Model {
    pub now: u64,
    sessions: Vec<Session>,
    families: Vec<Family>,
    tokens: Vec<Token>,
}

struct Session {
    has_ended: bool,
    began: u64,
    used: u64,
}

/// Tokens that succeed the same one, each for another tab. As soon as one of them is used, all
/// are spent.
struct Family {
    spent: Option<u64>,
    /// The family of their successors.
    next: Option<usize>,
}

struct Token {
    session: usize,
    family: usize,
    made: u64,
}

impl Model {
    /// A new session; its first token.
    pub fn login(&mut self) -> usize {
        self.sessions.push(Session {
            has_ended: false,
            began: self.now,
            used: self.now,
        });
        let family = self.new_family();
        self.new_token(self.sessions.len() - 1, family)
    }

    /// Shows a token.
    pub fn refresh(&mut self, token: usize) -> Answer {
        let Token {
            session,
            family,
            made,
        } = self.tokens[token];
        if !self.is_live(session) || self.now >= made + IDLE {
            return Answer::Over;
        }
        let Some(spent) = self.families[family].spent else {
            self.families[family].spent = Some(self.now);
            let next = self.new_family();
            self.families[family].next = Some(next);
            return self.succeed(session, next);
        };
        if self.now - spent >= GRACE {
            self.end(session);
            return Answer::Theft;
        }
        match self.families[family].next {
            Some(next) if self.families[next].spent.is_none() => self.succeed(session, next),
            _ => Answer::Refused,
        }
    }

    fn succeed(&mut self, session: usize, family: usize) -> Answer {
        self.sessions[session].used = self.now;
        Answer::Renewed(self.new_token(session, family))
    }

    fn new_family(&mut self) -> usize {
        self.families.push(Family {
            spent: None,
            next: None,
        });
        self.families.len() - 1
    }

    fn new_token(&mut self, session: usize, family: usize) -> usize {
        self.tokens.push(Token {
            session,
            family,
            made: self.now,
        });
        self.tokens.len() - 1
    }

    /// The session that a token belongs to.
    pub fn session_of(&self, token: usize) -> usize {
        self.tokens[token].session
    }

    /// True if the access token that came with a refresh token lets its owner in.
    pub fn lets_in(&self, token: usize) -> bool {
        let Token { session, made, .. } = self.tokens[token];
        self.is_live(session) && self.now < made + ACCESS
    }

    /// True until a session has ended or is over.
    pub fn is_live(&self, session: usize) -> bool {
        let Session {
            has_ended,
            began,
            used,
        } = self.sessions[session];
        !has_ended && self.now < began + MOST && self.now < used + IDLE
    }

    /// The sessions that are neither ended nor over.
    pub fn live(&self) -> Vec<usize> {
        let all = 0..self.sessions.len();
        all.filter(|session| self.is_live(*session)).collect()
    }

    /// Ends a session.
    pub fn end(&mut self, session: usize) {
        self.sessions[session].has_ended = true;
    }
}
