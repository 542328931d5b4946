; Limits of stacks: what does not fit is #SS(0) (SDM volume 3A, 5.3 and 6.15), and the stack pointer stays as it was. In
; ring 3, so that the exception has a stack to go to.

%define GUEST "stack"
%include "faults.inc"
%include "rings.inc"
%include "limits.inc"

WIDE            equ SPARE | 3           ; B set, limit FFFh
NARROW          equ SPARE + 8 | 3       ; B clear, limit FFFh
NARROW_ALL      equ SPARE + 16 | 3      ; B clear, limit FFFFh
NARROW_MORE     equ SPARE + 24 | 3      ; B clear, limit FFFFFh: SP does not reach beyond 64 KiB, an operand does
DOWN            equ SPARE + 32 | 3      ; B set, from 1000h on
DOWN_NARROW     equ SPARE + 40 | 3      ; B clear, 1000h to FFFFh
SMALL_CODE      equ SPARE + 48 | 3      ; code with limit FFFh
CALL_GATE       equ SPARE + 56 | 3
CODE16          equ SPARE + 64 | 3      ; 16-bit code at 0
WRITE3          equ PRESENT | RING3 | DATA_WRITABLE
DOWN3           equ PRESENT | RING3 | SEG_DATA_DOWN_WRITE

        SET_DESCRIPTOR WIDE, BASE, 0FFFh, WRITE3, FLAG_32BIT
        SET_DESCRIPTOR NARROW, BASE, 0FFFh, WRITE3, 0
        SET_DESCRIPTOR NARROW_ALL, BASE, 0FFFFh, WRITE3, 0
        SET_DESCRIPTOR NARROW_MORE, BASE, 0FFFFFh, WRITE3, 0
        SET_DESCRIPTOR DOWN, BASE, 0FFFh, DOWN3, FLAG_32BIT
        SET_DESCRIPTOR DOWN_NARROW, BASE, 0FFFh, DOWN3, 0
        SET_DESCRIPTOR CODE16, 0, 0FFFFh, PRESENT | RING3 | CODE_READABLE, 0
        SET_CALL_GATE CALL_GATE, CODE_3, called, PRESENT | RING3 | 0Ch, 0
        SET_GATE 81h, CODE_3, called, PRESENT | RING3 | INTERRUPT_GATE
        SET_GATE 82h, CODE_3, called, PRESENT | RING3 | 6

        jmp cases

called:
        LEAVE_RING
called_pointer:
        dd called

; The stack pointer as it was, and EBP.
say_stack:
        SAY32 " esp=", [ebp + FRAME_ESP]
        SAY32 " ebp=", [frame + 8]
        ret

; What is popped, right or wrong, is 0.
clear_edges:
        mov edi, BASE + 0FC0h
        mov ecx, 32
        xor eax, eax
        rep stosd
        ret

cases:
%macro via_eax 0
        mov eax, ebp
        mov eax, [ss:eax]
%endmacro
%macro via_pointer 0
        call [called_pointer]
%endmacro


; STACK name, selector, ESP, instruction: a case in ring 3 with EBP = ESP and the data segments flat.
%macro STACK 4+
        call clear_edges
        CASE %1
        ENTER_RING 3
        ALSO say_stack
        mov ax, %2
        mov ebp, %3
        mov ss, ax
        mov esp, ebp
        %4
        END_RING
%endmacro

        ; Where one ends, and a byte more.
%macro UP_TO 4+                         ; name, bytes, selector, instruction that reads upwards
        STACK {%1, ", up to the limit"}, %3, 1000h - (%2), %4
        STACK {%1, ", a byte beyond"}, %3, 1001h - (%2), %4
        STACK {%1, ", all beyond"}, %3, 1000h, %4
%endmacro
; RETURN name, bytes, instruction, DW or DD: to `called`, in the same ring.
%macro RETURN 4
  %ifidn %4, dw
        UP_TO {%1}, %2, WIDE, with_frame16 %3
  %else
        UP_TO {%1}, %2, WIDE, with_frame32 %3
  %endif
%endmacro
%macro with_frame16 1+
        mov word [ds:BASE + ebp], called - start + 7C00h
        mov word [ds:BASE + ebp + 2], CODE_3
        mov word [ds:BASE + ebp + 4], 2
        %1
%endmacro
%macro with_frame32 1+
        mov dword [ds:BASE + ebp], called
        mov dword [ds:BASE + ebp + 4], CODE_3
        mov dword [ds:BASE + ebp + 8], 2
        %1
%endmacro
%macro DOWN_TO 4+                       ; name, bytes, selector, instruction that writes downwards
        STACK {%1, ", down to 0"}, %3, %2, %4
        STACK {%1, ", beyond by a byte at 0"}, %3, (%2) - 1, %4
        STACK {%1, ", from the limit"}, %3, 1000h, %4
        STACK {%1, ", beyond by a byte at the limit"}, %3, 1001h, %4
