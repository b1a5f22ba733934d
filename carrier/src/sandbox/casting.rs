//! Who answers a number in this run: the cast, as changed at run time, with a seed for each call.

use super::persona::{Cast, Persona};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

/// At most this many numbers are counted or given another persona.
const MAX_NUMBERS: usize = 200_000;

/// The cast and its changes.
#[derive(Debug)]
pub struct Casting {
    cast: Arc<Cast>,
    seed: u64,
    changed: Mutex<HashMap<String, String>>,
    rung: Mutex<HashMap<String, u64>>,
}

/// A persona that is about to be rung.
#[derive(Debug, Clone)]
pub struct Role {
    /// Who.
    pub persona: Persona,
    /// What this call of theirs is seeded with: the run's seed, the number, and how often it has been rung.
    pub seed: u64,
}

impl Casting {
    /// A cast without changes.
    pub fn new(cast: Arc<Cast>, seed: u64) -> Self {
        Self { cast, seed, changed: Mutex::default(), rung: Mutex::default() }
    }

    /// Everybody there is.
    pub fn cast(&self) -> &Cast {
        &self.cast
    }

    /// Who answers this number now.
    pub fn ring(&self, number: &str) -> Option<Role> {
        let persona = self.at(number)?;
        let mut rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        if rung.len() >= MAX_NUMBERS {
            rung.clear();
        }
        let times = rung.entry(number.to_owned()).or_default();
        *times += 1;
        let mut hasher = DefaultHasher::new();
        (self.seed, number, *times).hash(&mut hasher);
        Some(Role { persona, seed: hasher.finish() })
    }

    /// Who is to be found at this number.
    pub fn at(&self, number: &str) -> Option<Persona> {
        let name = self.changed.lock().unwrap_or_else(PoisonError::into_inner).get(number).cloned();
        match name {
            Some(name) => self.cast.by_name(&name),
            None => self.cast.for_number(number),
        }
        .cloned()
    }

    /// Lets the named persona answer this number from now on. False when there is no such persona or no more room.
    pub fn set(&self, number: &str, persona: &str) -> bool {
        if self.cast.by_name(persona).is_none() {
            return false;
        }
        let mut changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        if changed.len() >= MAX_NUMBERS {
            return false;
        }
        changed.insert(number.to_owned(), persona.to_owned());
        true
    }
}
