; Interrupts and exceptions that leave virtual-8086 mode: through which gates they may go, what is on the stack of ring 0 then,
; what the segment registers hold, and the way back (SDM volume 3A, 20.3.1; INT n and IRET in volume 2A).

%define GUEST "gates"
%include "v86.inc"

CONFORMING0     equ SPARE
CODE_RING1      equ SPARE + 8 | 1
STACK_RING1     equ SPARE + 16 | 1
CONFORMING3     equ SPARE + 24 | 3
CODE_ABSENT     equ SPARE + 32
DATA_ONLY       equ SPARE + 40
SHORT_CODE      equ SPARE + 48
STACK_ABSENT    equ SPARE + 56
STACK_READ_ONLY equ SPARE + 64
SHORT_STACK     equ SPARE + 72
TSS_SHORT       equ SPARE + 80
STACK16         equ SPARE + 88
CODE16          equ SPARE + 96
TRAP_GATE       equ 0Fh
INTERRUPT_GATE16 equ 06h
TASK_GATE       equ 05h

        SET_DESCRIPTOR CONFORMING0, 0, 0FFFFFh, PRESENT | 1Eh, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR CODE_RING1, 0, 0FFFFFh, PRESENT | 20h | CODE_READABLE, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR STACK_RING1, 0, 0FFFFFh, PRESENT | 20h | DATA_WRITABLE, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR CONFORMING3, 0, 0FFFFFh, PRESENT | RING3 | 1Eh, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR CODE_ABSENT, 0, 0FFFFFh, CODE_READABLE, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR DATA_ONLY, 0, 0FFFFFh, PRESENT | DATA_WRITABLE, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR SHORT_CODE, 0, 0FFFh, PRESENT | CODE_READABLE, FLAG_32BIT
        SET_DESCRIPTOR STACK_ABSENT, 0, 0FFFFFh, DATA_WRITABLE, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR STACK_READ_ONLY, 0, 0FFFFFh, PRESENT | 10h, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR SHORT_STACK, 0, STACK0 - 5, PRESENT | DATA_WRITABLE, FLAG_32BIT
        SET_DESCRIPTOR TSS_SHORT, tss, 8, PRESENT | TSS32, 0
        SET_DESCRIPTOR STACK16, 0, 0FFFFh, PRESENT | DATA_WRITABLE, 0
        SET_DESCRIPTOR CODE16, 0, 0FFFFh, PRESENT | CODE_READABLE, 0
        jmp cases

; Where good gates lead: what was pushed, and what the registers hold.
arrived:
        push ds
        push es
        push fs
        push gs
        pushfd
        mov ebp, esp
        mov ax, DATA
        mov ds, ax
        mov es, ax
        cld
        lss esp, [case_stack]
        SAY "came, ds es fs gs="
        mov ecx, 4
.null:
        mov eax, [ebp + ecx * 4]
        call say_hex16
        SAY " "
        loop .null
        SAY "fl="
        mov eax, [ebp]
        call say_hex32
        SAY " frame"
        lea esi, [ebp + 20]
.frame:
        lodsd
        cmp esi, ebp
        je .over
        cmp esi, STACK0
        ja .over
        SAY " "
        cmp eax, [case_from]            ; EIP is told by its place in the case
        jb .plain
        cmp eax, [case_next]
        jae .plain
        sub eax, [case_from]
        SAY "+"
.plain:
        call say_hex32
        jmp .frame
.over:
        jmp case_over

; As above for 16-bit gates: nine words.
        bits 16
arrived16:
        mov bp, sp
        mov ax, DATA
        mov ds, ax
        mov es, ax
        cld
        jmp dword CODE:.wide
        bits 32
.wide:
        movzx esi, bp
        lss esp, [case_stack]
        SAY "came, frame"
.frame:
        xor eax, eax
        lodsw
        SAY " "
        cmp eax, [case_from]
        jb .plain
        cmp eax, [case_next]
        jae .plain
        sub eax, [case_from]
        SAY "+"
.plain:
        call say_hex16
        cmp esi, STACK0
        jb .frame
        jmp case_over

