//! Registers as manuals and datasheets draw them: what a device or the CPU shows of itself to somebody who looks. Making
//! a view changes nothing.

use serde::Serialize;
use std::borrow::Cow;

/// A text that is mostly a constant.
pub type Text = Cow<'static, str>;

/// What the values of a field mean.
#[derive(Clone, Copy, Debug)]
enum Meaning {
    /// The number, or the title of a flag, says all.
    None,
    /// One text a value; none for those beyond.
    Choice(&'static [&'static str]),
}

/// A field as the manual names it; tables of these are constants beside the registers they describe.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    name: &'static str,
    title: &'static str,
    from: u8,
    to: u8,
    meaning: Meaning,
}

impl Field {
    /// A single bit whose title says what 1 means.
    pub const fn flag(bit: u8, name: &'static str, title: &'static str) -> Self {
        Self { name, title, from: bit, to: bit, meaning: Meaning::None }
    }

    /// Bits `from..=to` that are a number.
    pub const fn number(from: u8, to: u8, name: &'static str, title: &'static str) -> Self {
        Self { name, title, from, to, meaning: Meaning::None }
    }

    /// Bits `from..=to` whose values have names, from 0 up.
    pub const fn choice(
        from: u8,
        to: u8,
        name: &'static str,
        title: &'static str,
        values: &'static [&'static str],
    ) -> Self {
        Self { name, title, from, to, meaning: Meaning::Choice(values) }
    }

    fn of(&self, register: u64) -> FieldView {
        let bits = u32::from(self.to.saturating_sub(self.from)) + 1;
        let value = register >> (self.from & 63) & u64::MAX >> (64 - bits.min(64));
        let meaning = match self.meaning {
            Meaning::None => "",
            Meaning::Choice(values) => {
                usize::try_from(value).ok().and_then(|at| values.get(at)).copied().unwrap_or("reserved")
            }
        };
        FieldView {
            name: self.name.into(),
            title: self.title.into(),
            from: self.from,
            to: self.to,
            value: value as u32,
            meaning: meaning.into(),
        }
    }
}

/// A field with its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldView {
    /// The manual's name.
    pub name: Text,
    /// What it is.
    pub title: Text,
    /// Lowest bit.
    pub from: u8,
    /// Highest bit.
    pub to: u8,
    /// Its value, cut to 32 bits.
    pub value: u32,
    /// What this value means; empty where the number says all.
    pub meaning: Text,
}

/// A register with its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RegisterView {
    /// The manual's name.
    pub name: Text,
    /// What it is.
    pub title: Text,
    /// Port, physical address, index or number; what kind, the group says.
    pub address: Option<u64>,
    /// Physical address that its value leads to, where it is a pointer to memory.
    pub memory: Option<u64>,
    /// Bits 0-31.
    pub value: u32,
    /// Bits 32-63.
    pub high: u32,
    /// Size in bits.
    pub width: u8,
    /// Fields from the lowest bit up.
    pub bits: Vec<FieldView>,
}

impl RegisterView {
    /// A register of `width` bits without fields or address.
    pub fn new(name: impl Into<Text>, title: impl Into<Text>, width: u8, value: impl Into<u64>) -> Self {
        let value = value.into();
        Self {
            name: name.into(),
            title: title.into(),
            address: None,
            memory: None,
            value: value as u32,
            high: (value >> 32) as u32,
            width,
            bits: Vec::new(),
        }
    }

    /// All of its value.
    pub fn get(&self) -> u64 {
        u64::from(self.value) | u64::from(self.high) << 32
    }

    /// With a place.
    pub fn at(mut self, address: impl Into<u64>) -> Self {
        self.address = Some(address.into());
        self
    }

    /// With the physical address that its value leads to.
    pub fn leads_to(mut self, memory: impl Into<u64>) -> Self {
        self.memory = Some(memory.into());
        self
    }

    /// With its value cut into fields.
    pub fn fields(mut self, fields: &[Field]) -> Self {
        let value = self.get();
        self.bits.extend(fields.iter().map(|field| field.of(value)));
        self
    }

    /// With one more field whose meaning follows from more than its own value.
    pub fn field(mut self, field: Field, meaning: impl Into<Text>) -> Self {
        let view = FieldView { meaning: meaning.into(), ..field.of(self.get()) };
        self.bits.push(view);
        self
    }
}

/// Registers that belong together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RegisterGroup {
    /// What they are of.
    pub name: Text,
    /// In the order of the manual.
    pub registers: Vec<RegisterView>,
}

impl RegisterGroup {
    /// A group.
    pub fn new(name: impl Into<Text>, registers: Vec<RegisterView>) -> Self {
        Self { name: name.into(), registers }
    }
}

/// Bits of a byte that stand for eight numbered things.
pub const fn eight(names: [&'static str; 8], title: &'static str) -> [Field; 8] {
    let mut fields = [Field::flag(0, "", title); 8];
    let mut i = 0;
    while i < 8 {
        fields[i] = Field::flag(i as u8, names[i], title);
        i += 1;
    }
    fields
}

/// A picture of what a device holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PictureView {
    /// Pixels a line.
    pub width: u32,
    /// Lines.
    pub height: u32,
    /// Red, green, blue, alpha of each pixel, from the top left.
    pub rgba: Vec<u8>,
}

/// A picture a device can give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PictureName {
    /// To ask for it.
    pub name: &'static str,
    /// To be shown.
    pub title: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_register_is_cut_into_its_fields() {
        const FIELDS: &[Field] = &[
            Field::flag(0, "A", "a flag"),
            Field::choice(1, 2, "B", "a choice", &["none", "one", "two"]),
            Field::number(60, 63, "C", "the top"),
        ];
        let register =
            RegisterView::new("R", "a register", 64, 0xA000_0000_0000_0007u64).at(0x60u32).fields(FIELDS);
        assert_eq!((register.value, register.high, register.address), (7, 0xA000_0000, Some(0x60)));
        let seen: Vec<_> = register.bits.iter().map(|b| (&*b.name, b.value, &*b.meaning)).collect();
        assert_eq!(seen, [("A", 1, ""), ("B", 3, "reserved"), ("C", 10, "")]);
        assert_eq!(
            RegisterView::new("W", "", 64, u64::MAX).fields(&[Field::number(0, 63, "D", "")]).bits[0].value,
            !0
        );
    }
}
