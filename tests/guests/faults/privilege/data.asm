; Who may load which data segment (SDM volume 3A, 5.6 and 5.7): by CPL, RPL and DPL.

%define GUEST "data"
%include "faults.inc"
%include "rings.inc"
        jmp cases
%include "levels.inc"

cases:
%macro LOADED 3                         ; name, register, type
        EACH_LEVEL %3
        NAMED %1
        call enter_ring
        mov eax, [selector]
        mov %2, ax
        END_RING
        END_EACH
%endmacro
        LOADED "data in ds", ds, SEG_DATA_WRITE
        LOADED "code in fs", fs, SEG_CODE_READ
        LOADED "conforming code in gs", gs, SEG_CONFORMING_READ
        LOADED "data in ss", ss, SEG_DATA_WRITE
        END_FAULTS
