; Far jumps, calls and returns in the same ring: what they push, cut and leave alone; and IRET to virtual-8086 mode (SDM
; volume 2A, CALL, IRET and JMP; volume 2B, RET).

%define GUEST "transfer"
%include "faults.inc"
%include "rings.inc"
%define LOW(label) (label - start + 7C00h)

CODE16          equ SPARE               ; 16-bit code at 0
CONFORMING      equ SPARE + 8
ABSENT          equ SPARE + 16
SMALL           equ SPARE + 24          ; limit FFFh
STACK_SMALL     equ SPARE + 32 | 3      ; ring 3, limit FFFh
SMALL3          equ SPARE + 40 | 3      ; code of ring 3, limit FFFh
        SET_DESCRIPTOR CODE16, 0, 0FFFFh, PRESENT | CODE_READABLE, 0
        SET_DESCRIPTOR CONFORMING, 0, 0FFFFFh, PRESENT | SEG_CONFORMING, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR ABSENT, 0, 0FFFFFh, SEG_CODE, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR SMALL, 0, 0FFFh, PRESENT | CODE_READABLE, FLAG_32BIT
        SET_DESCRIPTOR STACK_SMALL, 0, 0FFFh, PRESENT | RING3 | DATA_WRITABLE, FLAG_32BIT
        SET_DESCRIPTOR SMALL3, 0, 0FFFh, PRESENT | RING3 | CODE_READABLE, FLAG_32BIT
        mov al, 0FFh                    ; no interrupts of devices: some cases set IF
        out 21h, al
        out 0A1h, al
        ; For who does not look at the limit.
        mov dword [10000h], LOW(case_none) << 16 | 0EA66h
        mov dword [10004h], CODE << 16
        jmp cases


landed: mov edx, esp
        mov ecx, cs
        mov esi, [esp]
        mov edi, [esp + 4]
        jmp dword CODE:case_none

out_of_ring:
        LEAVE_RING

        bits 16
landed16:
        mov edx, esp
        mov cx, cs
        mov esi, [esp]
        mov edi, [esp + 4]
        jmp dword CODE:case_none
        bits 32

pointer32:
        dd landed
        dw CODE
pointer16:
        dw LOW(landed), CODE
pointer16_16:
        dw LOW(landed16), CODE16

; Stack pointer against that of the case, CS, and two doublewords from the stack.
say_landed:
        test edx, edx
        jz .nowhere
        sub edx, [case_stack]
        mov al, dl
        SAY " esp="
        call say_hex8
        SAY16 " cs=", cx
        SAY " "
        mov eax, esi
        shr eax, 16
        cmp ax, CODE
        jne .wide
        call say_hex16                  ; CS and IP in one
        SAY ":"
        movzx esi, si
.wide:  mov eax, esi
        call say_place
        SAY32 " ", edi
.nowhere:
        ret

; The frame that INT 80h pushed in virtual-8086 mode, from EIP up.
say_v86:
        cmp dword [STACK0 - 36 + 8], 0
        je .nowhere
        mov esi, STACK0 - 36
        mov ecx, 9
.next:  lodsd
        SAY32 " ", eax
        loop .next
.nowhere:
        ret

in_v86  equ 3000h                       ; there is INT 80h

cases:
        mov word [in_v86], 80CDh
%macro GOES 2+
        CASE %1
        push dword 0AAAAAAAAh
        push dword 0BBBBBBBBh
        push dword 0CCCCCCCCh
        xor edx, edx
        %2
        END_CASE
        call say_landed
%endmacro
        GOES "jmp ptr16:32", jmp CODE:landed
        GOES "jmp ptr16:16", jmp word CODE:LOW(landed)
        GOES "jmp m16:32", jmp far [pointer32]
        GOES "jmp m16:16", jmp far word [pointer16]
        GOES "jmp to 16-bit code", jmp far word [pointer16_16]
        GOES "call ptr16:32", call CODE:landed
        GOES "call ptr16:16", call word CODE:LOW(landed)
        GOES "call m16:32", call far [pointer32]
        GOES "call m16:16", call far word [pointer16]
        GOES "call to 16-bit code", call far word [pointer16_16]
        GOES "call to conforming code", call CONFORMING:landed
        GOES "call, not present", call ABSENT:landed
        GOES "jmp, not present", jmp ABSENT:landed

