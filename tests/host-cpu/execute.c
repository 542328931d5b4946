/* Executes single 32-bit user-mode instructions on the host's CPU and tells what they did.
 *
 * Build: gcc -m32 -O1 -fno-stack-protector -Wl,-z,now -o execute execute.c
 * Reads the entries of a local descriptor table, then `struct test` records until the end of standard input, and writes
 * one `struct result` for each. A signal handler on a stack of its own loads the registers of a test, with TF set, by
 * returning to it; the single-step trap, or the signal of whatever fault there was, brings the handler back with the
 * registers after. x87 and SSE registers travel in the signal frame too: Linux puts the FSAVE image there, of which it
 * takes the x87's part, and the FXSAVE image behind it, of which it takes the rest.
 *
 * GS is the test's while the handler runs, so nothing in it may use thread-local storage. */
#define _GNU_SOURCE
#include <asm/ldt.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

/* Two pages to read and write, one to read, then a hole. CS:EIP of tests is CODE, or 0 in a segment that begins there. */
#define DATA 0x20000000u
#define CODE 0x20010000u
#define PAGE 4096u
#define WINDOW 640
/* As much of the FXSAVE image as there are registers in it. */
#define FX 288
/* Entries of the local descriptor table. */
#define DESCRIPTORS 16

#define TF 0x100u

/* Of the FXSAVE image: where sw_reserved begins, and the XSAVE header behind it. */
#define SW_RESERVED 464
#define XSTATE_BV 512
#define XSTATE_MAGIC 0x46505853u
#define X87_AND_SSE 3

/* Layout of the FSAVE image (Linux: struct user_i387_ia32_struct). */
struct fsave {
    uint32_t control, status, tags, ip, opcode_cs, dp, ds;
    uint8_t st[80];
    uint32_t status_and_magic;
};

struct test {
    uint8_t code[16];
    uint32_t regs[8]; /* EAX ECX EDX EBX ESP EBP ESI EDI */
    uint32_t eflags;
    uint32_t repeats; /* a repeated string instruction: go on while EIP stands still */
    uint32_t start;   /* EIP */
    uint32_t window[2];
    uint32_t segments[6]; /* CS SS DS ES FS GS */
    uint8_t fx[FX];
    uint8_t data[2][WINDOW];
};

struct result {
    uint32_t regs[8];
    uint32_t eip;
    uint32_t eflags;
    uint32_t trap, error, cr2;
    uint32_t segments[6];
    uint8_t fx[FX];
    uint8_t data[2][WINDOW];
};

static const int ORDER[8] = {REG_EAX, REG_ECX, REG_EDX, REG_EBX, REG_ESP, REG_EBP, REG_ESI, REG_EDI};

static const int SEGMENTS[6] = {REG_CS, REG_SS, REG_DS, REG_ES, REG_FS, REG_GS};

static struct test *tests;
static struct result *results;
static size_t count, current;
static ucontext_t home;
static uint8_t home_fx[FX];

static uint8_t *fx_image(const ucontext_t *c)
{
    return (uint8_t *)c->uc_mcontext.fpregs + sizeof(struct fsave);
}

static void load_fx(ucontext_t *c, const uint8_t *fx)
{
    struct fsave *old = (struct fsave *)c->uc_mcontext.fpregs;
    uint8_t *image = fx_image(c);
    uint32_t mxcsr_mask;
    memcpy(&mxcsr_mask, image + 28, 4);
    memcpy(image, fx, FX);
    memcpy(image + 28, &mxcsr_mask, 4);
    uint16_t control, status, opcode;
    memcpy(&control, fx, 2);
    memcpy(&status, fx + 2, 2);
    memcpy(&opcode, fx + 6, 2);
    old->control = 0xFFFF0000u | control;
    old->status = 0xFFFF0000u | status;
    old->tags = 0xFFFF0000u;
    for (int i = 0; i < 8; i++)
        if (!(fx[4] >> i & 1))
            old->tags |= 3u << 2 * i;
    memcpy(&old->ip, fx + 8, 4);
    memcpy(&old->opcode_cs, fx + 12, 2);
    old->opcode_cs = (old->opcode_cs & 0xFFFF) | (uint32_t)opcode << 16;
    memcpy(&old->dp, fx + 16, 4);
    memcpy(&old->ds, fx + 20, 4);
    for (int i = 0; i < 8; i++)
        memcpy(old->st + 10 * i, fx + 32 + 16 * i, 10);
    uint32_t magic;
    memcpy(&magic, image + SW_RESERVED, 4);
    if (magic == XSTATE_MAGIC)
        image[XSTATE_BV] |= X87_AND_SSE;
}

