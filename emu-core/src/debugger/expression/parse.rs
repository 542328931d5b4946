//! Tokens to a tree, by C's precedence.

use super::lex::Token;
use super::names;
use super::{Binary, ExpressionError, Fact, Node, Space, Unary, Value};

/// Deepest nesting of brackets and prefix operators.
const MOST_DEPTH: u32 = 64;

/// Operators with two sides, and how tightly they bind.
const BINARY: [(&str, u8, Binary); 18] = [
    ("||", 1, Binary::LogicalOr),
    ("&&", 2, Binary::LogicalAnd),
    ("|", 3, Binary::Or),
    ("^", 4, Binary::Xor),
    ("&", 5, Binary::And),
    ("==", 6, Binary::Equal),
    ("!=", 6, Binary::NotEqual),
    ("<", 7, Binary::Less),
    ("<=", 7, Binary::LessEqual),
    (">", 7, Binary::Greater),
    (">=", 7, Binary::GreaterEqual),
    ("<<", 8, Binary::ShiftLeft),
    (">>", 8, Binary::ShiftRight),
    ("+", 9, Binary::Add),
    ("-", 9, Binary::Subtract),
    ("*", 10, Binary::Multiply),
    ("/", 10, Binary::Divide),
    ("%", 10, Binary::Remainder),
];

const CASTS: [(&str, Unary); 4] =
    [("int", Unary::Int), ("short", Unary::Short), ("char", Unary::Char), ("unsigned", Unary::Unsigned)];

const MEMORY: [(&str, u32); 3] = [("byte", 1), ("word", 2), ("dword", 4)];

const FACTS: [(&str, Fact); 5] = [
    ("value", Fact::Value),
    ("address", Fact::Address),
    ("port", Fact::Port),
    ("vector", Fact::Vector),
    ("error", Fact::Error),
];

type Parsed = Result<Node, ExpressionError>;

struct Parser<'a> {
    tokens: &'a [(Token, usize)],
    at: usize,
    depth: u32,
}

fn named<T: Copy>(table: &[(&str, T)], name: &str) -> Option<T> {
    table.iter().find(|entry| entry.0 == name).map(|entry| entry.1)
}

/// Reads all tokens as one expression.
pub fn parse(tokens: &[(Token, usize)]) -> Parsed {
    let mut parser = Parser { tokens, at: 0, depth: 0 };
    let node = parser.expression(1)?;
    match parser.peek() {
        (Token::End, _) => Ok(node),
        (_, column) => ExpressionError::at(column, "an operator or the end should be here"),
    }
}

impl Parser<'_> {
    fn peek(&self) -> (Token, usize) {
        self.tokens.get(self.at).or(self.tokens.last()).cloned().unwrap_or((Token::End, 0))
    }

    fn next(&mut self) -> (Token, usize) {
        let token = self.peek();
        self.at += 1;
        token
    }

    fn takes(&mut self, symbol: &'static str) -> bool {
        let found = self.peek().0 == Token::Symbol(symbol);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, symbol: &'static str) -> Result<(), ExpressionError> {
        let column = self.peek().1;
        if self.takes(symbol) { Ok(()) } else { ExpressionError::at(column, format!("{symbol} is missing")) }
    }

    /// Operators that bind at least so tightly.
    fn expression(&mut self, least: u8) -> Parsed {
        let mut left = self.prefixed()?;
        loop {
            let (Token::Symbol(symbol), column) = self.peek() else { return Ok(left) };
            let Some(&(_, binds, op)) = BINARY.iter().find(|b| b.0 == symbol && b.1 >= least) else {
                return Ok(left);
            };
            self.at += 1;
            let right = self.expression(binds + 1)?;
            left = Node::Binary { op, left: Box::new(left), right: Box::new(right), column };
        }
    }

    fn prefixed(&mut self) -> Parsed {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return ExpressionError::at(self.peek().1, "nested too deeply");
        }
        let node = self.primary();
        self.depth -= 1;
        node
    }

    fn primary(&mut self) -> Parsed {
        let (token, column) = self.next();
        let unary = |op, node| Ok(Node::Unary(op, Box::new(node)));
        match token {
            Token::Number(bits) => Ok(Node::Number(Value { bits, signed: i32::try_from(bits).is_ok() })),
            Token::Symbol("-") => unary(Unary::Minus, self.prefixed()?),
            Token::Symbol("!") => unary(Unary::Not, self.prefixed()?),
            Token::Symbol("~") => unary(Unary::Complement, self.prefixed()?),
            Token::Symbol("+") => self.prefixed(),
            Token::Symbol("(") => {
                let inner = self.expression(1)?;
                self.expect(")")?;
                Ok(inner)
            }
            Token::Name(name) => self.name(&name, column),
            Token::End => ExpressionError::at(column, "a value is missing at the end"),
            Token::Symbol(symbol) => {
                ExpressionError::at(column, format!("a value should be here, not {symbol}"))
            }
        }
    }

    fn name(&mut self, name: &str, column: usize) -> Parsed {
        if let Some(bytes) = named(&MEMORY, name) {
            self.expect("[")?;
            let (space, offset) = self.address()?;
            self.expect("]")?;
            return Ok(Node::Memory { bytes, space, offset: Box::new(offset), column });
        }
        if let Some(cast) = named(&CASTS, name) {
            self.expect("(")?;
            let inner = self.expression(1)?;
            self.expect(")")?;
            return Ok(Node::Unary(cast, Box::new(inner)));
        }
        if let Some(fact) = named(&FACTS, name) {
            return Ok(Node::Fact(fact, column));
        }
        match names::register(name) {
            Some(getter) => Ok(Node::Register(getter)),
            None => ExpressionError::at(column, format!("{name} is no register, flag or other name")),
        }
    }

    /// What stands between the brackets of memory.
    fn address(&mut self) -> Result<(Space, Node), ExpressionError> {
        if let Some((Token::Symbol(":"), _)) = self.tokens.get(self.at + 1)
            && let (Token::Name(name), _) = self.peek()
        {
            let space = if name == "phys" {
                Some(Space::Physical)
            } else {
                names::segment(&name).map(Space::Register)
            };
            if let Some(space) = space {
                self.at += 2;
                return Ok((space, self.expression(1)?));
            }
        }
        let first = self.expression(1)?;
        if self.takes(":") {
            return Ok((Space::Selector(Box::new(first)), self.expression(1)?));
        }
        Ok((Space::Linear, first))
    }
}
