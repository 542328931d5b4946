//! System instructions.

/// Privileged instructions, descriptor tables, identification.
pub const SYSTEM: &str = "
clts - 0f 06 @2
cpuid - 0f a2 @5
invd - 0f 08 @4
invlpg m m 0f 01 /7 @4
lar r16,m rm o16 0f 02 /r w @2
lar r16,r# rm o16 0f 02 /r @2
lar r32,m rm o32 0f 02 /r w @3
lar r32,r# rm o32 0f 02 /r @3
lsl r16,m rm o16 0f 03 /r w @2
lsl r16,r# rm o16 0f 03 /r @2
lsl r32,m rm o32 0f 03 /r w @3
lsl r32,r# rm o32 0f 03 /r @3
lgdt m m 0f 01 /2 @2
lidt m m 0f 01 /3 @2
sgdt m m 0f 01 /0 @2
sidt m m 0f 01 /1 @2
lldt m m 0f 00 /2 @2
lldt m16 m 0f 00 /2 @2
lldt r16 m 0f 00 /2 @2
ltr m m 0f 00 /3 @2
ltr m16 m 0f 00 /3 @2
ltr r16 m 0f 00 /3 @2
lmsw m m 0f 01 /6 @2
lmsw m16 m 0f 01 /6 @2
lmsw r16 m 0f 01 /6 @2
sldt m m 0f 00 /0 @2
sldt m16 m 0f 00 /0 @2
sldt r# m o# 0f 00 /0 @2
smsw m m 0f 01 /4 @2
smsw m16 m 0f 01 /4 @2
smsw r# m o# 0f 01 /4 @2
str m m 0f 00 /1 @2
str m16 m 0f 00 /1 @2
str r# m o# 0f 00 /1 @2
verr m m 0f 00 /4 @2
verr m16 m 0f 00 /4 @2
verr r16 m 0f 00 /4 @2
verw m m 0f 00 /5 @2
verw m16 m 0f 00 /5 @2
verw r16 m 0f 00 /5 @2
rdmsr - 0f 32 @5
rdpmc - 0f 33 @6
rdtsc - 0f 31 @5
rsm - 0f aa @5
sysenter - 0f 34 @6
sysexit - 0f 35 @6
ud0 - 0f ff @1
ud0 r#,rm# rm o# 0f ff /r @1
ud1 r#,rm# rm o# 0f b9 /r @1
ud1 - 0f b9 @1
ud2 - 0f 0b @1
ud2a - 0f 0b @1
ud2b - 0f b9 @1
ud2b r#,rm# rm o# 0f b9 /r @1
wbinvd - 0f 09 @4
wrmsr - 0f 30 @5
fxsave m m 0f ae /0 @6
fxrstor m m 0f ae /1 @6
clflush m m 0f ae /7 @8
lfence - 0f ae e8 @8
mfence - 0f ae f0 @8
sfence - 0f ae f8 @7
prefetchnta m m 0f 18 /0 b @7
prefetcht0 m m 0f 18 /1 b @7
prefetcht1 m m 0f 18 /2 b @7
prefetcht2 m m 0f 18 /3 b @7
";
