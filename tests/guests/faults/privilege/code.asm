; Who may go to which code segment without a gate (SDM volume 3A, 5.8.1; volume 2, JMP, CALL, RET): by CPL, RPL and DPL, and
; the CS found there.

%define GUEST "code"
%include "faults.inc"
%include "rings.inc"
        jmp cases
%include "levels.inc"

target: dd landed
        dw 0

; EDX tells the CS.
landed: mov edx, cs
        LEAVE_RING

say_cs:
        test edx, edx
        jz .nowhere
        SAY16 " cs=", dx
.nowhere:
        ret

cases:
%macro REACHED 3                        ; name, instruction, type
        EACH_LEVEL %3
        mov eax, [selector]
        mov [target + 4], ax
        NAMED %1
        call enter_ring
        xor edx, edx
        %2
        END_CASE
        call say_cs
        END_EACH
%endmacro
        REACHED "jmp", jmp far [target], SEG_CODE
        REACHED "jmp, conforming", jmp far [target], SEG_CONFORMING
        REACHED "call", call far [target], SEG_CODE
        REACHED "call, conforming", call far [target], SEG_CONFORMING

        ; Back to the ring of the RPL, with a stack of it.
%macro back 0
        mov eax, [rpl]
        movzx ecx, word [ring_datas + eax * 2]
        push ecx
        push dword [ring_stacks + eax * 4]
        push dword [selector]
        push dword landed
        retf
%endmacro
%macro back_by_iret 0
        mov eax, [rpl]
        movzx ecx, word [ring_datas + eax * 2]
        push ecx
        push dword [ring_stacks + eax * 4]
        push dword 2
        push dword [selector]
        push dword landed
        iretd
%endmacro
        REACHED "retf", back, SEG_CODE
        REACHED "retf, conforming", back, SEG_CONFORMING
        REACHED "iret", back_by_iret, SEG_CODE
        REACHED "iret, conforming", back_by_iret, SEG_CONFORMING
        END_FAULTS
