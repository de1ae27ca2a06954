//! The command line: real processes, what they make, say, and end with.

mod admin;
mod config;
mod database;
mod demo;
mod first_start;
mod keys;
mod logs;
mod migrate;
mod openapi;
mod rebuild;
mod refused;
mod rules;
mod schema;
mod socket;
mod stop;
mod transfer;

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use crate::support::process::unconfigured;

/// A command line, `stead ...`.
struct Call {
    command: Command,
    input: String,
}

/// How a command has ended.
struct Ended {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

/// `stead` with these words, in the working directory `here`.
fn stead(here: &Path, words: &[&str]) -> Call {
    let mut command = unconfigured(env!("CARGO_BIN_EXE_stead"));
    command.current_dir(here).args(words);
    Call {
        command,
        input: String::new(),
    }
}

impl Call {
    fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    fn stdin(mut self, input: &str) -> Self {
        input.clone_into(&mut self.input);
        self
    }

    /// Runs it to its end.
    fn run(mut self) -> Ended {
        let mut child = self
            .command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // One that never reads its input has closed the pipe.
        let _ = child.stdin.take().unwrap().write_all(self.input.as_bytes());
        let output = child.wait_with_output().unwrap();
        Ended {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs it to its end, which must be this exit code with all these words on stderr.
    #[track_caller]
    fn expect(self, code: i32, words: &[&str]) -> Ended {
        let ended = self.run();
        assert_eq!(ended.code, Some(code), "{}{}", ended.stdout, ended.stderr);
        for word in words {
            assert!(ended.stderr.contains(word), "{word:?} in {}", ended.stderr);
        }
        ended
    }
}
