; User mode: a program in ring 3 that may do nothing by itself. It asks the kernel by an interrupt gate (INT 80h), and when
; it oversteps its bounds the CPU stops it with an exception that the kernel handles.

%define GUEST "ring3"
%include "boot32.inc"

        MAIN_PROTECTED kernel

        FLAT_GDT
gdt_user_code:                          ; the program's own 4 KiB, where its address 0 is
        DESCRIPTOR ADDRESS(user_start), USER_BYTES - 1, PRESENT | RING3 | CODE_READABLE, FLAG_32BIT
gdt_user_data:
        DESCRIPTOR ADDRESS(user_start), USER_BYTES - 1, PRESENT | RING3 | DATA_WRITABLE, FLAG_32BIT
gdt_tss:
        DESCRIPTOR ADDRESS(tss), TSS_BYTES - 1, PRESENT | TSS32, 0
        TABLE_END gdt

USER_CODE       equ gdt_user_code - gdt | 3     ; the two low bits: the privilege that is asked for
USER_DATA       equ gdt_user_data - gdt | 3
TSS             equ gdt_tss - gdt
USER_BYTES      equ 1000h

        KERNEL_TSS KERNEL_STACK
KERNEL_STACK    equ 7C00h

        align 8
idt:
        EXCEPTION_GATES CODE
        times 80h - 20h dq 0
        GATE CODE, system_call, PRESENT | RING3 | INTERRUPT_GATE        ; the one gate that ring 3 may use
        TABLE_END idt

        bits 32
kernel:
        call report_init
        lidt [idt_pointer]
        mov ax, TSS
        ltr ax
        SAY "The kernel starts a program.", 10
        mov ax, USER_DATA
        mov ds, ax
        mov es, ax
        mov fs, ax
        mov gs, ax
        ; There is no jump to a lower privilege, only a return: so return to where nobody has come from.
        push dword USER_DATA
        push dword USER_BYTES           ; its stack, at the top of its memory
        pushfd
        push dword USER_CODE
        push dword 0                    ; its first instruction
        iretd

; System calls: EAX = number, EBX and ECX = operands, result in EAX.
SYS_WRITE       equ 1                   ; text at EBX, ECX bytes; gives ECX, or -1 if that is not the program's memory
SYS_ADD         equ 2                   ; EBX + ECX
SYS_ON_FAULT    equ 3                   ; when the program is stopped, go on at EBX
SYS_EXIT        equ 4                   ; EBX: 0 if all was well, else the number of the step that was not

system_call:
        push ds
        push es
        push edx
        mov dx, DATA
        mov ds, dx
        mov es, dx
        inc dword [calls]
        mov edx, [esp + 16]             ; the CS that we came from, behind EDX, ES, DS and EIP
        and edx, 3
        cmp edx, 3
        jne .wrong_ring
        cmp eax, SYS_WRITE
        je .write
        cmp eax, SYS_ADD
        je .add
        cmp eax, SYS_ON_FAULT
        je .on_fault
        cmp eax, SYS_EXIT
        je exit
        mov eax, -1
.return:
        pop edx
        pop es
        pop ds
        iretd
.write:
        ; Never trust a pointer from below: neither it nor its end may be outside, nor may the sum wrap round.
        mov eax, -1
        cmp ebx, USER_BYTES
        ja .return
        mov edx, USER_BYTES
        sub edx, ebx
        cmp ecx, edx
        ja .return
        pushad
        jecxz .written
.next:
        mov al, [user_start + ebx]
        call say_char
        inc ebx
        loop .next
.written:
        popad
        mov eax, ecx
        jmp .return
.add:
        lea eax, [ebx + ecx]
        jmp .return
.on_fault:
        mov [on_fault], ebx
        xor eax, eax
        jmp .return
.wrong_ring:
        FAIL "a system call came from another ring"

exit:
        test ebx, ebx
        jnz .failed
        cmp dword [faults], (expected_end - expected) / 4
        jne .faults
        SAY "The program has ended. System calls: "
        mov eax, [calls]
        call say_decimal
        SAY ", faults: "
        mov eax, [faults]
        call say_decimal
        SAY 10
        OK
.forever:
        hlt
        jmp .forever
.failed:
        mov eax, ebx
        call say_decimal
        FAIL " is the step that went wrong"
