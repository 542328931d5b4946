/* Makes comparison vectors for emu-core/src/x86/softfloat from the x87 and SSE of the machine it runs on.
 *
 *   gcc -O1 -fno-math-errno -o generate generate.c && ./generate x87 [count] [seed] > x87.txt
 *                                                     ./generate specials [count] [seed] > specials.txt
 *                                                     ./generate sse [count] [seed] > sse.txt
 *                                                     ./generate simd [count] [seed] > simd.txt
 *                                                     ./generate mxcsr [count] [seed] > mxcsr.txt
 *                                                     ./generate stack [count] [seed] > stack.txt
 *
 * One case a line, all numbers hexadecimal:
 *   x87:  OP CONTROL ST0 ST1 MEM_IN | STATUS ST0 ST1 MEM_OUT     (80-bit values as SSSS:SIGNIFICAND)
 *   specials: as x87, the transcendental instructions with operands that make their results exact or invalid
 *   sse:  OP MXCSR_IN DST SRC | MXCSR_OUT DST                    (128-bit values as HIGH:LOW)
 *   simd: CODE XMM0 XMM1 MM0 MM1 ECX MEM | what changed: XMM0= XMM1= MM0= MM1= EAX= ECX= EFLAGS= MEM= MXCSR=
 *         (every MMX, SSE and SSE2 opcode as raw bytes; EAX is 0, MXCSR 1F80h before; the memory operand is at EDI + 40h)
 *   mxcsr: CODE MXCSR XMM0 XMM1 MM0 MM1 ECX MEM | what changed, as for simd; XM before it if the instruction faulted
 *         (the SSE and SSE2 floating-point opcodes in every rounding mode, with DAZ, FZ, and any exception unmasked)
 *   stack: CODE EFLAGS CONTROL STATUS TAGS ST0..ST7 MEM | EAX EFLAGS CONTROL STATUS TAGS, then STi= MEM= what changed
 *         (x87 opcodes as raw bytes, with any register empty; EAX is 0 before; the memory operand is at EDI - 20h)
 * MXCSR_IN has no flags set but those given; DST "-" means that the instruction faulted.
 * fcomi and fucomi: MEM_OUT has what they made of EFLAGS.
 * `count` is the number of cases for each operation: 10 in x87.txt, 20 in specials.txt, 8 in sse.txt, 2 in mxcsr.txt, 1 in simd.txt, -1 in
 * stack.txt. Millions go through a pipe: interp/host_vectors.rs tells how. But for specials,
 * transcendental instructions are not here: their last bit differs from one processor to another, so the exact values are
 * the oracle (transcendental.py).
 */
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

typedef struct __attribute__((packed)) { uint64_t m; uint16_t se; } f80;
typedef struct __attribute__((packed)) { uint32_t cw, sw, tw, ip, cs, dp, ds; f80 st[8]; } image;

static uint64_t seed = 1;
static uint64_t rnd(void) {
    seed += 0x9E3779B97F4A7C15u;
    uint64_t z = seed;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}
static unsigned pick(unsigned n) { return (unsigned)(rnd() >> 33) % n; }

/* Significands: random, few bits, long runs of ones or zeros, patterns next to a rounding boundary. */
static uint64_t some_significand(void) {
    uint64_t r = rnd();
    switch (pick(8)) {
    case 0: return 0;
    case 1: return ~0ull;
    case 2: return r & 0xFFFFFF0000000000u;
    case 3: return r & 0xFFFFFFFFFFFFF800u;
    case 4: return (r & 0xFFFFFFFFFFFFF800u) | (0x3FF + pick(3));
    case 5: return (r & 0xFFFFFF0000000000u) | ((1ull << 39) - 1 + pick(3));
    case 6: return (1ull << pick(64)) ^ (1ull << pick(64));
    default: return r;
    }
}

static f80 value(void) {
    f80 v;
    uint16_t sign = pick(2) << 15;
    v.m = some_significand() | 1ull << 63;
    switch (pick(24)) {
    case 0: v.se = 0, v.m = 0; break;
    case 1: v.se = 0x7FFF, v.m = 1ull << 63; break;
    case 2: v.se = 0x7FFF; if (pick(2)) v.m |= 1ull << 62; else v.m &= ~(1ull << 62); break;
    case 3: v.se = 0, v.m = some_significand(); break;                     /* denormal, pseudo-denormal */
    case 4: v.se = pick(0x8000), v.m = some_significand() & ~(1ull << 63); break; /* unnormal */
    case 5: v.se = 1 + pick(80); break;
    case 6: v.se = 0x7FFE - pick(80); break;
    case 7: v.se = 0x3FFF, v.m = 1ull << 63; break;
    case 8: v.se = 0x3FFF + pick(64), v.m &= ~0ull << pick(64), v.m |= 1ull << 63; break; /* integers */
    case 9: case 10: v.se = 1 + pick(0x7FFE); break;
    case 11: v.se = 0x3F81 - 30 + pick(60); break;                    /* about the least f32 */
    case 12: v.se = 0x407E - 2 + pick(4); break;                      /* about the largest f32 */
    case 13: v.se = 0x3C01 - 60 + pick(70); break;                    /* about the least f64 */
    case 14: v.se = 0x43FE - 2 + pick(4); break;
    default: v.se = 0x3FFF - 70 + pick(140);
    }
    v.se |= sign;
    return v;
}

