; Single-stepping: the trap after each instruction that began with TF set, what suppresses it, and what is saved (SDM volume 3B,
; 17.3.1.4; volume 3A, 6.8.3, 6.9).

%define GUEST "step"
%include "debug.inc"

STACK16         equ SPARE

        SET_DESCRIPTOR STACK16, 0, 0FFFFh, PRESENT | DATA_WRITABLE, 0
        jmp cases

        align 4
word_ss:        dw DATA
far_ss:         dd KERNEL_STACK - 100h
                dw DATA
strings:        times 16 db 0

; INT 83h: back at once, with TF clear in the handler
back_at_once:
        nop
        iretd
; The same, and TF is cleared in the saved flags
end_trace:
        and dword [esp + 8], ~TF
        iretd

say_tf: SAY " fl="
        mov eax, [ebp + FRAME_EFLAGS]
        jmp say_hex32

; Behind MOV SS, r16 that faulted
skip_mov_ss:
        add esp, 4
        add dword [esp], 3
        iretd

cases:
        SET_GATE 83h, CODE, back_at_once, PRESENT | RING3 | INTERRUPT_GATE
        SET_GATE 84h, CODE, end_trace, PRESENT | RING3 | INTERRUPT_GATE

        TRACE_CASE "TF set by POPFD, not after it, but after the next"
        SET_TF
        nop
        nop
        TRACE_END
        TRACE_CASE "TF cleared by POPFD, after it for the last time"
        push dword 2
        SET_TF
        popfd
        nop
        nop
        TRACE_END
        TRACE_CASE "TF set by IRETD"
        push dword 2 | TF
        push cs
        push dword %$there
        iretd
%$there:
        nop
        nop
        TRACE_END
        TRACE_CASE "TF cleared by IRETD"
        push dword 2
        push cs
        push dword %$there
        SET_TF
        iretd
%$there:
        nop
        nop
        TRACE_END
        TRACE_CASE "jumps, calls, returns"
        SET_TF
        jmp short %$there
        nop
%$there:
        call %$sub
        jmp short %$over
%$sub:  ret
%$over: xor eax, eax
        jz %$end
        nop
%$end:  loop $ + 2
        TRACE_END
        TRACE_CASE "INT n clears TF, none in the handler, nor after its first instruction"
        SET_TF
        nop
        int 83h
        nop
        TRACE_END
        TRACE_CASE "PUSHF shows TF"
        SET_TF
        pushfd
        pop eax
        int 84h
        and eax, TF
        call say_hex16
        TRACE_END
        TRACE_CASE "INT3 under TF"
        SET_GATE 3, CODE, back_at_once, PRESENT | RING3 | INTERRUPT_GATE
        SET_TF
        int3
        nop
        TRACE_END
        SET_GATE 3, CODE, exception_3, PRESENT | INTERRUPT_GATE
        TRACE_CASE "INTO not taken, taken"
        SET_GATE 4, CODE, back_at_once, PRESENT | RING3 | INTERRUPT_GATE
        SET_TF
        into
        mov al, 7Fh
        inc al
        into
        nop
        TRACE_END
        SET_GATE 4, CODE, exception_4, PRESENT | INTERRUPT_GATE
        CASE "a fault comes before the trap"
        SET_GATE 1, CODE, trace, PRESENT | INTERRUPT_GATE
        mov dword [trace_left], 16
        ALSO say_tf
        SET_TF
        ud2
        END_CASE
        CASE "the trap of the instruction before the fault"
        ALSO say_tf
        mov dword [trace_left], 16
        SET_TF
        nop
        ud2
        END_CASE

        ; Repeated strings: after each iteration; RF is saved as 1 but for the last.
        TRACE_CASE "rep stosb, 3 times"
        mov edi, strings
        mov ecx, 3
        SET_TF
        rep stosb
        nop
        TRACE_END
        TRACE_CASE "rep stosb, once"
        mov edi, strings
        mov ecx, 1
        SET_TF
        rep stosb
        nop
        TRACE_END
        TRACE_CASE "rep stosb, ECX 0"
        mov edi, strings
        mov ecx, 0
        SET_TF
        rep stosb
        nop
        TRACE_END
        TRACE_CASE "repne scasb ends early"
        mov edi, strings
        mov byte [edi + 1], 77h
        mov al, 77h
        mov ecx, 5
        SET_TF
        repne scasb
        nop
        TRACE_END
        TRACE_CASE "rep movsd"
        mov esi, strings
        mov edi, strings + 4
        mov ecx, 2
        SET_TF
        rep movsd
        nop
        TRACE_END

        ; Loads of SS suppress the trap after them.
        TRACE_CASE "mov ss, r"
        mov ax, DATA
        SET_TF
        mov ss, ax
        nop
        nop
        TRACE_END
        TRACE_CASE "mov ss, m"
        SET_TF
        mov ss, [word_ss]
        nop
        nop
        TRACE_END
        TRACE_CASE "pop ss"
        push ss
        SET_TF
        pop ss
        nop
        nop
        TRACE_END
        TRACE_CASE "lss does not"
        mov [far_ss], esp
        SET_TF
        lss esp, [far_ss]
        nop
        nop
        TRACE_END
        TRACE_CASE "mov es does not"
        mov ax, DATA
        SET_TF
        mov es, ax
        nop
        nop
        TRACE_END
        CASE "mov ss, then a fault, the trap is lost"
        SET_GATE 1, CODE, trace, PRESENT | INTERRUPT_GATE
        mov dword [trace_left], 16
        ALSO say_tf
        mov ax, DATA
        SET_TF
        mov ss, ax
        ud2
        END_CASE
        TRACE_CASE "mov ss, then INT n"
        mov ax, DATA
        SET_TF
        mov ss, ax
        int 83h
        nop
        nop
        TRACE_END
        TRACE_CASE "mov ss that faults"
        SET_GATE 13, CODE, skip_mov_ss, PRESENT | INTERRUPT_GATE
        mov ax, CODE
        SET_TF
        mov ss, ax
        nop
        nop
        TRACE_END
        SET_GATE 13, CODE, exception_13, PRESENT | INTERRUPT_GATE
        TRACE_CASE "sti does not"
        SET_TF
        sti
        nop
        cli
        TRACE_END

        ; Other rings and modes
        TRACE_CASE "ring 3, TF set and cleared by POPFD"
        ENTER_RING3 %$ring3
