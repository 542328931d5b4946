; Virtual-8086 mode: a real-mode program runs as a task of protected mode, in ring 3. What touches the machine (INT, IN, OUT,
; CLI, STI, PUSHF, POPF, IRET, HLT) raises a general protection fault, and the monitor does it, or makes as if
; (Intel SDM volume 3, 20.2 and 20.3).

%define GUEST "v86"
%include "boot32.inc"

        MAIN_PROTECTED monitor

        FLAT_GDT
gdt_tss:
        DESCRIPTOR ADDRESS(tss), TSS_BYTES - 1, PRESENT | TSS32, 0
        TABLE_END gdt

TSS             equ gdt_tss - gdt

        KERNEL_TSS MONITOR_STACK        ; no I/O bitmap: every IN and OUT of the task comes to us
MONITOR_STACK   equ 7C00h
TASK_STACK      equ 7000h               ; SS:SP of the task is 0000:7000

IRQ_VECTOR      equ 20h                 ; where we move the interrupts of the first 8259 to

        align 8
idt:
        EXCEPTION_GATES CODE
        GATE CODE, on_tick, PRESENT | INTERRUPT_GATE
        TABLE_END idt

; Behind the frame of an exception lie the task's segment registers, which the CPU saved and made null.
FRAME_ES        equ 60
FRAME_DS        equ 64
FLAG_TRAP       equ 000100h
FLAG_INTERRUPT  equ 000200h
FLAG_IOPL       equ 003000h
FLAG_VIRTUAL    equ 020000h             ; EFLAGS.VM
; What POPF and IRET of the task may change: neither VM, nor IOPL, nor the real interrupt flag.
FLAGS_OF_TASK   equ 000DD5h | 004000h

        bits 32
monitor:
        call report_init
        mov dword [text_at], 10 * TEXT_COLUMNS  ; the task has the rows above
        lidt [idt_pointer]
        mov ax, TSS
        ltr ax
        call init_pic
        SAY "The monitor starts a real-mode program.", 10
        push dword 0                    ; GS
        push dword 0                    ; FS
        push dword 0                    ; DS
        push dword 0                    ; ES
        push dword 0                    ; SS
        push dword TASK_STACK
        push dword FLAG_VIRTUAL | FLAG_INTERRUPT | 2    ; IOPL is 0: that is what makes the task trap
        push dword 0                    ; CS
        push dword task
        iretd

; IRQ 0 to 7 become interrupts 20h to 27h, away from the exceptions; only the timer is let through.
init_pic:
        mov al, 11h                     ; ICW1: edge triggered, cascaded, ICW4 follows
        out 20h, al
        mov al, IRQ_VECTOR              ; ICW2
        out 21h, al
        mov al, 04h                     ; ICW3: the second 8259 is at IRQ 2
        out 21h, al
        mov al, 01h                     ; ICW4: 8086 mode
        out 21h, al
        mov al, ~01h
        out 21h, al
        ret

        EXCEPTION_STUBS

exception:
        mov ax, DATA
        mov ds, ax
        mov es, ax
        mov ebp, esp
        test dword [ebp + FRAME_EFLAGS], FLAG_VIRTUAL
        jz .in_monitor
        cmp dword [ebp + FRAME_VECTOR], 13
        jne .unexpected
        call emulate
leave_monitor:
        call deliver
        END_EXCEPTION
exception.unexpected:
        mov eax, [ebp + FRAME_VECTOR]
        call say_hex8
        FAIL " is an exception that the task should not raise"
exception.in_monitor:
        mov eax, [ebp + FRAME_VECTOR]
        call say_hex8
        FAIL " is an exception in the monitor itself"

; The timer's interrupt is noted; the task gets it when it comes back with its own interrupt flag set. It is the task
; that tells the 8259 when it has served it, by an OUT that we carry out.
on_tick:
        push dword 0
        push dword IRQ_VECTOR
        pushad
        mov ax, DATA
        mov ds, ax
        mov es, ax
        mov ebp, esp
        mov byte [tick_pending], 1
        test dword [ebp + FRAME_EFLAGS], FLAG_VIRTUAL
        jnz leave_monitor
        END_EXCEPTION                   ; we were waiting in the emulation of HLT

