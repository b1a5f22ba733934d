//! Where a supervisor who wants to be on the line is rung.

use crate::{App, auth::SignedIn, error::ApiError};
use tsunagu_conversation::Lang;

/// Where a supervisor is rung, and in which language they are spoken to there.
pub(super) struct Telephone {
    /// E.164.
    pub number: String,
    /// That of their own settings.
    pub lang: Lang,
}

impl Telephone {
    /// This number, or that of the supervisor's own settings.
    ///
    /// # Errors
    /// There is none.
    pub(super) async fn of(app: &App, who: &SignedIn, number: Option<String>) -> Result<Self, ApiError> {
        let profile = app.board.ports().store.agent(who.company_id, who.user_id).await?;
        let settings = profile.and_then(|profile| profile.settings);
        let language =
            settings.as_ref().and_then(|settings| settings.conversation_settings.language.as_deref());
        let lang = language.and_then(|code| code.parse().ok()).unwrap_or_default();
        let number = number.or(settings.and_then(|settings| settings.phone_number)).ok_or_else(no_number)?;
        Ok(Self { number, lang })
    }
}

/// The supervisor has no telephone that could be rung.
fn no_number() -> ApiError {
    let sentence = "no number is known at which you can be rung; set yours in your settings first".to_owned();
    ApiError::NotSetUp { code: "no_number", sentence }
}
