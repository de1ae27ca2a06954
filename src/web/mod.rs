//! Between HTTP and the features: the envelope, the one map from errors to answers, routes with
//! their guards, bodies, query strings, cookies, and who is at the other end.

mod body;
pub mod cookies;
pub mod envelope;
pub mod error;
mod fields;
mod idempotency;
pub mod list;
pub mod origin;
mod peer;
mod query;
mod request;
pub mod routing;

pub use body::{Body, BodyLimits};
pub use envelope::{Etag, Reply};
pub use fields::Fields;
pub use idempotency::IdempotencyKey;
pub use peer::{Peer, PeerRules};
pub use query::Query;
pub use request::{Credential, RequestInfo, Session, path};
pub use routing::{Guard, Routes};
