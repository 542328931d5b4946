//! Snapshots beside a store that the browser keeps: what it has of pages, snapshots made piece by piece, and files to hand
//! on. The store itself (IndexedDB) is JavaScript's; here are the bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use emu_core::machine::pages::PageBytes;
use emu_core::snapshot::{Draft, File, Limits, Pack, PageId, PageStore, Snapshot, SnapshotError, card};
use wasm_bindgen::prelude::*;

use super::run::Pc;
use crate::error::Error;

/// What a store has: which page lies in which of its packs, and the pages of those packs that were loaded.
#[wasm_bindgen]
#[derive(Default)]
pub struct PageLibrary {
    packs: BTreeMap<u32, Vec<PageId>>,
    places: BTreeMap<PageId, u32>,
    pages: BTreeMap<PageId, Rc<PageBytes>>,
}

impl PageStore for PageLibrary {
    fn page(&self, id: &PageId) -> Option<Rc<PageBytes>> {
        self.pages.page(id)
    }
}

fn page_ids(bytes: &[u8]) -> Result<Vec<PageId>, Error> {
    let (ids, rest) = bytes.as_chunks();
    if !rest.is_empty() {
        return Err(Error::Snapshot("an id of a page has 32 bytes".into()));
    }
    Ok(ids.iter().copied().map(PageId).collect())
}

fn id_bytes(ids: &[PageId]) -> Vec<u8> {
    ids.iter().flat_map(|id| id.0).collect()
}

/// A pack of which a snapshot needs less than this part is not counted on: its pages are written anew, so that a run that is
/// kept again and again does not come to hold on to many packs by a page or two of each.
const SPARSE: u32 = 4;

impl PageLibrary {
    fn is_sparse(&self, pack: u32, needed: u32) -> bool {
        self.packs.get(&pack).is_none_or(|ids| needed.saturating_mul(SPARSE) < ids.len() as u32)
    }
}

#[wasm_bindgen]
impl PageLibrary {
    /// A store that has nothing.
    #[wasm_bindgen(constructor)]
    pub fn new() -> PageLibrary {
        PageLibrary::default()
    }

    /// The store has a pack of these pages: 32 bytes for each.
    ///
    /// # Errors
    /// The ids are cut off.
    pub fn know(&mut self, pack: u32, ids: &[u8]) -> Result<(), JsError> {
        let ids = page_ids(ids)?;
        self.places.extend(ids.iter().map(|id| (*id, pack)));
        self.packs.insert(pack, ids);
        Ok(())
    }

    /// The store has a pack no more.
    pub fn forget(&mut self, pack: u32) {
        for id in self.packs.remove(&pack).unwrap_or_default() {
            if self.places.get(&id) == Some(&pack) {
                self.places.remove(&id);
            }
        }
    }

    /// The packs it knows of.
    #[wasm_bindgen(js_name = knownPacks)]
    pub fn known_packs(&self) -> Vec<u32> {
        self.packs.keys().copied().collect()
    }

    /// Takes the pages of a pack into memory, so that snapshots can be opened. The pack may come from anybody.
    ///
    /// # Errors
    /// They are not what their ids say.
    pub fn load(&mut self, ids: &[u8], bytes: Vec<u8>) -> Result<(), JsError> {
        let pack = Pack { ids: page_ids(ids)?, bytes };
        self.pages.extend(pack.unpack().map_err(Error::from)?);
        Ok(())
    }

    /// The same, with a pack that the store has kept: only the store's own damage is looked for.
    ///
    /// # Errors
    /// It is damaged.
    #[wasm_bindgen(js_name = loadOwn)]
    pub fn load_own(&mut self, ids: &[u8], bytes: Vec<u8>) -> Result<(), JsError> {
        let pack = Pack { ids: page_ids(ids)?, bytes };
        self.pages.extend(pack.unpack_own().map_err(Error::from)?);
        Ok(())
    }

    /// Gives the memory of all loaded pages back.
    pub fn unload(&mut self) {
        self.pages.clear();
    }
}

/// A copy of a machine that becomes a snapshot piece by piece, while the machine goes on.
#[wasm_bindgen]
pub struct MomentDraft {
    draft: Draft,
}

#[wasm_bindgen]
impl MomentDraft {
    /// Hashes at most so many pages more; true when none is left.
    pub fn hash(&mut self, pages: usize) -> bool {
        self.draft.hash(pages)
    }
}

/// Pages as a store keeps them.
#[wasm_bindgen]
pub struct PackedPages {
    ids: Vec<u8>,
    bytes: Vec<u8>,
}

#[wasm_bindgen]
impl PackedPages {
    /// 32 bytes for each page.
    #[wasm_bindgen(getter)]
    pub fn ids(&self) -> Vec<u8> {
        self.ids.clone()
    }

    /// The pages, packed.
    #[wasm_bindgen(getter)]
    pub fn bytes(&self) -> Vec<u8> {
        self.bytes.clone()
    }
}

