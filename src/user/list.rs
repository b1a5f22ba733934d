//! `tsunagu user list`: who may sign in, and who may no longer.

use super::company;
use crate::cli;
use anyhow::{Result, bail};
use std::io::Write;
use tsunagu_store::{Company, SqliteOffice, User};

pub fn run(office: &SqliteOffice, options: &cli::UserList) -> Result<()> {
    let companies = office.companies()?;
    let wanted = match options.company.as_deref() {
        None => companies,
        Some(named) => match company(companies, Some(named))? {
            Some(company) => vec![company],
            None => bail!("there is no company {named}"),
        },
    };
    let mut out = std::io::stdout().lock();
    for company in wanted {
        for user in office.users(company.id)? {
            match options.json {
                true => writeln!(out, "{}", json(&user, &company))?,
                false => writeln!(out, "{}", line(&user, &company))?,
            }
        }
    }
    Ok(())
}

fn line(user: &User, company: &Company) -> String {
    let state = if user.disabled { "disabled" } else { "enabled" };
    let name = format!("{} {}", user.last_name, user.first_name);
    [user.role.as_str(), state, &user.email, name.trim(), &company.name].join("\t")
}

fn json(user: &User, company: &Company) -> serde_json::Value {
    serde_json::json!({
        "id": user.id, "email": user.email, "firstName": user.first_name, "lastName": user.last_name,
        "role": user.role, "disabled": user.disabled, "companyId": company.id, "companyName": company.name,
    })
}
