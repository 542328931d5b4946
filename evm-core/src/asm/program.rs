//! A program as it is read: statements, names and macros.

use std::collections::BTreeMap;

use super::expression::{Expression, Pool, Wrong};
use super::lexer::{self, Kind, Place, Token};
use super::macros::Macro;
use super::mnemonic::{Mnemonics, nearest};
use super::{Assembled, Error, Expansion, LARGEST_TEXT, MOST_ERRORS};
use crate::fork::Fork;

/// What a statement makes.
#[derive(Clone, Copy, Debug)]
pub enum Item {
    /// One byte.
    Byte(u8),
    /// A PUSH; `fixed` if its size was given. `size` grows until the value fits.
    Push { value: Expression, size: u8, fixed: bool },
    /// DUPN, SWAPN.
    Deep { byte: u8, depth: Expression },
    /// EXCHANGE.
    Exchange { first: Expression, second: Expression },
    /// Bytes of the pool of data.
    Data { start: u32, end: u32 },
    /// A number in `width` bytes; `raw` if it was written as a single byte.
    Number { value: Expression, width: u8 },
    /// The same byte `count` times.
    Fill { count: Expression, byte: Option<Expression> },
    /// A place; with a JUMPDEST if it was written with a colon.
    Label { symbol: u32, jumpdest: bool },
    /// A number with a name.
    Const { symbol: u32, value: Expression },
    /// Places count from here.
    Origin,
}

/// An item and where it comes from.
#[derive(Clone, Copy, Debug)]
pub struct Statement {
    /// What it makes.
    pub item: Item,
    /// Where it is written.
    pub at: Place,
    /// The use of a macro that it is part of.
    pub expansion: Option<u32>,
}

/// A name that was given to a place or number.
pub struct Symbol<'a> {
    /// The name.
    pub name: &'a str,
    /// Where it was given.
    pub at: Place,
    /// The macro's use that it is local to.
    pub expansion: Option<u32>,
    /// The statement that gives it.
    pub statement: u32,
    /// True for a label.
    pub is_label: bool,
}

/// A program being read.
pub struct Program<'a> {
    pub(super) fork: Fork,
    pub(super) mnemonics: Mnemonics,
    pub(super) macros: BTreeMap<&'a str, Macro<'a>>,
    pub(super) statements: Vec<Statement>,
    pub(super) pool: Pool<'a>,
    pub(super) symbols: Vec<Symbol<'a>>,
    pub(super) data: Vec<u8>,
    pub(super) expansions: Vec<Expansion>,
    /// Words and signs that macros stood for so far.
    pub(super) expanded: usize,
    /// The use of a macro that is being read.
    pub(super) expansion: Option<u32>,
    /// Where that of the outermost built-in macro is written, if one is being read.
    pub(super) used_at: Option<Place>,
    names: BTreeMap<(u32, &'a str), u32>,
    errors: Vec<Error>,
}

impl<'a> Program<'a> {
    /// Reads a whole text. What is wrong with it is in the program's errors.
    pub fn read(text: &'a str, fork: Fork) -> Self {
        let mut program = Self {
            fork,
            mnemonics: Mnemonics::new(),
            macros: BTreeMap::new(),
            statements: Vec::new(),
            pool: Pool::default(),
            symbols: Vec::new(),
            data: Vec::new(),
            expansions: Vec::new(),
            expanded: 0,
            expansion: None,
            used_at: None,
            names: BTreeMap::new(),
            errors: Vec::new(),
        };
        program.define_built_in();
        if text.len() > LARGEST_TEXT {
            let message =
                format!("the text has {} bytes: at most {LARGEST_TEXT} can be assembled", text.len());
            program.error((Place { line: 1, column: 1 }, message));
        } else {
            program.lines(text);
            program.resolve();
        }
        program
    }

