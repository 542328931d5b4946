; Breakpoints of the debug registers on execution, data and I/O: when they are met, RF, which bits of DR6 and DR7 there are, general
; detect, and what comes first of several (SDM volume 3B, 17.2, 17.3; volume 3A, 6.8.3, 6.9).

%define GUEST "breakpoints"
%include "debug.inc"

PORT            equ 680h                ; nothing there
WATCHED         equ 3000h
MAPPED_CODE     equ SPARE               ; code with a base
        jmp cases

        align 4
word_ss:        dw DATA, 0

back_at_once:
        nop
        iretd

say_fl: SAY " fl="
        mov eax, [ebp + FRAME_EFLAGS]
        call say_hex32
        SAY " dr6="
        mov eax, dr6
        call say_hex32
        mov eax, DR6_CLEAR
        mov dr6, eax
        xor eax, eax
        mov dr7, eax
        ret

say_detected:
        SAY " dr6="
        mov eax, dr6
        call say_hex32
        SAY " dr7="
        mov eax, dr7
        call say_hex32
        SAY " fl="
        mov eax, [ebp + FRAME_EFLAGS]
        jmp say_hex32

%macro RING3_READS 0
        ENTER_RING3 %%there
%%there:
        mov eax, dr0
%endmacro

cases:
        SET_GATE 83h, CODE, back_at_once, PRESENT | RING3 | INTERRUPT_GATE
        SET_DESCRIPTOR MAPPED_CODE, 1000h, 0FFFFFh, PRESENT | CODE_READABLE, FLAG_4K | FLAG_32BIT

        ; Execution: a fault, before the instruction.
        TRACE_CASE "execution, resumed with RF"
        RESUME
        BREAK 0, %$bp, ON_EXECUTE, BYTES_1
        nop
%$bp:   inc ecx
        nop
        TRACE_END
        TRACE_CASE "execution, resumed without RF, again and again"
        BREAK 0, %$bp, ON_EXECUTE, BYTES_1
        mov dword [trace_left], 3
        nop
%$bp:   inc ecx
        nop
        TRACE_END
        TRACE_CASE "execution, second byte of an instruction"
        RESUME
        BREAK 0, %$bp + 1, ON_EXECUTE, BYTES_1
        nop
%$bp:   mov eax, 12345678h
        nop
        TRACE_END
        TRACE_CASE "execution, a prefix"
        RESUME
        BREAK 1, %$bp, ON_EXECUTE, BYTES_1
        BREAK 2, %$bp + 1, ON_EXECUTE, BYTES_1
        nop
%$bp:   lock inc dword [WATCHED]
        nop
        TRACE_END
        TRACE_CASE "execution, two on one instruction"
        RESUME
        BREAK 1, %$bp, ON_EXECUTE, BYTES_1
        BREAK 3, %$bp, ON_EXECUTE, BYTES_1
        nop
%$bp:   nop
        TRACE_END
        TRACE_CASE "execution, by G instead of L"
        RESUME
        BREAK 2, %$bp, ON_EXECUTE, BYTES_1
        mov eax, dr7
        xor eax, 30h
        mov dr7, eax
%$bp:   nop
        TRACE_END
        TRACE_CASE "execution, neither L nor G"
        RESUME
        BREAK 0, %$bp, ON_EXECUTE, BYTES_1
        mov eax, dr7
        and eax, ~3
        mov dr7, eax
%$bp:   nop
        TRACE_END
        TRACE_CASE "execution, the instruction after MOV DR7"
        RESUME
        mov eax, %$bp
        mov dr0, eax
        mov eax, 1
        mov dr7, eax
%$bp:   nop
        TRACE_END
        TRACE_CASE "execution, of two instructions in a row"
        RESUME
        BREAK 0, %$bp, ON_EXECUTE, BYTES_1
        BREAK 1, %$bp1, ON_EXECUTE, BYTES_1
%$bp:   nop
%$bp1:  nop
        TRACE_END
        TRACE_CASE "execution, a loop, RF is used up"
        RESUME
        BREAK 0, %$bp, ON_EXECUTE, BYTES_1
        mov ecx, 3
%$bp:   loop %$bp
        TRACE_END
        TRACE_CASE "execution, rep stosb"
        RESUME
        mov edi, WATCHED
        mov ecx, 3
        BREAK 0, %$bp, ON_EXECUTE, BYTES_1
%$bp:   rep stosb
        nop
        TRACE_END
        TRACE_CASE "execution, rep stosb under TF"
        RESUME
        mov edi, WATCHED
        mov ecx, 3
        BREAK 0, %$bp, ON_EXECUTE, BYTES_1
        SET_TF
