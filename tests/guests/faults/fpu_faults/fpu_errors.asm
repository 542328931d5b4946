; x87 and SSE errors: what is noted of the instruction (FIP, FCS, FOP, FDP, FDS), when #MF comes and when not, IRQ 13 where
; CR0.NE is clear, IGNNE# by port F0h, #XM and #UD (SDM volume 1, 8.1.8 to 8.1.9, 8.5 to 8.7, 11.5; volume 3A, 6.15).

%define GUEST "fpu_errors"
%include "faults.inc"
%include "attempts.inc"

AREA            equ 1000h               ; 512 bytes, aligned
VALUE           equ 2000h
IRQ13           equ 75h                 ; as the BIOS leaves the 8259s

        jmp start_of_cases

all_unmasked:   dw 340h
half:           dd 0.5
one:            dd 1.0
quiet_nan:      dd 7FC00000h
signalling_nan: dd 7F800001h
huge:           dd 3.0e38
tiny:           dd 2.0e-38
denormal:       dd 1
word_big:       dd 1.0e9

; Says what FNSTENV stores.
say_pointers:
        push eax
        fnstenv [AREA]
        SAY "fip="
        mov eax, [AREA + 12]
        test eax, eax
        jz .none
        sub eax, [case_from]
        SAY "+"
        call say_hex8
        jmp .selector
.none:
        call say_hex8
.selector:
        SAY " fcs="
        mov ax, [AREA + 16]
        call say_hex16
        SAY " fop="
        mov ax, [AREA + 18]
        call say_hex16
        SAY " fdp="
        mov eax, [AREA + 20]
        call say_hex32
        SAY " fds="
        mov ax, [AREA + 24]
        call say_hex16
        pop eax
        ret

say_status:
        push eax
        SAY " sw="
        fnstsw ax
        call say_hex16
        pop eax
        ret

; In the handler: both, and how the value in memory is.
say_all:
        call say_status
        SAY " "
        call say_pointers
        fninit
        ret

; A case that ends with what FNSTENV stores.
%macro POINTERS 1
        CASE %1
        fninit
%endmacro
%macro END_POINTERS 0
        call say_pointers
        SAY " "
        END_CASE
%endmacro

; A case with all x87 exceptions unmasked. If it ends without one, status and pointers are told too.
%macro ERROR 1
        CASE %1
        ALSO say_all
        fninit
        fldcw [all_unmasked]
%endmacro
%macro END_ERROR 0
        fninit
        END_CASE
        fninit
%endmacro

three:          dd 3.0
        align 4
much:           dt 1.0e4000
little:         dt 1.0e-4000
environment:    dd 37Fh, 0, 0FFFFh, 11111111h, 02222333h, 44444444h, 5555h
environment_error:
                dd 340h, 4, 0FFFFh, 11111111h, 02222333h, 44444444h, 5555h

nowhere:
        xor ax, ax
        mov fs, ax
        fadd dword [fs:0]
        ret

nought:         dd 0
flags_set:      dd 3Fh
        align 16
lanes:          dd 1.0, 1.0, 0, 1.0
                dd 0, 3.0, 0, 1

is_lenient:     db 0

not_allowed:
        mov eax, 20000031h              ; NW without CD
        mov cr0, eax
        ret

say_simd:
        SAY " mxcsr="
        stmxcsr [AREA]
        mov eax, [AREA]
        call say_hex32
        SAY " xmm0="
        movss [AREA], xmm0
        mov eax, [AREA]
        jmp say_hex32

; IRQ 0 to 15 at vectors 20h to 2Fh; all shut.
init_pics:
        mov al, 11h
        out 20h, al
        out 0A0h, al
        mov al, 20h
        out 21h, al
        mov al, 28h
        out 0A1h, al
        mov al, 4
        out 21h, al
        mov al, 2
        out 0A1h, al
        mov al, 1
        out 21h, al
        out 0A1h, al
        mov al, 0FFh
        out 21h, al
        out 0A1h, al
        ret

%macro IRQS 2
        mov al, (%1) & 0FFh
        out 21h, al
        mov al, (%2) & 0FFh
        out 0A1h, al
%endmacro

; The timer's next interrupt comes in 5 ms, and no other.
one_shot:
        mov al, 30h
        out 43h, al
        mov al, 5966 & 0FFh
        out 40h, al
        mov al, 5966 >> 8
        out 40h, al
        ret

; The stack: EIP, CS, EFLAGS.
say_where:
        mov eax, [esp + 8]
        sub eax, [case_from]
        SAY " at +"
        call say_hex8
        SAY " "
        ret

on_timer:
        push eax
        SAY "timer"
        call say_where
        mov al, 20h
        out 20h, al
        xor byte [ticks], 1
        jz .second
        call one_shot                   ; it will wait again
        pop eax
        iretd
.second:
        out 0F0h, al
        pop eax
        iretd
ticks:  db 0

on_irq13:
        push eax
        SAY "IRQ 13"
        call say_where
        out 0F0h, al
        fwait                           ; IGNNE#: nothing waits
        call say_status
        SAY " "
        fnclex
        mov al, 20h
        out 0A0h, al
        out 20h, al
        pop eax
        iretd

%macro CHIPSET 1
        ERROR %1
        cmp byte [is_lenient], 0
        jne %$left_out
%endmacro
%macro END_CHIPSET 0
%$left_out:
        END_ERROR
%endmacro

start_of_cases:
        mov eax, 31h
        mov cr0, eax
        mov eax, 600h
        mov cr4, eax
        mov edi, AREA
        mov ecx, 2000h / 4
        xor eax, eax
        rep stosd
        mov dword [VALUE], 40490FDBh
        SET_DESCRIPTOR SPARE, 0, 0FFFFFh, PRESENT | DATA_WRITABLE, FLAG_4K | FLAG_32BIT

        POINTERS "after FNINIT"
        END_POINTERS
        POINTERS "FLD1"
        fld1
        END_POINTERS
        POINTERS "FNOP"
        fnop
        END_POINTERS
        POINTERS "FLD m32"
        fld dword [VALUE]
        END_POINTERS
        POINTERS "FLD m64"
        fld qword [VALUE]
        END_POINTERS
        POINTERS "FLD m80"
        fld tword [VALUE]
        END_POINTERS
        POINTERS "FILD m16"
        fild word [VALUE]
        END_POINTERS
        POINTERS "FADD m32 with a segment prefix"
        fld1
        fadd dword [ss:VALUE]
        END_POINTERS
        POINTERS "FADD m32 in the stack segment"
        mov dx, SPARE
        mov ss, dx
        mov ebp, VALUE
        fld1
        fadd dword [ebp]
        mov dx, DATA
        mov ss, dx
        END_POINTERS
        POINTERS "FADD m32 with two prefixes"
        fld1
        db 2Eh, 26h, 0D8h, 05h, 0, 20h, 0, 0
        END_POINTERS
        POINTERS "FLD m32 with a 16-bit address"
        mov si, VALUE
        fld dword [si + 4]
        END_POINTERS
        POINTERS "FADD st0, st0 after FLD m32"
        fld dword [VALUE]
        fadd st0, st0
        END_POINTERS
        POINTERS "FIST m32"
        fld1
        fist dword [VALUE + 8]
        END_POINTERS
        POINTERS "FSTP m80"
        fld1
        fstp tword [VALUE + 8]
        END_POINTERS
        POINTERS "FXCH"
        fld1
        fxch st1
        END_POINTERS
        POINTERS "FFREE"
        fld1
        ffree st3
        END_POINTERS
        POINTERS "FINCSTP"
        fld1
        fincstp
        END_POINTERS
        POINTERS "FNSTCW and FLDCW change nothing"
        fld dword [VALUE]
        fnstcw [AREA + 200h]
        fldcw [AREA + 200h]
        END_POINTERS
        POINTERS "nor do FNSTSW and FNCLEX"
        fld dword [VALUE]
        fnstsw [AREA + 200h]
        fnclex
        END_POINTERS
        POINTERS "nor does FWAIT"
        fld dword [VALUE]
        fwait
        END_POINTERS
        POINTERS "nor do FXSAVE and EMMS"
        fld dword [VALUE]
        fxsave [AREA + 200h]
        emms
        END_POINTERS
        POINTERS "FLDENV loads them"
        fld dword [VALUE]
        fldenv [environment]
        END_POINTERS
        POINTERS "FNSAVE leaves them as FNINIT does"
        fld dword [VALUE]
        fnsave [AREA + 200h]
        END_POINTERS
        POINTERS "a fault of the operand leaves them"
        fld dword [VALUE]
        mov eax, nowhere
        call attempt
        END_POINTERS

