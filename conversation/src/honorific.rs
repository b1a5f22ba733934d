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

/// Whether somebody may be addressed by what was heard as their name: to call them by a word that is none is worse than to call them
/// by nothing. `others` are words that are no names; of one sign, only when it stands alone.
pub(crate) fn is_sure(name: &str, others: &[String]) -> bool {
    let name = own(name);
    let known = |word: &String| match word.chars().nth(1) {
        Some(_) if !name.is_ascii() => name.contains(word),
        _ => name.split(' ').any(|part| part.eq_ignore_ascii_case(word)),
    };
    let japanese = |sign: char| matches!(sign, '一'..='鿿' | '々' | 'ァ'..='ヶ' | 'ー');
    let form = match name.is_ascii() {
        // As a recogniser writes names.
        true => {
            name.split(' ').count() <= 3
                && name.split(' ').all(|part| part.starts_with(|sign: char| sign.is_ascii_uppercase()))
        }
        false => name.chars().count() <= 5 && name.chars().all(japanese),
    };
    !name.is_empty() && form && !others.iter().any(known)
}

fn bare(name: &str) -> &str {
    let bare = BEHIND.iter().find_map(|honorific| name.strip_suffix(honorific)).map(str::trim_end);
    bare.filter(|bare| !bare.is_empty()).unwrap_or(name)
}
