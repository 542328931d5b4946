; Limits of code: where instructions are fetched, and where jumps may go (SDM volume 3A, 5.3; volume 2, JMP, CALL, RET,
; Jcc, LOOP).

%define GUEST "fetch"
%include "faults.inc"
%include "rings.inc"
%include "limits.inc"

SMALL           equ SPARE               ; the code at BASE, limit FFFh
SMALL16         equ SPARE + 8           ; 16-bit code there
PAGED           equ SPARE + 16          ; limit 0 in pages, the same
ALL16           equ SPARE + 24          ; 16-bit code there, limit FFFFh
MORE16          equ SPARE + 32          ; 16-bit code there, limit 1FFFFh
EXECUTE_ONLY    equ SPARE + 40          ; as SMALL, not readable

        SET_DESCRIPTOR SMALL, BASE, 0FFFh, PRESENT | CODE_READABLE, FLAG_32BIT
        SET_DESCRIPTOR SMALL16, BASE, 0FFFh, PRESENT | CODE_READABLE, 0
        SET_DESCRIPTOR PAGED, BASE, 0, PRESENT | CODE_READABLE, FLAG_32BIT | FLAG_4K
        SET_DESCRIPTOR ALL16, BASE, 0FFFFh, PRESENT | CODE_READABLE, 0
        SET_DESCRIPTOR MORE16, BASE, 1FFFFh, PRESENT | CODE_READABLE, 0
        SET_DESCRIPTOR EXECUTE_ONLY, BASE, 0FFFh, PRESENT | 18h, FLAG_32BIT
        jmp cases

; Copies ECX bytes from ESI to the offset EDI of the segments, with NOPs around them. What is not stopped comes to what EDX
; has, 8 bytes: it stands right behind, and at 10F8h.
place:
        pushad
        mov edi, BASE + 0F00h
        mov al, 90h
        mov ecx, 200h
        rep stosb
        mov edi, BASE + 0FF00h
        mov ecx, 100h
        rep stosb
        popad
        add edi, BASE
        rep movsb
        mov esi, edx
        mov ecx, 2
        rep movsd
        mov esi, edx
        mov edi, BASE + 10F8h
        mov ecx, 2
        rep movsd
        ret
out32:  jmp dword CODE:case_none
        nop
        bits 16
out16:  jmp dword CODE:case_none
        bits 32

; What was not to change. ESP is that before the exception.
say_state:
        SAY32 " ecx=", [ebp + FRAME_ECX]
        mov eax, [ebp + 12]
        add eax, 20
        sub eax, [case_stack]
        SAY " esp="
        jmp say_hex8

beyond: dd 1000h

cases:
%macro fifteen 0
        times 14 db 3Eh                 ; DS prefixes
        nop
%endmacro
%macro leave_over 0
        xor ax, ax
%endmacro
%macro jump_beyond 0
        mov eax, 1000h
        jmp eax
%endmacro
%macro jump_cuts 0
        mov eax, 55550F80h
        jmp ax
%endmacro
%macro call_beyond 0
        mov eax, 1000h
        call eax
%endmacro
%macro ret_beyond 0
        push dword 1000h
        ret
%endmacro
%macro ret_more_beyond 0
        push dword 1000h
        ret 8
%endmacro
%macro jz_beyond 0
        cmp eax, eax
        jz short $ + 2 + 7Fh
%endmacro
%macro jnz_beyond 0
        cmp eax, eax
        jnz short $ + 2 + 7Fh
%endmacro
%macro jz_near_beyond 0
        cmp eax, eax
        jz near $ + 6 + 80h
%endmacro
%macro loop_ends 0
        mov ecx, 1
        loop $ + 2 + 7Fh
%endmacro
%macro loopne_beyond 0
        test esp, esp
        loopne $ + 2 + 7Fh
%endmacro
%macro jecxz_beyond 0
        mov ecx, 0
        jecxz $ + 2 + 7Fh
%endmacro
%macro jump16_beyond 0
        mov ax, 1000h
        jmp ax
%endmacro
%macro jump16_wide 0
        mov eax, 10F80h
        jmp eax
%endmacro
%macro jump16_cuts 0
        mov eax, 10F80h
        jmp ax
%endmacro

; FETCH name, selector, where the code ends (its first byte not of it), 16 or 32, instruction: EIP begins with it.
%macro FETCH 5+
        jmp %%behind
        bits %4
%%code: %5
%%end:
        bits 32
%%behind:
        mov esi, %%code
        mov edx, out%4
        mov edi, %3 - (%%end - %%code)
        mov ecx, %%end - %%code
        call place
        CASE %1
        ALSO say_state
        mov ecx, 2
        jmp %2:(%3 - (%%end - %%code))
        END_CASE
