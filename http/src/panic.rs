//! A handler's panic becomes a proper answer: without this the connection is cut, which the carrier reads out to the
//! customer as an application error.

use crate::{envelope, error::ApiError};
use actix_web::{
    Error, HttpResponse, ResponseError,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::StatusCode,
    middleware::Next,
};
use futures_util::FutureExt;
use std::{any::Any, panic::AssertUnwindSafe};

/// Under this path the carrier asks what to do with a leg, and gets TwiML whatever happens.
const VOICE: &str = "/api/twilio/voice";

/// What a person hears whose call we cannot go on with.
const APOLOGY: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8"?><Response><Say language="ja-JP">"#,
    "申し訳ございません。ただいま、お電話をお受けできない状態です。あらためてご連絡いたします。失礼いたします。",
    "</Say><Hangup/></Response>",
);

/// A handler panicked.
#[derive(Debug, thiserror::Error)]
#[error("a handler panicked")]
struct Panicked {
    /// It was to answer the carrier.
    voice: bool,
}

/// The middleware.
pub(crate) async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let voice = request.path().starts_with(VOICE);
    // The request is gone with the panic, so that the answer has to take the way of an error.
    match AssertUnwindSafe(async { next.call(request).await }).catch_unwind().await {
        Ok(result) => result,
        Err(panic) => {
            tracing::error!(voice, panic = words(panic.as_ref()), "a handler panicked");
            metrics::counter!("http_handlers_panicked_total").increment(1);
            Err(Panicked { voice }.into())
        }
    }
}

impl ResponseError for Panicked {
    fn status_code(&self) -> StatusCode {
        if self.voice { StatusCode::OK } else { StatusCode::INTERNAL_SERVER_ERROR }
    }

    fn error_response(&self) -> HttpResponse {
        match self.voice {
            true => HttpResponse::Ok().content_type("text/xml; charset=utf-8").body(APOLOGY),
            false => envelope::failure(&ApiError::Internal("a handler panicked")),
        }
    }
}

fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no words")
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::{App, middleware::from_fn, test, web};

    async fn answer(path: &str) -> (u16, String, String) {
        async fn fall() -> HttpResponse {
            panic!("as the test wished")
        }
        let app = App::new()
            .wrap(from_fn(guard))
            .route("/api/twilio/voice/gather/{call}", web::post().to(fall))
            .route("/api/calls/start", web::post().to(fall));
        let service = test::init_service(app).await;
        let request = test::TestRequest::post().uri(path).to_request();
        let error = test::try_call_service(&service, request).await.err().unwrap();
        let response = error.error_response();
        let kind = response.headers().get("content-type").unwrap().to_str().unwrap().to_owned();
        let status = response.status().as_u16();
        let body = actix_web::body::to_bytes(response.into_body()).await.unwrap();
        (status, kind, String::from_utf8(body.to_vec()).unwrap())
    }

    #[actix_web::test]
    async fn the_carrier_gets_twiml() {
        let (status, kind, body) = answer("/api/twilio/voice/gather/x").await;
        assert_eq!((status, kind.as_str()), (200, "text/xml; charset=utf-8"));
        let read = tsunagu_twiml::Response::parse(&body).unwrap();
        assert_eq!((read.response.verbs.len(), read.warnings.len()), (2, 0));
    }

    #[actix_web::test]
    async fn a_person_gets_the_envelope_and_nothing_inner() {
        let (status, kind, body) = answer("/api/calls/start").await;
        assert_eq!((status, kind.as_str()), (500, "application/json"));
        assert!(body.contains(r#""code":"internal""#) && !body.contains("wished"), "{body}");
    }
}
