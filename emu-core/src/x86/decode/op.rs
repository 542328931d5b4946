//! The list of operations: name, status flags, and whether a block of straight-line code ends there.

use super::flags::{AF, CF, DF, FlagEffects, IF, PF, SF, STATUS, ZF};

type F = FlagEffects;

/// Makes [`Op`] and its per-operation facts out of the one list below. A line is the variant, its mnemonic (in lower
/// case, of the 32-bit form where SDM has a mnemonic per size), and, where they are not the plain ones, its
/// flags and `end` if it ends a block.
macro_rules! ops {
    ($( $op:ident $name:literal $( [$flags:expr] )? $( $end:ident )? ; )*) => {
        /// An operation, named by its SDM mnemonic. Where one mnemonic covers operations that have little in common
        /// (moves to and from special registers, near and far branches) there is one variant for each.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[repr(u16)]
        pub enum Op {
            $( #[doc = concat!("`", $name, "`")] $op, )*
        }

        impl Op {
            /// Every operation, in order of its number.
            pub const ALL: &'static [Op] = &[ $( Op::$op, )* ];

            /// Mnemonic, lower case. String, flag-stack and sign-extension operations have the name without the
            /// size letter; [`mnemonic`](crate::x86::disasm::mnemonic) gives the name for one instruction.
            pub const fn name(self) -> &'static str {
                match self { $( Op::$op => $name, )* }
            }

            /// Flags of the operation, without what only the operands tell; see
            /// [`super::inst::Decoded::flag_effects`].
            pub const fn flag_effects(self) -> FlagEffects {
                match self { $( Op::$op => { const E: FlagEffects = ops!(@flags $($flags)?); E } )* }
            }

            /// True if a block always ends here; see [`super::inst::Decoded::ends_block`].
            pub const fn ends_block(self) -> bool {
                match self { $( Op::$op => ops!(@end $($end)?), )* }
            }
        }
    };
    (@flags) => { F::NONE };
    (@flags $flags:expr) => { $flags };
    (@end) => { false };
    (@end end) => { true };
}

