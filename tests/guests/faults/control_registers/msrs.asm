; Model-specific registers: which bits are reserved (WRMSR of one is #GP(0) and writes nothing), which registers are not there
; or can only be read (SDM volume 2, RDMSR and WRMSR; volume 4, chapter 2; volume 3A, 11.11 and 11.12).

%define GUEST "msrs"
%include "faults.inc"
%include "attempts.inc"

        jmp start_of_cases

number:         dd 0
value:          dq 0
bit:            dd 0

write_msr:
        mov ecx, [number]
        mov eax, [value]
        mov edx, [value + 4]
        wrmsr
        ret

read_msr:
        mov ecx, [number]
        rdmsr
        mov [value], eax
        mov [value + 4], edx
        ret

; Changes each bit alone; the marks are those that are refused. What could be written is undone at once.
each_bit:
        mov eax, read_msr
        call attempt
        push dword [value]
        push dword [value + 4]
        mov dword [bit], 0
.next:
        mov ecx, [bit]
        btc dword [value], ecx
        mov eax, write_msr
        call attempt
        MARK_VECTOR 13
        mov eax, [esp + 4]
        mov [value], eax
        mov eax, [esp]
        mov [value + 4], eax
        mov eax, write_msr
        call attempt
        inc dword [bit]
        cmp dword [bit], 64
        jb .next
        add esp, 8
        jmp say_marks

%macro BITS_OF 2
        CASE %1
        mov dword [number], %2
        call each_bit
        SAY " "
        END_CASE
%endmacro

%macro READ 1
  %defstr name %1
        CASE "RDMSR ", name
        mov eax, 11111111h
        mov edx, eax
        mov ecx, %1
        rdmsr
        END_CASE
%endmacro

%macro WRITE 4                          ; name, number, EDX, EAX
        CASE %1
        mov ecx, %2
        mov edx, %3
        mov eax, %4
        wrmsr
        END_CASE
%endmacro

say_pat:
        mov ecx, 277h
        rdmsr
        SAY " pat="
        xchg eax, edx
        call say_hex32
        mov eax, edx
        jmp say_hex32

say_eax_edx:
        SAY " eax="
        mov eax, [ebp + FRAME_EAX]
        call say_hex32
        SAY " edx="
        mov eax, [ebp + FRAME_EDX]
        jmp say_hex32

start_of_cases:
        BITS_OF "bits of IA32_APIC_BASE", 1Bh
        BITS_OF "bits of IA32_EFER", 0C0000080h
        BITS_OF "bits of IA32_MTRR_PHYSBASE0", 200h
        BITS_OF "bits of IA32_MTRR_PHYSMASK0", 201h
        BITS_OF "bits of IA32_MTRR_PHYSBASE7", 20Eh
        BITS_OF "bits of IA32_MTRR_PHYSMASK7", 20Fh
        BITS_OF "bits of IA32_MTRR_DEF_TYPE", 2FFh

%macro TYPES 3                          ; name, number, shift
        CASE %1
        mov dword [number], %2
        mov eax, read_msr
        call attempt
        mov dword [bit], 0
%%each:
        mov al, [bit]
        mov byte [value + %3], al
        mov eax, write_msr
        call attempt
        MARK_VECTOR 13
        inc dword [bit]
        cmp dword [bit], 16
        jb %%each
        mov byte [value + %3], 6
        mov eax, write_msr
        call attempt
        call say_marks
        SAY " "
        END_CASE
%endmacro
        TYPES "memory types 0 to 15 in IA32_PAT, entry 0", 277h, 0
        TYPES "memory types 0 to 15 in IA32_PAT, entry 5", 277h, 5
        TYPES "memory types 0 to 15 in IA32_MTRR_FIX64K_00000, first range", 250h, 0
        TYPES "memory types 0 to 15 in IA32_MTRR_FIX4K_F8000, last range", 26Fh, 7
        TYPES "memory types 0 to 15 in IA32_MTRR_PHYSBASE3", 206h, 0

        CASE "IA32_PAT keeps its value when a write faults"
        ALSO say_pat
        mov ecx, 277h
        mov eax, 00070406h
        mov edx, 00070406h
        wrmsr
        mov eax, 02020202h
        wrmsr
        END_CASE

        READ 2
        READ 0Fh
        READ 79h
        READ 0FFh
        READ 173h
        READ 177h
        READ 1FFh
        READ 210h
        READ 251h
        READ 270h
        READ 300h
        READ 40000000h
        READ 0C0000081h
        READ 0C0000100h
        READ 0C0010000h
        READ 0FFFFFFFFh
        CASE "a fault of RDMSR leaves EAX and EDX"
        ALSO say_eax_edx
        mov eax, 12345678h
        mov edx, 9ABCDEF0h
        mov ecx, 173h
        rdmsr
        END_CASE
        WRITE "WRMSR 173h", 173h, 0, 0
        WRITE "WRMSR 0FFFFFFFFh", 0FFFFFFFFh, 0, 0
        WRITE "WRMSR IA32_MTRRCAP, which can only be read", 0FEh, 0, 508h
        WRITE "WRMSR IA32_PLATFORM_ID, which can only be read", 17h, 0, 0
        WRITE "WRMSR IA32_MCG_CAP, which can only be read", 179h, 0, 0
        WRITE "WRMSR IA32_MCG_STATUS, not zero", 17Ah, 0, 4
        WRITE "WRMSR IA32_MCG_STATUS, zero", 17Ah, 0, 0

        CASE "RDMSR in ring 3"
        mov ecx, 10h
        ENTER_RING3 .rdmsr3
.rdmsr3:
        rdmsr
        int 80h
        END_CASE
        CASE "WRMSR in ring 3"
        mov ecx, 10h
        ENTER_RING3 .wrmsr3
.wrmsr3:
        wrmsr
        int 80h
        END_CASE
        CASE "RDMSR of one that is not there, in ring 3"
        mov ecx, 173h
        ENTER_RING3 .rdmsr3x
.rdmsr3x:
        rdmsr
        int 80h
        END_CASE
        CASE "RDTSC in ring 3"
        ENTER_RING3 .rdtsc
.rdtsc:
        rdtsc
        int 80h
        END_CASE
        mov eax, 4                      ; CR4.TSD
        mov cr4, eax
        CASE "RDTSC in ring 3, CR4.TSD set"
        ENTER_RING3 .rdtsc2
.rdtsc2:
        rdtsc
        int 80h
        END_CASE
        CASE "RDTSC in ring 0, CR4.TSD set"
        rdtsc
        END_CASE
        xor eax, eax
        mov cr4, eax
        CASE "RDPMC in ring 3"
        xor ecx, ecx
        ENTER_RING3 .rdpmc
.rdpmc:
        rdpmc
        int 80h
        END_CASE
        CASE "RDPMC of a counter that is not there"
        mov ecx, 2
        rdpmc
        END_CASE
        CASE "CPUID in ring 3"
        ENTER_RING3 .cpuid
.cpuid:
        cpuid
        int 80h
        END_CASE

        END_FAULTS
