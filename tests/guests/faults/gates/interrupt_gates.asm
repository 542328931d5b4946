; Interrupt and trap gates: types, DPL, what is pushed and cleared, the IDT's limit, the code and the stack behind a gate,
; and the error codes with IDT and EXT (SDM volume 3A, 6.10 to 6.13; volume 2A, INT n).

%define GUEST "interrupt_gates"
%include "faults.inc"
%include "rings.inc"
%define LOW(label) (label - start + 7C00h)

VECTOR          equ 81h
CONFORMING      equ SPARE               ; DPL 0
TARGET          equ SPARE + 8           ; code, changed from case to case
STACK1_BAD      equ SPARE + 16
SMALL           equ SPARE + 24          ; code of ring 0, limit FFFh
SMALL1          equ SPARE + 32          ; code of ring 1, the same
STACK16         equ SPARE + 40          ; 16-bit stack of ring 0
INT32           equ PRESENT | RING3 | 0Eh
TRAP32          equ PRESENT | RING3 | 0Fh
INT16           equ PRESENT | RING3 | 06h
TRAP16          equ PRESENT | RING3 | 07h
        jmp cases

kind:   dd 0
; Whoever is interrupted comes here: EDX the stack pointer, EBX the flags, EDI CS.
landed: mov edx, esp
        pushfd
        pop ebx
        cld
        mov edi, cs
        test edi, 3
        jz .mine
        LEAVE_RING
.mine:  mov ax, DATA
        mov ds, ax
        mov es, ax
        mov esi, edx
        push edi
        mov edi, pushed
        mov ecx, 8
        rep movsd
        pop edi
        jmp dword CODE:case_none
pushed: times 8 dd 0                    ; what was on the stack

; The same, needing no stack.
arrived:
        mov edx, 1
        xor edi, edi
        LEAVE_RING

say_cs: test edx, edx
        jz .nowhere
        SAY16 " cs=", di
.nowhere:
        ret

; ECX words or doublewords that were pushed, and the flags of the handler.
say_pushed32:
        test edx, edx
        jz .nowhere
        mov esi, pushed
.next:  SAY " "
        lodsd
        call say_place
        loop .next
        SAY32 " flags=", ebx
.nowhere:
        ret
say_pushed16:
        test edx, edx
        jz .nowhere
        mov esi, pushed
.next:  SAY " "
        xor eax, eax
        lodsw
        call say_place
        loop .next
        SAY32 " flags=", ebx
.nowhere:
        ret

say_type:
        SAY "type "
        mov al, [kind]
        jmp say_hex8

idt_whole:
        dw idt_end - idt - 1
        dd idt
idt_short:
        dw VECTOR * 8 + 7
        dd idt
idt_cut:
        dw VECTOR * 8 + 6
        dd idt
idt_ends:
        dw VECTOR * 8 - 1
        dd idt

cases:
        SET_DESCRIPTOR CONFORMING, 0, 0FFFFFh, PRESENT | SEG_CONFORMING, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR SMALL, 0, 0FFFh, PRESENT | SEG_CODE, FLAG_32BIT
        SET_DESCRIPTOR SMALL1, 0, 0FFFh, PRESENT | RING1 | SEG_CODE, FLAG_32BIT
        SET_DESCRIPTOR STACK16, 0, 0FFFFh, PRESENT | SEG_DATA_WRITE, 0
        mov al, 0FFh
        out 21h, al
        out 0A1h, al

        ; Gates of all types, DPL 0, from ring 0: access bytes 00 to 1F and 80 to 9F. (What a task gate leads to is no TSS.)
        SET_GATE VECTOR, CODE, landed, 0
.types:
        mov al, [kind]
        mov [idt + VECTOR * 8 + 5], al
        CASE_BY say_type
        int VECTOR
        END_CASE
        inc byte [kind]
        cmp byte [kind], 0A0h
        je .typed
        cmp byte [kind], 20h
        jne .types
        mov byte [kind], 80h
        jmp .types
.typed:

        ; The DPL of the gate against the CPL, for INT n, INT3 and INTO; not for what is no such instruction.
%macro BY 5                             ; vector, name, instruction, DPL, ring
        SET_GATE %1, CODE, landed, PRESENT | %4 << 5 | 0Eh
        CASE %2, ", gate of DPL ", '0' + %4, ", ring ", '0' + %5
        ENTER_RING %5
        xor edx, edx
        mov ecx, 1000h
        %3
        END_CASE
        call say_cs
        SET_GATE %1, CODE, exception_ %+ %1, PRESENT | 0Eh
%endmacro
%macro BY_ALL 3
        BY %1, {%2}, {%3}, 0, 1
        BY %1, {%2}, {%3}, 0, 3
        BY %1, {%2}, {%3}, 1, 1
        BY %1, {%2}, {%3}, 1, 2
        BY %1, {%2}, {%3}, 2, 1
        BY %1, {%2}, {%3}, 2, 3
        BY %1, {%2}, {%3}, 3, 3
%endmacro
%macro overflow 0
        mov al, 7Fh
        inc al
        into
%endmacro
%macro out_of_bounds 0
        mov dword [ecx], 1
        mov dword [ecx + 4], 0
        bound ecx, [ecx]
%endmacro
        BY_ALL 3, "int 3", {db 0CCh}
        BY_ALL 3, "int imm8 3", {db 0CDh, 3}
        BY_ALL 4, "into", overflow
        BY_ALL 1, "int 1", {db 0F1h}
        BY_ALL 5, "bound", out_of_bounds
        BY_ALL 6, "ud2", ud2
        BY_ALL 13, "hlt", hlt

        ; What is pushed and which flags the handler begins with: TF, NT, RF and VM are clear, IF only behind an interrupt
        ; gate. Ring 0 first, then ring 3. (AC, OF, DF and IOPL stay.)
%macro PUSHED 3                         ; name, gate, words (0) or doublewords (1)
        SET_GATE VECTOR, CODE, landed, %2
        CASE %1, ", ring 0"
        push dword 244EFFh & ~100h
        popfd
        mov edx, esp
        int VECTOR
        END_CASE
        mov ecx, 3
        call say_pushed%3
        CASE %1, ", ring 3"
        push dword DATA_3
        push dword 12347000h
        push dword 24FEFFh & ~100h
        push dword CODE_3
        push dword %%there
        iretd
%%there:
        int VECTOR
        END_CASE
        mov ecx, 5
        call say_pushed%3
%endmacro
        PUSHED "interrupt gate, 32 bits", INT32, 32
        PUSHED "trap gate, 32 bits", TRAP32, 32
        PUSHED "interrupt gate, 16 bits", INT16, 16
        PUSHED "trap gate, 16 bits", TRAP16, 16

        ; With an error code.
%macro PUSHED_CODE 3                    ; name, gate, words or doublewords
        SET_GATE 13, CODE, landed, %2
        CASE %1, " with error code, ring 0"
        mov ax, 0FFFFh
        mov fs, ax
        END_CASE
        mov ecx, 4
        call say_pushed%3
        CASE %1, " with error code, ring 3"
        ENTER_RING 3
        mov ax, 0FFFFh
        mov fs, ax
        END_CASE
        mov ecx, 6
        call say_pushed%3
        SET_GATE 13, CODE, exception_13, PRESENT | 0Eh
%endmacro
        PUSHED_CODE "interrupt gate, 32 bits", INT32, 32
        PUSHED_CODE "trap gate, 16 bits", TRAP16, 16

        ; A 16-bit gate has an offset of 16 bits: what stands above does not count.
        SET_GATE VECTOR, CODE, landed, INT16
        mov word [idt + VECTOR * 8 + 6], 10h
        ; For who does count it.
        mov dword [landed + 100000h], 0EAh | LOW(case_none) << 8
        mov dword [landed + 100004h], CODE << 8
        CASE "16-bit gate, upper half of the offset"
        xor edx, edx
        int VECTOR
        END_CASE
        call say_cs
        mov word [idt + VECTOR * 8 + 6], 0
        SET_GATE VECTOR, CODE, landed, INT32
        mov byte [idt + VECTOR * 8 + 4], 0FFh
        CASE "the reserved byte of a gate"
        xor edx, edx
        int VECTOR
        END_CASE
        call say_cs
        mov byte [idt + VECTOR * 8 + 4], 0

        ; To a 16-bit stack, and on one.
        mov dword [TSS_SS0], STACK16
        mov dword [TSS_ESP0], 12340000h | STACK0
        CASE "to a 16-bit stack"
        ENTER_RING 3
        xor edx, edx
        int VECTOR
        END_CASE
        SAY16 " sp=", dx
        mov dword [TSS_SS0], DATA
        mov dword [TSS_ESP0], STACK0
        CASE "on a 16-bit stack"
        mov ax, STACK16
        mov ss, ax
        mov esp, 12340000h | STACK0
        int VECTOR
        END_CASE
        SAY32 " esp=", edx

        ; The end of the IDT.
