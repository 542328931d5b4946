; Task switches that succeed, by all ways and with both kinds of TSS: what is saved, what is loaded, links, NT, busy bits, TS
; and the local breakpoints (SDM volume 3A, chapter 7; table 7-2).

%define GUEST "switches"
%include "faults.inc"
%include "rings.inc"
%include "tasks.inc"

TSS_OLD16       equ SPARE + 32
OLD16           equ 2300h
CODE16          equ SPARE + 40
VECTOR          equ 81h
        SET_DESCRIPTOR CODE16, 0, 0FFFFh, PRESENT | CODE_READABLE, 0
        mov al, 0FFh
        out 21h, al
        out 0A1h, al
        jmp cases

counter: dd 0
pointer: dd 0
        dw 0

; What the old 32-bit task left in its TSS.
say_saved:
        SAY 10, "  saved: link"
        SAY16 " ", [tss]
        SAY " eip "
        mov eax, [tss + T_EIP]
        call say_place
        SAY32 " flags ", [tss + T_EFLAGS]
        SAY " eax to edi"
        mov esi, tss + T_EAX
        mov ecx, 8
.register:
        lodsd
        SAY32 " ", eax
        loop .register
        SAY " es to gs"
        mov ecx, 6
.segment:
        lodsd
        SAY16 " ", ax
        loop .segment
        SAY16 " ldt ", [tss + T_LDT]
        ret

say_saved16:
        SAY 10, "  saved: link"
        SAY16 " ", [OLD16]
        SAY " eip "
        movzx eax, word [OLD16 + T16_IP]
        call say_place
        SAY16 " flags ", [OLD16 + T16_FLAGS]
        SAY " ax to di"
        mov esi, OLD16 + T16_AX
        mov ecx, 12
.word:  lodsw
        SAY16 " ", ax
        loop .word
        ret

say_link:
        SAY16 " link=", [NEW]
        SAY16 " ", [NEW16]
        ret

; The registers of the old task, to know them by.
%macro NUMBERED 0
        mov ax, DATA_3
        mov es, ax
        xor eax, eax
        mov gs, ax
        mov eax, 11112222h
        mov ecx, 33334444h
        mov edx, 55556666h
        mov ebx, 77778888h
        mov esp, 12346FFCh - 12340000h
        mov ebp, 9999AAAAh
        mov esi, 0BBBBCCCCh
        mov edi, 0DDDDEEEEh
        push dword 240CD7h
        popfd
%endmacro

cases:
%macro SWITCHED 2+                      ; name, instruction
        call make_new
        mov dword [tss + T_LDT], 5555h
        CASE %1
        NUMBERED
        %2
        END_CASE
        call say_tr
        call say_link
        str ax
        cmp ax, NEW_TSS
        je %%wide
        call say_new16
        jmp %%saved
%%wide: call say_new
%%saved:
        call say_saved
        call reset_tasks
%endmacro
        SWITCHED "jmp, 32 bits", jmp NEW_TSS:12345678h
        SWITCHED "jmp, 16 bits", jmp NEW_TSS16:12345678h
        SWITCHED "jmp, 16-bit operand", jmp word NEW_TSS:1234h
        SWITCHED "call, 32 bits", call NEW_TSS:12345678h
        SWITCHED "call, 16 bits", call NEW_TSS16:12345678h
        SWITCHED "jmp, task gate", jmp TASK_GATE:0
        SWITCHED "call, task gate", call TASK_GATE:0
        mov dword [idt + VECTOR * 8], NEW_TSS << 16
        mov dword [idt + VECTOR * 8 + 4], (PRESENT | 05h) << 8
        SWITCHED "int, task gate", int VECTOR
        mov dword [idt + VECTOR * 8], NEW_TSS16 << 16
        SWITCHED "int, task gate, 16 bits", int VECTOR
%macro return_to 1                      ; a selector: as if it had called
        mov word [tss], %1
        or byte [gdt + %1 + 5], 2       ; busy
        pushfd
        or dword [esp], 4000h
        popfd
        iretd
