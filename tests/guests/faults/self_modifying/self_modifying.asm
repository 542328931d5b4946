; Code that changes code: the next instruction, the same one, by another address of the same page, by page tables that
; change, by REP MOVS over itself, in loops, and by DMA of the floppy (SDM volume 3A, 8.1.3 and 11.6: a write
; to code that the processor has prefetched or decoded takes effect with the next branch or at once; from the P6 on at
; once, as the linear address is snooped; by another linear address after a serialising instruction).

%define GUEST "self_modifying"
%include "faults.inc"
%include "attempts.inc"

PAGES           equ 110000h             ; page directory, and behind it the table
PLACE           equ 120000h             ; two pages for code
OTHER           equ 124000h             ; a second address of PLACE's first page; its own page has other code
SECTOR          equ 130000h            ; below 16 MiB, and all in the same 64 KiB, for the DMA

        jmp start_of_cases

; Puts `mov ebx, EAX; ret` at EDI.
put_function:
        mov byte [edi], 0BBh
        mov [edi + 1], eax
        mov byte [edi + 5], 0C3h
        ret

%macro TOLD 0
        call say_ebx
        SAY " "
%endmacro

; Code with zeros around that is called often enough for anybody to think it worth being compiled.
%macro OFTEN 1
        push ecx
        mov ecx, 20000
%%again:
        call %1
        dec ecx
        jnz %%again
        pop ecx
%endmacro

flush:
        push eax
        mov eax, cr3
        mov cr3, eax
        pop eax
        ret

; The floppy's controller: reads `dma_sector` to SECTOR by DMA channel 2, without interrupts.
fdc_out:
        push eax
        mov dx, 3F4h
.wait:
        in al, dx
        and al, 0C0h
        cmp al, 80h
        jne .wait
        pop eax
        mov dx, 3F5h
        out dx, al
        ret
fdc_in:
        mov dx, 3F4h
.wait:
        in al, dx
        and al, 0C0h
        cmp al, 0C0h
        jne .wait
        mov dx, 3F5h
        in al, dx
        ret
fdc_bytes:
        lodsb
        call fdc_out
        loop fdc_bytes
        ret
fdc_reset_done:
        mov ecx, 4                      ; sense the interrupts of a reset
.sense:
        mov al, 8
        call fdc_out
        call fdc_in
        call fdc_in
        loop .sense
        ret

read_by_dma:
        call start_dma
finish_dma:
        pushad
        mov ecx, 7
.result:
        call fdc_in
        loop .result
        popad
        ret

start_dma:
        pushad
        mov dx, 3F2h                    ; reset, then motor and drive 0, DMA
        mov al, 0
        out dx, al
        mov ecx, 10000
        loop $
        mov al, 1Ch
        out dx, al
        call wait_long
        call fdc_reset_done
        mov esi, .specify
        mov ecx, 3
        call fdc_bytes
        mov esi, .recalibrate
        mov ecx, 2
        call fdc_bytes
        call wait_long
        mov al, 8
        call fdc_out
        call fdc_in
        call fdc_in
        mov al, 6                       ; channel 2: masked, single, to memory, 512 bytes
        out 0Ah, al
        mov al, 46h
        out 0Bh, al
        out 0Ch, al
        mov al, SECTOR & 0FFh
        out 4, al
        mov al, SECTOR >> 8 & 0FFh
        out 4, al
        mov al, SECTOR >> 16
        out 81h, al
        out 0Ch, al
        mov al, 511 & 0FFh
        out 5, al
        mov al, 511 >> 8
        out 5, al
        mov al, 2
        out 0Ah, al
        mov esi, .read
        mov ecx, 9
        call fdc_bytes
        popad
        ret
.specify:       db 3, 0DFh, 2
.recalibrate:   db 7, 0
.read:          db 0E6h, DMA_HEAD << 2, DMA_SECTOR / 36, DMA_HEAD, DMA_SECTOR % 18 + 1, 2, 18, 1Bh, 0FFh
DMA_SECTOR      equ (dma_sector - start) / 512
DMA_HEAD        equ DMA_SECTOR / 18 % 2

