//! From bytes to text: which of the encodings a file is in is seen from the file itself.
//!
//! A byte order mark says UTF-8. Without one the first stretch that is not ASCII decides: what is read as UTF-8 with hardly an
//! error is UTF-8, since Shift_JIS almost never looks like it; everything else is Shift_JIS, as Excel in Japan writes it.

use encoding_rs::{Encoding, SHIFT_JIS, UTF_8};

/// How much is looked at, from the first sign on that is not ASCII.
const WINDOW: usize = 64 * 1024;
/// So many times as many right sequences as wrong ones make UTF-8 with an error in it.
const MARGIN: usize = 8;

/// A text that arrives in pieces.
pub(crate) struct Decoder {
    /// What waits for the decision.
    held: Vec<u8>,
    begun: bool,
    chosen: Option<encoding_rs::Decoder>,
}

/// Why bytes are no text that is read here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotText {
    /// Excel's "Unicode text".
    #[error("the file is UTF-16; save it as CSV UTF-8")]
    Utf16,
    /// No text at all, such as a workbook.
    #[error("the file is no CSV; a workbook has to be saved as CSV first")]
    Binary,
}

impl Decoder {
    pub(crate) const fn new() -> Self {
        Self { held: Vec::new(), begun: false, chosen: None }
    }

    /// The name of the encoding, once it is known; plain ASCII has none of its own.
    pub(crate) fn encoding(&self) -> Option<&'static str> {
        self.chosen.as_ref().map(|decoder| decoder.encoding().name())
    }

    /// Adds what these bytes say to `text`, as far as it can be said yet. What cannot be read becomes U+FFFD.
    pub(crate) fn push(&mut self, bytes: &[u8], text: &mut String) -> Result<(), NotText> {
        if let Some(decoder) = &mut self.chosen {
            decode(decoder, bytes, text, false);
            return Ok(());
        }
        self.held.extend_from_slice(bytes);
        // Too short to tell a mark from its beginning.
        if !self.begun && self.held.len() < 4 {
            return Ok(());
        }
        self.begin()?;
        self.let_ascii_go(text);
        if self.held.len() >= WINDOW {
            self.choose(text, false);
        }
        Ok(())
    }

    /// Adds what is left when there are no more bytes.
    pub(crate) fn finish(&mut self, text: &mut String) -> Result<(), NotText> {
        if self.chosen.is_none() {
            self.begin()?;
            self.let_ascii_go(text);
            if !self.held.is_empty() {
                self.choose(text, true);
            }
        } else if let Some(decoder) = &mut self.chosen {
            decode(decoder, &[], text, true);
        }
        Ok(())
    }

    /// Looks at the first bytes of all.
    fn begin(&mut self) -> Result<(), NotText> {
        if self.begun {
            return Ok(());
        }
        self.begun = true;
        match self.held.as_slice() {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Err(NotText::Utf16),
            // A ZIP archive, which a workbook is, and the workbooks of old.
            [b'P', b'K', 3, 4, ..] | [0xd0, 0xcf, 0x11, 0xe0, ..] => Err(NotText::Binary),
            [0xef, 0xbb, 0xbf, ..] => {
                self.held.drain(..3);
                self.chosen = Some(UTF_8.new_decoder_without_bom_handling());
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// ASCII is the same in either encoding.
    fn let_ascii_go(&mut self, text: &mut String) {
        if self.chosen.is_some() {
            self.choose(text, false);
            return;
        }
        let ascii = self.held.iter().take_while(|byte| byte.is_ascii()).count();
        text.extend(self.held.drain(..ascii).map(char::from));
    }

    /// Decides if nothing has yet, and reads what was held back.
    fn choose(&mut self, text: &mut String, last: bool) {
        let held = std::mem::take(&mut self.held);
        let decoder =
            self.chosen.get_or_insert_with(|| encoding_of(&held).new_decoder_without_bom_handling());
        decode(decoder, &held, text, last);
    }
}

fn encoding_of(bytes: &[u8]) -> &'static Encoding {
    let (mut right, mut wrong) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        right += chunk.valid().chars().filter(|sign| !sign.is_ascii()).count();
        // At the end of what is looked at a sequence may be cut off.
        let is_cut = std::str::from_utf8(chunk.invalid()).is_err_and(|error| error.error_len().is_none());
        wrong += usize::from(!chunk.invalid().is_empty() && !is_cut);
    }
    if right > 0 && right >= wrong * MARGIN { UTF_8 } else { SHIFT_JIS }
}

