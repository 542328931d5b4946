//! A `State` as a list of its fields by name, for those who compare two: `counters[0].latch`. The names are those of the
//! source; what serializes is a field, so that none is forgotten.

use super::LoadError;
use super::device::load_state;
use serde::de::DeserializeOwned;
use serde::ser::{self, Serialize, Serializer};
use std::fmt::{Display, Write};

/// Bytes in a row, from this number on, are one field.
const BYTES: usize = 8;

/// A field's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldValue {
    /// A byte.
    Byte(u8),
    /// Many bytes.
    Bytes(Vec<u8>),
    /// Anything else as text: numbers hexadecimal up to 32 bits, decimal beyond; variants by name.
    Text(String),
}

/// A field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name, with the names of what it is in: `drives[0].cylinder`.
    pub path: String,
    /// Its value.
    pub value: FieldValue,
}

/// The fields of a `State` in bytes.
///
/// # Errors
/// They are none of such a state.
pub fn fields_of<S: Serialize + DeserializeOwned>(
    device: &'static str,
    bytes: &[u8],
) -> Result<Vec<Field>, LoadError> {
    let state: S = load_state(device, bytes)?;
    let mut list = List::default();
    state.serialize(&mut list).map_err(|_| LoadError { device })?;
    Ok(list.fields)
}

#[derive(Default)]
struct List {
    fields: Vec<Field>,
    path: String,
}

impl List {
    fn add(&mut self, value: FieldValue) -> Result<(), Never> {
        self.fields.push(Field { path: self.path.clone(), value });
        Ok(())
    }

    fn text(&mut self, value: impl Display) -> Result<(), Never> {
        self.add(FieldValue::Text(value.to_string()))
    }

    fn within<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), Never> {
        let length = self.path.len();
        if !self.path.is_empty() && !name.starts_with('[') {
            self.path.push('.');
        }
        self.path.push_str(name);
        let done = value.serialize(&mut *self);
        self.path.truncate(length);
        done
    }

    fn parts(&mut self) -> Parts<'_> {
        Parts { first: self.fields.len(), list: self, count: 0, key: String::new() }
    }
}

/// What does not happen: nothing here fails but what serializes.
#[derive(Debug)]
struct Never(String);

impl Display for Never {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Never {}

impl ser::Error for Never {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// Something with parts, under way.
struct Parts<'a> {
    list: &'a mut List,
    /// Fields there were before.
    first: usize,
    count: usize,
    key: String,
}

impl Parts<'_> {
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        let name = format!("[{}]", self.count);
        self.count += 1;
        self.list.within(&name, value)
    }

    /// Many bytes become one field.
    fn gather(self) -> Result<(), Never> {
        let fields = self.list.fields.get(self.first..).unwrap_or(&[]);
        let byte = |field: &Field| if let FieldValue::Byte(byte) = field.value { Some(byte) } else { None };
        let bytes: Option<Vec<u8>> = fields.iter().map(byte).collect();
        match bytes.filter(|bytes| bytes.len() >= BYTES && bytes.len() == self.count) {
            Some(bytes) => {
                self.list.fields.truncate(self.first);
                self.list.add(FieldValue::Bytes(bytes))
            }
            None => Ok(()),
        }
    }
}

impl<'a> Serializer for &'a mut List {
    type Ok = ();
    type Error = Never;
    type SerializeSeq = Parts<'a>;
    type SerializeTuple = Parts<'a>;
    type SerializeTupleStruct = Parts<'a>;
    type SerializeTupleVariant = Parts<'a>;
    type SerializeMap = Parts<'a>;
    type SerializeStruct = Parts<'a>;
    type SerializeStructVariant = Parts<'a>;

    fn serialize_bool(self, value: bool) -> Result<(), Never> {
        self.text(value)
    }

    fn serialize_i8(self, value: i8) -> Result<(), Never> {
        self.text(value)
    }

    fn serialize_i16(self, value: i16) -> Result<(), Never> {
        self.text(value)
    }

    fn serialize_i32(self, value: i32) -> Result<(), Never> {
        self.text(value)
    }

    fn serialize_i64(self, value: i64) -> Result<(), Never> {
        self.text(value)
    }

    fn serialize_u8(self, value: u8) -> Result<(), Never> {
        self.add(FieldValue::Byte(value))
    }

    fn serialize_u16(self, value: u16) -> Result<(), Never> {
        self.text(format_args!("{value:#x}"))
    }

    fn serialize_u32(self, value: u32) -> Result<(), Never> {
        self.text(format_args!("{value:#x}"))
    }

    fn serialize_u64(self, value: u64) -> Result<(), Never> {
        self.text(value)
    }

    fn serialize_u128(self, value: u128) -> Result<(), Never> {
        self.text(format_args!("{value:#x}"))
    }

    fn serialize_f32(self, value: f32) -> Result<(), Never> {
        self.text(value)
    }

