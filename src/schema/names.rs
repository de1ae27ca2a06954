//! Names: `snake_case` in SQLite, camelCase and kebab-case in the API.
//!
//! A letter stands behind each `_`, so every `_` leaves a capital behind it in camelCase and every
//! capital stems from a `_`: the change loses nothing, and no two names share a form. With digits
//! allowed there, `a_1` and `a1` would both be `a1`.

/// The longest name, in characters.
pub const MAX_LENGTH: usize = 63;

/// Words that neither a collection nor a field can take: section 2 of the protocol.
const RESERVED: &[&str] = &[
    "aggregate",
    "batch",
    "broadcast",
    "count",
    "export",
    "files",
    "history",
    "import",
    "presence",
    "restore",
    "revert",
    "search",
    "activate",
    "deactivate",
    "unlock",
    "at",
    "cursor",
    "expand",
    "fields",
    "filter",
    "limit",
    "on",
    "page",
    "page_size",
    "per_page",
    "sort",
    "sort_by",
    "sort_order",
    "system",
    "trashed",
    "via",
    "version",
    "id",
    "created_at",
    "updated_at",
    "deleted_at",
    "auth",
    "previous",
    "now",
];

/// Tables that SQLite has by itself; one of ours with such a name would hide it.
const TABLES_OF_SQLITE: &[&str] = &[
    "bytecode",
    "dbstat",
    "json_each",
    "json_tree",
    "jsonb_each",
    "jsonb_tree",
    "tables_used",
];

/// Plurals that the endings do not tell.
const IRREGULAR: &[(&str, &str)] = &[
    ("children", "child"),
    ("men", "man"),
    ("women", "woman"),
    ("people", "person"),
    ("mice", "mouse"),
    ("feet", "foot"),
    ("data", "data"),
    ("media", "media"),
    ("news", "news"),
    ("series", "series"),
    ("movies", "movie"),
    ("cookies", "cookie"),
    ("quizzes", "quiz"),
];

/// Endings of a plural and of its singular; the first that fits counts.
const ENDINGS: &[(&str, &str)] = &[
    ("ies", "y"),
    ("sses", "ss"),
    ("shes", "sh"),
    ("ches", "ch"),
    ("xes", "x"),
    ("atuses", "atus"),
    ("buses", "bus"),
    ("ss", "ss"),
    ("us", "us"),
    ("is", "is"),
    ("s", ""),
];

/// Checks the form of a name: lower `snake_case`, from a letter on, a letter behind each `_`.
///
/// # Errors
/// What is wrong with it, in words.
pub fn check_form(name: &str) -> Result<(), &'static str> {
    if name.len() > MAX_LENGTH {
        return Err("Must have at most 63 characters");
    }
    let starts_well = name.split('_').all(|word| {
        let mut letters = word.bytes();
        letters
            .next()
            .is_some_and(|first| first.is_ascii_lowercase())
            && letters.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    });
    if starts_well {
        Ok(())
    } else {
        Err("Must be lower snake_case: a to z, 0 to 9 and _, with a letter first and behind each _")
    }
}

/// True for a word that neither a collection nor a field can take.
pub fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name)
}

/// True for a name that a table cannot take beside the reserved words: SQLite's own.
pub fn is_reserved_table(name: &str) -> bool {
    name.starts_with("sqlite") || name.starts_with("pragma_") || TABLES_OF_SQLITE.contains(&name)
}

/// `display_name` to `displayName`.
pub fn camel(snake: &str) -> String {
    let mut words = snake.split('_');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        camel.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        camel.push_str(letters.as_str());
    }
    camel
}

