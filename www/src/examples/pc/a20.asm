; Address line 20: why the first megabyte once had no end.
;
; Real mode adds segment * 16 and offset. FFFF:0510 is 1,049,856: just above one megabyte. The 8086 had only 20 address
; lines, and such an address came out as 00500. Programs relied on that, so that the PC AT got a switch that holds line
; 20 at zero. It has been there ever since: here it is bit 1 of port 92h.

        bits 16
        org 7C00h

SYSTEM_CONTROL  equ 92h
A20_OPEN        equ 02h
RESET           equ 01h                 ; in the same port: never write a one here
LOW_SEGMENT     equ 0000h
LOW_OFFSET      equ 0500h
HIGH_SEGMENT    equ 0FFFFh
HIGH_OFFSET     equ 0510h               ; 16 * FFFFh + 0510h = 100500h

start:
        xor ax, ax
        mov ds, ax
        mov ss, ax
        mov sp, 7C00h
        cld
        mov ax, LOW_SEGMENT
        mov fs, ax
        mov ax, HIGH_SEGMENT
        mov gs, ax

        in al, SYSTEM_CONTROL
        and al, ~(A20_OPEN | RESET) & 0FFh
        out SYSTEM_CONTROL, al          ; hold the line at zero
closed:
        mov si, when_closed
        call compare

        in al, SYSTEM_CONTROL
        or al, A20_OPEN
        and al, ~RESET & 0FFh
        out SYSTEM_CONTROL, al          ; let it go
opened:
        mov si, when_open
        call compare
done:
        hlt
        jmp done

; Prints the text at SI, and whether the two addresses are the same byte.
compare:
        call print
        mov byte [fs:LOW_OFFSET], 11h
        mov byte [gs:HIGH_OFFSET], 22h
        cmp byte [fs:LOW_OFFSET], 22h   ; has the second store changed the first?
        mov si, same
        je print
        mov si, different               ; falls into print

print:
        lodsb
        test al, al
        jz .done
        mov ah, 0Eh
        mov bx, 7
        int 10h
        jmp print
.done:
        ret

when_closed: db "A20 closed: FFFF:0510 ", 0
when_open:   db "A20 open:   FFFF:0510 ", 0
same:        db "is 0000:0500", 13, 10, 0
different:   db "is another byte than 0000:0500", 13, 10, 0

        times 510 - ($ - $$) db 0
        dw 0AA55h
