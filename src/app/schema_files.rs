//! `stead schema`: definitions as files, by the operator.

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, value::RawValue};

use super::{App, operator::Task};
use crate::{access::Caller, base::Result};

/// Tells all definitions.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ExportSchema {}

impl Task for ExportSchema {
    const PATH: &'static str = "/api/operator/schema/export";
    type Answer = Vec<Json>;

    async fn run(self, app: &App, operator: &Caller) -> Result<Vec<Json>> {
        app.collections.export(operator)
    }
}

/// Tells what it would do to have these definitions and no others.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PlanSchema {
    /// The definitions.
    pub collections: Vec<Box<RawValue>>,
}

impl Task for PlanSchema {
    const PATH: &'static str = "/api/operator/schema/plan";
    const IS_LONG: bool = true;
    /// A plan, as the API shows it.
    type Answer = Json;

    async fn run(self, app: &App, operator: &Caller) -> Result<Json> {
        let plan = app
            .collections
            .plan_all(operator, &self.collections)
            .await?;
        Ok(serde_json::json!(plan))
    }
}

/// Has these definitions and no others.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApplySchema {
    /// The definitions.
    pub collections: Vec<Box<RawValue>>,
    /// True if values may be lost.
    pub allow_destructive: bool,
}

impl Task for ApplySchema {
    const PATH: &'static str = "/api/operator/schema/apply";
    const IS_LONG: bool = true;
    /// The plan that was carried out.
    type Answer = Json;

    async fn run(self, app: &App, operator: &Caller) -> Result<Json> {
        let Self {
            collections,
            allow_destructive,
        } = self;
        let applied = app
            .collections
            .apply_all(operator, &collections, allow_destructive);
        Ok(serde_json::json!(applied.await?))
    }
}