/* Half the pairs are close to each other. */
static f80 partner(f80 a) {
    f80 b = value();
    if (pick(3) == 0) {
        int e = (a.se & 0x7FFF) + (int)pick(140) - 70;
        if (pick(4) == 0) e = (a.se & 0x7FFF) + (int)pick(3) - 1;
        if (e > 0 && e < 0x7FFF) b.se = e | (pick(2) << 15), b.m |= 1ull << 63;
        if (pick(8) == 0) b.m = a.m + pick(3) - 1;
    } else if (pick(4) == 0) {
        /* exponents whose sum or difference is next to the limits */
        int e = pick(2) ? 0x3FFF - (a.se & 0x7FFF) + (int)pick(6) : 0x3FFF + 0x7FFF - (a.se & 0x7FFF) - (int)pick(6);
        if (pick(2)) e = (a.se & 0x7FFF) - 0x3FFF + 3 - (int)pick(90);
        if (e > 0 && e < 0x7FFF) b.se = e | (pick(2) << 15), b.m |= 1ull << 63;
    }
    return b;
}

static uint16_t control(void) {
    uint16_t masks = pick(3) ? 0x3F : pick(64);
    uint16_t precision = pick(2) ? 3 : (uint16_t[]){0, 2, 3}[pick(3)];
    return 0x40 | masks | precision << 8 | (pick(2) ? 0 : pick(4)) << 10;
}

#define X87_OPS(X) \
    X(fadd, "fadd %%st(1), %%st", 2) X(fsub, "fsub %%st(1), %%st", 2) X(fmul, "fmul %%st(1), %%st", 2) \
    X(fdiv, "fdiv %%st(1), %%st", 2) X(fsqrt, "fsqrt", 1) X(fprem, "fprem", 2) X(fprem1, "fprem1", 2) \
    X(fscale, "fscale", 2) X(frndint, "frndint", 1) X(fxtract, "fxtract", 1) X(fcom, "fcom %%st(1)", 2) \
    X(fucom, "fucom %%st(1)", 2) X(ftst, "ftst", 1) X(fxam, "fxam", 1) X(fst32, "fsts %1", 1) \
    X(fst64, "fstl %1", 1) X(fist16, "fists %1", 1) X(fist32, "fistl %1", 1) X(fistp64, "fistpll %1", 1) \
    X(fbstp, "fbstp %1", 1) X(fld32, "flds %1", 0) X(fld64, "fldl %1", 0) X(fild16, "filds %1", 0) \
    X(fild32, "fildl %1", 0) X(fild64, "fildll %1", 0) X(fbld, "fbld %1", 0) X(fadd32, "fadds %1", 3) \
    X(fdivr64, "fdivrl %1", 3) X(fisub16, "fisubs %1", 3) X(fcom64, "fcoml %1", 3) X(fsubr, "fsubr %%st(1), %%st", 2) \
    X(fdivr, "fdivr %%st(1), %%st", 2) X(fadd64, "faddl %1", 3) X(fsub32, "fsubs %1", 3) X(fsubr64, "fsubrl %1", 3) \
    X(fmul32, "fmuls %1", 3) X(fmul64, "fmull %1", 3) X(fdiv32, "fdivs %1", 3) X(fdiv64, "fdivl %1", 3) \
    X(fiadd32, "fiaddl %1", 3) X(fimul16, "fimuls %1", 3) X(fidiv32, "fidivl %1", 3) X(fidivr16, "fidivrs %1", 3) \
    X(fcom32, "fcoms %1", 3) X(ficom16, "ficoms %1", 3) X(ficom32, "ficoml %1", 3) \
    X(fcomi, "fcomi %%st(1), %%st\n pushfq\n popq %1", 2) X(fucomi, "fucomi %%st(1), %%st\n pushfq\n popq %1", 2)

/* kind: 0 loads from memory, 1 uses ST0, 2 ST0 and ST1, 3 ST0 and memory. */
#define RUN(name, text, kind) \
    static void run_##name(f80 a, f80 b, uint16_t cw, f80 *mem, image *out) { \
        __asm__ volatile("fninit\n fldt %3\n fldt %2\n fldcw %4\n" text "\n fnsave %0\n" \
                         : "=m"(*out), "+m"(*mem) : "m"(a), "m"(b), "m"(cw) : "memory", "cc"); \
    }
