; What makes the CPU forget translations: INVLPG, loads of CR3, changes of CR4.PGE, PSE and PAE, of CR0.PG and WP; what global
; pages stay over; accessed and dirty bits that are set again; PDPTEs, which are registers (SDM volume 3A, 4.4.1, 4.8, 4.10).
;
; A case has pages 0 and 1 of PLACE, whose frames hold 0 and 1, and tells what it reads.

%define GUEST "translate"
%include "faults.inc"
%include "paging.inc"

        jmp cases

; Maps page 0 of PLACE to the frame EBX with flags ECX; only memory changes.
remap:  push eax
        mov eax, ebx
        shl eax, 12
        lea eax, [eax + ecx + FRAMES]
        mov [TABLE], eax
        pop eax
        ret

; A fresh start: page 0 is frame 0, and its translation in use.
start_small:
        SET_CR4 CR4_PGE, 0
        mov ecx, 7
        xor ebx, ebx
        call remap
        call flush
        mov eax, [PLACE]
        mov [PLACE], eax
        ret

say_read:
        SAY "reads "
        mov eax, [PLACE]
        call say_hex32
        mov [PLACE + 4], eax
        ret

say_marks:
        SAY "marks "
        mov eax, [TABLE]
        SAY_BIT PAGE_A, "A"
        SAY_BIT PAGE_D, "D"
        ret

%macro TO_FRAME_1 0-1 7
        mov ebx, 1
        mov ecx, %1
        call remap
%endmacro

%macro CASE_OF 1                        ; name; code up to END_CASE follows
        CASE %1
        call start_small
%endmacro

%macro READS 0
        call say_read
        jmp case_over
%endmacro

cases:
        mov dword [FRAMES], 0
        mov dword [FRAMES + 1000h], 1
        mov dword [FRAMES + 2000h], 2
        mov dword [400000h], 44h        ; for large pages
        mov dword [800000h], 88h
        call legacy_tables
        SET_CR0 0, CR0_PG | CR0_WP

        CASE_OF "INVLPG"
        TO_FRAME_1
        invlpg [PLACE]
        READS
        END_CASE
        CASE_OF "INVLPG, another address of the page"
        TO_FRAME_1
        invlpg [PLACE + 0FFFh]
        READS
        END_CASE
        CASE_OF "INVLPG through a segment with a base"
        SET_DESCRIPTOR SPARE, 40000000h, 0FFFh, PRESENT | DATA_WRITABLE, FLAG_32BIT
        mov ax, SPARE
        mov fs, ax
        TO_FRAME_1
        invlpg [fs:0]
        READS
        END_CASE
        CASE_OF "INVLPG does not look at limits"
        SET_DESCRIPTOR SPARE, 3FFFF000h, 0FFh, PRESENT | DATA_WRITABLE, FLAG_32BIT
        mov ax, SPARE
        mov fs, ax
        TO_FRAME_1
        invlpg [fs:1000h]
        READS
        END_CASE
        CASE_OF "INVLPG with a null segment"
        xor ax, ax
        mov fs, ax
        TO_FRAME_1
        invlpg [fs:PLACE]
        READS
        END_CASE
        CASE "INVLPG in ring 3"
        ENTER_RING3 %$there
%$there:
        invlpg [PLACE]
        END_CASE
        CASE "INVLPG of a register"
        db 0Fh, 1, 0F8h
        END_CASE
        CASE_OF "load of CR3"
        TO_FRAME_1
        call flush
        READS
        END_CASE
        CASE_OF "load of CR3, G without CR4.PGE"
        TO_FRAME_1 7 | PAGE_G
        call flush
        mov eax, [PLACE]
        mov ebx, 2
        mov ecx, 7 | PAGE_G
        call remap
        call flush
        READS
        END_CASE

        ; Global pages
