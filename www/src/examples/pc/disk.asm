; Reading a disk: the BIOS brings the first sector of the floppy, everything else we have to fetch.
;
; INT 13h reads by cylinder, head and sector. It says whether it worked in the carry flag, and why not in AH. The first
; reading here is of the second sector, whose text lies at the end of this file; the second one is bound to fail.

        bits 16
        org 7C00h

READ            equ 02h                 ; service of INT 13h
BUFFER          equ 7E00h               ; just behind us in memory
FLOPPY_TRIES    equ 3                   ; a real drive may need more than one, until its motor runs

start:
        xor ax, ax
        mov ds, ax
        mov es, ax                      ; the sector goes to ES:BX
        mov ss, ax
        mov sp, 7C00h
        cld
        mov [drive], dl                 ; the BIOS left the number of our drive in DL

        mov si, reading
        call print
        mov cl, 2                       ; sectors count from 1: this is the one behind us
        call read_sector
        jc failed
        mov si, BUFFER                  ; what was read is a text
        call print

        mov si, missing
        call print
        mov cl, 63                      ; a track of this floppy has only 18
        call read_sector
        jnc done
failed:
        mov al, ah                      ; the reason, in two hexadecimal digits
        shr al, 4
        call print_digit
        mov al, ah
        and al, 0Fh
        call print_digit
done:
        hlt
        jmp done

; Reads sector CL of cylinder 0, head 0 to BUFFER. Returns with carry set if that failed, and the reason in AH.
read_sector:
        mov si, FLOPPY_TRIES
.try:
        mov ah, READ
        mov al, 1                       ; one sector
        mov bx, BUFFER
        mov ch, 0                       ; cylinder
        mov dh, 0                       ; head
        mov dl, [drive]
        int 13h
        jnc .done
        dec si                          ; does not change the carry flag
        jnz .try
.done:
        ret

; Prints the digit AL (0 to 15); keeps AX.
print_digit:
        push ax
        cmp al, 10
        jb .decimal
        add al, 'A' - 10 - '0'
.decimal:
        add al, '0'
        call print_character
        pop ax
        ret

; Prints the text at SI, up to a zero.
print:
        lodsb
        test al, al
        jz .done
        call print_character
        jmp print
.done:
        ret

print_character:
        mov ah, 0Eh
        mov bx, 7
        int 10h
        ret

drive:   db 0
reading: db "Reading sector 2: ", 0
missing: db "Reading sector 63: error ", 0

        times 510 - ($ - $$) db 0
        dw 0AA55h

; The second sector of the floppy. The BIOS has not read it: at 7E00h there is something else until we do.
        db "this text came from the disk.", 13, 10, 0

        times 1024 - ($ - $$) db 0