%$bp:   rep stosb
        nop
        TRACE_END
        TRACE_CASE "execution, after STI"
        RESUME
        BREAK 0, %$bp, ON_EXECUTE, BYTES_1
        sti
%$bp:   nop
        cli
        TRACE_END
        TRACE_CASE "execution, after MOV SS, suppressed"
        RESUME
        BREAK 0, %$bp, ON_EXECUTE, BYTES_1
        mov ax, ss
        mov ss, ax
%$bp:   nop
        nop
        TRACE_END
        TRACE_CASE "execution, after POP SS, suppressed"
        RESUME
        BREAK 0, %$bp, ON_EXECUTE, BYTES_1
        push ss
        pop ss
%$bp:   nop
        nop
        TRACE_END
        TRACE_CASE "execution, of INT n, and its handler"
        RESUME
        BREAK 0, %$bp, ON_EXECUTE, BYTES_1
        BREAK 1, back_at_once, ON_EXECUTE, BYTES_1
%$bp:   int 83h
        nop
        TRACE_END
        CASE "execution, of an instruction that would fault"
        SET_GATE 1, CODE, exception_1, PRESENT | INTERRUPT_GATE
        ALSO say_fl
        BREAK 0, %$bp, ON_EXECUTE, BYTES_1
%$bp:   ud2
        END_CASE
        CASE "execution, RF resumes it and it faults, RF is saved"
        ALSO say_fl
        BREAK 0, %$bp, ON_EXECUTE, BYTES_1
        push dword 10002h
        push cs
        push dword %$bp
        iretd
%$bp:   ud2
        END_CASE
        CASE "IRETD sets RF for one instruction"
        ALSO say_fl
        BREAK 0, %$bp, ON_EXECUTE, BYTES_1
        push dword 10002h
        push cs
        push dword %$there
        iretd
%$there: nop
%$bp:   nop
        END_CASE
        CASE "POPFD does not set RF"
        ALSO say_fl
        BREAK 0, %$bp, ON_EXECUTE, BYTES_1
        push dword 10002h
        popfd
%$bp:   nop
        END_CASE
        CASE "IRET of 16 bits leaves RF clear"
        ALSO say_fl
        BREAK 0, %$bp, ON_EXECUTE, BYTES_1
        push word 2
        push word CODE
        push word %$bp
        o16 iret
%$bp:   nop
        END_CASE
        TRACE_CASE "execution, EIP of code with a base is not it"
        RESUME
        BREAK 0, %$bp - 1000h, ON_EXECUTE, BYTES_1
        jmp MAPPED_CODE:%$bp - 1000h
%$bp:   nop
        jmp CODE:%$end
%$end:
        TRACE_END
        TRACE_CASE "execution, ring 3"
        RESUME
        BREAK 0, %$bp, ON_EXECUTE, BYTES_1
        ENTER_RING3 %$ring3
%$ring3:
        nop
%$bp:   nop
        TRACE_END
        TRACE_CASE "execution and TF, the trap of the instruction before is first"
        RESUME
        BREAK 0, %$bp, ON_EXECUTE, BYTES_1
        SET_TF
        nop
%$bp:   nop
        TRACE_END
        TRACE_CASE "execution, over the end of a page"
        RESUME
        mov word [4FFFh], 0C390h        ; NOP, RET
        mov edx, 4FFFh                  ; outside the case
        BREAK 0, 5000h, ON_EXECUTE, BYTES_1
        call edx
        TRACE_END

        ; Data: a trap, after the instruction.
        TRACE_CASE "write"
        BREAK 0, WATCHED, ON_WRITE, BYTES_4
        mov [WATCHED], eax
        nop
        TRACE_END
        TRACE_CASE "read does not meet one on writes"
        BREAK 0, WATCHED, ON_WRITE, BYTES_4
        mov eax, [WATCHED]
        nop
        TRACE_END
        TRACE_CASE "read, and instruction that reads and writes"
        BREAK 0, WATCHED, ON_ACCESS, BYTES_4
        mov eax, [WATCHED]
        inc dword [WATCHED]
        cmp [WATCHED], eax
        nop
        TRACE_END
        TRACE_CASE "fetch does not meet one on accesses"
        BREAK 0, %$bp, ON_ACCESS, BYTES_4
        nop
%$bp:   nop
        nop
        TRACE_END
        TRACE_CASE "two at once, and TF"
        BREAK 0, WATCHED, ON_ACCESS, BYTES_4
        BREAK 2, WATCHED + 2, ON_WRITE, BYTES_2
        SET_TF
        mov [WATCHED], eax
        nop
        TRACE_END
        TRACE_CASE "push, pop, call, ret"
        BREAK 0, RING3_STACK - 4, ON_ACCESS, BYTES_4
        ENTER_RING3 %$ring3