%macro GLOBAL_CASE 1
        CASE_OF %1
        SET_CR4 0, CR4_PGE
        mov ecx, 7 | PAGE_G
        xor ebx, ebx
        call remap
        call flush
        mov eax, [PLACE]
        TO_FRAME_1 7 | PAGE_G
%endmacro
        GLOBAL_CASE "global page, load of CR3"
        call flush
        READS
        END_CASE
        GLOBAL_CASE "global page, INVLPG"
        invlpg [PLACE]
        READS
        END_CASE
        GLOBAL_CASE "global page, CR4.PGE cleared"
        SET_CR4 CR4_PGE, 0
        READS
        END_CASE
        GLOBAL_CASE "global page, CR4.PGE cleared and set"
        SET_CR4 CR4_PGE, 0
        SET_CR4 0, CR4_PGE
        READS
        END_CASE
        GLOBAL_CASE "global page, CR4.PSE set"
        SET_CR4 0, CR4_PSE
        READS
        END_CASE
        GLOBAL_CASE "global page, paging off and on"
        SET_CR0 CR0_PG, 0
        SET_CR0 0, CR0_PG
        READS
        END_CASE
        CASE_OF "G in the page directory's entry alone does not count"
        SET_CR4 0, CR4_PGE
        or dword [PLACE_PDE], PAGE_G
        call flush
        mov eax, [PLACE]
        TO_FRAME_1
        call flush
        and dword [PLACE_PDE], ~PAGE_G
        READS
        END_CASE
        CASE_OF "global large page, load of CR3, then INVLPG"
        SET_CR4 0, CR4_PGE | CR4_PSE
        mov dword [PLACE_PDE], 400000h | 7 | PAGE_PS | PAGE_G
        call flush
        mov eax, [PLACE]
        mov dword [PLACE_PDE], 800000h | 7 | PAGE_PS | PAGE_G
        call flush
        call say_read
        SAY ", "
        invlpg [PLACE + 123456h]
        call say_read
        mov dword [PLACE_PDE], TABLE | 7
        SET_CR4 CR4_PGE | CR4_PSE, 0
        jmp case_over
        END_CASE

        ; CR0 and CR4 under way
        CASE_OF "CR4.PSE set makes a table a large page"
        SET_CR4 CR4_PSE, 0
        mov dword [PLACE_PDE], TABLE | 7 | PAGE_PS
        call flush
        call say_read
        SAY ", "
        mov dword [PLACE_PDE], 400000h | 7 | PAGE_PS
        SET_CR4 0, CR4_PSE
        call say_read
        SET_CR4 CR4_PSE, 0
        mov dword [PLACE_PDE], TABLE | 7
        call flush
        jmp case_over
        END_CASE
        CASE_OF "CR0.WP set: the next write faults"
        SET_CR0 CR0_WP, 0
        and byte [TABLE], ~PAGE_W
        call flush
        mov [PLACE], eax
        SET_CR0 0, CR0_WP
        mov [PLACE + 4], eax
        END_CASE
        CASE_OF "CR0.WP cleared: the next write does not"
        SET_CR0 0, CR0_WP
        and byte [TABLE], ~PAGE_W
        call flush
        mov eax, [PLACE]
        SET_CR0 CR0_WP, 0
        mov [PLACE + 4], eax
        SET_CR0 0, CR0_WP
        jmp case_none
        END_CASE
        mov dword [FRAMES], 0
        CASE_OF "a read's translation does not let a write by"
        and byte [TABLE], ~PAGE_W
        call flush
        mov eax, [PLACE]
        mov [PLACE + 4], eax
        END_CASE
        CASE_OF "ring 0's translation does not let ring 3 by"
        and byte [TABLE], ~PAGE_U
        call flush
        mov eax, [PLACE]
        ENTER_RING3 %$there
