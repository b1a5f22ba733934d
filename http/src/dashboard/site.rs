//! The files of the dashboard as they are sent.
//!
//! All of them lie in one folder that is named by what is in it: so modules name each other as they are written, a browser
//! keeps each for good, and another version is another folder. A debug build reads them anew whenever the page is asked for.

use super::first;
use actix_web::web::Bytes;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use flate2::{Compression, write::GzEncoder};
use mime::Mime;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use std::{
    borrow::Cow,
    collections::BTreeMap,
    io::Write,
    sync::{Arc, PoisonError, RwLock},
};

/// The page, among the files.
const PAGE: &str = "index.html";
/// Where the page names the folder of its files.
const FOLDER: &str = "{{assets}}";
/// Where the page names the modules that it will need, so that they are not asked for one after the other.
const MODULES: &str = "<!-- modules -->";
/// Where the page names its style sheets, which are sent as one.
const STYLES: &str = "<!-- styles: ";
/// The one that they become.
const STYLE: &str = "style.css";
/// The first parts of addresses whose pages need other modules than the one at `/`; with a stroke, when more follows.
const PLACES: [&str; 18] = [
    "signin",
    "signup",
    "join",
    "reset",
    "wall",
    "desk",
    "calls",
    "history",
    "campaigns",
    "reports",
    "team",
    "customers",
    "callbacks",
    "settings",
    "demo",
    "campaigns/",
    "demo/",
    "",
];
/// How much of a print is enough to tell versions apart, in characters.
const PRINT: usize = 16;

#[derive(RustEmbed)]
#[folder = "../web/"]
struct Web;

/// A file.
pub(super) struct File {
    pub kind: Mime,
    pub plain: Bytes,
    /// Where that is smaller.
    pub gzip: Option<Bytes>,
}

/// The files.
pub(super) struct Site {
    print: String,
    /// By the first part of the address.
    pages: BTreeMap<&'static str, File>,
    files: BTreeMap<String, File>,
}

static SITE: RwLock<Option<Arc<Site>>> = RwLock::new(None);

impl Site {
    /// As it is by now.
    pub fn latest() -> Arc<Self> {
        if cfg!(debug_assertions) { Self::renew() } else { Self::present() }
    }

    /// As the page was last given.
    pub fn present() -> Arc<Self> {
        let present = SITE.read().unwrap_or_else(PoisonError::into_inner).clone();
        present.unwrap_or_else(Self::renew)
    }

    fn renew() -> Arc<Self> {
        let mut sources: Vec<_> = Web::iter().filter(|path| kind(path).is_some()).collect();
        sources.sort();
        let contents: Vec<_> =
            sources.iter().filter_map(|path| Some((path.as_ref(), Web::get(path)?.data))).collect();
        let print = print(&contents);
        let present = SITE.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(same) = present.filter(|present| present.print == print) {
            return same;
        }
        let site = Arc::new(Self::of(print, &contents));
        *SITE.write().unwrap_or_else(PoisonError::into_inner) = Some(site.clone());
        site
    }

    fn of(print: String, contents: &[(&str, Cow<'_, [u8]>)]) -> Self {
        let folder = format!("/assets/{print}");
        let texts: BTreeMap<&str, &str> = contents
            .iter()
            .filter_map(|(path, data)| Some((*path, std::str::from_utf8(data).ok()?)))
            .collect();
        let template = texts.get(PAGE).copied().unwrap_or_default();
        let (template, style) = with_one_style(template, &texts);
        let page = |place: &'static str| {
            let modules = first::modules(&texts, place).into_iter();
            let modules: String = modules
                .map(|path| format!("<link rel=\"modulepreload\" href=\"{FOLDER}/{path}\">\n"))
                .collect();
            let page = template.replace(MODULES, modules.trim_end()).replace(FOLDER, &folder);
            (place, File::new(mime::TEXT_HTML_UTF_8, page.into()))
        };
        let pages = PLACES.map(page).into();
        let file = |(path, data): &(&str, Cow<'_, [u8]>)| {
            Some(((*path).to_owned(), File::new(kind(path)?, Bytes::copy_from_slice(data))))
        };
        let style = (STYLE.to_owned(), File::new(mime::TEXT_CSS_UTF_8, style.into()));
        Self { print, pages, files: contents.iter().filter_map(file).chain([style]).collect() }
    }

    /// The page for an address.
    pub fn page(&self, path: &str) -> Option<&File> {
        let path = path.trim_start_matches('/');
        let mut parts = path.split_inclusive('/');
        let place = parts.next().unwrap_or_default();
        let within = parts.next().and_then(|_| self.pages.get(place));
        within.or_else(|| self.pages.get(place.trim_end_matches('/'))).or_else(|| self.pages.get(""))
    }

    /// A file of this version.
    pub fn file(&self, print: &str, path: &str) -> Option<&File> {
        self.files.get(path).filter(|_| print == self.print && path != PAGE)
    }

    #[cfg(test)]
    pub fn print(&self) -> &str {
        &self.print
    }

    /// What is asked for before anything of this page is seen, and the page itself.
    #[cfg(test)]
    pub fn first(&self, path: &str) -> Vec<&File> {
        let page = self.page(path).unwrap();
        let text = std::str::from_utf8(&page.plain).unwrap();
        let begins = format!("/assets/{}/", self.print);
        let named: std::collections::BTreeSet<_> =
            text.split(&begins).skip(1).filter_map(|rest| rest.split('"').next()).collect();
        named.into_iter().map(|path| &self.files[path]).chain([page]).collect()
    }
}

/// What a version is named by.
fn print(contents: &[(&str, Cow<'_, [u8]>)]) -> String {
    let mut print = Sha256::new();
    for (path, data) in contents {
        print.update(path.as_bytes());
        print.update(data);
    }
    let mut print = URL_SAFE_NO_PAD.encode(print.finalize());
    print.truncate(PRINT);
    print
}

/// The page with one style sheet in place of those that it names, and that one.
fn with_one_style(page: &str, texts: &BTreeMap<&str, &str>) -> (String, String) {
    let Some((before, (names, behind))) =
        page.split_once(STYLES).and_then(|(before, rest)| Some((before, rest.split_once(" -->")?)))
    else {
        return (page.to_owned(), String::new());
    };
    let style = names
        .split(' ')
        .filter_map(|name| texts.get(format!("style/{name}.css").as_str()).copied())
        .collect();
    (format!("{before}<link rel=\"stylesheet\" href=\"{FOLDER}/{STYLE}\">{behind}"), style)
}

impl File {
    fn new(kind: Mime, plain: Bytes) -> Self {
        let gzip = compressed(&plain).filter(|gzip| gzip.len() < plain.len());
        Self { kind, plain, gzip }
    }
}

fn compressed(plain: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain).ok()?;
    encoder.finish().ok().map(Bytes::from)
}

/// What is sent; everything else beside it is for those who work on it.
fn kind(path: &str) -> Option<Mime> {
    Some(match path.rsplit_once('.')?.1 {
        "html" => mime::TEXT_HTML_UTF_8,
        "js" => mime::TEXT_JAVASCRIPT,
        "css" => mime::TEXT_CSS_UTF_8,
        "svg" => mime::IMAGE_SVG,
        "txt" => mime::TEXT_PLAIN_UTF_8,
        _ => return None,
    })
}
