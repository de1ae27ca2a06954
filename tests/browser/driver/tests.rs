//! The driver on a page of its own: each step does what a person's hand would, and sees what is
//! wrong. Stories rely on it.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    panic::{AssertUnwindSafe, catch_unwind},
    rc::Rc,
};

use super::{Browser, Page};
use crate::durability::skip;

const PAGE: &str = include_str!("tests.html");

/// What may not run there by this policy.
const STRICT: &str = "<!doctype html><title>Strict</title><script>document.title = 'x'</script>";

/// A server of some answers, until the process ends.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(stream));
        }
    });
    format!("http://{address}")
}

fn answer(mut stream: TcpStream) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    let request = lines.next()?.ok()?;
    while !lines.next()?.ok()?.is_empty() {}
    let (status, headers, body) = match request.split(' ').nth(1)? {
        "/" => ("200 OK", "Content-Type: text/html", PAGE),
        "/strict" => (
            "200 OK",
            "Content-Type: text/html\r\nContent-Security-Policy: script-src 'none'",
            STRICT,
        ),
        "/file" => (
            "200 OK",
            "Content-Type: text/csv\r\nContent-Disposition: attachment; filename=\"list.csv\"",
            "a,b\n1,2\n",
        ),
        "/favicon.ico" => ("204 No Content", "X-Nothing: here", ""),
        _ => ("404 Not Found", "Content-Type: text/plain", "nothing"),
    };
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\n{headers}\r\nContent-Length: {length}\r\n");
    let text = format!("{head}Connection: close\r\n\r\n{body}");
    stream.write_all(text.as_bytes()).ok()
}

/// Opens the page, and holds it to account unless `tell` does.
fn on_page(tell: impl FnOnce(&Page)) {
    let Some(browser) = Browser::new(&serve()) else {
        return skip("the driver of the browser", "chromium is not installed");
    };
    let page = browser.open("/");
    page.has("heading", "Everything");
    tell(&page);
    browser.finish();
}

/// What is held against a page in the end.
fn blame(act: impl FnOnce(&Page)) -> String {
    let Some(browser) = Browser::new(&serve()) else {
        skip("the driver of the browser", "chromium is not installed");
        return String::new();
    };
    let page = browser.open("/");
    page.has("heading", "Everything");
    act(&page);
    failure(|| browser.finish())
}

/// How it fails, which it must. What it says of the screen is left out.
fn failure(act: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(act)).expect_err("this should fail");
    let words = panic.downcast::<String>().unwrap();
    words.split("\non the screen of").next().unwrap().to_owned()
}

#[test]
fn fields_are_filled_by_their_labels() {
    on_page(|page| {
        page.fill("Email", "ann@example.com");
        page.fill("Email", "ben@example.com");
        page.holds("Email", "ben@example.com");
        page.describes("Email", "Yours");
        page.fill("Day", "2026-02-28");
        page.holds("Day", "2026-02-28");
        page.select("Type", "number");
        assert_eq!(page.value("Type"), "number");
        assert_eq!(page.options("Type"), ["text", "number"]);
        page.check("Required");
        page.uncheck("Required");
        assert_eq!(page.value("Required"), "false");
    });
}

#[test]
fn keys_go_where_the_focus_is() {
    on_page(|page| {
        page.press("Tab");
        page.focuses("textbox", "Email");
        page.types("Ann 7?");
        page.press("Control+a");
        page.types("b");
        page.holds("Email", "b");
        page.press("Control+s");
        page.hears("Saved");
        page.press("Tab");
        page.press("Shift+Tab");
        assert_eq!(page.focused(), ("textbox".to_owned(), "Email".to_owned()));
    });
}

#[test]
fn what_is_on_the_screen_is_the_window_over_it() {
    on_page(|page| {
        let before = page.script("__seen.outline()");
        let before = before.as_str().unwrap();
        assert!(before.contains("heading “Everything”"), "{before}");
        let open = "document.body.append(Object.assign(document.createElement('dialog'), \
                    { textContent: 'Ahead' })); document.querySelector('dialog').showModal()";
        page.script(open);
        let over = page.script("__seen.outline()");
        let over = over.as_str().unwrap();
        assert!(
            over.contains("Ahead") && !over.contains("Everything"),
            "{over}"
        );
    });
}

#[test]
fn a_part_is_meant_alone() {
    on_page(|page| {
        page.counts("button", 6);
        page.within("row", "Bread").click("button", "Delete");
        page.hears("Deleted Bread");
        page.within("table", "").does_not_see("Bread");
        page.has_no("row", "Bread");
        page.within("row", "Milk").has("button", "Delete");
        page.is_disabled("button", "Never");
        page.has_no("button", "Inert");
        page.has_no("button", "Hidden");
        page.does_not_see("For the ear");
    });
}

