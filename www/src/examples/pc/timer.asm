; The timer: a chip (8254) counts 1,193,182 times a second and interrupts whenever it has counted to a number we choose.
;
; Two chips work together. The 8254 raises the line IRQ 0; the interrupt controller (8259) turns that into interrupt 8
; and remembers that it is being served, until we write "end of interrupt" to it.

        bits 16
        org 7C00h

VECTOR          equ 8 * 4               ; the entry of interrupt 8 in the vector table
PIT_COUNTER0    equ 40h
PIT_CONTROL     equ 43h
RATE_GENERATOR  equ 34h                 ; counter 0, low byte then high byte, mode 2, binary
PIC_COMMAND     equ 20h
END_OF_INTERRUPT equ 20h
TICKS_A_SECOND  equ 100
COUNT           equ 1193182 / TICKS_A_SECOND

start:
        cli
        xor ax, ax
        mov ds, ax
        mov ss, ax
        mov sp, 7C00h
        mov word [VECTOR], on_tick
        mov word [VECTOR + 2], ax
        mov al, RATE_GENERATOR
        out PIT_CONTROL, al
        mov al, COUNT & 0FFh
        out PIT_COUNTER0, al
        mov al, COUNT >> 8
        out PIT_COUNTER0, al
        sti

main_loop:
        hlt                             ; almost all the time the processor sleeps
        cmp byte [ticks], TICKS_A_SECOND
        jb main_loop
        mov byte [ticks], 0
        call print_second
        jmp main_loop

; What has to be done at every tick, and nothing else: a handler must be short.
on_tick:
        push ax
        inc byte [cs:ticks]
        mov al, END_OF_INTERRUPT
        out PIC_COMMAND, al
        pop ax
        iret

; Prints "tick" or "tock", every second the other one.
print_second:
        mov si, tick
        xor byte [odd], 1
        jnz .next
        mov si, tock
.next:
        lodsb
        test al, al
        jz .done
        mov ah, 0Eh
        mov bx, 7
        int 10h
        jmp .next
.done:
        ret

ticks:  db 0                            ; since the last full second
odd:    db 0
tick:   db "tick, ", 0
tock:   db "tock", 13, 10, 0

        times 510 - ($ - $$) db 0
        dw 0AA55h
