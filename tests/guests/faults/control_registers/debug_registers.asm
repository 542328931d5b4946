; Debug registers: bits that are always 0 or 1, DR4 and DR5 with and without CR4.DE, privilege, general detect (SDM volume 3B,
; 17.2 and 17.2.2; volume 2, MOV to and from debug registers).

%define GUEST "debug_registers"
%include "faults.inc"
%include "attempts.inc"

%macro TRY_DR 3                         ; name, register, value
        CASE %1
        mov eax, %3
        mov %2, eax
        mov ebx, %2
        mov eax, 400h
        mov dr7, eax
        call say_ebx
        SAY " "
        END_CASE
%endmacro

        jmp start_of_cases

; With GD set this is #DB, and GD is clear.
disarm:
        mov eax, 400h
        mov dr7, eax
        ret

say_dr6_dr7:
        SAY " dr6="
        mov eax, dr6
        call say_hex32
        SAY " dr7="
        mov eax, dr7
        call say_hex32
        mov eax, 0FFFF0FF0h
        mov dr6, eax
        ret

start_of_cases:
        TRY_DR "DR0", dr0, 0FEDCBA98h
        TRY_DR "DR1", dr1, 0FEDCBA98h
        TRY_DR "DR2", dr2, 0FEDCBA98h
        TRY_DR "DR3", dr3, 0FEDCBA98h
        TRY_DR "DR6, all bits set", dr6, 0FFFFFFFFh
        TRY_DR "DR6, all bits clear", dr6, 0
        TRY_DR "DR7, all bits clear", dr7, 0
        ; The breakpoints lie where nothing is.
        TRY_DR "DR7, all bits set but GD", dr7, 0FFFFDFFFh
        CASE "DR4 is DR6 without CR4.DE"
        mov eax, 0FFFF0FF3h
        mov dr6, eax
        db 0Fh, 21h, 0E3h               ; MOV EBX, DR4
        call say_ebx
        SAY " "
        END_CASE
        CASE "DR5 is DR7"
        mov eax, 155h & ~0FFh | 400h
        db 0Fh, 23h, 0E8h               ; MOV DR5, EAX
        mov ebx, dr7
        call say_ebx
        mov eax, 400h
        mov dr7, eax
        SAY " "
        END_CASE
        mov eax, 8
        mov cr4, eax
        CASE "MOV from DR4 with CR4.DE"
        db 0Fh, 21h, 0E3h
        END_CASE
        CASE "MOV from DR5 with CR4.DE"
        db 0Fh, 21h, 0EBh
        END_CASE
        CASE "MOV to DR4 with CR4.DE"
        db 0Fh, 23h, 0E0h
        END_CASE
        CASE "MOV to DR5 with CR4.DE"
        db 0Fh, 23h, 0E8h
        END_CASE
        CASE "MOV from DR4 with CR4.DE and DR7.GD"
        mov eax, 2400h
        mov dr7, eax
        db 0Fh, 21h, 0E3h
        END_CASE
        mov eax, disarm
        call attempt
        CASE "DR7.GD, MOV from DR6"
        ALSO say_dr6_dr7
        mov eax, 0FFFF0FF0h
        mov dr6, eax
        mov eax, 2400h
        mov dr7, eax
        mov eax, dr6
        END_CASE
        CASE "DR7.GD, MOV to DR0"
        ALSO say_dr6_dr7
        mov eax, 2400h
        mov dr7, eax
        mov dr0, eax
        END_CASE
        CASE "DR7.GD, MOV from DR7"
        ALSO say_dr6_dr7
        mov eax, 2400h
        mov dr7, eax
        mov eax, dr7
        END_CASE
        CASE "DR7.GD, MOV to DR3 in ring 3"
        mov eax, 2400h
        mov dr7, eax
        ENTER_RING3 .ring3
.ring3:
        mov dr3, eax
        int 80h
        END_CASE
        mov eax, disarm
        call attempt
        CASE "no GD any more"
        mov eax, 400h
        mov dr7, eax
        END_CASE

%macro RING3_DR 2
  %assign n 0
  %rep 8
        CASE "ring 3, MOV ", %1, '0' + n
        ENTER_RING3 %%ring3 %+ n
%%ring3 %+ n:
        db 0Fh, %2, 0C0h + 8 * n
        int 80h
        END_CASE
    %assign n n + 1
  %endrep
%endmacro
        xor eax, eax
        mov cr4, eax
        RING3_DR "EAX, DR", 21h
        RING3_DR "EAX to DR", 23h

        CASE "ModRM bits 7-6 do not matter"
        mov ebx, 12345678h
        mov dr1, ebx
        db 0Fh, 21h, 08h                ; MOV EAX, DR1 with 00, 01 and 10
        mov ebx, eax
        call say_ebx
        xor ebx, ebx
        db 0Fh, 21h, 4Bh                ; EBX
        call say_ebx
        xor eax, eax
        db 0Fh, 21h, 88h
        mov ebx, eax
        call say_ebx
        SAY " "
        END_CASE
        CASE "LOCK MOV EAX, DR0"
        db 0F0h, 0Fh, 21h, 0C0h
        END_CASE

        END_FAULTS
