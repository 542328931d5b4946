; Paging: addresses go through a directory and a table of pages of 4 KiB. Touching one that is not mapped raises a page
; fault; the handler finds a frame, maps it, and the instruction runs again as if nothing had been.

%define GUEST "paging"
%include "boot32.inc"

        MAIN_PROTECTED protected

        FLAT_GDT
        TABLE_END gdt


        align 8
idt:
        EXCEPTION_GATES CODE
        TABLE_END idt

; Bits of a page-table entry (SDM volume 3, 4.3).
P_PRESENT       equ 001h
P_WRITABLE      equ 002h
P_ACCESSED      equ 020h
P_DIRTY         equ 040h
P_LARGE         equ 080h                ; in the directory: 4 MiB at once, without a table
; Bits of a page fault's error code.
E_PRESENT       equ 1                   ; the page is there, but does not allow this
E_WRITE         equ 2
CR0_PAGING      equ 80000000h
CR0_WRITE_PROTECT equ 00010000h
CR4_LARGE_PAGES equ 10h

; Physical memory.
DIRECTORY       equ 100000h
LOW_TABLE       equ 101000h             ; maps the first 4 MiB to themselves
DEMAND_TABLE    equ 102000h
FIRST_FRAME     equ 200000h             ; frames are handed out from here

; Linear addresses.
DEMAND          equ 40000000h
DEMAND_PAGES    equ 64                  ; may be mapped on demand; a touch outside is an error
LARGE           equ 80000000h           ; the first 4 MiB again, by one large page
WINDOW          equ DEMAND + 100000h    ; pages that the tests map by hand

        bits 32
protected:
        call report_init
        lidt [idt_pointer]
        call make_tables
        mov eax, DIRECTORY
        mov cr3, eax
        mov eax, cr4
        or eax, CR4_LARGE_PAGES
        mov cr4, eax
        mov eax, cr0
        or eax, CR0_PAGING
        mov cr0, eax
        jmp .paging                     ; the same instructions: this memory is mapped to itself
.paging:
        SAY "Paging is on.", 10
        call test_demand
        call test_across
        call test_accessed_dirty
        call test_write_protect
        call test_alias
        call test_large
        SAY "page faults: "
        mov eax, [faults]
        call say_decimal
        SAY 10
        OK
.forever:
        hlt
        jmp .forever

make_tables:
        mov edi, DIRECTORY
        mov ecx, 3 * 1024               ; directory and both tables: nothing is present
        xor eax, eax
        rep stosd
        mov dword [DIRECTORY], LOW_TABLE | P_PRESENT | P_WRITABLE
        mov dword [DIRECTORY + (DEMAND >> 22) * 4], DEMAND_TABLE | P_PRESENT | P_WRITABLE
        mov dword [DIRECTORY + (LARGE >> 22) * 4], P_PRESENT | P_WRITABLE | P_LARGE
        mov edi, LOW_TABLE
        mov eax, P_PRESENT | P_WRITABLE
        mov ecx, 1024
.next:
        stosd
        add eax, 1000h
        loop .next
        ret

        EXCEPTION_STUBS

; A page fault tells the address in CR2 and the circumstances in its error code.
exception:
        mov ebp, esp
        cmp dword [ebp + FRAME_VECTOR], 14
        jne .unexpected
        inc dword [faults]
        mov eax, cr2
        mov ecx, [ebp + FRAME_ERROR]
        mov [last_address], eax
        mov [last_error], ecx
        test ecx, E_PRESENT
        jnz .forbidden
        mov edx, eax
        sub edx, DEMAND
        cmp edx, DEMAND_PAGES * 1000h
        jae .outside
        ; Take the next frame, clear it, enter it. Nothing was cached of an entry that was not present: no INVLPG.
        mov edi, [next_frame]
        add dword [next_frame], 1000h
        shr edx, 12
        mov ebx, edi
        or ebx, P_PRESENT | P_WRITABLE
        xor eax, eax
        mov ecx, 1024
        rep stosd
        mov [DEMAND_TABLE + edx * 4], ebx
        END_EXCEPTION
.forbidden:
        ; A write to a page that is read-only: allow it from now on, if a test has asked for that.
        cmp byte [unprotect], 1
        jne .outside
        mov edx, eax
        sub edx, DEMAND
        shr edx, 12
        or dword [DEMAND_TABLE + edx * 4], P_WRITABLE
        invlpg [eax]                    ; the CPU may keep the old entry in its translation cache
        END_EXCEPTION
.outside:
        SAY "address "
        call say_hex32
        SAY " error "
        mov eax, [ebp + FRAME_ERROR]
        call say_hex8
        SAY 10
        FAIL "a page fault that should not be"
.unexpected:
        mov eax, [ebp + FRAME_VECTOR]
        call say_hex8
        FAIL " is an exception that should not be"

; Each page of the region is written once: one fault a page, and all values are there afterwards.
test_demand:
        xor ecx, ecx
