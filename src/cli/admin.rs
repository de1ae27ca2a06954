//! `stead admin create`.

use std::io::{BufRead, Write};

use clap::Subcommand;
use serde_json::json;

use super::{Common, Failure};
use crate::{
    app::App,
    base::{json::Object, secret::SecretString},
    config::Config,
};

/// Manage administrators.
#[derive(Debug, Subcommand)]
pub(super) enum Admin {
    /// Make an administrator
    Create {
        /// The address to sign in with
        email: String,
        /// Read the password from the first line of stdin
        #[arg(long, required = true)]
        password_stdin: bool,
        /// The name to show (by default the address up to its @)
        #[arg(long, value_name = "NAME")]
        display_name: Option<String>,
    },
}

impl Admin {
    pub(super) fn run(&self, common: &Common) -> Result<(), Failure> {
        let Self::Create {
            email,
            display_name,
            password_stdin: _,
        } = self;
        let config = crate::config::load(&common.flags(None))?;
        let password = read_password()?;
        let name = display_name.as_deref().or_else(|| email.split('@').next());
        let account = json!({ "email": email, "displayName": name }).to_string();
        actix_web::rt::System::new().block_on(create(config, password, &account))?;
        let _ = writeln!(std::io::stdout(), "Created the administrator {email}.");
        Ok(())
    }
}

async fn create(config: Config, password: SecretString, account: &str) -> Result<(), Failure> {
    let app = App::open(config).await?;
    let account = Object::parse(account.as_bytes())?;
    let operator = App::operator("admin create");
    let made = app
        .auth
        .create_admin(&operator, password, &account, false)
        .await;
    app.db.close();
    made.map(|_| ()).map_err(Failure::from)
}

fn read_password() -> Result<SecretString, Failure> {
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    read.map_err(|error| Failure::Other(format!("stdin cannot be read: {error}")))?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        return Err(Failure::Other(
            "no password on stdin; pipe it in, on one line".to_owned(),
        ));
    }
    Ok(SecretString::from(password))
}