X87_OPS(RUN)

static struct { const char *name; void (*run)(f80, f80, uint16_t, f80 *, image *); int kind; } x87[] = {
#define ROW(name, text, kind) {#name, run_##name, kind},
    X87_OPS(ROW)
};

/* With operands that are zeros, infinities, NaNs or out of range the transcendental instructions are alike everywhere. */
#define TRANSCENDENTAL_OPS(X) \
    X(f2xm1, "f2xm1", 1) X(fsin, "fsin", 1) X(fcos, "fcos", 1) X(fsincos, "fsincos", 1) \
    X(fptan, "fptan", 1) X(fyl2x, "fyl2x", 2) X(fyl2xp1, "fyl2xp1", 2) X(fpatan, "fpatan", 2)
TRANSCENDENTAL_OPS(RUN)

static struct { const char *name; void (*run)(f80, f80, uint16_t, f80 *, image *); int kind; } transcendental[] = {
    TRANSCENDENTAL_OPS(ROW)
};

static f80 special(void) {
    static const f80 values[] = {
        {0, 0}, {1ull << 63, 0x7FFF}, {3ull << 62 | 5, 0x7FFF}, {1ull << 63 | 7, 0x7FFF}, {0, 0x7FFF}, {9, 0x7FFF}, {9, 0x4000},
        {1ull << 63, 0x403E}, {~0ull, 0x7FFE}, {5ull << 61, 0x5000},
    };
    f80 v = values[pick(sizeof values / sizeof *values)];
    v.se |= pick(2) << 15;
    return v;
}

static void special_cases(int count) {
    for (unsigned op = 0; op < sizeof transcendental / sizeof *transcendental; op++) {
        for (int i = 0; i < count; i++) {
            int two = transcendental[op].kind == 2, logarithm = transcendental[op].name[1] == 'y';
            f80 a = special(), b = {1ull << 63, 0x3FFF}, mem = {0, 0};
            if (two) {
                b = special();
                f80 *other = pick(2) ? &a : &b;
                if (pick(2)) *other = (f80){1ull << 63 | (rnd() >> 1 & ~0ull << pick(64)), (pick(2) << 15) | (0x3FFF - 2 + pick(4))};
                /* Finite both: the last bit is the processor's own, unless an invalid operation. */
                int finite = (a.se & 0x7FFF) != 0x7FFF && (b.se & 0x7FFF) != 0x7FFF && a.m && b.m && a.m >> 63 && b.m >> 63;
                if (finite && !(logarithm && transcendental[op].name[5] == 0 && a.se >> 15)) b.se = b.se & 0x8000, b.m = 0;
                /* FYL2XP1 of less than -1 is undefined. */
                if (transcendental[op].name[4] == 'x' && transcendental[op].name[5] == 'p' && (a.se & 0x7FFF) != 0x7FFF && a.se >= 0xBFFF) a.se = 0x3FFE;
            } else if (transcendental[op].kind == 1 && transcendental[op].name[1] == '2' && (a.se & 0x7FFF) >= 0x3FFF && (a.se & 0x7FFF) < 0x7FFF && a.m >> 63)
                a.se &= 0x8000, a.m = 0; /* F2XM1 beyond +-1 is undefined; of +-1 AMD's is inexact. */
            uint16_t cw = control();
            image out;
            transcendental[op].run(a, b, cw, &mem, &out);
            printf("%s %04X %04X:%016lX %04X:%016lX 0000:0000000000000000 | %04X %04X:%016lX %04X:%016lX 0000:0000000000000000\n",
                   transcendental[op].name, cw, a.se, a.m, b.se, b.m, out.sw & 0xFFFF, out.st[0].se, out.st[0].m, out.st[1].se, out.st[1].m);
        }
    }
}

static uint64_t pattern32(void);
static uint64_t pattern64(void);

