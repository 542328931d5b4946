; The keyboard: each key sends a scan code when it goes down and another when it comes up, by IRQ 1 and port 60h.
; The letters and digits are echoed; Escape ends.

%define GUEST "keyboard"
%define SCREEN_BIOS
%include "boot.inc"
%include "report.inc"

KEYBOARD_DATA   equ 60h
KEYBOARD_STATUS equ 64h
PIC_COMMAND     equ 20h
PIC_MASK        equ 21h
END_OF_INTERRUPT equ 20h
IRQ1_VECTOR     equ 09h
RELEASED        equ 80h                 ; set in the code of a key that comes up
ESCAPE          equ 01h
LEFT_SHIFT      equ 2Ah
RIGHT_SHIFT     equ 36h
QUEUE_BYTES     equ 64                  ; a power of two

main:
        call report_init
        cli
        mov word [IRQ1_VECTOR * 4], on_key
        mov word [IRQ1_VECTOR * 4 + 2], 0
        in al, PIC_MASK
        and al, ~02h                    ; let IRQ 1 through
        out PIC_MASK, al
        sti
        SAY "Type; Escape ends.", 10
        SAY "keyboard: ready", 10
.next:
        call take
        jnc .key
        hlt                             ; nothing in the queue: an interrupt will wake us
        jmp .next
.key:
        call report_key
        cmp al, ESCAPE | RELEASED
        jne .next
        OK
.forever:
        hlt
        jmp .forever

; The handler only puts the code into a queue: what takes long is done outside.
on_key:
        push ax
        push bx
        in al, KEYBOARD_DATA            ; reading it lets the keyboard send the next
        mov bl, [cs:queue_in]
        xor bh, bh
        mov [cs:queue + bx], al
        inc bl
        and bl, QUEUE_BYTES - 1
        cmp bl, [cs:queue_out]
        je .full                        ; the code is lost, as it would be in a real keyboard
        mov [cs:queue_in], bl
.full:
        mov al, END_OF_INTERRUPT
        out PIC_COMMAND, al
        pop bx
        pop ax
        iret

; AL = the oldest code in the queue; carry set if there is none.
take:
        mov bl, [queue_out]
        cmp bl, [queue_in]
        stc
        je .done
        xor bh, bh
        mov al, [queue + bx]
        inc bl
        and bl, QUEUE_BYTES - 1
        mov [queue_out], bl
        clc
.done:
        ret

; One line for each code: "scan 1E down a".
report_key:
        push ax
        call note_shift
        SAY "scan "
        call say_hex8
        test al, RELEASED
        jnz .up
        SAY " down "
        call character
        jmp .end
.up:
        SAY " up"
.end:
        SAY 10
        pop ax
        ret

note_shift:
        push ax
        mov ah, 1
        test al, RELEASED
        jz .down
        mov ah, 0
.down:
        and al, ~RELEASED
        cmp al, LEFT_SHIFT
        je .set
        cmp al, RIGHT_SHIFT
        jne .done
.set:
        mov [shift], ah
.done:
        pop ax
        ret

; Says the character of code AL, if it has one.
character:
        movzx bx, al
        cmp bx, plain_end - plain
        jae .none
        mov al, [plain + bx]
        test al, al
        jz .none
        cmp byte [shift], 0
        je .print
        mov al, [shifted + bx]
.print:
        call say_char
.none:
        ret

; The order of the codes is that of the keys on the IBM PC/AT's board (scan code set 1, US layout).
plain:
        db 0, 0, "1234567890-=", 0, 0
        db "qwertyuiop[]", 0, 0
        db "asdfghjkl;'`", 0
        db "\zxcvbnm,./", 0, 0, 0, " "
plain_end:
shifted:
        db 0, 0, "!@#$%^&*()_+", 0, 0
        db "QWERTYUIOP{}", 0, 0
        db 'ASDFGHJKL:"~', 0
        db "|ZXCVBNM<>?", 0, 0, 0, " "

shift:          db 0
queue_in:       db 0
queue_out:      db 0
queue:          times QUEUE_BYTES db 0

        END_OF_IMAGE
