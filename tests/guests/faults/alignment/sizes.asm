; #AC: which alignment each kind of operand needs in ring 3 with CR0.AM and EFLAGS.AC (SDM volume 3A, table 6-7), and which
; instructions need none. QEMU does not check alignment at all.
;
; A line has the address's offset from 0 to 8: "x" for #AC(0), "." for none.

%define GUEST "sizes"
%include "faults.inc"

CR0_AM          equ 40000h
EFLAGS_AC       equ 40000h
AREA            equ 2000h               ; operands, at an address that every alignment divides

        jmp cases

        align 4
sweep_stub:     dd 0
sweep_stack:    dd 0
sweep_offset:   dd 0

; The case's stub is at EBX: instructions on [EDI], then INT 81h. DS, ES and SS are ring 3's, ESI is AREA + 800h, ECX 1.
sweep:
        mov [sweep_stub], ebx
        mov [sweep_stack], esp
        mov dword [sweep_offset], 0
        SET_GATE 17, CODE, .misaligned, PRESENT | INTERRUPT_GATE
        SET_GATE 81h, CODE, .fine, PRESENT | RING3 | INTERRUPT_GATE
.next:
        fninit
        mov dword [AREA + 800h], 1F80h
        mov edi, AREA
        mov ecx, 100h
        xor eax, eax
        rep stosd
        mov edi, [sweep_offset]
        mov dword [AREA + edi], 1F80h   ; a value that LDMXCSR takes
        add edi, AREA
        mov esi, AREA + 800h
        mov ecx, 1
        xor edx, edx
        mov ax, DATA3
        mov ds, ax
        mov es, ax
        push dword DATA3
        push dword RING3_STACK
        push dword 2 | EFLAGS_AC
        push dword CODE3
        push ebx
        xor eax, eax
        xor ebx, ebx
        mov ebp, RING3_STACK
        iretd
.misaligned:
        mov ax, DATA
        mov ds, ax
        pop eax
        test eax, eax
        jnz .wrong
        SAY "x"
        jmp .over
.wrong:
        SAY "e"
        jmp .over
.fine:
        mov ax, DATA
        mov ds, ax
        SAY "."
.over:
        mov ax, DATA
        mov es, ax
        mov esp, [sweep_stack]
        mov ebx, [sweep_stub]
        inc dword [sweep_offset]
        cmp dword [sweep_offset], 8
        jbe .next
        SET_GATE 17, CODE, exception_17, PRESENT | INTERRUPT_GATE
        ret

; What is tried of [EDI], and its name
%macro SIZE 2+
        CASE %1
        mov ebx, %%stub
        call sweep
        jmp case_over
%%stub: %2
        int 81h
        END_CASE
%endmacro

; The same with ESP = EDI at first
%macro STACK_SIZE 2+
        CASE %1
        mov ebx, %%stub
        call sweep
        jmp case_over
%%stub: mov esp, edi
        %2
        int 81h
        END_CASE
%endmacro

; With code addresses on the stack that lead to the INT 81h
%macro RETURN_SIZE 2+
        CASE %1
        mov ebx, %%stub
        call sweep
        jmp case_over
%%stub: push dword 2                    ; AC clear: the frame may be written anywhere
        popfd
        mov esp, edi
        mov dword [edi], %%there
        mov dword [edi + 4], CODE3
        mov dword [edi + 8], 2 | EFLAGS_AC
        push dword 2 | EFLAGS_AC
        popfd
        %2
%%there:
        int 81h
        END_CASE
%endmacro

%macro XLAT_EDI 0
        mov ebx, edi
        xlatb
%endmacro

; A null selector for ES
%macro LES_OF 1
        mov byte [edi], 0
        mov byte [edi + 1], 0
    %if %1 = 32
        les eax, [edi]
    %else
        les ax, [edi]
    %endif
%endmacro

%macro BOUND_0 0
        mov byte [edi], 0
        mov byte [edi + 1], 0
        bound edx, [edi]
%endmacro

%macro LODS_EDI 1
        mov esi, edi
    %ifidn %1, w
        lodsw
    %else
        rep lodsd
    %endif
%endmacro

%macro MOVS_EDI 0
        xchg esi, edi
        movsd
%endmacro

%macro LEAVE_EDI 0
        mov ebp, edi
        leave
%endmacro

%macro CALL_NEXT 0
        call %%next
%%next:
%endmacro

%macro CALL_FAR_NEXT 0
        call CODE3:%%next
%%next:
%endmacro

%macro POP_TO_EDI 0
        push eax
        pop dword [edi]
%endmacro

%macro FLD1_THEN 1+
        fld1
        %1
%endmacro

cases:
        mov eax, cr0
        or eax, CR0_AM
        mov cr0, eax
        mov eax, cr4
        or eax, 200h                    ; OSFXSR
        mov cr4, eax

        SIZE "mov r8, m8", mov al, [edi]
        SIZE "mov r16, m16", mov ax, [edi]
        SIZE "mov r32, m32", mov eax, [edi]
        SIZE "mov m8, r8", mov [edi], al
        SIZE "mov m16, r16", mov [edi], ax
        SIZE "mov m32, r32", mov [edi], eax
        SIZE "add m16, r16", add [edi], ax
        SIZE "add m32, r32", add [edi], eax
        SIZE "lock inc m32", lock inc dword [edi]
        SIZE "cmpxchg m32, r32", cmpxchg [edi], ecx
        SIZE "cmpxchg8b", cmpxchg8b [edi]
        SIZE "xchg m16, r16", xchg [edi], ax
        SIZE "shld m32, r32, 4", shld [edi], eax, 4
        SIZE "movzx r32, m8", movzx eax, byte [edi]
        SIZE "movzx r32, m16", movzx eax, word [edi]
        SIZE "imul r32, m32", imul eax, [edi]
        SIZE "setc m8", setc [edi]
        SIZE "cmovc r32, m32, not taken", cmovc eax, [edi]
        SIZE "bt m32, imm8", bt dword [edi], 3
        SIZE "bts m16, r16", bts [edi], cx
        SIZE "btc m32, r32", btc [edi], ecx
        SIZE "xlatb", XLAT_EDI
        SIZE "bound r32, m32&32", BOUND_0
        SIZE "les r32, m16:32", LES_OF 32
        SIZE "les r16, m16:16", LES_OF 16
        SIZE "mov m16, sreg", mov [edi], ds
        SIZE "arpl m16, r16", arpl [edi], cx
        SIZE "sldt m16", sldt [edi]
        SIZE "str m16", str [edi]
        SIZE "smsw m16", smsw [edi]
        SIZE "lar r32, m16", lar eax, [edi]
        SIZE "verr m16", verr [edi]
        SIZE "sgdt, its base at 2", sgdt [edi]
        SIZE "sidt, its base at 2", sidt [edi]
        SIZE "lodsw", LODS_EDI w
        SIZE "rep lodsd", LODS_EDI d
        SIZE "stosb", stosb
        SIZE "stosw", stosw
        SIZE "rep stosd", rep stosd
        SIZE "movsw, destination", movsw
        SIZE "rep movsd, destination", rep movsd
        SIZE "movsd, source", MOVS_EDI
        SIZE "cmpsd", cmpsd
        SIZE "scasw", scasw

        STACK_SIZE "push r32", push eax
        STACK_SIZE "push r16", push ax
        STACK_SIZE "push es", push es
        STACK_SIZE "pop r32", pop eax
        STACK_SIZE "pop r16", pop ax
        STACK_SIZE "pushfd", pushfd
        STACK_SIZE "pusha", pushad
        STACK_SIZE "popa", popad
        STACK_SIZE "enter 4, 0", enter 4, 0
        STACK_SIZE "leave", LEAVE_EDI
        STACK_SIZE "call", CALL_NEXT
        STACK_SIZE "call far", CALL_FAR_NEXT
        RETURN_SIZE "ret", ret
        RETURN_SIZE "retf", retf
        RETURN_SIZE "iretd", iretd
        SIZE "push m32", push dword [edi]
        SIZE "pop m32", POP_TO_EDI

        SIZE "fld m32", fld dword [edi]
        SIZE "fld m64", fld qword [edi]
        SIZE "fld m80", fld tword [edi]
        SIZE "fst m32", FLD1_THEN fst dword [edi]
        SIZE "fst m64", FLD1_THEN fst qword [edi]
        SIZE "fstp m80", FLD1_THEN fstp tword [edi]
        SIZE "fild m16", fild word [edi]
        SIZE "fild m32", fild dword [edi]
        SIZE "fild m64", fild qword [edi]
        SIZE "fistp m64", FLD1_THEN fistp qword [edi]
        SIZE "fldcw", fldcw [edi]
        SIZE "fnstcw", fnstcw [edi]
        SIZE "fnstsw m16", fnstsw [edi]
        SIZE "fnstenv, 32 bits", fnstenv [edi]
        SIZE "fnstenv, 16 bits", o16 fnstenv [edi]
        SIZE "fldenv, 32 bits", fldenv [edi]
        SIZE "fldenv, 16 bits", o16 fldenv [edi]
        SIZE "fnsave, 32 bits", fnsave [edi]
        SIZE "fnsave, 16 bits", o16 fnsave [edi]
        SIZE "frstor, 32 bits", frstor [edi]
        SIZE "frstor, 16 bits", o16 frstor [edi]

        SIZE "movd mm, m32", movd mm0, [edi]
        SIZE "movq mm, m64", movq mm0, [edi]
        SIZE "movntq", movntq [edi], mm0
        SIZE "paddb mm, m64", paddb mm0, [edi]
        SIZE "pinsrw mm, m16", pinsrw mm0, [edi], 1
        SIZE "movss xmm, m32", movss xmm0, [edi]
        SIZE "movss m32, xmm", movss [edi], xmm0
        SIZE "addss xmm, m32", addss xmm0, [edi]
        SIZE "comiss xmm, m32", comiss xmm0, [edi]
        SIZE "movsd xmm, m64", movsd xmm0, [edi]
        SIZE "addsd xmm, m64", addsd xmm0, [edi]
        SIZE "movlps xmm, m64", movlps xmm0, [edi]
        SIZE "movhps m64, xmm", movhps [edi], xmm0
        SIZE "movq xmm, m64", movq xmm0, [edi]
        SIZE "cvtsi2ss xmm, m32", cvtsi2ss xmm0, [edi]
        SIZE "cvtpi2ps xmm, m64", cvtpi2ps xmm0, [edi]
        SIZE "cvttps2pi mm, m64", cvttps2pi mm0, [edi]
        SIZE "cvtss2si r32, m32", cvtss2si eax, [edi]
        SIZE "cvtps2pd xmm, m64", cvtps2pd xmm0, [edi]
        SIZE "ldmxcsr", ldmxcsr [edi]
        SIZE "stmxcsr", stmxcsr [edi]
        SIZE "movnti", movnti [edi], eax
        SIZE "maskmovq", maskmovq mm0, mm1
        SIZE "movups xmm, m128", movups xmm0, [edi]
        SIZE "movdqu m128, xmm", movdqu [edi], xmm0

        SIZE "lea", lea eax, [edi]
        SIZE "nop m32", nop dword [edi]
        SIZE "prefetcht0", prefetcht0 [edi]
        SIZE "clflush", clflush [edi]
        END_FAULTS
