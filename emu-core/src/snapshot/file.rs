//! Writing and reading the file.

use super::card;
use super::cut::{self, Hole};
use super::manifest::{Batch, Manifest, MemoryEntry, SectionEntry};
use super::{Limits, Packing, PageId, PageStore, Section, Snapshot, SnapshotError};
use crate::bus::save_state;
use crate::machine::Description;
use crate::machine::pages::{PageBytes, Pages};
use crate::mem::PAGE;
use crate::time::Ns;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::rc::Rc;

/// How a file begins.
pub const MAGIC: [u8; 8] = *b"GLASSBOX";
/// The layout that is written, and the newest that is read.
pub const FORMAT: u16 = 1;
/// A PC.
const KIND_PC: u8 = 1;
/// Bytes before the hash.
const HEAD: usize = 20;
/// Bytes before the manifest.
const HEADER: usize = HEAD + 32;
/// Pages packed together: enough for LZ4 to find what repeats, few enough to unpack one by one.
pub(super) const BATCH: usize = 64;

/// Ids in the order in which they are spoken of, each once.
#[derive(Default)]
struct Ids {
    places: BTreeMap<PageId, u32>,
    order: Vec<PageId>,
}

impl Ids {
    fn place(&mut self, id: PageId) -> u32 {
        let next = self.order.len() as u32;
        *self.places.entry(id).or_insert_with(|| {
            self.order.push(id);
            next
        })
    }
}

/// A snapshot as a file, whole or beside a parent.
pub(super) fn encode(snapshot: &Snapshot, parent: Option<&Snapshot>) -> Vec<u8> {
    let parent = parent.filter(|parent| parent.page_count == snapshot.page_count);
    let contents = snapshot.contents();
    let known = parent.map(Snapshot::contents).unwrap_or_default();
    let changes = changes(snapshot, parent);
    let spoken = changes.iter().filter_map(|(_, id)| *id);
    let spoken = spoken.chain(snapshot.sections.iter().flat_map(|s| s.holes.iter().map(|hole| hole.id)));
    let (here, there): (Vec<_>, Vec<_>) = spoken.partition(|id| !known.contains_key(id));
    let mut ids = Ids::default();
    for id in here {
        ids.place(id);
    }
    let carried = ids.order.len();
    for id in there {
        ids.place(id);
    }
    let (batches, pages) = pack_pages(&ids.order[..carried], &contents);
    seal(&save_state(&manifest(snapshot, parent.map(Snapshot::id), &changes, ids, batches)), &pages)
}

/// A snapshot as a file without pages.
pub(super) fn encode_manifest(snapshot: &Snapshot) -> Vec<u8> {
    let changes = changes(snapshot, None);
    seal(&save_state(&manifest(snapshot, None, &changes, Ids::default(), Vec::new())), &[])
}

fn manifest(
    snapshot: &Snapshot,
    parent: Option<PageId>,
    changes: &[(u32, Option<PageId>)],
    mut ids: Ids,
    batches: Vec<Batch>,
) -> Manifest {
    Manifest {
        engine: concat!("emu-core ", env!("CARGO_PKG_VERSION")).into(),
        machine: snapshot.description.clone(),
        instruction: snapshot.instruction,
        time: snapshot.time,
        parent,
        sections: snapshot.sections.iter().map(|section| section_entry(section, &mut ids)).collect(),
        page_count: snapshot.page_count,
        memory: memory_entries(changes, &mut ids),
        ids: ids.order,
        batches,
    }
}

/// A file of a manifest and packed pages.
pub(super) fn seal(manifest: &[u8], pages: &[u8]) -> Vec<u8> {
    let (packing, packed) = Packing::pack(manifest);
    let mut file = MAGIC.to_vec();
    file.extend(FORMAT.to_le_bytes());
    file.extend([KIND_PC, packing.number()]);
    file.extend((packed.len() as u32).to_le_bytes());
    file.extend((manifest.len() as u32).to_le_bytes());
    let hash = Sha256::new().chain_update(&file).chain_update(&packed).finalize();
    file.extend(hash);
    file.extend(packed);
    file.extend(pages);
    file
}

