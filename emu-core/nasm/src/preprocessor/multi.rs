//! Multi-line macros (NASM manual, section 4.3).

use std::cell::Cell;
use std::rc::Rc;

use super::SourceLine;
use super::token::{Kind, Word, joined, split, trimmed, words};
use crate::table::CONDITIONS;

/// Bytes of a line with its parameters filled in, at most.
const LONGEST_LINE: usize = 1 << 20;

/// A multi-line macro.
#[derive(Debug)]
pub struct Macro {
    /// Its name as defined.
    pub name: String,
    /// True if other spellings of the case do not count.
    pub exact: bool,
    /// Parameters it must have.
    pub least: usize,
    /// Parameters it may have; none if there is no limit.
    pub most: Option<usize>,
    /// The last parameter takes all that follows.
    pub greedy: bool,
    /// Values of parameters that are left out, the first for parameter `least` + 1.
    pub defaults: Vec<String>,
    /// Its lines.
    pub body: Rc<Vec<SourceLine>>,
    /// It uses the label before it (`%00`).
    pub takes_label: bool,
    /// Name of the included text it is defined in.
    pub file: Option<Rc<str>>,
}

/// One use of a macro.
#[derive(Debug)]
pub struct Use {
    /// The macro's name as defined, and as used.
    pub names: (String, String),
    /// What is given for its parameters.
    pub arguments: Vec<String>,
    /// Tells the names `%%name` of one use from those of others.
    pub unique: u64,
    /// By how much `%rotate` moved the parameters.
    pub rotation: Cell<usize>,
    /// The label before it.
    pub label: String,
}

/// Reads what follows `%macro`: name, number of parameters, defaults.
///
/// # Errors
/// What is missing.
pub fn declaration(line: &[Word], exact: bool) -> Result<Macro, String> {
    const FORM: &str = "a macro is declared as `%macro name 2`, `%macro name 1-3 default, ...` or `%macro name 1+`";
    let line = trimmed(line);
    let (Some(name), rest) = (line.first(), line.get(1..).unwrap_or(&[])) else { return Err(FORM.into()) };
    if name.kind != Kind::Name && name.kind != Kind::Number {
        return Err(FORM.into());
    }
    // The name may be one that has signs in it: all up to the next space belongs to it.
    let end = rest.iter().position(|w| w.kind == Kind::Space).unwrap_or(rest.len());
    let name = format!("{}{}", name.text, joined(&rest[..end]));
    let rest = trimmed(&rest[end..]);
    let end = rest.iter().position(|w| w.kind == Kind::Space).unwrap_or(rest.len());
    let (count, defaults) = (joined(&rest[..end]), trimmed(&rest[end..]));
    let (count, _) = count.split_once(".nolist").unwrap_or((&count, ""));
    let (count, greedy) = count.strip_suffix('+').map_or((count, false), |c| (c, true));
    let number = |text: &str| text.parse::<usize>().map_err(|_| FORM.to_string());
    let (least, most) = match count.split_once('-') {
        Some((least, "*")) => (number(least)?, None),
        Some((least, most)) => (number(least)?, Some(number(most)?)),
        None if count == "*" => (0, None),
        None => (number(count)?, Some(number(count)?)),
    };
    let defaults = if defaults.is_empty() { Vec::new() } else { arguments(defaults) };
    Ok(Macro { name, exact, least, most, greedy, defaults, body: Rc::default(), takes_label: false, file: None })
}

/// The arguments in the rest of a line.
pub fn arguments(line: &[Word]) -> Vec<String> {
    let line = trimmed(line);
    if line.is_empty() {
        return Vec::new();
    }
    split(line, &[("{", "}")]).iter().map(|part| bare(trimmed(part))).collect()
}

fn bare(part: &[Word]) -> String {
    match part {
        [first, inner @ .., last] if first.is("{") && last.is("}") => joined(inner),
        _ => joined(part),
    }
}

impl Macro {
    /// True if it can be used with so many arguments.
    pub fn accepts(&self, count: usize) -> bool {
        count >= self.least && (self.greedy || self.most.is_none_or(|most| count <= most))
    }

