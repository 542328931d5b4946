; User mode: a program that may do nothing but compute and ask.
;
; The lowest two bits of CS are the ring that code runs in: 0 is the kernel, 3 the user. Ring 3 cannot use ports, stop
; interrupts or touch the tables. It gets into the kernel only by a gate that the kernel has put into the IDT: here
; INT 30h, which prints the character in AL. At the end the program tries CLI, and the kernel hears of it.

        bits 16
        org 7C00h

KERNEL_CODE     equ gdt_kernel_code - gdt
KERNEL_DATA     equ gdt_kernel_data - gdt
USER_CODE       equ gdt_user_code - gdt + 3     ; + 3: with the rights of ring 3
USER_DATA       equ gdt_user_data - gdt + 3
TSS             equ gdt_tss - gdt

SCREEN          equ 0B8000h
ROW_BYTES       equ 80 * 2
KERNEL_STACK    equ 7C00h
USER_STACK      equ 6000h
PROTECTION_FAULT equ 13
SERVICE         equ 30h

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
        jmp KERNEL_CODE:kernel

        bits 32
kernel:
        mov ax, KERNEL_DATA
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov esp, KERNEL_STACK
        cld
        mov ax, TSS
        ltr ax                          ; where the processor finds the stack of ring 0 when ring 3 is interrupted
        mov al, 0FFh
        out 21h, al                     ; no interrupts from devices: we have no handlers for them

; There is no instruction "go to ring 3". But an interrupt of ring 3 can be returned from: we put on the stack what
; such an interrupt would have left there.
        push dword USER_DATA            ; SS
        push dword USER_STACK           ; ESP
        push dword 202h                 ; EFLAGS: interrupts on, I/O privilege 0
        push dword USER_CODE            ; CS
        push dword user                 ; EIP
to_user:
        iretd

; The program in ring 3.
user:
        mov ax, USER_DATA
        mov ds, ax
        mov esi, greeting
.next:
        lodsb
        test al, al
        jz overstep
        int SERVICE                     ; please print AL
        jmp .next
overstep:
        cli                             ; only the kernel may stop interrupts
        jmp $                           ; never reached

greeting: db "Ring 3 asks the kernel to print this.", 10, 0

; The kernel's service. The processor has changed to KERNEL_STACK and pushed SS, ESP, EFLAGS, CS and EIP of the user.
on_service:
        push ds
        push ebx
        mov bx, KERNEL_DATA
        mov ds, bx
        call print
        pop ebx
        pop ds
        iretd

        times 510 - ($ - $$) db 0
        dw 0AA55h
second_sector:

; The kernel's handler of protection faults: [esp] error code, [esp + 4] EIP, [esp + 8] CS.
on_fault:
        mov ax, KERNEL_DATA
        mov ds, ax
        test byte [esp + 8], 3          ; the ring of the one who did it
        mov esi, of_kernel
        jz .report
        mov esi, of_user
.report:
        lodsb
        test al, al
        jz done
        call print
        jmp .report
done:
        hlt
        jmp done

; Prints AL at the cursor; 10 is a new line. Keeps all registers.
print:
        pushad
        mov edi, [cursor]
        cmp al, 10
        je .new_line
        mov ah, 07h
        mov [edi], ax
        add edi, 2
        mov [cursor], edi
        popad
        ret
.new_line:
        add dword [row], ROW_BYTES
        mov eax, [row]
        mov [cursor], eax
        popad
        ret

row:       dd SCREEN + 2 * ROW_BYTES
cursor:    dd SCREEN + 2 * ROW_BYTES
of_user:   db "The kernel: that was not allowed in ring 3. The program is stopped.", 0
of_kernel: db "The kernel itself has made a mistake.", 0

        align 8
gdt:
        dq 0
gdt_kernel_code:
        dw 0FFFFh, 0
        db 0, 9Ah, 0CFh, 0              ; ring 0
gdt_kernel_data:
        dw 0FFFFh, 0
        db 0, 92h, 0CFh, 0
gdt_user_code:
        dw 0FFFFh, 0
        db 0, 0FAh, 0CFh, 0             ; the same with ring 3 in bits 5 and 6 of the rights
gdt_user_data:
        dw 0FFFFh, 0
        db 0, 0F2h, 0CFh, 0
gdt_tss:
        dw TSS_BYTES - 1, tss
        db 0, 89h, 0, 0                 ; an available 32-bit task state segment
gdt_end:
gdt_pointer:
        dw gdt_end - gdt - 1
        dd gdt

; Of the task state segment only the stack for ring 0 is used here.
tss:
        dd 0
        dd KERNEL_STACK                 ; ESP0
        dd KERNEL_DATA                  ; SS0
        times 22 dd 0
        dw 0, TSS_BYTES                 ; no map of allowed ports: it would lie behind the end
TSS_BYTES equ $ - tss

        align 8
idt:
        times PROTECTION_FAULT dq 0
        dw on_fault, KERNEL_CODE
        db 0, 8Eh                       ; a gate that only ring 0 may call by INT
        dw 0
        times SERVICE - PROTECTION_FAULT - 1 dq 0
        dw on_service, KERNEL_CODE
        db 0, 0EEh                      ; a gate for ring 3
        dw 0
idt_end:
idt_pointer:
        dw idt_end - idt - 1
        dd idt

        times (512 - ($ - $$) % 512) % 512 db 0
image_end:
