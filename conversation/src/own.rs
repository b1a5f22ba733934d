//! What a company has of its own for one call, beside what the engine has for everybody.

use std::sync::Arc;

use crate::lang::Lang;
use crate::script::Script;
use tsunagu_understanding::OwnPhrases;

/// What a company has of its own for one call. By default nothing.
#[derive(Debug, Clone, Default)]
pub struct Own {
    /// Its phrases in the language of the call.
    pub phrases: Arc<OwnPhrases>,
    /// The script that the call goes by, where it is not the engine's.
    pub script: Option<Arc<OwnScript>>,
}

/// A company's own script of one language, read and checked. It says the engine's templates.
#[derive(Debug)]
pub struct OwnScript {
    pub(crate) lang: Lang,
    pub(crate) script: Script,
}

impl Own {
    /// The script of that language, if it has one.
    pub(crate) fn script(&self, lang: Lang) -> Option<&Script> {
        self.script.as_deref().filter(|own| own.lang == lang).map(|own| &own.script)
    }
}
