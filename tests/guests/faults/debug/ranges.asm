; What a breakpoint on data or I/O covers: 1, 2 or 4 bytes from an address whose low bits do not count, met by any access that
; touches one of them (SDM volume 3B, 17.2.5). Each line has accesses of 1, 2 and 4 bytes from 5 below the breakpoint's address to 5
; above it: "x" where it is met.

%define GUEST "ranges"
%include "debug.inc"

WATCHED         equ 3010h
PORT            equ 690h

        jmp sweeps

        align 4
met:    dd 0                            ; DR6 of all since it was cleared
access: dd 0                            ; routine that accesses ESI or port DX

; #DB: takes note.
noted:  push eax
        mov eax, dr6
        mov [met], eax
        mov eax, DR6_CLEAR
        mov dr6, eax
        pop eax
        iretd

accesses:
        dd read1, read2, read4, write1, write2, write4
ports:  dd in1, in2, in4, out1, out2, out4
read1:  mov al, [esi]
        ret
read2:  mov ax, [esi]
        ret
read4:  mov eax, [esi]
        ret
write1: mov [esi], al
        ret
write2: mov [esi], ax
        ret
write4: mov [esi], eax
        ret
in1:    in al, dx
        ret
in2:    in ax, dx
        ret
in4:    in eax, dx
        ret
out1:   out dx, al
        ret
out2:   out dx, ax
        ret
out4:   out dx, eax
        ret

; EBX: a table of accesses, ECX: how many of them. ESI: the breakpoint's address.
sweep:
        pushad
        SET_GATE 1, CODE, noted, PRESENT | INTERRUPT_GATE
        mov edi, esi
.kind:
        SAY " "
        lea esi, [edi - 5]
.place:
        mov dword [met], 0
        mov edx, esi
        call [ebx]
        test byte [met], 0Fh
        jz .not
        SAY "x"
        jmp .next
.not:
        SAY "."
.next:
        inc esi
        lea eax, [edi + 5]
        cmp esi, eax
        jbe .place
        add ebx, 4
        loop .kind
        xor eax, eax
        mov dr7, eax
        popad
        ret

%macro SWEEP 5+                         ; address, type, length, table, name
        CASE %5
        BREAK 0, %1, %2, %3
        mov ebx, %4
        mov ecx, 6
        mov esi, %1
        call sweep
        jmp case_over
        END_CASE
%endmacro

sweeps:
        mov eax, cr4
        or eax, CR4_DE
        mov cr4, eax
        SWEEP WATCHED, ON_WRITE, BYTES_1, accesses, "write, 1 byte"
        SWEEP WATCHED + 1, ON_WRITE, BYTES_1, accesses, "write, 1 byte at 1"
        SWEEP WATCHED + 3, ON_WRITE, BYTES_1, accesses, "write, 1 byte at 3"
        SWEEP WATCHED, ON_WRITE, BYTES_2, accesses, "write, 2 bytes"
        SWEEP WATCHED + 2, ON_WRITE, BYTES_2, accesses, "write, 2 bytes at 2"
        SWEEP WATCHED, ON_WRITE, BYTES_4, accesses, "write, 4 bytes"
        SWEEP WATCHED, ON_ACCESS, BYTES_1, accesses, "access, 1 byte"
        SWEEP WATCHED + 3, ON_ACCESS, BYTES_1, accesses, "access, 1 byte at 3"
        SWEEP WATCHED + 2, ON_ACCESS, BYTES_2, accesses, "access, 2 bytes at 2"
        SWEEP WATCHED, ON_ACCESS, BYTES_4, accesses, "access, 4 bytes"
        ; Low bits of the address do not count.
        SWEEP WATCHED + 1, ON_ACCESS, BYTES_2, accesses, "access, 2 bytes at 1"
        SWEEP WATCHED + 3, ON_WRITE, BYTES_2, accesses, "write, 2 bytes at 3"
        SWEEP WATCHED + 1, ON_ACCESS, BYTES_4, accesses, "access, 4 bytes at 1"
        SWEEP WATCHED + 2, ON_WRITE, BYTES_4, accesses, "write, 4 bytes at 2"
        SWEEP WATCHED + 3, ON_WRITE, BYTES_4, accesses, "write, 4 bytes at 3"
        SWEEP 3000h, ON_ACCESS, BYTES_4, accesses, "access, 4 bytes at a page's beginning"
        SWEEP 3FFCh, ON_ACCESS, BYTES_4, accesses, "access, 4 bytes at a page's end"
        SWEEP 3FFFh, ON_WRITE, BYTES_1, accesses, "write, 1 byte at a page's end"
        SWEEP PORT, ON_IO, BYTES_1, ports, "I/O, 1 byte"
        SWEEP PORT + 1, ON_IO, BYTES_1, ports, "I/O, 1 byte at 1"
        SWEEP PORT, ON_IO, BYTES_2, ports, "I/O, 2 bytes"
        SWEEP PORT + 2, ON_IO, BYTES_2, ports, "I/O, 2 bytes at 2"
        SWEEP PORT, ON_IO, BYTES_4, ports, "I/O, 4 bytes"
        SWEEP PORT + 3, ON_IO, BYTES_2, ports, "I/O, 2 bytes at 3"
        SWEEP PORT + 2, ON_IO, BYTES_4, ports, "I/O, 4 bytes at 2"
        mov eax, cr4
        and eax, ~CR4_DE
        mov cr4, eax
        END_FAULTS
