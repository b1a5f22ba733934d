//! The form-encoded body or the query of a REST request.

use super::{MAX_BODY, RestError};
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, web};
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use tsunagu_twiml::webhook::Form;

/// The parameters of a request, decoded.
pub struct Fields(Form);

impl Fields {
    /// Reads parameters from a query or a body.
    pub fn parse(text: &[u8]) -> Result<Self, RestError> {
        Form::parse(text).map(Self).map_err(|error| RestError::bad(20001, error.to_string()))
    }

    /// A parameter that is there and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).filter(|value| !value.is_empty())
    }

    /// A parameter, even an empty one.
    pub fn raw(&self, name: &str) -> Option<&str> {
        self.0.get(name)
    }

    /// All values of a repeated parameter.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0.get_all(name).filter(|value| !value.is_empty()).map(str::to_owned).collect()
    }

    /// `true` or `false` in any case.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, RestError> {
        match self.get(name) {
            None => Ok(None),
            Some(text) if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
            Some(text) if text.eq_ignore_ascii_case("false") => Ok(Some(false)),
            Some(text) => Err(RestError::bad(20001, format!("{name} must be true or false, not {text:?}"))),
        }
    }

    /// A whole number within a range.
    pub fn number(&self, name: &str, min: u32, max: u32) -> Result<Option<u32>, RestError> {
        let Some(text) = self.get(name) else { return Ok(None) };
        match text.parse::<u32>() {
            Ok(number) if (min..=max).contains(&number) => Ok(Some(number)),
            _ => Err(RestError::bad(20001, format!("{name} must be within {min} to {max}, not {text:?}"))),
        }
    }

    /// An absolute http or https URL.
    pub fn url(&self, name: &str, code: u32) -> Result<Option<String>, RestError> {
        let Some(text) = self.get(name) else { return Ok(None) };
        match url::Url::parse(text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => {
                Ok(Some(text.to_owned()))
            }
            _ => Err(RestError::bad(code, format!("{name} is not a valid URL: {text}"))),
        }
    }
}

impl FromRequest for Fields {
    type Error = RestError;
    type Future = LocalBoxFuture<'static, Result<Self, RestError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let query = request.query_string().to_owned();
        let form = request.content_type().eq_ignore_ascii_case("application/x-www-form-urlencoded");
        let with_body = request.method() == actix_web::http::Method::POST;
        let mut payload = web::Payload::from_request(request, payload).into_inner();
        Box::pin(async move {
            if !with_body {
                return Self::parse(query.as_bytes());
            }
            let Ok(payload) = &mut payload else { return Self::parse(b"") };
            let mut body = Vec::new();
            while let Some(chunk) = payload.next().await {
                let chunk = chunk.map_err(|error| RestError::bad(20001, error.to_string()))?;
                if body.len() + chunk.len() > MAX_BODY {
                    return Err(RestError::new(
                        413,
                        20413,
                        format!("the body is longer than {MAX_BODY} bytes"),
                    ));
                }
                body.extend_from_slice(&chunk);
            }
            if !form && !body.is_empty() {
                let message = "the body must be application/x-www-form-urlencoded";
                return Err(RestError::new(415, 20415, message));
            }
            Self::parse(&body)
        })
    }
}
