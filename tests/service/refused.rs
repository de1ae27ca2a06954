//! Certificates with which no server starts.

use std::{fs, path::Path, process::Command};

use super::serve;
use crate::support::{
    process::{Stead, unconfigured},
    tls::{CERTIFICATE, Certificate, KEY},
};

/// Starts a server with the files in `dir`; it must refuse them with all these words.
#[track_caller]
fn refused(dir: &Path, words: &[&str]) {
    let check = {
        let mut command = unconfigured(env!("CARGO_BIN_EXE_stead"));
        command.args(["config", "check"]);
        command
    };
    for mut command in [serve(&dir.join("data")), check] {
        command
            .env("STEAD_SERVER__TLS_CERTIFICATE", dir.join(CERTIFICATE))
            .env("STEAD_SERVER__TLS_KEY", dir.join(KEY));
        let said = ended(command);
        for word in words {
            assert!(said.contains(word), "{word:?} in {said}");
        }
        assert!(!said.contains("panicked"), "{said}");
    }
    assert!(!dir.join("data").exists());
}

/// What a command that is refused for its configuration says.
#[track_caller]
fn ended(command: Command) -> String {
    let (status, said) = Stead::spawn(command).exit();
    assert_eq!(status.code(), Some(3), "{said}");
    said
}

#[test]
fn files_that_are_not_there_are_named() {
    let dir = tempfile::tempdir().unwrap();
    refused(
        dir.path(),
        &["server.tls_certificate", CERTIFICATE, "cannot be read"],
    );
    let certificate = Certificate::generate();
    certificate.write(dir.path());
    fs::remove_file(dir.path().join(KEY)).unwrap();
    refused(dir.path(), &["server.tls_key", KEY, "cannot be read"]);
}

#[test]
fn files_with_something_else_in_them_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let certificate = Certificate::generate();
    for text in ["", "nonsense", certificate.key.as_str()] {
        certificate.write(dir.path());
        fs::write(dir.path().join(CERTIFICATE), text).unwrap();
        refused(dir.path(), &["server.tls_certificate", "no certificate"]);
    }
    for text in ["", "nonsense", certificate.pem.as_str()] {
        certificate.write(dir.path());
        fs::write(dir.path().join(KEY), text).unwrap();
        refused(dir.path(), &["server.tls_key", "no private key"]);
    }
    let broken = certificate.pem.replace("MII", "AAA");
    certificate.write(dir.path());
    fs::write(dir.path().join(CERTIFICATE), broken).unwrap();
    refused(dir.path(), &["server.tls_certificate", "cannot be used"]);
}

#[test]
fn a_key_of_another_certificate_is_told_as_that() {
    let dir = tempfile::tempdir().unwrap();
    let (one, other) = (Certificate::generate(), Certificate::generate());
    one.write(dir.path());
    fs::write(dir.path().join(KEY), other.key).unwrap();
    refused(dir.path(), &["server.tls_key", "is not the key of"]);
}

#[test]
fn a_certificate_without_a_key_is_half_a_setting() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = serve(dir.path());
    command.env("STEAD_SERVER__TLS_CERTIFICATE", "a.pem");
    assert!(ended(command).contains("server.tls_key: is missing"));
    let mut command = serve(dir.path());
    command.env("STEAD_SERVER__TLS_KEY", "a.pem");
    assert!(ended(command).contains("server.tls_certificate: is missing"));
}
