//! Sections field by field, registers by name.

use super::super::{Section, Snapshot, SnapshotError, versions};
use super::Sectors;
use super::shell::Shell;
use crate::bus::{Field, FieldValue};
use crate::machine::RestoreError;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Fields of a part told at most, and sectors of a disk.
const MOST: usize = 64;
/// Bytes of a field told at most.
const MOST_BYTES: usize = 16;

/// Something that is other in one moment than in the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Its name.
    pub name: String,
    /// What it is in the first and the second; `-` where it is not.
    pub values: [String; 2],
}

/// What differs in a part of the machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// The part.
    pub name: String,
    /// The first fields that differ.
    pub first: Vec<Change>,
    /// How many do.
    pub count: u64,
}

/// Registers that differ.
pub(super) fn registers(a: &[(&'static str, String)], b: &[(&'static str, String)]) -> Vec<Change> {
    let pairs = a.iter().zip(b).filter(|(a, b)| a.1 != b.1);
    pairs.map(|(a, b)| Change { name: a.0.into(), values: [a.1.clone(), b.1.clone()] }).collect()
}

/// Fields of the CPU that its registers tell of already.
const TOLD: [&str; 15] = [
    "state.gpr",
    "state.eip",
    "state.flags",
    "state.seg",
    "state.cpl",
    "state.cr0",
    "state.cr2",
    "state.cr3",
    "state.cr4",
    "state.dr[",
    "state.gdtr",
    "state.idtr",
    "state.fpu",
    "state.sse",
    "steps",
];

type Fields = BTreeMap<String, FieldValue>;

/// Sections that differ, and disks.
pub(super) fn compare(
    shell: &Shell,
    a: &Snapshot,
    b: &Snapshot,
) -> Result<(Vec<Changes>, Vec<Sectors>), SnapshotError> {
    let (mut devices, mut disks) = (Vec::new(), Vec::new());
    for one in &a.sections {
        let other = b.sections.iter().find(|section| section.name == one.name);
        let other = other.ok_or_else(|| SnapshotError::UnknownSection(one.name.clone()))?;
        if (one.version, &one.bytes) == (other.version, &other.bytes) {
            continue;
        }
        let (order, fields) = fields(shell, one)?;
        let (order_there, fields_there) = self::fields(shell, other)?;
        disks.extend(sectors(&one.name, &fields, &fields_there));
        let names = order.iter().chain(order_there.iter().filter(|name| !fields.contains_key(*name)));
        let differ = names.filter(|name| fields.get(*name) != fields_there.get(*name));
        let differ = differ.filter(|name| overlay_page(name).is_none());
        let mut differ: Vec<_> = differ.filter(|name| one.name != "cpu" || !told(name)).collect();
        // Of the CPU, translations are many and tell least.
        differ.sort_by_key(|name| one.name == "cpu" && name.starts_with("tlb."));
        let change = |name: &&String| change(name, fields.get(*name), fields_there.get(*name));
        let (count, first) = (differ.len() as u64, differ.iter().take(MOST).map(change).collect());
        if count > 0 {
            devices.push(Changes { name: one.name.clone(), first, count });
        }
    }
    Ok((devices, disks))
}

fn told(name: &str) -> bool {
    TOLD.iter().any(|told| name.starts_with(told))
}

/// A section's fields, in their order and by name.
fn fields(shell: &Shell, section: &Section) -> Result<(Vec<String>, Fields), SnapshotError> {
    let bytes = versions::migrated_to_today(section)?;
    let list = shell.fields(&section.name, &bytes);
    let list = list.map_err(|error| SnapshotError::Refused(RestoreError::Broken(error)))?;
    let order = list.iter().map(|field| field.path.clone()).collect();
    Ok((order, list.into_iter().map(|Field { path, value }| (path, value)).collect()))
}

/// The drive and page number of a field that is part of what was written to a disk.
fn overlay_page(name: &str) -> Option<(&str, u64, bool)> {
    let (drive, rest) = name.split_once(".pages[")?;
    let (number, part) = rest.split_once("].")?;
    let whole = match part {
        "bytes" => true,
        "present" => false,
        _ => return None,
    };
    Some((drive, number.parse().ok()?, whole))
}

/// Sectors in which what was written differs, by drive.
fn sectors(device: &str, a: &Fields, b: &Fields) -> Vec<Sectors> {
    let pages = |fields: &Fields| {
        let mut pages: BTreeMap<(String, u64), (u8, Vec<u8>)> = BTreeMap::new();
        for (name, value) in fields {
            let Some((drive, number, _)) = overlay_page(name) else { continue };
            let page = pages.entry((drive.to_owned(), number)).or_default();
            match value {
                FieldValue::Byte(present) => page.0 = *present,
                FieldValue::Bytes(bytes) => page.1.clone_from(bytes),
                FieldValue::Text(_) => {}
            }
        }
        pages
    };
    let (here, there) = (pages(a), pages(b));
    let all: BTreeSet<_> = here.keys().chain(there.keys()).collect();
    let mut found: BTreeMap<&str, Sectors> = BTreeMap::new();
    let none = (0, Vec::new());
    for key in all {
        let (one, other) = (here.get(key).unwrap_or(&none), there.get(key).unwrap_or(&none));
        for sector in 0..8usize {
            let part = |page: &(u8, Vec<u8>)| {
                let held = page.0 >> sector & 1 != 0;
                if held { page.1.get(sector * 512..(sector + 1) * 512).map(<[u8]>::to_vec) } else { None }
            };
            if part(one) == part(other) {
                continue;
            }
            let drive = found.entry(&key.0).or_insert_with(|| Sectors {
                drive: format!("{device} {}", key.0.trim_end_matches(".overlay")),
                first: Vec::new(),
                count: 0,
            });
            drive.count += 1;
            if drive.first.len() < MOST {
                drive.first.push(key.1 * 8 + sector as u64);
            }
        }
    }
    found.into_values().collect()
}

fn change(name: &str, a: Option<&FieldValue>, b: Option<&FieldValue>) -> Change {
    if let (Some(FieldValue::Bytes(one)), Some(FieldValue::Bytes(other))) = (a, b)
        && one.len() == other.len()
        && let Some(first) = one.iter().zip(other).position(|(one, other)| one != other)
    {
        let last = one.iter().zip(other).rposition(|(one, other)| one != other).unwrap_or(first);
        let name =
            if first == last { format!("{name}[{first}]") } else { format!("{name}[{first}..={last}]") };
        let part = |bytes: &[u8]| hex(bytes.get(first..=last).unwrap_or(&[]));
        return Change { name, values: [part(one), part(other)] };
    }
    Change { name: name.into(), values: [a, b].map(|value| value.map_or("-".into(), text)) }
}

fn text(value: &FieldValue) -> String {
    match value {
        FieldValue::Byte(byte) => format!("{byte:#04x}"),
        FieldValue::Bytes(bytes) => hex(bytes),
        FieldValue::Text(text) => text.clone(),
    }
}

fn hex(bytes: &[u8]) -> String {
    let told: Vec<String> = bytes.iter().take(MOST_BYTES).map(|byte| format!("{byte:02x}")).collect();
    let more = if bytes.len() > MOST_BYTES { format!(" … {} bytes", bytes.len()) } else { String::new() };
    told.join(" ") + &more
}