%macro RETURNS 2                        ; name, macro that pushes and returns
        CASE %1
        xor edx, edx
        push dword 0DDDDDDDDh
        push dword 0EEEEEEEEh
        %2
        END_CASE
        call say_landed
%endmacro
%macro return32 0
        push dword 0DEAD0000h | CODE
        push dword landed
        retf
%endmacro
%macro return32_4 0
        push dword CODE
        push dword landed
        retf 4
%endmacro
%macro return16 0
        push word CODE
        push word LOW(landed)
        o16 retf
%endmacro
%macro return16_2 0
        push word 0BBBBh
        push word CODE
        push word LOW(landed)
        o16 retf 2
%endmacro
%macro return_to_16 0
        push dword CODE16
        push dword LOW(landed16)
        retf
%endmacro
%macro return_beyond_16 0
        push dword CODE16
        push dword 10000h
        retf
%endmacro
%macro iret32 0
        push dword 2
        push dword 0DEAD0000h | CODE
        push dword landed
        iretd
%endmacro
%macro iret16 0
        push word 2
        push word CODE
        push word LOW(landed)
        iretw
%endmacro
        RETURNS "retf", return32
        RETURNS "retf 4", return32_4
        RETURNS "retf, 16 bits", return16
        RETURNS "retf 2, 16 bits", return16_2
        RETURNS "retf to 16-bit code", return_to_16
        RETURNS "retf beyond 16-bit code", return_beyond_16
        RETURNS "iret", iret32
        RETURNS "iret, 16 bits", iret16

        ; Two mistakes: that the stack is too small is found before that the code is.
        CASE "call, beyond the limit, on a stack too small"
        ENTER_RING 3
        mov ax, STACK_SMALL
        mov ss, ax
        mov esp, 4
        call SMALL3:1000h
        END_RING
        CASE "call, beyond the limit, on a stack that does"
        ENTER_RING 3
        mov ax, STACK_SMALL
        mov ss, ax
        mov esp, 8
        mov dword [0], 12345678h
        mov dword [4], 12345678h
        call SMALL3:1000h
        END_RING
        cmp dword [0], 12345678h
        je .kept
        SAY " stack changed"
.kept:
        CASE "call, not present, on a stack too small"
        ENTER_RING 3
        mov ax, STACK_SMALL
        mov ss, ax
        mov esp, 4
        call ABSENT:0
        END_RING

        ; To virtual-8086 mode, with IOPL 3 so that INT 80h may be used there.
%macro TO_V86 3                         ; name, EIP, EFLAGS
        mov dword [STACK0 - 36 + 8], 0
        CASE %1
        push dword 66661111h            ; GS
        push dword 77772222h            ; FS
        push dword 88883333h            ; DS
        push dword 99994444h            ; ES
        push dword 0AAAA0800h           ; SS
        push dword 0BBBB7000h           ; ESP
        push dword %3
        push dword 0CCCC0000h           ; CS
        push dword %2
        iretd
        END_CASE
        call say_v86
%endmacro
        TO_V86 "iret to v86", in_v86, 23002h
        TO_V86 "iret to v86, all flags", in_v86, 3F7ED7h
        TO_V86 "iret to v86, EIP beyond 64 KiB", 10000h + in_v86, 23002h
        ; Only ring 0 can set VM. At 2000h there is INT 80h, also with 1Bh as the paragraph of CS.
        mov word [2000h], 80CDh
        mov word [2000h + CODE_3 * 16], 80CDh
        CASE "iret, VM and IOPL 3, from ring 3"
        ENTER_RING 3
        times 6 push dword 0
        push dword 23002h
        push dword CODE_3
        push dword 2000h
        iretd
        END_CASE
        SAY32 " flags=", [STACK0 - 12]
        CASE "iret, 16 bits, upper half would have VM"
        push dword 2
        push word 2
        push word CODE
        push word LOW(landed)
        iretw
        END_CASE

        END_FAULTS
