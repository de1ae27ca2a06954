//! Routes: a path, a method, who may enter, and the handler. One list serves the router, the
//! answers to `OPTIONS` and to wrong methods, and the table of routes that a test holds.

use std::{any::Any, fmt, panic::AssertUnwindSafe};

use actix_web::{
    FromRequest, Handler, HttpMessage, HttpRequest, HttpResponse, Responder, Route,
    body::BoxBody,
    dev::{ServiceRequest, ServiceResponse},
    guard,
    http::{
        Method,
        header::{ALLOW, HeaderValue},
    },
    middleware::{Next, from_fn},
    web,
};
use futures_util::FutureExt;

use super::{
    cors::CorsRules,
    idempotency::HEADER,
    origin::OriginRules,
    request::{Credential, RequestInfo, Session, path},
};
use crate::{
    access::{Caller, Who, session},
    base::{Code, Error, Issue, IssueCode, Result, secret},
};

/// Who may enter a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// Anybody, unseen.
    Public,
    /// Nobody's pages but our own: there is no session yet that a CSRF token could be bound to.
    Origin,
    /// Who holds a refresh token. Its handler checks CSRF against the session of that token.
    Refresh,
    /// Callers, guests among them. Who signs in by cookie shows its CSRF token on every write.
    Caller,
    /// Whoever runs this instance, over the socket in its data directory. To all others there is
    /// no such path.
    Operator,
}

impl fmt::Display for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Public => "public",
            Self::Origin => "origin",
            Self::Refresh => "refresh",
            Self::Caller => "caller",
            Self::Operator => "operator",
        })
    }
}

/// What a request meets before its handler.
#[derive(Clone, Copy)]
struct Entrance {
    guard: Guard,
    /// True if the handler sees to an `Idempotency-Key`.
    takes_key: bool,
}

impl Entrance {
    fn new(guard: Guard) -> Self {
        Self {
            guard,
            takes_key: false,
        }
    }
}

struct Entry {
    method: Method,
    path: &'static str,
    guard: Guard,
    route: Route,
}

/// The routes of a feature, or of all. Where two paths fit a request, the first one counts.
#[derive(Default)]
pub struct Routes(Vec<Entry>);

impl Routes {
    /// No routes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a route. A `POST` of signed-in callers refuses an `Idempotency-Key`.
    #[must_use]
    pub fn on<F, Args>(self, method: Method, path: &'static str, guard: Guard, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.add(method, path, Entrance::new(guard), handler)
    }

    /// Adds a `POST` of callers that is done once under an `Idempotency-Key`, which its handler
    /// takes as an [`super::IdempotencyKey`].
    #[must_use]
    pub fn once<F, Args>(self, path: &'static str, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let entrance = Entrance {
            takes_key: true,
            ..Entrance::new(Guard::Caller)
        };
        self.add(Method::POST, path, entrance, handler)
    }

    fn add<F, Args>(
        mut self,
        method: Method,
        path: &'static str,
        entrance: Entrance,
        handler: F,
    ) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let enter = move |request, next| enter(entrance, request, next);
        let methods = match method {
            // `HEAD` works wherever `GET` does; the server leaves the body out.
            Method::GET => guard::Any(guard::Get()).or(guard::Head()),
            _ => guard::Any(guard::Method(method.clone())),
        };
        let route = web::route().guard(methods).to(handler).wrap(from_fn(enter));
        self.0.push(Entry {
            method,
            path,
            guard: entrance.guard,
            route,
        });
        self
    }

    /// Adds the routes of another feature behind these.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    /// Every route as `METHOD path guard`.
    pub fn list(&self) -> Vec<String> {
        let line = |entry: &Entry| format!("{} {} {}", entry.method, entry.path, entry.guard);
        self.0.iter().map(line).collect()
    }

    /// Hands them to the router, each path with its answers to `OPTIONS` and wrong methods.
    pub fn configure(self, router: &mut web::ServiceConfig) {
        let mut paths: Vec<(&'static str, Vec<Entry>)> = Vec::new();
        for entry in self.0 {
            match paths.iter_mut().find(|(path, _)| *path == entry.path) {
                Some((_, entries)) => entries.push(entry),
                None => paths.push((entry.path, vec![entry])),
            }
        }
        for (path, entries) in paths {
            let allow = allow(&entries);
            let mut resource = web::resource(pattern(path));
            for entry in entries {
                resource = resource.route(entry.route);
            }
            let other = move |request: HttpRequest| {
                let response = other_method(&request, &allow);
                async move { response }
            };
            router.service(resource.default_service(web::to(other)));
        }
    }
}

/// The path as the router takes it: `{id}` is visible ASCII, which all names and ids are.
///
/// What the router would match by itself, any Unicode character but a slash, takes twelve times the
/// memory, in every worker: 0.8 MB instead of 0.07 for 30 paths.
fn pattern(path: &str) -> String {
    let parts = path
        .split_inclusive('}')
        .map(|part| match part.strip_suffix('}') {
            Some(named) if !named.contains(':') => format!("{named}:[!-.0-~]+}}"),
            _ => part.replace(":.*}", ":[!-~]*}"),
        });
    parts.collect()
}

/// What `Allow` says of a path.
fn allow(entries: &[Entry]) -> String {
    let mut methods: Vec<&str> = entries.iter().map(|entry| entry.method.as_str()).collect();
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    methods.push("OPTIONS");
    methods.join(", ")
}

