; The mouse: it hangs on the second line of the keyboard's controller, and tells each movement in three bytes by IRQ 12.
; What it told is added up and printed; the right button ends.

%define GUEST "mouse"
%define SCREEN_BIOS
%include "boot.inc"
%include "report.inc"

DATA            equ 60h
STATUS          equ 64h
COMMAND         equ 64h
OUTPUT_FULL     equ 01h                 ; a byte waits to be read at port 60h
INPUT_FULL      equ 02h                 ; the controller has not taken our last one yet
READ_CONFIG     equ 20h
WRITE_CONFIG    equ 60h
ENABLE_MOUSE    equ 0A8h
TO_MOUSE        equ 0D4h                ; the next byte at port 60h goes to the mouse
CONFIG_IRQ12    equ 02h
CONFIG_MOUSE_OFF equ 20h
SET_DEFAULTS    equ 0F6h                ; 100 samples a second, 4 counts a millimetre
ENABLE_REPORTS  equ 0F4h
ACKNOWLEDGED    equ 0FAh

PIC1_COMMAND    equ 20h
PIC1_MASK       equ 21h
PIC2_COMMAND    equ 0A0h
PIC2_MASK       equ 0A1h
END_OF_INTERRUPT equ 20h
IRQ12_VECTOR    equ 74h

; Bits of a packet's first byte; the second and third are the low bytes of the movement, to the right and up.
LEFT_BUTTON     equ 01h
RIGHT_BUTTON    equ 02h
BUTTONS         equ 07h
ALWAYS_SET      equ 08h
X_NEGATIVE      equ 10h
Y_NEGATIVE      equ 20h
PACKET_BYTES    equ 3
QUEUE_BYTES     equ 64                  ; a power of two

main:
        call report_init
        cli
        mov word [IRQ12_VECTOR * 4], on_byte
        mov word [IRQ12_VECTOR * 4 + 2], 0
        call init_mouse
        in al, PIC1_MASK
        and al, ~04h                    ; the second 8259 is at IRQ 2 of the first
        out PIC1_MASK, al
        in al, PIC2_MASK
        and al, ~10h                    ; let IRQ 12 through
        out PIC2_MASK, al
        sti
        SAY "Move the mouse; its right button ends.", 10
        SAY "mouse: ready", 10
.next:
        call take_packet
        jc .sleep
        call add_packet
        call report_packet
        test byte [packet], RIGHT_BUTTON
        jz .next
        OK
.forever:
        hlt
        jmp .forever
.sleep:
        hlt                             ; an interrupt will wake us
        jmp .next

init_mouse:
        mov al, ENABLE_MOUSE
        call command
        mov al, READ_CONFIG
        call command
        call read
        or al, CONFIG_IRQ12
        and al, ~CONFIG_MOUSE_OFF
        mov ah, al
        mov al, WRITE_CONFIG
        call command
        call wait_to_write
        mov al, ah
        out DATA, al
        mov bl, SET_DEFAULTS
        call tell_mouse
        mov bl, ENABLE_REPORTS
        ; Falls through.

; Sends BL to the mouse, which acknowledges it.
tell_mouse:
        mov al, TO_MOUSE
        call command
        call wait_to_write
        mov al, bl
        out DATA, al
        call read
        cmp al, ACKNOWLEDGED
        je .done
        FAIL "the mouse does not acknowledge a command"
.done:
        ret

; Gives AL to the controller as a command.
command:
        push ax
        call wait_to_write
        pop ax
        out COMMAND, al
        ret

wait_to_write:
        in al, STATUS
        test al, INPUT_FULL
        jnz wait_to_write
        ret

; AL = the next byte from port 60h.
read:
        in al, STATUS
        test al, OUTPUT_FULL
        jz read
        in al, DATA
        ret

; The handler only puts the byte into a queue: what takes long is done outside. Interrupts that were asked for while
; init_mouse read the answers by itself come late, and bring nothing.
on_byte:
        push ax
        push bx
        in al, STATUS
        test al, OUTPUT_FULL
        jz .end
        in al, DATA
        mov bl, [cs:queue_in]
        xor bh, bh
        mov [cs:queue + bx], al
        inc bl
        and bl, QUEUE_BYTES - 1
        mov [cs:queue_in], bl
.end:
        mov al, END_OF_INTERRUPT
        out PIC2_COMMAND, al            ; both must know, for the request came through both
        out PIC1_COMMAND, al
        pop bx
        pop ax
        iret

; Moves a packet out of the queue; carry set if there is no whole one yet.
take_packet:
        mov al, [queue_in]
        sub al, [queue_out]
        and al, QUEUE_BYTES - 1
        cmp al, PACKET_BYTES
        jb .done                        ; with carry set
        mov di, packet
        mov cx, PACKET_BYTES
.next:
        mov bl, [queue_out]
        xor bh, bh
        mov al, [queue + bx]
        stosb
        inc bl
        and bl, QUEUE_BYTES - 1
        mov [queue_out], bl
        loop .next
        test byte [packet], ALWAYS_SET
        jnz .whole
        FAIL "what should be the first byte of a packet is none"
.whole:
        clc
.done:
        ret

; Adds the movement, two numbers of nine bits, to where we are.
add_packet:
        mov al, [packet + 1]
        mov ah, 0
        test byte [packet], X_NEGATIVE
        jz .right
        mov ah, 0FFh
.right:
        add [x], ax
        mov al, [packet + 2]
        mov ah, 0
        test byte [packet], Y_NEGATIVE
        jz .up
        mov ah, 0FFh
.up:
        add [y], ax
        ret

; One line for each packet: "at 30,-12 buttons 1".
report_packet:
        SAY "at "
        mov ax, [x]
        call say_signed
        SAY ","
        mov ax, [y]
        call say_signed
        SAY " buttons "
        movzx eax, byte [packet]
        and al, BUTTONS
        call say_decimal
        SAY 10
        ret

; AX as a decimal number with a sign if it is negative.
say_signed:
        test ax, ax
        jns .positive
        SAY "-"
        neg ax
.positive:
        movzx eax, ax
        jmp say_decimal

x:              dw 0
y:              dw 0
packet:         times PACKET_BYTES db 0
queue_in:       db 0
queue_out:      db 0
queue:          times QUEUE_BYTES db 0

        END_OF_IMAGE
