//! A JSON body whose fields are read one by one, so that everything that is wrong with it is told at once.

mod section;

use super::phone;
use crate::{
    auth::password_fault,
    error::{ApiError, Detail},
    limits,
};
use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header, web};
use secrecy::SecretString;
use serde_json::{Map, Value};
use std::{fmt, future::Future, pin::Pin, str::FromStr};

/// The longest text that stands for a word, an id or a time, in characters.
const VALUE_MAX: usize = 100;
/// The longest e-mail address that mail can be sent to, in bytes (RFC 5321).
pub(crate) const EMAIL_MAX: usize = 254;

/// What is said of a text that is no e-mail address.
pub(crate) const NO_EMAIL: &str = "is no e-mail address";
/// What is said of a text with signs that nobody sees.
pub(crate) const NO_CONTROL: &str = "must not hold control characters";

/// The fields of a JSON object. Each is taken out by a method that notes what is wrong with it and goes on with an empty
/// value; [`Body::done`] then refuses the request for all of them together. A request without a body, or with `null`, is an
/// object without fields. Fields that nobody asks for are left alone: older clients send some.
#[derive(Default)]
pub(crate) struct Body {
    given: Map<String, Value>,
    wrong: Vec<Detail>,
}

impl Body {
    /// The fields of something that came by another way than a request's body.
    pub(crate) fn of(given: Map<String, Value>) -> Self {
        Self { given, wrong: Vec::new() }
    }

    /// A text that must be there, trimmed, of at most `longest` characters.
    pub(crate) fn text(&mut self, field: &'static str, longest: usize) -> String {
        match self.optional_text(field, longest) {
            Some(text) => text,
            None => {
                self.require(field);
                String::new()
            }
        }
    }

    /// A text that may be there, trimmed, of at most `longest` characters; an empty one is as good as none.
    pub(crate) fn optional_text(&mut self, field: &'static str, longest: usize) -> Option<String> {
        let text = match self.given.remove(field) {
            None | Some(Value::Null) => return None,
            Some(Value::String(text)) => text,
            Some(_) => {
                self.refuse(field, "must be a text");
                return None;
            }
        };
        let text = text.trim();
        if text.chars().count() > longest {
            self.refuse(field, format!("must not be longer than {longest} characters"));
            return None;
        }
        if text.contains(is_control) {
            self.refuse(field, NO_CONTROL);
            return None;
        }
        Some(text.to_owned()).filter(|text| !text.is_empty())
    }

