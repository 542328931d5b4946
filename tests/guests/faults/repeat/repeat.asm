; Repeated string instructions: where faults and interrupts leave ECX, ESI, EDI and EIP, that they go on from there, and what
; prefixes, counts and directions mean (SDM volume 2, REP; volume 1, 7.3.9; volume 3A, 6.6; volume 3B, 17.3.1.1 for RF).

%define GUEST "repeat"
%include "faults.inc"
%include "attempts.inc"

PAGES           equ 110000h             ; page directory, and behind it the table
SOURCE          equ 120000h             ; a page of 00 01 02 ... FF 00 ...
TARGET          equ 122000h             ; two pages of zeros
MISSING         equ 124000h             ; no page
LIMITED         equ SPARE               ; 64 KiB from SOURCE on
SMALL           equ SPARE + 8           ; 4 KiB from TARGET on, and 8 bytes
STACK_AT_TO     equ SPARE + 16          ; the same as a stack segment

        jmp start_of_cases

begin:
        mov edi, SOURCE
        xor eax, eax
.pattern:
        stosb
        inc al
        cmp edi, SOURCE + 2000h
        jb .pattern
        mov edi, TARGET
        mov ecx, 2000h / 4
        xor eax, eax
        rep stosd
        xor eax, eax
        ret

; In the handler: registers of the case.
say_frame:
        SAY " ecx="
        mov eax, [ebp + FRAME_ECX]
        call say_hex32
        SAY " esi="
        mov eax, [ebp + 4]
        call say_hex32
        SAY " edi="
        mov eax, [ebp]
        call say_hex32
        SAY " eax="
        mov eax, [ebp + FRAME_EAX]
        call say_hex32
say_sum:
        push ebx
        push esi
        SAY " sum="
        xor eax, eax
        mov esi, TARGET
.next:
        imul eax, 31
        movzx ebx, byte [esi]
        add eax, ebx
        inc esi
        cmp esi, TARGET + 2000h
        jb .next
        call say_hex32
        pop esi
        pop ebx
        ret

; Behind the instruction: the same, and ZF and CF.
say_registers:
        pushfd
        cld
        push eax
        SAY "ecx="
        mov eax, ecx
        call say_hex32
        SAY " esi="
        mov eax, esi
        call say_hex32
        SAY " edi="
        mov eax, edi
        call say_hex32
        SAY " eax="
        pop eax
        call say_hex32
        call say_sum
        SAY " flags="
        pop eax
        and eax, 8D5h
        call say_hex16
        SAY " "
        ret

; A case: name, ECX, ESI, EDI. EAX = 87654321h, EDX = 0.
%macro STRING 4
        CASE %1
        ALSO say_frame
        call begin
        mov ecx, %2
        mov esi, %3
        mov edi, %4
        mov eax, 87654321h
        xor edx, edx
        push dword 2
        popfd
%endmacro
%macro END_STRING 0
        call say_registers
        END_CASE
%endmacro

; #PF for the cases that go on: the page comes, and a count of how often.
on_missing:
        push eax
        inc dword [faults_seen]
        push ebx
        mov eax, cr2
        mov ebx, eax
        shr ebx, 12
        and eax, 0FFFFF000h
        invlpg [eax]
        or al, 7
        mov [PAGES + 1000h + ebx * 4], eax
        pop ebx
        pop eax
        add esp, 4
        iretd
faults_seen:    dd 0

%macro WITH_PAGES_COMING 0
        mov dword [faults_seen], 0
        SET_GATE 14, CODE, on_missing, PRESENT | INTERRUPT_GATE
        mov dword [PAGES + 1000h + ((SOURCE + 1000h) >> 10)], 0
        mov dword [PAGES + 1000h + ((TARGET + 1000h) >> 10)], 0
        mov eax, cr3
        mov cr3, eax
        mov eax, 87654321h
