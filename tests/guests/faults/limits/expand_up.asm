; Limits of data segments that expand up: the last byte is within, the next is not (SDM volume 3A, 5.3).

%define GUEST "expand_up"
%include "faults.inc"
%include "limits.inc"

BYTES           equ SPARE               ; limit FFFh, counted in bytes
ONE             equ SPARE + 8           ; a single byte
PAGE            equ SPARE + 16          ; limit 0, counted in pages: 4 KiB
PAGES           equ SPARE + 24          ; limit 1, counted in pages
MEGABYTE        equ SPARE + 32          ; the largest limit that is counted in bytes
FLAT            equ SPARE + 40          ; 4 GiB from 0
SMALL           equ SPARE + 48          ; as BYTES, D/B clear: only stacks and expand-down segments mind it
CONSTANT        equ SPARE + 56          ; as BYTES, read only
EXECUTABLE      equ SPARE + 64          ; as BYTES, readable code

        SSE_ON
        SET_DESCRIPTOR BYTES, BASE, 0FFFh, PRESENT | DATA_WRITABLE, FLAG_32BIT
        SET_DESCRIPTOR ONE, BASE, 0, PRESENT | DATA_WRITABLE, FLAG_32BIT
        SET_DESCRIPTOR PAGE, BASE, 0, PRESENT | DATA_WRITABLE, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR PAGES, BASE, 1, PRESENT | DATA_WRITABLE, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR MEGABYTE, BASE, 0FFFFFh, PRESENT | DATA_WRITABLE, FLAG_32BIT
        SET_DESCRIPTOR FLAT, 0, 0FFFFFh, PRESENT | DATA_WRITABLE, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR SMALL, BASE, 0FFFh, PRESENT | DATA_WRITABLE, 0
        SET_DESCRIPTOR CONSTANT, BASE, 0FFFh, PRESENT | 10h, FLAG_32BIT
        SET_DESCRIPTOR EXECUTABLE, BASE, 0FFFh, PRESENT | 1Ah, FLAG_32BIT

        SIZES BYTES, "up to the limit", 0FFFh
        SIZES BYTES, "a byte beyond the limit", 1000h
        SIZES_FROM BYTES, "all beyond the limit", 1000h
        SIZES_FROM BYTES, "far beyond the limit", 0F0000000h
        ; 4 GiB on is not 0 again: the limit is compared with what does not fit 32 bits.
        SIZES_FROM BYTES, "at -1 beyond the limit", 0FFFFFFFFh

        ACCESS "one byte, at 0", ONE, 0, mov al, [fs:ebx]
        ACCESS "one byte, beyond at 1", ONE, 1, mov al, [fs:ebx]
        ACCESS "one byte, beyond by a word at 0", ONE, 0, mov ax, [fs:ebx]
        ACCESS "a page, at FFF", PAGE, 0FFFh, mov al, [fs:ebx]
        ACCESS "a page, beyond at 1000", PAGE, 1000h, mov al, [fs:ebx]
        ACCESS "a page, beyond by a word at FFF", PAGE, 0FFFh, mov ax, [fs:ebx]
        ACCESS "two pages, at 1FFF", PAGES, 1FFFh, mov al, [fs:ebx]
        ACCESS "two pages, a dword at 1FFC", PAGES, 1FFCh, mov eax, [fs:ebx]
        ACCESS "two pages, beyond by a dword at 1FFD", PAGES, 1FFDh, mov eax, [fs:ebx]
        ACCESS "two pages, beyond at 2000", PAGES, 2000h, mov al, [fs:ebx]
        ACCESS "a megabyte, at FFFFF", MEGABYTE, 0FFFFFh, mov al, [fs:ebx]
        ACCESS "a megabyte, beyond at 100000", MEGABYTE, 100000h, mov al, [fs:ebx]
        ACCESS "flat, at FFFFFFFF", FLAT, 0FFFFFFFFh, mov al, [fs:ebx]
        ACCESS "flat, a dword at FFFFFFFC", FLAT, 0FFFFFFFCh, mov eax, [fs:ebx]
        ACCESS "flat, 16 bytes at FFFFFFF0", FLAT, 0FFFFFFF0h, movups xmm0, [fs:ebx]
        ACCESS "no 32-bit segment, at FFF", SMALL, 0FFFh, mov al, [fs:ebx]
        ACCESS "no 32-bit segment, beyond at 1000", SMALL, 1000h, mov al, [fs:ebx]
        ACCESS "no 32-bit segment, beyond at 10FFF", SMALL, 10FFFh, mov al, [fs:ebx]
        ACCESS "read only, at FFF", CONSTANT, 0FFFh, mov al, [fs:ebx]
        ACCESS "read only, beyond at 1000", CONSTANT, 1000h, mov al, [fs:ebx]
        ACCESS "read only, a write beyond at 1000", CONSTANT, 1000h, mov [fs:ebx], al
        ACCESS "code, at FFF", EXECUTABLE, 0FFFh, mov al, [fs:ebx]
        ACCESS "code, beyond at 1000", EXECUTABLE, 1000h, mov al, [fs:ebx]

; What takes more than one instruction.
%macro load_gs 0
        mov dword [BASE + 0FFAh], 0
        mov dword [BASE + 0FFEh], 0
        lgs eax, [fs:ebx]
