//! The example file, written from the registry.

use std::path::PathBuf;

use super::{Config, key::SECTIONS};

const HEAD: &str = "\
# Configuration of Stead: every key, with its default and the reason for it.
#
# Copy this file to `config.toml` in the data directory or the working directory (the first is
# looked at first), or name it by `--config` or STEAD_CONFIG, and uncomment what you change.
# The environment overrules this file: STEAD_SERVER__LISTEN is `listen` in [server] (lists are
# separated by commas), and STEAD_SERVER__LISTEN_FILE names a file that holds the value. So does a
# credential of systemd's that is called `server.listen`. For a setting that names a file, such as
# `tls_key`, that file is meant itself. Flags overrule all. The data directory is set by
# `--data-dir`, STEAD_DATA_DIR or systemd's STATE_DIRECTORY alone.
#
# Sizes are in bytes, spans in seconds. What is unknown or out of range is refused at the start;
# `stead config check` lists it.
";

/// The text of `config.example.toml`: every key, commented out, with default, limits and reason.
pub fn example() -> String {
    let mut defaults = Config::default_in(PathBuf::new());
    let mut text = HEAD.to_owned();
    for section in SECTIONS {
        text += &format!("\n# {}\n[{}]\n", section.about, section.name);
        for key in section.keys {
            let reason = comment(key.reason());
            let limits = comment(&format!("Must be {}.", key.limits()));
            let (name, value) = (key.name(), key.show(&mut defaults));
            text += &format!("\n{reason}{limits}# {name} = {value}\n");
        }
    }
    text
}

/// `text` as lines of comment, at most 100 characters wide.
fn comment(text: &str) -> String {
    const WIDTH: usize = 100;
    let mut lines = String::from("#");
    let mut width = 1;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if width + 1 + length > WIDTH {
            lines += "\n#";
            width = 1;
        }
        lines += " ";
        lines += word;
        width += 1 + length;
    }
    lines + "\n"
}