    /// A list of texts that may be there: at most `most`, each trimmed, not empty and of at most `longest` characters.
    pub(crate) fn optional_texts(&mut self, field: &'static str, most: usize, longest: usize) -> Vec<String> {
        let given = match self.given.remove(field) {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Array(given)) if given.len() <= most => given,
            Some(Value::Array(_)) => {
                self.refuse(field, format!("must not have more than {most} entries"));
                return Vec::new();
            }
            Some(_) => {
                self.refuse(field, "must be a list of texts");
                return Vec::new();
            }
        };
        let text = |value: &Value| {
            let text = value.as_str()?.trim();
            let fits = !text.is_empty() && text.chars().count() <= longest && !text.contains(is_control);
            fits.then(|| text.to_owned())
        };
        let texts: Option<Vec<String>> = given.iter().map(text).collect();
        texts.unwrap_or_else(|| {
            self.refuse(field, format!("each entry must be a text of 1 to {longest} characters"));
            Vec::new()
        })
    }

    /// A text, or a number in its place.
    pub(crate) fn optional_text_or_number(&mut self, field: &'static str, longest: usize) -> Option<String> {
        if let Some(Value::Number(number)) = self.given.get(field) {
            let text = number.to_string();
            self.given.insert(field.to_owned(), Value::String(text));
        }
        self.optional_text(field, longest)
    }

    /// As [`Body::change_of_text`], of a text that is a file: it is kept to the letter, for its lines are counted.
    pub(crate) fn change_of_file(&mut self, field: &'static str, longest: usize) -> Option<Option<String>> {
        let text = match self.given.get(field)? {
            Value::String(text) => text.clone(),
            _ => String::new(),
        };
        let change = self.change_of_text(field, longest)?;
        Some(change.map(|_| text))
    }

    /// What a text shall be changed to, if at all: null or an empty one empties it (the inner `None`).
    pub(crate) fn change_of_text(&mut self, field: &'static str, longest: usize) -> Option<Option<String>> {
        match self.given.get(field)? {
            Value::Null => Some(None),
            Value::String(text) if text.trim().is_empty() => Some(None),
            _ => self.optional_text(field, longest).map(Some),
        }
    }

    /// What a value that is written as a text shall be changed to, if at all: null empties it. `form` says how it is
    /// written.
    pub(crate) fn change_of<T: FromStr>(&mut self, field: &'static str, form: &str) -> Option<Option<T>> {
        let Some(text) = self.change_of_text(field, VALUE_MAX)? else { return Some(None) };
        let value = text.parse().ok();
        if value.is_none() {
            self.refuse(field, form);
        }
        value.map(Some)
    }

    /// One of some words that may be there, and what it stands for.
    pub(crate) fn optional_word<T: Copy>(&mut self, field: &'static str, known: &[(&str, T)]) -> Option<T> {
        let text = self.optional_text(field, VALUE_MAX)?;
        let found = known.iter().find(|(word, _)| *word == text).map(|(_, meant)| *meant);
        if found.is_none() {
            let words: Vec<_> = known.iter().map(|(word, _)| *word).collect();
            self.refuse(field, format!("must be one of {}", words.join(", ")));
        }
        found
    }

    /// One of some words that must be there, and what it stands for; `otherwise` when it is not, which is refused.
    pub(crate) fn word<T: Copy>(&mut self, field: &'static str, known: &[(&str, T)], otherwise: T) -> T {
        self.optional_word(field, known).unwrap_or_else(|| {
            self.require(field);
            otherwise
        })
    }

    /// Yes or no, where it is said.
    pub(crate) fn optional_flag(&mut self, field: &'static str) -> Option<bool> {
        let value = self.given.remove(field).filter(|value| !value.is_null())?;
        let flag = value.as_bool();
        if flag.is_none() {
            self.refuse(field, "must be true or false");
        }
        flag
    }

    /// A telephone number that may be there, as [`Body::phone`] takes it.
    pub(crate) fn optional_phone(&mut self, field: &'static str) -> Option<String> {
        let given = self.given.get(field).is_some_and(|value| !value.is_null());
        given.then(|| self.phone(field))
    }

    /// A number between 0 and 1 that may be there.
    pub(crate) fn optional_share(&mut self, field: &'static str) -> Option<f32> {
        let value = self.given.remove(field).filter(|value| !value.is_null())?;
        let share = value.as_f64().filter(|share| (0.0..=1.0).contains(share));
        if share.is_none() {
            self.refuse(field, "must be a number from 0 to 1");
        }
        share.map(|share| share as f32)
    }

    /// An e-mail address that must be there.
    pub(crate) fn email(&mut self, field: &'static str) -> String {
        let email = self.text(field, EMAIL_MAX);
        if !email.is_empty() && !is_email(&email) {
            self.refuse(field, NO_EMAIL);
        }
        email
    }

    /// What an e-mail address shall be changed to, if at all; null or an empty one empties it.
    pub(crate) fn change_of_email(&mut self, field: &'static str) -> Option<Option<String>> {
        let change = self.change_of_text(field, EMAIL_MAX)?;
        if change.as_deref().is_some_and(|email| !is_email(email)) {
            self.refuse(field, NO_EMAIL);
            return None;
        }
        Some(change)
    }

    /// What a text that may not be empty shall be changed to, if at all.
    pub(crate) fn new_text(&mut self, field: &'static str, longest: usize) -> Option<String> {
        let change = self.change_of_text(field, longest)?;
        if change.is_none() {
            self.refuse(field, "must not be empty");
        }
        change
    }

    /// What a telephone number shall be changed to, if at all; null or an empty one empties it.
    pub(crate) fn change_of_phone(&mut self, field: &'static str) -> Option<Option<String>> {
        let Some(text) = self.change_of_text(field, phone::LONGEST_INPUT)? else { return Some(None) };
        let number = phone::e164(&text);
        if number.is_none() {
            self.refuse(field, phone::NO_NUMBER);
        }
        number.map(Some)
    }

    /// A telephone number that must be there, international (`+81…`) or national Japanese; given back as E.164.
    pub(crate) fn phone(&mut self, field: &'static str) -> String {
        let given = self.text(field, phone::LONGEST_INPUT);
        if given.is_empty() {
            return given;
        }
        phone::e164(&given).unwrap_or_else(|| {
            self.refuse(field, phone::NO_NUMBER);
            String::new()
        })
    }

    /// A password that must be there; it is not trimmed.
    pub(crate) fn password(&mut self, field: &'static str) -> SecretString {
        match self.given.remove(field) {
            Some(Value::String(password)) if !password.is_empty() => password.into(),
            None | Some(Value::Null | Value::String(_)) => {
                self.require(field);
                SecretString::default()
            }
            Some(_) => {
                self.refuse(field, "must be a text");
                SecretString::default()
            }
        }
    }

    /// Refuses a new password, which was read before from this field, that is not fit for somebody about whom these
    /// words are known.
    pub(crate) fn judge_password(&mut self, field: &'static str, password: &SecretString, about: &[&str]) {
        if self.is_refused(field) {
            return;
        }
        if let Some(fault) = password_fault(password, about) {
            self.refuse(field, fault);
        }
    }

    /// Notes that a field is invalid.
    pub(crate) fn refuse(&mut self, field: &'static str, message: impl Into<String>) {
        self.wrong.push(Detail { field: field.to_owned(), message: message.into() });
    }

    /// Notes what was found to be wrong by others.
    pub(crate) fn blame(&mut self, faults: Vec<Detail>) {
        self.wrong.extend(faults);
    }

    /// Notes that a field must be there, unless more is known to be wrong with it.
    pub(crate) fn require(&mut self, field: &'static str) {
        if !self.is_refused(field) {
            self.refuse(field, "is required");
        }
    }

    /// Whether a field is there, with whatever value.
    pub(crate) fn is_given(&self, field: &str) -> bool {
        self.given.contains_key(field)
    }

    /// Whether a field was found invalid.
    pub(crate) fn is_refused(&self, field: &str) -> bool {
        self.wrong.iter().any(|detail| detail.field == field)
    }

    /// Refuses the request when anything was wrong.
    ///
    /// # Errors
    /// [`ApiError::Invalid`] with every field that was.
    pub(crate) fn done(self) -> Result<(), ApiError> {
        if self.wrong.is_empty() { Ok(()) } else { Err(ApiError::Invalid(self.wrong)) }
    }
}

