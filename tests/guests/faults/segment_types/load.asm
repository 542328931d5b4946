; What may be loaded into segment registers: each of the types, present and not (SDM volume 2B, MOV; volume 3A, 5.5, 5.6 and
; 5.7), and when the accessed bit is set.

%define GUEST "load"
%include "faults.inc"
        jmp cases
%include "types.inc"

target: dd 0
        dw TYPED

cases:
%macro MOVED 1
  %defstr name %1
        EACH_KIND 0, KINDS
        NAMED name
        mov ax, TYPED
        mov %1, ax
        END_CASE
        call say_access
        END_EACH
%endmacro
        MOVED ds
        MOVED es
        MOVED fs
        MOVED gs
        MOVED ss

        EACH_KIND 0, KINDS
        NAMED "retf"
        push dword TYPED
        push dword .returned
        retf
.returned:
        END_CASE
        call say_access
        END_EACH

        EACH_KIND 10h, 20h
        NAMED "jmp"
        mov dword [target], .jumped
        jmp far [target]
.jumped:
        END_CASE
        call say_access
        END_EACH
        EACH_KIND 30h, KINDS
        NAMED "jmp"
        mov dword [target], .jumped_too
        jmp far [target]
.jumped_too:
        END_CASE
        call say_access
        END_EACH
        EACH_KIND 30h, KINDS
        NAMED "call"
        mov dword [target], .called
        call far [target]
.called:
        END_CASE
        call say_access
        END_EACH

        ; System descriptors that are neither a TSS nor a gate to jump through. (The others have guests of their own.)
%macro NOT_FOR_JUMPS 1
        mov dword [kind], %1
        call make_typed
        NAMED "jmp"
        jmp TYPED:0
        END_CASE
        NAMED "call"
        call TYPED:0
        END_CASE
%endmacro
        NOT_FOR_JUMPS 20h
        NOT_FOR_JUMPS 22h
        NOT_FOR_JUMPS 26h
        NOT_FOR_JUMPS 27h
        NOT_FOR_JUMPS 28h
        NOT_FOR_JUMPS 2Ah
        NOT_FOR_JUMPS 2Dh
        NOT_FOR_JUMPS 2Eh
        NOT_FOR_JUMPS 2Fh
        NOT_FOR_JUMPS 23h
        NOT_FOR_JUMPS 2Bh

        END_FAULTS