; Goes back to virtual-8086 mode behind the INT, with the frame as it is but for AX and the segments it gets from there.
back:
        mov ax, DATA
        mov ds, ax
        mov word [esp + 20], 1234h      ; ES
        mov dword [esp + 24], 0         ; DS
        mov word [esp + 28], 5678h      ; FS
        mov word [esp + 32], 9ABCh      ; GS
        iretd

say_segments:
        SAY " es ds fs gs ss:sp="
        lea esi, [ebp + FRAME_SS + 4]
        mov ecx, 4
.next:
        lodsd
        call say_hex32
        SAY " "
        loop .next
        mov eax, [ebp + FRAME_SS]
        call say_hex32
        SAY ":"
        mov eax, [ebp + FRAME_ESP]
        jmp say_hex32

%macro INT_TO 4                         ; name, selector, label, access
        CASE %1
        SET_GATE 90h, %2, %3, %4
        V86 3
        int 90h
        V86_END
        END_CASE
%endmacro

cases:
        INT_TO "interrupt gate, DPL 3", CODE, arrived, PRESENT | RING3 | INTERRUPT_GATE
        INT_TO "trap gate, DPL 3", CODE, arrived, PRESENT | RING3 | TRAP_GATE
        INT_TO "16-bit interrupt gate, DPL 3", CODE16, arrived16, PRESENT | RING3 | INTERRUPT_GATE16
        INT_TO "interrupt gate, DPL 2", CODE, arrived, PRESENT | 40h | INTERRUPT_GATE
        INT_TO "interrupt gate, DPL 0", CODE, arrived, PRESENT | INTERRUPT_GATE
        INT_TO "interrupt gate not present", CODE, arrived, RING3 | INTERRUPT_GATE
        INT_TO "interrupt gate not present, DPL 0", CODE, arrived, INTERRUPT_GATE
        INT_TO "call gate in the IDT", CODE, arrived, PRESENT | RING3 | 0Ch
        INT_TO "selector null", 0, arrived, PRESENT | RING3 | INTERRUPT_GATE
        INT_TO "selector beyond the GDT", 0FFF8h, arrived, PRESENT | RING3 | INTERRUPT_GATE
        INT_TO "conforming code, DPL 0", CONFORMING0, arrived, PRESENT | RING3 | INTERRUPT_GATE
        INT_TO "conforming code, DPL 3", CONFORMING3, arrived, PRESENT | RING3 | INTERRUPT_GATE
        INT_TO "code of ring 1", CODE_RING1, arrived, PRESENT | RING3 | INTERRUPT_GATE
        INT_TO "code of ring 3", CODE3, arrived, PRESENT | RING3 | INTERRUPT_GATE
        INT_TO "code not present", CODE_ABSENT, arrived, PRESENT | RING3 | INTERRUPT_GATE
        INT_TO "data", DATA_ONLY, arrived, PRESENT | RING3 | INTERRUPT_GATE
        INT_TO "a TSS", TSS, arrived, PRESENT | RING3 | INTERRUPT_GATE
        INT_TO "offset beyond the code's limit", SHORT_CODE, arrived, PRESENT | RING3 | INTERRUPT_GATE
        INT_TO "RPL 3 in the gate", CODE | 3, arrived, PRESENT | RING3 | INTERRUPT_GATE

        ; The stack of ring 0, as the TSS has it
        SET_GATE 90h, CODE, arrived, PRESENT | RING3 | INTERRUPT_GATE
%macro STACK_IS 2
        CASE "SS0 ", %1
        mov dword [tss + 8], %2
        V86 3
        int 90h
        V86_END
        END_CASE
        mov dword [tss + 8], DATA
