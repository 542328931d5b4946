//! Disassembly backwards. Instructions have no marks, so their starts before an address are found by what was executed
//! there, and else by how many ways of reading the bytes agree.

use crate::x86::decode::{Op, decode};

/// What a start that was executed weighs against starts that only fit.
const EXECUTED: u32 = 1000;
/// What reading an undefined opcode, or a run of zeros, costs.
const UNLIKELY: u32 = 40;

/// Offsets in `bytes` of the instructions that end where the last one ends, at the end of `bytes`; at most `count`, in
/// order. `known(i)` says whether an instruction was executed that began at `i`. Absent bytes are `None`.
pub fn starts(bytes: &[Option<u8>], code32: bool, count: usize, known: impl Fn(usize) -> bool) -> Vec<usize> {
    let len = bytes.len();
    let next: Vec<Option<(usize, bool)>> = (0..len)
        .map(|at| length(&bytes[at..], code32))
        .enumerate()
        .map(|(at, found)| found.map(|(size, sound)| (at + size, sound)).filter(|&(end, _)| end <= len))
        .collect();
    let executed: Vec<bool> = (0..len).map(known).collect();
    // Which starts lead to the end, and how well: each executed start on the way counts, each oddity costs.
    let mut score: Vec<Option<i64>> = vec![None; len + 1];
    score[len] = Some(0);
    for at in (0..len).rev() {
        let Some((end, sound)) = next[at] else { continue };
        // Passing over the start of an executed instruction means reading from a wrong place.
        let skipped = executed[at + 1..end].iter().filter(|&&e| e).count() as i64;
        let own = i64::from(EXECUTED) * (i64::from(executed[at]) - skipped)
            - if sound { 0 } else { i64::from(UNLIKELY) };
        score[at] = score[end].map(|rest| rest + own);
    }
    let votes = votes(&next, &score);
    let mut found = Vec::new();
    let mut end = len;
    while found.len() < count {
        let before = (end.saturating_sub(15)..end)
            .filter(|&at| next[at].is_some_and(|(to, _)| to == end) && score[at].is_some());
        let weight = |&at: &usize| {
            let sound = next[at].is_some_and(|(_, sound)| sound);
            (executed[at], i64::from(votes[at]) - if sound { 0 } else { i64::from(UNLIKELY) })
        };
        let Some(at) = before.max_by_key(weight) else { break };
        found.push(at);
        end = at;
    }
    found.reverse();
    found
}

/// How many starts lead through each place on their way to the end.
fn votes(next: &[Option<(usize, bool)>], score: &[Option<i64>]) -> Vec<u32> {
    let mut votes = vec![0u32; next.len() + 1];
    for at in 0..next.len() {
        if score[at].is_none() {
            continue;
        }
        votes[at] += 1;
        if let Some((end, _)) = next[at] {
            votes[end] = votes[end].saturating_add(votes[at]);
        }
    }
    votes
}

/// Length of the instruction at the start of `bytes`, and whether it is one that programs have.
fn length(bytes: &[Option<u8>], code32: bool) -> Option<(usize, bool)> {
    let there: Vec<u8> = bytes.iter().take(15).map_while(|b| *b).collect();
    let inst = decode(&there, code32).ok()?;
    let zeros = there.starts_with(&[0, 0]);
    Some((usize::from(inst.len.max(1)), inst.op != Op::Invalid && !zeros))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// mov eax, 0x90909090; push ebp; mov ebp, esp; sub esp, 8; call; test eax, eax; jne; lea
    const CODE: [u8; 31] = [
        0xB8, 0x90, 0x90, 0x90, 0x90, 0x55, 0x89, 0xE5, 0x83, 0xEC, 0x08, 0xE8, 0x01, 0x02, 0x00, 0x00, 0x85,
        0xC0, 0x75, 0x04, 0x8D, 0x44, 0x24, 0x04, 0xC7, 0x45, 0xFC, 0x05, 0x00, 0x00, 0x00,
    ];
    const STARTS: [usize; 9] = [0, 5, 6, 8, 11, 16, 18, 20, 24];

    #[test]
    fn straight_code_is_found_from_its_end() {
        let bytes: Vec<_> = CODE.iter().map(|&b| Some(b)).collect();
        let found = starts(&bytes, true, 5, |_| false);
        assert_eq!(found, STARTS[4..]);
    }

    /// The bytes read as four NOPs as well; only what ran can tell.
    #[test]
    fn what_ran_decides() {
        let bytes: Vec<_> = CODE[..5].iter().map(|&b| Some(b)).collect();
        assert_eq!(starts(&bytes, true, 4, |at| at == 0), [0]);
    }

    #[test]
    fn absent_bytes_end_the_search() {
        let bytes = [Some(0x90), None, Some(0x90), Some(0x90)];
        assert_eq!(starts(&bytes, true, 9, |_| false), [2, 3]);
        assert!(starts(&[], true, 9, |_| false).is_empty());
    }
}
