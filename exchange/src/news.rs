//! What is told, and its form on the way.

use serde::{Deserialize, Serialize};
use tsunagu_call::{CallId, CompanyId, Entry, NodeId, Time, UserId};

/// Something that the screens of other nodes should hear of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum News {
    /// These entries are in the journal of a call.
    Facts {
        /// Which call.
        call: CallId,
        /// One after the other, without a gap.
        entries: Vec<Entry>,
    },
    /// The journal of a call goes on up to before this place: there is more of it than a message holds.
    Further {
        /// Which call.
        call: CallId,
        /// The place of its next entry.
        next: u64,
    },
    /// What an agent is doing has changed, or whether they take hand-overs.
    Agent {
        /// Who.
        agent: UserId,
    },
    /// Somebody has signed out, or may not look any more: the store says by which sign-ins.
    SignedOut {
        /// Who.
        user: UserId,
    },
    /// Words that the customer of a call is still speaking. They are in no journal.
    Overheard {
        /// Which call.
        call: CallId,
        /// What is understood so far.
        text: String,
    },
}

/// News as it is sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// Who tells it.
    pub node: NodeId,
    /// When, by that node's clock on the wall.
    pub sent: Time,
    /// Whose news.
    pub company: CompanyId,
    /// What happened.
    pub news: News,
}

/// The bytes are no note, or one of a newer version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a note: {0}")]
pub struct NotANote(String);

impl Note {
    /// The note in JSON, in `longest` bytes or fewer: instead of facts for which that is too little it says how far the journal is.
    /// `None` when nothing that short tells it.
    pub fn written(mut self, longest: usize) -> Option<Vec<u8>> {
        let whole = serde_json::to_vec(&self).ok()?;
        if whole.len() <= longest {
            return Some(whole);
        }
        let News::Facts { call, entries } = self.news else { return None };
        self.news = News::Further { call, next: entries.last()?.seq + 1 };
        serde_json::to_vec(&self).ok().filter(|short| short.len() <= longest)
    }

    /// The note that was written so.
    ///
    /// # Errors
    /// It is none.
    pub fn read(bytes: &[u8]) -> Result<Self, NotANote> {
        serde_json::from_slice(bytes).map_err(|error| NotANote(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tsunagu_call::Event;

    const CALL: CallId = CallId::from_bytes([4; 12]);

    fn note(news: News) -> Note {
        let (node, company) = (NodeId::from_bytes([1; 12]), CompanyId::from_bytes([2; 12]));
        Note { node, sent: Time::from_millis(1_000), company, news }
    }

    fn facts(notes: &str) -> News {
        let entry = |seq| Entry {
            seq,
            at: Time::from_millis(500),
            event: Event::Noted { notes: notes.to_owned(), outcome: None },
        };
        News::Facts { call: CALL, entries: vec![entry(7), entry(8)] }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let agent = UserId::from_bytes([5; 12]);
        let overheard = News::Overheard { call: CALL, text: "少々お待ち".to_owned() };
        let further = News::Further { call: CALL, next: 9 };
        let signed_out = News::SignedOut { user: agent };
        for news in [facts("折り返し"), further, News::Agent { agent }, signed_out, overheard] {
            let note = note(news);
            let written = note.clone().written(10_000).unwrap();
            assert_eq!(Note::read(&written), Ok(note), "{}", String::from_utf8_lossy(&written));
        }
    }

    #[test]
    fn what_is_too_long_is_told_in_short() {
        let note = note(facts(&"長".repeat(1_000)));
        let whole = note.clone().written(usize::MAX).unwrap().len();
        assert_eq!(Note::read(&note.clone().written(whole).unwrap()).unwrap(), note);
        let short = Note::read(&note.clone().written(whole - 1).unwrap()).unwrap();
        assert_eq!(short, Note { news: News::Further { call: CALL, next: 9 }, ..note.clone() });
        assert_eq!(note.clone().written(20), None);
        let overheard = News::Overheard { call: CALL, text: "長".repeat(1_000) };
        assert_eq!(Note { news: overheard, ..note }.written(200), None);
    }

    #[test]
    fn what_is_not_known_is_refused() {
        assert!(Note::read(b"").is_err() && Note::read(b"{}").is_err());
        let newer = r#"{"node":"010101010101010101010101","sent":"1970-01-01T00:00:01Z",
            "company":"020202020202020202020202","news":{"moonrise":{}}}"#;
        assert!(Note::read(newer.as_bytes()).unwrap_err().to_string().contains("moonrise"));
    }
}
