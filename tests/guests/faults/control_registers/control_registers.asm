; CR0, CR3 and CR4: which bits can be set, which combinations fault, and that a fault changes nothing (SDM volume 2, MOV to
; and from control registers, LMSW, SMSW; volume 3A, 2.5 and 4.4.1).

%define GUEST "control_registers"
%include "faults.inc"
%include "attempts.inc"

PLAIN           equ 11h                 ; PE and ET
PDPT            equ 100000h             ; a page-directory-pointer table, its page directories behind it
TABLE           equ 104000h             ; another to be loaded

; Writes a value to CR0, and says what can be read then.
%macro TRY_CR0 2+
        CASE %2
        mov eax, %1
        mov cr0, eax
        mov ebx, cr0
        mov eax, PLAIN
        mov cr0, eax
        call say_ebx
        SAY " "
        END_CASE
%endmacro

; QEMU 7 hangs where it finds a reserved bit of CR4, so such are left out where CR0 is not checked either.
%macro TRY_CR4 2+
        CASE %2
        ALSO say_cr4
  %if (%1) & ~7FFh
        cmp byte [is_lenient], 0
        jne %%left_out
  %endif
        mov eax, %1
        mov cr4, eax
        mov ebx, cr4
        xor eax, eax
        mov cr4, eax
        call say_ebx
        SAY " "
%%left_out:
        END_CASE
%endmacro

        jmp start_of_cases
say_cr0:
        mov eax, cr0
        SAY " cr0="
        jmp say_hex32
say_cr3:
        mov eax, cr3
        SAY " cr3="
        jmp say_hex32
say_cr4:
        mov eax, cr4
        SAY " cr4="
        jmp say_hex32

is_lenient:     db 0

nw_without_cd:
        mov eax, 20000011h
        mov cr0, eax
        ret

start_of_cases:
        mov eax, nw_without_cd
        call attempt
        cmp al, 13
        setne [is_lenient]
        mov eax, PLAIN
        mov cr0, eax
        xor eax, eax
        mov cr4, eax

  %assign bit 1
  %rep 30
        TRY_CR0 PLAIN | 1 << bit, "CR0 bit ", '0' + bit / 10, '0' + bit % 10
    %assign bit bit + 1
  %endrep
        TRY_CR0 PLAIN | 60000000h, "CR0 CD and NW"
        TRY_CR0 PLAIN & ~10h, "CR0 without ET"
        TRY_CR0 10h, "CR0 without PE"
        ; Page tables, for who goes on with paging on where it should not be.
        mov dword [PDPT], 83h
        mov eax, PDPT
        mov cr3, eax
        mov eax, 10h
        mov cr4, eax
        TRY_CR0 80000010h, "CR0 PG without PE"
        TRY_CR0 0A0000010h, "CR0 PG and NW without PE and CD"
        TRY_CR0 0A0000011h, "CR0 PG and NW without CD"
        xor eax, eax
        mov cr4, eax
        TRY_CR0 5FFAFFC0h | PLAIN, "CR0 CD and all reserved bits"

        CASE "a fault of MOV CR0 changes nothing"
        ALSO say_cr0
        mov eax, 2000003Fh
        mov cr0, eax
        END_CASE
        mov eax, PLAIN
        mov cr0, eax

  %assign bit 0
  %rep 32
        TRY_CR4 1 << bit, "CR4 bit ", '0' + bit / 10, '0' + bit % 10
    %assign bit bit + 1
  %endrep
        TRY_CR4 6FCh, "CR4 all that there is"
        TRY_CR4 80000610h, "CR4 one reserved bit among others"

; The machine status word.
        CASE "LMSW cannot clear PE"
        xor ax, ax
        lmsw ax
        mov ebx, cr0
        call say_ebx
        SAY " "
        END_CASE
        CASE "LMSW sets MP, EM and TS, and no other bits"
        mov eax, 0FFFFFFFFh
        lmsw ax
        mov ebx, cr0
        mov eax, PLAIN
        mov cr0, eax
        call say_ebx
        SAY " "
        END_CASE
        CASE "LMSW clears MP, EM and TS"
        mov eax, PLAIN | 2Eh
        mov cr0, eax
        mov word [1000h], 0
        lmsw [1000h]
        mov ebx, cr0
        mov eax, PLAIN
        mov cr0, eax
        call say_ebx
        SAY " "
        END_CASE
        CASE "SMSW to a word in memory stores 16 bits"
        mov eax, 10011h
        mov cr0, eax
        mov dword [1000h], 0FFFFFFFFh
        smsw [1000h]
        mov ebx, [1000h]
        call say_ebx
        mov eax, PLAIN
        mov cr0, eax
        SAY " "
        END_CASE
        CASE "SMSW with a 66 prefix and memory stores 16 bits"
        mov dword [1000h], 0FFFFFFFFh
        db 66h
        smsw [1000h]
        mov ebx, [1000h]
        call say_ebx
        SAY " "
        END_CASE
        CASE "SMSW to a 16-bit register"
        mov ebx, 0FFFFFFFFh
        smsw bx
        call say_ebx
        SAY " "
        END_CASE
        CASE "SMSW in ring 3"
        ENTER_RING3 .smsw3
