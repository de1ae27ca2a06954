//! Between HTTP and the features: the envelope, the one map from errors to answers, routes with
//! their guards, bodies, query strings, cookies, and who is at the other end.

mod base_path;
mod body;
pub mod cookies;
mod cors;
pub mod embedded;
mod encoding;
pub mod envelope;
pub mod error;
pub mod etag;
mod fields;
mod guard;
mod idempotency;
pub mod list;
pub mod media;
pub mod origin;
mod pagination;
mod peer;
mod query;
mod request;
mod router;
mod routing;
mod upload;

pub use base_path::BasePath;
pub use body::{Body, BodyLimits};
pub use cors::CorsRules;
pub use encoding::{Accepted, Encoding};
pub use envelope::{Etag, Reply};
pub use fields::Fields;
pub use guard::{Guard, check_csrf};
pub use idempotency::IdempotencyKey;
pub use media::media_type;
pub use peer::{Peer, PeerRules};
pub use query::Query;
pub use request::{Credential, RequestInfo, Session, path};
pub use router::Router;
pub use routing::Routes;
pub use upload::{Spool, Upload, UploadLimit};
