//! Multi-line macros and repetitions: collected line by line, and read where they are used.

use std::cell::Cell;
use std::rc::Rc;

use super::multi::{self, Use};
use super::token::{Kind, Word, joined, trimmed, words};
use super::{Collecting, Preprocessor, Reason, SourceLine, Target};
use crate::Expansion;

impl Preprocessor<'_> {
    /// Starts a multi-line macro if the line uses one.
    pub(super) fn call(&mut self, line: &[Word]) -> bool {
        let line = trimmed(line);
        if self.try_call(line, &[]) {
            return true;
        }
        let Some(label) = line.first().filter(|w| w.kind == Kind::Name) else { return false };
        let mut rest = trimmed(&line[1..]);
        if rest.first().is_some_and(|w| w.is(":")) {
            rest = trimmed(&rest[1..]);
        }
        let label = [label.clone(), Word::new(Kind::Sign, ":", label.column)];
        !rest.is_empty() && self.try_call(rest, &label)
    }

    pub(super) fn try_call(&mut self, line: &[Word], label: &[Word]) -> bool {
        let Some(name) = line.first().filter(|w| matches!(w.kind, Kind::Name)) else { return false };
        let Some(list) = self.multi.get(&name.text.to_ascii_lowercase()) else { return false };
        let given = multi::arguments(&line[1..]);
        // Within itself a macro is not one, so that it can stand for the instruction of its name.
        let runs = |m: &multi::Macro| {
            self.frames
                .iter()
                .filter(|f| matches!(f.reason, Reason::Macro))
                .any(|f| Rc::ptr_eq(&f.lines, &m.body))
        };
        let fits = |m: &&Rc<multi::Macro>| {
            (!m.exact || m.name == name.text) && m.accepts(given.len()) && (m.recursive || !runs(m))
        };
        let Some(found) = list.iter().find(fits).cloned() else {
            let named =
                list.iter().any(|m| (!m.exact || m.name == name.text) && !m.accepts(given.len()) && !runs(m));
            if named && self.last {
                let column = name.column;
                let text =
                    format!("the macro `{}` exists, but not with {} parameters", name.text, given.len());
                let warning = self.diagnostic(column, text);
                self.warnings.push(warning);
            }
            return false;
        };
        let arguments = found.complete(&line[1..], given);
        self.start(&found, name, arguments, label);
        true
    }

    pub(super) fn start(
        &mut self,
        found: &Rc<multi::Macro>,
        name: &Word,
        arguments: Vec<String>,
        label: &[Word],
    ) {
        self.unique += 1;
        let invocation = Use {
            names: (found.name.clone(), name.text.clone()),
            arguments,
            unique: self.unique,
            rotation: Cell::new(0),
            label: label.first().map_or(String::new(), |w| w.text.clone()),
        };
        let parent = self.frames.last().and_then(|f| f.expansion);
        let (number, file) = (self.number, self.file());
        if !label.is_empty() && !found.takes_label {
            let line = Rc::new(vec![SourceLine { text: joined(label).into(), number }]);
            let body = found.body.clone();
            self.enter(found, body, invocation, number, parent, file.clone());
            self.push(line, Reason::Macro, file);
            if let Some(frame) = self.frames.last_mut() {
                (frame.fixed, frame.invocation, frame.expansion) = (Some(number), None, parent);
            }
        } else {
            self.enter(found, found.body.clone(), invocation, number, parent, file);
        }
    }

    pub(super) fn enter(
        &mut self,
        found: &multi::Macro,
        body: Rc<Vec<SourceLine>>,
        invocation: Use,
        number: u32,
        parent: Option<u32>,
        file: Option<Rc<str>>,
    ) {
        self.push(body, Reason::Macro, file);
        let defined_in = found.file.as_ref().map(|f| f.to_string());
        let index = self.expansions.len() as u32;
        self.expansions.push(Expansion { name: found.name.clone(), file: defined_in, line: number, parent });
        if let Some(frame) = self.frames.last_mut() {
            frame.invocation = Some(Rc::new(invocation));
            frame.fixed = Some(number);
            frame.expansion = Some(index);
        }
    }

    /// A line of a macro or repetition that is not closed yet.
    pub(super) fn collect(&mut self, source: SourceLine) {
        let found = words(&source.text, 1, true);
        let first = trimmed(&found).first().map_or(String::new(), |w| w.text.to_ascii_lowercase());
        let Some(collecting) = &mut self.collecting else { return };
        let is_macro = matches!(collecting.target, Target::Macro(_));
        let (opens, closes): (&[&str], &[&str]) = if is_macro {
            (&["%macro", "%imacro", "%rmacro", "%irmacro"], &["%endmacro", "%endm"])
        } else {
            (&["%rep"], &["%endrep"])
        };
        if opens.contains(&first.as_str()) {
            collecting.depth += 1;
        } else if closes.contains(&first.as_str()) {
            if collecting.depth == 0 {
                self.collected();
                return;
            }
            collecting.depth -= 1;
        }
        collecting.lines.push(source);
    }

    pub(super) fn collected(&mut self) {
        let Some(Collecting { lines, target, .. }) = self.collecting.take() else { return };
        match target {
            Target::Macro(mut new) => {
                new.takes_label = lines.iter().any(|l| l.text.contains("%00") || l.text.contains("%{00}"));
                new.body = Rc::new(lines);
                new.file = self.file();
                let list = self.multi.entry(new.name.to_ascii_lowercase()).or_default();
                // The newest of those that fit is used, and one for the same numbers goes.
                list.retain(|old| {
                    !((old.name == new.name) && old.least == new.least && old.most == new.most)
                });
                list.insert(0, Rc::new(new));
            }
            Target::Repeat(0) => {}
            Target::Repeat(count) => {
                let file = self.file();
                self.push(Rc::new(lines), Reason::Repeat(count - 1), file);
            }
        }
    }
}