/// Pages of memory that are others than in the parent, or than zeros.
fn changes(snapshot: &Snapshot, parent: Option<&Snapshot>) -> Vec<(u32, Option<PageId>)> {
    let Some(parent) = parent else {
        return snapshot.ids.iter().map(|(&page, &id)| (page, Some(id))).collect();
    };
    let gone = parent.ids.keys().filter(|page| !snapshot.ids.contains_key(page)).map(|&page| (page, None));
    let other = snapshot.ids.iter().filter(|(page, id)| parent.ids.get(page) != Some(id));
    let all: BTreeMap<_, _> = gone.chain(other.map(|(&page, &id)| (page, Some(id)))).collect();
    all.into_iter().collect()
}

fn memory_entries(changes: &[(u32, Option<PageId>)], ids: &mut Ids) -> Vec<MemoryEntry> {
    let mut next = 0;
    let entries = changes.iter().map(|&(page, id)| {
        let skip = page - next;
        next = page + 1;
        MemoryEntry { skip, id: id.map_or(0, |id| ids.place(id) + 1) }
    });
    entries.collect()
}

fn section_entry(section: &Section, ids: &mut Ids) -> SectionEntry {
    SectionEntry {
        name: section.name.clone(),
        version: section.version,
        rest: cut::rest(&section.bytes, &section.holes).collect::<Vec<_>>().concat(),
        holes: section.holes.iter().map(|hole| (hole.at, ids.place(hole.id))).collect(),
    }
}

fn pack_pages(ids: &[PageId], contents: &BTreeMap<PageId, Rc<PageBytes>>) -> (Vec<Batch>, Vec<u8>) {
    let mut all = Vec::new();
    let batches = ids.chunks(BATCH).map(|ids| {
        let mut bytes = Vec::with_capacity(ids.len() * PAGE as usize);
        ids.iter().filter_map(|id| contents.get(id)).for_each(|page| bytes.extend_from_slice(&page[..]));
        let (packing, packed) = Packing::pack(&bytes);
        all.extend_from_slice(&packed);
        Batch { packing, bytes: packed.len() as u32, pages: ids.len() as u32 }
    });
    let batches = batches.collect();
    (batches, all)
}

/// A file whose manifest is whole and within the limits; its pages have not been looked at.
#[derive(Debug)]
pub struct File<'a> {
    manifest: Manifest,
    pages: &'a [u8],
}

impl<'a> File<'a> {
    /// Reads a file's header and manifest.
    ///
    /// # Errors
    /// It is no snapshot, of a later version, damaged, or asks for too much.
    pub fn parse(bytes: &'a [u8], limits: &Limits) -> Result<Self, SnapshotError> {
        most("bytes of the file", bytes.len() as u64, limits.file_bytes)?;
        let (_, bytes) = card::split(bytes)?;
        if !bytes.starts_with(&MAGIC) {
            return Err(SnapshotError::NoSnapshot);
        }
        let short =
            |expected: usize| SnapshotError::Length { found: bytes.len() as u64, expected: expected as u64 };
        let header: &[u8; HEADER] = bytes.first_chunk().ok_or(short(HEADER))?;
        let (head, hash) = header.split_at(HEAD);
        let format = u16::from_le_bytes([header[8], header[9]]);
        if format != FORMAT {
            return Err(match format {
                0 => SnapshotError::Damaged("the version"),
                found => SnapshotError::NewerFormat { found, newest: FORMAT },
            });
        }
        if header[10] != KIND_PC {
            return Err(SnapshotError::Kind(header[10]));
        }
        let packing = Packing::of_number(header[11]).ok_or(SnapshotError::Damaged("the packing"))?;
        let number =
            |at: usize| u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
        let (packed_len, len) = (number(12), number(16));
        most("bytes of the manifest", u64::from(len), u64::from(limits.manifest_bytes))?;
        ratio(packed_len, u64::from(len), limits)?;
        let body = &bytes[HEADER..];
        let Some((packed, pages)) = body.split_at_checked(packed_len as usize) else {
            return Err(short(HEADER.saturating_add(packed_len as usize)));
        };
        if Sha256::new().chain_update(head).chain_update(packed).finalize()[..] != *hash {
            return Err(SnapshotError::Damaged("the manifest"));
        }
        let manifest = packing.unpack(packed, len as usize).ok_or(SnapshotError::Damaged("the manifest"))?;
        let (manifest, rest) = postcard::take_from_bytes::<Manifest>(&manifest)
            .map_err(|_| SnapshotError::Damaged("the manifest's shape"))?;
        if !rest.is_empty() {
            return Err(SnapshotError::Damaged("the manifest's end"));
        }
        let file = Self { manifest, pages };
        file.check(limits, (bytes.len() - pages.len()) as u64)?;
        Ok(file)
    }