static void x87_cases(int count, const char *only) {
    for (unsigned op = 0; op < sizeof x87 / sizeof *x87; op++) {
        if (only && strcmp(only, x87[op].name)) continue;
        for (int i = 0; i < count; i++) {
            f80 a = value(), b = x87[op].kind == 2 ? partner(a) : (f80){1ull << 63, 0x3FFF}, mem = {0x1122334455667788u, 0x99AA};
            if (x87[op].kind == 0) a = b;
            if (x87[op].kind == 0 || x87[op].kind == 3) mem.m = strstr(x87[op].name, "32") ? pattern32() : pattern64();
            if (!strcmp(x87[op].name, "fbld")) {
                mem.m = 0;
                for (int d = 0; d < 16; d++) mem.m = mem.m << 4 | pick(10);
                mem.se = (pick(2) << 15) | pick(10) << 4 | pick(10);
            }
            if (!strcmp(x87[op].name, "fscale") && pick(2)) {
                b.se = (b.se & 0x8000) | (0x3FFF - 2 + pick(18));
                b.m |= 1ull << 63;
            }
            if (strstr(x87[op].name, "fist") && pick(3) == 0) a.se = (a.se & 0x8000) | (0x3FFF + (unsigned[]){14, 15, 30, 31, 62, 63}[pick(6)]);
            if (!strcmp(x87[op].name, "fbstp") && pick(2)) a.se = (a.se & 0x8000) | (0x3FFF + 50 + pick(11));
            int integer = x87[op].kind == 3 && x87[op].name[1] == 'i';
            if (integer && pick(4)) mem.m = rnd() >> pick(64);
            if (integer && pick(4) == 0) a.se = (a.se & 0x8000) | (0x3FFF + pick(34)), a.m |= 1ull << 63;
            uint16_t cw = control();
            int eflags = strstr(x87[op].name, "comi") != 0;
            if (eflags) cw |= 1; /* AMD's write EFLAGS although #IA is not masked; the SDM has it otherwise. */
            f80 in = mem;
            image out;
            x87[op].run(a, b, cw, &mem, &out);
            if (eflags) mem.m &= 0x8D5;
            printf("%s %04X %04X:%016lX %04X:%016lX %04X:%016lX | %04X %04X:%016lX %04X:%016lX %04X:%016lX\n", x87[op].name,
                   cw, a.se, a.m, b.se, b.m, in.se, in.m, out.sw & 0xFFFF, out.st[0].se, out.st[0].m, out.st[1].se,
                   out.st[1].m, mem.se, mem.m);
        }
    }
}

static uint64_t pattern32(void) {
    uint32_t s = pick(2) << 31, f = some_significand() >> 41 & 0x7FFFFF;
    switch (pick(12)) {
    case 0: return s;
    case 1: return s | 0x7F800000;
    case 2: return s | 0x7F800000 | f;
    case 3: return s | f;
    case 4: return s | (1 + pick(24)) << 23 | f;
    case 5: return s | (254 - pick(24)) << 23 | f;
    case 6: return s | (127 + pick(34)) << 23 | (f & ~0u << pick(24));
    case 7: return (uint32_t)rnd();
    default: return s | (127 - 26 + pick(52)) << 23 | f;
    }
}

static uint64_t pattern64(void) {
    uint64_t s = (uint64_t)pick(2) << 63, f = some_significand() >> 12;
    switch (pick(14)) {
    case 0: return s;
    case 1: return s | 0x7FFull << 52;
    case 2: return s | 0x7FFull << 52 | f;
    case 3: return s | f;
    case 4: return s | (1ull + pick(60)) << 52 | f;
    case 5: return s | (2046ull - pick(60)) << 52 | f;
    case 6: return s | (1023ull + pick(66)) << 52 | (f & ~0ull << pick(53));
    case 7: return rnd();
    case 8: return s | (896ull - 26 + pick(30)) << 52 | f;   /* about the least f32 */
    case 9: return s | (1150ull - 2 + pick(4)) << 52 | f;
    default: return s | (1023ull - 55 + pick(110)) << 52 | f;
    }
}

typedef struct { uint64_t l, h; } x128;
static sigjmp_buf fault;
static uint32_t faulted_mxcsr;
static x128 faulted_xmm[2];
static uint64_t faulted_mm[2];
static void on_fault(int n, siginfo_t *i, void *c) {
    (void)n, (void)i;
    fpregset_t state = ((ucontext_t *)c)->uc_mcontext.fpregs;
    faulted_mxcsr = state->mxcsr;
    memcpy(faulted_xmm, state->_xmm, sizeof faulted_xmm);
    for (int r = 0; r < 2; r++) memcpy(&faulted_mm[r], &state->_st[r], 8);
    siglongjmp(fault, 1);
}
static void catch_faults(void) {
    struct sigaction act = {0};
    act.sa_sigaction = on_fault, act.sa_flags = SA_SIGINFO | SA_NODEFER;
    sigaction(SIGFPE, &act, 0);
}
static uint32_t some_mxcsr(void) {
    uint32_t masks = pick(4) ? 0x1F80 : pick(64) << 7;
    return masks | (pick(2) ? 0 : pick(4) << 13) | (pick(4) ? 0 : 0x8000) | (pick(4) ? 0 : 0x40) | (pick(8) ? 0 : 0x20);
}

#define SSE_OPS(X) \
    X(addps) X(addpd) X(addss) X(addsd) X(subps) X(subpd) X(mulps) X(mulpd) X(mulss) X(mulsd) X(divps) X(divpd) \
    X(divss) X(divsd) X(sqrtps) X(sqrtpd) X(sqrtss) X(sqrtsd) X(minps) X(minpd) X(maxps) X(maxpd) X(minss) X(maxsd) \
    X(cmpeqps) X(cmpltps) X(cmpleps) X(cmpunordps) X(cmpneqpd) X(cmpnltpd) X(cmpnlepd) X(cmpordpd) \
    X(cvtps2pd) X(cvtpd2ps) X(cvtss2sd) X(cvtsd2ss) X(cvtdq2ps) X(cvtdq2pd) X(cvtps2dq) X(cvttps2dq) X(cvtpd2dq) X(cvttpd2dq)
