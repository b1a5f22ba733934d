//! `tsunagu user disable`, `enable`: who may no longer sign in is out at once, and stays out until they sign in again.

use anyhow::{Context, Result, bail};
use std::io::Write;
use tsunagu_store::{SqliteOffice, StoreError, UserChange};

pub fn run(office: &mut SqliteOffice, email: &str, disabled: bool) -> Result<()> {
    let Some(user) = office.user_by_email(email)? else { bail!("there is no user {email}") };
    let change = UserChange { disabled: Some(disabled), ..UserChange::default() };
    match office.change_user(user.company_id, user.id, change) {
        Err(StoreError::LastAdmin) => {
            bail!("{} is the only admin of their company who may sign in", user.email);
        }
        changed => changed.context("the user cannot be changed")?,
    };
    let state = if disabled { "disabled" } else { "enabled" };
    writeln!(std::io::stdout(), "{} is {state}", user.email)?;
    Ok(())
}
