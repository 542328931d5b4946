; Instructions that are too long, or that run into the end of a page or of the code segment, and which fault comes first (SDM
; volume 2, 2.3.11; volume 3A, 6.9, table 6-2, and 6.15, interrupt 13; volume 3B, 22.25).

%define GUEST "lengths"
%include "faults.inc"

PAGES           equ 110000h             ; page directory, and behind it the table
CODE_PAGE       equ 120000h             ; the page behind it is not present
END_OF_PAGE     equ CODE_PAGE + 1000h
LIMITED         equ SPARE               ; a code segment that ends with that page
SMALLER         equ SPARE + 8           ; one that begins with it, and ends 8 bytes before its end

        jmp start_of_cases

; Copies the ECX bytes at ESI so that they end before EDI.
put_before:
        sub edi, ecx
        push edi
        rep movsb
        pop edi
        ret

%macro LONG 4+                          ; name, count, prefix, rest
        CASE %1
        times %2 db %3
        db %4
        END_CASE
%endmacro

; Executes bytes that end at the end of the page; the case is named by what they are. EIP is told from the page's end.
%macro AT_END 3+                        ; name, segment, bytes
        CASE %1
        ALSO say_eip
        mov esi, %%bytes
        mov ecx, %%end - %%bytes
        mov edi, END_OF_PAGE
        call put_before
        push dword %2
        push edi
        xor eax, eax
        mov fs, ax
        retf
%%bytes:
        db %3
%%end:
        END_CASE
%endmacro

say_eip:
        SAY " eip="
        mov eax, [ebp + FRAME_EIP]
        call say_hex32
        ret

start_of_cases:
        MAP_ALIKE PAGES
        mov dword [PAGES + 1000h + (END_OF_PAGE >> 10)], 0
        PAGING_ON PAGES
        SET_DESCRIPTOR LIMITED, 0, 120h, PRESENT | CODE_READABLE, FLAG_4K | FLAG_32BIT
        SET_DESCRIPTOR SMALLER, CODE_PAGE, 0FF7h, PRESENT | CODE_READABLE, FLAG_32BIT

        LONG "13 prefixes 66 and NOP", 13, 66h, 90h
        LONG "14 prefixes 66 and NOP: 15 bytes", 14, 66h, 90h
        LONG "15 prefixes 66 and NOP", 15, 66h, 90h
        LONG "16 prefixes 66 and NOP", 16, 66h, 90h
        LONG "40 prefixes 66 and NOP", 40, 66h, 90h
        LONG "14 prefixes 67 and NOP", 14, 67h, 90h
        LONG "15 prefixes 67 and NOP", 15, 67h, 90h
        LONG "14 prefixes 2E and NOP", 14, 2Eh, 90h
        LONG "15 prefixes 2E and NOP", 15, 2Eh, 90h
        LONG "14 prefixes 64 and NOP", 14, 64h, 90h
        LONG "15 prefixes 64 and NOP", 15, 64h, 90h
        LONG "14 prefixes F2 and NOP", 14, 0F2h, 90h
        LONG "15 prefixes F2 and NOP", 15, 0F2h, 90h
        LONG "14 prefixes F3 and NOP", 14, 0F3h, 90h
        LONG "15 prefixes F3 and NOP", 15, 0F3h, 90h
        LONG "14 prefixes F0 and NOP", 14, 0F0h, 90h
        LONG "15 prefixes F0 and NOP", 15, 0F0h, 90h
        LONG "5 prefixes and ADD m32, imm32 with SIB: 16 bytes", 5, 3Eh, 81h, 04h, 25h, 0, 10h, 0, 0, 1, 2, 3, 4
        LONG "4 prefixes and ADD m32, imm32 with SIB: 15 bytes", 4, 3Eh, 81h, 04h, 25h, 0, 10h, 0, 0, 1, 2, 3, 4
        LONG "13 prefixes and UD2: 15 bytes", 13, 66h, 0Fh, 0Bh
        LONG "14 prefixes and UD2: 16 bytes", 14, 66h, 0Fh, 0Bh
        LONG "13 prefixes and 0F 0A: 15 bytes, undefined", 13, 66h, 0Fh, 0Ah
        LONG "14 prefixes and 0F 0A: 16 bytes", 14, 66h, 0Fh, 0Ah
        LONG "13 prefixes and INT 3: 14 bytes", 13, 2Eh, 0CCh
        LONG "15 prefixes and HLT, in ring 0", 15, 2Eh, 0F4h
        LONG "prefixes of all groups many times over", 1, 66h, 67h, 2Eh, 66h, 67h, 36h, 0F2h, 0F3h, 66h, 67h, 2Eh, 64h, 65h, 90h

