; What instructions may do where: privileged ones in rings 0 and 3, in virtual-8086 mode and in real mode (SDM volume 3A, 5.9;
; volume 3B, 20.2 and 20.3; volume 2 for each), and the exceptions that instructions ask for: INT n, INT 3, INTO, BOUND, UD2,
; INT1, DIV, AAM.

%define GUEST "privileged"
%include "faults.inc"
%include "real.inc"

TABLE           equ 2000h               ; limit and base, both of this guest
SELECTOR        equ 2010h

        jmp start_of_cases

%macro ENTER_V86 1
        push dword 0                    ; GS, FS, DS, ES
        push dword 0
        push dword 0
        push dword 0
        push dword 0                    ; SS:ESP
        push dword RING3_STACK
        push dword 20002h
        push dword 0                    ; CS:EIP
        push dword %1
        iretd
%endmacro

; One instruction in four places. %2: whether it is executed in ring 0 and in real mode too.
%macro EVERYWHERE 3+
  %define instruction %3
  %if %2 > 0
        CASE "ring 0: ", %1
        call reset_state
        mov eax, 20000h                 ; a harmless value for registers that are loaded from it
        xor ecx, ecx
        instruction
        END_CASE
  %endif
        CASE "ring 3: ", %1
        call reset_state
        xor ecx, ecx
        ENTER_RING3 %%ring3
%%ring3:
        instruction
        int 80h
        END_CASE
        CASE "v86: ", %1
        call reset_state
        xor ecx, ecx
        ENTER_V86 %%v86
        bits 16
%%v86:
        instruction
        int 80h
        bits 32
        END_CASE
  %if %2 = 1
        CASE "real mode: ", %1
        call reset_state
        ENTER_REAL
        xor ecx, ecx
        mov eax, 10h
        instruction
        LEAVE_REAL
        END_CASE
  %endif
%endmacro

; Tables for LGDT and LIDT; a selector for LLDT and the like.
reset_state:
        sgdt [TABLE]
        mov word [SELECTOR], LDT
        ret

say_eax:
        SAY " eax="
        mov eax, [ebp + FRAME_EAX]
        jmp say_hex32

start_of_cases:
        ; INT 80h in virtual-8086 mode with IOPL 0 is #GP at that place: it would end a case that did not fault.
        EVERYWHERE "LGDT", 1, lgdt [TABLE]
        EVERYWHERE "SGDT", 1, sgdt [TABLE]
        EVERYWHERE "SIDT", 1, sidt [TABLE]
        EVERYWHERE "LIDT", 0, lidt [TABLE]
        EVERYWHERE "LLDT", 1, lldt [SELECTOR]
        EVERYWHERE "LTR", 0, ltr [SELECTOR]
        EVERYWHERE "SLDT", 1, sldt ax
        EVERYWHERE "STR", 1, str ax
        EVERYWHERE "LAR", 1, lar ax, [SELECTOR]
        EVERYWHERE "LSL", 1, lsl ax, [SELECTOR]
        EVERYWHERE "VERR", 1, verr [SELECTOR]
        EVERYWHERE "VERW", 1, verw [SELECTOR]
        EVERYWHERE "ARPL", 1, arpl [SELECTOR], ax
        EVERYWHERE "SMSW", 1, smsw ax
        EVERYWHERE "CLTS", 1, clts
        EVERYWHERE "INVD", 0, invd
        EVERYWHERE "WBINVD", 1, wbinvd
        EVERYWHERE "INVLPG", 1, invlpg [TABLE]
        EVERYWHERE "HLT", 0, hlt
        EVERYWHERE "MOV EAX, CR0", 1, mov eax, cr0
        EVERYWHERE "MOV CR2, ECX", 1, mov cr2, ecx
        EVERYWHERE "MOV EAX, DR7", 1, mov eax, dr7
        EVERYWHERE "MOV DR0, ECX", 1, mov dr0, ecx
        EVERYWHERE "RDMSR", 1, rdmsr
        EVERYWHERE "RDPMC", 1, rdpmc
        EVERYWHERE "RDTSC", 1, rdtsc
        EVERYWHERE "CPUID", 1, cpuid
        EVERYWHERE "CLI", 1, cli
        EVERYWHERE "IN AL, 80h", 1, in al, 80h
        EVERYWHERE "OUT 80h, AL", 1, out 80h, al
        EVERYWHERE "UD2", 1, ud2
        EVERYWHERE "RSM", 1, rsm
        EVERYWHERE "INT 3 of two bytes", 1, {db 0CDh, 3}
        EVERYWHERE "INT3", 1, int3
        EVERYWHERE "INT1", 1, {db 0F1h}
        EVERYWHERE "INT 13", 0, int 13
        EVERYWHERE "INT 40h", 0, int 40h
        EVERYWHERE "PUSHF", 1, pushf
        EVERYWHERE "LES of a register", 1, {db 0C4h, 0C0h}
        EVERYWHERE "AAM 0", 1, aam 0

; BOUND and INTO.
%macro BOUND_CASE 4                     ; name, lower, upper, index
        CASE %1
        mov dword [1000h], %2
        mov dword [1004h], %3
        mov eax, %4
        bound eax, [1000h]
        END_CASE
%endmacro
        BOUND_CASE "BOUND, at the lower bound", 5, 9, 5
        BOUND_CASE "BOUND, at the upper bound", 5, 9, 9
        BOUND_CASE "BOUND, below", 5, 9, 4
        BOUND_CASE "BOUND, above", 5, 9, 10
        BOUND_CASE "BOUND is signed", -5, 5, 0
        BOUND_CASE "BOUND is signed, below", -5, 5, -6
        CASE "BOUND of 16 bits, above"
        mov dword [1000h], 00090005h
        mov ax, 10
        bound ax, [1000h]
        END_CASE
        CASE "BOUND, bounds nowhere"
        xor ax, ax
        mov fs, ax
        bound eax, [fs:1000h]
        END_CASE
        CASE "INTO, OF clear"
        xor eax, eax
        into
        END_CASE
        CASE "INTO, OF set"
        mov al, 7Fh
        add al, 1
        into
        END_CASE
        CASE "INTO in ring 3, gate of ring 0"
        ENTER_RING3 .into
.into:
        mov al, 7Fh
        add al, 1
        into
        int 80h
        END_CASE
        CASE "INTO in ring 3, OF clear"
        ENTER_RING3 .into2
.into2:
        xor eax, eax
        into
        int 80h
        END_CASE
        SET_GATE 4, CODE, exception_4, PRESENT | RING3 | INTERRUPT_GATE
        CASE "INTO in ring 3, gate of ring 3"
        ENTER_RING3 .into3
.into3:
        mov al, 7Fh
        add al, 1
        into
        int 80h
        END_CASE
        CASE "BOUND in ring 3, gate of ring 0: no software interrupt"
        mov dword [1000h], 1
        mov dword [1004h], 1
        ENTER_RING3 .bound
.bound:
        xor eax, eax
        bound eax, [1000h]
        int 80h
        END_CASE
        CASE "INT 5 in ring 3, gate of ring 0"
        ENTER_RING3 .int5
.int5:
        int 5
        int 80h
        END_CASE
        CASE "DIV: the quotient is too big"
        mov edx, 1
        mov ecx, 1
        xor eax, eax
        div ecx
        END_CASE
        CASE "IDIV: 80000000h / -1"
        mov eax, 80000000h
        cdq
        mov ecx, -1
        idiv ecx
        END_CASE
        CASE "AAM 0 changes nothing"
        ALSO say_eax
        mov eax, 12345678h
        aam 0
        END_CASE

        END_FAULTS
