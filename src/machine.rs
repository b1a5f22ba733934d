//! What is asked of the operating system when the program starts.

/// As many open files as it may have: each connection is one. And no large pages: connections and calls come and go in small
/// pieces, which would keep whole large pages alive (docs/operations.md, Sizing).
///
/// What is refused is done without; a limit that is too low shows when connections come.
#[cfg(target_os = "linux")]
pub fn prepare() {
    use rustix::{
        process::{Resource, Rlimit, getrlimit, setrlimit},
        thread::disable_transparent_huge_pages,
    };
    let most = getrlimit(Resource::Nofile).maximum;
    let _ = setrlimit(Resource::Nofile, Rlimit { current: most, maximum: most });
    let _ = disable_transparent_huge_pages(true);
}

/// Elsewhere the defaults do.
#[cfg(not(target_os = "linux"))]
pub const fn prepare() {}
