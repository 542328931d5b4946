//! A bus with some devices and pins to pull, and what they show as short texts.

use emu_core::bus::view::{RegisterGroup, RegisterView};
use emu_core::bus::{Bus, Cx, Device, Line, LineOut, LoadError, Wiring};
use emu_core::mem::Memory;

/// Drives the ISA interrupt lines as cards would.
#[derive(Default)]
struct Pins {
    outs: Vec<LineOut>,
}

impl Device for Pins {
    fn name(&self) -> &'static str {
        "pins"
    }

    fn wire(&mut self, wiring: &mut Wiring<'_>) {
        self.outs = (0..16).map(|irq| wiring.drive(Line::isa(irq))).collect();
    }

    fn reset(&mut self, _cx: &mut Cx) {}

    fn save(&self) -> Vec<u8> {
        Vec::new()
    }

    fn load(&mut self, _cx: &mut Cx, _bytes: &[u8]) -> Result<(), LoadError> {
        Ok(())
    }
}

/// Devices on a bus, without a CPU.
pub struct Board {
    pub bus: Bus,
}

impl Board {
    pub fn of(devices: Vec<Box<dyn Device>>) -> Self {
        let mut bus = Bus::new(Memory::new(4 << 20, 1 << 20));
        for device in devices {
            bus.attach(device);
        }
        bus.attach(Box::<Pins>::default());
        bus.reset();
        Self { bus }
    }

    pub fn out(&mut self, writes: &[(u16, u8)]) {
        for &(port, value) in writes {
            self.bus.port_write(port, 1, u32::from(value));
        }
    }

    pub fn inb(&mut self, port: u16) -> u8 {
        self.bus.port_read(port, 1) as u8
    }

    /// A level on an ISA interrupt line.
    pub fn irq(&mut self, irq: usize, level: bool) {
        self.bus.with::<Pins, _>(|pins, cx| cx.lines.set(pins.outs[irq], level)).expect("they are attached");
    }

    /// Virtual time goes by, with all that is due.
    pub fn pass(&mut self, ns: u64) {
        let end = self.bus.cx.now + ns;
        while self.bus.cx.timers.next() <= end {
            let next = self.bus.cx.timers.next();
            self.bus.run_timers(next);
        }
        self.bus.cx.now = end;
    }

    /// A register of a PCI function's configuration space, as the bus reaches it.
    pub fn config(&mut self, device: u32, function: u32, register: u32, size: u8) -> u32 {
        self.bus.port_write(0xCF8, 4, 1 << 31 | device << 11 | function << 8 | register & !3);
        self.bus.port_read(0xCFC + (register & 3) as u16, size)
    }

    pub fn set_config(&mut self, device: u32, function: u32, register: u32, size: u8, value: u32) {
        self.bus.port_write(0xCF8, 4, 1 << 31 | device << 11 | function << 8 | register & !3);
        self.bus.port_write(0xCFC + (register & 3) as u16, size, value);
    }

    /// All that a device shows. Nothing of any device, line or timer is another after it.
    pub fn groups(&self, device: &str) -> Vec<RegisterGroup> {
        let all = || {
            let saved: Vec<_> = self.bus.devices().map(|d| d.save()).collect();
            let cx = &self.bus.cx;
            (saved, cx.lines.levels().to_vec(), cx.timers.deadlines().to_vec(), cx.dma.clone(), cx.mem.a20())
        };
        let before = all();
        let found = self.bus.devices().find(|d| d.name() == device);
        let groups = found.unwrap_or_else(|| panic!("no {device}")).view(&self.bus.cx, self.bus.cx.now);
        assert!(before == all(), "{device}: a look changed something");
        groups
    }

    pub fn register(&self, device: &str, group: &str, name: &str) -> RegisterView {
        let groups = self.groups(device);
        let names: Vec<_> = groups.iter().map(|g| g.name.clone()).collect();
        let found =
            groups.iter().find(|g| g.name == group).unwrap_or_else(|| panic!("no {group} in {names:?}"));
        let register = found.registers.iter().find(|r| r.name == name);
        register.unwrap_or_else(|| panic!("no {name} in {device}, {group}")).clone()
    }

    /// A register's value.
    pub fn value(&self, device: &str, group: &str, name: &str) -> u64 {
        self.register(device, group, name).get()
    }

    /// A register's title.
    pub fn title(&self, device: &str, group: &str, name: &str) -> String {
        self.register(device, group, name).title.into_owned()
    }

    /// What registers of a group show, each as [`text`] tells it.
    #[track_caller]
    pub fn shows(&self, device: &str, group: &str, expected: &[(&str, &str)]) {
        for &(name, wanted) in expected {
            assert_eq!(text(&self.register(device, group, name)), wanted, "{device}, {group}: {name}");
        }
    }

    /// That a device shows groups of these registers, in this order, and no others.
    #[track_caller]
    pub fn consists_of(&self, device: &str, expected: &[(&str, &str)]) {
        let groups = self.groups(device);
        let names =
            |group: &RegisterGroup| group.registers.iter().map(|r| &*r.name).collect::<Vec<_>>().join(", ");
        let shown: Vec<_> = groups.iter().map(|group| (group.name.to_string(), names(group))).collect();
        let shown: Vec<_> = shown.iter().map(|(group, names)| (&**group, &**names)).collect();
        assert_eq!(shown, expected, "{device}");
    }
}

/// The value in hex, the flags that are set, the numbers that are not 0, and what choices mean.
pub fn text(register: &RegisterView) -> String {
    let mut words = vec![format!("{:X}", register.get())];
    for field in &register.bits {
        match (&*field.meaning, field.value, field.from == field.to) {
            ("", 0, _) => {}
            ("", 1, true) => words.push(field.name.to_string()),
            ("", value, _) => words.push(format!("{}={value}", field.name)),
            (meaning, _, _) => words.push(format!("{}={meaning}", field.name)),
        }
    }
    words.join(" ")
}
