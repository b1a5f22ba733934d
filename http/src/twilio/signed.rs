//! The door of the webhooks: a form that the carrier signed, for the address at which it reaches us.

use crate::{App, error::ApiError, limits};
use actix_web::{FromRequest, HttpRequest, dev::Payload, web};
use std::{future::Future, pin::Pin};
use tokio::time::timeout;
use tsunagu_twiml::{
    signature::{Body, SignatureError, SignedRequest},
    webhook::{Form, FormError},
};

/// A form whose signature is right.
pub(super) struct Signed(pub Form);

impl FromRequest for Signed {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = web::Bytes::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let body = timeout(limits::REQUEST_BODY, body).await.map_err(|_| ApiError::Slow)?;
            let body = body.map_err(|error| ApiError::from_body(&error))?;
            let form = Form::parse(&body)?;
            let app: &web::Data<App> =
                request.app_data().ok_or(ApiError::Internal("the app is not configured"))?;
            // The carrier signs the address that it was given, whatever a proxy made of the request since.
            let mut url = String::with_capacity(256);
            url.push_str(&app.base_url);
            url.push_str(request.uri().path_and_query().map_or("/", |path| path.as_str()));
            let signature = request.headers().get("X-Twilio-Signature").and_then(|value| value.to_str().ok());
            let signed = SignedRequest { url: &url, body: Body::Form(&form), signature };
            app.verifier.verify(&signed).map_err(|error| {
                metrics::counter!("webhooks_refused_total", "reason" => reason(error)).increment(1);
                tracing::warn!(path = request.path(), %error, "webhook refused");
                ApiError::BadSignature
            })?;
            Ok(Self(form))
        })
    }
}

const fn reason(error: SignatureError) -> &'static str {
    match error {
        SignatureError::Missing | SignatureError::Empty => "missing",
        SignatureError::Malformed | SignatureError::BodyHashMissing => "malformed",
        SignatureError::Mismatch | SignatureError::BodyHashMismatch => "mismatch",
        SignatureError::Url => "url",
    }
}

impl From<FormError> for ApiError {
    fn from(error: FormError) -> Self {
        match error {
            FormError::TooLong { .. } | FormError::TooManyParameters => Self::TooLarge,
            other => Self::malformed(other.to_string()),
        }
    }
}
