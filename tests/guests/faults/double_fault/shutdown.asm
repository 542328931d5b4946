; Shutdown: a fault on the way to the handler of #DF (SDM volume 3A, 6.15, interrupt 8). Each case boots the guest anew.

%define GUEST "shutdown"
%include "faults.inc"
%include "shutdown.inc"
%include "real.inc"

        CASE "#UD without an IDT"
        EXPECT_SHUTDOWN
        lidt [.none]
        ud2
.none:  dw 0, 0, 0
        END_CASE
        CASE "#GP twice, gate 8 not present"
        EXPECT_SHUTDOWN
        SET_GATE 13, CODE, exception_13, INTERRUPT_GATE
        SET_GATE 8, CODE, exception_8, INTERRUPT_GATE
        mov ax, 0FFF8h
        mov fs, ax
        END_CASE
        CASE "#DE and #NP, gate 8 leads to a busy task"
        EXPECT_SHUTDOWN
        SET_GATE 0, CODE, exception_0, INTERRUPT_GATE
        SET_GATE 11, CODE, exception_11, INTERRUPT_GATE
        or byte [gdt_tss_df + 5], 2
        xor edx, edx
        xor ecx, ecx
        div ecx
        END_CASE
        CASE "no stack for ring 0, gate 8 not a task gate"
        EXPECT_SHUTDOWN
        SET_GATE 8, CODE, exception_8, PRESENT | INTERRUPT_GATE
        mov dword [tss + 8], 0          ; SS0
        ENTER_RING3 .ring3
.ring3:
        ud2
        END_CASE
        CASE "#UD in real mode without an interrupt table"
        EXPECT_SHUTDOWN
        ENTER_REAL
        lidt [.none2]
        ud2
.none2: dw 0, 0, 0
        LEAVE_REAL
        END_CASE

        CASE "#UD, #GP and #DF beyond the table of real mode"
        EXPECT_SHUTDOWN
        ENTER_REAL
        lidt [.five]
        ud2
.five:  dw 5 * 4 + 3
        dd real_vectors
        LEAVE_REAL
        END_CASE
        CASE "PUSH in real mode, SP 1"
        EXPECT_SHUTDOWN
        ENTER_REAL
        mov sp, 1
        push ax
        LEAVE_REAL
        END_CASE

        END_FAULTS
