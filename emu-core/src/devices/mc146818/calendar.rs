//! The calendar: time registers in their number formats, and how the chip moves them on by a second.

use super::spec::*;

/// Reads and writes time registers as register B says.
#[derive(Clone, Copy)]
pub(super) struct Format {
    binary: bool,
    hours_24: bool,
}

impl Format {
    /// The format register B selects.
    pub fn of(b: u8) -> Self {
        Self { binary: b & B_BINARY != 0, hours_24: b & B_24_HOURS != 0 }
    }

    /// Value of a register.
    pub fn decode(self, byte: u8) -> u8 {
        if self.binary { byte } else { (byte >> 4).wrapping_mul(10).wrapping_add(byte & 15) }
    }

    /// Register for a value of 0-99.
    pub fn encode(self, value: u8) -> u8 {
        if self.binary { value } else { ((value / 10 % 10) << 4) | (value % 10) }
    }

    /// Hour of the day, 0-23, of an hours register.
    pub fn decode_hour(self, byte: u8) -> u8 {
        if self.hours_24 {
            return self.decode(byte);
        }
        self.decode(byte & !PM) % 12 + if byte & PM != 0 { 12 } else { 0 }
    }

    /// Hours register of an hour of the day.
    pub fn encode_hour(self, hour: u8) -> u8 {
        if self.hours_24 {
            return self.encode(hour);
        }
        let twelve = (hour + 11) % 12 + 1;
        self.encode(twelve) | if hour >= 12 { PM } else { 0 }
    }
}

/// Puts a Unix time (seconds since 1970-01-01 00:00 UTC) into the time registers.
pub(super) fn set_unix(ram: &mut [u8], format: Format, unix_seconds: u64) {
    let (days, second) = (unix_seconds / 86_400, unix_seconds % 86_400);
    let (year, month, day) = civil_from_days(days);
    ram[SECONDS] = format.encode((second % 60) as u8);
    ram[MINUTES] = format.encode((second / 60 % 60) as u8);
    ram[HOURS] = format.encode_hour((second / 3600) as u8);
    // Day 0 was a Thursday.
    ram[DAY_OF_WEEK] = format.encode(((days + 4) % 7) as u8 + 1);
    ram[DAY] = format.encode(day);
    ram[MONTH] = format.encode(month);
    ram[YEAR] = format.encode((year % 100) as u8);
    ram[CENTURY] = format.encode((year / 100 % 100) as u8);
}

/// Year, month and day of a day since 1970-01-01.
fn civil_from_days(days: u64) -> (u64, u8, u8) {
    // 400 Gregorian years have 146 097 days; start at 2000-03-01's cycle by way of 1600-03-01 (day -135 080).
    let from_1600 = days.saturating_add(135_080);
    let (mut year, mut rest) = (1600 + from_1600 / 146_097 * 400, from_1600 % 146_097);
    // Years from March to February: the leap day comes last.
    let centuries = (rest / 36_524).min(3);
    rest -= centuries * 36_524;
    let quads = rest / 1461;
    rest -= quads * 1461;
    let years = (rest / 365).min(3);
    rest -= years * 365;
    year += centuries * 100 + quads * 4 + years;
    // Months from March: 153 days in every five.
    let month = (5 * rest + 2) / 153;
    let day = rest - (153 * month + 2) / 5 + 1;
    let calendar_month = if month < 10 { month + 3 } else { month - 9 };
    (year + u64::from(month >= 10), calendar_month as u8, day as u8)
}

/// One update cycle: a second more, with all carries. Values out of range carry like the largest in range.
/// `set_back` remembers that October's extra hour was given already.
pub(super) fn add_second(ram: &mut [u8], b: u8, set_back: &mut bool) {
    let format = Format::of(b);
    if b & B_DST != 0 && daylight_saving(ram, format, set_back) {
        return;
    }
    if carry(ram, SECONDS, format, 59, 0) && carry(ram, MINUTES, format, 59, 0) && carry_hour(ram, format) {
        carry(ram, DAY_OF_WEEK, format, 7, 1);
        let last = days_in_month(ram, format);
        if carry(ram, DAY, format, last, 1)
            && carry(ram, MONTH, format, 12, 1)
            && carry(ram, YEAR, format, 99, 0)
        {
            carry(ram, CENTURY, format, 99, 0);
        }
    }
}

/// Adds one to a register that runs to `last` and then starts over at `first`; whether it did.
fn carry(ram: &mut [u8], register: usize, format: Format, last: u8, first: u8) -> bool {
    let value = format.decode(ram[register]);
    let over = value >= last;
    ram[register] = format.encode(if over { first } else { value + 1 });
    over
}

fn carry_hour(ram: &mut [u8], format: Format) -> bool {
    let hour = format.decode_hour(ram[HOURS]);
    let over = hour >= 23;
    ram[HOURS] = format.encode_hour(if over { 0 } else { hour + 1 });
    over
}