%endmacro
        SWITCHED "iret, 32 bits", return_to NEW_TSS
        SWITCHED "iret, 16 bits", return_to NEW_TSS16

        mov dword [tss + T_LDT], LDT
        ; Flags of the new task: NT from the TSS by JMP and IRET, set by CALL and INT.
%macro WITH_FLAGS 3                     ; name, instruction, flags
        call make_new
        mov dword [NEW + T_EFLAGS], %3
        mov word [NEW16 + T16_FLAGS], %3 & 0FFFFh
        CASE %1
        %2
        END_CASE
        SAY16 " flags=", [NEW_STACK - 2]
        SAY16 "", [NEW_STACK - 4]
        call reset_tasks
%endmacro
        WITH_FLAGS "jmp, all flags", {jmp NEW_TSS:0}, 3D7ED7h & ~20000h
        WITH_FLAGS "jmp, all flags, 16 bits", {jmp NEW_TSS16:0}, 7ED7h
        WITH_FLAGS "jmp, no flags", {jmp NEW_TSS:0}, 0
        WITH_FLAGS "call, no flags", {call NEW_TSS:0}, 0
        WITH_FLAGS "iret, NT in the TSS", {return_to NEW_TSS}, 4002h

        ; An error code goes to the new task's stack, with the size of the TSS.
%macro WITH_CODE 2
        call make_new
        mov dword [idt + 13 * 8], %2 << 16
        mov dword [idt + 13 * 8 + 4], (PRESENT | 05h) << 8
        mov dword [NEW_STACK - 4], 99999999h
        mov dword [NEW + T_EIP], coded
        mov word [NEW16 + T16_IP], LOW(coded)
        CASE %1
        mov ax, 0FFF8h
        mov fs, ax
        END_CASE
        SAY16 " sp=", dx
        SAY32 " ", [NEW_STACK - 4]
        SAY " eip "
        mov eax, [tss + T_EIP]
        call say_place
        SAY32 " flags=", [tss + T_EFLAGS]
        call say_tr
        call say_link
        call reset_tasks
        SET_GATE 13, CODE, exception_13, PRESENT | 0Eh
%endmacro
        jmp codes
coded:  movzx edx, sp
        jmp dword CODE:case_none
codes:
        WITH_CODE "#GP, task gate, 32 bits", NEW_TSS
        WITH_CODE "#GP, task gate, 16 bits", NEW_TSS16

        ; There and back, twice: the task goes on behind its IRET.
        jmp nests
nested: inc dword [counter]
        str [pointer]
        iretd
        add dword [counter], 10h
        iretd
nests:
%macro NESTED 3+
        call make_new
        mov dword [counter], 0
        mov dword [NEW + T_EIP], nested
        mov word [NEW16 + T16_IP], LOW(nested)
        CASE %1
        %3
        %3
        END_CASE
        SAY32 " counter=", [counter]
        SAY16 " in task ", [pointer]
        call say_tr
        SAY " eip "
        mov eax, [%2]
        sub eax, nested
        call say_hex8
        pushfd
        pop eax
        SAY32 " flags=", eax
        call reset_tasks
%endmacro
        NESTED "call and iret", NEW + T_EIP, call NEW_TSS:0
        NESTED "call and iret, 16 bits", NEW16 + T16_IP, call NEW_TSS16:0
        NESTED "call and iret, task gate", NEW + T_EIP, call TASK_GATE:0
        mov dword [idt + VECTOR * 8], NEW_TSS << 16
        NESTED "int and iret", NEW + T_EIP, int VECTOR

        ; A task calls another: links and busy bits of three.
        jmp threes
calls_16:
        call NEW_TSS16:0
threes: call make_new
        mov dword [NEW + T_EIP], calls_16
        CASE "call of a task that calls a third"
        call NEW_TSS:0
        END_CASE
        call say_tr
        call say_link
        SAY32 " nt=", [NEW + T_EFLAGS]
        call reset_tasks
        ; And one that calls its caller, which is busy.
        call make_new
        CASE "call of a task that calls its caller"
        mov dword [NEW + T_EIP], .calls_back
        call NEW_TSS:0
