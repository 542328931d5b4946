; PAE paging with execute-disable: every pair of page-directory and page-table entry, reserved bits on all levels, pages of 2 MiB,
; and the page-directory-pointer table (SDM volume 3A, 4.4, 4.6, 4.7, 4.8).
;
; Lines as in legacy.asm; "X" is bit 63 of an entry, execute-disable.

%define GUEST "pae"
%include "faults.inc"
%include "paging.inc"

EFER            equ 0C0000080h
NXE             equ 800h

        jmp sweeps

        align 4
pde:    dd 0, 0
pte:    dd 0, 0
large:  db 0

set_entries:
        mov eax, [pte]
        or eax, FRAMES
        mov [TABLE], eax
        mov eax, [pte + 4]
        mov [TABLE + 4], eax
        mov eax, [pde]
        test byte [large], 1
        jnz .large
        or eax, TABLE
        jmp .set
.large:
        or eax, 400000h
.set:
        mov [DIRECTORY1], eax
        mov eax, [pde + 4]
        mov [DIRECTORY1 + 4], eax
        ret

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
        mov eax, [DIRECTORY1]
        test eax, PAGE_A
        jz .not_pde
        SAY "a"
.not_pde:
        mov eax, [TABLE]
        test byte [large], 1
        jz .small
        mov eax, [DIRECTORY1]
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

; Steps the rights of an entry at ESI: 0, 1, 3, 5, 7, then 1, 3, 5, 7 with execute-disable. CF if all were.
next_rights:
        mov eax, [esi]
        and eax, 7
        cmp eax, 1
        sbb dword [esi], -2
        test dword [esi], 8
        jz .more
        and dword [esi], ~8             ; 9 is 1 again
        add dword [esi + 4], 80000000h
        ret
.more:
        clc
        ret

; Rights of the entry at ESI
say_entry:
        mov eax, [esi]
        call say_rights
        mov eax, [esi + 4]
        SAY_BIT 80000000h, "X"
        ret

line_of_both:
        call line
        mov eax, cr0
        test eax, CR0_WP
        jz .no_wp
        SAY "WP, "
.no_wp:
        SAY "PDE "
        mov esi, pde
        call say_entry
        SAY " PTE "
        mov esi, pte
        call say_entry
        SAY ":"
        jmp try_all

all_of_both:
        mov dword [pde], 0
        mov dword [pde + 4], 0
.directory:
        mov dword [pte], 0
        mov dword [pte + 4], 0
.table:
        call line_of_both
        mov esi, pte
        call next_rights
        jnc .table
        mov esi, pde
        call next_rights
        jnc .directory
        ret

all_large:
        mov dword [pde], PAGE_PS
        mov dword [pde + 4], 0
.next:
        call line
        mov eax, cr0
        test eax, CR0_WP
        jz .no_wp
        SAY "WP, "
.no_wp:
        SAY "2 MiB "
        mov esi, pde
        call say_entry
        SAY ":"
        call try_all
        mov esi, pde
        call next_rights
        jnc .next
        ret

; User's write and ring 0's fetch with the entries as set
two_accesses:
        call set_entries
        push ecx
        mov esi, PLACE + 10h
        SAY " "
        mov ecx, WRITE
        mov edx, 3
        call try
        call say_result
        SAY " "
        call set_entries
        mov ecx, EXECUTE
        xor edx, edx
        call try
        call say_result
        pop ecx
        ret

; Toggles bit ECX of the entry at ESI.
toggle:
        push ecx
        push esi
        cmp ecx, 32
        jb .low
        add esi, 4
        sub ecx, 32
.low:
        btc [esi], ecx
        pop esi
        pop ecx
        ret

; Reserved bits ECX of a PDE, a PTE, a large PDE, then of those with P clear.
reserved:
        call line
        SAY "bit "
        mov eax, ecx
        call say_decimal
        SAY " of PDE, PTE, 2 MiB, of absent ones:"
        mov dword [pde], 7
        mov dword [pde + 4], 0
        mov dword [pte], 7
        mov dword [pte + 4], 0
        mov esi, pde
        call toggle
        call two_accesses
        mov esi, pde
        call toggle
        mov esi, pte
        call toggle
        call two_accesses
        and byte [pde], ~PAGE_U         ; rights do not matter before reserved bits
        call two_accesses
        or byte [pde], PAGE_U
        mov esi, pte
        call toggle
        or byte [pde], PAGE_PS
        mov byte [large], 1
        mov esi, pde
        call toggle
        call two_accesses
        and byte [pde], ~PAGE_P
        call two_accesses
        mov byte [large], 0
        and byte [pde], ~PAGE_PS
        mov esi, pde
        call toggle
        or byte [pde], PAGE_P
        mov esi, pte
        and byte [pte], ~PAGE_P
        call toggle
        call two_accesses
        ret

sweeps:
        call pae_tables
        mov dword [FRAMES + 10h], CODE_THERE
        mov dword [400010h], CODE_THERE
        mov ecx, EFER
        rdmsr
        or eax, NXE
        wrmsr
        SET_CR4 0, CR4_PAE
        SET_CR0 CR0_WP, CR0_PG
        call all_of_both
        SET_CR0 0, CR0_WP
        call all_of_both
        mov byte [large], 1
        call all_large
        SET_CR0 CR0_WP, 0
        call all_large

        mov byte [large], 0
        mov ecx, 36
.bit:
        call reserved
        inc ecx
        cmp ecx, 63
        jb .bit

        ; Below the address of a large page: bit 12 is PAT's, 13 to 20 are reserved.
        mov byte [large], 1
        mov ecx, 12
.low:
        call line
        SAY "bit "
        mov eax, ecx
        call say_decimal
        SAY " of 2 MiB, present and absent:"
        mov dword [pde], PAGE_PS | 7
        mov dword [pde + 4], 0
        mov esi, pde
        call toggle
        call two_accesses
        and byte [pde], ~PAGE_P
        call two_accesses
        inc ecx
        cmp ecx, 21
        jb .low
        mov byte [large], 0

        mov ecx, EFER
        rdmsr
        and eax, ~NXE
        wrmsr
        mov ecx, 63                     ; without NXE this is a reserved bit
        call reserved

        END_FAULTS
