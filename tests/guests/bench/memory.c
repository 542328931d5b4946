/* Sections that live on memory, calls and the x87. */
#include "kernel.h"

enum { MATRIX = 96, MATRIX_ROUNDS = 16 };

/*
 * Compiled for the x87 alone. All values are small multiples of 1/16, so that every sum is exact in 53 bits: the result
 * cannot depend on which intermediate values the compiler keeps in the 80-bit registers.
 */
u32 run_matmul_x87(void)
{
    static double a[MATRIX][MATRIX], b[MATRIX][MATRIX], c[MATRIX][MATRIX];
    u32 seed = 3, hash = FNV_BASIS;
    for (u32 i = 0; i < MATRIX; i++)
        for (u32 j = 0; j < MATRIX; j++) {
            a[i][j] = (i32)(next_random(&seed) >> 20) / 16.0 - 128.0;
            b[i][j] = (i32)(next_random(&seed) >> 20) / 16.0 - 128.0;
        }
    for (u32 round = 0; round < MATRIX_ROUNDS; round++) {
        for (u32 i = 0; i < MATRIX; i++)
            for (u32 j = 0; j < MATRIX; j++) {
                double sum = 0;
                for (u32 k = 0; k < MATRIX; k++)
                    sum += a[i][k] * b[k][j];
                c[i][j] = sum;
            }
        for (u32 i = 0; i < MATRIX; i++)
            hash = mix(hash, (u32)(i32)(c[i][(i + round) % MATRIX]));
        /* The next round multiplies by something else. */
        a[round][round] += 1.0;
    }
    return hash;
}

enum { CALLS = 8000000 };

static KEEP_OUT u32 op_add(u32 x) { return x + 0x9e3779b9u; }
static KEEP_OUT u32 op_xor(u32 x) { return x ^ 0x5bd1e995u; }
static KEEP_OUT u32 op_shift(u32 x) { return x ^ x >> 13; }
static KEEP_OUT u32 op_multiply(u32 x) { return x * 0x85ebca6bu; }
static KEEP_OUT u32 op_rotate(u32 x) { return x << 7 | x >> 25; }
static KEEP_OUT u32 op_negate(u32 x) { return -x; }
static KEEP_OUT u32 op_not(u32 x) { return ~x; }
static KEEP_OUT u32 op_subtract(u32 x) { return x - 0x1234567u; }

/* Calls through a table with a target that depends on the data. */
u32 run_indirect_calls(void)
{
    static u32 (*volatile const TABLE[8])(u32) = { op_add, op_xor, op_shift, op_multiply,
                                                   op_rotate, op_negate, op_not, op_subtract };
    u32 x = 4;
    for (u32 i = 0; i < CALLS; i++)
        x = TABLE[(x >> 28 ^ i) & 7](x);
    return x;
}

enum { CHASE_NODES = 1 << 18, CHASE_STEPS = 12000000 };

/* One cycle through 2 MiB in random order (Sattolo): loads that depend on each other, spread over 512 pages. */
u32 run_pointer_chase(void)
{
    static struct node { struct node *next; u32 value; } nodes[CHASE_NODES];
    static u32 order[CHASE_NODES];
    u32 seed = 5, sum = 0;
    for (u32 i = 0; i < CHASE_NODES; i++)
        order[i] = i;
    for (u32 i = CHASE_NODES - 1; i > 0; i--) {
        u32 j = (u32)((u64)next_random(&seed) * i >> 32), t = order[i];
        order[i] = order[j];
        order[j] = t;
    }
    for (u32 i = 0; i < CHASE_NODES; i++) {
        nodes[i].next = &nodes[order[i]];
        nodes[i].value = i;
    }
    struct node *at = nodes;
    for (u32 i = 0; i < CHASE_STEPS; i++) {
        sum = (sum << 1 | sum >> 31) + at->value;
        at = at->next;
    }
    return sum;
}

enum { COPY_BYTES = 1 << 20, COPY_ROUNDS = 40 };

static void copy_string(u8 *to, const u8 *from, u32 n)
{
    __asm__ volatile("rep movsl" : "+D"(to), "+S"(from), "=c"(n) : "2"(n / 4) : "memory");
}

static KEEP_OUT void copy_words(u32 *to, const u32 *from, u32 n)
{
    for (u32 i = 0; i < n; i += 4) {
        to[i] = from[i];
        to[i + 1] = from[i + 1];
        to[i + 2] = from[i + 2];
        to[i + 3] = from[i + 3];
    }
}

static KEEP_OUT void copy_bytes(volatile u8 *to, const volatile u8 *from, u32 n)
{
    for (u32 i = 0; i < n; i++)
        to[i] = from[i];
}

/* A round copies 1 MiB by REP MOVSD, by unrolled 32-bit moves and (a quarter of it, unaligned) byte by byte. */
u32 run_memcpy(void)
{
    static u32 first[COPY_BYTES / 4], second[COPY_BYTES / 4];
    u32 seed = 6, hash = FNV_BASIS;
    for (u32 i = 0; i < COPY_BYTES / 4; i++)
        first[i] = next_random(&seed);
    for (u32 round = 0; round < COPY_ROUNDS; round++) {
        copy_string((u8 *)second, (const u8 *)first, COPY_BYTES);
        second[round] += round;
        copy_words(first, second, COPY_BYTES / 4);
        copy_bytes((u8 *)first + 1, (const u8 *)second + COPY_BYTES / 2 + 3, COPY_BYTES / 4);
        hash = mix(hash, first[round * 1000]);
    }
    return hash;
}

enum { BYTECODE_ROUNDS = 900000 };
enum { OP_PUSH, OP_LOAD, OP_STORE, OP_ADD, OP_MULTIPLY, OP_XOR, OP_SHIFT_RIGHT, OP_DECREMENT, OP_JUMP_NONZERO, OP_END };

/* A stack machine with a `switch`: one indirect jump an operation. */
static KEEP_OUT u32 interpret(const u8 *code, u32 *local)
{
    u32 stack[16], *top = stack;
    for (const u8 *pc = code;;) {
        switch (*pc++) {
        case OP_PUSH: *top++ = *pc++; break;
        case OP_LOAD: *top++ = local[*pc++]; break;
        case OP_STORE: local[*pc++] = *--top; break;
        case OP_ADD: top--; top[-1] += *top; break;
        case OP_MULTIPLY: top--; top[-1] *= *top; break;
        case OP_XOR: top--; top[-1] ^= *top; break;
        case OP_SHIFT_RIGHT: top--; top[-1] >>= *top & 31; break;
        case OP_DECREMENT: local[*pc++]--; break;
        case OP_JUMP_NONZERO:
            if (local[pc[0]])
                pc = code + pc[1];
            else
                pc += 2;
            break;
        case OP_END: return local[1];
        }
    }
}

u32 run_bytecode(void)
{
    /* do { x = (x * 13 + n) ^ (x >> 7); } while (--n);   n is local 0, x is local 1 */
    static const u8 CODE[] = { OP_LOAD, 1, OP_PUSH, 13, OP_MULTIPLY, OP_LOAD, 0, OP_ADD, OP_LOAD, 1, OP_PUSH, 7,
                               OP_SHIFT_RIGHT, OP_XOR, OP_STORE, 1, OP_DECREMENT, 0, OP_JUMP_NONZERO, 0, 0, OP_END };
    u32 local[2] = { BYTECODE_ROUNDS, 7 };
    return interpret(CODE, local);
}
