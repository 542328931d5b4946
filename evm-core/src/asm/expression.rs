//! Expressions: parsed once to reverse Polish notation, evaluated when places of labels are known.

use super::data;
use super::int::{Int, Operator};
use super::lexer::{Kind, Place, Token};
use crate::U256;
use crate::keccak::keccak256;

/// Parentheses and signs within one another, at most.
const DEEPEST: u32 = 64;

/// Tokens of a line, from the next on.
pub struct Cursor<'t, 'a> {
    tokens: &'t [Token<'a>],
    next: usize,
}

impl<'t, 'a> Cursor<'t, 'a> {
    /// A cursor at the first of the tokens.
    pub fn new(tokens: &'t [Token<'a>]) -> Self {
        Self { tokens, next: 0 }
    }

    /// The next token, without passing it.
    pub fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.next).copied()
    }

    /// Passes the next token.
    pub fn take(&mut self) -> Option<Token<'a>> {
        let token = self.peek();
        self.next += usize::from(token.is_some());
        token
    }

    /// Passes the next token if it is this sign.
    pub fn take_sign(&mut self, sign: &str) -> bool {
        let is = self.peek().is_some_and(|token| token.is(sign));
        self.next += usize::from(is);
        is
    }

    /// All that was not passed yet; passes it.
    pub fn rest(&mut self) -> &'t [Token<'a>] {
        let rest = &self.tokens[self.next.min(self.tokens.len())..];
        self.next = self.tokens.len();
        rest
    }

    /// Place of the next token; at the end of the line, behind the last one.
    pub fn place(&self) -> Place {
        if let Some(token) = self.peek() {
            return token.at;
        }
        self.tokens.last().map_or(Place::default(), |last| {
            let length = u32::try_from(last.text.chars().count()).unwrap_or(u32::MAX);
            let quotes = u32::from(matches!(last.kind, Kind::Text | Kind::Char)) * 2;
            Place { line: last.at.line, column: last.at.column.saturating_add(length).saturating_add(quotes) }
        })
    }

    /// What is wrong when `wanted` should be next.
    pub fn expected(&self, wanted: &str) -> Wrong {
        let found = self.peek().map_or("the end of the line".into(), |token| token.shown());
        (self.place(), format!("{wanted} was expected, not {found}"))
    }

    /// Passes a sign that must be there.
    pub fn need_sign(&mut self, sign: &str) -> Result<(), Wrong> {
        if self.take_sign(sign) { Ok(()) } else { Err(self.expected(&format!("`{sign}`"))) }
    }

    /// Passes a name that must be there.
    pub fn need_name(&mut self, wanted: &str) -> Result<Token<'a>, Wrong> {
        match self.peek() {
            Some(token) if token.kind == Kind::Word => {
                self.next += 1;
                Ok(token)
            }
            _ => Err(self.expected(wanted)),
        }
    }
}

/// A place and what is wrong there.
pub type Wrong = (Place, String);

/// An expression of a [`Pool`].
#[derive(Clone, Copy, Debug)]
pub struct Expression {
    start: u32,
    end: u32,
}

#[derive(Clone, Copy, Debug)]
enum Node {
    Number(u32),
    Name(u32),
    Here,
    CodeSize,
    Negate,
    Not,
    Binary(Operator),
}

/// The use of a name.
#[derive(Clone, Copy, Debug)]
pub struct Name<'a> {
    /// The name and its place.
    pub token: Token<'a>,
    /// The use of a macro that it is in, for messages.
    pub expansion: Option<u32>,
    /// What it means, once that is known.
    pub symbol: Option<u32>,
}

/// What an expression's value depends on.
pub struct Surroundings<'s> {
    /// Values of symbols.
    pub values: &'s [Int],
    /// What `$` stands for.
    pub here: u32,
    /// Bytes of the whole code.
    pub code_size: u32,
}

/// All expressions of a program.
#[derive(Default)]
pub struct Pool<'a> {
    nodes: Vec<Node>,
    numbers: Vec<Int>,
    /// Uses of names in all of them.
    pub names: Vec<Name<'a>>,
}

fn operator(token: &Token) -> Option<(Operator, u32)> {
    if token.kind != Kind::Sign {
        return None;
    }
    Some(match token.text {
        "|" => (Operator::Or, 1),
        "^" => (Operator::Xor, 2),
        "&" => (Operator::And, 3),
        "<<" => (Operator::ShiftLeft, 4),
        ">>" => (Operator::ShiftRight, 4),
        "+" => (Operator::Add, 5),
        "-" => (Operator::Subtract, 5),
        "*" => (Operator::Multiply, 6),
        "/" => (Operator::Divide, 6),
        "%" => (Operator::Remainder, 6),
        _ => return None,
    })
}

