# Prints emu-core/src/x86/softfloat/transcendental/constants.rs (then run cargo fmt). Needs mpmath.
from mpmath import mp, mpf, factorial, log, pi, atan, floor
mp.prec=400
def q(v,bits): return "0x%032X"%int(floor(v*mpf(2)**bits+mpf(1)/2))
def grp(h):
    d=h[2:]; return "0x"+"_".join(d[i:i+16] for i in range(0,len(d),16))
out=[]
def table(name,doc,vals):
    out.append(f"/// {doc}\npub(super) const {name}: [u128; {len(vals)}] = [")
    out.extend(f"    {grp(v)}," for v in vals); out.append("];\n")
out.append('''//! Constants of the transcendental functions, each rounded to nearest.
//!
//! They follow from their definitions; `tests/host-fpu/constants.py` prints this file again.

use super::real::Real;
''')
def real(name,doc,v):
    e=0
    while v>=2: v/=2; e+=1
    while v<1: v*=2; e-=1
    out.append(f"/// {doc}\npub(super) const {name}: Real = Real::constant({e}, {grp(q(v,127))});\n")
real("LN_2","ln 2",log(2)); real("TWO_LOG2_E","2 / ln 2",2/log(2)); 
real("PI","pi",pi); real("PI_2","pi / 2",pi/2); real("PI_4","pi / 4",pi/4); real("PI_3_4","3 pi / 4",3*pi/4)
table("EXP","1 / (n + 1)! in units of 2^-127: the series of (e^t - 1) / t.",[q(1/factorial(n+1),127) for n in range(31)])
table("ODD","1 / (2 n + 1) in units of 2^-127: the series of artanh(s) / s, and with alternating signs of arctan.",[q(1/mpf(2*n+1),127) for n in range(26)])
table("SIN","1 / (2 n + 1)! in units of 2^-127: the series of sin(r) / r, with alternating signs.",[q(1/factorial(2*n+1),127) for n in range(17)])
table("COS","1 / (2 n)! in units of 2^-127: the series of cos(r), with alternating signs.",[q(1/factorial(2*n),127) for n in range(18)])
table("ATAN","arctan(k / 32) in units of 2^-128.",[q(atan(mpf(k)/32),128) for k in range(33)])
print("\n".join(out).rstrip()+"\n",end="")
