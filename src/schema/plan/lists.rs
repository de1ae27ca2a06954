//! Lists (of options, of relations) as values of other types, and such values as lists, in SQL.

use super::convert::{P, cat};
use crate::{
    db::Sql,
    schema::{
        field::Field,
        fields::{FieldType, MOST_RELATIONS, Multiselect},
    },
};

/// True if both are lists of options.
pub fn are_choices(old: &Field, new: &Field) -> bool {
    is_choice(old) && is_choice(new)
}

/// True if options stand in another order, so that every list of them is written otherwise.
pub fn reorders(old: &Field, new: &Field) -> bool {
    let kept = |of: &Field, other: &Field| -> Vec<String> {
        let options = of.options.options.iter();
        let kept = options.filter(|option| other.options.options.contains(option));
        kept.cloned().collect()
    };
    are_choices(old, new) && kept(old, new) != kept(new, old)
}

fn is_choice(field: &Field) -> bool {
    field.kind.name() == Multiselect.name()
}

/// What a list is as a text: its only item, else its JSON; nothing if it is empty.
pub fn text(list: &Sql) -> Sql {
    cat(&[
        P::Of("CASE json_array_length("),
        P::Is(list),
        P::Of(") WHEN 0 THEN NULL WHEN 1 THEN json_extract("),
        P::Is(list),
        P::Of(", '$[0]') ELSE "),
        P::Is(list),
        P::Of(" END"),
    ])
}

/// The list that a text is: its items if it is a JSON array, else itself as the only one.
pub fn of_text(text: &Sql) -> Sql {
    cat(&[
        P::Of("CASE WHEN "),
        P::Is(text),
        P::Of(" IS NULL THEN NULL WHEN NOT json_valid("),
        P::Is(text),
        P::Of(") THEN json_array("),
        P::Is(text),
        P::Of(") ELSE CASE json_type("),
        P::Is(text),
        P::Of(") WHEN 'array' THEN "),
        P::Is(text),
        P::Of(" ELSE json_array("),
        P::Is(text),
        P::Of(") END END"),
    ])
}

/// A list as one of `new`: what it does not take becomes NULL as a whole.
///
/// Between two lists of options it stays as it is then, for the CHECK to refuse.
pub fn converted(list: &Sql, old: &Field, new: &Field, target: Option<&str>) -> Sql {
    let Some(target) = target else {
        let chosen = chosen(list, &new.options.options);
        return match are_choices(old, new) {
            true => cat(&[
                P::Of("coalesce("),
                P::Is(&chosen),
                P::Of(", "),
                P::Is(list),
                P::Of(")"),
            ]),
            false => chosen,
        };
    };
    linked(list, target)
}

/// The items of the lists that are no options of `new`, as a condition on a list of `old`.
pub fn holds_others(old: &Field, new: &Field) -> Sql {
    // Bare names in it would be taken for columns of `json_each`.
    let mut sql = Sql::new("(SELECT EXISTS (SELECT 1 FROM json_each(_items) AS _item WHERE ");
    sql.push("_item.value NOT IN (SELECT _option.value FROM json_each(")
        .literal(&options(&new.options.options))
        .push(") AS _option)) FROM (SELECT ")
        .append(old.sql())
        .push(" AS _items))");
    sql
}

fn options(options: &[String]) -> crate::db::Value {
    crate::db::Value::list(options)
}

/// The same items in the order of the options. There are as many only if each is an option, and
/// none stands twice.
fn chosen(list: &Sql, among: &[String]) -> Sql {
    let mut sql = Sql::new("(SELECT CASE json_array_length(_items) WHEN ");
    sql.push("json_array_length(_chosen) THEN _chosen END FROM (SELECT _items, ")
        .push("(SELECT json_group_array(_option.value ORDER BY _option.key) FROM json_each(")
        .literal(&options(among))
        .push(") AS _option WHERE _option.value IN (SELECT _item.value FROM json_each(_items) ")
        .push("AS _item)) AS _chosen FROM (SELECT ")
        .append_kept(list)
        .push(" AS _items)))");
    sql
}

/// The same where each is a record of `target`.
fn linked(list: &Sql, target: &str) -> Sql {
    let most = i64::try_from(MOST_RELATIONS).unwrap_or(i64::MAX);
    let mut sql = Sql::new("(SELECT CASE WHEN json_array_length(_items) <= ");
    sql.literal(&most.into())
        .push(" AND json_array_length(_items) = (SELECT count(DISTINCT _item.value) FROM ")
        .push("json_each(_items) AS _item JOIN ")
        .ident(target)
        .push(" AS _target ON _target.\"id\" = _item.value) THEN (SELECT ")
        .push("json_group_array(_item.value ORDER BY _item.key) FROM json_each(_items) AS _item) ")
        .push("END FROM (SELECT ")
        .append_kept(list)
        .push(" AS _items))");
    sql
}
