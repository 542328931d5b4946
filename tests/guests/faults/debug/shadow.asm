; Where an interrupt that waits comes in: after the instruction behind STI, after the one behind a load of SS, at once after POPF
; and IRET (SDM volume 2B, STI; volume 3A, 6.8). It is the timer's, which ran out while IF was clear.

%define GUEST "shadow"
%include "faults.inc"

        jmp cases

; Has the timer's interrupt wait: mode 0, a short count, until the controller has the request; then IF decides.
arm:
        mov al, 11h
        out 20h, al
        mov al, 20h                     ; vectors 20h to 27h
        out 21h, al
        mov al, 4
        out 21h, al
        mov al, 1
        out 21h, al
        mov al, 0FEh                    ; IRQ 0 alone
        out 21h, al
        mov al, 0FFh
        out 0A1h, al
        mov al, 30h                     ; counter 0, mode 0: its output rises once
        out 43h, al
        mov al, 10h
        out 40h, al
        mov al, 0
        out 40h, al
        mov al, 0Ah                     ; read the requests
        out 20h, al
.wait:
        in al, 20h
        test al, 1
        jz .wait
        ret

; The interrupt: where it came in. It ends the case.
came:
        mov eax, [esp]
        mov bx, DATA
        mov ds, bx
        mov es, bx
        mov ebx, [esp + 8]
        lss esp, [case_stack]
        sub eax, [case_from]
        SAY "came at +"
        call say_hex8
        test ebx, 10000h
        jz .no_rf
        SAY " rf"
.no_rf:
        mov al, 0FFh
        out 21h, al
        mov al, 20h
        out 20h, al
        jmp case_over

%macro WAITING 1
        CASE %1
        SET_GATE 20h, CODE, came, PRESENT | RING3 | INTERRUPT_GATE
        call arm
        mov cx, ss
%endmacro

%macro WAITING_END 0
        times 4 nop
        cli
        END_CASE
%endmacro

cases:
        WAITING "sti"
        sti
        inc ebx
        inc ebx
        WAITING_END
        WAITING "sti, sti"
        sti
        sti
        inc ebx
        WAITING_END
        WAITING "sti, cli: never"
        sti
        cli
        inc ebx
        WAITING_END
        WAITING "sti, then a jump"
        sti
        jmp short %$there
        nop
%$there: inc ebx
        WAITING_END
        WAITING "sti, then ret"
        push dword %$there
        sti
        ret
%$there: inc ebx
        WAITING_END
        WAITING "sti, hlt"
        sti
        hlt
        inc ebx
        WAITING_END
        WAITING "sti, int n"
        SET_GATE 85h, CODE, %$there, PRESENT | 0Fh
        sti
        int 85h
        nop
%$there: inc ebx
        WAITING_END
        WAITING "popf"
        push dword 202h
        popfd
        inc ebx
        WAITING_END
        WAITING "iretd"
        push dword 202h
        push cs
        push dword %$there
        iretd
%$there: inc ebx
        WAITING_END
        WAITING "mov ss, popf: held up by one more"
        push dword 202h
        mov ss, cx
        popfd
        inc ebx
        WAITING_END
        WAITING "pop ss, then sti"
        push ss
        pop ss
        sti
        inc ebx
        inc ebx
        WAITING_END
        WAITING "sti in ring 3 with IOPL 3"
        push dword DATA3
        push dword RING3_STACK
        push dword 3002h
        push dword CODE3
        push dword %$ring3
        iretd
%$ring3:
        sti
        nop
        nop
        nop
        cli
        int 80h
        END_CASE
        WAITING "into ring 3 with IF set"
        push dword DATA3
        push dword RING3_STACK
        push dword 202h
        push dword CODE3
        push dword %$ring3
        iretd
%$ring3:
        nop
        nop
        END_CASE
        WAITING "sti that faults"
        push dword DATA3
        push dword RING3_STACK
        push dword 2002h
        push dword CODE3
        push dword %$ring3
        iretd
%$ring3:
        sti
        nop
        nop
        END_CASE

; In virtual-8086 mode, with flags
%macro WAITING_V86 2
        WAITING %1
        times 5 push dword 0
        push dword RING3_STACK
        push dword 20002h | (%2)
        push dword 0
        push dword %$v86
        iretd
        bits 16
%$v86:
%endmacro
%macro WAITING_V86_END 0
        times 4 nop
        hlt
        bits 32
        END_CASE
%endmacro
        WAITING_V86 "into virtual-8086 mode with IF set, IOPL 0", 200h
        nop
        WAITING_V86_END
        WAITING_V86 "virtual-8086 mode, IF clear", 0
        nop
        WAITING_V86_END
        WAITING_V86 "virtual-8086 mode, sti", 3000h
        sti
        nop
        WAITING_V86_END
        WAITING_V86 "virtual-8086 mode, popf", 3000h
        push word 202h
        popf
        nop
        WAITING_V86_END
        WAITING_V86 "virtual-8086 mode, iret", 3000h
        push word 202h
        push cs
        push word %$there
        iret
%$there: nop
        WAITING_V86_END
        WAITING_V86 "virtual-8086 mode, sti with IOPL 0", 0
        sti
        WAITING_V86_END
        WAITING_V86 "virtual-8086 mode, mov ss behind popf", 3000h
        push word 202h
        push ss
        pop ss
        popf
        nop
        WAITING_V86_END

        END_FAULTS
