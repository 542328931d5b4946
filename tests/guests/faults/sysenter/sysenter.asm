; SYSENTER and SYSEXIT (SDM volume 2, SYSENTER and SYSEXIT; volume 3A, 5.8.7): what they check, what they load, and what they
; leave alone. The selectors come from IA32_SYSENTER_CS alone; descriptor tables are not looked at.

%define GUEST "sysenter"
%include "faults.inc"
%include "real.inc"

SYSENTER_CS     equ 174h
SYSENTER_ESP    equ 175h
SYSENTER_EIP    equ 176h
STACK           equ 5000h               ; what SYSENTER loads

        jmp start_of_cases

; Where SYSENTER leads to: tells what it finds, and ends the case. DS may be null.
entered:
        pushfd
        push ecx
        push edx
        push ss
        push cs
        push esp
        mov bx, DATA
        mov ds, bx
        mov es, bx
        mov fs, bx
        mov gs, bx
        SAY "entered cs="
        mov ax, [esp + 4]
        call say_hex16
        SAY " ss="
        mov ax, [esp + 8]
        call say_hex16
        SAY " esp="
        mov eax, [esp]
        add eax, 20
        call say_hex32
        SAY " flags="
        mov eax, [esp + 20]
        call say_hex32
        SAY " ecx="
        mov eax, [esp + 16]
        call say_hex32
        SAY " edx="
        mov eax, [esp + 12]
        call say_hex32
        SAY " "
        jmp dword CODE:case_none

; Where SYSEXIT leads to.
left:
        pushfd
        push ss
        push cs
        push esp
        mov bx, DATA3
        mov ds, bx
        mov eax, [esp + 12]
        mov [flags_there], eax
        mov eax, [esp + 4]
        mov [cs_there], eax
        mov eax, [esp + 8]
        mov [ss_there], eax
        mov eax, [esp]
        add eax, 12
        mov [esp_there], eax
        int 80h

flags_there:    dd 0
cs_there:       dd 0
ss_there:       dd 0
esp_there:      dd 0

say_left:
        SAY "left cs="
        mov ax, [cs_there]
        call say_hex16
        SAY " ss="
        mov ax, [ss_there]
        call say_hex16
        SAY " esp="
        mov eax, [esp_there]
        call say_hex32
        SAY " flags="
        mov eax, [flags_there]
        call say_hex32
        SAY " "
        jmp dword CODE:case_none

%macro SET_MSR 2
        mov ecx, %1
        xor edx, edx
        mov eax, %2
        wrmsr
%endmacro

; In the next case INT 80h tells what SYSEXIT led to.
%macro EXPECT_LEFT 0
        SET_GATE 80h, CODE, say_left_here, PRESENT | RING3 | INTERRUPT_GATE
%endmacro

say_left_here:
        cld
        mov ax, DATA
        mov ds, ax
        mov es, ax
        mov fs, ax
        mov gs, ax
        lss esp, [case_stack]
        SET_GATE 80h, CODE, case_none, PRESENT | RING3 | INTERRUPT_GATE
        jmp say_left

; Code of another ring than 3, which SYSENTER may come from, and SYSEXIT not.
%macro ENTER_RING 2                     ; ring, label
        push dword SPARE + 8 | (%1)
        push dword RING3_STACK
        push dword 2
        push dword SPARE | (%1)
        push dword %2
        iretd
%endmacro

; The code and stack that virtual-8086 mode begins with.
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

start_of_cases:
        mov al, 0FFh                    ; IF will be set
        out 21h, al
        out 0A1h, al
        SET_MSR SYSENTER_EIP, entered
        SET_MSR SYSENTER_ESP, STACK

        CASE "SYSENTER, CS 0"
        SET_MSR SYSENTER_CS, 0
        sysenter
        END_CASE
  %assign rpl 1
  %rep 3
        CASE "SYSENTER, CS ", '0' + rpl
        SET_MSR SYSENTER_CS, rpl
        sysenter
        END_CASE
    %assign rpl rpl + 1
  %endrep
        CASE "SYSENTER, CS 0 but for bits 16-31"
        SET_MSR SYSENTER_CS, 00080000h
        sysenter
        END_CASE
        CASE "SYSENTER in ring 0"
        SET_MSR SYSENTER_CS, CODE
        mov ecx, 11111111h
        mov edx, 22222222h
        sysenter
        END_CASE
        CASE "SYSENTER, CS with RPL 3"
        SET_MSR SYSENTER_CS, CODE | 3
        sysenter
        END_CASE
        CASE "SYSENTER in ring 3, flags set"
        SET_MSR SYSENTER_CS, CODE
        mov ecx, 33333333h
        mov edx, 44444444h
        push dword DATA3
        push dword RING3_STACK
        push dword 243ED7h              ; ID, AC, IOPL 3, OF, DF, IF, and the status flags
        push dword CODE3
        push dword .ring3
        cli
        iretd
