//! Symbols: labels, local labels, constants (NASM manual, sections 3.1, 3.2.4 and 3.9).

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::expression::{Found, Segment};

/// A symbol's value in the latest pass that defined it.
#[derive(Clone, Debug)]
pub struct Label {
    /// Number, or offset in the section.
    pub value: i64,
    /// The section.
    pub segment: Option<Segment>,
    /// The pass that defined it.
    pub pass: u32,
    /// Name of the included text it is in.
    pub file: Option<Rc<str>>,
    /// Line of the definition.
    pub line: u32,
}

/// What became of a definition.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Defined {
    /// The value is that of the pass before.
    Same,
    /// The value is new.
    Changed,
    /// The symbol has another value already.
    Twice(u32),
}

/// All symbols.
#[derive(Default)]
pub struct Labels {
    symbols: BTreeMap<String, Label>,
    /// The latest label that is not local.
    latest: String,
}

/// True for a name that belongs to the label before it.
fn is_local(name: &str) -> bool {
    name.starts_with('.') && !name.starts_with("..")
}

impl Labels {
    /// Starts a pass.
    pub fn start_pass(&mut self) {
        self.latest.clear();
    }

    /// The name with that of the label it is local to.
    pub fn full_name(&self, name: &str) -> String {
        if is_local(name) { format!("{}{name}", self.latest) } else { name.into() }
    }

    /// Makes local labels belong to this one, if it is none itself.
    pub fn set_latest(&mut self, name: &str) {
        if !name.starts_with('.') {
            self.latest = name.into();
        }
    }

    /// What a name stands for. In the `first` pass what is missing may come yet.
    pub fn find(&self, name: &str, first: bool) -> Found {
        match self.symbols.get(&self.full_name(name)) {
            Some(label) => Found::Value(label.value, label.segment),
            None if first => Found::Forward,
            None => Found::Missing,
        }
    }

    /// Defines a name.
    pub fn define(&mut self, name: &str, new: Label) -> Defined {
        let full = self.full_name(name);
        match self.symbols.get(&full) {
            Some(old) if (old.value, old.segment) == (new.value, new.segment) => {
                self.symbols.insert(full, new);
                Defined::Same
            }
            Some(old) if old.pass == new.pass => Defined::Twice(old.line),
            _ => {
                self.symbols.insert(full, new);
                Defined::Changed
            }
        }
    }

    /// All symbols in the order of names.
    pub fn all(&self) -> impl Iterator<Item = (&String, &Label)> {
        self.symbols.iter()
    }
}
