//! The preprocessor (NASM manual, chapter 4): gives the lines that are left when macros, conditions and repetitions
//! are done.

mod call;
mod condition;
mod directive;
mod multi;
mod single;
mod token;

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::expression::{Parser, Scope};
use crate::lexer;
use crate::{DEEPEST_EXPANSION, Diagnostic, Expansion, MOST_ERRORS, Options};
use condition::State;
use multi::Use;
use single::{Macros, Surroundings};
use token::{Kind, Word, trimmed, words};

pub use single::quote;

/// A line of a text, and its number from 1.
#[derive(Debug)]
pub struct SourceLine {
    text: Rc<str>,
    number: u32,
}

/// A line for the assembler.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// Its text.
    pub text: String,
    /// Name of the included text it is in.
    pub file: Option<Rc<str>>,
    /// Line of the source; of the macro's use if it is in a macro.
    pub number: u32,
    /// The use of a macro that it comes from.
    pub expansion: Option<u32>,
    /// For pieces of the text: first byte, character of the source line.
    columns: Vec<(usize, u32)>,
}

impl Line {
    /// Character of the source line that a byte of the text comes from.
    pub fn column(&self, at: usize) -> u32 {
        let after = self.columns.partition_point(|(start, _)| *start <= at);
        match after.checked_sub(1).and_then(|last| self.columns.get(last)) {
            Some((_, column)) => *column,
            None => 1,
        }
    }
}

/// Makes the texts that all passes read.
pub struct Texts {
    source: Rc<Vec<SourceLine>>,
    includes: BTreeMap<Rc<str>, Rc<Vec<SourceLine>>>,
}

impl Texts {
    /// Takes source and includes apart into lines; a `\` at the end of a line joins the next one to it.
    pub fn new(source: &str, options: &Options) -> Self {
        let includes = options.includes.iter();
        Self {
            source: Rc::new(source_lines(source)),
            includes: includes
                .map(|(name, text)| (name.as_str().into(), Rc::new(source_lines(text))))
                .collect(),
        }
    }
}

fn source_lines(text: &str) -> Vec<SourceLine> {
    let mut found = Vec::new();
    let mut pending: Option<(String, u32)> = None;
    for (index, line) in text.lines().enumerate() {
        let (mut whole, number) = pending.take().unwrap_or((String::new(), index as u32 + 1));
        if let Some(start) = line.strip_suffix('\\') {
            whole += start;
            pending = Some((whole, number));
        } else {
            whole += line;
            found.push(SourceLine { text: whole.into(), number });
        }
    }
    if let Some((whole, number)) = pending {
        found.push(SourceLine { text: whole.into(), number });
    }
    found
}

/// Why a frame is there.
#[derive(Debug)]
enum Reason {
    /// A text.
    File,
    /// A macro.
    Macro,
    /// A repetition that runs so many more times.
    Repeat(u64),
}

/// Lines that are being read.
struct Frame {
    lines: Rc<Vec<SourceLine>>,
    next: usize,
    reason: Reason,
    file: Option<Rc<str>>,
    /// Line to report for all of its lines: that of the macro's use.
    fixed: Option<u32>,
    expansion: Option<u32>,
    invocation: Option<Rc<Use>>,
    conditions: Vec<State>,
}

/// Lines that are collected for a macro or a repetition.
struct Collecting {
    lines: Vec<SourceLine>,
    depth: u32,
    start: u32,
    target: Target,
}

enum Target {
    Macro(multi::Macro),
    Repeat(u64),
}

/// The preprocessor during one pass.
pub struct Preprocessor<'t> {
    texts: &'t Texts,
    frames: Vec<Frame>,
    single: Macros,
    multi: BTreeMap<String, Vec<Rc<multi::Macro>>>,
    collecting: Option<Collecting>,
    contexts: Vec<(String, u64)>,
    unique: u64,
    number: u32,
    column: u32,
    last: bool,
    /// Uses of macros so far.
    pub expansions: Vec<Expansion>,
    /// What is wrong so far.
    pub errors: Vec<Diagnostic>,
    /// What is doubtful, in the last pass.
    pub warnings: Vec<Diagnostic>,
    /// True if nothing more is to be read.
    pub stopped: bool,
}

