//! The router: finds the route of a request, lets the request in, and has it answered.
//!
//! Which path fits is found in a tree. The router of actix tries one path after another, most of
//! them by a regular expression, and each worker has its own: with 60 routes that took 5 us of a
//! request that takes 18, and half a megabyte.

use std::{any::Any, panic::AssertUnwindSafe, sync::Arc};

use actix_web::{
    FromRequest, Handler, HttpRequest, HttpResponse, Responder,
    body::BoxBody,
    dev::{Payload, ResourceDef, ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{ALLOW, HeaderValue},
    },
};
use futures_util::{FutureExt, future::LocalBoxFuture};

use super::{
    cors::CorsRules,
    guard::{Entrance, admit},
    request::path,
};
use crate::base::{Code, Error, Result};

/// A handler, whatever it takes.
pub type Answers =
    Box<dyn Fn(HttpRequest, Payload) -> LocalBoxFuture<'static, HttpResponse> + Send + Sync>;

/// What is done for one method at a path.
pub struct Route {
    /// The method. `HEAD` is answered as `GET`; the server leaves the body out.
    pub method: Method,
    /// What stands before the handler.
    pub entrance: Entrance,
    /// The handler.
    pub handler: Answers,
}

/// What is at one path.
struct Resource {
    /// Reads the variable parts of a path that fits.
    parts: ResourceDef,
    routes: Vec<Route>,
    allow: String,
}

/// All paths, for all workers.
pub struct Router {
    paths: matchit::Router<Resource>,
    beyond: Beyond,
}

/// What answers where no path of a router fits.
pub enum Beyond {
    /// A handler.
    Answers(Answers),
    /// Another router, with all that it has.
    Router(Arc<Router>),
}

/// A handler as all of them are kept.
pub fn answers<F, Args>(handler: F) -> Answers
where
    F: Handler<Args> + Send + Sync,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    Box::new(move |request, mut payload| {
        let handler = handler.clone();
        let answer = async move {
            match Args::from_request(&request, &mut payload).await {
                Err(error) => HttpResponse::from_error(error),
                Ok(args) => {
                    let answer = handler.call(args).await;
                    answer.respond_to(&request).map_into_boxed_body()
                }
            }
        };
        answer.boxed_local()
    })
}

impl Router {
    /// Of paths that differ, each with its routes. `beyond` answers where none fits.
    ///
    /// # Errors
    /// If two paths differ in nothing but what they call their parts.
    pub fn new(paths: Vec<(&'static str, Vec<Route>)>, beyond: Beyond) -> Result<Self> {
        let mut tree = matchit::Router::new();
        for (path, routes) in paths {
            let resource = Resource {
                parts: ResourceDef::new(pattern(path)),
                allow: allow(&routes),
                routes,
            };
            tree.insert(node(path), resource).map_err(Error::internal)?;
        }
        Ok(Self {
            paths: tree,
            beyond,
        })
    }

    /// Answers a request. A panic of its handler costs this answer alone.
    pub async fn answer(&self, mut request: ServiceRequest) -> ServiceResponse<BoxBody> {
        let resource = match self.find(&mut request) {
            Ok(resource) => resource,
            Err(other) => return respond(request, other).await,
        };
        let Some(route) = resource.route(request.method()) else {
            let (request, _) = request.into_parts();
            let response = resource.other_method(&request);
            return ServiceResponse::new(request, response);
        };
        match admit(route.entrance, &request) {
            Ok(()) => respond(request, &route.handler).await,
            Err(error) => request.error_response(error),
        }
    }

    /// What is at the path of a request, whose variable parts the request then knows; or what
    /// answers where there is nothing.
    fn find(&self, request: &mut ServiceRequest) -> std::result::Result<&Resource, &Answers> {
        let found = self.paths.at(path(request)).ok();
        let found = found.map(|found| found.value);
        if let Some(resource) = found.filter(|found| found.parts.capture_match_info(request)) {
            return Ok(resource);
        }
        match &self.beyond {
            Beyond::Answers(answers) => Err(answers),
            Beyond::Router(router) => router.find(request),
        }
    }
}

impl Resource {
    fn route(&self, method: &Method) -> Option<&Route> {
        let wanted = match *method {
            Method::HEAD => &Method::GET,
            _ => method,
        };
        self.routes.iter().find(|route| route.method == *wanted)
    }

