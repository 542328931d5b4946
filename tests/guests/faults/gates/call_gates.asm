; Call gates: who may use them, where they may lead, the inner stack with its parameters and its faults (SDM volume 3A,
; 5.8.3 to 5.8.5; volume 2A, CALL and JMP).

%define GUEST "call_gates"
%include "faults.inc"
%include "rings.inc"
%define LOW(label) (label - start + 7C00h)
        jmp cases
%include "faults/privilege/levels.inc"

; (SPARE is TYPED, the gate.)
TRIED            equ SPARE
TARGET          equ SPARE + 8           ; code that is changed from case to case
STACK1_BAD      equ SPARE + 16          ; a stack of ring 1, the same
CONFORMING      equ SPARE + 24          ; DPL 0
SMALL1          equ SPARE + 32          ; code of ring 1, limit FFFh
STACK_SMALL     equ SPARE + 40 | 3      ; ring 3, limit FFFh
TSS16           equ SPARE + 48
GATE_IN_LDT     equ LDT_SPARE + 8
GATE32          equ PRESENT | RING3 | 0Ch
GATE16          equ PRESENT | RING3 | 04h

gate_pointer:
        dd 0
        dw TRIED
tss16:  times 22 dw 0
parameters:
        dd 0
gate_access:
        dd 0

; Where gates lead: EDX tells the stack pointer.
landed: mov edx, esp
        mov edi, cs
        LEAVE_RING

say_cs: test edx, edx
        jz .nowhere
        SAY16 " cs=", di
.nowhere:
        ret

; After a gate of 32 bits from ring 3 to ring 0: EIP (whether it is right), CS, parameters, ESP, SS.
say_frame32:
        test edx, edx
        jz .nowhere
        mov eax, STACK0
        sub eax, edx
        SAY " pushed="
        call say_hex8
        mov esi, edx
        add esi, 4                      ; what EIP is, is known
        mov ecx, [parameters]
        add ecx, 3
.next:  SAY " "
        lodsd
        call say_hex16
        loop .next
.nowhere:
        ret

say_frame16:
        test edx, edx
        jz .nowhere
        mov eax, STACK0
        sub eax, edx
        SAY " pushed="
        call say_hex8
        mov esi, edx
        add esi, 2
        mov ecx, [parameters]
        add ecx, 3
.next:  SAY " "
        lodsw
        call say_hex16
        loop .next
.nowhere:
        ret

; Puts a gate of [gate_access] into TRIED, with [parameters].
make_gate:
        mov eax, [parameters]
        mov ah, [gate_access]
        mov [gdt + TRIED + 4], eax
        mov dword [gdt + TRIED], CODE << 16 | LOW(landed)
        ret

; DWORDs 0 to 31 (or words) at the top of ring 3's stack.
fill:   mov edi, RING3_STACK
        xor eax, eax
        mov ecx, 32
.next:  stosd
        inc eax
        loop .next
        ret
fill16: mov edi, RING3_STACK
        xor eax, eax
        mov ecx, 32
.next:  stosw
        inc eax
        loop .next
        ret

say_parameters:
        SAY "parameters "
        mov al, [parameters]
        jmp say_hex8
say_parameters16:
        SAY "16 bits, "
        jmp say_parameters

cases:
        SET_DESCRIPTOR CONFORMING, 0, 0FFFFFh, PRESENT | SEG_CONFORMING, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR SMALL1, 0, 0FFFh, PRESENT | RING1 | SEG_CODE, FLAG_32BIT
        SET_DESCRIPTOR STACK_SMALL, 0, 0FFFh, PRESENT | RING3 | DATA_WRITABLE, FLAG_32BIT

        ; Who may use a gate: CPL, RPL of the selector, DPL of the gate.
%macro USED 4                           ; name, instruction, code selector, 0 or 1: 16 or 32 bits
        EACH_LEVEL 04h + 8 * %4
        mov word [gdt + TRIED], LOW(landed)
        mov dword [gdt + TRIED + 2], %3
        mov word [gdt + TRIED + 6], 0
        mov al, [dpl]
        shl al, 5
        or al, PRESENT | (04h + 8 * %4)
        mov [gdt + TRIED + 5], al
        mov eax, [selector]
        mov [gate_pointer + 4], ax
        NAMED %1
        call enter_ring
        xor edx, edx
        %2 far [gate_pointer]
        END_CASE
        call say_cs
        END_EACH
%endmacro
        USED "call to ring 0", call, CODE, 1
        USED "jmp to ring 0", jmp, CODE, 1
        USED "call to conforming code", call, CONFORMING, 1
        USED "jmp to conforming code", jmp, CONFORMING, 0
        USED "call to ring 1", call, CODE_1, 0
        mov word [gate_pointer + 4], TRIED | 3

        ; Where it may lead. From ring 2, as far as the case does not say.
%macro LEADS 5                          ; name, ring, gate's access, code selector, offset
        SET_CALL_GATE TRIED, %4, %5, %3, 0
        CASE %1
        ENTER_RING %2
        xor edx, edx
        call far [gate_pointer]
        END_CASE
        call say_cs