/// What single-line macros see of the assembler.
struct Around<'s> {
    scope: &'s dyn Facts,
    number: u32,
    file: Option<&'s str>,
    contexts: &'s [(String, u64)],
}

/// What macros can ask the assembler.
pub trait Facts: Scope {
    /// 16 or 32.
    fn bits(&self) -> u8;
    /// The directive for the section before an `absolute`.
    fn section_line(&self) -> String;
    /// Number of the pass, from 1.
    fn pass(&self) -> u32;
}

impl Surroundings for Around<'_> {
    fn built_in(&self, name: &str) -> Option<String> {
        let inner = name.strip_prefix("__")?.strip_suffix("__")?;
        let inner = inner.strip_prefix('?').and_then(|i| i.strip_suffix('?')).unwrap_or(inner);
        Some(match inner {
            "LINE" => self.number.to_string(),
            "FILE" => quote(self.file.unwrap_or("source").as_bytes()),
            "BITS" => self.scope.bits().to_string(),
            "SECT" => self.scope.section_line(),
            "PASS" => self.scope.pass().to_string(),
            "OUTPUT_FORMAT" => "bin".into(),
            "NASM_MAJOR" => "2".into(),
            "NASM_MINOR" => "16".into(),
            "NASM_SUBMINOR" => "1".into(),
            "NASM_VER" => "'2.16.01'".into(),
            "NASM_VERSION_ID" => "0x02100100".into(),
            _ => return None,
        })
    }

    fn evaluate(&self, text: &str) -> Option<String> {
        let tokens = lexer::tokens(text);
        Parser::new(&tokens, text.len(), self.scope).constant().ok().map(|value| value.to_string())
    }

    fn context_name(&self, name: &str) -> Option<String> {
        let inner = name.strip_prefix('%')?;
        let inner = inner.strip_prefix('{').and_then(|i| i.strip_suffix('}')).unwrap_or(inner);
        let plain = inner.trim_start_matches('$');
        let depth = inner.len() - plain.len();
        let context = self.contexts.iter().rev().nth(depth.checked_sub(1)?)?;
        (!plain.is_empty()).then(|| format!("..@{}.{plain}", context.1))
    }
}

impl<'t> Preprocessor<'t> {
    /// A preprocessor at the first line. `last` is true in the pass that makes the output.
    pub fn new(texts: &'t Texts, options: &Options, last: bool) -> Self {
        let mut new = Self {
            texts,
            frames: Vec::new(),
            single: Macros::default(),
            multi: BTreeMap::new(),
            collecting: None,
            contexts: Vec::new(),
            unique: 0,
            number: 1,
            column: 1,
            last,
            expansions: Vec::new(),
            errors: Vec::new(),
            warnings: Vec::new(),
            stopped: false,
        };
        for (name, value) in &options.defines {
            let body = words(value, 1, false);
            new.single.define(single::Macro { name: name.clone(), exact: true, parameters: None, body });
        }
        new.push(texts.source.clone(), Reason::File, None);
        new
    }

    fn push(&mut self, lines: Rc<Vec<SourceLine>>, reason: Reason, file: Option<Rc<str>>) {
        if self.frames.len() >= DEEPEST_EXPANSION {
            self.stop(format!("more than {DEEPEST_EXPANSION} macros, inclusions and repetitions in one another: does a macro use itself?"));
            return;
        }
        let above = self.frames.last();
        let invocation = above.filter(|_| !matches!(reason, Reason::File)).and_then(|f| f.invocation.clone());
        let (fixed, expansion) = above.map_or((None, None), |f| (f.fixed, f.expansion));
        let fixed = if matches!(reason, Reason::File) { None } else { fixed };
        self.frames.push(Frame {
            lines,
            next: 0,
            reason,
            file,
            fixed,
            expansion,
            invocation,
            conditions: Vec::new(),
        });
    }

    fn file(&self) -> Option<Rc<str>> {
        self.frames.last().and_then(|f| f.file.clone())
    }

    fn diagnostic(&self, column: u32, message: String) -> Diagnostic {
        Diagnostic { file: self.file().map(|f| f.to_string()), line: self.number, column, message }
    }

