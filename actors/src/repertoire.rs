//! What companies have of their own for the talk of their calls, made ready once and shared by all calls of a company.
//!
//! *settings → made ready, by their revision → every utterance of every call of that company.* A change that is made at this server
//! counts from the next utterance on; one that is made at another server is looked for every second.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};
use tsunagu_call::CompanyId;
use tsunagu_conversation::{Engine, Lang, Own, OwnPhrases, OwnScript};
use tsunagu_store::{Company, CompanySpeech, Store, StoreError};

/// So many companies are remembered without a call under way.
const REMEMBERED: usize = 256;
/// How often it is looked whether another server has changed something.
const LOOKED_FOR_EVERY: Duration = Duration::from_secs(1);

/// The repertoires of the companies whose calls are here; cheap to clone.
#[derive(Clone)]
pub struct Repertoires(Arc<Shelf>);

struct Shelf {
    store: Arc<dyn Store>,
    engine: Arc<Engine>,
    known: Mutex<HashMap<CompanyId, Arc<Repertoire>>>,
}

/// One company's, as it is at this moment.
#[derive(Debug, Default)]
pub struct Repertoire(RwLock<Arc<Ready>>);

/// Made ready from the settings of one revision.
#[derive(Debug, Default)]
struct Ready {
    revision: u64,
    phrases: BTreeMap<Lang, Arc<OwnPhrases>>,
    /// Those that begin now, and those before them, by their numbers.
    scripts: BTreeMap<(Lang, u64), Arc<OwnScript>>,
    /// The numbers of those that begin now.
    present: BTreeMap<Lang, u64>,
}

impl Repertoires {
    /// Those of the companies in this store, for this engine.
    pub fn new(store: Arc<dyn Store>, engine: Arc<Engine>) -> Self {
        Self(Arc::new(Shelf { store, engine, known: Mutex::default() }))
    }

    /// A company's. Where it cannot be read its calls go on without, until it can.
    pub async fn of(&self, company: CompanyId) -> Arc<Repertoire> {
        if let Some(known) = self.0.known.lock().unwrap_or_else(PoisonError::into_inner).get(&company) {
            return known.clone();
        }
        match self.0.store.company(company).await {
            Ok(Some(read)) => self.learn(&read),
            Ok(None) => self.kept(company),
            Err(error) => {
                tracing::warn!(%company, %error, "a company's own phrases and script cannot be read");
                self.kept(company)
            }
        }
    }

    /// Takes in what a company has of its own, unless something newer is known. It counts at once.
    pub fn learn(&self, company: &Company) -> Arc<Repertoire> {
        let kept = self.kept(company.id);
        if kept.ready().revision < company.speech.revision {
            let ready = Arc::new(Ready::of(&self.0.engine, company.id, &company.speech));
            let mut place = kept.0.write().unwrap_or_else(PoisonError::into_inner);
            if place.revision < ready.revision {
                *place = ready;
            }
        }
        kept
    }

    fn kept(&self, company: CompanyId) -> Arc<Repertoire> {
        let mut known = self.0.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED && !known.contains_key(&company) {
            known.retain(|_, repertoire| Arc::strong_count(repertoire) > 1);
        }
        known.entry(company).or_default().clone()
    }

    /// Reads anew what companies have with a call under way; what nobody uses is forgotten, and read when it is next used.
    async fn look(&self) -> Result<(), StoreError> {
        let used: Vec<CompanyId> = {
            let mut known = self.0.known.lock().unwrap_or_else(PoisonError::into_inner);
            known.retain(|_, repertoire| Arc::strong_count(repertoire) > 1);
            known.keys().copied().collect()
        };
        for company in used {
            if let Some(company) = self.0.store.company(company).await? {
                self.learn(&company);
            }
        }
        Ok(())
    }
}

/// Looks for what other servers have changed, for as long as it is run.
pub(crate) async fn keep_repertoires(repertoires: Repertoires) {
    loop {
        tokio::time::sleep(LOOKED_FOR_EVERY).await;
        if let Err(error) = repertoires.look().await {
            tracing::warn!(%error, "what companies have of their own cannot be read anew");
        }
    }
}

impl Repertoire {
    /// What calls that begin now have of the company's own.
    pub fn present(&self, lang: Lang) -> Own {
        let ready = self.ready();
        let number = ready.present.get(&lang).copied().unwrap_or_default();
        Own { phrases: ready.phrases(lang), script: ready.script(lang, number) }
    }

    /// The phrases that count now.
    pub(crate) fn phrases(&self, lang: Lang) -> Arc<OwnPhrases> {
        self.ready().phrases(lang)
    }

    /// The script of that number. Where it is not known any more it is the one that begins now: whichever it is, it can go on from
    /// any state.
    pub(crate) fn script(&self, lang: Lang, number: u64) -> Option<Arc<OwnScript>> {
        self.ready().script(lang, number)
    }

    fn ready(&self) -> Arc<Ready> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Ready {
    fn of(engine: &Engine, company: CompanyId, speech: &CompanySpeech) -> Self {
        let mut ready = Self { revision: speech.revision, ..Self::default() };
        for lang in engine.languages() {
            let spoken = speech.phrases.iter().filter(|phrase| phrase.language == lang.code());
            let mut spoken = spoken.map(|phrase| (phrase.intent, phrase.text.as_str())).peekable();
            if spoken.peek().is_some() {
                ready.phrases.insert(lang, Arc::new(engine.own_phrases(lang, spoken)));
            }
            let Some(script) = speech.scripts.get(lang.code()) else { continue };
            for number in [script.number, script.number.saturating_sub(1)] {
                let Some(text) = speech.script_of(lang.code(), number) else { continue };
                // It was checked when it was saved, perhaps by an older program that asked less of it.
                match engine.own_script(lang, &format!("{lang}/script.toml"), text) {
                    Ok(own) => drop(ready.scripts.insert((lang, number), Arc::new(own))),
                    Err(error) => {
                        tracing::warn!(%company, number, %error, "a company's script cannot be used: the server's own is");
                    }
                }
            }
            if script.text.is_some() {
                ready.present.insert(lang, script.number);
            }
        }
        ready
    }

    fn phrases(&self, lang: Lang) -> Arc<OwnPhrases> {
        self.phrases.get(&lang).cloned().unwrap_or_default()
    }

    fn script(&self, lang: Lang, number: u64) -> Option<Arc<OwnScript>> {
        let known = |number: &u64| self.scripts.get(&(lang, *number)).cloned();
        match number {
            // The server's own is always known.
            0 => None,
            number => known(&number).or_else(|| self.present.get(&lang).and_then(known)),
        }
    }
}

#[cfg(test)]
mod tests;
