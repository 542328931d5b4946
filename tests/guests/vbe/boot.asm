; A linear frame buffer by the VESA BIOS Extension 2.0: 640 x 480 in true colour. The BIOS sets the mode and tells where the
; pixels are in physical memory, far above 1 MiB; so we go on in protected mode and draw there.
;
; vbe16 is the same with 1024 x 768 pixels of 16 bits.

%ifndef GUEST
  %define GUEST "vbe"
  WIDTH         equ 640
  HEIGHT        equ 480
  DEPTH         equ 32
%endif

%include "boot.inc"

        bits 32
%include "report.inc"
%include "protected.inc"
        bits 16

; What INT 10h, AX = 4F00h and 4F01h fill in, by offset (VBE 3.0, 4.3 and 4.4).
INFO            equ 1000h               ; real-mode buffers, at 0000:1000
INFO_MODES      equ INFO + 14           ; far pointer to the list of modes, ended by FFFFh
INFO_MEMORY     equ INFO + 18           ; in units of 64 KiB
MODE            equ 1200h
MODE_ATTRIBUTES equ MODE + 0
MODE_PITCH      equ MODE + 16
MODE_WIDTH      equ MODE + 18
MODE_HEIGHT     equ MODE + 20
MODE_DEPTH      equ MODE + 25
MODE_RED_SIZE   equ MODE + 31
MODE_BASE       equ MODE + 40
SUPPORTED_LINEAR equ 91h                ; supported, graphics, linear frame buffer
USE_LINEAR      equ 4000h

main:
        mov ax, 0003h
        int 10h
        mov di, INFO
        mov dword [di], "VBE2"          ; asks for the answer of version 2
        mov ax, 4F00h
        int 10h
        mov si, no_vbe
        cmp ax, 004Fh
        jne report_16
        call find_mode
        mov si, no_mode
        jc report_16
        mov ax, 4F02h
        or bx, USE_LINEAR
        int 10h
        mov si, not_set
        cmp ax, 004Fh
        jne report_16
        ENTER_PROTECTED gdt_pointer, CODE, DATA, protected

; BX = the mode we want, described at MODE; carry set if there is none.
find_mode:
        les si, [INFO_MODES]
.next:
        mov cx, [es:si]
        add si, 2
        cmp cx, 0FFFFh
        stc
        je .done
        push es
        push si
        xor ax, ax
        mov es, ax
        mov di, MODE
        mov ax, 4F01h
        int 10h
        mov bx, cx
        pop si
        pop es
        cmp ax, 004Fh
        jne .next
        mov ax, [MODE_ATTRIBUTES]
        and al, SUPPORTED_LINEAR
        cmp al, SUPPORTED_LINEAR
        jne .next
        cmp word [MODE_WIDTH], WIDTH
        jne .next
        cmp word [MODE_HEIGHT], HEIGHT
        jne .next
        cmp byte [MODE_DEPTH], DEPTH
        jne .next
        clc
.done:
        ret

; Before protected mode we say little: the text at SI by INT 10h, and stop.
report_16:
        lodsb
        out 0E9h, al
        mov ah, 0Eh
        mov bx, 7
        int 10h
        test al, al
        jnz report_16
        cli
        hlt

no_vbe:         db GUEST, ": FAILED: no VBE in this video BIOS", 0
no_mode:        db GUEST, ": FAILED: no such mode with a linear frame buffer", 0
not_set:        db GUEST, ": FAILED: the mode cannot be set", 0

        FLAT_GDT
        TABLE_END gdt

        bits 32

PIXEL_BYTES     equ (DEPTH + 7) / 8

protected:
        call report_init
        call check_description
        call draw
        call test_picture
        OK
.forever:
        hlt                             ; interrupts are off: this is the end
        jmp .forever

check_description:
        movzx eax, word [MODE_PITCH]
        cmp eax, WIDTH * PIXEL_BYTES
        jb .failed
        imul eax, HEIGHT
        movzx ecx, word [INFO_MEMORY]
        shl ecx, 16
        cmp eax, ecx
        ja .failed
        cmp dword [MODE_BASE], 100000h
        jb .failed
        ret
.failed:
        FAIL "the mode's description is wrong"

; EAX = colour of the pixel at column ECX, row EBP: 00RRGGBBh. Red grows to the right, green downwards, blue is a
; chequerboard; in a disc in the middle all are turned round.
colour:
        push edx
        push ebx
        mov eax, ecx
        shl eax, 8
        xor edx, edx
        mov ebx, WIDTH
        div ebx
        mov edx, eax                    ; red
        shl edx, 8
        push edx
        mov eax, ebp
        shl eax, 8
        xor edx, edx
        mov ebx, HEIGHT
        div ebx
        pop edx
        or edx, eax                     ; green
        shl edx, 8
        mov eax, ecx
        xor eax, ebp
        test al, 20h
        jz .even
        or edx, 0C0h
.even:
        mov eax, ecx
        sub eax, WIDTH / 2
        imul eax, eax
        mov ebx, ebp
        sub ebx, HEIGHT / 2
        imul ebx, ebx
        add eax, ebx
        cmp eax, (HEIGHT / 3) * (HEIGHT / 3)
        ja .outside
        xor edx, 00FFFFFFh
.outside:
        mov eax, edx
        pop ebx
        pop edx
        ret

%if DEPTH == 32
  %define PIXEL eax
  %define PIXEL_SIZE dword
%else
  %define PIXEL ax
  %define PIXEL_SIZE word
%endif

; EAX = that colour as the frame buffer has it.
encoded:
        call colour
%if DEPTH == 16
        ; 5 bits of red, 6 of green, 5 of blue.
        push edx
        mov edx, eax
        shr eax, 3
        and eax, 001Fh
        push edx
        shr edx, 5
        and edx, 07E0h
        or eax, edx
        pop edx
        shr edx, 8
        and edx, 0F800h
        or eax, edx
        pop edx
%endif
        ret

draw:
        mov esi, [MODE_BASE]
        xor ebp, ebp
.row:
        mov edi, esi
        xor ecx, ecx
.pixel:
        call encoded
        mov PIXEL_SIZE [edi], PIXEL
        add edi, PIXEL_BYTES
        inc ecx
        cmp ecx, WIDTH
        jb .pixel
        movzx eax, word [MODE_PITCH]
        add esi, eax
        inc ebp
        cmp ebp, HEIGHT
        jb .row
        ret

; Reads a diagonal back.
test_picture:
        xor ebp, ebp
.next:
        mov ecx, ebp
        call encoded
        movzx edi, word [MODE_PITCH]
        imul edi, ebp
        add edi, [MODE_BASE]
        cmp PIXEL_SIZE [edi + ecx * PIXEL_BYTES], PIXEL
        jne .failed
        inc ebp
        cmp ebp, HEIGHT
        jb .next
        ret
.failed:
        FAIL "the frame buffer reads back otherwise"

        END_OF_IMAGE
