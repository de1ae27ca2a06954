//! Every screen, once: held to accessibility in both themes, kept within the window of a small
//! phone, and photographed. A new screen needs a line in [`screens`].

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    time::Instant,
};

use super::{
    axe::{holds_by_axe, is_installed},
    driver::{Page, Theme, target_folder},
    stage::furnish,
    story::{Stage, story, story_from_nothing},
};

/// A screen of the instance that [`furnish`] fills.
struct Screen {
    name: &'static str,
    /// Opens it, and waits until all of it is there.
    open: fn(&Stage) -> Page,
}

/// In the order in which somebody comes to them.
fn screens() -> Vec<Screen> {
    vec![
        screen("sign-in", |stage| {
            let page = stage.guest("/admin/");
            page.has("button", "Sign in");
            page
        }),
        screen("sign-in-refused", |stage| {
            let page = stage.guest("/admin/");
            page.click("button", "Sign in");
            page.is_invalid("Email");
            page
        }),
        screen("change-password", |stage| {
            let page = stage.signed_in(
                "ben@example.com",
                crate::support::process::PASSWORD,
                "/admin/",
            );
            page.has("button", "Change password");
            page
        }),
        screen("collections", |stage| {
            let page = stage.admin("/admin/");
            page.sees("orders");
            page
        }),
        screen("picture", |stage| {
            let page = stage.admin("/admin/#/collections/picture");
            page.within("region", "Collections and the relations between them")
                .has("link", "orders");
            page
        }),
        screen("collection-fields", |stage| {
            let page = stage.admin("/admin/#/collections/products/fields");
            page.click("button", "season One of some");
            page.sees("Lists show them in this order.");
            page
        }),
        screen("collection-rules", |stage| {
            let page = stage.admin("/admin/#/collections/products/rules");
            page.has("textbox", "Rule on Update");
            page
        }),
        screen("collection-indexes", |stage| {
            let page = stage.admin("/admin/#/collections/products/indexes");
            page.has("heading", "Index 1");
            page
        }),
        screen("collection-options", |stage| {
            let page = stage.admin("/admin/#/collections/products/options");
            page.holds("Description", "What can be bought");
            page
        }),
        screen("collection-plan", |stage| {
            let page = stage.admin("/admin/#/collections/products/fields");
            page.click("button", "Drop recipe");
            page.click("button", "Review and save");
            page.has("button", "Apply and lose this");
            page
        }),
        screen("collection-new", |stage| {
            let page = stage.admin("/admin/#/collections/new");
            page.sees("Choose a type");
            page
        }),
    ]
}

/// Screens of an instance that nobody has set up.
fn first_screens() -> Vec<Screen> {
    vec![screen("setup", |stage| {
        let page = stage.guest(&stage.setup_link());
        page.has("button", "Create account");
        page
    })]
}

fn screen(name: &'static str, open: fn(&Stage) -> Page) -> Screen {
    Screen { name, open }
}

/// Shows each screen in turn.
fn each(show: impl Fn(&Page, &str)) {
    let all = |stage: &Stage, screens: Vec<Screen>| {
        for Screen { name, open } in screens {
            show(&open(stage), name);
        }
    };
    story_from_nothing(|stage| all(stage, first_screens()));
    story(|stage| {
        furnish(stage);
        all(stage, screens());
    });
}

#[test]
fn every_screen_is_for_everybody() {
    each(|page, name| {
        for theme in [Theme::Light, Theme::Dark] {
            page.theme(theme);
            for width in [1_440, 360] {
                page.width(width);
                holds_by_axe(page, &format!("{name}, {theme:?}, {width} px"));
            }
        }
    });
}

#[test]
fn the_check_sees_what_is_wrong() {
    story(|stage| {
        let page = stage.guest("/admin/");
        page.has("button", "Sign in");
        page.script("document.querySelector('label').remove()");
        let check = AssertUnwindSafe(|| holds_by_axe(&page, "sign-in"));
        assert_eq!(catch_unwind(check).is_err(), is_installed());
    });
}

#[test]
fn no_screen_is_wider_than_a_small_phone() {
    each(|page, name| {
        page.width(320);
        let width = page.script("document.scrollingElement.scrollWidth");
        assert!(width.as_u64() <= Some(320), "{name} is {width} px wide");
    });
}

/// Writes each screen at three widths in both themes to `target/screenshots/`.
pub fn photograph() {
    let folder = target_folder().join("screenshots");
    fs::create_dir_all(&folder).unwrap();
    let start = Instant::now();
    each(|page, name| {
        for (theme, word) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
            page.theme(theme);
            for width in [360, 768, 1_440] {
                page.width(width);
                let path = folder.join(format!("{name}-{width}-{word}.png"));
                fs::write(&path, page.screenshot()).unwrap();
            }
        }
    });
    eprintln!("{}, in {:?}", folder.display(), start.elapsed());
}
