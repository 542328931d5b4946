; Who may use I/O ports: by CPL and IOPL, else by the I/O permission bitmap of a 32-bit TSS, of which two bytes are always read
; (SDM volume 1, 19.5; IN, OUT, INS and OUTS in volume 2A).

%define GUEST "bitmap"
%include "faults.inc"

; The TSS of this guest: a bitmap for ports 0 to 7FFh behind the fields of a TSS, and behind that the byte of ones.
TSS_IO          equ SPARE
TSS_IO16        equ SPARE + 8
BITMAP_BYTES    equ 100h
tss_io          equ 1000h
tss_io16        equ 2000h
bitmap          equ tss_io + 68h
END_OF_MAP      equ 68h + BITMAP_BYTES  ; as a limit it includes the byte of ones

; Ports that nothing is behind: 5F0h-607h
PORT            equ 600h

        mov edi, tss_io
        mov ecx, 1000h / 4
        xor eax, eax
        rep stosd
        mov edi, tss_io16
        mov ecx, 1000h / 4
        rep stosd
        mov dword [tss_io + 4], STACK0
        mov dword [tss_io + 8], DATA
        mov word [tss_io + 66h], 68h
        mov word [tss_io16 + 2], STACK0
        mov word [tss_io16 + 4], DATA
        mov word [tss_io16 + 66h], 68h
        jmp cases

; Loads TR with the TSS of a limit (EAX), with I/O map base EBX. Keeps nothing but the stack.
load_tss:
        mov [tss_io + 66h], bx
        mov dword [gdt + TSS_IO], tss_io << 16 & 0FFFF0000h
        mov [gdt + TSS_IO], ax
        mov dword [gdt + TSS_IO + 4], (PRESENT | TSS32) << 8 | tss_io >> 16
        mov ax, TSS_IO
        ltr ax
        ret

; All ports shut.
shut:
        mov edi, bitmap
        mov ecx, BITMAP_BYTES + 1
        mov al, 0FFh
        rep stosb
        ret

; RING3_IO iopl: on in ring 3 behind this, with IOPL and IF set.
%macro RING3_IO 1
        mov ax, DATA3
        mov ds, ax
        mov es, ax
        push dword DATA3
        push dword RING3_STACK
        push dword 2 | (%1) << 12
        push dword CODE3
        push dword %%there
        iretd
%%there:
%endmacro

%macro V86_IO 1
        times 4 push dword 0
        push dword 0
        push dword RING3_STACK
        push dword 20002h | (%1) << 12
        push dword 0
        push dword %%there
        iretd
        bits 16
%%there:
%endmacro

; Tries IN of every width in ring 3 at ports of a table behind the call, and ends the case: b, w and d for what is allowed.
%macro WIDTHS 1+
        call widths
        dw %1, 0FFFFh
%endmacro

widths:
        pop esi
        lea ebp, [esi + 2]
.next:
        movzx edx, word [esi]
        add esi, 2
        cmp dx, 0FFFFh
        je case_over
        call try_port
        cmp esi, ebp
        jbe .first
        SAY " "
.first:
        mov ax, dx
        call say_hex16
        SAY "="
        test byte [allowed], 1
        jz .no_byte
        SAY "b"
.no_byte:
        test byte [allowed], 2
        jz .no_word
        SAY "w"
.no_word:
        test byte [allowed], 4
        jz .next
        SAY "d"
        jmp .next

allowed: db 0
        align 4
probe_stack: dd 0

; Port DX from ring 3. A #GP goes on behind the instruction.
try_port:
        pushad
        mov [probe_stack], esp
        mov byte [allowed], 0
        SET_GATE 13, CODE, denied, PRESENT | INTERRUPT_GATE
        SET_GATE 81h, CODE, tried, PRESENT | RING3 | INTERRUPT_GATE
        push dword DATA3
        push dword RING3_STACK
        push dword 2
        push dword CODE3
        push dword .ring3
        iretd
.ring3:
        mov ebx, .byte                  ; where #GP goes on
        mov ecx, 0
        in al, dx
        inc ecx
.byte:
        mov ebp, ecx
        mov ebx, .word
        mov ecx, 0
        in ax, dx
        mov ecx, 2
.word:
        or ebp, ecx
        mov ebx, .dword
        mov ecx, 0
        in eax, dx
        mov ecx, 4
.dword:
        or ebp, ecx
        int 81h
denied:
        cmp dword [ss:esp], 0           ; its error code
        jne .wrong
        add esp, 4
        mov [ss:esp], ebx
        iretd
.wrong:
        mov ebp, 80h
tried:
        mov ax, DATA
        mov ds, ax
        mov es, ax
        mov [allowed], ebp
        mov ss, ax
        mov esp, [probe_stack]
        SET_GATE 13, CODE, exception_13, PRESENT | INTERRUPT_GATE
        popad
        ret

%macro MAP_CASE 4+                      ; name, limit, I/O map base, ports
        CASE %1
        mov eax, %2
        mov ebx, %3
        call load_tss
        WIDTHS %4
        END_CASE
%endmacro

