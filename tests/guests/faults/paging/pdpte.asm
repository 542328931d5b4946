; The four page-directory-pointer-table entries of PAE paging: registers that are loaded and checked with CR3, and with CR0 and CR4
; where that says so (SDM volume 3A, 4.4.1).

%define GUEST "pdpte"
%include "faults.inc"
%include "paging.inc"

DIRECTORY2      equ PAGES + 9000h       ; maps PLACE to the second frame
TABLE2          equ PAGES + 0A000h

        jmp cases

good:   mov dword [POINTERS + 8], DIRECTORY1 | PAGE_P
        mov dword [POINTERS + 12], 0
        mov dword [POINTERS + 16], 0
        mov dword [POINTERS + 20], 0
        mov eax, POINTERS
        mov cr3, eax
        mov eax, [PLACE]
        ret

say_cr3:
        SAY " cr3="
        mov eax, cr3
        call say_hex32
        ret

; Which page directory is in use
say_pdpte:
        SAY "reads "
        mov eax, [PLACE]
        jmp say_hex32

%macro OTHER_DIRECTORY 0
        mov dword [POINTERS + 8], DIRECTORY2 | PAGE_P
%endmacro

%macro READS 0
        call say_pdpte
        jmp case_over
%endmacro

; A reserved bit in an entry that is present, loaded by CR3 (from another table, so that it is seen whether CR3 changed)
%macro RESERVED 1
        CASE "bit ", '0' + (%1) / 10, '0' + (%1) % 10
        call good
        ALSO say_cr3
        mov dword [POINTERS + 1000h - 20h + 8], DIRECTORY2 | PAGE_P
        mov dword [POINTERS + 1000h - 20h + 12], 0
        bts dword [POINTERS + 1000h - 20h + 8 + ((%1) / 32) * 4], (%1) % 32
        mov eax, POINTERS + 1000h - 20h
        mov cr3, eax
        mov eax, [PLACE]
        SAY "reads "
        call say_hex32
        call say_cr3
        jmp case_over
        END_CASE
%endmacro

cases:
        call pae_tables
        mov dword [FRAMES], 0
        mov dword [FRAMES + 1000h], 1
        mov dword [TABLE2], (FRAMES + 1000h) | 7
        mov dword [DIRECTORY2], TABLE2 | 7
        mov eax, [POINTERS]
        mov [POINTERS + 1000h - 20h], eax
        SET_CR4 0, CR4_PAE
        SET_CR0 CR0_WP, CR0_PG

        CASE "changed in memory, INVLPG"
        call good
        OTHER_DIRECTORY
        invlpg [PLACE]
        READS
        END_CASE
        CASE "changed in memory, CR3"
        call good
        OTHER_DIRECTORY
        call flush
        READS
        END_CASE
        CASE "changed in memory, CR4.PGE toggled"
        call good
        OTHER_DIRECTORY
        SET_CR4 0, CR4_PGE
        READS
        END_CASE
        CASE "changed in memory, CR4.PGE cleared"
        call good
        OTHER_DIRECTORY
        SET_CR4 CR4_PGE, 0
        READS
        END_CASE
        CASE "changed in memory, CR4.PSE set"
        call good
        OTHER_DIRECTORY
        SET_CR4 0, CR4_PSE
        READS
        END_CASE
        SET_CR4 CR4_PSE, 0
        CASE "changed in memory, CR0.CD set"
        call good
        OTHER_DIRECTORY
        SET_CR0 0, 40000000h
        invlpg [PLACE]
        READS
        END_CASE
        CASE "changed in memory, CR0.CD cleared"
        call good
        OTHER_DIRECTORY
        SET_CR0 40000000h, 0
        invlpg [PLACE]
        READS
        END_CASE
        CASE "changed in memory, paging off and on"
        call good
        OTHER_DIRECTORY
        SET_CR0 CR0_PG, 0
        SET_CR0 0, CR0_PG
        READS
        END_CASE
        CASE "changed in memory, CR0.TS set"
        call good
        OTHER_DIRECTORY
        SET_CR0 0, 8
        clts
        invlpg [PLACE]
        READS
        END_CASE
        CASE "changed in memory, CR4.DE set"
        call good
        OTHER_DIRECTORY
        SET_CR4 0, 8
        SET_CR4 8, 0
        invlpg [PLACE]
        READS
        END_CASE
        CASE "reserved bit, CR4.PGE set"
        call good
        mov dword [POINTERS + 8], DIRECTORY2 | PAGE_P | PAGE_W
        SET_CR4 0, CR4_PGE
        END_CASE
        CASE "CR4.PGE is then as before"
        mov eax, cr4
        call say_hex32
        jmp case_over
        END_CASE
        CASE "reserved bit, CR0.PG set"
        call good
        mov dword [POINTERS + 8], DIRECTORY2 | PAGE_P | PAGE_W
        SET_CR0 CR0_PG, 0
        SET_CR0 0, CR0_PG
        END_CASE
        CASE "CR0.PG is then as before"
        mov eax, cr0
        and eax, CR0_PG | 1
        call say_hex32
        mov dword [POINTERS + 8], DIRECTORY1 | PAGE_P
        SET_CR0 0, CR0_PG
        jmp case_over
        END_CASE
        CASE "absent entry"
        call good
        mov dword [POINTERS + 8], DIRECTORY1
        call flush
        mov eax, [PLACE]
        END_CASE
        CASE "absent entry, ring 3 writes"
        call good
        mov dword [POINTERS + 8], DIRECTORY1
        call flush
        ENTER_RING3 %$there
%$there:
        mov [PLACE + 5], eax
        END_CASE
        CASE "absent entry, all other bits set"
        call good
        mov dword [POINTERS + 8], -2
        mov dword [POINTERS + 12], -1
        call flush
        mov eax, [PLACE]
        END_CASE
        CASE "the third entry"
        call good
        mov dword [POINTERS + 16], DIRECTORY2 | PAGE_P
        call flush
        mov eax, [80000000h]
        call say_hex32
        jmp case_over
        END_CASE
        CASE "reserved bit in the fourth"
        call good
        mov dword [POINTERS + 24], 1
        mov dword [POINTERS + 28], 80000000h
        mov eax, cr3
        mov cr3, eax
        END_CASE
        mov dword [POINTERS + 24], 0
        mov dword [POINTERS + 28], 0
        CASE "CR3 is aligned to 32 bytes"
        call good
        mov dword [POINTERS + 1000h - 20h + 8], DIRECTORY2 | PAGE_P
        mov dword [POINTERS + 1000h - 20h + 12], 0
        mov eax, POINTERS + 1000h - 20h
        mov cr3, eax
        READS
        END_CASE
        CASE "bits for software, PWT and PCD"
        call good
        mov dword [POINTERS + 8], DIRECTORY2 | PAGE_P | 0E18h
        call flush
        READS
        END_CASE
        CASE "no rights in it: ring 3 writes"
        call good
        ENTER_RING3 %$there
%$there:
        mov [PLACE + 8], eax
        int 80h
        END_CASE

        RESERVED 1
        RESERVED 2
        RESERVED 3
        RESERVED 4
        RESERVED 5
        RESERVED 6
        RESERVED 7
        RESERVED 8
        RESERVED 9
  %assign bit_number 36
  %rep 28
        RESERVED bit_number
    %assign bit_number bit_number + 1
  %endrep
        END_FAULTS
