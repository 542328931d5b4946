; LAR, LSL, VERR, VERW, ARPL, LLDT and LTR on descriptors of all types (SDM volume 2A and 2B).

%define GUEST "inspect"
%include "faults.inc"
        jmp cases
%include "types.inc"

selector: dw TYPED

say_zf:
        setz al
        jmp say_digit

; The TSS and LDT of all cases again.
restore:
        and byte [gdt_tss + 5], ~2
        mov ax, TSS
        ltr ax
        mov ax, LDT
        lldt ax
        ret

cases:
        EACH_KIND 0, KINDS
        NAMED "lar and lsl"
        mov ecx, 5A5A5A5Ah
        mov edx, 5A5A5A5Ah
        mov ax, TYPED
        lar ecx, eax
        call say_zf
        SAY32 " ", ecx
        SAY " "
        mov ax, TYPED
        lsl edx, eax
        call say_zf
        SAY32 " ", edx
        SAY " "
        END_CASE
        call say_access
        END_EACH

        EACH_KIND 0, KINDS
        NAMED "verr and verw"
        mov ax, TYPED
        verr ax
        call say_zf
        SAY " "
        mov ax, TYPED
        verw ax
        call say_zf
        SAY " "
        END_CASE
        END_EACH

        ; Granularity, operand sizes, memory.
        mov dword [kind], 32h
        call make_typed
%macro SIZED 2+                         ; name, instruction that changes ECX
        CASE %1
        mov ecx, 5A5A5A5Ah
        mov eax, 77770000h | TYPED
        %2
        call say_zf
        SAY32 " ", ecx
        SAY " "
        END_CASE
%endmacro
        SIZED "lar, 16 bits", lar cx, ax
        SIZED "lar, 32 bits of memory", lar ecx, [selector]
        SIZED "lar, 16 bits of memory", lar cx, [selector]
        SIZED "lsl, 16 bits", lsl cx, ax
        SIZED "lsl, 32 bits of memory", lsl ecx, [selector]
        SIZED "verr, memory", verr [selector]
        SIZED "verw, memory", verw [selector]
        SET_DESCRIPTOR TYPED, 0, 0ABCDEh, PRESENT | DATA_WRITABLE, FLAG_32BIT
        SIZED "lsl, limit in bytes", lsl ecx, eax
        SIZED "lsl, limit in bytes, 16 bits", lsl cx, ax
        SET_DESCRIPTOR TYPED, 0, 0ABCDEh, PRESENT | DATA_WRITABLE, FLAG_32BIT | FLAG_4K
        SIZED "lsl, limit in pages", lsl ecx, eax
        SET_DESCRIPTOR TYPED, 0, 0, PRESENT | DATA_WRITABLE, FLAG_4K
        SIZED "lsl, limit 0 in pages", lsl ecx, eax
        SIZED "lar, base and limit do not show", lar ecx, eax
        SET_DESCRIPTOR TYPED, 12345678h, 0, PRESENT | DATA_WRITABLE, FLAG_4K | 10h
        SIZED "lar, AVL", lar ecx, eax
        SET_DESCRIPTOR TYPED, 0, 12345h, PRESENT | TSS32, FLAG_4K
        SIZED "lsl, TSS in pages", lsl ecx, eax

        ; Selectors that lead nowhere only clear ZF.
%macro NOWHERE 2
        SIZED {"lar, ", %1}, lar_of %2
        SIZED {"lsl, ", %1}, lsl_of %2
        SIZED {"verr, ", %1}, verr_of %2
        SIZED {"verw, ", %1}, verw_of %2
%endmacro
%macro lar_of 1
        mov ax, %1
        lar ecx, eax
%endmacro
%macro lsl_of 1
        mov ax, %1
        lsl ecx, eax
%endmacro
%macro verr_of 1
        mov ax, %1
        verr ax
%endmacro
%macro verw_of 1
        mov ax, %1
        verw ax
%endmacro
        NOWHERE "null", 0
        NOWHERE "null with RPL 3", 3
        NOWHERE "beyond the GDT", 0FFF8h
        NOWHERE "beyond the LDT", 7FFCh
        NOWHERE "an empty descriptor", SPARE + 80

        ; ARPL: all pairs of RPL.
%macro ADJUST 2
        CASE "arpl, ", '0' + %1, " to ", '0' + %2
        mov ax, TYPED | %1
        mov cx, TYPED | %2
        arpl ax, cx
        setz cl
        call say_hex16
        SAY " "
        mov al, cl
        call say_digit
        SAY " "
        END_CASE
%endmacro
  %assign from 0
  %rep 4
    %assign to 0
    %rep 4
        ADJUST from, to
      %assign to to + 1
    %endrep
    %assign from from + 1
  %endrep
        CASE "arpl, memory, raised"
        mov word [selector], TYPED
        mov cx, 2
        arpl [selector], cx
        mov ax, [selector]
        call say_hex16
        SAY " "
        END_CASE
        SET_DESCRIPTOR TYPED, 0, 0FFFFFh, PRESENT | 10h, FLAG_4K | FLAG_32BIT
        CASE "arpl, read only memory, raised"
        mov word [selector], TYPED
        mov ax, TYPED
        mov fs, ax
        mov cx, 2
        arpl [fs:selector], cx
        END_CASE
        CASE "arpl, read only memory, not raised"
        mov ax, TYPED
        mov fs, ax
        xor ecx, ecx
        arpl [fs:selector], cx
        END_CASE

        EACH_KIND 0, KINDS
        NAMED "lldt"
        mov ax, TYPED
        lldt ax
        END_CASE
        call say_access
        call restore
        END_EACH
        EACH_KIND 0, KINDS
        NAMED "ltr"
        mov ax, TYPED
        ltr ax
        END_CASE
        call say_access
        call restore
        END_EACH

        END_FAULTS
