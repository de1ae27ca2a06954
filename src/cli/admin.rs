//! `stead admin ...`: accounts, without a sign-in.

use std::io::BufRead;

use clap::{Args, Subcommand};
use serde_json::json;

use super::{Common, Failure, operator, print, visible};
use crate::{
    app::operator::{CreateAdmin, Disable, ListAdmins, SetPassword, Unlock},
    base::secret::SecretString,
    features::auth,
};

/// Manage administrators. Works beside a running server and without one
#[derive(Debug, Subcommand)]
pub(super) enum Admin {
    /// Make an administrator
    Create {
        /// The address to sign in with
        email: String,
        #[command(flatten)]
        password: FromStdin,
        /// The name to show (by default the address up to its @)
        #[arg(long, value_name = "NAME")]
        display_name: Option<String>,
    },
    /// List the administrators, disabled ones too
    List {
        /// One JSON list, for programs
        #[arg(long)]
        json: bool,
    },
    /// Set the password of an account, and end all its sessions
    Password {
        /// The address of the account, whatever its roles
        email: String,
        #[command(flatten)]
        password: FromStdin,
    },
    /// Let an account be signed in to again that too many wrong passwords have locked
    Unlock {
        /// The address of the account, whatever its roles
        email: String,
    },
    /// Disable an account, and end all its sessions
    Disable {
        /// The address of the account, whatever its roles
        email: String,
    },
}

/// How a password is handed over: never as an argument, which others on the machine can see.
#[derive(Args, Debug)]
pub(super) struct FromStdin {
    /// Read the password from the first line of stdin
    #[arg(long, required = true)]
    password_stdin: bool,
}

impl Admin {
    pub(super) fn run(self, common: &Common) -> Result<(), Failure> {
        match self {
            Self::Create {
                email,
                password,
                display_name,
            } => create(common, email, &password, display_name),
            Self::List { json } => list(common, json),
            Self::Password { email, password } => set_password(common, email, &password),
            Self::Unlock { email } => unlock(common, email),
            Self::Disable { email } => disable(common, email),
        }
    }
}

fn create(
    common: &Common,
    email: String,
    password: &FromStdin,
    display_name: Option<String>,
) -> Result<(), Failure> {
    let words = format!("Created the administrator {email}.");
    let name = || email.split('@').next().unwrap_or_default().to_owned();
    let task = CreateAdmin {
        display_name: display_name.unwrap_or_else(name),
        password: password.read()?,
        email,
    };
    operator::run(common, "admin create", task)?;
    print(&words);
    Ok(())
}

fn list(common: &Common, as_json: bool) -> Result<(), Failure> {
    let admins = operator::run(common, "admin list", ListAdmins {})?;
    if as_json {
        print(&format!("{:#}", json!(admins)));
        return Ok(());
    }
    if admins.is_empty() {
        print("There is no administrator; make one with `stead admin create`.");
        return Ok(());
    }
    let width = admins.iter().map(|admin| admin.email.chars().count()).max();
    let width = width.unwrap_or(0);
    let line = |admin: &auth::Admin| {
        let (email, name) = (&admin.email, visible(&admin.display_name));
        format!("{email:width$}  {:8}  {name}", admin.status)
    };
    let lines: Vec<String> = admins.iter().map(line).collect();
    print(&lines.join("\n"));
    Ok(())
}

fn set_password(common: &Common, email: String, password: &FromStdin) -> Result<(), Failure> {
    let words = format!("Set the password of {email}, and ended its sessions.");
    let password = password.read()?;
    operator::run(common, "admin password", SetPassword { email, password })?;
    print(&words);
    Ok(())
}

fn unlock(common: &Common, email: String) -> Result<(), Failure> {
    let words = format!("Unlocked {email}.");
    operator::run(common, "admin unlock", Unlock { email })?;
    print(&words);
    Ok(())
}

fn disable(common: &Common, email: String) -> Result<(), Failure> {
    let words = format!("Disabled {email}, and ended its sessions.");
    operator::run(common, "admin disable", Disable { email })?;
    print(&words);
    Ok(())
}

impl FromStdin {
    fn read(&self) -> Result<SecretString, Failure> {
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
}
