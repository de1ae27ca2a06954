//! Aggregates: groups of records, and what is computed over each.

use proptest::{collection::vec, prelude::*, test_runner::TestRunner};
use serde_json::{Value as Json, json};
use stead::base::Code;

use crate::support::{app::TestApp, client::Client};

const ORDERS: &str = "/api/v1/orders";

fn orders() -> (TestApp, Client) {
    let app = TestApp::start();
    app.define(json!({ "name": "orders", "fields": [
        { "name": "status", "type": "select", "options": ["new", "paid"] },
        { "name": "total", "type": "decimal" },
        { "name": "pieces", "type": "integer" },
        { "name": "weight", "type": "number" },
        { "name": "paid_at", "type": "datetime" },
        { "name": "due", "type": "date" },
        { "name": "gift", "type": "boolean" },
        { "name": "note", "type": "text" },
        { "name": "meta", "type": "json" } ] }));
    let admin = app.admin();
    (app, admin)
}

/// Three orders: two paid, one new without anything.
fn three() -> (TestApp, Client) {
    let (app, admin) = orders();
    for body in [
        json!({ "status": "paid", "total": "10.01", "pieces": 1, "weight": 0.5, "gift": true,
            "paidAt": "2026-01-15T23:59:00Z", "due": "2026-01-31", "note": "a" }),
        json!({ "status": "paid", "total": "20.02", "pieces": 2, "weight": 0.25, "gift": false,
            "paidAt": "2026-02-01T00:00:00Z", "due": "2026-02-28", "note": "b" }),
        json!({ "status": "new" }),
    ] {
        admin.post(ORDERS, &body).created();
    }
    (app, admin)
}

/// The groups that a query gives; the query is escaped here.
#[track_caller]
fn groups(client: &Client, query: &str) -> Json {
    ask(client, query).ok()["items"].clone()
}

fn ask(client: &Client, query: &str) -> crate::support::client::Reply {
    let escape = |letter: char| match letter {
        ' ' | '"' | '<' | '>' | '|' | '+' => format!("%{:02X}", u32::from(letter)),
        letter => letter.to_string(),
    };
    let query: String = query.replace("&&", "%26%26").chars().map(escape).collect();
    client.get(&format!("{ORDERS}/aggregate?{query}"))
}

#[test]
fn groups_and_what_is_computed_over_them() {
    let (_app, admin) = three();
    let found = groups(
        &admin,
        "group=status&select=count(),count(total),sum(total),avg(total),min(createdAt),max(note)",
    );
    let at = "2026-01-15T10:30:00.000Z";
    assert_eq!(
        found,
        json!([
            { "status": "new", "count()": 1, "count(total)": 0, "sum(total)": null,
              "avg(total)": null, "min(createdAt)": at, "max(note)": null },
            { "status": "paid", "count()": 2, "count(total)": 2, "sum(total)": "30.03",
              "avg(total)": "15.015000", "min(createdAt)": at, "max(note)": "b" },
        ])
    );
}

#[test]
fn without_a_group_there_is_one_answer() {
    let (_app, admin) = three();
    assert_eq!(groups(&admin, ""), json!([{ "count()": 3 }]));
    let none = groups(
        &admin,
        "status[eq]=paid&pieces[gt]=9&select=count(),sum(pieces)",
    );
    assert_eq!(none, json!([{ "count()": 0, "sum(pieces)": null }]));
    let grouped = groups(&admin, "pieces[gt]=9&group=status");
    assert_eq!(grouped, json!([]), "of nothing there are no groups");
}

#[test]
fn each_type_is_shown_as_its_field_shows_it() {
    let (_app, admin) = three();
    let select = "sum(pieces),avg(pieces),sum(weight),avg(weight),min(due),max(paidAt),min(status)";
    let found = groups(&admin, &format!("status=paid&select={select}"));
    assert_eq!(
        found,
        json!([{ "sum(pieces)": 3, "avg(pieces)": "1.5000", "sum(weight)": 0.75,
            "avg(weight)": 0.375, "min(due)": "2026-01-31",
            "max(paidAt)": "2026-02-01T00:00:00.000Z", "min(status)": "paid" }])
    );
    let gifts = groups(&admin, "group=gift");
    assert_eq!(
        gifts,
        json!([{ "gift": null, "count()": 1 }, { "gift": false, "count()": 1 },
            { "gift": true, "count()": 1 }])
    );
}