impl<'a> Pool<'a> {
    /// Parses the expression that is next, as far as it goes.
    pub fn parse(
        &mut self,
        cursor: &mut Cursor<'_, 'a>,
        expansion: Option<u32>,
    ) -> Result<Expression, Wrong> {
        let start = self.nodes.len() as u32;
        self.level(cursor, expansion, 1, 0)?;
        Ok(Expression { start, end: self.nodes.len() as u32 })
    }

    fn number(&mut self, value: Int) {
        self.nodes.push(Node::Number(self.numbers.len() as u32));
        self.numbers.push(value);
    }

    /// Operands joined by operators of at least this precedence.
    fn level(
        &mut self,
        cursor: &mut Cursor<'_, 'a>,
        expansion: Option<u32>,
        least: u32,
        depth: u32,
    ) -> Result<(), Wrong> {
        self.operand(cursor, expansion, depth)?;
        while let Some(token) = cursor.peek() {
            let Some((operator, precedence)) = operator(&token).filter(|found| found.1 >= least) else {
                break;
            };
            cursor.take();
            self.level(cursor, expansion, precedence + 1, depth)?;
            self.join(operator).map_err(|message| (token.at, message.into()))?;
        }
        Ok(())
    }

    /// Adds an operator; does its work at once if both operands are numbers.
    fn join(&mut self, operator: Operator) -> Result<(), &'static str> {
        if let [.., Node::Number(a), Node::Number(b)] = self.nodes[..] {
            let value = operator.of(self.numbers[a as usize], self.numbers[b as usize])?;
            self.nodes.truncate(self.nodes.len() - 2);
            self.numbers.truncate(a as usize);
            self.number(value);
        } else {
            self.nodes.push(Node::Binary(operator));
        }
        Ok(())
    }

    fn operand(
        &mut self,
        cursor: &mut Cursor<'_, 'a>,
        expansion: Option<u32>,
        depth: u32,
    ) -> Result<(), Wrong> {
        let wanted = "a number, a name, a text or `(`";
        let Some(token) = cursor.peek() else { return Err(cursor.expected(wanted)) };
        let wrong = |message: String| (token.at, message);
        if depth > DEEPEST {
            return Err(wrong(format!("more than {DEEPEST} parentheses and signs within one another")));
        }
        match (token.kind, token.text) {
            (Kind::Number, text) => self.number(data::number(text).map_err(wrong)?),
            (Kind::Text, text) => self.number(short_text(text).map_err(wrong)?),
            (Kind::Char, text) => self.number(character(text).map_err(wrong)?),
            (Kind::Sign, "(") => {
                cursor.take();
                self.level(cursor, expansion, 1, depth + 1)?;
                return cursor.need_sign(")");
            }
            (Kind::Sign, sign @ ("-" | "~" | "+")) => {
                cursor.take();
                self.operand(cursor, expansion, depth + 1)?;
                return self.sign(sign).map_err(|message| wrong(message.into()));
            }
            (Kind::Sign, "$") => self.nodes.push(Node::Here),
            (Kind::Sign, "@") => {
                cursor.take();
                let token = cursor.need_name("a label's name")?;
                self.name(token, expansion);
                return Ok(());
            }
            (Kind::Word, name) => {
                cursor.take();
                if !cursor.peek().is_some_and(|next| next.is("(")) {
                    self.name(token, expansion);
                    return Ok(());
                }
                return self.function(name, token.at, cursor);
            }
            (Kind::Parameter, _) => return Err(wrong(format!("{} is no parameter here", token.shown()))),
            _ => return Err(cursor.expected(wanted)),
        }
        cursor.take();
        Ok(())
    }

    fn name(&mut self, token: Token<'a>, expansion: Option<u32>) {
        self.nodes.push(Node::Name(self.names.len() as u32));
        self.names.push(Name { token, expansion, symbol: None });
    }

    fn sign(&mut self, sign: &str) -> Result<(), &'static str> {
        let folded = match self.nodes[..] {
            [.., Node::Number(n)] => self.numbers.get_mut(n as usize),
            _ => None,
        };
        match (sign, folded) {
            ("-", Some(number)) => *number = number.negate(),
            ("~", Some(number)) => *number = number.not()?,
            ("-", None) => self.nodes.push(Node::Negate),
            ("~", None) => self.nodes.push(Node::Not),
            _ => {}
        }
        Ok(())
    }

    fn function(&mut self, name: &str, at: Place, cursor: &mut Cursor<'_, 'a>) -> Result<(), Wrong> {
        if !["len", "keccak256", "selector", "left", "codesize"].contains(&name) {
            let message =
                format!("no function is called `{name}`: there are len, keccak256, selector, left, codesize");
            return Err((at, message));
        }
        cursor.need_sign("(")?;
        if name == "codesize" {
            self.nodes.push(Node::CodeSize);
            return cursor.need_sign(")");
        }
        let text = match cursor.peek() {
            Some(token) if token.kind == Kind::Text => token,
            _ => return Err(cursor.expected("a text in quotes")),
        };
        cursor.take();
        let value = data::text_bytes(text.text).and_then(|bytes| function_of_text(name, &bytes));
        self.number(value.map_err(|message| (text.at, message))?);
        cursor.need_sign(")")
    }

    /// The symbols that an expression names.
    pub fn symbols(&self, expression: Expression) -> impl Iterator<Item = u32> {
        self.names_of(expression).filter_map(|name| name.symbol)
    }

    /// The names in an expression.
    pub fn names_of(&self, expression: Expression) -> impl Iterator<Item = &Name<'a>> {
        self.nodes[expression.start as usize..expression.end as usize].iter().filter_map(|node| match node {
            Node::Name(name) => self.names.get(*name as usize),
            _ => None,
        })
    }

    /// True if the value depends on a place by itself, not by a name.
    pub fn has_place(&self, expression: Expression) -> bool {
        let nodes = &self.nodes[expression.start as usize..expression.end as usize];
        nodes.iter().any(|node| matches!(node, Node::Here | Node::CodeSize))
    }

    /// The value of an expression.
    pub fn evaluate(&self, expression: Expression, around: &Surroundings) -> Result<Int, &'static str> {
        let number = |n: u32| Int::from(U256::from(n));
        let nodes = &self.nodes[expression.start as usize..expression.end as usize];
        if let [Node::Number(n)] = nodes {
            return Ok(self.numbers[*n as usize]);
        }
        let mut stack: Vec<Int> = Vec::new();
        for node in nodes {
            let value = match node {
                Node::Number(n) => self.numbers[*n as usize],
                Node::Name(name) => {
                    let symbol = self.names[*name as usize].symbol;
                    symbol.and_then(|symbol| around.values.get(symbol as usize)).copied().unwrap_or_default()
                }
                Node::Here => number(around.here),
                Node::CodeSize => number(around.code_size),
                Node::Negate => stack.pop().unwrap_or_default().negate(),
                Node::Not => stack.pop().unwrap_or_default().not()?,
                Node::Binary(operator) => {
                    let b = stack.pop().unwrap_or_default();
                    operator.of(stack.pop().unwrap_or_default(), b)?
                }
            };
            stack.push(value);
        }
        Ok(stack.pop().unwrap_or_default())
    }
}

