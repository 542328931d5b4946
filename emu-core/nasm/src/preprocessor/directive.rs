//! The preprocessor's directives other than conditions.

use super::single::{self, Parameter, quote, text_of};
use super::token::{Kind, Word, joined, split, trimmed, words};
use super::{Around, Collecting, Facts, Preprocessor, Reason, Target, multi};
use crate::preprocessor::single::Surroundings;

/// Repetitions of one `%rep`, at most.
const MOST_REPETITIONS: i64 = 1_000_000;

/// Bytes of a string that a directive makes, at most.
const LONGEST_TEXT: usize = 1 << 20;

impl Preprocessor<'_> {
    /// Does what a line says that begins with `%name`.
    pub(super) fn directive(&mut self, name: &str, rest: &[Word], scope: &dyn Facts) {
        if self.conditional(name, rest, scope) || !self.emitting() {
            return;
        }
        let rest = trimmed(rest);
        match name {
            "define" | "idefine" | "xdefine" | "ixdefine" => self.define(name, rest, scope),
            "assign" | "iassign" | "strlen" | "istrlen" | "substr" | "isubstr" | "strcat" | "istrcat" | "defstr"
            | "idefstr" | "deftok" | "ideftok" => self.compute(name, rest, scope),
            "undef" | "undefalias" => {
                for word in rest.iter().filter(|w| w.kind != Kind::Space) {
                    let name = self.local_name(word, scope);
                    self.single.undefine(&name);
                }
            }
            "macro" | "imacro" | "rmacro" | "irmacro" => self.begin_macro(rest, !name.starts_with('i'), scope),
            "unmacro" | "unimacro" => self.forget_macro(rest),
            "rep" => self.begin_repeat(rest, scope),
            "exitrep" => self.leave("exitrep", |reason| matches!(reason, Reason::Repeat(_))),
            "exitmacro" => self.leave("exitmacro", |reason| matches!(reason, Reason::Macro)),
            "rotate" => self.rotate(rest, scope),
            "push" | "pop" | "repl" => self.context(name, rest),
            "include" => self.include(rest, scope),
            "error" | "warning" | "fatal" => self.message(name, rest, scope),
            "use" => self.package(rest),
            "clear" => {
                self.single.clear();
                self.multi.clear();
            }
            "line" | "pragma" | "depend" | "aliases" | "note" => {}
            "endmacro" | "endm" | "endrep" => self.error(format!("`%{name}` closes nothing")),
            "arg" | "local" | "stacksize" | "pathsearch" => self.error(format!(
                "`%{name}` is not known here: address the stack as `[bp+4]`, or give names to such places by `%define`"
            )),
            _ => self.error(format!("there is no directive `%{}`", name.chars().take(40).collect::<String>())),
        }
    }

    /// The name that is defined or asked for; of `%$name` the full one.
    pub(super) fn local_name(&self, word: &Word, scope: &dyn Facts) -> String {
        let around = Around { scope, number: self.number, file: None, contexts: &self.contexts };
        let full = if word.kind == Kind::Percent { around.context_name(&word.text) } else { None };
        full.unwrap_or_else(|| word.text.clone())
    }

    /// The name at the start of a definition and what follows it. `%[...]` in it is replaced first.
    fn defined_name(&mut self, rest: &[Word], scope: &dyn Facts) -> Option<(String, Vec<Word>)> {
        let indirect = rest.iter().take_while(|w| w.kind != Kind::Space && !w.is("(")).count();
        let is_indirect = |w: &Word| w.kind == Kind::Percent && w.text.starts_with("%[");
        if rest[..indirect].iter().any(is_indirect) {
            let mut line = Vec::new();
            for word in &rest[..indirect] {
                line.extend(if is_indirect(word) { self.expand(&[word.clone()], scope)? } else { vec![word.clone()] });
            }
            let mut line = words(&joined(&line), self.column, false);
            line.extend_from_slice(&rest[indirect..]);
            return self.plain_name(&line, scope);
        }
        self.plain_name(rest, scope)
    }

    fn plain_name(&mut self, rest: &[Word], scope: &dyn Facts) -> Option<(String, Vec<Word>)> {
        match rest.first() {
            Some(word) if matches!(word.kind, Kind::Name | Kind::Percent) => {
                Some((self.local_name(word, scope), rest[1..].to_vec()))
            }
            _ => {
                self.error("a name for the macro was expected");
                None
            }
        }
    }

    fn define(&mut self, directive: &str, rest: &[Word], scope: &dyn Facts) {
        let Some((name, rest)) = self.defined_name(rest, scope) else { return };
        let (parameters, body) = match parameters(&rest) {
            Ok(found) => found,
            Err(message) => return self.error(message),
        };
        let mut body = trimmed(&body).to_vec();
        if directive.contains('x') {
            let Some(expanded) = self.expand(&body, scope) else { return };
            body = expanded;
        } else if body.iter().any(|w| w.kind == Kind::Percent && w.text.starts_with("%[")) {
            let mut fixed = Vec::new();
            for word in body {
                if word.text.starts_with("%[") {
                    fixed.extend(self.expand(&[word], scope).unwrap_or_default());
                } else {
                    fixed.push(word);
                }
            }
            body = words(&joined(&fixed), self.column, false);
        }
        self.single.define(single::Macro { name, exact: !directive.starts_with('i'), parameters, body });
    }

    /// Directives that define a macro as the result of a computation.
    fn compute(&mut self, directive: &str, rest: &[Word], scope: &dyn Facts) {
        let Some((name, rest)) = self.defined_name(rest, scope) else { return };
        let Some(line) = self.expand(trimmed(&rest), scope) else { return };
        let line = trimmed(&line);
        let insensitive = directive.starts_with('i');
        let body = match directive.trim_start_matches('i') {
            "assign" => self.number(line, scope).map(|value| value.to_string()),
            "strlen" => self.texts(line, 1).map(|texts| texts[0].len().to_string()),
            "strcat" => self.texts(line, usize::MAX).map(|texts| quote(&texts.concat())),
            "defstr" => Some(quote(joined(line).as_bytes())),
            "deftok" => self.texts(line, 1).map(|texts| String::from_utf8_lossy(&texts[0]).into_owned()),
            _ => self.substring(line, scope),
        };
        let Some(body) = body else { return };
        if body.len() > LONGEST_TEXT {
            return self.stop(format!("a string has more than {LONGEST_TEXT} bytes"));
        }
        let body = words(&body, 1, false);
        self.single.define(single::Macro { name, exact: !insensitive, parameters: None, body });
    }

    /// Strings with or without commas between them, at most so many.
    fn texts(&mut self, line: &[Word], most: usize) -> Option<Vec<Vec<u8>>> {
        let mut found = Vec::new();
        for word in line.iter().filter(|w| w.kind != Kind::Space && !w.is(",")) {
            match text_of(word) {
                Some(text) if found.len() < most => found.push(text),
                _ => {
                    self.error(format!("a string was expected, not `{}`", word.text));
                    return None;
                }
            }
        }
        if found.is_empty() {
            self.error("a string was expected");
            return None;
        }
        Some(found)
    }

    /// `%substr name 'text' start, count`: places from 1; a negative count ends so many before the end.
    fn substring(&mut self, line: &[Word], scope: &dyn Facts) -> Option<String> {
        let Some(text) = line.first().and_then(text_of) else {
            self.error("a string was expected");
            return None;
        };
        let mut rest = trimmed(&line[1..]);
        if rest.first().is_some_and(|w| w.is(",")) {
            rest = &rest[1..];
        }
        let parts = split(rest, &[("(", ")")]);
        let start = self.number(&parts[0], scope)?;
        let count = match parts.get(1) {
            Some(part) => self.number(part, scope)?,
            None => 1,
        };
        let length = text.len() as i64;
        let first = start.saturating_sub(1);
        let count = if count < 0 { length.saturating_add(count).saturating_add(1).saturating_sub(first) } else { count };
        let (from, to) = (first.clamp(0, length), first.saturating_add(count).clamp(0, length));
        let inside = first >= 0 && from < to;
        Some(quote(if inside { &text[from as usize..to as usize] } else { &[] }))
    }

    fn begin_macro(&mut self, rest: &[Word], exact: bool, scope: &dyn Facts) {
        let Some(rest) = self.expand_counts(rest, scope) else { return };
        match multi::declaration(&rest, exact) {
            Ok(new) => self.begin(Target::Macro(new)),
            Err(message) => {
                self.error(message);
                // Its lines belong to no program: they are read and forgotten.
                self.begin(Target::Repeat(0));
                if let Some(collecting) = &mut self.collecting {
                    collecting.target = Target::Macro(unnamed());
                }
            }
        }
    }

    /// Macros in the number of parameters are replaced, the name stays.
    fn expand_counts(&mut self, rest: &[Word], scope: &dyn Facts) -> Option<Vec<Word>> {
        let Some((name, counts)) = rest.split_first() else { return Some(Vec::new()) };
        let mut line = vec![name.clone()];
        line.extend(self.expand(counts, scope)?);
        Some(line)
    }

    fn begin(&mut self, target: Target) {
        self.collecting = Some(Collecting { lines: Vec::new(), depth: 0, start: self.number, target });
    }

    fn forget_macro(&mut self, rest: &[Word]) {
        match multi::declaration(rest, true) {
            Ok(old) => {
                if let Some(list) = self.multi.get_mut(&old.name.to_ascii_lowercase()) {
                    list.retain(|m| !(m.name == old.name && m.least == old.least && m.most == old.most));
                }
            }
            Err(message) => self.error(message),
        }
    }

    fn begin_repeat(&mut self, rest: &[Word], scope: &dyn Facts) {
        let rest: Vec<Word> = rest.to_vec();
        let line = match rest.split_last() {
            Some((last, start)) if last.text == ".nolist" => start.to_vec(),
            _ => rest,
        };
        let count = self.expand(&line, scope).and_then(|line| self.number(&line, scope)).unwrap_or(0);
        if count > MOST_REPETITIONS {
            return self.stop(format!("`%rep` repeats at most {MOST_REPETITIONS} times"));
        }
        self.begin(Target::Repeat(count.max(0) as u64));
    }

    /// Leaves frames up to the innermost one that is wanted, and ends that one.
    fn leave(&mut self, name: &str, wanted: fn(&Reason) -> bool) {
        let inside = |reason: &Reason| matches!(reason, Reason::Repeat(_)) || wanted(reason);
        let depth = self.frames.iter().rev().take_while(|f| inside(&f.reason) && !wanted(&f.reason)).count();
        let Some(place) = self.frames.len().checked_sub(depth + 1).filter(|place| wanted(&self.frames[*place].reason)) else {
            return self.error(format!("`%{name}` is in nothing that it could leave"));
        };
        self.frames.truncate(place + 1);
        if let Some(frame) = self.frames.last_mut() {
            frame.next = frame.lines.len();
            frame.conditions.clear();
            if let Reason::Repeat(left) = &mut frame.reason {
                *left = 0;
            }
        }
    }

    fn rotate(&mut self, rest: &[Word], scope: &dyn Facts) {
        let by = self.expand(rest, scope).and_then(|line| self.number(&line, scope)).unwrap_or(0);
        let Some(invocation) = self.frames.last().and_then(|f| f.invocation.clone()) else {
            return self.error("`%rotate` is for the parameters of a macro: there is none here");
        };
        let count = invocation.arguments.len() as i64;
        if count > 0 {
            let moved = (invocation.rotation.get() as i64).wrapping_add(by).rem_euclid(count);
            invocation.rotation.set(moved as usize);
        }
    }

    fn context(&mut self, name: &str, rest: &[Word]) {
        let wanted = joined(rest);
        match name {
            "push" => {
                self.unique += 1;
                self.contexts.push((wanted, self.unique));
            }
            "pop" => match self.contexts.pop() {
                Some((top, _)) if wanted.is_empty() || wanted == top => {}
                Some((top, _)) => self.error(format!("the context on top is `{top}`, not `{wanted}`")),
                None => self.error("`%pop` without `%push`"),
            },
            _ => match self.contexts.last_mut() {
                Some(top) => top.0 = wanted,
                None => self.error("`%repl` without `%push`"),
            },
        }
    }

    fn include(&mut self, rest: &[Word], scope: &dyn Facts) {
        let Some(line) = self.expand(rest, scope) else { return };
        let name = match trimmed(&line) {
            [word] if word.kind == Kind::Text => String::from_utf8_lossy(&text_of(word).unwrap_or_default()).into_owned(),
            words => joined(words),
        };
        let found = self.texts.includes.get_key_value(name.as_str());
        match found.map(|(name, lines)| (name.clone(), lines.clone())) {
            Some((name, lines)) => self.push(lines, Reason::File, Some(name)),
            None => self.error(format!("there is no text called `{name}` to include: paste it in here instead")),
        }
    }

    fn message(&mut self, kind: &str, rest: &[Word], scope: &dyn Facts) {
        let Some(line) = self.expand(rest, scope) else { return };
        let text = match trimmed(&line) {
            [word] if word.kind == Kind::Text => String::from_utf8_lossy(&text_of(word).unwrap_or_default()).into_owned(),
            words => joined(words),
        };
        match kind {
            "fatal" => self.stop(text),
            // Conditions before the last pass may hold by sizes that are not final.
            _ if !self.last => {}
            "error" => self.error(text),
            _ => {
                let warning = self.diagnostic(self.column, text);
                self.warnings.push(warning);
            }
        }
    }

    fn package(&mut self, rest: &[Word]) {
        match joined(rest).trim_matches(['\'', '"', '`']) {
            "fp" => {
                for (name, body) in [
                    ("float8", "__float8__"),
                    ("float16", "__float16__"),
                    ("float32", "__float32__"),
                    ("float64", "__float64__"),
                    ("Inf", "__Infinity__"),
                    ("NaN", "__NaN__"),
                    ("QNaN", "__QNaN__"),
                    ("SNaN", "__SNaN__"),
                ] {
                    let body = words(body, 1, false);
                    self.single.define(single::Macro { name: name.into(), exact: true, parameters: None, body });
                }
            }
            name => self.error(format!("there is no package `{name}`: only `%use fp` is known")),
        }
    }
}

