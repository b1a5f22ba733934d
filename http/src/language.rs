//! The language that the AI speaks, as bodies name it.

use crate::{App, envelope::Body};
use tsunagu_conversation::{Engine, Lang};

/// The longest code that is looked at, in characters.
const CODE: usize = 100;

/// Reads `language`: a code of which the engine has a script, or null. Anything else is noted in the body.
pub(crate) fn change_of_language(app: &App, body: &mut Body) -> Option<Option<String>> {
    let change = body.change_of_text("language", CODE)?;
    let known: Vec<Lang> = app.board.ports().engine.languages().collect();
    if change.as_ref().is_some_and(|code| !code.parse().is_ok_and(|lang| known.contains(&lang))) {
        let known: Vec<_> = known.iter().map(ToString::to_string).collect();
        body.refuse("language", format!("must be one of {}", known.join(", ")));
    }
    Some(change)
}

/// The languages of which the engine has a script, by the codes that name them.
pub(crate) fn languages(engine: &Engine) -> Vec<(String, Lang)> {
    engine.languages().map(|lang| (lang.to_string(), lang)).collect()
}
