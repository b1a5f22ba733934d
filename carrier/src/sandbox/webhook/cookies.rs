//! The cookies of one call: kept from one webhook to the next, gone with the call.

use std::sync::{Mutex, PoisonError};
use url::Url;

/// At most this many cookies are kept for one call.
const MAX_COOKIES: usize = 50;
/// A longer cookie is not kept.
const MAX_LENGTH: usize = 4_096;

/// The cookies of one call.
#[derive(Debug, Default)]
pub struct CookieJar {
    cookies: Mutex<Vec<Cookie>>,
}

#[derive(Debug)]
struct Cookie {
    host: String,
    path: String,
    name: String,
    value: String,
}

impl CookieJar {
    /// Keeps what a `Set-Cookie` header says, for its host and path.
    pub fn store(&self, url: &Url, header: &str) {
        let mut parts = header.split(';').map(str::trim);
        let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else { return };
        if header.len() > MAX_LENGTH || name.is_empty() {
            return;
        }
        let mut path = "/".to_owned();
        let mut spent = false;
        for attribute in parts {
            match attribute.split_once('=') {
                Some((key, value)) if key.eq_ignore_ascii_case("path") && value.starts_with('/') => {
                    value.clone_into(&mut path);
                }
                Some((key, age)) if key.eq_ignore_ascii_case("max-age") => {
                    spent = age.parse::<i64>().is_ok_and(|age| age <= 0);
                }
                _ => {}
            }
        }
        let host = url.host_str().unwrap_or_default().to_owned();
        let mut cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        cookies.retain(|c| !(c.host == host && c.path == path && c.name == name));
        if !spent && cookies.len() < MAX_COOKIES {
            cookies.push(Cookie { host, path, name: name.to_owned(), value: value.to_owned() });
        }
    }

    /// The `Cookie` header for a request, if there is anything to say.
    pub fn header(&self, url: &Url) -> Option<String> {
        let cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        let host = url.host_str().unwrap_or_default();
        let mine = cookies.iter().filter(|c| c.host == host && under(url.path(), &c.path));
        let line: Vec<String> = mine.map(|c| format!("{}={}", c.name, c.value)).collect();
        (!line.is_empty()).then(|| line.join("; "))
    }
}

fn under(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder)
        .is_some_and(|rest| folder.ends_with('/') || rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_return_to_where_they_came_from() {
        let jar = CookieJar::default();
        let url = Url::parse("http://app.test/voice/a").unwrap();
        jar.store(&url, "session=1; Path=/voice; HttpOnly");
        jar.store(&url, "theme=dark");
        assert_eq!(jar.header(&url).unwrap(), "session=1; theme=dark");
        assert_eq!(jar.header(&Url::parse("http://app.test/voices").unwrap()).unwrap(), "theme=dark");
        assert_eq!(jar.header(&Url::parse("http://other.test/voice").unwrap()), None);
        jar.store(&url, "session=; Path=/voice; Max-Age=0");
        assert_eq!(jar.header(&url).unwrap(), "theme=dark");
    }
}
