//! A certificate whose files change while the server runs.

use std::fs;

use super::{Systemd, https::secured, serve};
use crate::support::{
    process::{Stead, eventually},
    tls::{CERTIFICATE, Certificate, KEY},
};

#[test]
fn a_new_certificate_is_shown_by_itself_and_open_connections_go_on() {
    let dir = tempfile::tempdir().unwrap();
    let (old, new) = (Certificate::generate(), Certificate::generate());
    old.write(dir.path());
    let stead = secured(dir.path(), &[]);
    let mut open = old.connect(stead.address()).unwrap();
    new.write(dir.path());
    eventually("the new certificate is shown", || {
        // Asked again and again, since an idle one would be closed.
        let answer = open.send("GET", "/health/live", &[], b"").unwrap();
        assert_eq!(answer.status, 200);
        new.connect(stead.address()).is_ok()
    });
    let answer = open.send("GET", "/health/live", &[], b"").unwrap();
    assert_eq!((answer.status, open.shown()), (200, old.der.clone()));
    assert!(old.connect(stead.address()).is_err());
}

#[test]
fn a_reload_reads_it_at_once_and_says_when_that_is_done() {
    let dir = tempfile::tempdir().unwrap();
    let (old, new) = (Certificate::generate(), Certificate::generate());
    old.write(dir.path());
    let systemd = Systemd::new();
    let mut command = serve(&dir.path().join("data"));
    command
        .env(
            "STEAD_SERVER__TLS_CERTIFICATE",
            dir.path().join(CERTIFICATE),
        )
        .env("STEAD_SERVER__TLS_KEY", dir.path().join(KEY));
    let stead = systemd.start(command).listening();
    systemd.wait_for("READY=1");
    new.write(dir.path());
    stead.signal("HUP");
    let told = systemd.wait_for("RELOADING=1");
    assert!(told.contains("MONOTONIC_USEC="), "{told}");
    systemd.wait_for("READY=1");
    let connection = new.connect(stead.address()).unwrap();
    assert_eq!(connection.shown(), new.der);
}

#[test]
fn a_pair_that_does_not_fit_changes_nothing_until_it_does() {
    let dir = tempfile::tempdir().unwrap();
    let (old, new) = (Certificate::generate(), Certificate::generate());
    old.write(dir.path());
    let stead = secured(dir.path(), &[]);
    for (name, text) in [(KEY, new.key.as_str()), (CERTIFICATE, "no PEM at all")] {
        fs::write(dir.path().join(name), text).unwrap();
        stead.signal("HUP");
        let kept = |line: &serde_json::Value| line.to_string().contains("the old one stays");
        let line = stead.line(kept).unwrap();
        assert!(line["cause"].as_str().unwrap().contains(name), "{line}");
        assert!(!line.to_string().contains("PRIVATE"), "{line}");
        old.connect(stead.address()).unwrap();
    }
    new.write(dir.path());
    stead.signal("HUP");
    read_anew(&stead);
    assert_eq!(new.connect(stead.address()).unwrap().shown(), new.der);
}

#[test]
fn a_reload_without_a_certificate_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let systemd = Systemd::new();
    let mut stead = systemd.start(serve(dir.path())).listening();
    systemd.wait_for("READY=1");
    stead.signal("HUP");
    systemd.wait_for("READY=1");
    let live = stead.request("", "GET", "/health/live", &serde_json::Value::Null);
    assert_eq!(live.status, 200);
    assert_eq!(stead.terminate().0.code(), Some(0));
}

fn read_anew(stead: &Stead) {
    let told = stead.line(|line| line["message"] == "The certificate was read anew");
    told.expect("the log says so");
}
