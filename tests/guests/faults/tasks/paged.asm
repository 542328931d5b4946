; Task switches with paging: a TSS or a descriptor that is not there or cannot be written is a page fault of the old task,
; before anything was switched (SDM volume 3A, 7.3, what is checked first), and a switch may cross pages.

%define GUEST "paged"
%include "faults.inc"
%include "rings.inc"
%include "tasks.inc"

DIRECTORY       equ 200000h
TABLE           equ 201000h             ; the first 4 MiB, one to one
PLACE              equ 302000h             ; where TSSs are that cross from one page to the next
FAR_TSS         equ SPARE + 72
OLD_TSS         equ SPARE + 80
RO              equ 1                   ; page table entries: present, without RW
RW              equ 3
        jmp cases

%macro PAGE_IS 2                        ; address, flags
        mov dword [TABLE + ((%1) >> 12) * 4], ((%1) & 0FFFFF000h) | (%2)
        invlpg [%1]
%endmacro
; The dirty and accessed flags of a page.
%macro SAY_PAGE 1
        mov al, [TABLE + ((%1) >> 12) * 4]
        and al, 60h
        SAY " page="
        call say_hex8
%endmacro

; The new TSS as `make_new` fills it, copied to where FAR_TSS says: EDI.
copy_new:
        mov esi, NEW
        mov ecx, 68h
        rep movsb
        ret

cases:
        mov edi, TABLE
        mov eax, RW
        mov ecx, 1024
.entry: stosd
        add eax, 1000h
        loop .entry
        mov dword [DIRECTORY], TABLE | 7
        mov eax, DIRECTORY
        mov cr3, eax
        mov [tss_df_cr3], eax
        mov [tss + T_CR3], eax
        mov eax, cr0
        or eax, 80010000h               ; PG, WP: pages that cannot be written cannot be by ring 0 either
        mov cr0, eax

%macro NEW_AT 1                         ; the new TSS lies at an address
        PAGE_IS PLACE - 1000h, RW
        PAGE_IS PLACE, RW
        call make_new
        mov dword [NEW + T_CR3], DIRECTORY
        mov edi, %1
        call copy_new
        SET_DESCRIPTOR FAR_TSS, %1, 67h, PRESENT | 09h, 0
%endmacro
%macro TRIED 2+                         ; name, instruction
        CASE %1
        %2
        END_CASE
        call say_tr
        SAY " "
        mov al, [gdt + FAR_TSS + 5]
        call say_hex8
        call reset_tasks
%endmacro
        NEW_AT PLACE - 34h
        TRIED "new TSS across two pages", jmp FAR_TSS:0
        NEW_AT PLACE - 34h
        PAGE_IS PLACE, 0
        TRIED "second page of the new TSS absent, jmp", jmp FAR_TSS:0
        NEW_AT PLACE - 34h
        PAGE_IS PLACE, 0
        TRIED "second page of the new TSS absent, call", call FAR_TSS:0
        NEW_AT PLACE - 0Eh
        PAGE_IS PLACE - 1000h, 0
        TRIED "first page of the new TSS absent, call", call FAR_TSS:0
        NEW_AT PLACE
        PAGE_IS PLACE, RO
        TRIED "new TSS read only, jmp", jmp FAR_TSS:0
        SAY_PAGE PLACE
        NEW_AT PLACE
        PAGE_IS PLACE, RO
        TRIED "new TSS read only, call", call FAR_TSS:0
        NEW_AT PLACE
        TRIED "new TSS, call", call FAR_TSS:0
        SAY_PAGE PLACE

        ; The old TSS, which is saved in.
%macro OLD_AT 1
        PAGE_IS PLACE - 1000h, RW
        PAGE_IS PLACE, RW
        call make_new
        mov dword [NEW + T_CR3], DIRECTORY
        mov edi, %1
        mov esi, tss
        mov ecx, 68h
        rep movsb
        SET_DESCRIPTOR OLD_TSS, %1, 67h, PRESENT | 09h, 0
        mov ax, OLD_TSS
        ltr ax
%endmacro
%macro TRIED_OLD 2+
        CASE %1
        %2
        END_CASE
        call say_tr
        SAY " "
        mov al, [gdt + OLD_TSS + 5]
        call say_hex8
        call reset_tasks
%endmacro
        OLD_AT PLACE - 34h
        TRIED_OLD "old TSS across two pages", jmp NEW_TSS:0
        OLD_AT PLACE - 34h
        PAGE_IS PLACE, RO
        TRIED_OLD "second page of the old TSS read only", jmp NEW_TSS:0
        OLD_AT PLACE - 34h
        PAGE_IS PLACE, 0
        TRIED_OLD "second page of the old TSS absent", jmp NEW_TSS:0
        ; Its first 20h bytes are not written.
        OLD_AT PLACE - 20h
        PAGE_IS PLACE - 1000h, RO
        TRIED_OLD "first page of the old TSS read only", jmp NEW_TSS:0

        ; From virtual-8086 mode through a task gate and back: the task finds VM in the old EFLAGS, and all of it returns.
        mov dword [idt + 81h * 8], NEW_TSS << 16
        mov dword [idt + 81h * 8 + 4], (PRESENT | RING3 | 05h) << 8
        PAGE_IS 3000h, 7                ; also for ring 3
        mov dword [3000h], 80CD81CDh    ; INT 81h, INT 80h
        call make_new
        mov dword [NEW + T_CR3], DIRECTORY
        mov dword [NEW + T_EIP], returns
        CASE "v86, INT through a task gate, and IRET"
        push dword 1111h
        push dword 2222h
        push dword 3333h
        push dword 4444h
        push dword 0800h
        push dword 7000h
        push dword 23002h
        push dword 0
        push dword 3000h
        iretd
        END_CASE
        SAY32 " saved flags=", [tss + T_EFLAGS]
        SAY32 " eip=", [tss + T_EIP]
        SAY16 " ds=", [tss + T_DS]
        SAY32 " then flags=", [STACK0 - 28]
        SAY32 " eip=", [STACK0 - 36]
        SAY16 " ds=", [STACK0 - 12]
        jmp the_end
returns: iretd
the_end:
        END_FAULTS
