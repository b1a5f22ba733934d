//! Texts, as nasty as they may be.

use proptest::prelude::*;
use proptest::sample::select;

/// Text of at least `min` and at most some 30 characters that XML can carry.
pub(super) fn nasty(min: usize) -> BoxedStrategy<String> {
    let piece = prop_oneof![
        select(vec![
            "]]>",
            "&amp;",
            "&",
            "<",
            ">",
            "\"",
            "'",
            "\r\n",
            "\r",
            "\n",
            "\t",
            " ",
            "  ",
            "<!--",
            "-->",
            "&#10;",
            "<![CDATA[",
            "もしもし",
            "かしこまりました。",
            "\u{3000}",
            "\u{FEFF}",
            "\u{85}",
            "\u{2028}",
            "\u{FFFD}",
            "👩‍💻",
            "が",
            "/",
        ])
        .prop_map(str::to_owned),
        "[a-zA-Z0-9 ,.]{1,3}",
        any::<char>().prop_filter("legal in XML", |c| legal(*c)).prop_map(String::from),
    ];
    prop::collection::vec(piece, min..6).prop_map(|pieces| pieces.concat()).boxed()
}

/// Text that does not begin or end with blanks.
pub(super) fn name() -> BoxedStrategy<String> {
    let trimmed = |text: String| text.trim_matches([' ', '\t', '\r', '\n']).to_owned();
    nasty(1).prop_map(trimmed).prop_filter("not blank", |text| !text.is_empty()).boxed()
}

pub(super) fn url() -> BoxedStrategy<String> {
    prop_oneof![
        Just(String::new()),
        Just("/voice?call=1&step=2".to_owned()),
        "https://[a-z]{1,5}\\.jp(:[0-9]{2,4})?/[a-zあ&'\"<>?=%#+]{0,8}"
    ]
    .boxed()
}

pub(super) fn absolute_url() -> BoxedStrategy<String> {
    "https?://[a-z]{1,5}\\.jp/[a-z&'\"?=%]{0,8}".boxed()
}

pub(super) fn websocket_url() -> BoxedStrategy<String> {
    "wss://[a-z]{1,5}\\.jp(/[a-z&'\"=%]{0,8})?".boxed()
}

pub(super) fn sip() -> BoxedStrategy<String> {
    "sips?:[a-z]{1,5}@[a-z]{1,5}(;transport=tls)?(\\?x-a=[a-z&]{0,3})?".boxed()
}

pub(super) fn keys() -> BoxedStrategy<String> {
    "[0-9A-DwW*#]{0,6}".boxed()
}

pub(super) fn opt<S: Strategy>(strategy: S) -> impl Strategy<Value = Option<S::Value>> {
    prop::option::weighted(0.3, strategy)
}

/// One of the words of an enum.
pub(super) fn word<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
    select(all)
}

pub(super) fn words<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = Vec<T>> {
    prop::collection::vec(select(all), 0..3)
}

/// A piece of markup, or of something like it.
pub(in super::super) fn fragment() -> BoxedStrategy<String> {
    let markup = select(vec![
        "<Response>",
        "</Response>",
        "<Response/>",
        "<Say>",
        "</Say>",
        "<Say voice=\"x\">",
        "<Say/>",
        "<Gather input='speech'>",
        "</Gather>",
        "<Gather timeout=\"auto\" speechTimeout=\"auto\" speechModel=\"x\">",
        "<Dial>",
        "</Dial>",
        "<Conference>",
        "</Conference>",
        "<Number>",
        "</Number>",
        "+81312345678",
        "<Client>",
        "<Identity>",
        "</Identity>",
        "</Client>",
        "<Sip>",
        "<Uri>",
        "</Uri>",
        "</Sip>",
        "<Connect>",
        "</Connect>",
        "<Stream url=\"wss://h\">",
        "</Stream>",
        "<Parameter name='a' value='b'/>",
        "<Stop>",
        "</Stop>",
        "<Start>",
        "</Start>",
        "<Recording/>",
        "<Enqueue>",
        "</Enqueue>",
        "<Task>{}</Task>",
        "<prosody rate='1'>",
        "</prosody>",
        "<break/>",
        "<p>",
        "</p>",
        "<!--",
        "-->",
        "<!-- a -->",
        "<![CDATA[",
        "]]>",
        "<![CDATA[]]>",
        "<?xml version=\"1.0\"?>",
        "<?pi?>",
        "<!DOCTYPE a [<!ENTITY b \"c\">]>",
        "&b;",
        "&amp;",
        "&#0;",
        "&#xD800;",
        "&#65;",
        "&",
        ";",
        "<",
        ">",
        "\"",
        "'",
        " ",
        "\n",
        "\0",
    ]);
    prop_oneof![4 => markup.prop_map(str::to_owned), 1 => nasty(0)].boxed()
}

fn legal(c: char) -> bool {
    !matches!(c, '\u{0}'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}
