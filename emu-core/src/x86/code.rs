//! The cache of decoded blocks: straight-line code, decoded once per physical page and code size, found by physical
//! address. Writes to a page that holds code drop the blocks they touch.

use super::decode::{DecodeError, Decoded, Op, decode};
use super::interp::{Inst, bind, fuse};
use super::probe::Probe;
use crate::mem::PAGE;
use std::collections::HashMap;

const TABLE_BITS: u32 = 15;
const MAX_BLOCK: usize = 64;
/// The most where code is written to again and again: each write ends the block that runs, so that what is decoded
/// ahead is seldom executed.
const MAX_HOT_BLOCK: usize = 4;
/// From this heat on a page's blocks are short. A write to its code adds [`HEAT`], a decoded block takes 1 away.
const HOT: u8 = 64;
const HEAT: u8 = 4;
const HOTTEST: u8 = 2 * HOT;
/// Instructions held before everything is dropped and decoded anew: about 16 MiB.
const ARENA: usize = 1 << 19;
/// Most blocks of a page that a write to it looks through. To look through more, write by write, would cost more than
/// decoding anew those that are still needed.
const SEARCHED: usize = 256;
const NO_BLOCK: u64 = u64::MAX;
/// In the key of a block that begins where a probe may wait: [`CodeCache::find`] does not find it.
const WATCHED: u64 = 1 << 63;

/// A block: where its instructions are in the arena.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    key: u64,
    /// First instruction in the arena.
    pub first: u32,
    /// Number of instructions.
    pub len: u32,
    /// The last two instructions also stand behind the block as one; see [`CodeCache::fused`].
    pub fused: bool,
    /// Bytes of code from the first to the last instruction.
    pub bytes: u32,
}

const EMPTY: Block = Block { key: NO_BLOCK, first: 0, len: 0, fused: false, bytes: 0 };

impl Block {
    /// Number of the backing page it is in; of no page for [`EMPTY`].
    fn page(&self) -> u64 {
        ((self.key & !WATCHED) >> 1) / u64::from(PAGE)
    }

    /// Whether a probe may wait for its first instruction.
    pub fn watched(&self) -> bool {
        self.key & WATCHED != 0
    }
}

/// Which blocks a page has, and which of its 64 pieces of 64 bytes they cover.
#[derive(Default)]
struct PageCode {
    pieces: u64,
    slots: Vec<u32>,
    /// How often it was written to of late.
    heat: u8,
}

/// All decoded blocks.
pub struct CodeCache {
    table: Vec<Block>,
    arena: Vec<Inst>,
    pages: HashMap<u32, PageCode>,
}

impl Default for CodeCache {
    fn default() -> Self {
        Self { table: vec![EMPTY; 1 << TABLE_BITS], arena: Vec::new(), pages: HashMap::new() }
    }
}

fn key(offset: u32, code32: bool) -> u64 {
    u64::from(offset) << 1 | u64::from(code32)
}

/// The pieces of 64 bytes that bytes `start..end` of a page touch.
fn pieces(start: u32, end: u32) -> u64 {
    let (first, last) = (start / 64, (end - 1) / 64);
    u64::MAX << first & u64::MAX >> (63 - last)
}

fn slot(key: u64) -> usize {
    let mixed = key ^ key >> TABLE_BITS;
    (mixed as usize) & ((1 << TABLE_BITS) - 1)
}

impl CodeCache {
    /// The block at a backing-store offset, if it was decoded before.
    #[inline(always)]
    pub fn find(&self, offset: u32, code32: bool) -> Option<Block> {
        let key = key(offset, code32);
        let block = self.table[slot(key)];
        (block.key == key).then_some(block)
    }

    /// The block at a backing-store offset that a probe may wait for, if it was decoded before.
    pub fn find_watched(&self, offset: u32, code32: bool) -> Option<Block> {
        let key = key(offset, code32);
        let block = self.table[slot(key)];
        (block.key == key | WATCHED).then_some(block)
    }

    /// Instructions of a block.
    #[inline(always)]
    pub fn insts(&self, block: &Block) -> &[Inst] {
        &self.arena[block.first as usize..][..block.len as usize]
    }

