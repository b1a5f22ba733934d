//! What browsers are told: which pages of other origins may ask us, what they may do with an answer, and what need not be
//! sent again.

use crate::limits;
use actix_cors::Cors;
use actix_web::{
    Error, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{self, EntityTag, Header, HeaderMap, HeaderName, HeaderValue, IfNoneMatch},
    },
    middleware::Next,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// Under this path pages are shown; everything else is data.
const PAGES: &str = "/docs";
/// What a page may load: its own files, and the styles that the shown document's page writes into itself.
const PAGE_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                           frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
/// Data load nothing and are shown in no frame.
const DATA_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";
/// What is said of a body, and not where there is none.
const OF_THE_BODY: [HeaderName; 3] = [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::CONTENT_ENCODING];
/// For a year browsers come back over https alone.
const HTTPS_ONLY: &str = "max-age=31536000";

/// Lets pages of these origins (`https://desk.example.jp`) ask us; without any, pages of our own origin alone.
pub(crate) fn cors(origins: &[String]) -> Cors {
    let headers = [header::RETRY_AFTER, header::ETAG, header::CONTENT_DISPOSITION];
    let cors = Cors::default()
        .allowed_methods(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
        .allow_any_header()
        .supports_credentials()
        .expose_headers(headers)
        .expose_headers([super::server::REQUEST_ID])
        .max_age(limits::PREFLIGHT_SECS);
    origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}

/// The middleware that adds to each answer how it may be used. `https`: whether clients reach us that way.
pub(crate) async fn protect(
    https: bool,
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let page = request.path().starts_with(PAGES);
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    if headers.get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding == "identity") {
        headers.remove(header::CONTENT_ENCODING);
    }
    let policy = if page { PAGE_POLICY } else { DATA_POLICY };
    put(headers, header::CONTENT_SECURITY_POLICY, policy);
    put(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(headers, header::X_FRAME_OPTIONS, "DENY");
    put(headers, header::REFERRER_POLICY, "no-referrer");
    // Data change, and are for whoever asked alone; with a tag they may be kept and asked about.
    if !page {
        put(headers, header::CACHE_CONTROL, "private, no-cache");
    }
    if https {
        put(headers, header::STRICT_TRANSPORT_SECURITY, HTTPS_ONLY);
    }
    Ok(response)
}

/// What a handler has said stands.
fn put(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    if !headers.contains_key(&name) {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// The middleware that tags what was asked for, and sends it only when the client has another version (RFC 9110, 13.1.2).
pub(crate) async fn tag(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let asks = request.method() == Method::GET;
    let held = IfNoneMatch::parse(&request).ok();
    let response = next.call(request).await?;
    let told = response.headers().contains_key(header::ETAG)
        || response.headers().contains_key(header::CACHE_CONTROL);
    if !asks || told || response.status() != StatusCode::OK {
        return Ok(response.map_into_boxed_body());
    }
    let (request, response) = response.into_parts();
    let (response, sent) = response.into_parts();
    let sent = match sent.try_into_bytes() {
        Ok(bytes) => bytes,
        // A stream: it is not known before it is sent.
        Err(stream) => {
            return Ok(ServiceResponse::new(request, response.set_body(stream).map_into_boxed_body()));
        }
    };
    let tag = EntityTag::new_weak(URL_SAFE_NO_PAD.encode(Sha256::digest(&sent)));
    let fresh = match held {
        Some(IfNoneMatch::Any) => true,
        Some(IfNoneMatch::Items(tags)) => tags.iter().any(|held| held.weak_eq(&tag)),
        None => false,
    };
    let mut response = if fresh {
        let mut unchanged = HttpResponse::NotModified().finish();
        // A browser takes what is said here for what was said then.
        let kept = response.headers().iter().filter(|(name, _)| !OF_THE_BODY.contains(name));
        kept.for_each(|(name, value)| unchanged.headers_mut().append(name.clone(), value.clone()));
        unchanged
    } else {
        response.set_body(sent).map_into_boxed_body()
    };
    if let Ok(tag) = HeaderValue::try_from(tag.to_string()) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(ServiceResponse::new(request, response))
}