%endmacro

        UP_TO "pop eax", 4, WIDE, pop eax
        UP_TO "pop ax", 2, WIDE, pop ax
        UP_TO "pop m32", 4, WIDE, pop dword [BASE + 2000h]
        UP_TO "popa", 32, WIDE, popad
        UP_TO "popaw", 16, WIDE, popaw
        UP_TO "popf", 4, WIDE, popfd
        RETURN "ret", 4, ret, dd
        RETURN "retf", 8, retf, dd
        RETURN "retf, 16 bits", 4, o16 retf, dw
        RETURN "iret", 12, iretd, dd
        RETURN "iret, 16 bits", 6, iretw, dw
        UP_TO "leave", 4, WIDE, leave
        UP_TO "mov eax, [ebp]", 4, WIDE, mov eax, [ebp]
        UP_TO "mov [esp], eax", 4, WIDE, mov [esp], eax
        UP_TO "mov eax, [ss:eax]", 4, WIDE, via_eax
        UP_TO "narrow pop eax", 4, NARROW, pop eax
        UP_TO "narrow popa", 32, NARROW, popad

        DOWN_TO "push eax", 4, WIDE, push eax
        DOWN_TO "push ax", 2, WIDE, push ax
        DOWN_TO "push imm8", 4, WIDE, push byte 1
        DOWN_TO "push m32", 4, WIDE, push dword [BASE]
        DOWN_TO "push fs", 4, WIDE, push fs
        DOWN_TO "pusha", 32, WIDE, pushad
        DOWN_TO "pushaw", 16, WIDE, pushaw
        DOWN_TO "pushf", 4, WIDE, pushfd
        DOWN_TO "call", 4, WIDE, call called
        DOWN_TO "call, indirect", 4, WIDE, via_pointer
        DOWN_TO "far call", 8, WIDE, call CODE_3:called
        DOWN_TO "far call, 16 bits", 4, WIDE, call word CODE_3:called
        DOWN_TO "call gate", 8, WIDE, call CALL_GATE:0
        DOWN_TO "enter 0", 4, WIDE, enter 0, 0
        DOWN_TO "enter 16", 20, WIDE, enter 16, 0
        DOWN_TO "enter, nested", 8, WIDE, enter 0, 1
        DOWN_TO "int to the same ring", 12, WIDE, int 81h
        DOWN_TO "int to the same ring, 16-bit gate", 6, WIDE, int 82h
        DOWN_TO "narrow push eax", 4, NARROW, push eax
        DOWN_TO "narrow pusha", 32, NARROW, pushad

        ; SP wraps, what is pushed or popped there does not.
        STACK "narrow, push at 0", NARROW_ALL, 0, push ax
        STACK "narrow, push beyond at 1", NARROW_ALL, 1, push ax
        STACK "narrow, push a dword beyond at 2", NARROW_ALL, 2, push eax
        STACK "narrow, push a dword at 0", NARROW_ALL, 0, push eax
        STACK "narrow, pop beyond at FFFF", NARROW_ALL, 0FFFFh, pop ax
        STACK "narrow, pop at FFFE", NARROW_ALL, 0FFFEh, pop ax
        STACK "narrow, pop a dword beyond at FFFE", NARROW_ALL, 0FFFEh, pop eax
        STACK "narrow, large, pop a dword at FFFE", NARROW_MORE, 0FFFEh, pop eax
        STACK "narrow, large, push a dword at 2", NARROW_MORE, 2, push eax
        STACK "narrow, pusha beyond at 7", NARROW_ALL, 7, pushad
        STACK "narrow, pusha over 0", NARROW_ALL, 8, pushad
        STACK "narrow, upper half of ESP", NARROW_ALL, 55550002h, push ax
        STACK "narrow, ebp is not cut, beyond", NARROW_ALL, 55550002h, mov ax, [ebp]
        STACK "narrow, bp", NARROW_ALL, 55550002h, mov ax, [bp]
        STACK "narrow, esp is not cut, beyond", NARROW_ALL, 55550002h, mov ax, [esp]

        STACK "down, push to the lowest", DOWN, 1004h, push eax
        STACK "down, push beyond the lowest", DOWN, 1003h, push eax
        STACK "down, push beyond at 0", DOWN, 0FFEh, push eax
        STACK "down, pop from the lowest", DOWN, 1000h, pop eax
        STACK "down, pop beyond the lowest", DOWN, 0FFFh, pop eax
        STACK "down, pusha to the lowest", DOWN, 1020h, pushad
        STACK "down, pusha beyond the lowest", DOWN, 101Fh, pushad
        STACK "down, push at 0", DOWN, 0, push eax
        STACK "down, pop from the top", DOWN, 0FFFFFFFCh, pop eax
        STACK "down, pop beyond the top", DOWN, 0FFFFFFFDh, pop eax
        STACK "down, enter to the lowest", DOWN, 1008h, enter 4, 0
        STACK "down, enter beyond the lowest", DOWN, 1007h, enter 4, 0
        STACK "down, narrow, push to the lowest", DOWN_NARROW, 1002h, push ax
        STACK "down, narrow, push beyond the lowest", DOWN_NARROW, 1001h, push ax
        STACK "down, narrow, push at 0", DOWN_NARROW, 0, push ax
        STACK "down, narrow, pop from the top", DOWN_NARROW, 0FFFEh, pop ax
        STACK "down, narrow, pop beyond the top", DOWN_NARROW, 0FFFFh, pop ax


        ; An exception that cannot be pushed in its own ring comes from outside, as it were: EXT is set.
        SET_GATE 6, CODE_3, called, PRESENT | INTERRUPT_GATE
        STACK "#UD, to the same ring, down to 0", WIDE, 12, ud2
        STACK "#UD, to the same ring, beyond at 0", WIDE, 11, ud2
        SET_GATE 6, CODE, exception_6, PRESENT | INTERRUPT_GATE

        END_FAULTS
