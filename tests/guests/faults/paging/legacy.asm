; 32-bit paging: what every pair of page-directory and page-table entry allows, with CR0.WP and without, to ring 0 and to ring 3;
; error codes, CR2, and which accessed and dirty bits are set (SDM volume 3A, 4.3, 4.6, 4.7, 4.8).
;
; A line tells P, W (writable) and U (user) of both entries, and the results of the accesses: read, write, execute, first
; of ring 0, then of ring 3. Behind each are the bits that were set: a (PDE accessed), A (PTE accessed), D (PTE dirty). What
; happens to the PDE if the fault comes later is left open by the manual, and not told.

%define GUEST "legacy"
%include "faults.inc"
%include "paging.inc"

        jmp sweeps

        align 4
pde:    dd 0                            ; as tried, without addresses
pte:    dd 0
large:  db 0                            ; no page table

; The entries of the case: memory gets them, with A and D clear.
set_entries:
        mov eax, [pte]
        or eax, FRAMES
        mov [TABLE], eax
        mov eax, [pde]
        test byte [large], 1
        jnz .large
        or eax, TABLE
        mov [PLACE_PDE], eax
        ret
.large:
        or eax, 400000h                 ; a frame of 4 MiB
        mov [PLACE_PDE], eax
        ret

; All six accesses with the entries.
try_all:
        xor edx, edx
.ring:
        xor ecx, ecx
.access:
        SAY " "
        call set_entries
        mov esi, PLACE + 10h
        call try
        call say_result
        cmp eax, -1
        jne .not_pde
        mov eax, [PLACE_PDE]
        test eax, PAGE_A
        jz .not_pde
        SAY "a"
.not_pde:
        mov eax, [TABLE]
        test byte [large], 1
        jz .small
        mov eax, [PLACE_PDE]
        jmp .dirty
.small:
        test eax, PAGE_A
        jz .dirty
        SAY "A"
.dirty:
        test eax, PAGE_D
        jz .next
        SAY "D"
.next:
        inc ecx
        cmp ecx, 3                      ; an update is a write
        jb .access
        add edx, 3
        cmp edx, 3
        jne .done
        SAY ","
        jmp .ring
.done:
        ret

; Steps the rights of an entry: 0, 1, 3, 5, 7. ZF if all were.
next_rights:
        mov eax, [esi]
        and eax, 7
        cmp eax, 1
        sbb dword [esi], -2             ; 0 becomes 1, odd ones two more
        test dword [esi], 8
        ret

%macro ALL_RIGHTS 2+                    ; of both entries; further bits for the PDE, what to do
        mov dword [pde], 0
%%directory:
        mov dword [pte], 0
%%table:
        %2
        mov esi, pte
        call next_rights
        jz %%table
        mov esi, pde
        call next_rights
        jz %%directory
%endmacro

line_of_both:
        call line
        SAY "PDE "
        mov eax, [pde]
        call say_rights
        SAY " PTE "
        mov eax, [pte]
        call say_rights
        SAY ", "
        mov eax, cr0
        SAY_BIT CR0_WP, "WP"
        SAY ":"
        call try_all
        ret

line_of_large:
        call line
        SAY "4 MiB "
        mov eax, [pde]
        call say_rights
        SAY ", "
        mov eax, cr0
        SAY_BIT CR0_WP, "WP"
        SAY ":"
        call try_all
        ret

set_present:
        or byte [TABLE], PAGE_P
        SAY " then "
        mov eax, [PLACE + 14h]
        jmp say_hex32
set_writable:
        or byte [TABLE], PAGE_W
        mov dword [PLACE + 14h], 1234h
        SAY " then "
        mov eax, [FRAMES + 14h]
        jmp say_hex32

; Bit ECX of a large page with the rights EBX, user's write and ring 0's read
reserved:
        mov eax, 1
        shl eax, cl
        or eax, 400000h
        or eax, ebx
        mov [PLACE_PDE], eax
        push ecx
        mov esi, PLACE + 10h
        SAY " "
        mov ecx, WRITE
        mov edx, 3
        call try
        call say_result
        SAY " "
        mov ecx, READ
        xor edx, edx
        call try
        call say_result
        pop ecx
        ret

sweeps:
        call legacy_tables
        mov dword [FRAMES + 10h], CODE_THERE
        mov dword [400010h], CODE_THERE
        SET_CR0 CR0_WP, CR0_PG
        ALL_RIGHTS 0, call line_of_both
        SET_CR0 0, CR0_WP
        ALL_RIGHTS 0, call line_of_both

        ; Large pages: with CR4.PSE the bit PS counts, without it does not.
        SET_CR4 0, CR4_PSE
        mov byte [large], 1
%macro ALL_LARGE 0
        mov dword [pde], PAGE_PS
%%directory:
        call line_of_large
        mov esi, pde
        call next_rights
        jz %%directory
%endmacro
        ALL_LARGE
        SET_CR0 CR0_WP, 0
        ALL_LARGE

        ; Reserved bits of a large page: 13 to 21, whatever the rights; bit 12 is PAT's. They say nothing if P is clear.
        mov ecx, 12
.bit:
        call line
        SAY "4 MiB, bit "
        mov eax, ecx
        call say_decimal
        SAY " set:"
        mov ebx, PAGE_PS | PAGE_P | PAGE_W | PAGE_U
        call reserved
        mov ebx, PAGE_PS | PAGE_P
        call reserved
        mov ebx, PAGE_PS
        call reserved
        inc ecx
        cmp ecx, 22
        jbe .bit

        ; PS without CR4.PSE, and the bits for software
        mov byte [large], 0
        SET_CR4 CR4_PSE, 0
        mov dword [pde], PAGE_PS | 7
        mov dword [pte], 7
        call line
        SAY "PS without PSE:"
        call try_all
        SET_CR4 0, CR4_PSE
        mov dword [pde], 0F07h & ~80h
        mov dword [pte], 0E9Fh
        call line
        SAY "bits for software, PAT, caching:"
        call try_all

        ; A translation that never was may not be remembered: P is set without INVLPG.
        mov dword [pde], 7
        mov dword [pte], 6
        call set_entries
        SET_CR0 CR0_WP, 0
        CASE "absent, then present"
        ALSO set_present
        mov ebx, [PLACE + 14h]
        END_CASE
        CASE "more rights are seen after the fault"
        and byte [TABLE], ~PAGE_W
        SET_CR0 0, CR0_WP
        ALSO set_writable
        mov [PLACE + 10h], ebx
        END_CASE

        END_FAULTS
