//! Snapshots whose pages lie in a store, and files with cards.

use super::tests::{machine, run_machine};
use super::*;
use crate::mem::PAGE;

fn packs(snapshot: &Snapshot) -> Vec<Pack> {
    let pages: Vec<_> = snapshot.contents().into_iter().collect();
    pages.chunks(Pack::MOST).map(Pack::of).collect()
}

fn stored(packs: &[Pack]) -> BTreeMap<PageId, Rc<PageBytes>> {
    packs.iter().flat_map(|pack| pack.unpack().unwrap_or_else(|e| panic!("{e}"))).collect()
}

fn unpacked(manifest: &[u8], store: &dyn PageStore) -> Result<Snapshot, SnapshotError> {
    File::parse(manifest, &Limits::default())?.unpack_from(None, store)
}

#[test]
fn a_manifest_and_a_store_are_the_snapshot() {
    let mut pc = run_machine();
    let snapshot = pc.snapshot(None);
    let manifest = snapshot.to_manifest();
    assert!(manifest.len() < snapshot.to_bytes(None).len());
    let read = unpacked(&manifest, &stored(&packs(&snapshot))).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(read.id(), snapshot.id());
    let mut other = machine();
    other.open(&read).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(other.state_hash(), pc.state_hash());
    for pc in [&mut pc, &mut other] {
        let until = pc.instructions() + 100_000;
        pc.run(crate::machine::Until::instruction(until));
    }
    assert_eq!(other.state_hash(), pc.state_hash());
}

#[test]
fn a_store_that_lacks_a_page_opens_nothing() {
    let snapshot = run_machine().snapshot(None);
    let mut store = stored(&packs(&snapshot));
    let lost = *File::parse(&snapshot.to_manifest(), &Limits::default()).unwrap().page_ids().last().unwrap();
    store.remove(&lost);
    let missing = SnapshotError::Damaged("a page that is not there");
    assert_eq!(unpacked(&snapshot.to_manifest(), &store).unwrap_err(), missing);
}

#[test]
fn a_pack_is_refused_at_every_changed_byte() {
    let snapshot = run_machine().snapshot(None);
    let pack = packs(&snapshot).remove(0);
    let pages = pack.unpack().unwrap();
    assert_eq!(pack.unpack_own().unwrap(), pages);
    for at in 0..pack.bytes.len() {
        let mut bytes = pack.bytes.clone();
        bytes[at] ^= 0x41;
        let changed = Pack { ids: pack.ids.clone(), bytes };
        assert!(changed.unpack().is_err() && changed.unpack_own().is_err(), "byte {at}");
    }
    let mut swapped = pack.clone();
    swapped.ids.swap(0, 1);
    assert!(swapped.unpack().is_err() && swapped.unpack_own().is_err());
    assert!(Pack { ids: Vec::new(), bytes: vec![0] }.unpack().is_err());
    assert!(Pack { ids: pack.ids, bytes: Vec::new() }.unpack_own().is_err());
}

/// A pack as it was before there were sums.
fn without_sum(pack: &Pack) -> Pack {
    Pack { ids: pack.ids.clone(), bytes: [&[pack.bytes[0] & 0x7F], &pack.bytes[9..]].concat() }
}

#[test]
fn a_pack_without_a_sum_is_held_by_the_ids_of_its_pages() {
    let snapshot = run_machine().snapshot(None);
    let pack = packs(&snapshot).remove(0);
    let pages = pack.unpack().unwrap();
    let old = without_sum(&pack);
    assert_eq!((old.unpack().unwrap(), old.unpack_own().unwrap()), (pages.clone(), pages.clone()));
    // Where LZ4 refers back it may say the same in other words: what matters is that no other page comes of it.
    for at in 0..old.bytes.len() {
        let mut changed = old.clone();
        changed.bytes[at] ^= 0x41;
        assert!(changed.unpack_own().is_err() || changed.unpack_own().unwrap() == pages, "byte {at}");
    }
    let mut swapped = old;
    swapped.ids.swap(0, 1);
    assert!(swapped.unpack_own().is_err());
}

#[test]
fn somebody_elses_sum_proves_nothing() {
    let (one, other) = (PageId::of(&[1; PAGE as usize]), Rc::new([2; PAGE as usize]));
    let pack = Pack::of(&[(one, other)]);
    assert!(pack.unpack().is_err());
}

#[test]
fn a_draft_hashed_piece_by_piece_is_of_the_moment_it_was_begun_at() {
    let mut pc = run_machine();
    let whole = pc.snapshot(None);
    let mut first = pc.draft(None);
    let mut beside = pc.draft(Some(&whole));
    pc.run(crate::machine::Until::instruction(400_000));
    let mut pieces = 1;
    while !first.hash(1) {
        pieces += 1;
    }
    assert!(pieces > 1, "{pieces} pieces");
    assert_eq!(first.finish().id(), whole.id());
    assert!(beside.hash(0), "nothing changed since");
    assert_eq!(beside.finish().id(), whole.id());
    let later = pc.draft(Some(&whole)).finish();
    assert_ne!(later.id(), whole.id());
    assert_eq!(later.id(), pc.snapshot(None).id());
}

#[test]
fn a_card_stands_before_a_file_that_opens_all_the_same() {
    let snapshot = run_machine().snapshot(None);
    let plain = snapshot.to_bytes(None);
    assert_eq!(card::split(&plain), Ok((None, &plain[..])));
    let file = card::with_card(b"{\"name\":\"x\"}", &plain).unwrap();
    assert_eq!(card::split(&file), Ok((Some(&b"{\"name\":\"x\"}"[..]), &plain[..])));
    let read = File::parse(&file, &Limits::default()).and_then(|file| file.unpack(None));
    assert_eq!(read.unwrap().id(), snapshot.id());
    // Every byte before the snapshot is held by the hash, or by what a file has to begin with.
    for at in 0..file.len() - plain.len() {
        let mut changed = file.clone();
        changed[at] ^= 1;
        assert!(File::parse(&changed, &Limits::default()).is_err(), "byte {at}");
    }
    for len in 0..file.len() - plain.len() + 1 {
        assert!(File::parse(&file[..len], &Limits::default()).is_err(), "{len} bytes");
    }
    let twice = card::with_card(b"a", &file).unwrap();
    assert!(File::parse(&twice, &Limits::default()).is_err(), "a card before a card");
    assert!(card::with_card(&vec![0; card::LARGEST + 1], &plain).is_err());
}
