; Mode X: 320 x 240 in 256 colours, with square pixels. It is mode 13h without "chain 4": the four planes hold every fourth
; pixel each, so that all 256 KiB of video memory can be used, by 64 KiB of addresses. No BIOS sets it: we do, by registers.
;
; The picture is larger than the screen and moves over it by whole pixels; the panel below stays where it is (split screen).

%define GUEST "modex"
%include "boot.inc"
%include "report.inc"

VGA_SEGMENT     equ 0A000h
MISC_OUTPUT     equ 3C2h
ATTRIBUTE       equ 3C0h
SEQUENCER       equ 3C4h
GRAPHICS        equ 3CEh
CRTC            equ 3D4h
INPUT_STATUS    equ 3DAh
DAC_WRITE       equ 3C8h
VERTICAL_RETRACE equ 08h
DISPLAY_OFF     equ 01h

ROW_BYTES       equ 100                 ; in each plane: a picture of 400 pixels
PANEL_ROWS      equ 40
PANEL_TOP       equ 240 - PANEL_ROWS
PICTURE         equ PANEL_ROWS * ROW_BYTES      ; the panel is at address 0: there the split screen begins
PICTURE_ROWS    equ 280
FRAMES          equ 72                  ; a multiple of 4: the last view needs no panning by pixels, which QEMU has not
; Two scan lines a row; the comparison is with the last line above the split.
SPLIT_LINE      equ PANEL_TOP * 2 - 1

; The last view, in pixels.
LAST_X          equ FRAMES
LAST_Y          equ FRAMES

main:
        call report_init
        mov ax, 0013h
        int 10h
        call unchain
        call set_palette
        call split_screen
        mov ax, VGA_SEGMENT
        mov es, ax
        call draw
        call test_picture
        xor bx, bx
.next:
        inc bx
        call show
        cmp bx, FRAMES
        jb .next
        call test_registers
        OK
.forever:
        hlt
        jmp .forever

unchain:
        mov dx, SEQUENCER
        mov ax, 0604h                   ; chain 4 off, all of the memory
        out dx, ax
        mov ax, 0100h                   ; the clock may only change while the sequencer is held in reset
        out dx, ax
        mov dx, MISC_OUTPUT
        mov al, 0E3h                    ; 25 MHz, 480 lines
        out dx, al
        mov dx, SEQUENCER
        mov ax, 0300h
        out dx, ax
        mov dx, CRTC
        mov al, 11h                     ; bit 7 of register 11h protects registers 0 to 7
        out dx, al
        inc dx
        in al, dx
        and al, 7Fh
        out dx, al
        dec dx
        mov si, timings
        mov cx, (timings_end - timings) / 2
.next:
        lodsw
        out dx, ax
        loop .next
        ret

; Register and value for 480 lines, two a row, addressed by bytes.
timings:
        db 06h, 0Dh                     ; vertical total
        db 07h, 3Eh                     ; ninth and tenth bits of several
        db 09h, 41h                     ; each row twice
        db 10h, 0EAh                    ; vertical retrace start
        db 11h, 0ACh                    ; vertical retrace end, and protect again
        db 12h, 0DFh                    ; vertical display end: 480
        db 13h, ROW_BYTES / 2           ; a row in the memory, in words
        db 14h, 00h                     ; no double words
        db 15h, 0E7h                    ; vertical blank start
        db 16h, 06h                     ; vertical blank end
        db 17h, 0E3h                    ; byte mode
timings_end:

; Colour n: red is n, green its bits 2 to 7, blue what is missing to white.
set_palette:
        mov dx, DAC_WRITE
        xor al, al
        out dx, al
        inc dx
        xor cl, cl
.next:
        mov al, cl
        and al, 3Fh
        out dx, al
        mov al, cl
        shr al, 2
        out dx, al
        mov al, cl
        not al
        and al, 3Fh
        out dx, al
        inc cl
        jnz .next
        ret