%endmacro
        LEADS "to null", 2, GATE32, 0, landed
        LEADS "to null with RPL 3", 2, GATE32, 3, landed
        LEADS "beyond the table", 2, GATE32, 0FFF8h, landed
        LEADS "to data", 2, GATE32, DATA, landed
        LEADS "to a TSS", 2, GATE32, TSS, landed
        LEADS "to another gate", 2, GATE32, TRIED, landed
        LEADS "to ring 3", 2, GATE32, CODE_3, landed
        LEADS "to ring 0 by a selector with RPL 3", 2, GATE32, CODE | 3, landed
        LEADS "to the same ring by a selector with RPL 0", 2, GATE32, CODE_2 & ~3, landed
        LEADS "to the same ring, 16 bits", 2, GATE16, CODE_2, landed
        LEADS "an absent gate", 2, GATE32 & ~PRESENT, CODE, landed
        LEADS "an absent gate of ring 0", 2, 0Ch, CODE, landed
        LEADS "an absent gate to null", 2, GATE32 & ~PRESENT, 0, landed
        SET_DESCRIPTOR TARGET, 0, 0FFFFFh, SEG_CODE, FLAG_4K | FLAG_32BIT
        LEADS "to absent code", 2, GATE32, TARGET, landed
        SET_DESCRIPTOR TARGET, 0, 0FFFFFh, RING3 | SEG_CODE, FLAG_4K | FLAG_32BIT
        LEADS "to absent code of ring 3", 2, GATE32, TARGET, landed
        SET_DESCRIPTOR TARGET, 0, 0FFFFFh, PRESENT | RING3 | SEG_CONFORMING, FLAG_4K | FLAG_32BIT
        LEADS "to conforming code of ring 3", 2, GATE32, TARGET, landed
        SET_DESCRIPTOR TARGET, 0, 0FFFFFh, PRESENT | RING1 | SEG_CONFORMING, FLAG_4K | FLAG_32BIT
        LEADS "to conforming code of ring 1", 2, GATE32, TARGET, landed
        LEADS "to an offset beyond the limit", 2, GATE32, SMALL1, start + 1400h
        mov dword [ldt + 8], CODE << 16 | LOW(landed)
        mov dword [ldt + 12], GATE32 << 8
        mov word [gate_pointer + 4], GATE_IN_LDT | 3
        LEADS "a gate in the LDT", 2, GATE32, CODE, landed
        mov word [gate_pointer + 4], TRIED | 3

        ; Parameters.
        call fill
        mov dword [parameters], 0
        mov byte [gate_access], GATE32
.each:
        call make_gate
        CASE_BY say_parameters
        ENTER_RING 3
        xor edx, edx
        call far [gate_pointer]
        END_CASE
        call say_frame32
        inc dword [parameters]
        cmp dword [parameters], 32
        jb .each

        call fill16
        mov dword [parameters], 0
        mov byte [gate_access], GATE16
.each16:
        call make_gate
        CASE_BY say_parameters16
        ENTER_RING 3
        xor edx, edx
        call far [gate_pointer]
        END_CASE
        call say_frame16
        inc dword [parameters]
        cmp dword [parameters], 32
        jb .each16

        ; There and back: RETF n releases the parameters on both stacks.
        mov dword [parameters], 3
        mov byte [gate_access], GATE32
        call make_gate
        mov word [gdt + TRIED], LOW(back_12)
        CASE "there and back, 3 parameters"
        ENTER_RING 3
        push dword 1
        push dword 2
        push dword 3
        call far [gate_pointer]
        mov edx, esp
        mov ecx, ds
        LEAVE_RING
        END_CASE
        SAY32 " esp=", edx
        SAY16 " ds=", cx
        jmp inner_stacks
back_12:
        retf 12

inner_stacks:
        ; The inner stack. From ring 3 to ring 1, so that there is a good one for the exception.
%macro INNER 3                          ; name, selector, ESP
        mov dword [TSS_SS1], %2
        mov dword [TSS_ESP1], %3
        CASE %1
        ENTER_RING 3
        xor edx, edx
        call far [gate_pointer]
        END_CASE
        call say_cs