%endmacro
%macro END_PAGES_COMING 0
        SET_GATE 14, CODE, exception_14, PRESENT | INTERRUPT_GATE
        mov dword [PAGES + 1000h + ((SOURCE + 1000h) >> 10)], SOURCE + 1000h | 7
        mov dword [PAGES + 1000h + ((TARGET + 1000h) >> 10)], TARGET + 1000h | 7
        pushfd
        cld
        SAY "faults="
        push eax
        mov al, [faults_seen]
        call say_hex8
        pop eax
        SAY " "
        popfd
        END_STRING
%endmacro

start_of_cases:
        MAP_ALIKE PAGES
        mov dword [PAGES + 1000h + (MISSING >> 10)], 0
        PAGING_ON PAGES
        SET_DESCRIPTOR LIMITED, SOURCE, 0FFFFh, PRESENT | DATA_WRITABLE, 0
        SET_DESCRIPTOR SMALL, TARGET, 1007h, PRESENT | DATA_WRITABLE, FLAG_32BIT
        SET_DESCRIPTOR STACK_AT_TO, TARGET, 1007h, PRESENT | DATA_WRITABLE, FLAG_32BIT

; A page that is not there.
        STRING "REP MOVSB, destination", 32, SOURCE, MISSING - 16
        rep movsb
        END_STRING
        STRING "REP MOVSD, destination", 32, SOURCE, MISSING - 64
        rep movsd
        END_STRING
        STRING "REP MOVSD, destination across pages", 32, SOURCE, MISSING - 62
        rep movsd
        END_STRING
        STRING "REP MOVSW, source", 32, MISSING - 16, TARGET
        rep movsw
        END_STRING
        STRING "REP MOVSD, source across pages", 32, MISSING - 14, TARGET
        rep movsd
        END_STRING
        STRING "REP MOVSB, both: the source is first", 32, MISSING, MISSING + 10h
        rep movsb
        END_STRING
        STRING "REP STOSB", 32, 0, MISSING - 5
        rep stosb
        END_STRING
        STRING "REP STOSD", 32, 0, MISSING - 8
        rep stosd
        END_STRING
        STRING "REP STOSD across pages", 32, 0, MISSING - 9
        rep stosd
        END_STRING
        STRING "REP LODSB", 32, MISSING - 5, 0
        rep lodsb
        END_STRING
        STRING "REP LODSD", 32, MISSING - 8, 0
        mov dword [MISSING - 4], 99h
        rep lodsd
        END_STRING
        STRING "REPE CMPSB, source", 32, MISSING - 8, TARGET
        repe cmpsb
        END_STRING
        STRING "REPNE CMPSB, destination", 32, SOURCE + 1, MISSING - 8
        repne cmpsb
        END_STRING
        STRING "REPNE SCASB", 32, 0, MISSING - 8
        mov dword [MISSING - 8], 0
        mov dword [MISSING - 4], 0
        repne scasb
        END_STRING
        STRING "REPE SCASD", 32, 0, MISSING - 8
        xor eax, eax
        repe scasd
        END_STRING
        STRING "STD, REP MOVSB, destination", 32, SOURCE + 31, MISSING + 1000h + 15
        std
        rep movsb
        END_STRING
        STRING "STD, REP STOSD downwards", 32, 0, MISSING + 1000h + 12
        std
        rep stosd
        END_STRING
        STRING "STD, REP STOSD across pages downwards", 32, 0, MISSING + 1000h + 13
        std
        rep stosd
        END_STRING
        STRING "prefixes: EIP is that of the first", 3, SOURCE, MISSING
        db 26h, 66h, 0F3h, 0A5h
        END_STRING
        STRING "without REP nothing moves either", 3, SOURCE, MISSING
        movsb
        END_STRING
        STRING "REP INSB takes nothing from the port", 2, 0, MISSING
        mov al, 20h                     ; the 8042's command byte comes into its output buffer
        out 64h, al
        mov dl, 60h
