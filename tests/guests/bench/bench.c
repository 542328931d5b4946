/*
 * The benchmark that runs inside Linux: `START name`, then `BENCH name CHECKSUM` for each section, on standard output.
 * usage: bench [NAME...]       (all sections without names)
 *
 * The checksums depend on nothing but this source: they are the same on a real CPU, and expected.txt holds them.
 */
#include "kernel.h"

static const struct { const char *name; u32 (*run)(void); } SECTIONS[] = {
    { "sieve", run_sieve },
    { "sha256", run_sha256 },
    { "qsort", run_qsort },
    { "matmul_x87", run_matmul_x87 },
    { "indirect_calls", run_indirect_calls },
    { "pointer_chase", run_pointer_chase },
    { "memcpy", run_memcpy },
    { "bytecode", run_bytecode },
    { "fork_wait", run_fork_wait },
    { "pipe", run_pipe },
    { "gzip", run_gzip },
};

#define COUNT (sizeof SECTIONS / sizeof SECTIONS[0])

u32 text_length(const char *text)
{
    u32 n = 0;
    while (text[n])
        n++;
    return n;
}

void print(const char *text) { sys_write(1, text, text_length(text)); }

void fail(const char *what)
{
    print("bench: FAILED: ");
    print(what);
    print("\n");
    sys_exit(1);
}

static i32 same(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}

static i32 wanted(i32 argc, char **argv, const char *name)
{
    for (i32 i = 1; i < argc; i++)
        if (same(argv[i], name))
            return 1;
    return argc < 2;
}

/* One write for a whole line: the host reads times off the moment at which it arrives. */
static void print_line(const char *word, const char *name, i32 with_sum, u32 sum)
{
    char line[80];
    u32 n = 0;
    for (const char *p = word; *p; p++)
        line[n++] = *p;
    line[n++] = ' ';
    for (const char *p = name; *p; p++)
        line[n++] = *p;
    if (with_sum) {
        line[n++] = ' ';
        for (i32 shift = 28; shift >= 0; shift -= 4)
            line[n++] = "0123456789abcdef"[sum >> shift & 15];
    }
    line[n++] = '\n';
    sys_write(1, line, n);
}

__attribute__((used)) static i32 bench_main(i32 argc, char **argv)
{
    for (u32 i = 0; i < COUNT; i++) {
        if (!wanted(argc, argv, SECTIONS[i].name))
            continue;
        print_line("START", SECTIONS[i].name, 0, 0);
        print_line("BENCH", SECTIONS[i].name, 1, SECTIONS[i].run());
    }
    return 0;
}

/* The kernel enters with argc at [esp] and argv above it; the stack is aligned as the ABI asks before the call. */
__asm__(".globl _start\n"
        "_start:\n"
        "    xorl %ebp, %ebp\n"
        "    movl (%esp), %eax\n"
        "    leal 4(%esp), %edx\n"
        "    andl $-16, %esp\n"
        "    subl $8, %esp\n"
        "    pushl %edx\n"
        "    pushl %eax\n"
        "    call bench_main\n"
        "    movl %eax, %ebx\n"
        "    movl $1, %eax\n"
        "    int $0x80\n");