fn unnamed() -> multi::Macro {
    multi::Macro {
        name: String::new(),
        exact: true,
        least: usize::MAX,
        most: None,
        greedy: false,
        defaults: Vec::new(),
        body: Default::default(),
        takes_label: false,
        file: None,
    }
}

/// The parameters directly after a name, and the rest.
fn parameters(rest: &[Word]) -> Result<(Option<Vec<Parameter>>, Vec<Word>), String> {
    if !rest.first().is_some_and(|w| w.is("(")) {
        return Ok((None, rest.to_vec()));
    }
    let Some(end) = rest.iter().position(|w| w.is(")")) else {
        return Err("the parameters of the macro are not closed: `)` is missing".into());
    };
    let inner = trimmed(&rest[1..end]);
    if inner.is_empty() {
        return Ok((Some(Vec::new()), rest[end + 1..].to_vec()));
    }
    let mut found = Vec::new();
    for part in split(inner, &[]) {
        let marks = part.iter().filter(|w| w.kind == Kind::Sign);
        let marks: Vec<&str> = marks.map(|w| w.text.as_str()).collect();
        let Some(name) = part.iter().find(|w| w.kind == Kind::Name) else {
            return Err("a parameter of a macro is a name".into());
        };
        found.push(Parameter {
            name: name.text.clone(),
            evaluated: marks.contains(&"="),
            quoted: marks.contains(&"&"),
            greedy: marks.contains(&"+"),
        });
    }
    Ok((Some(found), rest[end + 1..].to_vec()))
}
