//! Escaping: nothing that is written can be read as markup or be changed by a reader's normalisation.

use crate::attribute::Reason;

/// Where a text goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Escape {
    /// Between tags.
    Text,
    /// Inside a double-quoted attribute, where a raw line break or tab would be read as a blank.
    Attribute,
}

/// Appends `text`, escaped; refuses characters that XML 1.0 cannot carry at all.
pub(crate) fn escape(out: &mut String, text: &str, place: Escape) -> Result<(), Reason> {
    let mut illegal = None;
    walk(out, text, place, |c| illegal = illegal.or(Some(c)));
    match illegal {
        Some(c) => Err(format!("contains {c:?}, which XML cannot carry").into()),
        None => Ok(()),
    }
}

/// Appends text that will be spoken, escaped; drops characters that XML 1.0 cannot carry, as they have no sound.
pub(crate) fn spoken(out: &mut String, text: &str) {
    walk(out, text, Escape::Text, |_| {});
}

fn walk(out: &mut String, text: &str, place: Escape, mut illegal: impl FnMut(char)) {
    let mut start = 0;
    for (at, byte) in text.bytes().enumerate() {
        let (replacement, length) = match byte {
            b'&' => ("&amp;", 1),
            b'<' => ("&lt;", 1),
            b'>' => ("&gt;", 1),
            b'\r' => ("&#13;", 1),
            b'"' if place == Escape::Attribute => ("&quot;", 1),
            b'\n' if place == Escape::Attribute => ("&#10;", 1),
            b'\t' if place == Escape::Attribute => ("&#9;", 1),
            b'\n' | b'\t' => continue,
            0..0x20 => {
                illegal(char::from(byte));
                ("", 1)
            }
            // U+FFFE and U+FFFF are EF BF BE and EF BF BF.
            0xEF => match text.as_bytes().get(at + 1..at + 3) {
                Some([0xBF, last @ (0xBE | 0xBF)]) => {
                    illegal(if *last == 0xBE { '\u{FFFE}' } else { '\u{FFFF}' });
                    ("", 3)
                }
                _ => continue,
            },
            _ => continue,
        };
        out.push_str(text.get(start..at).unwrap_or_default());
        out.push_str(replacement);
        start = at + length;
    }
    out.push_str(text.get(start..).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(text: &str) -> String {
        let mut out = String::new();
        escape(&mut out, text, Escape::Attribute).unwrap();
        out
    }

    #[test]
    fn markup_and_breaks_are_escaped() {
        assert_eq!(attribute("a<b>&\"c\"\r\n\t'"), "a&lt;b&gt;&amp;&quot;c&quot;&#13;&#10;&#9;'");
        let mut out = String::new();
        escape(&mut out, "]]>\r\n\"", Escape::Text).unwrap();
        assert_eq!(out, "]]&gt;&#13;\n\"");
    }

    #[test]
    fn illegal_characters_are_refused_or_dropped() {
        let mut out = String::new();
        assert!(escape(&mut out, "a\u{0}b", Escape::Text).is_err());
        assert!(escape(&mut out, "a\u{FFFF}b", Escape::Attribute).is_err());
        let mut out = String::new();
        spoken(&mut out, "\u{1}も\u{FFFE}し\u{FFFD}も\u{FFFF}し\u{1b}");
        assert_eq!(out, "もし\u{FFFD}もし");
    }
}