fn decode(decoder: &mut encoding_rs::Decoder, bytes: &[u8], text: &mut String, last: bool) {
    let longest = decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len() * 3);
    text.reserve(longest);
    let _ = decoder.decode_to_string(bytes, text, last);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever the pieces it comes in.
    fn read(bytes: &[u8]) -> (String, Option<&'static str>) {
        let mut all = Vec::new();
        for size in [1, 2, 7, bytes.len().max(1)] {
            let (mut decoder, mut text) = (Decoder::new(), String::new());
            for piece in bytes.chunks(size) {
                decoder.push(piece, &mut text).unwrap();
            }
            decoder.finish(&mut text).unwrap();
            all.push((text, decoder.encoding()));
        }
        assert!(all.iter().all(|one| *one == all[0]), "{all:?}");
        all.remove(0)
    }

    #[test]
    fn the_encoding_is_seen_from_the_text() {
        let text = "名前,電話番号\r\n髙橋 一郎,090-1234-5678\r\nｶﾞｲｼｬ,①㈱\r\n";
        assert_eq!(read(text.as_bytes()), (text.into(), Some("UTF-8")));
        let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
        assert_eq!(read(&marked), (text.into(), Some("UTF-8")));
        let (bytes, ..) = SHIFT_JIS.encode(text);
        assert_eq!(read(&bytes), (text.into(), Some("Shift_JIS")));
        assert_eq!(read(b"name,phone\n"), ("name,phone\n".into(), None));
        assert_eq!(read(b""), (String::new(), None));
        assert_eq!(read(b"\xef\xbb\xbf"), (String::new(), Some("UTF-8")));
        let (kana, ..) = SHIFT_JIS.encode("name\nﾔﾏﾀﾞ ﾀﾛｳ\nﾀﾅｶ\n");
        assert_eq!(read(&kana), ("name\nﾔﾏﾀﾞ ﾀﾛｳ\nﾀﾅｶ\n".into(), Some("Shift_JIS")));
    }

    #[test]
    fn a_byte_that_is_wrong_spoils_its_sign_alone() {
        let names = "山田太郎と佐藤花子\n".repeat(3);
        let spoilt = [names.as_bytes(), b"\xff,x\n", names.as_bytes()].concat();
        assert_eq!(read(&spoilt), (format!("{names}\u{fffd},x\n{names}"), Some("UTF-8")));
        let (bytes, ..) = SHIFT_JIS.encode(&names);
        let spoilt = [&bytes, &b"\x81,x\n"[..], &bytes].concat();
        assert_eq!(read(&spoilt), (format!("{names}\u{fffd},x\n{names}"), Some("Shift_JIS")));
    }

    #[test]
    fn a_late_first_sign_decides() {
        let ascii = "name,phone\n".repeat(20_000);
        let (bytes, ..) = SHIFT_JIS.encode("山田,03\n");
        let (text, encoding) = {
            let (mut decoder, mut text) = (Decoder::new(), String::new());
            for piece in [ascii.as_bytes(), &bytes].concat().chunks(32 * 1024) {
                decoder.push(piece, &mut text).unwrap();
                assert!(decoder.held.len() <= WINDOW);
            }
            decoder.finish(&mut text).unwrap();
            (text, decoder.encoding())
        };
        assert_eq!((text, encoding), (format!("{ascii}山田,03\n"), Some("Shift_JIS")));
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let refused = |bytes: &[u8]| Decoder::new().push(bytes, &mut String::new());
        assert_eq!(refused(b"\xff\xfen\0a\0"), Err(NotText::Utf16));
        assert_eq!(refused(b"PK\x03\x04.."), Err(NotText::Binary));
    }
}
