; A scheduler: one processor, three programs that seem to run at the same time.
;
; None of the three ever gives the processor away. The timer takes it: its handler saves the registers on the stack of
; the task that runs, changes the stack, and takes the registers from there. RET and IRET go where the stack says, so
; that changing the stack is changing the task. That is all.

        bits 16
        org 7C00h

VECTOR          equ 8 * 4               ; interrupt 8 is the timer's
PIT_COUNTER0    equ 40h
PIT_CONTROL     equ 43h
PIC_COMMAND     equ 20h
END_OF_INTERRUPT equ 20h
COUNT           equ 1193182 / 100       ; one hundred turns a second

SCREEN          equ 0B800h
ROW_BYTES       equ 80 * 2
COLUMN          equ 20                  ; where the tasks write: bytes from the left

TASKS           equ 3
STACK_0         equ 7C00h               ; the ends of their stacks
STACK_1         equ 7800h
STACK_2         equ 7400h

; What a task that does not run has on its stack, from the top.
SAVED_ES        equ 0
SAVED_DS        equ 2
SAVED_IP        equ 20                  ; behind the eight registers of PUSHA
SAVED_CS        equ 22
SAVED_FLAGS     equ 24
SAVED_BYTES     equ 26
INTERRUPTS_ON   equ 0202h

start:
        xor ax, ax
        mov ds, ax
        mov ss, ax
        mov sp, STACK_0
        cld
        mov ax, 0003h
        int 10h
        mov ah, 1
        mov cx, 2000h
        int 10h                         ; no cursor
        mov ax, SCREEN
        mov es, ax
        call write_names

        cli                             ; no interrupt before all is ready
        mov bx, 1 * 2                   ; tasks 1 and 2 wait for their first turn
        mov di, STACK_1
        mov ax, task_wheel
        call prepare
        mov bx, 2 * 2
        mov di, STACK_2
        mov ax, task_star
        call prepare
        mov word [VECTOR], on_tick
        mov word [VECTOR + 2], 0
        mov al, 34h
        out PIT_CONTROL, al
        mov al, COUNT & 0FFh
        out PIT_COUNTER0, al
        mov al, COUNT >> 8
        out PIT_COUNTER0, al
        sti
        jmp task_counter                ; we go on as task 0

; Gives task BX / 2 a stack that ends at DI, as if it had been interrupted before its first instruction, at AX.
prepare:
        sub di, SAVED_BYTES
        mov word [di + SAVED_ES], SCREEN
        mov word [di + SAVED_DS], 0
        mov [di + SAVED_IP], ax
        mov word [di + SAVED_CS], 0
        mov word [di + SAVED_FLAGS], INTERRUPTS_ON
        mov [stack_of + bx], di
        ret

; The scheduler. The processor has pushed FLAGS, CS and IP on the stack of whoever ran.
on_tick:
        pusha
        push ds
        push es
        xor ax, ax
        mov ds, ax
        mov bx, [current]
        mov [stack_of + bx], sp         ; so much for this task
        add bx, 2
        cmp bx, TASKS * 2
        jb .chosen
        xor bx, bx                      ; after the last the first: "round robin"
.chosen:
        mov [current], bx
switch:
        mov sp, [stack_of + bx]         ; from here on we are the next one
        mov al, END_OF_INTERRUPT
        out PIC_COMMAND, al
        pop es
        pop ds
        popa
        iret

; Task 0 counts.
task_counter:
        inc dword [number]
        mov edx, [number]
        mov di, 2 * ROW_BYTES + COLUMN
        mov cx, 8
.digit:
        rol edx, 4
        mov al, dl
        and al, 0Fh
        cmp al, 10
        jb .decimal
        add al, 'A' - 10 - '0'
.decimal:
        add al, '0'
        mov ah, 0Ah                     ; green
        stosw
        loop .digit
        jmp task_counter

; Task 1 turns a wheel.
task_wheel:
        xor bx, bx
.turn:
        mov al, [wheel + bx]
        mov ah, 0Eh                     ; yellow
        mov [es:4 * ROW_BYTES + COLUMN], ax
        inc bx
        and bx, 3
        call wait_a_little
        jmp .turn

; Task 2 moves a star to the right, again and again.
task_star:
        mov di, 6 * ROW_BYTES + COLUMN
.step:
        mov word [es:di], 0C2Ah         ; a red star
        call wait_a_little
        mov word [es:di], 0720h         ; a space
        add di, 2
        cmp di, 7 * ROW_BYTES
        jb .step
        jmp task_star

; Wastes time: a real task would compute something.
wait_a_little:
        mov ecx, 100000
.next:
        a32 loop .next                  ; with ECX, where plain LOOP would take CX
        ret

write_names:
        mov si, names
        mov di, 2 * ROW_BYTES
.name:
        push di
        mov ah, 07h
.next:
        lodsb
        test al, al
        jz .end
        stosw
        jmp .next
.end:
        pop di
        add di, 2 * ROW_BYTES
        cmp di, 8 * ROW_BYTES
        jb .name
        ret

current:  dw 0                          ; twice the number of the task that runs
stack_of: times TASKS dw 0              ; SP of those that do not
number:   dd 0
wheel:    db "|/-\"
names:    db "counter", 0, "wheel", 0, "star", 0

        times 510 - ($ - $$) db 0
        dw 0AA55h
