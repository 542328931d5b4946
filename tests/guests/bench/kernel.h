/*
 * Linux system calls by INT 80h, and the little of a C library that the benchmark needs: so that the program is the
 * same whatever libraries the host has, and makes no instruction we do not know of.
 */
#ifndef KERNEL_H
#define KERNEL_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef int i32;

/* arch/x86/entry/syscalls/syscall_32.tbl */
enum { SYS_exit = 1, SYS_fork = 2, SYS_read = 3, SYS_write = 4, SYS_close = 6, SYS_waitpid = 7, SYS_execve = 11,
       SYS_pipe = 42, SYS_dup2 = 63 };

static inline i32 syscall3(i32 number, u32 a, u32 b, u32 c)
{
    i32 result;
    __asm__ volatile("int $0x80" : "=a"(result) : "0"(number), "b"(a), "c"(b), "d"(c) : "memory");
    return result;
}

static inline i32 sys_read(i32 fd, void *to, u32 n) { return syscall3(SYS_read, fd, (u32)to, n); }
static inline i32 sys_write(i32 fd, const void *from, u32 n) { return syscall3(SYS_write, fd, (u32)from, n); }
static inline i32 sys_close(i32 fd) { return syscall3(SYS_close, fd, 0, 0); }
static inline i32 sys_fork(void) { return syscall3(SYS_fork, 0, 0, 0); }
static inline i32 sys_pipe(i32 fds[2]) { return syscall3(SYS_pipe, (u32)fds, 0, 0); }
static inline i32 sys_dup2(i32 from, i32 to) { return syscall3(SYS_dup2, from, to, 0); }
static inline i32 sys_waitpid(i32 pid, i32 *status) { return syscall3(SYS_waitpid, pid, (u32)status, 0); }
static inline void sys_exit(i32 code) { for (;;) syscall3(SYS_exit, code, 0, 0); }

static inline i32 sys_execve(const char *path, const char *const *argv, const char *const *envp)
{
    return syscall3(SYS_execve, (u32)path, (u32)argv, (u32)envp);
}

u32 text_length(const char *text);
void print(const char *text);
void fail(const char *what);

/* One 32-bit linear congruential generator for all inputs (Numerical Recipes' constants). */
static inline u32 next_random(u32 *seed) { return *seed = *seed * 1664525u + 1013904223u; }

/* FNV-1a over the four bytes of `value`. */
static inline u32 mix(u32 hash, u32 value)
{
    for (i32 i = 0; i < 4; i++, value >>= 8)
        hash = (hash ^ (value & 255)) * 16777619u;
    return hash;
}

#define FNV_BASIS 2166136261u
#define KEEP_OUT __attribute__((noinline, noclone))

/* The sections, in the order in which they run; each returns the checksum of what it computed. */
u32 run_sieve(void);
u32 run_sha256(void);
u32 run_qsort(void);
u32 run_matmul_x87(void);
u32 run_indirect_calls(void);
u32 run_pointer_chase(void);
u32 run_memcpy(void);
u32 run_bytecode(void);
u32 run_fork_wait(void);
u32 run_pipe(void);
u32 run_gzip(void);

#endif