deliver:
        cmp byte [tick_pending], 0
        je .done
        cmp byte [task_interrupts], 0
        je .done
        mov byte [tick_pending], 0
        mov eax, 8                      ; to the task it is INT 8, as the BIOS has it
        call reflect
.done:
        ret

; EDI = the linear address of the task's next instruction byte. Fetching moves the task's IP on (with 16 bits).
%macro FETCH 1
        movzx edi, word [ebp + FRAME_CS]
        shl edi, 4
        movzx %1, word [ebp + FRAME_EIP]
        add edi, %1
        inc word [ebp + FRAME_EIP]
        movzx %1, byte [edi]
%endmacro

; Carries out the instruction that trapped. BL = 1 if it had an operand-size prefix (66h).
emulate:
        xor ebx, ebx
.opcode:
        FETCH eax
        cmp al, 66h
        je .prefix
        mov esi, handlers
.search:
        cmp byte [esi], 0
        je .unknown
        cmp al, [esi]
        je .found
        add esi, 5
        jmp .search
.found:
        jmp [esi + 1]
.prefix:
        mov bl, 1
        jmp .opcode
.unknown:
        call say_hex8
        FAIL " is an instruction that the monitor does not know"

; Opcode, and who does it.
handlers:
        db 0FAh
        dd do_cli
        db 0FBh
        dd do_sti
        db 9Ch
        dd do_pushf
        db 9Dh
        dd do_popf
        db 0CDh
        dd do_int
        db 0CFh
        dd do_iret
        db 0F4h
        dd do_hlt
        db 0E4h
        dd do_in_byte_immediate
        db 0E5h
        dd do_in_word_immediate
        db 0E6h
        dd do_out_byte_immediate
        db 0E7h
        dd do_out_word_immediate
        db 0ECh
        dd do_in_byte
        db 0EDh
        dd do_in_word
        db 0EEh
        dd do_out_byte
        db 0EFh
        dd do_out_word
        db 0

do_cli:
        inc dword [count_flags]
        mov byte [task_interrupts], 0
        ret

do_sti:
        inc dword [count_flags]
        mov byte [task_interrupts], 1
        ret

; EAX = the task's flags as it should see them: with its own interrupt flag, and IOPL 3, as on a machine of its own.
task_flags:
        mov eax, [ebp + FRAME_EFLAGS]
        and eax, ~(FLAG_INTERRUPT | FLAG_VIRTUAL)
        or eax, FLAG_IOPL
        cmp byte [task_interrupts], 0
        je .done
        or eax, FLAG_INTERRUPT
.done:
        ret

set_task_flags:
        test eax, FLAG_INTERRUPT
        setnz [task_interrupts]
        and eax, FLAGS_OF_TASK
        and dword [ebp + FRAME_EFLAGS], ~FLAGS_OF_TASK
        or [ebp + FRAME_EFLAGS], eax
        ret

do_pushf:
        inc dword [count_flags]
        call task_flags
        jmp task_push_operand

do_popf:
        inc dword [count_flags]
        call task_pop_operand
        jmp set_task_flags

do_iret:
        call task_pop_operand
        mov [ebp + FRAME_EIP], ax
        call task_pop_operand
        mov [ebp + FRAME_CS], ax
        call task_pop_operand
        jmp set_task_flags

; EDI = the linear address of the top of the task's stack.
%macro TASK_STACK_TOP 0
        movzx edi, word [ebp + FRAME_SS]
        shl edi, 4
        movzx edx, word [ebp + FRAME_ESP]
        add edi, edx
%endmacro

; Pushes AX, or EAX behind a prefix.
task_push_operand:
        test bl, bl
        jz task_push
        sub word [ebp + FRAME_ESP], 4
        TASK_STACK_TOP
        mov [edi], eax
        ret

task_push:
        sub word [ebp + FRAME_ESP], 2
        TASK_STACK_TOP
        mov [edi], ax
        ret

