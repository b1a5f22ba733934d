//! The names under which news is told.

use super::NatsError;
use tsunagu_call::CompanyId;

/// The subjects of one system.
#[derive(Debug, Clone)]
pub(super) struct Subjects(String);

impl Subjects {
    /// Those that begin so.
    pub fn new(beginning: &str) -> Result<Self, NatsError> {
        let is_word = |word: &str| {
            !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        };
        if beginning.split('.').all(is_word) {
            Ok(Self(beginning.to_owned()))
        } else {
            Err(NatsError::Subject(beginning.to_owned()))
        }
    }

    /// Where the news of a company is told.
    pub fn of(&self, company: CompanyId) -> String {
        format!("{}.facts.{company}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_company_has_one() {
        let of = |beginning| Subjects::new(beginning).map(|all| all.of(CompanyId::from_bytes([0xab; 12])));
        assert_eq!(of("tsunagu.calls"), Ok("tsunagu.calls.facts.abababababababababababab".to_owned()));
        for beginning in ["", "tsunagu.", ".a", "a..b", "a b", "a.*", "a.>", "呼"] {
            assert!(of(beginning).is_err(), "{beginning}");
        }
    }
}
