//! The imports that this process runs, one at a time in each company. How far each has come is told from here while it runs;
//! the store knows it up to some seconds ago, and for good when it is over, so that a restart forgets none.

use crate::{error::ApiError, limits};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tsunagu_actors::Clock;
use tsunagu_call::{CompanyId, DocumentId};
use tsunagu_store::{CustomerImport, ImportState, Store, StoreError};

/// The imports that run.
#[derive(Debug, Default)]
pub struct Imports(Arc<Mutex<HashMap<Key, Shared>>>);

type Key = (CompanyId, DocumentId);
type Shared = Arc<Mutex<CustomerImport>>;

/// An import that runs. One that is dropped before it is done has failed.
pub(super) struct Running {
    import: Shared,
    all: Arc<Mutex<HashMap<Key, Shared>>>,
    store: Arc<dyn Store>,
    clock: Clock,
}

impl Imports {
    /// Begins an import.
    ///
    /// # Errors
    /// [`ApiError::Conflict`] while the company has another one running, or when it has had one of this id.
    pub(super) async fn begin(
        &self,
        store: &Arc<dyn Store>,
        import: CustomerImport,
        clock: Clock,
    ) -> Result<Running, ApiError> {
        let key = (import.company_id, import.id);
        let shared = Arc::new(Mutex::new(import.clone()));
        {
            let mut all = held(&self.0);
            if all.contains_key(&key) {
                return Err(in_use());
            }
            let runs = |other: &Shared| held(other).state == ImportState::Running;
            if all.iter().any(|((company, _), other)| *company == key.0 && runs(other)) {
                return Err(conflict("import_running", "another import of your company is still running"));
            }
            all.insert(key, Arc::clone(&shared));
        }
        let days = i64::from(limits::IMPORT_DAYS) * 24 * 3_600_000;
        let since = import.started_at.plus_millis(-days);
        let running = Running { import: shared, all: Arc::clone(&self.0), store: Arc::clone(store), clock };
        match store.begin_import(import, limits::IMPORTS_KEPT, since).await {
            Ok(()) => Ok(running),
            Err(error) => {
                // The store has nothing of this one that would have to be told of its end.
                running.note(|import| import.state = ImportState::Failed);
                Err(match error {
                    StoreError::Duplicate { .. } => in_use(),
                    error => error.into(),
                })
            }
        }
    }

    /// How far a company's import has come, if this process runs it.
    pub(super) fn running(&self, company: CompanyId, import: DocumentId) -> Option<CustomerImport> {
        let found = held(&self.0).get(&(company, import)).cloned()?;
        let import = held(&found).clone();
        Some(import)
    }
}

impl Running {
    /// Notes what has happened.
    pub(super) fn note<T>(&self, change: impl FnOnce(&mut CustomerImport) -> T) -> T {
        change(&mut held(&self.import))
    }

    /// Writes down how far it has come, if that was not done lately.
    pub(super) async fn keep_now_and_then(&self) {
        let now = self.clock.now();
        let due = self.note(|import| {
            let since = now.millis() - import.seen_at.millis();
            let due = i64::try_from(limits::IMPORT_NOTED.as_millis()).is_ok_and(|pause| since >= pause);
            due.then(|| {
                import.seen_at = now;
                import.clone()
            })
        });
        if let Some(import) = due {
            keep(&*self.store, import).await;
        }
    }

    /// Says that it is done, and how it went.
    pub(super) async fn done(self) -> CustomerImport {
        let import = self.end(ImportState::Done);
        keep(&*self.store, import.clone()).await;
        import
    }

    fn end(&self, state: ImportState) -> CustomerImport {
        let now = self.clock.now();
        self.note(|import| {
            (import.state, import.seen_at, import.finished_at) = (state, now, Some(now));
            import.clone()
        })
    }

    fn forget(&self) {
        let key = self.note(|import| (import.company_id, import.id));
        held(&self.all).remove(&key);
    }
}

/// What is over is forgotten here once the store knows it.
impl Drop for Running {
    fn drop(&mut self) {
        if self.note(|import| import.state) != ImportState::Running {
            self.forget();
            return;
        }
        let failed = self.end(ImportState::Failed);
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            self.forget();
            return;
        };
        let (store, all) = (Arc::clone(&self.store), Arc::clone(&self.all));
        runtime.spawn(async move {
            let key = (failed.company_id, failed.id);
            keep(&*store, failed).await;
            held(&all).remove(&key);
        });
    }
}

/// The customers are taken over whether this is written down or not.
async fn keep(store: &dyn Store, import: CustomerImport) {
    let id = import.id;
    if let Err(error) = store.note_import(import).await {
        tracing::warn!(import = %id, %error, "it could not be written down how far an import has come");
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn in_use() -> ApiError {
    conflict("import_id_in_use", "there was an import of this id already")
}

fn conflict(code: &'static str, sentence: &str) -> ApiError {
    ApiError::Conflict { code, sentence: sentence.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsunagu_call::Time;
    use tsunagu_store::{ImportReport, MemoryStore};

    const OURS: CompanyId = CompanyId::from_bytes([1; 12]);
    const THEIRS: CompanyId = CompanyId::from_bytes([2; 12]);

    fn started(company: CompanyId, number: u8) -> CustomerImport {
        CustomerImport {
            id: DocumentId::from_bytes([number; 12]),
            company_id: company,
            state: ImportState::Running,
            bytes: 0,
            total_bytes: None,
            report: ImportReport::default(),
            started_at: Time::from_millis(i64::from(number)),
            seen_at: Time::from_millis(i64::from(number)),
            finished_at: None,
        }
    }

    #[actix_web::test]
    async fn a_company_has_one_at_a_time_and_an_id_once() {
        let (imports, store): (_, Arc<dyn Store>) = (Imports::default(), Arc::new(MemoryStore::new()));
        let begin = |company, number| imports.begin(&store, started(company, number), Clock::real());
        let running = begin(OURS, 1).await.unwrap();
        running.note(|import| import.bytes = 7);
        assert_eq!(begin(OURS, 1).await.err().unwrap().code(), "import_id_in_use");
        assert_eq!(begin(OURS, 2).await.err().unwrap().code(), "import_running");
        let theirs = begin(THEIRS, 1).await.unwrap();
        let id = started(OURS, 1).id;
        assert_eq!(imports.running(OURS, id).unwrap().bytes, 7);
        assert_eq!(
            store.customer_import(OURS, id).await.unwrap(),
            Some(started(OURS, 1)),
            "written just now"
        );
        running.keep_now_and_then().await;
        assert_eq!(store.customer_import(OURS, id).await.unwrap().unwrap().bytes, 7, "it was due");
        running.note(|import| import.bytes = 8);
        running.keep_now_and_then().await;
        assert_eq!(store.customer_import(OURS, id).await.unwrap().unwrap().bytes, 7, "it was not");
        let done = running.done().await;
        assert_eq!((done.state, done.bytes), (ImportState::Done, 8));
        assert_eq!(store.customer_import(OURS, id).await.unwrap(), Some(done));
        assert_eq!(imports.running(OURS, id), None, "the store knows");
        assert_eq!(begin(OURS, 1).await.err().unwrap().code(), "import_id_in_use");
        drop(begin(OURS, 2).await.unwrap());

        drop(theirs);
        let stored = || async { store.customer_import(THEIRS, id).await.unwrap().unwrap() };
        while stored().await.state == ImportState::Running {
            tokio::task::yield_now().await;
        }
        assert_eq!(stored().await.state, ImportState::Failed);
        while imports.running(THEIRS, id).is_some() {
            tokio::task::yield_now().await;
        }
    }
}
