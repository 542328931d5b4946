# Prints vectors for the transcendental x87 instructions: the exact functions by mpmath, correctly rounded. Format as
# generate.c's x87. Sines, cosines and tangents are those of the argument less a multiple of the processor's pi, which has
# 66 bits (SDM vol. 1, 8.3.8). usage: python3 transcendental.py [count for each operation] [seed]
import random
import sys

from mpmath import atan2, cos, floor, log, mp, mpf, pi, sin, tan

mp.prec = 600
count = int(sys.argv[1]) if len(sys.argv) > 1 else 40
random.seed(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
PI_66 = mpf(0x3243F6A8885A308D3) / mpf(2) ** 64
BELOW = 1 - mpf(2) ** -300
PE, UE, OE, DE, C1, C2 = 32, 16, 8, 2, 0x200, 0x400
INDEFINITE = "FFFF:C000000000000000"


def number(se, m):
    e = max(se & 0x7FFF, 1)
    return (-1 if se & 0x8000 else 1) * mpf(m) * mpf(2) ** (e - 16383 - 63)


def text(se, m):
    return "%04X:%016X" % (se, m)


def directed(scaled, negative, rc):
    """An integer from a positive mpf that is none, and whether it is larger."""
    low = int(floor(scaled))
    up = [scaled - low > mpf(1) / 2, negative, not negative, False][rc]
    return low + int(up), up


def rounded(value, rc):
    """80-bit text and flags of a value that is not representable; masked responses."""
    negative, magnitude = value < 0, abs(value)
    sign = 0x8000 if negative else 0
    e = int(floor(log(magnitude, 2)))
    if mpf(2) ** e > magnitude:
        e -= 1
    if mpf(2) ** (e + 1) <= magnitude:
        e += 1
    if e > 16383:
        to_infinity = [True, negative, not negative, False][rc]
        return (text(sign | 0x7FFF, 1 << 63), OE | PE | C1) if to_infinity else (text(sign | 0x7FFE, 2**64 - 1), OE | PE)
    tiny = e < -16382
    shift = 63 - max(e, -16382)
    m, up = directed(magnitude * mpf(2) ** shift, negative, rc)
    flags = PE | (C1 if up else 0)
    biased = max(e, -16382) + 16383
    if m == 1 << 64:
        m, biased = 1 << 63, biased + 1
    if tiny:
        normal, _ = directed(magnitude * mpf(2) ** (63 - e), negative, rc)
        if not (e == -16383 and normal == 1 << 64):
            flags |= UE
        biased = m >> 63
    return text(sign | biased, m), flags


def random_significand():
    kind = random.randrange(6)
    if kind == 0:
        return 1 << 63
    if kind == 1:
        return 2**64 - 1
    if kind == 2:
        return 1 << 63 | 1 << random.randrange(63)
    return 1 << 63 | random.getrandbits(63)


def operand(low, high, sign=None):
    """A number with a power of two from low to high."""
    negative = random.getrandbits(1) if sign is None else sign
    return (0x8000 if negative else 0) | (16383 + random.randint(low, high)), random_significand()


def denormal():
    return random.getrandbits(1) << 15, random.getrandbits(random.randint(1, 63)) | 1


def near_quarter_turn():
    """A number within a few units of the last place of a multiple of pi/2, of the exact pi or the processor's."""
    quarter = random.choice([pi, PI_66]) / 2
    value = quarter * random.choice([random.randint(1, 40), random.getrandbits(random.randint(1, 62)) | 1])
    e = int(floor(log(value, 2)))
    m = int(floor(value / mpf(2) ** (e - 63) + mpf(1) / 2)) + random.randint(-3, 3)
    m = min(max(m, 1 << 63), 2**64 - 1)
    return (random.getrandbits(1) << 15) | (16383 + e), m


def denormals(*operands):
    return DE if any(se & 0x7FFF == 0 for se, _ in operands) else 0


def out(op, rc, st0, st1, status, top, new):
    control = 0x037F | rc << 10
    m = "0000:0000000000000000"
    print(op, "%04X" % control, text(*st0), text(*st1), m, "|", "%04X" % (status | top << 11), new[0], new[1], m)


def reduced(x):
    """x less the nearest multiple of pi/2 (66 bits), and that multiple."""
    if abs(x) < mpf(1) / 2:
        return x, 0
    n = int(floor(abs(x) / (PI_66 / 2) + mpf(1) / 2))
    r = abs(x) - n * PI_66 / 2
    return (r, n) if x > 0 else (-r, -n)


def circular(x):
    r, n = reduced(x)
    # Below 2^-200 only the direction of the difference matters.
    s, c = (r * BELOW, BELOW) if abs(r) < mpf(2) ** -200 else (sin(r), cos(r))
    return [(s, c), (c, -s), (-s, -c), (-c, s)][n % 4]


ONE = (0x3FFF, 1 << 63)
for i in range(count):
    rc = random.choice([0, 0, 0, 1, 2, 3])
    wide = lambda: random.choice([operand(-8, 8), operand(-70, 70), operand(-16382, 16383), denormal() if i % 8 == 0 else operand(-1, 1)])
    # FSIN, FCOS, FSINCOS, FPTAN
    a = random.choice([operand(-5, 5), operand(-1, 62), operand(-16382, -1), operand(-70, 0), denormal(), near_quarter_turn()])
    a = a if a[0] & 0x7FFF < 0x3FFF + 63 else operand(60, 62)
    x = number(*a)
    base = DE if a[0] & 0x7FFF == 0 else 0
    s, c = circular(x)
    (ts, fs), (tc, fc) = rounded(s, rc), rounded(c, rc)
    out("fsin", rc, a, ONE, base | fs, 6, (ts, text(*ONE)))
    out("fcos", rc, a, ONE, base | fc, 6, (tc, text(*ONE)))
    out("fsincos", rc, a, ONE, base | fs | fc & ~C1, 5, (tc, ts))
    t, f = rounded(s / c / (BELOW if abs(x) < mpf(2) ** -200 else 1), rc)
    out("fptan", rc, a, ONE, base | f, 5, (text(*ONE), t))
    a = operand(63, 16383)
    out(random.choice(["fsin", "fcos", "fsincos", "fptan"]), rc, a, ONE, C2, 6, (text(*a), text(*ONE)))
    # F2XM1
    a = random.choice([operand(-4, -1), operand(-70, -1), operand(-16382, -1), denormal()])
    x = number(*a)
    t, f = rounded(mpf(2) ** x - 1 if abs(x) > mpf(2) ** -200 else x * log(mpf(2)), rc)
    out("f2xm1", rc, a, ONE, (DE if a[0] & 0x7FFF == 0 else 0) | f, 6, (t, text(*ONE)))
    # FYL2X
    a = random.choice([operand(-1, 0, 0), operand(-20, 20, 0), operand(-16382, 16383, 0), (0x3FFF, 1 << 63 | random.getrandbits(random.randint(1, 60)) | 1), (0x3FFE, 2**64 - 1 - random.getrandbits(random.randint(1, 60)))])
    if i % 16 == 0:
        a = 0, denormal()[1] | 5  # no power of two: its logarithm is exact
    a = (a[0], a[1] | 1) if a[1] << 1 & 2**64 - 1 == 0 else a
    y = wide()
    value = number(*y) * log(number(*a)) / log(mpf(2))
    t, f = rounded(value, rc)
    out("fyl2x", rc, a, y, denormals(a, y) | f, 7, (t, "0000:0000000000000000"))
    # FYL2XP1, and beyond its range
    a = random.choice([operand(-5, -3), operand(-70, -3), operand(-8000, -3), operand(-2, -2, 0), operand(-3, 5, 0), denormal()])
    y = wide()
    x = number(*a)
    if x != 1:
        ln = log(1 + x) if abs(x) > mpf(2) ** -200 else x - x * x / 2
        t, f = rounded(number(*y) * ln / log(mpf(2)), rc)
        out("fyl2xp1", rc, a, y, denormals(a, y) | f, 7, (t, "0000:0000000000000000"))
    # FPATAN
    a, y = wide(), wide()
    if random.getrandbits(1):
        near = min(max((y[0] & 0x7FFF) - 16383, -16379), 16380)
        a = operand(near - 3, near + 3)
    q = number(*y) / number(*a)
    value = q * BELOW if abs(q) < mpf(2) ** -200 and a[0] < 0x8000 else atan2(number(*y), number(*a))
    t, f = rounded(value, rc)
    out("fpatan", rc, a, y, denormals(a, y) | f, 7, (t, "0000:0000000000000000"))
