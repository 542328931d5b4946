; Which bits of EFLAGS POPF and IRET change at each privilege level and IOPL (SDM volume 2, POPF, table 4-19, and IRET), and
; that CPUID's ID can be toggled. A line has EFLAGS after an attempt to set all bits but TF and VM (IRET: all but these and
; VIF and VIP, which need VME), and after one to clear them all.

%define GUEST "eflags"
%include "faults.inc"
%include "attempts.inc"

ALL             equ 247ED7h             ; ID, AC, NT, IOPL, the status flags, IF, DF

        jmp start_of_cases

; Selectors of code and data for rings 0 to 3.
rings:
        dw CODE, DATA
        dw SPARE | 1, SPARE + 8 | 1
        dw SPARE + 16 | 2, SPARE + 24 | 2
        dw CODE3, DATA3

ring:           dd 0
iopl:           dd 0
before:         dd 0                    ; EFLAGS
value:          dd 0                    ; what is popped
operation:      dd 0

; Runs `operation` in `ring` with EFLAGS `before`; EBX = EFLAGS after it.
in_ring:
        mov eax, .go
        call attempt
        mov ebx, [attempt_eflags]
        cmp al, 0FFh
        je .done
        SAY " exception "
        call say_hex8
.done:
        ret
.go:
        mov edi, [ring]
        movzx ecx, word [rings + edi * 4]
        movzx edx, word [rings + edi * 4 + 2]
        mov ebp, [value]
        cmp edi, 0
        je .flags
        push edx
        push dword RING3_STACK
.flags:
        push dword [before]
        push ecx
        push dword [operation]
        iretd

; The operations: EBP is what is popped, ECX the code segment.
popf_d:
        push ebp
        popfd
        int 80h
popf_w:
        push bp
        popfw
        int 80h
iret_d:
        push ebp
        push ecx
        push dword .there
        iretd
.there:
        int 80h
iret_w:
        push bp
        push cx
        push word .there
        iretw
.there:
        int 80h

%macro LINES 3                          ; name, operation, what may be set before
        mov dword [operation], %2
        mov dword [ring], 0
%%ring:
        mov dword [iopl], 0
%%iopl:
        CASE %1
        SAY "ring "
        mov al, [ring]
        call say_digit
        SAY " IOPL "
        mov eax, [iopl]
        call say_digit
        SAY ": "
        shl eax, 12
        or eax, 2
        mov [before], eax
        mov dword [value], ALL
        call in_ring
        call say_ebx
        and dword [before], 3000h
        or dword [before], %3 | 2
        mov dword [value], 2
        call in_ring
        call say_ebx
        SAY " "
        END_CASE
        inc dword [iopl]
        cmp dword [iopl], 4
        jb %%iopl
        inc dword [ring]
        cmp dword [ring], 4
        jb %%ring
%endmacro

say_eflags:
        SAY " eflags="
        mov eax, [ebp + FRAME_EFLAGS]
        jmp say_hex32

start_of_cases:
        mov al, 0FFh                    ; IF will be set
        out 21h, al
        out 0A1h, al
        SET_DESCRIPTOR SPARE, 0, 0FFFFFh, PRESENT | 20h | CODE_READABLE, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR SPARE + 8, 0, 0FFFFFh, PRESENT | 20h | DATA_WRITABLE, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR SPARE + 16, 0, 0FFFFFh, PRESENT | 40h | CODE_READABLE, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR SPARE + 24, 0, 0FFFFFh, PRESENT | 40h | DATA_WRITABLE, FLAG_4K | FLAG_32BIT

        LINES "POPFD", popf_d, ALL & ~3000h
        LINES "POPFW", popf_w, ALL & ~3000h
        LINES "IRETD", iret_d, ALL & ~7000h
        LINES "IRETW", iret_w, ALL & ~7000h

        CASE "POPFD cannot set VM, VIF and VIP, and no reserved bit"
        push dword 0FFDA8028h
        popfd
        pushfd
        pop ebx
        call say_ebx
        SAY " "
        END_CASE
        CASE "PUSHFD shows RF as 0, and IRETD sets it for one instruction only"
        push dword 10002h
        push dword CODE
        push dword .here
        iretd
.here:
        pushfd
        pop ebx
        call say_ebx
        SAY " "
        END_CASE
        CASE "a fault saves RF set"
        ALSO say_eflags
        ud2
        END_CASE
        CASE "INT n saves it clear"
        ALSO say_eflags
        push dword 10002h
        push dword CODE
        push dword .here2
        iretd
.here2:
        int 3
        END_CASE
        CASE "PUSHFW of all flags"
        push dword 244ED7h
        popfd
        push dword 0FFFFFFFFh
        push dword 0FFFFFFFFh
        pop eax
        pushfw
        cld
        pop bx
        and ebx, 0FFFFh
        push dword 2
        popfd
        call say_ebx
        SAY " "
        END_CASE
        CASE "POPFD beyond the stack's limit"
        SET_DESCRIPTOR SPARE + 32, 0, 7FFFh, PRESENT | DATA_WRITABLE, FLAG_32BIT
        mov ax, SPARE + 32
        mov ss, ax
        mov esp, 7FFEh
        popfd
        END_CASE

        END_FAULTS