%macro IDT 3+
        CASE %1
        lidt [%2]
        xor edx, edx
        %3
        END_CASE
        lidt [idt_whole]
%endmacro
        SET_GATE VECTOR, CODE, landed, INT32
        IDT "idt, up to the gate's end", idt_short, int VECTOR
        IDT "idt, a byte short", idt_cut, int VECTOR
        IDT "idt, ends before", idt_ends, int VECTOR
        IDT "idt, far beyond", idt_cut, int 0FFh

        ; The code behind the gate. INT n does not set EXT, an exception does.
%macro BEHIND 4                         ; name, ring, code selector, label
        SET_GATE VECTOR, %3, %4, INT32
        CASE "int, ", %1
        ENTER_RING %2
        xor edx, edx
        int VECTOR
        END_CASE
        call say_cs
        SET_GATE 6, %3, %4, INT32
        CASE "ud2, ", %1
        ENTER_RING %2
        xor edx, edx
        ud2
        END_CASE
        call say_cs
        SET_GATE 6, CODE, exception_6, PRESENT | 0Eh
%endmacro
        BEHIND "code null", 3, 0, landed
        BEHIND "code null with RPL 3", 3, 3, landed
        BEHIND "code beyond the table", 3, 0FFF8h, landed
        BEHIND "code in the LDT that is empty", 3, LDT_SPARE + 64, landed
        BEHIND "data", 3, DATA, landed
        BEHIND "a TSS", 3, TSS, landed
        BEHIND "a call gate or nothing", 3, SPARE + 200, landed
        BEHIND "code of ring 3 from ring 0", 0, CODE_3, landed
        BEHIND "code of ring 3 from ring 1", 1, CODE_3, landed
        BEHIND "code of ring 3 from ring 3", 3, CODE_3, landed
        BEHIND "code of ring 0 with RPL 3", 3, CODE | 3, landed
        BEHIND "code of ring 1", 3, CODE_1, landed
        BEHIND "code of ring 2 from ring 2", 2, CODE_2, landed
        BEHIND "conforming code of ring 0 from ring 3", 3, CONFORMING, landed
        BEHIND "conforming code of ring 0 from ring 0", 0, CONFORMING, landed
        BEHIND "offset beyond the limit, ring 0", 0, SMALL, landed
        BEHIND "offset beyond the limit, from ring 3 to 0", 3, SMALL, landed
        SET_DESCRIPTOR TARGET, 0, 0FFFFFh, SEG_CODE, FLAG_4K | FLAG_32BIT
        BEHIND "code absent", 3, TARGET, landed
        SET_DESCRIPTOR TARGET, 0, 0FFFFFh, RING3 | SEG_CODE, FLAG_4K | FLAG_32BIT
        BEHIND "code of ring 3 absent, from ring 2", 2, TARGET, landed

        ; Absent gates and such of no type, for an exception: #NP and #GP follow, whatever the DPL.
%macro BAD_GATE 3
        SET_GATE 6, CODE, landed, %2
        CASE %1, ", ring ", '0' + %3
        ENTER_RING %3
        ud2
        END_CASE
        SET_GATE 6, CODE, exception_6, PRESENT | 0Eh
%endmacro
        BAD_GATE "ud2, gate absent", RING3 | 0Eh, 0
        BAD_GATE "ud2, gate absent", 0Eh, 3
        BAD_GATE "ud2, gate of type 0", PRESENT, 3
        BAD_GATE "ud2, gate of type 0, absent", 0, 3
        BAD_GATE "ud2, a call gate", PRESENT | 0Ch, 3
        SET_GATE VECTOR, CODE, landed, 0Eh
        CASE "int, gate absent and DPL 0, ring 3"
        ENTER_RING 3
        int VECTOR
        END_CASE
        SET_GATE VECTOR, CODE, landed, RING3 | 0Eh
        CASE "int, gate absent and DPL 3, ring 3"
        ENTER_RING 3
        int VECTOR
        END_CASE

        ; The inner stack. From ring 3 to ring 1, so that there is a good one for the exception that follows.
