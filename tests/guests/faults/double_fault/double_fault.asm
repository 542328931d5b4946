; Which two exceptions make a double fault (SDM volume 3A, 6.15, interrupt 8, table 6-5): each exception that can be raised,
; delivered through a gate that makes another of it. Benign ones (#DB, #BR, #UD, #NM, #MF, #AC, #XM) give way to the second
; exception; the contributory (#DE, #TS, #NP, #SS, #GP) and #PF give #DF with a second contributory one, and #PF also with
; a second #PF. The second exception's error code has the EXT bit, and names the first one's gate, or the selector in it.

%define GUEST "double_fault"
%include "faults.inc"
%include "real.inc"

PAGES           equ 110000h             ; page directory, and behind it the table
IDT_PAGES       equ 120000h             ; two pages around a copy of the IDT
NOWHERE         equ 300000h             ; not present
NO_CODE         equ SPARE + 8           ; a code segment that is not present
NO_DATA         equ SPARE + 16          ; a data segment that is not present
SMALL_CODE      equ SPARE + 24          ; a code segment of a byte
NO_STACK        equ SPARE + 32
BEYOND          equ 0FFF0h
TSS_OTHER       equ SPARE + 40          ; a task for handlers that need a stack of their own

        jmp start_of_cases

        align 4
tss_other:
        dd 0
        times 6 dd 0
tss_other_cr3:
        dd 0
        dd other_task, 2
        dd 0, 0, 0, 0, 6400h, 0, 0, 0
        dd DATA, CODE, DATA, DATA, DATA, DATA
        dd 0
        dw 0, TSS_BYTES

; Its handler, for any vector with an error code.
other_task:
        pop eax
        and byte [gdt_tss + 5], ~2
        and byte [gdt + (TSS_OTHER & ~7) + 5], ~2
        SAY "task("
        call say_hex16
        SAY ")"
        mov ax, TSS
        ltr ax
        mov ax, LDT
        lldt ax
        clts
        jmp case_over

; Between cases: all gates good, the stack of ring 0 in the TSS too, all pages that are needed there.
mend:
        mov edi, idt
        xor ecx, ecx
.gate:
        mov eax, [.stubs + ecx * 4]
        mov [edi + ecx * 8], ax
        mov word [edi + ecx * 8 + 2], CODE
        mov [edi + ecx * 8 + 4], eax
        mov word [edi + ecx * 8 + 4], (PRESENT | INTERRUPT_GATE) << 8
        inc ecx
        cmp ecx, 20
        jb .gate
        mov dword [idt + 8 * 8], TSS_DF << 16
        mov dword [idt + 8 * 8 + 4], (PRESENT | 5) << 8
        mov dword [tss + 8], DATA
        clts
        mov dword [NOWHERE_ENTRY], 0
        or dword [PAGES + 1000h + (IDT_PAGES >> 10)], 1
        or dword [PAGES + 1000h + (IDT_PAGES >> 10) + 4], 1
        mov eax, cr3
        mov cr3, eax
        lidt [idt_pointer]
        fninit
        ret
        align 4
.stubs:
  %assign vector 0
  %rep 20
        dd exception_ %+ vector
    %assign vector vector + 1
  %endrep
NOWHERE_ENTRY   equ PAGES + 1000h + (NOWHERE >> 10)

; Handlers of vector 8: say how much is on the stack, which began at the case's or at STACK0, and what is at its top.
df_handler:
        mov eax, [esp]
        mov ecx, KERNEL_STACK
        test byte [esp + 8], 3
        jz .tell
        mov ecx, STACK0
.tell:
        sub ecx, esp
        mov bx, DATA
        mov ds, bx
        mov es, bx
        lss esp, [case_stack]
        SAY "#DF("
        call say_hex32
        SAY "), bytes pushed "
        mov eax, ecx
        call say_hex8
        jmp case_over
int8_handler:
        mov ecx, KERNEL_STACK
        sub ecx, esp
        lss esp, [case_stack]
        SAY "bytes pushed "
        mov eax, ecx
        call say_hex8
        jmp case_over

; Copies the IDT so that vectors below the one in EAX lie in the first of two pages, and uses the copy.
split_idt:
        shl eax, 3
        mov edi, IDT_PAGES + 1000h
        sub edi, eax
        mov [.pointer + 2], edi
        mov esi, idt
        mov ecx, 21 * 8 / 4
        rep movsd
        lidt [.pointer]
        ret
.pointer:
        dw 21 * 8 - 1
        dd 0

%macro NO_PAGE 1
        and dword [PAGES + 1000h + ((%1) >> 10)], ~1
        invlpg [%1]
%endmacro

; The exceptions. Each macro is called with the code that makes its gate bad as argument.
bounds:         dd 1, 2
unmasked:       dd 1D80h                ; MXCSR, divide by zero unmasked
one:            dd 3F800000h
zero:           dd 0
unmasked_x87:   dw 37Bh                 ; control word, the same
%macro RAISE_DE 0
        xor edx, edx
        xor ecx, ecx
        div ecx
%endmacro
%macro RAISE_DB 0
        push dword 102h                 ; TF
        popfd
        nop
%endmacro
%macro RAISE_BR 0
        xor eax, eax
        bound eax, [bounds]
%endmacro
%macro RAISE_UD 0
        ud2
%endmacro
%macro RAISE_NM 0
        mov eax, cr0
        or al, 8
        mov cr0, eax
        fnop
%endmacro
%macro RAISE_TS 0
        pushfd
        or byte [esp + 1], 40h          ; NT: IRETD goes back to the task that the TSS links to, and that is none
        popfd
        iretd
%endmacro
%macro RAISE_NP 0
        mov ax, NO_DATA
        mov fs, ax
%endmacro
%macro RAISE_SS 0
        mov ax, NO_DATA
        mov ss, ax
%endmacro
%macro RAISE_GP 0
        mov ax, BEYOND
        mov fs, ax
%endmacro
%macro RAISE_PF 0
        mov eax, [NOWHERE]
%endmacro
%macro RAISE_MF 0
        fldcw [unmasked_x87]
        fldz
        fld1
        fdivrp
        fwait
%endmacro
%macro RAISE_XM 0
        ldmxcsr [unmasked]
        movss xmm0, [one]
        divss xmm0, [zero]
%endmacro

; All ways for an exception's delivery to fail: name, vector. Those by missing pages are below.
%macro ALL_WAYS 2
  %define raise RAISE_ %+ %1
  %defstr name %1
        call mend
        CASE "#", name, ", gate not present"
        SET_GATE %2, CODE, exception_%2, INTERRUPT_GATE
        raise
        END_CASE
        call mend
        CASE "#", name, ", no gate"
        SET_GATE %2, CODE, exception_%2, PRESENT | 0Ch
        raise
        END_CASE
        call mend
        CASE "#", name, ", handler's selector null"
        SET_GATE %2, 0, exception_%2, PRESENT | INTERRUPT_GATE
        raise
        END_CASE
        call mend
        CASE "#", name, ", handler's selector beyond the table"
        SET_GATE %2, BEYOND, exception_%2, PRESENT | INTERRUPT_GATE
        raise
        END_CASE
        call mend
        CASE "#", name, ", handler's segment no code"
        SET_GATE %2, DATA, exception_%2, PRESENT | INTERRUPT_GATE
        raise
        END_CASE
        call mend
        CASE "#", name, ", handler's segment not present"
        SET_GATE %2, NO_CODE, exception_%2, PRESENT | INTERRUPT_GATE
        raise
        END_CASE
        call mend
        CASE "#", name, ", handler beyond its segment"
        SET_GATE %2, SMALL_CODE, exception_%2, PRESENT | INTERRUPT_GATE
        raise
        END_CASE
        call mend
        CASE "#", name, ", handler a task that is none"
        mov dword [idt + %2 * 8], NO_DATA << 16
        mov dword [idt + %2 * 8 + 4], (PRESENT | 5) << 8
        raise
        END_CASE
%endmacro

; No stack to push on: #SS, and #TS where ring 0's stack is not in the TSS. Their handler is a task.
%macro NO_STACKS 2
  %define raise RAISE_ %+ %1
  %defstr name %1
        call mend
        CASE "#", name, " in ring 3, SS0 null, handler of #TS a task"
        mov dword [idt + 10 * 8], TSS_OTHER << 16
        mov dword [idt + 10 * 8 + 4], (PRESENT | 5) << 8
        mov dword [tss + 8], 0
        ENTER_RING3 %%ring3
%%ring3:
        raise
        END_CASE
        call mend
        CASE "#", name, " in ring 3, SS0 not present, handler of #SS a task"
        mov dword [idt + 12 * 8], TSS_OTHER << 16
        mov dword [idt + 12 * 8 + 4], (PRESENT | 5) << 8
        mov dword [tss + 8], NO_STACK
        ENTER_RING3 %%ring3s
%%ring3s:
        raise
        END_CASE
%endmacro

; The gate lies in a page that is not there; those of #PF or of #DF lie in the other.
%macro NO_IDT_PAGE 4                    ; name, the first vector of the second page, which page is missing (0 or 1), text
  %define raise RAISE_ %+ %1
  %defstr name %1
        call mend
        CASE "#", name, ", ", %4
        mov eax, %2
        call split_idt
        NO_PAGE IDT_PAGES + (%3) * 1000h
        raise
        END_CASE
%endmacro

start_of_cases:
        MAP_ALIKE PAGES
        mov dword [NOWHERE_ENTRY], 0
        mov eax, PAGES
        mov cr3, eax
        mov [tss_df_cr3], eax
        mov [tss_other_cr3], eax
        mov eax, 600h                   ; OSFXSR, OSXMMEXCPT
        mov cr4, eax
        mov eax, 80000031h              ; with NE: #MF
        mov cr0, eax
        SET_DESCRIPTOR NO_CODE, 0, 0FFFFFh, CODE_READABLE, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR NO_DATA, 0, 0FFFFFh, DATA_WRITABLE, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR SMALL_CODE, 0, 0, PRESENT | CODE_READABLE, FLAG_32BIT
        SET_DESCRIPTOR NO_STACK, 0, 0FFFFFh, DATA_WRITABLE, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR TSS_OTHER, ADDRESS(tss_other), TSS_BYTES - 1, PRESENT | TSS32, 0

        ALL_WAYS DE, 0
        ALL_WAYS DB, 1
        ALL_WAYS BR, 5
        ALL_WAYS UD, 6
        ALL_WAYS NM, 7
        ALL_WAYS TS, 10
        ALL_WAYS NP, 11
        ALL_WAYS SS, 12
        ALL_WAYS GP, 13
        ALL_WAYS PF, 14
        ALL_WAYS MF, 16
        ALL_WAYS XM, 19

        NO_STACKS DE, 0
        NO_STACKS UD, 6
        NO_STACKS NP, 11
        NO_STACKS GP, 13
        NO_STACKS PF, 14
        NO_STACKS MF, 16

        NO_IDT_PAGE DE, 8, 0, "page of its gate not present"
        NO_IDT_PAGE DB, 8, 0, "page of its gate not present"
        NO_IDT_PAGE BR, 8, 0, "page of its gate not present"
        NO_IDT_PAGE UD, 8, 0, "page of its gate not present"
        NO_IDT_PAGE NM, 8, 0, "page of its gate not present"
        NO_IDT_PAGE TS, 14, 0, "page of its gate not present"
        NO_IDT_PAGE NP, 14, 0, "page of its gate not present"
        NO_IDT_PAGE SS, 14, 0, "page of its gate not present"
        NO_IDT_PAGE GP, 14, 0, "page of its gate not present"
        NO_IDT_PAGE PF, 14, 1, "page of its gate not present"
        NO_IDT_PAGE MF, 16, 1, "page of its gate not present"
        NO_IDT_PAGE XM, 16, 1, "page of its gate not present"

; Three in a row: a second exception that is contributory counts as the first of the next pair.
        call mend
        CASE "#UD, then #NP, then #GP"
        SET_GATE 6, CODE, exception_6, INTERRUPT_GATE
        SET_GATE 11, 0, exception_11, PRESENT | INTERRUPT_GATE
        ud2
        END_CASE
        call mend
        CASE "#DE, then #PF, then #GP"
        mov eax, 8
        call split_idt
        NO_PAGE IDT_PAGES
        mov dword [IDT_PAGES + 1000h + (14 - 8) * 8 + 4], 0
        RAISE_DE
        END_CASE
        call mend
        CASE "#DE, then #PF, then #PF"
        mov eax, 14
        call split_idt
        ; Vector 0 through a descriptor in a page that is not there, #PF's gate too.
        SET_GATE 0, LDT_SPARE, exception_0, PRESENT | INTERRUPT_GATE
        SET_DESCRIPTOR SPARE + 48, NOWHERE, 0FFFh, PRESENT | 2, 0
        mov ax, SPARE + 48
        lldt ax
        mov eax, 14
        call split_idt
        NO_PAGE IDT_PAGES + 1000h
        RAISE_DE
        END_CASE
        call mend
        CASE "#DE, then #PF by the handler's descriptor"
        SET_GATE 0, LDT_SPARE, exception_0, PRESENT | INTERRUPT_GATE
        mov ax, SPARE + 48
        lldt ax
        RAISE_DE
        END_CASE
        call mend
        CASE "#PF, then #PF by the handler's descriptor"
        SET_GATE 14, LDT_SPARE, exception_14, PRESENT | INTERRUPT_GATE
        mov ax, SPARE + 48
        lldt ax
        RAISE_PF
        END_CASE
        mov ax, LDT
        lldt ax

; #DF by an interrupt gate: its error code is 0.
        call mend
        CASE "#DF by an interrupt gate"
        SET_GATE 8, CODE, df_handler, PRESENT | INTERRUPT_GATE
        SET_GATE 13, 0, exception_13, PRESENT | INTERRUPT_GATE
        RAISE_GP
        END_CASE
        call mend
        CASE "#DF from ring 3"
        SET_GATE 8, CODE, df_handler, PRESENT | INTERRUPT_GATE
        SET_GATE 13, 0, exception_13, PRESENT | INTERRUPT_GATE
        ENTER_RING3 .ring3
.ring3:
        hlt
        END_CASE
        call mend
        CASE "INT 8 pushes no error code"
        SET_GATE 8, CODE, int8_handler, PRESENT | INTERRUPT_GATE
        int 8
        END_CASE
        call mend
        CASE "INT 13 by a gate that is not present, and #NP's is not either"
        SET_GATE 13, CODE, exception_13, INTERRUPT_GATE
        SET_GATE 11, CODE, exception_11, INTERRUPT_GATE
        int 13
        END_CASE
        call mend
        CASE "INT 6 by a gate that is not present"
        SET_GATE 6, CODE, exception_6, INTERRUPT_GATE
        int 6
        END_CASE
        call mend

; Real mode: a vector beyond the table is #GP, and if that lies beyond it too, #DF (SDM volume 3B, 20.1.4; volume 2, INT n).
%macro IN_REAL 3+                       ; name, last vector in the table, instruction
        CASE %1
        mov eax, 31h                    ; no paging
        mov cr0, eax
        ENTER_REAL
        lidt [%%pointer]
        %3
        LEAVE_REAL
        END_CASE
        jmp %%over
%%pointer:
        dw 4 * (%2) + 3
        dd real_vectors
%%over:
%endmacro
        IN_REAL "real mode, INT 20h beyond the table", 13, int 20h
        IN_REAL "real mode, INT 13 at its very end", 13, int 13
        IN_REAL "real mode, INT 20h and #GP beyond the table", 8, int 20h
        IN_REAL "real mode, INT 9 and #GP beyond the table", 8, int 9
        IN_REAL "real mode, #UD in the table, #GP not", 8, ud2
        IN_REAL "real mode, #GP beyond the table", 12, {mov eax, [0FFFFh]}

        END_FAULTS
