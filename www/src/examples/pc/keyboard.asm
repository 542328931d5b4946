; The keyboard: every key that goes down or comes up sends a scan code and interrupts the processor.
;
; The keyboard controller raises IRQ 1, which the interrupt controller turns into interrupt 9. The address of its
; handler is the tenth entry of the vector table at address 0: we put ours there, in place of the BIOS's.

        bits 16
        org 7C00h

VECTOR          equ 9 * 4               ; each entry is an offset and a segment
KEYBOARD_DATA   equ 60h                 ; port: the scan code that waits
PIC_COMMAND     equ 20h                 ; port: the first interrupt controller (8259)
END_OF_INTERRUPT equ 20h
RELEASED        equ 80h                 ; this bit is set when a key comes up

start:
        cli                             ; no interrupt while the vector is half written
        xor ax, ax
        mov ds, ax
        mov ss, ax
        mov sp, 7C00h
        mov word [VECTOR], on_key
        mov word [VECTOR + 2], ax       ; our segment is 0
        sti
        cld
        mov si, greeting
.print:
        lodsb
        test al, al
        jz wait_for_key
        call print
        jmp .print

; The main program has nothing to do but to print what the handler left for it.
wait_for_key:
        hlt                             ; sleeps; any interrupt wakes it
        mov al, [character]
        test al, al
        jz wait_for_key                 ; it was another one, the timer's for example
        mov byte [character], 0
        call print
        jmp wait_for_key

; Prints AL by the BIOS.
print:
        mov ah, 0Eh
        mov bx, 7
        int 10h
        ret

; The handler of interrupt 9. It comes between any two instructions of the program, so it must leave every register
; as it found it. The processor has pushed FLAGS, CS and IP; IRET takes them back.
on_key:
        push ax
        push bx
        in al, KEYBOARD_DATA            ; reading it makes room for the next one
        mov [cs:last_code], al
        test al, RELEASED
        jnz .done
        cmp al, LETTERS
        jae .done                       ; a key that is not in our table
        mov bx, letters
        cs xlatb                        ; AL = the byte at CS:BX + AL
        mov [cs:character], al
.done:
        mov al, END_OF_INTERRUPT        ; tell the controller that it may send the next
        out PIC_COMMAND, al
        pop bx
        pop ax
        iret

; A scan code names a place on the keyboard, not a letter: this is what a US keyboard has there.
letters:
        db 0, 0, "1234567890-=", 8, 9
        db "qwertyuiop[]", 13, 0
        db "asdfghjkl;'`", 0
        db "\zxcvbnm,./", 0, '*', 0, ' '
LETTERS equ $ - letters

last_code: db 0
character: db 0
greeting:  db "Type something: ", 0

        times 510 - ($ - $$) db 0
        dw 0AA55h
