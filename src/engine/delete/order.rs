//! The order in which rows of several tables go: foreign keys are checked at the end of each
//! statement, so a row goes before the one that it points at.

use crate::schema::{Collection, Field};

/// One step of the way.
#[derive(Debug)]
pub enum Step<'a, T> {
    /// Sets these relations to null, because tables point at each other in a circle.
    Loosen(&'a T, Vec<&'a Field>),
    /// Deletes the rows of one table. They may point at each other as they like.
    Delete(&'a T),
}

/// The steps by which rows of all these tables can go, each table being there once.
pub fn children_first<T: AsRef<Collection>>(tables: &[T]) -> Vec<Step<'_, T>> {
    let mut steps = Vec::with_capacity(tables.len());
    let mut left: Vec<&T> = tables.iter().collect();
    let mut is_loose = false;
    while !left.is_empty() {
        let is_free = |one: &&T| !left.iter().any(|other| holds(other, one, is_loose));
        let place = match left.iter().position(is_free) {
            Some(place) => place,
            None if !is_loose => {
                is_loose = true;
                steps.extend(left.iter().filter_map(|one| loosen(*one, &left)));
                continue;
            }
            // A circle of required relations: no row of it could ever have been the first.
            None => 0,
        };
        steps.push(Step::Delete(left.remove(place)));
    }
    steps
}

/// True if rows of `child` may point at rows of `parent`.
fn holds<T: AsRef<Collection>>(child: &&T, parent: &&T, is_loose: bool) -> bool {
    let (child, parent) = (child.as_ref(), parent.as_ref());
    child.name != parent.name
        && child.fields.iter().any(|field| {
            field.collection() == Some(parent.name.as_str()) && (field.required || !is_loose)
        })
}

fn loosen<'a, T: AsRef<Collection>>(one: &'a T, left: &[&'a T]) -> Option<Step<'a, T>> {
    let own = one.as_ref();
    let points_at = |target: &str| {
        target != own.name && left.iter().any(|other| (*other).as_ref().name == target)
    };
    let fields = own.fields.iter();
    let loose: Vec<&Field> = fields
        .filter(|field| !field.required && field.collection().is_some_and(points_at))
        .collect();
    (!loose.is_empty()).then_some(Step::Loosen(one, loose))
}

#[cfg(test)]
mod tests {
    use std::{fmt::Write, sync::Arc};

    use super::{Step, children_first};
    use crate::schema::Collection;

    /// Collections, each with the relations `target` or, required, `target!`.
    fn collections(all: &[(&str, &[&str])]) -> Vec<Arc<Collection>> {
        let read = |(name, targets): &(&str, &[&str])| {
            let fields = targets.iter().map(|target| {
                let name = target.trim_end_matches('!');
                serde_json::json!({ "name": format!("{name}_id"), "type": "relation",
                    "collection": name, "required": target.ends_with('!') })
            });
            let text = serde_json::json!({ "name": "title", "type": "text" });
            let fields: Vec<_> = fields.chain([text]).collect();
            let definition = serde_json::json!({ "name": name, "fields": fields });
            Arc::new(Collection::from_stored(&definition.to_string(), 1).unwrap())
        };
        all.iter().map(read).collect()
    }

    fn told(all: &[(&str, &[&str])]) -> String {
        let collections = collections(all);
        let mut words = String::new();
        for step in children_first(&collections) {
            match step {
                Step::Loosen(one, fields) => {
                    let fields: Vec<&str> = fields.iter().map(|field| &*field.column).collect();
                    write!(words, "({}: {}) ", one.name, fields.join(" ")).unwrap();
                }
                Step::Delete(one) => write!(words, "{} ", one.name).unwrap(),
            }
        }
        words.trim_end().to_owned()
    }

    #[test]
    fn who_points_goes_before_what_it_points_at() {
        let tree: &[(&str, &[&str])] = &[
            ("owners", &[]),
            ("pets", &["owners", "pets"]),
            ("visits", &["pets!", "owners"]),
        ];
        assert_eq!(told(tree), "visits pets owners");
    }

    #[test]
    fn a_circle_of_tables_is_opened_where_it_can_be() {
        let circle: &[(&str, &[&str])] = &[("a", &["b!"]), ("b", &["c"]), ("c", &["a!"])];
        assert_eq!(told(circle), "(b: c_id) c a b");
        let closed: &[(&str, &[&str])] = &[("a", &["b!"]), ("b", &["a!"])];
        assert_eq!(told(closed), "a b");
    }
}
