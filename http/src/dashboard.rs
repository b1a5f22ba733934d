//! The dashboard: the page at `/`, and the files that it loads.
//!
//! `web/` → embedded when it is built → [`site`] (named by its contents, compressed once) → a browser
//!
//! The page is one for all addresses of the app, since where one is stands in the address; a browser that asks for one that
//! the interface does not know is shown it too. Everybody else is told that nothing answers there.

mod first;
mod site;

use crate::envelope;
use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method,
        header::{self, AcceptEncoding, ContentType, Encoding, Header, Preference},
    },
    web::{self, ServiceConfig},
};
use site::{File, Site};

/// What the page may do: load its own files, ask its own server, play what that gave it, and nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      media-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; \
                      require-trusted-types-for 'script'";
/// What the browser may let it do.
const PERMISSIONS: &str = "microphone=(self), camera=(), geolocation=(), payment=(), usb=()";
/// A file is another file when it changes.
const FOR_GOOD: &str = "public, max-age=31536000, immutable";
/// Beneath these nothing is a page.
const TAKEN: [&str; 7] = ["api", "assets", "docs", "health", "metrics", "socket.io", "ws"];

/// The routes of the page and its files.
pub(crate) fn routes(service: &mut ServiceConfig) {
    let both = |path: &str, get: actix_web::Route, head: actix_web::Route| {
        web::resource(path).route(get).route(head).default_service(envelope::method_not_allowed("GET"))
    };
    service.service(both("/", web::get().to(page), web::head().to(page))).service(both(
        "/assets/{print}/{path:.*}",
        web::get().to(asset),
        web::head().to(asset),
    ));
}

/// What is asked for where nothing answers: a browser that looks for a page is shown the app, which says the rest.
pub(crate) async fn elsewhere(request: HttpRequest) -> HttpResponse {
    if is_page(&request) { page(request).await } else { envelope::not_found().await }
}

/// `GET /`.
async fn page(request: HttpRequest) -> HttpResponse {
    let site = Site::latest();
    let Some(page) = site.page(request.path()) else { return envelope::not_found().await };
    let mut response = send(&request, page);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, header::HeaderValue::from_static(POLICY));
    headers.insert(header::PERMISSIONS_POLICY, header::HeaderValue::from_static(PERMISSIONS));
    response
}

/// `GET /assets/{print}/{path}`.
async fn asset(request: HttpRequest, path: web::Path<(String, String)>) -> HttpResponse {
    let (print, path) = path.into_inner();
    let site = Site::present();
    match site.file(&print, &path) {
        Some(file) => {
            let mut response = send(&request, file);
            let for_good = header::HeaderValue::from_static(FOR_GOOD);
            response.headers_mut().insert(header::CACHE_CONTROL, for_good);
            response
        }
        None => envelope::not_found().await,
    }
}

fn send(request: &HttpRequest, file: &File) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.insert_header(ContentType(file.kind.clone()));
    response.insert_header((header::VARY, "Accept-Encoding"));
    match &file.gzip {
        Some(gzip) if takes_gzip(request) => {
            response.insert_header((header::CONTENT_ENCODING, "gzip")).body(gzip.clone())
        }
        _ => response.body(file.plain.clone()),
    }
}

fn takes_gzip(request: &HttpRequest) -> bool {
    let Ok(AcceptEncoding(accepted)) = AcceptEncoding::parse(request) else { return false };
    let gzip = Preference::Specific(Encoding::gzip());
    accepted.iter().any(|one| one.item == gzip && one.quality > header::Quality::ZERO)
}

