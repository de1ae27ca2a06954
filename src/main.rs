//! The program `stead`.

use std::process::ExitCode;

fn main() -> ExitCode {
    stead::cli::run()
}
