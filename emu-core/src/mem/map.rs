//! The physical map: ranges of pages in layers, the highest layer that covers a page wins.

use super::PAGE;

/// A device's place in the bus's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DeviceId(pub u8);

/// What a physical page leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Backing store (RAM, video RAM, ROM) at this offset.
    Ram(u32),
    /// A device's registers.
    Mmio(DeviceId),
    /// Nothing: reads give all ones, writes vanish.
    Open,
}

/// Targets of reads and writes, which differ for ROMs and shadow RAM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// Where reads and code fetches go.
    pub read: Target,
    /// Where writes go.
    pub write: Target,
}

impl Mapping {
    /// Nothing there.
    pub const OPEN: Mapping = Mapping::both(Target::Open);

    /// Reads and writes go to the same place.
    pub const fn both(target: Target) -> Self {
        Self { read: target, write: target }
    }

    /// The mapping `pages` further on.
    fn advanced(self, pages: u32) -> Self {
        let shift = |t| match t {
            Target::Ram(offset) => Target::Ram(offset + pages * PAGE),
            other => other,
        };
        Self { read: shift(self.read), write: shift(self.write) }
    }
}

/// Layers from bottom to top; each holds at most one range, so placing again moves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// Main memory.
    Ram,
    /// The system ROM below 4 GiB, also a `--rom` image.
    Rom,
    /// The i440FX's segments C0000-FFFFF (index 0..16 of 16 KiB each; F0000-FFFFF is index 12 with 64 KiB).
    Pam(u8),
    /// The segment A0000-BFFFF as a whole, which is never RAM: what of it the VGA does not decode is open bus.
    VgaHole,
    /// The part of A0000-BFFFF that the VGA decodes.
    VgaWindow,
    /// SMRAM laid over the VGA window.
    Smram,
    /// A PCI base address register: device number and BAR (5 bits and 3 bits).
    Bar(u8),
    /// The I/O APIC's page.
    IoApic,
    /// The local APIC's page.
    LocalApic,
}

struct Range {
    layer: Layer,
    first: u32,
    pages: u32,
    mapping: Mapping,
}

/// All ranges. Looked up only when a TLB entry is filled or a device moves data.
#[derive(Default)]
pub struct PhysMap {
    ranges: Vec<Range>,
    version: u32,
}

impl PhysMap {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts `pages` pages from page number `first` on under `mapping`, replacing the layer's former range.
    /// Zero pages remove it.
    pub fn place(&mut self, layer: Layer, first: u32, pages: u32, mapping: Mapping) {
        let same =
            |r: &Range| r.layer == layer && r.first == first && r.pages == pages && r.mapping == mapping;
        if self.ranges.iter().any(same) {
            return;
        }
        self.ranges.retain(|r| r.layer != layer);
        if pages != 0 {
            let at = self.ranges.partition_point(|r| r.layer > layer);
            self.ranges.insert(at, Range { layer, first, pages, mapping });
        }
        self.version = self.version.wrapping_add(1);
    }

    /// Takes a layer's range away.
    pub fn remove(&mut self, layer: Layer) {
        if self.ranges.iter().any(|r| r.layer == layer) {
            self.place(layer, 0, 0, Mapping::OPEN);
        }
    }

    /// Changes whenever the map does; the CPU drops its translations then.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// What the page of a physical address leads to, RAM offsets pointing at the address itself (not the page).
    pub fn resolve(&self, phys: u64) -> Mapping {
        let Ok(page) = u32::try_from(phys / u64::from(PAGE)) else { return Mapping::OPEN };
        let within = (phys % u64::from(PAGE)) as u32;
        for r in &self.ranges {
            if page >= r.first && page - r.first < r.pages {
                let m = r.mapping.advanced(page - r.first);
                let exact = |t| match t {
                    Target::Ram(offset) => Target::Ram(offset + within),
                    other => other,
                };
                return Mapping { read: exact(m.read), write: exact(m.write) };
            }
        }
        Mapping::OPEN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn higher_layers_win_and_moving_a_layer_uncovers() {
        let mut m = PhysMap::new();
        m.place(Layer::Ram, 0, 256, Mapping::both(Target::Ram(0)));
        m.place(Layer::VgaWindow, 0xA0, 0x20, Mapping::both(Target::Mmio(DeviceId(3))));
        assert_eq!(m.resolve(0x9F123).read, Target::Ram(0x9F123));
        assert_eq!(m.resolve(0xA0000).write, Target::Mmio(DeviceId(3)));
        let before = m.version();
        m.remove(Layer::VgaWindow);
        assert_ne!(m.version(), before);
        assert_eq!(m.resolve(0xA0000).write, Target::Ram(0xA0000));
        assert_eq!(m.resolve(0x10_0000), Mapping::OPEN);
        assert_eq!(m.resolve(1 << 40), Mapping::OPEN);
    }
}
