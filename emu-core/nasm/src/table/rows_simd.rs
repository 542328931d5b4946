//! MMX, SSE and SSE2 instructions.

/// Operations on MMX registers and, with 66, on XMM registers: mnemonic and last opcode byte.
pub const MMX_AND_SSE2: &str = "
packssdw 6b packsswb 63 packuswb 67 paddb fc paddw fd paddd fe paddsb ec paddsw ed paddusb dc paddusw dd
pand db pandn df pcmpeqb 74 pcmpeqw 75 pcmpeqd 76 pcmpgtb 64 pcmpgtw 65 pcmpgtd 66 pmaddwd f5 pmulhw e5 pmullw d5
por eb psubb f8 psubw f9 psubd fa psubsb e8 psubsw e9 psubusb d8 psubusw d9 punpckhbw 68 punpckhwd 69
punpckhdq 6a punpcklbw 60 punpcklwd 61 punpckldq 62 pxor ef pavgb e0 pavgw e3 pmaxsw ee pmaxub de pminsw ea
pminub da pmulhuw e4 psadbw f6
";

/// Floating-point operations: mnemonic without the kind, or with the kinds there are, and last opcode byte.
pub const SCALAR_AND_PACKED: &str = "
add 58 mul 59 sub 5c min 5d div 5e max 5f sqrt 51 rsqrt:ps,ss 52 rcp:ps,ss 53 and:ps,pd 54 andn:ps,pd 55 or:ps,pd 56
xor:ps,pd 57 unpckl:ps,pd 14 unpckh:ps,pd 15 cmp c2
";

/// Shifts: mnemonic, opcode by register, opcode by number, and its digit.
pub const SHIFTS: &str = "
psllw f1 71 /6 pslld f2 72 /6 psllq f3 73 /6 psraw e1 71 /4 psrad e2 72 /4 psrlw d1 71 /2 psrld d2 72 /2
psrlq d3 73 /2
";