#define SSE_RUN(name) \
    static void run_##name(x128 *d, x128 *s, uint32_t *m) { \
        uint32_t safe = 0x1F80; \
        __asm__ volatile("movups %0, %%xmm0\n movups %2, %%xmm1\n ldmxcsr %1\n " #name " %%xmm1, %%xmm0\n" \
                         "stmxcsr %1\n ldmxcsr %3\n movups %%xmm0, %0\n" \
                         : "+m"(*d), "+m"(*m) : "m"(*s), "m"(safe) : "xmm0", "xmm1", "memory"); \
    }
SSE_OPS(SSE_RUN)
/* Comparisons that write EFLAGS: ZF, PF, CF go to the low bits of DST. */
#define SSE_FLAGS(X) X(comiss) X(comisd) X(ucomiss) X(ucomisd)
#define SSE_RUN_FLAGS(name) \
    static void run_##name(x128 *d, x128 *s, uint32_t *m) { \
        uint32_t safe = 0x1F80; uint64_t f; \
        __asm__ volatile("movups %0, %%xmm0\n movups %3, %%xmm1\n ldmxcsr %1\n " #name " %%xmm1, %%xmm0\n" \
                         "pushfq\n popq %2\n stmxcsr %1\n ldmxcsr %4\n" \
                         : "+m"(*d), "+m"(*m), "=&r"(f) : "m"(*s), "m"(safe) : "xmm0", "xmm1", "memory", "cc"); \
        d->l = f & 0x45, d->h = 0; \
    }
SSE_FLAGS(SSE_RUN_FLAGS)

static struct { const char *name; void (*run)(x128 *, x128 *, uint32_t *); } sse[] = {
#define SSE_ROW(name) {#name, run_##name},
    SSE_OPS(SSE_ROW) SSE_FLAGS(SSE_ROW)
};

static uint64_t near64(uint64_t a) {
    if (pick(3)) return pattern64();
    int e = (int)(a >> 52 & 0x7FF) + (int)pick(5) - 2;
    if (pick(2)) e = (pick(2) ? 1023 : 3069) - (int)(a >> 52 & 0x7FF) + (int)pick(6) - 3;
    if (e < 0 || e > 2046) return pattern64();
    return (uint64_t)pick(2) << 63 | (uint64_t)e << 52 | (pick(4) ? some_significand() >> 12 : a & 0xFFFFFFFFFFFFF);
}
static uint64_t near32(uint64_t a) {
    if (pick(3)) return pattern32();
    int e = (int)(a >> 23 & 0xFF) + (int)pick(5) - 2;
    if (pick(2)) e = (pick(2) ? 127 : 381) - (int)(a >> 23 & 0xFF) + (int)pick(6) - 3;
    if (e < 0 || e > 254) return pattern32();
    return (uint64_t)pick(2) << 31 | (uint64_t)e << 23 | (pick(4) ? some_significand() >> 41 : a & 0x7FFFFF);
}

static void sse_cases(int count, const char *only) {
    catch_faults();
    for (unsigned op = 0; op < sizeof sse / sizeof *sse; op++) {
        const char *n = sse[op].name;
        if (only && strcmp(only, n)) continue;
        size_t k = strlen(n);
        int single = !strncmp(n, "cvtps", 5) || !strncmp(n, "cvttps", 6) || !strncmp(n, "cvtss", 5)
                     || (strncmp(n, "cvt", 3) && n[k - 1] == 's');
        int integer = !strncmp(n, "cvtdq", 5);
        for (int i = 0; i < count; i++) {
            static x128 d, s, in; /* survive siglongjmp */
            static uint32_t m, m_in;
            if (integer) s.l = rnd() >> pick(40), s.h = rnd() & ~0ull << pick(40), d.l = d.h = 0x5555;
            else if (single) {
                uint64_t w[4];
                for (int j = 0; j < 4; j++) w[j] = pattern32();
                d.l = w[0] | w[1] << 32, d.h = w[2] | w[3] << 32;
                s.l = near32(w[0]) | near32(w[1]) << 32, s.h = near32(w[2]) | near32(w[3]) << 32;
            } else d.l = pattern64(), d.h = pattern64(), s.l = near64(d.l), s.h = near64(d.h);
            m = some_mxcsr();
            m_in = m, in = d;
            int ok = !sigsetjmp(fault, 1);
            if (ok) sse[op].run(&d, &s, &m);
            printf("%s %04X %016lX:%016lX %016lX:%016lX | ", n, m_in, in.h, in.l, s.h, s.l);
            if (ok) printf("%04X %016lX:%016lX\n", m, d.h, d.l);
            else printf("%04X -\n", faulted_mxcsr);
        }
    }
}

