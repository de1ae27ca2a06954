//! Who gets which document.
//!
//! Everybody gets one, since a client has to know how to sign in; what it names of the collections is
//! what the caller may use. So the document tells nobody of a collection or field that an answer of
//! the API itself would not admit to be there. For the operator it is whole.

use std::sync::Arc;

use super::{
    document::{self, Instance},
    sight::Sight,
};
use crate::{
    access::Caller,
    base::{Error, Result},
    config::Config,
    engine::Engine,
    web::cookies::CookieNames,
};

/// The feature. Cheap to clone.
#[derive(Clone)]
pub struct Contract {
    engine: Engine,
    names: Arc<CookieNames>,
    url: Arc<str>,
    password_min: usize,
}

impl Contract {
    /// Over the engine, as configured.
    pub fn new(engine: Engine, config: &Config) -> Self {
        let public = config.server.public_url.as_ref();
        let url = public.map(|url| format!("{}{}/", url.origin(), url.path()));
        let url = url.as_deref().map_or("/", |url| url.trim_end_matches('/'));
        Self {
            engine,
            names: Arc::new(CookieNames::new(&config.cookies)),
            url: url.into(),
            password_min: config.auth.password_min,
        }
    }

    /// The document as `caller` may know it: JSON, the same bytes as long as nothing changes.
    ///
    /// # Errors
    /// `INTERNAL_ERROR` if a part of the program's own has a fault, which tests would find.
    pub fn document(&self, caller: &Caller) -> Result<Vec<u8>> {
        let definitions = self.engine.catalog().now();
        let sights = Sight::of_all(&definitions, caller);
        let instance = Instance {
            url: &self.url,
            cookies: (self.names.access(), self.names.refresh()),
            password_min: self.password_min,
        };
        let document = document::of(&instance, &sights).map_err(Error::internal)?;
        serde_json::to_vec(&document).map_err(Error::internal)
    }
}
