; Hello, world: a whole program in one boot sector.
;
; The BIOS has loaded these 512 bytes to 0000:7C00 and jumped to them, in real mode: addresses are segment * 16 + offset.
; It left its services behind software interrupts; INT 10h is the one for the screen.

        bits 16
        org 7C00h

COM1            equ 3F8h
DEBUG_PORT      equ 0E9h
TEXT_SEGMENT    equ 0B800h              ; the screen's text is ordinary memory: character, colour, character, colour...

start:
        jmp 0:.here                     ; make sure that CS is 0
.here:
        xor ax, ax
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov sp, 7C00h
        cld

        mov ax, 0003h                   ; AH = 00h: set mode; mode 3 is text, 80 x 25, and clears the screen
        int 10h

        mov si, greeting
        call print

        ; A string in colour in one call: AH = 13h, at row DH and column DL.
        mov ax, 1301h                   ; and move the cursor
        mov bx, 001Eh                   ; page 0, yellow on blue
        mov cx, colourful_end - colourful
        mov dx, 0200h
        mov bp, colourful
        int 10h

        ; See for ourselves: the first cell of the text memory should hold the H.
        mov ax, TEXT_SEGMENT
        mov es, ax
        mov si, failed
        cmp byte [es:0], 'H'
        jne .report
        cmp word [es:2 * 160], 1E00h | 'A'
        jne .report
        mov si, done
.report:
        call report
.forever:
        hlt                             ; sleep; the timer wakes us 18 times a second, and we sleep again
        jmp .forever

; Prints the text at SI that ends with a zero. AH = 0Eh prints a character as a teletype would.
print:
        lodsb
        test al, al
        jz .done
        mov ah, 0Eh
        mov bx, 0007h
        int 10h
        jmp print
.done:
        ret

; Tells whoever tests us: on the serial port, set up by the BIOS (INT 14h), and on the debug port that emulators have.
report:
        mov ax, 00E3h                   ; AH = 00h: 9600 baud, 8 bits, no parity
        xor dx, dx
        int 14h
.next:
        lodsb
        test al, al
        jz .done
        out DEBUG_PORT, al
        mov ah, 01h                     ; send AL
        xor dx, dx
        int 14h
        jmp .next
.done:
        ret

greeting:       db "Hello, world!", 13, 10, 0
colourful:      db "A boot sector of 512 bytes wrote this."
colourful_end:
done:           db "hello: ok", 13, 10, 0
failed:         db "hello: FAILED: the text is not in the text memory", 13, 10, 0

        times 510 - ($ - $$) db 0
        dw 0AA55h
