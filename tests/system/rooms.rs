//! The pure rooms stay pure: what they may not name, they do not depend on.

use std::path::Path;

#[test]
fn the_pure_rooms_name_neither_actix_nor_tokio() {
    for room in ["call", "conversation", "twiml"] {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join(room).join("Cargo.toml");
        let text = std::fs::read_to_string(manifest).unwrap();
        assert!(text.contains("[dependencies]"), "{room}");
        for runtime in ["actix", "tokio"] {
            assert!(!text.contains(runtime), "{room} names {runtime}");
        }
    }
}
