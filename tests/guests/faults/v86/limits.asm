; In virtual-8086 mode every segment ends at FFFF, whatever was there before (SDM volume 3A, 20.1.1; 20.2.7).

%define GUEST "limits"
%include "v86.inc"

        jmp cases

say_sp:
        SAY " sp="
        mov eax, [ebp + FRAME_ESP]
        call say_hex32
        SAY " ax="
        mov eax, [ebp + FRAME_EAX]
        jmp say_hex32

; The first and the last bytes of the 64 KiB; a far return at FFFE comes to 0000:THERE.
fill_ends:
        xor ecx, ecx
.next:
        mov dword [ecx], 0
        mov dword [ecx + 0FFF0h], 13121110h
        add ecx, 4
        cmp ecx, 10h
        jb .next
        mov word [0FFFEh], THERE
        mov word [10000h], 0            ; where others look for its CS
        ret
%macro TRY 2+
        CASE %1
        V86 0
        %2
        V86_END
        END_CASE
%endmacro

; With SP (ESP) first
%macro STACK_AT 3+
        CASE %1
        ALSO say_sp
        call fill_ends
        V86 0
        mov esp, %2
        %3
        V86_END
        END_CASE
%endmacro

%macro JUMP_FAR_32 0
        db 66h, 0EAh
        dd 10000h
        dw 0
%endmacro

%macro CALL_FAR_32 0
        db 66h, 9Ah
        dd 10000h
        dw 0
%endmacro

cases:
        mov eax, cr4
        or eax, 200h                    ; OSFXSR
        mov cr4, eax
        TRY "byte at FFFF", mov al, [es:0FFFFh]
        TRY "word at FFFE", mov ax, [es:0FFFEh]
        TRY "word at FFFF", mov ax, [es:0FFFFh]
        TRY "dword at FFFC", mov eax, [es:0FFFCh]
        TRY "dword at FFFD", mov eax, [es:0FFFDh]
        TRY "dword at FFFF, write", mov [es:0FFFFh], eax
        TRY "byte at 10000 by 32-bit address", a32 mov al, [es:dword 10000h]
        TRY "byte at FFFFFFFF by 32-bit address", a32 mov al, [es:dword 0FFFFFFFFh]
        TRY "word in SS at FFFF", mov ax, [ss:0FFFFh]
        TRY "byte in SS at 10000", a32 mov al, [ss:dword 10000h]
        TRY "word in CS at FFFF", mov ax, [cs:0FFFFh]
        TRY "write to CS", mov [cs:RING3_STACK - 2], ax
        TRY "qword at FFF9 to MMX", movq mm0, [es:0FFF9h]
        TRY "xmm word at FFF8", movlps xmm0, [es:0FFF8h]
        TRY "fld m80 at FFF7", fld tword [es:0FFF7h]
        TRY "lea is no access", lea eax, [dword 12345678h]

        CASE "lodsw at FFFF"
        V86 0
        mov si, 0FFFFh
        es lodsw
        V86_END
        END_CASE
        CASE "stosd at FFFE"
        V86 0
        mov di, 0FFFEh
        stosd
        V86_END
        END_CASE
        CASE "bytes go round at FFFF"
        V86 0
        mov di, 0FFFFh
        stosb
        cmp di, 0
        je %$round
        ud2
%$round: V86_END
        END_CASE

        STACK_AT "push of a word at 0", 0, push ax
        STACK_AT "push of a word at 1", 1, push ax
        STACK_AT "push of a dword at 2", 2, push eax
        STACK_AT "push of a dword at 3", 3, push eax
        STACK_AT "push of a dword at 4", 4, push eax
        STACK_AT "push, ESP's upper half", 0FFFF7000h, push ax
        STACK_AT "pop of a word at FFFE", 0FFFEh, pop ax
        STACK_AT "pop of a word at FFFF", 0FFFFh, pop ax
        STACK_AT "pop of a dword at FFFD", 0FFFDh, pop eax
        STACK_AT "call at 1", 1, call $+3
        STACK_AT "pusha at 7", 7, pusha
        STACK_AT "pusha at 15", 15, pusha
        STACK_AT "popa at FFF1", 0FFF1h, popa
        STACK_AT "retf at FFFE", 0FFFEh, retf
        STACK_AT "enter at 1", 1, enter 0, 0

        mov dword [10000h], 0CCCCCCCCh  ; where others may run on
        mov dword [10004h], 0CCCCCCCCh
        mov byte [0], 0CCh
        mov dword [20000h], 0CCCCCCCCh

        CASE "near jump over FFFF"
        V86 0
        jmp dword %$far
%$far   equ $$ + 8400h                  ; 10000h
        V86_END
        END_CASE
        CASE "near jump, 16 bits"
        V86 0
        mov eax, 0ABCD0000h
        mov ax, %$target
        jmp ax
        ud2
%$target: V86_END
        END_CASE
        CASE "near jump by register, 32 bits"
        V86 0
        mov eax, 10000h
        jmp eax
        V86_END
        END_CASE
        CASE "near call over FFFF"
        ALSO say_sp
        V86 0
        mov eax, 10000h
        call eax
        V86_END
        END_CASE
        CASE "near return over FFFF"
        ALSO say_sp
        V86 0
        push dword 10000h
        o32 ret
        V86_END
        END_CASE
        CASE "far jump over FFFF"
        V86 0
        JUMP_FAR_32
        V86_END
        END_CASE
        CASE "far call over FFFF"
        ALSO say_sp
        V86 0
        CALL_FAR_32
        V86_END
        END_CASE
        CASE "far return over FFFF"
        ALSO say_sp
        V86 0
        push dword 0
        push dword 10000h
        o32 retf
        V86_END
        END_CASE
        CASE "iretd over FFFF"
        ALSO say_sp
        V86 3
        push dword 0
        push dword 0
        push dword 10000h
        iretd
        V86_END
        END_CASE

        CASE "an instruction ends at FFFF"
        V86 0
        mov dword [es:0FFFCh], 0CC909090h
        jmp V86_ES:0FFFCh
        V86_END
        END_CASE
        CASE "an instruction goes over FFFF"
        V86 0
        mov dword [es:0FFFCh], 0B8909090h
        jmp V86_ES:0FFFCh
        V86_END
        END_CASE
        CASE "execution runs over FFFF"
        V86 0
        mov dword [es:0FFFCh], 90909090h
        jmp V86_ES:0FFFCh
        V86_END
        END_CASE
        CASE "a prefix ends at FFFF"
        V86 0
        mov dword [es:0FFFCh], 66909090h
        jmp V86_ES:0FFFCh
        V86_END
        END_CASE

        CASE "FFFF:0010 is at 1 MiB"
        mov dword [100000h], 12345678h
        ALSO say_sp
        V86 0
        push word 0FFFFh
        pop es
        mov eax, [es:10h]
        V86_END
        END_CASE

        END_FAULTS