    /// Arguments as the body sees them: what is too much joined, what is missing filled in.
    pub fn complete(&self, line: &[Word], mut given: Vec<String>) -> Vec<String> {
        if let Some(most) = self.most.filter(|most| self.greedy && given.len() > *most && *most > 0) {
            let parts = split(trimmed(line), &[("{", "}")]);
            given.truncate(most - 1);
            let rest: Vec<String> = parts[most - 1..].iter().map(|p| joined(p)).collect();
            given.push(rest.join(",").trim().to_string());
        }
        while let Some(default) = given.len().checked_sub(self.least).and_then(|n| self.defaults.get(n)) {
            if self.most.is_some_and(|most| given.len() >= most) {
                break;
            }
            given.push(default.clone());
        }
        given
    }
}

impl Use {
    fn argument(&self, number: usize) -> Option<&str> {
        let count = self.arguments.len();
        if number == 0 || number > count {
            return None;
        }
        self.arguments.get((number - 1 + self.rotation.get()) % count).map(String::as_str)
    }

    /// Puts arguments, `%0`, `%%name` and the like into a line of the body.
    pub fn fill(&self, line: &str) -> Result<String, String> {
        let mut out = String::new();
        // A comment may hold anything: it is left out before parameters are looked for.
        for word in words(line, 1, false) {
            match (word.kind, word.text.strip_prefix('%')) {
                (Kind::Percent, Some(inner)) => match self.parameter(inner)? {
                    Some(text) => out += &text,
                    None => out += &word.text,
                },
                _ => out += &word.text,
            }
            if out.len() > LONGEST_LINE {
                return Err("the parameters make a line that is too long: does a macro use itself?".into());
            }
        }
        Ok(out)
    }

    /// What a `%` word stands for; none if it is no parameter.
    fn parameter(&self, inner: &str) -> Result<Option<String>, String> {
        if let Some(nested) = inner.strip_prefix('[').and_then(|i| i.strip_suffix(']')) {
            return Ok(Some(format!("%[{}]", self.fill(nested)?)));
        }
        let braced = inner.strip_prefix('{').and_then(|i| i.strip_suffix('}'));
        let inner = braced.unwrap_or(inner);
        if let Some(name) = inner.strip_prefix('%') {
            return Ok(Some(format!("..@{}.{name}", self.unique)));
        }
        Ok(match inner {
            "0" => Some(self.arguments.len().to_string()),
            "00" => Some(self.label.clone()),
            "?" => Some(self.names.1.clone()),
            "??" => Some(self.names.0.clone()),
            _ if inner.contains(':') && braced.is_some() => self.range(inner),
            _ => match (inner.strip_prefix(['+', '-']), inner.parse::<usize>()) {
                (Some(number), _) if number.bytes().all(|b| b.is_ascii_digit()) && !number.is_empty() => {
                    Some(self.condition(number, inner.starts_with('-'))?)
                }
                (None, Ok(number)) => Some(self.argument(number).unwrap_or("").to_string()),
                _ => None,
            },
        })
    }

    /// `%{2:4}`: several arguments with commas; `%{-1:1}` backwards, negative numbers from the end.
    fn range(&self, inner: &str) -> Option<String> {
        let (from, to) = inner.split_once(':')?;
        let count = self.arguments.len() as i64;
        let place = |text: &str| -> Option<i64> {
            let number = text.trim().parse::<i64>().ok()?;
            Some(if number < 0 { number + count + 1 } else { number })
        };
        let (from, to) = (place(from)?, place(to)?);
        if !(1..=count).contains(&from) || !(1..=count).contains(&to) {
            return Some(String::new());
        }
        let argument = |n: i64| self.argument(n as usize).unwrap_or("").to_string();
        let list: Vec<String> =
            if from <= to { (from..=to).map(argument).collect() } else { (to..=from).rev().map(argument).collect() };
        Some(list.join(","))
    }

    /// `%+1` and `%-1`: an argument that is a condition, as it is or inverted.
    fn condition(&self, number: &str, inverted: bool) -> Result<String, String> {
        let argument = self.argument(number.parse().unwrap_or(0)).unwrap_or("");
        let name = argument.trim().to_ascii_lowercase();
        let found = CONDITIONS.iter().find(|(n, _)| *n == name);
        match (found, inverted) {
            (Some(_), false) => Ok(name),
            (Some((_, number)), true) => {
                let other = CONDITIONS.iter().find(|(_, n)| *n == number ^ 1);
                Ok(other.map_or(String::new(), |(name, _)| (*name).to_string()))
            }
            _ if matches!(name.as_str(), "cxz" | "ecxz") && !inverted => Ok(name),
            _ => Err(format!("parameter {number} must be a condition, as `nz`, not `{argument}`")),
        }
    }
}