fn short_text(text: &str) -> Result<Int, String> {
    let bytes = data::text_bytes(text)?;
    data::number_of(&bytes).ok_or_else(|| format!("a text of {} bytes: a number has at most 32", bytes.len()))
}

fn character(text: &str) -> Result<Int, String> {
    let bytes = data::text_bytes(text)?;
    match std::str::from_utf8(&bytes).map(|s| s.chars().count()) {
        Ok(1) => data::number_of(&bytes).ok_or_else(|| "one character was expected".into()),
        _ if bytes.len() == 1 => data::number_of(&bytes).ok_or_else(|| "one character was expected".into()),
        _ => Err("one character was expected; a text has double quotes".into()),
    }
}

fn function_of_text(name: &str, bytes: &[u8]) -> Result<Int, String> {
    match name {
        "len" => Ok(Int::from(U256::from(bytes.len()))),
        "keccak256" => Ok(Int::from(U256::from_big_endian(keccak256(bytes).as_bytes()))),
        "selector" => {
            let has_shape = bytes.contains(&b'(') && bytes.ends_with(b")") && !bytes.contains(&b' ');
            if !has_shape {
                return Err("a signature without spaces was expected, like transfer(address,uint256)".into());
            }
            Ok(Int::from(U256::from_big_endian(&keccak256(bytes).as_bytes()[..4])))
        }
        _ => match bytes.len() {
            0..=32 => {
                let mut word = [0; 32];
                word[..bytes.len()].copy_from_slice(bytes);
                Ok(Int::from(U256::from_big_endian(&word)))
            }
            length => Err(format!("a text of {length} bytes: a word has 32")),
        },
    }
}
