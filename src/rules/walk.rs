//! Going through the parts of a condition.

use super::condition::{Condition, List, Operand, Path, Test};

impl Test {
    /// Every operand of an atom, those within others too.
    pub fn each_operand<'a>(&'a self, see: &mut dyn FnMut(&'a Operand)) {
        match self {
            Self::IsNull(a) | Self::IsTrue(a) | Self::In(a, _) => a.each(see),
            Self::Compare(_, a, b) | Self::Match(_, a, b) => {
                a.each(see);
                b.each(see);
            }
            _ => {}
        }
    }

    /// Every path of an atom.
    pub fn each_path<'a>(&'a self, see: &mut dyn FnMut(&'a Path)) {
        if let Self::In(_, List::Json(path, ..) | List::Ids(path)) = self {
            see(path);
        }
        self.each_operand(&mut |operand| match operand {
            Operand::Path(path) | Operand::Json(path, ..) | Operand::JsonSize(path, _) => see(path),
            Operand::Count(records) => see(&records.of),
            _ => {}
        });
    }
}

impl Operand {
    fn each<'a>(&'a self, see: &mut dyn FnMut(&'a Self)) {
        see(self);
        match self {
            Self::Lower(of) | Self::Length(of) | Self::Midnight(of) | Self::Part(_, of) => {
                of.each(see);
            }
            _ => {}
        }
    }
}

impl Condition {
    /// How much SQL it is, roughly: its parts, its values, and the relations that it follows.
    pub fn weight(&self) -> usize {
        let parts = match &self.test {
            Test::And(parts) | Test::Or(parts) => parts.iter().map(Self::weight).sum(),
            Test::Not(of) => of.weight(),
            Test::Exists(each) | Test::All(each) => {
                each.body.weight() + each.records.of.hops.len() + 1
            }
            atom => {
                let mut hops = 0;
                atom.each_path(&mut |path| hops += path.hops.len());
                hops + match atom {
                    Test::In(_, List::Values(values)) => values.len(),
                    _ => 0,
                }
            }
        };
        parts + 1
    }
}
