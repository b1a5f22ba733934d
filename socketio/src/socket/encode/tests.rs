use super::*;
use crate::{
    engine::{Message, Packet as EnginePacket},
    socket::{
        assembler::{Assembler, Limits, Whole},
        packet::Body,
    },
};
use proptest::{collection::vec, prelude::*};

const LIMITS: Limits = Limits { attachments: 10, bytes: 1000 };

fn text(frame: &Frame) -> &str {
    match frame {
        Frame::Text(text) => text,
        Frame::Binary(_) => panic!("not a text"),
    }
}

#[test]
fn packets_look_as_clients_know_them() {
    assert_eq!(text(&event("/", "a", &[json!(1), json!({"b": [true]})]).head), r#"42["a",1,{"b":[true]}]"#);
    assert_eq!(text(&event("/x", "a", &[]).head), r#"42/x,["a"]"#);
    assert_eq!(text(&event_of("/x", "a", "b").unwrap().head), r#"42/x,["a","b"]"#);
    let bytes = [Bytes::from_static(b"1"), Bytes::from_static(b"2")];
    let with = event_with("/", "a", &[placeholder(0), placeholder(1)], &bytes);
    let expected = r#"452-["a",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#;
    assert_eq!(text(&with.head), expected);
    assert_eq!(with.attachments.len(), 2);
    assert_eq!(text(&asking("/x", Some(7), "a", &[], &[]).head), r#"42/x,7["a"]"#);
    assert_eq!(text(&ack("/", 456, &[json!(1), json!("2")], &[]).head), r#"43456[1,"2"]"#);
    assert_eq!(text(&ack("/x", 1, &[], &[]).head), "43/x,1[]");
    assert_eq!(
        text(&ack("/x", 1, &[placeholder(0)], &bytes[..1]).head),
        r#"461-/x,1[{"_placeholder":true,"num":0}]"#
    );
    assert_eq!(text(&refused("/x", "no", Some(&json!({"a": 1})))), r#"44/x,{"message":"no","data":{"a":1}}"#);
    assert_eq!(text(&refused("/", "say \"no\"", None)), r#"44{"message":"say \"no\""}"#);
    assert_eq!((text(&disconnect("/")), text(&disconnect("/x"))), ("41", "41/x,"));
    let id = Sid::from_bits([0; 15]);
    assert_eq!(text(&connected("/x", id)), r#"40/x,{"sid":"AAAAAAAAAAAAAAAAAAAA"}"#);
}

/// Reads a packet back as the other side does.
fn back(packet: &Encoded) -> Whole {
    let Frame::Text(head) = &packet.head else { panic!("not a text") };
    let Ok(EnginePacket::Message(head)) = EnginePacket::read(head) else { panic!("not a message") };
    let mut assembler = Assembler::default();
    let mut whole = assembler.take(head, LIMITS).unwrap();
    for attachment in packet.attachments.iter() {
        let Frame::Binary(bytes) = attachment else { panic!("not binary") };
        whole = assembler.take(Message::Binary(bytes.clone()), LIMITS).unwrap();
    }
    whole.unwrap()
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec(("[a-z]{0,4}", inner), 0..4).prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

fn namespace() -> impl Strategy<Value = String> {
    "/([^,]{0,8})"
}

proptest! {
    #[test]
    fn an_event_is_read_as_it_was_written(
        namespace in namespace(),
        id in any::<Option<u64>>(),
        name in "ev-.*",
        mut args in vec(value(), 0..4),
        attachments in vec(vec(any::<u8>(), 0..20).prop_map(Bytes::from), 0..4),
    ) {
        args.extend((0..attachments.len()).map(placeholder));
        let whole = back(&asking(&namespace, id, &name, &args, &attachments));
        prop_assert_eq!(&*whole.packet.namespace, namespace.as_str());
        prop_assert_eq!(whole.packet.body, Body::Event { id, name, args });
        prop_assert_eq!(whole.attachments, attachments);
    }

    #[test]
    fn an_acknowledgement_is_read_as_it_was_written(
        namespace in namespace(),
        id in any::<u64>(),
        args in vec(value(), 0..4),
    ) {
        let whole = back(&ack(&namespace, id, &args, &[]));
        prop_assert_eq!(whole.packet.body, Body::Ack { id, args });
    }

    #[test]
    fn whatever_comes_is_a_packet_or_is_none(texts in vec("[0-6]?[0-9]{0,3}-?(/[a-z]{0,3},?)?.{0,12}", 1..4)) {
        let mut assembler = Assembler::default();
        for text in texts {
            let _ = assembler.take(Message::Text(text.into()), LIMITS);
            let _ = assembler.take(Message::Binary(Bytes::new()), LIMITS);
        }
    }
}
