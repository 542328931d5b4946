; What the CPU reads and writes by itself, in the descriptor tables, the IDT, the TSS and on the stack of an inner ring: as the
; supervisor, whatever the CPL, and under CR0.WP (SDM volume 3A, 4.6, 4.7, 5.12; 6.14 for the order).
;
; The GDT, the LDT, the IDT and the TSS of these cases lie on pages of PLACE, which are copies.

%define GUEST "implicit"
%include "faults.inc"
%include "paging.inc"

GDT_PAGE        equ PLACE               ; page 0 and 1: the GDT's first 16 descriptors end the first page
NEW_GDT         equ PLACE + 0F80h
IDT_PAGE        equ PLACE + 2000h
TSS_PAGE        equ PLACE + 3000h
NEW_TSS         equ PLACE + 4000h - 0Ch ; ESP0 and SS0 on page 3, all else on page 4
CODE1           equ SPARE + 8 | 1
DATA1           equ SPARE + 16 | 1
LDT_PAGE        equ PLACE + 5000h
STACK_PAGE      equ PLACE + 7000h
SPLIT_IDT       equ PLACE + 9000h - 8 * 8 ; vectors 0 to 7 end page 8
OTHER           equ SPARE + 64          ; a segment whose descriptor is on page 1, as those below
UNUSED          equ SPARE + 72          ; the same, whose accessed bit is clear
NEW_TSS_SEL     equ SPARE + 80
NEW_LDT_SEL     equ SPARE + 88

        jmp cases

new_gdt: dw gdt_end - gdt - 1
        dd NEW_GDT
new_idt: dw 7FFh
        dd IDT_PAGE

; Everything is there, and copied anew.
prepare:
        mov ecx, 10
        mov edi, TABLE
        mov eax, FRAMES | PAGE_P | PAGE_W | PAGE_U
.page:
        stosd
        add eax, 1000h
        loop .page
        call flush
        lgdt [gdt_pointer]
        lidt [idt_pointer]
        and byte [gdt_tss + 5], ~2
        mov ax, TSS
        ltr ax
        mov esi, gdt
        mov edi, NEW_GDT
        mov ecx, (gdt_end - gdt) / 4
        rep movsd
        mov esi, idt
        mov edi, IDT_PAGE
        mov ecx, 200h
        rep movsd
        mov esi, idt
        mov edi, PLACE + 2000h - 90h * 8
        mov ecx, 90h * 2
        rep movsd
        mov esi, idt
        mov edi, SPLIT_IDT
        mov ecx, 100h
        rep movsd
        mov esi, tss
        mov edi, NEW_TSS
        mov ecx, TSS_BYTES / 4
        rep movsd
        mov esi, ldt
        mov edi, LDT_PAGE
        mov ecx, 16
        rep movsd
        lgdt [new_gdt]
        ret

; Page N of PLACE with rights.
%macro PAGE_IS 2
        mov dword [TABLE + (%1) * 4], (FRAMES + (%1) * 1000h) | (%2)
        call flush
%endmacro
ABSENT          equ PAGE_W | PAGE_U
READ_ONLY       equ PAGE_P | PAGE_U
SUPERVISOR      equ PAGE_P | PAGE_W
SUPERVISOR_READ_ONLY equ PAGE_P

; name, page, rights, instructions in ring 0
%macro RING0 4+
        CASE %1
        call prepare
        PAGE_IS %2, %3
        %4
        END_CASE
%endmacro

; in ring 3, which ends with INT 80h
%macro RING3_ 4+
        CASE %1
        call prepare
        PAGE_IS %2, %3
        ENTER_RING3 %%there
%%there:
        %4
        int 80h
        END_CASE
%endmacro

%macro LOAD_ES 1
        mov ax, %1
        mov es, ax
%endmacro

; The IDT's page is looked for when an exception comes: its page fault needs it too.
%macro IDT_FROM_PLACE 1+
        lidt [new_idt]
        %1
%endmacro

ldt_other: dw OTHER
idt_over_border: dw 7FFh                ; vector 90h begins page 2, the others are on page 1
        dd PLACE + 2000h - 90h * 8

split_idt: dw 3FFh
        dd SPLIT_IDT
idt_page_fault: dw 14 * 8 + 7           ; the gate of #PF alone is on page 2, that of #DF before it
        dd PLACE + 2000h - 14 * 8

%macro SPLIT 1
        lidt [split_idt]
        %1
%endmacro

%macro DIVIDE_ERROR 0
        lidt [split_idt]
        xor ecx, ecx
        div ecx
%endmacro

%macro PAGE_FAULT 0
        mov esi, idt
        mov edi, PLACE + 2000h - 14 * 8
        mov ecx, 14 * 2
        rep movsd
        lidt [idt_page_fault]
        lgdt [gdt_pointer]              ; for the double fault's task
        mov al, [PLACE + 2000h]
%endmacro

