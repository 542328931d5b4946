; What is checked before a task switch: who may do it, the TSS and how it is referred to. These exceptions belong to the old
; task: nothing was switched (SDM volume 3A, 7.3 and table 7-1; volume 2A, JMP, CALL, INT n, IRET).

%define GUEST "checks"
%include "faults.inc"
%include "rings.inc"
%include "tasks.inc"
        jmp levels_end
%define TYPED NEW_TSS
%include "faults/privilege/levels.inc"

VECTOR          equ 81h
pointer: dd 0
        dw 0

; The stack pointer against that of the case.
say_stack:
        mov eax, [ebp + 12]
        add eax, 20
        sub eax, [case_stack]
        SAY " esp="
        jmp say_hex8
levels_end:

; Who may switch: CPL, RPL and DPL of a TSS or of a task gate.
%macro SWITCHED 3                       ; name, instruction, TSS (1) or gate (0)
        EACH_LEVEL 09h
        call make_new
        mov eax, [dpl]
        shl eax, 5
        or eax, PRESENT
        %if %3
        or al, 09h
        mov [gdt + NEW_TSS + 5], al
        mov eax, NEW_TSS
        %else
        or al, 05h
        mov [gdt + TASK_GATE + 5], al
        mov eax, TASK_GATE
        %endif
        or eax, [rpl]
        mov [pointer + 4], ax
        NAMED %1
        call enter_ring
        %2 far [pointer]
        END_CASE
        str ax
        SAY16 " tr=", ax
        call reset_tasks
        END_EACH
%endmacro
        SWITCHED "jmp, TSS", jmp, 1
        SWITCHED "call, TSS", call, 1
        SWITCHED "jmp, task gate", jmp, 0
        SWITCHED "call, task gate", call, 0

; CHECK name, instruction: a case with the descriptors as they stand. Then all as it was.
%macro CHECK 2+
        CASE %1
        ALSO say_stack
        %2
        END_CASE
        call say_tr
        call reset_tasks
        call make_new
%endmacro
; By JMP, by CALL and by task gates, from which INT and an exception (EXT) come too.
%macro CHECKS 3                         ; name, selector, macro that makes the mistake
        %3
        CHECK {"jmp, ", %1}, {jmp %2:0}
        %3
        CHECK {"call, ", %1}, {call %2:0}
        %3
        mov word [gdt + TASK_GATE + 2], %2
        CHECK {"jmp, task gate, ", %1}, {jmp TASK_GATE:0}
        %3
        mov word [gdt + TASK_GATE + 2], %2
        CHECK {"call, task gate, ", %1}, {call TASK_GATE:0}
        %3
        mov dword [idt + VECTOR * 8], (%2) << 16
        CHECK {"int, ", %1}, {int VECTOR}
        %3
        mov dword [idt + 6 * 8], (%2) << 16
        mov dword [idt + 6 * 8 + 4], (PRESENT | 05h) << 8
        CHECK {"ud2, ", %1}, ud2
        SET_GATE 6, CODE, exception_6, PRESENT | 0Eh
%endmacro
%macro nothing 0
%endmacro
%macro busy 0
        or byte [gdt + NEW_TSS + 5], 2
%endmacro
%macro absent 0
        and byte [gdt + NEW_TSS + 5], ~PRESENT
%endmacro
%macro busy_and_absent 0
        mov byte [gdt + NEW_TSS + 5], 0Bh
%endmacro
%macro too_small 0
        mov byte [gdt + NEW_TSS], 66h
%endmacro
%macro too_small_and_absent 0
        mov byte [gdt + NEW_TSS], 66h
        and byte [gdt + NEW_TSS + 5], ~PRESENT
%endmacro
%macro too_small_16 0
        mov byte [gdt + NEW_TSS16], 2Ah
%endmacro
%macro in_ldt 0
        mov dword [ldt + 8], NEW << 16 | 67h
        mov dword [ldt + 12], (PRESENT | 09h) << 8
%endmacro
        call make_new
        mov dword [idt + VECTOR * 8 + 4], (PRESENT | 05h) << 8
        CHECKS "as it should be", NEW_TSS, nothing
        CHECKS "with RPL 3", NEW_TSS | 3, nothing
        CHECKS "busy", NEW_TSS, busy
        CHECKS "absent", NEW_TSS, absent
        CHECKS "busy and absent", NEW_TSS, busy_and_absent
        CHECKS "limit 66", NEW_TSS, too_small
        CHECKS "limit 66 and absent", NEW_TSS, too_small_and_absent
        CHECKS "16 bits, limit 2A", NEW_TSS16, too_small_16
        CHECKS "in the LDT", LDT_SPARE + 8, in_ldt
        CHECKS "beyond the table", 0FFF8h, nothing
        CHECKS "null", 0, nothing
        ; What is no TSS at all only gates can refer to as one.
%macro GATE_TO 2
        mov word [gdt + TASK_GATE + 2], %2
        CHECK {"jmp, task gate, ", %1}, {jmp TASK_GATE:0}
        mov dword [idt + VECTOR * 8], (%2) << 16
        CHECK {"int, ", %1}, {int VECTOR}
%endmacro
        GATE_TO "data", DATA
        GATE_TO "an LDT", LDT
        GATE_TO "a task gate", TASK_GATE
        GATE_TO "null with RPL 3", 3

        ; Absent gates.
        and byte [gdt + TASK_GATE + 5], ~PRESENT
        CHECK "jmp, task gate absent", {jmp TASK_GATE:0}
        and byte [gdt + TASK_GATE + 5], ~PRESENT
        mov word [gdt + TASK_GATE + 2], 0
        CHECK "call, task gate absent, to null", {call TASK_GATE:0}
        mov dword [idt + VECTOR * 8 + 4], 05h << 8
        CHECK "int, task gate absent", {int VECTOR}
        mov dword [idt + VECTOR * 8 + 4], (PRESENT | 05h) << 8

        ; IRET with NT: what the link names must be a busy TSS.
%macro BACK 3
        %3
        mov word [tss], %2
        CHECK {"iret, ", %1}, back
%endmacro
%macro back 0
        push dword 4002h
        popfd
        iretd
%endmacro
        BACK "busy", NEW_TSS, busy
        BACK "not busy", NEW_TSS, nothing
        BACK "busy, with RPL 3", NEW_TSS | 3, busy
        BACK "busy and absent", NEW_TSS, busy_and_absent
        BACK "absent", NEW_TSS, absent
        BACK "null", 0, nothing
        BACK "beyond the table", 0FFF8h, nothing
        BACK "in the LDT", LDT_SPARE + 8, in_ldt
        BACK "data", DATA, nothing
        BACK "an LDT", LDT, nothing
%macro busy_and_small 0
        busy
        too_small
%endmacro
        BACK "busy, limit 66", NEW_TSS, busy_and_small
        CASE "iret with NT from ring 3, link null"
        mov word [tss], 0
        ENTER_RING 3
        push dword 4002h
        popfd
        iretd
        END_RING
        call say_tr

        ; The old TSS must have room for what is saved.
%macro OLD 2
        SET_DESCRIPTOR TSS, tss, %2, PRESENT | TSS32, 0
        mov ax, TSS
        ltr ax
        CHECK {"jmp, ", %1}, {jmp NEW_TSS:0}
%endmacro
        OLD "old TSS up to GS", 5Fh
        OLD "old TSS a byte less", 5Eh
        SET_DESCRIPTOR TSS, tss, 67h, PRESENT | TSS32, 0
        call reset_tasks

        END_FAULTS
