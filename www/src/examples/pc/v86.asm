; Virtual-8086 mode: a real-mode program that runs as a task of protected mode, in ring 3.
;
; It believes that the machine is its own: it has segments as in real mode, and writes to the screen itself. But what
; would change the machine for others (INT, CLI, HLT, ports ...) raises a general protection fault. The monitor, our
; 32-bit code, looks at the instruction, does in its place what it sees fit, and lets the task go on behind it.

        bits 16
        org 7C00h

CODE            equ gdt_code - gdt
DATA            equ gdt_data - gdt
TSS             equ gdt_tss - gdt

SCREEN          equ 0B8000h
ROW_BYTES       equ 80 * 2
MONITOR_STACK   equ 7C00h
TASK_STACK      equ 6000h
PROTECTION_FAULT equ 13
VIRTUAL         equ 20000h              ; bit 17 of EFLAGS: virtual-8086 mode

start:
        xor ax, ax
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov sp, 7C00h
        mov ax, 0200h + (image_end - second_sector) / 512
        mov bx, second_sector           ; the rest of this program is in the next sectors
        mov cx, 0002h
        mov dh, 0
        int 13h
        jc $                            ; the floppy cannot be read: nothing to go on with
        mov ax, 0003h
        int 10h
        cli
        lgdt [gdt_pointer]
        lidt [idt_pointer]
        mov eax, cr0
        or al, 1
        mov cr0, eax
        jmp CODE:monitor

        bits 32
monitor:
        mov ax, DATA
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov esp, MONITOR_STACK
        cld
        mov ax, TSS
        ltr ax

; IRET to a frame with the VM flag set enters virtual-8086 mode, and takes all segment registers from the stack.
        push dword 0                    ; GS
        push dword 0                    ; FS
        push dword 0                    ; DS
        push dword 0                    ; ES
        push dword 0                    ; SS
        push dword TASK_STACK           ; ESP
        push dword VIRTUAL + 2          ; EFLAGS: interrupts off, I/O privilege 0
        push dword 0                    ; CS
        push dword task                 ; EIP
enter_task:
        iretd

; The task: 16-bit code that could as well run on an 8086.
        bits 16
task:
        mov ax, SCREEN >> 4
        mov es, ax
        mov di, 4 * ROW_BYTES
        mov si, direct
        mov ah, 07h
.write:
        lodsb
        test al, al
        jz .ask
        stosw                           ; memory is not watched: nobody notices
        jmp .write
.ask:
        mov si, asked
.next:
        lodsb
        test al, al
        jz .end
        int 20h                         ; a fault: the monitor prints AL
        jmp .next
.end:
        cli                             ; a fault: the monitor makes as if
        int 21h                         ; a fault: the monitor ends the task
        jmp $

direct: db "The task wrote this row itself.", 0
asked:  db "The task asked for this row, character by character.", 0

        times 510 - ($ - $$) db 0
        dw 0AA55h
second_sector:

; The monitor. After PUSHAD and 32 bytes: error code, then EIP, CS, EFLAGS, ESP, SS, ES, DS, FS, GS of the task.
FRAME_EIP       equ 36
FRAME_CS        equ 40
FRAME_EAX       equ 28

        bits 32
on_fault:
        pushad
        mov ax, DATA
        mov ds, ax                      ; they are null after a fault in virtual-8086 mode
        mov es, ax
        inc dword [faults]
        movzx esi, word [esp + FRAME_CS]
        shl esi, 4
        add esi, [esp + FRAME_EIP]      ; the linear address of the instruction: CS * 16 + IP
        mov al, [esi]
decode:
        cmp al, 0CDh                    ; INT
        je .int
        cmp al, 0FAh                    ; CLI
        je .one_byte
        jmp unknown
.int:
        mov al, [esi + 1]               ; its number
        cmp al, 21h
        je task_ends
        cmp al, 20h
        jne unknown
        mov eax, [esp + FRAME_EAX]      ; the task's AL
        call print
        add word [esp + FRAME_EIP], 2
        jmp .back
.one_byte:
        inc word [esp + FRAME_EIP]
.back:
        popad
        add esp, 4
        iretd

task_ends:
        mov esi, ended
        call print_row
        mov eax, [faults]               ; below 100: two decimal digits
        aam                             ; AH = AL / 10, AL = the rest
        add ax, 3030h                   ; '0' to both
        xchg al, ah
        call print
        mov al, ah
        call print
done:
        hlt
        jmp done

unknown:
        mov esi, not_known
        call print_row
        jmp done

; Begins a new row and prints the text at ESI.
print_row:
        mov dword [cursor], SCREEN + 8 * ROW_BYTES
.next:
        lodsb
        test al, al
        jz .done
        call print
        jmp .next
.done:
        ret

; Prints AL at the cursor, in yellow.
print:
        push edi
        mov edi, [cursor]
        mov [edi], al
        mov byte [edi + 1], 0Eh
        add dword [cursor], 2
        pop edi
        ret

faults:    dd 0
cursor:    dd SCREEN + 6 * ROW_BYTES
ended:     db "The task has ended. Faults that the monitor served: ", 0
not_known: db "The monitor does not know this instruction.", 0

        align 8
gdt:
        dq 0
gdt_code:
        dw 0FFFFh, 0
        db 0, 9Ah, 0CFh, 0
gdt_data:
        dw 0FFFFh, 0
        db 0, 92h, 0CFh, 0
gdt_tss:
        dw TSS_BYTES - 1, tss
        db 0, 89h, 0, 0
gdt_end:
gdt_pointer:
        dw gdt_end - gdt - 1
        dd gdt

tss:
        dd 0
        dd MONITOR_STACK                ; ESP0: the processor comes here when the task faults
        dd DATA                         ; SS0
        times 22 dd 0
        dw 0, TSS_BYTES
TSS_BYTES equ $ - tss

        align 8
idt:
        times PROTECTION_FAULT dq 0
        dw on_fault, CODE
        db 0, 8Eh
        dw 0
idt_end:
idt_pointer:
        dw idt_end - idt - 1
        dd idt

        times (512 - ($ - $$) % 512) % 512 db 0
image_end:
