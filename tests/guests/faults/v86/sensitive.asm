; What IOPL decides in virtual-8086 mode: CLI, STI, PUSHF, POPF, INT n, IRET (SDM volume 3A, 20.2.7, and each instruction's
; pseudo-code); and what it does not: INT3, INTO, IN, OUT.

%define GUEST "sensitive"
%include "v86.inc"

        jmp cases

say_eflags:
        SAY " fl="
        mov eax, [ebp + FRAME_EFLAGS]
        and eax, ~10000h                ; RF is another topic's
        jmp say_hex32

say_state:
        call say_eflags
        SAY " ax="
        mov eax, [ebp + FRAME_EAX]
        call say_hex32
        SAY " sp="
        mov eax, [ebp + FRAME_ESP]
        jmp say_hex32

; SENSITIVE name, flags at first, instructions, with every IOPL
%macro SENSITIVE 3+
  %assign level 0
  %rep 4
        CASE %1, ", IOPL ", '0' + level
        ALSO say_state
        V86 level, %2
        %3
        V86_END
        END_CASE
    %assign level level + 1
  %endrep
%endmacro

%macro POPF_OF 1
        push word %1
        popf
%endmacro

%macro POPFD_OF 1
        push dword %1
        popfd
%endmacro

; IRET to the instruction behind it, with the flags given.
%macro IRET_OF 1
        push word %1
        push cs
        push word %%next
        iret
%%next:
%endmacro

%macro IRETD_OF 1
        push dword %1
        push dword 0
        push dword %%next
        iretd
%%next:
%endmacro

; To a segment of which only 16 bits count, and with ESP's upper half as it was
%macro IRET_ELSEWHERE 0
        push word 3202h
        push word 40h
        push word THERE - 400h
        iret
%endmacro

%macro PUSHF_POP_AX 0
        pushf
        pop ax
%endmacro

%macro PUSHFD_POP_EAX 0
        pushfd
        pop eax
%endmacro

%macro INTO_SET 0
        mov al, 7Fh
        inc al
        into
%endmacro

cases:
        SENSITIVE "cli", 0, cli
        SENSITIVE "sti", 0, sti
        SENSITIVE "pushf", 0, PUSHF_POP_AX
        SENSITIVE "pushfd", 40000h, PUSHFD_POP_EAX
        SENSITIVE "popf of 0", 0, POPF_OF 0
        SENSITIVE "popf of all but TF", 0, POPF_OF 0FEFFh
        SENSITIVE "popfd of all but TF", 0, POPFD_OF 0FFFFFEFFh
        SENSITIVE "popfd of 0", 40000h, POPFD_OF 0
        SENSITIVE "iret with 0", 0, IRET_OF 0
        SENSITIVE "iret with all but TF", 0, IRET_OF 0FEFFh
        SENSITIVE "iretd with all but TF", 0, IRETD_OF 0FFFFFEFFh
        SENSITIVE "iretd with 0", 240000h, IRETD_OF 0
        SENSITIVE "iret to another segment", 0, IRET_ELSEWHERE
        SENSITIVE "int 0, its gate's DPL 0", 0, int 0
        SENSITIVE "int 81h, gate not there", 0, int 81h
        SENSITIVE "int3, cd 03", 0, db 0CDh, 3
        SENSITIVE "into, OF clear", 0, into
        SENSITIVE "into, OF set, gate's DPL 0", 0, INTO_SET

        SET_GATE 4, CODE, exception_4, PRESENT | RING3 | INTERRUPT_GATE
        SENSITIVE "into, OF set, gate's DPL 3", 0, INTO_SET
        SET_GATE 4, CODE, exception_4, PRESENT | INTERRUPT_GATE
        SET_GATE 3, CODE, exception_3, PRESENT | INTERRUPT_GATE
        SENSITIVE "int3, gate's DPL 0", 0, nop
        SET_GATE 0, CODE, exception_0, PRESENT | RING3 | INTERRUPT_GATE
        SENSITIVE "int 0, its gate's DPL 3", 0, int 0
        SENSITIVE "int1, gate's DPL 0", 0, db 0F1h
        SENSITIVE "divide error, gate's DPL 0", 0, div dl

        END_FAULTS
