; The serial port COM1: a 16550A UART (ports 3F8h to 3FFh, IRQ 4). It tests itself with its output looped back to its
; input, says hello by interrupts, and then echoes what you type as capitals.

%define GUEST "serial"
%define SCREEN_BIOS
%include "boot.inc"
%include "report.inc"

PIC_COMMAND     equ 20h
PIC_MASK        equ 21h
END_OF_INTERRUPT equ 20h
IRQ4_VECTOR     equ 0Ch                 ; the BIOS puts IRQ 0 to 7 at interrupts 8 to 0Fh

DATA            equ COM1
INTERRUPT_ENABLE equ COM1 + 1
INTERRUPT_ID    equ COM1 + 2            ; read
FIFO_CONTROL    equ COM1 + 2            ; written
LINE_CONTROL    equ COM1 + 3
MODEM_CONTROL   equ COM1 + 4
LINE_STATUS     equ COM1 + 5
MODEM_STATUS    equ COM1 + 6
SCRATCH         equ COM1 + 7

%macro WRITE 2                          ; port, value
        mov dx, %1
        mov al, %2
        out dx, al
%endmacro

%macro READ 1                           ; AL = port
        mov dx, %1
        in al, dx
%endmacro

main:
        call report_init
        call test_scratch
        call test_divisor
        call test_fifo
        call test_loopback
        call test_modem_lines
        SAY "the UART is well; the next line is sent by interrupts", 10
        call hook_interrupt
        mov si, hello
        call send_by_interrupts
        OK
        call listen
.forever:
        hlt
        jmp .forever

; The scratch register keeps any byte; the 8250 before it had none.
test_scratch:
        WRITE SCRATCH, 5Ah
        READ SCRATCH
        cmp al, 5Ah
        je .done
        FAIL "no scratch register"
.done:
        ret

; With bit 7 of the line control set, the first two ports are the divisor of the clock of 115,200 Hz (times 16).
test_divisor:
        WRITE LINE_CONTROL, 83h
        WRITE DATA, 0Ch                 ; 9600 baud
        WRITE INTERRUPT_ENABLE, 0
        READ DATA
        mov ah, al
        WRITE DATA, 1                   ; and back to 115,200
        WRITE LINE_CONTROL, 03h
        cmp ah, 0Ch
        je .done
        FAIL "the divisor latch does not hold"
.done:
        ret

; A 16550A says so by two set bits once its FIFOs are on.
test_fifo:
        WRITE FIFO_CONTROL, 0C7h        ; on, both emptied, an interrupt from 14 bytes
        READ INTERRUPT_ID
        and al, 0C0h
        cmp al, 0C0h
        je .done
        FAIL "no FIFOs"
.done:
        ret

; Looped back, every byte sent comes in again.
test_loopback:
        WRITE MODEM_CONTROL, 10h
        xor bl, bl
.next:
        WRITE DATA, bl
        mov cx, 0FFFFh
.wait:
        READ LINE_STATUS
        test al, 1                      ; data ready
        loopz .wait
        jz .failed
        READ DATA
        cmp al, bl
        jne .failed
        inc bl
        jnz .next
        WRITE MODEM_CONTROL, 03h
        ret
.failed:
        WRITE MODEM_CONTROL, 03h
        FAIL "loop-back lost a byte"

; Looped back, the four outputs of the modem control appear as the four inputs of the modem status.
test_modem_lines:
        WRITE MODEM_CONTROL, 1Fh
        READ MODEM_STATUS
        mov bl, al
        WRITE MODEM_CONTROL, 10h
        READ MODEM_STATUS
        mov bh, al
        WRITE MODEM_CONTROL, 03h
        and bx, 0F0F0h
        cmp bx, 00F0h
        je .done
        FAIL "modem lines are not looped back"
.done:
        ret

hook_interrupt:
        cli
        mov word [IRQ4_VECTOR * 4], on_interrupt
        mov word [IRQ4_VECTOR * 4 + 2], 0
        in al, PIC_MASK
        and al, ~10h                    ; let IRQ 4 through
        out PIC_MASK, al
        WRITE MODEM_CONTROL, 0Bh        ; OUT2 is wired to the gate of the interrupt line
        sti
        ret

; Sends the text at SI: whenever the transmitter is empty it interrupts, and the handler gives it the next byte.
send_by_interrupts:
        mov [sending], si
        WRITE INTERRUPT_ENABLE, 2       ; "transmitter empty", which it is: the first interrupt comes at once
.wait:
        hlt
        mov si, [sending]
        cmp byte [si], 0
        jne .wait
.drain:
        READ LINE_STATUS
        test al, 40h                    ; the last bit has left
        jz .drain
        WRITE INTERRUPT_ENABLE, 0
        cmp word [interrupts], 0
        jne .done
        FAIL "no interrupt"
.done:
        ret

listen:
        WRITE FIFO_CONTROL, 07h         ; an interrupt from one byte on
        WRITE INTERRUPT_ENABLE, 1       ; "data ready"
        ret

on_interrupt:
        push ax
        push dx
        push si
        inc word [cs:interrupts]
.again:
        READ INTERRUPT_ID
        test al, 1                      ; set: nothing is pending
        jnz .done
        and al, 0Eh
        cmp al, 02h
        je .transmit
        READ DATA                       ; 04h or 0Ch: a byte is there
        call echo
        jmp .again
.transmit:
        mov si, [cs:sending]
        cs lodsb
        test al, al
        jz .done
        mov [cs:sending], si
        mov dx, DATA
        out dx, al
        jmp .again
.done:
        mov al, END_OF_INTERRUPT
        out PIC_COMMAND, al
        pop si
        pop dx
        pop ax
        iret

echo:
        cmp al, 'a'
        jb .send
        cmp al, 'z'
        ja .send
        sub al, 'a' - 'A'
.send:
        call serial_char
        cmp al, 13
        jne .done
        mov al, 10
        call serial_char
.done:
        ret

hello:          db "Hello from COM1", 13, 10, 0
sending:        dw hello
interrupts:     dw 0

        END_OF_IMAGE