; Errors, and the next instruction that waits.
        ERROR "1 / 0, then NOP"
        fld1
        fldz
        db 0DEh, 0F9h                   ; FDIVP
        mov ecx, 1000
        nop
        loop $ - 1
        END_ERROR
        ERROR "1 / 0, then FWAIT"
        fld1
        fldz
        db 0DEh, 0F9h                   ; FDIVP
        nop
        fwait
        END_ERROR
        ERROR "1 / 0, then FLD1"
        fld1
        fldz
        db 0DEh, 0F9h                   ; FDIVP
        fld1
        END_ERROR
        ERROR "1 / 0, then FLD of a word that is nowhere"
        fld1
        fldz
        db 0DEh, 0F9h                   ; FDIVP
        xor ax, ax
        mov fs, ax
        fld dword [fs:0]
        END_ERROR
        ERROR "1 / 0, then MMX"
        fld1
        fldz
        db 0DEh, 0F9h                   ; FDIVP
        movd mm0, eax
        END_ERROR
        ERROR "1 / 0, then SSE"
        fld1
        fldz
        db 0DEh, 0F9h                   ; FDIVP
        addps xmm0, xmm0
        END_ERROR
        ERROR "1 / 0, then FNSTSW, FNSTCW, FNSTENV, then FWAIT"
        fld1
        fldz
        db 0DEh, 0F9h                   ; FDIVP
        fnstsw ax
        fnstcw [AREA + 200h]
        fnstenv [AREA + 200h]
        fwait
        END_ERROR
        ERROR "1 / 0, then FNCLEX and FWAIT"
        fld1
        fldz
        db 0DEh, 0F9h                   ; FDIVP
        fnclex
        fwait
        END_ERROR
        ERROR "1 / 0, then FNINIT and FWAIT"
        fld1
        fldz
        db 0DEh, 0F9h                   ; FDIVP
        fninit
        fwait
        END_ERROR
        ERROR "1 / 0, then FNSAVE and FWAIT"
        fld1
        fldz
        db 0DEh, 0F9h                   ; FDIVP
        fnsave [AREA + 200h]
        fwait
        END_ERROR
        ERROR "1 / 0, then FNSAVE, FRSTOR and FWAIT"
        fld1
        fldz
        db 0DEh, 0F9h                   ; FDIVP
        fnsave [AREA + 200h]
        frstor [AREA + 200h]
        fwait
        END_ERROR
        ERROR "1 / 0, then FXSAVE, FNINIT, FXRSTOR and FWAIT"
        fld1
        fldz
        db 0DEh, 0F9h                   ; FDIVP
        fxsave [AREA + 200h]
        fninit
        fxrstor [AREA + 200h]
        fwait
        END_ERROR
        ERROR "1 / 0, then FLDCW that would mask it"
        fld1
        fldz
        db 0DEh, 0F9h                   ; FDIVP
        push dword 37Fh
        fldcw [esp]
        END_ERROR
        ERROR "masked, then unmasked by FLDCW, then FWAIT"
        fninit
        fld1
        fldz
        db 0DEh, 0F9h                   ; FDIVP
        fldcw [all_unmasked]
        nop
        fwait
        END_ERROR
        ERROR "unmasked by FLDENV, then FWAIT"
        fldenv [environment_error]
        fwait
        END_ERROR
        ERROR "FIST m16 of a value that is too big: memory stays"
        mov dword [VALUE + 16], 12345678h
        fld dword [word_big]
        fistp word [VALUE + 16]
        cmp dword [VALUE + 16], 12345678h
        sete al
        call say_digit
        fwait
        END_ERROR
        ERROR "FST m32 that overflows: memory stays"
        mov dword [VALUE + 16], 12345678h
        fld tword [much]
        fstp dword [VALUE + 16]
        cmp dword [VALUE + 16], 12345678h
        sete al
        call say_digit
        fwait
        END_ERROR
        ERROR "stack underflow, then FWAIT"
        fadd st0, st1
        fwait
        END_ERROR
        ERROR "stack overflow, then FWAIT"
        fld1
        fld1
        fld1
        fld1
        fld1
        fld1
        fld1
        fld1
        fld1
        fwait
        END_ERROR
        ERROR "FCOM with a quiet NaN"
        fld dword [quiet_nan]
        fcom st0
        fwait
        END_ERROR
        ERROR "FUCOM with a quiet NaN"
        fld dword [quiet_nan]
        fucom st0
        fwait
        END_ERROR
        ERROR "FLD m32 of a signalling NaN"
        fld dword [signalling_nan]
        fwait
        END_ERROR
        ERROR "FLD m32 of a denormal"
        fld dword [denormal]
        fwait
        END_ERROR
        ERROR "inexact"
        fld1
        fld dword [three]
        db 0DEh, 0F9h
        fwait
        END_ERROR
        ERROR "underflow"
        fld tword [little]
        fmul st0, st0
        fwait
        END_ERROR
        ERROR "overflow"
        fld tword [much]
        fmul st0, st0
        fwait
        END_ERROR
        ERROR "FSQRT of -1"
        fld1
        fchs
        fsqrt
        fwait
        END_ERROR

