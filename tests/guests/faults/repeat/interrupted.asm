; Repeated string instructions interrupted between two iterations, by the timer and by single-stepping: what is saved is the
; instruction's own address with RF set, and registers that say how far it came (SDM volume 2, REP; volume 3B, 17.3.1.1).
;
; How often the timer interrupts depends on the machine's speed, so a line says only whether it did so in the midst, whether
; the registers then fitted together each time, and whether RF was saved, 1 each.

%define GUEST "interrupted"
%include "faults.inc"

START           equ 200000h
COUNT           equ 200000h             ; iterations

        jmp start_of_cases

place:          dd 0                    ; of the instruction
moved:          dd 0                    ; bytes an iteration moves EDI (ESI for LODS), with its sign
from:           dd 0                    ; EDI (ESI) at the start
iterations:     dd 0
uses_esi:       db 0
in_midst:       db 0
fitted:         db 0
resumed:        db 0
steps:          dd 0

; IRQ 0. On the stack: EIP, CS, EFLAGS.
on_timer:
        pushad
        cld
        mov eax, [esp + 32]
        cmp eax, [place]
        jne .done
        cmp ecx, [iterations]
        je .done
        mov byte [in_midst], 1
        bt dword [esp + 40], 16
        jc .with_rf
        mov byte [resumed], 0
.with_rf:
        cmp byte [uses_esi], 0
        je .edi
        mov edi, esi
.edi:
        mov eax, [iterations]
        sub eax, ecx
        imul eax, [moved]
        add eax, [from]
        cmp eax, edi
        je .done
        mov byte [fitted], 0
.done:
        mov al, 20h
        out 20h, al
        popad
        iretd

; #DB by TF, behind each iteration: EIP from the case's begin, ECX and RF.
on_step:
        pushad
        cld
        SAY " +"
        mov eax, [esp + 32]
        sub eax, [case_from]
        call say_hex8
        SAY ":"
        mov eax, ecx
        call say_digit
        SAY ":"
        mov eax, [esp + 40]
        shr eax, 16
        and al, 1
        call say_digit
        inc dword [steps]
        popad
        cmp dword [steps], 8
        jb .go_on
        and byte [esp + 9], ~1
.go_on:
        iretd

%macro LONG_ONE 4+                      ; name, bytes that it moves, 1 if by ESI, the instruction
        CASE %1
        mov dword [place], %%place
        mov dword [moved], %2
        mov byte [uses_esi], %3
        mov byte [in_midst], 0
        mov byte [fitted], 1
        mov byte [resumed], 1
        mov esi, START
        mov edi, START
  %if %2 < 0
        mov esi, START + COUNT * 4
        mov edi, esi
        std
  %endif
        mov [from], edi
        mov ecx, COUNT
        mov [iterations], ecx
        xor eax, eax
        sti
        nop
%%place:
        %4
        cli
        cld
        SAY "in the midst "
        mov al, [in_midst]
        call say_digit
        SAY " fitted "
        mov al, [fitted]
        call say_digit
        SAY " RF "
        mov al, [resumed]
        call say_digit
        SAY " ecx="
        mov eax, ecx
        call say_hex32
        SAY " "
        END_CASE
%endmacro

%macro STEPPED 3+                       ; name, ECX, the instruction
        CASE %1
        mov dword [steps], 0
        mov esi, START
        mov edi, START
        mov ecx, %2
        xor eax, eax
        push dword 102h
        popfd
        %3
        nop
        push dword 2
        popfd
        SAY " "
        END_CASE
%endmacro

start_of_cases:
        mov al, 11h                     ; IRQ 0 at vector 20h, the others shut
        out 20h, al
        mov al, 20h
        out 21h, al
        mov al, 4
        out 21h, al
        mov al, 1
        out 21h, al
        mov al, ~1 & 0FFh
        out 21h, al
        mov al, 34h                     ; about every millisecond
        out 43h, al
        mov al, 1193 & 0FFh
        out 40h, al
        mov al, 1193 >> 8
        out 40h, al
        SET_GATE 20h, CODE, on_timer, PRESENT | INTERRUPT_GATE
        mov edi, START
        mov ecx, COUNT + 10h
        xor eax, eax
        rep stosd

        LONG_ONE "REP MOVSB", 1, 0, rep movsb
        LONG_ONE "REP MOVSD", 4, 0, rep movsd
        LONG_ONE "STD, REP MOVSD", -4, 0, rep movsd
        LONG_ONE "REP STOSB", 1, 0, rep stosb
        LONG_ONE "REP STOSD", 4, 0, rep stosd
        LONG_ONE "STD, REP STOSW", -2, 0, rep stosw
        LONG_ONE "REP LODSB", 1, 1, rep lodsb
        LONG_ONE "REP LODSD", 4, 1, rep lodsd
        LONG_ONE "REPE CMPSB", 1, 0, repe cmpsb
        LONG_ONE "REPE SCASD", 4, 0, repe scasd
        LONG_ONE "66 prefix before REP", 2, 0, {db 66h, 0F3h, 0ABh}

        SET_GATE 1, CODE, on_step, PRESENT | INTERRUPT_GATE
        STEPPED "stepped: REP STOSB, ECX 3", 3, rep stosb
        STEPPED "stepped: REP MOVSD, ECX 2", 2, rep movsd
        STEPPED "stepped: REP STOSB, ECX 1", 1, rep stosb
        STEPPED "stepped: REP STOSB, ECX 0", 0, rep stosb
        STEPPED "stepped: REPE CMPSB, ECX 3", 3, repe cmpsb
        STEPPED "stepped: REPNE CMPSB, ECX 3, equal at once", 3, repne cmpsb

        END_FAULTS
