//! Documents as a whole; `arbitrary` makes any that is valid.

mod arbitrary;
mod limits;
mod reading;
mod writing;

use proptest::prelude::*;

use super::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn what_is_written_reads_back_without_warnings(response in arbitrary::response()) {
        let xml = response.to_xml().unwrap();
        let parsed = Response::parse(&xml).unwrap();
        prop_assert_eq!(&parsed.warnings, &[], "{}", xml);
        prop_assert_eq!(&parsed.response, &response, "{}", xml);
    }

    #[test]
    fn a_damaged_document_is_survived_and_what_was_read_can_be_written(
        response in arbitrary::response(),
        at in any::<prop::sample::Index>(),
        length in 0usize..6,
        instead in arbitrary::fragment(),
    ) {
        let xml = response.to_xml().unwrap();
        let mut characters: Vec<char> = xml.chars().collect();
        let from = at.index(characters.len());
        let to = (from + length).min(characters.len());
        characters.splice(from..to, instead.chars());
        rewrites(&characters.into_iter().collect::<String>())?;
    }

    #[test]
    fn any_mixture_of_markup_is_survived(fragments in prop::collection::vec(arbitrary::fragment(), 0..40)) {
        rewrites(&fragments.concat())?;
        rewrites(&format!("<Response>{}</Response>", fragments.concat()))?;
    }

    #[test]
    fn any_text_is_survived(text in any::<String>()) {
        rewrites(&text)?;
    }
}

/// If the document can be read, what was read can be written, and reads the same again.
fn rewrites(xml: &str) -> Result<(), TestCaseError> {
    if let Ok(parsed) = Response::parse(xml) {
        let written = parsed.response.to_xml().unwrap();
        let again = Response::parse(&written).unwrap();
        prop_assert_eq!(&again.warnings, &[], "{}", written);
        prop_assert_eq!(again.response, parsed.response, "{}", written);
    }
    Ok(())
}
