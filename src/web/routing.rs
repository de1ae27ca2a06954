//! Routes: a path, a method, who may enter, and the handler. One list serves the router, the
//! answers to `OPTIONS` and to wrong methods, and the table of routes that a test holds.

use std::sync::Arc;

use actix_web::{FromRequest, Handler, Responder, http::Method};

use super::{
    guard::{Entrance, Guard},
    router::{Answers, Beyond, Route, Router, answers},
};
use crate::base::Result;

struct Entry {
    path: &'static str,
    route: Route,
}

/// The routes of a feature, or of all. Where two paths fit a request, the one with more of its
/// text counts: `/api/v1/users` before `/api/v1/{collection}`.
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
        F: Handler<Args> + Send + Sync,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let entrance = Entrance {
            guard,
            takes_key: false,
        };
        self.add(method, path, entrance, answers(handler))
    }

    /// Adds a `POST` of callers that is done once under an `Idempotency-Key`, which its handler
    /// takes as an [`super::IdempotencyKey`].
    #[must_use]
    pub fn once<F, Args>(self, path: &'static str, handler: F) -> Self
    where
        F: Handler<Args> + Send + Sync,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let entrance = Entrance {
            guard: Guard::Caller,
            takes_key: true,
        };
        self.add(Method::POST, path, entrance, answers(handler))
    }

    fn add(
        mut self,
        method: Method,
        path: &'static str,
        entrance: Entrance,
        handler: Answers,
    ) -> Self {
        let route = Route {
            method,
            entrance,
            handler,
        };
        self.0.push(Entry { path, route });
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
        let line = |Entry { path, route }: &Entry| {
            format!("{} {path} {}", route.method, route.entrance.guard)
        };
        self.0.iter().map(line).collect()
    }

    /// What finds them. `other` answers where no path fits.
    ///
    /// # Errors
    /// If two paths differ in nothing but what they call their parts.
    pub fn into_router<F, Args>(self, other: F) -> Result<Router>
    where
        F: Handler<Args> + Send + Sync,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        Router::new(self.by_path(), Beyond::Answers(answers(other)))
    }

    /// The same, before all that another router finds.
    ///
    /// # Errors
    /// As [`Self::into_router`].
    pub fn before(self, router: Arc<Router>) -> Result<Router> {
        Router::new(self.by_path(), Beyond::Router(router))
    }

    fn by_path(self) -> Vec<(&'static str, Vec<Route>)> {
        let mut paths: Vec<(&'static str, Vec<Route>)> = Vec::new();
        for Entry { path, route } in self.0 {
            match paths.iter_mut().find(|(known, _)| *known == path) {
                Some((_, routes)) => routes.push(route),
                None => paths.push((path, vec![route])),
            }
        }
        paths
    }
}
