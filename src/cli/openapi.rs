//! `stead openapi`.

use clap::Args;

use super::{Common, Failure, operator, print};
use crate::app::contract::Describe;

/// Print what the API takes and answers, as an OpenAPI document. Works beside a running server and
/// without one
#[derive(Args, Debug)]
pub(super) struct OpenApi {}

impl OpenApi {
    pub(super) fn run(self, common: &Common) -> Result<(), Failure> {
        let document = operator::run(common, "openapi", Describe {})?;
        let text = serde_json::to_string_pretty(&document);
        print(&text.map_err(|error| Failure::Other(error.to_string()))?);
        Ok(())
    }
}
