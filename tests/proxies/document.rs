//! The configurations of `docs/proxies.md`: blocks of code, known by the comment on their first
//! line, each with Stead's own configuration that stands before it.

const TEXT: &str = include_str!("../../docs/proxies.md");

/// Language and text of each block of code.
fn blocks() -> impl Iterator<Item = (&'static str, &'static str)> {
    let fenced = TEXT.split("```").skip(1).step_by(2);
    fenced.filter_map(|block| block.split_once('\n'))
}

fn title(text: &str) -> Option<&str> {
    text.lines().next()?.strip_prefix("# ")
}

/// Every configuration of a proxy, by its title.
pub fn titles() -> Vec<&'static str> {
    let proxies = blocks().filter(|(language, _)| matches!(*language, "caddyfile" | "nginx"));
    let titles: Vec<&str> = proxies
        .map(|(_, text)| title(text).expect("a title in a comment on the first line"))
        .collect();
    assert!(titles.len() >= 7, "{titles:?}");
    titles
}

/// The configuration of that title, and that of Stead which belongs to it.
pub fn configuration(wanted: &str) -> (&'static str, &'static str) {
    let mut own = "";
    for (language, text) in blocks() {
        if language == "toml" && text.contains("public_url") {
            own = text;
        }
        if title(text) == Some(wanted) {
            return (text, own);
        }
    }
    panic!("docs/proxies.md has no configuration called {wanted:?}");
}
