//! `stead openapi`: what the API takes and answers.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{App, operator::Task};
use crate::{
    access::Caller,
    base::{Error, Result},
};

/// Gives the document of the API, about everything that there is.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Describe {}

impl Task for Describe {
    const PATH: &'static str = "/api/operator/openapi";
    type Answer = Json;

    async fn run(self, app: &App, operator: &Caller) -> Result<Json> {
        let document = app.contract.document(operator)?;
        serde_json::from_slice(&document).map_err(Error::internal)
    }
}
