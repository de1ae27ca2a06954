//! `stead openapi`.

use serde_json::{Value as Json, json};

use super::stead;
use crate::support::process::{Stead, create_admin};

#[test]
fn the_whole_contract_is_printed_beside_a_server_and_without_one() {
    let here = tempfile::tempdir().unwrap();
    let data = here.path().join("data");
    create_admin(&data);
    let server = Stead::start(&data);
    let token = server.sign_in();
    let definition = json!({ "name": "notes", "fields": [{ "name": "title", "type": "text" }] });
    server.request(&token, "POST", "/api/system/collections", &definition);
    let print = || stead(here.path(), &["openapi", "--data-dir", "data"]).expect(0, &[]);
    let beside: Json = serde_json::from_str(&print().stdout).unwrap();
    assert_eq!(
        beside["paths"]["/api/v1/notes"]["post"]["operationId"],
        "createNote"
    );
    drop(server);
    let alone: Json = serde_json::from_str(&print().stdout).unwrap();
    assert_eq!(beside, alone);
}
