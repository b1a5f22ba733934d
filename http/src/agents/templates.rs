//! An agent's own sentences: which may be said instead of the script's.
//!
//! The engine says which keys and variables there are. What is filled in must still fit into one `<Say>`, so the longest that
//! a template can become is looked at, not the template.

use super::fields::SPOKEN_NAME;
use tsunagu_conversation::check_template;

/// The most characters of one `<Say>` (Twilio, error 13520 beyond it).
const SAY: usize = 4096;
/// The longest name of a customer and of their company, in characters.
const CUSTOMER_NAME: usize = 200;

/// A sentence by its key; null or an empty one gives it back to the script.
pub(super) fn read(key: &str, text: Option<&str>) -> Result<Option<String>, String> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        // A key that there is not is not given back either.
        return check_template(key, "x").map(|()| None).map_err(|error| error.to_string());
    };
    check_template(key, text).map_err(|error| error.to_string())?;
    if text.contains(crate::envelope::is_control) {
        return Err(crate::envelope::NO_CONTROL.to_owned());
    }
    match longest(text) {
        longest if longest <= SAY => Ok(Some(text.to_owned())),
        longest => {
            Err(format!("may become {longest} characters when it is filled in; at most {SAY} can be said"))
        }
    }
}

/// How many characters a template has when everything that is filled in is as long as it may be.
fn longest(text: &str) -> usize {
    let mut longest = 0;
    for (place, part) in text.split("{{").enumerate() {
        let rest = match part.split_once("}}") {
            Some((name, rest)) if place > 0 => {
                longest += if name.trim().starts_with("customer") { CUSTOMER_NAME } else { SPOKEN_NAME };
                rest
            }
            _ => part,
        };
        longest += rest.chars().count();
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_keys_and_variables_are_refused_by_their_name() {
        assert_eq!(read("initial", Some(" {{companyName}}です ")), Ok(Some("{{companyName}}です".into())));
        assert_eq!(read("initial", None), Ok(None));
        assert_eq!(read("initial", Some(" ")), Ok(None));
        assert!(read("greeting", Some("x")).unwrap_err().contains("`greeting`"));
        assert!(read("greeting", None).unwrap_err().contains("`greeting`"));
        assert!(read("closing", Some("{{compny}}")).unwrap_err().contains("`compny`"));
        assert!(read("closing", Some("{{companyName")).is_err());
        assert!(read("closing", Some(&"あ".repeat(501))).is_err());
        assert!(read("closing", Some("a\u{1}")).is_err());
    }

    #[test]
    fn what_is_filled_in_fits_into_what_can_be_said() {
        assert_eq!(longest("はい、{{ customerName }}様、{{companyName}}です"), 3 + 200 + 2 + 100 + 2);
        assert!(read("initial", Some(&"{{customerName}}".repeat(20))).is_ok());
        let refused = read("initial", Some(&"{{customerName}}".repeat(21))).unwrap_err();
        assert!(refused.contains("4200"), "{refused}");
    }
}
