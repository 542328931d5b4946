; LOCK before all opcodes: #UD but for ADD, OR, ADC, SBB, AND, SUB, XOR, NOT, NEG, INC, DEC, XCHG, CMPXCHG, CMPXCHG8B, XADD,
; BTS, BTR and BTC, whose destination is memory (SDM volume 2, LOCK).

%define GUEST "locked"
%include "faults.inc"
%include "opcodes.inc"
%include "attempts.inc"

        jmp start_of_cases

one_byte_list:
        db 00h, 01h, 02h, 08h, 09h, 10h, 11h, 18h, 19h, 20h, 21h, 28h, 29h, 30h, 31h, 38h, 39h, 80h, 81h, 82h, 83h
        db 84h, 86h, 87h, 88h, 0C6h, 0F6h, 0F7h, 0FEh, 0FFh
        db 0Fh, 26h, 2Eh, 36h, 3Eh, 64h, 65h, 66h, 67h, 0F0h, 0F2h, 0F3h, 0
two_byte_list:
        db 20h, 22h, 0A3h, 0ABh, 0B0h, 0B1h, 0B3h, 0BAh, 0BBh, 0C0h, 0C1h, 0C7h, 0

refused:
        mov eax, 20000031h
        mov cr0, eax
        ret

start_of_cases:
        MAP "LOCK", one_byte_list, 0F0h
        ; QEMU 7 ends with a "tcg fatal error" at one of the next. It is known by not refusing NW without CD.
        mov eax, refused
        call attempt
        cmp al, 13
        setne [left_out]
        MAP "LOCK 0F", two_byte_list, 0F0h, 0Fh
        MAP "66 LOCK 0F", two_byte_list, 66h, 0F0h, 0Fh

        END_FAULTS
