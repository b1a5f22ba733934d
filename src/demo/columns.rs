//! Text in columns of a terminal, where a Japanese character takes two.

use unicode_width::UnicodeWidthChar;

/// What stands for the rest of a text that was cut.
const REST: char = '…';

/// How many columns a text takes.
pub fn width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

/// The text in at most `width` columns on one line. What a customer says comes from outside: nothing in it may steer the
/// terminal.
pub fn cut(text: &str, width: usize) -> String {
    let mut cut = String::with_capacity(text.len());
    let mut taken = 0;
    let mut chars = text.chars().filter_map(shown).peekable();
    while let Some(next) = chars.next() {
        let left = width.saturating_sub(taken);
        let last = chars.peek().is_none();
        if char_width(next) + usize::from(!last) > left {
            if left > 0 {
                cut.push(REST);
            }
            break;
        }
        taken += char_width(next);
        cut.push(next);
    }
    cut
}

/// The text in exactly `width` columns.
pub fn fit(text: &str, width: usize) -> String {
    let mut fitted = cut(text, width);
    let taken = self::width(&fitted);
    fitted.extend(std::iter::repeat_n(' ', width.saturating_sub(taken)));
    fitted
}

fn char_width(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// The character as it may be shown: control characters become blanks, those that turn the direction of writing vanish.
fn shown(c: char) -> Option<char> {
    match c {
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => None,
        c if c.is_control() => Some(' '),
        c => Some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn japanese_takes_two_columns() {
        assert_eq!(width("青空システム"), 12);
        assert_eq!(width("Aozora 青空"), 11);
        assert_eq!(width("ｱｵｿﾞﾗ"), 5);
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(cut("お世話になります", 16), "お世話になります");
        assert_eq!(cut("お世話になります", 15), "お世話になりま…");
        assert_eq!(cut("お世話になります", 14), "お世話になり…");
        assert_eq!(cut("お世話", 1), "…");
        assert_eq!(cut("お世話", 0), "");
        assert_eq!(cut("ab", 2), "ab");
    }

    #[test]
    fn a_text_is_filled_up_to_its_column() {
        assert_eq!(fit("青空", 6), "青空  ");
        assert_eq!(fit("青空商事", 6), "青空… ");
    }

    #[test]
    fn nothing_steers_the_terminal() {
        assert_eq!(cut("a\u{1b}[2Jb\r\nc\u{202e}d", 40), "a [2Jb  cd");
    }

    proptest! {
        #[test]
        fn a_text_keeps_to_its_columns(text in "[ -~あ-ん一-龠ｱ-ﾝ\\n\u{1b}]{0,40}", columns in 0_usize..30) {
            prop_assert!(width(&cut(&text, columns)) <= columns);
            prop_assert_eq!(width(&fit(&text, columns)), columns);
        }
    }
}