    /// Instructions of a [`Block::fused`] block up to its last two, and those two as one.
    #[inline(always)]
    pub fn fused(&self, block: &Block) -> (&[Inst], &Inst) {
        let all = &self.arena[block.first as usize..][..block.len as usize + 1];
        (&all[..all.len() - 3], &all[all.len() - 1])
    }

    /// Decodes a block at a backing-store offset from the bytes of its page, a short one unless it pays to look `ahead`.
    /// `None` if its first instruction does not end in the page.
    pub fn decode(
        &mut self,
        offset: u32,
        code32: bool,
        page: &[u8],
        ahead: bool,
        probe: &Probe,
    ) -> Option<Block> {
        if self.arena.len() + MAX_BLOCK + 1 > ARENA {
            self.clear();
        }
        let page_code = self.pages.entry(offset / PAGE).or_default();
        let most = if ahead && page_code.heat < HOT { MAX_BLOCK } else { MAX_HOT_BLOCK };
        page_code.heat = page_code.heat.saturating_sub(1);
        let first = self.arena.len();
        let start = offset % PAGE;
        let mut at = start;
        let mut pair = None;
        let mut last: Option<Decoded> = None;
        let mut watched = false;
        while self.arena.len() - first < most && at < PAGE {
            match decode(&page[at as usize..], code32) {
                Ok(decoded) => {
                    if probe.on_execution() && waited_for(probe, at, &decoded) {
                        if at > start {
                            break;
                        }
                        watched = true;
                    }
                    let inst = bind(&decoded, at);
                    pair = last.and_then(|d| fuse((&d, self.arena.last()?), (&decoded, &inst)));
                    self.arena.push(inst);
                    at += u32::from(decoded.len);
                    if decoded.ends_block() {
                        break;
                    }
                    last = Some(decoded);
                }
                // One that is too long, or crosses the page, is met again as the first of a block.
                Err(DecodeError::Truncated | DecodeError::TooLong) => break,
            }
        }
        let len = (self.arena.len() - first) as u32;
        if len == 0 {
            return None;
        }
        let key = key(offset, code32) | if watched { WATCHED } else { 0 };
        let block = Block { key, first: first as u32, len, fused: pair.is_some(), bytes: at - start };
        self.arena.extend(pair);
        self.enter(block, offset, start, at);
        Some(block)
    }

    fn enter(&mut self, block: Block, offset: u32, start: u32, end: u32) {
        let slot = slot(block.key & !WATCHED);
        self.table[slot] = block;
        let page = self.pages.entry(offset / PAGE).or_default();
        page.slots.push(slot as u32);
        page.pieces |= pieces(start, end);
    }

    /// A write of `len` bytes within one page drops the blocks that have any of these bytes; others of the page stay,
    /// as programs keep variables between their code (a page with very many loses all). Returns the pieces of 64 bytes
    /// of the page that still hold code.
    pub fn written(&mut self, offset: u32, len: u32) -> u64 {
        let number = offset / PAGE;
        let Some(page) = self.pages.get_mut(&number) else { return 0 };
        page.heat = HOTTEST.min(page.heat + HEAT);
        if page.slots.len() > SEARCHED {
            self.drop_page(number);
            return 0;
        }
        let from = offset % PAGE;
        let to = from + len.max(1);
        let table = &mut self.table;
        page.pieces = 0;
        page.slots.retain(|&slot| {
            let block = &mut table[slot as usize];
            let start = (block.key >> 1) as u32 % PAGE;
            let end = start + block.bytes;
            if block.page() != u64::from(number) {
                return false;
            }
            if start < to && from < end {
                *block = EMPTY;
                return false;
            }
            page.pieces |= pieces(start, end);
            true
        });
        page.pieces
    }

    fn drop_page(&mut self, number: u32) {
        let Some(page) = self.pages.get_mut(&number) else { return };
        page.pieces = 0;
        for slot in page.slots.drain(..) {
            let block = &mut self.table[slot as usize];
            if block.page() == u64::from(number) {
                *block = EMPTY;
            }
        }
    }