%macro LTR_SPARE 0
        mov ax, NEW_TSS_SEL
        ltr ax
%endmacro

%macro LLDT_SPARE 0
        mov ax, NEW_LDT_SEL
        lldt ax
%endmacro

%macro USE_LDT 0
        mov ax, NEW_LDT_SEL
        lldt ax
        mov ax, LDT_SPARE | 3
        mov es, ax
%endmacro

cases:
        SET_DESCRIPTOR NEW_TSS_SEL, 0, TSS_BYTES - 1, PRESENT | TSS32, 0
        mov eax, NEW_TSS
        mov [gdt + NEW_TSS_SEL + 2], eax
        mov byte [gdt + NEW_TSS_SEL + 5], PRESENT | TSS32
        mov byte [gdt + NEW_TSS_SEL + 7], NEW_TSS >> 24
        SET_DESCRIPTOR NEW_LDT_SEL, 0, 127, PRESENT | 2, 0
        mov eax, LDT_PAGE
        mov [gdt + NEW_LDT_SEL + 2], eax
        mov byte [gdt + NEW_LDT_SEL + 5], PRESENT | 2
        mov byte [gdt + NEW_LDT_SEL + 7], LDT_PAGE >> 24
        SET_DESCRIPTOR OTHER, 0, 0FFFFFh, PRESENT | RING3 | DATA_WRITABLE | 1, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR UNUSED, 0, 0FFFFFh, PRESENT | RING3 | DATA_WRITABLE, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR LDT_SPARE, 0, 0FFFFFh, PRESENT | RING3 | DATA_WRITABLE | 1, FLAG_4K | FLAG_32BIT
        call legacy_tables
        SET_CR0 0, CR0_PG | CR0_WP

        RING0 "segment load, all there", 1, 7, LOAD_ES OTHER
        RING0 "segment load, descriptor absent", 1, ABSENT, LOAD_ES OTHER
        RING0 "segment load, descriptor read only", 1, READ_ONLY, LOAD_ES OTHER
        RING0 "segment load, accessed bit on a read-only page", 1, READ_ONLY, LOAD_ES UNUSED
        SET_CR0 CR0_WP, 0
        RING0 "the same without WP", 1, READ_ONLY, LOAD_ES UNUSED
        SET_CR0 0, CR0_WP
        RING3_ "ring 3: descriptor on a supervisor's page", 1, SUPERVISOR, LOAD_ES OTHER
        RING3_ "ring 3: descriptor absent", 1, ABSENT, LOAD_ES OTHER
        RING3_ "ring 3: accessed bit, supervisor's page read only", 1, SUPERVISOR_READ_ONLY, LOAD_ES UNUSED
        RING3_ "ring 3: accessed bit, supervisor's page", 1, SUPERVISOR, LOAD_ES UNUSED
        RING3_ "ring 3: LAR of an absent descriptor", 1, ABSENT, lar eax, [ldt_other]
        RING3_ "ring 3: VERR of a supervisor's one", 1, SUPERVISOR, verr [ldt_other]
        RING0 "LTR, busy bit on a read-only page", 1, READ_ONLY, LTR_SPARE
        RING0 "LTR, descriptor absent", 1, ABSENT, LTR_SPARE
        RING0 "LLDT, descriptor absent", 1, ABSENT, LLDT_SPARE
        RING0 "LDT absent: LLDT itself", 5, ABSENT, LLDT_SPARE
        RING0 "LDT absent: a selector of it", 5, ABSENT, USE_LDT
        RING3_ "ring 3: LDT on a supervisor's page", 5, SUPERVISOR, LOAD_ES LDT_SPARE | 3

        ; The IDT
        RING0 "IDT on a read-only page", 2, READ_ONLY, IDT_FROM_PLACE ud2
        RING0 "#UD, its gate absent", 8, ABSENT, SPLIT ud2
        RING0 "INT3, its gate absent", 8, ABSENT, SPLIT int3
        RING0 "divide error, its gate absent", 8, ABSENT, DIVIDE_ERROR
        RING0 "#PF, its gate absent", 2, ABSENT, PAGE_FAULT
        CASE "IDT on a supervisor's page, INT n of ring 3"
        call prepare
        lidt [new_idt]
        PAGE_IS 2, SUPERVISOR
        ENTER_RING3 %$there
%$there:
        int 80h
        END_CASE
        ; The second page of an IDT, where only high vectors are: their gates' faults can be told.
        CASE "INT n, gate absent: error code and place"
        call prepare
        lidt [idt_over_border]
        PAGE_IS 2, ABSENT
        int 90h
        END_CASE
        CASE "ring 3: INT n, gate absent"
        call prepare
        lidt [idt_over_border]
        PAGE_IS 2, ABSENT
        ENTER_RING3 %$there
