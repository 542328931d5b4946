; Mode 12h: 640 x 480 pixels in 16 colours, as four planes of a bit a pixel. The planes lie behind the same addresses, and a
; byte holds 8 pixels; the graphics controller decides what a write does to the planes, and what a read gives.
;
; Each band of the picture is drawn by another of its abilities, and read back.

%define GUEST "planar"
%include "boot.inc"
%include "report.inc"

VGA_SEGMENT     equ 0A000h
ROW_BYTES       equ 80
SEQUENCER       equ 3C4h
GRAPHICS        equ 3CEh

; Registers of the sequencer and the graphics controller, by index.
MAP_MASK        equ 2
SET_RESET       equ 0
ENABLE_SET_RESET equ 1
COLOUR_COMPARE  equ 2
FUNCTION_ROTATE equ 3
READ_PLANE      equ 4
MODE            equ 5
COLOUR_DONT_CARE equ 7
BIT_MASK        equ 8

FUNCTION_AND    equ 08h
FUNCTION_OR     equ 10h
FUNCTION_XOR    equ 18h
READ_MODE_1     equ 08h

; Index and value go out as one word: the value to the port above.
%macro SET 3
        mov dx, %1
        mov ax, %2 | (%3) << 8
        out dx, ax
%endmacro

; The same with the value in a register or memory.
%macro SET_TO 3
        mov dx, %1
        mov ah, %3
        mov al, %2
        out dx, ax
%endmacro

main:
        call report_init
        mov ax, 0012h
        int 10h
        mov ax, VGA_SEGMENT
        mov es, ax
        call colour_bars
        call rounded_box
        call lines
        call dithered_rows
        call stripes
        call logical_rows
        call copy_bars
        call test_bars
        call test_compare
        call test_lines
        call test_dither
        call test_functions
        call test_copy
        OK
.forever:
        hlt
        jmp .forever

; Puts the controller back as the BIOS left it.
defaults:
        SET SEQUENCER, MAP_MASK, 0Fh
        SET GRAPHICS, SET_RESET, 0
        SET GRAPHICS, ENABLE_SET_RESET, 0
        SET GRAPHICS, FUNCTION_ROTATE, 0
        SET GRAPHICS, READ_PLANE, 0
        SET GRAPHICS, MODE, 0
        SET GRAPHICS, BIT_MASK, 0FFh
        ret

; Rows 0 to 63: 16 bars of 40 pixels. With set/reset on for all planes, what the CPU writes does not matter: each plane
; takes its bit of the set/reset register, so one byte written is 8 pixels of a colour.
colour_bars:
        SET GRAPHICS, ENABLE_SET_RESET, 0Fh
        xor bx, bx                      ; colour
.bar:
        SET_TO GRAPHICS, SET_RESET, bl
        imul di, bx, 5
        mov cx, 64
.row:
        push cx
        mov cx, 5
        rep stosb
        pop cx
        add di, ROW_BYTES - 5
        loop .row
        inc bx
        cmp bx, 16
        jb .bar
        jmp defaults

BOX_TOP         equ 80
BOX_ROWS        equ 80

; Rows 80 to 159: a yellow box on blue, whose edges are not on whole bytes: the bit mask says which of the 8 pixels change.
; The others come from the latches, which a read fills: so read before you write.
rounded_box:
        SET GRAPHICS, ENABLE_SET_RESET, 0Fh
        SET GRAPHICS, SET_RESET, 1
        mov di, BOX_TOP * ROW_BYTES
        mov cx, BOX_ROWS * ROW_BYTES
        rep stosb
        SET GRAPHICS, SET_RESET, 14
        mov di, (BOX_TOP + 8) * ROW_BYTES + 10
        mov cx, BOX_ROWS - 16
.row:
        push cx
        SET GRAPHICS, BIT_MASK, 07h     ; the three pixels at the right of this byte
        mov al, [es:di]
        stosb
        SET GRAPHICS, BIT_MASK, 0FFh
        mov cx, 58
        rep stosb
        SET GRAPHICS, BIT_MASK, 0E0h    ; and three at the left of the last
        mov al, [es:di]
        stosb
        add di, ROW_BYTES - 60
        pop cx
        loop .row
        jmp defaults

