//! Integer instructions.

/// ADD, OR, ADC, SBB, AND, SUB, XOR, CMP: `%0` to `%5` are the opcodes of the six forms, `/n` is the digit in group 1.
pub const ARITHMETIC: &str = "
NAME m,r8 mr %0 /r same LOCK
NAME r8,r8 mr %0 /r
NAME m,r# mr o# %1 /r same LOCK
NAME r#,r# mr o# %1 /r
NAME r8,m rm %2 /r same
NAME r#,m rm o# %3 /r same
NAME rm#,i8 mi o# 83 /n ib LOCK
NAME al,i -i %4 ib same
NAME ax,sx16 mi o16 83 /n ib same
NAME ax,i -i o16 %5 iw same
NAME eax,sx32 mi o32 83 /n ib same
NAME eax,i -i o32 %5 id same
NAME rm8,i mi 80 /n ib same LOCK
NAME rm16,sx16 mi o16 83 /n ib same LOCK
NAME rm16,i mi o16 81 /n iw same LOCK
NAME rm32,sx32 mi o32 83 /n ib same LOCK
NAME rm32,i mi o32 81 /n id same LOCK
NAME m,i8 mi 80 /n ib same LOCK
NAME m,sized16 mi o16 83 /n ib same LOCK
NAME m,i16 mi o16 81 /n iw same LOCK
NAME m,sized32 mi o32 83 /n ib same LOCK
NAME m,i32 mi o32 81 /n id same LOCK
";

/// Rotations and shifts: group 2.
pub const SHIFT: &str = "
NAME rm8,one m- d0 /n
NAME rm8,cl m- d2 /n
NAME rm8,i8 mi c0 /n ib @1
NAME rm#,one m- o# d1 /n
NAME rm#,cl m- o# d3 /n
NAME rm#,i8 mi o# c1 /n ib @1
";