#[test]
fn what_comes_late_is_waited_for() {
    on_page(|page| {
        page.click("button", "Later");
        page.sees("Late");
    });
}

#[test]
fn things_are_dragged_either_way() {
    on_page(|page| {
        page.drag(("option", "Box"), ("listbox", "Place"));
        page.hears("Dropped Box");
        page.drag(("option", "Card"), ("listbox", "Place"));
        page.hears("Card placed");
    });
}

#[test]
fn files_go_both_ways() {
    on_page(|page| {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("rows.csv");
        fs::write(&file, "a\n").unwrap();
        page.upload("File", &file);
        page.hears("Got rows.csv");
        page.within("main", "").upload("Import", &file);
        page.click("link", "Export");
        let export = page.download();
        assert_eq!(
            (export.name.as_str(), export.bytes.as_slice()),
            ("list.csv", &b"a,b\n1,2\n"[..])
        );
    });
}

#[test]
fn the_address_leads_to_and_fro() {
    on_page(|page| {
        page.click("link", "There");
        page.arrives("#/there");
        page.back();
        assert_eq!(page.address(), "");
        page.forward();
        page.arrives("#/there");
        page.reload();
        page.has("heading", "Everything");
        page.arrives("#/there");
    });
}

#[test]
fn the_network_goes_and_comes_back() {
    on_page(|page| {
        page.offline(true);
        page.hears("Gone");
        page.script("fetch('/').catch(() => 0)");
        page.offline(false);
        page.hears("Back");
        page.slow_line(400, 50_000);
        page.script("fetch('/').then((answer) => answer.text()).then(() => 1)");
        page.script("void fetch('/').then((answer) => answer.text()).then(() => { seen = 1; })");
        page.rests();
        page.script_holds("seen === 1");
    });
}

#[test]
fn what_covers_is_named() {
    let words = |tell: &dyn Fn(&Page)| {
        let mut words = String::new();
        on_page(|page| words = failure(|| tell(&page.impatient())));
        words
    };
    let covered = words(&|page| page.click("button", "Below"));
    assert!(
        covered.contains("button “Below” is covered by region “Veil”"),
        "{covered}"
    );
    let many = words(&|page| page.click("button", "Delete"));
    assert!(many.contains("there are 2 of button “Delete”"), "{many}");
    let disabled = words(&|page| page.click("button", "Never"));
    assert!(
        disabled.contains("button “Never” is disabled"),
        "{disabled}"
    );
    let missing = words(&|page| page.within("row", "Milk").sees("Bread"));
    assert!(missing.contains("within row “Milk”"), "{missing}");
}

#[test]
fn what_a_page_should_not_do_is_held_against_it() {
    let console = blame(|page| drop(page.script("console.warn('careful', 7)")));
    assert!(console.contains("console warning: careful 7"), "{console}");
    let thrown = blame(|page| drop(page.script("void setTimeout(() => { throw Error('oh') })")));
    assert!(thrown.contains("uncaught: Error: oh"), "{thrown}");
    let lost = blame(|page| drop(page.script("fetch('/lost').then(() => 1)")));
    assert!(
        lost.contains("404, which the story does not expect: GET"),
        "{lost}"
    );
    let away = blame(|page| drop(page.script("fetch('http://example.org/').catch(() => 1)")));
    assert!(
        away.contains("another origin: http://example.org/"),
        "{away}"
    );
    let asked = blame(|page| drop(page.script("confirm('Sure?')")));
    assert!(asked.contains("a confirm of the browser's"), "{asked}");
    let strict = blame(|page| {
        page.go("/strict");
        page.script_holds("document.title === 'Strict'");
    });
    assert!(strict.contains("Against the policy script-src"), "{strict}");
    let announced = blame(|page| page.expects(409));
    assert!(
        announced.contains("expects 409, and no answer had it"),
        "{announced}"
    );
}

#[test]
fn what_is_announced_may_come() {
    on_page(|page| {
        page.expects(404);
        page.script("fetch('/lost').then(() => 1)");
    });
}

#[test]
fn profiles_share_nothing_and_tabs_all() {
    on_page(|page| {
        page.script("document.cookie = 'a=1'");
        let beside = page.tab("/");
        assert_eq!(beside.script("document.cookie"), "a=1");
        assert_eq!(page.another("/").script("document.cookie"), "");
        assert!(Rc::ptr_eq(&beside.browser, &page.browser));
    });
}