.smsw3:
        smsw bx
        int 80h
        END_CASE
        CASE "LMSW in ring 3"
        ENTER_RING3 .lmsw3
.lmsw3:
        lmsw bx
        int 80h
        END_CASE
        CASE "LMSW in ring 3, operand nowhere"
        ENTER_RING3 .lmsw3m
.lmsw3m:
        mov bx, 0
        mov fs, bx
        lmsw [fs:0]
        int 80h
        END_CASE
        CASE "LMSW with a null segment"
        xor bx, bx
        mov fs, bx
        lmsw [fs:0]
        END_CASE
        CASE "LMSW and a register of which only bits 0-3 count"
        mov eax, 0FFF0h
        lmsw ax
        mov ebx, cr0
        call say_ebx
        SAY " "
        END_CASE
        CASE "CLTS"
        mov eax, PLAIN | 8
        mov cr0, eax
        clts
        mov ebx, cr0
        call say_ebx
        SAY " "
        END_CASE

; Forms: bits 7-6 of ModRM do not matter, and there are CR0, CR2, CR3, CR4 only.
%macro FORM 2
        CASE %1
        mov ebx, 87654321h
        db %2
        call say_ebx
        SAY " "
        END_CASE
%endmacro
        FORM {"MOV EBX, CR0, ModRM 03h"}, {0Fh, 20h, 03h}
        FORM {"MOV EBX, CR0, ModRM 43h"}, {0Fh, 20h, 43h}
        FORM {"MOV EBX, CR0, ModRM 83h"}, {0Fh, 20h, 83h}
        FORM {"MOV EBX, CR0, ModRM C3h"}, {0Fh, 20h, 0C3h}
        FORM {"MOV EBX, CR0, 66 prefix"}, {66h, 0Fh, 20h, 0C3h}
        FORM {"MOV EBX, CR0, F2 and F3 prefixes"}, {0F2h, 0F3h, 0Fh, 20h, 0C3h}
        FORM {"MOV EBX, CR0, LOCK"}, {0F0h, 0Fh, 20h, 0C3h}
        FORM {"MOV EBX, CR1"}, {0Fh, 20h, 0CBh}
        FORM {"MOV EBX, CR5"}, {0Fh, 20h, 0EBh}
        FORM {"MOV EBX, CR6"}, {0Fh, 20h, 0F3h}
        FORM {"MOV EBX, CR7"}, {0Fh, 20h, 0FBh}
        FORM {"MOV CR1, EBX"}, {0Fh, 22h, 0CBh}
        FORM {"MOV CR5, EBX"}, {0Fh, 22h, 0EBh}
        FORM {"MOV CR6, EBX"}, {0Fh, 22h, 0F3h}
        FORM {"MOV CR7, EBX"}, {0Fh, 22h, 0FBh}
        FORM {"0F 24"}, {0Fh, 24h, 0C3h}
        FORM {"0F 26"}, {0Fh, 26h, 0C3h}

; Ring 3: #GP(0) for each, but #UD for registers that do not exist, which is found first.
%macro RING3_FORM 2
        CASE %1
        mov ebx, PLAIN
        ENTER_RING3 %%ring3
%%ring3:
        db %2
        int 80h
        END_CASE
%endmacro
        RING3_FORM {"ring 3, MOV EBX, CR0"}, {0Fh, 20h, 0C3h}
        RING3_FORM {"ring 3, MOV EBX, CR2"}, {0Fh, 20h, 0D3h}
        RING3_FORM {"ring 3, MOV EBX, CR3"}, {0Fh, 20h, 0DBh}
        RING3_FORM {"ring 3, MOV EBX, CR4"}, {0Fh, 20h, 0E3h}
        RING3_FORM {"ring 3, MOV CR0, EBX"}, {0Fh, 22h, 0C3h}
        RING3_FORM {"ring 3, MOV CR2, EBX"}, {0Fh, 22h, 0D3h}
        RING3_FORM {"ring 3, MOV CR3, EBX"}, {0Fh, 22h, 0DBh}
        RING3_FORM {"ring 3, MOV CR4, EBX"}, {0Fh, 22h, 0E3h}
        RING3_FORM {"ring 3, MOV EBX, CR1"}, {0Fh, 20h, 0CBh}
        RING3_FORM {"ring 3, MOV CR7, EBX"}, {0Fh, 22h, 0FBh}
        RING3_FORM {"ring 3, CLTS"}, {0Fh, 06h}
        RING3_FORM {"ring 3, INVD"}, {0Fh, 08h}
        RING3_FORM {"ring 3, WBINVD"}, {0Fh, 09h}

        CASE "MOV CR2 keeps all bits"
        mov eax, 0FEDCBA98h
        mov cr2, eax
        mov ebx, cr2
        call say_ebx
        SAY " "
        END_CASE

