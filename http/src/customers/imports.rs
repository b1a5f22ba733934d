//! The imports of this process: one at a time in each company, each with how far it has come.

use super::import::Report;
use crate::{error::ApiError, limits};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tsunagu_actors::Clock;
use tsunagu_call::{CompanyId, DocumentId, Time};

/// The imports that run, and the last ones that are over.
#[derive(Debug, Default)]
pub struct Imports(Mutex<HashMap<Key, Arc<Mutex<Progress>>>>);

type Key = (CompanyId, DocumentId);

/// How far an import has come.
#[derive(Debug, Clone)]
pub(super) struct Progress {
    pub id: DocumentId,
    pub state: State,
    /// How many bytes of the file have come.
    pub bytes: u64,
    /// How many the whole upload has, where the client said so.
    pub total_bytes: Option<u64>,
    pub report: Report,
    pub started_at: Time,
    pub finished_at: Option<Time>,
}

/// What an import is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum State {
    Running,
    Done,
    /// It broke off; what had been taken over until then stays.
    Failed,
}

/// An import that runs. One that is dropped before it is done has failed.
pub(super) struct Running {
    progress: Arc<Mutex<Progress>>,
    clock: Clock,
}

impl Imports {
    /// Begins an import.
    ///
    /// # Errors
    /// [`ApiError::Conflict`] while the company has another one running, or when it has had one of this id.
    pub(super) fn begin(
        &self,
        company: CompanyId,
        progress: Progress,
        clock: Clock,
    ) -> Result<Running, ApiError> {
        let mut all = held(&self.0);
        if all.iter().any(|((of, _), other)| *of == company && held(other).state == State::Running) {
            return Err(conflict("import_running", "another import of your company is still running"));
        }
        let key = (company, progress.id);
        if all.contains_key(&key) {
            return Err(conflict("import_id_in_use", "there was an import of this id already"));
        }
        let finished = |progress: &Arc<Mutex<Progress>>| held(progress).finished_at;
        while all.values().filter_map(finished).count() >= limits::IMPORTS_KEPT {
            let oldest = all.iter().filter_map(|(key, other)| Some((finished(other)?, *key))).min();
            let Some((_, oldest)) = oldest else { break };
            all.remove(&oldest);
        }
        let progress = Arc::new(Mutex::new(progress));
        all.insert(key, Arc::clone(&progress));
        Ok(Running { progress, clock })
    }

    /// How far a company's import has come.
    pub(super) fn progress(&self, company: CompanyId, import: DocumentId) -> Option<Progress> {
        let found = held(&self.0).get(&(company, import)).cloned()?;
        let progress = held(&found).clone();
        Some(progress)
    }
}

impl Running {
    /// Notes what has happened.
    pub(super) fn note<T>(&self, change: impl FnOnce(&mut Progress) -> T) -> T {
        change(&mut held(&self.progress))
    }

    /// Says that it is done, and how it went.
    pub(super) fn done(self) -> Progress {
        let now = self.clock.now();
        self.note(|progress| {
            progress.state = State::Done;
            progress.finished_at = Some(now);
            progress.clone()
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let now = self.clock.now();
        self.note(|progress| {
            if progress.state == State::Running {
                progress.state = State::Failed;
                progress.finished_at = Some(now);
            }
        });
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn conflict(code: &'static str, sentence: &str) -> ApiError {
    ApiError::Conflict { code, sentence: sentence.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: CompanyId = CompanyId::from_bytes([1; 12]);
    const THEIRS: CompanyId = CompanyId::from_bytes([2; 12]);

    fn started(number: u32) -> Progress {
        let mut id = [0; 12];
        id[8..].copy_from_slice(&number.to_be_bytes());
        Progress {
            id: DocumentId::from_bytes(id),
            state: State::Running,
            bytes: 0,
            total_bytes: None,
            report: Report::default(),
            started_at: Time::from_millis(i64::from(number)),
            finished_at: None,
        }
    }

    fn refusal(imports: &Imports, number: u32) -> &'static str {
        imports.begin(OURS, started(number), Clock::real()).err().map_or("begun", |error| error.code())
    }

    #[test]
    fn a_company_has_one_at_a_time_and_an_id_once() {
        let imports = Imports::default();
        let running = imports.begin(OURS, started(1), Clock::real()).unwrap();
        running.note(|progress| progress.bytes = 7);
        assert_eq!(refusal(&imports, 2), "import_running");
        drop(imports.begin(THEIRS, started(1), Clock::real()).unwrap());
        assert_eq!(imports.progress(OURS, started(1).id).unwrap().bytes, 7);
        assert_eq!(imports.progress(THEIRS, started(1).id).unwrap().state, State::Failed);
        assert!(imports.progress(THEIRS, started(2).id).is_none());
        assert_eq!(running.done().state, State::Done);
        assert_eq!(refusal(&imports, 1), "import_id_in_use");
        assert_eq!(refusal(&imports, 2), "begun");
    }

    #[test]
    fn the_oldest_are_forgotten() {
        let imports = Imports::default();
        let most = u32::try_from(limits::IMPORTS_KEPT).unwrap();
        for number in 0..=most + 5 {
            drop(imports.begin(OURS, started(number), Clock::real()).unwrap());
        }
        assert!(imports.progress(OURS, started(0).id).is_none());
        assert!(imports.progress(OURS, started(most + 5).id).is_some());
        assert!(held(&imports.0).len() <= limits::IMPORTS_KEPT + 1);
    }
}
