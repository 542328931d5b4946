//! x87 instructions.

/// SDM volume 2, table A-7 on.
pub const X87: &str = "
f2xm1 - d9 f0
fabs - d9 e1
fadd m32 m d8 /0
fadd m64 m dc /0
fadd st:to r dc c0+r
fadd st r d8 c0+r
fadd st,st0 r- dc c0+r
fadd st0,st -r d8 c0+r
fadd - de c1
faddp st r de c0+r
faddp st,st0 r- de c0+r
faddp - de c1
fbld m80 m df /4
fbld m m df /4
fbstp m80 m df /6
fbstp m m df /6
fchs - d9 e0
fclex - wait db e2
fcmovb st r da c0+r @6
fcmovb st0,st -r da c0+r @6
fcmovb - da c1 @6
fcmove st r da c8+r @6
fcmove st0,st -r da c8+r @6
fcmove - da c9 @6
fcmovbe st r da d0+r @6
fcmovbe st0,st -r da d0+r @6
fcmovbe - da d1 @6
fcmovu st r da d8+r @6
fcmovu st0,st -r da d8+r @6
fcmovu - da d9 @6
fcmovnb st r db c0+r @6
fcmovnb st0,st -r db c0+r @6
fcmovnb - db c1 @6
fcmovne st r db c8+r @6
fcmovne st0,st -r db c8+r @6
fcmovne - db c9 @6
fcmovnbe st r db d0+r @6
fcmovnbe st0,st -r db d0+r @6
fcmovnbe - db d1 @6
fcmovnu st r db d8+r @6
fcmovnu st0,st -r db d8+r @6
fcmovnu - db d9 @6
fcom m32 m d8 /2
fcom m64 m dc /2
fcom st r d8 d0+r
fcom st0,st -r d8 d0+r
fcom - d8 d1
fcomi st r db f0+r @6
fcomi st0,st -r db f0+r @6
fcomi - db f1 @6
fcomip st r df f0+r @6
fcomip st0,st -r df f0+r @6
fcomip - df f1 @6
fcomp m32 m d8 /3
fcomp m64 m dc /3
fcomp st r d8 d8+r
fcomp st0,st -r d8 d8+r
fcomp - d8 d9
fcompp - de d9
fcos - d9 ff @3
fdecstp - d9 f6
fdisi - wait db e1
fdiv m32 m d8 /6
fdiv m64 m dc /6
fdiv st:to r dc f8+r
fdiv st r d8 f0+r
fdiv st,st0 r- dc f8+r
fdiv st0,st -r d8 f0+r
fdiv - de f9
fdivp st r de f8+r
fdivp st,st0 r- de f8+r
fdivp - de f9
fdivr m32 m d8 /7
fdivr m64 m dc /7
fdivr st:to r dc f0+r
fdivr st,st0 r- dc f0+r
fdivr st r d8 f8+r
fdivr st0,st -r d8 f8+r
fdivr - de f1
fdivrp st r de f0+r
fdivrp st,st0 r- de f0+r
fdivrp - de f1
feni - wait db e0
ffree st r dd c0+r
ffree - dd c1
ffreep st r df c0+r @2
ffreep - df c1 @2
fiadd m32 m da /0
fiadd m16 m de /0
ficom m32 m da /2
ficom m16 m de /2
ficomp m32 m da /3
ficomp m16 m de /3
fidiv m32 m da /6
fidiv m16 m de /6
fidivr m32 m da /7
fidivr m16 m de /7
fild m32 m db /0
fild m16 m df /0
fild m64 m df /5
fimul m32 m da /1
fimul m16 m de /1
fincstp - d9 f7
finit - wait db e3
fist m32 m db /2
fist m16 m df /2
fistp m32 m db /3
fistp m16 m df /3
fistp m64 m df /7
fisub m32 m da /4
fisub m16 m de /4
fisubr m32 m da /5
fisubr m16 m de /5
fld m32 m d9 /0
fld m64 m dd /0
fld m80 m db /5
fld st r d9 c0+r
fld - d9 c1
fld1 - d9 e8
fldcw m m d9 /5 w
fldenv m m d9 /4
fldl2e - d9 ea
fldl2t - d9 e9
fldlg2 - d9 ec
fldln2 - d9 ed
fldpi - d9 eb
fldz - d9 ee
fmul m32 m d8 /1
fmul m64 m dc /1
fmul st:to r dc c8+r
fmul st,st0 r- dc c8+r
fmul st r d8 c8+r
fmul st0,st -r d8 c8+r
fmul - de c9
fmulp st r de c8+r
fmulp st,st0 r- de c8+r
fmulp - de c9
fnclex - db e2
fndisi - db e1
fneni - db e0
fninit - db e3
fnop - d9 d0
fnsave m m dd /6
fnstcw m m d9 /7 w
fnstenv m m d9 /6
fnstsw m m dd /7 w
fnstsw ax - df e0 @2
fpatan - d9 f3
fprem - d9 f8
fprem1 - d9 f5 @3
fptan - d9 f2
frndint - d9 fc
frstor m m dd /4
fsave m m wait dd /6
fscale - d9 fd
fsetpm - db e4 @2
fsin - d9 fe @3
fsincos - d9 fb @3
fsqrt - d9 fa
fst m32 m d9 /2
fst m64 m dd /2
fst st r dd d0+r
fst - dd d1
fstcw m m wait d9 /7 w
fstenv m m wait d9 /6
fstp m32 m d9 /3
fstp m64 m dd /3
fstp m80 m db /7
fstp st r dd d8+r
fstp - dd d9
fstsw m m wait dd /7 w
fstsw ax - wait df e0 @2
fsub m32 m d8 /4
fsub m64 m dc /4
fsub st:to r dc e8+r
fsub st,st0 r- dc e8+r
fsub st r d8 e0+r
fsub st0,st -r d8 e0+r
fsub - de e9
fsubp st r de e8+r
fsubp st,st0 r- de e8+r
fsubp - de e9
fsubr m32 m d8 /5
fsubr m64 m dc /5
fsubr st:to r dc e0+r
fsubr st,st0 r- dc e0+r
fsubr st r d8 e8+r
fsubr st0,st -r d8 e8+r
fsubr - de e1
fsubrp st r de e0+r
fsubrp st,st0 r- de e0+r
fsubrp - de e1
ftst - d9 e4
fucom st r dd e0+r @3
fucom st0,st -r dd e0+r @3
fucom - dd e1 @3
fucomi st r db e8+r @6
fucomi st0,st -r db e8+r @6
fucomi - db e9 @6
fucomip st r df e8+r @6
fucomip st0,st -r df e8+r @6
fucomip - df e9 @6
fucomp st r dd e8+r @3
fucomp st0,st -r dd e8+r @3
fucomp - dd e9 @3
fucompp - da e9 @3
fxam - d9 e5
fxch st r d9 c8+r
fxch st,st0 r- d9 c8+r
fxch st0,st -r d9 c8+r
fxch - d9 c9
fxtract - d9 f4
fyl2x - d9 f1
fyl2xp1 - d9 f9
";
