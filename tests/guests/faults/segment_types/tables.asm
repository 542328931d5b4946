; Null selectors, the limits of the GDT and the LDT, LLDT and LTR, and what segments may be used for (SDM volume 3A, 3.4.2,
; 3.5.1, 5.3 to 5.5; volume 2, MOV, LLDT, LTR).

%define GUEST "tables"
%include "faults.inc"

CODE_X          equ SPARE               ; execute only
CODE_R          equ SPARE + 8
CONSTANT        equ SPARE + 16          ; data, read only
LDT_SMALL       equ SPARE + 24          ; two descriptors
LDT_CUT         equ SPARE + 32          ; as the former, a byte less
LDT_ABSENT      equ SPARE + 40
LDT_PAGES       equ SPARE + 48          ; limit counted in pages
TSS_IN_LDT      equ LDT_SPARE + 16
DATA_IN_LDT     equ LDT_SPARE
LDT_IN_LDT      equ LDT_SPARE + 24
        SET_DESCRIPTOR CODE_X, 0, 0FFFFFh, PRESENT | 18h, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR CODE_R, 0, 0FFFFFh, PRESENT | 1Ah, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR CONSTANT, 0, 0FFFFFh, PRESENT | 10h, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR LDT_SMALL, ldt, 15, PRESENT | 02h, 0
        SET_DESCRIPTOR LDT_CUT, ldt, 14, PRESENT | 02h, 0
        SET_DESCRIPTOR LDT_ABSENT, ldt, 127, 02h, 0
        SET_DESCRIPTOR LDT_PAGES, ldt, 0, PRESENT | 02h, FLAG_4K
        SET_DESCRIPTOR DATA_IN_LDT, 0, 0FFFFFh, PRESENT | DATA_WRITABLE, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR DATA_IN_LDT + 8, 0, 0FFFFFh, PRESENT | DATA_WRITABLE, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR TSS_IN_LDT, tss, 67h, PRESENT | TSS32, 0
        SET_DESCRIPTOR LDT_IN_LDT, ldt, 127, PRESENT | 02h, 0
        jmp cases

target: dd case_none
        dw 0
gdt_whole:
        dw gdt_end - gdt - 1
        dd gdt
gdt_short:                              ; up to the middle of gdt_spare's first descriptor
        dw SPARE + 6
        dd gdt
gdt_shorter:
        dw SPARE - 1
        dd gdt

; The TSS and LDT of all cases again.
restore:
        mov ax, LDT
        lldt ax
        and byte [gdt_tss + 5], ~2
        mov ax, TSS
        ltr ax
        ret

%macro USE_LDT 1
        mov ax, %1
        lldt ax
%endmacro

cases:
%macro LOAD 3                           ; name, register, selector
        CASE %1
        mov ax, %3
        mov %2, ax
        END_CASE
%endmacro
%macro NULLS 1
  %defstr name %1
  %assign rpl 0
  %rep 4
        LOAD {name, ", null, RPL ", '0' + rpl}, %1, rpl
    %assign rpl rpl + 1
  %endrep
%endmacro
        NULLS ds
        NULLS es
        NULLS fs
        NULLS gs
        NULLS ss
%macro FAR_NULL 1
        mov word [target + 4], %1
        CASE "jmp, null, RPL ", '0' + %1
        jmp far [target]
        END_CASE
        CASE "call, null, RPL ", '0' + %1
        call far [target]
        END_CASE
        CASE "retf, null, RPL ", '0' + %1
        push dword %1
        push dword case_none
        retf
        END_CASE
        CASE "iret, null, RPL ", '0' + %1
        push dword 2
        push dword %1
        push dword case_none
        iretd
        END_CASE
%endmacro
        FAR_NULL 0
        FAR_NULL 1
        FAR_NULL 2
        FAR_NULL 3
        CASE "pop ss, null"
        push dword 0
        pop ss
        END_CASE
        CASE "lss, null"
        lss eax, [target]
        END_CASE
        CASE "lds, null"
        mov word [target + 4], 0
        lds eax, [target]
        END_CASE

%macro rep_of_none 0
        dec ecx
        rep stosb