/// Data transfer, arithmetic, strings.
pub const GENERAL: &str = "
aaa - 37
aad - d5 0a
aad i i d5 ib b
aam - d4 0a
aam i i d4 ib b
aas - 3f
arpl m,r16 mr 63 /r same @2
arpl r16,r16 mr 63 /r @2
bound r#,m rm o# 62 /r @1
bsf r#,m rm o# 0f bc /r same @3
bsf r#,r# rm o# 0f bc /r @3
bsr r#,m rm o# 0f bd /r same @3
bsr r#,r# rm o# 0f bd /r @3
bswap r32 r o32 0f c8+r @4
bt m,r# mr o# 0f a3 /r same @3
bt r#,r# mr o# 0f a3 /r @3
bt rm#,i8 mi o# 0f ba /4 ib @3
btc m,r# mr o# 0f bb /r same lock @3
btc r#,r# mr o# 0f bb /r @3
btc rm#,i8 mi o# 0f ba /7 ib lock @3
btr m,r# mr o# 0f b3 /r same lock @3
btr r#,r# mr o# 0f b3 /r @3
btr rm#,i8 mi o# 0f ba /6 ib lock @3
bts m,r# mr o# 0f ab /r same lock @3
bts r#,r# mr o# 0f ab /r @3
bts rm#,i8 mi o# 0f ba /5 ib lock @3
cbw - o16 98
cdq - o32 99
clc - f8
cld - fc
cli - fa
cmc - f5
cmpsb - a6
cmpsw - o16 a7
cmpsd - o32 a7
cmpxchg m,r8 mr 0f b0 /r same lock @4
cmpxchg r8,r8 mr 0f b0 /r @4
cmpxchg m,r# mr o# 0f b1 /r same lock @4
cmpxchg r#,r# mr o# 0f b1 /r @4
cmpxchg8b m64 m 0f c7 /1 lock @5
cwd - o16 99
cwde - o32 98
daa - 27
das - 2f
dec r# r o# 48+r
dec rm8 m fe /1 lock
dec rm# m o# ff /1 lock
div rm8 m f6 /6
div rm# m o# f7 /6
enter i,i ij c8 iw ib @1
idiv rm8 m f6 /7
idiv rm# m o# f7 /7
imul rm8 m f6 /5
imul rm# m o# f7 /5
imul r#,m rm o# 0f af /r same @3
imul r#,r# rm o# 0f af /r @3
imul r#,m,i8 rmi o# 6b /r ib same2 @1
imul r#,m,sx# rmi o# 6b /r ib same @1
imul r#,m,i# rmi o# 69 /r i# same @1
imul r#,m,i rmi o# 69 /r i# same @1
imul r#,r#,i8 rmi o# 6b /r ib @1
imul r#,r#,sx# rmi o# 6b /r ib same @1
imul r#,r#,i# rmi o# 69 /r i# @1
imul r#,r#,i rmi o# 69 /r i# same @1
imul r#,i8 bi o# 6b /r ib @1
imul r#,sx# bi o# 6b /r ib same @1
imul r#,i# bi o# 69 /r i# @1
imul r#,i bi o# 69 /r i# same @1
in al,i -i e4 ib b
in ax,i -i o16 e5 ib b
in eax,i -i o32 e5 ib b
in al,dx -- ec
in ax,dx -- o16 ed
in eax,dx -- o32 ed
inc r# r o# 40+r
inc rm8 m fe /0 lock
inc rm# m o# ff /0 lock
insb - 6c @1
insw - o16 6d @1
insd - o32 6d
lahf - 9f
lds r#,m rm o# c5 /r
lea r#,m rm o# 8d /r any
lea r#,i rm o# 8d /r any
leave - c9 @1
les r#,m rm o# c4 /r
lfs r#,m rm o# 0f b4 /r @3
lgs r#,m rm o# 0f b5 /r @3
lss r#,m rm o# 0f b2 /r @3
lodsb - ac
lodsw - o16 ad
lodsd - o32 ad
mov m,sreg mr 8c /r w
mov r#,sreg mr o# 8c /r
mov sreg,m rm 8e /r w
mov sreg,r# rm 8e /r
mov al,offs -i a0 offset same
mov ax,offs -i o16 a1 offset same
mov eax,offs -i o32 a1 offset same
mov offs,al i- a2 offset same
mov offs,ax i- o16 a3 offset same
mov offs,eax i- o32 a3 offset same
mov r32,cr mr 0f 20 /r
mov cr,r32 rm 0f 22 /r
mov r32,dr mr 0f 21 /r
mov dr,r32 rm 0f 23 /r
mov r32,tr mr 0f 24 /r
mov tr,r32 rm 0f 26 /r
mov m,r8 mr 88 /r same
mov r8,r8 mr 88 /r
mov m,r# mr o# 89 /r same
mov r#,r# mr o# 89 /r
mov r8,m rm 8a /r same
mov r#,m rm o# 8b /r same
mov r8,i ri b0+r ib same
mov r#,i ri o# b8+r i# same
mov rm8,i mi c6 /0 ib same
mov rm#,i mi o# c7 /0 i# same
mov m,i8 mi c6 /0 ib same
mov m,i# mi o# c7 /0 i# same
movsb - a4
movsw - o16 a5
movsd - o32 a5
movsx r16,m rm o16 0f be /r b @3
movsx r16,r8 rm o16 0f be /r @3
movsx r32,rm8 rm o32 0f be /r @3
movsx r32,rm16 rm o32 0f bf /r @3
movzx r16,m rm o16 0f b6 /r b @3
movzx r16,r8 rm o16 0f b6 /r @3
movzx r32,rm8 rm o32 0f b6 /r @3
movzx r32,rm16 rm o32 0f b7 /r @3
mul rm8 m f6 /4
mul rm# m o# f7 /4
neg rm8 m f6 /3 lock
neg rm# m o# f7 /3 lock
nop - 90
nop rm# m o# 0f 1f /0 @6
not rm8 m f6 /2 lock
not rm# m o# f7 /2 lock
out i,al i- e6 ib b
out i,ax i- o16 e7 ib b
out i,eax i- o32 e7 ib b
out dx,al -- ee
out dx,ax -- o16 ef
out dx,eax -- o32 ef
outsb - 6e @1
outsw - o16 6f @1
outsd - o32 6f
pause - f3 90
pop r# r o# 58+r
pop rm# m o# 8f /0
pop es - 07
pop ss - 17
pop ds - 1f
pop fs - 0f a1 @3
pop gs - 0f a9 @3
popa - 61 @1
popad - o32 61
popaw - o16 61 @1
popf - 9d
popfd - o32 9d
popfw - o16 9d
push r# r o# 50+r
push rm# m o# ff /6
push es - 06
push cs - 0e
push ss - 16
push ds - 1e
push fs - 0f a0 @3
push gs - 0f a8 @3
push i8 i 6a ib @1
push sized16 i o16 6a ib mode arg0 @1
push i16 i o16 68 iw mode arg0 @1
push sized32 i o32 6a ib mode arg0 @3
push i32 i o32 68 id mode arg0 @3
push sized32 i o32 6a ib d @3
push i32 i o32 68 id d @3
pusha - 60 @1
pushad - o32 60
pushaw - o16 60 @1
pushf - 9c
pushfd - o32 9c
pushfw - o16 9c
sahf - 9e
salc - d6
scasb - ae
scasw - o16 af
scasd - o32 af
setcc m m 0f 90+c /0 b @3
setcc r8 m 0f 90+c /0 @3
cmovcc r#,m rm o# 0f 40+c /r same @6
cmovcc r#,r# rm o# 0f 40+c /r @6
shld m,r#,i mri o# 0f a4 /r ib same2 @3
shld r#,r#,i mri o# 0f a4 /r ib same2 @3
shld m,r#,cl mr- o# 0f a5 /r same @3
shld r#,r#,cl mr- o# 0f a5 /r @3
shrd m,r#,i mri o# 0f ac /r ib same2 @3
shrd r#,r#,i mri o# 0f ac /r ib same2 @3
shrd m,r#,cl mr- o# 0f ad /r same @3
shrd r#,r#,cl mr- o# 0f ad /r @3
stc - f9
std - fd
sti - fb
stosb - aa
stosw - o16 ab
stosd - o32 ab
test m,r8 mr 84 /r same
test r8,r8 mr 84 /r
test m,r# mr o# 85 /r same
test r#,r# mr o# 85 /r
test r8,m rm 84 /r same
test r#,m rm o# 85 /r same
test al,i -i a8 ib same
test ax,i -i o16 a9 iw same
test eax,i -i o32 a9 id same
test rm8,i mi f6 /0 ib same
test rm#,i mi o# f7 /0 i# same
test m,i8 mi f6 /0 ib same
test m,i# mi o# f7 /0 i# same
xadd m,r8 mr 0f c0 /r same lock @4
xadd r8,r8 mr 0f c0 /r @4
xadd m,r# mr o# 0f c1 /r same lock @4
xadd r#,r# mr o# 0f c1 /r @4
xchg ax,r16 -r o16 90+r
xchg eax,rn32 -r o32 90+r
xchg r16,ax r- o16 90+r
xchg rn32,eax r- o32 90+r
xchg eax,eax -- o32 90
xchg r8,m rm 86 /r same lock
xchg r8,r8 rm 86 /r
xchg r#,m rm o# 87 /r same lock
xchg r#,r# rm o# 87 /r
xchg m,r8 mr 86 /r same lock
xchg m,r# mr o# 87 /r same lock
xlatb/xlat - d7
";