#[test]
fn groups_by_several_fields_and_by_parts_of_a_date() {
    let (_app, admin) = three();
    let months = groups(&admin, "group=month(paidAt),status&sort=-month(paidAt)");
    assert_eq!(
        months,
        json!([
            { "month(paidAt)": "2026-02", "status": "paid", "count()": 1 },
            { "month(paidAt)": "2026-01", "status": "paid", "count()": 1 },
            { "month(paidAt)": null, "status": "new", "count()": 1 },
        ])
    );
    let parts = groups(&admin, "status=paid&pieces=1&group=year(due),day(paidAt)");
    assert_eq!(
        parts,
        json!([{ "year(due)": "2026", "day(paidAt)": "2026-01-15", "count()": 1 }])
    );
}

#[test]
fn sums_are_exact_and_wider_than_any_field() {
    let (_app, admin) = orders();
    let most = i64::MAX.to_string();
    for _ in 0..3 {
        let body = json!({ "pieces": most, "total": "92233720368547758.07" });
        admin.post(ORDERS, &body).created();
    }
    for _ in 0..10 {
        admin.post(ORDERS, &json!({ "total": "0.10" })).created();
    }
    let found = groups(
        &admin,
        "select=sum(pieces),avg(pieces),sum(total),avg(total)",
    );
    assert_eq!(
        found,
        json!([{ "sum(pieces)": "27670116110564327421", "avg(pieces)": "9223372036854775807.0000",
            "sum(total)": "276701161105643275.21", "avg(total)": "21284704700434098.093077" }])
    );
    let tenths = groups(
        &admin,
        "total[lt]=1&select=sum(total)&having=sum(total) == 1.00",
    );
    assert_eq!(tenths, json!([{ "sum(total)": "1.00" }]));
    let more = "select=sum(pieces)&having=sum(pieces) > 27670116110564327420.5";
    assert_eq!(groups(&admin, more).as_array().unwrap().len(), 1);
    let less = "select=sum(pieces)&having=sum(pieces) > 27670116110564327421";
    assert_eq!(groups(&admin, less), json!([]));
}

#[test]
fn a_sum_of_doubles_beyond_them_is_refused() {
    let (_app, admin) = orders();
    for _ in 0..2 {
        admin.post(ORDERS, &json!({ "weight": 1.7e308 })).created();
    }
    for select in ["sum(weight)", "avg(weight)"] {
        let error = ask(&admin, &format!("select={select}")).error(Code::Unprocessable);
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(select), "{message}");
    }
    assert_eq!(
        groups(&admin, "select=max(weight)"),
        json!([{ "max(weight)": 1.7e308 }])
    );
}

#[test]
fn having_chooses_among_groups_by_the_language_of_filters() {
    let (_app, admin) = three();
    let rows = [
        ("count() >= 2", "paid"),
        ("2 > count()", "new"),
        ("sum(total) > 30.02 && sum(total) < 30.031", "paid"),
        ("sum(total) == null", "new"),
        ("sum(total) != null", "paid"),
        ("!(sum(total) > 5)", "new"),
        ("sum(total) != 5", "new paid"),
        ("sum(total) in [1, 30.03]", "paid"),
        ("status == \"new\" || count() == 2", "new paid"),
        ("avg(total) == \"15.015\"", "paid"),
        ("min(paidAt) < \"2026-01-16\"", "paid"),
        ("min(paidAt) < max(paidAt)", "paid"),
        ("count() == count(total)", "paid"),
        ("count() > 1.5", "paid"),
    ];
    for (having, expected) in rows {
        let select = "count(),count(total),sum(total),avg(total),min(paidAt),max(paidAt)";
        let found = groups(
            &admin,
            &format!("group=status&select={select}&having={having}"),
        );
        let found = found.as_array().unwrap().iter();
        let found: Vec<&str> = found
            .map(|group| group["status"].as_str().unwrap())
            .collect();
        assert_eq!(found.join(" "), expected, "{having}");
    }
}