; CR0.NE clear: FERR# raises IRQ 13 (QEMU 7 ends with a failed assertion here, so this is left out in it). An instruction that waits is not begun before an interrupt comes or IGNNE# is there.
        mov eax, not_allowed
        call attempt
        cmp al, 13
        setne [is_lenient]
        call init_pics
        mov eax, 11h
        mov cr0, eax
        SET_GATE 20h, CODE, on_timer, PRESENT | INTERRUPT_GATE
        SET_GATE 2Dh, CODE, on_irq13, PRESENT | INTERRUPT_GATE

        CHIPSET "IRQ 13 open, IF set"
        IRQS ~4, ~20h
        fld1
        fldz
        sti
        nop
        db 0DEh, 0F9h
        nop
        nop
        nop
        fwait
        nop
        cli
        END_CHIPSET
        CHIPSET "IRQ 13 open, IF set later"
        IRQS ~4, ~20h
        fld1
        fldz
        db 0DEh, 0F9h
        fnstsw ax
        sti
        nop
        nop
        nop
        fwait
        nop
        cli
        END_CHIPSET
        CHIPSET "IRQ 13 open, two errors"
        IRQS ~4, ~20h
        fld1
        fldz
        sti
        nop
        db 0DEh, 0F9h
        nop
        fwait
        nop
        fld1
        fchs
        fsqrt
        nop
        fwait
        nop
        cli
        END_CHIPSET
        CHIPSET "IRQ 13 shut: FWAIT waits for any interrupt, and after it again"
        IRQS ~1, 0FFh
        call one_shot
        fld1
        fldz
        db 0DEh, 0F9h
        sti
        nop
        fwait
        cli
        END_CHIPSET
        CHIPSET "so does FLD1"
        IRQS ~1, 0FFh
        call one_shot
        fld1
        fldz
        db 0DEh, 0F9h
        sti
        nop
        fld1
        cli
        END_CHIPSET
        CHIPSET "and MMX"
        IRQS ~1, 0FFh
        call one_shot
        fld1
        fldz
        db 0DEh, 0F9h
        sti
        nop
        movd mm0, eax
        cli
        END_CHIPSET
        CHIPSET "IGNNE# by port F0h: nothing waits, the error stays"
        IRQS 0FFh, 0FFh
        fld1
        fldz
        db 0DEh, 0F9h
        out 0F0h, al
        fwait
        fld1
        call say_status
        SAY " "
        END_CHIPSET
        CHIPSET "what does not wait is executed"
        IRQS 0FFh, 0FFh
        fld1
        fldz
        db 0DEh, 0F9h
        fnstsw ax
        fnstcw [AREA + 200h]
        fxsave [AREA + 200h]
        addps xmm0, xmm0
        call say_status
        SAY " "
        END_CHIPSET
        CHIPSET "NE set while an error is pending"
        fld1
        fldz
        db 0DEh, 0F9h
        mov eax, 31h
        mov cr0, eax
        fwait
        END_CHIPSET

