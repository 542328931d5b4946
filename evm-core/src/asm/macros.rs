//! Macros: definition and use.

use super::expression::{Cursor, Wrong};
use super::lexer::{self, Kind, Place, Token};
use super::mnemonic::nearest;
use super::prelude::{BUILT_IN, DISPATCH};
use super::program::Program;
use super::{DEEPEST_EXPANSION, Expansion, MOST_EXPANDED};

/// A macro.
pub struct Macro<'a> {
    /// Where it is defined.
    pub at: Place,
    /// True for those of the prelude.
    pub built_in: bool,
    parameters: Vec<&'a str>,
    /// Statements, lines ended by [`Kind::LineEnd`].
    body: Vec<Token<'a>>,
}

/// The parts of a list between commas outside of parentheses; none of an empty list.
fn arguments<'t, 'a>(tokens: &'t [Token<'a>]) -> Vec<&'t [Token<'a>]> {
    if tokens.is_empty() {
        return Vec::new();
    }
    let mut depth = 0u32;
    let is_comma = |token: &Token| {
        if token.is("(") {
            depth += 1;
        } else if token.is(")") {
            depth = depth.saturating_sub(1);
        }
        depth == 0 && token.is(",")
    };
    tokens.split(is_comma).collect()
}

impl<'a> Macro<'a> {
    /// Name and parameters from a line that starts with `.macro`.
    pub fn head(tokens: &[Token<'a>]) -> Result<(&'a str, Self), Wrong> {
        let mut cursor = Cursor::new(tokens);
        cursor.take();
        let name = cursor.need_name("the macro's name")?;
        let mut parameters = Vec::new();
        while cursor.peek().is_some() {
            if !parameters.is_empty() {
                cursor.need_sign(",")?;
            }
            let parameter = cursor.need_name("a parameter's name (without $)")?;
            if parameters.contains(&parameter.text) {
                return Err((parameter.at, format!("parameter {} is there twice", parameter.shown())));
            }
            parameters.push(parameter.text);
        }
        Ok((name.text, Self { at: name.at, built_in: false, parameters, body: Vec::new() }))
    }

    /// Adds a line of the body.
    pub fn add_line(&mut self, tokens: &[Token<'a>]) {
        let Some(last) = tokens.last() else { return };
        self.body.extend_from_slice(tokens);
        self.body.push(Token { kind: Kind::LineEnd, text: "", ..*last });
    }
}

impl<'a> Program<'a> {
    /// Adds the macros of the prelude.
    pub(super) fn define_built_in(&mut self) {
        for built_in in BUILT_IN {
            let mut definition = Macro {
                at: Place::default(),
                built_in: true,
                parameters: built_in.parameters.to_vec(),
                body: Vec::new(),
            };
            for line in built_in.body(self.fork).lines() {
                definition.add_line(&lexer::tokens(line, 0, |_, _| {}));
            }
            self.macros.insert(built_in.name, definition);
        }
    }

    /// Reads the use of a macro, from its name to the end of the line.
    pub(super) fn use_macro(&mut self, cursor: &mut Cursor<'_, 'a>, depth: u32) -> Result<(), Wrong> {
        let name = cursor.need_name("a macro's name")?;
        let Some(definition) = self.macros.get(name.text) else {
            let like = nearest(name.text, self.macros.keys().copied());
            let hint =
                like.map_or(": define it with .macro".into(), |like| format!("; did you mean %{like}?"));
            return Err((name.at, format!("no macro is called %{}{hint}", name.text)));
        };
        if depth >= DEEPEST_EXPANSION {
            return Err((
                name.at,
                format!("macros are used within macros more than {DEEPEST_EXPANSION} deep"),
            ));
        }
        let given = arguments(cursor.rest());
        if let Some(position) = given.iter().position(|argument| argument.is_empty()) {
            return Err((name.at, format!("argument {} of %{} is empty", position + 1, name.text)));
        }
        let built_in = definition.built_in;
        let scope = self.expansions.len() as u32 + 1;
        let at = self.used_at.unwrap_or(name.at);
        let tokens = if built_in && name.text == DISPATCH {
            dispatch(name, at, &given)?
        } else {
            let there = MOST_EXPANDED.saturating_sub(self.expanded);
            definition.substitute(name, built_in.then_some(at), &given, scope, there)?
        };
        self.expanded += tokens.len() + 1;
        if self.expanded > MOST_EXPANDED {
            return Err((name.at, format!("macros stand for more than {MOST_EXPANDED} words and signs")));
        }
        self.expansions.push(Expansion {
            name: name.text.into(),
            line: at.line,
            column: at.column,
            parent: self.expansion,
        });
        let outside = (self.expansion, self.used_at);
        self.expansion = Some(scope - 1);
        self.used_at = self.used_at.or(built_in.then_some(name.at));
        for line in tokens.split(|token| token.kind == Kind::LineEnd) {
            if !self.has_too_many_errors() && self.expanded <= MOST_EXPANDED {
                self.line(line, depth + 1);
            }
        }
        (self.expansion, self.used_at) = outside;
        Ok(())
    }
}

impl<'a> Macro<'a> {
    /// The body with arguments in the place of parameters. Its own tokens belong to `scope`, and are at `at` if that is
    /// given; those of arguments stay what they are.
    fn substitute(
        &self,
        name: Token<'a>,
        at: Option<Place>,
        given: &[&[Token<'a>]],
        scope: u32,
        most: usize,
    ) -> Result<Vec<Token<'a>>, Wrong> {
        if given.len() != self.parameters.len() {
            let list = match self.parameters.len() {
                0 => "no arguments".into(),
                n => format!("{n} ({})", self.parameters.join(", ")),
            };
            return Err((name.at, format!("%{} takes {list}, not {}", name.text, given.len())));
        }
        let mut tokens = Vec::with_capacity(self.body.len());
        for token in &self.body {
            let own = Token { scope, at: at.unwrap_or(token.at), ..*token };
            let parameter =
                self.parameters.iter().position(|p| token.kind == Kind::Parameter && *p == token.text);
            let sign = |text| Token { kind: Kind::Sign, text, ..own };
            match parameter.map(|index| given[index]) {
                None => tokens.push(own),
                Some([single]) => tokens.push(*single),
                Some(several) => {
                    // As one operand, whatever stands around it.
                    tokens.push(sign("("));
                    tokens.extend_from_slice(several);
                    tokens.push(sign(")"));
                }
            }
            if tokens.len() > most {
                return Err((name.at, format!("macros stand for more than {MOST_EXPANDED} words and signs")));
            }
        }
        Ok(tokens)
    }
}

/// `%selector`, and a `%case` for every pair.
fn dispatch<'a>(name: Token<'a>, at: Place, given: &[&[Token<'a>]]) -> Result<Vec<Token<'a>>, Wrong> {
    if given.is_empty() || !given.len().is_multiple_of(2) {
        let message =
            format!("%{DISPATCH} takes pairs of a signature and a label, not {} arguments", given.len());
        return Err((name.at, message));
    }
    let token = |kind, text| Token { kind, text, at, scope: 0 };
    let call = |name| [token(Kind::Sign, "%"), token(Kind::Word, name)];
    let mut tokens = call("selector").to_vec();
    for pair in given.chunks(2) {
        tokens.push(token(Kind::LineEnd, ""));
        tokens.extend(call("case"));
        tokens.extend_from_slice(pair[0]);
        tokens.push(token(Kind::Sign, ","));
        tokens.extend_from_slice(pair[1]);
    }
    Ok(tokens)
}
