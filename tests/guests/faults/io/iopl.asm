; CLI, STI, PUSHF, POPF, IRET, IN, OUT, INS and OUTS at every CPL with every IOPL (SDM volume 1, 19.5.1; volume 3A, 2.3, 5.9; each
; instruction's pseudo-code).

%define GUEST "iopl"
%include "faults.inc"

CODE1           equ SPARE | 1
DATA1           equ SPARE + 8 | 1
CODE2           equ SPARE + 16 | 2
DATA2           equ SPARE + 24 | 2
PORT            equ 680h                ; nothing there

        SET_DESCRIPTOR CODE1, 0, 0FFFFFh, PRESENT | 20h | CODE_READABLE, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR DATA1, 0, 0FFFFFh, PRESENT | 20h | DATA_WRITABLE, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR CODE2, 0, 0FFFFFh, PRESENT | 40h | CODE_READABLE, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR DATA2, 0, 0FFFFFh, PRESENT | 40h | DATA_WRITABLE, FLAG_4K | FLAG_32BIT
        mov al, 0FFh
        out 21h, al                     ; no interrupts, although some cases set IF
        out 0A1h, al
        mov dword [idt + 80h * 8 + 4], ADDRESS(done) & 0FFFF0000h | (PRESENT | RING3 | INTERRUPT_GATE) << 8
        mov word [idt + 80h * 8], done
        mov dword [tss + 12], RING3_STACK - 200h ; ESP1, SS1
        mov dword [tss + 16], DATA1
        jmp cases

; INT 80h: as an exception, so that its frame is seen.
done:   push dword 0
        push dword 31
        jmp exception_common

say_eflags:
        SAY " fl="
        mov eax, [ebp + FRAME_EFLAGS]
        and eax, ~10000h                ; RF is another topic's
        jmp say_hex32

; Goes to a ring with flags; operands: ring, flags.
%macro ENTER_RING 2
  %if %1 = 0
        push dword %2
        popfd
  %else
        mov ax, DATA3
        mov ds, ax
        mov es, ax
        push dword DATA%1
        push dword RING3_STACK
        push dword %2
        push dword CODE%1
        push dword %%there
        iretd
%%there:
  %endif
%endmacro

%macro EVERY_WAY 3+                     ; name, flags, instructions: at CPL 0-3, with IOPL 0-3
  %assign ring 0
  %rep 4
    %assign level 0
    %rep 4
        CASE %1, ", CPL ", '0' + ring, ", IOPL ", '0' + level
        ALSO say_eflags
        ENTER_RING ring, 2 | (%2) | level << 12
        %3
        int 80h
        END_CASE
      %assign level level + 1
    %endrep
    %assign ring ring + 1
  %endrep
%endmacro

%macro POPFD_OF 1
        push dword %1
        popfd
%endmacro

%macro POPF_OF 1
        push word %1
        popf
%endmacro

%macro IRETD_OF 1
        push dword %1
        push cs
        push dword %%there
        iretd
%%there:
%endmacro

%macro IN_DX 0
        mov dx, PORT
        in al, dx
%endmacro

%macro IN_16 0
        in ax, 0FEh
%endmacro

%macro OUT_32 0
        mov dx, PORT
        out dx, eax
%endmacro

cases:
        EVERY_WAY "cli", 200h, cli
        EVERY_WAY "sti", 0, sti
        EVERY_WAY "popfd of all but TF, DF, NT", 0, POPFD_OF 0FFFFBAFFh
        EVERY_WAY "popfd of 0", 200h, POPFD_OF 0
        EVERY_WAY "iretd with all but TF, DF, NT, VM", 0, IRETD_OF 0FFFDBAFFh
        EVERY_WAY "in al, dx", 0, IN_DX
        EVERY_WAY "in ax, 0FEh", 0, IN_16
        EVERY_WAY "out dx, eax", 0, OUT_32
        END_FAULTS
