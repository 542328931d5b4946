//! What the words are called that an opcode takes from the stack and puts there (Yellow Paper H.2, and the EIPs).

use super::deep_stack;

/// Names of an opcode's words: those taken, the top one first, and the one put on the stack.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Operands {
    /// Taken from the stack, the top one first.
    pub inputs: &'static [&'static str],
    /// Put on the stack.
    pub outputs: &'static [&'static str],
}

const fn names(inputs: &'static [&'static str], outputs: &'static [&'static str]) -> Operands {
    Operands { inputs, outputs }
}

const CALL: &[&str] = &["gas", "address", "value", "inputOffset", "inputSize", "outputOffset", "outputSize"];
const CALL_WITHOUT_VALUE: &[&str] =
    &["gas", "address", "inputOffset", "inputSize", "outputOffset", "outputSize"];
const LOG: [&str; 6] = ["offset", "size", "topic0", "topic1", "topic2", "topic3"];

/// Names of the words of an opcode. DUP, SWAP and their like move words that have no names of their own: nothing is
/// named for them, see [`moved`]. Of PUSH only what it pushes.
pub fn operands(byte: u8) -> Operands {
    match byte {
        0x01 | 0x02 | 0x10..=0x14 | 0x16..=0x18 => names(&["a", "b"], &["result"]),
        0x03 => names(&["a", "b"], &["difference"]),
        0x04 | 0x05 => names(&["dividend", "divisor"], &["quotient"]),
        0x06 | 0x07 => names(&["dividend", "divisor"], &["remainder"]),
        0x08 | 0x09 => names(&["a", "b", "modulus"], &["result"]),
        0x0A => names(&["base", "exponent"], &["power"]),
        0x0B => names(&["byteIndex", "value"], &["extended"]),
        0x15 | 0x19 => names(&["value"], &["result"]),
        0x1A => names(&["byteIndex", "value"], &["byte"]),
        0x1B..=0x1D => names(&["shift", "value"], &["result"]),
        0x1E => names(&["value"], &["leadingZeros"]),
        0x20 => names(&["offset", "size"], &["hash"]),
        0x30 => names(&[], &["address"]),
        0x31 => names(&["address"], &["balance"]),
        0x32 => names(&[], &["origin"]),
        0x33 => names(&[], &["caller"]),
        0x34 => names(&[], &["value"]),
        0x35 => names(&["offset"], &["data"]),
        0x36 | 0x38 | 0x3D | 0x59 => names(&[], &["size"]),
        0x37 | 0x39 | 0x3E => names(&["memoryOffset", "dataOffset", "size"], &[]),
        0x3A => names(&[], &["gasPrice"]),
        0x3B => names(&["address"], &["size"]),
        0x3C => names(&["address", "memoryOffset", "codeOffset", "size"], &[]),
        0x3F => names(&["address"], &["codeHash"]),
        0x40 => names(&["blockNumber"], &["hash"]),
        0x41 => names(&[], &["coinbase"]),
        0x42 => names(&[], &["timestamp"]),
        0x43 => names(&[], &["number"]),
        0x44 => names(&[], &["prevRandao"]),
        0x45 => names(&[], &["gasLimit"]),
        0x46 => names(&[], &["chainId"]),
        0x47 => names(&[], &["balance"]),
        0x48 => names(&[], &["baseFee"]),
        0x49 => names(&["index"], &["versionedHash"]),
        0x4A => names(&[], &["blobBaseFee"]),
        0x4B => names(&[], &["slotNumber"]),
        0x50 => names(&["value"], &[]),
        0x51 => names(&["offset"], &["value"]),
        0x52 | 0x53 => names(&["offset", "value"], &[]),
        0x54 | 0x5C => names(&["key"], &["value"]),
        0x55 | 0x5D => names(&["key", "value"], &[]),
        0x56 => names(&["destination"], &[]),
        0x57 => names(&["destination", "condition"], &[]),
        0x58 => names(&[], &["pc"]),
        0x5A => names(&[], &["gas"]),
        0x5E => names(&["to", "from", "size"], &[]),
        0x5F..=0x7F => names(&[], &["value"]),
        0xA0..=0xA4 => names(&LOG[..usize::from(byte - 0xA0) + 2], &[]),
        0xF0 => names(&["value", "offset", "size"], &["address"]),
        0xF1 | 0xF2 => names(CALL, &["success"]),
        0xF3 | 0xFD => names(&["offset", "size"], &[]),
        0xF4 | 0xFA => names(CALL_WITHOUT_VALUE, &["success"]),
        0xF5 => names(&["value", "offset", "size", "salt"], &["address"]),
        0xFF => names(&["beneficiary"], &[]),
        _ => names(&[], &[]),
    }
}

/// What DUP, SWAP, DUPN, SWAPN and EXCHANGE move: the depths of the two words concerned, 0 being the top. A copy goes
/// from the second to a new top.
pub fn moved(byte: u8, immediate: u8) -> Option<(usize, usize)> {
    let deep = |n: Option<u8>, back: usize| n.map(|n| (0, usize::from(n) - back));
    match byte {
        0x80..=0x8F => Some((0, usize::from(byte - 0x80))),
        0x90..=0x9F => Some((0, usize::from(byte - 0x8F))),
        deep_stack::DUPN => deep(deep_stack::decode_single(immediate), 1),
        deep_stack::SWAPN => deep(deep_stack::decode_single(immediate), 0),
        deep_stack::EXCHANGE => deep_stack::decode_pair(immediate).map(|(n, m)| (n.into(), m.into())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opcode::OPCODES;

    /// Every opcode has a name for each word that the table counts, but for those that move words.
    #[test]
    fn every_word_has_a_name() {
        for opcode in OPCODES.iter().flatten() {
            let immediate = if deep_stack::has(opcode.byte) { 0x80 } else { 0 };
            if moved(opcode.byte, immediate).is_some() {
                continue;
            }
            let names = operands(opcode.byte);
            let counts = (names.inputs.len(), names.outputs.len());
            assert_eq!(counts, (opcode.inputs.into(), opcode.outputs.into()), "{}", opcode.mnemonic);
        }
    }
}
