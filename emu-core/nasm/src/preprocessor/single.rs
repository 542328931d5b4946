//! Single-line macros (NASM manual, section 4.1).

use std::collections::BTreeMap;
use std::rc::Rc;

use super::token::{Kind, Word, joined, split, trimmed, words};
use crate::lexer::unquote;

/// A parameter of a single-line macro.
#[derive(Clone, PartialEq, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// `=`: evaluated when the macro is used.
    pub evaluated: bool,
    /// `&`: made a string.
    pub quoted: bool,
    /// `+`: takes the commas that follow.
    pub greedy: bool,
}

/// A single-line macro.
#[derive(Clone, PartialEq, Debug)]
pub struct Macro {
    /// Its name as defined.
    pub name: String,
    /// True if other spellings of the case do not count.
    pub exact: bool,
    /// Its parameters; none if it is used without parentheses.
    pub parameters: Option<Vec<Parameter>>,
    /// What it stands for.
    pub body: Vec<Word>,
}

/// What the expansion needs from its surroundings.
pub trait Surroundings {
    /// What a name that is always there stands for, as `__LINE__`.
    fn built_in(&self, name: &str) -> Option<String>;
    /// The value of an expression, as text.
    fn evaluate(&self, text: &str) -> Option<String>;
    /// The full name of a `%$name`.
    fn context_name(&self, name: &str) -> Option<String>;
}

/// All single-line macros.
#[derive(Default)]
pub struct Macros(BTreeMap<String, Vec<Rc<Macro>>>);

/// Characters that macros stand for in one line, at most; every word counts as one more.
const LONGEST: usize = 1_000_000;
/// Macros within macros, at most.
const DEEPEST: usize = 100;

impl Macros {
    /// Defines a macro; one of the same name and number of parameters goes.
    pub fn define(&mut self, new: Macro) {
        let list = self.0.entry(new.name.to_ascii_lowercase()).or_default();
        let count = new.parameters.as_ref().map(Vec::len);
        list.retain(|old| {
            let same = old.name == new.name || !(old.exact && new.exact);
            !(same && old.parameters.as_ref().map(Vec::len) == count)
        });
        list.push(Rc::new(new));
    }

    /// Forgets a macro.
    pub fn undefine(&mut self, name: &str) {
        if let Some(list) = self.0.get_mut(&name.to_ascii_lowercase()) {
            list.retain(|m| m.exact && m.name != name);
        }
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// True if there is a macro of this name.
    pub fn is_defined(&self, name: &str) -> bool {
        self.of_name(name).next().is_some()
    }

    fn of_name<'m>(&'m self, name: &'m str) -> impl Iterator<Item = &'m Rc<Macro>> + 'm {
        let list = self.0.get(&name.to_ascii_lowercase()).map_or(&[][..], Vec::as_slice);
        list.iter().filter(move |m| !m.exact || m.name == name)
    }

    /// Replaces macros in a line.
    ///
    /// # Errors
    /// The line grows beyond all measure.
    pub fn expand(&self, line: &[Word], around: &dyn Surroundings) -> Result<Vec<Word>, String> {
        let mut work = Expansion { macros: self, around, active: Vec::new(), budget: LONGEST };
        let mut line = work.expand(line)?;
        // What `%+` joins may be the name of a macro.
        for _ in 0..DEEPEST {
            if line.iter().map(|w| w.text.len()).sum::<usize>() > LONGEST {
                break;
            }
            if !line.iter().any(|w| w.kind == Kind::Percent && w.text == "%+") {
                return Ok(line);
            }
            line = work.expand(&paste(&line))?;
        }
        Err("`%+` makes new macros without end".into())
    }
}