/// All others.
pub const SIMD: &str = "
emms - 0f 77 @5
paddq mm,mmm rm 0f d4 /r q @8
paddq x,xm rm 66 0f d4 /r o @8
psubq mm,mm rm 0f fb /r @8
psubq mm,m rm 0f fb /r o @8
psubq x,xm rm 66 0f fb /r o @8
pmuludq mm,mm rm 0f f4 /r @8
pmuludq mm,m rm 0f f4 /r o @8
pmuludq x,xm rm 66 0f f4 /r o @8
movd mm,rm32 rm 0f 6e /r d @5
movd rm32,mm mr 0f 7e /r d @5
movd x,rm32 rm 66 0f 6e /r d @8
movd rm32,x mr 66 0f 7e /r d @8
movq mm,mmm rm 0f 6f /r q @5
movq mmm,mm mr 0f 7f /r q @5
movq x,x rm f3 0f 7e /r @8
movq x,m rm f3 0f 7e /r q @8
movq m,x mr 66 0f d6 /r q @8
movdqa x,xm128 rm 66 0f 6f /r @8
movdqa xm128,x mr 66 0f 7f /r @8
movdqu x,xm128 rm f3 0f 6f /r @8
movdqu xm128,x mr f3 0f 7f /r @8
movq2dq x,mm rm f3 0f d6 /r @8
movdq2q mm,x rm f2 0f d6 /r @8
movaps x,xm128 rm 0f 28 /r @7
movaps xm128,x mr 0f 29 /r @7
movapd x,xm128 rm 66 0f 28 /r @8
movapd xm128,x mr 66 0f 29 /r @8
movups x,xm128 rm 0f 10 /r @7
movups xm128,x mr 0f 11 /r @7
movupd x,xm128 rm 66 0f 10 /r @8
movupd xm128,x mr 66 0f 11 /r @8
movss x,xm32 rm f3 0f 10 /r @7
movss xm32,x mr f3 0f 11 /r @7
movsd x,x rm f2 0f 10 /r @8
movsd m64,x mr f2 0f 11 /r @8
movsd x,m64 rm f2 0f 10 /r @8
movhlps x,x rm 0f 12 /r @7
movlhps x,x rm 0f 16 /r @7
movhps x,m64 rm 0f 16 /r @7
movhps m64,x mr 0f 17 /r @7
movhpd x,m64 rm 66 0f 16 /r @8
movhpd m64,x mr 66 0f 17 /r @8
movlps x,m64 rm 0f 12 /r @7
movlps m64,x mr 0f 13 /r @7
movlpd x,m64 rm 66 0f 12 /r @8
movlpd m64,x mr 66 0f 13 /r @8
movmskps r32,x rm 0f 50 /r @7
movmskpd r32,x rm 66 0f 50 /r @8
movntps m128,x mr 0f 2b /r @7
movntpd m128,x mr 66 0f 2b /r @8
movntdq m128,x mr 66 0f e7 /r @8
movntq m64,mm mr 0f e7 /r @7
movnti m32,r32 mr 0f c3 /r @8
maskmovq mm,mm rm 0f f7 /r @7
maskmovdqu x,x rm 66 0f f7 /r @8
pextrw r32,mm,i rmi 0f c5 /r ib @7
pextrw r32,x,i rmi 66 0f c5 /r ib @8
pinsrw mm,m,i rmi 0f c4 /r ib @7
pinsrw mm,rm16,i rmi 0f c4 /r ib @7
pinsrw mm,r32,i rmi 0f c4 /r ib @7
pinsrw x,m,i rmi 66 0f c4 /r ib @8
pinsrw x,rm16,i rmi 66 0f c4 /r ib @8
pinsrw x,r32,i rmi 66 0f c4 /r ib @8
pmovmskb r32,mm rm 0f d7 /r @7
pmovmskb r32,x rm 66 0f d7 /r @8
pshufw mm,mm,i rmi 0f 70 /r ib @7
pshufw mm,m,i rmi 0f 70 /r ib @7
pshufd x,x,i rmi 66 0f 70 /r ib @8
pshufd x,m,i rmi 66 0f 70 /r ib @8
pshufhw x,x,i rmi f3 0f 70 /r ib @8
pshufhw x,m,i rmi f3 0f 70 /r ib @8
pshuflw x,x,i rmi f2 0f 70 /r ib @8
pshuflw x,m,i rmi f2 0f 70 /r ib @8
pslldq x,i mi 66 0f 73 /7 ib b arg1 @8
psrldq x,i mi 66 0f 73 /3 ib b arg1 @8
punpckhqdq x,xm128 rm 66 0f 6d /r @8
punpcklqdq x,xm128 rm 66 0f 6c /r @8
shufps x,xm128,i8 rmi 0f c6 /r ib @7
shufpd x,xm128,i8 rmi 66 0f c6 /r ib @8
comiss x,xm32 rm 0f 2f /r @7
comisd x,xm64 rm 66 0f 2f /r @8
ucomiss x,xm32 rm 0f 2e /r @7
ucomisd x,xm64 rm 66 0f 2e /r @8
cvtpi2ps x,mmm64 rm 0f 2a /r @7
cvtpi2pd x,mmm64 rm 66 0f 2a /r @8
cvtps2pi mm,xm64 rm 0f 2d /r @7
cvtpd2pi mm,xm128 rm 66 0f 2d /r @8
cvttps2pi mm,xm64 rm 0f 2c /r @7
cvttpd2pi mm,xm128 rm 66 0f 2c /r @8
cvtsi2ss x,rm32 rm f3 0f 2a /r d arg1 @7
cvtsi2sd x,rm32 rm f2 0f 2a /r d arg1 @8
cvtss2si r32,xm32 rm f3 0f 2d /r @7
cvtsd2si r32,xm64 rm f2 0f 2d /r @8
cvttss2si r32,xm32 rm f3 0f 2c /r @7
cvttsd2si r32,xm64 rm f2 0f 2c /r @8
cvtps2pd x,xm64 rm 0f 5a /r @8
cvtpd2ps x,xm128 rm 66 0f 5a /r @8
cvtss2sd x,xm32 rm f3 0f 5a /r @8
cvtsd2ss x,xm64 rm f2 0f 5a /r @8
cvtdq2ps x,xm128 rm 0f 5b /r @8
cvtps2dq x,xm128 rm 66 0f 5b /r @8
cvttps2dq x,xm128 rm f3 0f 5b /r @8
cvtdq2pd x,xm64 rm f3 0f e6 /r @8
cvtpd2dq x,xm128 rm f2 0f e6 /r @8
cvttpd2dq x,xm128 rm 66 0f e6 /r @8
ldmxcsr m32 m 0f ae /2 @7
stmxcsr m32 m 0f ae /3 @7
";
