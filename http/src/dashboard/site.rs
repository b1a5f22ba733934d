//! The files of the dashboard as they are sent.
//!
//! All of them lie in one folder that is named by what is in it: so modules name each other as they are written, a browser
//! keeps each for good, and another version is another folder. A debug build reads them anew whenever the page is asked for.

use actix_web::web::Bytes;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use flate2::{Compression, write::GzEncoder};
use mime::Mime;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use std::{
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
/// Modules that are loaded when they are needed.
const LATER: [&str; 1] = ["later/"];
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
    pub page: File,
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
        let site = Arc::new(Self::read());
        *SITE.write().unwrap_or_else(PoisonError::into_inner) = Some(site.clone());
        site
    }

    fn read() -> Self {
        let mut sources: Vec<_> = Web::iter().filter(|path| kind(path).is_some()).collect();
        sources.sort();
        let contents: Vec<_> =
            sources.iter().filter_map(|path| Some((path.as_ref(), Web::get(path)?.data))).collect();
        let mut print = Sha256::new();
        for (path, data) in &contents {
            print.update(path.as_bytes());
            print.update(data);
        }
        let mut print = URL_SAFE_NO_PAD.encode(print.finalize());
        print.truncate(PRINT);
        let folder = format!("/assets/{print}");
        let template = contents.iter().find(|(path, _)| *path == PAGE).map(|(_, data)| data.as_ref());
        let page = String::from_utf8_lossy(template.unwrap_or_default()).into_owned();
        let modules = contents.iter().map(|(path, _)| *path).filter(|path| is_first(path));
        let modules: String =
            modules.map(|path| format!("<link rel=\"modulepreload\" href=\"{folder}/{path}\">\n")).collect();
        let page = page.replace(MODULES, &modules).replace(FOLDER, &folder);
        let file = |(path, data): &(&str, std::borrow::Cow<'_, [u8]>)| {
            Some(((*path).to_owned(), File::new(kind(path)?, Bytes::copy_from_slice(data))))
        };
        Self {
            print,
            page: File::new(mime::TEXT_HTML_UTF_8, page.into()),
            files: contents.iter().filter_map(file).collect(),
        }
    }

    /// A file of this version.
    pub fn file(&self, print: &str, path: &str) -> Option<&File> {
        self.files.get(path).filter(|_| print == self.print && path != PAGE)
    }

    #[cfg(test)]
    pub fn print(&self) -> &str {
        &self.print
    }

    /// How much is sent before anything is seen, in bytes.
    #[cfg(test)]
    pub fn weight(&self) -> usize {
        let styles = |path: &str| path.ends_with(".css");
        let first =
            self.files.iter().filter(|(path, _)| is_first(path) || styles(path)).map(|(_, file)| file);
        first.chain([&self.page]).map(|file| file.gzip.as_ref().unwrap_or(&file.plain).len()).sum()
    }
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

fn is_first(path: &str) -> bool {
    path.ends_with(".js") && !LATER.iter().any(|folder| path.starts_with(folder))
}