%$ring3:
        push eax
        pop eax
        call %$sub
        jmp short %$over
%$sub:  ret
%$over: lea eax, [esp - 4]
        push eax
        TRACE_END
        TRACE_CASE "rep movsd, after the iteration, RF saved as 1"
        RESUME
        BREAK 0, WATCHED + 4, ON_WRITE, BYTES_4
        mov esi, WATCHED + 100h
        mov edi, WATCHED
        mov ecx, 4
        rep movsd
        nop
        TRACE_END
        TRACE_CASE "rep movsd, last iteration"
        BREAK 0, WATCHED + 12, ON_WRITE, BYTES_4
        mov esi, WATCHED + 100h
        mov edi, WATCHED
        mov ecx, 4
        rep movsd
        nop
        TRACE_END
        TRACE_CASE "rep movsd under TF"
        BREAK 0, WATCHED + 4, ON_WRITE, BYTES_4
        mov esi, WATCHED + 100h
        mov edi, WATCHED
        mov ecx, 3
        SET_TF
        rep movsd
        nop
        TRACE_END
        TRACE_CASE "rep stosd, each"
        BREAK 0, WATCHED, ON_WRITE, BYTES_4
        BREAK 1, WATCHED + 4, ON_WRITE, BYTES_4
        mov edi, WATCHED
        mov ecx, 2
        rep stosd
        nop
        TRACE_END
        TRACE_CASE "mov ss, m, delayed by one instruction"
        BREAK 0, word_ss, ON_ACCESS, BYTES_2
        mov ss, [word_ss]
        nop
        nop
        TRACE_END
        TRACE_CASE "pop ss, delayed by one instruction"
        BREAK 0, RING3_STACK - 4, ON_ACCESS, BYTES_4
        ENTER_RING3 %$ring3
%$ring3:
        push dword DATA3
        pop ss
        nop
        nop
        TRACE_END
        TRACE_CASE "mov ss, m, then another breakpoint, both at once"
        BREAK 0, word_ss, ON_ACCESS, BYTES_2
        BREAK 1, WATCHED, ON_WRITE, BYTES_4
        mov ss, [word_ss]
        mov [WATCHED], eax
        nop
        TRACE_END
        TRACE_CASE "an instruction that faults writes nothing and meets none"
        mov dword [WATCHED], 0
        BREAK 0, WATCHED, ON_ACCESS, BYTES_4
        div dword [WATCHED]
        TRACE_END
        TRACE_CASE "data, ring 3"
        BREAK 3, WATCHED, ON_WRITE, BYTES_1
        ENTER_RING3 %$ring3