/// A snapshot as a store takes it: its manifest, the packs that are there already, and new ones to write.
#[wasm_bindgen]
pub struct MomentParts {
    id: PageId,
    instruction: u64,
    manifest: Vec<u8>,
    known: BTreeMap<u32, u32>,
    new: Vec<(PageId, Rc<PageBytes>)>,
    given: usize,
}

impl MomentParts {
    fn of(snapshot: &Snapshot, library: &PageLibrary) -> Self {
        let manifest = snapshot.to_manifest();
        let mut seen = BTreeSet::new();
        let pages: Vec<_> = snapshot.pages().filter(|(id, _)| seen.insert(*id)).collect();
        let mut known = BTreeMap::new();
        for (id, _) in &pages {
            library.places.get(id).into_iter().for_each(|&pack| *known.entry(pack).or_insert(0) += 1);
        }
        known.retain(|pack, pages| !library.is_sparse(*pack, *pages));
        let is_known = |id: &PageId| library.places.get(id).is_some_and(|pack| known.contains_key(pack));
        let new = pages.into_iter().filter(|(id, _)| !is_known(id)).collect();
        let (id, instruction) = (snapshot.id(), snapshot.instruction());
        Self { id, instruction, manifest, known, new, given: 0 }
    }
}

#[wasm_bindgen]
impl MomentParts {
    /// The snapshot's name: 64 hexadecimal digits.
    #[wasm_bindgen(getter)]
    pub fn id(&self) -> String {
        self.id.to_string()
    }

    /// Instructions executed.
    #[wasm_bindgen(getter)]
    pub fn instruction(&self) -> f64 {
        self.instruction as f64
    }

    /// What it says of itself and of its pages.
    #[wasm_bindgen(getter)]
    pub fn manifest(&self) -> Vec<u8> {
        self.manifest.clone()
    }

    /// The packs of the store in which pages of it lie, each followed by how many do.
    #[wasm_bindgen(js_name = knownPacks)]
    pub fn known_packs(&self) -> Vec<u32> {
        self.known.iter().flat_map(|(&pack, &pages)| [pack, pages]).collect()
    }

    /// The next pack to write, until there is none.
    #[wasm_bindgen(js_name = nextPack)]
    pub fn next_pack(&mut self) -> Option<PackedPages> {
        let rest = self.new.get(self.given..).filter(|rest| !rest.is_empty())?;
        let pack = Pack::of(&rest[..rest.len().min(Pack::MOST)]);
        self.given += pack.ids.len();
        Some(PackedPages { ids: id_bytes(&pack.ids), bytes: pack.bytes })
    }
}

#[wasm_bindgen]
impl Pc {
    /// Copies the machine as it is now, to save it: a few milliseconds; it goes on as if nothing had been.
    #[wasm_bindgen(js_name = beginMoment)]
    pub fn begin_moment(&mut self) -> MomentDraft {
        MomentDraft { draft: self.machine.draft(self.saved.as_ref()) }
    }

    /// The copy becomes the snapshot that was saved last. Pages that have not been hashed are now.
    #[wasm_bindgen(js_name = finishMoment)]
    pub fn finish_moment(&mut self, draft: MomentDraft) {
        self.saved = Some(draft.draft.finish());
    }

    /// The snapshot that was saved last, against what a store has.
    ///
    /// # Errors
    /// There is none.
    #[wasm_bindgen(js_name = savedParts)]
    pub fn saved_parts(&self, library: &PageLibrary) -> Result<MomentParts, JsError> {
        let none = || Error::Snapshot("nothing was saved".into());
        let snapshot = self.saved.as_ref().ok_or_else(none)?;
        Ok(MomentParts::of(snapshot, library))
    }

    /// The snapshot that was saved last as a file to hand on, behind a card.
    ///
    /// # Errors
    /// There is none, or the card is too large.
    #[wasm_bindgen(js_name = savedFile)]
    pub fn saved_file(&self, text: &[u8]) -> Result<Vec<u8>, JsError> {
        let none = || Error::Snapshot("nothing was saved".into());
        let snapshot = self.saved.as_ref().ok_or_else(none)?;
        Ok(card::with_card(text, &snapshot.to_bytes(None)).map_err(Error::from)?)
    }

    /// Goes to a moment whose pages were loaded. The record of the past begins anew.
    ///
    /// # Errors
    /// One line that says why not; the machine is as it was.
    #[wasm_bindgen(js_name = openMoment)]
    pub fn open_moment(&mut self, manifest: &[u8], library: &PageLibrary) -> Result<(), JsError> {
        let snapshot = stored(manifest, library)?;
        Ok(self.go_to_snapshot(snapshot)?)
    }
}

fn stored(manifest: &[u8], library: &PageLibrary) -> Result<Snapshot, Error> {
    Ok(File::parse(manifest, &Limits::default())?.unpack_from(None, library)?)
}