; Page-directory pointers: with PAE paging, MOV to CR3 loads four, and to CR0 and CR4 when that enables it. A reserved bit of
; one that is present is #GP(0), and nothing changes.
        mov edi, PDPT
        mov ecx, 5000h / 4
        xor eax, eax
        rep stosd
        mov dword [PDPT], PDPT + 1000h | 1
        mov dword [PDPT + 1000h], 83h   ; 2 MiB, the same
        mov dword [TABLE], PDPT + 1000h | 1
        mov eax, PDPT
        mov cr3, eax
        mov [tss_df_cr3], eax
        mov eax, 20h
        mov cr4, eax
        mov eax, PLAIN | 80000000h
        mov cr0, eax

        CASE "MOV CR3, all pointers good"
        mov eax, TABLE
        mov cr3, eax
        mov ebx, cr3
        call say_ebx
        SAY " "
        END_CASE
        CASE "which bits of a present pointer are reserved"
        mov eax, PDPT
        mov cr3, eax
        xor ecx, ecx
.bit:
        mov dword [TABLE + 24], 1
        mov dword [TABLE + 28], 0
        bts dword [TABLE + 24], ecx
        mov eax, .load
        call attempt
        MARK_VECTOR 13
        inc ecx
        cmp ecx, 64
        jb .bit
        call say_marks
        SAY " "
        mov eax, PDPT
        mov cr3, eax
        jmp .pointers_done
.load:
        mov eax, TABLE
        mov cr3, eax
        ret
.pointers_done:
        END_CASE
        CASE "and of one that is not present"
        xor ecx, ecx
.bit2:
        mov dword [TABLE + 24], 0
        mov dword [TABLE + 28], 0
        inc ecx
        bts dword [TABLE + 24], ecx
        mov eax, .load2
        call attempt
        MARK_VECTOR 13
        cmp ecx, 63
        jb .bit2
        call say_marks
        SAY " "
        mov eax, PDPT
        mov cr3, eax
        jmp .pointers_done2
.load2:
        mov eax, TABLE
        mov cr3, eax
        ret
.pointers_done2:
        END_CASE
        CASE "which of the four pointers are looked at"
        xor ecx, ecx
.pointer:
        mov dword [TABLE + 8], 0
        mov dword [TABLE + 16], 0
        mov dword [TABLE + 24], 0
        mov dword [TABLE + ecx * 8], PDPT + 1000h | 3
        mov eax, .load3
        call attempt
        MARK_VECTOR 13
        mov dword [TABLE], PDPT + 1000h | 1
        inc ecx
        cmp ecx, 4
        jb .pointer
        mov dword [TABLE + 24], 0
        call say_marks
        SAY " "
        mov eax, PDPT
        mov cr3, eax
        jmp .pointers_done3
.load3:
        mov eax, TABLE
        mov cr3, eax
        ret
.pointers_done3:
        END_CASE
        CASE "a bad pointer leaves CR3 as it was"
        ALSO say_cr3
        mov dword [TABLE + 16], 3
        mov eax, TABLE
        mov cr3, eax
        END_CASE
        mov eax, PDPT
        mov cr3, eax
        CASE "pointers are read by MOV CR3, not when used"
        mov dword [PDPT + 8], PDPT + 1000h | 1
        mov eax, [40000000h]
        END_CASE
        CASE "paging off, a bad pointer is not seen by MOV CR3"
        mov eax, PLAIN
        mov cr0, eax
        mov eax, TABLE
        mov cr3, eax
        mov ebx, cr3
        call say_ebx
        SAY " "
        END_CASE
        CASE "but by setting PG"
        ALSO say_cr0
        mov eax, PLAIN | 80000000h
        mov cr0, eax
        END_CASE
        mov eax, PLAIN
        mov cr0, eax
        mov eax, PDPT
        mov cr3, eax
        CASE "and by setting PAE with PG set"
        ALSO say_cr4
        cmp byte [is_lenient], 0
        jne .left_out                   ; it would lose its way
        xor eax, eax
        mov cr4, eax
        mov eax, 10h
        mov cr4, eax
        mov dword [PDPT + 5000h], 83h   ; a directory of the other kind, of 4 MiB pages
        mov eax, PDPT + 5000h
        mov cr3, eax
        mov eax, PLAIN | 80000000h
        mov cr0, eax
        ; The table to be is at the same place as the directory.
        mov dword [PDPT + 5008h], 3
        mov eax, 30h
        mov cr4, eax
.left_out:
        END_CASE
        mov eax, PLAIN
        mov cr0, eax
        xor eax, eax
        mov cr4, eax

        END_FAULTS
