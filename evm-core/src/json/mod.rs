//! Reading JSON that a person may have written: every value knows its path, and what does not fit is one error that
//! names the place, what was expected and what was found.

mod number;
#[cfg(test)]
mod tests;

use crate::{Address, H256, U256};
use serde_json::{Map, Value};
use std::fmt::{self, Display, Formatter};

/// Why JSON was refused. Paths are written as in `$.alloc["0x01"].balance`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum JsonError {
    /// The text is no JSON, or nests deeper than 128 levels; says where.
    Syntax(String),
    /// A value is not of the form that belongs there.
    Expected {
        /// Where.
        path: String,
        /// What belongs there.
        expected: String,
        /// What is there, shortened.
        found: String,
    },
    /// An object lacks a key.
    Missing {
        /// Of the object.
        path: String,
        /// The key.
        key: &'static str,
    },
    /// An object has a key that nobody knows.
    UnknownKey {
        /// Of the object.
        path: String,
        /// The key, shortened.
        key: String,
        /// What it could be.
        known: Vec<&'static str>,
    },
    /// Two values contradict each other.
    Conflict {
        /// Of the second.
        path: String,
        /// What is wrong and what helps.
        problem: String,
    },
}

impl Display for JsonError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(problem) => write!(f, "not JSON: {problem}"),
            Self::Expected { path, expected, found } => {
                write!(f, "{path}: expected {expected}, found {found}")
            }
            Self::Missing { path, key } => write!(f, "{path}: the key \"{key}\" is missing; add it"),
            Self::UnknownKey { path, key, known } => match nearest(key, known) {
                Some(near) => write!(f, "{path}: unknown key \"{key}\"; did you mean \"{near}\"?"),
                None => {
                    write!(f, "{path}: unknown key \"{key}\"; remove it, or use one of: {}", known.join(", "))
                }
            },
            Self::Conflict { path, problem } => write!(f, "{path}: {problem}"),
        }
    }
}

impl std::error::Error for JsonError {}

/// Parses a text.
pub fn parse(text: &str) -> Result<Value, JsonError> {
    serde_json::from_str(text).map_err(|error| JsonError::Syntax(error.to_string()))
}

/// One step on the way to a value.
#[derive(Clone, Copy)]
enum Step<'a> {
    Root,
    Key(&'a Path<'a>, &'a str),
    Index(&'a Path<'a>, usize),
}

/// Way from the whole text to a value.
#[derive(Clone, Copy)]
pub struct Path<'a>(Step<'a>);

impl Path<'_> {
    /// The whole text.
    pub const ROOT: Path<'static> = Path(Step::Root);
}

impl Display for Path<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Step::Root => f.write_str("$"),
            Step::Key(parent, key) => {
                parent.fmt(f)?;
                let plain = key.starts_with(|c: char| c.is_ascii_alphabetic())
                    && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                if plain { write!(f, ".{}", shorten(key)) } else { write!(f, "[\"{}\"]", shorten(key)) }
            }
            Step::Index(parent, index) => {
                parent.fmt(f)?;
                write!(f, "[{index}]")
            }
        }
    }
}

/// A value and its path.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    value: &'a Value,
    path: Path<'a>,
}

impl<'a> Node<'a> {
    /// The whole text.
    pub fn root(value: &'a Value) -> Self {
        Self { value, path: Path::ROOT }
    }

