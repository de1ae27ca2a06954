//! The one error type, and the one table of its codes.
//!
//! Owns what an error says to a client and how loud it is in the log. How it becomes an HTTP
//! answer is decided by `web::error` alone.

use std::{borrow::Cow, fmt, sync::Arc};

use serde_json::{Map, Value as Json};

/// What nearly every function here returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// How loud an error is in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The client's doing; nobody needs to be woken.
    Quiet,
    /// Worth a look when it piles up.
    Warning,
    /// A fault of ours.
    Fault,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident $name:literal $status:literal $severity:ident),* $(,)?) => {
        /// The code of an error, as clients see it; `docs/protocol.md` says when each is sent.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $variant),* }

        impl Code {
            /// Every code, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name in the answer.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// The HTTP status.
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status),* }
            }

            /// How loud it is in the log.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity),* }
            }
        }
    };
}

codes! {
    /// A field breaks its definition.
    ValidationError "VALIDATION_ERROR" 400 Quiet,
    /// The request cannot be read.
    InvalidInput "INVALID_INPUT" 400 Quiet,
    /// Only required fields are missing.
    MissingField "MISSING_FIELD" 400 Quiet,
    /// No credentials.
    Unauthorized "UNAUTHORIZED" 401 Quiet,
    /// Wrong email or password.
    InvalidCredentials "INVALID_CREDENTIALS" 401 Quiet,
    /// A token is past its time.
    TokenExpired "TOKEN_EXPIRED" 401 Quiet,
    /// A token is not ours, spent, or its session has ended.
    TokenInvalid "TOKEN_INVALID" 401 Quiet,
    /// A check of CSRF or origin, or a disabled account.
    Forbidden "FORBIDDEN" 403 Quiet,
    /// The role lacks the permission.
    InsufficientPermissions "INSUFFICIENT_PERMISSIONS" 403 Quiet,
    /// Absent, deleted, or not visible.
    NotFound "NOT_FOUND" 404 Quiet,
    /// The path exists, the method does not.
    MethodNotAllowed "METHOD_NOT_ALLOWED" 405 Quiet,
    /// A unique value is taken.
    AlreadyExists "ALREADY_EXISTS" 409 Quiet,
    /// Another change came first, or a relation is in the way.
    Conflict "CONFLICT" 409 Quiet,
    /// `If-Match` does not match.
    PreconditionFailed "PRECONDITION_FAILED" 412 Quiet,
    /// The body is over its limit.
    PayloadTooLarge "PAYLOAD_TOO_LARGE" 413 Quiet,
    /// The body is not of a media type that is read here.
    UnsupportedMediaType "UNSUPPORTED_MEDIA_TYPE" 415 Quiet,
    /// Well formed and valid, but refused.
    Unprocessable "UNPROCESSABLE" 422 Quiet,
    /// Too many requests.
    RateLimited "RATE_LIMITED" 429 Quiet,
    /// A fault of ours.
    InternalError "INTERNAL_ERROR" 500 Fault,
    /// SQLite failed without a code of its own, or the outcome of a commit is unknown.
    DatabaseError "DATABASE_ERROR" 500 Fault,
    /// Nothing was changed; come back later.
    ServiceUnavailable "SERVICE_UNAVAILABLE" 503 Warning,
}

macro_rules! issue_codes {
    ($($(#[$doc:meta])* $variant:ident $name:literal),* $(,)?) => {
        /// What is wrong with one field, for programs and translators.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum IssueCode { $($(#[$doc])* $variant),* }

        impl IssueCode {
            /// Every code, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name in the answer.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }
        }
    };
}

issue_codes! {
    /// Null, absent, or an empty text where one is required.
    Required "REQUIRED",
    /// A value of another JSON type.
    InvalidType "INVALID_TYPE",
    /// The right JSON type, but not of the form that the field asks for.
    InvalidFormat "INVALID_FORMAT",
    /// Shorter than `min`.
    TooShort "TOO_SHORT",
    /// Longer than `max`.
    TooLong "TOO_LONG",
    /// Less than `min`.
    TooSmall "TOO_SMALL",
    /// More than `max`.
    TooLarge "TOO_LARGE",
    /// Not one of the options.
    NotAnOption "NOT_AN_OPTION",
    /// Does not match `pattern`.
    PatternMismatch "PATTERN_MISMATCH",
    /// No such field or key.
    UnknownField "UNKNOWN_FIELD",
    /// The field cannot be written.
    ReadOnly "READ_ONLY",
    /// The same key or name twice.
    Duplicate "DUPLICATE",
    /// Taken by another record.
    Taken "TAKEN",
    /// The record that a relation points at is absent or deleted.
    NoSuchRecord "NO_SUCH_RECORD",
    /// A reserved word, or a name that clashes with another.
    NameTaken "NAME_TAKEN",
    /// Known, but not available in this version.
    Unsupported "UNSUPPORTED",
    /// A relation of another record is in the way.
    Restricted "RESTRICTED",
    /// Another change came first.
    Stale "STALE",
    /// Anything else that a parameter or value may be.
    Invalid "INVALID",
}

/// One fault of one field. Faults of the whole object stand under the field `_`.
#[derive(Clone, Debug, PartialEq)]
pub struct Issue {
    /// The field's name in the API.
    pub field: String,
    /// What is wrong, for programs.
    pub code: IssueCode,
    /// What is wrong, in words.
    pub message: String,
    /// The limits that the message names, such as `max`.
    pub params: Map<String, Json>,
}

impl Issue {
    /// A fault of `field`, in words.
    pub fn new(field: impl Into<String>, code: IssueCode, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            code,
            message: message.into(),
            params: Map::new(),
        }
    }

    /// Adds a limit that the message names.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Json>) -> Self {
        self.params.insert(key.to_owned(), value.into());
        self
    }

    /// The fault of a field that is required and absent.
    pub fn required(field: impl Into<String>) -> Self {
        Self::new(field, IssueCode::Required, "Is required")
    }
}