/// A stored moment, whose pages were loaded, as a file to hand on behind a card.
///
/// # Errors
/// A page is missing, or the card is too large.
#[wasm_bindgen(js_name = exportMoment)]
pub fn export_moment(manifest: &[u8], library: &PageLibrary, text: &[u8]) -> Result<Vec<u8>, JsError> {
    let bytes = stored(manifest, library)?.to_bytes(None);
    Ok(card::with_card(text, &bytes).map_err(Error::from)?)
}

/// A file that was checked whole.
#[wasm_bindgen]
pub struct MomentFile {
    card: Option<Vec<u8>>,
    snapshot: Snapshot,
}

/// Reads a file that somebody handed on, and checks every bit of it.
///
/// # Errors
/// One line that says what is wrong with it and the remedy.
#[wasm_bindgen(js_name = readMoment)]
pub fn read_moment(bytes: &[u8]) -> Result<MomentFile, JsError> {
    let read = || -> Result<MomentFile, SnapshotError> {
        let (text, file) = card::split(bytes)?;
        let snapshot = File::parse(file, &Limits::default())?.unpack(None)?;
        Ok(MomentFile { card: text.map(<[u8]>::to_vec), snapshot })
    };
    Ok(read().map_err(Error::from)?)
}

#[wasm_bindgen]
impl MomentFile {
    /// What its card says: JSON of the page's, not looked into.
    #[wasm_bindgen(getter)]
    pub fn card(&self) -> Option<Vec<u8>> {
        self.card.clone()
    }

    /// What a store has to take.
    pub fn parts(&self, library: &PageLibrary) -> MomentParts {
        MomentParts::of(&self.snapshot, library)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use emu_core::machine::{Config, Machine, Until};

    /// A machine that fills four pages of memory and halts.
    fn snapshot() -> Snapshot {
        // mov ds, 0; fill 4000h..8000h with the address, word by word: no two of its pages are alike; hlt
        let code = [
            0x31, 0xC0, 0x8E, 0xD8, 0xBB, 0x00, 0x40, 0x89, 0x1F, 0x83, 0xC3, 0x02, 0x81, 0xFB, 0x00, 0x80,
            0x75, 0xF5, 0xF4,
        ];
        let mut rom = vec![0x90; 0x1000];
        rom[..code.len()].copy_from_slice(&code);
        rom[0xFF0..0xFF3].copy_from_slice(&[0xE9, 0x0D, 0xF0]);
        let config = Config { rom: Some((0xFFFF_F000, rom)), ram_bytes: 1 << 20, ..Config::new() };
        let mut pc = Machine::new(config).unwrap_or_else(|error| panic!("{error}"));
        pc.run(Until::instruction(100_000));
        pc.snapshot(None)
    }

    fn ids_of(parts: &MomentParts) -> Vec<PageId> {
        parts.new.iter().map(|(id, _)| *id).collect()
    }

    #[test]
    fn what_the_store_has_is_not_given_again() {
        let snapshot = snapshot();
        let mut library = PageLibrary::new();
        let all = ids_of(&MomentParts::of(&snapshot, &library));
        assert!(all.len() >= 4, "{} pages", all.len());
        library.know(7, &id_bytes(&all[1..])).unwrap_or_else(|_| panic!("whole ids"));
        let parts = MomentParts::of(&snapshot, &library);
        assert_eq!((ids_of(&parts), parts.known_packs()), (vec![all[0]], vec![7, all.len() as u32 - 1]));
        library.forget(7);
        assert_eq!(ids_of(&MomentParts::of(&snapshot, &library)), all);
    }

    #[test]
    fn a_pack_that_is_nearly_all_of_others_is_not_counted_on() {
        let snapshot = snapshot();
        let all = ids_of(&MomentParts::of(&snapshot, &PageLibrary::new()));
        let pack = |others: u8| {
            let mut ids = vec![all[0]];
            ids.extend((0..others).map(|n| PageId([n; 32])));
            let mut library = PageLibrary::new();
            library.know(1, &id_bytes(&ids)).unwrap_or_else(|_| panic!("whole ids"));
            MomentParts::of(&snapshot, &library)
        };
        assert_eq!(pack(3).known_packs(), [1, 1]);
        assert_eq!((pack(4).known_packs(), ids_of(&pack(4))), (vec![], all.clone()));
    }

    #[test]
    fn packs_hold_all_new_pages_in_their_order() {
        let snapshot = snapshot();
        let mut parts = MomentParts::of(&snapshot, &PageLibrary::new());
        let all = ids_of(&parts);
        let mut given = Vec::new();
        while let Some(pack) = parts.next_pack() {
            let pack = Pack { ids: page_ids(&pack.ids).unwrap_or_default(), bytes: pack.bytes };
            given.extend(pack.unpack().unwrap_or_default().into_iter().map(|(id, _)| id));
        }
        assert_eq!(given, all);
    }
}
