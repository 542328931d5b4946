; What goes wrong once the registers are those of the new task belongs to the new task: its CS:EIP is what the exception
; saves, the switch itself stays done (SDM volume 3A, 7.3 and table 7-1; 6.15, #TS). The new task is one of ring 3, so that its
; TSS gives the exception a stack. Then the T flag, and CR3.

%define GUEST "halfway"
%include "faults.inc"
%include "rings.inc"
%include "tasks.inc"

BAD             equ SPARE + 72          ; what a segment register of the new task is to have
SMALL3          equ SPARE + 80 | 3      ; code of ring 3, limit FFFh
STACK_SMALL     equ SPARE + 88 | 3      ; ring 3, limit FFFh
VECTOR          equ 81h
        SET_DESCRIPTOR SMALL3, 0, 0FFFh, PRESENT | RING3 | CODE_READABLE, FLAG_32BIT
        SET_DESCRIPTOR STACK_SMALL, 0, 0FFFh, PRESENT | RING3 | DATA_WRITABLE, FLAG_32BIT
        mov dword [idt + VECTOR * 8], NEW_TSS << 16
        mov dword [idt + VECTOR * 8 + 4], (PRESENT | RING3 | 05h) << 8
        jmp cases

; The new task's registers as the exception found them.
say_task:
        str ax
        SAY " tr="
        call say_hex16
        SAY32 " eax=", [ebp + FRAME_EAX]
        mov eax, cr0
        SAY32 " cr0=", eax
        test byte [ebp + FRAME_CS], 3
        jz .zero
        SAY32 " esp=", [ebp + FRAME_ESP]
        SAY16 " ss=", [ebp + FRAME_SS]
.zero:  ret

; The entry of ring 3 tasks: at an EIP to know it by.
ENTRY           equ 3000h

cases:
        mov word [ENTRY], 80CDh         ; INT 80h

%macro HALF 4                           ; name, field of the 32-bit TSS, of the 16-bit TSS (0: none), value
        call make_new3
        mov dword [NEW + T_EIP], ENTRY
        mov word [NEW16 + T16_IP], ENTRY
        mov word [NEW + %2], %4
        CASE "jmp, ", %1
        ALSO say_task
        jmp NEW_TSS:0
        END_CASE
        call say_tr
        call reset_tasks
  %if %3
        call make_new3
        mov word [NEW16 + T16_IP], ENTRY
        mov word [NEW16 + %3], %4
        CASE "call, 16 bits, ", %1
        ALSO say_task
        call NEW_TSS16:0
        END_CASE
        call say_tr
        call reset_tasks
  %endif
%endmacro
%macro BAD_IS 2                         ; access, flags
        SET_DESCRIPTOR BAD, 0, 0FFFFFh, %1, %2
%endmacro
FLAT            equ FLAG_4K | FLAG_32BIT

        HALF "nothing wrong", T_EAX, T16_AX, 1

        HALF "ldt null", T_LDT, T16_LDT, 0
        HALF "ldt null with RPL 3", T_LDT, T16_LDT, 3
        HALF "ldt beyond the table", T_LDT, T16_LDT, 0FFF8h
        HALF "ldt in the LDT", T_LDT, T16_LDT, LDT_SPARE + 8
        HALF "ldt data", T_LDT, T16_LDT, DATA
        HALF "ldt a TSS", T_LDT, T16_LDT, TSS
        SET_DESCRIPTOR BAD, ldt, 7Fh, 02h, 0
        HALF "ldt absent", T_LDT, T16_LDT, BAD

        HALF "cs null with RPL 3", T_CS, T16_CS, 3
        HALF "cs beyond the table", T_CS, T16_CS, 0FFFBh
        HALF "cs data", T_CS, T16_CS, DATA_3
        HALF "cs a TSS", T_CS, T16_CS, TSS | 3
        HALF "cs of DPL 2 but RPL 3", T_CS, T16_CS, CODE_2 | 3
        HALF "cs in an LDT that is null", T_CS, T16_CS, LDT_SPARE + 8 | 3
        BAD_IS RING3 | SEG_CODE, FLAT
        HALF "cs absent", T_CS, T16_CS, BAD | 3
        BAD_IS RING3 | SEG_DATA_WRITE, FLAT
        HALF "cs data and absent", T_CS, T16_CS, BAD | 3
        BAD_IS PRESENT | RING2 | SEG_CONFORMING, FLAT
        HALF "cs conforming of DPL 2", T_CS, T16_CS, BAD | 3
        BAD_IS RING3 | SEG_CONFORMING, FLAT
        HALF "cs conforming and absent", T_CS, T16_CS, BAD | 3
        HALF "eip beyond the limit", T_CS, T16_CS, SMALL3

        HALF "ss null", T_SS, T16_SS, 0
        HALF "ss null with RPL 3", T_SS, T16_SS, 3
        HALF "ss beyond the table", T_SS, T16_SS, 0FFFBh
        HALF "ss code", T_SS, T16_SS, CODE_3
        HALF "ss a TSS", T_SS, T16_SS, TSS | 3
        HALF "ss of ring 0", T_SS, T16_SS, DATA
        HALF "ss of DPL 2 but RPL 3", T_SS, T16_SS, DATA_2 | 3
        HALF "ss of DPL 3 but RPL 2", T_SS, T16_SS, DATA_3 & ~1
        BAD_IS PRESENT | RING3 | SEG_DATA, FLAT
        HALF "ss read only", T_SS, T16_SS, BAD | 3
        BAD_IS RING3 | SEG_DATA_WRITE, FLAT
        HALF "ss absent", T_SS, T16_SS, BAD | 3
        BAD_IS RING3 | SEG_DATA, FLAT
        HALF "ss read only and absent", T_SS, T16_SS, BAD | 3

%macro DATA_SEGMENTS 3                  ; name of the register, fields
        HALF {%1, " null with RPL 3"}, %2, %3, 3
        HALF {%1, " beyond the table"}, %2, %3, 0FFFBh
        HALF {%1, " of ring 2"}, %2, %3, DATA_2
        HALF {%1, " a TSS"}, %2, %3, TSS | 3
        BAD_IS PRESENT | RING3 | SEG_CODE, FLAT
        HALF {%1, " execute only"}, %2, %3, BAD | 3
        BAD_IS RING3 | SEG_DATA_WRITE, FLAT
        HALF {%1, " absent"}, %2, %3, BAD | 3
        BAD_IS PRESENT | SEG_CONFORMING_READ, FLAT
        HALF {%1, " conforming code of ring 0"}, %2, %3, BAD | 3
%endmacro
        DATA_SEGMENTS "es", T_ES, T16_ES
        DATA_SEGMENTS "ds", T_DS, T16_DS
        DATA_SEGMENTS "fs", T_FS, 0
        DATA_SEGMENTS "gs", T_GS, 0

        ; Two mistakes: LDT, CS, SS, then the data segments.
%macro BOTH 5
        call make_new3
        mov dword [NEW + T_EIP], ENTRY
        mov word [NEW + %2], %3
        mov word [NEW + %4], %5
        CASE "jmp, ", %1
        ALSO say_task
        jmp NEW_TSS:0
        END_CASE
        call reset_tasks
%endmacro
        BAD_IS RING3 | SEG_CODE, FLAT
        BOTH "ldt data, cs absent", T_LDT, DATA, T_CS, BAD | 3
        BOTH "cs absent, ss null", T_CS, BAD | 3, T_SS, 0
        BOTH "ss null, es beyond the table", T_SS, 0, T_ES, 0FFFBh
        BOTH "ds beyond the table, eip beyond the limit", T_DS, 0FFFBh, T_CS, SMALL3
        BOTH "es of ring 2, ds beyond the table", T_ES, DATA_2, T_DS, 0FFFBh

        ; From INT, an exception, and IRET.
        SET_DESCRIPTOR BAD, 0, 0FFFFFh, RING3 | SEG_DATA_WRITE, FLAT
%macro BY_INT 3
        call make_new3
        mov dword [NEW + T_EIP], ENTRY
        mov word [NEW + %2], %3
        CASE "int, ", %1
        ALSO say_task
        int VECTOR
        END_CASE
        call say_tr
        call reset_tasks
        call make_new3
        mov dword [NEW + T_EIP], ENTRY
        mov word [NEW + %2], %3
        mov dword [idt + 6 * 8], NEW_TSS << 16
        mov dword [idt + 6 * 8 + 4], (PRESENT | 05h) << 8
        CASE "ud2, ", %1
        ALSO say_task
        ud2
        END_CASE
        call say_tr
        call reset_tasks
        SET_GATE 6, CODE, exception_6, PRESENT | 0Eh
        call make_new3
        mov dword [NEW + T_EIP], ENTRY
        mov word [NEW + %2], %3
        CASE "iret, ", %1
        ALSO say_task
        mov word [tss], NEW_TSS
        or byte [gdt + NEW_TSS + 5], 2
        push dword 4002h
        popfd
        iretd
        END_CASE
        call say_tr
        call reset_tasks
%endmacro
        BY_INT "ss absent", T_SS, BAD | 3
        BY_INT "ds absent", T_DS, BAD | 3
        BY_INT "cs data", T_CS, DATA_3
        BY_INT "eip beyond the limit", T_CS, SMALL3

        ; No room for the error code on the new stack: another mistake than the one told. #GP and it make a double fault; an
        ; exception with a code that is none of those does not.
        call make_new3
        mov dword [NEW + T_EIP], ENTRY
        mov word [NEW + T_SS], STACK_SMALL
        mov dword [NEW + T_ESP], 2
        mov dword [idt + 17 * 8], NEW_TSS << 16
        mov dword [idt + 17 * 8 + 4], (PRESENT | 05h) << 8
        CASE "#AC, no room for its error code"
        ALSO say_task
        mov eax, cr0
        or eax, 40000h                  ; AM
        mov cr0, eax
        push dword DATA_3
        push dword RING3_STACK
        push dword 40002h               ; AC
        push dword CODE_3
        push dword .there
        iretd
.there: push dword 0
        mov eax, [esp + 1]
        END_RING
        call say_tr
        mov eax, cr0
        and eax, ~40000h
        mov cr0, eax
        call reset_tasks
        SET_GATE 17, CODE, exception_17, PRESENT | 0Eh

        ; The T flag: #DB before the first instruction of the new task, with BT in DR6.
        jmp traps
say_trap:
        mov eax, dr6
        SAY32 " dr6=", eax
        mov eax, 0FFFF0FF0h
        mov dr6, eax
        jmp say_task
traps:
        mov eax, 0FFFF0FF0h
        mov dr6, eax
%macro old_t 0
        mov byte [NEW + T_TRAP], 0
        mov byte [tss + T_TRAP], 1
        jmp NEW_TSS:0
%endmacro
%macro TRAPS 2+
        call make_new3
        mov dword [NEW + T_EIP], ENTRY
        mov byte [NEW + T_TRAP], 1
        CASE %1
        ALSO say_trap
        %2
        END_CASE
        call say_tr
        call reset_tasks
%endmacro
        TRAPS "T, jmp", jmp NEW_TSS:0
        TRAPS "T, call", call NEW_TSS:0
        TRAPS "T, int", int VECTOR
        TRAPS "T of the old task does not count", old_t
        mov byte [tss + T_TRAP], 0

        ; CR3: two page directories that differ in what is seen at 800000h. 16-bit tasks keep the old one, and so do tasks of
        ; any kind while paging is off.
DIRECTORY_A     equ 200000h
DIRECTORY_B     equ 201000h
        jmp spaces
seen:   dd 0
looks:  mov eax, [800000h]
        mov [seen], eax
        jmp dword CODE:case_none
spaces: mov dword [DIRECTORY_A], 83h
        mov dword [DIRECTORY_B], 83h
        mov dword [DIRECTORY_A + 8], 400083h
        mov dword [DIRECTORY_B + 8], 0C00083h
        mov dword [400000h], 0AAAAAAAAh
        mov dword [0C00000h], 0BBBBBBBBh
        mov eax, cr4
        or eax, 10h                     ; PSE
        mov cr4, eax
%macro SPACE 3+
        call make_new
        mov dword [NEW + T_CR3], DIRECTORY_B
        mov dword [NEW + T_EIP], looks
        mov word [NEW16 + T16_IP], LOW(looks)
        mov dword [tss + T_CR3], DIRECTORY_A
        mov eax, DIRECTORY_A
        mov cr3, eax
        mov eax, cr0
        or eax, %2
        mov cr0, eax
        CASE %1
        mov eax, [800000h]
        %3
        END_CASE
        SAY32 " seen=", [seen]
        mov eax, cr3
        SAY32 " cr3=", eax
        mov eax, cr0
        and eax, 7FFFFFFFh
        mov cr0, eax
        call reset_tasks
%endmacro
        SPACE "CR3, jmp", 80000000h, jmp NEW_TSS:0
        SPACE "CR3, jmp, 16 bits", 80000000h, jmp NEW_TSS16:0
        SPACE "CR3, call", 80000000h, call NEW_TSS:0
        SPACE "CR3, jmp, paging off", 0, jmp NEW_TSS:0

        END_FAULTS