; The last prefix of a group counts.
        CASE "FS, then DS: DS counts"
        xor eax, eax
        mov fs, ax
        mov dword [1000h], 11223344h
        db 64h, 3Eh
        mov ebx, [1000h]
        cmp ebx, 11223344h
        sete al
        call say_digit
        SAY " "
        END_CASE
        CASE "DS, then FS: FS counts"
        xor eax, eax
        mov fs, ax
        db 3Eh, 64h
        mov ebx, [1000h]
        END_CASE
        CASE "66 twice is 66"
        mov ebx, 0FFFFFFFFh
        db 66h
        mov bx, 1
        cmp ebx, 0FFFF0001h
        sete al
        call say_digit
        SAY " "
        END_CASE

; The end of a page. The next one is not present.
        AT_END "NOP at the page's end, then nothing", CODE, 90h
        AT_END "JMP at the page's end", CODE, 0EBh, 0
        AT_END "first byte of MOV EAX, imm32 at the page's end", CODE, 0B8h
        AT_END "all but the last byte of MOV EAX, imm32", CODE, 0B8h, 1, 2, 3
        AT_END "0F at the page's end", CODE, 0Fh
        AT_END "UD2 at the page's end", CODE, 0Fh, 0Bh
        AT_END "0F 0A at the page's end", CODE, 0Fh, 0Ah
        AT_END "a prefix at the page's end", CODE, 66h
        AT_END "14 prefixes at the page's end", CODE, 66h, 66h, 66h, 66h, 66h, 66h, 66h, 66h, 66h, 66h, 66h, 66h, 66h, 66h
        AT_END "15 prefixes at the page's end", CODE, 66h, 66h, 66h, 66h, 66h, 66h, 66h, 66h, 66h, 66h, 66h, 66h, 66h, 66h, 66h
        AT_END "MOV EAX, [nowhere] but for its last byte", CODE, 64h, 0A1h, 0, 0, 0
        AT_END "a privileged instruction but for its last byte", CODE, 0Fh, 22h
        AT_END "LOCK MOV EAX, imm32 but for its last byte", CODE, 0F0h, 0B8h, 1, 2, 3
; The end of the segment and of the page.
        AT_END "NOP at the limit, then nothing", LIMITED, 90h
        AT_END "all but the last byte of MOV EAX, imm32, limit", LIMITED, 0B8h, 1, 2, 3
        AT_END "0F at the limit", LIMITED, 0Fh
        AT_END "UD2 at the limit", LIMITED, 0Fh, 0Bh
        AT_END "0F 0A at the limit", LIMITED, 0Fh, 0Ah
        AT_END "14 prefixes at the limit", LIMITED, 66h, 66h, 66h, 66h, 66h, 66h, 66h, 66h, 66h, 66h, 66h, 66h, 66h, 66h
        AT_END "15 prefixes at the limit", LIMITED, 66h, 66h, 66h, 66h, 66h, 66h, 66h, 66h, 66h, 66h, 66h, 66h, 66h, 66h, 66h
        CASE "EIP far beyond the limit"
        ALSO say_eip
        mov dword [.far], 123456h
        jmp far [.far]
.far:   dd 0
        dw LIMITED
        END_CASE
        CASE "instructions up to the limit of a segment within the page"
        ALSO say_eip
        mov edi, CODE_PAGE + 0FF0h
        mov eax, 90909090h
        mov ecx, 4
        rep stosd
        push dword SMALLER
        push dword 0FF0h
        retf
        END_CASE
        CASE "an instruction across that limit"
        ALSO say_eip
        mov byte [CODE_PAGE + 0FF5h], 0B8h
        push dword SMALLER
        push dword 0FF0h
        retf
        END_CASE
        CASE "one that ends at it"
        ALSO say_eip
        mov dword [CODE_PAGE + 0FF3h], 0B8h
        mov dword [CODE_PAGE + 0FF4h], 0
        push dword SMALLER
        push dword 0FF0h
        retf
        END_CASE

        END_FAULTS
