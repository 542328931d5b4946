; When #AC is there: in ring 3 with CR0.AM and EFLAGS.AC, for the linear address, and not for what the CPU reads and writes by itself
; (SDM volume 3A, 2.3, 2.5, 6.15 #AC). QEMU does not check alignment at all.

%define GUEST "conditions"
%include "faults.inc"

CR0_AM          equ 40000h
EFLAGS_AC       equ 40000h
AREA            equ 2000h
CODE1           equ SPARE | 1
DATA1           equ SPARE + 8 | 1
CODE2           equ SPARE + 16 | 2
DATA2           equ SPARE + 24 | 2
DATA_ODD        equ SPARE + 32 | 3      ; base AREA + 1
SHORT_DATA           equ SPARE + 40 | 3
CONFORMING      equ SPARE + 56 | 3
GATE_RING0      equ SPARE + 64 | 3

        jmp cases

%macro AM 1                             ; 0 or 1
        mov eax, cr0
        and eax, ~CR0_AM
        or eax, (%1) * CR0_AM
        mov cr0, eax
%endmacro

; Goes to a ring with EFLAGS.AC as given.
%macro RING 2
  %if %1 = 0
        push dword 2 | (%2) * EFLAGS_AC
        popfd
  %else
        mov ax, DATA3
        mov ds, ax
        mov es, ax
        push dword DATA%1
        push dword RING3_STACK
        push dword 2 | (%2) * EFLAGS_AC
        push dword CODE%1
        push dword %%there
        iretd
%%there:
  %endif
%endmacro

%macro EVERY 3                          ; CPL, AM, AC
        CASE "CPL ", '0' + %1, ", AM ", '0' + %2, ", AC ", '0' + %3
        AM %2
        RING %1, %3
        mov eax, [AREA + 1]
        int 80h
        END_CASE
%endmacro

%macro RING3_AC 2+
        CASE %1
        RING 3, 1
        %2
        int 80h
        END_CASE
%endmacro

say_fl: SAY " fl="
        mov eax, [ebp + FRAME_EFLAGS]
        jmp say_hex32

old_gdt: dw gdt_end - gdt - 1
        dd gdt
odd_gdt: dw gdt_end - gdt - 1
        dd 100001h
odd_idt: dw 7FFh
        dd 101003h

cases:
        SET_DESCRIPTOR CODE1, 0, 0FFFFFh, PRESENT | 20h | CODE_READABLE, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR DATA1, 0, 0FFFFFh, PRESENT | 20h | DATA_WRITABLE, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR CODE2, 0, 0FFFFFh, PRESENT | 40h | CODE_READABLE, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR DATA2, 0, 0FFFFFh, PRESENT | 40h | DATA_WRITABLE, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR DATA_ODD, AREA + 1, 0FFFh, PRESENT | RING3 | DATA_WRITABLE, FLAG_32BIT
        SET_DESCRIPTOR SHORT_DATA, AREA, 0Fh, PRESENT | RING3 | DATA_WRITABLE, FLAG_32BIT
        SET_DESCRIPTOR CONFORMING, 0, 0FFFFFh, PRESENT | 1Eh, FLAG_4K | FLAG_32BIT
        SET_CALL_GATE GATE_RING0, CODE, case_none, PRESENT | RING3 | 0Ch, 0
        mov dword [tss + 12], RING3_STACK - 200h ; ESP1, SS1
        mov dword [tss + 16], DATA1
        mov al, 0FFh
        out 21h, al

  %assign cpl 0
  %rep 4
        EVERY cpl, 0, 0
        EVERY cpl, 0, 1
        EVERY cpl, 1, 0
        EVERY cpl, 1, 1
    %assign cpl cpl + 1
  %endrep
        AM 1

        CASE "error code, flags and place"
        ALSO say_fl
        RING 3, 1
        mov eax, [AREA + 2]
        int 80h
        END_CASE
        CASE "AC set by POPFD in ring 3"
        RING 3, 0
        push dword 2 | EFLAGS_AC
        popfd
        mov eax, [AREA + 2]
        int 80h
        END_CASE
        CASE "AC cleared by POPFD in ring 3"
        RING 3, 1
        push dword 2
        popfd
        mov eax, [AREA + 2]
        int 80h
        END_CASE
        CASE "POPF of 16 bits keeps AC"
        RING 3, 1
        push word 2
        popf
        mov eax, [AREA + 2]
        int 80h
        END_CASE
        CASE "virtual-8086 mode"
        times 5 push dword 0
        push dword RING3_STACK
        push dword 20002h | EFLAGS_AC
        push dword 0
        push dword %$v86
        iretd
        bits 16
%$v86:  mov eax, [AREA + 2]
        hlt
        bits 32
        END_CASE

        ; The linear address counts.
        CASE "odd base, even offset"
        mov ax, DATA_ODD
        mov fs, ax
        RING 3, 1
        mov ax, [fs:2]
        int 80h
        END_CASE
        CASE "odd base, odd offset"
        mov ax, DATA_ODD
        mov fs, ax
        RING 3, 1
        mov ax, [fs:3]
        int 80h
        END_CASE

        ; The segment's checks come first.
        CASE "beyond the limit and not aligned"
        mov ax, SHORT_DATA
        mov fs, ax
        RING 3, 1
        mov eax, [fs:0Dh]
        int 80h
        END_CASE
        RING3_AC "write to code, not aligned", mov [cs:AREA + 1], eax
        CASE "null selector, not aligned"
        RING 3, 1
        xor eax, eax
        mov fs, ax
        mov eax, [fs:AREA + 1]
        int 80h
        END_CASE

        ; Instruction fetches need no alignment.
        CASE "code at an odd address"
        mov dword [AREA + 1], 0CD909090h
        mov byte [AREA + 5], 80h
        RING 3, 1
        mov eax, AREA + 1
        jmp eax
        END_CASE

        ; What the CPU does by itself
        CASE "INT n from ring 3, odd ESP0"
        mov dword [tss + 4], STACK0 - 3
        RING 3, 1
        int 80h
        END_CASE
        mov dword [tss + 4], STACK0
        CASE "INT n from ring 3, odd ESP"
        RING 3, 1
        dec esp
        int 80h
        END_CASE
        CASE "call gate, odd ESP0"
        mov dword [tss + 4], STACK0 - 3
        RING 3, 1
        call GATE_RING0:0
        int 80h
        END_CASE
        mov dword [tss + 4], STACK0
        CASE "GDT at an odd address, segment load in ring 3"
        mov esi, gdt
        mov edi, 100001h
        mov ecx, (gdt_end - gdt) / 4
        rep movsd
        lgdt [odd_gdt]
        RING 3, 1
        mov ax, DATA_ODD
        mov fs, ax
        lar eax, [AREA]
        int 80h
        END_CASE
        lgdt [old_gdt]
        CASE "IDT at an odd address, INT n in ring 3"
        mov esi, idt
        mov edi, 101003h
        mov ecx, 200h
        rep movsd
        lidt [odd_idt]
        RING 3, 1
        int 80h
        END_CASE
        lidt [idt_pointer]
        CASE "IRETD of ring 0 to ring 3 from an odd stack"
        dec esp
        RING 3, 1
        int 80h
        END_CASE
        CASE "conforming code of ring 0 runs in ring 3"
        RING 3, 1
        jmp CONFORMING:%$there
%$there:
        mov eax, [AREA + 1]
        int 80h
        END_CASE

        ; 16 bytes that are not aligned are #GP, whatever AC.
        mov eax, cr4
        or eax, 200h
        mov cr4, eax
        CASE "movaps at 8, AC set"
        RING 3, 1
        movaps xmm0, [AREA + 8]
        int 80h
        END_CASE
        CASE "movaps at 1, AC set"
        RING 3, 1
        movaps xmm0, [AREA + 1]
        int 80h
        END_CASE
        CASE "movaps at 8, ring 0"
        movaps [AREA + 8], xmm0
        int 80h
        END_CASE
        CASE "addps at 4"
        addps xmm0, [AREA + 4]
        int 80h
        END_CASE
        CASE "fxsave at 8"
        fxsave [AREA + 8]
        END_CASE
        CASE "movups at 1, ring 0"
        movups xmm0, [AREA + 1]
        jmp case_none
        END_CASE
        CASE "movups at 8, AC set"
        RING 3, 1
        movups xmm0, [AREA + 8]
        int 80h
        END_CASE

        ; Registers stay as they were.
        CASE "push, then ESP"
        ALSO say_esp
        RING 3, 1
        dec esp
        push eax
        int 80h
        END_CASE
        CASE "rep movsd stops at the first"
        ALSO say_strings
        RING 3, 1
        mov esi, AREA
        mov edi, AREA + 101h
        mov ecx, 3
        rep movsd
        int 80h
        END_CASE
        jmp over
say_esp:
        SAY " esp="
        mov eax, [ebp + FRAME_ESP]
        jmp say_hex32
say_strings:
        SAY " ecx="
        mov eax, [ebp + FRAME_ECX]
        call say_hex32
        SAY " edi="
        mov eax, [ebp]
        jmp say_hex32
over:
        END_FAULTS
