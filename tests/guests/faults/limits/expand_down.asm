; Limits of segments that expand down: the limit is the last byte that is not within. What is within ends at FFFFh or at
; FFFFFFFFh, by the B flag (SDM volume 3A, 3.4.5.1 and 5.3).

%define GUEST "expand_down"
%include "faults.inc"
%include "limits.inc"

WIDE            equ SPARE               ; from 1000h to FFFFFFFFh
NARROW          equ SPARE + 8           ; from 1000h to FFFFh
WIDE_PAGES      equ SPARE + 16          ; from 2000h on: limit 1, counted in pages
NARROW_PAGES    equ SPARE + 24          ; from 2000h to FFFFh
ALMOST_ALL      equ SPARE + 32          ; all but byte 0
NOTHING_WIDE    equ SPARE + 40          ; limit FFFFFFFFh
NOTHING_NARROW  equ SPARE + 48          ; limit FFFFh
LAST_NARROW     equ SPARE + 56          ; FFFFh alone
CONSTANT        equ SPARE + 64          ; as WIDE, read only
BEYOND_NARROW   equ SPARE + 72          ; limit 20000h, B clear: nothing
DOWN_WRITE      equ PRESENT | 16h
DOWN            equ PRESENT | 14h

        SSE_ON
        SET_DESCRIPTOR WIDE, BASE, 0FFFh, DOWN_WRITE, FLAG_32BIT
        SET_DESCRIPTOR NARROW, BASE, 0FFFh, DOWN_WRITE, 0
        SET_DESCRIPTOR WIDE_PAGES, BASE, 1, DOWN_WRITE, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR NARROW_PAGES, BASE, 1, DOWN_WRITE, FLAG_4K
        SET_DESCRIPTOR ALMOST_ALL, BASE, 0, DOWN_WRITE, FLAG_32BIT
        SET_DESCRIPTOR NOTHING_WIDE, BASE, 0FFFFFh, DOWN_WRITE, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR NOTHING_NARROW, BASE, 0FFFFh, DOWN_WRITE, 0
        SET_DESCRIPTOR LAST_NARROW, BASE, 0FFFEh, DOWN_WRITE, 0
        SET_DESCRIPTOR CONSTANT, BASE, 0FFFh, DOWN, FLAG_32BIT
        SET_DESCRIPTOR BEYOND_NARROW, BASE, 20000h, DOWN_WRITE, 0

        SIZES_FROM WIDE, "from above the limit", 1000h
        SIZES_FROM WIDE, "beyond, from the limit", 0FFFh
        SIZES WIDE, "beyond, all below the limit", 0FFEh
        SIZES_FROM WIDE, "beyond at 0", 0
        SIZES_FROM WIDE, "above 64 KiB", 0FFF8h
        SIZES NARROW, "up to FFFF", 0FFFFh
        SIZES NARROW, "a byte beyond FFFF", 10000h
        SIZES_FROM NARROW, "from above the limit", 1000h
        SIZES_FROM NARROW, "beyond, from the limit", 0FFFh
        SIZES_FROM NARROW, "beyond at 20000", 20000h

        ACCESS "the top, a dword at FFFFFFFC", WIDE, 0FFFFFFFCh, mov eax, [fs:ebx]
        ACCESS "the top, 16 bytes at FFFFFFF0", WIDE, 0FFFFFFF0h, movups xmm0, [fs:ebx]
        ACCESS "the top, beyond by a dword at FFFFFFFD", WIDE, 0FFFFFFFDh, mov eax, [fs:ebx]
        ACCESS "the top, beyond by a dword's write at FFFFFFFD", WIDE, 0FFFFFFFDh, mov [fs:ebx], eax
        ACCESS "pages, at 2000", WIDE_PAGES, 2000h, mov al, [fs:ebx]
        ACCESS "pages, beyond at 1FFF", WIDE_PAGES, 1FFFh, mov al, [fs:ebx]
        ACCESS "pages, narrow, at 2000", NARROW_PAGES, 2000h, mov al, [fs:ebx]
        ACCESS "pages, narrow, beyond at 1FFF", NARROW_PAGES, 1FFFh, mov al, [fs:ebx]
        ACCESS "pages, narrow, beyond at 10000", NARROW_PAGES, 10000h, mov al, [fs:ebx]
        ACCESS "limit 0, beyond at 0", ALMOST_ALL, 0, mov al, [fs:ebx]
        ACCESS "limit 0, at 1", ALMOST_ALL, 1, mov al, [fs:ebx]
        ACCESS "limit FFFFFFFF, beyond at FFFFFFFF", NOTHING_WIDE, 0FFFFFFFFh, mov al, [fs:ebx]
        ACCESS "limit FFFFFFFF, beyond at 0", NOTHING_WIDE, 0, mov al, [fs:ebx]
        ACCESS "limit FFFF, beyond at FFFF", NOTHING_NARROW, 0FFFFh, mov al, [fs:ebx]
        ACCESS "limit FFFF, beyond at 0", NOTHING_NARROW, 0, mov al, [fs:ebx]
        ACCESS "limit FFFF, beyond at 10000", NOTHING_NARROW, 10000h, mov al, [fs:ebx]
        ACCESS "limit FFFE, at FFFF", LAST_NARROW, 0FFFFh, mov al, [fs:ebx]
        ACCESS "limit FFFE, beyond by a word at FFFF", LAST_NARROW, 0FFFFh, mov ax, [fs:ebx]
        ACCESS "limit FFFE, beyond at FFFE", LAST_NARROW, 0FFFEh, mov al, [fs:ebx]
        ACCESS "limit 20000, narrow, beyond at 1FFFF", BEYOND_NARROW, 1FFFFh, mov al, [fs:ebx]
        ACCESS "limit 20000, narrow, beyond at 20001", BEYOND_NARROW, 20001h, mov al, [fs:ebx]
        ACCESS "limit 20000, narrow, beyond at FFFF", BEYOND_NARROW, 0FFFFh, mov al, [fs:ebx]
        ACCESS "read only, at 1000", CONSTANT, 1000h, mov al, [fs:ebx]
        ACCESS "read only, beyond at FFF", CONSTANT, 0FFFh, mov al, [fs:ebx]
        ACCESS "read only, a write at 1000", CONSTANT, 1000h, mov [fs:ebx], al
        ACCESS "read only, a change at 1000", CONSTANT, 1000h, inc byte [fs:ebx]

        END_FAULTS
