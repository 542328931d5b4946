; What LAR, LSL, VERR and VERW tell of which segment (SDM volume 2; volume 3A, 5.10): by CPL, RPL and DPL. And that only ring
; 0 may do LLDT, LTR, LGDT, LIDT, LMSW, CLTS, HLT and the like, and all may do SLDT, STR, SGDT, SIDT and SMSW.

%define GUEST "inspect"
%include "faults.inc"
%include "rings.inc"
        jmp cases
%include "levels.inc"

found:  times 4 db 0
table:  dw 0
        dd 0

cases:
%macro INSPECTED 2
        EACH_LEVEL %2
        NAMED %1
        call enter_ring
        mov eax, [selector]
        lar ecx, eax
        setz [found]
        lsl ecx, eax
        setz [found + 1]
        verr ax
        setz [found + 2]
        verw ax
        setz [found + 3]
        END_RING
        mov esi, found
        mov ecx, 4
        SAY " "
%%each: lodsb
        call say_digit
        loop %%each
        END_EACH
%endmacro
        INSPECTED "data", SEG_DATA_WRITE
        INSPECTED "code", SEG_CODE_READ
        INSPECTED "conforming", SEG_CONFORMING_READ
        INSPECTED "conforming, execute only", SEG_CONFORMING
        INSPECTED "LDT", 02h

%macro IN_RING 3+
        CASE %2, ", ring ", '0' + %1
        ENTER_RING %1
        xor eax, eax
        xor ecx, ecx
        xor edx, edx
        %3
        END_RING
%endmacro
%macro IN_RINGS 2+
        IN_RING 1, %1, %2
        IN_RING 2, %1, %2
        IN_RING 3, %1, %2
%endmacro
        IN_RINGS "lldt", lldt ax
        IN_RINGS "ltr", ltr ax
        IN_RINGS "lgdt", lgdt [table]
        IN_RINGS "lidt", lidt [table]
        IN_RINGS "lmsw", lmsw ax
        IN_RINGS "clts", clts
        IN_RINGS "hlt", hlt
        IN_RINGS "invd", invd
        IN_RINGS "wbinvd", wbinvd
        IN_RINGS "invlpg", invlpg [table]
        IN_RINGS "rdmsr", rdmsr
        IN_RINGS "wrmsr", wrmsr
        IN_RINGS "mov eax, cr0", mov eax, cr0
        IN_RINGS "mov cr3, eax", mov cr3, eax
        IN_RINGS "mov eax, dr7", mov eax, dr7
        IN_RINGS "mov dr0, eax", mov dr0, eax
        IN_RINGS "sldt", sldt ax
        IN_RINGS "str", str ax
        IN_RINGS "sgdt", sgdt [table]
        IN_RINGS "sidt", sidt [table]
        IN_RINGS "smsw", smsw ax
        IN_RINGS "int, gate of ring 0", int 0Dh
        END_FAULTS
