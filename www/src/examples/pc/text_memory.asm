; The screen is memory: in text mode, two bytes for each character cell, from segment B800h on.
;
; The first byte of a cell is the character, the second its colours: the low half is the colour of the letter, the
; high half that of the ground. This program shows all 256 pairs. Each number is printed in the colours it stands for.

        bits 16
        org 7C00h

SCREEN          equ 0B800h              ; the segment of the text memory
ROW_BYTES       equ 80 * 2              ; 80 cells of two bytes
LEFT            equ 16 * 2              ; the table begins in column 16
TITLE_COLOURS   equ 1Fh                 ; white (0Fh) on blue (10h)

start:
        xor ax, ax
        mov ds, ax
        mov ss, ax
        mov sp, 7C00h                   ; the stack grows down, away from this code
        cld
        mov ax, 0003h                   ; the BIOS: text mode 3, 80 columns, screen cleared
        int 10h
        mov ah, 1
        mov cx, 2000h                   ; ... and no cursor
        int 10h
        mov ax, SCREEN
        mov es, ax                      ; from here on ES:DI is a place on the screen

        mov si, title
        mov di, 1 * ROW_BYTES + LEFT
        mov ah, TITLE_COLOURS
write_title:
        lodsb
        test al, al
        jz table
        stosw                           ; one cell: AL is the character, AH the colours
        jmp write_title

table:
        xor bl, bl                      ; BL = the colours to show, 00h to FFh
        mov di, 3 * ROW_BYTES + LEFT
row:
        mov cx, 16                      ; sixteen to a row
cell:
        mov al, bl
        shr al, 4                       ; first digit: the ground
        call put_digit
        mov al, bl
        and al, 0Fh                     ; second digit: the letter
        call put_digit
        add di, 2                       ; leave one cell empty
        inc bl
        loop cell
        add di, ROW_BYTES - 16 * 6      ; to the same column of the next row
        test bl, bl                     ; back at 0: all are done
        jnz row

done:
        hlt
        jmp done

; Writes the digit AL (0 to 15) at ES:DI in the colours BL, and moves DI on.
put_digit:
        cmp al, 10
        jb .decimal
        add al, 'A' - 10 - '0'
.decimal:
        add al, '0'
        mov ah, bl
        stosw
        ret

title:  db " Sixteen colours on sixteen grounds ", 0

        times 510 - ($ - $$) db 0
        dw 0AA55h
