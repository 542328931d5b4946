/* Executes single 32-bit user-mode instructions on the host's CPU and tells what they did.
 *
 * Build: gcc -m32 -O1 -fno-stack-protector -o execute execute.c
 * Reads the entries of a local descriptor table, then `struct test` records until the end of standard input, and writes
 * one `struct result` for each. A signal handler on a stack of its own loads the registers of a test, with TF set, by
 * returning to it; the single-step trap, or the signal of whatever fault there was, brings the handler back with the
 * registers after. */
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

/* Two pages to read and write, one to read, then a hole. */
#define DATA 0x20000000u
#define CODE 0x20010000u
#define PAGE 4096u
#define WINDOW 128
/* Entries of the local descriptor table. */
#define DESCRIPTORS 16

#define TF 0x100u

struct test {
    uint8_t code[16];
    uint32_t regs[8]; /* EAX ECX EDX EBX ESP EBP ESI EDI */
    uint32_t eflags;
    uint32_t repeats; /* a repeated string instruction: go on while EIP stands still */
    uint32_t start;   /* EIP */
    uint32_t window[2];
    uint32_t segments[5]; /* CS SS DS ES FS */
    uint8_t data[2][WINDOW];
};

struct result {
    uint32_t regs[8];
    uint32_t eip;
    uint32_t eflags;
    uint32_t trap, error, cr2;
    uint32_t segments[5];
    uint8_t data[2][WINDOW];
};

static const int ORDER[8] = {REG_EAX, REG_ECX, REG_EDX, REG_EBX, REG_ESP, REG_EBP, REG_ESI, REG_EDI};

static const int SEGMENTS[5] = {REG_CS, REG_SS, REG_DS, REG_ES, REG_FS};

static struct test *tests;
static struct result *results;
static size_t count, current;
static ucontext_t home;

static void begin(ucontext_t *c)
{
    const struct test *t = &tests[current];
    memset((void *)CODE, 0x90, 64);
    memcpy((void *)CODE, t->code, sizeof t->code);
    for (int i = 0; i < 2; i++)
        memcpy((void *)t->window[i], t->data[i], WINDOW);
    for (int i = 0; i < 8; i++)
        c->uc_mcontext.gregs[ORDER[i]] = t->regs[i];
    for (int i = 0; i < 5; i++)
        c->uc_mcontext.gregs[SEGMENTS[i]] = t->segments[i];
    c->uc_mcontext.gregs[REG_EIP] = t->start;
    c->uc_mcontext.gregs[REG_EFL] = t->eflags | TF;
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
    for (int i = 0; i < 5; i++)
        r->segments[i] = (uint16_t)c->uc_mcontext.gregs[SEGMENTS[i]];
    for (int i = 0; i < 2; i++)
        memcpy(r->data[i], (void *)t->window[i], WINDOW);
}

static void handle(int number, siginfo_t *info, void *context)
{
    ucontext_t *c = context;
    (void)info;
    if (number == SIGUSR1) {
        home = *c;
    } else {
        int stands = (uint32_t)c->uc_mcontext.gregs[REG_EIP] == tests[current].start;
        if (number == SIGTRAP && tests[current].repeats && stands)
            return;
        end(c);
        current++;
    }
    if (current < count)
        begin(c);
    else
        memcpy(c->uc_mcontext.gregs, home.uc_mcontext.gregs, sizeof home.uc_mcontext.gregs);
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
