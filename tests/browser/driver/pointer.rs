//! Mouse and keys, as the browser gets them from a desk.

use serde_json::{Value, json};

use super::{keys, page::Page, patience};

/// Stops on the way of something that is dragged; pages notice a way, not a jump.
const STOPS: u32 = 5;

#[derive(Clone, Copy)]
pub(super) struct Point {
    x: f64,
    y: f64,
}

impl Page {
    /// Clicks the middle of something, once it stands still, is enabled, and nothing covers it.
    #[track_caller]
    pub fn click(&self, role: &str, name: &str) {
        let point = self.point(&format!("clicks {role} “{name}”"), role, name);
        self.mouse("mouseMoved", point, 0);
        self.mouse("mousePressed", point, 1);
        self.mouse("mouseReleased", point, 1);
    }

    /// Clicks twice in a row, so fast that nothing comes in between.
    #[track_caller]
    pub fn double_click(&self, role: &str, name: &str) {
        let point = self.point(&format!("double-clicks {role} “{name}”"), role, name);
        let chromium = self.tab.chromium();
        for (kind, count) in [("Pressed", 1), ("Released", 1), ("Pressed", 2)] {
            let event = mouse(&format!("mouse{kind}"), point, count);
            chromium.tell(&self.tab.session, "Input.dispatchMouseEvent", event);
        }
        self.mouse("mouseReleased", point, 2);
    }

    /// Clicks the left edge of the page, beside a dialog or panel over it, as the `count`th click in
    /// a row.
    #[track_caller]
    pub fn click_beside(&self, count: u32) {
        let point = Point { x: 4.0, y: 200.0 };
        self.mouse("mousePressed", point, count);
        self.mouse("mouseReleased", point, count);
    }

    /// Brings the pointer over something.
    #[track_caller]
    pub fn hovers(&self, role: &str, name: &str) {
        let point = self.point(&format!("hovers over {role} “{name}”"), role, name);
        self.mouse("mouseMoved", point, 0);
    }

    /// Drags something onto the middle of another, whether the page does it by pointer events or
    /// by the browser's drag and drop.
    #[track_caller]
    pub fn drag(&self, from: (&str, &str), to: (&str, &str)) {
        let start = self.point(&format!("drags {} “{}”", from.0, from.1), from.0, from.1);
        let end = self.point(&format!("drops on {} “{}”", to.0, to.1), to.0, to.1);
        self.tab
            .call("Input.setInterceptDrags", json!({ "enabled": true }));
        self.script("addEventListener('dragstart', (e) => { __seen.drag = e; }, { once: true })");
        let first = self.tab.chromium().events(&self.tab.session).len();
        self.mouse("mouseMoved", start, 0);
        self.mouse("mousePressed", start, 1);
        self.held(start.towards(end, 1));
        self.held(start.towards(end, 2));
        if self.script("Boolean(__seen.drag) && !__seen.drag.defaultPrevented") == true {
            let data = self.dragged(first);
            for kind in ["dragEnter", "dragOver", "drop"] {
                let event = json!({ "type": kind, "x": end.x, "y": end.y, "data": data });
                self.tab.call("Input.dispatchDragEvent", event);
            }
        } else {
            (3..=STOPS).for_each(|stop| self.held(start.towards(end, stop)));
        }
        self.mouse("mouseReleased", end, 1);
        self.tab
            .call("Input.setInterceptDrags", json!({ "enabled": false }));
        self.script("delete __seen.drag");
    }

    /// What the browser has taken up from the page.
    #[track_caller]
    fn dragged(&self, first: usize) -> Value {
        let taken = self.tab.chromium().wait(patience(), |state| {
            let mut events = state.since(&self.tab.session, first).iter();
            let event = events.find(|event| event["method"] == "Input.dragIntercepted")?;
            Some(event["params"]["data"].clone())
        });
        taken.unwrap_or_else(|| self.fail("drags", "the browser takes nothing up"))
    }

    /// Presses a key or a combination: `Enter`, `Escape`, `Control+s`, `Shift+Tab`, `?`.
    #[track_caller]
    pub fn press(&self, combination: &str) {
        for event in keys::events(combination) {
            self.tab.call("Input.dispatchKeyEvent", event);
        }
    }

    /// Presses the key of each letter, wherever the focus is.
    #[track_caller]
    pub fn types(&self, text: &str) {
        for letter in text.chars() {
            self.press(&letter.to_string());
        }
    }

    #[track_caller]
    pub(super) fn point(&self, step: &str, role: &str, name: &str) -> Point {
        let place = self.need(step, "point", &self.spec(role, name));
        Point {
            x: place["x"].as_f64().unwrap(),
            y: place["y"].as_f64().unwrap(),
        }
    }

    fn mouse(&self, kind: &str, point: Point, count: u32) {
        let event = mouse(kind, point, count);
        self.tab.call("Input.dispatchMouseEvent", event);
    }

    /// Moves with the button down.
    fn held(&self, Point { x, y }: Point) {
        let event = json!({ "type": "mouseMoved", "x": x, "y": y, "button": "left", "buttons": 1 });
        self.tab.call("Input.dispatchMouseEvent", event);
    }
}

fn mouse(kind: &str, Point { x, y }: Point, count: u32) -> Value {
    let button = if count > 0 { "left" } else { "none" };
    json!({ "type": kind, "x": x, "y": y, "button": button, "clickCount": count })
}

impl Point {
    fn towards(self, end: Self, stop: u32) -> Self {
        let part = f64::from(stop) / f64::from(STOPS);
        Self {
            x: self.x + (end.x - self.x) * part,
            y: self.y + (end.y - self.y) * part,
        }
    }
}