fn is_page(request: &HttpRequest) -> bool {
    let looks = matches!(*request.method(), Method::GET | Method::HEAD);
    let accept = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let first = request.path().trim_start_matches('/').split('/').next().unwrap_or_default();
    looks && accept.is_some_and(|accept| accept.contains("text/html")) && !TAKEN.contains(&first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::{App, http::StatusCode, test};

    const BROWSER: (&str, &str) = ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");

    async fn answer(
        method: Method,
        path: &str,
        more: &[(&str, &str)],
    ) -> (HttpResponse<Vec<u8>>, StatusCode) {
        let app = App::new().configure(routes).default_service(web::to(elsewhere));
        let app = test::init_service(app).await;
        let request = more
            .iter()
            .fold(test::TestRequest::with_uri(path).method(method), |request, header| {
                request.insert_header(*header)
            })
            .to_request();
        let response = test::call_service(&app, request).await;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = test::read_body(response).await.to_vec();
        let mut given = HttpResponse::new(status).set_body(body);
        for (name, value) in headers {
            given.headers_mut().append(name, value);
        }
        (given, status)
    }

    fn header<'a>(response: &'a HttpResponse<Vec<u8>>, name: &str) -> &'a str {
        response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    #[actix_web::test]
    async fn the_page_is_at_every_address_that_a_browser_asks_for() {
        for path in ["/", "/wall", "/calls/0001027f80ff090807060504", "/no/such/page"] {
            let (page, status) = answer(Method::GET, path, &[BROWSER]).await;
            assert_eq!((status, header(&page, "content-type")), (StatusCode::OK, "text/html; charset=utf-8"));
            assert!(header(&page, "content-security-policy").contains("script-src 'self';"), "{path}");
            let text = String::from_utf8(page.into_body()).unwrap();
            assert!(text.contains("/app/main.js") && !text.contains("{{"), "{text}");
        }
    }

    #[actix_web::test]
    async fn what_is_no_page_is_not_found() {
        for path in ["/api/nothing", "/ws/x", "/assets/x/app/main.js", "/assets/x", "/docs.x/../api/x"] {
            let (_, status) = answer(Method::GET, path, &[BROWSER]).await;
            let page = path.starts_with("/docs.x");
            assert_eq!(status == StatusCode::OK, page, "{path}");
        }
        assert_eq!(answer(Method::GET, "/wall", &[("Accept", "*/*")]).await.1, StatusCode::NOT_FOUND);
        assert_eq!(answer(Method::POST, "/wall", &[BROWSER]).await.1, StatusCode::NOT_FOUND);
        assert_eq!(answer(Method::POST, "/", &[BROWSER]).await.1, StatusCode::METHOD_NOT_ALLOWED);
    }

    #[actix_web::test]
    async fn files_are_kept_for_good_and_come_compressed_to_those_who_take_it() {
        let site = Site::latest();
        let path = format!("/assets/{}/app/main.js", site.print());
        let (plain, status) = answer(Method::GET, &path, &[]).await;
        assert_eq!((status, header(&plain, "cache-control")), (StatusCode::OK, FOR_GOOD));
        assert_eq!(header(&plain, "content-type"), "text/javascript");
        let (small, _) = answer(Method::GET, &path, &[("Accept-Encoding", "br, gzip")]).await;
        assert_eq!(header(&small, "content-encoding"), "gzip");
        assert!(small.body().len() < plain.body().len());
        let (refused, _) = answer(Method::GET, &path, &[("Accept-Encoding", "gzip;q=0")]).await;
        assert_eq!(header(&refused, "content-encoding"), "");
        let (_, gone) = answer(Method::GET, &path.replace("main.js", "nothing.js"), &[]).await;
        assert_eq!(gone, StatusCode::NOT_FOUND);
    }

    #[actix_web::test]
    async fn the_first_view_is_small() {
        let site = Site::latest();
        for (path, files) in [("/signin", 36), ("/wall", 46), ("/desk", 56), ("/", 58), ("/nowhere", 58)] {
            let first = site.first(path);
            let weight: usize =
                first.iter().map(|file| file.gzip.as_ref().unwrap_or(&file.plain).len()).sum();
            assert!(
                first.len() <= files,
                "{path}: {} files are asked for before anything is seen",
                first.len()
            );
            assert!(weight < 90 * 1024, "{path}: {weight} bytes are sent before anything is seen");
        }
    }

    #[actix_web::test]
    async fn the_page_names_what_its_address_needs_and_one_style_sheet() {
        let site = Site::latest();
        let text = |path: &str| String::from_utf8(site.page(path).unwrap().plain.to_vec()).unwrap();
        let (door, wall) = (text("/signin"), text("/wall"));
        assert!(
            text("/signin").contains("/pages/door/signin.js\"") && !text("/signin").contains("/pages/wall/")
        );
        assert!(wall.contains("/pages/wall/card.js\"") && !wall.contains("/pages/door/"));
        assert_eq!(text("/calls/0001027f80ff090807060504").matches("/pages/call/transcript.js\"").count(), 1);
        assert_eq!(wall.matches("rel=\"stylesheet\"").count(), 1);
        let style = site.file(site.print(), "style.css").unwrap();
        for part in [".card", ".shell", ".personas", "--accent", ".bars"] {
            assert!(std::str::from_utf8(&style.plain).unwrap().contains(part), "{part}");
        }
        assert!(door.contains("modulepreload"));
    }
}
