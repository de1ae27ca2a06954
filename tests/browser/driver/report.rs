//! What a failure says: the screen by roles and names, what was said so far, and a picture.

use std::{
    fs,
    path::{Path, PathBuf},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::json;

use super::{record, tab::Tab};

/// Higher pictures help nobody.
const HIGHEST: f64 = 4_000.0;

/// The folder of all that is built.
pub fn target_folder() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap()
}

/// The state of a page. Fails never, since it is asked for where something has failed.
pub fn of(tab: &Tab) -> String {
    tab.told.set(true);
    let asked = |expression: &str| match tab.evaluate(expression) {
        Ok(value) => value.as_str().unwrap_or_default().to_owned(),
        Err(why) => why,
    };
    let picture = match picture(tab) {
        Ok(path) => path.display().to_string(),
        Err(why) => why,
    };
    format!(
        "on the screen of {}:\n{}\nsaid and asked so far:\n{}\nscreenshot: {picture}",
        asked("location.href"),
        asked("__seen.outline()"),
        record::told(&tab.chromium().events(&tab.session)),
    )
}

fn picture(tab: &Tab) -> Result<PathBuf, String> {
    let folder = target_folder().join("browser-failures");
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let thread = std::thread::current();
    let story = thread.name().unwrap_or("story").replace("::", "-");
    let path = folder.join(format!("{story}.png"));
    fs::write(&path, screenshot(tab)?).map_err(|error| error.to_string())?;
    Ok(path)
}

/// The whole page as a PNG, from the top.
pub fn screenshot(tab: &Tab) -> Result<Vec<u8>, String> {
    let call = |method, params| tab.chromium().call(&tab.session, method, params);
    let size = call("Page.getLayoutMetrics", json!({}))?["cssContentSize"].take();
    let (width, height) = (size["width"].as_f64(), size["height"].as_f64());
    let clip = json!({
        "x": 0,
        "y": 0,
        "width": width.unwrap_or(1_440.0),
        "height": height.unwrap_or(900.0).min(HIGHEST),
        "scale": 1,
    });
    let how = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
    let taken = call("Page.captureScreenshot", how)?;
    let data = taken["data"].as_str().unwrap_or_default();
    BASE64_STANDARD
        .decode(data)
        .map_err(|error| error.to_string())
}
