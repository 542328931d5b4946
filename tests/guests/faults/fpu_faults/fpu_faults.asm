; Which exception comes of x87, MMX and SSE instructions, by CR0.EM, MP, TS and NE, CR4.OSFXSR and OSXMMEXCPT, and an x87
; exception that is pending (SDM volume 3A, tables 2-2 and 9-2, 12.1, 13.1; volume 1, 8.6, 8.7, 11.5; volume 2 for each
; instruction).
;
; A line of the first part: an instruction, and what came of it for CR0 = nothing, MP, EM, EM MP, TS, TS MP, TS EM, TS EM MP,
; with CR4.OSFXSR clear and then set; first with no exception pending, then with one and CR0.NE. `.` no exception, `U` #UD,
; `N` #NM, `M` #MF, `G` #GP.

%define GUEST "fpu_faults"
%include "faults.inc"
%include "attempts.inc"

AREA            equ 1000h               ; 512 bytes, aligned

        jmp start_of_cases

code:           dd 0                    ; the instruction
combination:    dd 0
pending:        db 0
unmasked_x87:   dw 37Bh                 ; control word, divide by zero unmasked

; As if no instruction of the FPU had been executed, but with CR0.NE and maybe a pending exception.
prepare:
        mov eax, 31h
        mov cr0, eax
        fninit
        cmp byte [pending], 0
        je .done
        fldcw [unmasked_x87]
        fld1
        fldz
        db 0DEh, 0F9h                   ; FDIVP: 1 / 0
.done:
        ret

; Says what comes of `code` in all combinations.
combinations:
        mov dword [combination], 0
.next:
        call prepare
        mov eax, [combination]
        and eax, 8
        shl eax, 6                      ; CR4.OSFXSR
        mov cr4, eax
        mov eax, [combination]
        and eax, 7
        lea eax, [eax * 2 + 31h]
        mov cr0, eax
        mov esi, AREA
        mov edi, AREA
        mov eax, [code]
        call attempt
        mov ah, '.'
        cmp al, 0FFh
        je .say
        mov ah, 'U'
        cmp al, 6
        je .say
        mov ah, 'N'
        cmp al, 7
        je .say
        mov ah, 'G'
        cmp al, 13
        je .say
        mov ah, 'M'
        cmp al, 16
        je .say
        mov ah, '?'
.say:
        mov al, ah
        call say_char
        inc dword [combination]
        test dword [combination], 7
        jnz .next
        mov al, ' '
        call say_char
        cmp dword [combination], 16
        jb .next
        mov eax, 31h
        mov cr0, eax
        fninit
        ret

%macro BY_CONTROL 2+
        CASE %1
        mov dword [code], %%code
        mov byte [pending], 0
        call combinations
        mov byte [pending], 1
        call combinations
        END_CASE
        jmp %%over
%%code:
        %2
        ret
%%over:
%endmacro