static void begin(ucontext_t *c)
{
    const struct test *t = &tests[current];
    memset((void *)CODE, 0x90, 64);
    memcpy((void *)CODE, t->code, sizeof t->code);
    memset((void *)DATA, 0, 2 * PAGE);
    for (int i = 0; i < 2; i++)
        memcpy((void *)t->window[i], t->data[i], WINDOW);
    for (int i = 0; i < 8; i++)
        c->uc_mcontext.gregs[ORDER[i]] = t->regs[i];
    for (int i = 0; i < 6; i++)
        c->uc_mcontext.gregs[SEGMENTS[i]] = t->segments[i];
    c->uc_mcontext.gregs[REG_EIP] = t->start;
    c->uc_mcontext.gregs[REG_EFL] = t->eflags | TF;
    load_fx(c, t->fx);
}

static void end(const ucontext_t *c)
{
    const struct test *t = &tests[current];
    struct result *r = &results[current];
    for (int i = 0; i < 8; i++)
        r->regs[i] = c->uc_mcontext.gregs[ORDER[i]];
    r->eip = c->uc_mcontext.gregs[REG_EIP];
    r->eflags = c->uc_mcontext.gregs[REG_EFL];
    r->trap = c->uc_mcontext.gregs[REG_TRAPNO];
    r->error = c->uc_mcontext.gregs[REG_ERR];
    r->cr2 = c->uc_mcontext.cr2;
    for (int i = 0; i < 6; i++)
        r->segments[i] = (uint16_t)c->uc_mcontext.gregs[SEGMENTS[i]];
    memcpy(r->fx, fx_image(c), FX);
    for (int i = 0; i < 2; i++)
        memcpy(r->data[i], (void *)t->window[i], WINDOW);
}

static void handle(int number, siginfo_t *info, void *context)
{
    ucontext_t *c = context;
    (void)info;
    if (number == SIGUSR1) {
        home = *c;
        memcpy(home_fx, fx_image(c), FX);
    } else {
        int stands = (uint32_t)c->uc_mcontext.gregs[REG_EIP] == tests[current].start;
        if (number == SIGTRAP && tests[current].repeats && stands)
            return;
        end(c);
        current++;
    }
    if (current < count)
        begin(c);
    else {
        memcpy(c->uc_mcontext.gregs, home.uc_mcontext.gregs, sizeof home.uc_mcontext.gregs);
        load_fx(c, home_fx);
    }
}

static void *map(uint32_t at, uint32_t pages, int protection)
{
    /* Populated and locked, so that the P bit of page faults' error codes means what it says. */
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | MAP_POPULATE | MAP_LOCKED;
    void *p = mmap((void *)at, pages * PAGE, protection, flags, -1, 0);
    if (p != (void *)at) {
        perror("mmap");
        exit(1);
    }
    return p;
}

int main(void)
{
    size_t room = 0, have = 0;
    char *input = NULL;
    for (;;) {
        if (have == room)
            input = realloc(input, room += 1 << 20);
        ssize_t n = read(0, input + have, room - have);
        if (n <= 0)
            break;
        have += n;
    }
    struct user_desc *descriptors = (struct user_desc *)input;
    for (int i = 0; i < DESCRIPTORS; i++)
        if (syscall(SYS_modify_ldt, 0x11, &descriptors[i], sizeof *descriptors)) {
            perror("modify_ldt");
            return 1;
        }
    tests = (struct test *)&descriptors[DESCRIPTORS];
    count = (have - DESCRIPTORS * sizeof *descriptors) / sizeof *tests;
    results = calloc(count + 1, sizeof *results);
    map(DATA, 2, PROT_READ | PROT_WRITE);
    map(DATA + 2 * PAGE, 1, PROT_READ);
    map(CODE, 1, PROT_READ | PROT_WRITE | PROT_EXEC);

    stack_t stack = {.ss_sp = malloc(1 << 16), .ss_size = 1 << 16};
    sigaltstack(&stack, NULL);
    struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
    sigfillset(&action.sa_mask);
    static const int SIGNALS[] = {SIGUSR1, SIGTRAP, SIGSEGV, SIGFPE, SIGILL, SIGBUS};
    for (size_t i = 0; i < sizeof SIGNALS / sizeof *SIGNALS; i++)
        sigaction(SIGNALS[i], &action, NULL);
    if (count)
        raise(SIGUSR1);
    fwrite(results, sizeof *results, count, stdout);
    return 0;
}
