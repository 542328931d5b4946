; Protected mode: a segment register no longer holds an address, but the number of an entry in a table.
;
; Each entry of the global descriptor table (GDT) says where a segment begins, where it ends, and what it may be used
; for. We make a table of three segments, switch the mode on, and write to the screen as 32-bit code.

        bits 16
        org 7C00h

; A selector is the offset of its descriptor in the table.
CODE            equ gdt_code - gdt
DATA            equ gdt_data - gdt
SCREEN          equ gdt_screen - gdt

ROW_BYTES       equ 80 * 2
ABOVE_1_MB      equ 200000h             ; real mode could not reach this

start:
        xor ax, ax
        mov ds, ax
        mov ss, ax
        mov sp, 7C00h
        mov ax, 0003h
        int 10h                         ; clear the screen, the last thing that the BIOS does for us
        cli                             ; its handlers are 16-bit code: no interrupts from now on
        in al, 92h
        or al, 2                        ; open address line 20 (another example tells why)
        and al, 0FEh
        out 92h, al

        lgdt [gdt_pointer]              ; this is where the table is
        mov eax, cr0
        or al, 1                        ; CR0.PE
        mov cr0, eax                    ; protected mode is on, but CS still is as it was ...
        jmp CODE:protected              ; ... until a far jump loads it anew

        bits 32
protected:
        mov ax, DATA
        mov ds, ax                      ; each of these loads base, limit and rights from the table
        mov ss, ax
        mov esp, 7C00h
        mov ax, SCREEN
        mov es, ax                      ; ES:0 is now the first cell of the screen
        cld

        mov esi, greeting
        mov edi, 2 * ROW_BYTES
        call write
        mov byte [ABOVE_1_MB], 'X'      ; DS reaches all 4 GiB
        cmp byte [ABOVE_1_MB], 'X'
        jne done
        mov esi, reached
        mov edi, 3 * ROW_BYTES
        call write
done:
        hlt                             ; interrupts are off: this is the end
        jmp done

; Writes the text at DS:ESI to the screen, at ES:EDI.
write:
        mov ah, 07h                     ; light grey on black
.next:
        lodsb
        test al, al
        jz .done
        stosw
        jmp .next
.done:
        ret

greeting: db "Hello from 32-bit protected mode.", 0
reached:  db "A byte above one megabyte was written and read back.", 0

; A descriptor is eight bytes. Base and limit lie in pieces, for the sake of the 80286, where they were shorter.
        align 8
gdt:
        dq 0                            ; selector 0 is never a segment
gdt_code:
        dw 0FFFFh                       ; limit, bits 0 to 15
        dw 0                            ; base, bits 0 to 15
        db 0                            ; base, bits 16 to 23
        db 9Ah                          ; present, ring 0, code, readable
        db 0CFh                         ; limit in pages of 4 KiB, 32 bits; limit, bits 16 to 19
        db 0                            ; base, bits 24 to 31
gdt_data:
        dw 0FFFFh, 0
        db 0, 92h, 0CFh, 0              ; the same, but data, writable
gdt_screen:
        dw 80 * 25 * 2 - 1              ; limit: the last byte of the screen
        dw 8000h
        db 0Bh, 92h, 40h, 0             ; base 0B8000h; limit in bytes
gdt_end:

gdt_pointer:
        dw gdt_end - gdt - 1
        dd gdt

        times 510 - ($ - $$) db 0
        dw 0AA55h
