; Plasma in mode 13h: 320 x 200 pixels, a byte each, 256 colours out of 262,144. The byte at A000:(y * 320 + x) is the
; number of a colour in the DAC's palette; that is all there is to know, and why so many games used it.
;
; 120 frames, one at each vertical retrace (70 a second); the last one stays. Any key shows them again.

%define GUEST "plasma"
%include "boot.inc"
%include "report.inc"

VGA_SEGMENT     equ 0A000h
WIDTH           equ 320
HEIGHT          equ 200
FRAMES          equ 120
DAC_READ        equ 3C7h
DAC_WRITE       equ 3C8h
DAC_DATA        equ 3C9h
INPUT_STATUS    equ 3DAh
VERTICAL_RETRACE equ 08h

main:
        call report_init
        mov ax, 0013h
        int 10h
        call make_sines
        call make_palette
        call test_palette
again:
        mov word [frame], 0
.next:
        call prepare_columns
        call wait_retrace
        call draw
        inc word [frame]
        cmp word [frame], FRAMES
        jb .next
        call test_picture
        OK
        xor ax, ax                      ; wait for a key
        int 16h
        jmp again

; 256 steps of something like a sine, from 0 to 128 and down to -128: two parabolas x (128 - x) / 32.
make_sines:
        xor si, si
.next:
        mov ax, 128
        sub ax, si
        imul ax, si
        shr ax, 5
        cmp ax, 127
        jbe .fits
        mov ax, 127
.fits:
        mov [sines + si], al
        neg al
        mov [sines + 128 + si], al
        inc si
        cmp si, 128
        jb .next
        ret

; AL = sine of BL (256 steps are a circle).
%macro SINE 0
        xor bh, bh
        mov al, [sines + bx]
%endmacro

; Red, green and blue are three sines, a third of a circle apart. The DAC takes 6 bits of each.
make_palette:
        mov dx, DAC_WRITE
        xor al, al
        out dx, al
        xor cl, cl
.next:
        call colour_of
        mov dx, DAC_DATA
        mov al, [rgb]
        out dx, al
        mov al, [rgb + 1]
        out dx, al
        mov al, [rgb + 2]
        out dx, al
        inc cl
        jnz .next
        ret

; The three components of colour CL, to `rgb`.
colour_of:
        xor si, si
        mov bl, cl
.next:
        SINE
        add al, 128                     ; 0 to 255
        shr al, 2                       ; 0 to 63
        mov [rgb + si], al
        add bl, 85
        inc si
        cmp si, 3
        jb .next
        ret

; Reads the palette back.
test_palette:
        mov dx, DAC_READ
        xor al, al
        out dx, al
        xor cl, cl
.next:
        call colour_of
        mov dx, DAC_DATA
        xor si, si
.component:
        in al, dx
        cmp al, [rgb + si]
        jne .failed
        inc si
        cmp si, 3
        jb .component
        inc cl
        jnz .next
        ret
.failed:
        FAIL "the palette reads back otherwise"

; A pixel is sine(x + t) + sine(x / 2 - 2 t) + sine(y + t) + sine(2 y + 3 t), each wave by its own phase. What depends on x
; alone is worked out once for all rows.
prepare_columns:
        xor di, di
.next:
        mov bx, di
        add bx, [frame]
        SINE
        mov cl, al
        mov bx, di
        shr bx, 1
        sub bx, [frame]
        sub bx, [frame]
        SINE
        add cl, al
        mov [columns + di], cl
        inc di
        cmp di, WIDTH
        jb .next
        ret

; CL = what row DX adds to each pixel.
row_wave:
        mov bx, dx
        add bx, [frame]
        SINE
        mov cl, al
        mov bx, dx
        shl bx, 1
        add bx, [frame]
        add bx, [frame]
        add bx, [frame]
        SINE
        add cl, al
        ret

draw:
        mov ax, VGA_SEGMENT
        mov es, ax
        xor di, di
        xor dx, dx
.row:
        call row_wave
        mov ch, cl
        xor si, si
.pixels:
        mov ax, [columns + si]          ; two pixels at a time
        add al, cl
        add ah, ch
        stosw
        add si, 2
        cmp si, WIDTH
        jb .pixels
        inc dx
        cmp dx, HEIGHT
        jb .row
        ret

; The beam goes back to the top: the one moment at which a change is not seen half done.
wait_retrace:
        mov dx, INPUT_STATUS
.during:
        in al, dx
        test al, VERTICAL_RETRACE
        jnz .during
.before:
        in al, dx
        test al, VERTICAL_RETRACE
        jz .before
        ret

; Works the last frame out again and compares it with the video memory.
test_picture:
        dec word [frame]
        mov ax, VGA_SEGMENT
        mov es, ax
        xor di, di
        xor dx, dx
.row:
        call row_wave
        xor si, si
.pixels:
        mov al, [columns + si]
        add al, cl
        scasb
        jne .failed
        inc si
        cmp si, WIDTH
        jb .pixels
        inc dx
        cmp dx, HEIGHT
        jb .row
        ret
.failed:
        FAIL "the video memory reads back otherwise"

frame:          dw 0
rgb:            db 0, 0, 0

        END_OF_IMAGE

; Tables behind the image, in memory that nobody else uses.
sines           equ 0A000h
columns         equ 0A100h