/// Joins what stands on both sides of `%+`.
fn paste(line: &[Word]) -> Vec<Word> {
    let mut out: Vec<Word> = Vec::new();
    let mut pending = false;
    for word in line {
        if word.kind == Kind::Percent && word.text == "%+" {
            while out.last().is_some_and(|w| w.kind == Kind::Space) {
                out.pop();
            }
            pending = true;
        } else if pending && word.kind == Kind::Space {
        } else if pending && let Some(last) = out.pop() {
            out.extend(words(&format!("{}{}", last.text, word.text), last.column, false));
            pending = false;
        } else {
            pending = false;
            out.push(word.clone());
        }
    }
    out
}

struct Expansion<'m> {
    macros: &'m Macros,
    around: &'m dyn Surroundings,
    active: Vec<Rc<Macro>>,
    budget: usize,
}

impl Expansion<'_> {
    fn expand(&mut self, line: &[Word]) -> Result<Vec<Word>, String> {
        let mut out = Vec::new();
        let mut next = 0;
        while let Some(word) = line.get(next) {
            next += 1;
            self.budget = self.budget.checked_sub(1 + word.text.len()).ok_or("the macros of this line stand for too much text")?;
            match word.kind {
                Kind::Name => next = self.name(word, line, next, &mut out)?,
                Kind::Percent => self.percent(word, &mut out)?,
                _ => out.push(word.clone()),
            }
        }
        Ok(out)
    }

    /// Replaces a name; gives the place after its arguments.
    fn name(&mut self, word: &Word, line: &[Word], next: usize, out: &mut Vec<Word>) -> Result<usize, String> {
        let candidates: Vec<Rc<Macro>> =
            self.macros.of_name(&word.text).filter(|m| !self.active.iter().any(|a| Rc::ptr_eq(a, m))).cloned().collect();
        if candidates.is_empty() {
            match self.around.built_in(&word.text) {
                Some(text) => out.extend(words(&text, word.column, false)),
                None => out.push(word.clone()),
            }
            return Ok(next);
        }
        if let Some(plain) = candidates.iter().find(|m| m.parameters.is_none()) {
            let body = plain.body.clone();
            self.replace(plain, body, word, out)?;
            return Ok(next);
        }
        let Some((arguments, after)) = arguments(line, next) else {
            out.push(word.clone());
            return Ok(next);
        };
        let Some((chosen, arguments)) = choose(&candidates, arguments) else {
            out.push(word.clone());
            return Ok(next);
        };
        let body = self.fill(&chosen, &arguments)?;
        self.replace(&chosen, body, word, out)?;
        Ok(after)
    }

    fn replace(&mut self, chosen: &Rc<Macro>, mut body: Vec<Word>, word: &Word, out: &mut Vec<Word>) -> Result<(), String> {
        if self.active.len() >= DEEPEST {
            return Err(format!("more than {DEEPEST} macros in one another"));
        }
        for part in &mut body {
            part.column = word.column;
            if part.kind == Kind::Percent && matches!(part.text.as_str(), "%?" | "%??") {
                *part = if part.text == "%?" { word.clone() } else { Word::new(Kind::Name, &chosen.name, word.column) };
            }
        }
        self.active.push(chosen.clone());
        let expanded = self.expand(&body);
        self.active.pop();
        out.extend(expanded?);
        Ok(())
    }

    /// The body with arguments for parameters.
    fn fill(&mut self, chosen: &Macro, arguments: &[Vec<Word>]) -> Result<Vec<Word>, String> {
        let parameters = chosen.parameters.as_deref().unwrap_or(&[]);
        let mut values = Vec::new();
        for (parameter, argument) in parameters.iter().zip(arguments) {
            let mut value = self.expand(argument)?;
            if parameter.evaluated {
                let text = joined(&value);
                value = words(&self.around.evaluate(&text).unwrap_or(text), 1, false);
            } else if parameter.quoted {
                value = vec![Word::new(Kind::Text, quote(joined(&value).as_bytes()), 1)];
            }
            values.push((parameter.name.as_str(), value));
        }
        let mut body = Vec::new();
        for word in &chosen.body {
            match values.iter().find(|(name, _)| word.kind == Kind::Name && *name == word.text) {
                Some((_, value)) => body.extend(value.iter().cloned()),
                None => body.push(word.clone()),
            }
        }
        Ok(body)
    }

    fn percent(&mut self, word: &Word, out: &mut Vec<Word>) -> Result<(), String> {
        if let Some(inner) = word.text.strip_prefix("%[").and_then(|t| t.strip_suffix(']')) {
            if self.active.len() >= DEEPEST {
                return Err(format!("more than {DEEPEST} macros in one another"));
            }
            let expanded = self.expand_inner(inner, word.column)?;
            out.extend(expanded);
        } else if let Some(name) = self.around.context_name(&word.text) {
            let name = Word::new(Kind::Name, name, word.column);
            let line = [name.clone()];
            self.name(&name, &line, 1, out)?;
        } else {
            out.push(word.clone());
        }
        Ok(())
    }

    fn expand_inner(&mut self, inner: &str, column: u32) -> Result<Vec<Word>, String> {
        // Counted like a macro, so that `%[%[...` ends.
        self.active.push(Rc::new(Macro { name: String::new(), exact: true, parameters: None, body: Vec::new() }));
        let expanded = self.expand(&words(inner, column, false));
        self.active.pop();
        expanded
    }
}

