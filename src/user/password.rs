//! A new password: a line of standard input, or made up.

use anyhow::{Context, Result, bail};
use rand::seq::IndexedRandom;
use std::io::{BufRead, Write};
use tsunagu_http::{PASSWORD_COST, hash_password, password_fault};

/// More bytes than this are no password, but something else on standard input.
const LONGEST_LINE: u64 = 1_024;
/// How long a password is that is made up: 100 bits, four times over what any limit lets be guessed.
const LENGTH: usize = 20;
/// Nothing that is mistaken for another when it is read out or copied by hand.
const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";

/// A password, and whether its user has yet to hear of it.
pub struct Password {
    text: String,
    made_up: bool,
}

impl Password {
    /// The first line of standard input, if it is fit for somebody about whom these words are known, or a random one.
    pub fn new(from_stdin: bool, about: &[&str]) -> Result<Self> {
        if !from_stdin {
            return Ok(Self { text: made_up(), made_up: true });
        }
        let text = read(std::io::stdin().lock())?;
        if let Some(fault) = password_fault(&text.as_str().into(), about) {
            bail!("the password {fault}");
        }
        Ok(Self { text, made_up: false })
    }

    /// What is kept of it.
    pub fn hash(&self) -> Result<String> {
        let hash = actix::System::new().block_on(hash_password(&self.text, PASSWORD_COST));
        hash.context("the password cannot be hashed")
    }

    /// Shows it, unless it was given.
    pub fn tell(&self, out: &mut impl Write) -> Result<()> {
        if self.made_up {
            writeln!(out, "password {}", self.text)?;
            writeln!(out, "It is shown this once; change it after signing in.")?;
        }
        Ok(())
    }
}

fn read(input: impl BufRead) -> Result<String> {
    let mut line = String::new();
    input
        .take(LONGEST_LINE)
        .read_line(&mut line)
        .context("the password cannot be read from standard input")?;
    let line = line.strip_suffix('\n').unwrap_or(&line);
    Ok(line.strip_suffix('\r').unwrap_or(line).to_owned())
}

fn made_up() -> String {
    let mut rng = rand::rng();
    (0..LENGTH).filter_map(|_| LETTERS.choose(&mut rng)).map(|letter| char::from(*letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_password_with_its_spaces() {
        assert_eq!(read(" two words \r\nmore".as_bytes()).unwrap(), " two words ");
        assert_eq!(read("".as_bytes()).unwrap(), "");
        assert!(read(&b"\xff\xfe\n"[..]).is_err());
    }

    #[test]
    fn what_is_made_up_is_good_and_never_the_same() {
        let (one, two) = (made_up(), made_up());
        assert_eq!(one.len(), LENGTH);
        assert_ne!(one, two);
        assert_eq!(password_fault(&one.into(), &[]), None);
    }
}