%macro INNER 3                          ; name, selector, ESP
        mov dword [TSS_SS1], %2
        mov dword [TSS_ESP1], %3
        BEHIND %1, 3, CODE_1, arrived
%endmacro
        INNER "stack null", 0, 7000h
        INNER "stack null with RPL 1", 1, 7000h
        INNER "stack beyond the table", 0FFF9h, 7000h
        INNER "stack of RPL 0", DATA_1 & ~1, 7000h
        INNER "stack of DPL 0 with RPL 1", DATA | 1, 7000h
        INNER "stack code", CODE_1, 7000h
        SET_DESCRIPTOR STACK1_BAD, 0, 0FFFFFh, RING1 | SEG_DATA_WRITE, FLAG_4K | FLAG_32BIT
        INNER "stack absent", STACK1_BAD | 1, 7000h
        SET_DESCRIPTOR STACK1_BAD, 0, 0FFFh, PRESENT | RING1 | SEG_DATA_WRITE, FLAG_32BIT
        INNER "stack of 20 bytes", STACK1_BAD | 1, 20
        INNER "stack of 19 bytes", STACK1_BAD | 1, 19
        mov dword [TSS_SS1], STACK1_BAD | 1
        mov dword [TSS_ESP1], 19
        BEHIND "stack too small, code beyond its limit", 3, SMALL1, landed
        mov dword [TSS_ESP1], 20
        BEHIND "stack that does, code beyond its limit", 3, SMALL1, landed
        SET_GATE VECTOR, CODE_1, arrived, INT16
        mov dword [TSS_ESP1], 10
        CASE "16-bit gate, stack of 10 bytes"
        ENTER_RING 3
        int VECTOR
        END_CASE
        mov dword [TSS_ESP1], 9
        CASE "16-bit gate, stack of 9 bytes"
        ENTER_RING 3
        int VECTOR
        END_CASE
        mov dword [TSS_SS1], DATA_1
        mov dword [TSS_ESP1], TSS_STACK_1

        ; The end of the TSS: ESP1 and SS1 are its bytes 0Ch to 11h.
%macro TSS_LIMIT 2
        SET_DESCRIPTOR TSS, tss, %2, PRESENT | TSS32, 0
        mov ax, TSS
        ltr ax
        BEHIND %1, 3, CODE_1, landed
%endmacro
        TSS_LIMIT "TSS up to SS1", 11h
        TSS_LIMIT "TSS up to the middle of SS1", 10h
        SET_DESCRIPTOR TSS, tss, 67h, PRESENT | TSS32, 0
        mov ax, TSS
        ltr ax

        ; An interrupt from outside: the timer at vector 90h. EXT is set; DPL 0 does for ring 3.
        mov al, 11h
        out 20h, al
        mov al, 90h
        out 21h, al
        mov al, 4
        out 21h, al
        mov al, 3                       ; with automatic EOI
        out 21h, al
        mov al, 0FEh
        out 21h, al
%macro TIMER 4                          ; name, code, access, ring
        SET_GATE 90h, %2, landed, %3
        CASE %1, ", ring ", '0' + %4
        push dword DATA_%4
        push dword RING_STACK_%4
        push dword 202h
        push dword CODE_%4
        push dword %%there
        xor edx, edx
        iretd
%%there:
        jmp %%there
        END_CASE
        call say_cs
%endmacro
        TIMER "timer", CODE, PRESENT | 0Eh, 0
        TIMER "timer", CODE, PRESENT | 0Eh, 3
        TIMER "timer, gate absent", CODE, 0Eh, 3
        TIMER "timer, gate of type 0", CODE, PRESENT, 3
        TIMER "timer, code null", 0, PRESENT | 0Eh, 3
        TIMER "timer, data", DATA, PRESENT | 0Eh, 3
        TIMER "timer, code of ring 3", CODE_3, PRESENT | 0Eh, 0
        TIMER "timer, code absent", TARGET, PRESENT | 0Eh, 3
        mov dword [TSS_SS1], 0
        TIMER "timer, stack null", CODE_1, PRESENT | 0Eh, 3
        mov dword [TSS_SS1], STACK1_BAD | 1
        mov dword [TSS_ESP1], 19
        TIMER "timer, stack too small", CODE_1, PRESENT | 0Eh, 3

        END_FAULTS