struct simd_state { x128 xmm[2]; uint64_t mm[2]; uint32_t eax, ecx, mxcsr, eflags; x128 mem; };

/* Code that loads the state at RDI, runs `bytes`, and stores it. */
static void simd_code(uint8_t *to, const uint8_t *bytes, int length) {
    static const uint8_t load[] = {0x0F, 0x10, 0x07, 0x0F, 0x10, 0x4F, 0x10, 0x0F, 0x6F, 0x47, 0x20, 0x0F, 0x6F, 0x4F, 0x28,
                                   0x8B, 0x4F, 0x34, 0x0F, 0xAE, 0x57, 0x38, 0x31, 0xC0};
    static const uint8_t store[] = {0x9C, 0x41, 0x58, 0x44, 0x89, 0x47, 0x3C, 0x0F, 0x11, 0x07, 0x0F, 0x11, 0x4F, 0x10,
                                    0x0F, 0x7F, 0x47, 0x20, 0x0F, 0x7F, 0x4F, 0x28, 0x89, 0x47, 0x30, 0x89, 0x4F, 0x34,
                                    0x0F, 0xAE, 0x5F, 0x38, 0x0F, 0x77, 0xC3};
    memcpy(to, load, sizeof load), to += sizeof load;
    memcpy(to, bytes, length), to += length;
    memcpy(to, store, sizeof store);
}

static void on_illegal(int n) { (void)n, siglongjmp(fault, 2); }

static int simd_later(uint8_t prefix, uint8_t op) {
    /* SSE3, SSE4a, approximations, memory by RDI, EMMS */
    return ((prefix == 0xF2 || prefix == 0xF3) && (op == 0x12 || op == 0x16 || op == 0x2B)) || op == 0x7C || op == 0x7D || op == 0xD0
           || op == 0xF0 || op == 0x78 || op == 0x79 || op == 0x52 || op == 0x53 || op == 0xF7 || op == 0xFF || op == 0x77;
}

static uint64_t simd_half(uint8_t op) {
    if (op >= 0xD0 || (op >= 0x60 && op <= 0x76)) {
        uint64_t r = rnd();
        switch (pick(4)) {
        case 0: return r & 0x8080FF7F80007FFF;
        case 1: return pick(80);
        default: return r;
        }
    }
    return pick(2) ? pattern64() : pattern32() | pattern32() << 32;
}

/* Operands of a floating-point opcode that are close to each other, of the size that the prefix tells. */
static void close_operands(struct simd_state *in, const uint8_t *code) {
    int wide = code[0] == 0x66 || code[0] == 0xF2, op = code[code[0] == 0x0F ? 1 : 2];
    if (op == 0x5A || op == 0x5B || op == 0xE6 || (op >= 0x2A && op <= 0x2D)) {
        /* Numbers about the limits of the integers, and halves. */
        for (int i = 0; i < 2 && pick(2); i++) {
            uint64_t s = (uint64_t)pick(2) << 63, e = pick(2) ? 28 + pick(5) : pick(36) - 2;
            uint64_t f = some_significand() >> 12;
            uint64_t d = s | (1023ull + e) << 52 | f, t = s >> 32 | (127ull + e) << 23 | f >> 29;
            in->xmm[1].l = in->mem.l = wide ? d : t | t << 32;
            in->xmm[1].h = in->mem.h = wide ? d ^ s ^ 1ull << 63 : t | (uint64_t)pattern32() << 32;
        }
        if (pick(3) == 0) in->ecx = in->ecx >> pick(32);
        return;
    }
    uint64_t *a = &in->xmm[0].l, *b = pick(2) ? &in->xmm[1].l : &in->mem.l;
    for (int i = 0; i < 2; i++) b[i] = wide ? near64(a[i]) : near32(a[i] & ~0u) | near32(a[i] >> 32) << 32;
}