%endmacro

        FETCH "nop, at the limit", SMALL, 1000h, 32, nop
        FETCH "nop, beyond", SMALL, 1001h, 32, nop
        FETCH "two bytes, up to the limit", SMALL, 1000h, 32, xor eax, eax
        FETCH "two bytes, one beyond", SMALL, 1001h, 32, xor eax, eax
        FETCH "five bytes, up to the limit", SMALL, 1000h, 32, mov eax, 12345678h
        FETCH "five bytes, one beyond", SMALL, 1001h, 32, mov eax, 12345678h
        FETCH "five bytes, four beyond", SMALL, 1004h, 32, mov eax, 12345678h
        FETCH "a prefix alone", SMALL, 1001h, 32, o16 nop
        FETCH "15 bytes, up to the limit", SMALL, 1000h, 32, fifteen
        FETCH "15 bytes, one beyond", SMALL, 1001h, 32, fifteen
        FETCH "an invalid opcode, up to the limit", SMALL, 1000h, 32, ud2
        FETCH "an invalid opcode, one beyond", SMALL, 1001h, 32, ud2
        FETCH "pages, up to the limit", PAGED, 1000h, 32, xor eax, eax
        FETCH "pages, one beyond", PAGED, 1001h, 32, xor eax, eax
        FETCH "16-bit code, up to the limit", SMALL16, 1000h, 16, xor ax, ax
        FETCH "16-bit code, one beyond", SMALL16, 1001h, 16, xor ax, ax
        FETCH "16-bit code, up to FFFF and beyond", ALL16, 10000h, 16, xor ax, ax
        FETCH "16-bit code, over FFFF", ALL16, 10001h, 16, xor ax, ax
        FETCH "16-bit code, over FFFF, larger", MORE16, 10001h, 16, leave_over
        FETCH "execute only, up to the limit", EXECUTE_ONLY, 1000h, 32, xor eax, eax

        ; Jumps within the segment that lead out of it: the jump itself faults.
        FETCH "jmp short to the limit", SMALL, 0F80h, 32, jmp short $ + 2 + 7Fh
        FETCH "jmp short beyond", SMALL, 0FE0h, 32, jmp short $ + 2 + 7Fh
        FETCH "jmp near to the limit", SMALL, 0F80h, 32, jmp near $ + 5 + 7Fh
        FETCH "jmp near beyond", SMALL, 0F80h, 32, jmp near $ + 5 + 80h
        FETCH "jmp r32 beyond", SMALL, 0F80h, 32, jump_beyond
        FETCH "jmp m32 beyond", SMALL, 0F80h, 32, jmp [beyond]
        FETCH "call near to the limit", SMALL, 0F80h, 32, call $ + 5 + 7Fh
        FETCH "call near beyond", SMALL, 0F80h, 32, call $ + 5 + 80h
        FETCH "call r32 beyond", SMALL, 0F80h, 32, call_beyond
        FETCH "call m32 beyond", SMALL, 0F80h, 32, call [beyond]
        FETCH "ret beyond", SMALL, 0F80h, 32, ret_beyond
        FETCH "ret imm beyond", SMALL, 0F80h, 32, ret_more_beyond
        FETCH "jz beyond, taken", SMALL, 0FE0h, 32, jz_beyond
        FETCH "jz beyond, not taken", SMALL, 0FE0h, 32, jnz_beyond
        FETCH "jz near beyond, taken", SMALL, 0F80h, 32, jz_near_beyond
        FETCH "loop beyond", SMALL, 0FE0h, 32, loop $ + 2 + 7Fh
        FETCH "loop beyond, not taken", SMALL, 0FE0h, 32, loop_ends
        FETCH "loopne beyond", SMALL, 0FE0h, 32, loopne_beyond
        FETCH "jecxz beyond", SMALL, 0FE0h, 32, jecxz_beyond
        FETCH "jecxz beyond, not taken", SMALL, 0FE0h, 32, jecxz $ + 2 + 7Fh
        FETCH "jmp r16 in 32-bit code cuts EIP", SMALL, 0F40h, 32, jump_cuts
        FETCH "jmp r16 beyond", SMALL16, 0F80h, 16, jump16_beyond
        FETCH "jmp r32 in 16-bit code beyond", SMALL16, 0F80h, 16, jump16_wide
        FETCH "jmp r16 does not see the upper half", MORE16, 0F40h, 16, jump16_cuts

        ; Far transfers to where the segment has no code.
        mov edx, out32
        mov edi, 1000h
        xor ecx, ecx
        call place
        CASE "far jmp, at the limit"
        jmp SMALL:0FFFh
        END_CASE
        CASE "far jmp, beyond"
        jmp SMALL:1000h
        END_CASE
        CASE "far jmp, 16 bits, beyond"
        jmp word SMALL:1000h
        END_CASE
        CASE "far call, beyond"
        ALSO say_state
        call SMALL:1000h
        END_CASE
        CASE "far call, 16 bits, beyond"
        ALSO say_state
        call word SMALL:1000h
        END_CASE
        CASE "retf, beyond"
        ALSO say_state
        push dword SMALL
        push dword 1000h
        retf
        END_CASE
        CASE "retf n, beyond"
        ALSO say_state
        push dword SMALL
        push dword 1000h
        retf 8
        END_CASE
        CASE "iret, beyond"
        ALSO say_state
        push dword 2
        push dword SMALL
        push dword 1000h
        iretd
        END_CASE

        END_FAULTS
