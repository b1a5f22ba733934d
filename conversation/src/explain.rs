//! An understanding in words, for `tsunagu chat --explain` and for whoever asks why.

use std::fmt::Write as _;

use crate::understanding::{EvidenceKind, Understanding};

/// Tells what was understood and which evidence counted, a line each.
pub fn explain(understanding: &Understanding) -> String {
    let Understanding { intent, score, also, evidence, slots } = understanding;
    let mut text = format!("understood as {intent}, {:.0} % sure", score * 100.0);
    if !also.is_empty() {
        let also: Vec<&str> = also.iter().map(|intent| intent.name()).collect();
        let _ = write!(text, "; it also holds {}", also.join(", "));
    }
    for item in evidence {
        let (intent, words, percent) = (item.intent, &item.words, item.weight * 100.0);
        let _ = match item.kind {
            EvidenceKind::Example => write!(text, "\n- it is an example of {intent} ({percent:.0} %)"),
            EvidenceKind::Own => {
                write!(
                    text,
                    "\n- it is like the company's own phrase \u{201c}{words}\u{201d} for {intent} ({percent:.0} %)"
                )
            }
            EvidenceKind::Pattern => {
                write!(text, "\n- \u{201c}{words}\u{201d} speaks for {intent} ({percent:.0} %)")
            }
            EvidenceKind::Words => {
                write!(text, "\n- \u{201c}{words}\u{201d} carries {percent:.0} % of what speaks for {intent}")
            }
            EvidenceKind::Wording => {
                write!(text, "\n- the wording as a whole is like {intent} ({percent:.0} %)")
            }
            EvidenceKind::Denied => {
                write!(text, "\n- \u{201c}{words}\u{201d} is denied: it does not count")
            }
        };
    }
    if evidence.is_empty() {
        text.push_str("\n- nothing in it speaks for any intent");
    }
    for (what, value) in [("time", &slots.time), ("name", &slots.name), ("number", &slots.number)] {
        if let Some(value) = value {
            let _ = write!(text, "\n- {what}: {value}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intent::Intent;
    use crate::understanding::{Evidence, Slots};

    #[test]
    fn tells_what_counted() {
        let understanding = Understanding {
            intent: Intent::SendMaterial,
            score: 0.93,
            also: vec![Intent::Absent],
            evidence: vec![
                Evidence {
                    intent: Intent::SendMaterial,
                    kind: EvidenceKind::Words,
                    words: "メールで".into(),
                    weight: 0.9,
                },
                Evidence {
                    intent: Intent::Unknown,
                    kind: EvidenceKind::Denied,
                    words: "不在ではなく".into(),
                    weight: 0.0,
                },
            ],
            slots: Slots { time: Some("三時".into()), ..Slots::default() },
        };
        assert_eq!(
            explain(&understanding),
            "understood as send_material, 93 % sure; it also holds absent\n\
             - “メールで” carries 90 % of what speaks for send_material\n\
             - “不在ではなく” is denied: it does not count\n\
             - time: 三時"
        );
    }
}