%$ring3:
        mov [WATCHED], al
        nop
        TRACE_END
        TRACE_CASE "linear address of data with a base"
        SET_DESCRIPTOR SPARE + 8, WATCHED - 20h, 0FFFh, PRESENT | DATA_WRITABLE, FLAG_32BIT
        BREAK 3, WATCHED, ON_WRITE, BYTES_1
        mov ax, SPARE + 8
        mov fs, ax
        mov [fs:20h], al
        nop
        TRACE_END
        TRACE_CASE "far pointers, bound, bit strings"
        BREAK 0, WATCHED + 4, ON_ACCESS, BYTES_4
        mov dword [WATCHED], 0
        mov dword [WATCHED + 4], DATA
        les eax, [WATCHED]
        mov eax, 5
        bound eax, [WATCHED]
        mov eax, 33
        bts [WATCHED], eax
        fninit
        fld qword [WATCHED]
        fstp st0
        TRACE_END
        TRACE_CASE "lea, invlpg and prefetch are no accesses"
        BREAK 0, WATCHED, ON_ACCESS, BYTES_4
        lea eax, [WATCHED]
        invlpg [WATCHED]
        prefetchnta [WATCHED]
        nop dword [WATCHED]
        TRACE_END

        ; I/O
        mov eax, cr4
        or eax, CR4_DE
        mov cr4, eax
        TRACE_CASE "I/O, in and out"
        BREAK 0, PORT, ON_IO, BYTES_1
        mov edx, PORT
        in al, dx
        out dx, al
        in ax, dx
        nop
        TRACE_END
        TRACE_CASE "I/O, fixed port"
        BREAK 1, 80h, ON_IO, BYTES_2
        in al, 81h
        out 82h, al
        nop
        TRACE_END
        TRACE_CASE "I/O, rep insb"
        BREAK 0, PORT, ON_IO, BYTES_1
        mov edx, PORT
        mov edi, WATCHED
        mov ecx, 3
        rep insb
        nop
        TRACE_END
        TRACE_CASE "I/O, memory at the port's number"
        BREAK 0, WATCHED, ON_IO, BYTES_4
        mov [WATCHED], eax
        nop
        TRACE_END
        TRACE_CASE "data, a port of the address's number"
        BREAK 0, PORT, ON_ACCESS, BYTES_4
        mov edx, PORT
        in al, dx
        nop
        TRACE_END
        mov eax, cr4
        and eax, ~CR4_DE
        mov cr4, eax

        ; Registers
        CASE "DR6, all ones written"
        mov eax, -1
        mov dr6, eax
        mov eax, dr6
        call say_hex32
        mov eax, 0
        mov dr6, eax
        mov eax, dr6
        SAY ", zeroes: "
        call say_hex32
        mov eax, DR6_CLEAR
        mov dr6, eax
        jmp case_over
        END_CASE
        CASE "DR7, all ones but GD written"
        mov eax, ~DR7_GD
        mov dr7, eax
        mov ebx, dr7
        xor eax, eax
        mov dr7, eax
        mov ecx, dr7
        mov eax, ebx
        call say_hex32
        SAY ", zeroes: "
        mov eax, ecx
        call say_hex32
        jmp case_over
        END_CASE
        CASE "DR0 to DR3 hold all bits"
        mov eax, -1
        mov dr0, eax
        mov dr3, eax
        mov ebx, 12345678h
        mov dr1, ebx
        mov eax, dr0
        call say_hex32
        mov eax, dr1
        call say_hex32
        jmp case_over
        END_CASE
        CASE "DR4 and DR5 are DR6 and DR7"
        mov eax, 0FFFF2FF0h
        mov dr4, eax
        mov eax, dr6
        call say_hex32
        mov eax, 55000400h
        mov dr5, eax
        mov eax, dr7
        call say_hex32
        mov eax, dr4
        call say_hex32
        mov eax, DR6_CLEAR
        mov dr6, eax
        jmp case_over
        END_CASE
        mov eax, cr4
        or eax, CR4_DE
        mov cr4, eax
        CASE "CR4.DE, mov eax, dr4"
        mov eax, dr4
        END_CASE
        CASE "CR4.DE, mov dr5, eax"
        mov dr5, eax
        END_CASE
        CASE "CR4.DE, mov dr4, eax in ring 3"
        ENTER_RING3 %$ring3
%$ring3:
        mov dr4, eax
        END_CASE
        mov eax, cr4
        and eax, ~CR4_DE
        mov cr4, eax
        CASE "mov eax, dr0 in ring 3"
        ENTER_RING3 %$ring3
%$ring3:
        mov eax, dr0
        END_CASE
        CASE "mov dr0, m is a register all the same"
        mov ecx, 77h
        db 0Fh, 23h, 01h                ; MOV DR0, ECX with a ModR/M that would be memory
        mov eax, dr0
        call say_hex32
        jmp case_over
        END_CASE

        ; General detect
%macro DETECT 2+
        CASE %1
        SET_GATE 1, CODE, exception_1, PRESENT | INTERRUPT_GATE
        ALSO say_detected
        mov eax, DR6_CLEAR
        mov dr6, eax
        mov eax, DR7_GD
        mov dr7, eax
        %2
        END_CASE
%endmacro

; GD is still on; its fault clears it.
%macro DETECT_OFF 0
        CASE "    then mov eax, dr1"
        ALSO say_detected
        mov eax, dr1
        END_CASE
%endmacro
        DETECT "GD, mov eax, dr0", mov eax, dr0
        DETECT "GD, mov dr0, eax", mov dr0, eax
        DETECT "GD, mov eax, dr6", mov eax, dr6
        DETECT "GD, mov dr7, eax", mov dr7, eax
        DETECT "GD, mov eax, dr4", mov eax, dr4
        DETECT "GD, mov eax, cr0 is none", mov eax, cr0
        DETECT_OFF
        CASE "GD, ring 3"
        mov eax, DR6_CLEAR
        mov dr6, eax
        mov eax, DR7_GD
        mov dr7, eax
        RING3_READS
        END_CASE
        DETECT_OFF
        CASE "any #DB clears GD"
        ALSO say_detected
        mov eax, DR6_CLEAR
        mov dr6, eax
        mov eax, DR7_GD
        mov dr7, eax
        SET_TF
        nop
        END_CASE
        END_FAULTS