%endmacro
        STACK_IS "with 16 bits", STACK16
        ; Each of these faults, and then again on the way to the exception's handler.
        STACK_IS "null", 0
        STACK_IS "not present", STACK_ABSENT
        STACK_IS "read only", STACK_READ_ONLY
        STACK_IS "too short", SHORT_STACK
        STACK_IS "of ring 1", STACK_RING1
        STACK_IS "code", CODE
        STACK_IS "beyond the GDT", 0FFF8h

        CASE "an exception with error code"
        SET_GATE 13, CODE, arrived, PRESENT | INTERRUPT_GATE
        V86 0
        hlt
        V86_END
        END_CASE
        SET_GATE 13, CODE, exception_13, PRESENT | INTERRUPT_GATE

        CASE "an exception through conforming code"
        SET_GATE 6, CONFORMING0, arrived, PRESENT | INTERRUPT_GATE
        V86 0
        ud2
        V86_END
        END_CASE
        CASE "an exception through code of ring 1"
        SET_GATE 6, CODE_RING1, arrived, PRESENT | INTERRUPT_GATE
        V86 0
        ud2
        V86_END
        END_CASE
        CASE "an exception, its gate not present"
        SET_GATE 6, CODE, arrived, INTERRUPT_GATE
        V86 0
        ud2
        V86_END
        END_CASE
        SET_GATE 6, CODE, exception_6, PRESENT | INTERRUPT_GATE

        CASE "IDT limit"
        lidt [short_idt]
        V86 3
        int 20h
        V86_END
        END_CASE
        lidt [idt_pointer]
        jmp more
short_idt:
        dw 20h * 8 + 6
        dd idt

more:
        CASE "back by IRETD"
        ALSO say_segments
        SET_GATE 90h, CODE, back, PRESENT | RING3 | INTERRUPT_GATE
        V86 3
        int 90h
        V86_END
        END_CASE

        CASE "far jump in virtual-8086 mode"
        ALSO say_segments
        V86 0
        jmp 10h:THERE - 100h
        V86_END
        END_CASE

        CASE "far call, its frame"
        ALSO say_segments
        V86 0
        push word 1111h
        call 20h:THERE - 200h
        V86_END
        END_CASE

        CASE "far call and return"
        ALSO say_segments
        mov byte [THERE], 0CBh          ; RETF
        V86 0
        call 20h:THERE - 200h
        V86_END
        END_CASE
        mov byte [THERE], 0CCh

        CASE "far return"
        ALSO say_segments
        V86 0
        push word 30h
        push word THERE - 300h
        retf 4
        V86_END
        END_CASE

        CASE "far jump through memory"
        mov dword [3100h], 40h << 16 | THERE - 400h
        V86 0
        jmp far [3100h]
        V86_END
        END_CASE

        mov byte [0], 0CCh              ; where others may run on
        CASE "IRETD to virtual-8086 mode, EIP over FFFF"
        push dword 0
        push dword 0
        push dword 0
        push dword 0
        push dword 0
        push dword RING3_STACK
        push dword 20202h
        push dword 0
        push dword 10000h
        iretd
        END_CASE

        CASE "selectors' upper halves do not matter"
        ALSO say_segments
        push dword 0ABCD2222h
        push dword 0ABCD1111h
        push dword 0ABCD0000h
        push dword 0ABCD1000h
        push dword 0ABCD0000h
        push dword 0FFFF7000h
        push dword 20202h
        push dword 0ABCD0000h
        push dword %$upper
        iretd
        bits 16
%$upper: V86_END
        END_CASE

        CASE "IRET with 16 bits does not enter it"
        push word 0
        push word CODE
        pushfd
        or dword [esp], 20000h
        mov eax, [esp]
        add esp, 4
        push eax
        push word CODE
        push word %$stays
        o16 iret
%$stays:
        END_CASE

        CASE "ring 3's IRETD does not enter it"
        mov word [THERE], 0B0Fh         ; UD2 where it should go
        mov byte [THERE + CODE3 * 16], 0CCh ; and INT3 where it would be in virtual-8086 mode
        ENTER_RING3 %$ring3
%$ring3:
        push dword 20202h
        push dword CODE3
        push dword THERE
        iretd
        END_CASE

        CASE "POPFD does not enter it"
        pushfd
        or dword [esp], 20000h
        popfd
        pushfd
        pop eax
        test eax, 20000h
        jz %$no
        ud2
%$no:
        END_CASE

        END_FAULTS
