//! Stops on symbols: names become addresses when a stop is set, and again when other symbols are known.

use super::address::address;
use super::{Debugger, SpecError, StopSpec};
use crate::inspect::symbols::{NameError, Symbols};
use crate::machine::Machine;

/// Kinds whose `at` is an address.
const PLACES: [&str; 5] = ["execute", "read", "write", "access", "change"];

/// Puts the address of the symbol into a stop that is on one. One that is not known any more keeps its last address.
fn resolve(spec: &mut StopSpec, symbols: &Symbols) -> Result<(), NameError> {
    if !PLACES.contains(&spec.kind.as_str()) {
        return Ok(());
    }
    let again = !spec.symbol.is_empty();
    let text = if again { spec.symbol.clone() } else { spec.at.trim().to_owned() };
    // A word that is a number and a symbol is the symbol: the number can be written with 0x.
    let is_number = address(&spec.at).is_ok();
    let is_name = text.starts_with(|c: char| c.is_alphabetic() || "_.$@?".contains(c));
    match symbols.place(&text) {
        Ok(place) => (spec.at, spec.symbol) = (format!("{place:x}"), text),
        Err(error) if !is_number && is_name => return Err(error),
        Err(_) => {}
    }
    Ok(())
}

impl Debugger {
    /// As [`Debugger::set_stops`], with addresses that may be symbols.
    ///
    /// # Errors
    /// All names that are not known, or all that is wrong otherwise; the old stops stay.
    pub fn set_named_stops(
        &mut self,
        machine: &mut Machine,
        mut specs: Vec<StopSpec>,
        symbols: &Symbols,
    ) -> Result<(), Vec<SpecError>> {
        let mut errors = Vec::new();
        for (stop, spec) in specs.iter_mut().enumerate() {
            if let Err(NameError { column, message }) = resolve(spec, symbols) {
                errors.push(SpecError { stop, field: "at", column, message });
            }
        }
        if errors.is_empty() { self.set_stops(machine, specs) } else { Err(errors) }
    }

    /// Looks the stops' symbols up anew: other ones are known now. Whether an address changed.
    pub fn rename_stops(&mut self, machine: &mut Machine, symbols: &Symbols) -> bool {
        let old: Vec<StopSpec> = self.stops().into_iter().map(|view| view.spec).collect();
        let mut new = old.clone();
        // What is not known keeps its address.
        new.iter_mut().for_each(|spec| drop(resolve(spec, symbols)));
        new != old && self.set_stops(machine, new).is_ok()
    }
}