; Some tens of milliseconds, by bit 4 of port 61h, which turns with the refresh of memory every 15 us.
wait_long:
        pushad
        mov ecx, 4000
.turn:
        in al, 61h
        and al, 10h
        cmp al, ah
        je .turn
        mov ah, al
        loop .turn
        popad
        ret

start_of_cases:
        MAP_ALIKE PAGES
        PAGING_ON PAGES

        CASE "the immediate of the next instruction"
        mov dword [.next + 1], 2
.next:  mov ebx, 1
        TOLD
        END_CASE
        CASE "the opcode of the next instruction"
        mov ebx, 10
        mov byte [.next2], 4Bh          ; DEC
.next2: inc ebx
        TOLD
        END_CASE
        CASE "the instruction after the next"
        mov dword [.next3 + 1], 3
        nop
.next3: mov ebx, 1
        TOLD
        END_CASE
        CASE "a longer one in the place of the next"
        mov ebx, 1
        mov word [.next4], 0C383h       ; ADD EBX, 5
        mov byte [.next4 + 2], 5
.next4: nop
        nop
        nop
        TOLD
        END_CASE
        CASE "itself: it is executed as it was, and the second time as it is"
        xor ebx, ebx
        mov ecx, 2
.again: add dword [.again + 6], 1       ; its own immediate
        add ebx, [.again + 6]
        dec ecx
        jnz .again
        TOLD
        END_CASE
        CASE "itself by its own address: JMP where a write was"
        xor ebx, ebx
.self:  mov dword [.self], 0F0EBh + 90900000h
        inc ebx
        TOLD
        END_CASE
        CASE "the jump behind it"
        mov ebx, 1
        mov byte [.jump + 1], 5
.jump:  jmp short $ + 2
        mov ebx, 2
        TOLD
        END_CASE
        CASE "by XCHG"
        mov al, 4Bh
        mov ebx, 10
        xchg [.by_xchg], al
.by_xchg:
        inc ebx
        TOLD
        END_CASE
        CASE "by PUSH"
        mov [case_also], esp
        mov ebx, 10
        mov esp, .by_push + 4
        push dword 90904B4Bh            ; DEC twice
.by_push:
        inc ebx
        inc ebx
        inc ebx
        inc ebx
        mov esp, [case_also]
        mov dword [case_also], 0
        TOLD
        END_CASE
        CASE "by CALL, whose return address becomes code"
        mov [case_also], esp
        xor ebx, ebx
        mov esp, .by_call_end
        call .by_call_2
.by_call_2:
        mov eax, [esp]
        mov esp, [case_also]
        mov dword [case_also], 0
        cmp eax, .by_call_2
        sete bl
        jmp .by_call_3
        dd 0
.by_call_end:
.by_call_3:
        TOLD
        END_CASE
        CASE "by FSTP"
        fninit
        fld dword [.dec4]
        mov ebx, 10
        fstp dword [.by_fstp]
.by_fstp:
        inc ebx
        inc ebx
        inc ebx
        inc ebx
        jmp .fstp_done
        align 4
.dec4:  dd 4B4B4B4Bh
.fstp_done:
        TOLD
        END_CASE
        CASE "by MOVQ"
        movq mm0, [.dec8]
        mov ebx, 10
        movq [.by_movq], mm0
.by_movq:
        times 8 inc ebx
        emms
        jmp .movq_done
.dec8:  times 8 db 4Bh
.movq_done:
        TOLD
        END_CASE
        CASE "by STOSB in front of itself"
        mov edi, .by_stos
        mov al, 4Bh
        mov ecx, 3
        mov ebx, 10
        rep stosb
.by_stos:
        inc ebx
        inc ebx
        inc ebx
        inc ebx
        TOLD
        END_CASE
        CASE "REP MOVSB over itself and what is behind: what is there now is executed"
        mov ebx, 10
        mov esi, .replacement
        mov edi, .over
        mov ecx, .replaced - .over
.over:  rep movsb
        inc ebx
        inc ebx
        inc ebx
.replaced:
        jmp .over_done