%$there:
        mov eax, [PLACE]
        END_CASE
        CASE_OF "paging off: addresses are physical"
        mov dword [FRAMES + 4], 1234h
        SET_CR0 CR0_PG, 0
        mov ebx, [FRAMES + 4]
        SET_CR0 0, CR0_PG
        cmp ebx, [PLACE + 4]
        je case_none
        ud2
        END_CASE
        CASE_OF "another CR3"
        mov esi, DIRECTORY
        mov edi, PAGES + 180000h
        mov ecx, 400h
        rep movsd
        mov dword [PAGES + 180000h + (PLACE >> 22) * 4], (PAGES + 181000h) | 7
        mov dword [PAGES + 181000h], (FRAMES + 2000h) | 7
        mov eax, PAGES + 180000h
        mov cr3, eax
        call say_read
        SAY ", "
        mov eax, DIRECTORY
        mov cr3, eax
        READS
        END_CASE

        ; Accessed and dirty bits
        CASE_OF "A and D cleared without INVLPG may stay so; with it they are set again"
        and byte [TABLE], ~(PAGE_A | PAGE_D)
        invlpg [PLACE]
        mov eax, [PLACE]
        call say_marks
        SAY ", "
        mov [PLACE], eax
        call say_marks
        jmp case_over
        END_CASE
        mov dword [FRAMES], 0
        CASE_OF "a write after a read sets D without another walk being asked for"
        and byte [TABLE], ~(PAGE_A | PAGE_D)
        call flush
        mov eax, [PLACE]
        mov [PLACE], eax
        call say_marks
        jmp case_over
        END_CASE
        mov dword [FRAMES], 0
        CASE_OF "a fetch sets A"
        mov byte [FRAMES + 10h], 0C3h
        and byte [TABLE], ~(PAGE_A | PAGE_D)
        call flush
        mov eax, PLACE + 10h
        call eax
        call say_marks
        jmp case_over
        END_CASE
        CASE_OF "tables on a page mapped read only are marked"
        and byte [TABLE], ~(PAGE_A | PAGE_D)
        mov dword [IDENTITY + (TABLE >> 12 & 3FFh) * 4], TABLE | 5
        call flush
        mov [PLACE + 4], eax
        call say_marks
        mov dword [IDENTITY + (TABLE >> 12 & 3FFh) * 4], TABLE | 7
        call flush
        jmp case_over
        END_CASE
        CASE_OF "the page directory as its own page table"
        mov dword [DIRECTORY + 3FFh * 4], DIRECTORY | 7
        call flush
        mov eax, [0FFFFF000h + (PLACE >> 22) * 4]
        and eax, ~60h
        call say_hex32
        mov dword [0FFC00000h + (PLACE >> 12) * 4], (FRAMES + 2000h) | 7
        invlpg [PLACE]
        SAY ", "
        READS
        END_CASE
        CASE_OF "the same frame at two addresses"
        mov dword [TABLE + 4], FRAMES | 7
        call flush
        mov dword [PLACE + 8], 1111h
        mov eax, [PLACE + 1008h]
        mov dword [PLACE + 1008h], 2222h
        add eax, [PLACE + 8]
        call say_hex32
        mov dword [TABLE + 4], (FRAMES + 1000h) | 7
        call flush
        jmp case_over
        END_CASE
        CASE "the last page and the first"
        SET_DESCRIPTOR SPARE, 0FFFFF000h, 0FFFFh, PRESENT | DATA_WRITABLE, FLAG_32BIT
        mov dword [DIRECTORY + 3FFh * 4], (PAGES + 182000h) | 7
        mov dword [PAGES + 182000h + 3FFh * 4], (FRAMES + 2000h) | 7
        mov eax, [0]
        mov ebx, eax
        call flush
        mov [FRAMES + 2FFCh], eax
        mov dword [0], 55667788h
        mov dword [FRAMES + 2FFCh], 11223344h
        mov ax, SPARE
        mov fs, ax
        mov eax, [fs:0FFEh]
        mov [0], ebx
        call say_hex32
        jmp case_over
        END_CASE

        END_FAULTS