%endmacro
%macro cmpxchg_fails 0
        mov byte [ebx], 1
        xor eax, eax
        cmpxchg [fs:ebx], cl
%endmacro
%macro shift_by_0 0
        xor ecx, ecx
        shl dword [fs:ebx], cl
%endmacro

        ; A null segment may be held, not used.
%macro USE 3+                           ; name, register, instruction
        CASE %1
        xor eax, eax
        mov ebx, 1000h
        mov esi, ebx
        lea edi, [ebx + 20h]
        mov ecx, 1
        mov %2, ax
        %3
        END_CASE
%endmacro
        ; Where there is no such check, what is read does no harm.
        mov dword [1000h], case_none
        mov dword [1004h], CODE
        mov ax, [gdt_whole]
        mov [1010h], ax
        mov dword [1012h], gdt
        USE "null ds, read", ds, mov al, [ebx]
        USE "null ds, write", ds, mov [ebx + 20h], al
        USE "null ds, at 0", ds, mov al, [eax]
        USE "null ds, change", ds, inc byte [ebx + 20h]
        USE "null ds, lea", ds, lea ecx, [ebx]
        USE "null ds, invlpg", ds, invlpg [ebx]
        USE "null ds, lodsb", ds, lodsb
        USE "null ds, xlat", ds, xlatb
        USE "null ds, push", ds, push dword [ebx]
        USE "null ds, jmp", ds, jmp [ebx]
        USE "null ds, far jmp", ds, jmp far [ebx]
        USE "null ds, lgdt", ds, lgdt [ebx + 16]
        USE "null ds, sgdt", ds, sgdt [ebx + 20h]
        USE "null ds, fld", ds, fld dword [ebx]
        USE "null ds, outsb", ds, outsb
        USE "null es, stosb", es, stosb
        USE "null es, scasb", es, scasb
        USE "null es, movsb", es, movsb
        USE "null es, rep stosb of none", es, rep_of_none
        USE "null fs, read", fs, mov al, [fs:ebx]
        USE "null gs, read", gs, mov al, [gs:ebx]

        ; What a segment is good for.
%macro USED_AS 4+                       ; name, register, selector, instruction
        CASE %1
        mov ax, %3
        mov %2, ax
        mov ebx, 1020h
        mov edi, ebx
        %4
        END_CASE
%endmacro
        USED_AS "read only data, read", fs, CONSTANT, mov al, [fs:ebx]
        USED_AS "read only data, write", fs, CONSTANT, mov [fs:ebx], al
        USED_AS "read only data, add of 0", fs, CONSTANT, add byte [fs:ebx], 0
        USED_AS "read only data, cmp", fs, CONSTANT, cmp byte [fs:ebx], 0
        USED_AS "read only data, bt", fs, CONSTANT, bt dword [fs:ebx], 1
        USED_AS "read only data, btr", fs, CONSTANT, btr dword [fs:ebx], 1
        USED_AS "read only data, cmpxchg that fails", fs, CONSTANT, cmpxchg_fails
        USED_AS "read only data, xchg", fs, CONSTANT, xchg [fs:ebx], al
        USED_AS "read only data, fst", fs, CONSTANT, fst dword [fs:ebx]
        USED_AS "read only data, sgdt", fs, CONSTANT, sgdt [fs:ebx]
        USED_AS "read only data, shift by 0", fs, CONSTANT, shift_by_0
        USED_AS "read only data, pop", fs, CONSTANT, pop dword [fs:ebx]
        USED_AS "read only data, stosb", es, CONSTANT, stosb
        USED_AS "readable code, read", fs, CODE_R, mov al, [fs:ebx]
        USED_AS "readable code, write", fs, CODE_R, mov [fs:ebx], al
        USED_AS "readable code by CS, read", fs, 0, mov al, [cs:ebx]
        USED_AS "readable code by CS, write", fs, 0, mov [cs:ebx], al
        USED_AS "readable code by CS, change", fs, 0, inc byte [cs:ebx]
        CASE "execute only code by CS, read"
        mov ebx, 1000h
        jmp CODE_X:.execute_only
