//! Any query string is either a list, or a fault that a client is told.

#![no_main]

use std::{net::Ipv4Addr, sync::LazyLock};

use libfuzzer_sys::fuzz_target;
use stead::{
    access::{Action, Caller, RowFilter, Who, permit},
    base::Code,
    engine::{Definitions, ListQuery},
    web::Query,
};

#[path = "site.rs"]
#[expect(dead_code, reason = "its rules are for other targets")]
mod site;

static DEFINITIONS: LazyLock<Definitions> =
    LazyLock::new(|| Definitions::of(site::Site::new().schema));

static ROWS: LazyLock<RowFilter> = LazyLock::new(|| {
    let caller = Caller {
        who: Who::Operator,
        request_id: "fuzz".into(),
        address: Ipv4Addr::LOCALHOST.into(),
    };
    permit(&caller, "posts", Action::List).unwrap()
});

fuzz_target!(|text: &str| {
    let posts = DEFINITIONS.schema.by_name("posts").unwrap();
    let read = Query::parse(text)
        .and_then(|query| ListQuery::parse(&DEFINITIONS, posts, &ROWS, query.iter()).map(drop));
    if let Err(error) = read {
        assert_eq!(error.code(), Code::InvalidInput);
        assert!(!error.issues().is_empty());
    }
});