fn days_in_month(ram: &[u8], format: Format) -> u8 {
    let year = u16::from(format.decode(ram[YEAR])) + 100 * u16::from(format.decode(ram[CENTURY]));
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match format.decode(ram[MONTH]) {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The two special updates (data sheet, "DSE"): on April's last Sunday 1:59:59 is followed by 3:00:00, on October's by
/// 1:00:00, the first time.
fn daylight_saving(ram: &mut [u8], format: Format, set_back: &mut bool) -> bool {
    let value = |register: usize| format.decode(ram[register]);
    let last_second = value(SECONDS) == 59 && value(MINUTES) == 59 && format.decode_hour(ram[HOURS]) == 1;
    if !last_second {
        return false;
    }
    let (sunday, month, day) = (value(DAY_OF_WEEK) == 1, value(MONTH), value(DAY));
    let spring = sunday && month == 4 && day > 23;
    let autumn = sunday && month == 10 && day > 24 && !*set_back;
    *set_back = autumn;
    if spring || autumn {
        ram[SECONDS] = format.encode(0);
        ram[MINUTES] = format.encode(0);
        ram[HOURS] = format.encode_hour(if spring { 3 } else { 1 });
    }
    spring || autumn
}

#[cfg(test)]
mod tests {
    use super::*;

    const BCD_24: u8 = B_24_HOURS;

    /// "YYYY-MM-DD hh:mm:ss w" of the registers.
    fn shown(ram: &[u8], b: u8) -> String {
        let f = Format::of(b);
        let v = |r: usize| f.decode(ram[r]);
        format!(
            "{:02}{:02}-{:02}-{:02} {:02}:{:02}:{:02} {}",
            v(CENTURY),
            v(YEAR),
            v(MONTH),
            v(DAY),
            f.decode_hour(ram[HOURS]),
            v(MINUTES),
            v(SECONDS),
            v(DAY_OF_WEEK)
        )
    }

    #[test]
    fn unix_times_as_the_date_command_gives_them() {
        for (unix, text) in [
            (0, "1970-01-01 00:00:00 5"),
            (951_782_399, "2000-02-28 23:59:59 2"),
            (951_868_799, "2000-02-29 23:59:59 3"),
            (1_700_000_000, "2023-11-14 22:13:20 3"),
            (4_107_542_400, "2100-03-01 00:00:00 2"),
        ] {
            for b in [BCD_24, B_BINARY, B_BINARY | B_24_HOURS, 0] {
                let mut ram = [0; 128];
                set_unix(&mut ram, Format::of(b), unix);
                assert_eq!(shown(&ram, b), text);
            }
        }
    }

    #[test]
    fn seconds_added_one_by_one_agree_with_the_conversion() {
        // Around every midnight of a few years, in each format.
        for b in [BCD_24, B_BINARY, 0] {
            for day in (0..1600).chain(10_950..11_100).chain(47_400..47_600) {
                let midnight: u64 = day * 86_400;
                let (mut ram, mut expected) = ([0; 128], [0; 128]);
                set_unix(&mut ram, Format::of(b), midnight + 86_399);
                add_second(&mut ram, b, &mut false);
                set_unix(&mut expected, Format::of(b), midnight + 86_400);
                assert_eq!(shown(&ram, b), shown(&expected, b));
            }
        }
    }

    #[test]
    fn twelve_hour_registers() {
        let f = Format::of(0);
        for (hour, byte) in [(0, 0x12), (1, 0x01), (11, 0x11), (12, 0x92), (13, 0x81), (23, 0x91)] {
            assert_eq!((f.encode_hour(hour), f.decode_hour(byte)), (byte, hour));
        }
    }

    #[test]
    fn daylight_saving_skips_and_repeats_an_hour() {
        let b = BCD_24 | B_DST;
        let mut ram = [0; 128];
        // 1986-04-27, a Sunday.
        set_unix(&mut ram, Format::of(b), 515_037_599 - 5 * 3600 - 3 * 86_400);
        ram[HOURS..=DAY].copy_from_slice(&[1, 0, 1, 0x27]);
        (ram[MONTH], ram[MINUTES], ram[SECONDS]) = (4, 0x59, 0x59);
        let mut set_back = false;
        add_second(&mut ram, b, &mut set_back);
        assert_eq!((ram[HOURS], ram[MINUTES], ram[SECONDS]), (3, 0, 0));
        for expected in [1, 2] {
            (ram[MONTH], ram[DAY], ram[HOURS], ram[MINUTES], ram[SECONDS]) = (0x10, 0x26, 1, 0x59, 0x59);
            add_second(&mut ram, b, &mut set_back);
            assert_eq!((ram[HOURS], ram[MINUTES], ram[SECONDS]), (expected, 0, 0));
        }
    }

    #[test]
    fn nonsense_in_the_registers_does_no_harm() {
        for byte in 0..=255 {
            for b in [0, B_BINARY, B_24_HOURS, B_BINARY | B_24_HOURS | B_DST] {
                let mut ram = [byte; 128];
                for _ in 0..3 {
                    add_second(&mut ram, b, &mut false);
                }
            }
        }
    }
}
