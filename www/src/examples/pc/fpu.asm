; Numbers with a fraction: the x87 unit has eight registers of 80 bits, used as a stack.
;
; FLD pushes a number, the top is ST0, the one below ST1. We compute the golden ratio, (1 + sqrt 5) / 2, and print it
; and pi with eight decimals. The unit itself turns a number into decimal digits: FBSTP stores 18 of them, two a byte.

        bits 16
        org 7C00h

ZERO_DIVIDE     equ 04h                 ; bit of the status word: something was divided by zero

start:
        xor ax, ax
        mov ds, ax
        mov ss, ax
        mov sp, 7C00h
        cld
        fninit                          ; empty stack, 64 bits of precision, no exception interrupts us

        fld1                            ; ST0 = 1
        fild word [five]                ; ST0 = 5, ST1 = 1
        fsqrt                           ; ST0 = 2.236...
        faddp                           ; ST0 = 1 + 2.236..., and one less on the stack
        fidiv word [two]
golden:
        mov si, golden_text
        call print_number

        fldpi
        mov si, pi_text
        call print_number

        fld1
        fldz                            ; ST0 = 0, ST1 = 1
        fdivp                           ; 1 / 0: infinity, and a note in the status word
divided:
        fnstsw ax
        fstp st0                        ; leave the stack empty
        mov si, infinity_text
        test al, ZERO_DIVIDE
        jz done
        call print
done:
        hlt
        jmp done

; Prints the text at SI and then ST0, which is below ten, with eight decimals; takes it from the stack.
print_number:
        call print
        fmul dword [hundred_million]
        fbstp [decimal]                 ; rounded to a whole number, the last two digits first
        mov al, [decimal + 4]           ; the digit before the point
        call print_digit
        mov al, '.'
        call print_character
        mov si, decimal + 3
        mov cx, 4                       ; four bytes of two digits
.next:
        mov al, [si]
        shr al, 4
        call print_digit
        mov al, [si]
        and al, 0Fh
        call print_digit
        dec si
        loop .next
        mov si, new_line
        jmp print

print_digit:
        add al, '0'
print_character:
        mov ah, 0Eh
        mov bx, 7
        int 10h
        ret

print:
        lodsb
        test al, al
        jz .done
        call print_character
        jmp print
.done:
        ret

five:            dw 5
two:             dw 2
hundred_million: dd 1.0e8               ; the assembler makes a 32-bit floating-point number of this
decimal:         times 10 db 0          ; 18 digits and a sign

golden_text:     db "golden ratio ", 0
pi_text:         db "pi           ", 0
infinity_text:   db "1 / 0 has set the zero-divide flag.", 0
new_line:        db 13, 10, 0

        times 510 - ($ - $$) db 0
        dw 0AA55h
