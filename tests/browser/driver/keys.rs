//! Keys by their names, as the protocol wants them.

use serde_json::{Value, json};

const ALT: u8 = 1;
const CONTROL: u8 = 2;
const META: u8 = 4;
const SHIFT: u8 = 8;

/// Key, number of the key, and the text that it types.
const NAMED: &[(&str, u16, &str)] = &[
    ("Backspace", 8, ""),
    ("Tab", 9, ""),
    ("Enter", 13, "\r"),
    ("Escape", 27, ""),
    ("Space", 32, " "),
    ("PageUp", 33, ""),
    ("PageDown", 34, ""),
    ("End", 35, ""),
    ("Home", 36, ""),
    ("ArrowLeft", 37, ""),
    ("ArrowUp", 38, ""),
    ("ArrowRight", 39, ""),
    ("ArrowDown", 40, ""),
    ("Delete", 46, ""),
    ("F2", 113, ""),
];

/// The events, down and up, of a combination such as `Enter`, `Control+s` or `Shift+Tab`.
pub fn events(combination: &str) -> [Value; 2] {
    let (modifiers, name) = split(combination);
    let mut event = key(name);
    event["modifiers"] = modifiers.into();
    if modifiers & (CONTROL | ALT | META) != 0 {
        event["text"] = "".into();
    }
    let mut up = event.clone();
    let types = event["text"] != "";
    event["type"] = if types { "keyDown" } else { "rawKeyDown" }.into();
    up["type"] = "keyUp".into();
    up["text"] = "".into();
    [event, up]
}

fn split(combination: &str) -> (u8, &str) {
    let mut modifiers = 0;
    let mut rest = combination;
    let known = [
        ("Alt+", ALT),
        ("Control+", CONTROL),
        ("Meta+", META),
        ("Shift+", SHIFT),
    ];
    while let Some((word, bit)) = known.iter().find(|(word, _)| rest.starts_with(word)) {
        modifiers |= bit;
        rest = &rest[word.len()..];
    }
    (modifiers, rest)
}

fn key(name: &str) -> Value {
    let named = NAMED.iter().find(|(key, _, _)| *key == name);
    if let Some((name, number, text)) = named {
        let key = if *name == "Space" { " " } else { name };
        return json!({ "key": key, "code": name, "windowsVirtualKeyCode": number, "text": text });
    }
    assert!(name.chars().count() == 1, "no key is called {name}");
    let upper = name.to_ascii_uppercase();
    let code = match upper.as_bytes() {
        [letter @ b'A'..=b'Z'] => format!("Key{}", char::from(*letter)),
        [digit @ b'0'..=b'9'] => format!("Digit{}", char::from(*digit)),
        _ => String::new(),
    };
    let number = match upper.as_bytes() {
        [byte] if byte.is_ascii_alphanumeric() => u16::from(*byte),
        _ => 0,
    };
    json!({ "key": name, "code": code, "windowsVirtualKeyCode": number, "text": name })
}
