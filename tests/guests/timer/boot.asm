; The timer: an 8254 counts a clock of 1,193,182 Hz and interrupts by way of an 8259, here 100 times a second.

%define GUEST "timer"
%define SCREEN_BIOS
%include "boot.inc"
%include "report.inc"

PIT_COUNTER0    equ 40h
PIT_CONTROL     equ 43h
PIC_COMMAND     equ 20h
PIC_MASK        equ 21h
READ_IN_SERVICE equ 0Bh                 ; OCW3
END_OF_INTERRUPT equ 20h
NULL_COUNT      equ 40h
IRQ0_VECTOR     equ 08h
PIT_HZ          equ 1193182
TICKS_PER_SECOND equ 100
DIVISOR         equ (PIT_HZ + TICKS_PER_SECOND / 2) / TICKS_PER_SECOND
TICKS           equ 100

main:
        call report_init
        cli
        mov word [IRQ0_VECTOR * 4], on_tick
        mov word [IRQ0_VECTOR * 4 + 2], 0
        mov al, ~01h                    ; nothing but IRQ 0
        out PIC_MASK, al
        mov al, 34h                     ; counter 0, low byte then high, mode 2 (rate generator), binary
        out PIT_CONTROL, al
        mov al, DIVISOR & 0FFh
        out PIT_COUNTER0, al
        mov al, DIVISOR >> 8
        out PIT_COUNTER0, al
        call test_status
        call test_count
        sti

        xor ebx, ebx                    ; ticks that were reported
.wait:
        hlt                             ; until the next interrupt
        mov eax, [ticks]
        cmp eax, ebx
        je .wait
        mov ebx, eax
        xor edx, edx
        mov ecx, 10
        div ecx
        test edx, edx
        jnz .not_ten
        SAY "tick "
        mov eax, ebx
        call say_decimal
        SAY 10
.not_ten:
        cmp ebx, TICKS
        jb .wait

        cli
        cmp dword [not_in_service], 0
        je .good
        FAIL "a tick came without being in service"
.good:
        call test_one_shot
        OK
.forever:
        hlt
        jmp .forever

on_tick:
        push ax
        inc dword [cs:ticks]
        ; While we are here the 8259 counts IRQ 0 as being in service, and holds back the same and all lower ones.
        mov al, READ_IN_SERVICE
        out PIC_COMMAND, al
        in al, PIC_COMMAND
        test al, 1
        jnz .served
        inc dword [cs:not_in_service]
.served:
        mov al, END_OF_INTERRUPT
        out PIC_COMMAND, al
        pop ax
        iret

; The read-back command tells how a counter was programmed, and whether it has begun: its clock is slow, and until the
; next pulse the count that was written is not yet the one that counts ("null count").
test_status:
        mov cx, 0FFFFh
.wait:
        mov al, 0E2h                    ; latch the status of counter 0
        out PIT_CONTROL, al
        in al, PIT_COUNTER0
        test al, NULL_COUNT
        loopnz .wait
        and al, 7Fh                     ; the upper bit is the level of OUT
        cmp al, 34h
        je .done
        FAIL "the status is not what was programmed"
.done:
        ret

; A latched count stands still while it is read; the counter itself goes down.
test_count:
        call latched_count
        mov bx, ax
        cmp bx, DIVISOR
        ja .failed
        mov cx, 0FFFFh
.wait:
        call latched_count
        cmp ax, bx
        loope .wait
        jne .done
.failed:
        FAIL "the counter does not count"
.done:
        ret

latched_count:
        mov al, 0
        out PIT_CONTROL, al
        in al, PIT_COUNTER0
        mov ah, al
        in al, PIT_COUNTER0
        xchg al, ah
        ret

; Mode 0 counts once: OUT is low until the count is over, and stays high from then on.
test_one_shot:
        mov al, 30h
        out PIT_CONTROL, al
        mov al, 0FFh
        out PIT_COUNTER0, al
        out PIT_COUNTER0, al            ; 65,535 counts are 55 ms
        mov al, 0E2h
        out PIT_CONTROL, al
        in al, PIT_COUNTER0
        test al, 80h
        jnz .failed
        mov ecx, 10000000
.wait:
        mov al, 0E2h
        out PIT_CONTROL, al
        in al, PIT_COUNTER0
        test al, 80h
        jnz .done
        dec ecx
        jnz .wait
.failed:
        FAIL "the one-shot count is wrong"
.done:
        ret

ticks:          dd 0
not_in_service: dd 0

        END_OF_IMAGE
