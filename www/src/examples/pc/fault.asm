; Exceptions: what the processor does when an instruction asks for something impossible.
;
; It pushes EFLAGS, CS, the address of that instruction, and for some exceptions an error code; then it jumps to the
; handler that the interrupt descriptor table (IDT) names. Number 13 is the general protection fault. We make two on
; purpose. Our handler reports each, and sends the program on to an address that it has left in a variable.

        bits 16
        org 7C00h

CODE            equ gdt_code - gdt
DATA            equ gdt_data - gdt
SCREEN          equ gdt_screen - gdt
NO_SUCH_SELECTOR equ 88h                ; beyond the end of our table

ROW_BYTES       equ 80 * 2
SCREEN_BYTES    equ 25 * ROW_BYTES
FAULT           equ 13                  ; the vector of the general protection fault

start:
        xor ax, ax
        mov ds, ax
        mov ss, ax
        mov sp, 7C00h
        mov ax, 0003h
        int 10h                         ; clear the screen
        cli
        lgdt [gdt_pointer]
        lidt [idt_pointer]
        mov eax, cr0
        or al, 1
        mov cr0, eax
        jmp CODE:protected

        bits 32
protected:
        mov ax, DATA
        mov ds, ax
        mov ss, ax
        mov esp, 7C00h
        mov ax, SCREEN
        mov es, ax
        cld

        mov dword [go_on_at], second
        mov ax, NO_SUCH_SELECTOR
first_fault:
        mov fs, ax                      ; the error code is the selector
second:
        mov dword [go_on_at], survived
second_fault:
        mov byte [es:SCREEN_BYTES], 0   ; one byte behind the limit of ES: the error code is 0
survived:
        mov esi, alive
        call write
done:
        hlt
        jmp done

; The handler. On the stack: [esp] error code, [esp + 4] EIP, [esp + 8] CS, [esp + 12] EFLAGS.
on_fault:
        mov esi, fault_at
        call write
        mov eax, [esp + 4]
        call write_hex
        mov esi, with_code
        call write
        mov eax, [esp]
        call write_hex
        add dword [row], ROW_BYTES
        mov eax, [row]
        mov [cursor], eax
        add esp, 4                      ; IRET expects no error code: take it away
        mov eax, [go_on_at]
        mov [esp], eax                  ; return to there, not to the instruction that failed
        iretd

; Writes the text at ESI where the cursor is.
write:
        mov edi, [cursor]
        mov ah, 07h
.next:
        lodsb
        test al, al
        jz .done
        stosw
        jmp .next
.done:
        mov [cursor], edi
        ret

; Writes EAX with eight hexadecimal digits.
write_hex:
        mov edi, [cursor]
        mov ecx, 8
        mov edx, eax
.next:
        rol edx, 4                      ; the next digit comes round to the lowest four bits
        mov al, dl
        and al, 0Fh
        cmp al, 10
        jb .decimal
        add al, 'A' - 10 - '0'
.decimal:
        add al, '0'
        mov ah, 0Eh                     ; yellow
        stosw
        loop .next
        mov [cursor], edi
        ret

go_on_at:  dd 0
row:       dd 2 * ROW_BYTES
cursor:    dd 2 * ROW_BYTES
fault_at:  db "General protection fault at ", 0
with_code: db ", error code ", 0
alive:     db "And the program goes on.", 0

        align 8
gdt:
        dq 0
gdt_code:
        dw 0FFFFh, 0
        db 0, 9Ah, 0CFh, 0              ; code, 4 GiB
gdt_data:
        dw 0FFFFh, 0
        db 0, 92h, 0CFh, 0              ; data, 4 GiB
gdt_screen:
        dw SCREEN_BYTES - 1, 8000h
        db 0Bh, 92h, 40h, 0             ; data, from 0B8000h, as long as the screen
gdt_end:
gdt_pointer:
        dw gdt_end - gdt - 1
        dd gdt

; A gate is eight bytes, and in pieces like a descriptor: where the handler is, and in which code segment.
idt:
        times FAULT dq 0                ; exceptions 0 to 12: no handler
        dw on_fault                     ; the offset, bits 0 to 15
        dw CODE
        db 0, 8Eh                       ; present, ring 0, 32-bit interrupt gate
        dw 0                            ; the offset, bits 16 to 31
idt_end:
idt_pointer:
        dw idt_end - idt - 1
        dd idt

        times 510 - ($ - $$) db 0
        dw 0AA55h