    /// The plain value.
    pub fn value(&self) -> &'a Value {
        self.value
    }

    /// True for null.
    pub fn is_null(&self) -> bool {
        self.value.is_null()
    }

    /// The error that something else belongs here.
    pub fn expected<T>(&self, expected: impl Into<String>) -> Result<T, JsonError> {
        Err(JsonError::Expected {
            path: self.path.to_string(),
            expected: expected.into(),
            found: found(self.value),
        })
    }

    /// The error that this contradicts something else.
    pub fn conflict<T>(&self, problem: impl Into<String>) -> Result<T, JsonError> {
        Err(JsonError::Conflict { path: self.path.to_string(), problem: problem.into() })
    }

    fn object(&self) -> Result<&'a Map<String, Value>, JsonError> {
        match self.value.as_object() {
            Some(object) => Ok(object),
            None => self.expected("an object {...}"),
        }
    }

    /// Refuses keys of this object that are not in `known`.
    pub fn only(&self, known: &[&'static str]) -> Result<(), JsonError> {
        match self.object()?.keys().find(|key| !known.contains(&key.as_str())) {
            None => Ok(()),
            Some(key) => Err(JsonError::UnknownKey {
                path: self.path.to_string(),
                key: shorten(key),
                known: known.to_vec(),
            }),
        }
    }

    /// What `read` makes of the value of `key`; nothing if there is none, or null.
    pub fn get<T>(
        &self,
        key: &str,
        read: impl FnOnce(Node<'_>) -> Result<T, JsonError>,
    ) -> Result<Option<T>, JsonError> {
        match self.object()?.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => read(Node { value, path: Path(Step::Key(&self.path, key)) }).map(Some),
        }
    }

    /// What `read` makes of the value of `key`, which must be there.
    pub fn require<T>(
        &self,
        key: &'static str,
        read: impl FnOnce(Node<'_>) -> Result<T, JsonError>,
    ) -> Result<T, JsonError> {
        match self.get(key, read)? {
            Some(value) => Ok(value),
            None => Err(JsonError::Missing { path: self.path.to_string(), key }),
        }
    }

    /// What `read` makes of each key and value of this object, in the text's order.
    pub fn entries<T>(
        &self,
        mut read: impl FnMut(&'a str, Node<'_>) -> Result<T, JsonError>,
    ) -> Result<Vec<T>, JsonError> {
        let entry = |(key, value): (&'a String, &'a Value)| {
            read(key, Node { value, path: Path(Step::Key(&self.path, key)) })
        };
        self.object()?.iter().map(entry).collect()
    }

    /// What `read` makes of each item of this array.
    pub fn items<T>(
        &self,
        mut read: impl FnMut(Node<'_>) -> Result<T, JsonError>,
    ) -> Result<Vec<T>, JsonError> {
        let Some(items) = self.value.as_array() else { return self.expected("an array [...]") };
        let item = |(index, value)| read(Node { value, path: Path(Step::Index(&self.path, index)) });
        items.iter().enumerate().map(item).collect()
    }

    /// A text.
    pub fn string(&self) -> Result<&'a str, JsonError> {
        match self.value.as_str() {
            Some(text) => Ok(text),
            None => self.expected("a text in quotes"),
        }
    }

    /// True or false.
    pub fn boolean(&self) -> Result<bool, JsonError> {
        match self.value.as_bool() {
            Some(value) => Ok(value),
            None => self.expected("true or false"),
        }
    }

    /// A whole number below 2^256: of JSON, or in quotes in decimal or with 0x in hexadecimal.
    pub fn u256(&self) -> Result<U256, JsonError> {
        const EXPECTED: &str = "a whole number below 2^256, such as 12, \"12\" or \"0xc\"";
        let parsed = match self.value {
            Value::Number(number) => match number.as_u64() {
                Some(value) => Some(U256::from(value)),
                None => return self.expected(format!("{EXPECTED} (in quotes from 2^64 on)")),
            },
            Value::String(text) => number::parse(text),
            _ => None,
        };
        parsed.map_or_else(|| self.expected(EXPECTED), Ok)
    }

    /// A whole number below 2^64, written as for [`Self::u256`].
    pub fn u64(&self) -> Result<u64, JsonError> {
        match self.u256() {
            Ok(value) if value.bits() <= 64 => Ok(value.low_u64()),
            _ => self.expected("a whole number below 2^64, such as 12, \"12\" or \"0xc\""),
        }
    }

    /// Bytes in hexadecimal, with or without 0x.
    pub fn bytes(&self) -> Result<Vec<u8>, JsonError> {
        match self.value.as_str().map(|text| hex::decode(text.strip_prefix("0x").unwrap_or(text))) {
            Some(Ok(bytes)) => Ok(bytes),
            _ => self.expected("bytes in hexadecimal, such as \"0x6001\""),
        }
    }

    /// An address, with or without 0x.
    pub fn address(&self) -> Result<Address, JsonError> {
        match self.value.as_str().and_then(address) {
            Some(address) => Ok(address),
            None => self.expected("an address: 40 hexadecimal digits"),
        }
    }

    /// 32 bytes. Fewer digits are taken as a number, as geth does.
    pub fn hash(&self) -> Result<H256, JsonError> {
        match self.value.as_str().and_then(word) {
            Some(word) => Ok(H256(word.to_big_endian())),
            None => self.expected("32 bytes: up to 64 hexadecimal digits"),
        }
    }
}

/// An address in hexadecimal, with or without 0x.
pub fn address(text: &str) -> Option<Address> {
    let mut bytes = [0; 20];
    hex::decode_to_slice(text.strip_prefix("0x").unwrap_or(text), &mut bytes).ok()?;
    Some(Address::from(bytes))
}

/// A word of up to 64 hexadecimal digits, with or without 0x.
pub fn word(text: &str) -> Option<U256> {
    number::hexadecimal(text.strip_prefix("0x").unwrap_or(text))
}

/// A value as an error shows it.
fn found(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => shorten(&number.to_string()),
        Value::String(text) => format!("\"{}\"", shorten(text)),
        Value::Array(_) => "an array".into(),
        Value::Object(_) => "an object".into(),
    }
}

/// The first 40 characters; errors do not grow with their cause.
fn shorten(text: &str) -> String {
    match text.char_indices().nth(40) {
        None => text.escape_debug().to_string(),
        Some((end, _)) => format!("{}...", text[..end].escape_debug()),
    }
}

/// The known key that differs from `key` by case, `_` and `-`, or by at most two typing errors.
fn nearest<'k>(key: &str, known: &[&'k str]) -> Option<&'k str> {
    let plain = |text: &str| -> Vec<u8> {
        text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase()).collect()
    };
    let key = plain(key);
    let distances = known.iter().map(|candidate| (distance(&key, &plain(candidate)), *candidate));
    distances
        .filter(|(distance, _)| *distance <= 2)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, near)| near)
}

/// Letters to insert, remove or replace to make one of the other (Levenshtein).
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(left != right);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