; The line compare has ten bits, in three registers. And the panel shall not be panned by pixels: bit 5 of attribute 10h.
split_screen:
        mov dx, CRTC
        mov ax, 18h | (SPLIT_LINE & 0FFh) << 8
        out dx, ax
        mov al, 07h                     ; bit 8 goes to bit 4
        mov ah, ~10h & 0FFh
        mov bl, (SPLIT_LINE >> 8 & 1) << 4
        call change
        mov al, 09h                     ; bit 9 goes to bit 6
        mov ah, ~40h & 0FFh
        mov bl, (SPLIT_LINE >> 9 & 1) << 6
        call change
        mov al, 10h | 20h               ; index 10h; the 20h keeps the screen on
        mov ah, 61h                     ; graphics, 256 colours, no panning below the split
        jmp attribute

; CRTC register AL: keep the bits of AH, set those of BL. Registers to 7 are protected but for this very bit.
change:
        mov dx, CRTC
        out dx, al
        inc dx
        in al, dx
        and al, ah
        or al, bl
        out dx, al
        ret

; Attribute register AL = AH. Index and value go to one port in turn; reading the input status says "index is next".
attribute:
        push dx
        push ax
        mov dx, INPUT_STATUS
        in al, dx
        pop ax
        mov dx, ATTRIBUTE
        out dx, al
        mov al, ah
        out dx, al
        pop dx
        ret

; AL = colour of the picture at column SI (0 to 399), row DX.
picture_pixel:
        mov ax, si
        xor ax, dx
        test al, 20h
        jz .done
        add al, dl
.done:
        ret

; Plane by plane: plane p has the columns whose number leaves p when divided by 4.
draw:
        xor bx, bx                      ; plane
.plane:
        mov cl, bl
        mov ah, 1
        shl ah, cl
        mov dx, SEQUENCER
        mov al, 2                       ; map mask
        out dx, ax
        call draw_panel
        xor dx, dx
        mov di, PICTURE
.row:
        mov si, bx
.byte:
        call picture_pixel
        stosb
        add si, 4
        cmp si, ROW_BYTES * 4
        jb .byte
        inc dx
        cmp dx, PICTURE_ROWS
        jb .row
        inc bx
        cmp bx, 4
        jb .plane
        ret

; Upright bars, each plane a little darker, so that an error in the order of planes shows.
draw_panel:
        xor di, di
        mov dx, PANEL_ROWS
.row:
        xor cx, cx
.byte:
        mov al, cl
        and al, 0FCh
        add al, bl
        stosb
        inc cx
        cmp cx, ROW_BYTES
        jb .byte
        dec dx
        jnz .row
        ret

; Moves the view to column BX, row BX. The start address is taken at the retrace, the panning by 0 to 3 pixels at once:
; so write the address before the retrace, and the panning in it.
show:
        mov dx, INPUT_STATUS
.during:
        in al, dx
        test al, VERTICAL_RETRACE
        jnz .during
        imul cx, bx, ROW_BYTES
        mov ax, bx
        shr ax, 2
        add cx, ax
        add cx, PICTURE
        mov dx, CRTC
        mov al, 0Ch
        mov ah, ch
        out dx, ax
        mov al, 0Dh
        mov ah, cl
        out dx, ax
        mov dx, INPUT_STATUS
.before:
        in al, dx
        test al, VERTICAL_RETRACE
        jz .before
        mov ah, bl
        and ah, 3
        shl ah, 1                       ; in this mode the panning counts half pixels
        mov al, 13h | 20h
        jmp attribute

; Reads some pixels of each plane back.
test_picture:
        xor bx, bx
.plane:
        mov ah, bl
        mov al, 4                       ; read map select
        mov dx, GRAPHICS
        out dx, ax
        mov dx, PICTURE_ROWS - 1
.row:
        imul di, dx, ROW_BYTES
        add di, PICTURE + 57
        lea si, [bx + 57 * 4]
        call picture_pixel
        scasb
        jne .failed
        dec dx
        jns .row
        inc bx
        cmp bx, 4
        jb .plane
        ret
.failed:
        FAIL "a plane reads back otherwise"

test_registers:
        mov dx, CRTC
        mov al, 0Ch
        out dx, al
        inc dx
        in al, dx
        mov ah, al
        dec dx
        mov al, 0Dh
        out dx, al
        inc dx
        in al, dx
        cmp ax, PICTURE + LAST_Y * ROW_BYTES + LAST_X / 4
        je .done
        FAIL "the start address reads back otherwise"
.done:
        ret

        END_OF_IMAGE