task_pop_operand:
        TASK_STACK_TOP
        test bl, bl
        jz .word
        mov eax, [edi]
        add word [ebp + FRAME_ESP], 4
        ret
.word:
        movzx eax, word [edi]
        add word [ebp + FRAME_ESP], 2
        ret

; INT 20h ends the task and INT 21h with AH = 9 prints, as in DOS; all others go to the handlers of the task's own vector
; table, the BIOS among them.
do_int:
        inc dword [count_int]
        FETCH eax
        cmp al, 20h
        je task_ended
        cmp al, 21h
        jne reflect
        cmp byte [ebp + FRAME_EAX + 1], 9
        jne .unknown
        movzx esi, word [ebp + FRAME_DS]
        shl esi, 4
        movzx eax, word [ebp + FRAME_EDX]
        add esi, eax
.next:
        lodsb
        cmp al, '$'
        je .done
        call say_char
        jmp .next
.done:
        ret
.unknown:
        FAIL "INT 21h asks for something unknown"

; Interrupt EAX in the task: what the 8086 would do itself.
reflect:
        push eax
        call task_flags
        call task_push
        mov eax, [ebp + FRAME_CS]
        call task_push
        mov eax, [ebp + FRAME_EIP]
        call task_push
        pop eax
        mov byte [task_interrupts], 0
        and dword [ebp + FRAME_EFLAGS], ~FLAG_TRAP
        mov dx, [eax * 4]
        mov [ebp + FRAME_EIP], dx
        mov dx, [eax * 4 + 2]
        mov [ebp + FRAME_CS], dx
        ret

; The task sleeps until an interrupt comes: so we do.
do_hlt:
        inc dword [count_hlt]
        cmp byte [task_interrupts], 0
        jne .wait
        FAIL "the task would sleep for ever"
.wait:
        cmp byte [tick_pending], 0
        jne .done
        sti
        hlt
        cli
        jmp .wait
.done:
        ret

; Ports: they are the real ones here; a monitor for several tasks would show each its own.
do_in_byte_immediate:
        FETCH edx
        jmp in_byte
do_in_byte:
        mov edx, [ebp + FRAME_EDX]
in_byte:
        inc dword [count_io]
        in al, dx
        mov [ebp + FRAME_EAX], al
        ret

do_in_word_immediate:
        FETCH edx
        jmp in_word
do_in_word:
        mov edx, [ebp + FRAME_EDX]
in_word:
        inc dword [count_io]
        test bl, bl
        jnz .double
        in ax, dx
        mov [ebp + FRAME_EAX], ax
        ret
.double:
        in eax, dx
        mov [ebp + FRAME_EAX], eax
        ret

do_out_byte_immediate:
        FETCH edx
        jmp out_byte
do_out_byte:
        mov edx, [ebp + FRAME_EDX]
out_byte:
        inc dword [count_io]
        mov eax, [ebp + FRAME_EAX]
        out dx, al
        ret

do_out_word_immediate:
        FETCH edx
        jmp out_word
do_out_word:
        mov edx, [ebp + FRAME_EDX]
out_word:
        inc dword [count_io]
        mov eax, [ebp + FRAME_EAX]
        test bl, bl
        jnz .double
        out dx, ax
        ret
.double:
        out dx, eax
        ret

task_ended:
        cmp byte [task_result], 0
        jne .failed
        cmp dword [count_io], 0
        je .failed
        SAY "The task has ended; traps: flags "
        mov eax, [count_flags]
        call say_decimal
        SAY ", INT "
        mov eax, [count_int]
        call say_decimal
        SAY ", HLT "
        mov eax, [count_hlt]
        call say_decimal
        SAY ", and its ports", 10
        OK
.forever:
        hlt
        jmp .forever
.failed:
        mov al, [task_result]
        call say_hex8
        FAIL " is the task's step that went wrong"

tick_pending:   db 0
task_interrupts: db 1
count_flags:    dd 0
count_int:      dd 0
count_hlt:      dd 0
count_io:       dd 0

%include "v86/task.inc"
        END_OF_IMAGE