.faults:
        mov eax, [faults]
        call say_decimal
        FAIL " faults: too few"

        EXCEPTION_STUBS

; All that the program does wrong is a general protection fault here, with an error code that we know in advance.
exception:
        mov ax, DATA
        mov ds, ax
        mov es, ax
        mov ebp, esp
        test byte [ebp + FRAME_CS], 3
        jz .in_kernel
        SAY "stopped at "
        mov eax, [ebp + FRAME_EIP]
        call say_hex16
        SAY ": exception "
        mov eax, [ebp + FRAME_VECTOR]
        call say_hex8
        SAY " error "
        mov eax, [ebp + FRAME_ERROR]
        call say_hex16
        SAY 10
        cmp dword [ebp + FRAME_VECTOR], 13
        jne .unexpected
        mov ecx, [faults]
        cmp ecx, (expected_end - expected) / 4
        jae .unexpected
        cmp eax, [expected + ecx * 4]
        jne .unexpected
        cmp dword [ebp + FRAME_SS], USER_DATA
        jne .unexpected
        inc dword [faults]
        mov eax, [on_fault]
        mov [ebp + FRAME_EIP], eax
        mov ax, USER_DATA
        mov ds, ax
        mov es, ax
        END_EXCEPTION
.in_kernel:
        mov eax, [ebp + FRAME_VECTOR]
        call say_hex8
        FAIL " is an exception in the kernel itself"
.unexpected:
        FAIL "another exception than expected"

; Error codes of the program's mistakes, in their order.
expected:
        dd 0                            ; CLI
        dd 0                            ; HLT
        dd 0                            ; IN
        dd 0                            ; MOV EAX, CR0
        dd 0                            ; LGDT
        dd DATA                         ; the kernel's data selector
        dd CODE                         ; a call of the kernel's code
        dd 13 * 8 + 2                   ; INT 13: a gate for ring 0
expected_end:

calls:          dd 0
faults:         dd 0
on_fault:       dd 0

; From here on it is the program's: its segments begin at user_start, so that is its address 0.
        align 16
user_start:
%define USER(label) (label - user_start)

; CALL_KERNEL number, EBX, ECX
%macro CALL_KERNEL 3
        mov eax, %1
        mov ebx, %2
        mov ecx, %3
        int 80h
%endmacro

; STEP number: if what was compared is not equal, exit with it.
%macro STEP 1
        je %%good
        CALL_KERNEL SYS_EXIT, %1, 0
%%good:
%endmacro

; FORBIDDEN number, instruction: to come to its end is the mistake.
%macro FORBIDDEN 2+
        CALL_KERNEL SYS_ON_FAULT, USER(%%after), 0
        %2
        CALL_KERNEL SYS_EXIT, %1, 0
%%after:
%endmacro

        CALL_KERNEL SYS_WRITE, USER(hello), hello_end - hello
        cmp eax, hello_end - hello
        STEP 1
        mov eax, cs
        and eax, 3
        cmp eax, 3
        STEP 2
        CALL_KERNEL SYS_ADD, 40, 2
        cmp eax, 42
        STEP 3
        CALL_KERNEL SYS_WRITE, USER_BYTES - 16, 17      ; one byte too many
        cmp eax, -1
        STEP 4
        CALL_KERNEL SYS_WRITE, 16, 0FFFFFFF8h           ; 16 + this is 8
        cmp eax, -1
        STEP 5
        CALL_KERNEL 99, 0, 0                            ; no such call
        cmp eax, -1
        STEP 6
        FORBIDDEN 11, cli
        FORBIDDEN 12, hlt
        FORBIDDEN 13, in al, 60h
        FORBIDDEN 14, mov eax, cr0
        FORBIDDEN 15, lgdt [0]
        mov dx, DATA
        FORBIDDEN 16, mov ds, dx
        FORBIDDEN 17, call CODE:0
        FORBIDDEN 18, int 13
        ; POPFD is not stopped: it just does not change what it may not.
        pushfd
        pop edx
        push edx
        xor dword [esp], 200h                           ; the interrupt flag
        popfd
        pushfd
        pop eax
        xor eax, edx
        test eax, 200h
        STEP 20
        CALL_KERNEL SYS_EXIT, 0, 0

hello:          db "Hello from ring 3.", 10
hello_end:

        END_OF_IMAGE
