; Accesses that span two pages of which one may not be used: nothing is written then, CR2 tells the byte that failed, registers are
; as before, and the instruction starts again (SDM volume 3A, 4.7, 6.5, 6.15 #PF). Pages 0 and 1 of PLACE are the first two frames.

%define GUEST "crossing"
%include "faults.inc"
%include "paging.inc"

        jmp cases

%macro SECOND_ABSENT 0
        mov dword [TABLE + 4], (FRAMES + 1000h) | PAGE_W | PAGE_U
        call flush
%endmacro

%macro SECOND_READ_ONLY 0
        mov dword [TABLE + 4], (FRAMES + 1000h) | PAGE_P | PAGE_U
        call flush
%endmacro

fill:   mov edi, FRAMES + 0FC0h
        mov ecx, 80h / 4
        mov eax, 11223344h
        rep stosd
        mov dword [TABLE], FRAMES | PAGE_P | PAGE_W | PAGE_U
        mov dword [TABLE + 4], (FRAMES + 1000h) | PAGE_P | PAGE_W | PAGE_U
        call flush
        xor eax, eax
        xor ebx, ebx
        mov ecx, 77h
        xor edx, edx
        ret

; What is in memory on both sides of the border, 4 bytes each, and the registers that strings and stacks use
say_memory:
        SAY " mem="
        mov eax, [FRAMES + 0FFCh]
        call say_hex32
        SAY ":"
        mov eax, [FRAMES + 1000h]
        call say_hex32
        SAY " eax="
        mov eax, [ebp + FRAME_EAX]
        call say_hex32
        SAY " ecx="
        mov eax, [ebp + FRAME_ECX]
        call say_hex32
        SAY " d="
        mov eax, [TABLE + 4]
        SAY_BIT PAGE_D, "D"
        ret

say_string:
        call say_memory
        SAY " esi="
        mov eax, [ebp + 4]
        call say_hex32
        SAY " edi="
        mov eax, [ebp]
        jmp say_hex32

; TRY name, what is wrong with the second page, instruction
%macro TRY 3+
        CASE %1
        call fill
        %2
        ALSO say_memory
        %3
        END_CASE
%endmacro

; Only the exception: what of a longer operand was written before is not told.
%macro TRY_PLAIN 3+
        CASE %1
        call fill
        %2
        %3
        END_CASE
%endmacro

BORDER          equ PLACE + 1000h

%macro TRY_STRING 5+                    ; name, page, ESI, EDI, instruction
        CASE %1
        call fill
        mov ecx, 4
        mov esi, %3
        mov edi, %4
        %2
        ALSO say_string
        %5
        END_CASE
%endmacro

; From ring 3, whose stack ends on the page that may not be used: name, page, ESP, instruction.
%macro TRY_STACK 4+
        CASE %1
        call fill
        %2
        ALSO say_stack
        mov ax, DATA3
        mov ds, ax
        mov es, ax
        mov ebp, 5555h
        push dword DATA3
        push dword %3
        push dword 2
        push dword CODE3
        push dword %%there
        mov eax, FRAMES
        iretd
%%there:
        %4
        int 80h
        END_CASE
%endmacro

say_stack:
        SAY " esp="
        mov eax, [ebp + FRAME_ESP]
        call say_hex32
        SAY " ebp="
        mov eax, [ebp + 8]
        call say_hex32
        SAY " eax="
        mov eax, [ebp + FRAME_EAX]
        jmp say_hex32

cases:
        call legacy_tables
        SET_CR4 0, 200h                 ; OSFXSR
        SET_CR0 0, CR0_PG | CR0_WP

        TRY "read a dword, second page absent", SECOND_ABSENT, mov eax, [BORDER - 2]
        TRY "read a dword, last byte", SECOND_ABSENT, mov eax, [BORDER - 1]
        TRY "read a dword, first byte", SECOND_ABSENT, mov eax, [BORDER - 3]
        TRY "read a dword before the border", SECOND_ABSENT, mov eax, [BORDER - 4]
        TRY "read a word", SECOND_ABSENT, mov ax, [BORDER - 1]
        TRY "write a dword, second page absent", SECOND_ABSENT, mov [BORDER - 2], eax
        TRY "write a dword, second page read only", SECOND_READ_ONLY, mov [BORDER - 2], eax
        TRY "write a word, second page read only", SECOND_READ_ONLY, mov [BORDER - 1], ax
        TRY "read a dword, second page read only", SECOND_READ_ONLY, mov eax, [BORDER - 2]

        CASE "both absent: the first is told"
        call fill
        SECOND_ABSENT
        mov dword [TABLE], FRAMES | PAGE_W
        call flush
        mov eax, [BORDER - 2]
        END_CASE
        CASE "first absent"
        call fill
        mov dword [TABLE], FRAMES | PAGE_W
        call flush
        mov [BORDER - 2], eax
        END_CASE
        CASE "first read only, second absent"
        call fill
        SECOND_ABSENT
        mov dword [TABLE], FRAMES | PAGE_P
        call flush
        mov [BORDER - 2], eax
        END_CASE

        ; Instructions that read and write
        TRY "add, second page absent", SECOND_ABSENT, add dword [BORDER - 2], 1
        TRY "add, second page read only", SECOND_READ_ONLY, add dword [BORDER - 2], 1
        TRY "lock add, second page absent", SECOND_ABSENT, lock add dword [BORDER - 2], 1
        TRY "inc, read only", SECOND_READ_ONLY, inc word [BORDER - 1]
        TRY "not, read only", SECOND_READ_ONLY, not dword [BORDER - 3]
        TRY "neg, read only", SECOND_READ_ONLY, neg dword [BORDER - 3]
        TRY "shl, read only", SECOND_READ_ONLY, shl dword [BORDER - 3], 1
        TRY "shl by 0, read only", SECOND_READ_ONLY, shl dword [BORDER - 3], 32
        TRY "rcr, read only", SECOND_READ_ONLY, rcr dword [BORDER - 3], 1
        TRY "shld, read only", SECOND_READ_ONLY, shld [BORDER - 3], eax, 4
        TRY "bts, read only", SECOND_READ_ONLY, bts dword [BORDER - 3], 4
        TRY "bt, read only", SECOND_READ_ONLY, bt dword [BORDER - 3], 4
        TRY "btc by register", SECOND_READ_ONLY, btc [BORDER - 80h], ecx
        TRY "xchg, read only", SECOND_READ_ONLY, xchg [BORDER - 3], ecx
        TRY "xadd, read only", SECOND_READ_ONLY, xadd [BORDER - 3], ecx
        TRY "cmpxchg, equal, read only", SECOND_READ_ONLY, cmpxchg [BORDER + 16], ecx
        TRY "cmpxchg, not equal, read only", SECOND_READ_ONLY, cmpxchg [BORDER - 3], ecx
        TRY "cmpxchg8b, not equal, read only", SECOND_READ_ONLY, cmpxchg8b [BORDER - 3]
        TRY "test, read only", SECOND_READ_ONLY, test dword [BORDER - 3], 1
        TRY "cmp, read only", SECOND_READ_ONLY, cmp dword [BORDER - 3], 1
        TRY "adc of nothing, read only", SECOND_READ_ONLY, or dword [BORDER - 3], 0
        TRY "setc, read only", SECOND_READ_ONLY, setc [BORDER]
        TRY "mov sreg, read only", SECOND_READ_ONLY, mov [BORDER - 1], ds
        TRY "push m, absent", SECOND_ABSENT, push dword [BORDER - 2]
        TRY "pop m, read only", SECOND_READ_ONLY, pop dword [BORDER - 2]
        TRY "pop m, absent", SECOND_ABSENT, pop dword [BORDER - 2]
        TRY "call m, absent", SECOND_ABSENT, call [BORDER - 2]
        TRY "jmp m, absent", SECOND_ABSENT, jmp [BORDER - 2]
        TRY "call far m, its selector absent", SECOND_ABSENT, call far [BORDER - 4]
        TRY "lds, its selector absent", SECOND_ABSENT, lds eax, [BORDER - 4]
        TRY "lgdt, absent", SECOND_ABSENT, lgdt [BORDER - 4]
        TRY "lidt, absent", SECOND_ABSENT, lidt [BORDER - 2]
        TRY "bound, upper limit absent", SECOND_ABSENT, bound eax, [BORDER - 4]
        TRY "mul m, absent", SECOND_ABSENT, mul dword [BORDER - 2]
        TRY "idiv m, absent", SECOND_ABSENT, idiv dword [BORDER - 2]
        TRY "cmov, condition false", SECOND_ABSENT, cmovc eax, [BORDER - 2]
        TRY "fld m64, absent", SECOND_ABSENT, fld qword [BORDER - 4]
        TRY "fld m80, absent", SECOND_ABSENT, fld tword [BORDER - 8]
        TRY_PLAIN "fstenv, absent", SECOND_ABSENT, fnstenv [BORDER - 8]
        TRY_PLAIN "fsave, absent", SECOND_ABSENT, fnsave [BORDER - 64]
        TRY "movq mm, absent", SECOND_ABSENT, movq mm0, [BORDER - 4]
        TRY_PLAIN "fxsave, absent", SECOND_ABSENT, fxsave [BORDER - 16]
        TRY "invlpg of what is absent", SECOND_ABSENT, invlpg [BORDER]
        TRY "lea of what is absent", SECOND_ABSENT, lea eax, [BORDER]
        TRY "prefetch of what is absent", SECOND_ABSENT, prefetchnta [BORDER]
        TRY "nop m of what is absent", SECOND_ABSENT, nop dword [BORDER]

        ; Strings stop at the element that faults.
        TRY_STRING "rep movsd, destination", SECOND_ABSENT, FRAMES + 10h, BORDER - 8, rep movsd
        TRY_STRING "rep movsd, source", SECOND_ABSENT, BORDER - 8, FRAMES + 0FFCh, rep movsd
        TRY_STRING "rep movsd, element on the border", SECOND_ABSENT, FRAMES + 10h, BORDER - 6, rep movsd
        TRY_STRING "rep movsb, read only", SECOND_READ_ONLY, FRAMES + 10h, BORDER - 2, rep movsb
        TRY_STRING "rep stosd", SECOND_ABSENT, 0, BORDER - 6, rep stosd
        TRY_STRING "rep lodsd", SECOND_ABSENT, BORDER - 6, 0, rep lodsd
        TRY_STRING "repe cmpsd", SECOND_ABSENT, BORDER - 8, FRAMES + 0FD0h, repe cmpsd
        TRY_STRING "repne scasb", SECOND_ABSENT, 0, BORDER - 2, repne scasb
        TRY_STRING "movsd, both absent", SECOND_ABSENT, BORDER, BORDER + 4, movsd
        CASE "rep stosd, ECX 0"
        call fill
        SECOND_ABSENT
        xor ecx, ecx
        mov edi, BORDER
        rep stosd
        END_CASE
        CASE "rep stosd downwards"
        call fill
        mov dword [TABLE], FRAMES | PAGE_W
        call flush
        mov ecx, 4
        mov edi, BORDER + 4
        xor esi, esi
        ALSO say_string
        std
        rep stosd
        END_CASE

        ; The stack: ESP stays where it was.
        TRY_STACK "push", SECOND_ABSENT, BORDER + 4, push eax
        TRY_STACK "push of a word over the border", SECOND_ABSENT, BORDER + 1, push ax
        TRY_STACK "pop", SECOND_ABSENT, BORDER, pop eax
        TRY_STACK "pop over the border", SECOND_ABSENT, BORDER - 2, pop eax
        TRY_STACK "pop esp", SECOND_ABSENT, BORDER - 2, pop esp
        TRY_STACK "pop to an absent place", SECOND_ABSENT, BORDER - 4, pop dword [BORDER]
        TRY_STACK "pop to a place beside ESP", SECOND_ABSENT, BORDER - 4, pop dword [esp]
        TRY_STACK "pusha", SECOND_READ_ONLY, BORDER + 16, pusha
        TRY_STACK "popa", SECOND_ABSENT, BORDER - 16, popa
        TRY_STACK "pushf", SECOND_READ_ONLY, BORDER + 4, pushf
        TRY_STACK "popf", SECOND_ABSENT, BORDER, popf
        TRY_STACK "call", SECOND_READ_ONLY, BORDER + 4, call 3000h
        TRY_STACK "call m", SECOND_READ_ONLY, BORDER + 4, call [FRAMES + 0FF0h]
        TRY_STACK "ret", SECOND_ABSENT, BORDER - 2, ret
        TRY_STACK "ret n", SECOND_ABSENT, BORDER - 2, ret 8
        TRY_STACK "retf, its selector absent", SECOND_ABSENT, BORDER - 4, retf
        TRY_STACK "iretd, its flags absent", SECOND_ABSENT, BORDER - 8, iretd
        TRY_STACK "enter 8, 0", SECOND_READ_ONLY, BORDER + 4, enter 8, 0
        TRY_STACK "enter 2000h, 0: the new ESP's page", SECOND_READ_ONLY, BORDER + 2008h, enter 2000h, 0
        CASE "leave, the old EBP on the absent page"
        call fill
        SECOND_ABSENT
        ALSO say_stack
        ENTER_RING3 %$there
%$there:
        mov ebp, BORDER - 2
        mov eax, 0
        leave
        int 80h
        END_CASE
        TRY_STACK "push es", SECOND_READ_ONLY, BORDER + 4, push es
        TRY_STACK "pop es", SECOND_ABSENT, BORDER, pop es
        TRY_STACK "lock inc", SECOND_READ_ONLY, BORDER, lock inc dword [esp - 2]

        ; Code
        CASE "an instruction's second byte is on the absent page"
        call fill
        SECOND_ABSENT
        mov word [FRAMES + 0FFEh], 0B890h
        jmp BORDER - 2
        END_CASE
        CASE "execution runs into the absent page"
        call fill
        SECOND_ABSENT
        mov word [FRAMES + 0FFEh], 9090h
        jmp BORDER - 2
        END_CASE
        CASE "the last instruction of a page does not need the next"
        call fill
        SECOND_ABSENT
        mov word [FRAMES + 0FFEh], 0B0Fh
        jmp BORDER - 2
        END_CASE
        CASE "a prefix is the last byte"
        call fill
        SECOND_ABSENT
        mov word [FRAMES + 0FFEh], 6690h
        jmp BORDER - 2
        END_CASE
        CASE "jump to the absent page"
        call fill
        SECOND_ABSENT
        jmp BORDER + 5
        END_CASE
        TRY_STACK "call to the absent page: the return address is pushed", SECOND_ABSENT, RING3_STACK, call BORDER + 5

        END_FAULTS