.replacement:
        nop
        nop
        dec ebx
        dec ebx
        dec ebx
.over_done:
        mov eax, ecx                    ; 0, or what was left when the instruction was no more
        SAY "ecx="
        call say_digit
        TOLD
        END_CASE
        CASE "a byte across pages"
        mov edi, PLACE + 0FFEh          ; MOV EBX, imm32 across the end of the first page
        mov eax, 11111111h
        call put_function
        call PLACE + 0FFEh
        call say_ebx
        mov byte [PLACE + 1000h], 22h
        call PLACE + 0FFEh
        call say_ebx
        mov byte [PLACE + 0FFFh], 33h
        call PLACE + 0FFEh
        TOLD
        END_CASE
        CASE "a write across pages"
        mov edi, PLACE + 0FFEh
        mov eax, 11111111h
        call put_function
        call PLACE + 0FFEh
        mov dword [PLACE + 0FFFh], 12345678h
        call PLACE + 0FFEh
        TOLD
        END_CASE
        CASE "the last byte of one page changes what begins there"
        mov byte [PLACE + 0FFFh], 90h
        mov edi, PLACE + 1000h
        mov eax, 5
        call put_function
        call PLACE + 0FFFh
        call say_ebx
        mov byte [PLACE + 0FFFh], 0F9h  ; STC
        clc
        call PLACE + 0FFFh
        setc bl
        TOLD
        END_CASE
        CASE "hot code"
        mov edi, PLACE
        mov eax, 1
        call put_function
        OFTEN PLACE
        call say_ebx
        mov dword [PLACE + 1], 2
        call PLACE
        call say_ebx
        OFTEN PLACE
        mov byte [PLACE + 2], 1
        OFTEN PLACE
        TOLD
        END_CASE
        CASE "a loop that changes itself each time"
        xor ebx, ebx
        mov ecx, 5000
.hot:   mov eax, 0
        inc dword [.hot + 1]
        add ebx, eax
        dec ecx
        jnz .hot
        TOLD
        END_CASE
        CASE "a loop whose end another function writes"
        mov ebx, 0
        mov ecx, 10000
.hot2:  inc ebx
        cmp ebx, 3000
        jne .hot3
        call .change
.hot3:  dec ecx
.hot4:  jnz .hot2
        TOLD
        jmp .changed
.change:
        mov byte [.hot4], 74h           ; JZ
        ret
.changed:
        END_CASE

; Another linear address of the same page.
        mov dword [PAGES + 1000h + (OTHER >> 10)], PLACE | 7
        call flush
        CASE "by an alias, then a serialising instruction"
        mov edi, PLACE
        mov eax, 1
        call put_function
        OFTEN PLACE
        mov dword [OTHER + 1], 2
        mov eax, 0
        cpuid
        call PLACE
        TOLD
        END_CASE
        CASE "code executed at an alias, changed where it is"
        OFTEN OTHER
        mov dword [PLACE + 1], 3
        xor eax, eax
        cpuid
        call OTHER
        TOLD
        END_CASE
        CASE "an alias of the page of the very code that writes"
        mov edi, PLACE
        mov esi, .writer
        mov ecx, .writer_end - .writer
        rep movsb
        call PLACE
        TOLD
        jmp .writer_end
.writer:
        mov dword [OTHER + .written - .writer + 1], 7
        xor eax, eax
        cpuid
.written:
        mov ebx, 6
        ret
.writer_end:
        END_CASE