.calls_back:
        call TSS:0
        END_CASE
        call say_tr
        call reset_tasks
        CASE "jmp to itself"
        jmp TSS:0
        END_CASE
        call say_tr

        ; From a 16-bit TSS.
%macro FROM_16 2+
        call make_new
        mov edi, OLD16
        mov ecx, 11
        xor eax, eax
        rep stosd
        mov word [OLD16 + T16_SP0], STACK0
        mov word [OLD16 + T16_SS0], DATA
        SET_DESCRIPTOR TSS_OLD16, OLD16, 2Bh, PRESENT | 01h, 0
        mov ax, TSS_OLD16
        ltr ax
        CASE %1
        NUMBERED
        %2
        END_CASE
        call say_tr
        call say_link
        SAY " old="
        mov al, [gdt + TSS_OLD16 + 5]
        call say_hex8
        str ax
        cmp ax, NEW_TSS
        je %%wide
        call say_new16
        jmp %%saved
%%wide: call say_new
%%saved:
        call say_saved16
        call reset_tasks
%endmacro
        FROM_16 "from 16 bits, jmp", jmp NEW_TSS:0
        FROM_16 "from 16 bits, jmp, 16 bits", jmp NEW_TSS16:0
        FROM_16 "from 16 bits, call", call NEW_TSS:0

        ; An LDT of its own, from which segments come.
        call make_new
        mov word [NEW + T_LDT], NEW_LDT
        mov word [NEW16 + T16_LDT], NEW_LDT
        mov dword [NEW_LDT_AT + 8], 0000FFFFh
        mov dword [NEW_LDT_AT + 12], 00CF9300h
        mov dword [NEW_LDT_AT + 16], 0000FFFFh
        mov dword [NEW_LDT_AT + 20], 00CF9A00h
        mov word [NEW + T_DS], 0Ch
        mov word [NEW + T_SS], 0Ch
        mov word [NEW + T_CS], 14h
        mov word [NEW16 + T16_DS], 0Ch
        mov word [NEW16 + T16_CS], 14h
        CASE "jmp, segments of the new LDT"
        jmp NEW_TSS:0
        END_CASE
        call say_new
        call reset_tasks
        CASE "jmp, segments of the new LDT, 16 bits"
        jmp NEW_TSS16:0
        END_CASE
        call say_new16
        call reset_tasks

        ; A virtual-8086 task, with IOPL 3 so that INT 80h may be used.
        call make_new
        mov word [3000h], 80CDh
        mov dword [NEW + T_EIP], 3000h - 800h
        mov dword [NEW + T_EFLAGS], 23002h
        mov word [NEW + T_CS], 80h
        mov word [NEW + T_SS], 1234h
        mov word [NEW + T_DS], 3
        mov word [NEW + T_LDT], 0
        CASE "jmp to a v86 task"
        jmp NEW_TSS:0
        END_CASE
        call say_tr
        SAY32 " cs=", [NEW_STACK0 - 32]
        SAY32 " flags=", [NEW_STACK0 - 28]
        SAY32 " esp=", [NEW_STACK0 - 24]
        SAY32 " ss=", [NEW_STACK0 - 20]
        SAY32 " ds=", [NEW_STACK0 - 12]
        call reset_tasks

        ; Local breakpoints go, global ones stay; TS is set.
        call make_new
        CASE "jmp with breakpoints"
        mov eax, 300000h
        mov dr0, eax
        mov dr1, eax
        mov dr2, eax
        mov dr3, eax
        mov eax, 6FFh
        mov dr7, eax
        jmp NEW_TSS:0
        END_CASE
        SAY32 " dr7=", [seen_dr7]
        SAY32 " cr0=", [seen_cr0]
        call reset_tasks

        END_FAULTS