.ring3:
        cld
        sysenter
        END_CASE
        CASE "SYSENTER in ring 3, all selectors null but CS and SS"
        SET_MSR SYSENTER_CS, CODE
        push dword DATA3
        push dword RING3_STACK
        push dword 2
        push dword CODE3
        push dword .ring3n
        iretd
.ring3n:
        xor eax, eax
        mov ds, ax
        mov es, ax
        mov ecx, 5
        mov edx, 6
        sysenter
        END_CASE
        SET_DESCRIPTOR SPARE, 0, 0FFFFFh, PRESENT | 20h | CODE_READABLE, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR SPARE + 8, 0, 0FFFFFh, PRESENT | 20h | DATA_WRITABLE, FLAG_4K | FLAG_32BIT
        CASE "SYSENTER in ring 1"
        mov ecx, 7
        mov edx, 8
        ENTER_RING 1, .ring1
.ring1:
        sysenter
        END_CASE
        CASE "SYSENTER does not look at the GDT"
        SET_MSR SYSENTER_CS, CODE
        mov ecx, 9
        mov edx, 10
        SET_DESCRIPTOR CODE, 12345678h, 1, 0, 0
        jmp .go
.go:
        SET_MSR SYSENTER_EIP, .there
        sysenter
.there:
        mov ax, cs
        SET_DESCRIPTOR CODE, 0, 0FFFFFh, PRESENT | CODE_READABLE, FLAG_4K | FLAG_32BIT
        SAY "cs="
        call say_hex16
        SAY " "
        END_CASE
        SET_MSR SYSENTER_EIP, entered
        CASE "SYSENTER in virtual-8086 mode"
        ENTER_V86 .v86
        bits 16
.v86:
        mov ecx, 11
        mov edx, 12
        sysenter
        bits 32
        END_CASE
        CASE "SYSENTER in virtual-8086 mode, CS 0"
        SET_MSR SYSENTER_CS, 0
        ENTER_V86 .v86n
        bits 16
.v86n:
        sysenter
        bits 32
        END_CASE
        CASE "SYSENTER in real mode"
        SET_MSR SYSENTER_CS, CODE
        ENTER_REAL
        sysenter
        LEAVE_REAL
        END_CASE
        CASE "SYSEXIT in real mode"
        ENTER_REAL
        sysexit
        LEAVE_REAL
        END_CASE

; SYSEXIT.
        CASE "SYSEXIT, CS 0"
        SET_MSR SYSENTER_CS, 0
        mov ecx, 5000h
        mov edx, left
        sysexit
        END_CASE
  %assign rpl 1
  %rep 3
        CASE "SYSEXIT, CS ", '0' + rpl
        SET_MSR SYSENTER_CS, rpl
        mov ecx, 5000h
        mov edx, left
        sysexit
        END_CASE
    %assign rpl rpl + 1
  %endrep
        CASE "SYSEXIT to ring 3"
        EXPECT_LEFT
        SET_MSR SYSENTER_CS, CODE
        push dword 244CD7h
        popfd
        mov ecx, 5000h
        mov edx, left
        sysexit
        END_CASE
        CASE "SYSEXIT, CS with RPL 2"
        EXPECT_LEFT
        SET_MSR SYSENTER_CS, CODE | 2
        mov ecx, 6000h
        mov edx, left
        sysexit
        END_CASE
        CASE "SYSEXIT leaves IOPL, IF and NT"
        EXPECT_LEFT
        SET_MSR SYSENTER_CS, CODE
        push dword 7202h
        popfd
        mov ecx, 5000h
        mov edx, left
        sysexit
        END_CASE
        CASE "SYSEXIT in ring 1"
        mov ecx, 5000h
        mov edx, left
        ENTER_RING 1, .exit1
.exit1:
        sysexit
        END_CASE
        CASE "SYSEXIT in ring 3"
        mov ecx, 5000h
        mov edx, left
        ENTER_RING3 .exit3
.exit3:
        sysexit
        END_CASE
        CASE "SYSEXIT in virtual-8086 mode"
        ENTER_V86 .exit86
        bits 16
.exit86:
        sysexit
        bits 32
        END_CASE
        CASE "data segments stay as they are, even those of ring 0"
        SET_MSR SYSENTER_CS, CODE
        mov ecx, 5000h
        mov edx, .data
        sysexit
.data:
        mov ax, ds
        mov [0F00h], ax
        int 80h
        END_CASE
        SAY " ds="
        mov ax, [0F00h]
        call say_hex16
        CASE "LOCK SYSENTER"
        db 0F0h, 0Fh, 34h
        END_CASE
        CASE "LOCK SYSEXIT"
        db 0F0h, 0Fh, 35h
        END_CASE

        END_FAULTS