cases:
        call shut
        mov byte [bitmap + PORT / 8], 0EFh       ; 604h alone
        MAP_CASE "one port free", END_OF_MAP, 68h, 603h, 604h, 605h
        mov byte [bitmap + PORT / 8], 0CFh
        MAP_CASE "two ports free", END_OF_MAP, 68h, 603h, 604h, 605h
        mov byte [bitmap + PORT / 8], 00Fh
        MAP_CASE "four ports free", END_OF_MAP, 68h, 603h, 604h, 605h, 606h, 607h
        mov word [bitmap + PORT / 8], 0FF0h
        MAP_CASE "from 600h four ports", END_OF_MAP, 68h, 5FFh, 600h, 601h, 602h, 603h
        mov byte [bitmap + PORT / 8], 03Fh
        mov byte [bitmap + PORT / 8 + 1], 0FCh
        MAP_CASE "four ports over a byte's end", END_OF_MAP, 68h, 605h, 606h, 607h, 608h, 609h
        mov byte [bitmap + PORT / 8], 07Fh
        mov byte [bitmap + PORT / 8 + 1], 0FEh
        MAP_CASE "two ports over a byte's end", END_OF_MAP, 68h, 606h, 607h, 608h
        mov word [bitmap + PORT / 8], 0FE7Fh
        mov byte [bitmap + PORT / 8 - 1], 07Fh
        MAP_CASE "bits are those of each port", END_OF_MAP, 68h, 5FFh, 600h, 606h, 607h
        mov byte [bitmap + PORT / 8 - 1], 0FFh
        mov word [bitmap + PORT / 8], 0FFFFh

        ; The last ports of the map, whose second byte is that of ones
        mov dword [bitmap + BITMAP_BYTES - 4], 0
        MAP_CASE "the last ports", END_OF_MAP, 68h, 7F8h, 7FBh, 7FCh, 7FDh, 7FEh, 7FFh, 800h
        MAP_CASE "limit without the byte of ones", END_OF_MAP - 1, 68h, 7F0h, 7F4h, 7F7h, 7F8h, 7FCh, 7FFh, 800h
        MAP_CASE "limit two bytes shorter", END_OF_MAP - 2, 68h, 7E8h, 7EFh, 7F0h, 7F7h, 7F8h
        mov byte [bitmap + BITMAP_BYTES], 0
        MAP_CASE "limit beyond the map", END_OF_MAP + 1, 68h, 7FFh, 800h, 804h, 807h, 808h, 0FFF0h
        mov byte [bitmap + BITMAP_BYTES], 0FFh
        MAP_CASE "map at the end of the TSS", 68h + 0, 68h, 0, 7, 8
        MAP_CASE "map of a byte and one of ones", 69h, 68h, 0, 1, 7, 8
        MAP_CASE "map beyond the limit", 67h, 68h, 0, 600h
        MAP_CASE "TSS too short for the map's base", 66h, 68h, 0, 600h
        MAP_CASE "base at FFFF", 0FFFFh, 0FFFFh, 0, 600h
        MAP_CASE "base is the limit", END_OF_MAP, END_OF_MAP, 0, 600h
        ; The base may lie anywhere, even on the TSS's own fields.
        MAP_CASE "base 0, the map is the TSS itself", 67h, 0, 40h, 41h, 44h, 60h, 100h, 300h

        ; The highest ports need 2001h bytes.
        mov edi, 200000h
        mov ecx, 2100h / 4
        xor eax, eax
        rep stosd
        mov dword [200000h + 4], STACK0
        mov dword [200000h + 8], DATA
        mov word [200000h + 66h], 68h
        mov byte [200000h + 68h + 2000h], 0FFh
%macro HIGH_CASE 2+
        CASE %1
        mov dword [gdt + TSS_IO], 0000h << 16 | (68h + 2000h)
        mov dword [gdt + TSS_IO + 4], (PRESENT | TSS32) << 8 | 20h
        mov ax, TSS_IO
        ltr ax
        WIDTHS %2
        END_CASE
%endmacro
        HIGH_CASE "ports up to FFFF", 0FFF0h, 0FFFBh, 0FFFCh, 0FFFDh, 0FFFEh
        mov byte [200000h + 68h + 1FFFh], 7Fh
        HIGH_CASE "FFFF free", 0FFF8h, 0FFFCh, 0FFFDh, 0FFFEh

        ; A 16-bit TSS has no map.
        CASE "16-bit TSS"
        mov dword [gdt + TSS_IO16], tss_io16 << 16 & 0FFFF0000h | 1FFh
        mov dword [gdt + TSS_IO16 + 4], (PRESENT | 1) << 8
        mov ax, TSS_IO16
        ltr ax
        WIDTHS 0, 600h
        END_CASE

        ; No TSS but a map: IOPL decides before it, in ring 3 and not in virtual-8086 mode.
        mov eax, END_OF_MAP
        mov ebx, 68h
        call load_tss
        mov byte [bitmap + PORT / 8], 0
  %assign level 0
  %rep 4
        CASE "ring 3, shut, IOPL ", '0' + level
        RING3_IO level
        mov dx, PORT + 8
        in al, dx
        int 80h
        END_CASE
        CASE "ring 3, free, IOPL ", '0' + level
        RING3_IO level
        mov dx, PORT
        in al, dx
        int 80h
        END_CASE
        CASE "v86, shut, IOPL ", '0' + level
        V86_IO level
        mov dx, PORT + 8
        in al, dx
        ud2
        bits 32
        END_CASE
        CASE "v86, free, IOPL ", '0' + level
        V86_IO level
        mov dx, PORT
        in al, dx
        ud2
        bits 32
        END_CASE
    %assign level level + 1
  %endrep

        END_FAULTS
