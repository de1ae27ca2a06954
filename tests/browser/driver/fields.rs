//! Fields by their labels.

use std::path::Path;

use serde_json::json;

use super::{page::Page, patience};

/// What a label may belong to.
const FIELD: &str = "field";

impl Page {
    /// Types over what is in a field. Days, times and colours are set as the browser's picker does.
    #[track_caller]
    pub fn fill(&self, label: &str, text: &str) {
        let step = format!("fills “{label}”");
        let mut spec = self.spec(FIELD, label);
        if self.need(&step, "emptied", &spec) == true {
            self.press("Backspace");
            self.tab.call("Input.insertText", json!({ "text": text }));
        } else {
            spec["option"] = text.into();
            self.need(&step, "chosen", &spec);
        }
    }

    /// Waits until a field has this value: the label of a chosen option, `true` for a tick.
    #[track_caller]
    pub fn holds(&self, label: &str, value: &str) {
        let mut spec = self.spec(FIELD, label);
        spec["value"] = value.into();
        self.need(&format!("“{label}” holds “{value}”"), "holds", &spec);
    }

    /// The value of a field now.
    #[track_caller]
    pub fn value(&self, label: &str) -> String {
        let spec = self.spec(FIELD, label);
        let value = self.need(&format!("reads “{label}”"), "value", &spec);
        value.as_str().unwrap_or_default().to_owned()
    }

    /// Chooses an option, of the browser's select or of a list box that the page opens.
    #[track_caller]
    pub fn select(&self, label: &str, option: &str) {
        let step = format!("selects “{option}” of “{label}”");
        let mut spec = self.spec(FIELD, label);
        let options = self.need(&step, "options", &spec);
        if options
            .as_array()
            .is_some_and(|options| !options.is_empty())
        {
            spec["option"] = option.into();
            self.need(&step, "chosen", &spec);
        } else {
            self.click(FIELD, label);
            self.click("option", option);
        }
    }

    /// The options of the browser's select, as they are shown.
    #[track_caller]
    pub fn options(&self, label: &str) -> Vec<String> {
        let spec = self.spec(FIELD, label);
        let options = self.need(&format!("reads the options of “{label}”"), "options", &spec);
        let options = options.as_array().into_iter().flatten();
        options
            .filter_map(|option| option.as_str().map(str::to_owned))
            .collect()
    }

    /// Ticks a checkbox, a switch or a radio button.
    #[track_caller]
    pub fn check(&self, label: &str) {
        self.tick(label, true);
    }

    /// Takes a tick away.
    #[track_caller]
    pub fn uncheck(&self, label: &str) {
        self.tick(label, false);
    }

    #[track_caller]
    fn tick(&self, label: &str, wanted: bool) {
        let spec = self.spec(FIELD, label);
        if self.need(&format!("looks at “{label}”"), "checked", &spec) != wanted {
            self.click(FIELD, label);
        }
        self.holds(label, &wanted.to_string());
    }

    /// Gives a file to an input, or to a button that asks for one: either by its name.
    #[track_caller]
    pub fn upload(&self, name: &str, path: &Path) {
        let tab = &self.tab;
        let asks = |enabled: bool| json!({ "enabled": enabled });
        tab.call("Page.setInterceptFileChooserDialog", asks(true));
        let first = tab.chromium().events(&tab.session).len();
        let role = if self.asks("there", &self.spec("file", name)) {
            "file"
        } else {
            "button"
        };
        self.click(role, name);
        let asked = tab.chromium().wait(patience(), |state| {
            let mut events = state.since(&tab.session, first).iter();
            let event = events.find(|event| event["method"] == "Page.fileChooserOpened")?;
            Some(event["params"]["backendNodeId"].clone())
        });
        let Some(node) = asked else {
            self.fail(&format!("uploads by “{name}”"), "it asks for no file");
        };
        let files = json!({ "files": [path], "backendNodeId": node });
        tab.call("DOM.setFileInputFiles", files);
        tab.call("Page.setInterceptFileChooserDialog", asks(false));
    }
}