    /// Numbers against limits, against each other, and against the file's length.
    fn check(&self, limits: &Limits, before_pages: u64) -> Result<(), SnapshotError> {
        let m = &self.manifest;
        most("sections", m.sections.len() as u64, u64::from(limits.sections))?;
        most("bytes of RAM", u64::from(m.machine.ram_bytes), u64::from(limits.ram_bytes))?;
        most("pages of memory", u64::from(m.page_count), u64::from(limits.pages))?;
        let carried: u64 = m.batches.iter().map(|batch| u64::from(batch.pages)).sum();
        most("pages", carried, u64::from(limits.pages))?;
        most("pages", carried, m.ids.len() as u64)?;
        let holes: u64 = m.sections.iter().map(|section| section.holes.len() as u64).sum();
        let rest: u64 = m.sections.iter().map(|section| section.rest.len() as u64).sum();
        most("bytes of state", rest + holes * u64::from(PAGE), limits.section_bytes)?;
        for batch in &m.batches {
            if batch.pages == 0 || batch.pages as usize > BATCH {
                return Err(SnapshotError::Damaged("a batch of pages"));
            }
            ratio(batch.bytes, u64::from(batch.pages) * u64::from(PAGE), limits)?;
        }
        let packed: u64 = m.batches.iter().map(|batch| u64::from(batch.bytes)).sum();
        if packed != self.pages.len() as u64 {
            let (found, expected) = (before_pages + self.pages.len() as u64, before_pages + packed);
            return Err(SnapshotError::Length { found, expected });
        }
        self.check_names()
    }

    /// That sections and ids are each there once.
    fn check_names(&self) -> Result<(), SnapshotError> {
        let m = &self.manifest;
        let twice = |n: usize| m.sections[..n].iter().any(|other| other.name == m.sections[n].name);
        if (0..m.sections.len()).any(twice) {
            return Err(SnapshotError::Damaged("a part that is there twice"));
        }
        let distinct: BTreeMap<_, _> = m.ids.iter().map(|id| (id, ())).collect();
        if distinct.len() != m.ids.len() {
            return Err(SnapshotError::Damaged("a page that is there twice"));
        }
        Ok(())
    }

    /// The machine it is of.
    pub fn description(&self) -> &Description {
        &self.manifest.machine
    }

    /// Instructions executed.
    pub fn instruction(&self) -> u64 {
        self.manifest.instruction
    }

    /// Virtual nanoseconds.
    pub fn time(&self) -> Ns {
        self.manifest.time
    }

    /// The snapshot beside which it is told; it is needed to unpack this one.
    pub fn parent(&self) -> Option<PageId> {
        self.manifest.parent
    }

    /// The pages it speaks of, each once.
    pub fn page_ids(&self) -> &[PageId] {
        &self.manifest.ids
    }

    /// What wrote it, for people.
    pub fn engine(&self) -> &str {
        &self.manifest.engine
    }

    /// Unpacks and checks the pages.
    ///
    /// # Errors
    /// A page is not what its id says, the parent is not the one it needs, or its parts do not fit each other.
    pub fn unpack(&self, parent: Option<&Snapshot>) -> Result<Snapshot, SnapshotError> {
        self.unpack_from(parent, &BTreeMap::new())
    }

    /// The same, where pages that are neither in the file nor in the parent lie in a store.
    ///
    /// # Errors
    /// As [`File::unpack`].
    pub fn unpack_from(
        &self,
        parent: Option<&Snapshot>,
        store: &dyn PageStore,
    ) -> Result<Snapshot, SnapshotError> {
        let m = &self.manifest;
        let parent = match m.parent {
            None => None,
            Some(id) => Some(parent.filter(|parent| parent.id == id).ok_or(SnapshotError::NeedsParent(id))?),
        };
        if parent.is_some_and(|parent| parent.page_count != m.page_count) {
            return Err(SnapshotError::Damaged("the number of memory pages"));
        }
        let pages = self.pages(parent, store)?;
        let page =
            |place: u32| pages.get(place as usize).ok_or(SnapshotError::Damaged("a page that is not there"));
        let sections = m.sections.iter().map(|entry| self.section(entry, &page)).collect::<Result<_, _>>()?;
        let (ids, pages) = self.memory(parent, &page)?;
        let when = (m.instruction, m.time);
        Ok(Snapshot::assemble(m.machine.clone(), when, sections, m.page_count, pages, ids))
    }