.execute_only:
        mov al, [cs:ebx]
        END_CASE

        ; The end of the GDT.
        CASE "gdt, the last descriptor"
        lgdt [gdt_whole]
        mov ax, SPARE + 8 * (FREE_DESCRIPTORS - 1)
        mov fs, ax
        END_CASE
        CASE "gdt, behind the last descriptor"
        mov ax, SPARE + 8 * FREE_DESCRIPTORS
        mov fs, ax
        END_CASE
        CASE "gdt, far behind"
        mov ax, 0FFFBh
        mov fs, ax
        END_CASE
%macro CUT 3+
        CASE %1
        lgdt [%2]
        mov ax, SPARE + 16
        %3
        END_CASE
        lgdt [gdt_whole]
%endmacro
%macro cut_load 1
        mov ax, SPARE
        mov %1, ax
%endmacro
        CUT "gdt, a byte short, ds", gdt_short, cut_load ds
        CUT "gdt, a byte short, ss", gdt_short, cut_load ss
        CUT "gdt, a byte short, jmp", gdt_short, jmp SPARE + 8:case_none
        CUT "gdt, ends before, fs", gdt_shorter, cut_load fs
        CUT "gdt, a byte short, lldt", gdt_short, lldt ax
        CUT "gdt, a byte short, ltr", gdt_short, ltr ax

        ; The end of the LDT, and none.
%macro IN_LDT 4
        CASE %1
        USE_LDT %2
        mov ax, %4
        mov %3, ax
        END_CASE
        USE_LDT LDT
%endmacro
        IN_LDT "ldt, first descriptor", LDT_SMALL, fs, DATA_IN_LDT
        IN_LDT "ldt, last descriptor", LDT_SMALL, fs, DATA_IN_LDT + 8
        IN_LDT "ldt, behind the last", LDT_SMALL, fs, DATA_IN_LDT + 16
        IN_LDT "ldt, behind the last, RPL 3", LDT_SMALL, fs, DATA_IN_LDT + 19
        IN_LDT "ldt, a byte short", LDT_CUT, fs, DATA_IN_LDT + 8
        IN_LDT "ldt, a byte short, ss", LDT_CUT, ss, DATA_IN_LDT + 8
        IN_LDT "ldt, limit in pages", LDT_PAGES, fs, DATA_IN_LDT + 8
        IN_LDT "ldt, none", 0, fs, DATA_IN_LDT
        IN_LDT "ldt, none, ss", 0, ss, DATA_IN_LDT
        IN_LDT "ldt, none, selector 4 is not null", 0, fs, 4
        IN_LDT "ldt, none, selector 4 for ss", 0, ss, 4
        IN_LDT "ldt, null with RPL 3", 3, fs, DATA_IN_LDT
        CASE "ldt, jmp with none"
        USE_LDT 0
        jmp DATA_IN_LDT:0
        END_CASE
        USE_LDT LDT

        ; LLDT and LTR themselves.
%macro LOADED 3
        CASE %1
        mov ax, %3
        %2 ax
        END_CASE
        SAY " "
        sldt ax
        call say_hex16
        SAY " "
        str ax
        call say_hex16
        call restore
%endmacro
        LOADED "lldt, null", lldt, 0
        LOADED "lldt, null with RPL 2", lldt, 2
        LOADED "lldt, not present", lldt, LDT_ABSENT
        LOADED "lldt, in the LDT", lldt, LDT_IN_LDT
        LOADED "lldt, with an RPL", lldt, LDT_SMALL | 3
        LOADED "lldt, a TSS", lldt, TSS_DF
        LOADED "lldt, data", lldt, DATA
        LOADED "lldt, beyond", lldt, 0FFF8h
        LOADED "ltr, null", ltr, 0
        LOADED "ltr, null with RPL 1", ltr, 1
        LOADED "ltr, busy", ltr, TSS
        LOADED "ltr, in the LDT", ltr, TSS_IN_LDT
        LOADED "ltr, an LDT", ltr, LDT
        LOADED "ltr, code", ltr, CODE
        LOADED "ltr, beyond", ltr, 0FFF8h

        END_FAULTS