.full:
        in al, 64h
        test al, 1
        jz .full
        mov al, 0
        rep insb
        END_STRING
        CASE "as it still has it"
        in al, 64h
        movzx ebx, al
        and ebx, 1
        in al, 60h
        call say_ebx
        SAY " "
        END_CASE
        STRING "REP INSD, an element across pages", 8, 0, MISSING - 11
        mov edx, 0CF8h
        mov eax, 80001234h
        out dx, eax
        rep insd
        END_STRING
        STRING "REP OUTSB", 8, MISSING - 3, 0
        mov edx, 80h
        rep outsb
        END_STRING

; The page comes, and the instruction goes on.
        STRING "REP MOVSB over two pages that come", 2000h, SOURCE, TARGET
        WITH_PAGES_COMING
        rep movsb
        END_PAGES_COMING
        STRING "REP MOVSD, not aligned", 700h, SOURCE + 3, TARGET + 1
        WITH_PAGES_COMING
        rep movsd
        END_PAGES_COMING
        STRING "STD, REP MOVSW", 0F80h, SOURCE + 1FF0h, TARGET + 1FF1h
        WITH_PAGES_COMING
        std
        rep movsw
        END_PAGES_COMING
        STRING "REP STOSD over pages that come", 800h, 0, TARGET
        WITH_PAGES_COMING
        rep stosd
        END_PAGES_COMING
        STRING "REPE CMPSB over pages that come", 1800h, SOURCE + 800h, SOURCE
        WITH_PAGES_COMING
        repe cmpsb
        END_PAGES_COMING
        STRING "REPNE SCASD over pages that come", 7FFh, 0, TARGET
        WITH_PAGES_COMING
        repne scasd
        END_PAGES_COMING
        STRING "REP LODSD over pages that come", 7FFh, SOURCE + 2, 0
        WITH_PAGES_COMING
        rep lodsd
        END_PAGES_COMING

; Limits half way.
        STRING "REP STOSB up to the limit", 1008h, 0, 0
        mov bx, SMALL
        mov es, bx
        rep stosb
        mov bx, DATA
        mov es, bx
        END_STRING
        STRING "REP STOSB beyond the limit", 1009h, 0, 0
        mov bx, SMALL
        mov es, bx
        rep stosb
        END_STRING
        STRING "REP STOSD beyond the limit", 403h, 0, 2
        mov bx, SMALL
        mov es, bx
        rep stosd
        END_STRING
        STRING "REP MOVSB, source beyond the limit", 20h, 0FF8h, TARGET
        mov bx, SMALL
        mov fs, bx
        fs rep movsb
        END_STRING
        STRING "REP MOVSB, source beyond the limit of SS", 20h, 0FF8h, TARGET
        mov bx, STACK_AT_TO
        mov ss, bx
        mov esp, 800h
        ss rep movsb
        END_STRING
        STRING "REP LODSB of a null segment", 1, SOURCE, 0
        xor ebx, ebx
        mov fs, bx
        fs rep lodsb
        END_STRING
        STRING "the override does not count for the destination", 4, SOURCE, TARGET
        xor ebx, ebx
        mov fs, bx
        fs rep stosd
        END_STRING
        STRING "ES null: REP STOSB with ECX 0", 0, 0, TARGET
        xor ebx, ebx
        mov es, bx
        rep stosb
        mov bx, DATA
        mov es, bx
        END_STRING
        STRING "STD, REP STOSB below offset 0", 20h, 0, 7
        mov bx, SMALL
        mov es, bx
        std
        rep stosb
        END_STRING

