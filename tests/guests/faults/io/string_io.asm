; INS and OUTS: the port is checked before memory, a fault leaves the registers, and a repeated one stops at the iteration that
; faults (SDM volume 2A, INS, OUTS, REP; volume 1, 19.5). 16-bit POPF and IRET, and what ports' privilege does not concern.

%define GUEST "string_io"
%include "faults.inc"

DATA_READ_ONLY  equ SPARE | 3
DATA_SHORT      equ SPARE + 8 | 3
PORT            equ 680h                ; nothing there: reads give ones

        SET_DESCRIPTOR DATA_READ_ONLY, 0, 0FFFFFh, PRESENT | RING3 | 10h, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR DATA_SHORT, 0, 0FFFh, PRESENT | RING3 | DATA_WRITABLE, FLAG_32BIT
        mov al, 0FFh
        out 21h, al
        out 0A1h, al
        SET_GATE 80h, CODE, done, PRESENT | RING3 | INTERRUPT_GATE
        jmp cases

; INT 80h: as an exception, so that its frame is seen.
done:   push dword 0
        push dword 31
        jmp exception_common

say_regs:
        SAY " ecx="
        mov eax, [ebp + FRAME_ECX]
        call say_hex32
        SAY " esi="
        mov eax, [ebp + 4]
        call say_hex32
        SAY " edi="
        mov eax, [ebp]
        call say_hex32
        SAY " [2FFE]="
        mov eax, [2FFEh]
        jmp say_hex32

; STRING name, IOPL, register loads and instruction in ring 3; ES, FS = %3
%macro STRING 4+
        CASE %1, ", IOPL ", '0' + %2
        ALSO say_regs
        mov dword [2FFEh], 0
        mov ax, DATA3
        mov ds, ax
        mov ax, %3
        mov es, ax
        mov fs, ax
        push dword DATA3
        push dword RING3_STACK
        push dword 2 | (%2) << 12
        push dword CODE3
        push dword %%there
        mov esi, 2FFEh
        mov edi, 2FFEh
        mov ecx, 4
        mov edx, PORT
        iretd
%%there:
        %4
        int 80h
        END_CASE
%endmacro

%macro BOTH 3+
        STRING %1, 0, %2, %3
        STRING %1, 3, %2, %3
%endmacro

cases:
        BOTH "insb", DATA3, insb
        BOTH "insw", DATA3, insw
        BOTH "insd", DATA3, insd
        BOTH "rep insb", DATA3, rep insb
        BOTH "outsb", DATA3, outsb
        BOTH "outsw", DATA3, outsw
        BOTH "outsd", DATA3, outsd
        BOTH "rep outsb", DATA3, rep outsb
        BOTH "fs outsb", DATA3, fs outsb
        BOTH "insb, ES read only", DATA_READ_ONLY, insb
        BOTH "outsb, FS read only", DATA_READ_ONLY, fs outsb
        
        BOTH "insb, ES null", 0, insb
        BOTH "outsb, FS null", 0, fs outsb
        BOTH "outsb, ES null", 0, outsb
        BOTH "insb beyond the limit", DATA_SHORT, insb
        BOTH "outsb beyond the limit", DATA_SHORT, fs outsb

        ; Within the first 4 KiB: the limit is reached on the way.
%macro SHORT 2+
        CASE %1
        ALSO say_regs
        mov ax, DATA3
        mov ds, ax
        mov ax, DATA_SHORT
        mov es, ax
        mov fs, ax
        push dword DATA3
        push dword RING3_STACK
        push dword 3002h
        push dword CODE3
        push dword %%there
        mov esi, 0FFDh
        mov edi, 0FFDh
        mov ecx, 5
        mov edx, PORT
        iretd
%%there:
        %2
        int 80h
        END_CASE
%endmacro
        SHORT "rep insb up to the limit", rep insb
        SHORT "rep outsb up to the limit", fs rep outsb
        SHORT "rep insw up to the limit", rep insw
        SHORT "rep outsw up to the limit", fs rep outsw
        SHORT "rep insd at the limit", rep insd

        CASE "rep insb, ECX 0, port shut"
        ALSO say_regs
        ENTER_RING3 %$ring3
%$ring3:
        xor ecx, ecx
        xor esi, esi
        xor edi, edi
        mov edx, PORT
        rep insb
        int 80h
        END_CASE
        CASE "rep outsb, ECX 0, port shut"
        ALSO say_regs
        ENTER_RING3 %$ring3a
%$ring3a:
        xor ecx, ecx
        xor esi, esi
        xor edi, edi
        mov edx, PORT
        rep outsb
        int 80h
        END_CASE
        END_FAULTS