static void simd_case(uint8_t *page, const uint8_t *code, int length, uint8_t op, int vary_mxcsr) {
    static struct simd_state in __attribute__((aligned(16))), out __attribute__((aligned(16)));
    for (int i = 0; i < 2; i++)
        in.xmm[i] = (x128){simd_half(op), simd_half(op)}, in.mm[i] = simd_half(op);
    in.mem = (x128){simd_half(op), simd_half(op)};
    in.eax = 0, in.ecx = rnd(), in.mxcsr = vary_mxcsr ? some_mxcsr() : 0x1F80, in.eflags = 0x246;
    if (vary_mxcsr && pick(3)) close_operands(&in, code);
    out = in;
    simd_code(page, code, length);
    int faulted = sigsetjmp(fault, 1);
    if (faulted == 2) return;
    if (!faulted) ((void (*)(struct simd_state *))page)(&out);
    else {
        out = in, out.mxcsr = faulted_mxcsr;
        memcpy(out.xmm, faulted_xmm, sizeof faulted_xmm), memcpy(out.mm, faulted_mm, sizeof faulted_mm);
    }
    for (int i = 0; i < length; i++) printf("%02X", code[i]);
    if (vary_mxcsr) printf(" %04X", in.mxcsr);
    printf(" %016lX:%016lX %016lX:%016lX %016lX %016lX %08X %016lX:%016lX |", in.xmm[0].h, in.xmm[0].l, in.xmm[1].h, in.xmm[1].l,
           in.mm[0], in.mm[1], in.ecx, in.mem.h, in.mem.l);
    if (faulted) printf(" XM");
    for (int i = 0; i < 2; i++)
        if (memcmp(&in.xmm[i], &out.xmm[i], 16)) printf(" XMM%d=%016lX:%016lX", i, out.xmm[i].h, out.xmm[i].l);
    for (int i = 0; i < 2; i++)
        if (in.mm[i] != out.mm[i]) printf(" MM%d=%016lX", i, out.mm[i]);
    if (in.eax != out.eax) printf(" EAX=%08X", out.eax);
    if (in.ecx != out.ecx) printf(" ECX=%08X", out.ecx);
    if (!faulted && (op == 0x2E || op == 0x2F)) printf(" EFLAGS=%04X", out.eflags & 0x8D5);
    if (memcmp(&in.mem, &out.mem, 16)) printf(" MEM=%016lX:%016lX", out.mem.h, out.mem.l);
    if (in.mxcsr != out.mxcsr) printf(" MXCSR=%04X", out.mxcsr);
    putchar('\n');
}

/* Arithmetic, comparisons and conversions of the 0F map that MXCSR rules. */
static int obeys_mxcsr(uint8_t op) {
    return op == 0x2A || (op >= 0x2C && op <= 0x2F) || op == 0x51 || (op >= 0x58 && op <= 0x5F) || op == 0xC2 || op == 0xE6;
}

static void simd_cases(int count, int vary_mxcsr) {
    static const uint8_t prefixes[] = {0, 0x66, 0xF3, 0xF2};
    uint8_t *page = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    signal(SIGILL, on_illegal);
    catch_faults();
    for (int op = 0x10; op < 0x100; op++) {
        int in_table = (op < 0x18) || (op >= 0x28 && op < 0x30) || (op >= 0x50 && op < 0x80) || op == 0xC2
                       || (op >= 0xC4 && op <= 0xC6) || op >= 0xD0;
        for (int p = 0; in_table && p < 4; p++) {
            if (simd_later(prefixes[p], op) || (vary_mxcsr && !obeys_mxcsr(op))) continue;
            int group = op >= 0x71 && op <= 0x73;
            for (int reg = 0; reg < (group ? 8 : 1); reg++)
                for (int i = 0; i < 2 * count; i++) {
                    uint8_t code[7];
                    int memory = i & 1 && !group;
                    int n = 0;
                    if (prefixes[p]) code[n++] = prefixes[p];
                    code[n++] = 0x0F, code[n++] = op, code[n++] = memory ? 0x47 : 0xC1 | reg << 3;
                    if (memory) code[n++] = 0x40;
                    if ((op >= 0x70 && op <= 0x73) || op == 0xC2 || (op >= 0xC4 && op <= 0xC6))
                        code[n++] = group ? pick(70) : op == 0xC2 ? pick(8) : rnd();
                    simd_case(page, code, n, op, vary_mxcsr);
                }
        }
    }
}

typedef struct { f80 mem; uint8_t gap[22]; image fpu; uint32_t pad, eflags, high, eax, high2; } stack_state;

/* Code that loads the state at RDI, runs `bytes`, and stores it. */
static void stack_code(uint8_t *to, const uint8_t *bytes, int length) {
    static const uint8_t load[] = {0xDD, 0x27, 0xFF, 0x77, 0x70, 0x9D, 0x8B, 0x47, 0x78};
    static const uint8_t store[] = {0xDD, 0x37, 0x9C, 0x8F, 0x47, 0x70, 0x89, 0x47, 0x78, 0xC3};
    memcpy(to, load, sizeof load), to += sizeof load;
    memcpy(to, bytes, length);
    memcpy(to + length, store, sizeof store);
}

static int is_transcendental(const uint8_t *code) {
    return code[0] == 0xD9 && code[1] >= 0xC0 && (code[1] <= 0xF3 || code[1] == 0xF9 || code[1] == 0xFB || code[1] >= 0xFE) && code[1] >= 0xF0;
}

