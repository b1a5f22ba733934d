//! A language of the conversation: a short code that names a folder of scripts.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A language by its ISO 639 code of two or three letters, such as `ja`.
///
/// A language is data: whoever adds a folder under `config/conversation/` has added one, so this is not an enum.
/// An engine that has no script for a language falls back to its default one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Lang([u8; 3]);

impl Lang {
    /// Japanese, the default.
    pub const JA: Lang = Lang(*b"ja\0");
    /// English.
    pub const EN: Lang = Lang(*b"en\0");

    /// The code, such as `"ja"`.
    pub fn code(&self) -> &str {
        let length = self.0.iter().take_while(|byte| **byte != 0).count();
        self.0.get(..length).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

impl Default for Lang {
    fn default() -> Self {
        Lang::JA
    }
}

/// A language code that is not two or three lower-case letters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a language code of two or three lower-case letters, such as `ja`")]
pub struct LangError(String);

impl FromStr for Lang {
    type Err = LangError;

    fn from_str(code: &str) -> Result<Self, LangError> {
        let fits = matches!(code.len(), 2 | 3) && code.bytes().all(|byte| byte.is_ascii_lowercase());
        if !fits {
            return Err(LangError(code.chars().take(20).collect()));
        }
        let mut bytes = [0; 3];
        bytes.iter_mut().zip(code.bytes()).for_each(|(to, from)| *to = from);
        Ok(Lang(bytes))
    }
}

impl TryFrom<String> for Lang {
    type Error = LangError;

    fn try_from(code: String) -> Result<Self, LangError> {
        code.parse()
    }
}

impl From<Lang> for String {
    fn from(lang: Lang) -> Self {
        lang.code().to_owned()
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_codes() {
        assert_eq!("ja".parse(), Ok(Lang::JA));
        assert_eq!("en".parse::<Lang>().unwrap().code(), "en");
        assert_eq!("yue".parse::<Lang>().unwrap().to_string(), "yue");
        assert_eq!(serde_json::to_string(&Lang::JA).unwrap(), "\"ja\"");
    }

    #[test]
    fn refuses_what_is_no_code() {
        for code in ["", "j", "JA", "ja-JP", "日本", "jaja"] {
            assert!(code.parse::<Lang>().is_err(), "{code}");
        }
        assert!(serde_json::from_str::<Lang>("\"Japanese\"").is_err());
    }
}
