//! Sections of the flat format (NASM manual, section 8.1), and where they come to lie.

use crate::expression::Segment;

/// A section.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Its name.
    pub name: String,
    /// It reserves memory, and has no bytes in the output.
    pub nobits: bool,
    /// Alignment of its place in the output; none if it was not said.
    pub align: Option<u64>,
    /// Alignment of its address.
    pub valign: Option<u64>,
    /// Where it is put.
    pub start: Option<i64>,
    /// The address it is assembled for.
    pub vstart: Option<i64>,
    /// The section it is put behind.
    pub follows: Option<String>,
    /// The section whose end its address is.
    pub vfollows: Option<String>,
    /// Bytes assembled so far in this pass.
    pub length: u64,
    /// Its bytes, in the last pass.
    pub bytes: Vec<u8>,
}

impl Section {
    fn new(name: &str) -> Self {
        Self {
            name: name.into(),
            nobits: name == ".bss",
            align: None,
            valign: None,
            start: None,
            vstart: None,
            follows: None,
            vfollows: None,
            length: 0,
            bytes: Vec::new(),
        }
    }
}

/// Where a section lies.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Placed {
    /// Where it is put, counted like `org`.
    pub start: i64,
    /// The address it is assembled for.
    pub vstart: i64,
}

/// All sections; the first is `.text`.
pub struct Sections {
    /// In the order of their first mention.
    pub list: Vec<Section>,
    /// `org`.
    pub origin: Option<i64>,
}

/// Sections, at most.
const MOST: usize = 1000;

impl Sections {
    /// `.text` alone.
    pub fn new() -> Self {
        Self { list: vec![Section::new(".text")], origin: None }
    }

    /// Starts a pass.
    pub fn start_pass(&mut self) {
        for section in &mut self.list {
            section.length = 0;
            section.bytes.clear();
        }
        self.origin = None;
    }

    /// The section of a name, which is new if there was none.
    pub fn named(&mut self, name: &str) -> Result<Segment, String> {
        if let Some(found) = self.list.iter().position(|s| s.name == name) {
            return Ok(found as Segment);
        }
        if self.list.len() >= MOST {
            return Err(format!("more than {MOST} sections"));
        }
        self.list.push(Section::new(name));
        Ok(self.list.len() as Segment - 1)
    }

    /// Where all of them lie.
    ///
    /// # Errors
    /// Sections that overlap or follow one another in a circle.
    pub fn place(&self) -> Result<Vec<Placed>, String> {
        let mut placed = vec![Placed::default(); self.list.len()];
        let mut end = self.origin.unwrap_or(0);
        let (bits, nobits): (Vec<usize>, Vec<usize>) = (0..self.list.len()).partition(|i| !self.list[*i].nobits);
        for (index, place) in self.in_order(&bits)?.into_iter().enumerate() {
            end = self.put(place, index == 0, end, &mut placed)?;
        }
        for place in self.in_order(&nobits)? {
            end = self.put(place, false, end, &mut placed)?;
        }
        self.addresses(&mut placed)?;
        Ok(placed)
    }

    /// Puts a section behind `end`, or where it says; gives its end.
    fn put(&self, place: usize, first: bool, end: i64, placed: &mut [Placed]) -> Result<i64, String> {
        let section = &self.list[place];
        let align = section.align.unwrap_or(4).max(1) as i64;
        let start = match section.start {
            Some(start) if start < end && !section.nobits => {
                return Err(format!("the section {} begins at {start:#x}, within the one before, which ends at {end:#x}", section.name));
            }
            Some(start) => start,
            None if first => end,
            None => end.checked_add(align - 1).ok_or("the sections lie beyond all addresses")? & !(align - 1),
        };
        placed[place].start = start;
        start.checked_add(section.length as i64).ok_or_else(|| "the sections lie beyond all addresses".into())
    }

    /// Sections of a kind in their order: those with a place by it, others as mentioned or as `follows` says.
    fn in_order(&self, of: &[usize]) -> Result<Vec<usize>, String> {
        let mut order: Vec<usize> = of.iter().copied().filter(|i| self.list[*i].follows.is_none()).collect();
        // Those with a place stand where the others have not reached it yet.
        let mut fixed: Vec<usize> = order.iter().copied().filter(|i| self.list[*i].start.is_some()).collect();
        order.retain(|i| self.list[*i].start.is_none());
        fixed.sort_by_key(|i| self.list[*i].start);
        if let (Some(first), Some(origin)) = (fixed.first(), self.origin)
            && self.list[*first].start < Some(origin)
        {
            return Err(format!("the section {} begins before org", self.list[*first].name));
        }
        order.extend(fixed);
        let mut waiting: Vec<usize> = of.iter().copied().filter(|i| self.list[*i].follows.is_some()).collect();
        while !waiting.is_empty() {
            let before = waiting.len();
            waiting.retain(|i| {
                let wanted = self.list[*i].follows.as_deref();
                let place = order.iter().position(|p| Some(self.list[*p].name.as_str()) == wanted);
                if let Some(place) = place {
                    order.insert(place + 1, *i);
                }
                place.is_none()
            });
            if waiting.len() == before {
                let section = &self.list[waiting[0]];
                let other = section.follows.as_deref().unwrap_or("");
                return Err(format!("the section {} follows {other}, which has no place itself", section.name));
            }
        }
        Ok(order)
    }

    fn addresses(&self, placed: &mut [Placed]) -> Result<(), String> {
        let mut waiting = Vec::new();
        for (place, section) in self.list.iter().enumerate() {
            match (section.vstart, &section.vfollows) {
                (Some(vstart), _) => placed[place].vstart = vstart,
                (None, Some(_)) => waiting.push(place),
                (None, None) => {
                    let align = section.valign.unwrap_or(1).max(1) as i64;
                    placed[place].vstart = placed[place].start.saturating_add(align - 1) & !(align - 1);
                }
            }
        }
        while !waiting.is_empty() {
            let ready = waiting.iter().position(|place| {
                let wanted = self.list[*place].vfollows.as_deref();
                self.list.iter().enumerate().any(|(i, s)| Some(s.name.as_str()) == wanted && !waiting.contains(&i))
            });
            let Some(ready) = ready else {
                return Err(format!("vfollows of the section {} names no section with an address", self.list[waiting[0]].name));
            };
            let place = waiting.remove(ready);
            let section = &self.list[place];
            let other = self.list.iter().position(|s| Some(&s.name) == section.vfollows.as_ref()).unwrap_or(0);
            let align = section.valign.unwrap_or(4).max(1) as i64;
            let end = placed[other].vstart.saturating_add(self.list[other].length as i64);
            placed[place].vstart = end.saturating_add(align - 1) & !(align - 1);
        }
        Ok(())
    }
}
