//! `.env`: settings that stand beside the program, in the present folder or one above it.

use anyhow::Context;

/// Takes them into the environment, where they are not set already. A missing file is no error.
///
/// # Errors
/// The file cannot be read, or not beyond a line: what stands below it would be missing, the database among it perhaps.
pub fn load() -> anyhow::Result<()> {
    match dotenvy::dotenv() {
        Ok(_) => Ok(()),
        Err(error) if error.not_found() => Ok(()),
        // The line itself may hold a secret.
        Err(dotenvy::Error::LineParse(..)) => anyhow::bail!(
            "`.env` cannot be read beyond {}: a line is `NAME=value`, and a value with blanks or `#` wants quotes around it",
            last_read().map_or_else(|| "its beginning".to_owned(), |name| format!("the line of {name}"))
        ),
        Err(error) => Err(error).context("`.env` cannot be read"),
    }
}

/// The name of the last setting that can be read.
fn last_read() -> Option<String> {
    let settings = dotenvy::dotenv_iter().ok()?;
    settings.map_while(Result::ok).last().map(|(name, _)| name)
}
