; The stack: how a procedure gets its arguments, keeps its own variables, and finds its way back.
;
; Our procedure computes n! = n * (n - 1)!, calling itself. Each call makes a frame of its own on the stack:
;
;       [bp + 4]  the argument n, pushed by the caller
;       [bp + 2]  the address to return to, pushed by CALL
;       [bp]      the caller's BP: this links the frames to a chain
;       [bp - 2]  a local variable

        bits 16
        org 7C00h

start:
        xor ax, ax
        mov ds, ax
        mov ss, ax
        mov sp, 7C00h                   ; the first push goes to 7BFEh
        xor bp, bp                      ; the end of the chain: there is no caller
        cld

        push word 7
        call factorial
        add sp, 2                       ; the caller takes the argument away again
print_result:
        mov si, says
        push ax
        call print_text
        pop ax
        call print_decimal
done:
        hlt
        jmp done

; Returns the factorial of its argument in AX.
factorial:
        push bp                         ; link this frame to the caller's
        mov bp, sp
        sub sp, 2                       ; room for the local variable
        mov ax, [bp + 4]
        mov [bp - 2], ax
        cmp ax, 1
        jbe .bottom                     ; 1! = 1 (and 0! = 1)
        dec ax
        push ax
        call factorial                  ; AX = (n - 1)!
        add sp, 2
        mul word [bp - 2]               ; DX:AX = AX * n
        jmp .return
.bottom:
        mov ax, 1                       ; seven frames are on the stack here
.return:
        mov sp, bp                      ; the local variable goes,
        pop bp                          ; the caller's frame is the current one again,
        ret                             ; and IP comes from the stack

; Prints AX in decimal. The digits come last first, so they wait on the stack.
print_decimal:
        mov bx, 10
        xor cx, cx                      ; how many wait
.divide:
        xor dx, dx
        div bx                          ; AX = DX:AX / 10, DX = the rest
        push dx
        inc cx
        test ax, ax
        jnz .divide
.print:
        pop ax
        add al, '0'
        call print_character
        loop .print
        ret

print_text:
        lodsb
        test al, al
        jz .done
        call print_character
        jmp print_text
.done:
        ret

print_character:
        mov ah, 0Eh
        mov bx, 7
        int 10h
        ret

says:   db "7! = ", 0

        times 510 - ($ - $$) db 0
        dw 0AA55h