; Counts and address sizes.
        STRING "REPE CMPSB with ECX 0 leaves the flags", 0, SOURCE, SOURCE
        stc
        repe cmpsb
        END_STRING
        STRING "67 REP STOSB: CX counts, DI moves", 00010005h, 0, 0001FFFEh
        mov bx, LIMITED
        mov es, bx
        a16 rep stosb
        mov bx, DATA
        mov es, bx
        END_STRING
        STRING "67 REP STOSB with CX 0", 00010000h, 0, TARGET
        a16 rep stosb
        END_STRING
        STRING "67 REP STOSW at offset FFFF", 4, 0, 0FFFBh
        mov bx, LIMITED
        mov es, bx
        a16 rep stosw
        END_STRING
        STRING "67 REP MOVSB: SI wraps", 8, 0ABCDFFFCh, 0ABCD0000h | (TARGET & 0FFFFh)
        mov bx, LIMITED
        mov fs, bx
        mov es, bx
        a16 fs rep movsb
        mov bx, DATA
        mov es, bx
        END_STRING
        STRING "STD, 67 REP STOSB: DI wraps", 4, 0, 55550001h
        mov bx, LIMITED
        mov es, bx
        std
        a16 rep stosb
        cld
        mov bx, DATA
        mov es, bx
        END_STRING

; Conditions.
        STRING "REPE CMPSB to the difference", 100h, SOURCE, SOURCE + 100h
        mov byte [SOURCE + 120h], 0
        repe cmpsb
        END_STRING
        STRING "REPE CMPSB to the end", 20h, SOURCE, SOURCE + 100h
        repe cmpsb
        END_STRING
        STRING "REPE CMPSB, the last differs", 20h, SOURCE, SOURCE + 100h
        mov byte [SOURCE + 11Fh], 0
        repe cmpsb
        END_STRING
        STRING "REPNE CMPSB to the first equal", 100h, SOURCE, SOURCE + 1
        mov byte [SOURCE + 11h], 10h
        repne cmpsb
        END_STRING
        STRING "REPNE SCASB", 100h, 0, SOURCE
        repne scasb
        END_STRING
        STRING "REPE SCASW", 100h, 0, TARGET
        xor eax, eax
        mov word [TARGET + 40h], 1
        repe scasw
        END_STRING
        STRING "REPNE MOVSB is REP MOVSB", 10h, SOURCE, TARGET
        repne movsb
        END_STRING
        STRING "REPNE STOSD is REP STOSD", 10h, 0, TARGET
        repne stosd
        END_STRING
        STRING "F2 F3 MOVSB", 10h, SOURCE, TARGET
        db 0F2h, 0F3h, 0A4h
        END_STRING
        STRING "F3 F2 CMPSB: the last counts", 10h, SOURCE, SOURCE + 1
        db 0F3h, 0F2h, 0A6h
        END_STRING

; Overlapping.
        STRING "REP MOVSB to the next byte fills", 40h, TARGET, TARGET + 1
        mov byte [TARGET], 5Ah
        rep movsb
        END_STRING
        STRING "REP MOVSD to the next byte", 10h, TARGET, TARGET + 1
        mov dword [TARGET], 44332211h
        mov dword [TARGET + 4], 88776655h
        rep movsd
        END_STRING
        STRING "REP MOVSD to the next dword but for a byte", 10h, TARGET, TARGET + 3
        mov dword [TARGET], 44332211h
        mov dword [TARGET + 4], 88776655h
        rep movsd
        END_STRING
        STRING "REP MOVSB downwards in place", 40h, TARGET + 1, TARGET
        mov dword [TARGET + 20h], 44332211h
        rep movsb
        END_STRING
        STRING "STD, REP MOVSB to the byte before fills", 40h, TARGET + 40h, TARGET + 3Fh
        mov byte [TARGET + 40h], 5Ah
        std
        rep movsb
        END_STRING
        STRING "REP MOVSW to the next word across a page", 20h, TARGET + 0FF0h, TARGET + 0FF2h
        mov word [TARGET + 0FF0h], 0A55Ah
        rep movsw
        END_STRING
        STRING "REP MOVSB onto itself", 40h, TARGET, TARGET
        mov byte [TARGET + 7], 0A5h
        rep movsb
        END_STRING

        END_FAULTS
