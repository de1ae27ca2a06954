//! Random expressions whose types fit.

use super::{
    expr::{Back, Cond, Expr, List, Place, Start},
    tape::Tape,
    value::Type,
    world::{
        Column, DAYS, DECIMALS, INSTANTS, INTEGERS, OPTIONS, PERMISSIONS, REALS, ROLES, TEXTS,
        World,
    },
};

const MAX_HOPS: usize = 4;
const SIGNS: &[&str] = &["==", "!=", "<", "<=", ">", ">="];
const KEYS: &[&str] = &["a", "b", "c", "d", "e", "e.a"];
const PARTS: &[&str] = &[
    "getFullYear",
    "getMonth",
    "getDate",
    "getDayOfMonth",
    "getDayOfWeek",
    "getDayOfYear",
    "getHours",
    "getMinutes",
    "getSeconds",
];
/// Finer than any scale, and beyond 64 bits.
const NUMBERS: &[&str] = &[
    "1.5",
    "0",
    "1",
    "-1",
    "2",
    "0.005",
    "-0.015",
    "1e2",
    "15e-1",
    "1.50000",
    "99999999999999999999",
    "-1e25",
    "3",
];

pub struct Maker<'a> {
    pub world: &'a World,
    pub tape: &'a mut Tape,
    pub table: usize,
    pub is_filter: bool,
    pub has_previous: bool,
    /// The tables of the items around, and how many relations lead to them.
    pub items: Vec<(usize, usize)>,
}

/// An operand and its type; the kind of the field that it is.
type Typed = (Expr, Type, &'static str);

impl Maker<'_> {
    pub fn cond(&mut self, depth: usize) -> Cond {
        let choice = if depth == 0 { 0 } else { self.tape.below(10) };
        match choice {
            5 => Cond::And(self.conds(depth)),
            6 => Cond::Or(self.conds(depth)),
            7 | 8 => Cond::Not(Box::new(self.cond(depth - 1))),
            9 => Cond::Parentheses(Box::new(self.cond(depth - 1))),
            4 => self.each(depth - 1),
            _ => self.atom(),
        }
    }

    fn conds(&mut self, depth: usize) -> Vec<Cond> {
        (0..2 + self.tape.below(2))
            .map(|_| self.cond(depth - 1))
            .collect()
    }

    fn each(&mut self, depth: usize) -> Cond {
        let Some((back, hops)) = self.back() else {
            return self.atom();
        };
        if self.items.len() == MAX_HOPS {
            return self.atom();
        }
        let (is_all, i) = (self.tape.once_in(2), self.items.len());
        self.items.push((back.table, hops));
        let body = self.cond(depth);
        self.items.pop();
        Cond::Each(is_all, back, i, Box::new(body))
    }

    fn atom(&mut self) -> Cond {
        match self.tape.below(16) {
            9 if !self.is_filter => Cond::Can(self.tape.word(PERMISSIONS).to_owned()),
            10 if !self.is_filter => Cond::SignedIn(self.tape.once_in(2)),
            11 => Cond::Constant(self.tape.once_in(2)),
            12 if !self.is_filter => {
                let role = self.tape.word(ROLES).to_owned();
                Cond::In(Expr::Text(role), List::Roles)
            }
            13 => {
                let (place, ..) = self.place(true);
                if place.steps.is_empty() {
                    return self.atom();
                }
                Cond::IsAbsent(place, self.tape.once_in(2))
            }
            _ => self.compared(),
        }
    }

    /// An atom about a value.
    fn compared(&mut self) -> Cond {
        let (operand, of, kind) = self.operand();
        match (self.tape.below(6), of) {
            (5, _) => Cond::IsNull(operand, self.tape.once_in(2)),
            (_, Type::Choices) => self.chosen(operand, kind),
            (_, Type::Boolean) => self.boolean(operand),
            (4, _) => self.within(operand, of, kind),
            (2 | 3, Type::Text | Type::Json) => self.matching(operand),
            (1, _) => self.of_two(operand, of, kind),
            (0, Type::Json) if self.tape.once_in(2) => Cond::IsTrue(operand),
            _ => self.with_constant(operand, of, kind),
        }
    }

    /// Whether something is in a list, or how two lists compare.
    fn chosen(&mut self, list: Expr, kind: &str) -> Cond {
        let (other, of, its) = self.operand();
        match of {
            Type::Choices if kind == its => Cond::Compare(self.equality(), list, other),
            Type::Text | Type::Json => Cond::In(other, List::Json(list)),
            _ => {
                let kind = match kind {
                    "multiselect" => "select",
                    _ => "id",
                };
                Cond::In(self.constant(Type::Text, kind), List::Json(list))
            }
        }
    }

    fn boolean(&mut self, operand: Expr) -> Cond {
        match self.tape.below(4) {
            0 => Cond::IsTrue(operand),
            1 => {
                let (other, of, _) = self.operand();
                match of {
                    Type::Boolean | Type::Json => Cond::Compare(self.equality(), operand, other),
                    _ => Cond::IsTrue(operand),
                }
            }
            2 => Cond::In(
                operand,
                List::Constants(vec![Expr::Boolean(self.tape.once_in(2))]),
            ),
            _ => {
                let value = Expr::Boolean(self.tape.once_in(2));
                Cond::Compare(self.equality(), operand, value)
            }
        }
    }

    fn equality(&mut self) -> &'static str {
        SIGNS[self.tape.below(2)]
    }

    fn with_constant(&mut self, operand: Expr, of: Type, kind: &str) -> Cond {
        let value = self.constant(of, kind);
        let sign = match value {
            Expr::Boolean(_) => self.equality(),
            _ => SIGNS[self.tape.below(6)],
        };
        if self.tape.once_in(4) {
            return Cond::Compare(sign, value, operand);
        }
        Cond::Compare(sign, operand, value)
    }

    /// A constant that can be equal to a field of a kind, by its form.
    fn constant(&mut self, of: Type, kind: &str) -> Expr {
        let text = |text: &str| Expr::Text(text.to_owned());
        let number = |number: &str| Expr::Number(number.to_owned());
        match of {
            Type::Text => match kind {
                "id" | "relation" => text(&format!(
                    "01J{}{:022}",
                    self.tape.below(3),
                    self.tape.below(4)
                )),
                "select" => text(self.tape.word(OPTIONS)),
                _ => text(self.tape.word(TEXTS)),
            },
            Type::Exact(_) => match self.tape.below(3) {
                0 => number(self.tape.word(INTEGERS)),
                1 => number(self.tape.word(DECIMALS)),
                _ => number(self.tape.word(NUMBERS)),
            },
            Type::Real => number(self.tape.word(REALS)),
            Type::Boolean => Expr::Boolean(self.tape.once_in(2)),
            Type::Instant => {
                let text = match self.tape.below(4) {
                    0 | 1 => self.tape.word(INSTANTS),
                    2 => self.tape.word(DAYS),
                    _ => "2026-01-15T11:30:00+01:00",
                };
                match self.tape.below(3) {
                    2 => Expr::Timestamp(text.to_owned()),
                    _ => Expr::Instant(text.to_owned()),
                }
            }
            Type::Day => text(self.tape.word(DAYS)),
            Type::Choices => Expr::Boolean(false),
            Type::Json => match self.tape.below(3) {
                0 => text(self.tape.word(TEXTS)),
                1 => number(self.tape.word(&["1", "2.5", "0", "5"])),
                _ => Expr::Boolean(self.tape.once_in(2)),
            },
        }
    }

    fn within(&mut self, operand: Expr, of: Type, kind: &str) -> Cond {
        if of == Type::Text && !self.is_filter && self.tape.once_in(3) {
            return Cond::In(operand, List::Roles);
        }
        if !matches!(of, Type::Json | Type::Choices | Type::Exact(1..))
            && self.tape.once_in(2)
            && let Some(list) = self.json()
        {
            let item = match self.tape.below(3) {
                0 => operand,
                1 => Expr::Text(self.tape.word(&["red", "1", "green"]).to_owned()),
                _ => Expr::Number("1".to_owned()),
            };
            return Cond::In(item, List::Json(list));
        }
        let items = (0..self.tape.below(4)).map(|_| match self.constant(of, kind) {
            Expr::Timestamp(text) => Expr::Instant(text),
            constant => constant,
        });
        Cond::In(operand, List::Constants(items.collect()))
    }

    /// A JSON field of somewhere.
    fn json(&mut self) -> Option<Expr> {
        let (operand, of, _) = self.operand();
        (of == Type::Json).then_some(operand)
    }

    fn matching(&mut self, operand: Expr) -> Cond {
        let name = self.tape.word(&["contains", "startsWith", "endsWith"]);
        let part = match self.tape.below(3) {
            0 => {
                let (other, of, _) = self.operand();
                match of {
                    Type::Text | Type::Json => other,
                    _ => Expr::Text("r".to_owned()),
                }
            }
            1 => Expr::Text(self.tape.word(TEXTS).to_owned()),
            _ => Expr::Text(
                self.tape
                    .word(&["", "r", "D", "RE", "@", "Z", "example.org", "\u{10ffff}"])
                    .to_owned(),
            ),
        };
        Cond::Match(name, operand, part)
    }

    fn of_two(&mut self, operand: Expr, of: Type, kind: &str) -> Cond {
        let sign = SIGNS[self.tape.below(6)];
        // A few tries to find one that fits.
        for _ in 0..4 {
            let (other, its, _) = self.operand();
            let fits = match (of, its) {
                (Type::Json, Type::Json) => false,
                (Type::Json, Type::Exact(n)) | (Type::Exact(n), Type::Json) => n == 0,
                (Type::Json, Type::Boolean) | (Type::Boolean, Type::Json) => {
                    return Cond::Compare(self.equality(), operand, other);
                }
                (Type::Json, Type::Choices) => false,
                (Type::Json, _) | (_, Type::Json) => true,
                (Type::Exact(0), Type::Real) | (Type::Real, Type::Exact(0)) => true,
                (Type::Day, Type::Instant) | (Type::Instant, Type::Day) => true,
                (a, b) => a == b,
            };
            if fits {
                return Cond::Compare(sign, operand, other);
            }
        }
        self.with_constant(operand, of, kind)
    }

    /// A value of some record, or what is made of one.
    fn operand(&mut self) -> Typed {
        if !self.is_filter {
            match self.tape.below(14) {
                12 => return (Expr::UserId, Type::Text, ""),
                13 => return self.made((Expr::Now, Type::Instant, "")),
                _ => {}
            }
        }
        if self.tape.once_in(8)
            && let Some((back, _)) = self.back()
        {
            return (Expr::Count(back), Type::Exact(0), "");
        }
        let (place, table, _) = self.place(false);
        let world = self.world;
        let Column { name, of, kind, .. } = self.column(&world.tables[table].columns);
        if matches!(place.start, Start::Auth)
            && place.steps.is_empty()
            && (name == "id" || name == "roles")
        {
            return (Expr::UserId, Type::Text, "");
        }
        let mut keys = Vec::new();
        if *of == Type::Json && self.tape.once_in(2) {
            keys = self.tape.word(KEYS).split('.').map(str::to_owned).collect();
        }
        self.made((Expr::Field(place, name.clone(), keys), *of, kind))
    }

    /// One of the collection's own fields rather than of those that all have.
    fn column<'c>(&mut self, columns: &'c [Column]) -> &'c Column {
        let last = columns.len() - 1;
        &columns[last - self.tape.below(columns.len())]
    }

    fn made(&mut self, (operand, of, kind): Typed) -> Typed {
        if !self.tape.once_in(4) {
            return (operand, of, kind);
        }
        let boxed = Box::new(operand);
        match of {
            Type::Text if self.tape.once_in(2) => (Expr::Lower(boxed), Type::Text, ""),
            Type::Text | Type::Json | Type::Choices => (Expr::Size(boxed), Type::Exact(0), ""),
            Type::Instant => (Expr::Part(self.tape.word(PARTS), boxed), Type::Exact(0), ""),
            _ => (*boxed, of, kind),
        }
    }

    /// A record, its table, and how many relations lead to it.
    fn place(&mut self, is_far: bool) -> (Place, usize, usize) {
        let mut starts = vec![(Start::Record, self.table, 0)];
        for (i, (table, hops)) in self.items.iter().enumerate() {
            // Twice, since they are what a body is about.
            starts.extend([(Start::Item(i), *table, *hops); 2]);
        }
        if self.has_previous {
            starts.push((Start::Previous, self.table, 0));
        }
        if !self.is_filter {
            starts.push((Start::Auth, 0, 0));
        }
        let (start, mut table, mut hops) = *self.tape.pick(&starts);
        let mut steps = Vec::new();
        let wanted = self.tape.below(3) + usize::from(is_far);
        while steps.len() < wanted && hops < MAX_HOPS {
            let relations: Vec<_> = self.world.tables[table]
                .columns
                .iter()
                .filter(|c| c.target.is_some())
                .collect();
            if relations.is_empty() {
                break;
            }
            let column = relations[self.tape.below(relations.len())];
            steps.push(column.short());
            table = column.target.unwrap();
            hops += 1;
        }
        (Place { start, steps }, table, hops)
    }

    fn back(&mut self) -> Option<(Back, usize)> {
        let (of, target, hops) = self.place(false);
        let mut ways: Vec<_> = self.world.ways_back(target);
        let pointing = ways.len();
        ways.extend(self.world.lists(target));
        if ways.is_empty() || hops == MAX_HOPS {
            return None;
        }
        let way = self.tape.below(ways.len());
        let (name, table, field) = ways[way].clone();
        Some((
            Back {
                of,
                name,
                table,
                field,
                is_list: way >= pointing,
            },
            hops + 1,
        ))
    }
}