.write:
        mov eax, ecx
        shl eax, 12
        mov [DEMAND + eax + ecx * 4], ecx
        inc ecx
        cmp ecx, DEMAND_PAGES - 2       ; two are left for the next test
        jb .write
        cmp dword [faults], DEMAND_PAGES - 2
        jne .failed
        cmp dword [last_error], E_WRITE
        jne .failed
        xor ecx, ecx
.read:
        mov eax, ecx
        shl eax, 12
        cmp [DEMAND + eax + ecx * 4], ecx
        jne .failed
        inc ecx
        cmp ecx, DEMAND_PAGES - 2
        jb .read
        cmp dword [faults], DEMAND_PAGES - 2
        jne .failed
        ret
.failed:
        FAIL "mapping on demand"

; A store of 4 bytes over the border of two pages, none of them mapped; then a string instruction that is interrupted.
test_across:
        mov ebx, DEMAND + (DEMAND_PAGES - 1) * 1000h
        mov dword [ebx - 2], 11223344h
        cmp dword [faults], DEMAND_PAGES
        jne .failed
        cmp word [ebx - 2], 3344h
        jne .failed
        cmp word [ebx], 1122h
        jne .failed
        ; Take the second page away: REP STOSD must stop there, and go on where it stopped.
        mov dword [DEMAND_TABLE + (DEMAND_PAGES - 1) * 4], 0
        invlpg [ebx]
        lea edi, [ebx - 64]
        mov ecx, 32
        mov eax, 0A5A5A5A5h
        rep stosd
        test ecx, ecx
        jnz .failed
        cmp dword [faults], DEMAND_PAGES + 1
        jne .failed
        cmp [last_address], ebx
        jne .failed
        lea edi, [ebx - 64]
        mov ecx, 32
        repe scasd
        jne .failed
        ret
.failed:
        FAIL "an access over two pages"

; The CPU notes in the entry that a page was read (accessed) or written (dirty).
test_accessed_dirty:
        mov ebx, DEMAND_TABLE + (WINDOW - DEMAND) / 1000h * 4
        mov dword [ebx], FIRST_FRAME | P_PRESENT | P_WRITABLE
        mov eax, [ebx]
        test eax, P_ACCESSED | P_DIRTY
        jnz .failed
        mov ecx, [WINDOW]
        mov eax, [ebx]
        and eax, P_ACCESSED | P_DIRTY
        cmp eax, P_ACCESSED
        jne .failed
        mov [WINDOW], ecx
        test dword [ebx], P_DIRTY
        jz .failed
        ret
.failed:
        FAIL "accessed and dirty bits"

; Ring 0 may write to read-only pages, unless CR0.WP says otherwise.
test_write_protect:
        mov ebx, DEMAND_TABLE + (WINDOW - DEMAND) / 1000h * 4
        mov dword [ebx], FIRST_FRAME | P_PRESENT
        invlpg [WINDOW]
        mov esi, [faults]
        mov dword [WINDOW + 4], 1
        cmp [faults], esi
        jne .failed
        mov eax, cr0
        or eax, CR0_WRITE_PROTECT
        mov cr0, eax
        invlpg [WINDOW]
        mov byte [unprotect], 1
        mov dword [WINDOW + 4], 2
        mov byte [unprotect], 0
        inc esi
        cmp [faults], esi
        jne .failed
        cmp dword [last_error], E_PRESENT | E_WRITE
        jne .failed
        cmp dword [last_address], WINDOW + 4
        jne .failed
        cmp dword [WINDOW + 4], 2
        jne .failed
        ret
.failed:
        FAIL "write protection"

; Two linear pages, one frame; and a page that is moved to another frame under the CPU's eyes.
test_alias:
        mov ebx, DEMAND_TABLE + (WINDOW - DEMAND) / 1000h * 4
        mov dword [ebx + 4], (FIRST_FRAME + 1000h) | P_PRESENT | P_WRITABLE
        mov dword [ebx + 8], (FIRST_FRAME + 1000h) | P_PRESENT | P_WRITABLE
        mov dword [WINDOW + 1008h], 0CAFEh
        cmp dword [WINDOW + 2008h], 0CAFEh
        jne .failed
        mov dword [ebx + 8], (FIRST_FRAME + 2000h) | P_PRESENT | P_WRITABLE
        invlpg [WINDOW + 2000h]
        cmp dword [WINDOW + 2008h], 2   ; the region's third frame: page 2 has a 2 there
        jne .failed
        ret
.failed:
        FAIL "two names for one frame"

; One entry of the directory maps 4 MiB: our own boot sector is seen again at its end.
test_large:
        cmp word [LARGE + 7C00h + 510], 0AA55h
        jne .failed
        mov dword [LARGE + FIRST_FRAME + 3000h], 77777777h
        cmp dword [FIRST_FRAME + 3000h], 77777777h
        jne .failed
        test dword [DIRECTORY + (LARGE >> 22) * 4], P_DIRTY
        jz .failed
        ret
.failed:
        FAIL "a page of 4 MiB"

faults:         dd 0
last_address:   dd 0
last_error:     dd 0
next_frame:     dd FIRST_FRAME
unprotect:      db 0

        END_OF_IMAGE