/// The arguments in parentheses that follow, and the place after them.
fn arguments(line: &[Word], next: usize) -> Option<(Vec<Vec<Word>>, usize)> {
    let open = next + line[next.min(line.len())..].iter().position(|w| w.kind != Kind::Space)?;
    if !line[open].is("(") {
        return None;
    }
    let mut depth = 0;
    for (at, word) in line.iter().enumerate().skip(open) {
        depth += i32::from(word.is("(")) - i32::from(word.is(")"));
        if depth == 0 {
            return Some((split(&line[open + 1..at], &[("(", ")"), ("{", "}")]), at + 1));
        }
    }
    None
}

/// The macro whose parameters fit, with the arguments for them.
fn choose(candidates: &[Rc<Macro>], arguments: Vec<Vec<Word>>) -> Option<(Rc<Macro>, Vec<Vec<Word>>)> {
    let empty = arguments.len() == 1 && trimmed(&arguments[0]).is_empty();
    for candidate in candidates {
        let parameters = candidate.parameters.as_deref().unwrap_or(&[]);
        let greedy = parameters.last().is_some_and(|p| p.greedy);
        let fits = parameters.len() == arguments.len() || (greedy && arguments.len() > parameters.len());
        if parameters.is_empty() && empty {
            return Some((candidate.clone(), Vec::new()));
        }
        if fits {
            let mut given: Vec<Vec<Word>> = arguments.iter().map(|a| bare(trimmed(a))).collect();
            if given.len() > parameters.len() {
                let first = parameters.len() - 1;
                given.truncate(first);
                given.push(arguments[first..].join(&Word::new(Kind::Sign, ",", 1)));
            }
            return Some((candidate.clone(), given));
        }
    }
    None
}

/// An argument without the braces around it.
fn bare(argument: &[Word]) -> Vec<Word> {
    match argument {
        [first, inner @ .., last] if first.is("{") && last.is("}") => inner.to_vec(),
        _ => argument.to_vec(),
    }
}

/// Bytes as a string of the language.
pub fn quote(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    for quote in ['\'', '"'] {
        if !text.contains(quote) && bytes.iter().all(|b| *b >= 32) && std::str::from_utf8(bytes).is_ok() {
            return format!("{quote}{text}{quote}");
        }
    }
    let mut out = String::from("`");
    for byte in bytes {
        match byte {
            b'`' | b'\\' => out.extend(['\\', *byte as char]),
            32..=126 => out.push(*byte as char),
            _ => out += &format!("\\x{byte:02x}"),
        }
    }
    out + "`"
}

/// Bytes of a string word.
pub fn text_of(word: &Word) -> Option<Vec<u8>> {
    (word.kind == Kind::Text).then(|| unquote(&word.text))
}