%endmacro
%macro bound_in 0
        mov ecx, [fs:ebx]
        bound ecx, [fs:ebx]
%endmacro
%macro translate 0
        xor eax, eax
        fs xlatb
%endmacro
%macro set_bit_7fe0 0
        mov ecx, 7FE0h
        bts [fs:ebx], ecx
%endmacro
%macro set_bit_8000 0
        mov ecx, 8000h
        bts [fs:ebx], ecx
%endmacro
%macro set_bit_minus_1 0
        mov ecx, -1
        bts [fs:ebx], ecx
%endmacro

        ; Operands that are not one piece.
%macro PIECES 3+
        ACCESS {%1, ", up to the limit"}, BYTES, 1000h - (%2), %3
        ACCESS {%1, ", a byte beyond"}, BYTES, 1001h - (%2), %3
%endmacro
        PIECES "cmp m8, imm8", 1, cmp byte [fs:ebx], 0
        PIECES "xchg", 4, xchg [fs:ebx], eax
        PIECES "cmpxchg that fails", 4, cmpxchg [fs:ebx], ecx
        PIECES "cmpxchg8b", 8, cmpxchg8b [fs:ebx]
        PIECES "xadd", 4, xadd [fs:ebx], ecx
        PIECES "mul", 4, mul dword [fs:ebx]
        PIECES "lea does not look", 1, lea eax, [fs:ebx]
        PIECES "lgs", 6, load_gs
        PIECES "bound", 8, bound_in
        PIECES "sgdt", 6, sgdt [fs:ebx]
        PIECES "sidt", 6, sidt [fs:ebx]
        PIECES "sldt", 2, sldt [fs:ebx]
        PIECES "str", 2, str [fs:ebx]
        PIECES "smsw", 2, smsw [fs:ebx]
        PIECES "mov from ds", 2, mov [fs:ebx], ds
        PIECES "mov to gs", 2, mov gs, [fs:ebx]
        PIECES "setc", 1, setc [fs:ebx]
        PIECES "push m32", 4, push dword [fs:ebx]
        PIECES "pop m32", 4, pop dword [fs:ebx]
        PIECES "xlat", 1, translate
        PIECES "fild m16", 2, fild word [fs:ebx]
        PIECES "fild m32", 4, fild dword [fs:ebx]
        PIECES "fild m64", 8, fild qword [fs:ebx]
        PIECES "fistp m64", 8, fistp qword [fs:ebx]
        PIECES "fst m32", 4, fst dword [fs:ebx]
        PIECES "fst m64", 8, fst qword [fs:ebx]
        PIECES "fnstcw", 2, fnstcw [fs:ebx]
        PIECES "fldcw", 2, fldcw [fs:ebx]
        PIECES "fnstenv", 28, fnstenv [fs:ebx]
        PIECES "fldenv", 28, fldenv [fs:ebx]
        PIECES "fnsave", 108, fnsave [fs:ebx]
        PIECES "frstor", 108, frstor [fs:ebx]
        PIECES "fxsave, aligned or not", 512, fxsave [fs:ebx]
        PIECES "fxrstor, aligned or not", 512, fxrstor [fs:ebx]
        mov dword [BASE + 0E10h + 24], 1F80h
        ACCESS "fxsave, 16 bytes beyond", BYTES, 0E10h, fxsave [fs:ebx]
        ACCESS "fxrstor, 16 bytes beyond", BYTES, 0E10h, fxrstor [fs:ebx]
        PIECES "movups", 16, movups xmm1, [fs:ebx]
        PIECES "movss", 4, movss xmm1, [fs:ebx]
        PIECES "movlps", 8, movlps xmm1, [fs:ebx]
        PIECES "stmxcsr", 4, stmxcsr [fs:ebx]
        PIECES "prefetch does not look", 1, prefetcht0 [fs:ebx]
        PIECES "lock inc", 4, lock inc dword [fs:ebx]
        PIECES "shld", 4, shld [fs:ebx], eax, 3
        PIECES "bt, bit 7", 4, bt dword [fs:ebx], 7

        ; Bit offsets in a register reach bytes far from the address (SDM volume 2, BT).
        ACCESS "bts, the dword of bit 7FE0 is the last", BYTES, 0, set_bit_7fe0
        ACCESS "bts, the dword of bit 8000 is beyond", BYTES, 0, set_bit_8000
        ACCESS "bts, bit -1 from 4", BYTES, 4, set_bit_minus_1
        ACCESS "bts, bit -1 from 0 is beyond", BYTES, 0, set_bit_minus_1

        ; Addresses of 16 bits wrap at 64 KiB, what is there does not.
        ACCESS "16-bit address that wraps to 0FFF", BYTES, 0FFFFh, mov al, [fs:bx + 1000h]
        ACCESS "16-bit address that wraps to beyond 1000", BYTES, 0FFFFh, mov al, [fs:bx + 1001h]
        ACCESS "16-bit address, a dword beyond at FFFF", PAGE, 0FFFFh, mov eax, [fs:bx]
        ACCESS "16-bit address, a dword at FFFF", MEGABYTE, 0FFFFh, mov eax, [fs:bx]
        ACCESS "32-bit address that wraps to 0FFC", BYTES, 0FFFFFFFFh, mov eax, [fs:ebx + 0FFDh]

        END_FAULTS
