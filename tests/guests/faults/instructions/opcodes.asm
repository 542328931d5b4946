; Which opcodes there are: all of the one-byte map and of the two-byte map, the latter without and with prefixes 66, F3 and F2,
; each with the values 00-3F and C0-FF of the byte behind it, which is ModRM where there is one. Those that are not there, and forms that are
; not (a register where memory is needed, holes in groups), are #UD (SDM volume 2, appendix A; a Pentium III with SSE2).
;
; Every instruction is executed in ring 3 with TF set, without usable segments but CS and with a stack of a byte, so that it
; traps behind itself, or faults at what it needs; what counts is only whether it is #UD. First, a digit for four opcodes:
; which of them are #UD whatever the second byte is. Then a line for each opcode where the second byte decides: its 128
; bits; these opcodes are listed here. The first bit of a digit is its lowest.

%define GUEST "opcodes"
%include "faults.inc"

ATTEMPT         equ 3000h               ; the instruction
CODE_ATTEMPT    equ SPARE           ; code that begins there
STACK_ATTEMPT   equ SPARE + 8       ; a byte of stack

        jmp start_of_cases

; Vectors of the exceptions that are looked for, in a row: UD for one, all others alike.
        align 8
opcode_idt:
  %assign vector 0
  %rep 32
    %if vector = 6
        GATE CODE, was_undefined, PRESENT | INTERRUPT_GATE
    %else
        GATE CODE, was_other, PRESENT | INTERRUPT_GATE
    %endif
    %assign vector vector + 1
  %endrep
        TABLE_END opcode_idt

head:           db 0, 0, 0, 0           ; bytes before the one that varies
head_bytes:     dd 0
last:           dd 0                    ; the byte that varies
undefined:      times 32 db 0           ; bits of one opcode
all_undefined:  times 32 db 0           ; bits of opcodes
none_undefined: times 32 db 0
bitmaps:        times 256 * 16 db 0     ; of all opcodes of a map

was_undefined:
        mov ax, DATA
        mov ds, ax
        mov eax, [last]
        bts [undefined], eax
        jmp attempt_done
was_other:
        mov ax, DATA
        mov ds, ax
attempt_done:
        inc dword [last]
        cmp dword [last], 40h
        je .registers
        cmp dword [last], 100h
        je attempts_over
        jmp next_attempt
.registers:
        mov dword [last], 0C0h          ; displacements make no difference
; Puts the instruction together, and goes there.
next_attempt:
        mov ebx, [head_bytes]
        mov eax, [head]
        mov [ATTEMPT], eax
        mov eax, [last]                 ; behind it zeros
        mov [ATTEMPT + ebx], eax
        mov esp, STACK0
        push dword STACK_ATTEMPT | 3
        push dword 0                    ; ESP: a push would not be within the limit, a pop neither
        push dword 102h                 ; TF
        push dword CODE_ATTEMPT | 3
        push dword 0
        xor eax, eax
        xor ecx, ecx
        xor edx, edx
        xor ebx, ebx
        xor ebp, ebp
        xor esi, esi
        xor edi, edi
        mov ds, cx
        mov es, cx
        mov fs, cx
        mov gs, cx
        iretd

; One opcode with all second bytes: `undefined`.
one_opcode:
        mov [.esp], esp
        mov dword [last], 0
        mov edi, undefined
        xor eax, eax
        mov es, ax
        mov ax, DATA
        mov es, ax
        mov ecx, 8
        xor eax, eax
        rep stosd
        lidt [opcode_idt_pointer]
        jmp next_attempt
attempts_over:
        mov ax, DATA
        mov es, ax
        mov fs, ax
        mov gs, ax
        mov ss, ax
        mov esp, [one_opcode.esp]
        lidt [idt_pointer]
        cld
        push dword 2
        popfd
        mov eax, cr0
        and al, ~8
        mov cr0, eax
        fninit
        ret
.end:
one_opcode.esp: dd 0

; All opcodes of a map: those behind the bytes of `head`.
one_map:
        xor ebx, ebx