; SSE: with OSXMMEXCPT #XM, without #UD; flags are set, the destination is not.
%macro SIMD 4                           ; name, bit of the mask in MXCSR, XMM0, XMM1
        mov eax, 200h
        SIMD_CASE {%1, ", OSXMMEXCPT clear"}, %2, {%3}, {%4}
        mov eax, 600h
        SIMD_CASE {%1, ", OSXMMEXCPT set"}, %2, {%3}, {%4}
%endmacro
%macro SIMD_CASE 4
        mov cr4, eax
        CASE %1
        ALSO say_simd
        mov dword [AREA], 1F80h & ~(80h << (%2))
        ldmxcsr [AREA]
        movss xmm0, [%3]
        movss xmm1, [%4]
        OPERATION
        call say_simd
        SAY " "
        END_CASE
%endmacro
        mov eax, 31h
        mov cr0, eax
%define OPERATION addss xmm0, xmm1
        SIMD "invalid", 0, one, signalling_nan
        SIMD "denormal", 1, one, denormal
%define OPERATION divss xmm0, xmm1
        SIMD "divide by zero", 2, one, nought
        SIMD "0 / 0 with divide by zero unmasked", 2, nought, nought
%define OPERATION mulss xmm0, xmm1
        SIMD "overflow", 3, huge, huge
        SIMD "underflow", 4, tiny, tiny
%define OPERATION divss xmm0, xmm1
        SIMD "inexact", 5, one, three
%define OPERATION comiss xmm0, xmm1
        SIMD "COMISS with a quiet NaN", 0, one, quiet_nan
%define OPERATION ucomiss xmm0, xmm1
        SIMD "UCOMISS with a quiet NaN", 0, one, quiet_nan
%define OPERATION cvtss2si eax, xmm1
        SIMD "CVTSS2SI of too much", 0, one, huge
%define OPERATION ldmxcsr [flags_set]
        SIMD "LDMXCSR with flags and no masks", 0, one, one
        CASE "#XM does not wait for the next instruction, and that of four lanes reports all"
        ALSO say_simd
        mov dword [AREA], 0
        ldmxcsr [AREA]
        movups xmm0, [lanes]
        movups xmm1, [lanes + 16]
        divps xmm0, xmm1
        END_CASE
        CASE "an operand that is nowhere comes before #XM"
        ALSO say_simd
        xor ax, ax
        mov fs, ax
        divss xmm0, [fs:0]
        END_CASE

        END_FAULTS