/// Names alone: there are passwords and tokens among the values.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body")
            .field("given", &self.given.keys().collect::<Vec<_>>())
            .field("wrong", &self.wrong)
            .finish()
    }
}

impl FromRequest for Body {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, actix_web::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if has_no_body(request) {
            return Box::pin(async { Ok(Self::default()) });
        }
        let json = web::Json::<Value>::from_request(request, payload);
        Box::pin(async move {
            let json = tokio::time::timeout(limits::REQUEST_BODY, json).await.map_err(|_| ApiError::Slow)?;
            match json?.into_inner() {
                Value::Object(given) => Ok(Self { given, wrong: Vec::new() }),
                Value::Null => Ok(Self::default()),
                _ => Err(ApiError::invalid("", "the body must be a JSON object").into()),
            }
        })
    }
}

/// Nothing comes behind the head, whatever its type would be: clients name the type of what they then leave out.
fn has_no_body(request: &HttpRequest) -> bool {
    let headers = request.headers();
    let length = headers.get(header::CONTENT_LENGTH).is_none_or(|length| length.as_bytes() == b"0");
    length && !headers.contains_key(header::TRANSFER_ENCODING)
}

/// A sign that nobody sees, other than the ends of lines and tabs: such signs are not legal in what is spoken either.
pub(crate) fn is_control(sign: char) -> bool {
    sign.is_control() && !matches!(sign, '\n' | '\r' | '\t')
}