/// Jumps, calls, interrupts.
pub const CONTROL: &str = "
call i i e8 rel
call i:near i e8 rel
call i:far i 9a iwd seg
call i16 i o16 e8 rel
call i16:near i o16 e8 rel
call i16:far i o16 9a iwd seg
call i32 i o32 e8 rel
call i32:near i o32 e8 rel
call i32:far i o32 9a iwd seg
call i:colon,i ji 9a iwd iw
call i16:colon,i ji o16 9a iw iw
call i:colon,i16 ji o16 9a iw iw
call i32:colon,i ji o32 9a id iw
call i:colon,i32 ji o32 9a id iw
call m:far m ff /3
call m16:far m o16 ff /3
call m32:far m o32 ff /3
call m:near m ff /2
call rm16:near m o16 ff /2
call rm32:near m o32 ff /2
call m m ff /2
call rm16 m o16 ff /2
call rm32 m o32 ff /2
hlt - f4
int i i cd ib b
int1/int01/icebp - f1 @3
int3/int03 - cc
into - ce
iret - cf
iretd - o32 cf
iretw - o16 cf
jcxz i i a16 e3 rel8
jecxz i i a32 e3 rel8 @3
jmp i:short i eb rel8
jmp i i short? eb rel8
jmp i i e9 rel
jmp i:near i e9 rel
jmp i:far i ea iwd seg
jmp i16 i o16 e9 rel
jmp i16:near i o16 e9 rel
jmp i16:far i o16 ea iwd seg
jmp i32 i o32 e9 rel
jmp i32:near i o32 e9 rel
jmp i32:far i o32 ea iwd seg
jmp i:colon,i ji ea iwd iw
jmp i16:colon,i ji o16 ea iw iw
jmp i:colon,i16 ji o16 ea iw iw
jmp i32:colon,i ji o32 ea id iw
jmp i:colon,i32 ji o32 ea id iw
jmp m:far m ff /5
jmp m16:far m o16 ff /5
jmp m32:far m o32 ff /5
jmp m:near m ff /4
jmp rm16:near m o16 ff /4
jmp rm32:near m o32 ff /4
jmp m m ff /4
jmp rm16 m o16 ff /4
jmp rm32 m o32 ff /4
jcc i:near i 0f 80+c rel @3
jcc i16:near i o16 0f 80+c rel @3
jcc i32:near i o32 0f 80+c rel @3
jcc i:short i 70+c rel8
jcc i i short? 70+c rel8
jcc i i 0f 80+c rel @3
jcc i i 70^c jlen e9 rel
jcc i i 70+c rel8
loop i i e2 rel8
loop i,cx i- a16 e2 rel8
loop i,ecx i- a32 e2 rel8 @3
loope/loopz i i e1 rel8
loope/loopz i,cx i- a16 e1 rel8
loope/loopz i,ecx i- a32 e1 rel8 @3
loopne/loopnz i i e0 rel8
loopne/loopnz i,cx i- a16 e0 rel8
loopne/loopnz i,ecx i- a32 e0 rel8 @3
ret/retn - c3
ret/retn i i c2 iw w
retf - cb
retf i i ca iw w
retw/retnw - o16 c3
retw i i c2 iw w
retnw i i o16 c2 iw w
retfw - o16 cb
retfw i i o16 ca iw w
retd/retnd - o32 c3
retd/retnd i i o32 c2 iw w
retfd - o32 cb
retfd i i o32 ca iw w
";
