//! How a name is spoken with honour: a customer's with one honorific, one's own people's with none.

/// What may stand behind a name in Japanese.
const BEHIND: [&str; 5] = ["様", "さま", "さん", "殿", "氏"];

/// A customer's name before these words: without its own honorific where the words bring one.
pub(crate) fn before<'a>(name: &'a str, after: &str) -> &'a str {
    let name = name.trim();
    match BEHIND.iter().any(|honorific| after.trim_start().starts_with(honorific)) {
        true => bare(name),
        false => name,
    }
}

/// The name of one of our own people. Towards others they have no honorific.
pub(crate) fn own(name: &str) -> &str {
    bare(name.trim())
}

fn bare(name: &str) -> &str {
    let bare = BEHIND.iter().find_map(|honorific| name.strip_suffix(honorific)).map(str::trim_end);
    bare.filter(|bare| !bare.is_empty()).unwrap_or(name)
}
