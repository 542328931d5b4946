; Hello, world: the smallest PC program.
;
; When a PC is switched on, its BIOS reads the first sector of the floppy (512 bytes) to address 0000:7C00 and jumps
; there. From then on the machine is ours: there is no operating system, only the BIOS and what we write.

        bits 16                         ; the processor starts in 16-bit real mode
        org 7C00h                       ; the BIOS puts us here, so labels count from here

start:
        xor ax, ax                      ; AX = 0, in two bytes instead of three
        mov ds, ax                      ; labels are offsets in segment 0: DS must say so
        cld                             ; LODSB shall go forward through memory
        mov si, message

next_character:
        lodsb                           ; AL = the byte at DS:SI, and SI moves on by one
        test al, al                     ; the message ends with a zero
        jz done
        mov ah, 0Eh                     ; service 0Eh of INT 10h: print AL, move the cursor
        mov bx, 7                       ; on page 0, in light grey
        int 10h                         ; call the BIOS
        jmp next_character

done:
        hlt                             ; sleep until the next interrupt (the timer ticks 18 times a second)
        jmp done                        ; and sleep on: a program must never run off its end

message:
        db "Hello from the boot sector!", 13, 10, 0

        times 510 - ($ - $$) db 0       ; fill the sector up
        dw 0AA55h                       ; its last two bytes: without them the BIOS would not start us
