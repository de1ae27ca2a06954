//! No text is a cursor but those that were sealed here, and for this very list.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use stead::access::{InstanceKey, Seal};

static SEAL: LazyLock<Seal> = LazyLock::new(|| {
    let dir = std::env::temp_dir();
    Seal::new(&InstanceKey::open(&dir).unwrap(), "cursor").unwrap()
});

fuzz_target!(|input: (&str, &[u8])| {
    let (text, context) = input;
    assert_eq!(SEAL.open(text, context), None);
    if !text.is_empty() {
        let sealed = SEAL.seal(text, context).unwrap();
        assert_eq!(SEAL.open(&sealed, context).as_deref(), Some(text));
    }
});
