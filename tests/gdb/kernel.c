/* A kernel for gdb to look into: booted by Multiboot, calls, a table that changes, numbers of all kinds, then it counts. */
__asm__(".section .multiboot, \"a\"\n"
        ".align 4\n"
        ".long 0x1BADB002, 0, -0x1BADB002\n"
        ".text\n"
        ".global _start\n"
        "_start: mov $stack_top, %esp\n"
        "xor %ebp, %ebp\n"
        "fninit\n"
        "call kernel_main\n");

char stack[4096] __attribute__((aligned(16)));
__asm__(".global stack_top\n.set stack_top, stack + 4096\n");

int table[8];
volatile unsigned counter;
double ratio;

__attribute__((noinline)) int square(int x)
{
    int result = x * x;
    return result;
}

__attribute__((noinline)) int sum_of_squares(int n)
{
    int sum = 0;
    for (int i = 1; i <= n; i++) {
        sum += square(i);
        table[i & 7] = sum;
    }
    return sum;
}

__attribute__((noinline)) void spin(void)
{
    for (;;)
        counter++;
}

void kernel_main(void)
{
    int sum = sum_of_squares(4);
    ratio = sum / 4.0;
    __asm__ volatile("fldpi");
    spin();
}
