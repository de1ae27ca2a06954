//! Every screen, once: held to accessibility in both themes, kept within the window of a small
//! phone, and photographed. A new screen needs a line in [`SCREENS`].

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    time::Instant,
};

use serde_json::json;

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
const SCREENS: &[Screen] = &[
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
        let page = stage.admin("/admin/#/collections");
        page.within("main", "").sees("orders");
        page
    }),
    screen("home", |stage| {
        let page = stage.admin("/admin/");
        page.has("heading", "Records per collection");
        page
    }),
    screen("api-choice", |stage| {
        let page = stage.admin("/admin/#/api");
        page.within("main", "").has("link", "orders");
        page
    }),
    screen("api-list", |stage| {
        let page = stage.admin("/admin/#/api/orders");
        page.has("heading", "Answers");
        page.within("region", "Try it").hears("Done.");
        page
    }),
    screen("api-create", |stage| {
        let page = stage.admin("/admin/#/api/products?call=create");
        page.has("heading", "Answers");
        page
    }),
    screen("api-sign-in", |stage| {
        let page = stage.admin("/admin/#/api/orders?call=sign-in");
        page.has("heading", "By token");
        page
    }),
    screen("users", |stage| {
        let page = stage.admin("/admin/#/users");
        page.has("link", "Ben");
        page
    }),
    screen("users-one", |stage| {
        let page = stage.admin("/admin/#/users");
        page.click("link", "Eli");
        page.sees("Signed in nowhere.");
        page
    }),
    screen("users-new", |stage| {
        let page = stage.admin("/admin/#/users/new");
        page.has("checkbox", "viewer");
        page
    }),
    screen("users-trash", |stage| {
        let page = stage.admin("/admin/#/users?trash=1");
        page.sees("The trash is empty");
        page
    }),
    screen("roles", |stage| {
        let page = stage.admin("/admin/#/roles/editor");
        page.check("editor: delete orders");
        page.has("button", "Save");
        page
    }),
    screen("settings", |stage| {
        let page = stage.admin("/admin/#/settings");
        page.sees("password_min");
        page
    }),
    screen("account", |stage| {
        let page = stage.admin("/admin/#/account");
        page.sees("this one");
        page
    }),
    screen("record", |stage| {
        let page = stage.admin(&rye(stage, ""));
        page.has("link", "products, by goesWithIds");
        page
    }),
    screen("record-history", |stage| {
        let page = stage.admin(&rye(stage, "/history"));
        page.has("heading", "Version 1");
        page
    }),
    screen("record-new-refused", |stage| {
        let page = stage.admin("/admin/#/records/orders/new");
        page.click("button", "Create");
        page.is_invalid("number");
        page
    }),
    screen("record-conflict", |stage| {
        let page = stage.admin(&rye(stage, ""));
        page.fill("name", "Dark rye loaf");
        let id = rye_id(stage);
        stage.api(
            "PATCH",
            &format!("/api/v1/products/{id}"),
            &json!({ "name": "Rye loaf, large" }),
        );
        page.expects(412);
        page.click("button", "Save");
        page.has("button", "Save these choices");
        page
    }),
    screen("records", |stage| {
        let page = stage.admin("/admin/#/records/products");
        page.sees("14 records");
        page
    }),
    screen("records-selected", |stage| {
        let page = stage.admin("/admin/#/records/orders?sort=number");
        page.check("Select A-1001");
        page.sees("1 selected");
        page
    }),
    screen("records-filter", |stage| {
        let page =
            stage.admin("/admin/#/records/orders?filter=total > 10 %26%26 status == \"paid\"");
        page.sees("status is paid");
        page.click("button", "Filter");
        page.has("button", "Show what fits");
        page
    }),
    screen("records-import", |stage| {
        let page = stage.admin("/admin/#/records/categories");
        page.click("button", "More");
        page.click("menuitem", "Import");
        page.is_disabled("button", "Import");
        page
    }),
    screen("records-trash", |stage| {
        let page = stage.admin("/admin/#/records/customers?trashed=only");
        page.sees("4 records");
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
];

/// The product that has been changed a few times.
fn rye_id(stage: &Stage) -> String {
    let found = stage.get("/api/v1/products?sort=createdAt&pageSize=1");
    found["items"][0]["id"].as_str().unwrap().to_owned()
}

/// Its place in the page; `view` stands behind that.
fn rye(stage: &Stage, view: &str) -> String {
    format!("/admin/#/records/products/{}{view}", rye_id(stage))
}

/// Screens of an instance that nobody has set up.
const FIRST: &[Screen] = &[screen("setup", |stage| {
    let page = stage.guest(&stage.setup_link());
    page.has("button", "Create account");
    page
})];

const fn screen(name: &'static str, open: fn(&Stage) -> Page) -> Screen {
    Screen { name, open }
}

/// Shows each screen in turn.
fn each(show: impl Fn(&Page, &str)) {
    let all = |stage: &Stage, screens: &[Screen]| {
        for Screen { name, open } in screens {
            show(&open(stage), name);
        }
    };
    story_from_nothing(|stage| all(stage, FIRST));
    story(|stage| {
        furnish(stage);
        all(stage, SCREENS);
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
                // What follows the width waits until it stays.
                page.script("new Promise((done) => setTimeout(done, 200)).then(() => true)");
                page.rests();
                let path = folder.join(format!("{name}-{width}-{word}.png"));
                fs::write(&path, page.screenshot()).unwrap();
            }
        }
    });
    eprintln!("{}, in {:?}", folder.display(), start.elapsed());
}