    fn other_method(&self, request: &HttpRequest) -> HttpResponse {
        let mut response = if request.method() == Method::OPTIONS {
            HttpResponse::NoContent().finish()
        } else {
            let message = format!("{} is not allowed here", request.method());
            HttpResponse::from_error(Error::new(Code::MethodNotAllowed, message))
        };
        if let Ok(allow) = HeaderValue::from_str(&self.allow) {
            let headers = response.headers_mut();
            if let Some(cors) = request.app_data::<CorsRules>() {
                cors.answer_preflight(request.method(), request.headers(), &allow, headers);
            }
            headers.insert(ALLOW, allow);
        }
        response
    }
}

/// What the variable parts of a path are read by: `{id}` is visible ASCII, which all names and ids
/// are.
///
/// What would be matched without saying so, any Unicode character but a slash, takes twelve times
/// the memory: 0.8 MB instead of 0.07 for 30 paths.
fn pattern(path: &str) -> String {
    let parts = path
        .split_inclusive('}')
        .map(|part| match part.strip_suffix('}') {
            Some(named) if !named.contains(':') => format!("{named}:[!-.0-~]+}}"),
            _ => part.replace(":.*}", ":[!-~]*}"),
        });
    parts.collect()
}

/// The path as the tree has it: `{name:.*}`, a part with all that follows, is `{*name}` there.
fn node(path: &str) -> String {
    let parts = path.split_inclusive('{').map(|part| {
        let rest = part.split_once(":.*}");
        rest.map_or_else(
            || part.to_owned(),
            |(name, rest)| format!("*{name}}}{rest}"),
        )
    });
    parts.collect()
}

/// What `Allow` says of a path.
fn allow(routes: &[Route]) -> String {
    let mut methods: Vec<&str> = routes.iter().map(|route| route.method.as_str()).collect();
    if methods.contains(&"GET") {
        methods.push("HEAD");
    }
    methods.push("OPTIONS");
    methods.join(", ")
}

async fn respond(request: ServiceRequest, handler: &Answers) -> ServiceResponse<BoxBody> {
    let (request, payload) = request.into_parts();
    let answer = AssertUnwindSafe(handler(request.clone(), payload)).catch_unwind();
    let response = answer.await.unwrap_or_else(|panic| {
        let words = words(&*panic);
        HttpResponse::from_error(Error::internal(format!("a handler panicked: {words}")))
    });
    ServiceResponse::new(request, response)
}

fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no words")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use actix_web::{
        App,
        dev::{Service, ServiceResponse, fn_service},
        http::Method,
        test::{TestRequest, init_service},
    };
    use proptest::prelude::*;

    use super::node;
    use crate::{
        base::{Code, Error, Result},
        web::{Guard, Reply, Routes, error},
    };

    async fn panics() -> Result<Reply> {
        panic!("no bread left")
    }

    async fn answers() -> Result<Reply> {
        Ok(Reply::no_content())
    }

    async fn other() -> Result<Reply> {
        Err(Error::not_found())
    }

    async fn call(path: &str) -> ServiceResponse {
        let routes = Routes::new()
            .on(Method::GET, "/panics", Guard::Public, panics)
            .on(Method::GET, "/answers", Guard::Public, answers);
        let router = Arc::new(routes.into_router(other).unwrap());
        let serve = fn_service(move |request| {
            let router = Arc::clone(&router);
            async move { Ok(router.answer(request).await) }
        });
        let app = init_service(App::new().default_service(serve)).await;
        let first = TestRequest::with_uri("/panics").to_request();
        app.call(first).await.unwrap();
        app.call(TestRequest::with_uri(path).to_request())
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

    const PATHS: &[&str] = &[
        "/",
        "/admin",
        "/admin/",
        "/admin/assets/{hash}/{name:.*}",
        "/api/v1/users",
        "/api/v1/users/export",
        "/api/v1/users/{id}",
        "/api/v1/users/{id}/restore",
        "/api/v1/{collection}",
        "/api/v1/{collection}/export",
        "/api/v1/{collection}/import/{importId}",
        "/api/v1/{collection}/{id}",
        "/api/v1/{collection}/{id}/restore",
        "/api/v1/{parent}/{id}/{child}",
        "/api/v1/{parent}/{id}/{child}/{childId}",
    ];

    /// What fits a path: piece by piece, texts before parts, and parts before all that follows.
    fn fits(template: &str, path: &str) -> Option<Vec<u8>> {
        let (mut order, mut rest) = (Vec::new(), path.split('/'));
        for piece in template.split('/') {
            let given: String = match piece.ends_with(":.*}") {
                true => rest.by_ref().collect::<Vec<_>>().join("/"),
                false => rest.next()?.to_owned(),
            };
            let is_part = piece.starts_with('{');
            let is_well = match is_part {
                true => !given.is_empty() && given.bytes().all(|byte| byte.is_ascii_graphic()),
                false => given == piece,
            };
            is_well.then(|| order.push(u8::from(is_part)))?;
        }
        rest.next().is_none().then_some(order)
    }

    fn found(router: &super::Router, path: &str) -> Option<String> {
        let mut request = TestRequest::with_uri(path).to_srv_request();
        let found = router.find(&mut request);
        let resource = found.ok()?;
        resource.parts.pattern().map(str::to_owned)
    }

    proptest! {
        #[test]
        fn the_path_with_more_of_its_text_is_found(
            pieces in proptest::collection::vec(
                "api|v1|users?|user-s|admin|assets|export|exports|import|restore|rest|[{]id[}]|\\*|:|[a-z]?|%20|%7Bid%7D",
                0..8,
            ),
            below: bool,
        ) {
            let pieces = pieces.join("/");
            let path = if below { format!("/api/v1/{pieces}") } else { format!("/{pieces}") };
            let path = path.replace('{', "%7B").replace('}', "%7D");
            let routes = PATHS.iter().fold(Routes::new(), |routes, path| {
                routes.on(Method::GET, path, Guard::Public, answers)
            });
            let router = routes.into_router(other).unwrap();
            let plain = path.replace("%20", " ").replace("%7B", "{").replace("%7D", "}");
            let fitting = PATHS.iter().filter_map(|path| Some((fits(path, &plain)?, *path)));
            let best = fitting.min().map(|(_, path)| super::pattern(path));
            prop_assert_eq!(found(&router, &path), best, "{}", path);
        }
    }

    #[test]
    fn a_part_with_all_that_follows_is_one_in_the_tree() {
        assert_eq!(node("/a/{id}/b"), "/a/{id}/b");
        assert_eq!(node("/a/{hash}/{name:.*}"), "/a/{hash}/{*name}");
    }

    #[test]
    fn two_paths_that_nothing_tells_apart_are_a_fault() {
        let routes = Routes::new()
            .on(Method::GET, "/a/{id}", Guard::Public, answers)
            .on(Method::GET, "/a/{name}", Guard::Public, answers);
        assert!(routes.into_router(other).is_err());
    }
}
