use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;

use super::mac::{Key, signed_order};
use super::*;
use crate::webhook::Form;

const TOKEN: &str = "12345";
const U: &str = "https://mycompany.com/myapp.php?foo=1&bar=2";
const JSON: &[u8] = br#"{"property": "value", "boolean": true}"#;
const JSON_HASH: &str = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";

fn form(pairs: &[(&str, &str)]) -> Form {
    pairs.iter().copied().collect()
}

fn p() -> Form {
    form(&[
        ("CallSid", "CA1234567890ABCDE"),
        ("Digits", "1234"),
        ("From", "+14158675309"),
        ("To", "+18005551212"),
        ("Caller", "+14158675309"),
    ])
}

fn verify(url: &str, body: Body<'_>, signature: &str) -> Result<(), SignatureError> {
    Verifier::new([TOKEN]).verify(&SignedRequest { url, body, signature: Some(signature) })
}

/// The signature of a URL exactly as written.
fn exact(url: &str, form: &Form) -> String {
    STANDARD.encode(Key::new(TOKEN).hash([url], &signed_order(form)))
}

#[test]
fn published_vectors_with_a_form() {
    let documented = form(&[
        ("CallSid", "CA1234567890ABCDE"),
        ("Caller", "+14158675310"),
        ("Digits", "1234"),
        ("From", "+14158675310"),
        ("To", "+18005551212"),
    ]);
    let repeated = form(&[
        ("Sid", "CA123"),
        ("SidAccount", "AC123"),
        ("Digits", "5678"),
        ("Digits", "1234"),
        ("Digits", "1234"),
    ]);
    let empty = form(&[("Digits", ""), ("CallSid", "CA1234567890ABCDE"), ("EmptyParam", "")]);
    let cases = form(&[("callSid", "lowercase"), ("CallSid", "uppercase"), ("CALLSID", "allcaps")]);
    let vectors = [
        ("https://example.com/myapp.php?foo=1&bar=2", &documented, "L/OH5YylLD5NRKLltdqwSvS0BnU="),
        (U, &p(), "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("http://mycompany.com:80/myapp.php?foo=1&bar=2", &p(), "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        ("http://mycompany.com:1234/myapp.php?foo=1&bar=2", &p(), "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
        (U, &repeated, "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
        (U, &Form::new(), "zYQTYrRWXE7LtzbG4PfP7/bkkGo="),
        (U, &empty, "9HHp/OqQMEwdrVebHDdA/+tqjX8="),
        (U, &cases, "jDK7WKT8wiNrwggd4ceTv4e1MJ4="),
    ];
    for (url, form, signature) in vectors {
        assert_eq!(Signer::new(TOKEN).sign(url, form), signature, "{url}");
        assert_eq!(verify(url, Body::Form(form), signature), Ok(()), "{url}");
    }
}

#[test]
fn published_vectors_where_the_port_differs() {
    let with_443 = "kvajT1Ptam85bY51eRf/AJRuM3w=";
    let without = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
    let form = p();
    for port in ["", ":443", ":1234"] {
        let url = format!("https://mycompany.com{port}/myapp.php?foo=1&bar=2");
        assert_eq!(verify(&url, Body::Form(&form), without), Ok(()), "{port}");
        assert_eq!(verify(&url, Body::Form(&form), with_443), Ok(()), "{port}");
        assert_eq!(Signer::new(TOKEN).sign(&url, &form), without, "{port}");
    }
    let with_80 = "0ZXoZLH/DfblKGATFgpif+LLRf4=";
    assert_eq!(verify("http://mycompany.com/myapp.php?foo=1&bar=2", Body::Form(&form), with_80), Ok(()));
    let port_1234 = "Zmvh+3yNM1Phv2jhDCwEM3q5ebU=";
    let other_port = "http://mycompany.com:1235/myapp.php?foo=1&bar=2";
    assert_eq!(verify(other_port, Body::Form(&form), port_1234), Err(SignatureError::Mismatch));
}

#[test]
fn published_vectors_with_json() {
    let with_query = format!("{U}&bodySHA256={JSON_HASH}");
    let alone = format!("https://mycompany.com/myapp.php?bodySHA256={JSON_HASH}");
    let vectors = [
        (U, with_query.as_str(), "a9nBmqA0ju/hNViExpshrM61xv4="),
        ("https://mycompany.com/myapp.php", &alone, "y77kIzt2vzLz71DgmJGsen2scGs="),
    ];
    for (before, url, signature) in vectors {
        assert_eq!(Signer::new(TOKEN).sign_body(before, JSON), (url.to_owned(), signature.to_owned()));
        assert_eq!(verify(url, Body::Raw(JSON), signature), Ok(()));
        assert_eq!(verify(url, Body::Raw(b"{}"), signature), Err(SignatureError::BodyHashMismatch));
    }
}

#[test]
fn a_body_that_is_no_form_needs_its_hash() {
    let signature = Signer::new(TOKEN).sign_url(U);
    assert_eq!(verify(U, Body::Raw(JSON), &signature), Err(SignatureError::BodyHashMissing));
    let forged = format!("{U}&bodySHA256={JSON_HASH}");
    assert_eq!(verify(&forged, Body::Raw(JSON), &signature), Err(SignatureError::Mismatch));
    let upper = format!("{U}&bodySHA256={}", JSON_HASH.to_uppercase());
    assert_eq!(verify(&upper, Body::Raw(JSON), &exact(&upper, &Form::new())), Ok(()));
}

#[test]
fn user_password_and_fragment_are_not_signed() {
    let form = p();
    let url = "https://user:pass@mycompany.com/myapp.php?foo=1&bar=2#rc=3&rp=ct,rt,5xx";
    assert_eq!(Signer::new(TOKEN).sign(url, &form), "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
    assert_eq!(verify(url, Body::Form(&form), "RSOYDt4T1cUTdK1PDd93/VVr8B8="), Ok(()));
}

#[test]
fn a_quote_in_the_query_matches_either_way() {
    let (raw, encoded) = ("https://h.jp/a?name=O'Neil", "https://h.jp/a?name=O%27Neil");
    for signed in [raw, encoded] {
        for seen in [raw, encoded] {
            let signature = exact(signed, &p());
            assert_eq!(verify(seen, Body::Form(&p()), &signature), Ok(()), "{signed} {seen}");
        }
    }
    assert_eq!(Signer::new(TOKEN).sign(raw, &p()), exact(encoded, &p()));
}

#[test]
fn slashes_and_bare_question_marks_count() {
    let signer = Signer::new(TOKEN);
    for (one, other) in [
        ("https://h.jp/twilio", "https://h.jp/twilio/"),
        ("https://h.jp/twilio", "https://h.jp/twilio?"),
        ("https://h.jp/a%2Fb", "https://h.jp/a/b"),
        ("https://h.jp/a", "https://H.jp/a"),
    ] {
        let signature = signer.sign(one, &p());
        assert_eq!(verify(one, Body::Form(&p()), &signature), Ok(()));
        assert_eq!(verify(other, Body::Form(&p()), &signature), Err(SignatureError::Mismatch), "{other}");
    }
}

#[test]
fn a_get_is_its_url() {
    let signature = Signer::new(TOKEN).sign_url(U);
    assert_eq!(signature, "zYQTYrRWXE7LtzbG4PfP7/bkkGo=");
    assert_eq!(verify(U, Body::None, &signature), Ok(()));
    assert_eq!(verify(&format!("{U}&baz=3"), Body::None, &signature), Err(SignatureError::Mismatch));
}

#[test]
fn a_websocket_is_signed_as_wss() {
    let signed = ["wss://h.jp/relay", "wss://h.jp/relay/", "wss://h.jp:443/relay", "wss://h.jp:443/relay/"];
    let seen = ["wss://h.jp/relay", "wss://h.jp/relay/", "wss://h.jp:443/relay", "https://h.jp/relay"];
    for signed in signed {
        let signature = exact(signed, &Form::new());
        for seen in seen {
            assert_eq!(verify(seen, Body::WebSocket, &signature), Ok(()), "{signed} {seen}");
        }
        assert_eq!(verify("https://h.jp/relay", Body::None, &signature), Err(SignatureError::Mismatch));
    }
    let as_https = exact("https://h.jp/relay", &Form::new());
    assert_eq!(verify("wss://h.jp/relay", Body::WebSocket, &as_https), Err(SignatureError::Mismatch));
    let root = exact("wss://h.jp/", &Form::new());
    assert_eq!(verify("wss://h.jp", Body::WebSocket, &root), Ok(()));
}

#[test]
fn a_missing_empty_or_malformed_header_is_told_apart() {
    let verifier = Verifier::new([TOKEN]);
    let form = p();
    let request = |signature| SignedRequest { url: U, body: Body::Form(&form), signature };
    assert_eq!(verifier.verify(&request(None)), Err(SignatureError::Missing));
    assert_eq!(verifier.verify(&request(Some(""))), Err(SignatureError::Empty));
    for malformed in ["x", "AAAA", " RSOYDt4T1cUTdK1PDd93/VVr8B8=", "RSOYDt4T1cUTdK1PDd93/VVr8B8"] {
        assert_eq!(verifier.verify(&request(Some(malformed))), Err(SignatureError::Malformed), "{malformed}");
    }
    let long = "A".repeat(100_000);
    assert_eq!(verifier.verify(&request(Some(&long))), Err(SignatureError::Malformed));
    let other = "AAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    assert_eq!(verifier.verify(&request(Some(other))), Err(SignatureError::Mismatch));
    let relative = SignedRequest { url: "/a", body: Body::Form(&form), signature: Some(other) };
    assert_eq!(verifier.verify(&relative), Err(SignatureError::Url));
}

#[test]
fn any_of_the_tokens_is_valid_and_none_is_not() {
    let form = p();
    let signature = Signer::new("old").sign(U, &form);
    let request = SignedRequest { url: U, body: Body::Form(&form), signature: Some(&signature) };
    assert_eq!(Verifier::new(["new", "old"]).verify(&request), Ok(()));
    assert_eq!(Verifier::new(["new"]).verify(&request), Err(SignatureError::Mismatch));
    assert_eq!(Verifier::new(Vec::<String>::new()).verify(&request), Err(SignatureError::Mismatch));
    let unkeyed = Signer::new("").sign(U, &form);
    let request = SignedRequest { signature: Some(&unkeyed), ..request };
    assert_eq!(Verifier::new([""]).verify(&request), Err(SignatureError::Mismatch));
}

#[test]
fn a_long_token_is_hashed_first() {
    use hmac::{Hmac, KeyInit, Mac};
    for length in [1, 63, 64, 65, 200] {
        let token = "t".repeat(length);
        let mut hash = Hmac::<sha1::Sha1>::new_from_slice(token.as_bytes()).unwrap();
        hash.update(U.as_bytes());
        let expected = STANDARD.encode(hash.finalize().into_bytes());
        assert_eq!(Signer::new(&token).sign_url(U), expected, "{length}");
    }
}

#[test]
fn tokens_are_not_shown() {
    let shown = format!("{:?} {:?}", Signer::new("secret-token"), Verifier::new(["secret-token"]));
    assert!(!shown.contains("secret"), "{shown}");
}

proptest! {
    #[test]
    fn what_is_signed_is_verified_and_what_is_changed_is_not(
        pairs in prop::collection::vec((".{0,8}", ".{0,8}"), 0..12),
        path in "(/[a-z0-9%'._-]{0,6}){0,3}",
        query in "(\\?[a-z0-9=&%'+]{0,12})?",
        port in prop::sample::select(vec!["", ":443", ":80", ":8443"]),
        scheme in prop::sample::select(vec!["https", "http"]),
    ) {
        let form: Form = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let url = format!("{scheme}://example.jp{port}{path}{query}");
        let signature = Signer::new(TOKEN).sign(&url, &form);
        prop_assert_eq!(verify(&url, Body::Form(&form), &signature), Ok(()));
        let reversed: Form = form.iter().collect::<Vec<_>>().into_iter().rev().collect();
        prop_assert_eq!(verify(&url, Body::Form(&reversed), &signature), Ok(()));
        let more = form.clone().with("Zz", "1");
        prop_assert_eq!(verify(&url, Body::Form(&more), &signature), Err(SignatureError::Mismatch));
        let other = url.replace("example", "exemple");
        prop_assert_eq!(verify(&other, Body::Form(&form), &signature), Err(SignatureError::Mismatch));
    }

    #[test]
    fn any_url_and_header_are_survived(url in ".*", header in ".*") {
        let form = Form::new();
        let _ = verify(&url, Body::Form(&form), &header);
        let _ = verify(&url, Body::WebSocket, &header);
        let _ = Signer::new(TOKEN).sign_body(&url, b"x");
    }
}
