//! `tsunagu user password`: a new password for who has lost the old one and has no admin to ask.

use super::password::Password;
use crate::cli;
use anyhow::{Context, Result, bail};
use std::io::Write;
use tsunagu_store::SqliteOffice;

pub fn run(office: &mut SqliteOffice, options: &cli::UserPassword) -> Result<()> {
    let Some(user) = office.user_by_email(&options.email)? else {
        bail!("there is no user {}", options.email);
    };
    let about = [user.email.as_str(), &user.first_name, &user.last_name];
    let password = Password::new(options.password_stdin, &about)?;
    office.change_password(&user, &password.hash()?).context("the password cannot be changed")?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{} has a new password and is signed out everywhere", user.email)?;
    password.tell(&mut out)
}