fn other_method(request: &HttpRequest, allow: &str) -> HttpResponse {
    let mut response = if request.method() == Method::OPTIONS {
        HttpResponse::NoContent().finish()
    } else {
        let message = format!("{} is not allowed here", request.method());
        HttpResponse::from_error(Error::new(Code::MethodNotAllowed, message))
    };
    if let Ok(allow) = HeaderValue::from_str(allow) {
        let headers = response.headers_mut();
        if let Some(cors) = request.app_data::<CorsRules>() {
            cors.answer_preflight(request.method(), request.headers(), &allow, headers);
        }
        headers.insert(ALLOW, allow);
    }
    response
}

/// Lets a request in by its guard. A panic of the handler costs this answer alone.
async fn enter(
    entrance: Entrance,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    if let Err(error) = admit(entrance, &request) {
        return Ok(request.error_response(error));
    }
    let outer = request.request().clone();
    match AssertUnwindSafe(next.call(request)).catch_unwind().await {
        Ok(response) => response,
        Err(panic) => {
            let error = Error::internal(format!("a handler panicked: {}", words(&*panic)));
            Ok(ServiceResponse::from_err(error, outer))
        }
    }
}

fn admit(entrance: Entrance, request: &ServiceRequest) -> Result<()> {
    match entrance.guard {
        Guard::Public | Guard::Refresh => Ok(()),
        Guard::Origin => {
            let rules = request.app_data::<OriginRules>();
            let rules = rules.ok_or_else(|| Error::internal("no rules for origins"))?;
            rules.check(request.headers(), info(request)?.peer())
        }
        Guard::Caller => {
            let caller = admit_caller(entrance, request)?;
            request.extensions_mut().insert(caller);
            Ok(())
        }
        Guard::Operator => {
            let caller = admit_caller(entrance, request)?;
            let is_operator = matches!(caller.who, Who::Operator);
            request.extensions_mut().insert(caller);
            is_operator.then_some(()).ok_or_else(Error::not_found)
        }
    }
}

fn admit_caller(entrance: Entrance, request: &ServiceRequest) -> Result<Caller> {
    let unseen = || Error::internal("a request that was not authenticated");
    let (caller, credential) = {
        let extensions = request.extensions();
        let session = extensions.get::<Session>().ok_or_else(unseen)?;
        (
            session.caller.take().ok_or_else(unseen)??,
            session.credential,
        )
    };
    let user = caller.user();
    if let Some(user) = user
        && credential == Credential::Cookie
        && !request.method().is_safe()
    {
        check_csrf(
            request.headers(),
            &session::csrf_token(&user.session, &user.csrf_key),
        )?;
    }
    // Guests are told to sign in, whatever they send.
    if !entrance.takes_key && !matches!(caller.who, Who::Guest) {
        refuse_idempotency_key(request)?;
    }
    let must_change = user.is_some_and(|user| user.must_change_password);
    if must_change && !path(request).starts_with("/api/auth/") {
        return Err(Error::new(Code::Forbidden, "Password change required"));
    }
    Ok(caller)
}

/// A client that sends this key counts on its request being done once, and may repeat it: to ignore
/// the key would be to do it twice.
fn refuse_idempotency_key(request: &ServiceRequest) -> Result<()> {
    let counts_on_it = *request.method() == Method::POST && request.headers().contains_key(HEADER);
    if !counts_on_it || path(request).starts_with("/api/auth/") {
        return Ok(());
    }
    let issue = Issue::new(HEADER, IssueCode::Unsupported, "Is not taken here");
    Err(Error::unreadable(vec![issue]))
}

/// Compares the CSRF token of a request with that of its session.
///
/// # Errors
/// `FORBIDDEN` if it is missing or another.
pub fn check_csrf(headers: &actix_web::http::header::HeaderMap, expected: &str) -> Result<()> {
    let sent = headers
        .get("x-csrf-token")
        .and_then(|value| value.to_str().ok());
    if sent.is_some_and(|sent| secret::equal(sent, expected)) {
        return Ok(());
    }
    Err(Error::new(Code::Forbidden, "CSRF validation failed"))
}

fn info(request: &ServiceRequest) -> Result<RequestInfo> {
    let info = request.extensions().get::<RequestInfo>().cloned();
    info.ok_or_else(|| Error::internal("a request without its id"))
}

fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no words")
}

#[cfg(test)]
mod tests {
    use actix_web::{
        App,
        dev::{Service, ServiceResponse},
        http::Method,
        test,
    };

    use super::{Guard, Routes};
    use crate::{
        base::{Code, Result},
        web::{Reply, error},
    };

    async fn panics() -> Result<Reply> {
        panic!("no bread left")
    }

    async fn answers() -> Result<Reply> {
        Ok(Reply::no_content())
    }

    async fn call(path: &str) -> ServiceResponse {
        let routes = Routes::new()
            .on(Method::GET, "/panics", Guard::Public, panics)
            .on(Method::GET, "/answers", Guard::Public, answers);
        let app = test::init_service(App::new().configure(|router| routes.configure(router))).await;
        let first = test::TestRequest::with_uri("/panics").to_request();
        app.call(first).await.unwrap();
        app.call(test::TestRequest::with_uri(path).to_request())
            .await
            .unwrap()
    }

    #[actix_web::test]
    async fn a_panic_is_an_error_of_ours_that_tells_nothing() {
        let response = call("/panics").await;
        let error = error::of(response.response().error().unwrap()).unwrap();
        assert_eq!(error.code(), Code::InternalError);
        assert_eq!(error.message(), "Internal error");
        assert!(error.cause().unwrap().to_string().contains("no bread left"));
    }

    #[actix_web::test]
    async fn a_panic_costs_one_answer_alone() {
        assert_eq!(call("/answers").await.status(), 204);
    }
}
