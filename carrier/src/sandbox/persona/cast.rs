//! Everybody whom the sandbox can ring.

use super::{CastError, Persona, embedded, source};

/// The personas, found by number and by name.
#[derive(Debug, Clone)]
pub struct Cast {
    people: Vec<(String, Persona)>,
}

impl Cast {
    /// The personas that come with the program.
    pub fn embedded() -> Result<Self, CastError> {
        Self::from_sources(embedded::SOURCES)
    }

    /// Personas from files: each one's name, which errors will mention, and its text.
    pub fn from_sources<N: AsRef<str>, T: AsRef<str>>(sources: &[(N, T)]) -> Result<Self, CastError> {
        let mut cast = Self { people: Vec::with_capacity(sources.len()) };
        for (file, text) in sources {
            cast.add(file.as_ref(), source::read(file.as_ref(), text.as_ref())?)?;
        }
        Ok(cast)
    }

    /// Who answers at a number.
    pub fn for_number(&self, number: &str) -> Option<&Persona> {
        self.iter().find(|persona| persona.numbers().iter().any(|pattern| pattern.matches(number)))
    }

    /// The persona of a name.
    pub fn by_name(&self, name: &str) -> Option<&Persona> {
        self.iter().find(|persona| persona.name() == name)
    }

    /// All of them, in the order of their files.
    pub fn iter(&self) -> impl Iterator<Item = &Persona> {
        self.people.iter().map(|(_, persona)| persona)
    }

    fn add(&mut self, file: &str, persona: Persona) -> Result<(), CastError> {
        for (other_file, other) in &self.people {
            if other.name() == persona.name() {
                return Err(CastError::SameName {
                    file: file.to_owned(),
                    name: persona.name().to_owned(),
                    other: other_file.clone(),
                });
            }
            for pattern in persona.numbers() {
                if let Some(taken) = other.numbers().iter().find(|taken| taken.overlaps(pattern)) {
                    return Err(CastError::SameNumber {
                        file: file.to_owned(),
                        pattern: pattern.to_string(),
                        other: other_file.clone(),
                        other_pattern: taken.to_string(),
                    });
                }
            }
        }
        self.people.push((file.to_owned(), persona));
        Ok(())
    }
}
