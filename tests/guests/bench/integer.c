/* Sections that are integer arithmetic and branches. */
#include "kernel.h"

enum { SIEVE_SIZE = 2000000, SIEVE_ROUNDS = 4 };

static u8 composite[SIEVE_SIZE];

/* Eratosthenes over bytes: short inner loops with a variable stride. */
u32 run_sieve(void)
{
    u32 hash = FNV_BASIS;
    for (u32 round = 0; round < SIEVE_ROUNDS; round++) {
        u32 limit = SIEVE_SIZE - round * 1000, count = 0;
        for (u32 i = 0; i < limit; i++)
            composite[i] = 0;
        for (u32 i = 2; i * i < limit; i++)
            if (!composite[i])
                for (u32 j = i * i; j < limit; j += i)
                    composite[j] = 1;
        for (u32 i = 2; i < limit; i++)
            count += !composite[i];
        hash = mix(hash, count);
    }
    return hash;
}

enum { SHA_BYTES = 64 * 1024, SHA_ROUNDS = 64 };

/* FIPS 180-4, 4.2.2: the first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
static const u32 SHA_K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static u32 rotate(u32 x, u32 n) { return x >> n | x << (32 - n); }

static u32 big_endian(const u8 *p) { return (u32)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3]; }

/* FIPS 180-4, 6.2.2: one block of 64 bytes. */
static KEEP_OUT void sha256_block(u32 h[8], const u8 *block)
{
    u32 w[64], v[8];
    for (u32 t = 0; t < 16; t++)
        w[t] = big_endian(block + 4 * t);
    for (u32 t = 16; t < 64; t++) {
        u32 s0 = rotate(w[t - 15], 7) ^ rotate(w[t - 15], 18) ^ w[t - 15] >> 3;
        u32 s1 = rotate(w[t - 2], 17) ^ rotate(w[t - 2], 19) ^ w[t - 2] >> 10;
        w[t] = s1 + w[t - 7] + s0 + w[t - 16];
    }
    for (u32 i = 0; i < 8; i++)
        v[i] = h[i];
    for (u32 t = 0; t < 64; t++) {
        u32 e = v[4], a = v[0];
        u32 t1 = v[7] + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & v[5]) ^ (~e & v[6])) + SHA_K[t] + w[t];
        u32 t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
        v[7] = v[6], v[6] = v[5], v[5] = e, v[4] = v[3] + t1;
        v[3] = v[2], v[2] = v[1], v[1] = a, v[0] = t1 + t2;
    }
    for (u32 i = 0; i < 8; i++)
        h[i] += v[i];
}

static const u32 SHA_START[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                  0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };

/* FIPS 180-4's own example "abc", so that a wrong checksum can be told from a wrong program. */
static void sha256_self_test(void)
{
    u8 block[64] = { 'a', 'b', 'c', 0x80 };
    u32 h[8];
    block[63] = 24;
    for (u32 i = 0; i < 8; i++)
        h[i] = SHA_START[i];
    sha256_block(h, block);
    if (h[0] != 0xba7816bf || h[7] != 0xf20015ad)
        fail("sha256 of abc");
}

u32 run_sha256(void)
{
    static u8 data[SHA_BYTES];
    u32 h[8], seed = 1, hash = FNV_BASIS;
    sha256_self_test();
    for (u32 i = 0; i < SHA_BYTES; i++)
        data[i] = next_random(&seed) >> 24;
    for (u32 i = 0; i < 8; i++)
        h[i] = SHA_START[i];
    for (u32 round = 0; round < SHA_ROUNDS; round++)
        for (u32 at = 0; at < SHA_BYTES / 2; at += 64)
            sha256_block(h, data + at);
    for (u32 i = 0; i < 8; i++)
        hash = mix(hash, h[i]);
    return hash;
}

enum { SORT_COUNT = 100000, SORT_ROUNDS = 3, SORT_SMALL = 8 };

static i32 compare_u32(const void *a, const void *b)
{
    u32 x = *(const u32 *)a, y = *(const u32 *)b;
    return x < y ? -1 : x > y;
}

static void swap(u32 *a, u32 *b)
{
    u32 t = *a;
    *a = *b;
    *b = t;
}

/* As in C libraries, the comparison is called through a pointer: branches that no predictor likes. */
static KEEP_OUT void sort(u32 *from, u32 *to, i32 (*compare)(const void *, const void *))
{
    while (to - from > SORT_SMALL) {
        u32 pivot = from[(to - from) / 2], *i = from, *j = to - 1;
        for (;;) {
            while (compare(i, &pivot) < 0)
                i++;
            while (compare(j, &pivot) > 0)
                j--;
            if (i >= j)
                break;
            swap(i++, j--);
        }
        sort(from, i, compare);
        from = i;
    }
    for (u32 *i = from + 1; i < to; i++)
        for (u32 *j = i; j > from && compare(j - 1, j) > 0; j--)
            swap(j - 1, j);
}

u32 run_qsort(void)
{
    static u32 values[SORT_COUNT];
    u32 seed = 2, hash = FNV_BASIS;
    for (u32 round = 0; round < SORT_ROUNDS; round++) {
        for (u32 i = 0; i < SORT_COUNT; i++)
            values[i] = next_random(&seed);
        sort(values, values + SORT_COUNT, compare_u32);
        for (u32 i = 0; i < SORT_COUNT; i++) {
            if (i && values[i - 1] > values[i])
                fail("qsort order");
            if (i % 1000 == 0)
                hash = mix(hash, values[i]);
        }
    }
    return hash;
}
