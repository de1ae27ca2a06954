//! The first admin.

use actix_web::web::Data;
use serde_json::{Value as Json, json};

use super::guest;
use crate::{
    base::{Error, Result},
    features::auth::{service::Auth, setup::FirstAdmin},
    web::{Body, Fields, Query, Reply, RequestInfo},
};

pub(super) async fn set_up(
    auth: Data<Auth>,
    info: RequestInfo,
    query: Query,
    body: Body,
) -> Result<Reply> {
    query.finish()?;
    if auth.has_admin().await? {
        return Err(Error::not_found());
    }
    let mut fields = Fields::read(&body.0)?;
    let (token, password) = (
        fields.required_text("token"),
        fields.required_secret("password"),
    );
    for field in ["email", "displayName"] {
        fields.required_text(field);
    }
    let account = fields.finish_without(&["token", "password"])?;
    let first = FirstAdmin {
        token: &token,
        password,
        account: &account,
    };
    let user = auth.set_up(&guest(&info), first).await?;
    let user: Json = serde_json::from_slice(&user.json).map_err(Error::internal)?;
    Ok(Reply::ok(&json!({ "user": user })).created("/api/auth/me"))
}
