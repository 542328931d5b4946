//! Programs whose speed is measured.

/// A program: the code of a contract that is called, and the data of the call.
#[derive(Clone, Debug)]
pub struct Case {
    /// For the table.
    pub name: &'static str,
    /// Code of the contract called.
    pub code: Vec<u8>,
    /// Codes of contracts it calls, at addresses [`callee`] 0, 1, …
    pub others: Vec<Vec<u8>>,
    /// Data of the call.
    pub input: Vec<u8>,
    /// Gas limit.
    pub gas: u64,
}

/// Address of the contract that is called.
pub const TARGET: [u8; 20] = [0xC0; 20];
/// Address of the sender.
pub const SENDER: [u8; 20] = [0x5E; 20];

/// Address of the `n`-th other contract.
pub fn callee(n: u8) -> [u8; 20] {
    let mut address = [0xCA; 20];
    address[19] = n;
    address
}

const GAS: u64 = 1_000_000_000;

/// All programs but snailtracer, whose code is not ours.
pub fn cases() -> Vec<Case> {
    let plain = |name, code| Case { name, code, others: Vec::new(), input: Vec::new(), gas: GAS };
    vec![
        plain("count", looped(1_500_000, &[])),
        plain("arithmetic", looped(100_000, &arithmetic())),
        plain("mulmod", looped(50_000, &mulmod())),
        plain("exp", looped(3_000, &exp())),
        plain("div", looped(50_000, &div())),
        plain("keccak", looped(20_000, &asm("60406000 20 600052"))),
        plain("jumps", looped(50_000, &jumps())),
        plain("memcpy", looped(5_000, &memcpy())),
        Case { others: vec![asm("60003560010160005260206000f3")], ..plain("calls", looped(5_000, &call())) },
        plain("storage", looped(2_000, &storage())),
        plain("create", looped(1_000, &create())),
        Case { input: vec![0; 68], ..plain("erc20", erc20()) },
    ]
}

/// The ray tracer in Solidity that many EVMs are measured by; its code is in the crate `revme`.
pub fn snailtracer(code: Vec<u8>) -> Case {
    Case { name: "snailtracer", code, others: Vec::new(), input: asm("30627b7c"), gas: GAS }
}

/// Bytes of code given in hexadecimal.
pub fn asm(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.chars().filter_map(|c| c.to_digit(16)).map(|digit| digit as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

/// `body`, which leaves the stack as it was, `times` times: PUSH4 times; JUMPDEST; body; PUSH1 1; SWAP1; SUB; DUP1; PUSH1
/// 5; JUMPI; POP; STOP.
fn looped(times: u32, body: &[u8]) -> Vec<u8> {
    let mut code = vec![0x63];
    code.extend_from_slice(&times.to_be_bytes());
    code.push(0x5B);
    code.extend_from_slice(body);
    code.extend_from_slice(&asm("60019003 80 6005 57 50 00"));
    code
}

/// Full-width words from the counter on top of the stack, then ADD, MUL, SUB, XOR, AND, SHL, LT.
fn arithmetic() -> Vec<u8> {
    asm(
        "80 19 81 81 01 81 02 82 03 18 7f ffffffffffffffffffffffffffffffffffffffffffffffffffffffff00000000 16 6007 1b 81 10 50",
    )
}

/// ~n * n mod (2^256 - 189) and ADDMOD of the same.
fn mulmod() -> Vec<u8> {
    let modulus = "7f ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff43";
    asm(&format!("{modulus} 81 19 80 09 {modulus} 82 19 82 08 50 50"))
}

fn exp() -> Vec<u8> {
    asm("80 19 81 6101ff 02 19 0a 50 64 0102030405 81 0a 50")
}

/// ~n divided by values of one to four limbs: DIV, SDIV, MOD, SMOD.
fn div() -> Vec<u8> {
    asm("6d 0102030405060708090a0b0c0d0e 81 19 04 50 60 07 81 19 05 50 68 010203040506070809 81 19 06 50 \
         77 0102030405060708090a0b0c0d0e0f101112131415161718 81 19 07 50")
}

/// Forty jumps, half of them conditional.
fn jumps() -> Vec<u8> {
    let mut code = Vec::new();
    for n in 0..20u16 {
        // Bodies begin at 6, and each of these is 14 bytes long.
        let at = 6 + n * 14;
        let (first, second) = ((at + 6).to_be_bytes(), (at + 13).to_be_bytes());
        code.extend_from_slice(&[0x80, 0x61, first[0], first[1], 0x57, 0xFE, 0x5B]);
        code.extend_from_slice(&[0x61, second[0], second[1], 0x56, 0xFE, 0xFE, 0x5B]);
    }
    code
}

/// MSTOREs, MLOADs and MCOPYs over 4 KiB.
fn memcpy() -> Vec<u8> {
    asm(
        "80 610fe0 52 610fe0 51 6000 52 610800 6000 610800 5e 610400 610c00 6020 5e 6000 51 6101e0 52 36 600a 6000 37 6104 00 6000 6020 39",
    )
}

/// A call with 32 bytes there and back.
fn call() -> Vec<u8> {
    let mut code = asm("6020 6000 6020 6000 6000 73");
    code.extend_from_slice(&callee(0));
    code.extend_from_slice(&asm("5a f1 50"));
    code
}

/// A fresh slot each time, read and written again.
fn storage() -> Vec<u8> {
    asm("80 81 55 80 54 6001 01 81 55 80 54 81 6001 01 54 01 50")
}

/// A contract of 32 bytes each time.
fn create() -> Vec<u8> {
    // Init code: PUSH32 code; PUSH1 0; MSTORE; PUSH1 32; PUSH1 0; RETURN. 41 bytes, in two words of memory.
    let init = asm("7f 6001600260036004600560066007600860096001600260036004600560060000 600052 6020 6000 f3");
    let mut code = vec![0x7F];
    code.extend_from_slice(&init[..32]);
    code.extend_from_slice(&asm("6000 52 7f"));
    code.extend_from_slice(&init[32..]);
    code.resize(code.len() + 64 - init.len(), 0);
    code.extend_from_slice(&asm("6020 52 6029 6000 6000 f0 50"));
    code
}

/// Five thousand ERC-20 transfers between two holders as a compiler writes them: selector dispatch, mapping slots by
/// KECCAK256, checks, SLOADs, SSTOREs, and the Transfer event.
fn erc20() -> Vec<u8> {
    let mut code = looped(5_000, &transfer());
    // Balance of the sender: slot KECCAK(CALLER . 0) = 2^128.
    let mut start = asm("33 6000 52 6000 6020 52 6040 6000 20 6001 6080 1b 90 55");
    let shift = start.len() as u8;
    // The loop's jump is absolute.
    let jump = code.len() - 4;
    code[jump] += shift;
    start.extend_from_slice(&code);
    start
}

fn transfer() -> Vec<u8> {
    // from slot; balance; check value <= balance; store; to slot; balance; add with overflow check; store; LOG3.
    asm("6001 33 6000 52 6000 6020 52 6040 6000 20 80 54 \
         82 81 10 15 15 50 82 90 03 90 55 \
         73 00000000000000000000000000000000000000bb 73 ffffffffffffffffffffffffffffffffffffffff 16 6000 52 6000 6020 52 6040 6000 20 80 54 82 01 90 55 \
         6000 52 73 00000000000000000000000000000000000000bb 33 7f ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef 6020 6000 a3")
}