static void stack_case(uint8_t *page, const uint8_t *code, int length) {
    static stack_state in, out;
    memset(&in, 0, sizeof in);
    in.fpu.cw = 0xFFFF0000 | control();
    unsigned top = pick(8), valid = pick(2) ? 0xFF & ~(1u << pick(8)) & ~(1u << pick(8)) : (unsigned)rnd() & 0xFF;
    if (is_transcendental(code)) valid &= ~(1u << top);
    uint16_t flags = rnd() & 0x477F;
    /* FCOMI and its kin: AMD's leave C1 alone, and write EFLAGS although #IA is not masked. The SDM has it otherwise. */
    if ((code[0] == 0xDB || code[0] == 0xDF) && code[1] >= 0xE8) flags &= ~0x200, in.fpu.cw |= 1;
    in.fpu.sw = (flags & ~(0x3F & ~in.fpu.cw)) | top << 11;
    for (int i = 0; i < 8; i++) in.fpu.tw |= (valid >> i & 1 ? 0 : 3) << 2 * i;
    for (int i = 0; i < 8; i++) in.fpu.st[i] = value();
    in.mem = value();
    if (pick(2)) in.mem.m = pattern64();
    if (pick(3) == 0) in.mem.m = pattern32();
    if (code[0] == 0xDF && code[1] >> 3 == (0x67 >> 3)) in.mem.m = rnd() & 0x1111111111111111 * 7;
    in.eflags = 0x202 | (rnd() & 0x8D5);
    /* FRSTOR computes the tags anew, so what it makes of them is the input. */
    __asm__ volatile("frstor %0\n fnsave %0" : "+m"(in.fpu));
    out = in;
    stack_code(page, code, length);
    if (sigsetjmp(fault, 1)) return;
    ((void (*)(image *))page)(&out.fpu);
    for (int i = 0; i < length; i++) printf("%02X", code[i]);
    printf(" %04X %04X %04X %04X", in.eflags, in.fpu.cw & 0xFFFF, in.fpu.sw & 0xFFFF, in.fpu.tw & 0xFFFF);
    for (int i = 0; i < 8; i++) printf(" %04X:%016lX", in.fpu.st[i].se, in.fpu.st[i].m);
    printf(" %04X:%016lX | %04X %04X %04X %04X %04X", in.mem.se, in.mem.m, out.eax, out.eflags & 0x8D5, out.fpu.cw & 0xFFFF, out.fpu.sw & 0xFFFF, out.fpu.tw & 0xFFFF);
    for (int i = 0; i < 8; i++)
        if (memcmp(&in.fpu.st[i], &out.fpu.st[i], 10)) printf(" ST%d=%04X:%016lX", i, out.fpu.st[i].se, out.fpu.st[i].m);
    if (memcmp(&in.mem, &out.mem, 10)) printf(" MEM=%04X:%016lX", out.mem.se, out.mem.m);
    putchar('\n');
}

/* A negative count is one for each eight opcodes that differ in the register only. */
static void stack_cases(int count) {
    uint8_t *page = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    signal(SIGILL, on_illegal);
    for (int op = 0xD8; op < 0xE0; op++) {
        for (int reg = 0; reg < 8; reg++) {
            /* Not: environments and states, FISTTP (SSE3). */
            int skip = ((op == 0xD9 || op == 0xDD) && (reg == 4 || reg == 6)) || ((op & 1) && reg == 1);
            uint8_t code[3] = {op, 0x47 | reg << 3, 0xE0};
            for (int i = 0; !skip && i < abs(count); i++) stack_case(page, code, 3);
        }
        for (int modrm = 0xC0; modrm < 0x100; modrm++) {
            int single = (op == 0xD9 && modrm >= 0xD0) || (op == 0xDB && modrm >= 0xE0 && modrm < 0xE8);
            uint8_t code[2] = {op, modrm};
            if (count < 0 && !single && modrm % 8) continue;
            for (int i = 0; i < abs(count); i++) {
                if (count < 0 && !single) code[1] = modrm + pick(8);
                stack_case(page, code, 2);
            }
        }
    }
}

int main(int argc, char **argv) {
    if (argc < 2) return fprintf(stderr, "usage: generate x87|specials|sse|mxcsr|simd|stack [count] [seed] [op]\n"), 2;
    int count = argc > 2 ? atoi(argv[2]) : 100;
    seed = argc > 3 ? strtoull(argv[3], 0, 0) : 1;
    const char *only = argc > 4 ? argv[4] : 0;
    if (!strcmp(argv[1], "x87")) x87_cases(count, only);
    else if (!strcmp(argv[1], "specials")) special_cases(count);
    else if (!strcmp(argv[1], "simd")) simd_cases(count, 0);
    else if (!strcmp(argv[1], "mxcsr")) simd_cases(count, 1);
    else if (!strcmp(argv[1], "stack")) stack_cases(count);
    else sse_cases(count, only);
    return 0;
}