ops! {
    Invalid "(bad)" end;

    // Data transfer
    Mov "mov";
    MovFromSeg "mov";
    MovToSeg "mov";
    MovFromCr "mov" [F::NONE.undefine(STATUS)];
    MovToCr "mov" [F::NONE.undefine(STATUS)] end;
    MovFromDr "mov" [F::NONE.undefine(STATUS)];
    MovToDr "mov" [F::NONE.undefine(STATUS)] end;
    Movzx "movzx";
    Movsx "movsx";
    Lea "lea";
    Lds "lds";
    Les "les";
    Lfs "lfs";
    Lgs "lgs";
    Lss "lss" end;
    Xchg "xchg";
    Cmpxchg "cmpxchg" [F::ARITH];
    Cmpxchg8b "cmpxchg8b" [F::ZERO];
    Xadd "xadd" [F::ARITH];
    Bswap "bswap";
    Cmovcc "cmov";
    Xlat "xlatb";
    Push "push";
    Pop "pop";
    PushSeg "push";
    PopSeg "pop";
    Pusha "pusha";
    Popa "popa";
    Pushf "pushf" [F::SAVE];
    Popf "popf" [F::LOAD] end;
    Lahf "lahf" [F::NONE.read(SF | ZF | AF | PF | CF)];
    Sahf "sahf" [F::NONE.write(SF | ZF | AF | PF | CF)];
    Cbw "cbw";
    Cwd "cwd";
    Enter "enter";
    Leave "leave";

    // Arithmetic
    Add "add" [F::ARITH];
    Adc "adc" [F::CARRY];
    Sub "sub" [F::ARITH];
    Sbb "sbb" [F::CARRY];
    Cmp "cmp" [F::ARITH];
    Inc "inc" [F::STEP];
    Dec "dec" [F::STEP];
    Neg "neg" [F::ARITH];
    Mul "mul" [F::MULTIPLY];
    Imul "imul" [F::MULTIPLY];
    Div "div" [F::DIVIDE];
    Idiv "idiv" [F::DIVIDE];
    Aaa "aaa" [F::ASCII_ADJUST];
    Aas "aas" [F::ASCII_ADJUST];
    Aam "aam" [F::ASCII_SCALE];
    Aad "aad" [F::ASCII_SCALE];
    Daa "daa" [F::DECIMAL_ADJUST];
    Das "das" [F::DECIMAL_ADJUST];

    // Logic, shifts, bits
    And "and" [F::LOGIC];
    Or "or" [F::LOGIC];
    Xor "xor" [F::LOGIC];
    Not "not";
    Test "test" [F::LOGIC];
    Shl "shl" [F::SHIFT];
    Shr "shr" [F::SHIFT];
    Sar "sar" [F::SHIFT];
    Rol "rol" [F::ROTATE];
    Ror "ror" [F::ROTATE];
    Rcl "rcl" [F::ROTATE_CARRY];
    Rcr "rcr" [F::ROTATE_CARRY];
    Shld "shld" [F::SHIFT];
    Shrd "shrd" [F::SHIFT];
    Bt "bt" [F::BIT_TEST];
    Bts "bts" [F::BIT_TEST];
    Btr "btr" [F::BIT_TEST];
    Btc "btc" [F::BIT_TEST];
    Bsf "bsf" [F::BIT_SCAN];
    Bsr "bsr" [F::BIT_SCAN];
    Setcc "set";

    // Strings and ports
    Movs "movs" [F::STRING];
    Cmps "cmps" [F::STRING_COMPARE];
    Scas "scas" [F::STRING_COMPARE];
    Lods "lods" [F::STRING];
    Stos "stos" [F::STRING];
    Ins "ins" [F::STRING] end;
    Outs "outs" [F::STRING] end;
    In "in" end;
    Out "out" end;

    // Control transfer
    Jcc "j" end;
    JmpRel "jmp" end;
    JmpInd "jmp" end;
    JmpFarPtr "jmp" [F::LOAD.maybe()] end;
    JmpFarInd "jmp" [F::LOAD.maybe()] end;
    CallRel "call" end;
    CallInd "call" end;
    CallFarPtr "call" [F::LOAD.maybe()] end;
    CallFarInd "call" [F::LOAD.maybe()] end;
    RetNear "ret" end;
    RetFar "retf" end;
    Iret "iret" [F::LOAD] end;
    Loop "loop" end;
    Loope "loope" [F::NONE.read(ZF)] end;
    Loopne "loopne" [F::NONE.read(ZF)] end;
    Jcxz "jcxz" end;
    Int "int" [F::SAVE.write(IF)] end;
    Int1 "int1" [F::SAVE.write(IF)] end;
    Int3 "int3" [F::SAVE.write(IF)] end;
    Into "into" [F::SAVE.write(IF).maybe()] end;
    Bound "bound";

    // Flags
    Clc "clc" [F::NONE.write(CF)];
    Stc "stc" [F::NONE.write(CF)];
    Cmc "cmc" [F::NONE.read(CF).write(CF)];
    Cld "cld" [F::NONE.write(DF)];
    Std "std" [F::NONE.write(DF)];
    Cli "cli" [F::NONE.write(IF)] end;
    Sti "sti" [F::NONE.write(IF)] end;
    Salc "salc" [F::NONE.read(CF)];

    // System
    Hlt "hlt" end;
    Nop "nop";
    Pause "pause";
    Cpuid "cpuid" end;
    Rdtsc "rdtsc" end;
    Rdpmc "rdpmc" end;
    Rdmsr "rdmsr" end;
    Wrmsr "wrmsr" end;
    Sysenter "sysenter" [F::NONE.write(IF)] end;
    Sysexit "sysexit" end;
    Rsm "rsm" [F::LOAD] end;
    Ud0 "ud0" end;
    Ud1 "ud1" end;
    Ud2 "ud2" end;
    Clts "clts" end;
    Invd "invd" end;
    Wbinvd "wbinvd" end;
    Invlpg "invlpg" end;
    Sgdt "sgdt";
    Sidt "sidt";
    Lgdt "lgdt" end;
    Lidt "lidt" end;
    Sldt "sldt";
    Lldt "lldt" end;
    Str "str";
    Ltr "ltr" end;
    Smsw "smsw";
    Lmsw "lmsw" end;
    Verr "verr" [F::ZERO];
    Verw "verw" [F::ZERO];
    Lar "lar" [F::ZERO];
    Lsl "lsl" [F::ZERO];
    Arpl "arpl" [F::ZERO];

    // x87: loads, stores, constants
    Fld "fld";
    Fst "fst";
    Fstp "fstp";
    Fstpnce "fstpnce";
    Fild "fild";
    Fist "fist";
    Fistp "fistp";
    Fbld "fbld";
    Fbstp "fbstp";
    Fxch "fxch";
    Fld1 "fld1";
    Fldl2t "fldl2t";
    Fldl2e "fldl2e";
    Fldpi "fldpi";
    Fldlg2 "fldlg2";
    Fldln2 "fldln2";
    Fldz "fldz";
    Fcmovb "fcmovb" [F::NONE.read(CF)];
    Fcmove "fcmove" [F::NONE.read(ZF)];
    Fcmovbe "fcmovbe" [F::NONE.read(CF | ZF)];
    Fcmovu "fcmovu" [F::NONE.read(PF)];
    Fcmovnb "fcmovnb" [F::NONE.read(CF)];
    Fcmovne "fcmovne" [F::NONE.read(ZF)];
    Fcmovnbe "fcmovnbe" [F::NONE.read(CF | ZF)];
    Fcmovnu "fcmovnu" [F::NONE.read(PF)];

    // x87: arithmetic
    Fadd "fadd";
    Faddp "faddp";
    Fiadd "fiadd";
    Fsub "fsub";
    Fsubp "fsubp";
    Fisub "fisub";
    Fsubr "fsubr";
    Fsubrp "fsubrp";
    Fisubr "fisubr";
    Fmul "fmul";
    Fmulp "fmulp";
    Fimul "fimul";
    Fdiv "fdiv";
    Fdivp "fdivp";
    Fidiv "fidiv";
    Fdivr "fdivr";
    Fdivrp "fdivrp";
    Fidivr "fidivr";
    Fchs "fchs";
    Fabs "fabs";
    Fsqrt "fsqrt";
    Fscale "fscale";
    Fprem "fprem";
    Fprem1 "fprem1";
    Frndint "frndint";
    Fxtract "fxtract";
    F2xm1 "f2xm1";
    Fyl2x "fyl2x";
    Fyl2xp1 "fyl2xp1";
    Fptan "fptan";
    Fpatan "fpatan";
    Fsin "fsin";
    Fcos "fcos";
    Fsincos "fsincos";

    // x87: comparison
    Fcom "fcom";
    Fcomp "fcomp";
    Fcompp "fcompp";
    Ficom "ficom";
    Ficomp "ficomp";
    Fucom "fucom";
    Fucomp "fucomp";
    Fucompp "fucompp";
    Fcomi "fcomi" [F::COMPARE_FLOAT];
    Fcomip "fcomip" [F::COMPARE_FLOAT];
    Fucomi "fucomi" [F::COMPARE_FLOAT];
    Fucomip "fucomip" [F::COMPARE_FLOAT];
    Ftst "ftst";
    Fxam "fxam";

    // x87: control. FNENI, FNDISI and FNSETPM do nothing since the 387.
    Fwait "wait";
    Fnop "fnop";
    Fneni "fneni";
    Fndisi "fndisi";
    Fnsetpm "fnsetpm";
    Fninit "fninit";
    Fnclex "fnclex";
    Fldcw "fldcw";
    Fnstcw "fnstcw";
    Fnstsw "fnstsw";
    Fldenv "fldenv";
    Fnstenv "fnstenv";
    Fnsave "fnsave";
    Frstor "frstor";
    Ffree "ffree";
    Ffreep "ffreep";
    Fincstp "fincstp";
    Fdecstp "fdecstp";
    Fxsave "fxsave";
    Fxrstor "fxrstor";

    // MMX, and the same on XMM registers in SSE2
    Emms "emms";
    Movd "movd";
    Movq "movq";
    Packsswb "packsswb";
    Packssdw "packssdw";
    Packuswb "packuswb";
    Punpcklbw "punpcklbw";
    Punpcklwd "punpcklwd";
    Punpckldq "punpckldq";
    Punpcklqdq "punpcklqdq";
    Punpckhbw "punpckhbw";
    Punpckhwd "punpckhwd";
    Punpckhdq "punpckhdq";
    Punpckhqdq "punpckhqdq";
    Paddb "paddb";
    Paddw "paddw";
    Paddd "paddd";
    Paddq "paddq";
    Paddsb "paddsb";
    Paddsw "paddsw";
    Paddusb "paddusb";
    Paddusw "paddusw";
    Psubb "psubb";
    Psubw "psubw";
    Psubd "psubd";
    Psubq "psubq";
    Psubsb "psubsb";
    Psubsw "psubsw";
    Psubusb "psubusb";
    Psubusw "psubusw";
    Pmullw "pmullw";
    Pmulhw "pmulhw";
    Pmulhuw "pmulhuw";
    Pmuludq "pmuludq";
    Pmaddwd "pmaddwd";
    Pcmpeqb "pcmpeqb";
    Pcmpeqw "pcmpeqw";
    Pcmpeqd "pcmpeqd";
    Pcmpgtb "pcmpgtb";
    Pcmpgtw "pcmpgtw";
    Pcmpgtd "pcmpgtd";
    Pand "pand";
    Pandn "pandn";
    Por "por";
    Pxor "pxor";
    Psllw "psllw";
    Pslld "pslld";
    Psllq "psllq";
    Pslldq "pslldq";
    Psrlw "psrlw";
    Psrld "psrld";
    Psrlq "psrlq";
    Psrldq "psrldq";
    Psraw "psraw";
    Psrad "psrad";
    Pavgb "pavgb";
    Pavgw "pavgw";
    Pmaxsw "pmaxsw";
    Pmaxub "pmaxub";
    Pminsw "pminsw";
    Pminub "pminub";
    Psadbw "psadbw";
    Pmovmskb "pmovmskb";
    Pextrw "pextrw";
    Pinsrw "pinsrw";
    Pshufw "pshufw";
    Pshufd "pshufd";
    Pshufhw "pshufhw";
    Pshuflw "pshuflw";
    Maskmovq "maskmovq";
    Maskmovdqu "maskmovdqu";
    Movntq "movntq";
    Movntdq "movntdq";
    Movdqa "movdqa";
    Movdqu "movdqu";
    Movq2dq "movq2dq";
    Movdq2q "movdq2q";

    // SSE and SSE2 floating point. Movhlps and Movlhps are the register forms of the MOVLPS and MOVHPS loads.
    Movaps "movaps";
    Movapd "movapd";
    Movups "movups";
    Movupd "movupd";
    Movss "movss";
    Movsd "movsd";
    Movlps "movlps";
    Movlpd "movlpd";
    Movhps "movhps";
    Movhpd "movhpd";
    Movhlps "movhlps";
    Movlhps "movlhps";
    Movmskps "movmskps";
    Movmskpd "movmskpd";
    Movntps "movntps";
    Movntpd "movntpd";
    Movnti "movnti";
    Addps "addps";
    Addpd "addpd";
    Addss "addss";
    Addsd "addsd";
    Subps "subps";
    Subpd "subpd";
    Subss "subss";
    Subsd "subsd";
    Mulps "mulps";
    Mulpd "mulpd";
    Mulss "mulss";
    Mulsd "mulsd";
    Divps "divps";
    Divpd "divpd";
    Divss "divss";
    Divsd "divsd";
    Minps "minps";
    Minpd "minpd";
    Minss "minss";
    Minsd "minsd";
    Maxps "maxps";
    Maxpd "maxpd";
    Maxss "maxss";
    Maxsd "maxsd";
    Sqrtps "sqrtps";
    Sqrtpd "sqrtpd";
    Sqrtss "sqrtss";
    Sqrtsd "sqrtsd";
    Rcpps "rcpps";
    Rcpss "rcpss";
    Rsqrtps "rsqrtps";
    Rsqrtss "rsqrtss";
    Andps "andps";
    Andpd "andpd";
    Andnps "andnps";
    Andnpd "andnpd";
    Orps "orps";
    Orpd "orpd";
    Xorps "xorps";
    Xorpd "xorpd";
    Cmpps "cmpps";
    Cmppd "cmppd";
    Cmpss "cmpss";
    Cmpsd "cmpsd";
    Comiss "comiss" [F::COMPARE_FLOAT];
    Comisd "comisd" [F::COMPARE_FLOAT];
    Ucomiss "ucomiss" [F::COMPARE_FLOAT];
    Ucomisd "ucomisd" [F::COMPARE_FLOAT];
    Shufps "shufps";
    Shufpd "shufpd";
    Unpcklps "unpcklps";
    Unpcklpd "unpcklpd";
    Unpckhps "unpckhps";
    Unpckhpd "unpckhpd";
    Cvtpi2ps "cvtpi2ps";
    Cvtpi2pd "cvtpi2pd";
    Cvtps2pi "cvtps2pi";
    Cvtpd2pi "cvtpd2pi";
    Cvttps2pi "cvttps2pi";
    Cvttpd2pi "cvttpd2pi";
    Cvtsi2ss "cvtsi2ss";
    Cvtsi2sd "cvtsi2sd";
    Cvtss2si "cvtss2si";
    Cvtsd2si "cvtsd2si";
    Cvttss2si "cvttss2si";
    Cvttsd2si "cvttsd2si";
    Cvtps2pd "cvtps2pd";
    Cvtpd2ps "cvtpd2ps";
    Cvtss2sd "cvtss2sd";
    Cvtsd2ss "cvtsd2ss";
    Cvtdq2ps "cvtdq2ps";
    Cvtps2dq "cvtps2dq";
    Cvttps2dq "cvttps2dq";
    Cvtdq2pd "cvtdq2pd";
    Cvtpd2dq "cvtpd2dq";
    Cvttpd2dq "cvttpd2dq";

    // SSE state, caching, ordering
    Ldmxcsr "ldmxcsr";
    Stmxcsr "stmxcsr";
    Prefetchnta "prefetchnta";
    Prefetcht0 "prefetcht0";
    Prefetcht1 "prefetcht1";
    Prefetcht2 "prefetcht2";
    Lfence "lfence";
    Mfence "mfence";
    Sfence "sfence";
    Clflush "clflush";
}

impl Op {
    /// True for the string operations, those that REP and REPNE repeat.
    pub const fn is_string(self) -> bool {
        matches!(self, Op::Movs | Op::Cmps | Op::Scas | Op::Lods | Op::Stos | Op::Ins | Op::Outs)
    }
}
