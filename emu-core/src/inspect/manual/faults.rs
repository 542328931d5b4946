//! What instructions raise, by kind of instruction. Any instruction can raise #PF or #GP(0) when it is fetched.

/// What an instruction can raise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Nothing.
    None,
    /// What a memory operand brings, if it has one.
    Memory,
    /// What pushing or popping brings.
    Stack,
    /// Division.
    Divide,
    /// Near branches.
    Near,
    /// Far branches, interrupt returns.
    Far,
    /// Software interrupts.
    Interrupt,
    /// Ports.
    Port,
    /// Loads of segment registers.
    Segment,
    /// CPL 0 only.
    Privileged,
    /// CPL 0 only, with a memory operand or a selector.
    PrivilegedTable,
    /// IF and IOPL.
    Iopl,
    /// #UD in real and virtual-8086 mode; reads a selector's descriptor.
    Selector,
    /// BOUND.
    Bound,
    /// Always #UD.
    Undefined,
    /// x87.
    X87,
    /// x87 without waiting for errors.
    X87NoWait,
    /// MMX.
    Mmx,
    /// SSE and SSE2 without arithmetic on floating point numbers.
    Sse,
    /// SSE and SSE2 arithmetic.
    SseMath,
    /// SSE and SSE2 with an operand that must lie at a multiple of 16.
    SseAligned,
}

const LIMIT: &str =
    "#GP(0), #SS(0): a memory operand outside of its segment, or of a kind the segment does not allow";
const PAGE: &str = "#PF: a page that is absent or does not allow the access";
const ALIGNMENT: &str = "#AC(0): a memory operand not aligned, with alignment checks on";
const DEVICE: &str = "#NM: CR0.EM or CR0.TS is set";
const PENDING: &str = "#MF: an earlier x87 error is pending";
const NO_SSE: &str = "#UD: CR0.EM is set or CR4.OSFXSR is not";
const NO_MMX: &str = "#UD: CR0.EM is set";
const SWITCHED: &str = "#NM: CR0.TS is set";
const CPL_0: &str = "#GP(0): CPL is not 0";

/// Exceptions in words.
pub fn of(class: Class) -> Vec<&'static str> {
    match class {
        Class::None => vec![],
        Class::Memory => vec![LIMIT, PAGE, ALIGNMENT],
        Class::Stack => vec!["#SS(0): the stack's limit is passed", LIMIT, PAGE, ALIGNMENT],
        Class::Divide => vec!["#DE: the divisor is 0, or the quotient does not fit", LIMIT, PAGE, ALIGNMENT],
        Class::Near => vec!["#GP(0): the target is beyond the code segment's limit", LIMIT, PAGE],
        Class::Far => vec![
            "#GP(selector), #NP(selector), #TS(selector): the code segment, gate, task or stack is not fit",
            "#GP(0): a null selector, or a target beyond the limit",
            "#SS(0): the stack's limit is passed",
            PAGE,
        ],
        Class::Interrupt => vec![
            "#GP(vector × 8 + 2): no such gate, or its DPL is below CPL; in virtual-8086 mode #GP(0) if IOPL is below 3",
            "#NP, #TS, #SS: the gate, its code segment or the new stack is not fit",
            PAGE,
        ],
        Class::Port => {
            vec!["#GP(0): CPL is above IOPL and the TSS's I/O map does not allow the port", LIMIT, PAGE]
        }
        Class::Segment => vec![
            "#GP(selector): beyond its table, of the wrong type, or too privileged; #GP(0): null for SS or CS",
            "#NP(selector), #SS(selector): not present",
            LIMIT,
            PAGE,
        ],
        Class::Privileged => vec![CPL_0],
        Class::PrivilegedTable => {
            vec![CPL_0, "#GP(selector), #NP(selector): the descriptor is not fit", LIMIT, PAGE]
        }
        Class::Iopl => vec!["#GP(0): CPL is above IOPL; in virtual-8086 mode IOPL is below 3"],
        Class::Selector => vec!["#UD: in real and virtual-8086 mode", LIMIT, PAGE, ALIGNMENT],
        Class::Bound => vec![
            "#BR: the index is outside of its bounds",
            "#UD: the second operand is no memory",
            LIMIT,
            PAGE,
        ],
        Class::Undefined => vec!["#UD: always"],
        Class::X87 => vec![DEVICE, PENDING, LIMIT, PAGE, ALIGNMENT],
        Class::X87NoWait => vec![DEVICE, LIMIT, PAGE, ALIGNMENT],
        Class::Mmx => vec![NO_MMX, SWITCHED, PENDING, LIMIT, PAGE, ALIGNMENT],
        Class::Sse => vec![NO_SSE, SWITCHED, LIMIT, PAGE, ALIGNMENT],
        Class::SseMath => vec![
            "#XM: an unmasked error of the arithmetic (#UD if CR4.OSXMMEXCPT is 0)",
            "#GP(0): 16 bytes of memory that do not begin at a multiple of 16",
            NO_SSE,
            SWITCHED,
            LIMIT,
            PAGE,
        ],
        Class::SseAligned => {
            vec![
                "#GP(0): 16 bytes of memory that do not begin at a multiple of 16",
                NO_SSE,
                SWITCHED,
                LIMIT,
                PAGE,
            ]
        }
    }
}
