; The PC speaker: counter 2 of the 8254 makes a square wave, port 61h connects it. A scale of eight notes.

%define GUEST "speaker"
%define SCREEN_BIOS
%include "boot.inc"
%include "report.inc"

PIT_COUNTER2    equ 42h
PIT_CONTROL     equ 43h
PORT_B          equ 61h
GATE_COUNTER2   equ 01h
SPEAKER_ON      equ 02h
COUNTER2_OUT    equ 20h                 ; read: what counter 2 puts out now
PIT_HZ          equ 1193182
BIOS_TICKS      equ 046Ch               ; the BIOS counts 18.2 ticks a second here
TICKS_PER_NOTE  equ 4

%macro NOTE 2                           ; name, frequency in Hz
        dw PIT_HZ / %2, %2
        db %1, 0
%endmacro

main:
        call report_init
        mov si, scale
.next:
        lodsw
        test ax, ax
        jz .end
        mov [divisor], ax
        lodsw
        mov [frequency], ax
        call say_name                   ; moves SI behind the name
        call start_sound
        call listen                     ; EBX = how often the output changed
        call stop_sound
        call judge
        jmp .next
.end:
        OK
.forever:
        hlt
        jmp .forever

say_name:
        lodsb
        test al, al
        jz .done
        call say_char
        jmp say_name
.done:
        SAY " "
        movzx eax, word [frequency]
        call say_decimal
        SAY " Hz", 10
        ret

start_sound:
        mov al, 0B6h                    ; counter 2, low byte then high, mode 3 (square wave)
        out PIT_CONTROL, al
        mov ax, [divisor]
        out PIT_COUNTER2, al
        mov al, ah
        out PIT_COUNTER2, al
        in al, PORT_B
        or al, GATE_COUNTER2 | SPEAKER_ON
        out PORT_B, al
        ret

stop_sound:
        in al, PORT_B
        and al, ~(GATE_COUNTER2 | SPEAKER_ON)
        out PORT_B, al
        ret

; Counts in EBX how often the output changes until TICKS_PER_NOTE ticks have passed.
listen:
        call next_tick                  ; begin with a whole tick
        xor ebx, ebx
        mov edi, [BIOS_TICKS]
        add edi, TICKS_PER_NOTE
        in al, PORT_B
        mov ah, al
.poll:
        in al, PORT_B
        xor ah, al
        test ah, COUNTER2_OUT
        jz .same
        inc ebx
.same:
        mov ah, al
        cmp edi, [BIOS_TICKS]
        ja .poll
        ret

next_tick:
        mov edi, [BIOS_TICKS]
.wait:
        cmp edi, [BIOS_TICKS]
        je .wait
        ret

; A tick is 65,536 counts of the clock, so the output should change 2 * 65,536 * TICKS_PER_NOTE / divisor times. A busy
; emulator may make us miss some changes, but not more than half of them.
judge:
        mov eax, 2 * 65536 * TICKS_PER_NOTE
        xor edx, edx
        movzx ecx, word [divisor]
        div ecx
        mov ecx, eax
        shr ecx, 1
        cmp ebx, ecx
        jb .failed
        add eax, 4
        cmp ebx, eax
        ja .failed
        ret
.failed:
        mov eax, ebx
        call say_decimal
        FAIL " changes of counter 2's output"

scale:
        NOTE "C", 262
        NOTE "D", 294
        NOTE "E", 330
        NOTE "F", 349
        NOTE "G", 392
        NOTE "A", 440
        NOTE "B", 494
        NOTE "C", 523
        dw 0

divisor:        dw 0
frequency:      dw 0

        END_OF_IMAGE