%endmacro
        SET_CALL_GATE TRIED, CODE_1, landed, GATE32, 0
        INNER "stack null", 0, 7000h
        INNER "stack null with RPL 1", 1, 7000h
        INNER "stack beyond the table", 0FFF9h, 7000h
        INNER "stack of RPL 0", DATA_1 & ~1, 7000h
        INNER "stack of RPL 3", DATA_1 | 3, 7000h
        INNER "stack of DPL 0 with RPL 1", DATA | 1, 7000h
        INNER "stack of DPL 3 with RPL 1", DATA_3 & ~2, 7000h
        INNER "stack code", CODE_1, 7000h
        INNER "stack a TSS", TSS | 1, 7000h
        SET_DESCRIPTOR STACK1_BAD, 0, 0FFFFFh, PRESENT | RING1 | SEG_DATA, FLAG_4K | FLAG_32BIT
        INNER "stack read only", STACK1_BAD | 1, 7000h
        SET_DESCRIPTOR STACK1_BAD, 0, 0FFFFFh, RING1 | SEG_DATA, FLAG_4K | FLAG_32BIT
        INNER "stack read only and absent", STACK1_BAD | 1, 7000h
        SET_DESCRIPTOR STACK1_BAD, 0, 0FFFFFh, RING1 | SEG_DATA_WRITE, FLAG_4K | FLAG_32BIT
        INNER "stack absent", STACK1_BAD | 1, 7000h
        INNER "stack absent, with RPL 2", STACK1_BAD | 2, 7000h
        SET_DESCRIPTOR STACK1_BAD, 0, 0FFFh, PRESENT | RING1 | SEG_DATA_WRITE, FLAG_32BIT
        INNER "stack up to its limit", STACK1_BAD | 1, 1000h
        INNER "stack a byte beyond", STACK1_BAD | 1, 1001h
        INNER "stack of 16 bytes", STACK1_BAD | 1, 16
        INNER "stack of 15 bytes", STACK1_BAD | 1, 15
        SET_DESCRIPTOR STACK1_BAD, 0, 0FFFh, PRESENT | RING1 | SEG_DATA_DOWN_WRITE, FLAG_32BIT
        INNER "stack that expands down, 16 bytes", STACK1_BAD | 1, 1010h
        INNER "stack that expands down, 15 bytes", STACK1_BAD | 1, 100Fh
        SET_DESCRIPTOR STACK1_BAD, 0, 0FFFh, PRESENT | RING1 | SEG_DATA_WRITE, FLAG_32BIT
        SET_CALL_GATE TRIED, CODE_1, landed, GATE32, 2
        INNER "stack of 24 bytes, 2 parameters", STACK1_BAD | 1, 24
        INNER "stack of 23 bytes, 2 parameters", STACK1_BAD | 1, 23
        SET_CALL_GATE TRIED, CODE_1, landed, GATE16, 2
        INNER "stack of 12 bytes, 2 parameters of 16 bits", STACK1_BAD | 1, 12
        INNER "stack of 11 bytes, 2 parameters of 16 bits", STACK1_BAD | 1, 11

        ; Two mistakes.
        SET_CALL_GATE TRIED, SMALL1, start + 1400h, GATE32, 0
        INNER "stack too small, code beyond its limit", STACK1_BAD | 1, 15
        INNER "stack that does, code beyond its limit", STACK1_BAD | 1, 16
        INNER "stack null, code beyond its limit", 0, 16
        SET_DESCRIPTOR TARGET, 0, 0FFFFFh, RING1 | SEG_CODE, FLAG_4K | FLAG_32BIT
        SET_CALL_GATE TRIED, TARGET, landed, GATE32, 0
        INNER "stack null, code absent", 0, 16
        mov dword [TSS_SS1], DATA_1
        mov dword [TSS_ESP1], TSS_STACK_1

        ; Parameters that are not all there.
        SET_CALL_GATE TRIED, CODE_1, landed, GATE32, 2
        CASE "parameters up to the limit"
        ENTER_RING 3
        xor edx, edx
        mov ax, STACK_SMALL
        mov ss, ax
        mov esp, 0FF8h
        call far [gate_pointer]
        END_CASE
        call say_cs
        CASE "parameters beyond the limit"
        ENTER_RING 3
        xor edx, edx
        mov ax, STACK_SMALL
        mov ss, ax
        mov esp, 0FFCh
        call far [gate_pointer]
        END_CASE
        call say_cs

        ; The end of the TSS: ESP1 and SS1 are its bytes 0Ch to 11h.
%macro TSS_LIMIT 2
        SET_DESCRIPTOR TSS, tss, %2, PRESENT | TSS32, 0
        mov ax, TSS
        ltr ax
        CASE %1
        ENTER_RING 3
        xor edx, edx
        call far [gate_pointer]
        END_CASE
        call say_cs
%endmacro
        SET_CALL_GATE TRIED, CODE_1, landed, GATE32, 0
        TSS_LIMIT "TSS up to SS1", 11h
        TSS_LIMIT "TSS up to the middle of SS1", 10h
        TSS_LIMIT "TSS up to ESP1", 0Fh

        ; Stacks from a 16-bit TSS: SP0, SS0, SP1, SS1 are its bytes 2 to 9.
        mov word [tss16 + 2], STACK0
        mov word [tss16 + 4], DATA
        mov word [tss16 + 6], TSS_STACK_1
        mov word [tss16 + 8], DATA_1
%macro TSS16_LIMIT 2
        SET_DESCRIPTOR TSS16, tss16, %2, PRESENT | 01h, 0
        mov ax, TSS16
        ltr ax
        CASE %1
        ENTER_RING 3
        xor edx, edx
        call far [gate_pointer]
        END_CASE
        call say_cs
        SAY32 " esp=", edx
%endmacro
        TSS16_LIMIT "16-bit TSS", 2Bh
        TSS16_LIMIT "16-bit TSS up to SS1", 9
        TSS16_LIMIT "16-bit TSS up to the middle of SS1", 8

        END_FAULTS