%$there:
        int 90h
        END_CASE
        CASE "ring 3: INT n, gate on a supervisor's page"
        call prepare
        lidt [idt_over_border]
        mov dword [PLACE + 2000h], CODE << 16 | ADDRESS(case_none) & 0FFFFh
        mov dword [PLACE + 2004h], ADDRESS(case_none) & 0FFFF0000h | (PRESENT | RING3 | INTERRUPT_GATE) << 8
        PAGE_IS 2, SUPERVISOR
        ENTER_RING3 %$there
%$there:
        int 90h
        END_CASE

        ; The TSS: a call gate to ring 1 needs the fields on page 4, the fault that comes of it those on page 3.
        CASE "ring 3: TSS's stack pointer absent"
        SET_CALL_GATE SPARE + 40, CODE1, case_none, PRESENT | RING3 | 0Ch, 0
        SET_DESCRIPTOR CODE1, 0, 0FFFFFh, PRESENT | 20h | CODE_READABLE | 1, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR DATA1, 0, 0FFFFFh, PRESENT | 20h | DATA_WRITABLE | 1, FLAG_4K | FLAG_32BIT
        call prepare
        mov ax, NEW_TSS_SEL
        ltr ax
        PAGE_IS 4, ABSENT
        ENTER_RING3 %$there
%$there:
        call SPARE + 40:0
        END_CASE
        CASE "ring 3: TSS on a supervisor's page, read only"
        call prepare
        mov ax, NEW_TSS_SEL
        ltr ax
        PAGE_IS 3, SUPERVISOR_READ_ONLY
        ENTER_RING3 %$there
%$there:
        ud2
        END_CASE
        CASE "ring 3: I/O map base absent"
        call prepare
        mov word [NEW_GDT + NEW_TSS_SEL], 0FFFh
        mov ax, NEW_TSS_SEL
        ltr ax
        PAGE_IS 4, ABSENT
        ENTER_RING3 %$there
%$there:
        in al, 80h
        END_CASE
        CASE "ring 3: I/O map on a supervisor's page"
        call prepare
        mov word [NEW_GDT + NEW_TSS_SEL], 0FFFh
        mov word [NEW_TSS + 66h], 68h
        mov word [NEW_TSS + 68h + 80h / 8], 0
        mov ax, NEW_TSS_SEL
        ltr ax
        PAGE_IS 4, SUPERVISOR_READ_ONLY
        ENTER_RING3 %$there
%$there:
        in al, 80h
        int 80h
        END_CASE
        CASE "ring 3: I/O map's byte absent"
        call prepare
        mov word [NEW_GDT + NEW_TSS_SEL], 1FFFh
        mov word [NEW_TSS + 66h], 1000h
        mov ax, NEW_TSS_SEL
        ltr ax
        PAGE_IS 4, SUPERVISOR_READ_ONLY
        mov dword [TABLE + 4 * 4], FRAMES + 4000h | 7
        PAGE_IS 5, ABSENT
        ENTER_RING3 %$there
%$there:
        in al, 80h
        END_CASE

        ; The stack of ring 0
%macro STACK_OF_RING0 3+                ; name, page's rights, what ring 3 does
        CASE %1
        call prepare
        lgdt [gdt_pointer]              ; for the double fault's task
        mov dword [tss + 4], STACK_PAGE + 8
        PAGE_IS 7, %2
        ENTER_RING3 %%there
%%there:
        %3
        END_CASE
        mov dword [tss + 4], STACK0
%endmacro
        STACK_OF_RING0 "ring 0's stack is a supervisor's", SUPERVISOR, int 80h
        STACK_OF_RING0 "ring 0's stack is absent", ABSENT, int 80h
        STACK_OF_RING0 "ring 0's stack is read only", READ_ONLY, int 80h

        ; A call gate to ring 0, whose stack is not to be written, copies parameters from ring 3's, which is not to be read.
        CASE "call gate, ring 0's stack read only"
        call prepare
        SET_CALL_GATE SPARE + 40, CODE, case_none, PRESENT | RING3 | 0Ch, 1
        mov eax, [gdt + SPARE + 40]
        mov [NEW_GDT + SPARE + 40], eax
        mov eax, [gdt + SPARE + 44]
        mov [NEW_GDT + SPARE + 44], eax
        lgdt [gdt_pointer]
        mov dword [tss + 4], STACK_PAGE + 30h
        PAGE_IS 7, SUPERVISOR_READ_ONLY
        ENTER_RING3 %$there
%$there:
        call SPARE + 40:0
        END_CASE
        mov dword [tss + 4], STACK0
        CASE "call gate, parameters absent"
        call prepare
        mov eax, [gdt + SPARE + 40]
        mov [NEW_GDT + SPARE + 40], eax
        mov eax, [gdt + SPARE + 44]
        mov [NEW_GDT + SPARE + 44], eax
        PAGE_IS 7, ABSENT
        ENTER_RING3 %$there
%$there:
        mov esp, STACK_PAGE
        call SPARE + 40:0
        END_CASE

        END_FAULTS