    /// The pages of all ids, those of the parent's included.
    fn pages(
        &self,
        parent: Option<&Snapshot>,
        store: &dyn PageStore,
    ) -> Result<Vec<Rc<PageBytes>>, SnapshotError> {
        let mut pages = Vec::with_capacity(self.manifest.ids.len());
        let mut packed = self.pages;
        for batch in &self.manifest.batches {
            let (bytes, rest) = packed
                .split_at_checked(batch.bytes as usize)
                .ok_or(SnapshotError::Damaged("a batch of pages"))?;
            packed = rest;
            let len = batch.pages as usize * PAGE as usize;
            let bytes = batch.packing.unpack(bytes, len).ok_or(SnapshotError::Damaged("a batch of pages"))?;
            for page in bytes.as_chunks().0 {
                let page: Rc<PageBytes> = Rc::new(*page);
                if self.manifest.ids.get(pages.len()) != Some(&PageId::of(&page)) {
                    return Err(SnapshotError::Damaged("a page"));
                }
                pages.push(page);
            }
        }
        let known = parent.map(Snapshot::contents).unwrap_or_default();
        for id in self.manifest.ids.iter().skip(pages.len()) {
            let page = known.get(id).cloned().or_else(|| store.page(id));
            pages.push(page.ok_or(SnapshotError::Damaged("a page that is not there"))?);
        }
        Ok(pages)
    }

    fn section<'p>(
        &self,
        entry: &SectionEntry,
        page: &impl Fn(u32) -> Result<&'p Rc<PageBytes>, SnapshotError>,
    ) -> Result<Section, SnapshotError> {
        let pages = entry.holes.iter().map(|&(at, place)| Ok((at, &**page(place)?)));
        let pages: Vec<(u32, &PageBytes)> = pages.collect::<Result<_, SnapshotError>>()?;
        let bytes =
            cut::fill(&entry.rest, pages.into_iter()).ok_or(SnapshotError::Damaged("a part with pages"))?;
        let id = |place: u32| self.manifest.ids.get(place as usize).copied();
        let holes = entry.holes.iter().filter_map(|&(at, place)| Some(Hole { at, id: id(place)? })).collect();
        Ok(Section { name: entry.name.clone(), version: entry.version, bytes, holes })
    }

    /// Ids and bytes of all memory pages.
    fn memory<'p>(
        &self,
        parent: Option<&Snapshot>,
        page: &impl Fn(u32) -> Result<&'p Rc<PageBytes>, SnapshotError>,
    ) -> Result<(BTreeMap<u32, PageId>, Pages), SnapshotError> {
        let mut ids = parent.map_or_else(BTreeMap::new, |parent| parent.ids.clone());
        let mut changed = BTreeMap::new();
        let mut next = 0u32;
        for entry in &self.manifest.memory {
            let number = next.checked_add(entry.skip).filter(|number| *number < self.manifest.page_count);
            let number = number.ok_or(SnapshotError::Damaged("a page beyond memory"))?;
            next = number + 1;
            match entry.id.checked_sub(1) {
                None => drop((ids.remove(&number), changed.insert(number, None))),
                Some(place) => {
                    let bytes = page(place)?;
                    ids.insert(number, self.manifest.ids[place as usize]);
                    changed.insert(number, Some(bytes.clone()));
                }
            }
        }
        let kept = parent.into_iter().flat_map(|parent| {
            let untouched = parent.ids.keys().filter(|number| !changed.contains_key(number));
            untouched.filter_map(|&number| Some((number as usize, parent.pages.shared(number as usize)?)))
        });
        let new = changed.iter().filter_map(|(&number, bytes)| Some((number as usize, bytes.clone()?)));
        let pages = Pages::of(self.manifest.page_count as usize, kept.chain(new));
        Ok((ids, pages))
    }
}

fn most(what: &'static str, found: u64, most: u64) -> Result<(), SnapshotError> {
    if found > most { Err(SnapshotError::TooLarge { what, found, most }) } else { Ok(()) }
}

/// No packing that is used makes more of a byte.
fn ratio(packed: u32, unpacked: u64, limits: &Limits) -> Result<(), SnapshotError> {
    most("unpacked bytes", unpacked, (u64::from(packed) + 1) * u64::from(limits.ratio))
}
