; Limits met by string instructions: the elements before are done, and the registers say which was not (SDM volume 2,
; REP). The source is in FS, the destination in ES.

%define GUEST "string"
%include "faults.inc"
%include "limits.inc"

UP              equ SPARE               ; limit FFFh
DOWN            equ SPARE + 8           ; from 1000h on
CONSTANT        equ SPARE + 16          ; as UP, read only
        SET_DESCRIPTOR UP, BASE, 0FFFh, PRESENT | DATA_WRITABLE, FLAG_32BIT
        SET_DESCRIPTOR DOWN, BASE, 0FFFh, PRESENT | 16h, FLAG_32BIT
        SET_DESCRIPTOR CONSTANT, BASE, 0FFFh, PRESENT | 10h, FLAG_32BIT
        jmp cases

say_registers:
        SAY32 " ecx=", [ebp + FRAME_ECX]
        SAY32 " esi=", [ebp + 4]
        SAY32 " edi=", [ebp + 0]
        SAY16 " flags=", [ebp + FRAME_EFLAGS]
        mov esi, BASE + 0FF8h
        SAY " bytes="
        mov ecx, 12
.byte:  lodsb
        call say_hex8
        loop .byte
        ret

; FF8h-1003h of the segments: 1 to 12.
fill:
        mov edi, BASE + 0FF8h
        mov al, 1
.byte:  stosb
        inc al
        cmp al, 13
        jne .byte
        ret

cases:
; A DMA page register that nothing uses.
%macro in_dma 0
        mov edx, 84h
        rep insb
%endmacro
%macro out_dma 0
        mov edx, 84h
        fs rep outsb
%endmacro
%macro backwards 1
        std
        fs rep %1
%endmacro
%macro backwards16 1
        std
        a16 rep %1
%endmacro

; STRINGS name, source, ESI, destination, EDI, ECX, instruction
%macro STRINGS 7+
        cld
        call fill
        CASE %1
        ALSO say_registers
        mov esi, %3
        mov edi, %5
        mov ecx, %6
        mov ax, %2
        mov fs, ax
        mov ax, %4
        mov es, ax
        mov eax, 0A1A2A3A4h
        cmp eax, eax
        %7
        END_CASE
%endmacro

        STRINGS "movsb, all within", UP, 0FF8h, DATA, 101000h, 8, fs rep movsb
        STRINGS "movsb, source beyond", UP, 0FF8h, DATA, 101000h, 9, fs rep movsb
        STRINGS "movsw, source beyond", UP, 0FF9h, DATA, 101000h, 4, fs rep movsw
        STRINGS "movsd, source beyond", UP, 0FF8h, DATA, 101000h, 3, fs rep movsd
        STRINGS "movsd, source beyond at once", UP, 0FFDh, DATA, 101000h, 3, fs rep movsd
        STRINGS "movsd, no element of a source beyond", UP, 0FFDh, DATA, 101000h, 0, fs rep movsd
        STRINGS "movsb, one, source beyond", UP, 1000h, DATA, 101000h, 5, fs movsb
        STRINGS "movsb, destination beyond", DATA, 101000h, UP, 0FFCh, 5, fs rep movsb
        STRINGS "movsw, destination beyond", DATA, 101000h, UP, 0FFBh, 4, fs rep movsw
        STRINGS "movsd, destination beyond", DATA, 101000h, UP, 0FF8h, 3, fs rep movsd
        STRINGS "movsd, both beyond", UP, 0FF8h, UP, 0FF8h, 3, fs rep movsd
        STRINGS "stosb, beyond", DATA, 0, UP, 0FFEh, 3, rep stosb
        STRINGS "stosw, beyond", DATA, 0, UP, 0FFDh, 3, rep stosw
        STRINGS "stosd, beyond", DATA, 0, UP, 0FFAh, 3, rep stosd
        STRINGS "stosb, one, beyond", DATA, 0, UP, 1000h, 3, stosb
        STRINGS "lodsb, beyond", UP, 0FFEh, DATA, 0, 3, fs rep lodsb
        STRINGS "lodsd, one, beyond", UP, 0FFDh, DATA, 0, 3, fs lodsd
        STRINGS "scasb, beyond", DATA, 0, UP, 0FFEh, 3, repne scasb
        STRINGS "scasd, beyond", DATA, 0, UP, 0FF8h, 3, repne scasd
        STRINGS "cmpsb, first operand beyond", UP, 0FFEh, DATA, BASE + 0FFEh, 3, fs repe cmpsb
        STRINGS "cmpsb, second operand beyond", DATA, BASE + 0FFEh, UP, 0FFEh, 3, fs repe cmpsb
        STRINGS "insb, beyond", DATA, 0, UP, 0FFEh, 3, in_dma
        STRINGS "outsb, beyond", UP, 0FFEh, DATA, 0, 3, out_dma

        ; Downwards, from the end.
        STRINGS "down, movsb, destination beyond", DATA, 101005h, UP, 1001h, 5, backwards movsb
        STRINGS "down, movsd, past 0 and beyond", DATA, 101020h, UP, 4, 5, backwards movsd
        STRINGS "down, stosw, beyond", DATA, 0, DOWN, 1004h, 5, backwards stosw
        STRINGS "down, lodsb, from what expands down, beyond", DOWN, 1002h, DATA, 0, 5, backwards lodsb
        STRINGS "stosb, from below what expands down, beyond", DATA, 0, DOWN, 0FFEh, 5, rep stosb

        ; Into a segment that cannot be written.
        STRINGS "stosb, read only", DATA, 0, CONSTANT, 0FF8h, 5, rep stosb
        STRINGS "stosb, read only, no element", DATA, 0, CONSTANT, 0FF8h, 0, rep stosb
        STRINGS "movsb, from read only", CONSTANT, 0FF8h, DATA, 101000h, 8, fs rep movsb
        STRINGS "insb, read only", DATA, 0, CONSTANT, 0FF8h, 2, in_dma

        ; With 16-bit addresses SI and DI wrap, and the upper halves stay.
        STRINGS "16-bit addresses, movsb, source beyond", UP, 55550FFEh, DATA, 66661000h, 77770003h, a16 fs rep movsb
        STRINGS "16-bit addresses, stosb, over 64 KiB, beyond", DATA, 0, UP, 6666FFFFh, 77770003h, a16 rep stosb
        STRINGS "16-bit addresses, stosb, down over 0, beyond", DATA, 0, UP, 66660001h, 77770003h, backwards16 stosb

        END_FAULTS