    fn lines(&mut self, text: &'a str) {
        let mut open: Option<(Place, Option<(&'a str, Macro<'a>)>)> = None;
        for (index, line) in text.lines().enumerate() {
            let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
            let mut wrong = Vec::new();
            let tokens = lexer::tokens(line, number, |at, message| wrong.push((at, message)));
            wrong.into_iter().for_each(|wrong| self.error(wrong));
            if self.has_too_many_errors() {
                return;
            }
            let directive = tokens.first().filter(|token| token.kind == Kind::Directive).copied();
            let word = directive.map(|token| token.text.to_ascii_lowercase());
            match (word.as_deref(), directive, &mut open) {
                (Some(".macro"), Some(token), None) => {
                    let head = Macro::head(&tokens);
                    open = Some((token.at, head.map_err(|wrong| self.error(wrong)).ok()));
                }
                (Some(".macro"), Some(token), Some(_)) => {
                    self.error((
                        token.at,
                        "a macro cannot be defined in another: .end is missing before it".into(),
                    ));
                }
                (Some(".end"), Some(_), Some(_)) => {
                    if let Some(extra) = tokens.get(1) {
                        self.error((
                            extra.at,
                            format!("nothing was expected after .end, not {}", extra.shown()),
                        ));
                    }
                    if let Some((_, Some((name, body)))) = open.take() {
                        self.define(name, body);
                    }
                }
                (_, _, Some((_, Some((_, body))))) => body.add_line(&tokens),
                (_, _, Some((_, None))) => {}
                (_, _, None) => self.line(&tokens, 0),
            }
        }
        if let Some((at, _)) = open {
            self.error((at, "the macro does not end: .end is missing".into()));
        }
    }

    fn define(&mut self, name: &'a str, body: Macro<'a>) {
        match self.macros.get(name) {
            Some(first) if !first.built_in => {
                let message = format!("macro %{name} was defined on line {} already", first.at.line);
                self.error((body.at, message));
            }
            _ => {
                self.macros.insert(name, body);
            }
        }
    }

    /// Gives a name to a place or number.
    pub(super) fn name(&mut self, token: Token<'a>, is_label: bool) -> Result<u32, Wrong> {
        let symbol = self.symbols.len() as u32;
        let key = (token.scope, token.text);
        if let Some(first) = self.names.get(&key) {
            let line = self.symbols[*first as usize].at.line;
            return Err((token.at, format!("`{}` was defined on line {line} already", token.text)));
        }
        self.names.insert(key, symbol);
        self.symbols.push(Symbol {
            name: token.text,
            at: token.at,
            expansion: token.scope.checked_sub(1),
            statement: self.statements.len() as u32,
            is_label,
        });
        Ok(symbol)
    }

    /// Adds a statement.
    pub(super) fn add(&mut self, item: Item, at: Place) {
        self.statements.push(Statement { item, at, expansion: self.expansion });
    }

    /// Finds what names mean: in a macro, its own before the program's.
    fn resolve(&mut self) {
        let mut wrong = Vec::new();
        for name in &mut self.pool.names {
            let token = name.token;
            let own = self.names.get(&(token.scope, token.text));
            name.symbol = own.or_else(|| self.names.get(&(0, token.text))).copied();
            if name.symbol.is_none() && wrong.len() <= MOST_ERRORS {
                let here = self.names.keys().filter(|(scope, _)| *scope == token.scope || *scope == 0);
                let hint = match nearest(token.text, here.take(10_000).map(|(_, name)| *name)) {
                    Some(like) => format!("; did you mean `{like}`?"),
                    None => ": define it with a colon, .label or .const".into(),
                };
                wrong.push((token.at, name.expansion, format!("`{}` is not defined{hint}", token.text)));
            }
        }
        for (at, expansion, message) in wrong {
            self.expansion = expansion;
            self.error((at, message));
        }
        self.expansion = None;
    }

    /// Notes what is wrong. Inside of a macro the message says so.
    pub(super) fn error(&mut self, (at, mut message): Wrong) {
        if self.has_too_many_errors() {
            return;
        }
        if let Some(used) = self.expansion.and_then(|at| self.expansions.get(at as usize)) {
            message += &format!(" (in %{}, used on line {})", used.name, used.line);
        }
        if self.errors.len() == MOST_ERRORS - 1 {
            message = "too many errors: the rest was not looked at".into();
        }
        let error = Error { line: at.line, column: at.column, message };
        // A macro may name a wrong argument several times.
        if self.errors.last() != Some(&error) {
            self.errors.push(error);
        }
    }

    /// True once nothing more is said.
    pub(super) fn has_too_many_errors(&self) -> bool {
        self.errors.len() >= MOST_ERRORS
    }

    /// True if nothing was wrong so far.
    pub(super) fn is_right(&self) -> bool {
        self.errors.is_empty()
    }

    /// What was assembled, or all that is wrong.
    pub fn into_result(mut self, assembled: Assembled) -> Result<Assembled, Vec<Error>> {
        if self.errors.is_empty() {
            return Ok(Assembled { expansions: self.expansions, ..assembled });
        }
        self.errors.sort_by_key(|error| (error.line, error.column));
        Err(self.errors)
    }
}
