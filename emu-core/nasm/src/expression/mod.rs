//! Expressions (NASM manual, section 3.5): sums of registers, a number, and places in sections.

mod arithmetic;

use arithmetic::{LEVELS, scaled};

use crate::float;
use crate::lexer::{Kind, Token, text_value};
use crate::registers::{Register, register};

/// Parentheses, signs and choices within one another, at most.
const DEEPEST: u32 = 60;

/// What is wrong, and at which byte of the line.
#[derive(Clone, PartialEq, Debug)]
pub struct Wrong {
    /// Place in the line.
    pub at: usize,
    /// What is wrong.
    pub message: String,
}

impl Wrong {
    /// Something wrong at a place.
    pub fn new(at: usize, message: impl Into<String>) -> Self {
        Self { at, message: message.into() }
    }
}

/// Number of a section.
pub type Segment = u32;

/// What a name stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Found {
    /// A number, or a place in a section.
    Value(i64, Option<Segment>),
    /// Not known yet: it may be defined further on.
    Forward,
    /// Defined nowhere.
    Missing,
}

/// What expressions can refer to.
pub trait Scope {
    /// What a name stands for.
    fn symbol(&self, name: &str) -> Found;
    /// `$`: the place of the statement.
    fn here(&self) -> (i64, Option<Segment>);
}

/// The value of an expression.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Value {
    /// Registers and their factors, in the order of names.
    pub registers: Vec<(Register, i64)>,
    /// How often parts that are not known yet are added: the difference of two counts as known, as in NASM.
    pub unknown: i64,
    /// The number.
    pub number: i64,
    /// Sections whose addresses are added, and how often.
    pub segments: Vec<(Segment, i64)>,
}

impl Value {
    /// A plain number.
    pub fn number(number: i64) -> Self {
        Self { number, ..Self::default() }
    }

    fn unknown() -> Self {
        Self { unknown: 1, ..Self::default() }
    }

    fn register(register: Register) -> Self {
        Self { registers: vec![(register, 1)], ..Self::default() }
    }

    /// True for a plain number that is known.
    pub fn is_simple(&self) -> bool {
        self.unknown == 0 && self.registers.is_empty() && self.segments.is_empty()
    }

    /// True if nothing but the unknown part matters.
    pub fn is_just_unknown(&self) -> bool {
        self.unknown != 0 && self.registers.is_empty()
    }

    /// The register, if it is one alone.
    pub fn as_register(&self) -> Option<Register> {
        match self.registers[..] {
            [(register, 1)] if self.unknown == 0 && self.number == 0 && self.segments.is_empty() => {
                Some(register)
            }
            _ => None,
        }
    }

    /// The section it is a place in; none for a number. An error if it is neither.
    pub fn segment(&self) -> Result<Option<Segment>, ()> {
        match self.segments[..] {
            _ if !self.registers.is_empty() => Err(()),
            [] => Ok(None),
            [(segment, 1)] => Ok(Some(segment)),
            _ => Err(()),
        }
    }
}

/// Which register of an address the text suggests as its base.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hint {
    /// No register was met.
    None,
    /// This one came first.
    Base(Register),
    /// This one has a factor written.
    NotBase(Register),
    /// Terms were added up.
    Summed(Register),
}

/// Tokens of a line, from the next on, and what names in them stand for.
pub struct Parser<'t> {
    tokens: &'t [Token],
    next: usize,
    end: usize,
    scope: &'t dyn Scope,
    depth: u32,
    /// The hint for an address.
    pub hint: Hint,
    /// True if what is not known yet is an error.
    pub critical: bool,
}

impl<'t> Parser<'t> {
    /// A parser at the first of the tokens of a line of `end` bytes.
    pub fn new(tokens: &'t [Token], end: usize, scope: &'t dyn Scope) -> Self {
        Self { tokens, next: 0, end, scope, depth: 0, hint: Hint::None, critical: false }
    }

    /// The next token, without passing it.
    pub fn peek(&self) -> Option<&'t Token> {
        self.tokens.get(self.next)
    }

    /// The token after the next one.
    pub fn peek_second(&self) -> Option<&'t Token> {
        self.tokens.get(self.next + 1)
    }

    /// Passes the next token.
    pub fn take(&mut self) -> Option<&'t Token> {
        let token = self.peek()?;
        self.next += 1;
        Some(token)
    }

    /// Number of the next token, for [`Parser::back_to`].
    pub fn position(&self) -> usize {
        self.next
    }

    /// Goes back to a token that was passed.
    pub fn back_to(&mut self, position: usize) {
        self.next = position;
    }

    /// True if all tokens were passed.
    pub fn at_end(&self) -> bool {
        self.next >= self.tokens.len()
    }

    /// Place of the next token, or the end of the line.
    pub fn place(&self) -> usize {
        self.peek().map_or(self.end, |token| token.at)
    }

    /// Passes the next token if it is this sign.
    pub fn take_sign(&mut self, sign: &str) -> bool {
        let is = self.peek().is_some_and(|token| token.is(sign));
        self.next += usize::from(is);
        is
    }

    /// Passes the next token if it is this keyword.
    pub fn take_keyword(&mut self, word: &str) -> bool {
        let is = self.peek().and_then(Token::keyword).is_some_and(|name| name == word);
        self.next += usize::from(is);
        is
    }

    /// What is wrong when `wanted` should be next.
    pub fn expected(&self, wanted: &str) -> Wrong {
        let found = match self.peek() {
            Some(Token { kind: Kind::Bad(why), .. }) => return Wrong::new(self.place(), *why),
            Some(token) => format!("`{}`", token.text.chars().take(40).collect::<String>()),
            None => "the end of the line".into(),
        };
        Wrong::new(self.place(), format!("{wanted} was expected, not {found}"))
    }

    /// An error unless all tokens were passed.
    pub fn finish(&self) -> Result<(), Wrong> {
        if self.at_end() { Ok(()) } else { Err(self.expected("the end of the statement")) }
    }

    /// An expression that is a number known now.
    pub fn constant(&mut self) -> Result<i64, Wrong> {
        let at = self.place();
        let critical = std::mem::replace(&mut self.critical, true);
        let value = self.expression();
        self.critical = critical;
        let value = value?;
        if value.is_simple() { Ok(value.number) } else { Err(not_constant(at, &value)) }
    }

    /// An expression.
    pub fn expression(&mut self) -> Result<Value, Wrong> {
        self.deeper(Self::choice)
    }

    fn deeper(&mut self, parse: fn(&mut Self) -> Result<Value, Wrong>) -> Result<Value, Wrong> {
        if self.depth >= DEEPEST {
            return Err(Wrong::new(
                self.place(),
                format!("more than {DEEPEST} parentheses or signs in one another"),
            ));
        }
        self.depth += 1;
        let value = parse(self);
        self.depth -= 1;
        value
    }

    fn choice(&mut self) -> Result<Value, Wrong> {
        let at = self.place();
        let condition = self.binary(0)?;
        if !self.take_sign("?") {
            return Ok(condition);
        }
        let yes = self.expression()?;
        if !self.take_sign(":") {
            return Err(self.expected("`:` and the other value of the choice"));
        }
        let no = self.expression()?;
        if condition.is_just_unknown() {
            return Ok(Value::unknown());
        }
        let condition = self.scalar(at, &condition)?;
        Ok(if condition != 0 { yes } else { no })
    }

    fn scalar(&self, at: usize, value: &Value) -> Result<i64, Wrong> {
        if value.is_simple() { Ok(value.number) } else { Err(not_constant(at, value)) }
    }

    /// Operators of a level and all that bind tighter.
    fn binary(&mut self, level: usize) -> Result<Value, Wrong> {
        let Some(signs) = LEVELS.get(level) else { return self.unary() };
        let mut left = self.binary(level + 1)?;
        while let Some(token) = self.peek() {
            if token.kind != Kind::Sign || !signs.contains(&token.text.as_str()) {
                break;
            }
            self.next += 1;
            let right = self.binary(level + 1)?;
            left = self.combine(token, left, right)?;
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Value, Wrong> {
        let Some(token) = self.peek() else { return Err(self.expected("a value")) };
        let sign = if token.kind == Kind::Sign { token.text.as_str() } else { "" };
        match sign {
            "-" | "+" | "~" | "!" => {
                self.next += 1;
                let value = self.deeper(Self::unary)?;
                self.signed(token, value)
            }
            "(" => {
                self.next += 1;
                let value = self.expression()?;
                if !self.take_sign(")") {
                    return Err(self.expected("`)`"));
                }
                Ok(value)
            }
            "$" | "$$" => {
                self.next += 1;
                let (offset, segment) = self.scope.here();
                Ok(self.place_value(if sign == "$" { offset } else { 0 }, segment))
            }
            _ => self.primary(token),
        }
    }

    fn signed(&self, token: &Token, value: Value) -> Result<Value, Wrong> {
        match token.text.as_str() {
            "+" => Ok(value),
            "-" => Ok(scaled(value, -1)),
            _ if value.is_just_unknown() => Ok(Value::unknown()),
            "~" => Ok(Value::number(!self.scalar(token.at, &value)?)),
            _ => Ok(Value::number(i64::from(self.scalar(token.at, &value)? == 0))),
        }
    }

    fn place_value(&self, offset: i64, segment: Option<Segment>) -> Value {
        Value { number: offset, segments: segment.map(|s| (s, 1)).into_iter().collect(), ..Value::default() }
    }

    fn primary(&mut self, token: &Token) -> Result<Value, Wrong> {
        match &token.kind {
            Kind::Number(value) => {
                self.next += 1;
                Ok(Value::number(*value as i64))
            }
            Kind::Text(bytes) => {
                self.next += 1;
                Ok(Value::number(text_value(bytes) as i64))
            }
            Kind::Float => Err(Wrong::new(
                token.at,
                "a floating-point number stands alone in dd, dq or dt; in an expression write __float32__(1.5)",
            )),
            Kind::Name(escaped) => {
                self.next += 1;
                self.name(token, *escaped)
            }
            _ => Err(self.expected("a value")),
        }
    }

    fn name(&mut self, token: &Token, escaped: bool) -> Result<Value, Wrong> {
        let lower = token.text.to_ascii_lowercase();
        if !escaped {
            if let Some(register) = register(&lower) {
                if self.hint == Hint::None {
                    self.hint = Hint::Base(register);
                }
                return Ok(Value::register(register));
            }
            if let Some(format) = float::function(&lower) {
                return self.float_bits(format);
            }
            if lower == "seg" {
                return Err(Wrong::new(token.at, "a flat binary has no segment numbers: `seg` has no value"));
            }
        }
        match self.scope.symbol(&token.text) {
            Found::Value(offset, segment) => Ok(self.place_value(offset, segment)),
            Found::Forward if self.critical => Err(Wrong::new(
                token.at,
                format!("`{}` must be defined before this line", shown(&token.text)),
            )),
            Found::Forward => Ok(Value::unknown()),
            Found::Missing => {
                Err(Wrong::new(token.at, format!("`{}` is defined nowhere", shown(&token.text))))
            }
        }
    }

    /// `(1.5)` after the name of a floating-point format.
    fn float_bits(&mut self, format: float::Format) -> Result<Value, Wrong> {
        if !self.take_sign("(") {
            return Err(self.expected("`(`"));
        }
        let negative = self.take_sign("-");
        if !negative {
            self.take_sign("+");
        }
        let token = self.peek().ok_or_else(|| self.expected("a number"))?;
        let bits = float::encode(&token.text, negative, format).ok_or_else(|| self.expected("a number"))?;
        self.next += 1;
        if !self.take_sign(")") {
            return Err(self.expected("`)`"));
        }
        Ok(Value::number(bits as i64))
    }
}

fn shown(name: &str) -> String {
    name.chars().take(60).collect()
}

fn not_constant(at: usize, value: &Value) -> Wrong {
    Wrong::new(
        at,
        if !value.registers.is_empty() {
            "a number is needed here, not a register"
        } else if value.unknown != 0 {
            "the value must be known before this line"
        } else {
            "a number is needed here, not an address: write the difference of two labels, as in `label-$$`"
        },
    )
}
