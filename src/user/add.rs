//! `tsunagu user add`: somebody new, at a company that is there or at a new one.

use super::{company, password::Password};
use crate::cli;
use anyhow::{Context, Result, bail};
use std::io::Write;
use tsunagu_actors::{Clock, fresh};
use tsunagu_call::Time;
use tsunagu_store::{Company, CompanySettings, CompanySpeech, SqliteOffice, StoreError, User, normal_email};

pub fn run(office: &mut SqliteOffice, options: cli::UserAdd) -> Result<()> {
    let email = normal_email(&options.email);
    if !email.contains('@') {
        bail!("{email} is no e-mail address");
    }
    let now = Clock::real().now();
    let (company, is_new) = workplace(office, &options, now)?;
    if is_new && options.role != cli::Role::Admin {
        bail!("the first user of a new company must be an admin: nobody else could add others");
    }
    let about = [&email, &options.first_name, &options.last_name, &company.name];
    let password = Password::new(options.password_stdin, &about.map(String::as_str))?;
    let user = User {
        id: fresh(now),
        company_id: company.id,
        email,
        password_hash: password.hash()?,
        first_name: options.first_name,
        last_name: options.last_name,
        phone: None,
        role: options.role.into(),
        disabled: false,
        session_epoch: 0,
        created_at: now,
    };
    let kept = if is_new { office.found_company(&company, &user) } else { office.create_user(&user) };
    match kept {
        Err(StoreError::Duplicate { field: "email", .. }) => bail!("there is already a user {}", user.email),
        kept => kept.context("the user cannot be kept")?,
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "{} {} at {} ({})", user.role.as_str(), user.email, company.name, company.id)?;
    password.tell(&mut out)
}

/// Where they will work, and whether it is new.
fn workplace(office: &SqliteOffice, options: &cli::UserAdd, now: Time) -> Result<(Company, bool)> {
    let found = company(office.companies()?, options.company.as_deref())?;
    match (found, &options.company) {
        (Some(company), _) => Ok((company, false)),
        (None, Some(name)) if options.create_company => Ok((new_company(name, now), true)),
        (None, Some(name)) => bail!("there is no company {name}; --create-company makes it"),
        (None, None) => bail!("there is no company yet: name one with --company, and add --create-company"),
    }
}

fn new_company(name: &str, now: Time) -> Company {
    Company {
        id: fresh(now),
        name: name.trim().to_owned(),
        address: None,
        business_type: None,
        employees: None,
        description: None,
        settings: CompanySettings::default(),
        speech: CompanySpeech::default(),
        created_at: now,
    }
}
