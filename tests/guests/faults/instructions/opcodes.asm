; Which opcodes there are: all of the one-byte map and of the two-byte map, the latter without and with prefixes 66, F3 and F2,
; each with the values 00-3F and C0-FF of the byte behind it, which is ModRM where there is one. Those that are not there, and
; forms that are not (a register where memory is needed, holes in groups), are #UD (SDM volume 2, appendix A; a Pentium III
; with SSE2).

%define GUEST "opcodes"
%include "faults.inc"
%include "opcodes.inc"

        jmp start_of_cases

one_byte_list:
        db 0Fh, 62h, 8Ch, 8Dh, 8Eh, 8Fh, 0C4h, 0C5h, 0C6h, 0C7h, 0D9h, 0DAh, 0DBh, 0DDh, 0DEh, 0DFh, 0F0h, 0F6h, 0F7h
        db 0FEh, 0FFh, 0
two_byte_list:
        db 00h, 01h, 0Dh, 12h, 13h, 16h, 17h, 18h, 20h, 21h, 22h, 23h, 2Bh, 50h, 71h, 72h, 73h, 0AEh, 0B2h, 0B4h, 0B5h, 0BAh
        db 0C3h, 0C5h, 0C7h, 0D6h, 0D7h, 0E7h, 0F7h, 0

start_of_cases:
        MAP "one byte", one_byte_list
        MAP "0F", two_byte_list, 0Fh
        MAP "66 0F", two_byte_list, 66h, 0Fh
        MAP "F3 0F", two_byte_list, 0F3h, 0Fh
        MAP "F2 0F", two_byte_list, 0F2h, 0Fh

        END_FAULTS