/// Something before one `@` and a domain after it. Whether mail arrives there only mail can tell.
pub(crate) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let labels = domain.split('.');
    !local.is_empty()
        && !text.chars().any(|c| c.is_whitespace() || c.is_control() || "<>(),;:\\\"[]".contains(c))
        && domain.contains('.')
        && labels.into_iter().all(|label| {
            !label.is_empty()
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
                && !label.starts_with('-')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(json: &str) -> Body {
        Body { given: serde_json::from_str(json).unwrap(), wrong: Vec::new() }
    }

    fn wrong(body: Body) -> Vec<String> {
        match body.done() {
            Err(ApiError::Invalid(details)) => details.into_iter().map(|detail| detail.field).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let mut body =
            body(r#"{"name":"  ","email":"nobody","phone":"12","password":"short","note":7,"share":2}"#);
        body.text("name", 10);
        body.email("email");
        body.phone("phone");
        let password = body.password("password");
        body.judge_password("password", &password, &[]);
        body.optional_text("note", 10);
        body.optional_share("share");
        assert_eq!(wrong(body), ["name", "email", "phone", "password", "note", "share"]);
    }

    #[test]
    fn what_is_right_is_taken_as_it_is_meant() {
        let mut body =
            body(r#"{"name":" 花子 ","phone":"090-1234-5678","employees":12,"share":1,"rest":null}"#);
        assert_eq!(body.text("name", 2), "花子");
        assert_eq!(body.phone("phone"), "+819012345678");
        assert_eq!(body.optional_text_or_number("employees", 10).as_deref(), Some("12"));
        assert_eq!(body.optional_share("share"), Some(1.0));
        assert_eq!(body.optional_text("rest", 10), None);
        assert!(body.done().is_ok());
    }

    #[test]
    fn a_change_empties_sets_or_leaves() {
        let mut read = body(
            r#"{"a":null,"b":" ","c":"x","d":"7","e":null,"f":"seven","g":8,"word":"done","other":"gone"}"#,
        );
        assert_eq!(read.change_of_text("a", 9), Some(None));
        assert_eq!(read.change_of_text("b", 9), Some(None));
        assert_eq!(read.change_of_text("c", 9), Some(Some("x".into())));
        assert_eq!(read.change_of_text("nothing", 9), None);
        assert_eq!(read.change_of::<u32>("d", "a number"), Some(Some(7)));
        assert_eq!(read.change_of::<u32>("e", "a number"), Some(None));
        assert_eq!(read.change_of::<u32>("f", "must be a number"), None);
        assert_eq!(read.change_of_text("g", 9), None);
        assert_eq!(read.optional_word("word", &[("done", 1)]), Some(1));
        assert_eq!(read.optional_word("other", &[("done", 1)]), None);
        assert_eq!(wrong(read), ["f", "g", "other"]);
    }

    #[test]
    fn a_field_is_told_once() {
        let mut body = body(r#"{"name":7,"long":"xxx"}"#);
        body.text("name", 10);
        body.text("long", 2);
        body.text("missing", 2);
        assert_eq!(wrong(body), ["name", "long", "missing"]);
    }

    #[test]
    fn a_password_is_required_once_and_never_shown() {
        let mut body = Body::default();
        let password = body.password("password");
        body.judge_password("password", &password, &[]);
        assert_eq!(wrong(body), ["password"]);
        let body = super::tests::body(r#"{"password":"kT8 vQ2-zR5"}"#);
        assert_eq!(format!("{body:?}"), r#"Body { given: ["password"], wrong: [] }"#);
    }

    #[test]
    fn e_mail_addresses_are_told_from_other_texts() {
        for email in ["a@b.jp", "hanako+x@mail.example.co.jp", "花子@例え.jp"] {
            assert!(is_email(email), "{email}");
        }
        for text in [
            "a",
            "@b.jp",
            "a@",
            "a@b",
            "a@b..jp",
            "a b@c.jp",
            "a@b.jp@c.jp",
            "a@-b.jp",
            "<a@b.jp>",
            "a@b.jp\n",
        ] {
            assert!(!is_email(text), "{text}");
        }
    }
}
