//! Every operator and function: a rule, what it is for a record with values and for one with nulls,
//! and its SQL.

use serde_json::json;

use super::Site;
use crate::rules::Verdict;

/// A post with a value in every field, and one without.
fn site() -> Site {
    let values = json!({
        "title": "Red r\u{e9}d", "status": "live", "total": 9990, "count_of": 3, "score": 0.5,
        "done": true, "starts": "2026-01-15T10:30:00.000Z", "day": "2026-01-15",
        "colors": ["red", "blue"],
        "meta": { "color": "red", "n": 2.5, "on": true, "off": null, "tags": ["a", 1, "A", true] },
    });
    Site::new()
        .add("posts", 'P', 1, &values)
        .add("posts", 'P', 2, &json!({}))
}

/// What a rule says of both, and its SQL, the table's name left out.
#[test]
fn every_operator_says_what_it_should() {
    let site = site();
    let mut wrong = Vec::new();
    for &(rule, expected, sql) in TABLE {
        let checked = site.rule("posts", rule);
        let found = site.answers("posts", &checked);
        let [holds, _] = site.verdicts("posts", &checked);
        let text = match holds {
            Verdict::When(sql) => sql.text().replace("\"posts\".", ""),
            constant => format!("{constant:?}"),
        };
        if (&*found, &*text) != (expected, sql) {
            wrong.push(format!("({rule:?}, {found:?}, {text:?}),"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

const TABLE: &[(&str, &str, &str)] = &[
    (r#"title == "Red réd""#, "+-", r#""title" = ?"#),
    (r#""Red réd" == title"#, "+-", r#""title" = ?"#),
    (r#"title != "Red réd""#, "-+", r#""title" IS NOT ?"#),
    ("title == null", "-+", r#""title" IS NULL"#),
    ("title != null", "+-", r#""title" IS NOT NULL"#),
    ("null == title", "-+", r#""title" IS NULL"#),
    (r#"!(title == "x")"#, "++", r#""title" IS NOT ?"#),
    (r#"title < "S""#, "+-", r#""title" < ?"#),
    (r#"!(title < "S")"#, "-+", r#"(("title" < ?) IS NOT TRUE)"#),
    (r#"title <= "Red réd""#, "+-", r#""title" <= ?"#),
    ("title > 'Red'", "+-", r#""title" > ?"#),
    (r#""S" >= title"#, "+-", r#""title" <= ?"#),
    (
        r#"status in ["live", "draft"]"#,
        "+-",
        r#""status" IN (?, ?)"#,
    ),
    (
        r#"!(status in ["live"])"#,
        "-+",
        r#"(("status" IN (?)) IS NOT TRUE)"#,
    ),
    ("status in []", "--", "Never"),
    ("total == 99.90", "+-", r#""total" = ?"#),
    ("total == 99.9", "+-", r#""total" = ?"#),
    (r#"total == "99.90""#, "+-", r#""total" = ?"#),
    ("total == 99.901", "--", "Never"),
    ("total != 99.901", "++", "Always"),
    ("total < 99.901", "+-", r#""total" <= ?"#),
    ("total <= 99.899", "--", r#""total" <= ?"#),
    ("total > 99.899", "+-", r#""total" > ?"#),
    ("total >= 99.901", "--", r#""total" > ?"#),
    ("total == 9990e-2", "+-", r#""total" = ?"#),
    ("total in [99.9, 0.001]", "+-", r#""total" IN (?)"#),
    ("total < 1e30", "+-", r#""total" <= ?"#),
    ("total > -1e30", "+-", r#""total" >= ?"#),
    ("total == 1e30", "--", "Never"),
    ("countOf == 3", "+-", r#""count_of" = ?"#),
    ("countOf == 3.0", "+-", r#""count_of" = ?"#),
    ("countOf > 2.5", "+-", r#""count_of" > ?"#),
    ("countOf == 2.5", "--", "Never"),
    ("countOf == score", "-+", r#""count_of" IS "score""#),
    ("countOf > score", "+-", r#""count_of" > "score""#),
    ("score == 0.5", "+-", r#""score" = ?"#),
    ("score < 1", "+-", r#""score" < ?"#),
    ("score in [0.5, 1]", "+-", r#""score" IN (?, ?)"#),
    ("done", "+-", r#""done" = 1"#),
    ("!done", "-+", r#""done" IS NOT 1"#),
    ("done == true", "+-", r#""done" = 1"#),
    ("done == false", "--", r#""done" = ?"#),
    ("done != true", "-+", r#""done" IS NOT 1"#),
    ("done != false", "++", r#""done" IS NOT ?"#),
    ("true != done", "-+", r#""done" IS NOT 1"#),
    ("done in [true]", "+-", r#""done" IN (?)"#),
    (
        r#"starts == "2026-01-15T10:30:00Z""#,
        "+-",
        r#""starts" = ?"#,
    ),
    (
        r#"starts == "2026-01-15T12:30:00+02:00""#,
        "+-",
        r#""starts" = ?"#,
    ),
    (r#"starts > "2026-01-15""#, "+-", r#""starts" > ?"#),
    (
        r#"starts == timestamp("2026-01-15T10:30:00Z")"#,
        "+-",
        r#""starts" = ?"#,
    ),
    (
        r#"starts in ["2026-01-15T10:30:00Z", "2026-01-15"]"#,
        "+-",
        r#""starts" IN (?, ?)"#,
    ),
    ("starts <= now()", "+-", r#""starts" <= ?"#),
    (r#"now() > "2026-01-01""#, "++", "? > ?"),
    (r#"day == "2026-01-15""#, "+-", r#""day" = ?"#),
    (
        "day < starts",
        "+-",
        r#"("day" || 'T00:00:00.000Z') < "starts""#,
    ),
    (
        "starts >= day",
        "+-",
        r#""starts" >= ("day" || 'T00:00:00.000Z')"#,
    ),
    (r#"day in ["2026-01-15"]"#, "+-", r#""day" IN (?)"#),
    ("day > now()", "--", r#"("day" || 'T00:00:00.000Z') > ?"#),
    (
        "now().getHours() == 10",
        "++",
        "(CAST(strftime('%H', ?) AS INTEGER) + ?) = ?",
    ),
    (
        "starts.getFullYear() == 2026",
        "+-",
        r#"(CAST(strftime('%Y', "starts") AS INTEGER) + ?) = ?"#,
    ),
    (
        "starts.getMonth() == 0",
        "+-",
        r#"(CAST(strftime('%m', "starts") AS INTEGER) + ?) = ?"#,
    ),
    (
        "starts.getDate() == 15",
        "+-",
        r#"(CAST(strftime('%d', "starts") AS INTEGER) + ?) = ?"#,
    ),
    (
        "starts.getDayOfMonth() == 14",
        "+-",
        r#"(CAST(strftime('%d', "starts") AS INTEGER) + ?) = ?"#,
    ),
    (
        "starts.getDayOfWeek() == 4",
        "+-",
        r#"(CAST(strftime('%w', "starts") AS INTEGER) + ?) = ?"#,
    ),
    (
        "starts.getDayOfYear() == 14",
        "+-",
        r#"(CAST(strftime('%j', "starts") AS INTEGER) + ?) = ?"#,
    ),
    (
        "starts.getMinutes() == 30",
        "+-",
        r#"(CAST(strftime('%M', "starts") AS INTEGER) + ?) = ?"#,
    ),
    (
        "starts.getSeconds() < 1",
        "+-",
        r#"(CAST(strftime('%S', "starts") AS INTEGER) + ?) < ?"#,
    ),
    (r#"title.contains("d r")"#, "+-", r#"instr("title", ?) > 0"#),
    (r#"title.contains("D")"#, "--", r#"instr("title", ?) > 0"#),
    (
        r#"!title.contains("D")"#,
        "++",
        r#"((instr("title", ?) > 0) IS NOT TRUE)"#,
    ),
    (r#"title.contains("")"#, "+-", r#""title" IS NOT NULL"#),
    (
        "title.contains(status)",
        "--",
        r#"instr("title", "status") > 0"#,
    ),
    (
        r#"title.startsWith("Red")"#,
        "+-",
        r#"("title" >= ? AND "title" < ?)"#,
    ),
    (
        r#"title.startsWith("red")"#,
        "--",
        r#"("title" >= ? AND "title" < ?)"#,
    ),
    (r#"title.startsWith("")"#, "+-", r#""title" IS NOT NULL"#),
    (
        r#"title.startsWith("\U0010ffff")"#,
        "--",
        r#"("title" >= ?)"#,
    ),
    (
        "title.startsWith(title)",
        "+-",
        r#"substr("title", 1, length("title")) = "title""#,
    ),
    (r#"title.endsWith("éd")"#, "+-", r#"substr("title", ?) = ?"#),
    (r#"title.endsWith("")"#, "+-", r#""title" IS NOT NULL"#),
    (
        "title.endsWith(title)",
        "+-",
        r#"(substr("title", length("title") + 1 - length("title")) = "title" AND length("title") >= length("title"))"#,
    ),
    (
        "title.endsWith(status)",
        "--",
        r#"(substr("title", length("title") + 1 - length("status")) = "status" AND length("title") >= length("status"))"#,
    ),
    (
        r#"title.lower() == "red réd""#,
        "+-",
        r#"lower("title") = ?"#,
    ),
    (
        r#"title.lower().startsWith("red")"#,
        "+-",
        r#"(lower("title") >= ? AND lower("title") < ?)"#,
    ),
    (
        r#""red" in colors"#,
        "+-",
        r#"(json_type("colors", ?) = 'array' AND EXISTS (SELECT 1 FROM json_each("colors", ?) AS "_3" WHERE "_3".type = 'text' AND "_3".value = ?))"#,
    ),
    (
        r#"!("green" in colors)"#,
        "++",
        r#"(((json_type("colors", ?) = 'array' AND EXISTS (SELECT 1 FROM json_each("colors", ?) AS "_3" WHERE "_3".type = 'text' AND "_3".value = ?))) IS NOT TRUE)"#,
    ),
    (
        "status in colors",
        "--",
        r#"(json_type("colors", ?) = 'array' AND EXISTS (SELECT 1 FROM json_each("colors", ?) AS "_4" WHERE "_4".type = 'text' AND "_4".value = "status"))"#,
    ),
    (
        "colors.size() == 2",
        "+-",
        r#"CASE json_type("colors", ?) WHEN 'array' THEN json_array_length("colors", ?) WHEN 'text' THEN length(json_extract("colors", ?)) END = ?"#,
    ),
    ("colors == null", "-+", r#""colors" IS NULL"#),
    ("colors == previous.colors", "++", r#""colors" IS "colors""#),
    ("title.size() == 7", "+-", r#"length("title") = ?"#),
    ("title.size() > 6", "+-", r#"length("title") > ?"#),
    ("meta == null", "-+", r#"json_extract("meta", ?) IS NULL"#),
    (
        r#"meta.color == "red""#,
        "+-",
        r#"CASE json_type("meta", ?) WHEN 'text' THEN json_extract("meta", ?) END = ?"#,
    ),
    (
        r#"meta.color == "Red""#,
        "--",
        r#"CASE json_type("meta", ?) WHEN 'text' THEN json_extract("meta", ?) END = ?"#,
    ),
    (
        r#"meta.color != "red""#,
        "-+",
        r#"CASE json_type("meta", ?) WHEN 'text' THEN json_extract("meta", ?) END IS NOT ?"#,
    ),
    (
        "meta.color == null",
        "-+",
        r#"json_extract("meta", ?) IS NULL"#,
    ),
    (
        "meta.off == null",
        "++",
        r#"json_extract("meta", ?) IS NULL"#,
    ),
    (
        "meta.gone.deeper != null",
        "--",
        r#"json_extract("meta", ?) IS NOT NULL"#,
    ),
    (
        "meta.color == status",
        "-+",
        r#"CASE json_type("meta", ?) WHEN 'text' THEN json_extract("meta", ?) ELSE iif(json_extract("meta", ?) IS NULL, NULL, x'') END IS "status""#,
    ),
    (
        "meta.n != title",
        "+-",
        r#"CASE json_type("meta", ?) WHEN 'text' THEN json_extract("meta", ?) ELSE iif(json_extract("meta", ?) IS NULL, NULL, x'') END IS NOT "title""#,
    ),
    (
        "meta.n == 2.5",
        "+-",
        r#"CASE json_type("meta", ?) WHEN 'integer' THEN json_extract("meta", ?) WHEN 'real' THEN json_extract("meta", ?) END = ?"#,
    ),
    (
        "meta.n > countOf",
        "--",
        r#"CASE json_type("meta", ?) WHEN 'integer' THEN json_extract("meta", ?) WHEN 'real' THEN json_extract("meta", ?) END > "count_of""#,
    ),
    (
        r#"meta.n == "2.5""#,
        "--",
        r#"CASE json_type("meta", ?) WHEN 'text' THEN json_extract("meta", ?) END = ?"#,
    ),
    (
        r#"meta.n in [2.5, "2.5"]"#,
        "+-",
        r#"(CASE json_type("meta", ?) WHEN 'integer' THEN json_extract("meta", ?) WHEN 'real' THEN json_extract("meta", ?) END IN (?) OR CASE json_type("meta", ?) WHEN 'text' THEN json_extract("meta", ?) END IN (?))"#,
    ),
    (
        "meta.on in [1]",
        "--",
        r#"CASE json_type("meta", ?) WHEN 'integer' THEN json_extract("meta", ?) WHEN 'real' THEN json_extract("meta", ?) END IN (?)"#,
    ),
    (
        "meta.on",
        "+-",
        r#"CASE json_type("meta", ?) WHEN 'true' THEN 1 WHEN 'false' THEN 0 END = 1"#,
    ),
    (
        "!meta.color",
        "++",
        r#"CASE json_type("meta", ?) WHEN 'true' THEN 1 WHEN 'false' THEN 0 END IS NOT 1"#,
    ),
    (
        "meta.on == true",
        "+-",
        r#"CASE json_type("meta", ?) WHEN 'true' THEN 1 WHEN 'false' THEN 0 END = ?"#,
    ),
    (
        "meta.on != false",
        "++",
        r#"CASE json_type("meta", ?) WHEN 'true' THEN 1 WHEN 'false' THEN 0 END IS NOT ?"#,
    ),
    (
        "meta.on == done",
        "++",
        r#"CASE json_type("meta", ?) WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE iif(json_extract("meta", ?) IS NULL, NULL, x'') END IS "done""#,
    ),
    (
        r#"meta.color.startsWith("r")"#,
        "+-",
        r#"(CASE json_type("meta", ?) WHEN 'text' THEN json_extract("meta", ?) END >= ? AND CASE json_type("meta", ?) WHEN 'text' THEN json_extract("meta", ?) END < ?)"#,
    ),
    (
        r#"meta.color.contains("e")"#,
        "+-",
        r#"instr(CASE json_type("meta", ?) WHEN 'text' THEN json_extract("meta", ?) END, ?) > 0"#,
    ),
    (
        r#"meta.color.lower() == "red""#,
        "+-",
        r#"lower(CASE json_type("meta", ?) WHEN 'text' THEN json_extract("meta", ?) END) = ?"#,
    ),
    (
        "meta.color.size() == 3",
        "+-",
        r#"CASE json_type("meta", ?) WHEN 'array' THEN json_array_length("meta", ?) WHEN 'text' THEN length(json_extract("meta", ?)) END = ?"#,
    ),
    (
        "meta.tags.size() == 4",
        "+-",
        r#"CASE json_type("meta", ?) WHEN 'array' THEN json_array_length("meta", ?) WHEN 'text' THEN length(json_extract("meta", ?)) END = ?"#,
    ),
    (
        "meta.size() == null",
        "++",
        r#"CASE json_type("meta", ?) WHEN 'array' THEN json_array_length("meta", ?) WHEN 'text' THEN length(json_extract("meta", ?)) END IS NULL"#,
    ),
    (
        r#""a" in meta.tags"#,
        "+-",
        r#"(json_type("meta", ?) = 'array' AND EXISTS (SELECT 1 FROM json_each("meta", ?) AS "_3" WHERE "_3".type = 'text' AND "_3".value = ?))"#,
    ),
    (
        "1 in meta.tags",
        "+-",
        r#"(json_type("meta", ?) = 'array' AND EXISTS (SELECT 1 FROM json_each("meta", ?) AS "_3" WHERE "_3".type IN ('integer', 'real') AND "_3".value = ?))"#,
    ),
    (
        "true in meta.tags",
        "+-",
        r#"(json_type("meta", ?) = 'array' AND EXISTS (SELECT 1 FROM json_each("meta", ?) AS "_3" WHERE "_3".type IN ('true', 'false') AND "_3".value = ?))"#,
    ),
    (
        "false in meta.tags",
        "--",
        r#"(json_type("meta", ?) = 'array' AND EXISTS (SELECT 1 FROM json_each("meta", ?) AS "_3" WHERE "_3".type IN ('true', 'false') AND "_3".value = ?))"#,
    ),
    (
        "status in meta.tags",
        "--",
        r#"(json_type("meta", ?) = 'array' AND EXISTS (SELECT 1 FROM json_each("meta", ?) AS "_4" WHERE "_4".type = 'text' AND "_4".value = "status"))"#,
    ),
    (
        "countOf in meta.tags",
        "--",
        r#"(json_type("meta", ?) = 'array' AND EXISTS (SELECT 1 FROM json_each("meta", ?) AS "_4" WHERE "_4".type IN ('integer', 'real') AND "_4".value = "count_of"))"#,
    ),
    (
        r#""color" in meta"#,
        "--",
        r#"(json_type("meta", ?) = 'array' AND EXISTS (SELECT 1 FROM json_each("meta", ?) AS "_3" WHERE "_3".type = 'text' AND "_3".value = ?))"#,
    ),
    (
        r#""red" in meta.color"#,
        "--",
        r#"(json_type("meta", ?) = 'array' AND EXISTS (SELECT 1 FROM json_each("meta", ?) AS "_3" WHERE "_3".type = 'text' AND "_3".value = ?))"#,
    ),
    ("true", "++", "Always"),
    ("false", "--", "Never"),
    (
        r#"done && title == "x""#,
        "--",
        r#"("done" = 1 AND "title" = ?)"#,
    ),
    (
        r#"done || title == "x""#,
        "+-",
        r#"("done" = 1 OR "title" = ?)"#,
    ),
    (
        r#"!(done && title == "x")"#,
        "++",
        r#"("done" IS NOT 1 OR "title" IS NOT ?)"#,
    ),
    (
        r#"!(done || title == "x")"#,
        "-+",
        r#"("done" IS NOT 1 AND "title" IS NOT ?)"#,
    ),
    (
        r#"done && (title == "x" || status == "live") && countOf > 1"#,
        "+-",
        r#"("done" = 1 AND ("title" = ? OR "status" = ?) AND "count_of" > ?)"#,
    ),
    ("auth != null", "++", "Always"),
    ("auth == null", "--", "Never"),
    (r#"auth.id == "nobody""#, "--", "? = ?"),
    (r#"auth.can("posts:write")"#, "++", "Always"),
    (r#"!auth.can("posts:read")"#, "++", "Always"),
    (r#""editor" in auth.roles"#, "++", "Always"),
    (r#""admin" in auth.roles"#, "--", "Never"),
    (
        "status in auth.roles",
        "--",
        r#""status" IN (SELECT value FROM json_each(?))"#,
    ),
    (
        "createdAt <= updatedAt",
        "++",
        r#""created_at" <= "updated_at""#,
    ),
    ("version == 1", "++", r#""version" = ?"#),
    ("id != null", "++", r#""id" IS NOT NULL"#),
];