    fn serialize_f64(self, value: f64) -> Result<(), Never> {
        self.text(value)
    }

    fn serialize_char(self, value: char) -> Result<(), Never> {
        self.text(value)
    }

    fn serialize_str(self, value: &str) -> Result<(), Never> {
        self.text(value)
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Never> {
        self.add(FieldValue::Bytes(value.to_vec()))
    }

    fn serialize_none(self) -> Result<(), Never> {
        self.text("none")
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Never> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Never> {
        self.text("-")
    }

    fn serialize_unit_struct(self, name: &'static str) -> Result<(), Never> {
        self.text(name)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Never> {
        self.text(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Never> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Never> {
        self.within(variant, value)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Parts<'a>, Never> {
        Ok(self.parts())
    }

    fn serialize_tuple(self, _: usize) -> Result<Parts<'a>, Never> {
        Ok(self.parts())
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Parts<'a>, Never> {
        Ok(self.parts())
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'a>, Never> {
        self.text(variant)?;
        Ok(self.parts())
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Parts<'a>, Never> {
        Ok(self.parts())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Parts<'a>, Never> {
        Ok(self.parts())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'a>, Never> {
        self.text(variant)?;
        Ok(self.parts())
    }
}

impl ser::SerializeSeq for Parts<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        self.element(value)
    }

    fn end(self) -> Result<(), Never> {
        self.gather()
    }
}

impl ser::SerializeTuple for Parts<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        self.element(value)
    }

    fn end(self) -> Result<(), Never> {
        self.gather()
    }
}

impl ser::SerializeTupleStruct for Parts<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        self.element(value)
    }

    fn end(self) -> Result<(), Never> {
        Ok(())
    }
}

impl ser::SerializeTupleVariant for Parts<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        self.element(value)
    }

    fn end(self) -> Result<(), Never> {
        Ok(())
    }
}

impl ser::SerializeMap for Parts<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Never> {
        let mut list = List::default();
        key.serialize(&mut list)?;
        self.key.clear();
        for field in list.fields {
            let _ = match field.value {
                FieldValue::Byte(byte) => write!(self.key, "{byte}"),
                FieldValue::Bytes(bytes) => write!(self.key, "{bytes:?}"),
                FieldValue::Text(text) => write!(self.key, "{text}"),
            };
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        let name = format!("[{}]", self.key);
        self.list.within(&name, value)
    }

    fn end(self) -> Result<(), Never> {
        Ok(())
    }
}

impl ser::SerializeStruct for Parts<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Never> {
        self.list.within(name, value)
    }

    fn end(self) -> Result<(), Never> {
        Ok(())
    }
}

impl ser::SerializeStructVariant for Parts<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Never> {
        self.list.within(name, value)
    }

    fn end(self) -> Result<(), Never> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bus::save_state;
    use serde::{Deserialize, Serialize};
    use std::collections::BTreeMap;

    #[derive(Serialize, Deserialize)]
    enum Phase {
        Idle,
        Reading { left: u16 },
        At(u8, u64),
    }

    #[derive(Serialize, Deserialize)]
    struct Drive {
        motor: bool,
        at: Option<u32>,
    }

    #[derive(Serialize, Deserialize)]
    struct State {
        index: u8,
        drives: [Drive; 2],
        fifo: Vec<u8>,
        few: [u8; 2],
        phases: Vec<Phase>,
        pages: BTreeMap<u64, u16>,
    }

    #[test]
    fn every_field_has_its_name() {
        let drive = |motor, at| Drive { motor, at };
        let state = State {
            index: 7,
            drives: [drive(true, None), drive(false, Some(255))],
            fifo: (0..9).collect(),
            few: [1, 2],
            phases: vec![Phase::Idle, Phase::Reading { left: 16 }, Phase::At(3, 400)],
            pages: BTreeMap::from([(12, 0x34)]),
        };
        let fields = fields_of::<State>("a device", &save_state(&state)).expect("its own bytes");
        let told = fields.into_iter().map(|field| match field.value {
            FieldValue::Byte(byte) => format!("{} {byte:02x}", field.path),
            FieldValue::Bytes(bytes) => format!("{} {} bytes", field.path, bytes.len()),
            FieldValue::Text(text) => format!("{} {text}", field.path),
        });
        assert_eq!(
            told.collect::<Vec<_>>(),
            [
                "index 07",
                "drives[0].motor true",
                "drives[0].at none",
                "drives[1].motor false",
                "drives[1].at 0xff",
                "fifo 9 bytes",
                "few[0] 01",
                "few[1] 02",
                "phases[0] Idle",
                "phases[1] Reading",
                "phases[1].left 0x10",
                "phases[2] At",
                "phases[2][0] 03",
                "phases[2][1] 400",
                "pages[12] 0x34",
            ]
        );
        assert!(fields_of::<State>("a device", &[1]).is_err());
    }
}