.opcode:
        mov eax, [head_bytes]
        mov [head + eax], bl
        inc dword [head_bytes]
        push ebx
        call one_opcode
        pop ebx
        dec dword [head_bytes]
        mov edi, ebx
        shl edi, 4
        add edi, bitmaps
        mov esi, undefined
        mov ecx, 4
        mov edx, -1
        xor ebp, ebp
.copy:
        cmp ecx, 2
        jne .piece
        mov esi, undefined + 18h
.piece:
        lodsd
        stosd
        and edx, eax
        or ebp, eax
        loop .copy
        btr [all_undefined], ebx
        btr [none_undefined], ebx
        inc edx
        jnz .not_all
        bts [all_undefined], ebx
.not_all:
        test ebp, ebp
        jnz .some
        bts [none_undefined], ebx
.some:
        inc ebx
        cmp ebx, 256
        jb .opcode
        ret

; ECX bytes of bits at ESI.
say_bits:
        lodsb
        call say_digit
        shr al, 4
        call say_digit
        loop say_bits
        ret

%macro MAP 2-*                          ; name, list, bytes before the opcode
  %define list %2
        CASE %1
        mov dword [head], 0
        mov dword [head_bytes], %%end - %%bytes
        mov esi, %%bytes
        mov edi, head
        mov ecx, 4
        rep movsb
        call one_map
        mov esi, all_undefined
        mov ecx, 32
        call say_bits
        SAY " "
        jmp dword CODE:case_none
%%bytes:
  %rep %0 - 2
        db %3
    %rotate 1
  %endrep
%%end:
        dd 0
        END_CASE
        mov esi, list
        call say_each
%endmacro

; The opcodes of a list, and how many others are neither always nor never #UD. ESI: the list, with 0 behind it but for the
; first.
say_each:
.listed:
        movzx ebx, byte [esi]
        bts [none_undefined], ebx       ; not among the others
        btr [all_undefined], ebx
        SAY 10, "opcode "
        mov al, bl
        call say_hex8
        SAY ": "
        push esi
        mov esi, ebx
        shl esi, 4
        add esi, bitmaps
        mov ecx, 16
        call say_bits
        pop esi
        inc esi
        cmp byte [esi], 0
        jne .listed
        xor ebx, ebx
        xor eax, eax
.other:
        bt [all_undefined], ebx
        jc .next
        bt [none_undefined], ebx
        jc .next
        inc eax
.next:
        inc ebx
        cmp ebx, 256
        jb .other
        SAY 10, "other opcodes of which some are: "
        jmp say_hex8

one_byte_list:
        db 0Fh, 62h, 8Ch, 8Dh, 8Eh, 8Fh, 0C4h, 0C5h, 0C6h, 0C7h, 0D9h, 0DAh, 0DBh, 0DDh, 0DEh, 0DFh, 0F0h, 0F6h, 0F7h
        db 0FEh, 0FFh, 0
two_byte_list:
        db 00h, 01h, 0Dh, 12h, 13h, 16h, 17h, 18h, 20h, 21h, 22h, 23h, 2Bh, 50h, 71h, 72h, 73h, 0AEh, 0B2h, 0B4h, 0B5h, 0BAh
        db 0C3h, 0C5h, 0C7h, 0D6h, 0D7h, 0E7h, 0F7h, 0

start_of_cases:
        mov eax, 31h
        mov cr0, eax
        mov eax, 600h                   ; OSFXSR, OSXMMEXCPT
        mov cr4, eax
        fninit
        SET_DESCRIPTOR CODE_ATTEMPT, ATTEMPT, 0FFFh, PRESENT | RING3 | CODE_READABLE, FLAG_32BIT
        SET_DESCRIPTOR STACK_ATTEMPT, 0, 0, PRESENT | RING3 | DATA_WRITABLE, FLAG_32BIT
        mov ecx, 174h                   ; no SYSENTER
        xor eax, eax
        xor edx, edx
        wrmsr

        MAP "one byte", one_byte_list
        MAP "0F", two_byte_list, 0Fh
        MAP "66 0F", two_byte_list, 66h, 0Fh
        MAP "F3 0F", two_byte_list, 0F3h, 0Fh
        MAP "F2 0F", two_byte_list, 0F2h, 0Fh

        END_FAULTS