#[test]
fn groups_are_sorted_by_what_is_computed() {
    let (_app, admin) = three();
    let order = |sort: &str| {
        let found = groups(
            &admin,
            &format!("group=pieces&select=count(),sum(total)&sort={sort}"),
        );
        let found = found.as_array().unwrap().iter();
        found
            .map(|group| group["pieces"].to_string())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(order("-sum(total)"), "2 1 null");
    assert_eq!(order("sum(total)"), "null 1 2");
    assert_eq!(order("count(),-pieces"), "2 1 null");
    assert_eq!(order("count()"), "null 1 2", "ties go by the groups");
}

#[test]
fn what_is_no_aggregate_is_refused_with_its_place() {
    let (_app, admin) = three();
    let rows = [
        ("group=nothing", "group"),
        ("group=meta", "group"),
        ("group=status,status", "group"),
        ("group=hour(paidAt)", "group"),
        ("group=month(status)", "group"),
        ("group=deletedAt", "group"),
        ("group=", "group"),
        ("select=sum()", "select"),
        ("select=sum(status)", "select"),
        ("select=avg(gift)", "select"),
        ("select=min(gift)", "select"),
        ("select=max(meta)", "select"),
        ("select=median(total)", "select"),
        ("select=status", "select"),
        ("select=count(),count()", "select"),
        ("having=sum(total) > 1", "having"),
        ("having=count()", "having"),
        ("having=count() > \"x\"", "having"),
        ("having=1 == 1", "having"),
        ("having=count() >", "having"),
        (
            "select=sum(weight),count()&having=sum(weight) > count()",
            "having",
        ),
        ("sort=total", "sort"),
        ("sort=count(),-count()", "sort"),
        ("page=2", "page"),
        ("pageSize=2", "pageSize"),
        ("fields=status", "fields"),
        ("unknown=1", "unknown"),
        ("filter=total >", "filter"),
    ];
    for (query, place) in rows {
        ask(&admin, query).faults(Code::InvalidInput, &[place]);
    }
    ask(&admin, "group=a&select=b&total[gt]=x")
        .faults(Code::InvalidInput, &["group", "select", "total[gt]"]);
}

#[test]
fn the_conditions_of_lists_count_and_so_does_trashed() {
    let (app, admin) = three();
    let id = admin.get(&format!("{ORDERS}?status=new")).ok()["items"][0]["id"].clone();
    admin
        .delete(&format!("{ORDERS}/{}", id.as_str().unwrap()))
        .no_content();
    assert_eq!(groups(&admin, ""), json!([{ "count()": 2 }]));
    assert_eq!(groups(&admin, "trashed=with"), json!([{ "count()": 3 }]));
    let day = groups(&admin, "trashed=only&group=day(deletedAt)");
    assert_eq!(
        day,
        json!([{ "day(deletedAt)": "2026-01-15", "count()": 1 }])
    );
    let found = groups(
        &admin,
        "filter=total > 10.01 && note == \"b\"&createdAfter=2026-01-15",
    );
    assert_eq!(found, json!([{ "count()": 1 }]));
    ask(&app.editor(), "trashed=with").error(Code::InsufficientPermissions);
}

#[test]
fn more_groups_than_an_answer_holds_are_refused() {
    let (app, admin) = orders();
    app.change_by_sql(
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
         INSERT INTO orders (id, pieces, created_at, updated_at, version)
         SELECT printf('01P%023d', i), i, '2026-01-15T10:30:00.000Z',
           '2026-01-15T10:30:00.000Z', 1 FROM n",
    );
    let error = ask(&admin, "group=pieces").error(Code::Unprocessable);
    assert!(error["message"].as_str().unwrap().contains("1000 groups"));
    for fewer in ["pieces[lt]=1000", "having=pieces < 1000"] {
        let found = groups(&admin, &format!("group=pieces&{fewer}"));
        assert_eq!(found.as_array().unwrap().len(), 1_000, "{fewer}");
    }
}

#[test]
fn an_answer_is_never_older_than_what_was_acknowledged() {
    let (_app, admin) = orders();
    for count in 1..=5 {
        admin.post(ORDERS, &json!({ "pieces": 2 })).created();
        let found = groups(&admin, "select=count(),sum(pieces)");
        assert_eq!(
            found,
            json!([{ "count()": count, "sum(pieces)": 2 * count }])
        );
        let other = groups(&admin, "select=count(),avg(pieces)");
        assert_eq!(
            other,
            json!([{ "count()": count, "avg(pieces)": "2.0000" }])
        );
    }
}

#[test]
fn users_are_taken_together_by_who_may_read_them() {
    let app = TestApp::start();
    app.add_user("eve", &["editor"]);
    let path = "/api/v1/users/aggregate?group=status,verified";
    let found = app.admin().get(path).ok();
    assert_eq!(
        found["items"],
        json!([{ "status": "active", "verified": false, "count()": 2 }])
    );
    app.viewer().get(path).error(Code::InsufficientPermissions);
}

/// Whatever the numbers are, nothing is lost: each sum is what big integers say.
#[test]
fn sums_and_averages_are_those_of_exact_numbers() {
    let (app, admin) = orders();
    let numbers = (0..3_i64, proptest::option::of(any::<i64>()));
    let mut runner = TestRunner::new(ProptestConfig::with_cases(24));
    let run = runner.run(&vec(numbers, 0..12), |rows| {
        fill(&app, &rows);
        let found = groups(
            &admin,
            "group=pieces&select=sum(total),avg(total),count(total)",
        );
        prop_assert_eq!(found, Json::from(model(&rows)));
        Ok(())
    });
    run.unwrap();
}

fn fill(app: &TestApp, rows: &[(i64, Option<i64>)]) {
    let mut script = "DELETE FROM orders;".to_owned();
    for (i, (pieces, total)) in rows.iter().enumerate() {
        let total = total.map_or("NULL".to_owned(), |total| total.to_string());
        let at = "'2026-01-15T10:30:00.000Z'";
        script.push_str(&format!(
            "INSERT INTO orders (id, pieces, total, created_at, updated_at, version)
             VALUES (printf('01P%023d', {i}), {pieces}, {total}, {at}, {at}, 1);"
        ));
    }
    app.change_by_sql(&script);
}

fn model(rows: &[(i64, Option<i64>)]) -> Vec<Json> {
    let group = |pieces: i64| {
        let mine = rows.iter().filter(move |(other, _)| *other == pieces);
        let values: Vec<i128> = mine
            .clone()
            .filter_map(|(_, total)| Some((*total)?.into()))
            .collect();
        mine.clone().next()?;
        let (sum, count) = (values.iter().sum::<i128>(), values.len());
        let shown = |number: i128, scale: u32| {
            let unit = 10_u128.pow(scale);
            let (sign, size) = (if number < 0 { "-" } else { "" }, number.unsigned_abs());
            format!("{sign}{}.{:02$}", size / unit, size % unit, scale as usize)
        };
        let average = || nearest(sum * 10_000, i128::try_from(count).unwrap());
        let some = |text: String| if count == 0 { Json::Null } else { text.into() };
        Some(
            json!({ "pieces": pieces, "count(total)": count, "sum(total)": some(shown(sum, 2)),
            "avg(total)": if count == 0 { Json::Null } else { shown(average(), 6).into() } }),
        )
    };
    (0..3).filter_map(group).collect()
}

/// Found by trying, so that it shares no arithmetic with what it checks.
fn nearest(wide: i128, count: i128) -> i128 {
    let about = wide / count;
    let candidates = (about - 1)..=(about + 1);
    let off = |number: &i128| ((number * count - wide).abs(), number % 2 != 0);
    candidates.min_by_key(off).unwrap()
}