    fn error(&mut self, message: impl Into<String>) {
        if self.errors.len() < MOST_ERRORS {
            let error = self.diagnostic(self.column, message.into());
            self.errors.push(error);
        }
    }

    fn stop(&mut self, message: impl Into<String>) {
        self.error(message);
        self.stopped = true;
    }

    /// The next line for the assembler; none at the end.
    pub fn next_line(&mut self, scope: &dyn Facts) -> Option<Line> {
        while !self.stopped {
            let Some(source) = self.read() else {
                if self.frames.is_empty() {
                    return None;
                }
                continue;
            };
            if self.collecting.is_some() {
                self.collect(source);
                continue;
            }
            if let Some(line) = self.line(&source, scope) {
                return Some(line);
            }
            // A line that only defines or repeats something counts as one for whoever limits the time.
            return Some(Line { file: self.file(), number: self.number, ..Line::default() });
        }
        None
    }

    /// The next line of the innermost frame; none if that frame is at its end.
    fn read(&mut self) -> Option<SourceLine> {
        let frame = self.frames.last_mut()?;
        if let Some(line) = frame.lines.get(frame.next) {
            frame.next += 1;
            self.number = frame.fixed.unwrap_or(line.number);
            self.column = 1;
            return Some(SourceLine { text: line.text.clone(), number: line.number });
        }
        self.end_frame();
        None
    }

    fn end_frame(&mut self) {
        let Some(frame) = self.frames.last_mut() else { return };
        let open = !std::mem::take(&mut frame.conditions).is_empty();
        match &mut frame.reason {
            Reason::Repeat(left) if *left > 0 => {
                *left -= 1;
                frame.next = 0;
            }
            _ => {
                if open {
                    self.error("a `%if` is not closed before the end: `%endif` is missing");
                }
                if self.frames.len() == 1
                    && let Some(collecting) = self.collecting.take()
                {
                    self.number = collecting.start;
                    let missing =
                        if matches!(collecting.target, Target::Macro(_)) { "%endmacro" } else { "%endrep" };
                    self.error(format!("what begins here is not closed: `{missing}` is missing"));
                }
                self.frames.pop();
            }
        }
    }

    /// One line, outside of what is collected.
    fn line(&mut self, source: &SourceLine, scope: &dyn Facts) -> Option<Line> {
        let invocation = self.frames.last().and_then(|f| f.invocation.clone());
        let in_macro = self.frames.last().is_some_and(|f| f.fixed.is_some());
        let filled;
        let mut text = &*source.text;
        if let Some(invocation) = invocation.filter(|_| text.contains('%')) {
            match invocation.fill(text) {
                Ok(new) => filled = new,
                Err(message) => {
                    self.error(message);
                    return None;
                }
            }
            text = &filled;
        }
        let found = words(text, 1, !in_macro);
        let line = trimmed(&found);
        let first = line.first()?;
        self.column = first.column;
        if let Some(name) = first.text.strip_prefix('%').filter(|n| first.kind == Kind::Percent && is_word(n))
        {
            let name = name.to_ascii_lowercase();
            let rest = line[1..].to_vec();
            self.directive(&name, &rest, scope);
            return None;
        }
        if !self.emitting() {
            return None;
        }
        let line = self.expand(line, scope)?;
        if self.call(&line) {
            return None;
        }
        Some(self.finish(&line))
    }

    /// Replaces single-line macros.
    fn expand(&mut self, line: &[Word], scope: &dyn Facts) -> Option<Vec<Word>> {
        let file = self.file();
        let around = Around { scope, number: self.number, file: file.as_deref(), contexts: &self.contexts };
        match self.single.expand(line, &around) {
            Ok(line) => Some(line),
            Err(message) => {
                self.error(message);
                None
            }
        }
    }

    fn finish(&self, line: &[Word]) -> Line {
        let mut text = String::new();
        let mut columns = Vec::new();
        for word in line {
            columns.push((text.len(), word.column));
            text += &word.text;
        }
        let expansion = self.frames.last().and_then(|f| f.expansion);
        Line { text, file: self.file(), number: self.number, expansion, columns }
    }
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
}