    /// Offsets in the page of `offset` at which instructions of its blocks begin, in order.
    pub fn starts(&self, offset: u32, code32: bool) -> Vec<u16> {
        let number = offset / PAGE;
        let Some(page) = self.pages.get(&number) else { return Vec::new() };
        let blocks = page.slots.iter().map(|&slot| self.table[slot as usize]);
        let here = blocks.filter(|b| b.page() == u64::from(number) && b.key & 1 == u64::from(code32));
        let mut starts: Vec<u16> = here
            .flat_map(|block| self.insts(&block).iter().map(|inst| inst.start).collect::<Vec<_>>())
            .collect();
        starts.sort_unstable();
        starts.dedup();
        starts
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.table.fill(EMPTY);
        self.arena.clear();
        self.pages.clear();
    }
}

/// Whether a probe may wait for an instruction at an offset of its page.
fn waited_for(probe: &Probe, at: u32, decoded: &Decoded) -> bool {
    probe.is_head(at)
        || probe.wants_returns() && matches!(decoded.op, Op::RetNear | Op::RetFar | Op::Iret | Op::Sysexit)
}

/// Decodes one instruction from bytes that may cross a page, `start` being the offset in the page of the first.
pub fn decode_one(bytes: &[u8], code32: bool, start: u32) -> Result<(Inst, Decoded), DecodeError> {
    decode(bytes, code32).map(|decoded| (bind(&decoded, start), decoded))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// NOPs with a RET every 100 bytes.
    fn page() -> Vec<u8> {
        (0..PAGE).map(|at| if at % 100 == 99 { 0xC3 } else { 0x90 }).collect()
    }

    #[test]
    fn a_write_drops_the_blocks_it_touches_and_no_others() {
        let mut code = CodeCache::default();
        let page = page();
        let base = 7 * PAGE;
        for start in [0, 50, 100, 4090] {
            code.decode(base + start, true, &page, true, &Probe::default()).unwrap();
        }
        let have = |code: &CodeCache| [0, 50, 100, 4090].map(|at| code.find(base + at, true).is_some());
        // Blocks have at most 64 instructions: 0-63, 50-99, 100-163, 4090-4095.
        assert_ne!(code.written(base + 200, 4), 0);
        assert_eq!(have(&code), [true; 4]);
        assert_ne!(code.written(base + 62, 4), 0);
        assert_eq!(have(&code), [false, false, true, true]);
        assert_ne!(code.written(base + 164, 1), 0);
        assert_ne!(code.written(base + 97, 4), 0);
        assert_eq!(have(&code), [false, false, false, true]);
        assert_eq!(code.written(base + 4095, 1), 0);
        assert_eq!(have(&code), [false; 4]);
        assert_eq!(code.written(base, 1), 0);
    }

    #[test]
    fn blocks_are_short_where_code_is_written_to_again_and_again() {
        let mut code = CodeCache::default();
        let page = page();
        let base = 7 * PAGE;
        let mut len = || {
            code.written(base, 1);
            code.decode(base, true, &page, true, &Probe::default()).unwrap().len
        };
        assert_eq!(len(), MAX_BLOCK as u32);
        (0..HOT).for_each(|_| _ = len());
        assert_eq!(len(), MAX_HOT_BLOCK as u32);
        // And long again where that has ended.
        let other = base + 2 * PAGE;
        assert_eq!(code.decode(other, true, &page, true, &Probe::default()).unwrap().len, MAX_BLOCK as u32);
        (0..HOTTEST).for_each(|_| _ = code.decode(base, true, &page, true, &Probe::default()));
        assert_eq!(code.decode(base, true, &page, true, &Probe::default()).unwrap().len, MAX_BLOCK as u32);
        assert_eq!(
            code.decode(other, true, &page, false, &Probe::default()).unwrap().len,
            MAX_HOT_BLOCK as u32
        );
    }

    #[test]
    fn pieces_are_all_that_a_range_touches() {
        for (start, end) in [(0, 1), (0, 64), (63, 65), (4095, 4096), (0, 4096), (100, 900)] {
            let slow = (start / 64..=(end - 1) / 64).fold(0u64, |bits, piece| bits | 1 << piece);
            assert_eq!(pieces(start, end), slow, "{start}..{end}");
        }
    }
}