; Page tables that change.
        mov dword [PAGES + 1000h + (OTHER >> 10)], OTHER | 7
        call flush
        mov edi, PLACE
        mov eax, 1
        call put_function
        mov edi, OTHER
        mov eax, 2
        call put_function
        CASE "another page at the same address, INVLPG"
        OFTEN PLACE
        call say_ebx
        mov dword [PAGES + 1000h + (PLACE >> 10)], OTHER | 7
        invlpg [PLACE]
        call PLACE
        call say_ebx
        OFTEN PLACE
        mov dword [PAGES + 1000h + (PLACE >> 10)], PLACE | 7
        invlpg [PLACE]
        call PLACE
        TOLD
        END_CASE
        CASE "another page at the same address, MOV CR3"
        OFTEN PLACE
        mov dword [PAGES + 1000h + (PLACE >> 10)], OTHER | 7
        call flush
        call PLACE
        TOLD
        END_CASE
        CASE "a write to the page that was there changes nothing"
        mov dword [PAGES + 1000h + ((PLACE + 1000h) >> 10)], PLACE | 7
        call flush
        mov dword [PLACE + 1001h], 9    ; the page of PLACE as it was
        call PLACE
        TOLD
        END_CASE
        CASE "and is there when that comes back"
        mov dword [PAGES + 1000h + (PLACE >> 10)], PLACE | 7
        invlpg [PLACE]
        call PLACE
        TOLD
        END_CASE
        mov dword [PAGES + 1000h + ((PLACE + 1000h) >> 10)], PLACE + 1000h | 7
        call flush
        CASE "an instruction across pages, the second of which is changed by mapping"
        mov edi, PLACE + 0FFEh
        mov eax, 11111111h
        call put_function
        mov edi, OTHER + 1000h - 2
        mov eax, 22222222h
        call put_function
        OFTEN PLACE + 0FFEh
        call say_ebx
        mov dword [PAGES + 1000h + ((PLACE + 1000h) >> 10)], OTHER + 1000h | 7
        invlpg [PLACE + 1000h]
        call PLACE + 0FFEh
        TOLD
        END_CASE
        mov dword [PAGES + 1000h + ((PLACE + 1000h) >> 10)], PLACE + 1000h | 7
        call flush
        CASE "code in a page that can only be read, written by another address"
        mov eax, cr0
        or eax, 10000h                  ; WP
        mov cr0, eax
        mov edi, PLACE
        mov eax, 4
        call put_function
        mov dword [PAGES + 1000h + (PLACE >> 10)], PLACE | 5
        mov dword [PAGES + 1000h + (OTHER >> 10)], PLACE | 7
        call flush
        OFTEN PLACE
        call say_ebx
        mov dword [OTHER + 1], 5
        xor eax, eax
        cpuid
        call PLACE
        TOLD
        END_CASE
        CASE "and not by its own"
        mov dword [PLACE + 1], 6
        END_CASE
        CASE "which changed nothing"
        call PLACE
        TOLD
        END_CASE
        mov eax, 31h
        mov cr0, eax
        CASE "code size: the same bytes as 32-bit and as 16-bit code"
        SET_DESCRIPTOR SPARE, PLACE, 0FFFFh, PRESENT | CODE_READABLE, 0
        mov edi, PLACE
        mov dword [edi], 0C0B8C031h     ; XOR EAX, EAX; MOV EAX, 0CBxxxxC0h as 32-bit code
        mov dword [edi + 4], 0CBCBCBCBh
        mov dword [edi + 8], 0CBCBCBCBh
        push dword CODE
        push dword .back32
        jmp PLACE
.back32:
        mov ebx, eax
        call say_ebx
        mov eax, 12345678h
        push word CODE
        push word .back16
        jmp dword SPARE:0
.back16:
        mov ebx, eax
        TOLD
        END_CASE

; A device writes to code.
        CASE "by DMA of the floppy"
        mov edi, SECTOR
        mov eax, 1
        call put_function
        OFTEN SECTOR
        call say_ebx
        call read_by_dma
        call SECTOR
        TOLD
        END_CASE
        CASE "by DMA into a loop's page while the loop runs"
        mov edi, SECTOR
        mov ecx, 512 / 4
        mov eax, 90909090h
        rep stosd
        mov edi, SECTOR                 ; INC EBX; RET
        mov word [edi], 0C343h
        OFTEN SECTOR
        xor ebx, ebx
        call start_dma
.until: call SECTOR
        cmp ebx, 77777777h              ; what the sector's function gives
        jne .until
        call finish_dma
        TOLD
        END_CASE

        jmp the_end

; The sector that is read: a function, once it is in memory.
        align 512
dma_sector:
        mov ebx, 77777777h
        ret
        align 512

the_end:
        END_FAULTS