LINES_TOP       equ 176

; Rows 176 to 255: lines from corner to corner, pixel by pixel in write mode 2: there the CPU writes a colour.
lines:
        SET GRAPHICS, MODE, 2
        xor si, si                      ; column
.next:
        ; 640 columns over 80 rows: one row down every 8 columns.
        mov ax, si
        shr ax, 3
        mov bl, 15
        call put_pixel
        mov ax, si
        shr ax, 3
        neg ax
        add ax, 79
        mov bl, 12
        call put_pixel
        inc si
        cmp si, 640
        jb .next
        jmp defaults

; Column SI, row AX of the band of lines, colour BL; write mode 2 is set.
put_pixel:
        imul di, ax, ROW_BYTES
        mov ax, si
        shr ax, 3
        add di, ax
        add di, LINES_TOP * ROW_BYTES
        mov cx, si
        and cl, 7
        mov ch, 80h
        shr ch, cl
        SET_TO GRAPHICS, BIT_MASK, ch
        mov al, [es:di]                 ; fill the latches with the other 7
        mov [es:di], bl
        ret

DITHER_TOP      equ 272

; Rows 272 to 303: write mode 3: the CPU's byte is a mask (together with the bit mask), the colour comes from set/reset.
; A chequered mask mixes two colours.
dithered_rows:
        SET GRAPHICS, MODE, 3
        mov di, DITHER_TOP * ROW_BYTES
        mov bl, 0AAh
        mov cx, 32
.row:
        push cx
        mov cx, ROW_BYTES
.byte:
        push cx
        SET GRAPHICS, SET_RESET, 4      ; red where the mask has ones
        mov al, [es:di]
        mov [es:di], bl
        SET GRAPHICS, SET_RESET, 6      ; brown where it has zeros
        mov al, [es:di]
        mov al, bl
        not al
        mov [es:di], al
        inc di
        pop cx
        loop .byte
        not bl
        pop cx
        loop .row
        jmp defaults

STRIPES_TOP     equ 320

; Rows 320 to 351: write mode 0 proper: the CPU's byte goes, rotated, to those planes that the map mask lets through.
; Plane n gets 0Fh rotated right by 2 n.
stripes:
        xor bl, bl
.plane:
        mov cl, bl
        mov ah, 1
        shl ah, cl
        mov dx, SEQUENCER
        mov al, MAP_MASK
        out dx, ax
        mov ah, bl
        shl ah, 1                       ; the rotate count is in bits 0 to 2
        mov dx, GRAPHICS
        mov al, FUNCTION_ROTATE
        out dx, ax
        mov al, 0Fh
        mov di, STRIPES_TOP * ROW_BYTES
        mov cx, 32 * ROW_BYTES
        rep stosb
        inc bl
        cmp bl, 4
        jb .plane
        jmp defaults

LOGIC_TOP       equ 368

; Rows 368 to 391: what is written is combined with the latches: 8 rows of 0Fh AND 33h, 8 of OR, 8 of XOR, in all planes.
logical_rows:
        mov di, LOGIC_TOP * ROW_BYTES
        mov al, 33h
        mov cx, 24 * ROW_BYTES
        rep stosb
        mov di, LOGIC_TOP * ROW_BYTES
        mov si, functions
.function:
        lodsb
        mov bl, al
        SET_TO GRAPHICS, FUNCTION_ROTATE, bl
        mov cx, 8 * ROW_BYTES
.byte:
        mov al, [es:di]
        mov al, 0Fh
        stosb
        loop .byte
        cmp si, functions + 3
        jb .function
        jmp defaults

functions:      db FUNCTION_AND, FUNCTION_OR, FUNCTION_XOR

COPY_TOP        equ 408

