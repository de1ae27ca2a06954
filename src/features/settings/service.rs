//! What a caller may learn of the settings.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use crate::{
    access::{Caller, require},
    base::Result,
    config::{Config, Place, Setting},
};

const READ: &str = "system:settings:read";

/// The feature. Cheap to clone.
#[derive(Clone)]
pub struct Settings {
    // As they are shown. They stay as they are until the next start, whatever the file says by then.
    items: Arc<[Json]>,
}

impl Settings {
    /// Of the configuration that the server is started with.
    pub fn new(config: &Config) -> Self {
        let items = config.settings().iter().map(shown).collect();
        Self { items }
    }

    /// All settings, in the order of the example file.
    ///
    /// # Errors
    /// Those of [`require`].
    pub fn list(&self, caller: &Caller) -> Result<&[Json]> {
        require(caller, READ)?;
        Ok(&self.items)
    }
}

fn shown(setting: &Setting) -> Json {
    json!({
        "section": setting.section, "key": setting.key,
        "value": setting.value, "default": setting.default, "secret": setting.is_masked,
        "source": setting.source(), "name": setting.place.as_ref().map(Place::to_string),
        "fixed": setting.is_fixed(), "variable": setting.variable,
        "reason": setting.reason, "limits": setting.limits,
    })
}
