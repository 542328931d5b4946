//! Versions of the sections, and how older ones become today's.
//!
//! A device's `State` changes its shape: raise its number in [`CHANGED`], add the step from the number before to
//! [`STEPS`], and leave the files in the corpus as they are: they have to open still.

use super::{Section, SnapshotError};

/// Sections whose version is no longer 1.
const CHANGED: &[(&str, u16)] = &[];

/// Makes a section's bytes of version `from` those of the next one; nothing if they are not of that version.
pub(super) struct Step {
    pub section: &'static str,
    pub from: u16,
    pub convert: fn(&[u8]) -> Option<Vec<u8>>,
}

/// All steps there are.
const STEPS: &[Step] = &[];

/// The version that a section is saved with.
pub(super) fn current(section: &str) -> u16 {
    version_in(CHANGED, section)
}

fn version_in(changed: &[(&str, u16)], section: &str) -> u16 {
    changed.iter().find(|(name, _)| *name == section).map_or(1, |(_, version)| *version)
}

/// The sections that a machine wants, in its order and in today's versions.
///
/// # Errors
/// One is missing, not known, or newer.
pub(super) fn fit(
    sections: &[Section],
    wanted: &[&'static str],
) -> Result<Vec<(&'static str, Vec<u8>)>, SnapshotError> {
    if let Some(unknown) = sections.iter().find(|section| !wanted.contains(&&*section.name)) {
        return Err(SnapshotError::UnknownSection(unknown.name.clone()));
    }
    let fitted = wanted.iter().map(|&name| {
        let section = sections.iter().find(|section| section.name == name);
        let section = section.ok_or(SnapshotError::MissingSection(name))?;
        Ok((name, migrated(section, current(name), STEPS)?))
    });
    fitted.collect()
}

/// A section's bytes in today's version.
pub(super) fn migrated_to_today(section: &Section) -> Result<Vec<u8>, SnapshotError> {
    migrated(section, current(&section.name), STEPS)
}

/// A section's bytes in version `newest`.
pub(super) fn migrated(section: &Section, newest: u16, steps: &[Step]) -> Result<Vec<u8>, SnapshotError> {
    let Section { name, version, bytes, .. } = section;
    if *version > newest {
        return Err(SnapshotError::NewerSection { name: name.clone(), found: *version, newest });
    }
    (*version..newest).try_fold(bytes.clone(), |bytes, from| {
        let step = steps.iter().find(|step| step.section == name && step.from == from);
        step.and_then(|step| (step.convert)(&bytes))
            .ok_or(SnapshotError::Damaged("a part of an older version"))
    })
}