; Rows 408 to 471: the colour bars again. In write mode 1 the latches are written as they are: 32 bits by one MOVSB, and the
; fastest way from video memory to video memory.
copy_bars:
        SET GRAPHICS, MODE, 1
        push ds
        mov ax, VGA_SEGMENT
        mov ds, ax
        xor si, si
        mov di, COPY_TOP * ROW_BYTES
        mov cx, 64 * ROW_BYTES
        rep movsb
        pop ds
        jmp defaults

; BL = colour of the pixel at bit mask AH of the byte at DI, from one read of each plane.
get_pixel:
        xor bl, bl
        mov bh, 3
.plane:
        push ax
        SET_TO GRAPHICS, READ_PLANE, bh
        pop ax
        shl bl, 1
        test [es:di], ah
        jz .zero
        or bl, 1
.zero:
        dec bh
        jns .plane
        ret

test_bars:
        xor si, si
.next:
        imul di, si, 5
        add di, 63 * ROW_BYTES
        mov ah, 80h
        call get_pixel
        mov cx, si
        cmp bl, cl
        jne .failed
        inc si
        cmp si, 16
        jb .next
        ret
.failed:
        FAIL "set/reset drew another colour"

; Read mode 1 compares 8 pixels with a colour at once.
test_compare:
        SET GRAPHICS, MODE, READ_MODE_1
        SET GRAPHICS, COLOUR_COMPARE, 14
        SET GRAPHICS, COLOUR_DONT_CARE, 0Fh
        mov di, (BOX_TOP + 20) * ROW_BYTES + 10
        mov al, [es:di]
        mov ah, [es:di + 1]
        mov bl, [es:di + 59]
        mov bh, [es:di - 1]
        push ax
        call defaults
        pop ax
        cmp ax, 0FF07h
        jne .failed
        cmp bx, 00E0h
        jne .failed
        ret
.failed:
        FAIL "the bit mask or the colour compare is wrong"

test_lines:
        mov di, LINES_TOP * ROW_BYTES
        mov ah, 80h
        call get_pixel
        cmp bl, 15
        jne .failed
        mov di, (LINES_TOP + 40) * ROW_BYTES + 40
        mov ah, 01h
        call get_pixel
        cmp bl, 15
        jne .failed
        mov di, (LINES_TOP + 79) * ROW_BYTES
        mov ah, 10h
        call get_pixel
        cmp bl, 12
        jne .failed
        mov di, (LINES_TOP + 1) * ROW_BYTES
        call get_pixel
        cmp bl, 0
        je .done
.failed:
        FAIL "write mode 2 is wrong"
.done:
        ret

test_dither:
        mov di, (DITHER_TOP + 1) * ROW_BYTES + 7
        mov ah, 80h                     ; the second row's mask is 55h: this bit is a zero
        call get_pixel
        cmp bl, 6
        jne .failed
        mov ah, 40h
        call get_pixel
        cmp bl, 4
        je .done
.failed:
        FAIL "write mode 3 is wrong"
.done:
        ret

; CL = what plane 2 has at DI.
plane2:
        SET GRAPHICS, READ_PLANE, 2
        mov cl, [es:di]
        ret

test_functions:
        mov di, STRIPES_TOP * ROW_BYTES + 3
        call plane2
        cmp cl, 0F0h                    ; 0Fh rotated by 4
        jne .failed
        mov di, LOGIC_TOP * ROW_BYTES + 79
        call plane2
        cmp cl, 0Fh & 33h
        jne .failed
        mov di, (LOGIC_TOP + 8) * ROW_BYTES
        call plane2
        cmp cl, 0Fh | 33h
        jne .failed
        mov di, (LOGIC_TOP + 16) * ROW_BYTES
        call plane2
        cmp cl, 0Fh ^ 33h
        je .done
.failed:
        FAIL "a rotation or a logical function is wrong"
.done:
        ret

test_copy:
        mov si, 15
.next:
        imul di, si, 5
        add di, (COPY_TOP + 63) * ROW_BYTES + 4
        mov ah, 01h
        call get_pixel
        mov cx, si
        cmp bl, cl
        jne .failed
        dec si
        jns .next
        jmp defaults
.failed:
        FAIL "write mode 1 did not copy"

        END_OF_IMAGE
