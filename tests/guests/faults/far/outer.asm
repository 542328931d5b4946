; Returns to outer rings by RETF and IRET: the stack, its checks and their order, the data segments that become null, and
; EFLAGS (SDM volume 2B, RET; volume 2A, IRET; volume 3A, 5.8.6).

%define GUEST "outer"
%include "faults.inc"
%include "rings.inc"

SS_BAD          equ SPARE               ; changed from case to case
CS_BAD          equ SPARE + 8
STACK1          equ SPARE + 16 | 1      ; ring 1, at 0, limit FFFh
CONFORMING      equ SPARE + 24          ; DPL 0, readable
CODE3_SMALL     equ SPARE + 32 | 3      ; limit FFFh
DATA16_3        equ SPARE + 40 | 3      ; a 16-bit stack of ring 3
        SET_DESCRIPTOR STACK1, 0, 0FFFh, PRESENT | RING1 | DATA_WRITABLE, FLAG_32BIT
        SET_DESCRIPTOR CONFORMING, 0, 0FFFFFh, PRESENT | SEG_CONFORMING_READ, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR CODE3_SMALL, 0, 0FFFh, PRESENT | RING3 | CODE_READABLE, FLAG_32BIT
        SET_DESCRIPTOR DATA16_3, 0, 0FFFFh, PRESENT | RING3 | DATA_WRITABLE, 0
        mov al, 0FFh                    ; no interrupts of devices: some cases set IF
        out 21h, al
        out 0A1h, al
        mov word [1000h], 80CDh         ; INT 80h: for who does not look at a limit
        jmp cases

; What is found behind a return: the registers of the outer ring.
landed: mov edx, esp
        mov eax, cs
        shl eax, 16
        mov ax, ss
        mov esi, ds
        shl esi, 16
        mov si, es
        mov edi, fs
        shl edi, 16
        mov di, gs
        pushfd
        pop ebx
        mov ebp, eax
        LEAVE_RING

out_of_ring:
        LEAVE_RING

say_landed:
        test edx, edx
        jz .nowhere
        SAY32 " esp=", edx
        SAY32 " cs, ss=", ebp
        SAY32 " ds, es=", esi
        SAY32 " fs, gs=", edi
        SAY32 " flags=", ebx
.nowhere:
        ret

; Of the ring that could not be left.
say_inner:
        test byte [ebp + FRAME_CS], 3
        jz .zero
        SAY32 " esp=", [ebp + FRAME_ESP]
        ret
.zero:  mov eax, [ebp + 12]
        add eax, 20                     ; vector, error code, EIP, CS and EFLAGS
        sub eax, [case_stack]
        SAY " esp="
        jmp say_hex8

cases:
; RETURNS name, SS, ESP, EFLAGS, CS, EIP, bytes behind the return address (RETF n)
%macro RETURNS 7
        CASE "retf, ", %1
        ALSO say_inner
        xor edx, edx
        push dword %2
        push dword %3
        sub esp, %7
        push dword %5
        push dword %6
        retf %7
        END_CASE
        call say_landed
        CASE "iret, ", %1
        ALSO say_inner
        xor edx, edx
        push dword %2
        push dword %3
        push dword %4
        push dword %5
        push dword %6
        iretd
        END_CASE
        call say_landed
%endmacro
        RETURNS "to ring 0", DATA, 7000h, 2, CODE, landed, 0
        RETURNS "to ring 1", DATA_1, 7000h, 2, CODE_1, landed, 0
        RETURNS "to ring 2", DATA_2, 7000h, 2, CODE_2, landed, 0
        RETURNS "to ring 3", DATA_3, 7000h, 2, CODE_3, landed, 0
        RETURNS "to ring 3, 16 bytes more", DATA_3, 7000h, 2, CODE_3, landed, 16
        RETURNS "to ring 3, upper halves", 0AAAA0000h | DATA_3, 7000h, 2, 0BBBB0000h | CODE_3, landed, 0
        RETURNS "to ring 3, a 16-bit stack", DATA16_3, 0DDDD7000h, 2, CODE_3, landed, 0
        RETURNS "to ring 3, a 16-bit stack, 8 bytes more", DATA16_3, 0DDDDFFFCh, 2, CODE_3, landed, 8
        RETURNS "to conforming code in ring 3", DATA_3, 7000h, 2, CONFORMING | 3, landed, 0
        RETURNS "to conforming code in ring 1", DATA_1, 7000h, 2, CONFORMING | 1, landed, 0

        ; 16-bit operands.
        CASE "retf, 16 bits, to ring 3"
        xor edx, edx
        push word DATA_3
        push word 7000h
        push word CODE_3
        push word landed - start + 7C00h
        o16 retf
        END_CASE
        call say_landed
        CASE "retf, 16 bits, 6 bytes more, to ring 3"
        xor edx, edx
        push word DATA_3
        push word 7000h
        sub esp, 6
        push word CODE_3
        push word landed - start + 7C00h
        o16 retf 6
        END_CASE
        call say_landed
        CASE "iret, 16 bits, to ring 3"
        xor edx, edx
        push word DATA_3
        push word 7000h
        push word 2
        push word CODE_3
        push word landed - start + 7C00h
        iretw
        END_CASE
        call say_landed

        ; Data segments: DS of ring 0, ES of ring 3, conforming FS, GS of ring 2; then null ones with an RPL.
%macro SEGMENTS 3
        CASE %1, ", data segments of all rings"
        xor edx, edx
        mov ax, DATA_3
        mov es, ax
        mov ax, CONFORMING
        mov fs, ax
        mov ax, DATA_2
        mov gs, ax
        push dword DATA_%2
        push dword 7000h
        push dword 2
        push dword CODE_%2
        push dword landed
        %3
        END_CASE
        call say_landed
        CASE %1, ", null data segments"
        xor edx, edx
        mov ax, 3
        mov ds, ax
        mov es, ax
        mov ax, 1
        mov fs, ax
        mov ax, 2
        mov gs, ax
        push dword DATA_%2
        push dword 7000h
        push dword 2
        push dword CODE_%2
        push dword landed
        %3
        END_CASE
        call say_landed
%endmacro
        SEGMENTS "iret to ring 0", 0, iretd
        SEGMENTS "iret to ring 1", 1, iretd
        SEGMENTS "iret to ring 2", 2, iretd
        SEGMENTS "iret to ring 3", 3, iretd
%macro RETF_SEGMENTS 2
        CASE "retf to ring ", '0' + %1, ", ", %2
        xor edx, edx
        mov ax, DATA_3
        mov es, ax
        mov ax, CONFORMING
        mov fs, ax
        mov ax, DATA_2
        mov gs, ax
        push dword DATA_%1
        push dword 7000h
        push dword CODE_%1
        push dword landed
        retf
        END_CASE
        call say_landed
%endmacro
        RETF_SEGMENTS 1, "data segments of all rings"
        RETF_SEGMENTS 2, "data segments of all rings"
        RETF_SEGMENTS 3, "data segments of all rings"

        ; The outer stack's checks. CS is right.
        RETURNS "ss null", 0, 7000h, 2, CODE_3, landed, 0
        RETURNS "ss null with RPL 3", 3, 7000h, 2, CODE_3, landed, 0
        RETURNS "ss beyond the table", 0FFFBh, 7000h, 2, CODE_3, landed, 0
        RETURNS "ss of RPL 0", DATA, 7000h, 2, CODE_3, landed, 0
        RETURNS "ss of RPL 2 but DPL 3", DATA_3 & ~1, 7000h, 2, CODE_3, landed, 0
        RETURNS "ss of DPL 2 but RPL 3", DATA_2 | 3, 7000h, 2, CODE_3, landed, 0
        RETURNS "ss code", CODE_3, 7000h, 2, CODE_3, landed, 0
        RETURNS "ss a TSS", TSS | 3, 7000h, 2, CODE_3, landed, 0
        SET_DESCRIPTOR SS_BAD, 0, 0FFFFFh, PRESENT | RING3 | SEG_DATA, FLAG_4K | FLAG_32BIT
        RETURNS "ss read only", SS_BAD | 3, 7000h, 2, CODE_3, landed, 0
        SET_DESCRIPTOR SS_BAD, 0, 0FFFFFh, RING3 | SEG_DATA_WRITE, FLAG_4K | FLAG_32BIT
        RETURNS "ss not present", SS_BAD | 3, 7000h, 2, CODE_3, landed, 0
        RETURNS "ss not present, and eip beyond", SS_BAD | 3, 7000h, 2, CODE3_SMALL, 1000h, 0
        RETURNS "ss not present, and RPL 2", SS_BAD | 2, 7000h, 2, CODE_3, landed, 0
        SET_DESCRIPTOR SS_BAD, 0, 0FFFFFh, RING3 | SEG_DATA, FLAG_4K | FLAG_32BIT
        RETURNS "ss read only and not present", SS_BAD | 3, 7000h, 2, CODE_3, landed, 0
        SET_DESCRIPTOR SS_BAD, 0, 0FFFFFh, PRESENT | SEG_DATA_WRITE, FLAG_4K | FLAG_32BIT
        RETURNS "ss of DPL 0, and eip beyond", SS_BAD | 3, 7000h, 2, CODE3_SMALL, 1000h, 0
        RETURNS "eip beyond", DATA_3, 7000h, 2, CODE3_SMALL, 1000h, 0

        ; Of CS, before the stack is looked at.
        RETURNS "cs null, ss null", 0, 7000h, 2, 0, landed, 0
        RETURNS "cs null with RPL 3, ss null", 0, 7000h, 2, 3, landed, 0
        RETURNS "cs beyond the table, ss null", 0, 7000h, 2, 0FFFBh, landed, 0
        RETURNS "cs data, ss null", 0, 7000h, 2, DATA_3, landed, 0
        RETURNS "cs of DPL 2 but RPL 3, ss null", 0, 7000h, 2, CODE_2 | 3, landed, 0
        RETURNS "cs of DPL 3 but RPL 2, ss null", 0, 7000h, 2, CODE_3 & ~1, landed, 0
        SET_DESCRIPTOR CS_BAD, 0, 0FFFFFh, RING3 | SEG_CODE, FLAG_4K | FLAG_32BIT
        RETURNS "cs not present, ss null", 0, 7000h, 2, CS_BAD | 3, landed, 0
        SET_DESCRIPTOR CS_BAD, 0, 0FFFFFh, RING3 | SEG_DATA_WRITE, FLAG_4K | FLAG_32BIT
        RETURNS "cs data and not present, ss null", 0, 7000h, 2, CS_BAD | 3, landed, 0
        SET_DESCRIPTOR CS_BAD, 0, 0FFFFFh, RING2 | SEG_CODE, FLAG_4K | FLAG_32BIT
        RETURNS "cs of DPL 2 but RPL 3 and not present", DATA_3, 7000h, 2, CS_BAD | 3, landed, 0
        SET_DESCRIPTOR CS_BAD, 0, 0FFFFFh, RING3 | SEG_CONFORMING, FLAG_4K | FLAG_32BIT
        RETURNS "cs conforming, not present", DATA_3, 7000h, 2, CS_BAD | 3, landed, 0

        ; What there is to pop ends at the limit of ring 1's stack.
%macro SHORT 4                          ; name, ESP, where ESP and SS lie behind it, instruction
        CASE %1
        ALSO say_inner
        ENTER_RING 1
        mov dword [%2], out_of_ring
        mov dword [%2 + 4], CODE_3
        mov dword [%2 + 8], 2
        mov dword [%2 + %3], 7000h
        mov dword [%2 + %3 + 4], DATA_3
        mov ax, STACK1
        mov ss, ax
        mov esp, %2
        %4
        END_CASE
%endmacro
        SHORT "retf, the stack ends before ss, from ring 1", 0FF4h, 8, retf
        SHORT "retf, the stack ends before esp, from ring 1", 0FF8h, 8, retf
        SHORT "retf, the stack ends before cs, from ring 1", 0FFCh, 8, retf
        SHORT "iret, the stack ends before ss, from ring 1", 0FF0h, 12, iretd
        SHORT "iret, the stack ends before esp, from ring 1", 0FF4h, 12, iretd
        SHORT "iret, the stack ends before eflags, from ring 1", 0FF8h, 12, iretd
        SHORT "retf n, released beyond the limit, from ring 1", 0FF0h, 1008h, retf 1000h

        ; EFLAGS: which bits may be changed, from which ring with which IOPL. (TF and VM stay 0, NT is for tasks.)
ALL_FLAGS       equ 3D7ED5h & ~20000h
%macro FLAGS 4                          ; from, IOPL, to, instruction size
        CASE "iret, ", '0' + %4 / 10, '0' + %4 % 10, " bits, ring ", '0' + %1, " with IOPL ", '0' + %2, " to ring ", '0' + %3, ", all set"
        from_ring %1, %2
        %if %4 = 32
        push dword DATA_%3
        push dword RING_STACK_%3
        push dword ALL_FLAGS
        push dword CODE_%3
        push dword landed
        iretd
        %else
        push word DATA_%3
        push word RING_STACK_%3
        push word ALL_FLAGS & 0FFFFh
        push word CODE_%3
        push word landed - start + 7C00h
        iretw
        %endif
        END_CASE
        SAY32 " ", ebx
        CASE "iret, ", '0' + %4 / 10, '0' + %4 % 10, " bits, ring ", '0' + %1, " with IOPL ", '0' + %2, " to ring ", '0' + %3, ", all clear"
        from_ring %1, %2
        %if %4 = 32
        push dword DATA_%3
        push dword RING_STACK_%3
        push dword 0
        push dword CODE_%3
        push dword landed
        iretd
        %else
        push word DATA_%3
        push word RING_STACK_%3
        push word 0
        push word CODE_%3
        push word landed - start + 7C00h
        iretw
        %endif
        END_CASE
        SAY32 " ", ebx
%endmacro
%macro from_ring 2
        push dword DATA_%1
        push dword RING_STACK_%1
        push dword 2 | 240200h | %2 << 12       ; ID, AC and IF are set
        push dword CODE_%1
        push dword %%there
        iretd
%%there:
%endmacro
        FLAGS 0, 0, 0, 32
        FLAGS 0, 0, 3, 32
        FLAGS 1, 0, 1, 32
        FLAGS 1, 1, 3, 32
        FLAGS 2, 1, 3, 32
        FLAGS 3, 0, 3, 32
        FLAGS 3, 3, 3, 32
        FLAGS 0, 0, 0, 16
        FLAGS 1, 0, 3, 16
        FLAGS 3, 2, 3, 16
        FLAGS 3, 3, 3, 16

        END_FAULTS
