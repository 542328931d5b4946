; Does one after the other what a stop can be set on. Each label stands where the machine must stand when the stop on what
; was done before it is met: behind the instruction for data, ports, control registers and modes, at the handler for
; interrupts and exceptions.

        bits 16
        org 7C00h

CODE            equ gdt_code - gdt
DATA            equ gdt_data - gdt
USER_CODE       equ gdt_user_code - gdt + 3
USER_DATA       equ gdt_user_data - gdt + 3
TASK            equ gdt_tss - gdt
BEYOND          equ 78h                 ; a selector behind the table's end

WORD_AT         equ 600h
BLOCK_AT        equ 1FF8h               ; a block that crosses a page
DIRECTORY       equ 10000h
TABLE           equ 11000h
ABSENT          equ 9000h               ; the page that is not present
SERVICE         equ 30h
VIRTUAL         equ 20000h              ; EFLAGS.VM

start:
        xor ax, ax
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov sp, 7C00h
        cld
        mov ax, 0200h + (image_end - second_sector) / 512
        mov bx, second_sector
        mov cx, 0002h
        mov dh, 0
        int 13h
        jc $
        jmp first
        times 510 - ($ - $$) db 0
        dw 0AA55h

second_sector:
first:
        mov word [WORD_AT], 1234h
wrote:
        mov ax, [WORD_AT]
has_read:
        mov word [WORD_AT], 1234h
wrote_same:
        mov byte [WORD_AT + 1], 99h
changed:
        mov di, BLOCK_AT
        mov al, 5Ah
        mov cx, 16
fill:
        stosb
stored:
        loop fill
        mov al, 77h
        out 80h, al
has_out:
        in al, 61h
has_in:
        mov word [21h * 4], dos
        mov word [21h * 4 + 2], 0
        mov ah, 9
        int 21h
back:
        call outer
        mov ax, 0003h
        int 10h
        mov ax, 0B800h
        mov es, ax
        mov si, message
        mov di, 80 * 2 * 3
        mov ah, 07h
.show:
        lodsb
        stosw
        test al, al
        jnz .show
waiting:                                ; three virtual milliseconds: the screen is looked at once in each
        mov ecx, 150000
.wait:
        dec ecx
        jnz .wait
waited:
        mov si, message
send:
        mov dx, 3FDh
.full:
        in al, dx
        test al, 20h                    ; the transmitter takes the next byte
        jz .full
        mov dx, 3F8h
        lodsb
        out dx, al
sent:
        test al, al
        jnz send
counting:
        times 50 nop
counted:
        cli
        lgdt [gdt_pointer]
        lidt [idt_pointer]
        mov eax, cr0
        or al, 1
        mov cr0, eax
protected_mode:
        jmp CODE:protected

dos:
        iret

outer:
        nop
        call inner
after_inner:
        nop
        ret

inner:
        nop
        nop
inner_ret:
        ret

        bits 32
protected:
        mov ax, DATA
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov esp, 7C00h
        mov ax, TASK
        ltr ax
        mov edi, DIRECTORY
        mov ecx, 1024
        xor eax, eax
        rep stosd
        mov dword [DIRECTORY], TABLE + 7
        mov edi, TABLE
        mov eax, 7
.page:
        stosd
        add eax, 1000h
        cmp edi, TABLE + 1000h
        jb .page
        mov dword [TABLE + ABSENT / 1000h * 4], 0
        mov eax, DIRECTORY
        mov cr3, eax
has_cr3:
        mov eax, cr0
        or eax, 80000000h
        mov cr0, eax
paging:
        mov eax, [ABSENT + 4]
        mov byte [ABSENT + 8], al
        mov dword [TABLE + ABSENT / 1000h * 4], ABSENT + 7
        mov ax, BEYOND
        mov fs, ax
        push dword USER_DATA
        push dword 5000h
        push dword 2
        push dword USER_CODE
        push dword user
        iretd

user:
        mov eax, 7
        int SERVICE
after_service:
        cli

; The user's CLI leads here: on into virtual-8086 mode.
to_virtual:
        push dword 0
        push dword 0
        push dword 0
        push dword 0
        push dword 0
        push dword 5000h
        push dword VIRTUAL + 2
        push dword 0
        push dword virtual
        iretd

        bits 16
virtual:
        mov cx, 5
        jmp $

        bits 32
on_service:
        iretd

; Both accesses that fault have five bytes.
on_page_fault:
        add esp, 4
        add dword [esp], 5
        iretd

on_protection:
        cmp dword [esp], BEYOND
        jne to_virtual
        add esp, 4
        add dword [esp], 2
        iretd

        align 8
message:
        db "All is glass", 0

%macro gate 2                           ; handler, type and privilege
        dw %1, CODE, %2 << 8, 0
%endmacro

        align 8
gdt:
        dq 0
gdt_code:
        dq 00CF9A000000FFFFh
gdt_data:
        dq 00CF92000000FFFFh
gdt_user_code:
        dq 00CFFA000000FFFFh
gdt_user_data:
        dq 00CFF2000000FFFFh
gdt_tss:
        dw 103, tss, 8900h, 0
gdt_end:

gdt_pointer:
        dw gdt_end - gdt - 1
        dd gdt

idt:
        times 13 dq 0
        gate on_protection, 8Eh
        gate on_page_fault, 8Eh
        times SERVICE - 15 dq 0
        gate on_service, 0EEh
idt_end:

idt_pointer:
        dw idt_end - idt - 1
        dd idt

tss:
        dd 0, 7C00h, DATA
        times 23 dd 0

        times 2048 - ($ - $$) db 0
image_end:
