use proptest::prelude::*;

use super::*;

#[test]
fn order_repetition_and_emptiness_are_kept() {
    let form = Form::parse(b"b=2&a=1&&b=&c&=x&b=2").unwrap();
    let pairs: Vec<_> = form.iter().collect();
    assert_eq!(pairs, [("b", "2"), ("a", "1"), ("b", ""), ("c", ""), ("", "x"), ("b", "2")]);
    assert_eq!(form.get("b"), Some("2"));
    assert_eq!(form.get_all("b").collect::<Vec<_>>(), ["2", "", "2"]);
    assert_eq!(form.get("d"), None);
}

#[test]
fn decoding_neither_trims_nor_normalises() {
    // Leading blanks, a plus sign, and "が" as か with a combining mark.
    let form = Form::parse(b"SpeechResult=+%20%E3%81%8B%E3%82%99+&From=%2B8190&x=%zz%4").unwrap();
    assert_eq!(form.get("SpeechResult"), Some("  か\u{3099} "));
    assert_eq!(form.get("From"), Some("+8190"));
    assert_eq!(form.get("x"), Some("%zz%4"));
}

#[test]
fn invalid_utf8_is_refused_even_where_two_halves_would_fit() {
    assert_eq!(Form::parse(b"a=1&b=%ff"), Err(FormError::NotUtf8 { position: 2 }));
    // One character cut in two: between name and value, and between two parameters.
    assert_eq!(Form::parse(b"%E3=%81%82"), Err(FormError::NotUtf8 { position: 1 }));
    assert_eq!(Form::parse(b"a=1&b=%E3&%81%82=x"), Err(FormError::NotUtf8 { position: 2 }));
}

#[test]
fn size_is_bounded() {
    let many = "a=1&".repeat(MAX_PARAMETERS);
    assert_eq!(Form::parse(many.as_bytes()).unwrap().len(), MAX_PARAMETERS);
    assert_eq!(Form::parse(format!("{many}b").as_bytes()), Err(FormError::TooManyParameters));
    let long = vec![b'a'; MAX_FORM + 1];
    assert_eq!(Form::parse(&long), Err(FormError::TooLong { bytes: MAX_FORM + 1 }));
}

#[test]
fn debug_shows_no_values() {
    let shown = format!("{:?}", Form::new().with("From", "+819012345678"));
    assert_eq!(shown, r#"["From"]"#);
}

proptest! {
    #[test]
    fn a_body_reads_back(pairs in prop::collection::vec((".*", ".*"), 0..20)) {
        let form: Form = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        prop_assert_eq!(Form::parse(form.to_body().as_bytes()).unwrap(), form);
    }

    #[test]
    fn any_bytes_are_read_or_refused(body in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(form) = Form::parse(&body) {
            prop_assert_eq!(Form::parse(form.to_body().as_bytes()).unwrap(), form);
        }
    }

    #[test]
    fn it_agrees_with_the_url_standard(body in "[a-zA-Z0-9%+=&é あ]{0,60}") {
        let ours: Result<Vec<(String, String)>, _> = Form::parse(body.as_bytes())
            .map(|form| form.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect());
        if let Ok(ours) = ours {
            let theirs: Vec<_> = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
            prop_assert_eq!(ours, theirs);
        }
    }
}
