; Code is data: a program may write into its own instructions, and may copy them to another place and run them there.
;
; The first part changes the number inside an instruction before each time it runs. The second copies a procedure to
; address 0600h, where this source has no line: the editor can tell you only that you are somewhere else.

        bits 16
        org 7C00h

ELSEWHERE       equ 0600h               ; free memory between the BIOS's variables and us

start:
        xor ax, ax
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov sp, 7C00h
        cld

        mov cx, 10
changing:
        mov al, '0'                     ; two bytes: B0h, and the character as the second
        call print_character
        inc byte [changing + 1]         ; change that second byte
        loop changing

        mov al, ' '
        call print_character
        mov si, copied                  ; copy the bytes of a procedure
        mov di, ELSEWHERE
        mov cx, COPIED_BYTES
        rep movsb
        mov ax, ELSEWHERE
        call ax                         ; and run the copy
        mov al, '!'
        call print_character
done:
        hlt
        jmp done

; This procedure works wherever it is: it names no address of its own. (A CALL of print_character would not do: its
; operand is a distance, and the distance from ELSEWHERE is another one.)
copied:
        mov cx, 26
        mov al, 'A'
.next:
        mov ah, 0Eh
        mov bx, 7
        int 10h
        inc al
        loop .next                      ; a jump by a distance inside the procedure stays right
        ret
COPIED_BYTES    equ $ - copied

print_character:
        mov ah, 0Eh
        mov bx, 7
        int 10h
        ret

        times 510 - ($ - $$) db 0
        dw 0AA55h