%$ring3:
        SET_TF
        nop
        nop
        TRACE_END
        TRACE_CASE "to ring 3 with TF set by IRETD"
        push dword DATA3
        push dword RING3_STACK
        push dword 2 | TF
        push dword CODE3
        push dword %$ring3
        iretd
%$ring3:
        nop
        int 83h
        nop
        TRACE_END
        TRACE_CASE "virtual-8086 mode"
        times 5 push dword 0
        push dword RING3_STACK
        push dword 23002h | TF
        push dword 0
        push dword %$v86
        iretd
        bits 16
%$v86:
        nop
        pushf
        popf
        nop
        int 82h
        bits 32
        END_CASE
        TRACE_CASE "far call through a gate to ring 0"
        SET_CALL_GATE SPARE + 8, CODE, far_sub, PRESENT | RING3 | 0Ch, 0
        ENTER_RING3 %$ring3
%$ring3:
        SET_TF
        nop
        call SPARE + 8:0
        nop
        TRACE_END
        jmp after_far
far_sub:
        nop
        retf
after_far:
        TRACE_CASE "INT1 sets no bit of DR6"
        db 0F1h
        nop
        TRACE_END
        TRACE_CASE "INT1 under TF"
        SET_TF
        db 0F1h
        nop
        TRACE_END
        TRACE_CASE "INT 1 by CD 01"
        int 1
        nop
        TRACE_END
        CASE "INT1 in ring 3, gate's DPL 0"
        SET_GATE 1, CODE, exception_1, PRESENT | INTERRUPT_GATE
        ENTER_RING3 %$ring3
%$ring3:
        db 0F1h
        int 80h
        END_CASE
        CASE "INT 1 by CD 01 in ring 3, gate's DPL 0"
        ENTER_RING3 %$ring3
%$ring3:
        int 1
        END_CASE
        CASE "#DB has a gate that is not present, single-step"
        SET_GATE 1, CODE, exception_1, INTERRUPT_GATE
        SET_TF
        nop
        END_CASE
        TRACE_CASE "cpuid, mov cr0, lock, fwait, in"
        SET_TF
        cpuid
        mov eax, cr0
        mov cr0, eax
        lock inc dword [strings]
        fwait
        in al, 80h
        TRACE_END

        END_FAULTS
