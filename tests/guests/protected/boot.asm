; Protected mode: descriptor tables of our own, then one mistake after another, each caught by its handler. For every one we
; know which exception it raises, with which error code, and which address it is blamed on.

%define GUEST "protected"
%include "boot32.inc"

        MAIN_PROTECTED protected

        FLAT_GDT
gdt_small:
        DESCRIPTOR 0, 0Fh, PRESENT | DATA_WRITABLE, FLAG_32BIT
gdt_absent:
        DESCRIPTOR 0, 0FFFFFh, DATA_WRITABLE, FLAG_4K | FLAG_32BIT
        TABLE_END gdt

SMALL           equ gdt_small - gdt     ; 16 bytes long
ABSENT          equ gdt_absent - gdt    ; not present
BEYOND          equ 0FF8h               ; behind the end of the table

        align 8
idt:
        EXCEPTION_GATES CODE
        TABLE_END idt

        bits 32
protected:
        call report_init
        lidt [idt_pointer]
        SAY "In protected mode.", 10
        mov esi, mistakes
.next:
        cmp esi, mistakes_end
        jae .end
        call try
        add esi, MISTAKE_BYTES
        jmp .next
.end:
        OK
.forever:
        hlt                             ; interrupts are off: this is the end
        jmp .forever

MISTAKE_CODE    equ 0
MISTAKE_EIP     equ 4
MISTAKE_VECTOR  equ 8
MISTAKE_ERROR   equ 12
MISTAKE_NAME    equ 16
MISTAKE_BYTES   equ 48

; MISTAKE name, code, address blamed, exception, error code.
; A fault is blamed on the instruction itself, a trap on the one after it (SDM volume 3, 6.5).
%macro MISTAKE 5
%%from:
        dd %2, %3, %4, %5
        db %1
        times MISTAKE_BYTES - ($ - %%from) db 0
%endmacro

mistakes:
        MISTAKE "division by zero", divide, divide.bad, 0, 0
        MISTAKE "single step", single_step, single_step.after, 1, 0
        MISTAKE "breakpoint", breakpoint, breakpoint.after, 3, 0
        MISTAKE "overflow", overflow, overflow.after, 4, 0
        MISTAKE "array bounds", bounds, bounds.bad, 5, 0
        MISTAKE "no such instruction", undefined, undefined, 6, 0
        MISTAKE "coprocessor not ours", no_coprocessor, no_coprocessor.bad, 7, 0
        MISTAKE "segment not present", not_present, not_present.bad, 11, ABSENT
        MISTAKE "stack not present", no_stack, no_stack.bad, 12, ABSENT
        MISTAKE "selector out of table", bad_selector, bad_selector.bad, 13, BEYOND
        MISTAKE "no such interrupt", interrupt, interrupt, 13, 50h * 8 + 2
often_unchecked:                        ; QEMU, for one, looks at none of these
        MISTAKE "beyond the limit", limit, limit.bad, 13, 0
        MISTAKE "write to code", write_code, write_code, 13, 0
        MISTAKE "null selector used", null_selector, null_selector.bad, 13, 0
mistakes_end:

divide:
        mov eax, 1
        xor edx, edx
        xor ecx, ecx
.bad:
        div ecx
        ret

single_step:
        pushfd
        or dword [esp], 100h            ; the trap flag
        popfd
        nop                             ; this one instruction, then the exception
.after:
        ret

breakpoint:
        int3
.after:
        ret

overflow:
        mov al, 127
        add al, 1
        into
.after:
        ret

bounds:
        mov eax, 11
.bad:
        bound eax, [pair]
        ret
pair:   dd 1, 10

undefined:
        ud2

no_coprocessor:
        mov eax, cr0
        or al, 8                        ; task switched: the coprocessor holds another's numbers
        mov cr0, eax
.bad:
        fnop
        ret

not_present:
        mov ax, ABSENT
.bad:
        mov ds, ax
        ret

no_stack:
        mov ax, ABSENT
.bad:
        mov ss, ax
        ret

bad_selector:
        mov ax, BEYOND
.bad:
        mov ds, ax
        ret

limit:
        mov ax, SMALL
        mov fs, ax
        mov al, [fs:0Fh]                ; the last byte is still ours
.bad:
        mov ax, [fs:0Fh]                ; half of this is not
        ret

write_code:
        mov [cs:pair], eax
        ret

; It may be loaded; only its use is forbidden.
null_selector:
        xor eax, eax
        mov gs, ax
.bad:
        mov al, [gs:0]
        ret

interrupt:
        int 50h                         ; our table ends at 1Fh
        ret

; Makes the mistake described at ESI and looks at what came of it.
try:
        mov byte [caught], 0
        mov [safe_stack], esp
        push esi
        call [esi + MISTAKE_CODE]
resume:
        ; Here we come from the handler, too, with anything in the registers.
        mov ax, DATA
        mov ds, ax
        mov es, ax
        mov fs, ax
        mov gs, ax
        mov ss, ax
        mov esp, [safe_stack]
        mov esi, [esp - 4]
        clts
        call say_name
        cmp byte [caught], 1
        jne .not_caught
        mov eax, [caught_vector]
        cmp eax, [esi + MISTAKE_VECTOR]
        jne .other
        mov eax, [caught_error]
        cmp eax, [esi + MISTAKE_ERROR]
        jne .other_error
        mov eax, [caught_eip]
        cmp eax, [esi + MISTAKE_EIP]
        jne .other_address
        SAY ": exception "
        mov eax, [caught_vector]
        call say_hex8
        SAY " error "
        mov eax, [caught_error]
        call say_hex16
        SAY 10
        ret
.not_caught:
        cmp esi, often_unchecked
        jb .missed
        SAY ": NOT NOTICED by this processor", 10
        ret
.missed:
        FAIL "no exception"
.other:
        call say_hex32
        FAIL " is another exception"
.other_error:
        call say_hex32
        FAIL " is another error code"
.other_address:
        call say_hex32
        FAIL " is another address"

say_name:
        push esi
        add esi, MISTAKE_NAME
.next:
        lodsb
        test al, al
        jz .done
        call say_char
        jmp .next
.done:
        pop esi
        ret

        EXCEPTION_STUBS

; Notes what happened, and goes on at `resume`. Nothing may be taken for granted here, DS for one.
exception:
        mov ax, DATA
        mov ds, ax
        mov ebp, esp
        mov eax, [ss:ebp + FRAME_VECTOR]
        mov [caught_vector], eax
        mov eax, [ss:ebp + FRAME_ERROR]
        mov [caught_error], eax
        mov eax, [ss:ebp + FRAME_EIP]
        mov [caught_eip], eax
        mov byte [caught], 1
        mov dword [ss:ebp + FRAME_EIP], resume
        and dword [ss:ebp + FRAME_EFLAGS], ~100h        ; no more single steps
        END_EXCEPTION

caught:         db 0
caught_vector:  dd 0
caught_error:   dd 0
caught_eip:     dd 0
safe_stack:     dd 0

        END_OF_IMAGE