/// `displayName` to `display_name`.
pub fn snake(camel: &str) -> String {
    let mut snake = String::with_capacity(camel.len() + 4);
    for letter in camel.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// `order_items` to `order-items`.
pub fn kebab(snake: &str) -> String {
    snake.replace('_', "-")
}

/// Guesses `order_item` for `order_items`. The operator sees the guess and can set another.
pub fn guess_singular(plural: &str) -> String {
    let start = plural.rfind('_').map_or(0, |at| at + 1);
    let (before, word) = plural.split_at(start);
    let irregular = IRREGULAR.iter().find(|(plural, _)| *plural == word);
    if let Some((_, singular)) = irregular {
        return format!("{before}{singular}");
    }
    let by_ending = ENDINGS.iter().find_map(|(many, one)| {
        let stem = word.strip_suffix(many)?;
        (!stem.is_empty()).then(|| format!("{before}{stem}{one}"))
    });
    by_ending.unwrap_or_else(|| plural.to_owned())
}

/// What is behind a relation, `user` for `user_id`, or behind a list of them, `tags` for
/// `tag_ids`.
pub fn behind(column: &str) -> Option<String> {
    if let Some(one) = column.strip_suffix("_id") {
        return Some(one.to_owned());
    }
    let one = column.strip_suffix("_ids")?;
    let (before, word) = one.split_at(one.rfind('_').map_or(0, |at| at + 1));
    let irregular = IRREGULAR.iter().find(|(_, singular)| *singular == word);
    if let Some((plural, _)) = irregular {
        return Some(format!("{before}{plural}"));
    }
    let hisses = ["s", "x", "z", "ch", "sh"];
    let vowels = ["ay", "ey", "oy", "uy"];
    Some(match word.strip_suffix('y') {
        Some(stem) if !vowels.iter().any(|end| word.ends_with(end)) => {
            format!("{before}{stem}ies")
        }
        _ if hisses.iter().any(|end| word.ends_with(end)) => format!("{before}{word}es"),
        _ => format!("{before}{word}s"),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::{
        MAX_LENGTH, RESERVED, camel, check_form, guess_singular, is_reserved_table, kebab, snake,
    };

    #[test]
    fn the_protocol_lists_the_reserved_words() {
        let protocol = include_str!("../../docs/protocol.md");
        let listed = format!("`{}`", RESERVED.join(" "));
        assert!(
            protocol.contains(&listed),
            "docs/protocol.md lacks {listed}"
        );
    }

    #[test]
    fn what_is_behind_relations_is_called_by_their_names() {
        for (column, expected) in [
            ("user_id", "user"),
            ("tag_ids", "tags"),
            ("blog_category_ids", "blog_categories"),
            ("key_ids", "keys"),
            ("box_ids", "boxes"),
            ("person_ids", "people"),
        ] {
            assert_eq!(super::behind(column).as_deref(), Some(expected));
        }
        assert_eq!(super::behind("title"), None);
    }

    const NAME: &str = "[a-z][a-z0-9]{0,8}(_[a-z][a-z0-9]{0,8}){0,5}";

    proptest! {
        #[test]
        fn every_valid_name_comes_back_from_camel_case(name in NAME) {
            prop_assert_eq!(check_form(&name), Ok(()));
            prop_assert_eq!(snake(&camel(&name)), name);
        }

        #[test]
        fn what_passes_the_form_comes_back(name in "[a-z0-9_A-Z-]{0,6}") {
            if check_form(&name).is_ok() {
                prop_assert_eq!(snake(&camel(&name)), name.clone());
                prop_assert_eq!(kebab(&name).replace('-', "_"), name);
            }
        }
    }

    /// Every string of up to six of the characters that matter, so that no pair is missed.
    #[test]
    fn no_two_valid_names_share_a_form() {
        let mut names = vec![String::new()];
        let mut seen = HashMap::new();
        for _ in 0..6 {
            names = names
                .iter()
                .flat_map(|name| ["a", "b", "1", "_"].map(|next| format!("{name}{next}")))
                .collect();
            for name in names.iter().filter(|name| check_form(name).is_ok()) {
                assert_eq!(seen.insert(camel(name), name.clone()), None, "{name}");
            }
        }
        assert!(seen.len() > 500);
    }

    #[test]
    fn names_of_another_form_are_refused() {
        let long = "a".repeat(MAX_LENGTH + 1);
        let wrong = [
            "",
            "_a",
            "a_",
            "a__b",
            "a_1",
            "1a",
            "Orders",
            "orderItems",
            "order-items",
            "a b",
            "a\"b",
            "a'b",
            "ä",
            "a\0",
            &long,
        ];
        for name in wrong {
            assert!(check_form(name).is_err(), "{name}");
        }
        assert_eq!(check_form(&"a".repeat(MAX_LENGTH)), Ok(()));
    }

    #[test]
    fn tables_that_sqlite_has_stay_reachable() {
        let conn = rusqlite::Connection::open_in_memory().unwrap();
        let mut modules = conn.prepare("SELECT name FROM pragma_module_list").unwrap();
        let names = modules
            .query_map([], |row| row.get::<_, String>(0))
            .unwrap();
        for name in names.map(Result::unwrap) {
            let virtual_only = name.starts_with("fts") || name.starts_with("rtree");
            assert!(
                virtual_only || check_form(&name).is_err() || is_reserved_table(&name),
                "{name} can be taken"
            );
        }
    }

    #[test]
    fn singulars_are_guessed_by_the_last_word() {
        let pairs = [
            ("orders", "order"),
            ("order_items", "order_item"),
            ("categories", "category"),
            ("addresses", "address"),
            ("boxes", "box"),
            ("houses", "house"),
            ("statuses", "status"),
            ("status", "status"),
            ("team_people", "team_person"),
            ("news", "news"),
            ("s", "s"),
            ("staff", "staff"),
        ];
        for (plural, singular) in pairs {
            assert_eq!(guess_singular(plural), singular);
        }
    }
}
