; Paging: addresses that exist only when somebody touches them.
;
; With paging on, each address is looked up in two tables: the upper ten bits choose an entry of the page directory, the
; next ten an entry of a page table, and that names a frame of 4 KiB in memory. If an entry is not present, the
; processor raises a page fault (number 14), and the address is in CR2. Our handler gives the page a frame and returns;
; the instruction runs again, and does not notice.

        bits 16
        org 7C00h

CODE            equ gdt_code - gdt
DATA            equ gdt_data - gdt

SCREEN          equ 0B8000h
ROW_BYTES       equ 80 * 2
PAGE_FAULT      equ 14

; In memory:
DIRECTORY       equ 10000h
LOW_TABLE       equ 11000h              ; maps the first 4 MiB to themselves: this code, the screen, the tables
DEMAND_TABLE    equ 12000h              ; maps 4 MiB from DEMAND on: nothing at first
FIRST_FRAME     equ 20000h              ; frames are handed out from here

DEMAND          equ 40000000h           ; there is no memory at this address
PRESENT_WRITABLE equ 3                  ; bits 0 and 1 of an entry

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
        jmp CODE:protected

        bits 32
protected:
        mov ax, DATA
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov esp, 7C00h
        cld

        mov edi, DIRECTORY
        mov ecx, 3 * 1024               ; three tables of 1024 entries
        xor eax, eax
        rep stosd                       ; an entry of 0 is not present
        mov dword [DIRECTORY], LOW_TABLE + PRESENT_WRITABLE
        mov dword [DIRECTORY + (DEMAND >> 22) * 4], DEMAND_TABLE + PRESENT_WRITABLE
        mov edi, LOW_TABLE
        mov eax, PRESENT_WRITABLE       ; page 0 is frame 0, page 1 is frame 1 ...
        mov ecx, 1024
.fill:
        stosd
        add eax, 1000h
        loop .fill

        mov eax, DIRECTORY
        mov cr3, eax                    ; this is where the directory is
        mov eax, cr0
        or eax, 80000000h               ; CR0.PG
        mov cr0, eax
paging_is_on:
        mov byte [DEMAND], 11h          ; a fault
        mov byte [DEMAND + 5], 22h      ; none: the page is there now
        mov byte [DEMAND + 3000h], 33h  ; a fault
        mov byte [DEMAND + 8000h], 44h  ; a fault

read_back:
        mov al, [DEMAND]
        add al, [DEMAND + 5]
        add al, [DEMAND + 3000h]
        add al, [DEMAND + 8000h]
        cmp al, 11h + 22h + 33h + 44h
        jne done
        mov esi, all_there
        call write
done:
        hlt
        jmp done

        times 510 - ($ - $$) db 0
        dw 0AA55h
second_sector:

; The handler of page faults. PUSHAD has put 32 bytes on the error code, EIP, CS and EFLAGS.
on_page_fault:
        pushad
        mov esi, fault_at
        call write
        mov eax, cr2                    ; the address that was touched
        call write_hex
        mov eax, cr2
        cmp eax, DEMAND
        jb .outside
        cmp eax, DEMAND + 400000h
        jae .outside
        mov esi, gets_frame
        call write
        mov eax, [next_frame]
        add dword [next_frame], 1000h
        call write_hex

        mov ebx, cr2
        sub ebx, DEMAND
        shr ebx, 12                     ; the number of the page in its table
        or eax, PRESENT_WRITABLE
.map_it:
        mov [DEMAND_TABLE + ebx * 4], eax
        add dword [row], ROW_BYTES
        mov eax, [row]
        mov [cursor], eax
        popad
        add esp, 4                      ; the error code
        iretd                           ; the same instruction again
.outside:
        mov esi, not_ours
        call write
        jmp done

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

; Writes EAX with eight hexadecimal digits; keeps EAX.
write_hex:
        push eax
        mov edi, [cursor]
        mov ecx, 8
        mov edx, eax
.next:
        rol edx, 4
        mov al, dl
        and al, 0Fh
        cmp al, 10
        jb .decimal
        add al, 'A' - 10 - '0'
.decimal:
        add al, '0'
        mov ah, 0Eh
        stosw
        loop .next
        mov [cursor], edi
        pop eax
        ret

next_frame: dd FIRST_FRAME
row:        dd SCREEN + 2 * ROW_BYTES
cursor:     dd SCREEN + 2 * ROW_BYTES
fault_at:   db "Page fault at ", 0
gets_frame: db ", gets the frame at ", 0
not_ours:   db ", which is not ours to map.", 0
all_there:  db "All four bytes are where they were written.", 0

        align 8
gdt:
        dq 0
gdt_code:
        dw 0FFFFh, 0
        db 0, 9Ah, 0CFh, 0
gdt_data:
        dw 0FFFFh, 0
        db 0, 92h, 0CFh, 0
gdt_end:
gdt_pointer:
        dw gdt_end - gdt - 1
        dd gdt

idt:
        times PAGE_FAULT dq 0
        dw on_page_fault, CODE
        db 0, 8Eh
        dw 0
idt_end:
idt_pointer:
        dw idt_end - idt - 1
        dd idt

        times (512 - ($ - $$) % 512) % 512 db 0
image_end:
