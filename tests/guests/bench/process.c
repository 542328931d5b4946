/* Sections that are the kernel's work: processes, pipes, and a program of the system. */
#include "kernel.h"

enum { FORKS = 250 };

u32 run_fork_wait(void)
{
    u32 hash = FNV_BASIS;
    for (u32 i = 0; i < FORKS; i++) {
        i32 status = 0, pid = sys_fork();
        if (pid < 0)
            fail("fork");
        if (pid == 0)
            sys_exit(i & 127);
        if (sys_waitpid(pid, &status) != pid)
            fail("waitpid");
        hash = mix(hash, status);
    }
    return hash;
}

static void read_all(i32 fd, void *to, u32 n)
{
    for (u8 *at = to; n;) {
        i32 got = sys_read(fd, at, n);
        if (got <= 0)
            fail("read from a pipe");
        at += got;
        n -= got;
    }
}

enum { PIPE_WRITES = 25000, PIPE_TURNS = 4000 };

/* First a process alone with its pipe (system calls only), then two that answer each other (a switch a call). */
u32 run_pipe(void)
{
    i32 there[2], back[2], status;
    u32 hash = FNV_BASIS, word, buffer[16] = { 0 };
    if (sys_pipe(there) || sys_pipe(back))
        fail("pipe");
    for (u32 i = 0; i < PIPE_WRITES; i++) {
        buffer[i & 15] = i;
        sys_write(there[1], buffer, sizeof buffer);
        read_all(there[0], buffer, sizeof buffer);
        hash = mix(hash, buffer[i & 15]);
    }
    i32 pid = sys_fork();
    if (pid < 0)
        fail("fork");
    if (pid == 0) {
        for (u32 i = 0; i < PIPE_TURNS; i++) {
            read_all(there[0], &word, 4);
            word = word * 3 + 1;
            sys_write(back[1], &word, 4);
        }
        sys_exit(0);
    }
    for (u32 i = 0; i < PIPE_TURNS; i++) {
        sys_write(there[1], &hash, 4);
        read_all(back[0], &hash, 4);
    }
    sys_waitpid(pid, &status);
    sys_close(there[0]), sys_close(there[1]), sys_close(back[0]), sys_close(back[1]);
    return hash;
}

enum { TEXT_BYTES = 640 * 1024 };

/* Words of a small vocabulary: compresses about as prose does. */
static void make_text(u8 *to, u32 n)
{
    static const char WORDS[] = "the quick brown fox of a machine made from glass shows every wheel that turns in it ";
    u32 seed = 7, at = 0;
    while (at < n) {
        u32 from = (next_random(&seed) >> 16) % (sizeof WORDS - 1), length = 2 + (next_random(&seed) >> 28);
        for (u32 i = 0; i < length && at < n; i++)
            to[at++] = WORDS[(from + i) % (sizeof WORDS - 1)];
    }
}

static const char BUSYBOX[] = "/bin/busybox";

/* Starts `busybox applet` between two files; the child closes what is not its own. */
static i32 start(const char *applet, i32 in, i32 out, const i32 *others, u32 count)
{
    const char *const argv[] = { applet, 0 }, *const envp[] = { 0 };
    i32 pid = sys_fork();
    if (pid < 0)
        fail("fork");
    if (pid)
        return pid;
    sys_dup2(in, 0);
    sys_dup2(out, 1);
    for (u32 i = 0; i < count; i++)
        sys_close(others[i]);
    sys_execve(BUSYBOX, argv, envp);
    sys_exit(127);
    return 0;
}

/* A child writes the text into gzip, gzip into gunzip, and we read it back and compare. */
u32 run_gzip(void)
{
    static u8 text[TEXT_BYTES], piece[4096];
    i32 fds[6], status;
    u32 hash = FNV_BASIS, at = 0;
    make_text(text, TEXT_BYTES);
    if (sys_pipe(fds) || sys_pipe(fds + 2) || sys_pipe(fds + 4))
        fail("pipe");
    i32 gzip = start("gzip", fds[0], fds[3], fds, 6);
    i32 gunzip = start("gunzip", fds[2], fds[5], fds, 6);
    i32 writer = sys_fork();
    if (writer == 0) {
        for (u32 i = 0; i < 6; i++)
            if (i != 1)
                sys_close(fds[i]);
        for (u32 done = 0; done < TEXT_BYTES;) {
            i32 n = sys_write(fds[1], text + done, TEXT_BYTES - done);
            if (n <= 0)
                sys_exit(1);
            done += n;
        }
        sys_exit(0);
    }
    for (u32 i = 0; i < 6; i++)
        if (i != 4)
            sys_close(fds[i]);
    for (i32 n; (n = sys_read(fds[4], piece, sizeof piece)) > 0;)
        for (i32 i = 0; i < n; i++) {
            if (at >= TEXT_BYTES || piece[i] != text[at++])
                fail("gzip | gunzip changed the text");
            if (at % 4096 == 0)
                hash = mix(hash, piece[i] + at);
        }
    sys_close(fds[4]);
    if (at != TEXT_BYTES)
        fail("gzip | gunzip lost text");
    sys_waitpid(writer, &status), sys_waitpid(gzip, &status), sys_waitpid(gunzip, &status);
    return hash;
}
