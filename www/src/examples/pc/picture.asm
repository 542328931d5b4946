; Graphics: mode 13h has 320 x 200 pixels of one byte each, from segment A000h on.
;
; A pixel's byte is a number between 0 and 255; which colour that is, says the palette. We make a palette of our own
; and then draw, row by row, a pixel of the number (x xor y).

        bits 16
        org 7C00h

PIXELS          equ 0A000h              ; the segment of the picture
WIDTH           equ 320
HEIGHT          equ 200
PALETTE_INDEX   equ 3C8h                ; port: the colour that is to be set
PALETTE_DATA    equ 3C9h                ; port: its red, green and blue, 0 to 63 each

start:
        xor ax, ax
        mov ds, ax
        mov ss, ax
        mov sp, 7C00h
        cld
        mov ax, 0013h                   ; the BIOS: graphics mode 13h
        int 10h

        mov dx, PALETTE_INDEX
        xor al, al                      ; begin with colour 0; the index moves on by itself
        out dx, al
        inc dx                          ; PALETTE_DATA
        xor cl, cl                      ; CL = the colour's number
palette:
        mov al, cl
        shr al, 2                       ; red grows from 0 to 63
        out dx, al
        mov al, cl
        and al, 63                      ; green does so four times
        out dx, al
        mov al, cl
        not al
        shr al, 2                       ; blue shrinks
        out dx, al
        inc cl
        jnz palette                     ; until it is 256, which is 0 again

        mov ax, PIXELS
        mov es, ax
        xor di, di                      ; ES:DI = the first pixel, top left
        xor dx, dx                      ; DX = y
draw_row:
        xor cx, cx                      ; CX = x
draw_pixel:
        mov al, cl
        xor al, dl                      ; the number of the pixel
        stosb                           ; write it, DI moves on
        inc cx
        cmp cx, WIDTH
        jb draw_pixel
        inc dx
        cmp dx, HEIGHT
        jb draw_row

done:
        hlt
        jmp done

        times 510 - ($ - $$) db 0
        dw 0AA55h
