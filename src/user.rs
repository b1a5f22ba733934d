//! `tsunagu user`: the users of the companies in the SQLite file, for whoever runs the server, and also while it runs.

mod add;
mod disable;
mod list;
mod password;
mod replace;

use crate::{cli, settings::Settings};
use anyhow::{Context, Result, bail};
use secrecy::ExposeSecret;
use tsunagu_store::{Company, SqliteOffice};

/// Does what was asked, on the file in the data folder that is set.
pub fn run(options: cli::User) -> Result<()> {
    let settings = Settings::read()?;
    if !settings.store.mongodb_uri.expose_secret().is_empty() {
        bail!("MONGODB_URI is set: the users are in MongoDB; an admin adds others through the server");
    }
    let dir = &settings.store.data_dir;
    let mut office = SqliteOffice::open(dir)
        .with_context(|| format!("the store in {} cannot be opened", dir.display()))?;
    match options.command {
        cli::UserCommand::Add(options) => add::run(&mut office, options),
        cli::UserCommand::List(options) => list::run(&office, &options),
        cli::UserCommand::Disable(options) => disable::run(&mut office, &options.email, true),
        cli::UserCommand::Enable(options) => disable::run(&mut office, &options.email, false),
        cli::UserCommand::Password(options) => replace::run(&mut office, &options),
    }
}

/// The company that was named, by its id or its name; without a name, the only one.
fn company(companies: Vec<Company>, named: Option<&str>) -> Result<Option<Company>> {
    let Some(named) = named else {
        return match companies.len() {
            0 => Ok(None),
            1 => Ok(companies.into_iter().next()),
            count => bail!("there are {count} companies: say which with --company, by its name or id"),
        };
    };
    let is_named = |company: &Company| company.name == named.trim() || company.id.to_string() == named.trim();
    let mut found = companies.into_iter().filter(is_named);
    let first = found.next();
    if found.next().is_some() {
        bail!("several companies have this name: say which with --company and its id");
    }
    Ok(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn companies(names: &[&str]) -> Vec<Company> {
        let company = |(number, name): (usize, &&str)| {
            let id = format!("{number:024x}");
            serde_json::from_value(serde_json::json!({ "_id": id, "name": name })).unwrap()
        };
        names.iter().enumerate().map(company).collect()
    }

    fn found(names: &[&str], named: Option<&str>) -> Option<String> {
        company(companies(names), named).unwrap().map(|company| company.id.to_string())
    }

    #[test]
    fn a_company_is_found_by_name_or_id_or_because_it_is_alone() {
        let (first, second) = (Some(format!("{:024x}", 0)), Some(format!("{:024x}", 1)));
        assert_eq!(found(&["青空"], None), first);
        assert_eq!(found(&["青空", "海山"], Some(" 海山 ")), second);
        assert_eq!(found(&["青空", "海山"], second.as_deref()), second);
        assert_eq!((found(&[], None), found(&["青空"], Some("海山"))), (None, None));
    }

    #[test]
    fn what_could_mean_several_is_refused() {
        assert!(company(companies(&["青空", "海山"]), None).is_err());
        assert!(company(companies(&["青空", "青空"]), Some("青空")).is_err());
    }
}
