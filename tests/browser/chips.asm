; Programs each chip with values that are easily known again, and stops.

        bits 16
        org 7C00h

%macro put 2                            ; a byte to a port
        mov dx, %1
        mov al, %2
        out dx, al
%endmacro

%macro put_indexed 3                    ; a byte to a register behind an index port
        mov dx, %1
        mov ax, %2 | %3 << 8
        out dx, ax
%endmacro

start:
        cli
        cld
        xor ax, ax
        mov ds, ax
        mov ss, ax
        mov sp, 7C00h
        mov ax, 0003h
        int 10h
        cli
        put 21h, 0FBh                   ; 8259: masks
        put 0A1h, 0EEh
        put 43h, 0B6h                   ; 8254: counter 2, low then high byte, mode 3, binary
        put 42h, 34h
        put 42h, 12h
        put 70h, 0Fh                    ; RTC's memory: the shutdown byte
        put 71h, 5Ah
        put 0Ch, 0                      ; 8237: channel 2
        put 04h, 78h
        put 04h, 56h
        put 05h, 0FFh
        put 05h, 01h
        put 81h, 12h
        put 0Bh, 46h
        put 3FBh, 83h                   ; 16550: divisor 12 is 9600 baud; 8 bits, no parity
        put 3F8h, 12
        put 3F9h, 0
        put 3FBh, 03h
        put 3FFh, 0A5h
        put 3F2h, 1Ch                   ; floppy: motor A on, DMA and controller on
        put 1F6h, 0A0h                  ; IDE: the first drive
        put 1F2h, 12h
        put 1F3h, 34h
        put 1F4h, 56h
        put 1F5h, 07h
        put 64h, 60h                    ; 8042: command byte
        put 60h, 45h
        put_indexed 3D4h, 0Eh, 01h      ; CRTC: the cursor's place
        put_indexed 3D4h, 0Fh, 40h
        put 3C8h, 5                     ; palette, entry 5: six bits a colour
        put 3C9h, 3Fh
        put 3C9h, 0
        put 3C9h, 2Ah
        mov dx, 0CF8h                   ; PCI: the host bridge's register 4
        mov eax, 80000004h
        out dx, eax
        mov ax, 0B800h                  ; a screen full of one character: planes 0 and 1
        mov es, ax
        xor di, di
        mov cx, 80 * 25
        mov ax, 2AC3h
        rep stosw
ready:
        jmp $
        times 510 - ($ - $$) db 0
        dw 0AA55h