start_of_cases:
        mov edi, AREA
        mov ecx, 1000h / 4
        xor eax, eax
        rep stosd
        mov eax, 31h
        mov cr0, eax
        mov eax, 200h
        mov cr4, eax
        fninit
        fxsave [AREA]                   ; for FXRSTOR, FRSTOR and their like
        fnstenv [AREA + 400h]
        fnsave [AREA + 500h]
        stmxcsr [AREA + 800h]

        BY_CONTROL "FWAIT", fwait
        BY_CONTROL "FNOP", fnop
        BY_CONTROL "FLD1", fld1
        BY_CONTROL "FADD m32", fadd dword [AREA + 900h]
        BY_CONTROL "FILD m16", fild word [AREA + 900h]
        BY_CONTROL "FXCH", fxch st1
        BY_CONTROL "FFREE", ffree st7
        BY_CONTROL "FINCSTP", fincstp
        BY_CONTROL "FCOMI", fcomi st0, st1
        BY_CONTROL "FCMOVB", fcmovb st0, st1
        BY_CONTROL "FLDCW", fldcw [AREA + 400h]
        BY_CONTROL "FLDENV", fldenv [AREA + 400h]
        BY_CONTROL "FRSTOR", frstor [AREA + 500h]
        BY_CONTROL "FNINIT", fninit
        BY_CONTROL "FNCLEX", fnclex
        BY_CONTROL "FNSTCW", fnstcw [AREA + 900h]
        BY_CONTROL "FNSTSW AX", fnstsw ax
        BY_CONTROL "FNSTSW m16", fnstsw [AREA + 900h]
        BY_CONTROL "FNSTENV", fnstenv [AREA + 900h]
        BY_CONTROL "FNSAVE", fnsave [AREA + 900h]
        BY_CONTROL "FNENI", {db 0DBh, 0E0h}
        BY_CONTROL "FNDISI", {db 0DBh, 0E1h}
        BY_CONTROL "FNSETPM", {db 0DBh, 0E4h}
        BY_CONTROL "FXSAVE", fxsave [AREA + 0A00h]
        BY_CONTROL "FXRSTOR", fxrstor [AREA]
        BY_CONTROL "EMMS", emms
        BY_CONTROL "MOVD mm", movd mm0, eax
        BY_CONTROL "MOVQ mm, m64", movq mm0, [AREA]
        BY_CONTROL "PADDB mm", paddb mm0, mm1
        BY_CONTROL "PSLLW mm, 1", psllw mm0, 1
        BY_CONTROL "PSHUFW", pshufw mm0, mm1, 0
        BY_CONTROL "PAVGB mm", pavgb mm0, mm1
        BY_CONTROL "PEXTRW mm", pextrw eax, mm0, 0
        BY_CONTROL "PMOVMSKB mm", pmovmskb eax, mm0
        BY_CONTROL "MOVNTQ", movntq [AREA + 900h], mm0
        BY_CONTROL "MASKMOVQ", maskmovq mm0, mm1
        BY_CONTROL "PADDQ mm", paddq mm0, mm1
        BY_CONTROL "PMULUDQ mm", pmuludq mm0, mm1
        BY_CONTROL "ADDPS", addps xmm0, xmm1
        BY_CONTROL "MOVAPS", movaps xmm0, [AREA]
        BY_CONTROL "MOVSS", movss xmm0, [AREA]
        BY_CONTROL "COMISS", comiss xmm0, xmm1
        BY_CONTROL "CVTSI2SS", cvtsi2ss xmm0, eax
        BY_CONTROL "CVTPI2PS", cvtpi2ps xmm0, mm0
        BY_CONTROL "CVTPS2PI", cvtps2pi mm0, xmm0
        BY_CONTROL "MOVMSKPS", movmskps eax, xmm0
        BY_CONTROL "MOVNTPS", movntps [AREA + 900h], xmm0
        BY_CONTROL "LDMXCSR", ldmxcsr [AREA + 800h]
        BY_CONTROL "STMXCSR", stmxcsr [AREA + 900h]
        BY_CONTROL "ADDPD", addpd xmm0, xmm1
        BY_CONTROL "PADDB xmm", paddb xmm0, xmm1
        BY_CONTROL "MOVDQA", movdqa xmm0, [AREA]
        BY_CONTROL "PSRLDQ", psrldq xmm0, 1
        BY_CONTROL "MOVQ2DQ", movq2dq xmm0, mm0
        BY_CONTROL "MOVDQ2Q", movdq2q mm0, xmm0
        BY_CONTROL "MASKMOVDQU", maskmovdqu xmm0, xmm1
        BY_CONTROL "MOVNTI", movnti [AREA + 900h], eax
        BY_CONTROL "PREFETCHT0", prefetcht0 [AREA]
        BY_CONTROL "SFENCE", sfence
        BY_CONTROL "LFENCE", lfence
        BY_CONTROL "MFENCE", mfence
        BY_CONTROL "CLFLUSH", clflush [AREA]
        BY_CONTROL "PAUSE", pause

; Which of several exceptions comes.
        xor eax, eax
        mov cr4, eax
%macro FIRST 3+                         ; name, CR0, instructions
        CASE %1
        mov byte [pending], 0
        call prepare
        mov eax, %2
        mov cr0, eax
        xor eax, eax
        mov fs, ax                      ; nothing can be read there
        %3
        END_CASE
        mov eax, 31h
        mov cr0, eax
        mov eax, 600h
        mov cr4, eax
        fninit
%endmacro
%macro RESTORE_RESERVED 0
        fxsave [AREA]
        mov byte [AREA + 26], 1
        fxrstor [AREA]
%endmacro
%macro LOAD_RESERVED 0
        push dword 11F80h
        ldmxcsr [esp]
%endmacro
        FIRST "x87 with TS, operand nowhere", 39h, fadd dword [fs:0]
        FIRST "x87 with EM, operand nowhere", 35h, fadd dword [fs:0]
        FIRST "x87, operand nowhere", 31h, fadd dword [fs:0]
        FIRST "MMX with TS and EM, operand nowhere", 3Dh, paddb mm0, [fs:0]
        FIRST "MMX with TS, operand nowhere", 39h, paddb mm0, [fs:0]
        FIRST "SSE with TS, operand nowhere", 39h, addps xmm0, [fs:0]
        FIRST "SSE with TS, not aligned", 39h, addps xmm0, [AREA + 1]
        FIRST "SSE, not aligned", 31h, addps xmm0, [AREA + 1]
        FIRST "FXSAVE with TS, not aligned", 39h, fxsave [AREA + 8]
        FIRST "FXSAVE, not aligned", 31h, fxsave [AREA + 8]
        FIRST "FXRSTOR, reserved bit of MXCSR", 31h, RESTORE_RESERVED
        FIRST "LDMXCSR, reserved bit", 31h, LOAD_RESERVED
        FIRST "LOCK FNOP with TS", 39h, {db 0F0h, 0D9h, 0D0h}

        END_FAULTS
