//! The browser as a story has it: the pages it opened, and the account of them at the end.

use std::{cell::RefCell, rc::Rc, sync::Arc};

use serde_json::{Value, json};

use super::{
    chromium::Chromium,
    page::Page,
    report,
    tab::{Profile, Tab},
};

/// Opens pages of one instance. To be closed by [`Browser::finish`].
pub struct Browser {
    chromium: Arc<Chromium>,
    origin: String,
    tabs: RefCell<Vec<Rc<Tab>>>,
}

impl Browser {
    /// None where no Chromium is installed. `origin` is that of the instance.
    pub fn new(origin: &str) -> Option<Rc<Self>> {
        Some(Rc::new(Self {
            chromium: Chromium::shared()?,
            origin: origin.to_owned(),
            tabs: RefCell::default(),
        }))
    }

    /// Opens an address of the instance as somebody who has never been there.
    pub fn open(self: &Rc<Self>, path: &str) -> Page {
        self.open_with(&[], path)
    }

    /// The same, with cookies (`Set-Cookie` lines) that the instance has given somebody.
    pub fn open_with(self: &Rc<Self>, cookies: &[&str], path: &str) -> Page {
        let profile = Profile::new(Arc::clone(&self.chromium));
        let page = self.page(&profile);
        for cookie in cookies {
            page.tab.call("Network.setCookie", self.cookie(cookie));
        }
        page.go(path);
        page
    }

    /// One more page with the cookies and the storage of another.
    pub fn beside(self: &Rc<Self>, page: &Page, path: &str) -> Page {
        let beside = self.page(&page.tab.profile);
        beside.go(path);
        beside
    }

    fn page(self: &Rc<Self>, profile: &Arc<Profile>) -> Page {
        let tab = Rc::new(Tab::new(profile, &self.origin));
        self.tabs.borrow_mut().push(Rc::clone(&tab));
        let page = Page::new(Rc::clone(self), tab);
        page.look_as_usual();
        page
    }

    fn cookie(&self, line: &str) -> Value {
        let mut parts = line.split(';').map(str::trim);
        let (name, value) = parts.next().unwrap().split_once('=').unwrap();
        let mut path = "/";
        let mut is_hidden = false;
        for part in parts {
            path = part.strip_prefix("Path=").unwrap_or(path);
            is_hidden |= part == "HttpOnly";
        }
        let url = &self.origin;
        json!({ "url": url, "name": name, "value": value, "path": path, "httpOnly": is_hidden })
    }

    /// Fails the story for what its pages said or asked for and should not have.
    #[track_caller]
    pub fn finish(&self) {
        for tab in &*self.tabs.borrow() {
            let faults = tab.faults();
            assert!(
                faults.is_empty(),
                "the story went well, but its page did not:\n  {}\n{}",
                faults.join("\n  "),
                report::of(tab)
            );
        }
    }
}

impl Drop for Browser {
    /// Where something else than a step has failed, what is on the screen tells why.
    fn drop(&mut self) {
        if std::thread::panicking() {
            let tabs = self.tabs.take();
            for tab in tabs.iter().filter(|tab| !tab.told.get()) {
                eprintln!("{}", report::of(tab));
            }
        }
    }
}