/// The most faults that one error tells: more than a collection has fields, and few enough that a
/// body of nothing but faults makes no answer many times its size.
pub const MAX_ISSUES: usize = 500;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// What went wrong: a code, words for the client, and, apart from them, the cause for the log.
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    code: Code,
    message: Cow<'static, str>,
    issues: Vec<Issue>,
    retry_after: Option<u64>,
    // Shared, because those who waited for one load all learn why it failed.
    cause: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error with its words for the client.
    pub fn new(code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        let message = message.into();
        Self(Box::new(Inner {
            code,
            message,
            issues: Vec::new(),
            retry_after: None,
            cause: None,
        }))
    }

    /// 400: `MISSING_FIELD` if nothing else is wrong, else `VALIDATION_ERROR`.
    pub fn validation(issues: Vec<Issue>) -> Self {
        let only_missing = issues.iter().all(|issue| issue.code == IssueCode::Required);
        let error = if only_missing {
            Self::new(Code::MissingField, "Required fields are missing")
        } else {
            Self::new(Code::ValidationError, "Validation failed")
        };
        error.with_issues(issues)
    }

    /// 400 `INVALID_INPUT`: the request cannot be read, with every reason.
    pub fn unreadable(issues: Vec<Issue>) -> Self {
        Self::new(Code::InvalidInput, "The request cannot be read").with_issues(issues)
    }

    /// The same for one reason: the parameter or key `field` is not well.
    pub fn invalid_input(field: &str, message: impl Into<String>) -> Self {
        Self::unreadable(vec![Issue::new(field, IssueCode::Invalid, message)])
    }

    /// 404, the same for absent, deleted and hidden.
    pub fn not_found() -> Self {
        Self::new(Code::NotFound, "Not found")
    }

    /// 500: `cause` goes to the log, nothing of it to the client.
    pub fn internal(cause: impl Into<Cause>) -> Self {
        Self::new(Code::InternalError, "Internal error").caused_by(cause)
    }

    /// 500: SQLite failed for a reason that has no code of its own.
    pub fn database(cause: impl Into<Cause>) -> Self {
        Self::new(Code::DatabaseError, "Database error").caused_by(cause)
    }

    /// 503: nothing was changed, and `seconds` later it may work.
    pub fn unavailable(message: impl Into<Cow<'static, str>>, seconds: u64) -> Self {
        Self::new(Code::ServiceUnavailable, message).retry_after(seconds)
    }

    /// Adds the faults of single fields, of which the first [`MAX_ISSUES`] are told.
    #[must_use]
    pub fn with_issues(mut self, mut issues: Vec<Issue>) -> Self {
        issues.truncate(MAX_ISSUES);
        self.0.issues = issues;
        self
    }

    /// Adds what goes to the log alone.
    #[must_use]
    pub fn caused_by(mut self, cause: impl Into<Cause>) -> Self {
        self.0.cause = Some(Arc::from(cause.into()));
        self
    }

    /// Says when to come back, in seconds.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// The code.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The words for the client.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The faults of single fields.
    pub fn issues(&self) -> &[Issue] {
        &self.0.issues
    }

    /// When to come back, in seconds.
    pub fn retry_after_seconds(&self) -> Option<u64> {
        self.0.retry_after
    }

    /// What goes to the log alone.
    pub fn cause(&self) -> Option<&(dyn std::error::Error + Send + Sync + 'static)> {
        self.0.cause.as_deref()
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("code", &self.0.code)
            .field("message", &self.0.message)
            .field("issues", &self.0.issues)
            .field("cause", &self.0.cause)
            .finish()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.code.name(), self.0.message)?;
        for issue in &self.0.issues {
            write!(f, "; {}: {}", issue.field, issue.message)?;
        }
        match &self.0.cause {
            Some(cause) => write!(f, " ({cause})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Code, Error, Issue, IssueCode};

    #[test]
    fn names_are_unique() {
        let codes: HashSet<_> = Code::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(codes.len(), Code::ALL.len());
        let issues: HashSet<_> = IssueCode::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(issues.len(), IssueCode::ALL.len());
    }

    #[test]
    fn every_code_is_documented() {
        let text = include_str!("../../docs/protocol.md");
        for code in Code::ALL {
            let row = format!("| `{}` | {} |", code.name(), code.status());
            assert!(text.contains(&row), "docs/protocol.md has no row {row}");
        }
        for code in IssueCode::ALL {
            let name = format!("| `{}` |", code.name());
            assert!(
                text.contains(&name),
                "docs/protocol.md does not name the issue {name}"
            );
        }
    }

    #[test]
    fn only_missing_fields_have_a_code_of_their_own() {
        let missing = || Issue::required("title");
        assert_eq!(
            Error::validation(vec![missing()]).code(),
            Code::MissingField
        );
        let long = Issue::new("title", IssueCode::TooLong, "Is too long");
        assert_eq!(
            Error::validation(vec![missing(), long]).code(),
            Code::ValidationError
        );
    }
}
